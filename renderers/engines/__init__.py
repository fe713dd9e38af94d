"""The only stateful code: context managers that each know one drawing program."""

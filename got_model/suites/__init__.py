"""Every *.py directly here reads a public benchmark from a folder, in the format in which it is published."""

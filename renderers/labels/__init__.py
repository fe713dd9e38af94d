"""One target grammar a file, each with `normalize`, `check` and `equal`; renderers and scorers share them."""

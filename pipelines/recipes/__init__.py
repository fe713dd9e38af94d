"""The data sets we make: one file each, with a function `recipe` that returns a Recipe."""

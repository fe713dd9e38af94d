"""The report of an evaluation: a page, its groups, plots and differences."""

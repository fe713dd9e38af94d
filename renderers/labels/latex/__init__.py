"""LaTeX formulas as a target: read, put in canonical form, compared."""

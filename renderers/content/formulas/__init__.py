"""Random formulas: a grammar of mathematics, chemistry and units, sympy, and what people wrote."""

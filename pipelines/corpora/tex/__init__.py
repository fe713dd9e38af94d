"""Formulas and tables out of .tex sources and archives."""

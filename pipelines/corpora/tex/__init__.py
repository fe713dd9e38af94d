"""Formulas and tables from .tex sources and archives."""

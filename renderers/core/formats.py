"""The formats of targets: one list for the row, the grammars, the losses and the metrics."""

FORMATS = ("plain", "mathpix-markdown", "latex", "latex-table", "tikz", "kern", "smiles", "chart-json")
"""What the column `format` of a row may hold. Losses and scores are reported in this order."""

"""What the renderer `latex_formulas` does around TeX: set-ups of fonts, looks, and the text of its sheets."""

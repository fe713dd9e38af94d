"""What the renderer `latex_formulas` does around TeX: font setups, looks, and the source of its pages."""

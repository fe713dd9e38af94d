"""A chart as a plan of shapes and texts at pixels, then as ink, then as proof; the renderer's only pure geometry.

`style` draws the looks, `layout` and the modules of the kinds make a `plan`, `paint` inks it, `proof` doubts it.
"""

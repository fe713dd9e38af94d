"""Plane geometry and function curves by TikZ, targets as canonical TikZ.

Source: GOT paper, section 3.3.2 (1 M figures of points, lines, circles and simple curves).
"""

from pipelines.recipe import Part, Recipe
from renderers.tikz_geometry import TikzGeometry


def recipe() -> Recipe:
    """The recipe `geometry`."""
    return Recipe("geometry", (Part(TikzGeometry()),))

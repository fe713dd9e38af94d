"""Formulas, alone and in lines of prose, English and Chinese, in a score of set-ups of fonts.

Source: GOT paper, section 3.3.2 (1 M formulas, targets in Mathpix form).
"""

from pipelines.recipe import Part, Recipe
from renderers.latex_formulas import LatexFormulas


def recipe() -> Recipe:
    """The recipe `formulas`."""
    return Recipe("formulas", (Part(LatexFormulas()),))

"""Formulas in the browser, alone and in lines of prose, English and Chinese, as GOT's own were drawn.

Source: GOT paper, section 3.3.2 (1 M formulas through Mathpix Markdown, targets in Mathpix form).
"""

from pipelines.recipe import Part, Recipe
from renderers.mathpix_formulas import MathpixFormulas


def recipe() -> Recipe:
    """The recipe `formulas_mathpix`."""
    return Recipe("formulas_mathpix", (Part(MathpixFormulas()),))

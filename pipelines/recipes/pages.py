"""Formatted pages in the browser, English, Chinese and both: papers, books, exams, reports, slides, notes.

Source: GOT paper, section 3.3.2 (1.2 M full pages, targets in Mathpix form).
"""

from pipelines.recipe import Part, Recipe
from renderers.mathpix_pages import MathpixPages


def recipe() -> Recipe:
    """The recipe `pages`."""
    return Recipe("pages", (Part(MathpixPages()),))

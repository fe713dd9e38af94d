"""Tables by TeX, targets as LaTeX tabular, with HTML and OTSL beside them.

Source: GOT paper, section 3.3.2 (0.3 M tables rendered by LaTeX).
"""

from pipelines.recipe import Part, Recipe
from renderers.latex_tables import LatexTables


def recipe() -> Recipe:
    """The recipe `tables`."""
    return Recipe("tables", (Part(LatexTables()),))

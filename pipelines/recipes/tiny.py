"""What `make train-tiny` learns to read in minutes: one to eight letters, digits and signs, tightly cut.

Nothing is to be known but the signs: they stand in any order, so a model that reads them reads pixels.
"""

from pipelines.recipe import Part, Recipe
from renderers.html_lines import HtmlLines

_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+=?%&#"

_FAMILIES = (
    "DejaVu Serif", "Liberation Serif", "Roboto Slab", "Cabin", "Caladea", "Comic Neue", "Cantarell", "Fira Code",
    "GFS Didot", "Linux Biolinum O", "Linux Libertine O", "Quicksand",
)  # fmt: skip
"""Fonts in which one sign alone says which it is: I and l, O and 0 do not look alike (laid on each other, 15 % or more
of their ink differs, measured), and no capital of any is as low in its line as a small letter of another (x below 0.45
of the line, X above 0.53), or x, stretched to the square, could be X."""


def recipe() -> Recipe:
    """The recipe `tiny`."""
    renderer = HtmlLines(
        kinds={"signs": 1.0},
        languages={"en": 1.0},
        looks={"black": 1.0},
        families=_FAMILIES,
        signs=_SIGNS,
        num_signs=(1, 8),
        tight_frac=0.0,
        pads=(0.08, 0.12, 0.16),
    )
    return Recipe("tiny", (Part(renderer),))

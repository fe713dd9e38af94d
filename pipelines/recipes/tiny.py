"""What `make train-tiny` learns to read in minutes: one to eight letters, digits and signs, tightly cut.

Nothing is to be known but the signs: they stand in any order, so a model that reads them reads pixels.
"""

from pipelines.recipe import Part, Recipe
from renderers.html_lines import HtmlLines

_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+=?%&#"

_FAMILIES = (
    "DejaVu Serif", "Liberation Serif", "Roboto Slab", "Cabin", "Caladea", "Comic Neue", "Cantarell", "Fira Code",
    "Linux Libertine O", "TeX Gyre Cursor", "TeX Gyre Pagella", "TeX Gyre Schola", "TeX Gyre Termes",
)  # fmt: skip
"""Of those that the recipe charts installs, where I and l, O and 0 do not look alike. Measured: laid on each other, a
fifth or more of their ink differs."""


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

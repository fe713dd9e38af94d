"""Slices of text in fourteen languages, tightly cut: a model's first lessons, a million of them in minutes.

Source: GOT paper, section 3.2.2 (stage 1 is trained on slices of scene text and of documents).
"""

from pipelines.recipe import Part, Recipe
from renderers.html_lines import HtmlLines


def recipe() -> Recipe:
    """The recipe `lines`."""
    return Recipe("lines", (Part(HtmlLines()),))

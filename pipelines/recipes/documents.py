"""Pages and pieces of plain text in fourteen languages, as they are printed and shown.

Source: GOT paper, sections 3.2.2 and 3.3.2 (its largest share: pages, lines and paragraphs, target plain text).
"""

from pipelines.recipe import Part, Recipe
from renderers.html_documents import HtmlDocuments


def recipe() -> Recipe:
    """The recipe `documents`."""
    return Recipe("documents", (Part(HtmlDocuments()),))

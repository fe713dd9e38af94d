"""Parts that several kinds of documents share: blocks, paragraphs, page numbers."""

from collections.abc import Sequence
from typing import TypeAlias

from renderers.content.documents.document import Block
from renderers.content.documents.document_sampler import DocumentSampler

Sections: TypeAlias = tuple[tuple[Block, ...], tuple[Block, ...], tuple[Block, ...]]
"""Head, body and foot of a page."""


def block(role: str, *cells: str, inline: bool = False) -> Block:
    """A block of a role with cells from the left."""
    return Block(role, cells, inline)


def paragraphs(texts: Sequence[str]) -> list[Block]:
    """A block for each text."""
    return [block("paragraph", text) for text in texts]


def heading_chars(sampler: DocumentSampler) -> int:
    """Most characters of a heading: Chinese and Japanese need a third of them."""
    return 14 if sampler.language in ("zh", "ja") else 44


def page_number(sampler: DocumentSampler) -> str:
    """A page number, 1 to 640, bare or between dashes."""
    number = str(sampler.number(1, 640))
    text = sampler.pick([number, number, number, f"– {number} –", f"- {number} -"])
    return text if sampler.fits(text) else number

"""The content of one page of a paper, a book, an exam: blocks of Mathpix Markdown, a header and a footer.

How much of it fits on the page is known only when it is laid out, so a page holds more than fits.
"""

from typing import Literal, TypeAlias, get_args

import msgspec

from renderers.labels.markdown.tree import Block

PageKind: TypeAlias = Literal["paper", "book", "exam", "report", "slides", "notes"]
PAGE_KINDS: tuple[PageKind, ...] = get_args(PageKind)

PageLanguage: TypeAlias = Literal["en", "zh", "mul"]
PAGE_LANGUAGES: tuple[PageLanguage, ...] = get_args(PageLanguage)

Area: TypeAlias = Literal["top", "body", "notes"]


class Figure(msgspec.Struct, frozen=True, gc=False):
    """A figure without words, drawn by CSS and SVG.

    Attributes:
        kind: bars, curves, points, pie, diagram or texture.
        width_frac: width as a fraction of the column, 0.4..0.95.
        aspect: height divided by width, 0.4..0.85.
        numbers: 24 numbers in 0..1 that the shapes are made of: heights of bars, positions of points.
        colours: "#rrggbb".
    """

    kind: str
    width_frac: float
    aspect: float
    numbers: tuple[float, ...]
    colours: tuple[str, ...]


class PageBlock(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A block of a page.

    Attributes:
        block: its content; soft hyphens are where its words may be broken.
        role: kind of its region: title, paragraph, caption, reference, theorem, list_item, ...
        area: above the columns, in them, or below them.
        lead: characters at its start that are set apart (the words "Theorem 1."), blanks not counted.
        kept: whether it may not be the last on a page: a heading, a figure above its caption, what a formula ends.
        anchor: of a note, the index of the block of the page that has its mark; -1 for none.
        figure: of an image.
        begin: of a molecule, the index of the atom that its drawing begins with.
    """

    block: Block
    role: str
    area: Area = "body"
    lead: int = 0
    kept: bool = False
    anchor: int = -1
    figure: Figure | None = None
    begin: int = 0


class Page(msgspec.Struct, frozen=True, gc=False):
    """A page.

    Attributes:
        kind: of document.
        language: of its words; mul has both.
        blocks: in reading order.
        head: texts of the header, from left to right; not in the target.
        foot: texts of the footer, likewise.
    """

    kind: PageKind
    language: PageLanguage
    blocks: tuple[PageBlock, ...]
    head: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()

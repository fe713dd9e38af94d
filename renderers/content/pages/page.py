"""What one page of a paper, a book, an exam says: blocks of Mathpix Markdown, and what of it stands beside the text.

How much of it stands on the page is known only when it is laid out, so a page holds more than fits.
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
    """A picture that stands in for one: it shows shapes and no words.

    Attributes:
        kind: bars, curves, points, pie, diagram or texture.
        width_frac: of the column.
        aspect: height to width.
        numbers: in [0, 1), what it shows.
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
        block: what it says; soft hyphens are where its words may be broken.
        role: kind of its region: title, paragraph, caption, reference, theorem, list_item, ...
        area: above the columns, in them, or below them.
        lead: so many characters at its start are set apart: Theorem 1.
        kept: it may not be the last on a page: a heading, a figure above its caption.
        anchor: of a note, the place in the page of the block that has its mark; -1 for none.
        figure: that stands for an image.
        begin: of a molecule, the atom that its drawing begins with.
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
        head: what stands above the text, from left to right; no part of the target.
        foot: the same below.
    """

    kind: PageKind
    language: PageLanguage
    blocks: tuple[PageBlock, ...]
    head: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()

"""The content of one page of plain text: blocks in reading order, of the header, the body and the footer.

A block is a line of the target: a paragraph, a title, a row of a receipt. How much of the body fits on the page is
known only when it is laid out, so a document holds at least as much as its page.
"""

from typing import Literal, TypeAlias, get_args

import msgspec

Kind: TypeAlias = Literal[
    "book", "essay", "newspaper", "letter", "contract", "poem", "dictionary", "contents", "list", "poster", "receipt",
    "form", "settings", "chat", "notes", "line", "paragraph",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)

PROSE_KINDS: tuple[Kind, ...] = ("book", "essay", "newspaper", "list", "poster", "notes", "line", "paragraph")
"""Those that need nothing but running text, so that every language has them."""


class Block(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A line of the target.

    Attributes:
        role: what it is on the page, a CSS class: title, paragraph, row, ...; a second word refines it.
        cells: its texts from the left; a soft hyphen (U+00AD) is where a word may be broken.
        inline: the cells stand in one line of text, with a blank between them.
        margin: a CSS margin where the block has one of its own, else "".
    """

    role: str
    cells: tuple[str, ...]
    inline: bool = False
    margin: str = ""


class Document(msgspec.Struct, frozen=True, gc=False):
    """A page, or a piece of one.

    Attributes:
        kind: of document.
        language: BCP 47.
        head: blocks above the text.
        body: the running text; it may be more than the page holds.
        foot: blocks below the text.
    """

    kind: Kind
    language: str
    head: tuple[Block, ...]
    body: tuple[Block, ...]
    foot: tuple[Block, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All of them, in reading order."""
        return (*self.head, *self.body, *self.foot)


def kind_of(block: Block) -> str:
    """The kind of a block's region: the first word of its role."""
    return block.role.split(" ", 1)[0]

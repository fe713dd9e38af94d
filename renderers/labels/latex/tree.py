r"""The tree of a formula: what `latex_read` makes, and `latex_write` and `latex_colour` print.

Nodes that draw carry two names: `text`, the canonical one for the label, and `shown`, as TeX is to typeset it; what
only moves ink (thin spaces, \mathrel) stays in the tree, so that a picture may be typeset with it, and is left out of
the label. Two nodes are never equal: a node is a position in a formula.
"""

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(eq=False, slots=True)
class Atom:
    r"""One token that draws and takes no argument: a letter, a number, \alpha, \sin, \big( or, in a font, a word."""

    text: str
    shown: str = ""

    def __post_init__(self) -> None:
        self.shown = self.shown or self.text


@dataclass(eq=False, slots=True)
class Opaque:
    r"""A command whose argument is not taken apart, \ce{...}, \SI{...}{...}: one token."""

    text: str
    shown: str


@dataclass(eq=False, slots=True)
class Gap:
    r"""No ink: a space, a phantom. `quads` is its width in the label, 0 for none."""

    shown: str
    quads: int = 0


@dataclass(eq=False, slots=True)
class Style:
    r"""\displaystyle and its like: holds to the end of the list."""

    shown: str
    style: str


@dataclass(eq=False, slots=True)
class Group:
    """A list in braces; `spaced` is a command before it that changes only the space around."""

    body: list["Node"]
    spaced: str = ""


@dataclass(eq=False, slots=True)
class Scripts:
    r"""A nucleus with what hangs on it; `limits` is "", \limits or \nolimits, `sub` and `sup` are None where absent."""

    nucleus: "Node"
    limits: str = ""
    primes: int = 0
    sub: "list[Node] | None" = None
    sup: "list[Node] | None" = None


@dataclass(eq=False, slots=True)
class Command:
    r"""A command with arguments of mathematics: \frac, \hat, \mathbf, \sqrt."""

    name: str
    arguments: list[list["Node"]]
    option: "list[Node] | None" = None


@dataclass(eq=False, slots=True)
class Text:
    """Words between the symbols of a formula; `text` has single spaces, at its ends too."""

    font: str
    text: str


@dataclass(eq=False, slots=True)
class Middle:
    r"""\middle with its delimiter, directly inside a fence."""

    delimiter: str


@dataclass(eq=False, slots=True)
class Fence:
    r"""\left ... \right; a delimiter is "." where there is none."""

    left: str
    body: list["Node"]
    right: str


@dataclass(eq=False, slots=True)
class Row:
    """A row of a table: `rules` lines above it, `gap` below it ("[2pt]" or nothing)."""

    cells: list[list["Node"]] = field(default_factory=list)
    rules: int = 0
    gap: str = ""


@dataclass(eq=False, slots=True)
class Table:
    r"""An environment of rows and cells, or \substack; `columns` only for an array: l, c, r and |."""

    name: str
    rows: list[Row]
    columns: str = ""
    rules_below: int = 0


Node: TypeAlias = Atom | Opaque | Gap | Style | Group | Scripts | Command | Text | Middle | Fence | Table


@dataclass(eq=False, slots=True)
class Prose:
    """Words around formulas, as they look; newlines and spaces at the ends count."""

    text: str


@dataclass(eq=False, slots=True)
class Formula:
    r"""`\\( \\)` or, displayed, `\\[ \\]`; `tag` is the text of its number."""

    body: list[Node]
    displayed: bool
    tag: str = ""


Piece: TypeAlias = Prose | Formula

r"""A formula taken apart into signs: every letter and digit stands alone in the font in which it is drawn.

    \mathrm{H_2O}  ->  \mathrm{H}_2\mathrm{O}        \sin x  ->  \mathrm{s}\mathrm{i}\mathrm{n}x
    \mathbf{ab}\text{ if}  ->  \mathbf{a}\mathbf{b}\mathrm{i}\mathrm{f}      \[ \sum_n \]  ->  \[ \underset{n}{\sum} \]

Canonical text keeps what people write as one word; two texts may so differ and leave the same ink. Comparing is done on
this form. What a font does to a sign is as TeX has it: letters and capital Greek follow it, small Greek and operators
do not, digits are upright without one. Source: TeXbook, chapter 17; fontmath.ltx.
"""

from collections.abc import Sequence

from renderers.labels.latex import commands as c
from renderers.labels.latex.ink import argument_styles, drawn, flatten, is_small
from renderers.labels.latex.read import read_list
from renderers.labels.latex.scripts import is_operator, split_primes
from renderers.labels.latex.tokens import Reader
from renderers.labels.latex.tree import (
    Atom,
    Command,
    Fence,
    Formula,
    Gap,
    Group,
    Node,
    Opaque,
    Piece,
    Row,
    Scripts,
    Style,
    Table,
    Text,
)  # fmt: skip

_CAPITAL_GREEK = frozenset(name for name in c.GREEK if name[1].isupper())
_BOLD = r"\boldsymbol"
_BOLD_OF = {r"\mathrm": r"\mathbf", r"\mathbf": r"\mathbf"}
_ALPHABETS = frozenset((r"\mathbb", r"\mathcal", r"\mathfrak", r"\mathscr", r"\mathsf", r"\mathtt"))
"""Fonts that stay what they are in bold."""
_TEXT_FONTS = {r"\text": r"\mathrm", r"\textbf": r"\mathbf", r"\textit": r"\mathit", r"\textsf": r"\mathsf"}
_TEXT_FONTS |= {r"\texttt": r"\mathtt"}
_ALIKE_IN_TEXT = frozenset(",.;:!?()[]=+|")
"""Signs that text and formulas draw alike."""
_NAMES = {name: name[1:] for name in c.FUNCTIONS | c.LIMIT_FUNCTIONS} | {r"\bmod": "mod"}
_RESET = frozenset((r"\boxed",))
"""Start a formula of their own, in which no font of the outer one holds."""


def take_apart(pieces: Sequence[Piece]) -> list[Piece]:
    """The same pieces, each sign of their formulas a node of its own."""
    return _Separator().pieces(pieces)


def signs_in_fonts(pieces: Sequence[Piece]) -> frozenset[tuple[str, str]]:
    r"""What stands in commands of fonts: (\mathbb, R), (\mathbf, \alpha); signs that no font changes are left out."""
    separator = _Separator()
    separator.pieces(pieces)
    return frozenset(separator.met)


class _Separator:
    """Takes trees apart.

    Attributes:
        met: each letter, digit and Greek letter that stood in a font, with the font's command.
    """

    def __init__(self) -> None:
        self.met: set[tuple[str, str]] = set()

    def pieces(self, pieces: Sequence[Piece]) -> list[Piece]:
        return [
            Formula(self._list(piece.body, "", "D" if piece.displayed else "T"), piece.displayed, piece.tag)
            if isinstance(piece, Formula)
            else piece
            for piece in pieces
        ]

    def _list(self, items: Sequence[Node], font: str, style: str) -> list[Node]:
        found: list[Node] = []
        current = style
        for node, inner in drawn(items, style):
            if inner != current:
                found.append(Style(next(name for name, other in c.STYLES.items() if other == inner), inner))
                current = inner
            found += self._node(node, font, inner)
        return found

    def _node(self, node: Node, font: str, style: str) -> list[Node]:
        found: list[Node] = [node]
        if isinstance(node, Atom):
            found = self._atom(node, font)
        elif isinstance(node, Text):
            found = self._text(node)
        elif isinstance(node, Opaque) and not node.text.startswith(r"\ce"):
            found = self._list(read_list(Reader(node.text), frozenset(("",))), font, style)
        elif isinstance(node, Group):
            found = [Group(self._list(node.body, font, style))]
        elif isinstance(node, Fence):
            body = self._list(node.body, font, style)
            found = (
                [_sign(node.left, font), *body, _sign(node.right, font)]
                if is_small(node, style)
                else [Fence(node.left, body, node.right)]
            )
        elif isinstance(node, Table):
            # A cell is a formula of its own: no font of the outer one holds in it.
            inner = c.TABLE_STYLES[node.name]
            rows = [Row([self._list(cell, "", inner) for cell in row.cells], row.rules, row.gap) for row in node.rows]
            found = [Table(node.name, rows, node.columns, node.rules_below)]
        elif isinstance(node, Command):
            found = self._command(node, font, style)
        elif isinstance(node, Scripts):
            found = self._scripts(node, font, style)
        return found

    def _atom(self, node: Atom, font: str) -> list[Node]:
        if node.text in _NAMES:
            return [_sign(char, r"\mathrm") for char in _NAMES[node.text]]
        signs = (node.text,) if node.text[0] == "\\" else tuple(node.text)
        if font:
            self.met |= {
                (font.removeprefix(_BOLD) or _BOLD, sign) for sign in signs if sign.isalnum() or sign in c.GREEK
            }
        return [_sign(sign, font) for sign in signs]

    def _text(self, node: Text) -> list[Node]:
        font = _TEXT_FONTS[node.font]
        found: list[Node] = []
        for char in "".join(node.text.split()):
            if char.isascii() and (char.isalnum() or (char in _ALIKE_IN_TEXT and node.font == r"\text")):
                found.append(_sign(char, font))
            else:
                found.append(Text(node.font, char))
        return found

    def _command(self, node: Command, font: str, style: str) -> list[Node]:
        if node.name in c.FONTS:
            inner = node.name
            if _BOLD in (font, inner):
                other = font if inner == _BOLD else inner
                inner = _BOLD + other if other in _ALPHABETS else _BOLD_OF.get(other, _BOLD)
            return self._list(node.arguments[0], inner, style)
        if node.name in c.NAMES:
            return self._list(node.arguments[0], r"\mathrm", style)
        inner_font = "" if node.name in _RESET else font
        styles = argument_styles(node.name, style)
        arguments = [self._list(items, inner_font, of) for items, of in zip(node.arguments, styles, strict=True)]
        option = None if node.option is None else self._list(node.option, font, "S")
        return [Command(node.name, arguments, option)]

    def _scripts(self, node: Scripts, font: str, style: str) -> list[Node]:
        words = [item for item in flatten([node.nucleus], style) if not isinstance(item, Gap)]
        nucleus = self._list(words, font, style)
        sub = None if node.sub is None else self._list(node.sub, font, "S")
        num_primes, sup = split_primes(self._list(node.sup or [], font, "S"))
        num_primes += node.primes
        if words and _is_stacked(node, style):
            if sub:
                nucleus = [Command(r"\underset", [sub, nucleus])]
            if num_primes or sup:
                above: list[Node] = [Scripts(Group([]), "", num_primes, None, sup or None)] if num_primes else sup
                nucleus = [Command(r"\overset", [above, nucleus])]
            return nucleus
        # Scripts of a word stand at its last sign.
        first, last = (nucleus[:-1], nucleus[-1:]) if len(words) == 1 and _is_word(words[0], style) else ([], nucleus)
        if len(last) != 1 or isinstance(last[0], Scripts):
            first, last = [], [Group(nucleus)]
        return [*first, Scripts(last[0], "", num_primes, sub, sup or None)]


def _sign(char: str, font: str) -> Node:
    """A single sign in the font that has it, without one where it looks the same."""
    upright = char.isdigit() or char in _CAPITAL_GREEK
    follows = char.isalnum() or char in _CAPITAL_GREEK
    sign: Node = Atom(char)
    if font == _BOLD:
        return Command(r"\mathbf" if char.isdigit() else _BOLD, [[sign]])
    inner = font.removeprefix(_BOLD)
    if inner and follows and not (upright and inner == r"\mathrm"):
        sign = Command(inner, [[sign]])
    return Command(_BOLD, [[sign]]) if font != inner else sign


def _is_word(node: Node, style: str) -> bool:
    """Whether a script behind a node stands as it would behind its last sign alone."""
    return isinstance(node, Atom | Command | Text | Opaque) or (isinstance(node, Fence) and is_small(node, style))


def _is_stacked(node: Scripts, style: str) -> bool:
    """Whether scripts stand above and below: limits."""
    nucleus = node.nucleus
    if not is_operator(nucleus):
        return False
    if node.limits:
        return node.limits == r"\limits"
    if isinstance(nucleus, Command) and nucleus.name in c.BOUNDED:
        return True
    if isinstance(nucleus, Command):
        return style == "D" and nucleus.name != r"\operatorname"
    sided = isinstance(nucleus, Atom) and nucleus.text in c.INTEGRALS | c.FUNCTIONS
    return style == "D" and not sided

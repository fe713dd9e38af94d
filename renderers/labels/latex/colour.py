r"""Formulas as TeX is to typeset them, each token in a colour of its own: the colour of a glyph gives its token.

A call of \Ink{007} stands before what token 7 draws. It is a whatsit: it draws nothing, and in a formula it parts no
two symbols. TeX ships some parts of a symbol after its argument (the bar of a fraction, the operator under an upper
limit, a right delimiter), so there the call is repeated at the argument's end. No glyph differs from the plain page;
letters move a little where a whatsit parts a kern or an italic correction, and accents over single letters lose their
skew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renderers.core.errors import LabelError
from renderers.labels.canonical import Span
from renderers.labels.latex import commands as c
from renderers.labels.latex import grammar as latex
from renderers.labels.latex.ink import split_words
from renderers.labels.latex.scripts import is_operator
from renderers.labels.latex.signs import take_apart
from renderers.labels.latex.tree import (
    Atom,
    Command,
    Fence,
    Formula,
    Gap,
    Group,
    Middle,
    Node,
    Opaque,
    Piece,
    Prose,
    Scripts,
    Style,
    Table,
    Text,
)  # fmt: skip
from renderers.labels.latex.words import spell
from renderers.labels.latex.write import Key, LabelWriter

MAX_TOKENS = 1000
"""Three digits, a colour channel each."""

_LITERALS = {
    "pdflatex": r"\pdfliteral page{%s}",
    "xelatex": r"\special{pdf:code %s}",
}


def ink_macros(program: str) -> str:
    r"""What defines \Ink for a TeX program, and \InkNone that ends a formula's colours; for a preamble."""
    channels = "0.#15 0.#25 0.#35 rg 0.#15 0.#25 0.#35 RG"
    none = _LITERALS[program] % "0 g 0 G"
    return (
        rf"\protected\def\Ink#1{{\InkDigits#1}}\def\InkDigits#1#2#3{{{_LITERALS[program] % channels}}}"
        rf"\protected\def\InkNone{{{none}}}" + "\n"
    )


def colour_of(index: int) -> tuple[int, int, int]:
    """Red, green, blue in 0..255 of a token."""
    red, green, blue = (round(255 * (int(digit) / 10 + 0.05)) for digit in f"{index:03d}")
    return (red, green, blue)


def tokens_of(colours: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """(N, 3) red, green, blue in 0..255 -> (N,) the token of each colour, or -1 where it is of none."""
    channels = colours.astype(np.int64)
    digits = np.minimum(9, channels * 10 // 255)
    exact = np.rint(255 * (digits / 10 + 0.05))
    tokens: npt.NDArray[np.int64] = digits @ np.array((100, 10, 1))
    return np.where(np.abs(channels - exact).max(axis=1) <= 1, tokens, -1)


@dataclass(frozen=True, slots=True)
class Typeset:
    r"""A target to be typeset twice.

    Attributes:
        markup: the canonical target.
        spans: of its tokens.
        plain: TeX's input.
        coloured: the same with \Ink before each token.
    """

    markup: str
    spans: list[Span]
    plain: str
    coloured: str


def typeset(source: str, signs: bool = False) -> Typeset:
    """A target, and how TeX is to typeset it.

    The source need not be canonical: what moves its ink, thin spaces above all, is typeset and not in the label.

    Args:
        source: the target.
        signs: each sign is a token of its own (`signs.take_apart`), as for comparing.

    Raises:
        LabelError: not a target, or more tokens than there are colours.
    """
    pieces = latex.read(source)
    pieces = take_apart(pieces) if signs else pieces
    writer = LabelWriter()
    writer.write(pieces)
    if len(writer.spans) > MAX_TOKENS:
        raise LabelError(f"{len(writer.spans)} tokens, and colours for {MAX_TOKENS}")
    return Typeset(writer.text, writer.spans, Typesetter({}).write(pieces), Typesetter(writer.ink).write(pieces))


class Typesetter:
    """Writes trees as TeX's input; `ink` says which token a node draws."""

    def __init__(self, ink: Mapping[Key, int]) -> None:
        self._ink = ink
        self._end = r"\InkNone " if ink else ""

    def write(self, pieces: Sequence[Piece]) -> str:
        """All of a target; its lines are paragraphs."""
        written = []
        for at, piece in enumerate(pieces):
            if isinstance(piece, Formula):
                written.append(self._formula(piece))
                continue
            text = self._words(piece, piece.text)
            beside = pieces[max(0, at - 1) : at + 2]
            if not any(isinstance(other, Formula) and other.displayed for other in beside):
                text = text.replace("\n", "\n\n")
            written.append(text)
        return "".join(written)

    def _call(self, node: Node | Piece, role: str = "") -> str:
        index = self._ink.get((id(node), role))
        return "" if index is None else rf"\Ink{{{index:03d}}}"

    def _formula(self, formula: Formula) -> str:
        body = self._list(formula.body)
        if not formula.displayed:
            return rf"\({body}{self._end}\)"
        tag = rf"\tag*{{{self._call(formula, 'tag')}({spell(formula.tag)}){self._end}}}" if formula.tag else ""
        return rf"\[{body}{self._end}{tag}\]"

    def _words(self, node: Text | Prose, text: str) -> str:
        pieces, after = [], 0
        for at, (span, word) in enumerate(split_words(text)):
            pieces += [text[after : span[0]], self._call(node, f"word{at}"), spell(word)]
            after = span[1]
        return "".join([*pieces, text[after:]])

    def _list(self, items: Sequence[Node]) -> str:
        return "".join(self._node(node) for node in items)

    def _node(self, node: Node) -> str:
        if isinstance(node, Atom | Opaque | Gap | Style):
            text = self._call(node) + _closed(node.shown)
        elif isinstance(node, Group):
            text = f"{node.spaced}{{{self._list(node.body)}}}"
        elif isinstance(node, Middle):
            text = self._call(node) + _closed(rf"\middle{node.delimiter}")
        elif isinstance(node, Text):
            text = f"{node.font}{{{self._words(node, node.text)}}}"
        elif isinstance(node, Fence):
            left = self._call(node, "left") + _closed(rf"\left{node.left}")
            text = left + self._list(node.body) + self._call(node, "right") + _closed(rf"\right{node.right}")
        elif isinstance(node, Table):
            text = self._table(node)
        else:
            text = self._scripts(node) if isinstance(node, Scripts) else self._command(node)
        return text

    def _command(self, node: Command) -> str:
        call = self._call(node)
        *first, last = [self._list(argument) for argument in node.arguments]
        if node.name in c.FRACTIONS:
            first = [first[0] + call]
        elif node.name in c.BINOMIALS | c.UNDER | c.ARROWS or node.name in (r"\boxed", r"\pmod"):
            last += call
        option = "" if node.option is None else f"[{{{self._list(node.option)}{call}}}]"
        return call + node.name + option + "".join(f"{{{argument}}}" for argument in (*first, last))

    def _scripts(self, node: Scripts) -> str:
        text = self._node(node.nucleus) + _closed(node.limits)
        if node.sub is not None:
            text += f"_{{{self._list(node.sub)}}}"
        sup = self._list(node.sup or [])
        if node.primes:
            # Not as they are typed: a font may have a glyph of its own for two, which a colour between them would part.
            sup = self._call(node, "primes") + r"\prime " * node.primes + sup
        if sup:
            # Above an operator it is shipped before the operator.
            text += f"^{{{sup}{self._call(node.nucleus) if is_operator(node.nucleus) else ''}}}"
        return text

    def _table(self, node: Table) -> str:
        name = node.name
        text = self._call(node, "left") + (r"\substack{" if name == "substack" else rf"\begin{{{name}}}")
        if name == "array":
            text += "{" + "".join(self._column(node, at, letter) for at, letter in enumerate(node.columns)) + "}"
        for index, row in enumerate(node.rows):
            text += rf"\\{node.rows[index - 1].gap}" if index else ""
            text += self._rules(node, f"rule{index}", row.rules)
            cells = "&".join(self._list(cell) for cell in row.cells)
            # TeX looks ahead for an option; mathtools leaves a tab that it met there, and then \cdots fails.
            text += ("{}" if cells[:1] in ("[", "*", "&") else "") + cells
        if node.rules_below:
            text += r"\\" + self._rules(node, "below", node.rules_below)
        text += self._call(node, "right")
        return text + ("}" if name == "substack" else rf"\end{{{name}}}")

    def _column(self, node: Table, at: int, letter: str) -> str:
        call = self._call(node, f"column{at}")
        return rf"!{{{call}\vrule width\arrayrulewidth}}" if call else letter

    def _rules(self, node: Table, role: str, rules: int) -> str:
        call = self._call(node, role)
        return (rf"\noalign{{{call}}}" if call else "") + _closed(r"\hline" * rules)


def _closed(text: str) -> str:
    """A command word needs a blank before a letter; after anything else it would do no harm."""
    return text + " " if text[:1] == "\\" and text[-1:].isalpha() else text

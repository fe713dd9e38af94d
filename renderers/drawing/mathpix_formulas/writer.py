r"""Formulas as MathJax is to read them: as they are, or with a mark on what draws each token.

A mark is a class on the element of a symbol, \class{t000007}{x}, since an element around it would change the space
beside it; where several symbols are one token, or one of them may not stand in braces (\left, \middle), it is a colour,
\color{#000007}. The rules of a table share one mark, \color{#f00001}, and are told apart by their positions.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from renderers.labels.latex import commands as c
from renderers.labels.latex.colour import Typesetter
from renderers.labels.latex.ink import split_words
from renderers.labels.latex.tree import Atom, Command, Formula, Gap, Node, Opaque, Piece, Scripts, Table, Text
from renderers.labels.latex.units import QUANTITIES
from renderers.labels.latex.write import Key

_SPECIAL = frozenset("\\{}$")
"""Characters that must be escaped with a backslash in text for MathJax."""

_SPACES = {
    r"\enskip": r"\enspace", r"\medspace": r"\:", r"\thickspace": r"\;", r"\negmedspace": r"\!",
    r"\negthickspace": r"\!", r"\/": "",
}  # fmt: skip
"""Spaces that MathJax does not know, and what is written for them."""

_DECIMAL = re.compile(r"\d*\.\d+")


@dataclass(frozen=True, slots=True)
class Rules:
    """Indices of the tokens of a table's rules.

    Attributes:
        horizontal: from top to bottom.
        vertical: from left to right.
    """

    horizontal: tuple[int, ...]
    vertical: tuple[int, ...]


class MathWriter(Typesetter):
    """Writes formulas for MathJax; `ink` has the index of the token of each node, and is empty where none is marked.

    Attributes:
        tables: rules of the tables that were written so far and have rules.
    """

    def __init__(self, ink: Mapping[Key, int]) -> None:
        super().__init__(ink)
        self.tables: list[Rules] = []

    def write_formula(self, formula: Formula) -> str:
        """A formula with its delimiters."""
        body = self._list(formula.body)
        if not formula.displayed:
            return rf"\( {body} \)"
        tag = ""
        if formula.tag and self._ink:
            tag = rf"\tag*{{${self._call(formula, 'tag')}{_in_text(f'({formula.tag})')}$}}"
        elif formula.tag:
            tag = rf"\tag{{{formula.tag}}}"
        return rf"\[ {body}{tag} \]"

    def _call(self, node: Node | Piece, role: str = "") -> str:
        index = self._ink.get((id(node), role))
        return "" if index is None else rf"\color{{#{index:06d}}}"

    def _list(self, items: Sequence[Node]) -> str:
        pieces = []
        for joined, group in groupby(items, _joined_kind):
            nodes = list(group)
            texts = [_with_space(node.text) for node in nodes if isinstance(node, Atom)]
            tokens = [self._ink.get((id(node), "")) for node in nodes]
            separate = not joined or len(nodes) == 1 or None in tokens
            if separate or (joined == "number" and not _DECIMAL.fullmatch("".join(texts))):
                pieces += [self._node(node) for node in nodes]
                continue
            # MathJax draws them in one element, but not where they have marks of their own: one mark lists the token of
            # each glyph.
            num_glyphs = [1 if joined == "relation" else len(text) for text in texts]
            names = [f"{token:06d}" for token, num in zip(tokens, num_glyphs, strict=True) for _ in range(num)]
            pieces.append(rf"\class{{t{'-'.join(names)}}}{{{''.join(texts)}}}")
        return "".join(pieces)

    def _mark(self, token: int | None, text: str) -> str:
        return text if token is None else rf"\class{{t{token:06d}}}{{{text}}}"

    def _node(self, node: Node) -> str:
        token = self._ink.get((id(node), ""))
        if isinstance(node, Atom):
            # The canonical name, not the one that was typed: MathJax knows fewer names.
            return self._mark(token, node.text) if token is not None else _with_space(node.text)
        if isinstance(node, Gap):
            return _with_space(_SPACES.get(node.shown, node.shown))
        if isinstance(node, Text):
            return self._text(node)
        if isinstance(node, Opaque) and node.shown.startswith(tuple(QUANTITIES)):
            # MathJax has no siunitx; `text` is what that would print.
            return f"{self._call(node)}{{{node.text}}}"
        return super()._node(node)

    def _text(self, node: Text) -> str:
        words = split_words(node.text)
        if not self._ink or not words:
            return _in_text(node.text, node.font)
        pieces, after = [], 0
        for at, ((start, stop), word) in enumerate(words):
            if start > after:
                pieces.append(_in_text(node.text[after:start], node.font))
            pieces.append(self._mark(self._ink.get((id(node), f"word{at}")), _in_text(word, node.font)))
            after = stop
        if after < len(node.text):
            pieces.append(_in_text(node.text[after:], node.font))
        return "{" + "".join(pieces) + "}" if len(pieces) > 1 else pieces[0]

    def _command(self, node: Command) -> str:
        *first, last = [self._list(argument) for argument in node.arguments]
        if node.name == r"\pmod":
            # It draws several symbols, the last of them after the argument.
            call = self._call(node)
            return rf"{call}\pmod{{{last}{call}}}"
        option = "" if node.option is None else f"[{{{self._list(node.option)}}}]"
        text = node.name + option + "".join(f"{{{argument}}}" for argument in (*first, last))
        return self._mark(self._ink.get((id(node), "")), text)

    def _scripts(self, node: Scripts) -> str:
        nucleus, limits = node.nucleus, node.limits
        text = self._node(nucleus)
        if isinstance(nucleus, Command) and nucleus.name in c.STACKS:
            # MathJax would add a script to the stack.
            text = f"{{{text}}}"
        if not (isinstance(nucleus, Atom) and nucleus.text == r"\oint"):
            # To MathJax \oint is no operator: its scripts are always beside it, and it takes no \limits.
            text += f"{limits} " if limits else ""
        if node.sub is not None:
            text += f"_{{{self._list(node.sub)}}}"
        primes = self._call(node, "primes") + r"\prime " * node.primes
        if node.primes or node.sup is not None:
            text += f"^{{{primes}{self._list(node.sup or [])}}}"
        return text

    def _table(self, node: Table) -> str:
        left, right = self._call(node, "left"), self._call(node, "right")
        mark, text = self._table_mark(node), self._rows(node)
        if node.name == "substack":
            return rf"\substack{{{text}}}"
        columns = f"{{{node.columns}}}" if node.name == "array" else ""
        if not right:
            return rf"{mark}{left}\begin{{{node.name}}}{columns}{text}\end{{{node.name}}}"
        # A pmatrix would draw both delimiters in one colour; around a plain matrix each has its own.
        ends = c.MATRICES[node.name]
        return rf"{left}\left{ends[0]} {mark}\begin{{matrix}}{text}\end{{matrix}}{right}\right{ends[1]} "

    def _table_mark(self, node: Table) -> str:
        """The mark of a table that has rules, else ""."""
        roles = (*(f"rule{index}" for index in range(len(node.rows))), "below")
        horizontal = [self._ink.get((id(node), role)) for role in roles]
        vertical = [self._ink.get((id(node), f"column{index}")) for index in range(len(node.columns))]
        rules = Rules(*(tuple(token for token in tokens if token is not None) for tokens in (horizontal, vertical)))
        if not rules.horizontal and not rules.vertical:
            return ""
        self.tables.append(rules)
        return rf"\color{{#f{len(self.tables) - 1:05d}}}"

    def _rows(self, node: Table) -> str:
        text = ""
        for index, row in enumerate(node.rows):
            text += rf"\\{node.rows[index - 1].gap}" if index else ""
            text += r"\hline " * row.rules
            cells = [self._list(cell) for cell in row.cells]
            if node.name == "aligned":
                # As TeX does; MathJax puts nothing before a colour, and too little before a plus.
                cells[1::2] = ["{}" + cell for cell in cells[1::2]]
            # MathJax would read them as an option of the line break.
            text += ("{}" if cells[0][:1] in ("[", "*") else "") + "&".join(cells)
        return text + (r"\\" + r"\hline " * node.rules_below if node.rules_below else "")


def _joined_kind(node: Node) -> str:
    """The kind of element that MathJax makes of several such nodes in a row; "" where each has its own."""
    text = node.text if isinstance(node, Atom) else ""
    if text in c.RELATIONS:
        return "relation"
    return "number" if text == "." or text.isdecimal() else ""


def _with_space(text: str) -> str:
    """With a space after a command word, so that a letter can follow."""
    return f"{text} " if text[:1] == "\\" and text[-1:].isalpha() else text


def _in_text(words: str, font: str = r"\text") -> str:
    return rf"{font}{{{''.join(chr(92) + char if char in _SPECIAL else char for char in words)}}}"

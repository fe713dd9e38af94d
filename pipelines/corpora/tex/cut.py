"""Cuts formulas and tables out of a text by a scan for what opens and closes them; what is inside is not parsed here.

Each search for an end is bounded, so a text takes time in proportion to its length, whatever is in it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipelines.corpora.tex.macros import MAX_CHARS

Kind = Literal["formula_display", "formula_inline", "table"]

_DISPLAYS = frozenset(
    f"{name}{star}"
    for name in ("equation", "align", "gather", "multline", "eqnarray", "alignat", "flalign", "displaymath")
    for star in ("", "*")
)
_TABLES = frozenset(("tabular", "tabular*", "tabularx", "longtable"))
_OPEN = re.compile(r"\\\\|\\begin\s*\{([A-Za-z]+\*?)\}|\\[(\[]|\\.|\$\$?", re.DOTALL)
_IN_LINE = re.compile(r"\\\\|\\\)|\\.|[{}$]|(?<=\n)[ \t]*\n", re.DOTALL)
_DISPLAYED = re.compile(r"\\\\|\\\]|\\.|[{}]|\$\$|(?<=\n)[ \t]*\n", re.DOTALL)
_CLOSES = {"$": "$", "$$": "$$", r"\(": r"\)", r"\[": r"\]"}


@dataclass(frozen=True, slots=True)
class Cut:
    r"""A formula or a table as it stands in the source.

    Attributes:
        kind: what it is.
        text: with what opens and closes it.
        place: of its first character.
        inside: what stands between `$$`, `$`, `\(`, `\[` and their ends; of an environment, all.
        fault: why it is none, such as no end; else "".
    """

    kind: Kind
    text: str
    place: int
    inside: str
    fault: str = ""


def cut(text: str) -> Iterator[Cut]:
    """All formulas and tables of a text, in order; none inside of another."""
    place = 0
    ends: dict[str, _Ends] = {}
    while opening := _OPEN.search(text, place):
        lexeme, name = opening[0], opening[1]
        start, place = opening.span()
        if name in _DISPLAYS or name in _TABLES or name == "math":
            kind: Kind = "table" if name in _TABLES else "formula_inline" if name == "math" else "formula_display"
            if name not in ends:
                ends[name] = _Ends(text, name)
            begun, (end, behind, fault) = place, ends[name].find(place)
            if fault:
                yield Cut(kind, text[start : start + 80], start, "", fault)
                continue
            place = behind
            inside = rf"\begin{{{name}}}{text[begun:end]}\end{{{name}}}"
            yield Cut(kind, text[start:place], start, inside)
        elif lexeme in _CLOSES:
            kind = "formula_inline" if lexeme in ("$", r"\(") else "formula_display"
            end, behind = _end(text, place, _CLOSES[lexeme])
            if end < 0:
                yield Cut(kind, text[start : start + 80], start, "", "not_closed")
                place = behind
                continue
            inside = text[place:end]
            place = end + len(_CLOSES[lexeme])
            yield Cut(kind, text[start:place], start, inside)


class _Ends:
    """Where the environments of one name end in a text."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._mark = re.compile(rf"\\(begin|end)\s{{0,9}}\{{{re.escape(name)}\}}")
        self._last = text.rfind(rf"\end{{{name}}}")
        self._nested = "not_in_grammar" if name in _TABLES else "not_closed"

    def find(self, place: int) -> tuple[int, int, str]:
        """Where ends what began before a place, the place behind that, and why there is none.

        A table in a table is cut out by itself; a formula in one of its own kind says that the first has no end.
        """
        mark = self._mark.search(self._text, place, place + MAX_CHARS)
        if mark is None:
            return -1, -1, "over_limit" if self._last >= place else "not_closed"
        return (*mark.span(), "") if mark[1] == "end" else (-1, -1, self._nested)


def _end(text: str, place: int, closing: str) -> tuple[int, int]:
    """Where a formula ends; else -1 and from where to go on.

    Whether the next sign opens or closes is not known before the paragraph ends, or the group that it began in.
    """
    depth = 0
    for token in (_DISPLAYED if closing in ("$$", r"\]") else _IN_LINE).finditer(text, place, place + MAX_CHARS):
        lexeme = token[0]
        if lexeme == closing and depth == 0:
            return token.start(), token.end()
        if lexeme[-1] == "\n" and lexeme[0] != "\\":
            return -1, token.end()
        depth += {"{": 1, "}": -1}.get(lexeme, 0)
        if depth < 0:
            return -1, token.end()
    return -1, min(len(text), place + MAX_CHARS)

"""Extracts formulas and tables from a text by a scan for what opens and closes them; their content is not parsed here.

Each search for an end is bounded, so the time is proportional to the length of the text, whatever is in it.
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
class Extract:
    r"""A formula or a table as it stands in the source.

    Attributes:
        kind: what it is.
        text: with its delimiters.
        start: offset of its first character in the text that it was extracted from.
        inside: text between the delimiters `$$`, `$`, `\(`, `\[` and theirs; of an environment, all of it.
        fault: reason of rejection where it has no end; else "".
    """

    kind: Kind
    text: str
    start: int
    inside: str
    fault: str = ""


def extract(text: str) -> Iterator[Extract]:
    """All formulas and tables of a text, in order; none that is inside of another."""
    pos = 0
    ends: dict[str, _Ends] = {}
    while opening := _OPEN.search(text, pos):
        lexeme, name = opening[0], opening[1]
        start, pos = opening.span()
        if name in _DISPLAYS or name in _TABLES or name == "math":
            kind: Kind = "table" if name in _TABLES else "formula_inline" if name == "math" else "formula_display"
            if name not in ends:
                ends[name] = _Ends(text, name)
            end, behind, fault = ends[name].find(pos)
            if fault:
                yield Extract(kind, text[start : start + 80], start, "", fault)
                continue
            inside = rf"\begin{{{name}}}{text[pos:end]}\end{{{name}}}"
            pos = behind
            yield Extract(kind, text[start:pos], start, inside)
        elif lexeme in _CLOSES:
            kind = "formula_inline" if lexeme in ("$", r"\(") else "formula_display"
            end, behind = _end(text, pos, _CLOSES[lexeme])
            if end < 0:
                yield Extract(kind, text[start : start + 80], start, "", "not_closed")
                pos = behind
                continue
            inside = text[pos:end]
            pos = end + len(_CLOSES[lexeme])
            yield Extract(kind, text[start:pos], start, inside)


class _Ends:
    """Finds the ends of the environments of one name in a text."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._mark = re.compile(rf"\\(begin|end)\s{{0,9}}\{{{re.escape(name)}\}}")
        self._last = text.rfind(rf"\end{{{name}}}")
        self._nested = "not_in_grammar" if name in _TABLES else "not_closed"

    def find(self, start: int) -> tuple[int, int, str]:
        r"""Offsets of the \end of an environment whose content is at `start`, and behind it; the fault if it has none.

        A table in a table is extracted by itself; a formula in one of its own kind means that the first has no end.
        """
        mark = self._mark.search(self._text, start, start + MAX_CHARS)
        if mark is None:
            return -1, -1, "over_limit" if self._last >= start else "not_closed"
        return (*mark.span(), "") if mark[1] == "end" else (-1, -1, self._nested)


def _end(text: str, start: int, closing: str) -> tuple[int, int]:
    """Offsets of the closing delimiter of a formula and behind it; where it has none, -1 and the offset to go on from.

    The search ends with the paragraph, or with the group that the formula opens in: behind a stray delimiter it is not
    known whether the next one opens or closes.
    """
    depth = 0
    for token in (_DISPLAYED if closing in ("$$", r"\]") else _IN_LINE).finditer(text, start, start + MAX_CHARS):
        lexeme = token[0]
        if lexeme == closing and depth == 0:
            return token.start(), token.end()
        if lexeme[-1] == "\n" and lexeme[0] != "\\":
            return -1, token.end()
        depth += {"{": 1, "}": -1}.get(lexeme, 0)
        if depth < 0:
            return -1, token.end()
    return -1, min(len(text), start + MAX_CHARS)

"""Patterns: lines of LaTeX with slots, compiled once; the tables of `templates/formulas` are made of them.

A slot is `<name>`, or `<name1>` where the same text is meant each time; LaTeX's own `<` has blanks around it.
"""

import re
from functools import cache
from typing import NamedTuple

import templates
from renderers.core.weighted import Weighted

FOLDER = "formulas"

_SLOT = re.compile(r"<([A-Za-z_]+)(\d*)>")
_WORD_AT_END = re.compile(r"\\[A-Za-z]+\Z")
_WEIGHT = re.compile(r"(\d+)\| (.*)", re.DOTALL)


class PatternPart(NamedTuple):
    """Text, and the slot behind it; the last part of a pattern has none.

    Attributes:
        before: LaTeX as it stands.
        slot: what fills the slot, or "".
        memo: name under which the filling is kept within the pattern, or "".
    """

    before: str
    slot: str
    memo: str


Pattern = tuple[PatternPart, ...]


def compile_pattern(text: str) -> Pattern:
    """One line as parts."""
    parts: list[PatternPart] = []
    start = 0
    for match in _SLOT.finditer(text):
        slot, digits = match.groups()
        parts.append(PatternPart(text[start : match.start()], slot, slot + digits if digits else ""))
        start = match.end()
    return (*parts, PatternPart(text[start:], "", ""))


def read_lines(block: str) -> Weighted[Pattern]:
    """A block of lines "weight| pattern"; the weight may be left out."""
    weighted = []
    for line in filter(None, map(str.strip, block.splitlines())):
        match = _WEIGHT.fullmatch(line)
        weighted.append((float(match[1]) if match else 1.0, compile_pattern(match[2] if match else line)))
    return Weighted(weighted)


@cache
def patterns(name: str, table: str) -> dict[str, Weighted[Pattern]]:
    """The blocks of a table of a file, by name."""
    return {key: read_lines(block) for key, block in templates.menu(FOLDER, name)[table].items()}


@cache
def decks() -> dict[str, tuple[str, ...]]:
    """The decks of the menu; a command that stands twice comes twice as often."""
    return {key: tuple(deck.split()) for key, deck in templates.menu(FOLDER)["decks"].items()}


def join(line: str, text: str) -> str:
    r"""Two pieces of LaTeX in a row; \pi and a letter need a blank."""
    if text and text[0].isalpha() and line and line[-1].isalpha() and _WORD_AT_END.search(line):
        return f"{line} {text}"
    return line + text

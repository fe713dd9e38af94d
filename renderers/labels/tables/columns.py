r"""The columns of a tabular: alignment, bars, and what is printed in each of their cells.

What stands between columns is part of the cell it is printed beside, as TeX has it: of the one on its left, before the
first column of that on its right. `r@{--}l` with 97&245 is 97– and 245.
"""

import re
from dataclasses import dataclass

from renderers.core.errors import LabelError
from renderers.labels.tables.escape import unescape
from renderers.labels.tables.tree import MAX_COLUMNS, Align

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|(?P<comment>%[^\n]*\n?)|.", re.DOTALL)
_BAR = re.compile(r"\\v(?:rule|line)(?![A-Za-z])(?:\s*(?:width|height|depth)\s*[\d.]+\s*[a-z]{2})*")
_ALIGNS: dict[str, Align] = {
    "l": "l", "c": "c", "r": "r", "p": "l", "m": "l", "b": "l", "X": "l", "S": "r", "D": "r", "w": "l", "W": "l",
}  # fmt: skip
_MAX_STEPS = 2000
_NUM_ARGUMENTS = {"p": 1, "m": 1, "b": 1, "w": 2, "W": 2, "D": 3}


@dataclass(slots=True)
class Column:
    """A column; `before` and `after` are LaTeX that is printed around the content of each of its cells."""

    align: Align
    before: str = ""
    after: str = ""

    def text_of(self, source: str, boxed: bool = False) -> str:
        r"""The text of a cell whose content, without blanks at its ends, is `source`; `boxed`: as \multirow sets it."""
        before, after = self.before, self.after
        if (boxed or not source) and before.endswith("$") and after.startswith("$"):
            before, after = before[:-1], after[1:]
        gap = " " if re.search(r"\\[A-Za-z]+$", before) else ""
        return unescape(f"{before}{gap}{source}{after}")


def take_argument(text: str, what: str) -> tuple[str, str]:
    """An argument that a text begins with, in braces or a single token, and what follows it."""
    text = text.lstrip()
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if depth < 0:
            break
        if depth == 0:
            return (text[1 : token.start()] if token[0] == "}" else token[0]), text[token.end() :]
    raise LabelError(f"{what} is missing, or its brace is not closed, at {text[:20]!r}")


def take_options(text: str) -> str:
    """What follows the options in brackets that a text begins with."""
    return re.sub(r"^(?:\s*\[[^\]]*\])+", "", text)


def read_columns(spec: str) -> tuple[list[Column], tuple[int, ...]]:
    """The columns, and the number of bars before each and after the last.

    Raises:
        LabelError: a column type that we do not know.
    """
    reader = _Reader(spec)
    for _ in range(_MAX_STEPS):
        if not reader.rest.strip():
            return reader.finished()
        reader.step()
    raise LabelError("columns without end")


class _Reader:
    """Reads one sign of a column specification, with what belongs to it, after the other."""

    def __init__(self, spec: str) -> None:
        self.rest = spec
        self._columns: list[Column] = []
        self._bars = [0]
        self._left = ""
        self._before = ""

    def finished(self) -> tuple[list[Column], tuple[int, ...]]:
        """What was read."""
        if not self._columns:
            raise LabelError("no columns")
        if self._before:
            raise LabelError(f"no column behind >{{{self._before}}}")
        return self._columns, tuple(min(num, 2) for num in self._bars)

    def step(self) -> None:
        """Reads the next sign."""
        self.rest = self.rest.lstrip()
        letter, self.rest = self.rest[0], self.rest[1:]
        if letter == "|":
            self._bars[-1] += 1
        elif letter in "@!><":
            self._insert(letter, self._argument("what is printed between columns"))
        elif letter == "*":
            num, repeated = self._argument("a number").strip(), self._argument("columns")
            if not num.isdecimal() or len(num) > 3 or int(num) > MAX_COLUMNS:
                raise LabelError(f"*{{{num}}} columns")
            self.rest = repeated * int(num) + self.rest
        else:
            if len(self._columns) == MAX_COLUMNS:
                raise LabelError(f"more than {MAX_COLUMNS} columns")
            self._columns.append(Column(self._align(letter), self._left + self._before))
            self._left = self._before = ""
            self._bars.append(0)

    def _argument(self, what: str) -> str:
        argument, self.rest = take_argument(self.rest, what)
        return argument

    def _insert(self, letter: str, latex: str) -> None:
        self._bars[-1] += len(_BAR.findall(latex))
        latex = _BAR.sub("", latex)
        # Of several insertions at one side of a cell the first is the nearest, as array sets them.
        if letter == ">":
            self._before = latex + self._before
        elif not self._columns:
            self._left += latex
        elif letter == "<":
            self._columns[-1].after = latex + self._columns[-1].after
        else:
            self._columns[-1].after += latex

    def _align(self, letter: str) -> Align:
        """The alignment of a type of column."""
        if letter not in _ALIGNS:
            raise LabelError(f"no column type {letter!r}")
        if letter in "SX":
            self.rest = take_options(self.rest)
        arguments = [self._argument("a width").strip() for _ in range(_NUM_ARGUMENTS.get(letter, 0))]
        if letter in "wW":
            if arguments[0] not in ("l", "c", "r"):
                raise LabelError(f"no alignment {arguments[0]!r}")
            return _ALIGNS[arguments[0]]
        if letter == "D" and arguments[0] != arguments[1]:
            raise LabelError(f"{arguments[0]!r} that is printed as {arguments[1]!r}")
        return _ALIGNS[letter]

r"""What a table is: cells that span rows and columns, the rules that are printed, a caption and notes.

A text is plain Unicode; what stands between `\(` and `\)` in it is a formula in LaTeX.
"""

import re
from typing import Final, Literal, TypeAlias

import msgspec

from renderers.core.errors import LabelError

Align: TypeAlias = Literal["l", "c", "r"]
Rule: TypeAlias = tuple[int, int]
"""First and last column (from 0, inclusive) that a horizontal rule runs over."""

FORMULA: Final = re.compile(r"\\\((.*?)\\\)", re.DOTALL)
MAX_COLUMNS: Final = 64
MAX_ROWS: Final = 1000


class Cell(msgspec.Struct, frozen=True, gc=False):
    """A cell; `align` is its own where it spans columns, else the column's, and then it is empty."""

    text: str = ""
    rowspan: int = 1
    colspan: int = 1
    align: Align | Literal[""] = ""


class Table(msgspec.Struct, frozen=True):
    """A table.

    Attributes:
        aligns: of the columns.
        bars: how many vertical rules stand before each column, and after the last.
        rows: the cells that begin in each row, from left to right.
        rules: the horizontal rules above each row, and below the last.
        num_head: how many rows are heads; LaTeX does not say, so what is read from it has 0.
        caption: with its number, as printed.
        caption_below: whether it stands below.
        notes: the lines under the table.
    """

    aligns: tuple[Align, ...]
    bars: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    rules: tuple[tuple[Rule, ...], ...]
    num_head: int = 0
    caption: str = ""
    caption_below: bool = False
    notes: tuple[str, ...] = ()


Placed: TypeAlias = tuple[int, int, Cell]
"""A cell with the row and column where it begins."""


def place_cells(rows: tuple[tuple[Cell, ...], ...], num_columns: int) -> list[Placed]:
    """Every cell with its row and column, row by row.

    Raises:
        LabelError: the cells do not fill the rows and columns exactly.
    """
    covered: list[list[bool]] = [[False] * num_columns for _ in rows]
    placed: list[Placed] = []
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while column < num_columns and covered[row][column]:
                column += 1
            right, bottom = column + cell.colspan, row + cell.rowspan
            if cell.colspan < 1 or cell.rowspan < 1 or right > num_columns or bottom > len(rows):
                raise LabelError(f"cell {cell.text!r} of row {row + 1} runs out of the table")
            for line in range(row, bottom):
                if any(covered[line][column:right]):
                    raise LabelError(f"cell {cell.text!r} of row {row + 1} lies over another")
                covered[line][column:right] = [True] * cell.colspan
            placed.append((row, column, cell))
            column = right
        if not all(covered[row]):
            raise LabelError(f"row {row + 1} has a column without a cell")
    return placed


def check_tree(table: Table) -> list[Placed]:
    """The placed cells of a table that is well made.

    Raises:
        LabelError: what is wrong with it.
    """
    num_columns, num_rows = len(table.aligns), len(table.rows)
    if not 1 <= num_columns <= MAX_COLUMNS or not 1 <= num_rows <= MAX_ROWS:
        raise LabelError(f"{num_columns} columns and {num_rows} rows")
    if len(table.bars) != num_columns + 1 or len(table.rules) != num_rows + 1:
        raise LabelError("there must be one list of rules more than there are rows, and columns")
    for rules in table.rules:
        for first, last in rules:
            if not 0 <= first <= last < num_columns:
                raise LabelError(f"a rule over columns {first + 1}-{last + 1} of {num_columns}")
    for text in (table.caption, *table.notes, *(cell.text for cells in table.rows for cell in cells)):
        if text != tidy(text):
            raise LabelError(f"{text!r} has idle blanks")
    return place_cells(table.rows, num_columns)


def tidy(text: str) -> str:
    """A text with single blanks, and none at its ends."""
    return " ".join(text.split())


def depth_of(table: Table) -> int:
    """1, and one more for each of: cells over columns, cells over rows."""
    cells = [cell for row in table.rows for cell in row]
    return 1 + any(cell.colspan > 1 for cell in cells) + any(cell.rowspan > 1 for cell in cells)

"""A table while it is filled: cells are put where they belong, what is left free becomes empty cells."""

from typing import Literal, TypeAlias

import msgspec

from renderers.labels.tables.tree import Align, Cell, tidy

RowKind: TypeAlias = Literal["head", "body", "group", "total"]


class Column(msgspec.Struct, frozen=True, gc=False):
    """How a column is set.

    Attributes:
        wrap_em: its width in em where texts are broken into lines; 0 where it is as wide as its cells.
        at_point: whether numbers are aligned at their decimal points.
    """

    wrap_em: float = 0.0
    at_point: bool = False


class Grid:
    """Rows of one table, from the top."""

    def __init__(self, num_columns: int) -> None:
        self.num_columns = num_columns
        self.kinds: list[RowKind] = []
        self.owners: list[list[int]] = []
        """For each row and column the number of the cell there, -1 where there is none yet."""
        self._cells: list[tuple[int, int, Cell]] = []

    def add_row(self, kind: RowKind) -> int:
        """One more row; returns its number."""
        self.kinds.append(kind)
        self.owners.append([-1] * self.num_columns)
        return len(self.kinds) - 1

    def put(
        self, row: int, column: int, text: str, rowspan: int = 1, colspan: int = 1, align: Align | Literal[""] = ""
    ) -> None:
        """A cell where all is free; `align` is for one that spans columns."""
        number = len(self._cells)
        for line in range(row, row + rowspan):
            for spanned in range(column, column + colspan):
                assert self.owners[line][spanned] < 0, "a cell over another"
                self.owners[line][spanned] = number
        own = (align or "c") if colspan > 1 else ""
        self._cells.append((row, column, Cell(tidy(text), rowspan, colspan, own)))

    def is_free(self, row: int, column: int) -> bool:
        """Whether no cell is there yet."""
        return self.owners[row][column] < 0

    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """All cells in the rows where they begin; fills what is free."""
        for row, owners in enumerate(self.owners):
            for column, owner in enumerate(owners):
                if owner < 0:
                    self.put(row, column, "")
        rows: list[list[Cell]] = [[] for _ in self.kinds]
        for row, _, cell in sorted(self._cells, key=lambda placed: placed[:2]):
            rows[row].append(cell)
        return tuple(map(tuple, rows))

    def blocked(self, row: int) -> list[bool]:
        """For each column whether one cell stands both above and below the upper edge of a row."""
        if not 0 < row < len(self.owners):
            return [False] * self.num_columns
        return [above == below for above, below in zip(self.owners[row - 1], self.owners[row], strict=True)]

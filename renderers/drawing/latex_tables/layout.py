"""Where everything of a table stands on its picture: the ink of texts, empty cells between their neighbours."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renderers.content.tables.table import TableContent
from renderers.core.boxes import Box
from renderers.labels.tables.tree import Placed, Rule

_EMPTY_EM = 0.5
"""Minimum width and height of an empty cell, as a share of the median row or column."""


@dataclass(frozen=True, slots=True)
class TableLayout:
    """Boxes of N owners (cells, then caption, then notes) and the extents of rows and columns.

    Attributes:
        boxes: (N, 4) x0, y0, x1, y1 in px; of an empty cell what its rows and columns leave for it.
        inked: (N,) whether it has a text.
        rows: the row of each, -1 for caption and notes.
        kinds: of that row, "" for caption and notes.
        across: (columns, 2) px, from the leftmost to the rightmost ink of each column.
        down: (rows, 2) px, the same of each row.
        spans: cells over columns, as row, first and last column.
        size_px: width and height of the picture.
    """

    boxes: npt.NDArray[np.float64]
    inked: npt.NDArray[np.bool_]
    rows: tuple[int, ...]
    kinds: tuple[str, ...]
    across: npt.NDArray[np.float64]
    down: npt.NDArray[np.float64]
    spans: tuple[tuple[int, int, int], ...]
    size_px: tuple[int, int]

    def under_rule(self, row: int, rule: Rule) -> Box:
        """Where a rule above a row must be: between the middles of the rows beside it."""
        middles = self.down.mean(axis=1)
        top = float(middles[row - 1]) if row else 0.0
        bottom = float(middles[row]) if row < len(middles) else float(self.size_px[1])
        return float(self.across[rule[0], 0]), top, float(self.across[rule[1], 1]), bottom

    def around_bar(self, column: int) -> list[Box]:
        """Where a bar before a column must be, beside each row in which no cell lies over it."""
        left = float(self.across[column - 1, 1]) if column else 0.0
        right = float(self.across[column, 0]) if column < len(self.across) else float(self.size_px[0])
        over = {row for row, first, last in self.spans if first < column <= last}
        return [
            (left, float(top), right, float(bottom)) for row, (top, bottom) in enumerate(self.down) if row not in over
        ]


def lay_out(
    content: TableContent,
    placed: list[Placed],
    tight: npt.NDArray[np.float64],
    members: list[npt.NDArray[np.int64]],
    width_px: int,
    height_px: int,
) -> TableLayout:
    """The layout of a picture, from the boxes of its glyphs.

    Args:
        content: the table.
        placed: its cells, by number.
        tight: (G, 4) px, box of each glyph.
        members: the glyphs of each owner.
        width_px: of the picture.
        height_px: of the picture.
    """
    num_rows, num_columns = len(content.table.rows), len(content.table.aligns)
    boxes = np.zeros((len(members), 4))
    for number, mine in enumerate(members):
        if len(mine):
            boxes[number, :2] = tight[mine, :2].min(axis=0)
            boxes[number, 2:] = tight[mine, 2:].max(axis=0)
    across = np.full((num_columns, 2), (np.inf, -np.inf))
    down = np.full((num_rows, 2), (np.inf, -np.inf))
    for number, (row, column, cell) in enumerate(placed):
        if cell.colspan == 1:
            across[column] = min(across[column, 0], boxes[number, 0]), max(across[column, 1], boxes[number, 2])
        if cell.rowspan == 1:
            down[row] = min(down[row, 0], boxes[number, 1]), max(down[row, 1], boxes[number, 3])
    _spread(across, width_px)
    _spread(down, height_px)
    for number, (row, column, cell) in enumerate(placed):
        if not cell.text:
            end, bottom = column + cell.colspan - 1, row + cell.rowspan - 1
            boxes[number] = across[column, 0], down[row, 0], across[end, 1], down[bottom, 1]
    num_more = len(members) - len(placed)
    return TableLayout(
        boxes=boxes,
        inked=np.array([bool(cell.text) for _, _, cell in placed] + [len(mine) > 0 for mine in members[len(placed) :]]),
        rows=(*(row for row, _, _ in placed), *(-1 for _ in range(num_more))),
        kinds=(*(content.kinds[row] for row, _, _ in placed), *("" for _ in range(num_more))),
        across=across,
        down=down,
        spans=_spans(placed),
        size_px=(width_px, height_px),
    )


def _spans(placed: list[Placed]) -> tuple[tuple[int, int, int], ...]:
    return tuple(
        (row + below, column, column + cell.colspan - 1)
        for row, column, cell in placed
        if cell.colspan > 1
        for below in range(cell.rowspan)
    )


def _spread(extents: npt.NDArray[np.float64], end_px: float) -> None:
    """Gives rows or columns without ink of their own a position between their neighbours, and dots some room."""
    known = [int(at) for at in np.flatnonzero(np.isfinite(extents[:, 0]))]
    if not known:
        edges = np.linspace(0, end_px, len(extents) + 1)
        extents[:, 0], extents[:, 1] = edges[:-1], edges[1:]
        return
    for at in sorted(set(range(len(extents))) - set(known)):
        before, after = [one for one in known if one < at], [one for one in known if one > at]
        low = float(extents[before[-1], 1]) if before else 0.0
        high = float(extents[after[0], 0]) if after else float(end_px)
        first = before[-1] + 1 if before else 0
        last = after[0] - 1 if after else len(extents) - 1
        step = (high - low) / (last - first + 1)
        extents[at] = low + step * (at - first) + 0.25 * step, low + step * (at - first) + 0.75 * step
    typical = float(np.median(extents[:, 1] - extents[:, 0]))
    min_size = min(6.0, _EMPTY_EM * typical)
    for at, (low, high) in enumerate(extents.tolist()):
        lack = min_size - (high - low)
        if lack > 0:
            extents[at] = max(0.0, low - lack / 2), min(end_px, high + lack / 2)

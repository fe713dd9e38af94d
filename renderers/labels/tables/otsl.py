"""Tables as OTSL and back: one token for each position of the grid, so spans cannot contradict each other.

Source: Lysak et al. 2023, Optimized Table Tokenization for Table Structure Recognition; token names, caption and
footnote as in DocTags.
"""

import html
import re

from renderers.core.errors import LabelError
from renderers.labels.tables.tree import Cell, Table, check_tree, tidy

_TOKEN = re.compile(r"<(fcel|ecel|lcel|ucel|xcel|nl)>([^<]*)")
_FRAME = re.compile(
    r"<otsl>(?:<caption>(?P<above>[^<]*)</caption>)?(?P<grid>.*?)(?:<caption>(?P<below>[^<]*)</caption>)?</otsl>"
    r"(?P<notes>(?:<footnote>[^<]*</footnote>)*)",
    re.DOTALL,
)


def to_otsl(table: Table) -> str:
    """The grid row by row: fcel and a text, ecel for none, lcel and ucel where a cell reaches from left and above."""
    placed = check_tree(table)
    num_columns = len(table.aligns)
    grid = [[""] * num_columns for _ in table.rows]
    for row, column, cell in placed:
        for down in range(cell.rowspan):
            for right in range(cell.colspan):
                grid[row + down][column + right] = ("<xcel>" if right else "<ucel>") if down else "<lcel>"
        grid[row][column] = f"<fcel>{_quoted(cell.text)}" if cell.text else "<ecel>"
    caption = f"<caption>{_quoted(table.caption)}</caption>" if table.caption else ""
    above, below = ("", caption) if table.caption_below else (caption, "")
    notes = "".join(f"<footnote>{_quoted(note)}</footnote>" for note in table.notes)
    return f"<otsl>{above}{''.join(''.join(row) + '<nl>' for row in grid)}{below}</otsl>{notes}"


def _quoted(text: str) -> str:
    return html.escape(text, quote=False)


def from_otsl(text: str) -> Table:
    """The table of OTSL: left-aligned, without rules or heads; cells that span columns are centred.

    Raises:
        LabelError: tokens that make no grid.
    """
    frame = _FRAME.fullmatch(text.strip())
    if frame is None:
        raise LabelError("no otsl")
    grid: list[list[tuple[str, str]]] = [[]]
    for token in _TOKEN.finditer(frame["grid"]):
        if token[1] == "nl":
            grid.append([])
        else:
            grid[-1].append((token[1], tidy(html.unescape(token[2]))))
    grid.pop()
    if _TOKEN.sub("", frame["grid"]) or not grid or len(set(map(len, grid))) != 1:
        raise LabelError("rows of different lengths, or none")
    rows = tuple(
        tuple(_cell(grid, row, column) for column, (kind, _) in enumerate(line) if kind in ("fcel", "ecel"))
        for row, line in enumerate(grid)
    )
    num_columns = len(grid[0])
    notes = re.findall(r"<footnote>([^<]*)</footnote>", frame["notes"])
    table = Table(
        aligns=tuple("l" for _ in range(num_columns)),
        bars=(0,) * (num_columns + 1),
        rows=rows,
        rules=((),) * (len(rows) + 1),
        caption=tidy(html.unescape(frame["above"] or frame["below"] or "")),
        caption_below=frame["below"] is not None,
        notes=tuple(tidy(html.unescape(note)) for note in notes),
    )
    check_tree(table)
    return table


def _cell(grid: list[list[tuple[str, str]]], row: int, column: int) -> Cell:
    right, down = column + 1, row + 1
    while right < len(grid[row]) and grid[row][right][0] == "lcel":
        right += 1
    while down < len(grid) and grid[down][column][0] == "ucel":
        down += 1
    colspan = right - column
    return Cell(grid[row][column][1], down - row, colspan, "c" if colspan > 1 else "")

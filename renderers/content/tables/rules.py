"""Which rules a table has: none, the three of books, a full grid, and all that people draw between those."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from renderers.content.tables.grid import Grid
from renderers.content.tables.texts import TableTexts
from renderers.labels.tables.tree import Rule

Rules: TypeAlias = tuple[tuple[Rule, ...], ...]
Ruled: TypeAlias = tuple[list[list[Rule]], list[int]]


def draw_rules(texts: TableTexts, grid: Grid) -> tuple[Rules, tuple[int, ...]]:
    """Horizontal rules above each row and below the last, and the number of bars around each column."""
    rules, bars = (_full_grid if _is_woven(grid) else texts.pick(_RULINGS))(texts, grid)
    _part_spans(grid, rules)
    if texts.chance(0.06):
        rules[0] += rules[0][:1]
        rules[-1] += rules[-1][:1]
    return tuple(tuple(sorted(one)) for one in rules), tuple(bars)


def _is_woven(grid: Grid) -> bool:
    """Whether cells of the body span columns so that only bars show which.

    In the middle of three columns a text that spans them looks as one that does not.
    """
    for row, owners in enumerate(grid.owners):
        if grid.kinds[row] != "body":
            continue
        wide = max(owners.count(owner) for owner in owners if owner >= 0) if max(owners) >= 0 else 1
        over_rows = row > 0 and any(grid.blocked(row)[1:])
        if wide > 2 or (wide > 1 and over_rows):
            return True
    return False


def _part_spans(grid: Grid, rules: list[list[Rule]]) -> None:
    """The rules that show how far a cell reaches over rows, or a head over columns: every table has them."""
    needed: list[list[Rule]] = [[] for _ in rules]
    _under_spans(grid, needed)
    for row, wanted in enumerate(needed):
        rules[row] += [
            (first, last) for first, last in wanted if not any(one <= first and last <= two for one, two in rules[row])
        ]
    for row in range(_num_head(grid) + 1, len(grid.kinds)):
        above, below = grid.owners[row - 1], grid.owners[row]
        before = grid.owners[row - 2] if row > 1 else []
        after = grid.owners[row + 1] if row + 1 < len(grid.kinds) else []
        ends = [
            upper != lower
            and ((bool(before) and before[column] == upper >= 0) or (bool(after) and after[column] == lower >= 0))
            for column, (upper, lower) in enumerate(zip(above, below, strict=True))
        ]
        covered = [any(one <= column <= two for one, two in rules[row]) for column in range(grid.num_columns)]
        if any(end and not cover for end, cover in zip(ends, covered, strict=True)):
            rules[row] = _segments(grid, row)


def _segments(grid: Grid, row: int) -> list[Rule]:
    """The edge above a row, without what a cell that spans rows covers."""
    segments: list[Rule] = []
    start = -1
    for column, blocked in enumerate([*grid.blocked(row), True]):
        if not blocked and start < 0:
            start = column
        elif blocked and start >= 0:
            segments.append((start, column - 1))
            start = -1
    return segments


def _nothing(grid: Grid) -> Ruled:
    return [[] for _ in range(len(grid.kinds) + 1)], [0] * (grid.num_columns + 1)


def _num_head(grid: Grid) -> int:
    return sum(kind == "head" for kind in grid.kinds)


def _ends(grid: Grid, rules: list[list[Rule]]) -> None:
    full = (0, grid.num_columns - 1)
    rules[0].append(full)
    rules[-1].append(full)


def _under_head(grid: Grid, rules: list[list[Rule]]) -> None:
    if 0 < _num_head(grid) < len(grid.kinds):
        rules[_num_head(grid)].append((0, grid.num_columns - 1))


def _under_spans(grid: Grid, rules: list[list[Rule]]) -> None:
    """Under each head that spans columns."""
    for row in range(1, _num_head(grid)):
        above, below = grid.owners[row - 1], grid.owners[row]
        start = 0
        for column in range(1, grid.num_columns + 1):
            if column == grid.num_columns or above[column] != above[start]:
                if column - start > 1 and above[start] >= 0 and above[start] != below[start]:
                    rules[row].append((start, column - 1))
                start = column


def _around_totals(grid: Grid, rules: list[list[Rule]]) -> None:
    for row in range(1, len(grid.kinds)):
        if grid.kinds[row] == "total" and grid.kinds[row - 1] not in ("total", "head") and not any(grid.blocked(row)):
            rules[row].append((0, grid.num_columns - 1))


def _between_groups(grid: Grid, rules: list[list[Rule]]) -> None:
    """Above rows that head a group, and where a cell of the first column ends that spans rows."""
    for row in range(_num_head(grid) + 1, len(grid.kinds)):
        if rules[row] or any(grid.blocked(row)):
            continue
        first = grid.owners[row - 1][0]
        if grid.kinds[row] == "group" or sum(owners[0] == first for owners in grid.owners) > 1:
            rules[row].append((0, grid.num_columns - 1))


def _open(texts: TableTexts, grid: Grid) -> Ruled:
    return _nothing(grid)


def _under(texts: TableTexts, grid: Grid) -> Ruled:
    rules, bars = _nothing(grid)
    _under_head(grid, rules)
    if texts.chance(0.4):
        _around_totals(grid, rules)
    return rules, bars


def _book(texts: TableTexts, grid: Grid) -> Ruled:
    rules, bars = _nothing(grid)
    _ends(grid, rules)
    _under_head(grid, rules)
    if texts.chance(0.75):
        _under_spans(grid, rules)
    if texts.chance(0.6):
        _around_totals(grid, rules)
    if texts.chance(0.4):
        _between_groups(grid, rules)
    return rules, bars


def _ends_only(texts: TableTexts, grid: Grid) -> Ruled:
    rules, bars = _nothing(grid)
    _ends(grid, rules)
    return rules, bars


def _lines(texts: TableTexts, grid: Grid) -> Ruled:
    """Between all rows; sometimes not above the first and below the last."""
    rules, bars = _nothing(grid)
    for row in range(1, len(grid.kinds)):
        rules[row] += _segments(grid, row)
    if texts.chance(0.7):
        _ends(grid, rules)
    if texts.chance(0.3):
        inner = texts.between(1, grid.num_columns) if grid.num_columns > 1 else 0
        bars[inner] = int(inner < grid.num_columns)
    return rules, bars


def _full_grid(texts: TableTexts, grid: Grid) -> Ruled:
    rules, bars = _nothing(grid)
    for row in range(1, len(grid.kinds)):
        rules[row] += _segments(grid, row)
    _ends(grid, rules)
    bars = [1] * len(bars)
    if texts.chance(0.15):
        bars[0] = bars[-1] = 0
    if texts.chance(0.08):
        bars[1] = 2
    if texts.chance(0.08) and len(rules[_num_head(grid)]) == 1:
        rules[_num_head(grid)] *= 2
    return rules, bars


def _frame(texts: TableTexts, grid: Grid) -> Ruled:
    """Around the table, under the head, perhaps between columns and groups."""
    rules, bars = _nothing(grid)
    _ends(grid, rules)
    _under_head(grid, rules)
    if texts.chance(0.7):
        _under_spans(grid, rules)
    _around_totals(grid, rules)
    if texts.chance(0.6):
        _between_groups(grid, rules)
    bars = [1] * len(bars) if texts.chance(0.5) else [1, *([0] * (len(bars) - 2)), 1]
    return rules, bars


def _stub_bar(texts: TableTexts, grid: Grid) -> Ruled:
    rules, bars = _nothing(grid)
    _under_head(grid, rules)
    if texts.chance(0.5):
        _ends(grid, rules)
    if texts.chance(0.5):
        _under_spans(grid, rules)
    _around_totals(grid, rules)
    if grid.num_columns > 1:
        bars[1] = 1
    return rules, bars


def _double(texts: TableTexts, grid: Grid) -> Ruled:
    rules, bars = _book(texts, grid)
    full = (0, grid.num_columns - 1)
    if full in rules[_num_head(grid)] and texts.chance(0.5):
        rules[_num_head(grid)].append(full)
    else:
        rules[0].append(full)
        rules[-1].append(full)
    return rules, bars


def _any(texts: TableTexts, grid: Grid) -> Ruled:
    """Here and there: what no habit explains must be read."""
    rules, bars = _nothing(grid)
    frac = texts.random()
    for row in range(len(grid.kinds) + 1):
        if texts.chance(frac):
            rules[row] += _segments(grid, row) if texts.chance(0.8) else _segments(grid, row)[:1]
    frac = texts.random() * 0.8
    bars = [int(texts.chance(frac)) for _ in bars]
    return rules, bars


_RULINGS: Sequence[Callable[[TableTexts, Grid], Ruled]] = (
    *(_open, _under, _book, _book, _book, _ends_only, _lines, _lines),
    *(_full_grid, _full_grid, _full_grid, _frame, _frame, _stub_bar, _double, _any, _any),
)

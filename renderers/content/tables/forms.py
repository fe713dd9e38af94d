"""Tables that are no list of things: crossings of names with names, pairs of name and value, timetables."""

from renderers.content.locales import weekday_names
from renderers.content.tables.grid import Column, Grid
from renderers.content.tables.heads import with_unit
from renderers.content.tables.texts import TableTexts, width_em
from renderers.content.tables.values import NUMBERS, SHORT, Make, NumberFormat, draw_values
from renderers.labels.tables.tree import Align


class Draft:
    """A table before its rules: the grid, how its columns are set, which are stubs, whether its heads are turned."""

    def __init__(self, grid: Grid, aligns: list[Align], columns: list[Column], num_stubs: int) -> None:
        self.grid = grid
        self.aligns = aligns
        self.columns = columns
        self.num_stubs = num_stubs
        self.rotated = False


def draw_cross(
    texts: TableTexts, number_format: NumberFormat, max_columns: int, max_rows: int, room_em: float
) -> Draft:
    """The same names across and down, or two lists of names; half of it may be empty."""
    same = texts.chance(0.6)
    num_rows = texts.between(2, max(2, min(max_rows, 11)))
    num_columns = max(1, min(num_rows if same else texts.between(2, 9), max_columns - 1, int((room_em - 9) / 4.2)))
    stub_em = 8.0 if num_columns < 8 else 6.0
    num_rows = num_columns if same else num_rows
    language = texts.choose_language()
    down = texts.names(num_rows, stub_em, language)
    across = down if same else texts.names(num_columns, max(3.0, (room_em - stub_em) / num_columns - 1.2), language)
    rotated = same and sum(map(width_em, across)) > room_em - stub_em - 1.2 * num_columns
    if rotated and texts.chance(0.5):
        rotated, across = False, [f"({index + 1})" for index in range(num_columns)]
        down = [f"({index + 1}) {name}" for index, name in enumerate(down)]
    values = draw_values(
        texts, number_format, max(3.0, (room_em - stub_em) / num_columns - 1.2), (*NUMBERS, "set", "marks")
    )
    half = texts.pick(("full", "full", "lower", "upper")) if same else "full"
    diagonal = texts.pick(("", "–", "1", "1.00", "0")) if same else None
    grid = Grid(num_columns + 1)
    grid.add_row("head")
    grid.put(0, 0, texts.pick(("", "", texts.fitting(texts.list_of("names", language), stub_em))))
    for column, name in enumerate(across):
        grid.put(0, column + 1, name)
    for index, name in enumerate(down):
        row = grid.add_row("body")
        grid.put(row, 0, name)
        for column in range(num_columns):
            if half == "full" or (column < index) == (half == "lower"):
                on_diagonal = diagonal is not None and column == index
                grid.put(row, column + 1, str(diagonal) if on_diagonal else values.make())
    align = texts.pick((values.align, "c")) if not values.at_point else values.align
    columns = [Column(), *(Column(at_point=values.at_point) for _ in range(num_columns))]
    draft = Draft(grid, ["l", *(align for _ in range(num_columns))], columns, 1)
    draft.rotated = rotated
    return draft


def draw_pairs(
    texts: TableTexts, number_format: NumberFormat, max_columns: int, max_rows: int, room_em: float
) -> Draft:
    """Names and their values, side by side once, twice or three times; a form."""
    num_pairs = texts.pick((1, 1, 2, 2, 3)) if max_columns >= 6 else 1
    grid = Grid(2 * num_pairs)
    language = texts.choose_language()
    keys = texts.shuffled(texts.list_of("keys", language))
    max_em = max(4.0, min(14.0, room_em / num_pairs - 9.0))
    if texts.chance(0.4):
        row = grid.add_row("head")
        grid.put(row, 0, texts.text("title", min(24.0, room_em), language), colspan=grid.num_columns)
    for _ in range(texts.between(2, min(max_rows, 14))):
        row = grid.add_row("body")
        wide = num_pairs > 1 and texts.chance(0.15)
        for pair in range(1 if wide else num_pairs):
            key = keys.pop() if keys else texts.text("word", 6.0, language)
            kind = texts.pick(
                ("names", "names", "quantity", "date", "code", "money", "whole", "set", "time", "percent")
            )
            value = draw_values(texts, number_format, max_em, (kind,)).make()
            grid.put(row, 2 * pair, key if texts.chance(0.9) else with_unit(texts, key, 9.0, language))
            if wide:
                text = texts.text("title", 22.0, language)
                grid.put(row, 1, text, colspan=grid.num_columns - 1, align=texts.pick(("l", "c")))
            else:
                grid.put(row, 2 * pair + 1, value)
    keys_align: Align = texts.pick(("l", "l", "r", "c"))
    values_align: Align = texts.pick(("l", "l", "r", "c"))
    return Draft(grid, [keys_align, values_align] * num_pairs, [Column()] * grid.num_columns, 1)


def draw_timetable(
    texts: TableTexts, number_format: NumberFormat, max_columns: int, max_rows: int, room_em: float
) -> Draft:
    """Cells that reach over rows and columns as they like."""
    language = texts.choose_language()
    num_columns = texts.between(3, max(3, min(8, max_columns)))
    num_rows = texts.between(2, max(2, min(max_rows, 10)))
    cell_em = max(3.0, min(8.0, (room_em - 6.0) / (num_columns - 1) - 1.2))
    grid = Grid(num_columns)
    days = [day for day in weekday_names(language, "wide") if width_em(day) <= cell_em + 1]
    if len(days) < num_columns - 1 or texts.chance(0.4):
        days = texts.names(num_columns - 1, cell_em, language)
    grid.add_row("head")
    grid.put(0, 0, texts.fitting([*texts.list_of("dates", language), ""], 5.0))
    for index in range(num_columns - 1):
        grid.put(0, index + 1, days[index])
    first, step = texts.between(6, 12), texts.pick((60, 60, 90, 30, 45))
    clock = texts.chance(0.6)
    names = texts.names(num_rows, 6.0, language)
    for index in range(num_rows):
        row = grid.add_row("body")
        minutes = first * 60 + index * step
        grid.put(row, 0, f"{minutes // 60 % 24}:{minutes % 60:02}" if clock else names[index])
    values = draw_values(texts, number_format, cell_em, ("names", "names", *SHORT))
    free = texts.pick((0.0, 0.15, 0.4))
    _fill(texts, grid, values.make, free)
    aligns: list[Align] = ["l"]
    return Draft(grid, aligns + ["c"] * (num_columns - 1), [Column()] * num_columns, 1)


def _fill(texts: TableTexts, grid: Grid, make: Make, free: float) -> None:
    """Cells over up to three rows and three columns; a row keeps one that is only its own, the stub."""
    spans = 0.1 + 0.4 * texts.random()
    for row in range(1, len(grid.kinds)):
        for column in range(1, grid.num_columns):
            if not grid.is_free(row, column) or texts.chance(free):
                continue
            right, down = 1, 1
            if texts.chance(spans):
                max_colspan = texts.between(1, 3)
                while right < max_colspan and column + right < grid.num_columns and grid.is_free(row, column + right):
                    right += 1
            if texts.chance(spans):
                down = min(texts.between(1, 3), len(grid.kinds) - row)
                while down > 1 and not all(
                    grid.is_free(row + below, column + beside) for below in range(down) for beside in range(right)
                ):
                    down -= 1
            grid.put(row, column, make(), down, right)

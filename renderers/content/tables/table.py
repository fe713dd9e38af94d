"""The content of a table: plausible rows and columns, with a structure that does not depend on other tables.

Structure, values and rules are drawn independently, so none predicts another; texts are unrelated on purpose.
"""

import msgspec
import numpy as np

from renderers.content.lexicon import Lexicon
from renderers.content.locales import month_names
from renderers.content.tables.forms import Draft, draw_cross, draw_pairs, draw_timetable
from renderers.content.tables.grid import Column, Grid, RowKind
from renderers.content.tables.heads import Heads, draw_columns, put_heads
from renderers.content.tables.rules import draw_rules
from renderers.content.tables.texts import Drawable, TableTexts
from renderers.content.tables.values import NumberFormat, draw_number_format
from renderers.core.weighted import Weighted
from renderers.labels.tables.tree import Align, Table, tidy

_WEIGHTS = (0.03, 0.10, 0.14, 0.15, 0.14, 0.12, 0.10, 0.08, 0.05, 0.04, 0.03, 0.02)
_NUM_COLUMNS = Weighted((weight, num) for num, weight in enumerate(_WEIGHTS, 1))
"""How often a table is 1, 2, 3, ... columns wide, where it may be."""

MAX_COLUMNS = len(_WEIGHTS)
MAX_ROWS = 30
_MAX_CELLS = 220
"""Long tables are narrow and wide ones short, or nobody could read them at GOT's 1024 px."""


class TableContent(msgspec.Struct, frozen=True):
    """One table without its style.

    Attributes:
        table: what its label says.
        language: en, zh or mul.
        kinds: of each row.
        columns: how each is set.
        num_stubs: first columns that name the rows.
        rotated: whether the lowest heads of the other columns are turned by 90 degrees.
    """

    table: Table
    language: str
    kinds: tuple[RowKind, ...]
    columns: tuple[Column, ...]
    num_stubs: int
    rotated: bool


def draw_table(
    rng: np.random.Generator,
    lexicon: Lexicon,
    language: str,
    drawable: Drawable,
    room_em: float,
    max_columns: int = MAX_COLUMNS,
    max_rows: int = MAX_ROWS,
) -> TableContent:
    """The content of one table.

    Args:
        rng: where all choices come from.
        lexicon: where words come from.
        language: en, zh, or mul: names in one language and heads in the other.
        drawable: whether the table's fonts draw a text.
        room_em: about how wide the table may be, in em of its text.
        max_columns: at least 1.
        max_rows: of the body, at least 1.
    """
    texts = TableTexts(rng, lexicon, language, drawable)
    number_format = draw_number_format(texts)
    share = texts.random()
    if share < 0.10 and max_columns >= 3:
        draft = draw_cross(texts, number_format, max_columns, max_rows, room_em)
    elif share < 0.19 and max_columns >= 2:
        draft = draw_pairs(texts, number_format, max_columns, max_rows, room_em)
    elif share < 0.30 and max_columns >= 3:
        draft = draw_timetable(texts, number_format, max_columns, max_rows, room_em)
    else:
        draft = _draw_list(texts, number_format, max_columns, max_rows, room_em)
    return _finish(texts, draft, room_em)


def _finish(texts: TableTexts, draft: Draft, room_em: float) -> TableContent:
    grid = draft.grid
    aligns = _habits(texts, draft)
    rows = grid.rows()
    rules, bars = draw_rules(texts, grid)
    caption = _draw_caption(texts, room_em) if texts.chance(0.35) else ""
    notes = tuple(_draw_note(texts, room_em) for _ in range(texts.pick((1, 1, 2)))) if texts.chance(0.2) else ()
    table = Table(
        aligns=aligns,
        bars=bars,
        rows=rows,
        rules=rules,
        num_head=sum(kind == "head" for kind in grid.kinds),
        caption=caption,
        caption_below=bool(caption) and texts.chance(0.25),
        notes=tuple(note for note in notes if note),
    )
    return TableContent(table, texts.language, tuple(grid.kinds), tuple(draft.columns), draft.num_stubs, draft.rotated)


def _habits(texts: TableTexts, draft: Draft) -> tuple[Align, ...]:
    """Some people align all columns alike."""
    if texts.chance(0.22):
        alike: Align = texts.pick(("c", "c", "l"))
        return tuple(
            align if column.at_point or column.wrap_em else alike
            for align, column in zip(draft.aligns, draft.columns, strict=True)
        )
    return tuple(draft.aligns)


def _draw_caption(texts: TableTexts, room_em: float) -> str:
    language = texts.choose_language()
    form: str = texts.pick(texts.list_of("captions", language))
    title = texts.text("title", min(40.0, room_em), language)
    return tidy(form.format(n=texts.between(1, 24), m=texts.between(1, 9), title=title))


def _draw_note(texts: TableTexts, room_em: float) -> str:
    language = texts.choose_language()
    form: str = texts.pick(texts.list_of("notes", language))
    unit, word = texts.fitting(texts.list_of("units", language), 4.0), texts.text("word", 6.0, language)
    note = form.replace("{unit}", unit).replace("{~word}", word.lower(), 1).replace("{word}", word, 1)
    for slot in ("{~word}", "{word}"):
        note = note.replace(slot, texts.text("word", 6.0, language).lower())
    note = note.replace("{year}", str(texts.between(1990, 2024)))
    for kind in ("title", "source"):
        if f"{{{kind}}}" in note:
            note = note.replace(f"{{{kind}}}", texts.text(kind, min(36.0, room_em), language))
    note = f"{texts.pick(texts.any['markers'])} {note}" if texts.chance(0.15) else note
    return tidy(note) if texts.draws(note) else ""


def _draw_list(
    texts: TableTexts, number_format: NumberFormat, max_columns: int, max_rows: int, room_em: float
) -> Draft:
    """A list: a row for each thing, a column for each property."""
    num = min(max_columns, _NUM_COLUMNS.at(texts.random()))
    num_stubs = 0 if num == 1 or texts.chance(0.08) else (2 if num >= 3 and texts.chance(0.25) else 1)
    stub_em = [texts.pick((4.0, 7.0, 10.0, 14.0)) if num < 8 else 6.0 for _ in range(num_stubs)]
    heads = draw_columns(texts, number_format, num - num_stubs, room_em - sum(stub_em))
    language = texts.choose_language()
    heads.stubs = [texts.fitting(texts.list_of("names", language), max_em) for max_em in stub_em]
    num = num_stubs + len(heads.leaves)
    grid = Grid(num)
    if texts.chance(0.93):
        put_heads(texts, grid, heads)
        if all(grid.is_free(0, column) for column in range(num)):
            grid.put(0, num - 1, texts.pick("ABCDEFGH"))
    wrapped = sum(leaf.values.wrap_em > 0 for leaf in heads.leaves)
    max_body = max(1, min(max_rows, _MAX_CELLS // num, 10 if wrapped else max_rows))
    num_rows = 1 + min(max_body - 1, int(max_body * texts.random() ** 2.2))
    _put_body(texts, grid, heads, stub_em, num_rows)
    columns = [*(Column() for _ in range(num_stubs))]
    columns += [Column(leaf.values.wrap_em, leaf.values.at_point) for leaf in heads.leaves]
    stub_align: Align = "l"
    aligns = [stub_align] * num_stubs + [leaf.values.align for leaf in heads.leaves]
    draft = Draft(grid, aligns, columns, num_stubs)
    draft.rotated = heads.rotated and bool(heads.leaves)
    return draft


def _put_body(texts: TableTexts, grid: Grid, heads: Heads, stub_em: list[float], num_rows: int) -> None:
    num_stubs = len(stub_em)
    grouped = num_stubs >= 1 and num_rows >= 4 and texts.chance(0.2)
    bodies: list[int] = []
    starts = sorted({0, *(texts.between(1, num_rows - 1) for _ in range(texts.between(1, 3)))}) if grouped else []
    group_style = texts.pick(("over", "over", "centre"))
    group_names = texts.names(len(starts), 16.0) if grouped else []
    for index in range(num_rows):
        if index in starts:
            _put_group(grid, group_names[starts.index(index)], group_style)
        bodies.append(grid.add_row("body"))
    _put_stubs(texts, grid, bodies, stub_em, merged=not grouped)
    if num_rows >= 3 and texts.chance(0.12):
        _merge_down(texts, grid, heads, bodies, num_stubs)
    if texts.chance(0.07) and len(heads.leaves) >= 2:
        row = texts.pick(bodies)
        column = num_stubs + texts.between(0, len(heads.leaves) - 2)
        if grid.is_free(row, column) and grid.is_free(row, column + 1):
            grid.put(row, column, texts.pick(("–", "n/a", heads.leaves[column - num_stubs].values.make() or "–")), 1, 2)
    _put_values(texts, grid, heads, bodies, num_stubs)
    if num_stubs and texts.chance(0.25) and any(leaf.values.countable for leaf in heads.leaves):
        _put_totals(texts, grid, heads, num_stubs)
    if texts.chance(0.03):
        text = texts.fitting(texts.list_of("continued"), 14.0)
        grid.put(grid.add_row("group"), 0, text, colspan=grid.num_columns, align="r")


def _put_values(texts: TableTexts, grid: Grid, heads: Heads, bodies: list[int], num_stubs: int) -> None:
    missing, missing_frac = texts.pick(texts.any["missing"]), texts.pick((0.0, 0.0, 0.0, 0.04, 0.12, 0.3))
    marker, marker_frac = texts.pick(texts.any["markers"]), texts.pick((0.0,) * 15 + (0.04,))
    for row in bodies:
        for index, leaf in enumerate(heads.leaves):
            if not grid.is_free(row, num_stubs + index):
                continue
            if texts.random() < missing_frac and (num_stubs > 0 or index > 0):
                text = missing
            else:
                text = leaf.values.make()
                text += marker if text and texts.random() < marker_frac else ""
            grid.put(row, num_stubs + index, text)


def _put_group(grid: Grid, name: str, style: str) -> None:
    row = grid.add_row("group")
    if grid.num_columns == 1:
        grid.put(row, 0, name)
    else:
        grid.put(row, 0, name, colspan=grid.num_columns, align="l" if style == "over" else "c")


def _put_stubs(texts: TableTexts, grid: Grid, bodies: list[int], stub_em: list[float], merged: bool) -> None:
    if len(stub_em) == 2:
        # The first names runs of rows, in a cell over them or in their first row only.
        style = texts.pick(("span", "span", "span", "first", "each"))
        at, runs = 0, []
        while at < len(bodies):
            runs.append((at, min(len(bodies) - at, texts.between(1, 5))))
            at += runs[-1][1]
        for (start, num), name in zip(runs, texts.names(len(runs), stub_em[0]), strict=True):
            consecutive = bodies[start + num - 1] - bodies[start] == num - 1
            if style == "span" and merged and consecutive:
                grid.put(bodies[start], 0, name, rowspan=num)
                continue
            for index in range(start, start + num):
                grid.put(bodies[index], 0, name if index == start or style == "each" else "")
    if stub_em:
        names = _row_names(texts, len(bodies), stub_em[-1])
        for row, name in zip(bodies, names, strict=True):
            grid.put(row, len(stub_em) - 1, name)


def _row_names(texts: TableTexts, num: int, max_em: float) -> list[str]:
    kind = texts.pick(("names", "names", "names", "years", "numbers", "months", "codes", "formulas", "stats"))
    first = texts.between(1950, 2023)
    if kind == "years":
        return [str(first + index) for index in range(num)]
    if kind == "numbers":
        form = texts.pick(("{}", "{}", "{}.", "({})", "No. {}", "#{}"))
        return [form.format(index + 1) for index in range(num)]
    language = texts.choose_language()
    if kind == "months" and num <= 12:
        return list(month_names(language, "abbreviated")[:num])
    if kind == "codes":
        letters = texts.pick(("A", "S", "T-", "No", "P", "X", "K-"))
        start = texts.between(1, 900)
        return [f"{letters}{start + index}" for index in range(num)]
    if kind in ("formulas", "stats"):
        things = texts.formulas["heads"] if kind == "formulas" else texts.list_of("stats", language)
        if num <= len(things):
            return texts.shuffled(things)[:num]
    return texts.names(num, max_em, language)


def _merge_down(texts: TableTexts, grid: Grid, heads: Heads, bodies: list[int], num_stubs: int) -> None:
    """Equal cells of one column become one."""
    index = texts.between(0, len(heads.leaves) - 1)
    leaf = heads.leaves[index]
    if leaf.values.wrap_em or (num_stubs == 0 and len(heads.leaves) < 2):
        return
    at = 0
    while at < len(bodies):
        num = min(texts.between(1, 3), len(bodies) - at)
        if bodies[at + num - 1] - bodies[at] == num - 1 and num > 1:
            grid.put(bodies[at], num_stubs + index, leaf.values.make(), rowspan=num)
        at += num


def _put_totals(texts: TableTexts, grid: Grid, heads: Heads, num_stubs: int) -> None:
    language = texts.choose_language()
    for name in texts.shuffled(texts.list_of("totals", language))[: texts.pick((1, 1, 1, 2))]:
        row = grid.add_row("total")
        joined = num_stubs > 1 and texts.chance(0.6)
        grid.put(row, 0, name, colspan=num_stubs if joined else 1)
        for index, leaf in enumerate(heads.leaves):
            if leaf.values.countable:
                grid.put(row, num_stubs + index, leaf.values.make())

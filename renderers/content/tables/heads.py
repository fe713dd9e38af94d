"""The columns of a list of things, and the rows of heads above them: plain, in groups, in groups of groups."""

from dataclasses import dataclass, field

from renderers.content.tables.grid import Grid
from renderers.content.tables.texts import TableTexts, width_em
from renderers.content.tables.values import NUMBERS, SHORT, NumberFormat, Values, draw_values

_GAP_EM = 1.2
_MAX_EM = 15.0
_MIN_EM = 3.2


@dataclass(slots=True)
class Leaf:
    """A column.

    Attributes:
        values: what its cells hold.
        head: the text above it.
        group: index of the group of heads that it belongs to; -1 for none.
    """

    values: Values
    head: str
    group: int = -1


@dataclass(slots=True)
class Heads:
    """Columns from left to right.

    Attributes:
        leaves: of the columns after the stubs.
        stubs: heads of the stubs, the columns that name the rows.
        groups: heads of groups of columns.
        over: heads of so many groups each.
        rotated: whether the lowest heads are turned.
    """

    leaves: list[Leaf]
    stubs: list[str]
    groups: list[str] = field(default_factory=list)
    over: list[tuple[str, int]] = field(default_factory=list)
    rotated: bool = False


def draw_head(texts: TableTexts, values: Values, max_em: float, language: str = "") -> str:
    """What stands above a column of such values."""
    name = texts.pick(values.head)
    if name == "axis":
        return texts.text("axis", max_em, language)
    if name == "letter":
        return texts.pick("ABCDEFGHIJKLMNOP")
    if name == "p":
        return texts.pick(("p", "\\(p\\)", "P", "p-value", "Sig.", "\\(P\\)"))
    if name == "formulas":
        return texts.pick(texts.formulas["heads"])
    if name == "stats" and texts.chance(0.25):
        return with_unit(texts, texts.fitting(texts.list_of("stats", language), max_em), max_em, language)
    return texts.fitting(texts.list_of(name, language), max_em)


def with_unit(texts: TableTexts, name: str, max_em: float, language: str) -> str:
    """A name with a unit, where there is room for it."""
    unit = texts.fitting(texts.list_of("units", language), 4.0)
    named = texts.pick((f"{name} ({unit})", f"{name} [{unit}]", f"{name}, {unit}", f"{name} / {unit}"))
    return named if width_em(named) <= max_em + 2.0 else name


def draw_columns(texts: TableTexts, number_format: NumberFormat, num: int, room_em: float) -> Heads:
    """So many columns after the stubs, fewer where they would be too wide."""
    if num >= 2 and texts.chance(0.42):
        return _draw_groups(texts, number_format, num, room_em)
    heads = Heads([], [])
    heads.rotated = num >= 4 and texts.chance(0.12)
    language = texts.choose_language()
    taken: set[str] = set()
    for index in range(num):
        left_em = room_em / (num - index) - _GAP_EM
        if left_em < _MIN_EM and heads.leaves:
            break
        max_em = min(_MAX_EM, max(_MIN_EM, left_em * (1.0 if num - index == 1 else 1.4)))
        values = draw_values(texts, number_format, max_em, SHORT if num > 6 or heads.rotated else ())
        if values.wrap_em > max_em:
            values = draw_values(texts, number_format, max_em, NUMBERS)
        # A turned head may be long: it costs height, not width.
        head = _fresh_head(texts, values, 9.0 if heads.rotated else max(max_em, 4.0), language, taken)
        heads.leaves.append(Leaf(values, head))
        head_em = 1.0 if heads.rotated else width_em(head)
        room_em -= _GAP_EM + max(values.wrap_em or max(width_em(values.make()) for _ in range(3)), head_em)
    return heads


def _fresh_head(texts: TableTexts, values: Values, max_em: float, language: str, taken: set[str]) -> str:
    for _ in range(3):
        head = draw_head(texts, values, max_em, language)
        if head not in taken:
            break
    taken.add(head)
    return head


def _draw_groups(texts: TableTexts, number_format: NumberFormat, num: int, room_em: float) -> Heads:
    """The same few columns under several heads."""
    size = texts.between(2, min(4, num))
    num_groups = max(1, num // size)
    wide_em = room_em / (size * num_groups) - _GAP_EM
    while num_groups > 1 and wide_em < _MIN_EM:
        num_groups -= 1
        wide_em = room_em / (size * num_groups) - _GAP_EM
    wide_em = max(_MIN_EM, wide_em)
    language = texts.choose_language()
    taken: set[str] = set()
    pattern: list[tuple[Values, str]] = []
    alike = draw_values(texts, number_format, min(9.0, wide_em), SHORT) if texts.chance(0.4) else None
    for _ in range(size):
        values = alike or draw_values(texts, number_format, min(9.0, wide_em), SHORT)
        pattern.append((values, _fresh_head(texts, values, max(4.0, min(7.0, wide_em)), language, taken)))
    first = texts.between(1995, 2020)
    if texts.chance(0.15):
        pattern = [(values, str(first + index)) for index, (values, _) in enumerate(pattern)]
    heads = Heads([], [])
    for group in range(num_groups):
        heads.leaves += [Leaf(values, head, group) for values, head in pattern]
    heads.groups = _group_names(texts, num_groups, size * wide_em, first, language)
    spare_em = room_em - size * num_groups * (wide_em + _GAP_EM)
    for _ in range(num - size * num_groups):
        if texts.chance(0.5) and spare_em > _MIN_EM:
            values = draw_values(texts, number_format, min(8.0, spare_em), SHORT)
            heads.leaves.append(Leaf(values, _fresh_head(texts, values, 6.0, language, taken)))
            spare_em -= 8.0
    if num_groups >= 4 and num_groups % 2 == 0 and texts.chance(0.5):
        names = texts.names(2, 14.0, language)
        heads.over = [(name, num_groups // 2) for name in names]
    elif num_groups >= 2 and texts.chance(0.12):
        heads.over = [(texts.text("axis", 16.0, language), num_groups)]
    return heads


def _group_names(texts: TableTexts, num: int, max_em: float, first: int, language: str) -> list[str]:
    kind = texts.pick(("years", "tops", "tops", "names", "formulas"))
    if kind == "years":
        return [str(first + index) for index in range(num)]
    if kind == "formulas" and num <= 6:
        symbol = texts.pick(("\\alpha", "\\lambda", "k", "n", "\\sigma", "T", "\\beta"))
        return [f"\\({symbol} = {index + 1}\\)" for index in range(num)]
    if kind == "tops":
        tops = texts.shuffled(texts.list_of("tops", language))
        return [name for name in tops if width_em(name) <= max(6.0, max_em)][:num]
    return texts.names(num, max(3.0, max_em), language)


def put_heads(texts: TableTexts, grid: Grid, heads: Heads) -> None:
    """Writes the rows of heads."""
    num_stubs = len(heads.stubs)
    num_levels = 1 + bool(heads.groups) + bool(heads.over)
    for _ in range(num_levels):
        grid.add_row("head")
    bottom = num_levels - 1
    # Over three rows a head would stand in the second, as if it were of that row only.
    style = texts.pick(("span", "span", "span", "bottom", "top") if num_levels < 3 else ("bottom", "top"))
    for column, stub in enumerate(heads.stubs):
        if style == "span":
            grid.put(0, column, stub, rowspan=num_levels)
        else:
            grid.put(bottom if style == "bottom" else 0, column, stub)
    size = sum(leaf.group == 0 for leaf in heads.leaves)
    column = num_stubs
    for name, num in heads.over:
        grid.put(0, column, name, colspan=num * size)
        column += num * size
    for number, name in enumerate(heads.groups):
        grid.put(bottom - 1, num_stubs + number * size, name, colspan=size)
    for index, leaf in enumerate(heads.leaves):
        if leaf.group >= 0 or num_levels == 1 or style == "bottom":
            grid.put(bottom, num_stubs + index, leaf.head)
        else:
            grid.put(0, num_stubs + index, leaf.head, rowspan=num_levels if style == "span" else 1)
    if num_levels == 1 and not heads.rotated and texts.chance(0.08):
        _put_units(texts, grid, heads)


def _put_units(texts: TableTexts, grid: Grid, heads: Heads) -> None:
    """A second row of heads: the units of numbers."""
    row = grid.add_row("head")
    language = texts.choose_language()
    for index, leaf in enumerate(heads.leaves):
        if leaf.values.countable:
            grid.put(row, len(heads.stubs) + index, f"({texts.fitting(texts.list_of('units', language), 4.0)})")
    if all(grid.is_free(row, column) for column in range(grid.num_columns)):
        grid.put(row, 0, "(1)")

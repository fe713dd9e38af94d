"""What a chart says, without how it looks: the structs that both chart renderers draw, and their target.

All numbers are already on the grid that a reader can recover: `NumberFormat.text` of a value is what the label says,
and, where values are printed, what the ink says.
"""

from typing import Any, Literal, TypeAlias, get_args

import msgspec

from renderers.labels.charts import ABSENT

Kind: TypeAlias = Literal[
    "bar",  # vertical bars, one series
    "barh",  # horizontal bars, one series; the first category is the uppermost
    "grouped_bar",
    "stacked_bar",
    "percent_bar",  # stacked to 100 %
    "line",  # 1-5 series
    "step",
    "area",  # one series, filled to zero
    "stacked_area",
    "pie",
    "donut",
    "rose",  # sectors of equal angle, radius shows the value
    "scatter",  # points are (x, y)
    "bubble",  # points are (x, y, size), each with its name (series = one, categories = names)
    "radar",
    "combo",  # bars on the left axis, lines on the right one
    "box",  # points are (min, q1, median, q3, max)
    "heatmap",  # series = rows, categories = columns
    "funnel",
    "candlestick",  # points are (open, close, low, high)
]

KINDS: tuple[Kind, ...] = get_args(Kind)

PART_NAMES: dict[str, tuple[str, ...]] = {
    "bubble": ("x", "y", "size"),
    "box": ("min", "q1", "median", "q3", "max"),
    "candlestick": ("open", "close", "low", "high"),
}
"""Names of the numbers of a point, for the kinds whose points have several names."""

ALWAYS_PRINTED: frozenset[str] = frozenset({"pie", "donut", "rose", "heatmap", "funnel", "bubble"})
"""Kinds whose values no ruler recovers: their numbers are always printed at the marks (of a bubble: its size)."""

Point: TypeAlias = tuple[float, ...]


class NumberFormat(msgspec.Struct, frozen=True, gc=False):
    """How numbers of one axis are written.

    Attributes:
        decimals: digits after the point.
        thousands: separator of thousands: "", ",", " " or "'".
        prefix: before the digits, after the sign: "$".
        suffix: after the digits: "%", "K", " kg", "万".
    """

    decimals: int = 0
    thousands: str = ""
    prefix: str = ""
    suffix: str = ""

    def text(self, value: float, decimals: int | None = None) -> str:
        """A number as this axis writes it: -1234.5 -> "-$1,234.5"."""
        digits = f"{abs(value):,.{self.decimals if decimals is None else decimals}f}".replace(",", self.thousands)
        sign = "-" if value < 0 and any(digit in digits for digit in "123456789") else ""
        return f"{sign}{self.prefix}{digits}{self.suffix}"


class ValueAxis(msgspec.Struct, frozen=True, gc=False):
    """An axis of numbers, its limits and ticks chosen by `draw`, so that value grid and picture agree.

    Attributes:
        low, high: limits of the axis, in the unit of its values.
        ticks: values at which it is labelled, ascending, within low..high, in the unit of its values.
        format: of its values; ticks are written with `tick_decimals` instead of `format.decimals`.
        log: whether it is logarithmic (base 10).
    """

    low: float
    high: float
    ticks: tuple[float, ...]
    format: NumberFormat
    tick_decimals: int = 0
    log: bool = False

    def tick_texts(self) -> tuple[str, ...]:
        """What stands at the ticks."""
        if not self.log:
            return tuple(self.format.text(tick, self.tick_decimals) for tick in self.ticks)
        return tuple(self.format.text(tick, 0 if tick >= 1 else len(f"{tick:g}") - 2) for tick in self.ticks)


class Series(msgspec.Struct, frozen=True, gc=False):
    """One series.

    Attributes:
        name: as in the legend; "" for the only, nameless series.
        points: one for each category (None = missing), or for scatter one for each dot.
        axis: which of the chart's value axes: 0 left (or bottom), 1 right.
        line: in a combination, drawn as a line instead of bars.
    """

    name: str
    points: tuple[Point | None, ...]
    axis: int = 0
    line: bool = False


class Chart(msgspec.Struct, frozen=True, gc=False):
    """What one chart says.

    Attributes:
        kind: which chart.
        language: BCP 47: en, zh, or mul where both stand in one chart.
        title, source, x_title, y_title: "" where the chart has none. Always of the picture's horizontal (x) and
            vertical (y) axis; charts without axes have none.
        categories: names along the category axis (sectors of a pie, indicators of a radar, names of bubbles, columns of
            a heat map); empty for scatter.
        series: in legend order; for a heat map its rows, from the top.
        axes: value axes: one; two for combo (left, right), scatter and bubble (x, y); for charts without a drawn axis
            (pie, funnel, ...) one that only holds the format.
        printed: whether each value is printed at its mark.
        size_format: for bubble, the format of the printed size.
    """

    kind: Kind
    language: str
    title: str
    source: str
    x_title: str
    y_title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    axes: tuple[ValueAxis, ...]
    printed: bool
    size_format: NumberFormat | None = None

    def value_text(self, series: Series, point: Point | None, part: int = -1) -> str:
        """The text of one number of a point (by default its last), as the target has it."""
        if point is None:
            return ABSENT
        at = part % len(point)
        if self.kind == "bubble" and at == 2 and self.size_format is not None:
            return self.size_format.text(point[at])
        if self.kind in ("scatter", "bubble"):
            return self.axes[at].format.text(point[at])
        return self.axes[series.axis].format.text(point[at])


def point_value(chart: Chart, series: Series, point: Point | None) -> str | dict[str, str]:
    """What the target says of a point: one string, or a dictionary of its parts."""
    names = PART_NAMES.get(chart.kind)
    if names is None or point is None:
        return chart.value_text(series, point)
    return {name: chart.value_text(series, point, part) for part, name in enumerate(names)}


def point_key(chart: Chart, series: Series, index: int) -> str:
    """The key of a point within its series: its category, or for scatter its x."""
    if chart.kind != "scatter":
        return chart.categories[index]
    point = series.points[index]
    assert point is not None, "scatter has no missing points"
    return chart.value_text(series, point, 0)


def point_path(chart: Chart, series: Series, index: int) -> tuple[str, ...]:
    """The path of a point in the target, as `labels.charts.write` names it."""
    key = point_key(chart, series, index)
    return ("values", series.name, key) if series.name else ("values", key)


def target(chart: Chart) -> dict[str, Any]:
    """The chart as OneChart's dictionary; `labels.charts.write` makes it text."""
    values: dict[str, Any] = {}
    for series in chart.series:
        points = {
            point_key(chart, series, index): point_value(chart, series, point)
            for index, point in enumerate(series.points)
        }
        if series.name:
            values[series.name] = points
        else:
            values.update(points)
    texts = {"title": chart.title, "source": chart.source, "x_title": chart.x_title, "y_title": chart.y_title}
    return {key: text or ABSENT for key, text in texts.items()} | {"values": values}

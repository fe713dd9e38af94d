"""What a chart must ink: every text with its owner in ECharts, and the pieces of it that the target says."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from renderers.content.charts.data import PART_NAMES, Chart, Series, point_path
from renderers.core.renderer import NO_SPAN
from renderers.drawing.pyecharts_charts.layout import Layout, legend_names, slice_label
from renderers.drawing.pyecharts_charts.margins import axis_texts
from renderers.drawing.pyecharts_charts.style import KINDS_WITHOUT_AXES, SLICES
from renderers.labels.canonical import Span
from renderers.labels.charts import Path

Owner: TypeAlias = tuple[str | int, ...]
"""Who draws a text: ("title", 0), ("xAxis", 0, "name"), ("yAxis", 0, 3), ("legend", 2), ("mark", series, item, 0)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text that stands for one string of the target.

    Attributes:
        start, end: characters of the text.
        kind: role in the picture, see `Region.kind`.
        span: of the target, or NO_SPAN.
    """

    start: int
    end: int
    kind: str
    span: Span


@dataclass(frozen=True, slots=True)
class PlannedText:
    """A text to be inked once; its lines are parted by line breaks."""

    text: str
    pieces: tuple[Piece, ...]


_MARK_KINDS = {"heatmap": "cell", "box": "box", "candlestick": "candle"} | dict.fromkeys(SLICES, "slice")
_POINTS = frozenset({"bubble", "scatter", "radar", "line", "step", "area", "stacked_area"})


def mark_kind(chart: Chart, series: Series) -> str:
    """What the marks of a series are called."""
    return "point" if series.line or chart.kind in _POINTS else _MARK_KINDS.get(chart.kind, "bar")


def mark_spans(chart: Chart, series: Series, index: int, spans: dict[Path, Span]) -> list[Span]:
    """Characters of the target that a mark shows, number by number; the x of a dot is the key of its y."""
    path = point_path(chart, series, index)
    if chart.kind == "scatter":
        return [spans[(*path, "")], spans[path]]
    names = PART_NAMES.get(chart.kind)
    return [spans[path]] if names is None else [spans[(*path, name)] for name in names]


def plan_texts(chart: Chart, layout: Layout, spans: dict[Path, Span]) -> dict[Owner, PlannedText]:
    """All texts of a chart by owner."""
    planned: dict[Owner, PlannedText] = {}

    def add(owner: Owner, text: str, kind: str, span: Span) -> None:
        if text:
            planned[owner] = PlannedText(text, (Piece(0, len(text), kind, span),))

    add(("title", 0), chart.title, "title", spans[("title",)])
    add(("title", 1), chart.source, "source", spans[("source",)])
    for owner, text, kind, span in _axis_plan(chart, spans):
        add(owner, text, kind, span)
    for index, name in enumerate(legend_names(chart, layout.words)):
        add(("legend", index), name, "category" if chart.kind in SLICES else "series", _key_span(chart, spans, name))
    return planned | dict(_label_plan(chart, layout, spans))


def _key_span(chart: Chart, spans: dict[Path, Span], name: str) -> Span:
    """Where a category or series stands first in the target."""
    direct = spans.get(("values", name, ""))
    if direct is not None:
        return direct
    first = next(series.name for series in chart.series if ("values", series.name, name, "") in spans)
    return spans[("values", first, name, "")]


def _axis_plan(chart: Chart, spans: dict[Path, Span]) -> Iterator[tuple[Owner, str, str, Span]]:
    if chart.kind == "radar":
        for index, name in enumerate(chart.categories):
            yield ("radar", "name", index), name, "category", _key_span(chart, spans, name)
        for index, text in enumerate(() if chart.printed else chart.axes[0].tick_texts()):
            yield ("radar", index), text, "tick", NO_SPAN
    if chart.kind in KINDS_WITHOUT_AXES:
        return
    yield ("xAxis", 0, "name"), chart.x_title, "x_title", spans[("x_title",)]
    yield ("yAxis", 0, "name"), chart.y_title, "y_title", spans[("y_title",)]
    x_texts, y_texts, far_texts = axis_texts(chart)
    x_names = chart.kind not in ("barh", "scatter", "bubble")
    y_names = chart.kind in ("barh", "heatmap")
    for index, text in enumerate(x_texts):
        yield (
            ("xAxis", 0, index),
            text,
            *(("category", _key_span(chart, spans, text)) if x_names else ("tick", NO_SPAN)),
        )
    y_kind = "series" if chart.kind == "heatmap" else "category"
    for index, text in enumerate(y_texts):
        kind, span = (y_kind, _key_span(chart, spans, text)) if y_names else ("tick", NO_SPAN)
        yield ("yAxis", 0, index), text, kind, span
    for index, text in enumerate(far_texts):
        yield ("yAxis", 1, index), text, "tick", NO_SPAN


def _label_plan(chart: Chart, layout: Layout, spans: dict[Path, Span]) -> Iterator[tuple[Owner, PlannedText]]:
    if not chart.printed:
        return
    for number, series in enumerate(chart.series):
        for index, point in enumerate(series.points):
            if point is None:
                continue
            value = chart.value_text(series, point)
            span = spans[point_path(chart, series, index)] if chart.kind != "bubble" else (
                spans[(*point_path(chart, series, index), "size")]
            )  # fmt: skip
            text = value
            pieces: list[Piece] = []
            if chart.kind in SLICES or chart.kind == "bubble":
                words = "name_value_line" if chart.kind == "bubble" else layout.words
                name = chart.categories[index]
                text = slice_label(name, value, words)
                if text != value:
                    pieces.append(Piece(0, len(name), "category", _key_span(chart, spans, name)))
            at = text.rindex(value)
            pieces.append(Piece(at, at + len(value), "value", span))
            yield _label_owner(chart, number, index), PlannedText(text, tuple(pieces))


def _label_owner(chart: Chart, number: int, index: int) -> Owner:
    """Radar: one item with a label for each corner; heat map: one series with all cells, row by row."""
    if chart.kind == "radar":
        return ("mark", number, 0, index)
    if chart.kind == "heatmap":
        cells = [
            (row, column)
            for row, series in enumerate(chart.series)
            for column, point in enumerate(series.points)
            if point is not None
        ]
        return ("mark", 0, cells.index((number, index)), 0)
    return ("mark", number, index, 0)


def plan_marks(chart: Chart) -> dict[Owner, tuple[Series, int]]:
    """All marks of a chart by owner: the series and the point that they show."""
    return {
        _label_owner(chart, number, index): (series, index)
        for number, series in enumerate(chart.series)
        for index, point in enumerate(series.points)
        if point is not None
    }


def found_owner(chart: Chart, raw: list[Any], num_radar_names: int) -> Owner:
    """The owner, in the words of the plan, of a text of a chart as the page tells it: [kind, number, detail, part].

    A label of an axis has the detail "label_" and its value; names of indicators come in turn, `num_radar_names` were
    met before.
    """
    kind, number, detail = raw[0], raw[1], raw[2]
    if kind == "mark":
        return ("mark", number, detail, raw[3] or 0)
    if kind in ("title", "legend"):
        return (kind, number if kind == "title" else detail)
    if detail is None or not str(detail).startswith("label_"):
        return ("radar", "name", num_radar_names) if kind == "radar" else (kind, number, str(detail))
    value = float(str(detail).removeprefix("label_"))
    if kind == "radar":
        return ("radar", _nearest(chart.axes[0].ticks, value))
    ticks = _ticks(chart, kind, number)
    return (kind, number, int(value) if ticks is None else _nearest(ticks, value))


def _ticks(chart: Chart, kind: str, number: int) -> tuple[float, ...] | None:
    """The ticks of an axis of ECharts, None for an axis of names."""
    if chart.kind == "heatmap":
        return None
    if chart.kind in ("scatter", "bubble"):
        return chart.axes[0 if kind == "xAxis" else 1].ticks
    valued = "xAxis" if chart.kind == "barh" else "yAxis"
    return chart.axes[number].ticks if kind == valued else None


def _nearest(ticks: tuple[float, ...], value: float) -> int:
    return min(range(len(ticks)), key=lambda index: abs(ticks[index] - value))

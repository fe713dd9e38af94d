"""The script a user writes: pyplot, a figure a chart, tight_layout by savefig. What `make bench` compares us with.

The same charts at the same size in the same fonts, without boxes, proof or any choice of looks.
"""

import io
from collections.abc import Callable
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager

from renderers.content.charts.data import Chart
from renderers.content.fonts import font_file
from renderers.matplotlib_charts import MatplotlibSpec

_DPI = 100


def render_naive(spec: MatplotlibSpec) -> bytes:
    """PNG of a chart as pyplot draws it."""
    chart, style = spec.chart, spec.style
    families = [family for family in (style.latin, style.han) if family]
    for family in families:
        if family not in _ADDED:
            font_manager.fontManager.addfont(font_file(family))
            _ADDED.add(family)
    plt.rcParams["font.family"] = families
    plt.rcParams["font.size"] = style.tick_px * 72 / _DPI
    plt.rcParams["axes.unicode_minus"] = False
    polar = chart.kind in ("radar", "rose")
    figure, axes = plt.subplots(
        figsize=(style.width_px / _DPI, style.height_px / _DPI), dpi=_DPI, subplot_kw={"polar": polar}
    )
    _DRAW[chart.kind](axes, chart)
    if chart.title:
        axes.set_title(chart.title)
    axes.set_xlabel(chart.x_title)
    axes.set_ylabel(chart.y_title)
    if chart.source:
        figure.text(0.01, 0.01, chart.source)
    if any(series.name for series in chart.series) and chart.kind != "heatmap":
        axes.legend()
    stream = io.BytesIO()
    plt.savefig(stream, bbox_inches="tight")
    plt.close(figure)
    return stream.getvalue()


_ADDED: set[str] = set()


def _rows(chart: Chart) -> np.ndarray:
    return np.array([[np.nan if point is None else point[-1] for point in series.points] for series in chart.series])


def _limits(axes: Any, chart: Chart) -> None:
    axes.set_ylim(chart.axes[0].low, chart.axes[0].high)
    if chart.axes[0].log:
        axes.set_yscale("log")
    axes.set_yticks(chart.axes[0].ticks, chart.axes[0].tick_texts())
    axes.grid(axis="y")


def _bars(axes: Any, chart: Chart) -> None:
    rows = _rows(chart)
    places = np.arange(len(chart.categories))
    stacked = chart.kind in ("stacked_bar", "percent_bar")
    width = 0.8 if stacked else 0.8 / len(rows)
    floor = np.zeros(len(places))
    for number, (series, row) in enumerate(zip(chart.series, rows, strict=True)):
        where = places if stacked else places + (number - (len(rows) - 1) / 2) * width
        bars = axes.bar(where, row, width, bottom=floor if stacked else 0, label=series.name)
        if chart.printed:
            axes.bar_label(bars, [chart.value_text(series, point) for point in series.points])
        floor += np.nan_to_num(row)
    axes.set_xticks(places, chart.categories)
    _limits(axes, chart)


def _lying_bars(axes: Any, chart: Chart) -> None:
    bars = axes.barh(chart.categories, _rows(chart)[0], label=chart.series[0].name)
    if chart.printed:
        axes.bar_label(bars, [chart.value_text(chart.series[0], point) for point in chart.series[0].points])
    axes.invert_yaxis()
    if chart.axes[0].log:
        axes.set_xscale("log")
    axes.set_xticks(chart.axes[0].ticks, chart.axes[0].tick_texts())


def _lines(axes: Any, chart: Chart) -> None:
    for series, row in zip(chart.series, _rows(chart), strict=True):
        draw = axes.step if chart.kind == "step" else axes.plot
        draw(range(len(row)), row, marker="o", label=series.name)
        if chart.printed:
            for place, point in enumerate(series.points):
                if point is not None:
                    axes.annotate(chart.value_text(series, point), (place, point[-1]), ha="center", va="bottom")
    if chart.kind == "area":
        axes.fill_between(range(len(chart.categories)), _rows(chart)[0], alpha=0.4)
    axes.set_xticks(range(len(chart.categories)), chart.categories)
    _limits(axes, chart)


def _stacked_area(axes: Any, chart: Chart) -> None:
    labels = [series.name for series in chart.series]
    axes.stackplot(range(len(chart.categories)), np.nan_to_num(_rows(chart)), labels=labels)
    axes.set_xticks(range(len(chart.categories)), chart.categories)
    _limits(axes, chart)


def _slices(axes: Any, chart: Chart) -> None:
    series = chart.series[0]
    texts = iter([chart.value_text(series, point) for point in series.points])
    hole = {"width": 0.45} if chart.kind == "donut" else {}
    axes.pie(_rows(chart)[0], labels=chart.categories, autopct=lambda _: next(texts), wedgeprops=hole)


def _rose(axes: Any, chart: Chart) -> None:
    angles = np.linspace(0, 2 * np.pi, len(chart.categories), endpoint=False)
    bars = axes.bar(angles, _rows(chart)[0], 2 * np.pi / len(angles))
    axes.bar_label(bars, [chart.value_text(chart.series[0], point) for point in chart.series[0].points])
    axes.set_xticks(angles, chart.categories)


def _radar(axes: Any, chart: Chart) -> None:
    angles = np.linspace(0, 2 * np.pi, len(chart.categories), endpoint=False)
    for series, row in zip(chart.series, _rows(chart), strict=True):
        axes.plot([*angles, angles[0]], [*row, row[0]], label=series.name)
        axes.fill([*angles, angles[0]], [*row, row[0]], alpha=0.2)
    axes.set_xticks(angles, chart.categories)
    axes.set_yticks(chart.axes[0].ticks, chart.axes[0].tick_texts())


def _dots(axes: Any, chart: Chart) -> None:
    for series in chart.series:
        points = np.array([point for point in series.points if point is not None])
        sizes = points[:, 2] / points[:, 2].max() * 900 if chart.kind == "bubble" else 30
        axes.scatter(points[:, 0], points[:, 1], sizes, label=series.name)
        if chart.kind == "bubble":
            for name, point in zip(chart.categories, series.points, strict=True):
                text = f"{name}\n{chart.value_text(series, point)}"
                axes.annotate(text, point[:2] if point else (0, 0), ha="center", va="center")
    if chart.axes[0].log:
        axes.set_xscale("log")
    if chart.axes[1].log:
        axes.set_yscale("log")
    axes.set_xticks(chart.axes[0].ticks, chart.axes[0].tick_texts())
    axes.set_yticks(chart.axes[1].ticks, chart.axes[1].tick_texts())
    axes.grid()


def _combination(axes: Any, chart: Chart) -> None:
    right = axes.twinx()
    bars = [series for series in chart.series if not series.line]
    for series, row in zip(chart.series, _rows(chart), strict=True):
        if series.line:
            right.plot(range(len(row)), row, marker="o", label=series.name)
        else:
            width = 0.8 / len(bars)
            axes.bar(np.arange(len(row)) + bars.index(series) * width, row, width, label=series.name)
    axes.set_xticks(range(len(chart.categories)), chart.categories)
    _limits(axes, chart)


def _boxes(axes: Any, chart: Chart) -> None:
    names = ("whislo", "q1", "med", "q3", "whishi")
    stats = [dict(zip(names, point, strict=True)) for point in chart.series[0].points if point is not None]
    axes.bxp(stats, showfliers=False)
    axes.set_xticks(range(1, len(chart.categories) + 1), chart.categories)
    _limits(axes, chart)


def _heat(axes: Any, chart: Chart) -> None:
    rows = _rows(chart)
    axes.imshow(rows, aspect="auto")
    for y, series in enumerate(chart.series):
        for x, point in enumerate(series.points):
            axes.text(x, y, chart.value_text(series, point), ha="center", va="center")
    axes.set_xticks(range(len(chart.categories)), chart.categories)
    axes.set_yticks(range(len(chart.series)), [series.name for series in chart.series])


def _funnel(axes: Any, chart: Chart) -> None:
    row = _rows(chart)[0]
    bars = axes.barh(chart.categories, row, left=-row / 2)
    axes.bar_label(bars, [chart.value_text(chart.series[0], point) for point in chart.series[0].points])
    axes.invert_yaxis()


def _candles(axes: Any, chart: Chart) -> None:
    for place, point in enumerate(chart.series[0].points):
        if point is not None:
            opened, closed, low, high = point
            axes.vlines(place, low, high)
            axes.bar(place, abs(closed - opened), 0.6, min(opened, closed), color="g" if closed > opened else "r")
    axes.set_xticks(range(len(chart.categories)), chart.categories)
    _limits(axes, chart)


_DRAW: dict[str, Callable[[Any, Chart], None]] = {
    "bar": _bars, "grouped_bar": _bars, "stacked_bar": _bars, "percent_bar": _bars, "barh": _lying_bars,
    "line": _lines, "step": _lines, "area": _lines, "stacked_area": _stacked_area, "pie": _slices, "donut": _slices,
    "rose": _rose, "radar": _radar, "scatter": _dots, "bubble": _dots, "combo": _combination, "box": _boxes,
    "heatmap": _heat, "funnel": _funnel, "candlestick": _candles,
}  # fmt: skip

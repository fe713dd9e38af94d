"""Bars, lines, areas and both together: one number for each category."""

import math
from typing import Any

from pyecharts import options as opts
from pyecharts.charts import Bar, Line
from pyecharts.charts.chart import Chart as Drawing

from renderers.content.charts.data import Chart, Series, ValueAxis
from renderers.core.colours import mix
from renderers.drawing.pyecharts_charts.layout import Layout
from renderers.drawing.pyecharts_charts.paint import (
    HIDDEN,
    SYMBOLS,
    dash,
    fill,
    patched_label,
    point_values,
    seen,
    symbol_size,
    value_label,
    value_texts,
)
from renderers.drawing.pyecharts_charts.style import Style, coloured_by_mark, ink_on


def make_bars(chart: Chart, style: Style, layout: Layout, canvas: opts.InitOpts) -> Drawing:
    """bar, barh, grouped_bar, stacked_bar, percent_bar, and the bars of a combination."""
    lying = chart.kind == "barh"
    stacked = chart.kind in ("stacked_bar", "percent_bar")
    columns = [series for series in chart.series if not series.line]
    drawing = Bar(canvas).add_xaxis(list(chart.categories))
    for index, series in enumerate(columns):
        colour = style.colours[index]
        drawing.add_yaxis(
            series.name,
            _bar_items(chart, style, series, lying, stacked and index + 1 < len(columns)),
            stack="all" if stacked else None,
            category_gap=f"{round(100 * (1 - _bar_frac(chart, style)))}%",
            gap=style.picks.bar_gap if chart.kind == "grouped_bar" and not chart.printed else "0%",
            label_opts=_bar_label(chart, style, series, colour),
            is_show_background=style.picks.bar_back and not chart.printed and not stacked and len(columns) == 1,
            background_style={"color": style.band} if style.picks.bar_back else None,
            itemstyle_opts=_bar_style(style, colour, lying),
            yaxis_index=series.axis or None,
        )
    return drawing


def _bar_frac(chart: Chart, style: Style) -> float:
    frac = style.picks.bar_frac
    return max(frac, 0.72) if chart.kind == "grouped_bar" else max(frac, 0.5) if chart.printed else frac


def _bar_style(style: Style, colour: str, lying: bool) -> dict[str, Any]:
    painted: dict[str, Any] = {"color": fill(style, colour, lying), "opacity": style.picks.opacity}
    if style.picks.border_width:
        painted |= {"borderColor": mix(colour, style.ink, 0.35), "borderWidth": style.picks.border_width}
    return painted


def _bar_items(chart: Chart, style: Style, series: Series, lying: bool, covered: bool) -> list[Any]:
    radius = 0 if covered or chart.kind in ("stacked_bar", "percent_bar") else style.picks.bar_radius
    items: list[Any] = []
    for index, value in enumerate(point_values(series)):
        painted: dict[str, Any] = {}
        if coloured_by_mark(chart, style):
            painted["color"] = fill(style, style.colours[index], lying)
        if radius and value is not None:
            ends = "0110" if lying else "1100"
            ends = ends if value >= 0 else ends[::-1] if not lying else "1001"
            painted["borderRadius"] = [radius * int(end) for end in ends]
        item: dict[str, Any] = {"value": value}
        if painted:
            item["itemStyle"] = painted
        if chart.printed and value is not None and value < 0:
            item["label"] = {"position": "left" if lying else "bottom"}
        items.append(item)
    return items


def _bar_label(chart: Chart, style: Style, series: Series, colour: str) -> opts.LabelOpts:
    """Values inside stacked bars, beyond the end of others."""
    if not chart.printed:
        return HIDDEN
    texts = value_texts(chart, series)
    if chart.kind in ("stacked_bar", "percent_bar"):
        return value_label(style, texts, "inside", ink_on(seen(style, colour)))
    return value_label(style, texts, "right" if chart.kind == "barh" else "top", style.ink)


def make_lines(chart: Chart, style: Style, layout: Layout, canvas: opts.InitOpts) -> Drawing:
    """line, step, area, stacked_area."""
    return _add_lines(Line(canvas), chart, style, layout, list(enumerate(chart.series)))


def _add_lines(drawing: Any, chart: Chart, style: Style, layout: Layout, lines: list[tuple[int, Series]]) -> Drawing:
    picks = style.picks
    area = chart.kind in ("area", "stacked_area")
    stacked = chart.kind == "stacked_area"
    drawing.add_xaxis(list(chart.categories))
    for index, series in lines:
        colour = style.colours[index]
        symbol = SYMBOLS[index % len(SYMBOLS)] if picks.symbol == "each" else picks.symbol
        # A point between two holes has no line: only its symbol shows it.
        lonely = any(point is None for point in series.points)
        if symbol == "none" and (lonely or chart.printed or chart.kind == "combo"):
            symbol = "circle"
        size = symbol_size(style, symbol)
        drawing.add_yaxis(
            series.name,
            # An item of pyecharts has a symbol and size of its own, whatever the series says.
            _dots(chart, style, layout, series, symbol, size),
            yaxis_index=series.axis or None,
            is_symbol_show=symbol != "none",
            symbol=symbol,
            symbol_size=size,
            stack="all" if stacked else None,
            is_smooth=picks.smooth or False,
            is_step=picks.step if chart.kind == "step" else False,
            is_clip=False,
            label_opts=patched_label(chart, style, series),
            linestyle_opts=opts.LineStyleOpts(
                is_show=True,
                width=picks.line_width,
                type_=dash(picks.line_type, index),
                color=colour,
            ),
            areastyle_opts=opts.AreaStyleOpts(
                opacity=(0.85 if stacked else picks.area_opacity) if area else 0, color=fill(style, colour)
            )
            if area
            else None,
            itemstyle_opts={"color": colour},
            z=3,
        )
    return drawing


def _dots(chart: Chart, style: Style, layout: Layout, series: Series, symbol: str, size: float) -> list[opts.LineItem]:
    """The points of a line; the number of a low between two higher ones stands below it, out of the line's way."""
    values = point_values(series)
    axis = chart.axes[series.axis]
    room = 2.4 * style.value_px / layout.plot[3]
    items = []
    for index, value in enumerate(values):
        item = opts.LineItem(value=value, symbol=symbol, symbol_size=size)
        beside = [
            near for near in (*values[max(0, index - 1) : index], *values[index + 1 : index + 2]) if near is not None
        ]
        low = value is not None and len(beside) == 2 and value < min(beside) and _height(axis, value) > room
        if chart.printed and low and len(chart.series) == 1:
            item.opts["label"] = {"position": "bottom"}
        items.append(item)
    return items


def _height(axis: ValueAxis, value: float) -> float:
    """Where a value stands on its axis, 0..1 from the low end."""
    if axis.log:
        return math.log(value / axis.low) / math.log(axis.high / axis.low)
    return (value - axis.low) / (axis.high - axis.low)


def make_combination(chart: Chart, style: Style, layout: Layout, canvas: opts.InitOpts) -> Drawing:
    """combo: bars on the left axis, lines on the right one."""
    drawing = make_bars(chart, style, layout, canvas)
    lines = [(index, series) for index, series in enumerate(chart.series) if series.line]
    return drawing.overlap(_add_lines(Line(canvas), chart, style, layout, lines))

"""Charts of the parts of a whole, and of values around a circle or in cells."""

import itertools
from typing import Any

from pyecharts import options as opts
from pyecharts.charts import Funnel, HeatMap, Pie, Radar
from pyecharts.charts.chart import Chart as Drawing

from renderers.content.charts.data import Chart
from renderers.core.colours import mix
from renderers.drawing.pyecharts_charts.layout import Layout, radar_name_gap_px, slice_label
from renderers.drawing.pyecharts_charts.paint import (
    LINE_OF_TWO,
    SYMBOLS,
    dash,
    font_family,
    patch,
    patched_label,
    point_values,
    symbol_size,
    text_style,
    value_label,
    value_texts,
)
from renderers.drawing.pyecharts_charts.style import Style, ink_on

_MIN_STAGE = 0.04
"""Width of the stage of nothing, as a part of the largest."""

_LEADER_PX = 20.0
"""From a stage to the text beside it."""


def make_slices(chart: Chart, style: Style, layout: Layout, canvas: opts.InitOpts) -> Drawing:
    """pie, donut, rose."""
    picks = style.picks
    left, top, width, height = layout.plot
    series = chart.series[0]
    texts = _slice_texts(chart, layout)
    hole = picks.donut_hole if chart.kind == "donut" else 0.12 if chart.kind == "rose" and picks.pad_angle else 0.0
    items = [
        opts.PieItem(name=name, value=value, itemstyle_opts={"color": colour})
        for name, value, colour in zip(chart.categories, point_values(series), style.colours, strict=True)
    ]
    drawing = Pie(canvas)
    drawing.add(
        "",
        items,
        radius=[round(layout.radius * hole, 1), layout.radius],
        center=[round(left + width / 2, 1), round(top + height / 2, 1)],
        rosetype=picks.rose_kind if chart.kind == "rose" else None,
        start_angle=picks.start_angle,
        label_opts=value_label(style, texts, "outside", style.ink, overflow="none", bleedMargin=0, alignTo="none"),
        label_line_opts=opts.PieLabelLineOpts(is_show=True, length=14, length_2=8),
        itemstyle_opts={
            "borderColor": style.background,
            "borderWidth": picks.border_width,
            "borderRadius": picks.slice_radius,
        },
    )
    drawing.options["series"][0].update(padAngle=picks.pad_angle if chart.kind == "donut" else 0)
    return drawing


def _slice_texts(chart: Chart, layout: Layout) -> list[str]:
    values = value_texts(chart, chart.series[0])
    return [slice_label(name, value, layout.words) for name, value in zip(chart.categories, values, strict=True)]


def make_funnel(chart: Chart, style: Style, layout: Layout, canvas: opts.InitOpts) -> Drawing:
    """funnel: stages in the order of the chart, names and values beside them."""
    picks = style.picks
    left, top, width, height = layout.plot
    series = chart.series[0]
    texts = _slice_texts(chart, layout)
    values = [point[-1] for point in series.points if point is not None]
    align = picks.funnel_align
    side = "left" if align == "right" else "right"
    span = width - layout.radius - 40
    tall = style.value_px * (2 * LINE_OF_TWO if "\n" in texts[0] else 1.2)
    drawing = Funnel(canvas)
    drawing.add(
        "",
        list(zip(chart.categories, values, strict=True)),
        min_=0,
        max_=max(values),
        min_size=f"{_MIN_STAGE:.0%}",
        sort_="none",
        gap=picks.funnel_gap,
        funnel_align=align,
        pos_left=left if side == "right" else left + width - span,
        pos_top=top,
        width=span,
        height=height,
        label_opts=value_label(style, texts, side, style.ink),
        itemstyle_opts={"borderColor": style.background, "borderWidth": picks.border_width},
    )
    leaders = _leaders_px(layout, values, span, align, tall)
    for item, colour, leader in zip(drawing.options["series"][0]["data"], style.colours, leaders, strict=True):
        item.update(itemStyle={"color": colour}, labelLine={"length": leader})
    return drawing


def _leaders_px(layout: Layout, values: list[float], span: float, align: str, tall: float) -> list[float]:
    """Length of the line from the middle of each stage's edge to its label, of height `tall`: the edge slants."""
    widths = [span * (_MIN_STAGE + (1 - _MIN_STAGE) * value / max(values)) for value in values]
    slants = [abs(one - other) for one, other in itertools.pairwise([*widths, 0.0])]
    across = 0.5 if align == "center" else 1.0
    stage = layout.plot[3] / len(values)
    return [round(_LEADER_PX + slant * across * min(0.5, tall / 2 / stage), 1) for slant in slants]


def make_radar(chart: Chart, style: Style, layout: Layout, canvas: opts.InitOpts) -> Drawing:
    """radar: a polygon for each series; ticks stand on the first axis only, and not where values are printed."""
    picks = style.picks
    left, top, width, height = layout.plot
    axis = chart.axes[0]
    schema = [{"name": name, "min": axis.low, "max": axis.high} for name in chart.categories]
    drawing = Radar(canvas)
    line = opts.LineStyleOpts(is_show=True, color=style.grid if style.grid != style.background else style.line, width=1)
    drawing.add_schema(
        schema,
        shape=picks.radar_shape,
        center=[round(left + width / 2, 1), round(top + height / 2, 1)],
        radius=layout.radius,
        textstyle_opts=text_style(style, style.em_px, style.ink),
        splitline_opt=opts.SplitLineOpts(is_show=True, linestyle_opts=line),
        splitarea_opt=opts.SplitAreaOpts(
            is_show=True,
            areastyle_opts=opts.AreaStyleOpts(
                opacity=1, color=[style.background, style.band if picks.split_area else style.background]
            ),
        ),
        axisline_opt=opts.AxisLineOpts(linestyle_opts=line),
    )
    drawing.options["radar"][0].update(splitNumber=len(axis.ticks) - 1, axisNameGap=radar_name_gap_px(chart, style))
    if not chart.printed:
        drawing.options["radar"].append(_radar_ticks(chart, style, drawing.options["radar"][0]))
    for index, series in enumerate(chart.series):
        colour = style.colours[index]
        symbol = SYMBOLS[index % len(SYMBOLS)] if picks.symbol == "each" else picks.symbol
        item: dict[str, Any] = {
            "name": series.name,
            "value": point_values(series),
            "itemStyle": {"color": colour},
            "lineStyle": {"color": colour, "width": picks.line_width, "type": dash(picks.line_type, index)},
        }
        if picks.radar_area:
            item["areaStyle"] = {"color": colour, "opacity": picks.radar_area}
        drawing.add(
            series.name,
            [item],
            symbol=symbol if symbol != "none" else "circle",
            label_opts=patched_label(chart, style, series),
            linestyle_opts=None,
            areastyle_opts=None,
        )
        drawing.options["series"][-1].update(itemStyle={"color": colour}, symbolSize=symbol_size(style, symbol))
    return drawing


def _radar_ticks(chart: Chart, style: Style, under: dict[str, Any]) -> dict[str, Any]:
    """A radar of ticks only, on patches of paper above the polygons: an edge that passes strikes no number out."""
    axis = chart.axes[0]
    ticks = {"ticks": list(axis.ticks), "texts": list(axis.tick_texts())}
    label = {
        "fontSize": style.em_px, "color": style.ink, "fontFamily": font_family(style), "formatter": ticks,
        "hideOverlap": False, "showMinLabel": True, "showMaxLabel": True, **patch(style.background),
    }  # fmt: skip
    return {
        **{key: under[key] for key in ("shape", "center", "radius", "splitNumber")},
        "z": 5,
        "indicator": [
            {**one, "name": "", "axisLabel": {"show": index == 0, **label}}
            for index, one in enumerate(under["indicator"])
        ],
        "splitLine": {"show": False},
        "splitArea": {"show": False},
        "axisLine": {"show": False},
    }


def make_heat(chart: Chart, style: Style, layout: Layout, canvas: opts.InitOpts) -> Drawing:
    """heatmap: cells coloured by value, which is printed in them."""
    ramp = style.picks.heat_ramp
    cells = [
        (column, row, point[-1])
        for row, series in enumerate(chart.series)
        for column, point in enumerate(series.points)
        if point is not None
    ]
    low, high = min(cell[2] for cell in cells), max(cell[2] for cell in cells)
    axis = chart.axes[0]
    data = []
    for cell in cells:
        colour = _on_ramp(ramp, (cell[2] - low) / max(high - low, 1e-9))
        data.append(
            {
                "value": list(cell),
                "itemStyle": {"color": colour},
                "label": {"color": ink_on(colour)},
            }
        )
    drawing = HeatMap(canvas).add_xaxis(list(chart.categories))
    drawing.add_yaxis(
        "",
        [series.name for series in chart.series],
        data,
        label_opts=value_label(style, [axis.format.text(cell[2]) for cell in cells], "inside", style.ink),
        itemstyle_opts={"borderColor": style.background, "borderWidth": style.picks.heat_gap},
    )
    return drawing


def _on_ramp(ramp: tuple[str, ...], frac: float) -> str:
    at = frac * (len(ramp) - 1)
    index = min(int(at), len(ramp) - 2)
    return mix(ramp[index], ramp[index + 1], at - index)

"""Which function draws the marks of which kind of chart."""

from collections.abc import Callable

from pyecharts import options as opts
from pyecharts.charts.chart import Chart as Drawing

from renderers.content.charts.data import Chart, Kind
from renderers.drawing.pyecharts_charts.cartesian import make_bars, make_combination, make_lines
from renderers.drawing.pyecharts_charts.clouds import make_boxes, make_bubbles, make_candles, make_scatter
from renderers.drawing.pyecharts_charts.layout import Layout
from renderers.drawing.pyecharts_charts.shares import make_funnel, make_heat, make_radar, make_slices
from renderers.drawing.pyecharts_charts.style import Style


def make_drawing(chart: Chart, style: Style, layout: Layout, canvas: opts.InitOpts) -> Drawing:
    """The pyecharts chart with all series, without axes, titles and legend."""
    return _MAKERS[chart.kind](chart, style, layout, canvas)


_MAKERS: dict[Kind, Callable[[Chart, Style, Layout, opts.InitOpts], Drawing]] = {
    "bar": make_bars,
    "barh": make_bars,
    "grouped_bar": make_bars,
    "stacked_bar": make_bars,
    "percent_bar": make_bars,
    "line": make_lines,
    "step": make_lines,
    "area": make_lines,
    "stacked_area": make_lines,
    "pie": make_slices,
    "donut": make_slices,
    "rose": make_slices,
    "scatter": make_scatter,
    "bubble": make_bubbles,
    "radar": make_radar,
    "combo": make_combination,
    "box": make_boxes,
    "heatmap": make_heat,
    "funnel": make_funnel,
    "candlestick": make_candles,
}

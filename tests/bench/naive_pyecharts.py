"""The script a user writes: pyecharts renders an HTML file, a new browser page opens it, waits, takes a screenshot."""

from typing import Any

from pyecharts import options as opts
from pyecharts.charts import Bar, Boxplot, Funnel, HeatMap, Kline, Line, Pie, Radar, Scatter

import templates
from renderers.content.charts.data import Chart
from renderers.pyecharts_charts import ChartSpec
from tests.bench.naive_browser import NaiveBrowser

_LIBRARY = templates.installed("pyecharts_charts", "echarts/dist")

_WAIT = """() => new Promise((done) => {
  echarts.getInstanceByDom(document.querySelector('.chart-container')).on('finished', done);
  setTimeout(done, 3000);
})"""


def naive_chart(browser: NaiveBrowser, spec: ChartSpec) -> bytes:
    """PNG of a chart."""
    size = {"width": spec.layout.width, "height": spec.layout.height}
    canvas = opts.InitOpts(width=f"{size['width']}px", height=f"{size['height']}px", js_host=_LIBRARY.as_uri() + "/")
    chart = _draw(spec.chart, canvas)
    chart.options["textStyle"] = {"fontFamily": ", ".join(spec.style.families), "fontSize": spec.style.em_px}
    with browser.page(chart.render_embed(), viewport=size, device_scale_factor=spec.style.scale) as page:
        page.evaluate(_WAIT)  # pyecharts' charts move in; before they stand a screenshot shows half a chart.
        return page.screenshot()


def _draw(chart: Chart, canvas: opts.InitOpts) -> Any:
    drawing = _marks(chart, canvas)
    return drawing.set_global_opts(
        title_opts=opts.TitleOpts(title=chart.title, subtitle=chart.source),
        xaxis_opts=opts.AxisOpts(name=chart.x_title),
        yaxis_opts=opts.AxisOpts(name=chart.y_title),
    )


def _rows(chart: Chart) -> list[list[float | None]]:
    return [[None if point is None else point[-1] for point in series.points] for series in chart.series]


def _marks(chart: Chart, canvas: opts.InitOpts) -> Any:
    names, rows = list(chart.categories), _rows(chart)
    label = opts.LabelOpts(is_show=chart.printed)
    if chart.kind in ("pie", "donut", "rose", "funnel"):
        return _slices(chart, canvas, [list(pair) for pair in zip(names, rows[0], strict=True)])
    if chart.kind == "radar":
        indicators = [opts.RadarIndicatorItem(name=name, max_=chart.axes[0].high) for name in names]
        drawing = Radar(canvas).add_schema(indicators)
        for series, row in zip(chart.series, rows, strict=True):
            drawing.add(series.name, [row])
    elif chart.kind in ("scatter", "bubble"):
        points = [point for series in chart.series for point in series.points if point is not None]
        drawing = Scatter(canvas).add_xaxis([point[0] for point in points])
        drawing.add_yaxis("", [point[1] for point in points], label_opts=label)
    elif chart.kind == "heatmap":
        cells = [[column, row, value] for row, values in enumerate(rows) for column, value in enumerate(values)]
        drawing = HeatMap(canvas).add_xaxis(names)
        drawing.add_yaxis("", [series.name for series in chart.series], cells, label_opts=label)
    elif chart.kind in ("box", "candlestick"):
        drawing = (Boxplot if chart.kind == "box" else Kline)(canvas).add_xaxis(names)
        drawing.add_yaxis("", [list(point) for point in chart.series[0].points if point is not None])
    else:
        drawing = _columns(chart, canvas, label)
    return drawing


def _slices(chart: Chart, canvas: opts.InitOpts, pairs: list[list[Any]]) -> Any:
    if chart.kind == "funnel":
        return Funnel(canvas).add("", pairs)
    radius = ["35%", "65%"] if chart.kind == "donut" else None
    return Pie(canvas).add("", pairs, radius=radius, rosetype="area" if chart.kind == "rose" else None)


def _columns(chart: Chart, canvas: opts.InitOpts, label: opts.LabelOpts) -> Any:
    names = list(chart.categories)
    lines = [series for series in chart.series if series.line or chart.kind in ("line", "step", "area", "stacked_area")]
    bars = [series for series in chart.series if series not in lines]
    drawing = (Bar if bars else Line)(canvas).add_xaxis(names)
    stack = "all" if chart.kind.startswith(("stacked", "percent")) else None
    for series in bars:
        drawing.add_yaxis(series.name, [point and point[-1] for point in series.points], stack=stack, label_opts=label)
    over = Line().add_xaxis(names) if bars else drawing
    for series in lines:
        over.add_yaxis(series.name, [point and point[-1] for point in series.points], stack=stack, label_opts=label)
    if bars and lines:
        drawing.overlap(over)
    return drawing.reversal_axis() if chart.kind == "barh" else drawing

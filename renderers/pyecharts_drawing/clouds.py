"""Charts whose marks say several numbers: dots, bubbles, boxes, candles."""

from pyecharts import options as opts
from pyecharts.charts import Boxplot, Kline, Scatter
from pyecharts.charts.chart import Chart as Drawing

from renderers.content import palettes
from renderers.content.chart_data import Chart, Point
from renderers.pyecharts_drawing.layout import Layout
from renderers.pyecharts_drawing.paint import SYMBOLS, symbol_size, value_label
from renderers.pyecharts_drawing.style import Style, mixed


def make_scatter(chart: Chart, style: Style, layout: Layout, canvas: opts.InitOpts) -> Drawing:
    """scatter: dots at (x, y)."""
    picks = style.picks
    drawing = Scatter(canvas)
    for place, series in enumerate(chart.series):
        colour = style.colours[place]
        symbol = SYMBOLS[place % len(SYMBOLS)] if picks.symbol in ("each", "none") else picks.symbol
        drawing.options["series"].append(
            {
                "type": "scatter",
                "name": series.name,
                "data": [list(point) for point in series.points if point is not None],
                "symbol": symbol,
                "symbolSize": min(9.0, symbol_size(style, symbol) + 1),
                "clip": False,
                "itemStyle": {"color": colour, "opacity": picks.opacity},
                "label": {"show": False},
            }
        )
    return drawing


def make_bubbles(chart: Chart, style: Style, layout: Layout, canvas: opts.InitOpts) -> Drawing:
    """bubble: discs whose area is the size; name and size stand in the middle, over a pale fill."""
    series = chart.series[0]
    points = [point for point in series.points if point is not None]
    largest = max(point[2] for point in points)
    widest = _widest_bubble(chart, layout, points, largest)
    data = []
    for place, point in enumerate(points):
        colour = style.colours[place % len(style.colours)]
        data.append(
            {
                "value": list(point),
                "symbolSize": round(max(10.0, widest * (point[2] / largest) ** 0.5), 1),
                "itemStyle": {
                    "color": mixed(colour, style.behind, 0.62),
                    "borderColor": colour,
                    "borderWidth": 1,
                },
            }
        )
    texts = [
        f"{name}\n{chart.value_text(series, point)}"
        for name, point in zip(chart.categories, series.points, strict=True)
    ]
    drawing = Scatter(canvas)
    drawing.options["series"].append(
        {
            "type": "scatter",
            "name": series.name,
            "data": data,
            "clip": False,
            "label": value_label(style, texts, "inside", style.ink),
        }
    )
    return drawing


def _widest_bubble(chart: Chart, layout: Layout, points: list[Point], largest: float) -> float:
    """Px across the largest bubble: none leaves the plot, where it would cover ticks."""
    width, height = layout.plot[2:]
    widest = 0.24 * min(width, height)
    for x, y, size in points:
        across, up = (
            (value - axis.low) / (axis.high - axis.low) for value, axis in zip((x, y), chart.axes, strict=True)
        )
        edge_px = min(across * width, (1 - across) * width, up * height, (1 - up) * height)
        widest = min(widest, max(24.0, 2 * edge_px / (size / largest) ** 0.5))
    return widest


def make_boxes(chart: Chart, style: Style, layout: Layout, canvas: opts.InitOpts) -> Drawing:
    """box: whiskers from least to most."""
    colour = style.colours[0]
    behind = style.behind
    shares = {"empty": 1.0, "tint": 0.7, "full": 0.25}
    drawing = Boxplot(canvas).add_xaxis(list(chart.categories))
    slot = layout.plot[2] / max(1, len(chart.categories))
    drawing.add_yaxis(
        chart.series[0].name,
        [list(point) for point in chart.series[0].points if point is not None],
        box_width=[7, round(max(8.0, slot * style.picks.bar_frac), 1)],
        label_opts=None,
        markpoint_opts=None,
        markline_opts=None,
        itemstyle_opts={
            "color": mixed(colour, behind, shares[style.picks.box_fill]),
            "borderColor": colour if palettes.contrast(colour, behind) >= 2 else style.ink,
            "borderWidth": max(1.2, style.picks.axis_width),
        },
    )
    return drawing


def make_candles(chart: Chart, style: Style, layout: Layout, canvas: opts.InitOpts) -> Drawing:
    """candlestick: one colour where the close is above the open, one where it is below."""
    rising, falling = style.picks.candle_pair
    behind = style.behind
    edges = [colour if palettes.difference(colour, behind) >= 15 else style.ink for colour in (rising, falling)]
    drawing = Kline(canvas).add_xaxis(list(chart.categories))
    drawing.add_yaxis(
        chart.series[0].name,
        [list(point) for point in chart.series[0].points if point is not None],
        itemstyle_opts={
            "color": rising, "color0": falling, "borderColor": edges[0], "borderColor0": edges[1], "borderWidth": 1.2,
        },
    )  # fmt: skip
    return drawing

"""Charts whose marks say several numbers: dots, bubbles, boxes, candles."""

import math
from dataclasses import dataclass

from pyecharts import options as opts
from pyecharts.charts import Boxplot, Kline, Scatter
from pyecharts.charts.chart import Chart as Drawing

from renderers.content import palettes
from renderers.content.charts.data import Chart
from renderers.core.boxes import Box, overlap_px
from renderers.core.colours import mix
from renderers.drawing.pyecharts_charts.layout import Layout
from renderers.drawing.pyecharts_charts.margins import LINE, Widths
from renderers.drawing.pyecharts_charts.paint import SYMBOLS, patch, symbol_size, value_label
from renderers.drawing.pyecharts_charts.style import Style, ink_on

_LABEL_AWAY_PX = 4.0
"""From a bubble to a text beside it."""


def make_scatter(chart: Chart, style: Style, layout: Layout, canvas: opts.InitOpts) -> Drawing:
    """scatter: dots at (x, y)."""
    picks = style.picks
    drawing = Scatter(canvas)
    for index, series in enumerate(chart.series):
        colour = style.colours[index]
        symbol = SYMBOLS[index % len(SYMBOLS)] if picks.symbol in ("each", "none") else picks.symbol
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
    """bubble: discs whose area is the size; name and size stand in them over a pale fill, or beside them."""
    series = chart.series[0]
    texts = [
        f"{name}\n{chart.value_text(series, point)}"
        for name, point in zip(chart.categories, series.points, strict=True)
    ]
    discs = _discs(chart, layout)
    fills = [mix(style.colours[index % len(style.colours)], style.behind, 0.62) for index in range(len(discs))]
    data = []
    for index, (point, disc, fill, where) in enumerate(
        zip(series.points, discs, fills, _label_positions(style, layout, discs, texts), strict=True)
    ):
        colour = style.colours[index % len(style.colours)]
        ground = {"color": ink_on(fill)} if where == "inside" else patch(style.behind)
        data.append(
            {
                "value": list(point or ()),
                "symbolSize": round(2 * disc.radius, 1),
                "itemStyle": {"color": fill, "borderColor": colour, "borderWidth": 1},
                "label": {"position": where, **ground},
            }
        )
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


@dataclass(frozen=True, slots=True)
class _Disc:
    """A bubble on the paper.

    Attributes:
        x, y: its middle, in px of the chart.
        radius: in px of the chart.
    """

    x: float
    y: float
    radius: float

    @property
    def box(self) -> Box:
        """The square around it."""
        return (self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)


def _discs(chart: Chart, layout: Layout) -> list[_Disc]:
    """All bubbles of a chart, in its order; none leaves the plot, where it would cover ticks."""
    left, top, width, height = layout.plot
    points = [point for point in chart.series[0].points if point is not None]
    largest = max(point[2] for point in points)
    centres = []
    widest = 0.24 * min(width, height)
    for x, y, size in points:
        across, up = (
            (value - axis.low) / (axis.high - axis.low) for value, axis in zip((x, y), chart.axes, strict=True)
        )
        centres.append((left + across * width, top + (1 - up) * height))
        edge_px = min(across * width, (1 - across) * width, up * height, (1 - up) * height)
        widest = min(widest, max(24.0, 2 * edge_px / (size / largest) ** 0.5))
    return [
        _Disc(*centre, max(5.0, widest / 2 * (point[2] / largest) ** 0.5))
        for centre, point in zip(centres, points, strict=True)
    ]


def _label_positions(style: Style, layout: Layout, discs: list[_Disc], texts: list[str]) -> list[str]:
    """Where the text of each bubble stands: in it where it fits and no other bubble comes near, or on a free side.

    The largest bubbles choose first. Where no side is free, the proof decides.
    """
    widths = Widths(style.families)
    left, top, width, height = layout.plot
    taken: list[Box] = []
    positions = ["top"] * len(discs)
    for at in sorted(range(len(discs)), key=lambda at: -discs[at].radius):
        lines = texts[at].split("\n")
        wide, tall = widths.widest(lines, style.value_px) + 4, len(lines) * style.value_px * LINE
        others = [disc.box for disc in (*discs[:at], *discs[at + 1 :])]
        for where, box in _candidates(discs[at], wide, tall):
            room = box[0] >= left and box[1] >= top and box[2] <= left + width and box[3] <= top + height
            if room and not any(overlap_px(box, other) > 0 for other in (*others, *taken)):
                positions[at] = where
                taken.append(box)
                break
    return positions


def _candidates(disc: _Disc, wide: float, tall: float) -> list[tuple[str, Box]]:
    """ECharts' names of the positions of a label, best first, with the box that the text would take."""
    x, y, away = disc.x, disc.y, disc.radius + _LABEL_AWAY_PX
    boxes: list[tuple[str, Box]] = [
        ("top", (x - wide / 2, y - away - tall, x + wide / 2, y - away)),
        ("bottom", (x - wide / 2, y + away, x + wide / 2, y + away + tall)),
        ("right", (x + away, y - tall / 2, x + away + wide, y + tall / 2)),
        ("left", (x - away - wide, y - tall / 2, x - away, y + tall / 2)),
    ]
    if math.hypot(wide, tall) / 2 + 1 <= disc.radius:
        boxes.insert(0, ("inside", (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)))
    return boxes


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
            "color": mix(colour, behind, shares[style.picks.box_fill]),
            "borderColor": colour if palettes.contrast(colour, behind) >= 2 else style.ink,
            "borderWidth": max(1.2, style.picks.axis_width),
        },
    )
    return drawing


def make_candles(chart: Chart, style: Style, layout: Layout, canvas: opts.InitOpts) -> Drawing:
    """candlestick: hollow where the close is above the open; colours alone say opposite things in China."""
    behind = style.behind
    edges = [colour if palettes.difference(colour, behind) >= 15 else style.ink for colour in style.picks.candle_pair]
    drawing = Kline(canvas).add_xaxis(list(chart.categories))
    drawing.add_yaxis(
        chart.series[0].name,
        [list(point) for point in chart.series[0].points if point is not None],
        itemstyle_opts={
            "color": behind, "color0": edges[1], "borderColor": edges[0], "borderColor0": edges[1], "borderWidth": 1.2,
        },
    )  # fmt: skip
    return drawing

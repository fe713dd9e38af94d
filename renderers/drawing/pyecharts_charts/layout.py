"""Where everything stands on the paper, in px of the chart: decided before any pixel, from the widths of the fonts.

The plot is given first (the content is fitted to it); then the paper is made as large as titles, legend, labels and
ticks need. So nothing can be cut or meet, and what a reader can read off the axis does not change.
"""

import math
from dataclasses import dataclass

import msgspec

from renderers.content.charts.data import Chart, Kind
from renderers.content.charts.draw import Room
from renderers.drawing.pyecharts_charts.margins import LABEL_GAP_PX, LINE, WIDTH_SPARE, Widths, make_margins
from renderers.drawing.pyecharts_charts.style import KINDS_WITHOUT_AXES, SLICES, Style

_GAP_PX = 10.0
"""Between titles, legend and plot."""

_LEGEND_KEY_GAP_PX = 5.0  # Source: ECharts, LegendView: between a key and its name.
_LEADER_PX = 38.0
"""Length of the line from a slice to its label, gaps included."""

_MIN_WIDTH_PX = 480.0
_ASPECTS = (0.6, 2.2)
_STEP_PX = 8
"""Paper is a multiple of this: Chromium prints in 300ths of an inch, of which 8 px are 25."""

_ROWS: frozenset[Kind] = frozenset({"barh", "heatmap"})
"""Kinds whose categories or rows stand beside the plot."""


class Legend(msgspec.Struct, frozen=True, gc=False):
    """Where the legend stands.

    Attributes:
        left, top: its upper left corner, in px of the chart.
        width, height: its size, in px of the chart; rows break at the width.
        vertical: whether its names stand below each other.
    """

    left: float
    top: float
    width: float
    height: float
    vertical: bool


class Layout(msgspec.Struct, frozen=True, gc=False):
    """Where everything stands on the paper, in px of the chart.

    Attributes:
        width, height: of the paper, whole px.
        plot: left, top, width, height of the plot area, in px.
        title, source: (x, y) of their anchors, in px: the top, and the left edge, centre or right edge by the
            alignment.
        title_align, source_align: left, center or right.
        legend: None where there is none.
        x_gap, y_gap: from an axis to its title, in px.
        x_name_place, y_name_place: "middle" or "end" of the axis.
        tilt: of category labels, degrees.
        words: how names stand at slices, see the menu; "legend" where they stand in a legend.
        radius: of pies and radars, in px; for a funnel what its labels take beside it.
    """

    width: int
    height: int
    plot: tuple[float, float, float, float]
    title: tuple[float, float]
    title_align: str
    source: tuple[float, float]
    source_align: str
    legend: Legend | None
    x_gap: float
    y_gap: float
    x_name_place: str
    y_name_place: str
    tilt: int
    words: str
    radius: float


def make_room(style: Style, kind: Kind) -> Room:
    """What the look leaves for the content of a chart of a kind."""
    em = style.em_px
    width, height = style.target
    beside = 2 * style.pad_px
    above = 2 * style.pad_px + (style.title_px + style.source_px + style.legend_px) * LINE + 2 * _GAP_PX
    if _legend_is_vertical(style):
        beside += 9 * style.legend_px
        above -= style.legend_px * LINE
    category_em = 10.0
    if kind not in KINDS_WITHOUT_AXES:
        beside += 3.5 * em + style.name_px * LINE + LABEL_GAP_PX + (3.5 * em if kind == "combo" else 0)
        above += em * LINE + style.name_px * LINE + 2 * LABEL_GAP_PX
        if kind in _ROWS:
            category_em = min(11.0, 0.28 * width / em)
            beside += 0.5 * category_em * em
        elif style.tilt and kind not in ("scatter", "bubble"):
            category_em = min(9.0, 0.22 * height / em)
            above += category_em * em * math.sin(math.radians(style.tilt)) * 0.7
    legend_em = (width - 2 * style.pad_px) / style.legend_px * 0.92 * (2 if kind in SLICES else 1)
    return Room(
        width_px=max(240.0, width - beside),
        height_px=max(170.0, height - above),
        em_px=em,
        families=style.families,
        title_em=(width - 2 * style.pad_px) / style.title_px / WIDTH_SPARE,
        legend_em=100.0 if _legend_is_vertical(style) else legend_em,
        tilted=bool(style.tilt),
        max_series=5,
        category_em=category_em,
    )


def legend_names(chart: Chart, words: str) -> tuple[str, ...]:
    """What stands in the legend."""
    if chart.kind in SLICES:
        return chart.categories if words == "legend" else ()
    if chart.kind == "heatmap":
        return ()
    return tuple(series.name for series in chart.series if series.name)


def slice_label(name: str, value: str, words: str) -> str:
    """What stands at a slice."""
    if words == "name_value_line":
        return f"{name}\n{value}"
    if words == "name_colon_value":
        return f"{name}: {value}"
    if words == "name_value_bracket":
        return f"{name} ({value})"
    return f"{name} {value}" if words == "name_value_blank" else value


@dataclass(frozen=True, slots=True)
class _Body:
    """What the marks need.

    Attributes:
        width, height: size of the plot, in px.
        radius: of pies and radars, in px; 0 where there is none.
    """

    width: float
    height: float
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class _LegendSize:
    """Size of the legend; without names there is none.

    Attributes:
        width, height: in px; 0 without names.
    """

    names: tuple[str, ...]
    vertical: bool
    width: float
    height: float

    @property
    def beside(self) -> float:
        """What it takes of the width of the paper."""
        return self.width + _GAP_PX if self.vertical and self.names else 0.0


def lay_out(chart: Chart, style: Style, room: Room) -> Layout:
    """Where everything in a chart stands."""
    widths = Widths(style.families)
    margins = make_margins(chart, style, room, widths)
    body = _make_body(chart, style, room, widths)
    title_px = widths.of(chart.title, style.title_px, style.bold_title)
    source_px = widths.of(chart.source, style.source_px)
    inner = margins.left + body.width + margins.right
    legend = _make_legend(chart, style, widths, inner)
    least = max(title_px, source_px, _MIN_WIDTH_PX / style.scale - 2 * style.pad_px)
    width = _round_up(max(inner + legend.beside, least) + 2 * style.pad_px)
    plot_height = max(body.height, legend.height if legend.vertical else 0.0)
    above, below = _stack(chart, style, legend)
    tops, plot_top = _pile(above, style.pad_px)
    plot_top += margins.top + (0.6 * _GAP_PX if above else 0.0)
    fixed = plot_top + margins.bottom + sum(size + _GAP_PX for _, size in below) + style.pad_px
    width = max(width, _round_up((fixed + plot_height) * _ASPECTS[0]))
    height = _round_up(max(fixed + plot_height, width / _ASPECTS[1]))
    plot_height = height - fixed
    tops |= _pile([("", _GAP_PX - 2), *below], plot_top + plot_height + margins.bottom - 2)[0]
    plot_left = style.pad_px + margins.left + (legend.beside if style.picks.legend_place.startswith("left") else 0.0)
    plot = (plot_left, plot_top, width - 2 * style.pad_px - legend.beside - margins.left - margins.right, plot_height)
    positions = style.picks.title_place, style.picks.source_place.removeprefix("bottom-")
    title_align, title_x = _anchor(positions[0], width, style.pad_px, plot_left, title_px)
    source_place = positions[0] if positions[1] == "subtitle" else positions[1]
    source_align, source_x = _anchor(source_place, width, style.pad_px, plot_left, source_px)
    return Layout(
        width=width,
        height=height,
        plot=plot,
        title=(title_x, tops.get("title", 0.0)),
        title_align=title_align,
        source=(source_x, tops.get("source", 0.0)),
        source_align=source_align,
        legend=_place_legend(legend, style, plot, width, tops.get("legend", 0.0)),
        x_gap=margins.x_gap,
        y_gap=margins.y_gap,
        x_name_place=margins.x_name_place,
        y_name_place=margins.y_name_place,
        tilt=margins.tilt,
        words=style.picks.slice_words,
        radius=body.radius,
    )


def _stack(chart: Chart, style: Style, legend: _LegendSize) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """Names and heights of what stands above and below the plot, from the top."""
    heads = [("title", style.title_px * LINE)] if chart.title else []
    source = [("source", style.source_px * LINE)] if chart.source else []
    feet: list[tuple[str, float]] = []
    if style.picks.source_place == "subtitle":
        heads = heads + source
    else:
        feet = source
    above, below = ([], heads + feet) if style.picks.title_side == "bottom" else (heads, feet)
    if legend.names and not legend.vertical:
        block = [("legend", legend.height)]
        above, below = (
            (above, block + below) if style.picks.legend_place.startswith("bottom") else (above + block, below)
        )
    return above, below


def _pile(blocks: list[tuple[str, float]], top: float) -> tuple[dict[str, float], float]:
    """Tops of blocks that stand under each other, and where the last ends. A source keeps close to its title."""
    tops: dict[str, float] = {}
    for name, height in blocks:
        tops[name] = top
        top += height + (2.0 if name in ("title", "") else _GAP_PX)
    return tops, top


def _make_legend(chart: Chart, style: Style, widths: Widths, width: float) -> _LegendSize:
    names = legend_names(chart, style.picks.slice_words)
    keys_px = legend_key_px(style) + _LEGEND_KEY_GAP_PX
    row_px = legend_row_px(style)
    if _legend_is_vertical(style):
        return _LegendSize(names, True, keys_px + widths.widest(names, style.legend_px) + 4, row_px * len(names))
    items_px = [keys_px + widths.of(name, style.legend_px) + legend_gap_px(style) for name in names]
    legend_width = min(max(width, *items_px), sum(items_px)) + 4 if names else 0.0
    # ECharts parts rows by the gap that parts items.
    height = row_px + (_num_rows(items_px, legend_width) - 1) * (1.1 * style.legend_px + legend_gap_px(style))
    return _LegendSize(names, False, legend_width, height if names else 0.0)


def _place_legend(
    legend: _LegendSize, style: Style, plot: tuple[float, float, float, float], width: float, top: float
) -> Legend | None:
    if not legend.names:
        return None
    side, along = style.picks.legend_place.split("-")
    shift = {"top": 0.0, "left": 0.0, "middle": 0.5, "center": 0.5, "bottom": 1.0, "right": 1.0}[along]
    if legend.vertical:
        left = style.pad_px if side == "left" else width - style.pad_px - legend.width
        top = plot[1] + (plot[3] - legend.height) * shift
    else:
        left = style.pad_px + (width - 2 * style.pad_px - legend.width) * shift
    return Legend(left, top, legend.width, legend.height, legend.vertical)


def _legend_is_vertical(style: Style) -> bool:
    return style.picks.legend_place.startswith(("left", "right"))


def legend_key_px(style: Style) -> float:
    """Width of a key of the legend."""
    square = style.picks.legend_icon in ("rect", "circle", "triangle", "diamond", "pin")
    return round(style.legend_px * (0.9 if square else 1.7), 1)


def legend_gap_px(style: Style) -> float:
    """From one name of the legend to the next key."""
    return round(max(6.0, 3.0 * style.legend_px - legend_key_px(style) - _LEGEND_KEY_GAP_PX - 2), 1)


def legend_row_px(style: Style) -> float:
    """From one row of the legend to the next."""
    return round(style.legend_px * 1.45, 1)


def radar_name_gap_px(chart: Chart, style: Style) -> float:
    """From the end of a radar's axis to its name: a value printed at the end stands between them."""
    return round(10 + (1.7 * style.value_px if chart.printed else 0.0), 1)


def _num_rows(items_px: list[float], width_px: float) -> int:
    rows, used = 1, 0.0
    for item in items_px:
        if used and used + item > width_px:
            rows, used = rows + 1, 0.0
        used += item
    return rows


def _round_up(size: float) -> int:
    return math.ceil(size / _STEP_PX) * _STEP_PX


def _anchor(position: str, width: float, pad: float, plot_left: float, text_px: float) -> tuple[str, float]:
    if position == "plot" and plot_left + text_px <= width - pad:
        return "left", plot_left
    if position == "center":
        return "center", width / 2
    return ("right", width - pad) if position == "right" else ("left", pad)


def _make_body(chart: Chart, style: Style, room: Room, widths: Widths) -> _Body:
    width, height = room.width_px, room.height_px
    if chart.kind == "radar":
        gap = radar_name_gap_px(chart, style) + 4
        radius = min(width, height) / 2 * 0.72
        beside = widths.widest(chart.categories, style.em_px) + gap
        return _Body(max(width, 2 * (radius + beside)), max(height, 2 * (radius + 1.4 * style.em_px + gap)), radius)
    if chart.kind not in SLICES:
        return _Body(width, height)
    em, words = style.value_px, style.picks.slice_words
    series = chart.series[0]
    values = [chart.value_text(series, point) for point in series.points]
    labels = [slice_label(name, value, words) for name, value in zip(chart.categories, values, strict=True)]
    beside = widths.widest([line for label in labels for line in label.split("\n")], em)
    if chart.kind == "funnel":
        return _Body(max(width, beside + 200), height, beside)
    line = (2 * LINE if words == "name_value_line" else 1) * em
    height = max(height, (0.62 * len(labels) * line + 3 * em) * 1.4)
    radius = max(75.0, min(width / 2 - beside - _LEADER_PX, height / 2 - 1.6 * line))
    return _Body(max(width, 2 * (radius + beside + _LEADER_PX)), max(height, 2 * (radius + 1.6 * line)), radius)

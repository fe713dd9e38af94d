"""Bars: single, grouped, stacked, to 100 %, upright or lying; also the bars of a combination."""

from collections.abc import Sequence
from dataclasses import dataclass

from renderers.content.charts.data import Series, point_path
from renderers.core.boxes import Box
from renderers.core.colours import mix
from renderers.drawing.matplotlib_charts.axes import Area, horizontal_area, vertical_area
from renderers.drawing.matplotlib_charts.layout import inner_legend, rectangle
from renderers.drawing.matplotlib_charts.plan import Entry, Mark, Plan, Polygon, Rounded, Text
from renderers.drawing.matplotlib_charts.scale import Scale, category_path, series_path
from renderers.drawing.matplotlib_charts.style import text_colour
from renderers.engines.matplotlib_agg import Pen

_STACKED = ("stacked_bar", "percent_bar")


def mark_pen(plan: Plan, number: int) -> Pen:
    """How the marks of a series (or of a category) are filled."""
    style = plan.style
    fill = mix(style.panel, style.palette[number % len(style.palette)], style.alpha)
    hatch = style.hatches[number % len(style.hatches)] if style.hatches else ""
    return Pen(
        fill=fill,
        stroke=style.edge or None,
        width_px=style.edge_px if style.edge else 0.0,
        hatch=hatch,
        hatch_stroke=text_colour(fill),
        hatch_width_px=max(1.0, 0.6 * style.spine_px),
        snap=True,
    )


def bar_entries(plan: Plan, series: Sequence[Series]) -> list[Entry]:
    """Legend rows of filled marks."""
    return [Entry(one.name, series_path(one.name), mark_pen(plan, at)) for at, one in enumerate(series) if one.name]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar before it is inked: its box, and where it grows to."""

    box: Box
    pen: Pen
    series: Series
    index: int
    negative: bool


def plan_bars(plan: Plan, room: Box) -> None:
    """Upright bars of all kinds but combinations."""
    area = vertical_area(plan, room, ends_flush=False)
    draw_bars(plan, area, plan.chart.series, lying=False)
    if plan.entries and plan.style.legend == "inside":
        inner_legend(plan, area.box)


def plan_lying_bars(plan: Plan, room: Box) -> None:
    """Lying bars, one series."""
    area = horizontal_area(plan, room)
    draw_bars(plan, area, plan.chart.series, lying=True)


def draw_bars(plan: Plan, area: Area, series: Sequence[Series], lying: bool) -> None:
    """Bars of some series in a plotting area, with their values where they are printed."""
    bars = _stacked(plan, area, series, lying) if plan.chart.kind in _STACKED else _grouped(plan, area, series, lying)
    for bar in bars:
        flat = (lying and bar.box[2] <= bar.box[0]) or bar.box[3] <= bar.box[1]
        if plan.style.bar_round and not flat and min(bar.box[2] - bar.box[0], bar.box[3] - bar.box[1]) > 8:
            plan.shapes.append(Rounded(bar.box, 3.0, bar.pen))
        else:
            plan.shapes.append(Polygon(rectangle(bar.box), bar.pen))
        plan.marks.append(Mark("bar", bar.box, point_path(plan.chart, bar.series, bar.index)))
    _baseline(plan, area, lying)
    if plan.chart.printed:
        _print_values(plan, area, bars, lying)


def _baseline(plan: Plan, area: Area, lying: bool) -> None:
    """The zero line where bars go both ways."""
    scale = area.scales[0]
    base = round(scale.base())
    if not scale.axis.low < 0 < scale.axis.high:
        return
    line = ((base, area.box[1]), (base, area.box[3])) if lying else ((area.box[0], base), (area.box[2], base))
    pen = Pen(stroke=plan.style.spine_colour, width_px=plan.style.spine_px, snap=True)
    plan.shapes.append(Polygon(line, pen, closed=False))


def _between(scale: Scale, low: float, high: float) -> tuple[int, int]:
    a, b = round(scale(low)), round(scale(high))
    return min(a, b), max(a, b)


def _boxed(start: float, end: float, ends: tuple[int, int], lying: bool) -> Box:
    sides = (round(start), round(end))
    return (ends[0], sides[0], ends[1], sides[1]) if lying else (sides[0], ends[0], sides[1], ends[1])


def _grouped(plan: Plan, area: Area, series: Sequence[Series], lying: bool) -> list[Bar]:
    style = plan.style
    group = style.bar_frac * area.step_px
    width = group / len(series)
    gap = style.gap_frac * width if len(series) > 1 else 0.0
    bars = []
    for index, middle in enumerate(area.positions):
        for number, one in enumerate(series):
            point = one.points[index]
            if point is None:
                continue
            scale = area.scales[one.axis]
            origin = scale.axis.low if scale.axis.log else min(max(0.0, scale.axis.low), scale.axis.high)
            start = middle - group / 2 + number * width + gap / 2
            box = _boxed(start, start + width - gap, _between(scale, origin, point[-1]), lying)
            colour = index if style.by_category and len(series) == 1 and not one.name else number
            bars.append(Bar(box, mark_pen(plan, colour), one, index, point[-1] < 0))
    return bars


def _stacked(plan: Plan, area: Area, series: Sequence[Series], lying: bool) -> list[Bar]:
    width = plan.style.bar_frac * area.step_px
    bars = []
    for index, middle in enumerate(area.positions):
        above = below = 0.0
        for number, one in enumerate(series):
            point = one.points[index]
            if point is None:
                continue
            start = above if point[-1] >= 0 else below
            end = start + point[-1]
            box = _boxed(middle - width / 2, middle + width / 2, _between(area.scales[0], start, end), lying)
            bars.append(Bar(box, mark_pen(plan, number), one, index, point[-1] < 0))
            if point[-1] >= 0:
                above = end
            else:
                below = end
    return bars


def _print_values(plan: Plan, area: Area, bars: Sequence[Bar], lying: bool) -> None:
    """Values at the ends of bars or inside them; upright where they are wider than their bar."""
    chart, style, size = plan.chart, plan.style, plan.style.value_px
    texts = [chart.value_text(bar.series, bar.series.points[bar.index]) for bar in bars]
    widths = [plan.width_px(text, size, style.value_bold) for text in texts]
    stacked = chart.kind in _STACKED
    pitch = (
        area.step_px if len(bars) <= len(area.positions) or stacked else min(bar.box[2] - bar.box[0] for bar in bars)
    )
    thickness = min(((bar.box[3] - bar.box[1]) if lying else (bar.box[2] - bar.box[0])) for bar in bars)
    turned = not lying and max(widths, default=0.0) > pitch - 0.3 * size
    if turned and pitch < 1.2 * size:
        plan.problems.append("values stand too close")
    along = [width if turned or lying else 1.1 * size for width in widths]
    across = [size if turned or lying else width for width in widths]
    lengths = [(bar.box[2] - bar.box[0]) if lying else (bar.box[3] - bar.box[1]) for bar in bars]
    fits = all(
        need + 0.5 * size <= length and wide <= thickness
        for need, wide, length in zip(along, across, lengths, strict=True)
    )
    inside = (style.value_place != "end" or stacked) and fits and not style.hatches
    if stacked and not inside:
        plan.problems.append("values do not fit their bars")
    for bar, text, need in zip(bars, texts, along, strict=True):
        _print_value(plan, bar, text, need, _Pose(lying, turned, inside, stacked or style.value_place == "middle"))


@dataclass(frozen=True, slots=True)
class _Pose:
    lying: bool
    turned: bool
    inside: bool
    middle: bool


def _print_value(plan: Plan, bar: Bar, string: str, need_px: float, pose: _Pose) -> None:
    style, size = plan.style, plan.style.value_px
    box, away = bar.box, 0.35 * size
    # Half of what the text takes along the bar, from its middle.
    half = need_px / 2 if pose.turned or pose.lying else plan.cap_em * size / 2
    if pose.lying:
        end, out = (box[0], -1) if bar.negative else (box[2], 1)
    else:
        end, out = (box[3], 1) if bar.negative else (box[1], -1)
    if pose.inside and pose.middle:
        at = (box[0] + box[2]) / 2 if pose.lying else (box[1] + box[3]) / 2
    else:
        at = end + (-out if pose.inside else out) * (away + half)
    ground = bar.pen.fill or style.panel
    colour = text_colour(ground) if pose.inside else style.ink
    x, y = (at, (box[1] + box[3]) / 2) if pose.lying else ((box[0] + box[2]) / 2, at)
    halo = "" if pose.inside else style.panel
    path = point_path(plan.chart, bar.series, bar.index)
    plan.texts.append(
        Text(
            (string,), x, y, size, "value", path, 0.5, 0.5, 90.0 if pose.turned else 0.0, colour, style.value_bold, halo
        )
    )


def by_category_entries(plan: Plan) -> list[Entry]:
    """Legend rows of marks that each stand for a category."""
    return [
        Entry(category, category_path(plan.chart, at), mark_pen(plan, at), kind="category")
        for at, category in enumerate(plan.chart.categories)
    ]

"""Lines, steps and areas, and the lines of a combination."""

import math
from collections.abc import Sequence
from itertools import pairwise

from renderers.content.charts.data import Series, point_path
from renderers.content.palettes import contrast
from renderers.core.boxes import Box, overlap_px
from renderers.core.colours import mix
from renderers.drawing.matplotlib_charts.axes import Area, vertical_area
from renderers.drawing.matplotlib_charts.bars import bar_entries, draw_bars
from renderers.drawing.matplotlib_charts.layout import inner_legend
from renderers.drawing.matplotlib_charts.plan import Entry, Mark, Markers, Plan, Point, Polygon, Text
from renderers.drawing.matplotlib_charts.scale import series_path
from renderers.drawing.matplotlib_charts.style import text_colour
from renderers.engines.matplotlib_agg import Pen

_PALE = 2.0
_PALE_LINE_PX = 2.5
"""Lines whose contrast to the panel is below `_PALE` are at least so wide."""


def line_pen(plan: Plan, number: int) -> Pen:
    """How the line of a series is stroked."""
    style = plan.style
    dash = style.dashes[number % len(style.dashes)] if style.dashes else ()
    colour = style.palette[number % len(style.palette)]
    return Pen(
        stroke=colour,
        width_px=style.line_px if contrast(colour, style.panel) > _PALE else max(style.line_px, _PALE_LINE_PX),
        dash_px=tuple(length * style.line_px for length in dash),
        round_ends=not dash,
    )


def marker_pen(plan: Plan, number: int) -> Pen:
    """How the markers of a series are filled."""
    style = plan.style
    colour = style.palette[number % len(style.palette)]
    edge = max(1.0, 0.6 * style.line_px)
    return Pen(fill=style.panel if style.marker_hollow else colour, stroke=colour, width_px=edge)


def marker_of(plan: Plan, number: int) -> str:
    """The marker of a series, "" for none."""
    style = plan.style
    return style.markers[number % len(style.markers)] if style.markers else ""


def line_entries(plan: Plan, series: Sequence[Series], first: int = 0) -> list[Entry]:
    """Legend rows of lines; `first` is the number of the first in the palette."""
    return [
        Entry(one.name, series_path(one.name), line_pen(plan, at), marker_of(plan, at), marker_pen(plan, at), line=True)
        for at, one in enumerate(series, first)
        if one.name
    ]


def plan_lines(plan: Plan, room: Box) -> None:
    """Lines and steps."""
    chart, style = plan.chart, plan.style
    if style.legend == "direct" and plan.entries:
        size = style.legend_px
        room = (room[0], room[1], room[2] - plan.widest_px([one.name for one in chart.series], size) - size, room[3])
    area = vertical_area(plan, room, style.flush and not chart.printed)
    curves = [_points(area, one) for one in chart.series]
    for number, (one, points) in enumerate(zip(chart.series, curves, strict=True)):
        _stroke(plan, _steps(points) if chart.kind == "step" else points, number)
        _mark_points(plan, one, points, number)
    finish_lines(plan, area, curves, range(len(curves)))


def finish_lines(
    plan: Plan, area: Area, curves: Sequence[Sequence[Point | None]], numbers: Sequence[int], filled: Sequence[Box] = ()
) -> None:
    """Printed values and names at the ends of lines, or a legend inside."""
    if plan.chart.printed:
        for number, curve in zip(numbers, curves, strict=True):
            _print_values(plan, area, number, curve, curves)
    if not plan.entries:
        return
    if plan.style.legend == "direct":
        _name_ends(plan, area, curves)
    elif plan.style.legend == "inside":
        inner_legend(plan, area.box, filled)


def _under(points: Sequence[Point], base: float) -> list[Box]:
    """Boxes that cover what is filled between a line and its base."""
    return [(a[0], min(a[1], b[1], base), b[0], max(a[1], b[1], base)) for a, b in pairwise(points)]


def plan_area(plan: Plan, room: Box) -> None:
    """One series, filled down to zero."""
    chart, style = plan.chart, plan.style
    area = vertical_area(plan, room, style.flush and not chart.printed)
    points = _points(area, chart.series[0])
    base = area.scales[0].base()
    colour = style.palette[0]
    fill = mix(style.panel, colour, max(style.fill_alpha, 0.25))
    for run in _runs(points):
        outline = [(run[0][0], base), *run, (run[-1][0], base)]
        hatch = style.hatches[0] if style.hatches else ""
        plan.shapes.append(Polygon(outline, Pen(fill=fill, hatch=hatch, hatch_stroke=text_colour(fill))))
    _stroke(plan, points, 0)
    _mark_points(plan, chart.series[0], points, 0)
    finish_lines(plan, area, [points], [0], [box for run in _runs(points) for box in _under(run, base)])


def plan_stacked_area(plan: Plan, room: Box) -> None:
    """Areas on top of each other; the thickness of a layer is its value."""
    chart, style = plan.chart, plan.style
    area = vertical_area(plan, room, style.flush)
    scale = area.scales[0]
    floor = [0.0] * len(area.positions)
    upper: list[Point] = []
    for number, one in enumerate(chart.series):
        top = [low + (point[-1] if point else 0.0) for low, point in zip(floor, one.points, strict=True)]
        upper = [(x, scale(value)) for x, value in zip(area.positions, top, strict=True)]
        lower = [(x, scale(value)) for x, value in zip(area.positions, floor, strict=True)]
        fill = mix(style.panel, style.palette[number % len(style.palette)], max(style.alpha, 0.85))
        hatch = style.hatches[number % len(style.hatches)] if style.hatches else ""
        edge = style.edge or fill
        pen = Pen(fill=fill, stroke=edge, width_px=max(style.edge_px, 0.6), hatch=hatch, hatch_stroke=text_colour(fill))
        plan.shapes.append(Polygon([*upper, *reversed(lower)], pen))
        for index, (above, below) in enumerate(zip(upper, lower, strict=True)):
            if one.points[index] is not None:
                box = (above[0] - 1.5, above[1], above[0] + 1.5, below[1])
                plan.marks.append(Mark("layer", box, point_path(chart, one, index)))
        floor = top
    if style.legend == "inside" and plan.entries:
        inner_legend(plan, area.box, _under(upper, scale.base()))


def plan_combo(plan: Plan, room: Box) -> None:
    """Bars on the left axis, lines on the right one."""
    chart = plan.chart
    bars = [one for one in chart.series if not one.line]
    lines = [one for one in chart.series if one.line]
    area = vertical_area(plan, room, ends_flush=False)
    draw_bars(plan, area, bars, lying=False)
    curves = [_points(area, one) for one in lines]
    for number, (one, points) in enumerate(zip(lines, curves, strict=True), len(bars)):
        # A line over bars has an edge, so that it is seen on a dark one.
        edge = Pen(stroke=plan.style.panel, width_px=plan.style.line_px + 2.4, round_ends=True)
        plan.shapes += [Polygon(run, edge, closed=False) for run in _runs(points) if len(run) > 1]
        _stroke(plan, points, number)
        _mark_points(plan, one, points, number)
    finish_lines(plan, area, curves, range(len(bars), len(bars) + len(lines)))


def combo_entries(plan: Plan) -> list[Entry]:
    """Bars first, as their series stand."""
    bars = [one for one in plan.chart.series if not one.line]
    return bar_entries(plan, bars) + line_entries(plan, [one for one in plan.chart.series if one.line], len(bars))


def _points(area: Area, series: Series) -> list[Point | None]:
    scale = area.scales[series.axis]
    return [
        None if point is None else (x, scale(point[-1])) for x, point in zip(area.positions, series.points, strict=True)
    ]


def _runs(points: Sequence[Point | None]) -> list[list[Point]]:
    """Neighbours without a missing point between them."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _steps(points: Sequence[Point | None]) -> list[Point | None]:
    """Level from a point half-way to the next, then up or down."""
    stepped: list[Point | None] = []
    for run in _runs(points):
        stepped.append(run[0])
        for (x0, y0), (x1, y1) in pairwise(run):
            middle = (x0 + x1) / 2
            stepped += [(middle, y0), (middle, y1)]
        stepped += [run[-1], None]
    return stepped


def _stroke(plan: Plan, points: Sequence[Point | None], number: int) -> None:
    for run in _runs(points):
        if len(run) > 1:
            plan.shapes.append(Polygon(run, line_pen(plan, number), closed=False))


def _mark_points(plan: Plan, series: Series, points: Sequence[Point | None], number: int) -> None:
    """Markers, also where none are wanted but a point stands alone; and the boxes of points."""
    style = plan.style
    marker = marker_of(plan, number)
    there = [point for point in points if point is not None]
    alone = [run[0] for run in _runs(points) if len(run) == 1]
    if marker:
        plan.shapes.append(Markers(marker, style.marker_px, there, marker_pen(plan, number)))
    elif alone:
        plan.shapes.append(Markers("o", max(4.0, 2 * style.line_px), alone, marker_pen(plan, number)))
    half = max(style.marker_px if marker else style.line_px, 3.0) / 2 + 0.5
    for index, point in enumerate(points):
        if point is not None:
            box = (point[0] - half, point[1] - half, point[0] + half, point[1] + half)
            plan.marks.append(Mark("point", box, point_path(plan.chart, series, index)))


def _height_at(curve: Sequence[Point | None], x: float) -> float | None:
    """Where a line stands at an x."""
    for a, b in pairwise(curve):
        if a is not None and b is not None and a[0] <= x <= b[0]:
            return a[1] + (b[1] - a[1]) * (x - a[0]) / max(b[0] - a[0], 1e-9)
    return None


def _crossings(box: Box, curves: Sequence[Sequence[Point | None]]) -> int:
    """How many lines run through a box, seen at its sides and middle."""
    num = 0
    for curve in curves:
        heights = [_height_at(curve, x) for x in (box[0], (box[0] + box[2]) / 2, box[2])]
        known = [height for height in heights if height is not None]
        num += bool(known) and min(known) < box[3] and max(known) > box[1]
    return num


def _print_values(
    plan: Plan, area: Area, number: int, curve: Sequence[Point | None], curves: Sequence[Sequence[Point | None]]
) -> None:
    """Values over their points, or under them where other ink is in the way."""
    chart, style, size = plan.chart, plan.style, plan.style.value_px
    series = chart.series[number]
    reach = max(style.marker_px / 2 if style.markers else style.line_px, 2.0) + 0.35 * size
    cap = plan.cap_em * size
    taken = [plan.box(text) for text in plan.texts if text.kind == "value"]
    dot = max(style.marker_px if style.markers else 0.0, style.line_px) / 2 + 1
    dots = [(p[0] - dot, p[1] - dot, p[0] + dot, p[1] + dot) for other in curves for p in other if p is not None]
    for index, point in enumerate(curve):
        if point is None:
            continue
        text = Text(
            (chart.value_text(series, series.points[index]),),
            point[0],
            0.0,
            size,
            "value",
            point_path(chart, series, index),
            0.5,
            0.5,
            colour=style.ink,
            bold=style.value_bold,
            halo=style.panel,
        )
        best = math.inf
        chosen = 0.0
        for y in (point[1] - reach - cap / 2, point[1] + reach + cap / 2):
            text.y = y
            box = plan.box(text)
            hits = sum(overlap_px(box, other) > 0.5 for other in taken)
            hits += sum(overlap_px(box, other) > 0.5 for other in dots)
            cost = 10.0 * hits + _crossings(box, curves) + 100.0 * (box[3] > area.box[3])
            if cost < best:
                best, chosen = cost, y
        if best >= 3:
            plan.problems.append("values do not fit between lines")
        text.y = chosen
        taken.append(plan.box(text))
        plan.texts.append(text)


def _name_ends(plan: Plan, area: Area, curves: Sequence[Sequence[Point | None]]) -> None:
    """Names of series behind the last point of their lines, moved apart where they would meet."""
    style, size = plan.style, plan.style.legend_px
    ends = [next((point for point in reversed(curve) if point is not None), None) for curve in curves]
    if any(end is None or end[0] < area.positions[-1] - 1 for end in ends):
        plan.problems.append("a line ends early")
        return
    ys = [end[1] if end else 0.0 for end in ends]
    order = sorted(range(len(ys)), key=ys.__getitem__)
    pitch = 1.35 * size
    for upper, lower in pairwise(order):
        ys[lower] = max(ys[lower], ys[upper] + pitch)
    if any(abs(y - end[1]) > 0.9 * size for y, end in zip(ys, ends, strict=True) if end):
        plan.problems.append("lines end too close to each other")
    x = area.box[2] + 0.5 * size
    for entry, y, number in zip(plan.entries, ys, range(len(ys)), strict=True):
        colour = text_colour(style.paper, style.palette[number % len(style.palette)])
        plan.texts.append(Text((entry.name,), x, y, size, "series", entry.path, 0.0, 0.5, colour=colour))

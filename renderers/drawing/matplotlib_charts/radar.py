"""Radar charts: one polygon a series over spokes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from renderers.content.charts.data import Series, ValueAxis, point_path
from renderers.core.boxes import Box
from renderers.core.colours import mix
from renderers.drawing.matplotlib_charts.lines import line_pen, marker_of, marker_pen
from renderers.drawing.matplotlib_charts.plan import Mark, Markers, Plan, Point, Polygon, Text, Wedge
from renderers.drawing.matplotlib_charts.polar import circle_room, label_outside, polar
from renderers.drawing.matplotlib_charts.scale import category_path
from renderers.engines.matplotlib_agg import Pen


@dataclass(frozen=True, slots=True)
class _Web:
    """Spokes of a radar chart; the first looks up, the others follow clockwise.

    Attributes:
        angles: direction of each spoke in degrees, anticlockwise from the right.
    """

    centre: Point
    radius_px: float
    angles: tuple[float, ...]
    axis: ValueAxis

    def point(self, value: float, spoke: int) -> Point:
        """Where a value lies on a spoke."""
        share = (value - self.axis.low) / (self.axis.high - self.axis.low)
        return polar(self.centre, share * self.radius_px, self.angles[spoke])


def plan_radar(plan: Plan, room: Box) -> None:
    """One polygon a series over spokes; ticks stand on the first spoke."""
    chart, style, size = plan.chart, plan.style, plan.style.tick_px
    num = len(chart.categories)
    centre, radius = circle_room(plan, room, plan.widest_px(chart.categories, size) * 0.85 + 0.8 * size, 1.7 * size)
    plan.spoke_px = radius
    web = _Web(centre, radius, tuple(90.0 - 360.0 * at / num for at in range(num)), chart.axes[0])
    _draw_web(plan, web)
    for number, one in enumerate(chart.series):
        _draw_series(plan, web, one, number)
    for index, angle in enumerate(web.angles):
        label = ("category", chart.categories[index], size, category_path(chart, index))
        label_outside(plan, [label], polar(centre, radius, angle), centre, angle)
    for tick, string in zip(web.axis.ticks, web.axis.tick_texts(), strict=True):
        x, y = web.point(tick, 0)
        text = Text((string,), x - 0.3 * size, y, size, "tick", None, 1.0, 0.5, colour=style.ink, halo=style.panel)
        plan.texts.append(text)


def _draw_web(plan: Plan, web: _Web) -> None:
    style = plan.style
    pen = Pen(fill=style.panel, stroke=mix(style.panel, style.ink, 0.28), width_px=max(1.0, style.grid_px))
    spokes = range(len(web.angles))
    # The outermost ring is filled, so it comes first.
    for tick in sorted({*web.axis.ticks, web.axis.high} - {web.axis.low}, reverse=True):
        ring = [web.point(tick, spoke) for spoke in spokes]
        if style.radar_round:
            plan.shapes.append(Wedge(web.centre, 0.0, math.dist(web.centre, ring[0]), 0.0, 360.0, pen))
        else:
            plan.shapes.append(Polygon(ring, pen))
    for spoke in spokes:
        plan.shapes.append(Polygon((web.centre, web.point(web.axis.high, spoke)), pen, closed=False))


def _draw_series(plan: Plan, web: _Web, series: Series, number: int) -> None:
    style, pen = plan.style, line_pen(plan, number)
    points = [web.point(point[-1] if point else web.axis.low, spoke) for spoke, point in enumerate(series.points)]
    if style.fill_alpha > 0.2 and not style.dashes:
        plan.shapes.append(Polygon(points, Pen(fill=f"{pen.stroke}{round(120 * style.fill_alpha):02x}")))
    plan.shapes.append(Polygon(points, pen))
    marker = marker_of(plan, number)
    if marker:
        plan.shapes.append(Markers(marker, style.marker_px, points, marker_pen(plan, number)))
    half = max(style.marker_px if marker else style.line_px, 3.0) / 2 + 0.5
    for index, (x, y) in enumerate(points):
        path = point_path(plan.chart, series, index)
        plan.marks.append(Mark("point", (x - half, y - half, x + half, y + half), path))
    if plan.chart.printed:
        _print_spokes(plan, points, web.angles, number)


def _print_spokes(plan: Plan, points: Sequence[Point], angles: Sequence[float], number: int) -> None:
    """Values beyond their points, along their spokes."""
    chart, style, size = plan.chart, plan.style, plan.style.value_px
    one = chart.series[number]
    for index, (point, angle) in enumerate(zip(points, angles, strict=True)):
        if one.points[index] is None:
            continue
        string = chart.value_text(one, one.points[index])
        half = plan.width_px(string, size, style.value_bold) / 2
        away = max(style.marker_px / 2, 3.0) + 0.3 * size
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        x, y = point[0] + cos * (away + half), point[1] - sin * (away + 0.4 * size)
        path = point_path(chart, one, index)
        text = Text((string,), x, y, size, "value", path, colour=style.ink, bold=style.value_bold, halo=style.panel)
        plan.texts.append(text)

"""Pie, donut and rose."""

import math

from renderers.content.charts.data import point_path
from renderers.core.boxes import Box
from renderers.drawing.matplotlib_charts.bars import mark_pen
from renderers.drawing.matplotlib_charts.plan import Mark, Plan, Point, Text, Wedge
from renderers.drawing.matplotlib_charts.polar import circle_room, label_outside, polar
from renderers.drawing.matplotlib_charts.scale import category_path
from renderers.drawing.matplotlib_charts.style import text_colour
from renderers.engines.matplotlib_agg import Pen


def plan_sectors(plan: Plan, room: Box) -> None:
    """Pie, donut and rose: values on the sectors or outside, names outside or in the legend."""
    chart, style = plan.chart, plan.style
    size = style.tick_px
    series = chart.series[0]
    values = [point[-1] if point else 0.0 for point in series.points]
    texts = [chart.value_text(series, point) for point in series.points]
    names = [] if plan.entries else list(chart.categories)
    outside = style.value_place == "end" or bool(style.hatches) or chart.kind == "rose"
    wide = max(plan.widest_px(names, size), plan.widest_px(texts, style.value_px) if outside else 0.0)
    lines = bool(names) + outside
    around = wide + 1.6 * size if lines else 0.3 * size
    centre, radius = circle_room(plan, room, around, (1.4 * lines + 0.5) * size)
    sweep = -1.0 if style.clockwise else 1.0
    spans = (
        [360.0 / len(values)] * len(values)
        if chart.kind == "rose"
        else [360.0 * value / sum(values) for value in values]
    )
    angle = style.start_deg
    for index, span in enumerate(spans):
        start, angle = angle, angle + sweep * span
        outer = radius * (values[index] / max(values)) ** 0.5 if chart.kind == "rose" else radius
        inner = style.hole_frac * radius if chart.kind == "donut" else 0.0
        middle = (start + angle) / 2
        away = 0.05 * radius if style.explode and chart.kind == "pie" and values[index] == max(values) else 0.0
        hub = polar(centre, away, middle)
        low, high = min(start, angle), max(start, angle)
        pen = mark_pen(plan, index)
        plan.shapes.append(
            Wedge(
                hub,
                inner,
                outer,
                low,
                high,
                Pen(
                    pen.fill,
                    style.edge or style.panel,
                    max(1.0, style.edge_px),
                    (),
                    pen.hatch,
                    pen.hatch_stroke,
                    pen.hatch_width_px,
                ),
            )
        )
        path = point_path(chart, series, index)
        plan.marks.append(Mark("slice", _sector_box(hub, inner, outer, low, high), path))
        rim = polar(hub, outer, middle)
        if not outside:
            _value_inside(plan, texts[index], hub, (inner, outer), middle, span, pen.fill or style.panel, path)
        labels = ([("category", names[index], size, category_path(chart, index))] if names else []) + (
            [("value", texts[index], style.value_px, path)] if outside else []
        )
        label_outside(plan, labels, rim, hub, middle)


def _sector_box(hub: Point, inner: float, outer: float, low: float, high: float) -> Box:
    """Around a sector: its corners, and where it touches its circle's extremes."""
    points = [polar(hub, radius, angle) for radius in (inner, outer) for angle in (low, high)]
    quarter = math.ceil(low / 90)
    while quarter * 90 <= high:
        points.append(polar(hub, outer, quarter * 90))
        quarter += 1
    xs, ys = zip(*points, strict=True)
    return (min(xs), min(ys), max(xs), max(ys))


def _value_inside(
    plan: Plan,
    string: str,
    hub: Point,
    radii: tuple[float, float],
    middle: float,
    span: float,
    ground: str,
    path: tuple[str, ...],
) -> None:
    style, size = plan.style, plan.style.value_px
    inner, outer = radii
    at = (inner + outer) / 2 if inner else 0.64 * outer
    half_width, half_height = plan.width_px(string, size, style.value_bold) / 2 + 2, 0.5 * size + 2
    diagonal = math.hypot(half_width, half_height)
    chord = at * math.sin(math.radians(min(span, 180.0) / 2))
    depth = (outer - inner) / 2 if inner else min(outer - at, at)
    if diagonal > max(chord, min(half_height, chord) if chord > half_width else 0.0) or diagonal > depth * 1.05:
        plan.problems.append("values do not fit their sectors")
    x, y = polar(hub, at, middle)
    plan.texts.append(
        Text((string,), x, y, size, "value", path, 0.5, 0.5, colour=text_colour(ground), bold=style.value_bold)
    )

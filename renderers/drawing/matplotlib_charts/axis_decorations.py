"""What stands along the sides of a plotting area: panel, grid, spines, ticks and their texts, names, axis titles."""

import math
from collections.abc import Sequence

from renderers.core.boxes import Box
from renderers.core.colours import mix
from renderers.drawing.matplotlib_charts.layout import rectangle
from renderers.drawing.matplotlib_charts.plan import ASCENT_EM, DESCENT_EM, LINE_EM, Plan, Polygon, Text
from renderers.drawing.matplotlib_charts.scale import Scale, category_path
from renderers.engines.matplotlib_agg import Pen

TICK_GAP_EM = 0.4
UNDER_EM = 0.62
"""From an axis to what stands beside and under it: enough that the texts of two axes do not meet in their corner."""


def category_labels(
    plan: Plan, positions: Sequence[float], step_px: float, reach: tuple[float, float]
) -> tuple[list[Text], float]:
    """Names under the category axis: flat, else in up to three lines, else tilted; y counted from the axis.

    Returns:
        The texts and the height they need.
    """
    chart, style, size = plan.chart, plan.style, plan.style.tick_px
    widths = [plan.width_px(category, size) for category in chart.categories]
    cap = plan.cap_em * size
    free = step_px - 0.55 * size
    # Names at the ends may stand over the plotting area, not over the edge of the picture.
    ends = min(positions[0] - reach[0], reach[1] - positions[-1]) * 2
    wrapped = [[category] for category in chart.categories]
    if max(widths) > free or max(widths[0], widths[-1]) > ends:
        wrapped = [plan.wrap(category, size, min(free, ends), 3) for category in chart.categories]
    if max(map(len, wrapped)) <= 3:
        texts = [
            Text(tuple(lines), position, cap, size, "category", category_path(chart, at), 0.5, 0.0, colour=style.ink)
            for at, (position, lines) in enumerate(zip(positions, wrapped, strict=True))
        ]
        return texts, cap + (DESCENT_EM + (max(map(len, wrapped)) - 1) * LINE_EM) * size
    # Tilted names end at their position, so they reach to the left.
    cos, sin = math.cos(math.radians(style.tilt_deg)), math.sin(math.radians(style.tilt_deg))
    over = any(position - width * cos < reach[0] for position, width in zip(positions, widths, strict=True))
    angle = 90.0 if over or step_px * sin < 1.2 * size else style.tilt_deg
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    if step_px * sin < 1.15 * size:
        plan.problems.append("categories stand too close")
    texts = [
        Text(
            (category,),
            position,
            0.35 * size * cos,
            size,
            "category",
            category_path(chart, at),
            1.0,
            0.5,
            angle,
            style.ink,
        )
        for at, (position, category) in enumerate(zip(positions, chart.categories, strict=True))
    ]
    return texts, max(widths) * sin + (0.45 * cos + 0.35 * cos) * size + 0.15 * size


def axis_titles(plan: Plan, room: Box, box: Box) -> None:
    """Names of the axes: x under its ticks, y beside or over its own."""
    chart, style, size = plan.chart, plan.style, plan.style.label_px
    if chart.x_title:
        across = {"start": 0.0, "middle": 0.5, "end": 1.0}[style.x_title_at]
        x = box[0] + across * (box[2] - box[0])
        y = room[3] - DESCENT_EM * size
        width = plan.width_px(chart.x_title, size, style.label_bold)
        x = min(max(x, room[0] + across * width), room[2] - (1 - across) * width)
        plan.texts.append(
            Text(
                (chart.x_title,),
                x,
                y,
                size,
                "x_title",
                ("x_title",),
                across,
                0.0,
                colour=style.ink,
                bold=style.label_bold,
            )
        )
    if not chart.y_title:
        return
    if style.y_title_place == "top":
        y = room[1] + ASCENT_EM * size
        plan.texts.append(
            Text(
                (chart.y_title,),
                room[0],
                y,
                size,
                "y_title",
                ("y_title",),
                0.0,
                0.0,
                colour=style.ink,
                bold=style.label_bold,
            )
        )
        return
    height = plan.width_px(chart.y_title, size, style.label_bold)
    middle = min(max((box[1] + box[3]) / 2, room[1] + height / 2), room[3] - height / 2)
    plan.texts.append(
        Text(
            (chart.y_title,),
            room[0] + ASCENT_EM * size,
            middle,
            size,
            "y_title",
            ("y_title",),
            0.5,
            0.0,
            90.0,
            style.ink,
            style.label_bold,
        )
    )


def panel(plan: Plan, box: Box) -> None:
    """The ground of the plotting area, which is remembered."""
    if box[2] - box[0] < 80 or box[3] - box[1] < 80:
        plan.problems.append("no room for the plotting area")
    plan.area = box
    if plan.style.panel != plan.style.paper:
        plan.shapes.append(Polygon(rectangle(box), Pen(fill=plan.style.panel)))


def grid(plan: Plan, box: Box, xs: Sequence[float], ys: Sequence[float], values_across: bool = False) -> None:
    """Lines at xs and ys; which of them belong to the value axis depends on its direction."""
    style = plan.style
    values, others = (xs, ys) if values_across else (ys, xs)
    if style.bands:
        band = Pen(fill=mix(style.panel, style.ink, 0.045))
        edges = sorted(values)
        for low, high in zip(edges[::2], edges[1::2], strict=False):
            plan.shapes.append(
                Polygon(rectangle((low, box[1], high, box[3]) if values_across else (box[0], low, box[2], high)), band)
            )
    pen = Pen(stroke=style.grid_colour, width_px=style.grid_px, dash_px=style.grid_dash, snap=True)
    lines = (values if style.grid in ("value", "both") else ()), (others if style.grid in ("category", "both") else ())
    across, along = lines if values_across else (lines[1], lines[0])
    for x in across:
        plan.shapes.append(Polygon(((x, box[3]), (x, box[1])), pen, closed=False))
    for y in along:
        plan.shapes.append(Polygon(((box[0], y), (box[2], y)), pen, closed=False))


def spines(plan: Plan, box: Box) -> None:
    """The sides of the plotting area that have a line."""
    style = plan.style
    pen = Pen(stroke=style.spine_colour, width_px=style.spine_px, snap=True)
    sides = {
        "left": ((box[0], box[1]), (box[0], box[3])),
        "right": ((box[2], box[1]), (box[2], box[3])),
        "top": ((box[0], box[1]), (box[2], box[1])),
        "bottom": ((box[0], box[3]), (box[2], box[3])),
    }
    plan.shapes.extend(Polygon(sides[side], pen, closed=False) for side in style.spines)


def tick_pen(plan: Plan) -> Pen:
    """Of the small lines at ticks."""
    return Pen(stroke=plan.style.spine_colour, width_px=plan.style.spine_px, snap=True)


def vertical_ticks(plan: Plan, box: Box, scale: Scale, right: bool) -> None:
    """Ticks and numbers of a value axis at the left or right side."""
    style, size = plan.style, plan.style.tick_px
    edge, away = (box[2], 1) if right else (box[0], -1)
    x = edge + away * (style.tick_len_px + TICK_GAP_EM * size)
    tick = away * style.tick_len_px * (1 if style.ticks == "out" else -1)
    for value in _between_ticks(plan, scale):
        y = round(scale(value))
        plan.shapes.append(Polygon(((edge, y), (edge + tick / 2, y)), tick_pen(plan), closed=False))
    for value, string in zip(scale.axis.ticks, scale.axis.tick_texts(), strict=True):
        y = round(scale(value))
        if style.ticks:
            plan.shapes.append(Polygon(((edge, y), (edge + tick, y)), tick_pen(plan), closed=False))
        plan.texts.append(Text((string,), x, y, size, "tick", None, 0.0 if right else 1.0, 0.5, colour=style.soft))


def horizontal_ticks(plan: Plan, box: Box, scale: Scale, top: bool) -> None:
    """Ticks and numbers of a value axis at the bottom or top side."""
    style, size = plan.style, plan.style.tick_px
    edge, away = (box[1], -1) if top else (box[3], 1)
    y = edge + away * (style.tick_len_px + UNDER_EM * size)
    tick = away * style.tick_len_px * (1 if style.ticks == "out" else -1)
    for value in _between_ticks(plan, scale):
        x = round(scale(value))
        plan.shapes.append(Polygon(((x, edge), (x, edge + tick / 2)), tick_pen(plan), closed=False))
    for value, string in zip(scale.axis.ticks, scale.axis.tick_texts(), strict=True):
        x = round(scale(value))
        if style.ticks:
            plan.shapes.append(Polygon(((x, edge), (x, edge + tick)), tick_pen(plan), closed=False))
        plan.texts.append(Text((string,), x, y, size, "tick", None, 0.5, 0.0 if top else 1.0, colour=style.soft))


def _between_ticks(plan: Plan, scale: Scale) -> list[float]:
    """Where a logarithmic axis has small ticks: at 2..9 times each power of ten."""
    if not (scale.axis.log and plan.style.ticks):
        return []
    return [tick * times for tick in scale.axis.ticks[:-1] for times in range(2, 10)]


def category_ticks(plan: Plan, positions: Sequence[float], edge: float) -> None:
    """Small lines under the plotting area at the categories."""
    style = plan.style
    if not style.ticks:
        return
    tick = style.tick_len_px * (1 if style.ticks == "out" else -1)
    for x in positions:
        plan.shapes.append(Polygon(((round(x), edge), (round(x), edge + tick)), tick_pen(plan), closed=False))

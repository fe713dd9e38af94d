"""Points, rooms and labels around a centre."""

import math
from collections.abc import Sequence

from renderers.core.boxes import Box
from renderers.drawing.matplotlib_charts.plan import Plan, Point, Text


def polar(centre: Point, radius_px: float, angle_deg: float) -> Point:
    """The point at a distance and an angle, anticlockwise from the right."""
    return (
        centre[0] + radius_px * math.cos(math.radians(angle_deg)),
        centre[1] - radius_px * math.sin(math.radians(angle_deg)),
    )


def circle_room(plan: Plan, room: Box, beside_px: float, above_px: float) -> tuple[Point, float]:
    """Centre and largest radius with some room left around."""
    radius = min((room[2] - room[0]) / 2 - beside_px, (room[3] - room[1]) / 2 - above_px)
    if radius < 60:
        plan.problems.append("no room for the circle")
    return ((room[0] + room[2]) / 2, (room[1] + room[3]) / 2), max(radius, 10.0)


def label_outside(
    plan: Plan, labels: Sequence[tuple[str, str, float, tuple[str, ...]]], rim: Point, hub: Point, middle: float
) -> None:
    """Name and value under each other behind the rim, towards where the sector looks."""
    if not labels:
        return
    style = plan.style
    cos, sin = math.cos(math.radians(middle)), math.sin(math.radians(middle))
    gap = 0.55 * style.tick_px
    across = 0.5 if abs(cos) < 0.17 else 0.0 if cos > 0 else 1.0
    heights = [1.3 * size for _, _, size, _ in labels]
    total = sum(heights)
    x, y = rim[0] + gap * cos, rim[1] - gap * sin
    # The block stands on the rim at the top, hangs from it at the bottom, and is level at the sides.
    top = y - total * (1 + sin) / 2
    for (kind, string, size, path), height in zip(labels, heights, strict=True):
        bold = style.value_bold and kind == "value"
        colour = style.ink if kind == "category" else style.soft
        plan.texts.append(Text((string,), x, top + height / 2, size, kind, path, across, 0.5, colour=colour, bold=bold))
        top += height

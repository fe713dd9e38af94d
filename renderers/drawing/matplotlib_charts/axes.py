"""The plotting area: where it lies and its scales, for categories along either side and for two value axes.

Nothing here is asked of Matplotlib: limits and ticks are the chart's own, so the values a ruler reads are the label's.
"""

from dataclasses import dataclass

from renderers.core.boxes import Box
from renderers.drawing.matplotlib_charts.axis_decorations import (
    TICK_GAP_EM,
    UNDER_EM,
    axis_titles,
    category_labels,
    category_ticks,
    grid,
    horizontal_ticks,
    panel,
    spines,
    tick_pen,
    vertical_ticks,
)
from renderers.drawing.matplotlib_charts.plan import DESCENT_EM, LINE_EM, Plan, Polygon, Text
from renderers.drawing.matplotlib_charts.scale import Scale, category_path


@dataclass(frozen=True, slots=True)
class Area:
    """The plotting area.

    Attributes:
        box: in whole px.
        scales: one for each value axis of the chart.
        positions: middle of each category along its axis, in px.
        step_px: from the middle of one category to that of the next.
    """

    box: Box
    scales: tuple[Scale, ...]
    positions: tuple[float, ...]
    step_px: float


@dataclass(slots=True)
class Margins:
    """What the axes need around the plotting area.

    Attributes:
        left, top, right, bottom: in px.
    """

    left: float
    top: float
    right: float
    bottom: float


def vertical_area(plan: Plan, room: Box, ends_flush: bool) -> Area:
    """Categories from left to right, values upwards, a second axis on the other side."""
    chart, style = plan.chart, plan.style
    margins = _title_margins(plan)
    far = style.value_side == "far"
    for number, axis in enumerate(chart.axes):
        room_px = plan.widest_px(axis.tick_texts(), style.tick_px) + style.tick_len_px + TICK_GAP_EM * style.tick_px
        if (number == 1) != (far and len(chart.axes) == 1):
            margins.right += room_px
        else:
            margins.left += room_px
    margins.top += 0.5 * style.tick_px
    if margins.right == 0:
        margins.right = 0.3 * style.tick_px
    num = len(chart.categories)
    x0, x1 = room[0] + margins.left, room[2] - margins.right
    if ends_flush:
        half = plan.width_px(chart.categories[-1], style.tick_px) / 2
        x1 = min(x1, room[2] - min(half, (x1 - x0) / (2 * num)))
    x0, x1 = round(x0), round(x1)
    step = (x1 - x0) / max(num - 1, 1) if ends_flush else (x1 - x0) / num
    positions = tuple(x0 + step * (at + (0.0 if ends_flush else 0.5)) for at in range(num))
    labels, height = category_labels(plan, positions, step, (room[0], room[2]))
    margins.bottom += height + style.tick_len_px + UNDER_EM * style.tick_px
    y0, y1 = round(room[1] + margins.top), round(room[3] - margins.bottom)
    box = (x0, y0, x1, y1)
    scales = tuple(Scale(axis, y1, y0) for axis in chart.axes)
    panel(plan, box)
    lines = [round(scales[0](tick)) for tick in chart.axes[0].ticks]
    grid(plan, box, positions, lines)
    spines(plan, box)
    for number, scale in enumerate(scales):
        vertical_ticks(plan, box, scale, right=number == 1 or (far and len(chart.axes) == 1))
    category_ticks(plan, positions, y1)
    for text in labels:
        text.y += y1 + style.tick_len_px + UNDER_EM * style.tick_px
        plan.texts.append(text)
    axis_titles(plan, room, box)
    return Area(box, scales, positions, step)


def horizontal_area(plan: Plan, room: Box) -> Area:
    """Categories from the top down, values to the right."""
    chart, style = plan.chart, plan.style
    margins = _title_margins(plan)
    axis, size = chart.axes[0], style.tick_px
    widest = 0.34 * (room[2] - room[0])
    lines = [plan.wrap(category, size, widest, 3) for category in chart.categories]
    block = max(plan.widest_px(wrapped, size) for wrapped in lines)
    margins.left += block + style.tick_len_px + TICK_GAP_EM * size
    ends = plan.width_px(axis.tick_texts()[-1], size) / 2
    margins.right += ends
    row = size * (0.75 + UNDER_EM) + style.tick_len_px
    if style.value_side == "far":
        margins.top += row + DESCENT_EM * size
    else:
        margins.bottom += row + DESCENT_EM * size
    box = (
        round(room[0] + margins.left),
        round(room[1] + margins.top),
        round(room[2] - margins.right),
        round(room[3] - margins.bottom),
    )
    step = (box[3] - box[1]) / len(lines)
    positions = tuple(box[1] + step * (at + 0.5) for at in range(len(lines)))
    if step < max(len(wrapped) for wrapped in lines) * LINE_EM * size * 0.96 or any(
        len(wrapped) > 3 for wrapped in lines
    ):
        plan.problems.append("categories do not fit")
    scale = Scale(axis, box[0], box[2])
    panel(plan, box)
    grid(plan, box, [round(scale(tick)) for tick in axis.ticks], positions, values_across=True)
    spines(plan, box)
    horizontal_ticks(plan, box, scale, top=style.value_side == "far")
    pen = tick_pen(plan)
    for at, wrapped in enumerate(lines):
        if style.ticks and pen.width_px:
            inwards = -1 if style.ticks == "out" else 1
            plan.shapes.append(
                Polygon(
                    ((box[0], positions[at]), (box[0] + inwards * style.tick_len_px, positions[at])), pen, closed=False
                )
            )
        x = box[0] - style.tick_len_px - TICK_GAP_EM * size
        y = positions[at] - (len(wrapped) - 1) * LINE_EM * size / 2
        plan.texts.append(
            Text(tuple(wrapped), x, y, size, "category", category_path(chart, at), 1.0, 0.5, colour=style.ink)
        )
    axis_titles(plan, room, box)
    return Area(box, (scale,), positions, step)


def number_area(plan: Plan, room: Box) -> Area:
    """Two value axes: x to the right, y upwards."""
    chart, style = plan.chart, plan.style
    size = style.tick_px
    margins = _title_margins(plan)
    horizontal, vertical = chart.axes
    widest = plan.widest_px(vertical.tick_texts(), size) + style.tick_len_px + TICK_GAP_EM * size
    right = style.value_side == "far"
    ends = plan.width_px(horizontal.tick_texts()[-1], size) / 2
    margins.left += ends if right else widest
    margins.right += widest if right else ends
    margins.bottom += size * (0.75 + UNDER_EM + DESCENT_EM) + style.tick_len_px
    margins.top += 0.5 * size
    box = (
        round(room[0] + margins.left),
        round(room[1] + margins.top),
        round(room[2] - margins.right),
        round(room[3] - margins.bottom),
    )
    across, up = Scale(horizontal, box[0], box[2]), Scale(vertical, box[3], box[1])
    panel(plan, box)
    grid(plan, box, [round(across(tick)) for tick in horizontal.ticks], [round(up(tick)) for tick in vertical.ticks])
    spines(plan, box)
    vertical_ticks(plan, box, up, right)
    horizontal_ticks(plan, box, across, top=False)
    axis_titles(plan, room, box)
    return Area(box, (across, up), (), 0.0)


def _title_margins(plan: Plan) -> Margins:
    chart, style = plan.chart, plan.style
    line = (0.9 + 0.24 + 0.45) * style.label_px
    beside, above = (line, 0.0) if style.y_title_place == "side" else (0.0, line)
    if not chart.y_title:
        beside = above = 0.0
    return Margins(beside, above, 0.0, line if chart.x_title else 0.0)

"""Marks that are areas with their value printed on them: heat maps and funnels."""

from renderers.content.charts.data import point_path
from renderers.core.boxes import Box
from renderers.core.colours import mix
from renderers.drawing.matplotlib_charts.axis_decorations import axis_titles, category_labels
from renderers.drawing.matplotlib_charts.bars import mark_pen
from renderers.drawing.matplotlib_charts.layout import rectangle
from renderers.drawing.matplotlib_charts.plan import LINE_EM, Mark, Plan, Polygon, Text
from renderers.drawing.matplotlib_charts.scale import category_path, series_path
from renderers.drawing.matplotlib_charts.style import text_colour
from renderers.engines.matplotlib_agg import Pen


def ramp_colour(ramp: tuple[str, ...], share: float) -> str:
    """The colour at 0..1 of a ramp."""
    position = min(max(share, 0.0), 1.0) * (len(ramp) - 1)
    below = min(int(position), len(ramp) - 2)
    return mix(ramp[below], ramp[below + 1], round(position - below, 2))


def plan_heatmap(plan: Plan, room: Box) -> None:
    """Rows of cells from the top, each with its value; names at the left and below."""
    chart, style, size = plan.chart, plan.style, plan.style.tick_px
    names = [plan.wrap(one.name, size, 0.3 * (room[2] - room[0]), 2) for one in chart.series]
    title = 1.6 * style.label_px
    beside = title if chart.y_title and style.y_title_place == "side" else 0.0
    above = title if chart.y_title and style.y_title_place == "top" else 0.0
    left = round(room[0] + beside + max(plan.widest_px(lines, size) for lines in names) + 0.6 * size)
    right = round(room[2] - 0.2 * size)
    step = (right - left) / len(chart.categories)
    positions = [left + step * (at + 0.5) for at in range(len(chart.categories))]
    labels, height = category_labels(plan, positions, step, (room[0], room[2]))
    bottom = round(room[3] - height - 0.4 * size - (title if chart.x_title else 0.0))
    top = round(room[1] + above)
    row = (bottom - top) / len(chart.series)
    if row < max(1.5 * style.value_px, LINE_EM * size * max(map(len, names))) or any(len(lines) > 2 for lines in names):
        plan.problems.append("rows are too low")
    values = [point[-1] for one in chart.series for point in one.points if point is not None]
    low, span = min(values), (max(values) - min(values)) or 1.0
    for number, one in enumerate(chart.series):
        y0, y1 = round(top + number * row), round(top + (number + 1) * row)
        lines = names[number]
        y = (y0 + y1) / 2 - (len(lines) - 1) * LINE_EM * size / 2
        plan.texts.append(
            Text(tuple(lines), left - 0.5 * size, y, size, "series", series_path(one.name), 1.0, 0.5, colour=style.ink)
        )
        for index, point in enumerate(one.points):
            x0, x1 = round(left + index * step), round(left + (index + 1) * step)
            share = None if point is None else (point[-1] - low) / span
            _cell(plan, (x0, y0, x1, y1), number, index, share)
    for text in labels:
        text.y += bottom + 0.4 * size
        plan.texts.append(text)
    axis_titles(plan, room, (left, top, right, bottom))


def _cell(plan: Plan, box: Box, number: int, index: int, share: float | None) -> None:
    chart, style, size = plan.chart, plan.style, plan.style.value_px
    if share is None:
        return
    one = chart.series[number]
    fill = ramp_colour(style.ramp, share)
    edge = style.edge or (style.panel if style.bar_frac > 0.68 else "")
    pen = Pen(fill=fill, stroke=edge or None, width_px=max(1.0, style.edge_px) if edge else 0.0, snap=True)
    plan.shapes.append(Polygon(rectangle(box), pen))
    path = point_path(chart, one, index)
    plan.marks.append(Mark("cell", box, path))
    string = chart.value_text(one, one.points[index])
    if plan.width_px(string, size, style.value_bold) > box[2] - box[0] - 0.3 * size:
        plan.problems.append("values are wider than cells")
    plan.texts.append(
        Text(
            (string,),
            (box[0] + box[2]) / 2,
            (box[1] + box[3]) / 2,
            size,
            "value",
            path,
            0.5,
            0.5,
            colour=text_colour(fill),
            bold=style.value_bold,
        )
    )


def plan_funnel(plan: Plan, room: Box) -> None:
    """Layers that narrow downwards, named beside, with their value on them or behind the name."""
    chart, style, size = plan.chart, plan.style, plan.style.tick_px
    series = chart.series[0]
    values = [point[-1] if point else 0.0 for point in series.points]
    names = [] if plan.entries else list(chart.categories)
    beside = plan.widest_px(names, size) + 1.2 * size if names else 0.0
    at_right = style.value_side == "far" or style.legend == "right"
    left = room[0] + (0 if at_right else beside)
    right = room[2] - (beside if at_right else 0)
    if right - left < 0.4 * (room[2] - room[0]):
        plan.problems.append("names are too wide")
    middle, largest = (left + right) / 2, max(values)
    full = min(right - left, 1.6 * (room[3] - room[1]))
    row = (room[3] - room[1]) / len(values)
    gap = min(style.gap_frac * row, 6.0)
    for index, value in enumerate(values):
        below = values[index + 1] if index + 1 < len(values) else value * (0.4 if style.flush else 1.0)
        half, lower = full / 2 * value / largest, full / 2 * below / largest
        if not style.clockwise:
            lower = half
        y0, y1 = round(room[1] + index * row), round(room[1] + (index + 1) * row - gap)
        points = ((middle - half, y0), (middle + half, y0), (middle + lower, y1), (middle - lower, y1))
        pen = mark_pen(plan, index)
        plan.shapes.append(Polygon(points, pen))
        path = point_path(chart, series, index)
        widest = max(half, lower)
        plan.marks.append(Mark("layer", (middle - widest, y0, middle + widest, y1), path))
        centre = (y0 + y1) / 2
        string = chart.value_text(series, series.points[index])
        width = plan.width_px(string, style.value_px, style.value_bold)
        inside = width + 0.6 * style.value_px < half + lower and not style.hatches
        if inside:
            x, across, colour = middle, 0.5, text_colour(pen.fill or style.panel)
        else:
            x, across, colour = (
                middle + (1 if not at_right else -1) * (widest + 0.5 * style.value_px),
                0.0 if not at_right else 1.0,
                style.ink,
            )
        plan.texts.append(
            Text((string,), x, centre, style.value_px, "value", path, across, 0.5, colour=colour, bold=style.value_bold)
        )
        if names:
            x, across = (right + 0.8 * size, 0.0) if at_right else (left - 0.8 * size, 1.0)
            plan.texts.append(
                Text(
                    (names[index],),
                    x,
                    centre,
                    size,
                    "category",
                    category_path(chart, index),
                    across,
                    0.5,
                    colour=style.ink,
                )
            )

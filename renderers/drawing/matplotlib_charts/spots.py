"""Marks with several numbers: scatter, bubbles, box plots and candlesticks."""

from collections.abc import Mapping, Sequence

from renderers.content.charts.data import PART_NAMES, point_path
from renderers.core.boxes import Box, inside, overlap_px
from renderers.core.colours import mix
from renderers.drawing.matplotlib_charts.axes import Area, number_area, vertical_area
from renderers.drawing.matplotlib_charts.layout import inner_legend, rectangle
from renderers.drawing.matplotlib_charts.plan import Entry, Mark, Markers, Plan, Polygon, Text, Wedge
from renderers.drawing.matplotlib_charts.scale import category_path, series_path
from renderers.drawing.matplotlib_charts.style import text_colour
from renderers.engines.matplotlib_agg import Pen


def _scatter_marker(plan: Plan, number: int) -> tuple[str, Pen]:
    style = plan.style
    colour = style.palette[number % len(style.palette)]
    names = style.markers or ("o",)
    pen = Pen(
        fill=style.panel if style.marker_hollow else mix(style.panel, colour, style.alpha),
        stroke=colour if style.marker_hollow else style.edge or colour,
        width_px=1.3 if style.marker_hollow else max(0.5, 0.5 * style.edge_px),
    )
    return names[number % len(names)], pen


def scatter_entries(plan: Plan) -> list[Entry]:
    """Legend rows of markers."""
    entries = []
    for number, one in enumerate(plan.chart.series):
        if one.name:
            marker, pen = _scatter_marker(plan, number)
            entries.append(Entry(one.name, series_path(one.name), pen, marker, pen))
    return entries


def plan_scatter(plan: Plan, room: Box) -> None:
    """Dots of one or more series."""
    chart, size = plan.chart, max(plan.style.marker_px, 5.0)
    area = number_area(plan, room)
    across, up = area.scales
    for number, one in enumerate(chart.series):
        marker, pen = _scatter_marker(plan, number)
        points = [(across(point[0]), up(point[1])) for point in one.points if point is not None]
        plan.shapes.append(Markers(marker, size, points, pen))
        half = size / 2 + 0.5
        for index, (x, y) in enumerate(points):
            box = (x - half, y - half, x + half, y + half)
            path = point_path(chart, one, index)
            # The key of a dot is its x, which nothing but the dot shows.
            plan.marks += [Mark("point", box, (*path, "")), Mark("point", box, path)]
    if plan.entries and plan.style.legend == "inside":
        inner_legend(plan, area.box)


def plan_bubbles(plan: Plan, room: Box) -> None:
    """Circles with a name and a printed size each."""
    chart = plan.chart
    area = number_area(plan, room)
    series = chart.series[0]
    points = [point for point in series.points if point is not None]
    largest = max(point[2] for point in points)
    scale = 0.085 * min(area.box[2] - area.box[0], area.box[3] - area.box[1])
    circles = []
    for point in points:
        radius = max(scale * (max(point[2], 0.0) / largest) ** 0.5, 4.0)
        circles.append((area.scales[0](point[0]), area.scales[1](point[1]), radius))
    for index in sorted(range(len(circles)), key=lambda at: -circles[at][2]):
        x, y, radius = circles[index]
        plan.shapes.append(Wedge((x, y), 0.0, radius, 0.0, 360.0, _bubble_pen(plan, index)))
        box = (x - radius, y - radius, x + radius, y + radius)
        path = point_path(chart, series, index)
        plan.marks += [Mark("bubble", box, (*path, part)) for part in ("x", "y", "size")]
    for index in range(len(circles)):
        _name_bubble(plan, area, circles, index)


def _bubble_pen(plan: Plan, index: int) -> Pen:
    style = plan.style
    colour = style.palette[index % len(style.palette) if style.by_category else 0]
    edge = colour if style.edge == "" else style.edge
    return Pen(fill=mix(style.panel, colour, 0.75), stroke=edge, width_px=max(1.0, style.edge_px))


def _name_bubble(plan: Plan, area: Area, circles: Sequence[tuple[float, float, float]], index: int) -> None:
    """Name and size inside the circle, else beside it where nothing else is."""
    chart, style, size = plan.chart, plan.style, plan.style.value_px
    series = chart.series[0]
    x, y, radius = circles[index]
    strings = (chart.categories[index], chart.value_text(series, series.points[index], 2))
    paths = (category_path(chart, index), (*point_path(chart, series, index), "size"))
    cap, line = plan.cap_em * size, 1.3 * size
    widths = [plan.width_px(string, size) for string in strings]
    ground = _bubble_pen(plan, index).fill or style.panel
    half = line / 2
    spots: list[tuple[float, float, float, str]] = []
    if max(widths) < 1.6 * radius and 2 * line < 1.5 * radius:
        spots.append((x, y - half, 0.5, text_colour(ground)))
    away = radius + 0.35 * size
    spots += [
        (x + away, y - half, 0.0, style.ink),
        (x - away, y - half, 1.0, style.ink),
        (x, y - away - line - cap / 2, 0.5, style.ink),
        (x, y + away + cap / 2, 0.5, style.ink),
    ]
    others = [(a - r, b - r, a + r, b + r) for at, (a, b, r) in enumerate(circles) if at != index]
    taken = [plan.box(text) for text in plan.texts if text.kind in ("category", "value")]
    for left, top, across, colour in spots:
        halo = style.panel if colour == style.ink and across != 0.5 else ""
        texts = [
            Text((string,), left, top + at * line, size, kind, path, across, 0.5, colour=colour, halo=halo)
            for at, (string, path, kind) in enumerate(zip(strings, paths, ("category", "value"), strict=True))
        ]
        boxes = [plan.box(text) for text in texts]
        within = all(
            inside(
                (b[0] - area.box[0], b[1] - area.box[1], b[2] - area.box[0], b[3] - area.box[1]),
                area.box[2] - area.box[0] - 2,
                area.box[3] - area.box[1] - 2,
                -2,
            )
            for b in boxes
        )
        if within and not any(overlap_px(box, other) > 0 for box in boxes for other in (*others, *taken)):
            plan.texts += texts
            return
    plan.problems.append("bubbles stand too close for their names")


def _mark_levels(plan: Plan, index: int, box: Box, levels: Mapping[str, float]) -> None:
    """A mark for each number of a point: the part of the point's box at its level."""
    path = point_path(plan.chart, plan.chart.series[0], index)
    for name, y in levels.items():
        plan.marks.append(Mark(plan.chart.kind, (box[0], y - 2, box[2], y + 2), (*path, name)))


def plan_boxes(plan: Plan, room: Box) -> None:
    """Box plots: whiskers from min to max, box from q1 to q3, a line at the median."""
    chart = plan.chart
    area = vertical_area(plan, room, ends_flush=False)
    half = min(0.54 * area.step_px * plan.style.bar_frac, 0.45 * area.step_px, 60.0)
    for index, (x, point) in enumerate(zip(area.positions, chart.series[0].points, strict=True)):
        if point is not None:
            levels = {name: round(area.scales[0](part)) for name, part in zip(PART_NAMES["box"], point, strict=True)}
            _draw_box(plan, index, (round(x - half), round(x), round(x + half)), levels)
            _mark_levels(plan, index, (round(x - half), 0, round(x + half), 0), levels)


def _draw_box(plan: Plan, index: int, xs: tuple[int, int, int], levels: Mapping[str, int]) -> None:
    style = plan.style
    left, x, right = xs
    line_px = max(1.0, round(max(style.edge_px, 0.6 * style.line_px)))
    colour = style.palette[index % len(style.palette) if style.by_category else 0]
    fill = style.panel if style.marker_hollow else mix(style.panel, colour, max(style.fill_alpha * 2, 0.5))
    stroke = style.ink if style.edge else mix(colour, style.ink, 0.5)
    line = Pen(stroke=stroke, width_px=line_px, snap=True)
    cap = round((right - left) / 4)
    for end, edge in ((levels["min"], levels["q1"]), (levels["max"], levels["q3"])):
        plan.shapes.append(Polygon(((x, edge), (x, end)), line, closed=False))
        plan.shapes.append(Polygon(((x - cap, end), (x + cap, end)), line, closed=False))
    hatch = style.hatches[index % len(style.hatches)] if style.hatches and style.by_category else ""
    pen = Pen(fill=fill, stroke=stroke, width_px=line_px, hatch=hatch, hatch_stroke=stroke, snap=True)
    plan.shapes.append(Polygon(rectangle((left, levels["q3"], right, levels["q1"])), pen))
    strong = Pen(stroke=text_colour(fill, stroke), width_px=line_px + 1, snap=True)
    plan.shapes.append(Polygon(((left, levels["median"]), (right, levels["median"])), strong, closed=False))


def plan_candles(plan: Plan, room: Box) -> None:
    """Candlesticks. Rising ones are hollow: colours alone say opposite things in China and elsewhere."""
    area = vertical_area(plan, room, ends_flush=False)
    half = max(2, round(0.5 * plan.style.bar_frac * area.step_px))
    for index, (x, point) in enumerate(zip(area.positions, plan.chart.series[0].points, strict=True)):
        if point is not None:
            parts = zip(PART_NAMES["candlestick"], point, strict=True)
            levels = {name: round(area.scales[0](part)) for name, part in parts}
            _draw_candle(plan, (round(x - half), round(x), round(x + half)), levels)
            _mark_levels(plan, index, (round(x - half), 0, round(x + half) + 1, 0), levels)


def _draw_candle(plan: Plan, xs: tuple[int, int, int], levels: Mapping[str, int]) -> None:
    style = plan.style
    left, x, right = xs
    rises = levels["close"] <= levels["open"]
    colour = _candle_colours(plan)[0 if rises else 1]
    line = Pen(stroke=colour, width_px=max(1.0, round(0.5 * style.line_px)), snap=True)
    plan.shapes.append(Polygon(((x, levels["high"]), (x, levels["low"])), line, closed=False))
    pen = Pen(fill=style.panel if rises else colour, stroke=colour, width_px=line.width_px, snap=True)
    ends = sorted((levels["open"], levels["close"]))
    plan.shapes.append(Polygon(rectangle((left, ends[0], right, ends[1])), pen))


def _candle_colours(plan: Plan) -> tuple[str, str]:
    """Of rising and falling ones."""
    style = plan.style
    if style.hatches:
        return style.ink, style.ink
    strong = 0.25 if style.by_category else 0.0
    red, green = mix("#d62728", style.ink, strong), mix("#2ca02c", style.ink, strong)
    return (green, red) if plan.chart.language == "en" else (red, green)

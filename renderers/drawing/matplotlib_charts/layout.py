"""What stands around the plotting area: title, source, legend and decoration, stacked from the edges inwards."""

from collections.abc import Sequence
from itertools import pairwise

from renderers.core.boxes import Box, overlap_px
from renderers.core.colours import mix
from renderers.drawing.matplotlib_charts.plan import (
    ASCENT_EM,
    DESCENT_EM,
    LINE_EM,
    Entry,
    Markers,
    Plan,
    Point,
    Polygon,
    Rounded,
    Text,
)
from renderers.engines.matplotlib_agg import Pen

_SWATCH_EM = 1.5
_DASHED_EM = 2.8
"""Length of a key in the legend; a dashed one must show its pattern."""
_GAP_EM = 0.5
_ENTRY_GAP_EM = 1.3


def rectangle(box: Box) -> tuple[tuple[float, float], ...]:
    """The corners of a box."""
    return ((box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3]))


def surround(plan: Plan) -> Box:
    """Places title, source and legend (but a legend inside or direct), and says what room they leave."""
    style = plan.style
    plan.shapes.append(Polygon(rectangle((0, 0, style.width_px, style.height_px)), Pen(fill=style.paper)))
    room = _decorate(plan)
    room = _stack(plan, room, "bottom")
    room = _stack(plan, room, "top")
    if plan.entries and style.legend in ("right", "left"):
        room = _legend_column(plan, room)
    elif plan.entries and style.legend in ("top", "bottom"):
        room = _legend_rows(plan, room)
    return room


def _decorate(plan: Plan) -> Box:
    """Strip, rule, frame or card; returns the room inside the margins."""
    style, pad = plan.style, plan.style.pad_px
    width, height = style.width_px, style.height_px
    line = max(1.0, round(style.spine_px))
    top = pad
    if style.decor == "strip":
        plan.shapes.append(Polygon(rectangle((0, 0, width, round(pad * 0.4))), Pen(fill=style.accent)))
        plan.shapes.append(Polygon(rectangle((pad, 0, pad + 2.2 * pad, round(pad * 0.9))), Pen(fill=style.accent)))
        top = pad * 1.6
    elif style.decor == "rule":
        pen = Pen(fill=style.ink)
        plan.shapes.append(
            Polygon(rectangle((round(pad), round(pad * 0.7), round(width - pad), round(pad * 0.7) + 2 * line)), pen)
        )
        top = pad * 1.4
    elif style.decor == "frame":
        pen = Pen(stroke=mix(style.paper, style.ink, 0.35), width_px=line, snap=True)
        plan.shapes.append(Polygon(rectangle((line, line, width - line - 1, height - line - 1)), pen))
    elif style.decor == "card":
        pen = Pen(fill=mix(style.paper, style.ink, 0.06))
        plan.shapes.append(Rounded((pad * 0.4, pad * 0.4, width - pad * 0.4, height - pad * 0.4), pad, pen))
    return (pad, top, width - pad, height - pad)


def _stack(plan: Plan, room: Box, edge: str) -> Box:
    """Title and source at one edge, the title outermost at the top, innermost at the bottom."""
    chart, style = plan.chart, plan.style
    top, bottom = room[1], room[3]
    headings = []
    if chart.title and style.title_place == edge:
        headings.append(("title", chart.title, style.title_px, style.title_bold, style.ink, style.title_at))
    if chart.source and style.source_place == edge:
        at = style.title_at if edge == "top" else style.source_at
        headings.append(("source", chart.source, style.source_px, False, style.soft, at))
    for kind, string, size, bold, colour, at in headings if edge == "top" else reversed(headings):
        lines = plan.wrap(string, size, room[2] - room[0], 3, bold)
        if len(lines) > 3:
            plan.problems.append(f"{kind} is too wide")
        across = {"start": 0.0, "middle": 0.5, "end": 1.0}[at]
        height = (len(lines) - 1) * LINE_EM * size
        first = top + ASCENT_EM * size if edge == "top" else bottom - DESCENT_EM * size - height
        plan.texts.append(
            Text(
                tuple(lines),
                room[0] + across * (room[2] - room[0]),
                first,
                size,
                kind,
                (kind,),
                across,
                0.0,
                colour=colour,
                bold=bold,
            )
        )
        if edge == "top":
            top = first + height + (0.6 if kind == "title" else 0.8) * size
        else:
            bottom = first - 1.5 * size
    return (room[0], top, room[2], bottom)


def _swatch_em(plan: Plan) -> float:
    """Of all keys of a legend, so that its names are aligned."""
    return _DASHED_EM if any(entry.pen.dash_px for entry in plan.entries) else _SWATCH_EM


def _entry_width(plan: Plan, entry: Entry) -> float:
    size = plan.style.legend_px
    return (_swatch_em(plan) + _GAP_EM) * size + plan.width_px(entry.name, size)


def _legend_rows(plan: Plan, room: Box) -> Box:
    """Entries side by side in as many rows as needed, above or below what is left."""
    size, style = plan.style.legend_px, plan.style
    rows: list[list[Entry]] = [[]]
    used = 0.0
    for entry in plan.entries:
        width = _entry_width(plan, entry) + _ENTRY_GAP_EM * size
        if rows[-1] and used + width - _ENTRY_GAP_EM * size > room[2] - room[0] - size:
            rows.append([])
            used = 0.0
        rows[-1].append(entry)
        used += width
    height = len(rows) * 1.5 * size
    y = room[1] + 0.3 * size if style.legend == "top" else room[3] - height - 0.3 * size
    left_most = style.title_at == "start" and style.legend == "top" and not style.legend_frame
    widest = max(
        sum(_entry_width(plan, entry) for entry in row) + (len(row) - 1) * _ENTRY_GAP_EM * size for row in rows
    )
    if widest > room[2] - room[0]:
        plan.problems.append("legend is too wide")
    start = room[0] if left_most else (room[0] + room[2] - widest) / 2
    if style.legend_frame:
        _legend_frame(
            plan, (start - 0.6 * size, y - 0.15 * size, start + widest + 0.6 * size, y + height + 0.15 * size)
        )
    for number, row in enumerate(rows):
        x = start
        for entry in row:
            _draw_entry(plan, entry, x, y + (number + 0.5) * 1.5 * size)
            x += _entry_width(plan, entry) + _ENTRY_GAP_EM * size
    if style.legend == "top":
        return (room[0], y + height + 0.5 * size, room[2], room[3])
    return (room[0], room[1], room[2], y - 0.5 * size)


def _legend_column(plan: Plan, room: Box) -> Box:
    """One entry a row, right or left of what is left."""
    size, style = plan.style.legend_px, plan.style
    width, height = legend_size(plan)
    if width > 0.4 * (room[2] - room[0]) or height > room[3] - room[1]:
        plan.problems.append("legend is too large")
    x = room[2] - width if style.legend == "right" else room[0]
    slack = room[3] - room[1] - height
    y = room[1] + slack * (0.5 if style.title_at == "middle" else 0.06)
    draw_legend(plan, x, y)
    gap = 0.8 * size
    return (
        (room[0], room[1], x - gap, room[3])
        if style.legend == "right"
        else (x + width + gap, room[1], room[2], room[3])
    )


def legend_size(plan: Plan) -> tuple[float, float]:
    """Width and height of the legend as one column, its frame included."""
    size = plan.style.legend_px
    width = max(_entry_width(plan, entry) for entry in plan.entries) + 1.1 * size
    return width, (len(plan.entries) * 1.45 + 0.6) * size


def draw_legend(plan: Plan, x: float, y: float) -> None:
    """The legend as one column with its upper left corner at a point."""
    size = plan.style.legend_px
    width, height = legend_size(plan)
    if plan.style.legend_frame:
        _legend_frame(plan, (x, y, x + width, y + height))
    for number, entry in enumerate(plan.entries):
        _draw_entry(plan, entry, x + 0.55 * size, y + (0.3 + 1.45 * (number + 0.5)) * size)


def _legend_frame(plan: Plan, box: Box) -> None:
    style = plan.style
    pen = Pen(
        fill=style.panel,
        stroke=mix(style.panel, style.ink, 0.3),
        width_px=max(1.0, style.grid_px),
        snap=not style.legend_round,
    )
    shape = Rounded(box, 0.35 * style.legend_px, pen) if style.legend_round else Polygon(rectangle(box), pen)
    plan.shapes.append(shape)


def _draw_entry(plan: Plan, entry: Entry, x: float, y: float) -> None:
    """A swatch from x on, its name behind it; y is the middle of the capitals."""
    size, style = plan.style.legend_px, plan.style
    end = x + _swatch_em(plan) * size
    if entry.line:
        plan.shapes.append(Polygon(((x, y), (end, y)), entry.pen, closed=False))
    elif not entry.marker:
        height = 0.36 * size
        plan.shapes.append(Polygon(rectangle((round(x), round(y - height), round(end), round(y + height))), entry.pen))
    if entry.marker:
        plan.shapes.append(
            Markers(entry.marker, min(style.marker_px, 0.9 * size), (((x + end) / 2, y),), entry.marker_pen)
        )
    plan.texts.append(
        Text((entry.name,), end + _GAP_EM * size, y, size, entry.kind, entry.path, 0.0, 0.5, colour=legend_ink(plan))
    )


def legend_ink(plan: Plan) -> str:
    """Colour of the names in the legend."""
    return plan.style.ink if plan.style.legend_frame or plan.style.soft == plan.style.ink else plan.style.soft


def inner_legend(plan: Plan, box: Box, filled: Sequence[Box] = ()) -> None:
    """The legend in a corner of the plotting area where no mark, no text and nothing `filled` is."""
    size = plan.style.legend_px
    width, height = legend_size(plan)
    gap = 0.6 * size
    taken = [*filled, *(mark.box for mark in plan.marks)]
    taken += [plan.box(text) for text in plan.texts if text.kind == "value"]
    taken += [
        segment
        for shape in plan.shapes
        if isinstance(shape, Polygon) and not shape.closed and shape.pen.stroke in plan.style.palette
        for segment in _segments(shape.points)
    ]
    for x in (box[2] - gap - width, box[0] + gap, (box[0] + box[2] - width) / 2):
        for y in (box[1] + gap, box[3] - gap - height):
            corner = (x - 2, y - 2, x + width + 2, y + height + 2)
            if x > box[0] and y > box[1] and not any(overlap_px(corner, other) > 0 for other in taken):
                draw_legend(plan, x, y)
                return
    plan.problems.append("no corner is free for the legend")


def _segments(points: Sequence[Point]) -> list[Box]:
    """Small boxes along a line."""
    boxes = []
    for (x0, y0), (x1, y1) in pairwise(points):
        num = max(1, int(abs(y1 - y0) / 12), int(abs(x1 - x0) / 40))
        for at in range(num):
            ax, bx = x0 + (x1 - x0) * at / num, x0 + (x1 - x0) * (at + 1) / num
            ay, by = y0 + (y1 - y0) * at / num, y0 + (y1 - y0) * (at + 1) / num
            boxes.append((min(ax, bx) - 1, min(ay, by) - 1, max(ax, bx) + 1, max(ay, by) + 1))
    return boxes

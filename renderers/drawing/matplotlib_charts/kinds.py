"""From a chart and a style to a plan: which module draws which kind, and whether all of it fits."""

from collections.abc import Callable
from dataclasses import dataclass

from renderers.content.charts.data import Chart, Kind
from renderers.core.boxes import Box, first_overlap, inside
from renderers.drawing.matplotlib_charts import bars, lines, radar, sectors, spots, tiles
from renderers.drawing.matplotlib_charts.layout import surround
from renderers.drawing.matplotlib_charts.plan import Entry, Plan
from renderers.drawing.matplotlib_charts.style import Style


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a kind is planned.

    Attributes:
        draw: plans its marks in a room.
        entries: rows of its legend.
        legends: places its legend can have; others are replaced by the first.
    """

    draw: Callable[[Plan, Box], None]
    entries: Callable[[Plan], list[Entry]]
    legends: tuple[str, ...] = ("top", "right", "bottom", "left")


def _no_entries(plan: Plan) -> list[Entry]:
    return []


def _bar_entries(plan: Plan) -> list[Entry]:
    return bars.bar_entries(plan, plan.chart.series)


def _line_entries(plan: Plan) -> list[Entry]:
    return lines.line_entries(plan, plan.chart.series)


def _sector_entries(plan: Plan) -> list[Entry]:
    """Sectors are named outside unless the style has a legend for them."""
    return bars.by_category_entries(plan) if plan.style.legend in ("right", "left", "bottom") else []


_AROUND = ("top", "right", "bottom", "left")
_KINDS: dict[Kind, _Kind] = {
    "bar": _Kind(bars.plan_bars, _bar_entries),
    "barh": _Kind(bars.plan_lying_bars, _bar_entries),
    "grouped_bar": _Kind(bars.plan_bars, _bar_entries, (*_AROUND, "inside")),
    "stacked_bar": _Kind(bars.plan_bars, _bar_entries, (*_AROUND, "inside")),
    "percent_bar": _Kind(bars.plan_bars, _bar_entries),
    "line": _Kind(lines.plan_lines, _line_entries, (*_AROUND, "inside", "direct")),
    "step": _Kind(lines.plan_lines, _line_entries, (*_AROUND, "inside", "direct")),
    "area": _Kind(lines.plan_area, _line_entries, (*_AROUND, "inside")),
    "stacked_area": _Kind(lines.plan_stacked_area, _bar_entries, (*_AROUND, "inside")),
    "pie": _Kind(sectors.plan_sectors, _sector_entries),
    "donut": _Kind(sectors.plan_sectors, _sector_entries),
    "rose": _Kind(sectors.plan_sectors, _sector_entries),
    "scatter": _Kind(spots.plan_scatter, spots.scatter_entries, (*_AROUND, "inside")),
    "bubble": _Kind(spots.plan_bubbles, _no_entries),
    "radar": _Kind(radar.plan_radar, _line_entries),
    "combo": _Kind(lines.plan_combo, lines.combo_entries),
    "box": _Kind(spots.plan_boxes, _no_entries),
    "heatmap": _Kind(tiles.plan_heatmap, _no_entries),
    "funnel": _Kind(tiles.plan_funnel, _sector_entries),
    "candlestick": _Kind(spots.plan_candles, _no_entries),
}


def legend_position(chart_kind: Kind, preferred: str) -> str:
    """Where the legend stands: as preferred, or the first position that the kind can have."""
    positions = _KINDS[chart_kind].legends
    return preferred if preferred in positions else positions[0]


def make_plan(chart: Chart, style: Style) -> Plan:
    """Everything of a chart, placed; `problems` says what does not fit."""
    kind = _KINDS[chart.kind]
    plan = Plan(chart, style)
    plan.entries = kind.entries(plan)
    room = surround(plan)
    kind.draw(plan, room)
    if plan.area is not None and style.title_over:
        _move_over(plan, plan.area)
    return plan


def _move_over(plan: Plan, area: Box) -> None:
    """Aligns what stands over the plotting area with it, where that leaves it in the picture."""
    pad, end = plan.style.pad_px, plan.style.width_px - plan.style.pad_px
    for text in plan.texts:
        if text.kind in ("title", "source") and text.y < area[1]:
            width = plan.widest_px(text.lines, text.size_px, text.bold)
            x = area[0] + text.across * (area[2] - area[0])
            if pad <= x - text.across * width and x + (1 - text.across) * width <= end:
                text.x = x


def find_problem(plan: Plan) -> str | None:
    """What does not fit, by measure: reported by the kinds, out of the picture, or text on text."""
    if plan.problems:
        return plan.problems[0]
    style = plan.style
    boxes = list(map(plan.box, plan.texts))
    for text, box in zip(plan.texts, boxes, strict=True):
        if not inside(box, style.width_px, style.height_px, 0.0):
            return f"{text.kind} leaves the picture"
    straight = [at for at, text in enumerate(plan.texts) if text.angle_deg in (0, 90)]
    met = first_overlap([boxes[at] for at in straight], 0.5)
    if met is not None:
        first, second = (plan.texts[straight[at]] for at in met)
        return f"{first.kind} meets {second.kind}"
    return None

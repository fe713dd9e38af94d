"""What axes need around the plot for ticks and titles, from the widths of the fonts."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from renderers.content import fonts
from renderers.content.charts.data import Chart
from renderers.content.charts.draw import Room
from renderers.drawing.pyecharts_charts.style import KINDS_WITHOUT_AXES, Style

LABEL_GAP_PX = 8.0
"""From an axis to its labels."""

LINE = 1.3
"""Height of a line of text in em, so that letters below and above it fit."""

WIDTH_SPARE = 1.03
"""Widths of texts are sums of advances; a browser may round each."""

_NAME_GAP_PX = 7.0

_TILTS = (30, 45, 60, 90)

_NARROW_EM = 0.4
"""The text layer loses the second of two equal letters this narrow where the text is turned, but not upright."""


class Widths:
    """Widths in px of texts in a font chain."""

    def __init__(self, families: tuple[str, ...]) -> None:
        self._families = families

    def of(self, text: str, size_px: float, bold: bool = False) -> float:
        """Of one text."""
        return fonts.width_em(self._families, text, bold) * size_px * WIDTH_SPARE

    def widest(self, texts: Sequence[str], size_px: float) -> float:
        """Of the widest."""
        return max((self.of(text, size_px) for text in texts), default=0.0)


@dataclass(frozen=True, slots=True)
class Margins:
    """Around the plot, in px.

    Attributes:
        left, top, right, bottom: for labels and titles of axes, in px.
        x_gap, y_gap: from an axis to its title, in px.
        tilt: of category labels, degrees.
        x_name_place, y_name_place: "middle" or "end" of the axis.
    """

    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    x_gap: float = 0.0
    y_gap: float = 0.0
    tilt: int = 0
    x_name_place: str = "middle"
    y_name_place: str = "middle"


def axis_texts(chart: Chart) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What stands along the horizontal axis, the vertical one, and a second vertical one."""
    ticks = [axis.tick_texts() for axis in chart.axes]
    if chart.kind == "barh":
        return ticks[0], chart.categories, ()
    if chart.kind in ("scatter", "bubble"):
        return ticks[0], ticks[1], ()
    if chart.kind == "heatmap":
        return chart.categories, tuple(series.name for series in chart.series), ()
    return chart.categories, ticks[0], ticks[1] if len(ticks) > 1 else ()


def axis_is_far(chart: Chart, style: Style) -> bool:
    """Whether the upright axis stands at the right."""
    return style.picks.value_side == "far" and chart.kind not in ("barh", "heatmap", "combo")


def make_margins(chart: Chart, style: Style, room: Room, widths: Widths) -> Margins:
    """What the axes of a chart need."""
    if chart.kind in KINDS_WITHOUT_AXES:
        return Margins()
    em, name_height = style.em_px, style.name_px * LINE
    x_texts, y_texts, far_texts = axis_texts(chart)
    far = axis_is_far(chart, style)
    slot = room.width_px / max(1, len(x_texts))
    tilt = _tilt(chart, style, x_texts, slot)
    x_wide, y_wide = widths.widest(x_texts, em), widths.widest(y_texts, em)
    x_tall, reach = _turned(x_wide, em, tilt, slot)
    half = x_wide / 2 if chart.kind in ("barh", "scatter", "bubble") else 0.0
    x_name, y_name = widths.of(chart.x_title, style.name_px), widths.of(chart.y_title, style.name_px)
    at_end = style.picks.name_place == "end"
    x_at_end = at_end and x_name <= 0.2 * room.width_px and not far and not far_texts
    y_at_end = at_end and y_name <= 0.8 * room.width_px
    near_side = LABEL_GAP_PX + y_wide + (_NAME_GAP_PX + name_height if chart.y_title and not y_at_end else 0.0)
    far_side = LABEL_GAP_PX + widths.widest(far_texts, em) if far_texts else 0.0
    left, right = (far_side, near_side) if far else (near_side, far_side)
    x_gap, y_gap = LABEL_GAP_PX + x_tall + _NAME_GAP_PX, LABEL_GAP_PX + y_wide + _NAME_GAP_PX
    top, bottom = 0.6 * em, LABEL_GAP_PX + x_tall
    if x_at_end:
        x_gap = half + 8
        right = max(right, x_gap + x_name + 4) if chart.x_title else right
    elif chart.x_title:
        bottom = x_gap + name_height
    if y_at_end:
        y_gap = 0.6 * em + _NAME_GAP_PX
        top = y_gap + name_height if chart.y_title else top
    return Margins(
        left=max(left, reach, half),
        top=top,
        right=max(right, half),
        bottom=bottom,
        x_gap=x_gap,
        y_gap=y_gap,
        tilt=tilt,
        x_name_place="end" if x_at_end else "middle",
        y_name_place="end" if y_at_end else "middle",
    )


def _tilt(chart: Chart, style: Style, texts: Sequence[str], slot_px: float) -> int:
    """The style's, or more where labels would meet."""
    if not style.tilt or chart.kind in ("barh", "scatter", "bubble"):
        return 0
    doubled = (one for text in texts for one, other in itertools.pairwise(text) if one == other)
    if any(fonts.width_em(style.families, char) <= _NARROW_EM for char in doubled):
        return 90
    steep = (tilt for tilt in _TILTS if slot_px * math.sin(math.radians(tilt)) >= 1.15 * style.em_px)
    return max(style.tilt, next(steep, 90))


def _turned(wide_px: float, em_px: float, tilt: int, slot_px: float) -> tuple[float, float]:
    """Height of turned labels, and how far the first reaches beyond the left end of its axis."""
    angle = math.radians(tilt)
    tall = wide_px * math.sin(angle) + em_px * math.cos(angle) * LINE
    return tall, max(0.0, wide_px * math.cos(angle) - slot_px / 2) if tilt else 0.0

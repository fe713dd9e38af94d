"""What is to be inked where: shapes, texts and the boxes of marks, all in px, y down.

A plan is made without any pixel, so `draw` can see whether a chart fits before it is drawn, and `render` draws the very
same plan. Text is measured by the fonts' own advances; only `paint` knows its true ink.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from renderers.content.charts.data import Chart
from renderers.content.fonts import cap_height_em, width_em
from renderers.core.boxes import Box
from renderers.drawing.matplotlib_charts.style import Style
from renderers.engines.matplotlib_agg import Pen
from renderers.labels.charts import Path as TargetPath

Point: TypeAlias = tuple[float, float]
LINE_EM = 1.3
"""From one baseline to the next."""
DESCENT_EM = 0.24
ASCENT_EM = 0.9
"""Ink above and below the baseline that a text may have: Chinese characters and accents rise over the capitals."""


@dataclass(slots=True)
class Polygon:
    """Straight lines through points; filled if the pen fills."""

    points: Sequence[Point]
    pen: Pen
    closed: bool = True
    clip: Box | None = None


@dataclass(slots=True)
class Wedge:
    """Part of a ring: degrees anticlockwise from the right, radii in px; a whole circle where it spans 360."""

    centre: Point
    inner_px: float
    outer_px: float
    start_deg: float
    end_deg: float
    pen: Pen


@dataclass(slots=True)
class Markers:
    """One of Matplotlib's markers at some points."""

    marker: str
    size_px: float
    points: Sequence[Point]
    pen: Pen


@dataclass(slots=True)
class Rounded:
    """A box with round corners."""

    box: Box
    radius_px: float
    pen: Pen


Shape: TypeAlias = Polygon | Wedge | Markers | Rounded


@dataclass(slots=True)
class Text:
    """Lines of one text.

    Attributes:
        lines: from the top; a text that is wrapped has several.
        x, y: where the anchor of the first line comes to lie, in px from the upper left corner.
        size_px: one em, in px.
        kind: of its region.
        path: of the string of the target that it shows; None for what is not in the target, such as ticks.
        across, up: which point of a line is its anchor, 0..1: 0 = start, 1 = end; 0 = baseline, 1 = top of a capital.
        angle_deg: anticlockwise.
        halo: colour that is laid around the glyphs where they stand over lines, "" for none.
    """

    lines: tuple[str, ...]
    x: float
    y: float
    size_px: float
    kind: str
    path: TargetPath | None = None
    across: float = 0.5
    up: float = 0.5
    angle_deg: float = 0.0
    colour: str = "#000000"
    bold: bool = False
    halo: str = ""


@dataclass(slots=True)
class Mark:
    """What shows a value without words: its box, and the path of the value; a mark for each value of a point."""

    kind: str
    box: Box
    path: TargetPath


@dataclass(slots=True)
class Entry:
    """One row of a legend and how its mark looks.

    Attributes:
        name, path: what it says.
        pen: of the swatch.
        marker: Matplotlib's marker on it, "" for none.
        line: a stroke rather than a patch.
        kind: of the region of its name.
    """

    name: str
    path: TargetPath
    pen: Pen
    marker: str = ""
    marker_pen: Pen = field(default_factory=Pen)
    line: bool = False
    kind: str = "series"


class Plan:
    """Shapes in the order they are inked, texts over them, marks beside them.

    Attributes:
        problems: what did not fit; a plan with problems is not drawn.
        area: the plotting area of a chart with axes.
        spoke_px: length of the axis of a radar chart.
    """

    def __init__(self, chart: Chart, style: Style) -> None:
        self.chart = chart
        self.style = style
        self.families = (style.latin, style.han) if style.latin else (style.han,)
        self.cap_em = cap_height_em(self.families[0])
        self.shapes: list[Shape] = []
        self.texts: list[Text] = []
        self.marks: list[Mark] = []
        self.entries: list[Entry] = []
        self.problems: list[str] = []
        self.area: Box | None = None
        self.spoke_px = 0.0
        self._widths_em: dict[tuple[str, bool], float] = {}

    def width_px(self, text: str, size_px: float, bold: bool = False) -> float:
        """Advance width of one line."""
        width = self._widths_em.get((text, bold))
        if width is None:
            width = self._widths_em[text, bold] = width_em(self.families, text, bold)
        return width * size_px

    def widest_px(self, texts: Sequence[str], size_px: float, bold: bool = False) -> float:
        """Width of the widest of some lines."""
        if len(texts) == 1:
            return self.width_px(texts[0], size_px, bold)
        return max((self.width_px(text, size_px, bold) for text in texts), default=0.0)

    def box(self, text: Text) -> Box:
        """Where an upright text, or one turned by 90 degrees, will about lie; of another angle its hull."""
        width = self.widest_px(text.lines, text.size_px, text.bold)
        size, cap = text.size_px, self.cap_em * text.size_px
        left, right = -text.across * width, (1 - text.across) * width
        # Numbers neither rise over capitals nor hang down, but for a comma or the sign of a currency.
        number = text.kind in ("tick", "value") and text.lines[0].isascii()
        above = (cap + 0.1 * size if number else ASCENT_EM * size) - text.up * cap
        below = text.up * cap + (0.15 if number else DESCENT_EM) * size + (len(text.lines) - 1) * LINE_EM * size
        if text.angle_deg == 0:
            return (text.x + left, text.y - above, text.x + right, text.y + below)
        if text.angle_deg == 90:
            return (text.x - above, text.y - right, text.x + below, text.y - left)
        return _hull(text.x, text.y, (left, -above, right, below), text.angle_deg)

    def wrap(self, text: str, size_px: float, width_px: float, num_lines: int = 2, bold: bool = False) -> list[str]:
        """A text in as few lines as fit a width; more than `num_lines` where it does not fit."""
        return list(_wrap(self.families, text, width_px / size_px, num_lines, bold))


def _hull(x: float, y: float, box: Box, angle_deg: float) -> Box:
    cos, sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    corners = [(across, down) for across in (box[0], box[2]) for down in (box[1], box[3])]
    xs = [x + across * cos + down * sin for across, down in corners]
    ys = [y - across * sin + down * cos for across, down in corners]
    return (min(xs), min(ys), max(xs), max(ys))


@lru_cache(maxsize=2048)
def _wrap(families: tuple[str, ...], text: str, width: float, num_lines: int, bold: bool) -> tuple[str, ...]:
    if width_em(families, text, bold) <= width:
        return (text,)
    pieces = _pieces(text)
    lines: list[str] = []
    line = ""
    for piece in pieces:
        if line and width_em(families, (line + piece).rstrip(), bold) > width:
            lines.append(line.rstrip())
            line = piece
        else:
            line += piece
    lines.append(line.rstrip())
    if len(lines) <= num_lines and all(width_em(families, line, bold) <= width for line in lines):
        return tuple(lines)
    return (text,) * (num_lines + 1)


_NO_START = "，。、；：！？）》」』】%％,.;:!?)]"
_NO_END = "（《「『【(["


def _pieces(text: str) -> list[str]:
    """Where a line may break: after a blank, after a Chinese character but not before closing punctuation."""
    pieces = [""]
    for index, char in enumerate(text):
        before = text[index - 1] if index else ""
        # Not before a Chinese character that follows a digit: the 月 of 3月 stays with it.
        after_han = before >= "\u2e80" and char != " " and char not in _NO_START and before not in _NO_END
        breaks = before == " " or after_han
        if index and breaks:
            pieces.append(char)
        else:
            pieces[-1] += char
    return pieces

"""Label placement: each text stands beside what it names, on free paper.

Lines are rows of points, texts are boxes: a position is free when its box, grown by a margin, holds no point of a line
and meets no other box. Of a label's candidate positions the free one of least cost wins. Lengths are in units of the
figure (its longer side is 8 of them), angles in degrees.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renderers.content.geometry.texts import measure
from renderers.labels.tikz.primitives import Node, Path, Point, Points, Primitive, outlines

_SPACING = 0.08
"""Distance between the points that stand for a line, in units; smaller than any text."""

_FAR = 0.4
"""Units of free paper around a text beyond which more is no better."""

_AROUND = np.radians(np.arange(0, 360, 15.0))
_COMPASS = np.stack([np.cos(_AROUND), np.sin(_AROUND)], axis=1)


@dataclass(frozen=True, slots=True)
class LabelCandidates:
    """A text and the positions where it might stand.

    Attributes:
        text: TeX.
        centres: (K, 2) positions of the middle of its box, in units.
        costs: (K,) how much worse each position is than the best one, in units of distance, 0 or more.
        named_point: the point that it names; the text must be nearer to it than to any other named point.
        patch: it stands on a piece of white paper, so lines of a grid may pass under it.
        colour: of the text, as TikZ names it.
    """

    text: str
    centres: Points
    costs: npt.NDArray[np.float64]
    named_point: Point | None = None
    patch: bool = False
    colour: str = "black"


@dataclass(frozen=True, slots=True)
class TextMetrics:
    """How large texts are and how much paper they need, in units of the figure.

    Attributes:
        em: one em of the texts, in units.
        gap: paper between a text and what it names, in units.
        margin: paper that a text must keep to lines, half of a line's width included, in units.
    """

    em: float
    gap: float
    margin: float

    def half(self, text: str, patch: bool = False) -> tuple[float, float]:
        """Half the width and half the height of a text's box, in units; with the margin if it is a white patch."""
        extent = measure(text)
        more = self.margin if patch else 0.0
        return (extent.width * self.em / 2 + more, (extent.height + extent.depth) * self.em / 2 + more)


def around(
    text: str, point: Point, metrics: TextMetrics, away: Point | None = None, clear: float = 0.0
) -> LabelCandidates:
    """Positions around a point, best in the direction `away`; `clear`: radius of the dot there, in units."""
    width, height = metrics.half(text)
    reach = np.minimum(width / np.abs(_COMPASS[:, 0]).clip(1e-9), height / np.abs(_COMPASS[:, 1]).clip(1e-9))
    # A box that leaves a corner free may come nearer than its middle line says.
    reach = np.minimum(reach, math.hypot(width, height) * 0.92)
    turned = np.zeros(len(_COMPASS))
    if away is not None and away != (0.0, 0.0):
        length = math.hypot(*away)
        turned = 0.25 * (1 - _COMPASS @ np.array([away[0] / length, away[1] / length]))
    centres, costs = [], []
    for more in (0.0, 0.12, 0.28, 0.5):
        distance = reach + metrics.gap + clear + more * 1.6 * metrics.em
        centres.append(np.array(point) + _COMPASS * distance[:, None])
        costs.append(turned + more * 1.2)
    return LabelCandidates(text, np.concatenate(centres), np.concatenate(costs), named_point=point)


def beside(text: str, a: Point, b: Point, metrics: TextMetrics, inner: Point | None = None) -> LabelCandidates:
    """Positions along the middle of a segment, best on the side where the point `inner` does not lie."""
    width, height = metrics.half(text)
    along = (b[0] - a[0], b[1] - a[1])
    length = math.hypot(*along) or 1.0
    normal = (-along[1] / length, along[0] / length)
    if inner is not None and (inner[0] - a[0]) * normal[0] + (inner[1] - a[1]) * normal[1] > 0:
        normal = (-normal[0], -normal[1])
    reach = width * abs(normal[0]) + height * abs(normal[1]) + metrics.gap
    centres, costs = [], []
    for part in (0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72):
        for side in (1.0, -1.0):
            for more in (0.0, 0.15):
                distance = side * (reach + more)
                x, y = a[0] + along[0] * part, a[1] + along[1] * part
                centres.append((x + normal[0] * distance, y + normal[1] * distance))
                costs.append(abs(part - 0.5) * 1.5 + (0.35 if side < 0 else 0.0) + more)
    return LabelCandidates(text, np.array(centres), np.array(costs))


def within(
    text: str, corner: Point, middle_deg: float, radius: float, metrics: TextMetrics, half_deg: float = 90.0
) -> LabelCandidates:
    """Positions between the arms of an angle, outside of its arc.

    Args:
        text: TeX.
        corner: of the angle.
        middle_deg: direction of its bisector.
        radius: of its outermost arc, in units.
        metrics: size of the text.
        half_deg: half of the angle.
    """
    width, height = metrics.half(text)
    centres, costs = [], []
    for bend in (0.0, 0.2, -0.2, 0.4, -0.4):
        angle = math.radians(middle_deg + bend * half_deg)
        towards = (math.cos(angle), math.sin(angle))
        reach = width * abs(towards[0]) + height * abs(towards[1])
        for more in (0.0, 0.1, 0.2, 0.35, 0.5, 0.7, 0.95, 1.25):
            distance = radius + metrics.gap * 0.7 + reach + more
            centres.append((corner[0] + towards[0] * distance, corner[1] + towards[1] * distance))
            costs.append(abs(bend) * 0.3 + more * 0.8)
    return LabelCandidates(text, np.array(centres), np.array(costs))


def at(text: str, centre: Point, patch: bool = False) -> LabelCandidates:
    """One position."""
    return LabelCandidates(text, np.array([centre]), np.zeros(1), patch=patch)


def near_any(text: str, points: Iterable[Point], metrics: TextMetrics, colour: str = "black") -> LabelCandidates:
    """Positions beside any of some points, such as those of a curve."""
    several = [around(text, point, metrics) for point in points]
    centres = np.concatenate([candidates.centres for candidates in several])
    return LabelCandidates(text, centres, np.concatenate([candidates.costs for candidates in several]), colour=colour)


def line_points(primitives: Sequence[Primitive]) -> Points:
    """(N, 2) points that texts must keep off: all lines, the inside of patterns, and arrow tips, in units."""
    rows: list[Points] = [np.empty((0, 2))]
    for primitive in primitives:
        outline = outlines(primitive, _SPACING)
        rows += outline
        if isinstance(primitive, Node):
            continue
        if primitive.pen.pattern:
            rows.append(_inside(outline[0]))
        if primitive.pen.arrow and isinstance(primitive, Path):
            ends = [outline[0][-1]] + ([outline[0][0]] if primitive.pen.arrow == "<->" else [])
            rows += [end + 0.12 * _COMPASS[::3] for end in ends]
    return np.concatenate(rows)


def _inside(outline: Points) -> Points:
    """(N, 2) points of a fine grid inside a closed outline (M, 2), by the even-odd rule."""
    (x0, y0), (x1, y1) = outline.min(axis=0), outline.max(axis=0)
    grid = np.stack(np.meshgrid(np.arange(x0, x1, 0.15), np.arange(y0, y1, 0.15)), axis=-1).reshape(-1, 2)
    start, stop = outline, np.roll(outline, -1, axis=0)
    above = (start[:, 1] > grid[:, 1:]) != (stop[:, 1] > grid[:, 1:])
    with np.errstate(all="ignore"):
        slope = (stop[:, 0] - start[:, 0]) / (stop[:, 1] - start[:, 1])
        cuts = above & (grid[:, :1] < start[:, 0] + (grid[:, 1:] - start[:, 1]) * slope)
    inside: Points = grid[cuts.sum(axis=1) % 2 == 1]
    return inside


class LabelPlacer:
    """Places the labels of a figure one by one: what is taken stays taken."""

    def __init__(self, lines: Points, grid: Points, named_points: Sequence[Point], metrics: TextMetrics) -> None:
        self._lines = lines
        self._all = np.concatenate([lines, grid])
        self._named_points = np.array(list(named_points)).reshape(-1, 2)
        self._metrics = metrics
        self._boxes: list[tuple[float, float, float, float]] = []

    def place(self, candidates: LabelCandidates) -> Node | None:
        """The text at its best free position; None where none is free."""
        width, height = self._metrics.half(candidates.text, candidates.patch)
        lines = self._lines if candidates.patch else self._all
        low, high = candidates.centres.min(axis=0) - (width + 0.8), candidates.centres.max(axis=0) + (width + 0.8)
        lines = lines[((lines > low) & (lines < high)).all(axis=1)]
        costs = candidates.costs + self._crowding(candidates, lines, width, height) + self._ambiguity(candidates)
        best = int(costs.argmin())
        if not math.isfinite(costs[best]):
            return None
        x, y = (round(float(value), 2) for value in candidates.centres[best])
        self._boxes.append((x, y, width, height))
        return Node((x, y), candidates.text, candidates.colour, candidates.patch)

    def boxes(self) -> list[tuple[float, float, float, float]]:
        """x0, y0, x1, y1 of each text that was placed, in units."""
        return [(x - width, y - height, x + width, y + height) for x, y, width, height in self._boxes]

    def _crowding(
        self, candidates: LabelCandidates, lines: Points, width: float, height: float
    ) -> npt.NDArray[np.float64]:
        """(K,) cost of standing close to lines and texts; infinite at positions that are not free."""
        margin = self._metrics.margin
        near = np.full(len(candidates.centres), np.inf)
        if len(lines):
            across = np.abs(candidates.centres[:, None, 0] - lines[:, 0]) - width
            up = np.abs(candidates.centres[:, None, 1] - lines[:, 1]) - height
            near = np.maximum(across, up).min(axis=1)
        for x, y, other_width, other_height in self._boxes:
            across = np.abs(candidates.centres[:, 0] - x) - (width + other_width)
            up = np.abs(candidates.centres[:, 1] - y) - (height + other_height)
            near = np.minimum(near, np.maximum(across, up))
        return np.where(near < margin, np.inf, 0.5 * (_FAR - near.clip(max=_FAR)))

    def _ambiguity(self, candidates: LabelCandidates) -> npt.NDArray[np.float64]:
        """(K,) infinite at positions where a text would be taken for the name of another point, else 0."""
        if candidates.named_point is None or not len(self._named_points):
            return np.zeros(len(candidates.centres))
        width, height = self._metrics.half(candidates.text)
        apart = np.abs(candidates.centres[:, None, :] - self._named_points) - (width, height)
        away = np.hypot(*apart.clip(0).transpose(2, 0, 1))
        own = np.hypot(*(np.abs(candidates.centres - candidates.named_point) - (width, height)).clip(0).T)
        away[:, np.hypot(*(self._named_points - candidates.named_point).T) < 0.02] = np.inf
        return np.where(away.min(axis=1, initial=np.inf) < own * 1.15, np.inf, 0.0)

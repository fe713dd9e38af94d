"""A figure while it is made: parts in any coordinates, then marks and texts in those of the finished figure.

Constructions give points in coordinates of their own. `Sketch.finish` turns and scales them into the coordinates of the
target (lower left corner at the origin, longer side `SIDE` units), and only then come the things whose size does not
grow with the figure: dots, ticks, arcs of angles, texts.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

import numpy as np

from renderers.content.geometry import labels
from renderers.content.geometry.labels import LabelCandidates, LabelPlacer, TextMetrics
from renderers.content.geometry.plane import angle_at, between, direction, left_of, minus, plus, polar, times, unit
from renderers.content.geometry.texts import PointNames
from renderers.core.choice import draw_one
from renderers.labels.tikz.primitives import (
    Bend,
    Circle,
    Ellipse,
    Grid,
    Node,
    Path,
    Pen,
    Point,
    Primitive,
    Step,
    arc,
    bounds,
)

T = TypeVar("T")

SIDE = 8.0
"""Length of the longer side of a figure, in units. A picture has no scale, so its target must not ask for one."""

_WEIGHTS = ("", "thick", "very thick")
PLAIN = Pen()
Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class FigureStyle:
    """Pens and sizes of a figure, the same all over it.

    Attributes:
        text_metrics: size of its texts.
        dot: radius of the dots at named points, in units, 0.05 to 0.09; 0 for no dots.
        mark: side of the squares of right angles and radius of the arcs of angles, in units, 0.24 to 0.34.
        auxiliary: pen of auxiliary lines: heights, diagonals.
        main: pen of the figure itself.
        shade: pen of shaded regions.
    """

    text_metrics: TextMetrics
    dot: float
    mark: float
    auxiliary: Pen
    main: Pen
    shade: Pen


@dataclass(frozen=True, slots=True)
class Figure:
    """A finished figure.

    Attributes:
        primitives: all that is drawn, texts too.
        box: x0, y0, x1, y1 of all that is drawn, in units.
        dropped: how many texts found no room and were left out.
    """

    primitives: tuple[Primitive, ...]
    box: Box
    dropped: int


class Transform:
    """Turns, scales and moves points of a construction to where they stand in the finished figure."""

    def __init__(self, turn_deg: float = 0.0, scale: float = 1.0, shift: Point = (0.0, 0.0)) -> None:
        angle = math.radians(turn_deg)
        self.turn_deg = turn_deg
        self.scale = scale
        self._cos, self._sin = scale * math.cos(angle), scale * math.sin(angle)
        self._shift = shift

    def point(self, p: Point) -> Point:
        """A point in the figure."""
        x = self._cos * p[0] - self._sin * p[1] + self._shift[0]
        return (x, self._sin * p[0] + self._cos * p[1] + self._shift[1])

    def part(self, part: Primitive) -> Primitive:
        """A part in the figure; elliptic arcs, grids and plots are never turned."""
        if isinstance(part, Path):
            return replace(part, start=self.point(part.start), steps=tuple(self._step(step) for step in part.steps))
        if isinstance(part, Circle):
            return replace(part, centre=self.point(part.centre), radius=part.radius * self.scale)
        if isinstance(part, Ellipse):
            rx, ry = part.rx * self.scale, part.ry * self.scale
            return Ellipse(self.point(part.centre), rx, ry, part.turn_deg + self.turn_deg, part.pen)
        if isinstance(part, Grid):
            return replace(part, low=self.point(part.low), high=self.point(part.high), step=part.step * self.scale)
        return part

    def _step(self, step: Step) -> Step:
        if not isinstance(step, Bend):
            return self.point(step)
        turn = self.turn_deg
        return Bend(step.start_deg + turn, step.end_deg + turn, step.rx * self.scale, step.ry * self.scale)


Mark: TypeAlias = Callable[[Transform], Sequence[Primitive]]
MakeCandidates: TypeAlias = Callable[[Transform], LabelCandidates]


class Sketch:
    """Collects what a figure is made of; all points are in the coordinates of the construction.

    Attributes:
        turnable: whether the figure may be turned by any angle.
        normalized: whether it is turned and scaled to `SIDE`; figures on axes are not.
    """

    def __init__(self, rng: np.random.Generator, figure_style: FigureStyle) -> None:
        self.rng = rng
        self.figure_style = figure_style
        self.names = PointNames(rng)
        self.turnable = True
        self.normalized = True
        self._parts: list[Primitive] = []
        self._marks: list[Mark] = []
        self._labels: list[tuple[MakeCandidates, bool]] = []
        self._named_points: list[Point] = []

    # Choices

    def chance(self, frac: float) -> bool:
        """True with a probability of `frac`, 0..1."""
        return bool(self.rng.random() < frac)

    def uniform(self, low: float, high: float) -> float:
        """A number from `low` to `high`."""
        return low + (high - low) * float(self.rng.random())

    def integer(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both among them."""
        return int(self.rng.integers(low, high + 1))

    def pick(self, choices: Sequence[T]) -> T:
        """One of several, all equally likely."""
        return draw_one(self.rng, choices)

    # Parts

    def add(self, *parts: Primitive) -> None:
        """Parts as they are."""
        self._parts += parts

    def line(self, a: Point, b: Point, pen: Pen | None = None) -> None:
        """A segment."""
        self.add(Path(a, (b,), pen=pen or self.figure_style.main))

    def auxiliary(self, a: Point, b: Point) -> None:
        """An auxiliary line."""
        self.line(a, b, self.figure_style.auxiliary)

    def polygon(self, points: Sequence[Point], pen: Pen | None = None) -> None:
        """A closed outline."""
        self.add(Path(points[0], tuple(points[1:]), closed=True, pen=pen or self.figure_style.main))

    def circle(self, centre: Point, radius: float, pen: Pen | None = None) -> None:
        """A circle."""
        self.add(Circle(centre, radius, pen or self.figure_style.main))

    def arc(self, centre: Point, radius: float, start_deg: float, end_deg: float, pen: Pen | None = None) -> None:
        """A circular arc, counterclockwise."""
        self.add(arc(centre, radius, start_deg, end_deg, pen or self.figure_style.main))

    def shade(self, outline: Path) -> None:
        """A region in the shade of the figure."""
        self.add(replace(outline, pen=self.figure_style.shade))

    # Marks

    def dot(self, point: Point, force: bool = False) -> None:
        """A point of the figure; drawn where the figure's points are drawn, or where it would not be seen."""
        radius = self.figure_style.dot or (0.06 if force else 0.0)
        if radius:
            pen = Pen(draw=None, fill="black")
            self._marks.append(lambda transform: [Circle(transform.point(point), radius, pen)])

    def right_angle(self, corner: Point, a: Point, b: Point) -> None:
        """The square that marks a right angle."""
        size = self.figure_style.mark
        self._marks.append(
            lambda transform: [_right_angle(transform.point(corner), transform.point(a), transform.point(b), size)]
        )

    def angle(self, corner: Point, a: Point, b: Point, rings: int = 1, text: str = "") -> None:
        """The arcs of an angle under 180 degrees, and its name or value."""
        size = angle_at(corner, a, b)
        radius = self.figure_style.mark * (1.5 if size > 35 else 2.2)
        if text == r"$90^\circ$" and abs(size - 90) > 1e-6:
            text = ""

        def arms(transform: Transform) -> tuple[Point, float, float, float]:
            v, p, q = transform.point(corner), transform.point(a), transform.point(b)
            first, last = direction(v, p), direction(v, q)
            if (last - first) % 360 > 180:
                first, last = last, first
            shorter = min(radius, 0.45 * min(math.dist(v, p), math.dist(v, q)))
            return v, first, first + (last - first) % 360, shorter

        def arcs(transform: Transform) -> list[Primitive]:
            v, first, last, shorter = arms(transform)
            return [arc(v, shorter + 0.11 * ring, first, last) for ring in range(rings)]

        def candidates(transform: Transform) -> LabelCandidates:
            v, first, last, shorter = arms(transform)
            middle, half = (first + last) / 2, (last - first) / 2
            return labels.within(text, v, middle, shorter + 0.11 * (rings - 1), self.figure_style.text_metrics, half)

        if rings:
            self._marks.append(arcs)
        if text:
            self._labels.append((candidates, True))

    def ticks(self, a: Point, b: Point, num: int = 1) -> None:
        """Strokes across the middle of a segment: segments with as many are equal."""
        self._marks.append(
            lambda transform: _ticks(transform.point(a), transform.point(b), num, self.figure_style.mark)
        )

    def chevrons(self, a: Point, b: Point, num: int = 1) -> None:
        """Arrow heads on a segment: segments with as many are parallel."""
        self._marks.append(
            lambda transform: _chevrons(transform.point(a), transform.point(b), num, self.figure_style.mark)
        )

    # Texts

    def name(self, point: Point, text: str, away: Point | None = None, dot: bool = False) -> None:
        """The name of a point, best on the side to which the vector `away` points."""
        self._named_points.append(point)
        self.dot(point, force=dot)
        clear = self.figure_style.dot or (0.06 if dot else 0.0)

        def candidates(transform: Transform) -> LabelCandidates:
            at = transform.point(point)
            towards = minus(transform.point(plus(point, away)), at) if away else None
            return labels.around(text, at, self.figure_style.text_metrics, towards, clear)

        self._labels.append((candidates, True))

    def label(self, point: Point, text: str, away: Point) -> None:
        """A text at the end of a line, to name the line."""

        def candidates(transform: Transform) -> LabelCandidates:
            at = transform.point(point)
            return labels.around(
                text, at, self.figure_style.text_metrics, minus(transform.point(plus(point, away)), at)
            )

        self._labels.append((candidates, True))

    def corner_names(self, points: Sequence[Point], names: Sequence[str]) -> None:
        """Names of corners, outside of what they span."""
        x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
        for point, name in zip(points, names, strict=True):
            self.name(point, name, minus(point, (x, y)))

    def beside(self, a: Point, b: Point, text: str, inner: Point | None = None) -> None:
        """A text along a segment, best on the side where `inner` is not."""

        def candidates(transform: Transform) -> LabelCandidates:
            inside = transform.point(inner) if inner else None
            return labels.beside(text, transform.point(a), transform.point(b), self.figure_style.text_metrics, inside)

        self._labels.append((candidates, True))

    def add_label(self, make_candidates: MakeCandidates, needed: bool = True) -> None:
        """Any text; one that is not needed may be left out where there is no room, and is not counted as dropped."""
        self._labels.append((make_candidates, needed))

    # The end

    def finish(self, turn_deg: float, normalized: bool = True) -> Figure:
        """The figure; if `normalized`, turned and scaled to `SIDE`. Texts that find no room are dropped and counted."""
        transform = self._transform(turn_deg) if normalized else Transform()
        primitives = _without_duplicates([transform.part(part) for part in self._parts])
        for mark in self._marks:
            primitives += mark(transform)
        grids = [part for part in primitives if isinstance(part, Grid)]
        others = [part for part in primitives if not isinstance(part, Grid)]
        lines = labels.line_points(others)
        placer = LabelPlacer(
            lines,
            labels.line_points(grids),
            [transform.point(p) for p in self._named_points],
            self.figure_style.text_metrics,
        )
        dropped = 0
        for make_candidates, needed in self._labels:
            candidates = make_candidates(transform)
            node = placer.place(candidates)
            if node is not None:
                primitives.append(node)
            elif needed:
                dropped += 1
        return Figure(tuple(_normalize_weights(primitives)), _box(primitives, placer.boxes()), dropped)

    def _transform(self, turn_deg: float) -> Transform:
        turned = Transform(turn_deg)
        x0, y0, x1, y1 = _around([bounds(turned.part(part)) for part in self._parts])
        scale = SIDE / max(x1 - x0, y1 - y0)
        return Transform(turn_deg, scale, (-x0 * scale, -y0 * scale))


def _around(boxes: Sequence[Box]) -> Box:
    lefts, lows, rights, tops = zip(*boxes, strict=True)
    return (min(lefts), min(lows), max(rights), max(tops))


def _box(primitives: Sequence[Primitive], texts: Sequence[Box]) -> Box:
    return _around([*(bounds(primitive) for primitive in primitives), *texts])


def _right_angle(corner: Point, a: Point, b: Point, size: float) -> Path:
    size = min(size, 0.4 * math.dist(corner, a), 0.4 * math.dist(corner, b))
    one, other = times(unit(minus(a, corner)), size), times(unit(minus(b, corner)), size)
    return Path(plus(corner, one), (plus(plus(corner, one), other), plus(corner, other)))


def _ticks(a: Point, b: Point, num: int, mark: float) -> list[Primitive]:
    along = unit(minus(b, a))
    half = times(left_of(along), 0.5 * mark)
    middles = [plus(between(a, b), times(along, 0.13 * (at - (num - 1) / 2))) for at in range(num)]
    return [Path(minus(middle, half), (plus(middle, half),)) for middle in middles]


def _chevrons(a: Point, b: Point, num: int, mark: float) -> list[Primitive]:
    back = direction(b, a)
    tips = [plus(between(a, b, 0.55), times(unit(minus(b, a)), 0.18 * at)) for at in range(num)]
    return [Path(polar(tip, 0.7 * mark, back + 28), (tip, polar(tip, 0.7 * mark, back - 28))) for tip in tips]


def _without_duplicates(parts: Sequence[Primitive]) -> list[Primitive]:
    """Parts without the segments that another straight stroke covers."""
    strokes = [side for part in parts if isinstance(part, Path) and not _is_segment(part) for side in _sides(part)]
    duplicates: set[int] = set()
    segments = [(index, _sides(part)[0]) for index, part in enumerate(parts) if _is_segment(part)]
    for index, (a, b) in sorted(segments, key=lambda segment: -math.dist(*segment[1])):
        if any(_lies_on(a, p, q) and _lies_on(b, p, q) for p, q in strokes):
            duplicates.add(index)
        else:
            strokes.append((a, b))
    return [part for index, part in enumerate(parts) if index not in duplicates]


def _normalize_weights(parts: Sequence[Primitive]) -> list[Primitive]:
    """Parts whose thinnest stroke has no weight: that some are thicker than others shows, that all are does not."""
    inked = [part.pen.weight for part in parts if not isinstance(part, Node) and part.pen.draw is not None]
    lowest = min(map(_WEIGHTS.index, inked), default=0)

    def weighed(part: Primitive) -> Primitive:
        if isinstance(part, Node) or part.pen.draw is None:
            return part
        weight = _WEIGHTS[_WEIGHTS.index(part.pen.weight) - lowest]
        return replace(part, pen=replace(part.pen, weight=weight))

    return [weighed(part) for part in parts] if lowest else list(parts)


def _is_segment(part: Primitive) -> bool:
    return isinstance(part, Path) and len(part.steps) == 1 and part.straight and not part.pen.arrow


def _sides(part: Primitive) -> list[tuple[Point, Point]]:
    if not isinstance(part, Path) or not part.straight or part.pen.draw is None:
        return []
    points = [part.start, *(step for step in part.steps if not isinstance(step, Bend))]
    return list(itertools.pairwise(points + (points[:1] if part.closed else [])))


def _lies_on(point: Point, a: Point, b: Point) -> bool:
    return math.dist(a, point) + math.dist(point, b) < math.dist(a, b) + 1e-4

"""Number lines and planes of coordinates; their units are those of the numbers, one unit a step."""

import math

import numpy as np

from renderers.content.geometry import labels
from renderers.content.geometry.labels import LabelCandidates
from renderers.content.geometry.plane import minus
from renderers.content.geometry.sketch import Sketch, Transform
from renderers.content.geometry.texts import measure, number
from renderers.labels.tikz.primitives import Circle, Grid, Path, Pen, Point

OPEN = Pen(fill="white")
DOT = Pen(draw=None, fill="black")
POINT_UNITS = 0.08
_TICK = 0.1
_STEPS = (1.0, 1.0, 1.0, 1.0, 2.0, 5.0, 10.0, 0.5, 100.0)


def write_at(sketch: Sketch, text: str, at: Point, patch: bool = False) -> None:
    """A text at one position, if there is room."""
    sketch.add_label(lambda _: labels.at(text, at, patch), needed=False)


def write_near(sketch: Sketch, text: str, at: Point, away: Point, clear: float = 0.0) -> None:
    """A text beside a point."""
    sketch.add_label(lambda _: labels.around(text, at, sketch.figure_style.text_metrics, away, clear))


def below(sketch: Sketch, text: str, x: float, y: float, patch: bool = False) -> Point:
    """Where the middle of a text under a point is, clear of a tick."""
    half = sketch.figure_style.text_metrics.half(text, patch)[1]
    return (x, y - _TICK - sketch.figure_style.text_metrics.gap - half)


def left(sketch: Sketch, text: str, x: float, y: float, patch: bool = False) -> Point:
    """Where the middle of a text left of a point is, clear of a tick."""
    half = sketch.figure_style.text_metrics.half(text, patch)[0]
    return (x - _TICK - sketch.figure_style.text_metrics.gap - half, y)


def draw_number_line(sketch: Sketch) -> None:
    """A number line with points or intervals."""
    sketch.normalized = False
    num = sketch.integer(5, 11)
    step = sketch.pick(_STEPS)
    low = -sketch.integer(0, num) if sketch.chance(0.85) else sketch.integer(1, 6)
    high = low + num
    # The line is of normal width: an interval on it is thicker.
    sketch.line((low - 0.6, 0.0), (high + 0.7, 0.0), Pen(arrow="->"))
    texts = [f"${number(x * step)}$" for x in range(low, high + 1)]
    widest = max(sketch.figure_style.text_metrics.half(text)[0] for text in texts)
    every = max(1, math.ceil(2 * widest + 2 * sketch.figure_style.text_metrics.margin))
    shown = [x for x in range(low, high + 1) if x % every == 0]
    marked = (_intervals if sketch.chance(0.6) else _points)(sketch, low, high)
    # An end of an interval is a mark of its own: a tick under it would not be seen.
    for x in sorted(set(range(low, high + 1)) - marked):
        sketch.add(Path((float(x), -_TICK), ((float(x), _TICK),)))
    for x in shown:
        text = texts[x - low]
        write_at(sketch, text, below(sketch, text, float(x), 0.0))
    if sketch.chance(0.3):
        write_near(sketch, "$x$", (high + 0.7, 0.0), (1.0, 0.0))


def _points(sketch: Sketch, low: int, high: int) -> set[float]:
    """Draws named points; returns their x."""
    positions = sketch.rng.permutation(np.arange(2 * low, 2 * high + 1))[: sketch.integer(1, 4)] / 2
    positions = np.sort(positions)
    if len(positions) > 1 and np.diff(positions).min() < 0.9:
        positions = positions[:1]
    letters = sketch.names.corners(len(positions)) if sketch.chance(0.7) else [f"${letter}$" for letter in "abcd"]
    for x, name in zip(positions.tolist(), letters, strict=False):
        sketch.add(Circle((x, 0.0), POINT_UNITS, DOT))
        write_near(sketch, name, (x, 0.0), (0.0, 1.0), POINT_UNITS)
    return set(positions.tolist())


def _intervals(sketch: Sketch, low: int, high: int) -> set[float]:
    """Draws one or two intervals, on the line or as brackets over it; returns the x of their ends."""
    a = sketch.integer(low, high - 2)
    b = sketch.integer(a + 2, high)
    raised = sketch.chance(0.6)
    kinds = ["between", "right", "left"]
    kind = sketch.pick(kinds)
    ends = _interval(sketch, *_ends(kind, a, b, low, high), 0.45 if raised else 0.0)
    if raised and sketch.chance(0.5):
        c = sketch.integer(low + 1, high - 1)
        if c not in (a, b):
            ends |= _interval(sketch, *_ends("right" if kind != "right" else "left", c, c, low, high), 0.9)
    return ends


def _ends(kind: str, a: int, b: int, low: int, high: int) -> tuple[float, float, bool, bool]:
    """From where to where, and whether each end is one."""
    if kind == "right":
        return float(a), high + 0.5, True, False
    if kind == "left":
        return low - 0.5, float(b), False, True
    return float(a), float(b), True, True


def _interval(sketch: Sketch, start: float, stop: float, ends_left: bool, ends_right: bool, up: float) -> set[float]:
    if up:
        path: list[Point] = [(start, 0.0)] if ends_left else []
        path += [(start, up), (stop, up)] + ([(stop, 0.0)] if ends_right else [])
        sketch.add(Path(path[0], tuple(path[1:])))
    else:
        sketch.line((start, 0.0), (stop, 0.0), Pen(weight="very thick"))
    for x, ends in ((start, ends_left), (stop, ends_right)):
        if ends:
            sketch.add(Circle((x, 0.0), POINT_UNITS, OPEN if sketch.chance(0.5) else DOT))
    return {x for x, ends in ((start, ends_left), (stop, ends_right)) if ends}


class Plane:
    """A plane of coordinates in a sketch: its window in whole units, axes, grid, ticks and their numbers."""

    def __init__(self, sketch: Sketch, low: tuple[int, int], high: tuple[int, int]) -> None:
        self.sketch = sketch
        self.low, self.high = low, high
        sketch.normalized = False
        self._gridded = sketch.chance(0.4)
        self._ticked = not self._gridded or sketch.chance(0.5)

    def draw(self) -> None:
        """Axes, grid and ticks; called before what stands on them."""
        sketch, (x0, y0), (x1, y1) = self.sketch, self.low, self.high
        if self._gridded:
            shade = sketch.pick(("gray!30", "gray!50", "gray!70", "gray"))
            dash = sketch.pick(("", "", "dotted", "dashed"))
            sketch.add(Grid((float(x0), float(y0)), (float(x1), float(y1)), 1.0, Pen(draw=shade, dash=dash)))
        axis = Pen(arrow="->", weight=sketch.figure_style.main.weight)
        sketch.line((x0 - 0.4, 0.0), (x1 + 0.6, 0.0), axis)
        sketch.line((0.0, y0 - 0.4), (0.0, y1 + 0.6), axis)
        if self._ticked:
            for x in range(x0, x1 + 1):
                if x:
                    sketch.add(Path((float(x), 0.0), ((float(x), _TICK),)))
            for y in range(y0, y1 + 1):
                if y:
                    sketch.add(Path((0.0, float(y)), ((_TICK, float(y)),)))

    def number(self) -> None:
        """The numbers at the ticks and the names of the axes; called after what stands on them."""
        sketch, (x0, y0), (x1, y1), patch = self.sketch, self.low, self.high, self._gridded
        metrics = sketch.figure_style.text_metrics
        write_near(sketch, "$x$", (x1 + 0.6, 0.0), (0.3, -1.0), 0.05)
        write_near(sketch, "$y$", (0.0, y1 + 0.6), (-1.0, 0.3), 0.05)
        origin = "$O$" if sketch.chance(0.7) else "$0$"
        corner = (left(sketch, origin, 0.05, 0.0, patch)[0], below(sketch, origin, 0.0, 0.05, patch)[1])
        write_at(sketch, origin, corner, patch)
        if sketch.chance(0.12):
            return
        widest = 2 * metrics.half(f"${x0}$", patch)[0] + 2 * metrics.margin
        every_x = max(1, math.ceil(widest))
        every_y = max(1, math.ceil(2 * metrics.half("$1$", patch)[1] + 2 * metrics.margin))
        if sketch.chance(0.15):
            every_x, every_y = x1, y1
        for x in range(x0, x1 + 1):
            if x and x % every_x == 0:
                write_at(sketch, f"${x}$", below(sketch, f"${x}$", float(x), _TICK, patch), patch)
        for y in range(y0, y1 + 1):
            if y and y % every_y == 0:
                write_at(sketch, f"${y}$", left(sketch, f"${y}$", _TICK, float(y), patch), patch)

    def project(self, point: Point) -> None:
        """Dashed lines from a point to the axes."""
        pen = Pen(dash="dashed")
        self.sketch.line(point, (point[0], 0.0), pen)
        self.sketch.line(point, (0.0, point[1]), pen)


def draw_window(sketch: Sketch) -> Plane:
    """A plane with a window of 6 to 10 units around the origin."""
    wide = (-sketch.integer(2, 5), sketch.integer(3, 5))
    tall = (-sketch.integer(1, 4), sketch.integer(3, 5))
    plane = Plane(sketch, (wide[0], tall[0]), (wide[1], tall[1]))
    plane.draw()
    return plane


def draw_coordinates(sketch: Sketch) -> None:
    """Points, a polygon or a circle at whole coordinates."""
    plane = draw_window(sketch)
    xs = sketch.rng.permutation(np.arange(plane.low[0], plane.high[0] + 1)).tolist()
    ys = sketch.rng.permutation(np.arange(plane.low[1], plane.high[1] + 1)).tolist()
    points = [(float(x), float(y)) for x, y in zip(xs, ys, strict=False) if x and y][: sketch.integer(2, 4)]
    variant = sketch.integer(0, 3)
    if len(points) >= 3 and variant <= 1:
        centre = (sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points))
        points.sort(key=lambda point: math.atan2(point[1] - centre[1], point[0] - centre[0]))
        if sketch.chance(0.3):
            sketch.shade(Path(points[0], tuple(points[1:]), closed=True))
        sketch.polygon(points, Pen(weight=sketch.figure_style.main.weight, draw=sketch.figure_style.auxiliary.draw))
    elif variant == 2:
        radius = float(min(plane.high[0], plane.high[1], -plane.low[0]) - 1)
        if radius >= 1.5:
            sketch.circle((0.0, 0.0), radius)
    elif len(points) >= 2 and variant == 3:
        sketch.line(points[0], points[1], Pen(arrow="->") if sketch.chance(0.5) else None)
    name_points(sketch, plane, points)
    plane.number()


def name_points(sketch: Sketch, plane: Plane, points: list[Point]) -> None:
    """Dots with names, coordinates, or both."""
    style = sketch.rng.random()
    for point, name in zip(points, sketch.names.corners(len(points)), strict=True):
        sketch.add(Circle(point, POINT_UNITS, DOT))
        coordinates = f"({number(point[0])},{number(point[1])})"
        text = name if style < 0.5 else f"{name[:-1]}{coordinates}$" if style < 0.85 else f"${coordinates}$"
        away = minus(point, (0.0, 0.0))
        write_near(sketch, text, point, away, POINT_UNITS)
        if sketch.chance(0.25):
            plane.project(point)


def along_curve(sketch: Sketch, text: str, points: list[Point]) -> None:
    """A text beside any of some points of a curve."""

    def candidates(_: Transform) -> LabelCandidates:
        return labels.near_any(text, points, sketch.figure_style.text_metrics)

    sketch.add_label(candidates, needed=measure(text).width < 3)

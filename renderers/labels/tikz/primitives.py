"""What a figure is made of: paths of lines and arcs, circles, ellipses, grids, plots and nodes, each with its pen.

Coordinates are units of the figure, y up, angles in degrees counterclockwise. Nothing here knows TikZ's spelling.
"""

import math
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from renderers.labels.tikz.expressions import evaluate

Point: TypeAlias = tuple[float, float]
Points: TypeAlias = npt.NDArray[np.float64]

DOT_UNITS = 0.16
"""A filled disc up to this radius is a point of the figure, not a region of it."""

DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Pen:
    """How a primitive is inked.

    Attributes:
        arrow: "", "->" or "<->".
        weight: "", "thick" or "very thick".
        dash: "", "dashed", "dotted" or "dash dot".
        draw: colour of the stroke, None for no stroke.
        fill: colour inside, None for none.
        pattern: name of a pattern of lines inside, None for none.
    """

    arrow: str = ""
    weight: str = ""
    dash: str = ""
    draw: str | None = "black"
    fill: str | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Bend:
    """An elliptic arc from where the path stands.

    Attributes:
        start_deg, end_deg: from and to which angle of the ellipse it goes, in degrees.
        rx, ry: radii of the ellipse, in units of the figure.
    """

    start_deg: float
    end_deg: float
    rx: float
    ry: float


Step: TypeAlias = Point | Bend


@dataclass(frozen=True, slots=True)
class Path:
    """Lines and arcs, one after the other."""

    start: Point
    steps: tuple[Step, ...]
    closed: bool = False
    pen: Pen = Pen()

    @property
    def straight(self) -> bool:
        """Whether it has no arcs."""
        return not any(isinstance(step, Bend) for step in self.steps)


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle or a disc.

    Attributes:
        centre: (x, y) in units of the figure.
        radius: in units of the figure.
        pen: of its line and its inside.
    """

    centre: Point
    radius: float
    pen: Pen = Pen()


@dataclass(frozen=True, slots=True)
class Ellipse:
    """An ellipse, turned about its centre.

    Attributes:
        centre: (x, y) in units of the figure.
        rx, ry: radii before it is turned, in units of the figure.
        turn_deg: anticlockwise.
        pen: of its line and its inside.
    """

    centre: Point
    rx: float
    ry: float
    turn_deg: float = 0.0
    pen: Pen = Pen()


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines at all multiples of a step inside a rectangle.

    Attributes:
        low, high: lower left and upper right corner of the rectangle, in units of the figure.
        step: distance of lines, in units of the figure.
        pen: of its lines.
    """

    low: Point
    high: Point
    step: float = 1.0
    pen: Pen = Pen()


@dataclass(frozen=True, slots=True)
class Plot:
    """The curve of an expression in x, as TikZ samples it.

    Attributes:
        expression: in x, as pgfmath reads it.
        low, high: domain of x, in units of the figure.
        samples: number of points.
        swapped: whether it is drawn as x over y.
        pen: of its line.
    """

    expression: str
    low: float
    high: float
    samples: int
    swapped: bool = False
    pen: Pen = Pen()


@dataclass(frozen=True, slots=True)
class Node:
    """A text whose centre stands at a point; `patch`: on a piece of white paper."""

    at: Point
    text: str
    colour: str = "black"
    patch: bool = False


Primitive: TypeAlias = Path | Circle | Ellipse | Grid | Plot | Node


def on_ellipse(centre: Point, rx: float, ry: float, degrees: float) -> Point:
    """The point of an upright ellipse at an angle of its parameter."""
    angle = math.radians(degrees)
    return (centre[0] + rx * math.cos(angle), centre[1] + ry * math.sin(angle))


def centre_of(start: Point, bend: Bend) -> Point:
    """The centre of the ellipse that an arc from `start` runs on."""
    x, y = on_ellipse((0.0, 0.0), bend.rx, bend.ry, bend.start_deg)
    return (start[0] - x, start[1] - y)


def after(start: Point, step: Step) -> Point:
    """Where a path stands after a step."""
    if isinstance(step, Bend):
        return on_ellipse(centre_of(start, step), step.rx, step.ry, step.end_deg)
    return step


def arc(centre: Point, radius: float, start_deg: float, end_deg: float, pen: Pen = Pen()) -> Path:
    """A circular arc as a path of one step."""
    return Path(on_ellipse(centre, radius, radius, start_deg), (Bend(start_deg, end_deg, radius, radius),), pen=pen)


def outlines(primitive: Primitive, spacing: float = 0.1) -> list[Points]:
    """Its lines as chains of points, neighbours about `spacing` apart at most; nodes have none."""
    if isinstance(primitive, Path):
        return [np.array(_path_points(primitive, spacing))]
    if isinstance(primitive, Circle):
        return [_ellipse_points(primitive.centre, primitive.radius, primitive.radius, 0.0, 360.0, spacing)]
    if isinstance(primitive, Ellipse):
        points = _ellipse_points((0.0, 0.0), primitive.rx, primitive.ry, 0.0, 360.0, spacing)
        cos, sin = math.cos(math.radians(primitive.turn_deg)), math.sin(math.radians(primitive.turn_deg))
        return [points @ np.array([[cos, sin], [-sin, cos]]) + np.array(primitive.centre)]
    if isinstance(primitive, Plot):
        return [plot_points(primitive)]
    if isinstance(primitive, Grid):
        return _grid_lines(primitive, spacing)
    return []


def plot_points(plot: Plot) -> Points:
    """(samples, 2): the corners of the chain of lines that TikZ draws."""
    at = np.linspace(plot.low, plot.high, plot.samples)
    value = evaluate(plot.expression, at)
    return np.stack([value, at] if plot.swapped else [at, value], axis=1)


def _line_points(a: Point, b: Point, spacing: float) -> list[Point]:
    num = max(1, math.ceil(math.hypot(b[0] - a[0], b[1] - a[1]) / spacing))
    dx, dy = (b[0] - a[0]) / num, (b[1] - a[1]) / num
    return [(a[0] + dx * at, a[1] + dy * at) for at in range(1, num + 1)]


def _ellipse_points(centre: Point, rx: float, ry: float, start: float, end: float, spacing: float) -> Points:
    num = max(8, math.ceil(math.radians(abs(end - start)) * max(rx, ry) / spacing))
    angle = np.radians(np.linspace(start, end, num + 1))
    return np.stack([centre[0] + rx * np.cos(angle), centre[1] + ry * np.sin(angle)], axis=1)


def _path_points(path: Path, spacing: float) -> list[Point]:
    points = [path.start]
    here = path.start
    for step in path.steps:
        if isinstance(step, Bend):
            centre = centre_of(here, step)
            bent = _ellipse_points(centre, step.rx, step.ry, step.start_deg, step.end_deg, spacing)
            points += [(x, y) for x, y in bent[1:].tolist()]
        else:
            points += _line_points(here, step, spacing)
        here = after(here, step)
    return points + (_line_points(here, path.start, spacing) if path.closed else [])


def _grid_lines(grid: Grid, spacing: float) -> list[Points]:
    (x0, y0), (x1, y1) = grid.low, grid.high
    columns = np.arange(math.ceil(x0 / grid.step - 1e-6), math.floor(x1 / grid.step + 1e-6) + 1) * grid.step
    rows = np.arange(math.ceil(y0 / grid.step - 1e-6), math.floor(y1 / grid.step + 1e-6) + 1) * grid.step
    ends = [((x, y0), (x, y1)) for x in columns.tolist()] + [((x0, y), (x1, y)) for y in rows.tolist()]
    return [np.array([a, *_line_points(a, b, spacing)]) for a, b in ends]


def bounds(primitive: Primitive) -> tuple[float, float, float, float]:
    """x0, y0, x1, y1 around its lines, their width left out; of a node its centre."""
    if isinstance(primitive, Node):
        return (*primitive.at, *primitive.at)
    if isinstance(primitive, Circle):
        (x, y), r = primitive.centre, primitive.radius
        return (x - r, y - r, x + r, y + r)
    if isinstance(primitive, Grid):
        return (*primitive.low, *primitive.high)
    if isinstance(primitive, Path) and primitive.straight:
        xs, ys = zip(primitive.start, *primitive.steps, strict=True)
        return (min(xs), min(ys), max(xs), max(ys))
    points = np.concatenate(outlines(primitive))
    x0, y0 = points.min(axis=0).tolist()
    x1, y1 = points.max(axis=0).tolist()
    return (x0, y0, x1, y1)


def is_dot(primitive: Primitive) -> bool:
    """Whether it marks a point: a small disc, filled or open."""
    return isinstance(primitive, Circle) and primitive.pen.fill is not None and primitive.radius <= DOT_UNITS


def moved(primitive: Primitive, dx: float, dy: float) -> Primitive:
    """The same somewhere else; a plot cannot move, its expression says where it is."""
    if isinstance(primitive, Path):
        steps = tuple(step if isinstance(step, Bend) else (step[0] + dx, step[1] + dy) for step in primitive.steps)
        return replace(primitive, start=(primitive.start[0] + dx, primitive.start[1] + dy), steps=steps)
    if isinstance(primitive, Circle | Ellipse):
        return replace(primitive, centre=(primitive.centre[0] + dx, primitive.centre[1] + dy))
    if isinstance(primitive, Node):
        return replace(primitive, at=(primitive.at[0] + dx, primitive.at[1] + dy))
    return primitive

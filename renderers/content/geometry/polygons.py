"""Quadrilaterals of every kind, and regular polygons."""

import math
from collections.abc import Sequence

from renderers.content.geometry.plane import angle_at, between, direction, foot, meet, minus, polar
from renderers.content.geometry.sketch import Sketch
from renderers.content.geometry.texts import number
from renderers.labels.tikz.primitives import Point

QUADRILATERALS = (
    "square", "rectangle", "rhombus", "parallelogram", "trapezium", "isosceles trapezium", "right trapezium", "kite",
    "cyclic", "any",
)  # fmt: skip


def corners_of(sketch: Sketch, kind: str) -> list[Point]:
    """A convex quadrilateral, counterclockwise; where it has two parallel sides, they are its first and third."""
    height, slant, half = sketch.uniform(0.4, 0.8), sketch.uniform(0.15, 0.4), sketch.uniform(0.45, 0.75)
    base = [(0.0, 0.0), (1.0, 0.0)]
    corners: dict[str, list[Point]] = {
        "square": [*base, (1.0, 1.0), (0.0, 1.0)],
        "rectangle": [*base, (1.0, height), (0.0, height)],
        "rhombus": [(-1.0, 0.0), (0.0, -half - 0.1), (1.0, 0.0), (0.0, half + 0.1)],
        "parallelogram": [*base, (1.0 + slant, height), (slant, height)],
        "trapezium": [*base, (0.9 - slant, height), (0.1, height)],
        "isosceles trapezium": [*base, (1 - 0.7 * slant, height), (0.7 * slant, height)],
        "right trapezium": [*base, (1.0 - slant, height), (0.0, height)],
        "kite": [(-half, 0.0), (0.0, -1.2), (half, 0.0), (0.0, 0.8 * height)],
    }
    if kind in corners:
        return corners[kind]
    if kind == "cyclic":
        return [polar((0.0, 0.0), 1.0, sketch.uniform(at - 22, at + 22)) for at in (225, 315, 45, 135)]
    square = ((0.0, 0.0), (1.2, 0.0), (1.2, 1.0), (0.0, 1.0))
    return [(x + sketch.uniform(-0.18, 0.18), y + sketch.uniform(-0.18, 0.18)) for x, y in square]


_EQUAL_SIDES = {
    "square": (1, 1, 1, 1),
    "rhombus": (1, 1, 1, 1),
    "kite": (1, 1, 2, 2),
    "isosceles trapezium": (0, 1, 0, 1),
    "rectangle": (1, 2, 1, 2),
    "parallelogram": (1, 2, 1, 2),
}
"""Ticks on each side: sides with as many are equal."""


def draw_quadrilateral(sketch: Sketch) -> None:
    """A quadrilateral with something constructed on it, and the marks of its kind."""
    kind = sketch.pick(QUADRILATERALS)
    corners = corners_of(sketch, kind)
    sketch.polygon(corners)
    sketch.corner_names(corners, sketch.names.corners(4))
    build = sketch.pick(_CONSTRUCTIONS)
    if kind == "cyclic" and sketch.chance(0.8):
        build = _circle_around
    build(sketch, corners)
    if kind in ("square", "rectangle", "right trapezium") and sketch.chance(0.5):
        a, b, c, d = corners
        for corner, p, q in ((a, b, d), (d, a, c))[: sketch.integer(1, 2)]:
            sketch.right_angle(corner, p, q)
    if build not in (_midpoints, _point_on_side, _height):
        _mark(sketch, kind, corners)


def _mark(sketch: Sketch, kind: str, corners: Sequence[Point]) -> None:
    """What says which kind it is: equal sides, parallels, lengths, or an angle."""
    a, b, c, d = corners
    style = sketch.rng.random()
    sides = ((a, b, c), (b, c, a), (c, d, a), (d, a, b))
    if style < 0.3 and kind in _EQUAL_SIDES:
        for (p, q, _), num in zip(sides, _EQUAL_SIDES[kind], strict=True):
            sketch.ticks(p, q, num)
    elif style < 0.45 and ("trapezium" in kind or kind == "parallelogram"):
        sketch.chevrons(a, b)
        sketch.chevrons(d, c)
        if kind == "parallelogram":
            sketch.chevrons(a, d, 2)
            sketch.chevrons(b, c, 2)
    elif style < 0.7:
        factor = sketch.uniform(3, 12)
        for p, q, inner in sides:
            if sketch.chance(0.5):
                sketch.beside(p, q, f"${number(math.dist(p, q) * factor, 1)}$", inner)
    elif style < 0.8 and kind not in ("square", "rectangle"):
        sketch.angle(a, b, d, text=f"${round(angle_at(a, b, d))}^\\circ$")


def _nothing(sketch: Sketch, corners: Sequence[Point]) -> None:
    pass


def _diagonal(sketch: Sketch, corners: Sequence[Point]) -> None:
    a, b, c, d = corners
    sketch.auxiliary(a, c) if sketch.chance(0.5) else sketch.auxiliary(b, d)


def _diagonals(sketch: Sketch, corners: Sequence[Point]) -> None:
    a, b, c, d = corners
    sketch.auxiliary(a, c)
    sketch.auxiliary(b, d)
    centre = meet(a, c, b, d)
    if abs(angle_at(centre, a, b) - 90) < 1e-6 and sketch.chance(0.5):
        sketch.right_angle(centre, b, c)
    sketch.name(centre, sketch.names.first_free("OEP"))


def _height(sketch: Sketch, corners: Sequence[Point]) -> None:
    a, b, _c, d = corners
    at = foot(d, a, b)
    if min(math.dist(at, a), math.dist(at, b)) < 0.08:
        _diagonal(sketch, corners)
        return
    if direction(at, a) != direction(at, b) and math.dist(a, at) + math.dist(at, b) > math.dist(a, b) + 1e-6:
        sketch.auxiliary(min((a, b), key=lambda end: math.dist(end, at)), at)
    sketch.auxiliary(d, at)
    sketch.right_angle(at, d, b if math.dist(at, b) > math.dist(at, a) else a)
    sketch.name(at, sketch.names.first_free("EHM"), minus(at, d))


def _midpoints(sketch: Sketch, corners: Sequence[Point]) -> None:
    middles = [between(corners[index], corners[(index + 1) % 4]) for index in range(4)]
    sketch.polygon(middles, sketch.figure_style.auxiliary)
    centre = between(middles[0], middles[2])
    for middle, wanted in zip(middles, ("EMP", "FNQ", "GPR", "HQS"), strict=True):
        sketch.name(middle, sketch.names.first_free(wanted), minus(middle, centre))


def _point_inside(sketch: Sketch, corners: Sequence[Point]) -> None:
    a, b, c, d = corners
    point = between(
        between(a, b, sketch.uniform(0.3, 0.7)), between(d, c, sketch.uniform(0.3, 0.7)), sketch.uniform(0.35, 0.65)
    )
    for corner in corners[: sketch.integer(2, 4)]:
        sketch.auxiliary(point, corner)
    sketch.name(point, sketch.names.first_free("PEO"), dot=True)


def _point_on_side(sketch: Sketch, corners: Sequence[Point]) -> None:
    a, b, c, d = corners
    point = between(b, c, sketch.uniform(0.35, 0.65))
    sketch.line(a, point)
    if sketch.chance(0.6):
        sketch.line(d, point)
    if sketch.chance(0.3):
        sketch.auxiliary(b, d)
    sketch.name(point, sketch.names.first_free("EPF"), minus(point, between(a, d)))


def _circle_around(sketch: Sketch, corners: Sequence[Point]) -> None:
    centre = between(corners[0], corners[2])
    radius = math.dist(centre, corners[0])
    if any(abs(math.dist((0.0, 0.0), corner) - 1) > 1e-9 for corner in corners):
        if any(abs(math.dist(centre, corner) - radius) > 1e-9 for corner in corners):
            _diagonals(sketch, corners)
            return
    else:
        centre, radius = (0.0, 0.0), 1.0
    sketch.circle(centre, radius)
    sketch.name(centre, sketch.names.first_free("OQ"), dot=True)
    if sketch.chance(0.4):
        sketch.auxiliary(corners[0], corners[2])


_CONSTRUCTIONS = (
    _nothing, _nothing, _diagonal, _diagonals, _diagonals, _height, _midpoints, _point_inside, _point_on_side,
    _circle_around,
)  # fmt: skip


def draw_regular(sketch: Sketch) -> None:
    """A regular polygon, whole or as a star, with its circles, radii or diagonals."""
    num = sketch.integer(5, 8) if sketch.chance(0.85) else sketch.integer(9, 12)
    start = 90.0 if num % 2 else 90.0 + 180.0 / num
    corners = [polar((0.0, 0.0), 1.0, start + 360.0 * index / num) for index in range(num)]
    variant = sketch.rng.random()
    if variant < 0.2:
        step = 2 if num < 8 else 3
        if math.gcd(num, step) > 1:
            sketch.polygon(corners)
            sketch.polygon(corners[::step], sketch.figure_style.auxiliary)
        else:
            sketch.polygon([corners[index * step % num] for index in range(num)])
    else:
        sketch.polygon(corners)
        _inside_regular(sketch, corners, variant)
    if num <= 8 and sketch.chance(0.8):
        sketch.corner_names(corners, sketch.names.corners(num))


def _inside_regular(sketch: Sketch, corners: Sequence[Point], variant: float) -> None:
    centre = (0.0, 0.0)
    if variant < 0.4:
        sketch.circle(centre, 1.0)
    elif variant < 0.55:
        sketch.circle(centre, math.cos(math.pi / len(corners)))
    elif variant < 0.7:
        for corner in corners:
            sketch.auxiliary(centre, corner)
    elif variant < 0.85:
        for other in corners[2:-1]:
            sketch.auxiliary(corners[0], other)
    else:
        middle = between(corners[0], corners[1])
        sketch.auxiliary(centre, middle)
        sketch.auxiliary(centre, corners[0])
        sketch.right_angle(middle, corners[0], centre)
        sketch.name(middle, sketch.names.first_free("MHT"), middle)
    if variant < 0.7 or variant >= 0.85:
        sketch.name(centre, sketch.names.first_free("O"), dot=True)

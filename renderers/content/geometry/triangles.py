"""Triangles of every kind with their special points, lines and circles."""

import math

from renderers.content.geometry.plane import (
    angle_at,
    between,
    bisector_foot,
    centroid,
    circumcentre,
    distance_to_line,
    foot,
    incentre,
    meet,
    minus,
    orthocentre,
    plus,
    polar,
    rotate,
)
from renderers.content.geometry.sketch import Sketch
from renderers.content.geometry.texts import number
from renderers.labels.tikz.primitives import Point

Corners = tuple[Point, Point, Point]
TRIANGLES = ("right", "isosceles", "equilateral", "acute", "obtuse")


def corners_of(sketch: Sketch, kind: str) -> Corners:
    """A triangle: for "right" the right angle is at the second corner, for "isosceles" the apex is the first."""
    if kind == "equilateral":
        return (0.5, math.sqrt(3) / 2), (0.0, 0.0), (1.0, 0.0)
    if kind == "right":
        return (0.0, sketch.uniform(0.5, 1.8)), (0.0, 0.0), (1.0, 0.0)
    if kind == "isosceles":
        return (0.5, sketch.uniform(0.45, 1.4)), (0.0, 0.0), (1.0, 0.0)
    low, high = (38.0, 78.0) if kind == "acute" else (24.0, 42.0)
    b, c = sketch.uniform(low, high), sketch.uniform(low, high)
    if kind == "acute" and b + c < 98:
        b, c = b + 12, c + 12
    return meet((0.0, 0.0), polar((0.0, 0.0), 1, b), (1.0, 0.0), polar((1.0, 0.0), 1, 180 - c)), (0.0, 0.0), (1.0, 0.0)


def draw_triangle(sketch: Sketch) -> None:
    """A triangle, and up to two things that are constructed on it."""
    kind = sketch.pick(TRIANGLES)
    corners = corners_of(sketch, kind)
    names = sketch.names.corners(3)
    sketch.polygon(corners)
    sketch.corner_names(corners, names)
    construct = None
    if sketch.chance(0.82):
        construct = sketch.pick(_CONSTRUCTIONS)
        construct(sketch, corners)
    if kind == "right" and sketch.chance(0.9):
        sketch.right_angle(corners[1], corners[0], corners[2])
    if construct not in _SPARES_SIDES:
        return
    if kind == "isosceles" and sketch.chance(0.6):
        sketch.ticks(corners[0], corners[1])
        sketch.ticks(corners[0], corners[2])
    elif kind == "equilateral" and construct is None and sketch.chance(0.6):
        for index in range(3):
            sketch.ticks(corners[index], corners[index - 1])
    elif construct in (None, _circumcircle) and sketch.chance(0.6):
        _values(sketch, corners)


def _values(sketch: Sketch, corners: Corners) -> None:
    """Lengths of sides or sizes of angles."""
    a, b, c = corners
    if sketch.chance(0.5):
        factor = sketch.uniform(3, 14) / math.dist(b, c)
        letters = sketch.chance(0.4)
        for index, (p, q, inner) in enumerate(((b, c, a), (c, a, b), (a, b, c))):
            if sketch.chance(0.8):
                length = number(math.dist(p, q) * factor, 1)
                sketch.beside(p, q, f"${'abc'[index] if letters else length}$", inner)
    else:
        greek = sketch.chance(0.35)
        for index, (v, p, q) in enumerate(((a, b, c), (b, c, a), (c, a, b))):
            if sketch.chance(0.7):
                size = f"${round(angle_at(v, p, q))}^\\circ$"
                sketch.angle(v, p, q, text=f"$\\{('alpha', 'beta', 'gamma')[index]}$" if greek else size)


def _altitude(sketch: Sketch, corners: Corners) -> None:
    a, b, c = corners
    at = foot(a, b, c)
    outside = max(math.dist(at, b), math.dist(at, c)) > math.dist(b, c) + 1e-6
    if outside:
        sketch.auxiliary(min((b, c), key=lambda end: math.dist(end, at)), at)
    if min(math.dist(at, b), math.dist(at, c)) < 0.08:
        _median(sketch, corners)
        return
    sketch.auxiliary(a, at)
    sketch.right_angle(at, a, b if math.dist(at, b) > math.dist(at, c) else c)
    sketch.name(at, sketch.names.first_free("DHEF"), minus(at, a))


def _altitudes(sketch: Sketch, corners: Corners) -> None:
    if max(angle_at(corners[index], corners[index - 1], corners[index - 2]) for index in range(3)) > 84:
        _altitude(sketch, corners)
        return
    for index, wanted in enumerate(("DP", "EQ", "FR")):
        v, p, q = (corners[(index + turn) % 3] for turn in range(3))
        at = foot(v, p, q)
        sketch.auxiliary(v, at)
        sketch.right_angle(at, v, p)
        sketch.name(at, sketch.names.first_free(wanted), minus(at, v))
    centre = orthocentre(*corners)
    sketch.name(centre, sketch.names.first_free("H"), dot=True)


def _median(sketch: Sketch, corners: Corners) -> None:
    a, b, c = corners
    middle = between(b, c)
    sketch.auxiliary(a, middle)
    if sketch.chance(0.6):
        sketch.ticks(b, middle, 2)
        sketch.ticks(middle, c, 2)
    sketch.name(middle, sketch.names.first_free("MD"), minus(middle, a))


def _medians(sketch: Sketch, corners: Corners) -> None:
    for index, wanted in enumerate(("DM", "EN", "FP")):
        v, p, q = (corners[(index + turn) % 3] for turn in range(3))
        middle = between(p, q)
        sketch.auxiliary(v, middle)
        sketch.name(middle, sketch.names.first_free(wanted), minus(middle, v))
    sketch.name(centroid(*corners), sketch.names.first_free("GO"), dot=True)


def _bisector(sketch: Sketch, corners: Corners) -> None:
    a, b, c = corners
    at = bisector_foot(a, b, c)
    sketch.auxiliary(a, at)
    if sketch.chance(0.7):
        rings = sketch.integer(1, 2)
        sketch.angle(a, b, at, rings)
        sketch.angle(a, at, c, rings)
    sketch.name(at, sketch.names.first_free("DLE"), minus(at, a))


def _incircle(sketch: Sketch, corners: Corners) -> None:
    a, b, c = corners
    centre = incentre(a, b, c)
    radius = distance_to_line(centre, b, c)
    sketch.circle(centre, radius)
    sketch.name(centre, sketch.names.first_free("IO"), dot=True)
    if sketch.chance(0.6):
        for wanted, p, q in (("D", b, c), ("E", c, a), ("F", a, b)):
            touch = foot(centre, p, q)
            sketch.name(touch, sketch.names.first_free(wanted), minus(touch, centre))
            if sketch.chance(0.4):
                sketch.auxiliary(centre, touch)
    else:
        for corner in corners:
            sketch.auxiliary(centre, corner)


def _circumcircle(sketch: Sketch, corners: Corners) -> None:
    centre = circumcentre(*corners)
    radius = math.dist(centre, corners[0])
    sketch.circle(centre, radius)
    sketch.name(centre, sketch.names.first_free("OQ"), dot=True)
    for corner in corners[: sketch.integer(0, 3)]:
        sketch.auxiliary(centre, corner)


def _midline(sketch: Sketch, corners: Corners) -> None:
    a, b, c = corners
    part = sketch.uniform(0.35, 0.65) if sketch.chance(0.5) else 0.5
    p, q = between(a, b, part), between(a, c, part)
    sketch.line(p, q)
    if sketch.chance(0.5):
        sketch.chevrons(p, q)
        sketch.chevrons(b, c)
    sketch.name(p, sketch.names.first_free("DPM"), minus(p, q))
    sketch.name(q, sketch.names.first_free("EQN"), minus(q, p))


def _cevians(sketch: Sketch, corners: Corners) -> None:
    a, b, c = corners
    d, e = between(b, c, sketch.uniform(0.3, 0.7)), between(a, c, sketch.uniform(0.3, 0.7))
    sketch.line(a, d)
    sketch.line(b, e)
    sketch.name(d, sketch.names.first_free("DM"), minus(d, a))
    sketch.name(e, sketch.names.first_free("EN"), minus(e, b))
    sketch.name(meet(a, d, b, e), sketch.names.first_free("FPO"))


def _medial(sketch: Sketch, corners: Corners) -> None:
    a, b, c = corners
    middles = (between(b, c), between(c, a), between(a, b))
    sketch.polygon(middles, sketch.figure_style.auxiliary)
    inner = centroid(*corners)
    for middle, wanted in zip(middles, ("DM", "EN", "FP"), strict=True):
        sketch.name(middle, sketch.names.first_free(wanted), minus(middle, inner))


def _perpendicular_bisector(sketch: Sketch, corners: Corners) -> None:
    a, b, c = corners
    middle = between(b, c)
    up = minus(rotate(c, 90, middle), middle)
    up = up if angle_at(middle, a, plus(middle, up)) < 90 else minus((0.0, 0.0), up)
    other = (a, c) if foot(a, b, c)[0] < middle[0] else (a, b)
    if abs(foot(a, b, c)[0] - middle[0]) < 0.06:
        _median(sketch, corners)
        return
    top = meet(middle, plus(middle, up), *other)
    sketch.auxiliary(middle, top)
    sketch.right_angle(middle, top, c)
    sketch.name(middle, sketch.names.first_free("DM"), minus(middle, top))
    sketch.name(top, sketch.names.first_free("EP"), minus(top, b if other[1] == c else c))
    if sketch.chance(0.5):
        sketch.line(b if other[1] == c else c, top)


def _exterior(sketch: Sketch, corners: Corners) -> None:
    a, b, c = corners
    end = between(b, c, 1.4)
    sketch.line(c, end)
    sketch.angle(c, end, a, text=f"${round(angle_at(c, end, a))}^\\circ$" if sketch.chance(0.5) else "")
    sketch.name(end, sketch.names.first_free("DE"), minus(end, c))


_CONSTRUCTIONS = (
    _altitude, _altitude, _altitudes, _median, _medians, _bisector, _incircle, _circumcircle, _circumcircle, _midline,
    _cevians, _medial, _perpendicular_bisector, _exterior,
)  # fmt: skip

_SPARES_SIDES = (None, _altitude, _median, _bisector, _circumcircle)
"""Constructions after which the two sides at the first corner are whole, so that marks stand at their middles."""

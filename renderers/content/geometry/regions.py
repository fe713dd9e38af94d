"""Shaded regions between lines and arcs, as in questions about areas."""

import itertools
from collections.abc import Sequence

from renderers.content.geometry.plane import between, circles_meet, direction, polar
from renderers.content.geometry.sketch import Sketch
from renderers.labels.tikz.primitives import Bend, Path, Point

_O: Point = (0.0, 0.0)


def draw_region(sketch: Sketch) -> None:
    """A figure with a shaded part."""
    sketch.pick(_REGIONS)(sketch)


def _square(sketch: Sketch, side: float = 1.0) -> list[Point]:
    corners = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)]
    sketch.polygon(corners)
    if sketch.chance(0.85):
        sketch.corner_names(corners, sketch.names.corners(4))
    if sketch.chance(0.35):
        sketch.beside(corners[0], corners[1], sketch.pick(("$a$", f"${sketch.integer(2, 20)}$")), (0.0, 1.0))
    return corners


def _quarter(sketch: Sketch) -> None:
    """A square and a quarter of a circle about one corner."""
    a, b, c, _d = _square(sketch)
    bend = Bend(0.0, 90.0, 1.0, 1.0)
    if sketch.chance(0.5):
        sketch.shade(Path(a, (b, bend), closed=True))
    else:
        sketch.shade(Path(b, (bend, c), closed=True))
    sketch.arc(a, 1.0, 0.0, 90.0)


def _leaf(sketch: Sketch) -> None:
    """What two quarters of circles about opposite corners share."""
    a, b, c, _d = _square(sketch)
    sketch.shade(Path(b, (Bend(0.0, 90.0, 1.0, 1.0), Bend(180.0, 270.0, 1.0, 1.0)), closed=True))
    sketch.arc(a, 1.0, 0.0, 90.0)
    sketch.arc(c, 1.0, 180.0, 270.0)


def _half_disc(sketch: Sketch) -> None:
    """A rectangle with a half disc standing on it or cut out of it."""
    height = sketch.uniform(0.6, 1.1)
    corners = [(0.0, 0.0), (1.0, 0.0), (1.0, height), (0.0, height)]
    inside = sketch.chance(0.5)
    bend = Bend(0.0, -180.0 if inside else 180.0, 0.5, 0.5)
    sketch.shade(Path(corners[0], (corners[1], corners[2], bend), closed=True))
    if inside:
        sketch.polygon(corners)
    else:
        for p, q in ((0, 1), (1, 2), (3, 0)):
            sketch.line(corners[p], corners[q])
        if sketch.chance(0.5):
            sketch.auxiliary(corners[2], corners[3])
    sketch.arc((0.5, height), 0.5, *((180.0, 360.0) if inside else (0.0, 180.0)))
    sketch.corner_names(corners, sketch.names.corners(4))


def _moon(sketch: Sketch) -> None:
    """Two circles: one without the other, or what they share."""
    radius = sketch.uniform(0.7, 1.0)
    other = (sketch.uniform(0.7, 1.1), 0.0)
    a, b = circles_meet(_O, 1.0, other, radius)
    first, last = direction(_O, a), direction(_O, b)
    near, far = direction(other, a), direction(other, b)
    if sketch.chance(0.5):
        arcs = (Bend(first, last, 1.0, 1.0), Bend(far, near, radius, radius))
        sketch.shade(Path(a, arcs, closed=True))
    else:
        sketch.shade(Path(b, (Bend(last - 360, first, 1.0, 1.0), Bend(near, far, radius, radius)), closed=True))
    sketch.circle(_O, 1.0)
    sketch.circle(other, radius)
    sketch.name(a, sketch.names.first_free("AP"), a)
    sketch.name(b, sketch.names.first_free("BQ"), b)


def _fan_blades(sketch: Sketch) -> None:
    """Every second sector of a disc."""
    num = sketch.pick((4, 6, 8))
    turns = [360.0 * index / num for index in range(num)]
    for index, turn in enumerate(turns):
        if index % 2 == 0:
            end = turn + 360.0 / num
            sketch.shade(Path(_O, (polar(_O, 1.0, turn), Bend(turn, end, 1.0, 1.0)), closed=True))
    for turn in turns[: num // 2]:
        sketch.line(polar(_O, 1.0, turn + 180), polar(_O, 1.0, turn))
    sketch.circle(_O, 1.0)


def _inner_polygon(sketch: Sketch) -> None:
    """A polygon whose inner triangle is shaded."""
    corners = _square(sketch) if sketch.chance(0.5) else [(0.0, 0.0), (1.4, 0.0), (1.4, 0.9), (0.0, 0.9)]
    if corners[1][0] > 1.0:
        sketch.polygon(corners)
        sketch.corner_names(corners, sketch.names.corners(4))
    a, b, c, d = corners
    inner: Sequence[Point]
    variant = sketch.integer(0, 2)
    if variant == 0:
        top = between(d, c, sketch.uniform(0.25, 0.75))
        inner = (a, b, top)
        sketch.name(top, sketch.names.first_free("EP"), (0.0, 1.0))
    elif variant == 1:
        inner = [between(p, q) for p, q in ((a, b), (b, c), (c, d), (d, a))]
    else:
        one, other = between(b, c, sketch.uniform(0.3, 0.7)), between(d, c, sketch.uniform(0.3, 0.7))
        inner = (a, one, other)
        sketch.name(one, sketch.names.first_free("EP"), (1.0, 0.0))
        sketch.name(other, sketch.names.first_free("FQ"), (0.0, 1.0))
    sketch.shade(Path(inner[0], tuple(inner[1:]), closed=True))
    for p, q in itertools.pairwise([*inner, inner[0]]):
        sketch.line(p, q)


def _triangle_cut(sketch: Sketch) -> None:
    """A triangle, a part of it shaded."""
    a, b, c = (sketch.uniform(0.3, 0.9), sketch.uniform(0.7, 1.1)), (0.0, 0.0), (1.3, 0.0)
    at = between(b, c, sketch.uniform(0.35, 0.65))
    sketch.polygon((a, b, c))
    sketch.line(a, at)
    sketch.shade(Path(a, (b, at), closed=True))
    sketch.corner_names((a, b, c), sketch.names.corners(3))
    sketch.name(at, sketch.names.first_free("DE"), (0.0, -1.0))


def _half_moons(sketch: Sketch) -> None:
    """Half discs on a diameter: a large one without two small ones."""
    part = sketch.uniform(0.3, 0.7)
    c = (2 * part, 0.0)
    bends = (Bend(0.0, 180.0, 1.0, 1.0), Bend(180.0, 0.0, part, part), Bend(180.0, 0.0, 1 - part, 1 - part))
    sketch.shade(Path((2.0, 0.0), bends, closed=True))
    sketch.arc((1.0, 0.0), 1.0, 0.0, 180.0)
    sketch.arc((part, 0.0), part, 0.0, 180.0)
    sketch.arc((1 + part, 0.0), 1 - part, 0.0, 180.0)
    sketch.line((0.0, 0.0), (2.0, 0.0))
    for point, wanted in (((0.0, 0.0), "A"), ((2.0, 0.0), "B"), (c, "C")):
        sketch.name(point, sketch.names.first_free(wanted), (0.0, -1.0))


def _ring(sketch: Sketch) -> None:
    """A square around a disc or a disc around a square, a corner of it shaded."""
    if sketch.chance(0.5):
        _a, _b, c, _d = _square(sketch)
        sketch.shade(Path((1.0, 0.5), (Bend(0.0, 90.0, 0.5, 0.5), c), closed=True))
        sketch.circle((0.5, 0.5), 0.5)
    else:
        corners = [polar(_O, 1.0, degrees) for degrees in (225, 315, 45, 135)]
        sketch.shade(Path(corners[0], (Bend(225.0, 315.0, 1.0, 1.0),), closed=True))
        sketch.circle(_O, 1.0)
        sketch.polygon(corners)
        sketch.corner_names(corners, sketch.names.corners(4))
        sketch.name(_O, sketch.names.first_free("O"), dot=True)


_REGIONS = (
    _quarter, _leaf, _half_disc, _moon, _fan_blades, _inner_polygon, _inner_polygon, _triangle_cut, _half_moons, _ring,
)  # fmt: skip

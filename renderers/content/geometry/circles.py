"""Circles: chords, secants, tangents, angles at the centre and on the circle, sectors, and two circles."""

import math

from renderers.content.geometry.plane import (
    between,
    circles_meet,
    cross,
    direction,
    foot,
    left_of,
    line_meets_circle,
    minus,
    plus,
    polar,
    tangent_points,
    times,
    unit,
)
from renderers.content.geometry.sketch import Sketch
from renderers.labels.tikz.primitives import Bend, Path, Point, on_ellipse

_O: Point = (0.0, 0.0)


def draw_circle(sketch: Sketch) -> None:
    """A circle about O and one or two things on it."""
    sketch.circle(_O, 1.0)
    sketch.pick(_CONSTRUCTIONS)(sketch)
    if sketch.chance(0.85):
        sketch.name(_O, sketch.names.first_free("O"), dot=True)


def _on(degrees: float) -> Point:
    return polar(_O, 1.0, degrees)


def _rim(sketch: Sketch, point: Point, wanted: str) -> None:
    sketch.name(point, sketch.names.first_free(wanted), point)


def _radius(sketch: Sketch) -> None:
    end = _on(sketch.uniform(0, 360))
    sketch.line(_O, end)
    if sketch.chance(0.5):
        sketch.beside(_O, end, sketch.pick(("$r$", "$R$", f"${sketch.integer(2, 12)}$")))
    _rim(sketch, end, "AP")


def _diameter(sketch: Sketch) -> None:
    a, b, c = _on(180), _on(0), _on(sketch.uniform(40, 140))
    sketch.line(a, b)
    sketch.line(a, c)
    sketch.line(c, b)
    if sketch.chance(0.6):
        sketch.right_angle(c, a, b)
    if sketch.chance(0.5):
        at = foot(c, a, b)
        if min(math.dist(at, end) for end in (a, b, _O)) > 0.15:
            sketch.auxiliary(c, at)
            sketch.right_angle(at, c, a)
            sketch.name(at, sketch.names.first_free("DH"), minus(at, c))
    for point, wanted in ((a, "AP"), (b, "BQ"), (c, "CR")):
        _rim(sketch, point, wanted)


def _chord(sketch: Sketch) -> None:
    half = sketch.uniform(35, 75)
    a, b = _on(270 - half), _on(270 + half)
    sketch.line(a, b)
    middle = between(a, b)
    if sketch.chance(0.7):
        sketch.auxiliary(_O, middle)
        sketch.right_angle(middle, _O, b)
        sketch.name(middle, sketch.names.first_free("MCD"), minus(middle, _O))
        if sketch.chance(0.6):
            sketch.line(_O, a)
    else:
        sketch.line(_O, a)
        sketch.line(_O, b)
        sketch.angle(_O, a, b, text=f"${round(2 * half)}^\\circ$" if sketch.chance(0.6) else "")
    _rim(sketch, a, "AP")
    _rim(sketch, b, "BQ")


def _chords(sketch: Sketch) -> None:
    a, c = _on(sketch.uniform(150, 210)), _on(sketch.uniform(-20, 25))
    b, d = _on(sketch.uniform(240, 290)), _on(sketch.uniform(70, 120))
    sketch.line(a, c)
    sketch.line(b, d)
    if sketch.chance(0.6):
        sketch.line(a, b)
        sketch.line(c, d)
    one, other = unit(minus(c, a)), unit(minus(d, b))
    cut = plus(a, times(one, cross(minus(b, a), other) / cross(one, other)))
    sketch.name(cut, sketch.names.first_free("PEM"))
    for point, wanted in ((a, "AK"), (b, "BL"), (c, "CM"), (d, "DN")):
        _rim(sketch, point, wanted)


def _tangents(sketch: Sketch) -> None:
    point = (sketch.uniform(1.7, 2.6), 0.0)
    one, other = tangent_points(point, _O, 1.0)
    both = sketch.chance(0.6)
    for touch, wanted in ((one, "AT"), (other, "BS"))[: 2 if both else 1]:
        sketch.line(point, touch)
        if sketch.chance(0.8):
            sketch.auxiliary(_O, touch)
            if sketch.chance(0.6):
                sketch.right_angle(touch, _O, point)
        _rim(sketch, touch, wanted)
    if not both or sketch.chance(0.5):
        sketch.auxiliary(_O, point)
    if both and sketch.chance(0.3):
        sketch.line(one, other)
    sketch.name(point, sketch.names.first_free("PC"), point)


def _secant(sketch: Sketch) -> None:
    point = (sketch.uniform(1.7, 2.4), sketch.uniform(-0.3, 0.1))
    inner = polar(_O, sketch.uniform(0.3, 0.6), sketch.uniform(70, 120))
    far, near = line_meets_circle(inner, point, _O, 1.0)
    sketch.line(far, point)
    touch = tangent_points(point, _O, 1.0)[1]
    sketch.line(point, touch)
    if sketch.chance(0.4):
        sketch.line(touch, far)
        sketch.line(touch, near)
    for at, wanted in ((far, "BQ"), (near, "AP"), (touch, "TC")):
        _rim(sketch, at, wanted)
    sketch.name(point, sketch.names.first_free("PM"), point)


def _tangent_line(sketch: Sketch) -> None:
    touch = _on(270 if sketch.chance(0.5) else sketch.uniform(0, 360))
    along = times(left_of(touch), sketch.uniform(1.0, 1.4))
    sketch.line(minus(touch, along), plus(touch, along))
    sketch.auxiliary(_O, touch)
    sketch.right_angle(touch, _O, plus(touch, along))
    _rim(sketch, touch, "TPA")
    sketch.label(plus(touch, along), "$l$", along)


def _inscribed_angle(sketch: Sketch) -> None:
    half = sketch.uniform(35, 70)
    a, b, c = _on(270 - half), _on(270 + half), _on(sketch.uniform(60, 120))
    sketch.line(c, a)
    sketch.line(c, b)
    values = sketch.chance(0.5)
    sketch.angle(c, a, b, text=f"${round(half)}^\\circ$" if values else "")
    if sketch.chance(0.6):
        sketch.line(_O, a, sketch.figure_style.auxiliary)
        sketch.line(_O, b, sketch.figure_style.auxiliary)
        if sketch.chance(0.6):
            sketch.angle(_O, a, b, text=f"${round(2 * half)}^\\circ$" if values else "")
    elif sketch.chance(0.5):
        d = _on(sketch.uniform(20, 45) if sketch.chance(0.5) else sketch.uniform(135, 160))
        sketch.line(d, a)
        sketch.line(d, b)
        _rim(sketch, d, "DS")
    for point, wanted in ((a, "AP"), (b, "BQ"), (c, "CR")):
        _rim(sketch, point, wanted)


def _sector(sketch: Sketch) -> None:
    start, sweep = sketch.uniform(0, 180), sketch.uniform(40, 140)
    a, b = _on(start), _on(start + sweep)
    bend = Bend(start, start + sweep, 1.0, 1.0)
    if sketch.chance(0.6):
        sketch.shade(Path(_O, (a, bend), closed=True))
        sketch.line(_O, a)
        sketch.line(_O, b)
    else:
        sketch.shade(Path(a, (bend,), closed=True))
        sketch.line(a, b)
    _rim(sketch, a, "AP")
    _rim(sketch, b, "BQ")


def _triangle_inside(sketch: Sketch) -> None:
    corners = [_on(at + sketch.uniform(-20, 20)) for at in (90, 210, 330)]
    sketch.polygon(corners)
    for point, name in zip(corners, sketch.names.corners(3), strict=True):
        sketch.name(point, name, point)
    if sketch.chance(0.4):
        a, b, _ = corners
        middle = direction(_O, between(a, b))
        top = _on(middle)
        sketch.auxiliary(_O, top)
        _rim(sketch, top, "DM")


_CONSTRUCTIONS = (
    _radius, _diameter, _diameter, _chord, _chord, _chords, _tangents, _tangents, _secant, _tangent_line,
    _inscribed_angle, _inscribed_angle, _sector, _triangle_inside,
)  # fmt: skip


def draw_two_circles(sketch: Sketch) -> None:
    """Two circles: apart, touching, cutting each other, or about one centre."""
    sketch.pick((_concentric, _touching, _cutting, _cutting, _apart))(sketch)


def _centres(sketch: Sketch, other: Point) -> None:
    letter = sketch.chance(0.5)
    sketch.name(_O, "$O_1$" if letter else "$O$", dot=True)
    sketch.name(other, "$O_2$" if letter else "$O'$", dot=True)


def _concentric(sketch: Sketch) -> None:
    inner = sketch.uniform(0.35, 0.65)
    shaded = sketch.chance(0.4)
    if shaded:
        start, sweep = sketch.uniform(0, 300), sketch.uniform(50, 200)
        ends = start, start + sweep
        outer, back = Bend(*ends, 1.0, 1.0), Bend(ends[1], ends[0], inner, inner)
        corner = on_ellipse(_O, inner, inner, ends[1])
        sketch.shade(Path(_on(start), (outer, corner, back), closed=True))
        for end in ends:
            sketch.line(polar(_O, inner, end), _on(end))
    sketch.circle(_O, 1.0)
    sketch.circle(_O, inner)
    if not shaded:
        touch = polar(_O, inner, 270)
        half = math.sqrt(1 - inner**2)
        sketch.line((touch[0] - half, touch[1]), (touch[0] + half, touch[1]))
        sketch.name((-half, -inner), sketch.names.first_free("AP"), (-half, -inner))
        sketch.name((half, -inner), sketch.names.first_free("BQ"), (half, -inner))
        sketch.name(touch, sketch.names.first_free("TC"), touch)
    sketch.name(_O, sketch.names.first_free("O"), dot=True)


def _touching(sketch: Sketch) -> None:
    radius = sketch.uniform(0.45, 0.9)
    outside = sketch.chance(0.6)
    other = (1 + radius if outside else 1 - min(radius, 0.7), 0.0)
    sketch.circle(_O, 1.0)
    sketch.circle(other, radius if outside else min(radius, 0.7))
    sketch.auxiliary(_O, other if outside else (1.0, 0.0))
    sketch.name((1.0, 0.0), sketch.names.first_free("TP"), (1.0, 1.0))
    if sketch.chance(0.5):
        sketch.line((1.0, -1.0), (1.0, 1.0))
    _centres(sketch, other)


def _cutting(sketch: Sketch) -> None:
    radius = sketch.uniform(0.65, 1.0)
    other = (sketch.uniform(0.75 + 0.3 * radius, 0.55 + radius), 0.0)
    sketch.circle(_O, 1.0)
    sketch.circle(other, radius)
    a, b = circles_meet(_O, 1.0, other, radius)
    sketch.line(a, b)
    if sketch.chance(0.6):
        sketch.auxiliary(_O, other)
    if sketch.chance(0.4):
        sketch.auxiliary(_O, a)
        sketch.auxiliary(other, a)
    sketch.name(a, sketch.names.first_free("AP"), a)
    sketch.name(b, sketch.names.first_free("BQ"), b)
    _centres(sketch, other)


def _apart(sketch: Sketch) -> None:
    radius = sketch.uniform(0.4, 0.9)
    other = (1 + radius + sketch.uniform(0.3, 0.8), 0.0)
    sketch.circle(_O, 1.0)
    sketch.circle(other, radius)
    outer = sketch.chance(0.6)
    sine = (1.0 - radius if outer else 1.0 + radius) / other[0]
    up = math.degrees(math.acos(sine))
    for sign, wanted in ((1, ("AP", "BQ")), (-1, ("CR", "DS")))[: sketch.integer(1, 2)]:
        one = polar(_O, 1.0, sign * up)
        two = polar(other, radius, sign * up if outer else sign * up + 180)
        sketch.line(one, two)
        sketch.name(one, sketch.names.first_free(wanted[0]), one)
        sketch.name(two, sketch.names.first_free(wanted[1]), minus(two, other))
        if sketch.chance(0.3):
            sketch.auxiliary(_O, one)
            sketch.auxiliary(other, two)
            sketch.right_angle(one, _O, two)

    if sketch.chance(0.5):
        sketch.auxiliary(_O, other)
    _centres(sketch, other)

"""Points, segments, rays, angles, parallels, vectors, and figures with their images."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace

from renderers.content.geometry.plane import (
    angle_at,
    between,
    circles_meet,
    foot,
    left_of,
    minus,
    mirror,
    plus,
    polar,
    rotate,
    times,
)
from renderers.content.geometry.sketch import Sketch
from renderers.content.geometry.texts import number
from renderers.labels.tikz.primitives import Pen, Point

_O: Point = (0.0, 0.0)


def draw_lines(sketch: Sketch) -> None:
    """A line with points, a fan of rays, or segments in a chain."""
    sketch.pick((_points_on_line, _points_on_line, _fan, _chain, _distance))(sketch)


def _points_on_line(sketch: Sketch) -> None:
    num = sketch.integer(2, 5)
    spans = [sketch.uniform(0.5, 1.5) for _ in range(num - 1)]
    if sketch.chance(0.3):
        spans = [1.0] * (num - 1)
    at = [sum(spans[:index]) for index in range(num)]
    points = [(x, 0.0) for x in at]
    arrow = sketch.pick(("", "", "->", "<->"))
    overhang = 0.2 * at[-1] if arrow or sketch.chance(0.3) else 0.0
    start = (-overhang if arrow != "->" else 0.0, 0.0)
    sketch.line(start, (at[-1] + overhang, 0.0), replace(sketch.figure_style.main, arrow=arrow))
    for point, name in zip(points, sketch.names.corners(num), strict=True):
        sketch.name(point, name, (0.0, 1.0) if sketch.chance(0.85) else (0.0, -1.0), dot=True)
    if spans[0] == 1.0 and len(set(spans)) == 1 and sketch.chance(0.7):
        for a, b in itertools.pairwise(points):
            sketch.ticks(a, b)
    elif sketch.chance(0.5):
        factor = sketch.uniform(2, 6)
        for a, b in itertools.pairwise(points):
            sketch.beside(a, b, f"${number((b[0] - a[0]) * factor, 1)}$", (0.0, 1.0))
    if sketch.chance(0.3):
        up = (sketch.uniform(0.2, 0.8) * at[-1], 0.4 * at[-1])
        for point in points:
            sketch.line(point, up)
        sketch.name(up, sketch.names.next_free(), (0.0, 1.0))


def _fan(sketch: Sketch) -> None:
    num = sketch.integer(2, 4)
    sweeps = [sketch.uniform(25, 60) for _ in range(num - 1)]
    starts = [sum(sweeps[:index]) for index in range(num)]
    ends = [polar(_O, sketch.uniform(0.85, 1.0), degrees) for degrees in starts]
    arrow = replace(sketch.figure_style.main, arrow="->") if sketch.chance(0.5) else sketch.figure_style.main
    for end, name in zip(ends, sketch.names.corners(num), strict=True):
        sketch.line(_O, end, arrow)
        sketch.name(end, name, end)
    sketch.name(_O, sketch.names.first_free("O"), minus(_O, ends[num // 2]))
    for index, (a, b) in enumerate(itertools.pairwise(ends)):
        if sketch.chance(0.7):
            size = f"${round(angle_at(_O, a, b))}^\\circ$"
            texts = (size, f"$\\{('alpha', 'beta', 'gamma')[index]}$", f"${index + 1}$", "")
            sketch.angle(_O, a, b, text=sketch.pick(texts))


def _chain(sketch: Sketch) -> None:
    """A broken line, as in questions about angles between parallels."""
    num = sketch.integer(3, 5)
    points = [_O]
    for index in range(num):
        turn = sketch.uniform(25, 65) * (1 if index % 2 else -1)
        points.append(polar(points[-1], sketch.uniform(0.7, 1.2), turn))
    for a, b in itertools.pairwise(points):
        sketch.line(a, b)
    for index, (point, name) in enumerate(zip(points, sketch.names.corners(len(points)), strict=True)):
        sketch.name(point, name, (0.0, 1.0 if index % 2 == 0 else -1.0))
    for a, v, b in zip(points, points[1:], points[2:], strict=False):
        if sketch.chance(0.6):
            sketch.angle(v, a, b, text=f"${round(angle_at(v, a, b))}^\\circ$" if sketch.chance(0.7) else "")


def _distance(sketch: Sketch) -> None:
    """A point, a line, the perpendicular and some slanted segments."""
    point = (sketch.uniform(0.8, 2.2), sketch.uniform(1.0, 1.8))
    sketch.line(_O, (3.0, 0.0))
    sketch.label((3.0, 0.0), sketch.pick(("$l$", "$m$", "$a$")), (1.0, 0.0))
    at = foot(point, _O, (3.0, 0.0))
    sketch.auxiliary(point, at)
    sketch.right_angle(at, point, (3.0, 0.0))
    sketch.name(point, sketch.names.first_free("PA"), (0.0, 1.0), dot=True)
    sketch.name(at, sketch.names.first_free("HB"), (0.0, -1.0))
    for x in (sketch.uniform(0.1, 0.5), sketch.uniform(2.4, 2.8))[: sketch.integer(0, 2)]:
        sketch.line(point, (x, 0.0))
        sketch.name((x, 0.0), sketch.names.first_free("CDE"), (0.0, -1.0))


def draw_angles(sketch: Sketch) -> None:
    """Crossing lines, parallels with a transversal, a perpendicular bisector, or an angle halved with a compass."""
    sketch.pick((_crossing, _transversal, _transversal, _halving, _compass))(sketch)


def _crossing(sketch: Sketch) -> None:
    num = sketch.integer(2, 3)
    first = sketch.uniform(-15, 15)
    turns = [first + 180 * index / num + sketch.uniform(-12, 12) for index in range(num)]
    names = sketch.names.corners(2 * num)
    for index, turn in enumerate(turns):
        a, b = polar(_O, 1.0, turn), polar(_O, 1.0, turn + 180)
        sketch.line(b, a)
        sketch.name(a, names[index], a)
        sketch.name(b, names[index + num], b)
    sketch.name(_O, sketch.names.first_free("O"))
    ends = [polar(_O, 1.0, turn) for turn in (*turns, turns[0] + 180)]
    for a, b in itertools.pairwise(ends):
        if sketch.chance(0.5):
            sketch.angle(_O, a, b, text=f"${round(angle_at(_O, a, b))}^\\circ$" if sketch.chance(0.7) else "")


def _transversal(sketch: Sketch) -> None:
    apart, lean = sketch.uniform(0.8, 1.3), sketch.uniform(40, 75)
    low, high = _O, (0.0, 0.0)
    high = polar(_O, apart / math.sin(math.radians(lean)), lean)
    reach = sketch.uniform(1.0, 1.5)
    ends: list[tuple[Point, Point]] = []
    for at in (low, high):
        ends.append(((at[0] - reach, at[1]), (at[0] + reach, at[1])))
        sketch.line(*ends[-1])
    top, bottom = polar(high, 0.7, lean), polar(low, 0.7, lean + 180)
    sketch.line(bottom, top)
    if sketch.chance(0.4):
        for a, b in ends:
            sketch.chevrons(between(a, b, 0.62), b)
    letters = ("a", "b", "c") if sketch.chance(0.5) else ("l", "m", "n")
    for (_, end), letter in zip(ends[::-1], letters, strict=False):
        sketch.label(end, f"${letter}$", (1.0, 0.0))
    sketch.label(top, f"${letters[2]}$", minus(top, high))
    value = round(lean)
    style = sketch.integer(0, 2)
    for index, (at, (left, right)) in enumerate(zip((high, low), ends[::-1], strict=True)):
        if style == 0:
            sketch.angle(at, right, top, text=f"${value}^\\circ$" if index == 0 else f"$\\{'alpha'}$")
        else:
            quarters = ((right, top), (top, left), (left, bottom), (bottom, right))
            for turn, (p, q) in enumerate(quarters[: 4 if style == 1 else 1]):
                sketch.angle(at, p, q, 1 if style == 2 else 0, text=f"${turn + 1 + (4 if style == 1 else 1) * index}$")


def _halving(sketch: Sketch) -> None:
    half = sketch.uniform(18, 50)
    a, b, c = polar(_O, 1.0, -half), polar(_O, 1.0, half), (1.1, 0.0)
    arrow = replace(sketch.figure_style.main, arrow="->") if sketch.chance(0.5) else sketch.figure_style.main
    for end, wanted in ((a, "A"), (b, "B"), (c, "C")):
        sketch.line(_O, end, arrow)
        sketch.name(end, sketch.names.first_free(wanted), end)
    sketch.name(_O, sketch.names.first_free("O"), (-1.0, 0.0))
    rings = sketch.integer(1, 2)
    sketch.angle(_O, a, c, rings)
    sketch.angle(_O, c, b, rings)
    if sketch.chance(0.5):
        point = (sketch.uniform(0.5, 0.85), 0.0)
        for end in (a, b):
            at = foot(point, _O, end)
            sketch.auxiliary(point, at)
            sketch.right_angle(at, point, end)
        sketch.name(point, sketch.names.first_free("P"))


def _compass(sketch: Sketch) -> None:
    """The perpendicular bisector with the arcs that construct it."""
    a, b = (-1.0, 0.0), (1.0, 0.0)
    radius = sketch.uniform(1.2, 1.5)
    up, down = circles_meet(a, radius, b, radius)
    sketch.line(a, b)
    for centre, turn in ((a, 0.0), (b, 180.0)):
        half = math.degrees(math.asin(up[1] / radius))
        for side in (half, -half):
            sketch.arc(centre, radius, turn + side - 14, turn + side + 14)
    top, bottom = (0.0, up[1] + 0.35), (0.0, down[1] - 0.35)
    sketch.line(bottom, top)
    if sketch.chance(0.6):
        sketch.right_angle(_O, b, top)
    sketch.corner_names((a, b), (sketch.names.first_free("A"), sketch.names.first_free("B")))
    for point, wanted in ((up, "MC"), (down, "ND")):
        sketch.name(point, sketch.names.first_free(wanted), (-1.0, 0.0))


def draw_images(sketch: Sketch) -> None:
    """A triangle or quadrilateral and its image: mirrored, turned, moved, or larger."""
    corners = [_O, (1.0, sketch.uniform(-0.2, 0.2)), (sketch.uniform(0.2, 0.8), sketch.uniform(0.6, 1.1))]
    if sketch.chance(0.2):
        corners.insert(2, (1.1, 0.75))
    names = sketch.names.corners(len(corners))
    sketch.polygon(corners)
    image = sketch.pick((_mirrored, _turned, _shifted, _enlarged))(sketch, corners)
    sketch.polygon(image, sketch.figure_style.auxiliary if sketch.chance(0.4) else None)
    sketch.corner_names(corners, names)
    sketch.corner_names(image, sketch.names.primed(names))


def _mirrored(sketch: Sketch, corners: Sequence[Point]) -> list[Point]:
    x = 1.1 + sketch.uniform(0.25, 0.5)
    low, high = (x, -0.4), (x + sketch.uniform(-0.1, 0.1), 1.4)
    image = [mirror(corner, low, high) for corner in corners]
    sketch.line(low, high, replace(sketch.figure_style.auxiliary, dash="dashed"))
    sketch.label(high, "$l$" if sketch.chance(0.5) else "$m$", (0.0, 1.0))
    if sketch.chance(0.3):
        sketch.line(corners[-1], image[-1], Pen(dash="dotted"))
    return image


def _turned(sketch: Sketch, corners: Sequence[Point]) -> list[Point]:
    centre = (1.5, sketch.uniform(-0.3, 0.0))
    turn = -sketch.uniform(80, 150)
    image = [rotate(corner, turn, centre) for corner in corners]
    sketch.name(centre, sketch.names.first_free("O"), dot=True)
    if sketch.chance(0.6):
        index = len(corners) - 1
        sketch.auxiliary(centre, corners[index])
        sketch.auxiliary(centre, image[index])
        sketch.angle(
            centre, corners[index], image[index], text=f"${round(-turn)}^\\circ$" if sketch.chance(0.6) else ""
        )
    return image


def _shifted(sketch: Sketch, corners: Sequence[Point]) -> list[Point]:
    shift = (sketch.uniform(1.4, 1.9), sketch.uniform(0.35, 0.7) * (1 if sketch.chance(0.5) else -1))
    if sketch.chance(0.5):
        for corner in corners:
            sketch.line(corner, plus(corner, shift), Pen(dash="dashed", arrow="->"))
    return [plus(corner, shift) for corner in corners]


def _enlarged(sketch: Sketch, corners: Sequence[Point]) -> list[Point]:
    factor = sketch.uniform(1.3, 1.8)
    if sketch.chance(0.5):
        return [(x * factor + 1.6, y * factor) for x, y in corners]
    centre = (-1.0, sketch.uniform(0.2, 0.6))
    factor = 2.4
    image = [between(centre, corner, factor) for corner in corners]
    for corner in image:
        sketch.auxiliary(centre, corner)
    sketch.name(centre, sketch.names.first_free("O"), (-1.0, 0.0), dot=True)
    return image


def draw_vectors(sketch: Sketch) -> None:
    """Arrows from one point: a sum, a difference, or components."""
    a = polar(_O, sketch.uniform(0.8, 1.4), sketch.uniform(-10, 20))
    b = polar(_O, sketch.uniform(0.7, 1.2), sketch.uniform(45, 100))
    pen = replace(sketch.figure_style.main, arrow="->")
    total = plus(a, b)
    sketch.line(_O, a, pen)
    sketch.line(_O, b, pen)
    variant = sketch.integer(0, 2)
    letters = sketch.pick((("a", "b", "c"), ("u", "v", "w"), ("p", "q", "r")))
    sketch.beside(_O, a, f"${letters[0]}$", b)
    sketch.beside(_O, b, f"${letters[1]}$", a)
    if variant == 0:
        sketch.line(_O, total, pen)
        for end in (a, b):
            sketch.line(end, total, Pen(dash="dashed"))
        sketch.label(
            total, f"${letters[0]}+{letters[1]}$" if sketch.chance(0.5) else sketch.names.first_free("C"), total
        )
    elif variant == 1:
        sketch.line(b, a, pen)
        sketch.beside(a, b, f"${letters[0]}-{letters[1]}$", _O)
    else:
        far = plus(a, times(left_of(a), 0.0))
        at = foot(b, _O, a)
        sketch.line(b, at, Pen(dash="dashed"))
        sketch.right_angle(at, b, far)
    sketch.name(_O, sketch.names.first_free("O"), (-1.0, -1.0))
    if sketch.chance(0.5):
        sketch.angle(_O, a, b, text="$\\theta$" if sketch.chance(0.6) else f"${round(angle_at(_O, a, b))}^\\circ$")

"""Solids in oblique view: hidden edges are dashed."""

from dataclasses import replace

from renderers.content.geometry.plane import between, plus
from renderers.content.geometry.sketch import Sketch
from renderers.labels.tikz.primitives import Bend, Ellipse, Path, Pen, Point

_HIDDEN = Pen(dash="dashed")


def draw_solid(sketch: Sketch) -> None:
    """A box, prism, pyramid, cylinder, cone, frustum or ball."""
    sketch.turnable = False
    sketch.pick((_box, _box, _prism, _pyramid, _pyramid, _tetrahedron, _cylinder, _cone, _frustum, _ball))(sketch)


def _box(sketch: Sketch) -> None:
    width, height = sketch.uniform(0.9, 1.5), sketch.uniform(0.7, 1.3)
    depth = (sketch.uniform(0.3, 0.5), sketch.uniform(0.25, 0.4))
    front = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
    back = [plus(corner, depth) for corner in front]
    sketch.polygon(front)
    for a, b in ((front[1], back[1]), (front[2], back[2]), (front[3], back[3]), (back[1], back[2]), (back[2], back[3])):
        sketch.line(a, b)
    for end in (front[0], back[1], back[3]):
        sketch.line(back[0], end, _HIDDEN)
    if sketch.chance(0.85):
        names = sketch.names.corners(4)
        low = (front[0], front[1], back[1], back[0])
        high = (front[3], front[2], back[2], back[3])
        for point, away, name in zip(low, ((-1, -1), (1, -1), (1, 0), (1, 1)), names, strict=True):
            sketch.name(point, name, (float(away[0]), float(away[1])))
        others = (
            [f"${name.strip('$')}_1$" for name in names]
            if "_" not in names[0] and sketch.chance(0.5)
            else (sketch.names.primed(names))
        )
        for point, away, name in zip(high, ((-1, 1), (1, -1), (1, 1), (-1, 1)), others, strict=True):
            sketch.name(point, name, (float(away[0]), float(away[1])))
    if sketch.chance(0.3):
        sketch.line(front[0], back[2], _HIDDEN)


def _prism(sketch: Sketch) -> None:
    height = sketch.uniform(1.0, 1.6)
    low = [(0.0, 0.0), (1.3, 0.05), (sketch.uniform(0.55, 0.8), -0.4)]
    high = [(x, y + height) for x, y in low]
    sketch.polygon(high)
    for a, b in zip(low, high, strict=True):
        sketch.line(a, b)
    sketch.line(low[0], low[2])
    sketch.line(low[2], low[1])
    sketch.line(low[0], low[1], _HIDDEN)
    names = sketch.names.corners(3)
    sketch.corner_names(low, names)
    sketch.corner_names(high, sketch.names.primed(names))


def _pyramid(sketch: Sketch) -> None:
    depth = (sketch.uniform(0.4, 0.6), sketch.uniform(0.3, 0.45))
    base = [(0.0, 0.0), (1.4, 0.0)]
    base += [plus(base[1], depth), plus(base[0], depth)]
    centre = between(base[0], base[2])
    apex = (centre[0] if sketch.chance(0.6) else base[3][0], centre[1] + sketch.uniform(1.2, 1.7))
    for index in (0, 1):
        sketch.line(base[index], base[index + 1])
    for index in (0, 1, 2):
        sketch.line(base[index], apex)
    for a, b in ((base[2], base[3]), (base[3], base[0]), (base[3], apex)):
        sketch.line(a, b, _HIDDEN)
    if apex[0] == centre[0] and sketch.chance(0.6):
        for a, b in ((base[0], base[2]), (base[1], base[3]), (apex, centre)):
            sketch.line(a, b, _HIDDEN)
        sketch.name(centre, sketch.names.first_free("O"))
    sketch.corner_names(base, sketch.names.corners(4))
    sketch.name(apex, sketch.names.first_free("PSV"), (0.0, 1.0))


def _tetrahedron(sketch: Sketch) -> None:
    a, b, c = (0.0, 0.0), (sketch.uniform(0.45, 0.75), -0.45), (1.4, 0.1)
    apex = (sketch.uniform(0.4, 0.8), sketch.uniform(1.1, 1.5))
    for p, q in ((a, b), (b, c), (a, apex), (b, apex), (c, apex)):
        sketch.line(p, q)
    sketch.line(a, c, _HIDDEN)
    sketch.corner_names((a, b, c), sketch.names.corners(3))
    sketch.name(apex, sketch.names.first_free("PDS"), (0.0, 1.0))
    if sketch.chance(0.4):
        middle = between(b, c)
        sketch.line(apex, middle, _HIDDEN)
        sketch.name(middle, sketch.names.first_free("ME"), (0.6, -1.0))


def _rim(sketch: Sketch, centre: Point, rx: float, ry: float) -> None:
    """The lower ellipse of a round solid: its front seen, its back hidden."""
    sketch.add(Path((centre[0] - rx, centre[1]), (Bend(180.0, 360.0, rx, ry),), pen=sketch.figure_style.main))
    sketch.add(Path((centre[0] + rx, centre[1]), (Bend(0.0, 180.0, rx, ry),), pen=_HIDDEN))


def _cylinder(sketch: Sketch) -> None:
    height, flat = sketch.uniform(1.2, 2.2), sketch.uniform(0.2, 0.32)
    top = (0.0, height)
    _rim(sketch, (0.0, 0.0), 1.0, flat)
    sketch.add(Ellipse(top, 1.0, flat, pen=sketch.figure_style.main))
    for x in (-1.0, 1.0):
        sketch.line((x, 0.0), (x, height))
    if sketch.chance(0.7):
        sketch.line((0.0, 0.0), top, _HIDDEN)
        sketch.line((0.0, 0.0), (1.0, 0.0), _HIDDEN)
        sketch.beside((0.0, 0.0), (1.0, 0.0), "$r$")
        sketch.beside((0.0, 0.0), top, "$h$")
    sketch.name((0.0, 0.0), sketch.names.first_free("O"), (-1.0, -0.5), dot=True)


def _cone(sketch: Sketch) -> None:
    height, flat = sketch.uniform(1.5, 2.4), sketch.uniform(0.2, 0.3)
    apex = (0.0, height)
    _rim(sketch, (0.0, 0.0), 1.0, flat)
    for x in (-1.0, 1.0):
        sketch.line((x, 0.0), apex)
    sketch.line((0.0, 0.0), apex, _HIDDEN)
    sketch.line((0.0, 0.0), (1.0, 0.0), _HIDDEN)
    if sketch.chance(0.6):
        sketch.right_angle((0.0, 0.0), apex, (1.0, 0.0))
    sketch.name(apex, sketch.names.first_free("SPV"), (0.0, 1.0))
    sketch.name((0.0, 0.0), sketch.names.first_free("O"), (-1.0, 0.0))
    if sketch.chance(0.5):
        sketch.beside((1.0, 0.0), apex, "$l$", (0.0, 0.0))
        sketch.beside((0.0, 0.0), apex, "$h$", (1.0, 0.0))
    else:
        sketch.name((-1.0, 0.0), sketch.names.first_free("A"), (-1.0, 0.0))
        sketch.name((1.0, 0.0), sketch.names.first_free("B"), (1.0, 0.0))


def _frustum(sketch: Sketch) -> None:
    height, flat, upper = sketch.uniform(1.0, 1.6), sketch.uniform(0.2, 0.3), sketch.uniform(0.45, 0.7)
    _rim(sketch, (0.0, 0.0), 1.0, flat)
    sketch.add(Ellipse((0.0, height), upper, flat * upper, pen=sketch.figure_style.main))
    for side in (-1.0, 1.0):
        sketch.line((side, 0.0), (side * upper, height))
    sketch.line((0.0, 0.0), (0.0, height), _HIDDEN)
    sketch.line((0.0, 0.0), (1.0, 0.0), _HIDDEN)
    sketch.beside((0.0, 0.0), (1.0, 0.0), "$R$")
    sketch.beside((0.0, 0.0), (0.0, height), "$h$")


def _ball(sketch: Sketch) -> None:
    flat = sketch.uniform(0.22, 0.35)
    sketch.circle((0.0, 0.0), 1.0)
    _rim(sketch, (0.0, 0.0), 1.0, flat)
    sketch.line((0.0, 0.0), (1.0, 0.0), replace(_HIDDEN, dash="dashed"))
    sketch.beside((0.0, 0.0), (1.0, 0.0), "$R$" if sketch.chance(0.5) else "$r$")
    sketch.name((0.0, 0.0), sketch.names.first_free("O"), (-1.0, 0.0), dot=True)
    if sketch.chance(0.4):
        top = (0.0, 1.0)
        sketch.line((0.0, 0.0), top, _HIDDEN)
        sketch.name(top, sketch.names.first_free("NA"), (0.0, 1.0))

"""Constructions obey what they are named for: the altitude is perpendicular, the tangent touches."""

import itertools
import math

import numpy as np
import pytest

from renderers.content.geometry import plane
from renderers.content.geometry.draw import KINDS, Kind, draw_figure
from renderers.content.geometry.labels import TextMetrics
from renderers.content.geometry.polygons import QUADRILATERALS
from renderers.content.geometry.polygons import corners_of as quadrilateral
from renderers.content.geometry.sketch import SIDE, FigureStyle, Sketch
from renderers.content.geometry.texts import glyphs_of, measure
from renderers.content.geometry.triangles import TRIANGLES
from renderers.content.geometry.triangles import corners_of as triangle
from renderers.core.rng import rng_at
from renderers.labels.tikz.primitives import Grid, Node, Path, Pen, Plot, Point, Primitive, bounds, outlines

TYPE = TextMetrics(em=0.45, gap=0.12, margin=0.1)


def sketch(index: int) -> Sketch:
    return Sketch(rng_at(4, "sketch", index), FigureStyle(TYPE, 0.0, 0.3, Pen(), Pen(), Pen(draw=None, fill="gray!20")))


def triangles() -> list[tuple[str, tuple[Point, Point, Point]]]:
    return [(kind, triangle(sketch(index), kind)) for kind in TRIANGLES for index in range(12)]


def test_triangles_are_of_their_kind() -> None:
    for kind, (a, b, c) in triangles():
        angles = sorted(plane.angle_at(*turn) for turn in ((a, b, c), (b, c, a), (c, a, b)))
        assert sum(angles) == pytest.approx(180)
        assert angles[0] > 15
        if kind == "right":
            assert plane.angle_at(b, a, c) == pytest.approx(90)
        elif kind == "isosceles":
            assert math.dist(a, b) == pytest.approx(math.dist(a, c))
        elif kind == "equilateral":
            assert angles[2] - angles[0] == pytest.approx(0, abs=1e-6)
        else:
            assert (angles[2] < 90) is (kind == "acute"), angles


def test_special_points_and_lines_of_triangles() -> None:
    for _, (a, b, c) in triangles():
        at = plane.foot(a, b, c)
        assert plane.dot(plane.minus(a, at), plane.minus(c, b)) == pytest.approx(0, abs=1e-9)
        inner = plane.incentre(a, b, c)
        far = [plane.distance_to_line(inner, *side) for side in ((a, b), (b, c), (c, a))]
        assert max(far) - min(far) < 1e-9
        outer = plane.circumcentre(a, b, c)
        assert max(math.dist(outer, one) for one in (a, b, c)) == pytest.approx(math.dist(outer, a))
        high = plane.orthocentre(a, b, c)
        assert plane.dot(plane.minus(high, c), plane.minus(b, a)) == pytest.approx(0, abs=1e-8)
        middle = plane.centroid(a, b, c)
        assert plane.cross(plane.minus(middle, a), plane.minus(plane.between(b, c), a)) == pytest.approx(0, abs=1e-9)
        half = plane.bisector_foot(a, b, c)
        assert plane.angle_at(a, b, half) == pytest.approx(plane.angle_at(a, half, c))
        # Euler's line
        assert math.dist(plane.between(outer, high, 1 / 3), middle) < 1e-8


def test_tangents_and_cuts_of_circles() -> None:
    for turn in range(0, 360, 20):
        point = plane.polar((0.3, -0.2), 2.4, turn)
        for touch in plane.tangent_points(point, (0.3, -0.2), 1.1):
            assert math.dist(touch, (0.3, -0.2)) == pytest.approx(1.1)
            assert plane.angle_at(touch, point, (0.3, -0.2)) == pytest.approx(90)
        for cut in plane.line_meets_circle(point, (0.1, 0.1), (0.3, -0.2), 1.1):
            assert math.dist(cut, (0.3, -0.2)) == pytest.approx(1.1)
            assert plane.distance_to_line(cut, point, (0.1, 0.1)) < 1e-9
        for cut in plane.circles_meet((0.3, -0.2), 1.1, plane.polar((0.3, -0.2), 1.5, turn), 0.9):
            assert math.dist(cut, (0.3, -0.2)) == pytest.approx(1.1)
        image = plane.mirror(point, (0.0, 0.0), (1.0, 2.0))
        assert plane.mirror(image, (0.0, 0.0), (1.0, 2.0)) == pytest.approx(point)


@pytest.mark.parametrize("kind", QUADRILATERALS)
def test_quadrilaterals_are_of_their_kind(kind: str) -> None:
    for index in range(12):
        a, b, c, d = corners = quadrilateral(sketch(index), kind)
        sides = [math.dist(p, q) for p, q in zip(corners, [b, c, d, a], strict=True)]
        turns = [
            plane.cross(plane.minus(q, p), plane.minus(r, q))
            for p, q, r in ((a, b, c), (b, c, d), (c, d, a), (d, a, b))
        ]
        assert min(turns) > 0, "convex, counterclockwise"
        parallel = abs(plane.cross(plane.minus(b, a), plane.minus(c, d))) < 1e-9
        assert parallel is (kind not in ("kite", "cyclic", "any")), kind
        if kind in ("square", "rhombus"):
            assert max(sides) == pytest.approx(min(sides))
        if kind in ("square", "rectangle"):
            assert all(plane.angle_at(q, p, r) == pytest.approx(90) for p, q, r in ((a, b, c), (b, c, d), (c, d, a)))
        if kind == "kite":
            assert sides[0] == pytest.approx(sides[1])
            assert sides[2] == pytest.approx(sides[3])
        if kind == "cyclic":
            assert plane.angle_at(a, b, d) + plane.angle_at(c, b, d) == pytest.approx(180)
        if kind == "isosceles trapezium":
            assert sides[1] == pytest.approx(sides[3])


def straight(primitives: tuple[Primitive, ...]) -> list[tuple[Point, Point]]:
    found: list[tuple[Point, Point]] = []
    for one in primitives:
        if isinstance(one, Path) and one.straight and one.pen.draw:
            points = [one.start, *one.steps] + ([one.start] if one.closed else [])
            found += list(itertools.pairwise(points))  # type: ignore[arg-type]
    return found


def overlap(one: tuple[Point, Point], other: tuple[Point, Point]) -> float:
    """Length on which two segments of one line lie on each other."""
    (a, b), (c, d) = one, other
    if max(plane.distance_to_line(c, a, b), plane.distance_to_line(d, a, b)) > 1e-3:
        return 0.0
    along = plane.unit(plane.minus(b, a))
    at = sorted(plane.dot(plane.minus(end, a), along) for end in (c, d))
    return max(0.0, min(at[1], math.dist(a, b)) - max(at[0], 0.0))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("number_line", "coordinates", "curve")])
def test_figures_stand_in_their_frame_and_no_line_is_drawn_twice(kind: Kind) -> None:
    for index in range(10):
        figure = draw_figure(rng_at(2, kind, index), kind, TYPE)
        lines = [bounds(one) for one in figure.primitives if not isinstance(one, Node)]
        wide, tall = max(box[2] for box in lines), max(box[3] for box in lines)
        assert SIDE - 0.05 <= max(wide, tall) <= SIDE + 1.0, kind
        for one, other in itertools.combinations(straight(figure.primitives), 2):
            assert overlap(one, other) < 0.02, (kind, index, one, other)


@pytest.mark.parametrize("kind", KINDS)
def test_texts_stand_on_free_paper(kind: Kind) -> None:
    dropped = 0
    for index in range(10):
        figure = draw_figure(rng_at(2, kind, index), kind, TYPE)
        dropped += figure.dropped
        texts = [one for one in figure.primitives if isinstance(one, Node)]
        boxes = [(one, *TYPE.half(one.text)) for one in texts]
        for (one, w, h), (other, v, g) in itertools.combinations(boxes, 2):
            apart = max(abs(one.at[0] - other.at[0]) - w - v, abs(one.at[1] - other.at[1]) - h - g)
            assert apart >= 0.0, (kind, index, one, other)
        for one, w, h in boxes:
            for line in figure.primitives:
                if isinstance(line, Node) or (isinstance(line, Grid) and one.patch):
                    continue
                for chain in outlines(line, 0.03):
                    near = np.maximum(np.abs(chain[:, 0] - one.at[0]) - w, np.abs(chain[:, 1] - one.at[1]) - h)
                    assert near.min() > 0.0, (kind, index, one, line)
        assert not any(isinstance(one, Plot) for one in figure.primitives) or kind == "curve"
    assert dropped <= 1, kind


def test_texts_are_measured_and_spelled() -> None:
    assert measure("$AB$").width > measure("$A$").width
    assert measure("$A_1'$").height > measure("$A$").height
    assert measure("$\\frac{1}{2}$").depth > 0.25
    assert dict(glyphs_of("$60^\\circ$")) == {"6": 1, "0": 1, "◦": 1}
    assert dict(glyphs_of("$-\\sqrt{x+1}$")) == {"−": 1, "√": 1, "x": 1, "+": 1, "1": 1}

"""Whether two figures are the same drawing, within a tolerance.

Straight strokes are merged first: a triangle is its three sides, two touching pieces of a line are one. What
is left is matched one to one, each to the first free one that is near enough.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from renderers.labels import inline
from renderers.labels.tikz.primitives import (
    Bend,
    Circle,
    Ellipse,
    Grid,
    Node,
    Path,
    Pen,
    Plot,
    Point,
    Primitive,
    Step,
    after,
    bounds,
    moved,
    plot_points,
)

T = TypeVar("T")

_PROBES = 41


def same_figure(one: Sequence[Primitive], other: Sequence[Primitive], tolerance: float, translated: bool) -> bool:
    """Whether two figures are equal; with `translated`, wherever they are."""
    if translated:
        one, other = _to_corner(one), _to_corner(other)
    parts_one, parts_other = _merge_strokes(one, tolerance), _merge_strokes(other, tolerance)
    return _all_paired(parts_one, parts_other, lambda a, b: _near(a, b, tolerance))


def _to_corner(figure: Sequence[Primitive]) -> list[Primitive]:
    """Moved so that its lower left corner is the origin, where it can move."""
    if any(isinstance(primitive, Plot | Grid) for primitive in figure):
        return [*figure]
    drawn: list[Primitive] = [primitive for primitive in figure if not isinstance(primitive, Node)] or [*figure]
    edges = [bounds(primitive) for primitive in drawn]
    left, low = min(edge[0] for edge in edges), min(edge[1] for edge in edges)
    return [moved(primitive, -left, -low) for primitive in figure]


def _all_paired(ones: Sequence[T], others: Sequence[T], near: Callable[[T, T], bool]) -> bool:
    if len(ones) != len(others):
        return False
    free = list(others)
    for one in ones:
        found = next((index for index, other in enumerate(free) if near(one, other)), None)
        if found is None:
            return False
        del free[found]
    return True


def _merge_strokes(figure: Sequence[Primitive], tolerance: float) -> list[Primitive]:
    """Straight strokes as longest segments, a filled outline as a fill and strokes, all else as it is."""
    rest: list[Primitive] = []
    segments: dict[Pen, list[tuple[Point, Point]]] = {}
    for primitive in figure:
        if isinstance(primitive, Path) and primitive.straight and not primitive.pen.arrow:
            if primitive.pen.fill or primitive.pen.pattern:
                rest.append(replace(primitive, pen=replace(primitive.pen, draw=None, weight="", dash="")))
            if primitive.pen.draw is not None:
                pen = replace(primitive.pen, fill=None, pattern=None)
                segments.setdefault(pen, []).extend(_sides(primitive))
        else:
            rest.append(primitive)
    for pen, found in segments.items():
        rest += [Path(a, (b,), pen=pen) for a, b in _merge(found, tolerance)]
    return rest


def _sides(path: Path) -> list[tuple[Point, Point]]:
    points = [path.start, *(step for step in path.steps if not isinstance(step, Bend))]
    points += points[:1] if path.closed else []
    return [(min(a, b), max(a, b)) for a, b in itertools.pairwise(points) if a != b]


def _merge(segments: list[tuple[Point, Point]], tolerance: float) -> list[tuple[Point, Point]]:
    """Segments of one line that touch are one."""
    merged = sorted(segments)
    again = True
    while again:
        again = False
        for at, one in enumerate(merged):
            for behind in range(at + 1, len(merged)):
                joined = _join(one, merged[behind], tolerance)
                if joined:
                    merged[at] = joined
                    del merged[behind]
                    again = True
                    break
            if again:
                break
    return merged


def _join(one: tuple[Point, Point], other: tuple[Point, Point], tolerance: float) -> tuple[Point, Point] | None:
    ends = [*one, *other]
    a, b = max(((p, q) for p in ends for q in ends if p <= q), key=lambda pair: math.dist(*pair))
    length = math.dist(a, b)
    if length > math.dist(*one) + math.dist(*other) + tolerance or length == 0:
        return None
    across = ((b[0] - a[0]) / length, (b[1] - a[1]) / length)
    off = max(abs((p[0] - a[0]) * across[1] - (p[1] - a[1]) * across[0]) for p in ends)
    # Two sides that meet at a flat corner are not one line: rounding alone may lift a point off it.
    return (a, b) if off <= min(tolerance, 0.015) else None


def _near(a: Primitive, b: Primitive, tolerance: float) -> bool:
    match a, b:
        case Node(), Node():
            alike = (a.colour, a.patch) == (b.colour, b.patch) and math.dist(a.at, b.at) <= 2 * tolerance
            return alike and inline.equal(inline.without_dollars(a.text), inline.without_dollars(b.text))
        case Plot(), Plot():
            near = _near_plots(a, b, tolerance)
        case Path(), Path():
            near = _near_paths(a, b, tolerance)
        case Ellipse(), Ellipse():
            turn = abs((a.turn_deg - b.turn_deg + 90) % 180 - 90)
            flat = max(a.rx, a.ry) * math.radians(turn) <= 2 * tolerance
            near = flat and _near_numbers((*a.centre, a.rx, a.ry), (*b.centre, b.rx, b.ry), tolerance)
        case Circle(), Circle():
            near = _near_numbers((*a.centre, a.radius), (*b.centre, b.radius), tolerance)
        case Grid(), Grid():
            near = _near_numbers((*a.low, *a.high, a.step), (*b.low, *b.high, b.step), tolerance)
        case _:
            return False
    return near and not isinstance(a, Node) and not isinstance(b, Node) and a.pen == b.pen


def _near_numbers(a: tuple[float, ...], b: tuple[float, ...], tolerance: float) -> bool:
    return all(abs(p - q) <= tolerance for p, q in zip(a, b, strict=True))


def _near_plots(a: Plot, b: Plot, tolerance: float) -> bool:
    if a.swapped != b.swapped or not _near_numbers((a.low, a.high), (b.low, b.high), tolerance):
        return False
    y_a, y_b = (
        plot_points(replace(plot, low=a.low, high=a.high, samples=_PROBES, swapped=False))[:, 1] for plot in (a, b)
    )
    return bool(np.allclose(y_a, y_b, rtol=0, atol=2 * tolerance, equal_nan=True))


def _near_paths(a: Path, b: Path, tolerance: float) -> bool:
    if a.closed != b.closed or len(a.steps) != len(b.steps):
        return False
    if a.straight and b.straight and a.closed:
        corners_a, corners_b = _corners(a), _corners(b)
        turns = [corners_b[at:] + corners_b[:at] for at in range(len(corners_b))]
        turns += [turn[::-1] for turn in turns]
        return any(all(math.dist(p, q) <= tolerance for p, q in zip(corners_a, turn, strict=True)) for turn in turns)
    if math.dist(a.start, b.start) > tolerance:
        return False
    at_a, at_b = a.start, b.start
    for one, other in zip(a.steps, b.steps, strict=True):
        at_a, at_b = after(at_a, one), after(at_b, other)
        if math.dist(at_a, at_b) > 2 * tolerance or not _near_steps(one, other, tolerance):
            return False
    return True


def _near_steps(one: Step, other: Step, tolerance: float) -> bool:
    """Whether both are lines, or arcs of one size and sweep."""
    if not isinstance(one, Bend) or not isinstance(other, Bend):
        return not isinstance(one, Bend) and not isinstance(other, Bend)
    sweep = math.radians(abs((one.end_deg - one.start_deg) - (other.end_deg - other.start_deg)))
    return _near_numbers((one.rx, one.ry), (other.rx, other.ry), tolerance) and sweep * one.rx <= 2 * tolerance


def _corners(path: Path) -> list[Point]:
    return [path.start, *(step for step in path.steps if not isinstance(step, Bend))]

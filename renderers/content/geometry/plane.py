"""Points of the plane and what is constructed from them; a point is a pair, angles are degrees."""

import math

from renderers.labels.tikz.primitives import Point


def plus(a: Point, b: Point) -> Point:
    """The sum of two vectors."""
    return (a[0] + b[0], a[1] + b[1])


def minus(a: Point, b: Point) -> Point:
    """The vector from b to a."""
    return (a[0] - b[0], a[1] - b[1])


def times(a: Point, factor: float) -> Point:
    """A vector, longer or shorter."""
    return (a[0] * factor, a[1] * factor)


def cross(a: Point, b: Point) -> float:
    """Positive where b lies to the left of a."""
    return a[0] * b[1] - a[1] * b[0]


def dot(a: Point, b: Point) -> float:
    """Zero where two vectors are perpendicular."""
    return a[0] * b[0] + a[1] * b[1]


def unit(a: Point) -> Point:
    """The vector of length 1 in the same direction."""
    length = math.hypot(*a)
    return (a[0] / length, a[1] / length)


def left_of(a: Point) -> Point:
    """The vector turned by 90 degrees."""
    return (-a[1], a[0])


def between(a: Point, b: Point, part: float = 0.5) -> Point:
    """The point that divides a segment; outside of 0..1 it lies on the line's continuation."""
    return (a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part)


def polar(centre: Point, radius: float, degrees: float) -> Point:
    """The point at a distance and direction from another."""
    angle = math.radians(degrees)
    return (centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle))


def direction(a: Point, b: Point) -> float:
    """Where b lies, seen from a, in 0..360."""
    return math.degrees(math.atan2(b[1] - a[1], b[0] - a[0])) % 360


def angle_at(corner: Point, a: Point, b: Point) -> float:
    """The angle between two arms, in 0..180."""
    one, other = minus(a, corner), minus(b, corner)
    return math.degrees(math.atan2(abs(cross(one, other)), dot(one, other)))


def rotate(point: Point, degrees: float, about: Point = (0.0, 0.0)) -> Point:
    """A point turned counterclockwise."""
    angle = math.radians(degrees)
    x, y = minus(point, about)
    cos, sin = math.cos(angle), math.sin(angle)
    return (about[0] + x * cos - y * sin, about[1] + x * sin + y * cos)


def foot(point: Point, a: Point, b: Point) -> Point:
    """The foot of the perpendicular from a point to a line."""
    along = minus(b, a)
    return between(a, b, dot(minus(point, a), along) / dot(along, along))


def mirror(point: Point, a: Point, b: Point) -> Point:
    """The image of a point in a line."""
    return between(point, foot(point, a, b), 2.0)


def meet(a: Point, b: Point, c: Point, d: Point) -> Point:
    """Where the lines ab and cd meet; they must not be parallel."""
    one, other = minus(b, a), minus(d, c)
    return between(a, b, cross(minus(c, a), other) / cross(one, other))


def circumcentre(a: Point, b: Point, c: Point) -> Point:
    """The point as far from each of three others."""
    middle, other = between(a, b), between(a, c)
    return meet(middle, plus(middle, left_of(minus(b, a))), other, plus(other, left_of(minus(c, a))))


def centroid(a: Point, b: Point, c: Point) -> Point:
    """Where the medians meet."""
    return ((a[0] + b[0] + c[0]) / 3, (a[1] + b[1] + c[1]) / 3)


def orthocentre(a: Point, b: Point, c: Point) -> Point:
    """Where the altitudes meet."""
    return meet(a, plus(a, left_of(minus(c, b))), b, plus(b, left_of(minus(c, a))))


def incentre(a: Point, b: Point, c: Point) -> Point:
    """Where the bisectors meet."""
    one, two, three = math.dist(b, c), math.dist(c, a), math.dist(a, b)
    total = one + two + three
    return ((one * a[0] + two * b[0] + three * c[0]) / total, (one * a[1] + two * b[1] + three * c[1]) / total)


def bisector_foot(corner: Point, a: Point, b: Point) -> Point:
    """Where the bisector of an angle meets the opposite side."""
    return between(a, b, math.dist(corner, a) / (math.dist(corner, a) + math.dist(corner, b)))


def distance_to_line(point: Point, a: Point, b: Point) -> float:
    """How far a point lies from a line."""
    return math.dist(point, foot(point, a, b))


def tangent_points(point: Point, centre: Point, radius: float) -> tuple[Point, Point]:
    """Where the tangents from a point outside touch a circle."""
    away = math.degrees(math.acos(radius / math.dist(point, centre)))
    towards = direction(centre, point)
    return polar(centre, radius, towards + away), polar(centre, radius, towards - away)


def line_meets_circle(a: Point, b: Point, centre: Point, radius: float) -> tuple[Point, Point]:
    """Where a line cuts a circle, in the direction from a to b; it must cut it."""
    near = foot(centre, a, b)
    half = math.sqrt(radius**2 - math.dist(near, centre) ** 2)
    step = times(unit(minus(b, a)), half)
    return minus(near, step), plus(near, step)


def circles_meet(centre: Point, radius: float, other: Point, other_radius: float) -> tuple[Point, Point]:
    """Where two circles cut each other; they must."""
    apart = math.dist(centre, other)
    along = (apart**2 + radius**2 - other_radius**2) / (2 * apart)
    axis = unit(minus(other, centre))
    middle = plus(centre, times(axis, along))
    step = times(left_of(axis), math.sqrt(radius**2 - along**2))
    return plus(middle, step), minus(middle, step)

r"""Graphs of functions and conic sections on axes.

A curve is one `plot` of its expression over the domain in which it stays inside the window; straight pieces are
segments, since a plotted line and a drawn one look the same.
"""

import itertools
import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from renderers.content.geometry.axes import DOT, OPEN, POINT_UNITS, Plane, along_curve, draw_window, write_near
from renderers.content.geometry.sketch import Sketch
from renderers.content.geometry.texts import number
from renderers.labels.tikz.expressions import evaluate, normalize_expression
from renderers.labels.tikz.primitives import Circle, Ellipse, Path, Pen, Plot, Point

SAMPLES = 60
"""Points of every plot: fine enough that no corner shows, and one number less to guess."""

_FINE = 801
_SHORTEST = 0.8

Formula = tuple[str, str]
"""The expression of a plot, and the LaTeX of the function as the picture shows it, without "y="."""


def draw_curve(sketch: Sketch) -> None:
    """One or two graphs, sometimes with points on them, or a conic section."""
    plane = draw_window(sketch)
    if sketch.chance(0.25):
        sketch.pick((_ellipse, _hyperbola, _side_parabola, _ellipse))(sketch, plane)
    elif sketch.chance(0.2):
        _piecewise(sketch, plane)
    else:
        for _ in range(1 if sketch.chance(0.75) else 2):
            _graph(sketch, plane, sketch.pick(_FORMULAS)(sketch))
        if sketch.chance(0.3):
            _straight(sketch, plane)
    plane.number()


def _pen(sketch: Sketch) -> Pen:
    weight = sketch.pick(("", "thick", "thick", "very thick"))
    return Pen(weight=weight, draw=sketch.figure_style.auxiliary.draw, dash="dashed" if sketch.chance(0.08) else "")


def _runs(expression: str, plane: Plane, swapped: bool = False) -> list[tuple[float, float]]:
    """Where a curve stays inside the window."""
    first = 1 if swapped else 0
    low, high = plane.low[first], plane.high[first]
    at = np.linspace(low, high, _FINE)
    value = evaluate(expression, at)
    inside = (value >= plane.low[1 - first] - 0.3) & (value <= plane.high[1 - first] + 0.3)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inside.astype(np.int8), [0]])))
    runs = []
    for start, stop in zip(edges[::2], edges[1::2] - 1, strict=True):
        a, b = math.ceil(at[start] * 100 - 1e-6) / 100, math.floor(at[stop] * 100 + 1e-6) / 100
        if b - a >= _SHORTEST:
            runs.append((a, b))
    return runs


def _graph(sketch: Sketch, plane: Plane, formula: Formula) -> None:
    expression, latex = normalize_expression(formula[0]), formula[1]
    pen = _pen(sketch)
    runs = _runs(expression, plane)
    for a, b in runs:
        sketch.add(Plot(expression, a, b, SAMPLES, pen=pen))
    if runs and sketch.chance(0.55):
        a, b = runs[-1]
        named = f"$y={latex}$" if sketch.chance(0.75) else "$y=f(x)$"
        along_curve(sketch, named, _spots(expression, (a, b)))
    if runs and sketch.chance(0.35):
        a, b = runs[0]
        x = round(sketch.uniform(a + 0.2, b - 0.2), 1)
        y = float(evaluate(expression, np.array([x]))[0])
        if math.isfinite(y) and abs(x) > 0.3 and abs(y) > 0.3:
            sketch.add(Circle((x, y), POINT_UNITS, DOT))
            write_near(sketch, sketch.names.first_free("PAM"), (x, y), (x, y), POINT_UNITS)
            if sketch.chance(0.6):
                plane.project((x, y))


def _spots(expression: str, run: tuple[float, float]) -> list[Point]:
    at = np.linspace(*run, 9)[1:]
    return [(x, y) for x, y in zip(at.tolist(), evaluate(expression, at).tolist(), strict=True)][::-1]


def _coefficient(value: float, first: bool = False) -> str:
    """A factor before x: its sign, and its size where that is not one."""
    size = "" if abs(value) == 1 else number(abs(value))
    return ("-" if value < 0 else "" if first else "+") + size


def _plus(value: float) -> str:
    return "" if value == 0 else f"{'-' if value < 0 else '+'}{number(abs(value))}"


def _one_of(sketch: Sketch, *values: float) -> float:
    return sketch.pick(values)


def _parabola(sketch: Sketch) -> Formula:
    a = _one_of(sketch, 1, 1, 0.5, 2, -1, -0.5, 0.25, -2)
    h, k = sketch.integer(-2, 3), sketch.integer(-2, 3)
    if sketch.chance(0.5):
        inner = f"(\\x{_plus(-h)})" if h else "(\\x)"
        latex = f"{_coefficient(a, True)}(x{_plus(-h)})^2" if h else f"{_coefficient(a, True)}x^2"
        return f"{number(a)}*{inner}^2{_plus(k)}", latex + _plus(k)
    b, c = -2 * a * h, a * h * h + k
    middle = f"{_coefficient(b)}x" if b else ""
    return f"{number(a)}*(\\x)^2{_plus(b)}{'*' + chr(92) + 'x' if b else ''}{_plus(c)}", (
        f"{_coefficient(a, True)}x^2{middle}{_plus(c)}"
    )


def _cubic(sketch: Sketch) -> Formula:
    a, b = _one_of(sketch, 1, -1, 0.5), -sketch.integer(0, 3)
    tail = f"{_plus(b)}*\\x" if b else ""
    return f"{number(a)}*(\\x)^3{tail}", f"{_coefficient(a, True)}x^3" + (f"{_coefficient(b)}x" if b else "")


def _reciprocal(sketch: Sketch) -> Formula:
    k = sketch.integer(1, 4) * (1 if sketch.chance(0.7) else -1)
    latex = f"\\frac{{{abs(k)}}}{{x}}"
    return f"{k}/\\x", latex if k > 0 else f"-{latex}"


def _exponential(sketch: Sketch) -> Formula:
    if sketch.chance(0.4):
        return ("exp(\\x)", "e^x") if sketch.chance(0.6) else ("exp(-(\\x))", "e^{-x}")
    base = _one_of(sketch, 2, 3, 1.5, 0.5)
    latex = "(\\frac{1}{2})^x" if base == 0.5 else f"{number(base)}^x"
    k = sketch.integer(-2, 2)
    return f"{number(base)}^(\\x){_plus(k)}", latex + _plus(k)


def _logarithm(sketch: Sketch) -> Formula:
    if sketch.chance(0.5):
        return "ln(\\x)", "\\ln x"
    base = sketch.integer(2, 3)
    return f"ln(\\x)/ln({base})", f"\\log_{base}x"


def _wave(sketch: Sketch) -> Formula:
    a, w = _one_of(sketch, 1, 2, 1.5, -1), _one_of(sketch, 1, 1, 2, 0.5)
    name = "sin" if sketch.chance(0.65) else "cos"
    inner = "\\x" if w == 1 else f"{number(w)}*\\x"
    return f"{number(a)}*{name}(deg({inner}))", f"{_coefficient(a, True)}\\{name} {'' if w == 1 else number(w)}x"


def _root(sketch: Sketch) -> Formula:
    k = sketch.integer(0, 2)
    return f"sqrt(\\x{_plus(k)})", f"\\sqrt{{x{_plus(k)}}}"


_FORMULAS: tuple[Callable[[Sketch], Formula], ...] = (
    _parabola, _parabola, _parabola, _cubic, _reciprocal, _reciprocal, _exponential, _exponential, _logarithm, _wave,
    _wave, _root,
)  # fmt: skip


def _clip(plane: Plane, slope: float, offset: float) -> tuple[Point, Point] | None:
    """The piece of a line inside the window."""
    (x0, y0), (x1, y1) = plane.low, plane.high
    if slope == 0:
        return ((float(x0), offset), (float(x1), offset)) if y0 < offset < y1 else None
    at = sorted(((y0 - offset) / slope, (y1 - offset) / slope))
    a, b = max(float(x0), at[0]), min(float(x1), at[1])
    return ((a, slope * a + offset), (b, slope * b + offset)) if b - a > 1 else None


def _straight(sketch: Sketch, plane: Plane) -> None:
    slope, offset = _one_of(sketch, 1, -1, 2, 0.5, -0.5, -2, 1.5), sketch.integer(-2, 3)
    ends = _clip(plane, slope, float(offset))
    if ends is None:
        return
    sketch.line(*ends, _pen(sketch))
    if sketch.chance(0.6):
        spots = [(x, slope * x + offset) for x in np.linspace(ends[1][0], ends[0][0], 6).tolist()]
        along_curve(sketch, f"$y={_coefficient(slope, True)}x{_plus(offset)}$", spots)


def _piecewise(sketch: Sketch, plane: Plane) -> None:
    """Straight pieces that join, or jump between an open and a full point."""
    (x0, y0), (x1, y1) = plane.low, plane.high
    cuts = [float(x0), *sorted({float(sketch.integer(x0 + 2, x1 - 2)) for _ in range(sketch.integer(1, 2))}), float(x1)]
    y = float(sketch.integer(y0, y1))
    pen = replace(_pen(sketch), dash="")
    points: list[Point] = [(cuts[0], y)]
    for a, b in itertools.pairwise(cuts):
        end = float(sketch.integer(y0, y1))
        if a != cuts[0] and sketch.chance(0.5):
            jump = float(sketch.integer(y0, y1))
            if abs(jump - y) >= 1:
                sketch.add(Path(points[0], tuple(points[1:]), pen=pen))
                full = sketch.chance(0.5)
                sketch.add(Circle((a, y), POINT_UNITS, DOT if full else OPEN))
                sketch.add(Circle((a, jump), POINT_UNITS, OPEN if full else DOT))
                points = [(a, jump)]
        y = end
        points.append((b, y))
    sketch.add(Path(points[0], tuple(points[1:]), pen=pen))
    if sketch.chance(0.5):
        along_curve(sketch, "$y=f(x)$", points[::-1])


def _ellipse(sketch: Sketch, plane: Plane) -> None:
    rx = float(min(-plane.low[0], plane.high[0])) - sketch.integer(0, 1) * 0.5
    ry = float(min(-plane.low[1], plane.high[1]))
    if abs(rx - ry) < 0.4:
        rx += 0.5
    sketch.add(Ellipse((0.0, 0.0), rx, ry, pen=_pen(sketch)))
    focus = math.sqrt(abs(rx**2 - ry**2))
    if sketch.chance(0.7):
        for sign, name in ((-1, "$F_1$"), (1, "$F_2$")):
            at = (sign * focus, 0.0) if rx > ry else (0.0, sign * focus)
            sketch.add(Circle(at, POINT_UNITS, DOT))
            write_near(sketch, name, at, (0.3, 1.0), POINT_UNITS)
        turn = sketch.uniform(0.7, 2.4)
        point = (rx * math.cos(turn), ry * math.sin(turn))
        if sketch.chance(0.6):
            for sign in (-1, 1):
                sketch.line((sign * focus, 0.0) if rx > ry else (0.0, sign * focus), point)
            write_near(sketch, sketch.names.first_free("PM"), point, point)


def _hyperbola(sketch: Sketch, plane: Plane) -> None:
    a, b = float(sketch.integer(1, 2)), float(sketch.integer(1, 2))
    pen = _pen(sketch)
    across = sketch.chance(0.6)
    for sign in ("", "-"):
        expression = normalize_expression(f"{sign}{number(a)}*sqrt((\\x)^2/{number(b * b)}+1)")
        for low, high in _runs(expression, plane, swapped=across):
            sketch.add(Plot(expression, low, high, SAMPLES, across, pen))
    if sketch.chance(0.6):
        slope = b / a if across else a / b
        for way in (slope, -slope):
            ends = _clip(plane, way, 0.0)
            if ends is not None:
                sketch.line(*ends, Pen(dash="dashed"))


def _side_parabola(sketch: Sketch, plane: Plane) -> None:
    a = _one_of(sketch, 0.25, 0.5, 1, -0.25, -0.5)
    expression = normalize_expression(f"{number(a)}*(\\x)^2")
    for low, high in _runs(expression, plane, swapped=True):
        sketch.add(Plot(expression, low, high, SAMPLES, True, _pen(sketch)))
    focus = 0.25 / a
    sketch.add(Circle((focus, 0.0), POINT_UNITS, DOT))
    write_near(sketch, sketch.names.first_free("F"), (focus, 0.0), (1.0, 1.0), POINT_UNITS)
    if sketch.chance(0.5) and plane.low[0] <= -focus <= plane.high[0]:
        sketch.line((-focus, float(plane.low[1])), (-focus, float(plane.high[1])), Pen(dash="dashed"))

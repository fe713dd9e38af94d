r"""A figure as TikZ: the target of every geometry picture.

    \begin{tikzpicture}
    \draw (0.00,0.00)--(8.00,0.00)--(3.00,5.00)--cycle;
    \node at (3.00,5.40) {$A$};
    \end{tikzpicture}

One statement a line, each ends in ";" (GOT's viewer puts one there), numbers with two decimals, options in one order,
statements in one order: what lies under comes first (fills, grid, lines, points, texts), then by kind, then as a page
is read. It compiles alone with `LIBRARIES`.

Source: GOT-OCR2.0, `demo/run_ocr_2.0.py` (how a TikZ answer is shown).
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from renderers.labels.canonical import Span, find_fault
from renderers.labels.tikz.compare import same_figure
from renderers.labels.tikz.primitives import (
    DECIMALS,
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
    is_dot,
)
from renderers.labels.tikz.reader import read, read_placed

__all__ = ["LIBRARIES", "Primitive", "check", "equal", "inked_spans", "normalize", "read", "read_placed", "write"]


LIBRARIES = ("patterns",)
"""What `\\usetikzlibrary` must name for a target to compile."""

_BEGIN, _END = "\\begin{tikzpicture}\n", "\\end{tikzpicture}"


def write(primitives: Sequence[Primitive]) -> tuple[str, list[tuple[Primitive, Span]]]:
    """The canonical text of a figure.

    Returns:
        The text, and in its order each primitive as it is written, with its span: its statement without the line's
        end, of a node the text in its braces.
    """
    placed: list[tuple[Primitive, Span]] = []
    pieces = [_BEGIN]
    length = len(_BEGIN)
    for primitive in sorted(map(_settle, primitives), key=_rank):
        line = _statement(primitive)
        start, stop = length, length + len(line)
        if isinstance(primitive, Node):
            start, stop = stop - 2 - len(primitive.text), stop - 2
        placed.append((primitive, (start, stop)))
        pieces.append(line + "\n")
        length += len(line) + 1
    return "".join([*pieces, _END]), placed


def normalize(text: str) -> str:
    """The canonical text. Idempotent.

    Raises:
        LabelError: not a figure of the subset.
    """
    return write(read(text))[0]


def check(text: str) -> str | None:
    """Why a text is not a canonical target, or None."""
    return find_fault(normalize, text, "order of statements or options, decimals or blanks")


def equal(a: str, b: str, *, tolerance: float = 0.05, translated: bool = False) -> bool:
    """Whether two targets draw the same figure.

    Straight strokes are compared as lines, however they are cut into segments and polygons; words must be the
    same, formulas mean the same.

    Args:
        a: one target.
        b: the other.
        tolerance: how far, in units, a point, a radius or a text may be off.
        translated: whether a figure drawn somewhere else is the same; plots and grids cannot move.

    Raises:
        LabelError: one of them is not a figure of the subset.
    """
    one, other = ([primitive for primitive, _ in write(read(text))[1]] for text in (a, b))
    return same_figure(one, other, tolerance, translated)


def inked_spans(text: str) -> list[tuple[Span, str]]:
    """The spans of a canonical target that a picture must show: each statement, of a node its text."""
    return [((start, stop), text[start:stop]) for _, (start, stop) in read_placed(text)]


def _number(value: float) -> str:
    text = f"{value:.{DECIMALS}f}"
    return text[1:] if text == "-0.00" else text


def _point(point: Point) -> str:
    return f"({_number(point[0])},{_number(point[1])})"


def _statement(primitive: Primitive) -> str:
    if isinstance(primitive, Node):
        options = [] if primitive.colour == "black" else [primitive.colour]
        options += ["fill=white", "inner sep=1.5pt"] if primitive.patch else []
        bracketed = f"[{','.join(options)}]" if options else ""
        return f"\\node{bracketed} at {_point(primitive.at)} {{{primitive.text}}};"
    options = _pen_options(primitive.pen)
    if isinstance(primitive, Ellipse) and primitive.turn_deg:
        options.append(f"rotate around={{{_number(primitive.turn_deg)}:{_point(primitive.centre)}}}")
    if isinstance(primitive, Grid) and primitive.step != 1.0:
        options.append(f"step={_number(primitive.step)}")
    bracketed = f"[{','.join(options)}]" if options else ""
    return f"\\{'fill' if primitive.pen.draw is None else 'draw'}{bracketed} {_path_text(primitive)};"


def _pen_options(pen: Pen) -> list[str]:
    options = [option for option in (pen.arrow, pen.weight, pen.dash) if option]
    if pen.draw is None:
        return options + [pen.fill for _ in (1,) if pen.fill and pen.fill != "black"] + _pattern(pen)
    options += [pen.draw] if pen.draw != "black" else []
    return options + ([f"fill={pen.fill}"] if pen.fill else []) + _pattern(pen)


def _pattern(pen: Pen) -> list[str]:
    return [f"pattern={pen.pattern}"] if pen.pattern else []


def _path_text(primitive: Primitive) -> str:
    if isinstance(primitive, Circle):
        return f"{_point(primitive.centre)} circle ({_number(primitive.radius)})"
    if isinstance(primitive, Ellipse):
        return f"{_point(primitive.centre)} ellipse ({_number(primitive.rx)} and {_number(primitive.ry)})"
    if isinstance(primitive, Grid):
        return f"{_point(primitive.low)} grid {_point(primitive.high)}"
    if isinstance(primitive, Plot):
        domain = f"domain={_number(primitive.low)}:{_number(primitive.high)},samples={primitive.samples}"
        pair = f"({{{primitive.expression}}},\\x)" if primitive.swapped else f"(\\x,{{{primitive.expression}}})"
        return f"plot[{domain}] {pair}"
    assert isinstance(primitive, Path), primitive
    pieces = [_point(primitive.start)]
    for step in primitive.steps:
        if isinstance(step, Bend):
            radii = _number(step.rx) + (f" and {_number(step.ry)}" if step.rx != step.ry else "")
            pieces.append(f" arc ({_number(step.start_deg)}:{_number(step.end_deg)}:{radii})")
        else:
            pieces.append(f"--{_point(step)}")
    return "".join(pieces) + ("--cycle" if primitive.closed else "")


def _round(value: float) -> float:
    return round(value, DECIMALS) + 0.0


def _round_point(point: Point) -> Point:
    return (_round(point[0]), _round(point[1]))


def _settle(primitive: Primitive) -> Primitive:
    """A primitive in its one form: rounded, and drawn from one end in one direction."""
    if isinstance(primitive, Node):
        return replace(primitive, at=_round_point(primitive.at), text=primitive.text.strip())
    if isinstance(primitive, Circle):
        return replace(primitive, centre=_round_point(primitive.centre), radius=_round(primitive.radius))
    if isinstance(primitive, Ellipse):
        return _settle_ellipse(primitive)
    if isinstance(primitive, Grid):
        (x0, y0), (x1, y1) = _round_point(primitive.low), _round_point(primitive.high)
        low, high = (min(x0, x1), min(y0, y1)), (max(x0, x1), max(y0, y1))
        return replace(primitive, low=low, high=high, step=_round(primitive.step))
    if isinstance(primitive, Plot):
        return replace(primitive, low=_round(primitive.low), high=_round(primitive.high))
    return _settle_path(primitive)


def _settle_ellipse(ellipse: Ellipse) -> Primitive:
    centre, rx, ry, turn = _round_point(ellipse.centre), _round(ellipse.rx), _round(ellipse.ry), ellipse.turn_deg
    if rx == ry:
        return Circle(centre, rx, ellipse.pen)
    if _round(turn % 180) in (90.0,):
        rx, ry, turn = ry, rx, 0.0
    turn = _round(turn % 180)
    return Ellipse(centre, rx, ry, 0.0 if turn == 180.0 else turn, ellipse.pen)


def _settle_path(path: Path) -> Path:
    start = _round_point(path.start)
    if not path.straight:
        steps = tuple(_settle_bend(step) if isinstance(step, Bend) else _round_point(step) for step in path.steps)
        path = replace(path, start=start, steps=steps)
        first = steps[0]
        if len(steps) == 1 and isinstance(first, Bend) and first.end_deg < first.start_deg and path.pen.arrow != "->":
            return _turn_arc(path, first)
        return path
    points = [start, *(_round_point(step) for step in path.steps if not isinstance(step, Bend))]
    if path.closed:
        points = points[:-1] if points[-1] == start and len(points) > 1 else points
        first_at = points.index(min(points))
        points = points[first_at:] + points[:first_at]
        if _area(points) < 0:
            points = points[:1] + points[:0:-1]
    elif path.pen.arrow == "<-" or (path.pen.arrow != "->" and points[-1] < points[0]):
        points.reverse()
    pen = replace(path.pen, arrow="->") if path.pen.arrow == "<-" and not path.closed else path.pen
    return Path(points[0], tuple(points[1:]), path.closed, pen)


def _settle_bend(bend: Bend) -> Bend:
    first, last = _round(bend.start_deg), _round(bend.end_deg)
    turns = 360.0 * math.floor(first / 360.0)
    return Bend(_round(first - turns), _round(last - turns), _round(bend.rx), _round(bend.ry))


def _turn_arc(path: Path, bend: Bend) -> Path:
    end = _round_point(after(path.start, bend))
    step: Step = _settle_bend(Bend(bend.end_deg, bend.start_deg, bend.rx, bend.ry))
    pen = replace(path.pen, arrow="->") if path.pen.arrow == "<-" else path.pen
    return Path(end, (step,), path.closed, pen)


def _area(points: Sequence[Point]) -> float:
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) / 2


def _rank(primitive: Primitive) -> tuple[int, int, float, float, str]:
    """Layer, kind, then the position as a page is read."""
    x0, _, _, y1 = bounds(primitive)
    return (_layer(primitive), _kind(primitive), -round(y1, 1), round(x0, 1), _statement(primitive))


def _layer(primitive: Primitive) -> int:
    if isinstance(primitive, Node):
        return 4
    if is_dot(primitive):
        return 3
    if primitive.pen.fill or primitive.pen.pattern:
        return 0
    return 1 if isinstance(primitive, Grid) else 2


def _kind(primitive: Primitive) -> int:
    if isinstance(primitive, Path):
        return (0 if primitive.closed else 1) if primitive.straight else 4
    return {Circle: 2, Ellipse: 3, Plot: 5}.get(type(primitive), 0)

r"""What TeX is given for a figure.

TikZ needs a millisecond for a statement. What it does for a plain line, circle or text is known: so those are written
as the driver's own operators and as boxes, in the same places, and only patterns and arrows go through TikZ. `plainly`
gives the target itself to TikZ; tests compare the two pictures for every kind of figure.
"""

import math
from collections.abc import Callable, Iterator, Sequence

from renderers.content.geometry.sketch import Box
from renderers.drawing.tikz_geometry.style import PT_AN_INCH, Style, rgb_of
from renderers.labels.tikz.primitives import (
    Bend,
    Circle,
    Ellipse,
    Grid,
    Node,
    Path,
    Pen,
    Point,
    Primitive,
    after,
    centre_of,
    outlines,
    plot_points,
)

_BP = 72 / PT_AN_INCH
_WEIGHTS = {"": 1.0, "thick": 2.0, "very thick": 3.0}


def dash_pt(dash: str, width_pt: float) -> tuple[float, ...]:
    """Lengths on and off. Source: TikZ manual, "Graphic parameters: dash pattern"."""
    dot = width_pt
    return {"": (), "dashed": (3.0, 3.0), "dotted": (dot, 2.0), "dash dot": (3.0, 2.0, dot, 2.0)}[dash]


def width_pt(pen: Pen, style: Style) -> float:
    """Width of a pen's line."""
    return style.line_pt * _WEIGHTS[pen.weight]


def size_pt(style: Style, box: Box) -> tuple[float, float]:
    """Width and height of the page."""
    return tuple((high - low) * style.unit_pt + 2 * style.pad_pt for low, high in ((box[0], box[2]), (box[1], box[3])))  # type: ignore[return-value]


def quickly(placed: Sequence[tuple[Primitive, str]], style: Style, box: Box) -> str:
    """The body of a page from primitives and their statements, in the order of the target."""
    pieces = [_paper(style, box)]
    pen_lines: list[str] = []
    for primitive, statement in placed:
        if isinstance(primitive, Node):
            continue
        if primitive.pen.pattern or primitive.pen.arrow:
            pieces += [_literal(pen_lines), _tikz(statement, style, box)]
            pen_lines = []
        else:
            pen_lines += _operators(primitive, primitive.pen, style, box)
    pieces.append(_literal(pen_lines))
    pieces += [_text(primitive, style, box) for primitive, _ in placed if isinstance(primitive, Node)]
    return _page_body(pieces, style, box)


def plainly(markup: str, style: Style, box: Box) -> str:
    """The body of a page in which TikZ itself reads the target."""
    inner = markup.removeprefix("\\begin{tikzpicture}\n").removesuffix("\n\\end{tikzpicture}")
    return _page_body([_paper(style, box), _tikz(inner, style, box)], style, box)


def _page_body(pieces: Sequence[str], style: Style, box: Box) -> str:
    width, height = size_pt(style, box)
    font = rf"\mathversion{{{style.font}}}\fontsize{{{style.size_pt:g}}}{{{style.size_pt * 1.2:g}}}\selectfont"
    return rf"{font}\S{{{width:.3f}}}{{{height:.3f}}}{{{''.join(pieces)}}}"


def _paper(style: Style, box: Box) -> str:
    if style.paper == (255, 255, 255):
        return ""
    width, height = (length * _BP + 2 for length in size_pt(style, box))
    red, green, blue = (part / 255 for part in style.paper)
    return _literal([f"{red:.4f} {green:.4f} {blue:.4f} rg -1 -1 {width:.2f} {height:.2f} re f"])


def _tikz(statements: str, style: Style, box: Box) -> str:
    x, y = style.pad_pt - box[0] * style.unit_pt, style.pad_pt - box[1] * style.unit_pt
    options = [
        "overlay",
        f"shift={{({x:.3f}pt,{y:.3f}pt)}}",
        f"x={style.unit_pt:g}pt",
        f"y={style.unit_pt:g}pt",
        f"line width={style.line_pt:g}pt",
        f">={style.tip}",
        *(f"{name}/.style={{line width={style.line_pt * _WEIGHTS[name]:g}pt}}" for name in ("thick", "very thick")),
    ]
    return rf"\rlap{{\begin{{tikzpicture}}[{','.join(options)}]{statements}\end{{tikzpicture}}}}"


def _literal(operators: Sequence[str]) -> str:
    return rf"\pdfliteral{{q {' '.join(operators)} Q}}" if operators else ""


def _text(node: Node, style: Style, box: Box) -> str:
    x, y = ((value - low) * style.unit_pt + style.pad_pt for value, low in zip(node.at, box[:2], strict=True))
    text = node.text if node.colour == "black" else rf"\textcolor{{{node.colour}}}{{{node.text}}}"
    return rf"\{'W' if node.patch else 'T'}{{{x:.3f}}}{{{y:.3f}}}{{{text}}}"


def _operators(primitive: Primitive, pen: Pen, style: Style, box: Box) -> list[str]:
    """PDF operators that draw a primitive."""
    scale = style.unit_pt * _BP
    shift = (style.pad_pt * _BP - box[0] * scale, style.pad_pt * _BP - box[1] * scale)

    def at(point: Point) -> str:
        return f"{point[0] * scale + shift[0]:.3f} {point[1] * scale + shift[1]:.3f}"

    act = "S"
    operators = ["q"]
    if pen.draw is not None:
        width = width_pt(pen, style)
        operators += [f"{width * _BP:.4f} w", *_colour(pen.draw, "RG")]
        operators += [f"[{' '.join(f'{part * _BP:.3f}' for part in dash_pt(pen.dash, width))}] 0 d"] if pen.dash else []
    if pen.fill is not None:
        act = "f" if pen.draw is None else "B"
        operators += _colour(pen.fill, "rg")
    return [*operators, *_outline(primitive, at), act, "Q"]


def _colour(name: str, operator: str) -> list[str]:
    return [] if name == "black" else [" ".join(f"{part:.4f}" for part in rgb_of(name)) + f" {operator}"]


def _outline(primitive: Primitive, at: Callable[[Point], str]) -> Iterator[str]:
    if isinstance(primitive, Path):
        yield from _path(primitive, at)
    elif isinstance(primitive, Circle):
        yield from _ellipse(primitive.centre, primitive.radius, primitive.radius, 0.0, at)
    elif isinstance(primitive, Ellipse):
        yield from _ellipse(primitive.centre, primitive.rx, primitive.ry, primitive.turn_deg, at)
    else:
        chains = outlines(primitive, math.inf) if isinstance(primitive, Grid) else [plot_points(primitive)]  # type: ignore[arg-type]
        for chain in chains:
            first, *others = chain.tolist()
            yield f"{at(first)} m"
            yield from (f"{at(point)} l" for point in others)


def _path(path: Path, at: Callable[[Point], str]) -> Iterator[str]:
    yield f"{at(path.start)} m"
    here = path.start
    for step in path.steps:
        if isinstance(step, Bend):
            yield from _curves(centre_of(here, step), step, 0.0, at)
        else:
            yield f"{at(step)} l"
        here = after(here, step)
    if path.closed:
        yield "h"


def _ellipse(centre: Point, rx: float, ry: float, turn_deg: float, at: Callable[[Point], str]) -> Iterator[str]:
    angle = math.radians(turn_deg)
    yield f"{at((centre[0] + rx * math.cos(angle), centre[1] + rx * math.sin(angle)))} m"
    yield from _curves(centre, Bend(0.0, 360.0, rx, ry), angle, at)
    yield "h"


def _curves(centre: Point, bend: Bend, turn: float, at: Callable[[Point], str]) -> Iterator[str]:
    """An elliptic arc as Bezier curves of at most a quarter each."""
    start, sweep = math.radians(bend.start_deg), math.radians(bend.end_deg - bend.start_deg)
    num = max(1, math.ceil(abs(sweep) / (math.pi / 2) - 1e-9))
    piece = sweep / num
    reach = 4 / 3 * math.tan(piece / 4)
    cos_turn, sin_turn = math.cos(turn), math.sin(turn)

    def point(angle: float, ahead: float) -> str:
        x = bend.rx * (math.cos(angle) - ahead * math.sin(angle))
        y = bend.ry * (math.sin(angle) + ahead * math.cos(angle))
        return at((centre[0] + x * cos_turn - y * sin_turn, centre[1] + x * sin_turn + y * cos_turn))

    for index in range(num):
        first, last = start + piece * index, start + piece * (index + 1)
        yield f"{point(first, reach)} {point(last, -reach)} {point(last, 0.0)} c"

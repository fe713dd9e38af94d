r"""Reads TikZ: the subset that figures need, spelled as people spell it.

Statements `\draw \fill \filldraw \node`; paths of `--`, `rectangle`, `circle`, `ellipse`, `arc`, `grid`, `plot` and
`cycle`; units are those of the figure. What is not understood is an error, never skipped.
"""

import re
from dataclasses import dataclass, field, replace
from typing import NoReturn

from renderers.core.errors import LabelError
from renderers.labels.tikz.expressions import normalize_expression
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
)

WEIGHTS = ("thick", "very thick")
DASHES = ("dashed", "dotted", "dash dot")
COLOURS = frozenset({"black", "white", "gray", "red", "blue", "green", "orange", "purple", "brown", "teal"})
PATTERNS = ("north east lines", "north west lines", "horizontal lines", "vertical lines", "grid", "crosshatch", "dots")
SAMPLES = 25
"""Of a plot that does not say how many. Source: TikZ manual, "Plotting functions"."""

_NUMBER = r"\s*([-+]?(?:\d+\.?\d*|\.\d+))\s*"
_POINT = re.compile(rf"\({_NUMBER},{_NUMBER}\)")
_COLOUR = re.compile(r"([a-z]+)(?:!(\d{1,3}))?")
_BEGIN = re.compile(r"\s*\\begin\s*\{\s*tikzpicture\s*\}\s*")
_END = re.compile(r"\s*\\end\s*\{\s*tikzpicture\s*\}\s*")
_COMMAND = re.compile(r"\s*\\(draw|fill|filldraw|node)(?![a-zA-Z])\s*")
_LONGEST = 100_000


@dataclass(slots=True)
class _Options:
    """What stands in square brackets after a command or in a node.

    Attributes:
        turn_deg: rotation, anticlockwise.
        about: what it is turned about.
        step: distance of the lines of a grid, in units of the figure.
    """

    pen: Pen
    turn_deg: float = 0.0
    about: Point | None = None
    step: float = 1.0
    others: dict[str, str] = field(default_factory=dict)


class _Cursor:
    """A position in the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.inside = (0, 0)
        """Of the braces that were read last: where their text stands."""

    def match(self, pattern: "re.Pattern[str]") -> "re.Match[str] | None":
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def need(self, pattern: "re.Pattern[str]", what: str) -> "re.Match[str]":
        return self.match(pattern) or self.fail(what)

    def point(self) -> Point:
        found = self.need(_POINT_HERE, "a point")
        return (float(found[1]), float(found[2]))

    def fail(self, what: str) -> NoReturn:
        raise LabelError(f"expected {what} at {self.at}: {self.text[self.at : self.at + 40]!r}")

    def braces(self) -> str:
        """What stands in a pair of braces."""
        self.need(_OPEN, "{")
        start, depth = self.at, 1
        while self.at < len(self.text):
            char = self.text[self.at]
            self.at += 2 if char == "\\" else 1
            depth += (char == "{") - (char == "}")
            if depth == 0:
                inner = self.text[start : self.at - 1]
                first = start + len(inner) - len(inner.lstrip())
                self.inside = (first, first + len(inner.strip()))
                return inner.strip()
        return self.fail("}")


_POINT_HERE = re.compile(rf"\s*\({_NUMBER},{_NUMBER}\)\s*")
_OPEN = re.compile(r"\s*\{")
_OPTIONS = re.compile(r"\s*\[([^\[\]]*)\]\s*")
_SEMICOLON = re.compile(r"\s*;")
_LINE = re.compile(r"\s*--\s*")
_CYCLE = re.compile(r"cycle\s*")
_RECTANGLE = re.compile(r"rectangle(?![a-z])\s*")
_CIRCLE = re.compile(rf"circle\s*(?:\({_NUMBER}\)|\[\s*radius\s*={_NUMBER}\])\s*")
_ELLIPSE = re.compile(
    rf"ellipse\s*(?:\({_NUMBER}and{_NUMBER}\)|\[\s*x radius\s*={_NUMBER},\s*y radius\s*={_NUMBER}\])\s*"
)
_ARC = re.compile(
    rf"arc\s*(?:\({_NUMBER}:{_NUMBER}:{_NUMBER}(?:and{_NUMBER})?\)"
    rf"|\[\s*start angle\s*={_NUMBER},\s*end angle\s*={_NUMBER},\s*radius\s*={_NUMBER}\])\s*"
)
_GRID = re.compile(r"grid\s*(?:\[([^\[\]]*)\])?\s*")
_PLOT = re.compile(r"\s*plot\s*\[([^\[\]]*)\]\s*\(")
_AT = re.compile(r"\s*at(?![a-z])\s*")


def read(text: str) -> list[Primitive]:
    """The primitives of a figure, in the order of the text.

    Raises:
        LabelError: it is no tikzpicture of this subset.
    """
    return [primitive for primitive, _ in read_placed(text)]


def read_placed(text: str) -> list[tuple[Primitive, tuple[int, int]]]:
    """The primitives, each with the span of its statement, a node with that of its text.

    Raises:
        LabelError: it is no tikzpicture of this subset.
    """
    if len(text) > _LONGEST:
        raise LabelError(f"longer than {_LONGEST} characters")
    cursor = _Cursor(text)
    cursor.need(_BEGIN, r"\begin{tikzpicture}")
    primitives: list[tuple[Primitive, tuple[int, int]]] = []
    while not cursor.match(_END):
        found = cursor.need(_COMMAND, "a statement")
        if found[1] == "node":
            primitives.append((_read_node(cursor), cursor.inside))
            cursor.need(_SEMICOLON, ";")
        else:
            paths = _read_paths(cursor, found[1])
            cursor.need(_SEMICOLON, ";")
            primitives += [(path, (found.start(1) - 1, cursor.at)) for path in paths]
    if cursor.at != len(text):
        cursor.fail("the end")
    if not primitives:
        raise LabelError("nothing is drawn")
    return primitives


def _read_node(cursor: _Cursor) -> Node:
    options = _read_options(cursor, Pen())
    cursor.need(_AT, "at")
    at = cursor.point()
    text = cursor.braces()
    if not text:
        raise LabelError("a node without text")
    extra = set(options.others) - {"inner sep"}
    if extra or options.pen.fill not in (None, "white"):
        raise LabelError(f"not an option of a node: {', '.join(sorted(extra)) or options.pen.fill}")
    return Node(at, text, options.pen.draw or "black", options.pen.fill == "white")


def _read_options(cursor: _Cursor, pen: Pen) -> _Options:
    options = _Options(pen)
    found = cursor.match(_OPTIONS)
    for piece in re.split(r",(?![^{]*\})", found[1]) if found and found[1].strip() else ():
        key, _, value = (part.strip() for part in piece.partition("="))
        _take(options, key, value)
    return options


def _take(options: _Options, key: str, value: str) -> None:
    pen = options.pen
    if key in ("->", "<->", "<-"):
        options.pen = replace(pen, arrow=key)
    elif key in WEIGHTS:
        options.pen = replace(pen, weight=key)
    elif key in DASHES:
        options.pen = replace(pen, dash=key)
    elif key in ("fill", "draw", "color") or (not value and _COLOUR.fullmatch(key)):
        colour = _colour(value or (key if key not in ("fill", "draw", "color") else "black"))
        options.pen = replace(pen, fill=colour) if key == "fill" else replace(pen, draw=colour)
    elif key == "pattern" and value in PATTERNS:
        options.pen = replace(pen, pattern=value)
    elif key == "rotate around":
        found = re.fullmatch(rf"\{{{_NUMBER}:{_POINT.pattern}\}}", value)
        if not found:
            raise LabelError(f"not a rotation: {value!r}")
        options.turn_deg, options.about = float(found[1]), (float(found[2]), float(found[3]))
    elif key == "step" and re.fullmatch(_NUMBER, value) and float(value) > 0:
        options.step = float(value)
    elif key == "inner sep" and value == "1.5pt":
        options.others[key] = value
    else:
        raise LabelError(f"not an option: {key!r}" + (f" = {value!r}" if value else ""))


def _colour(name: str) -> str:
    found = _COLOUR.fullmatch(name)
    if not found or found[1] not in COLOURS or int(found[2] or 1) > 100:
        raise LabelError(f"not a colour: {name!r}")
    return name


def _read_paths(cursor: _Cursor, command: str) -> list[Primitive]:
    # \fill[red] says the colour of the inside, \draw[red] that of the stroke.
    options = _read_options(cursor, Pen(draw=None) if command == "fill" else Pen())
    pen = options.pen
    if options.others:
        raise LabelError("not an option of a path: inner sep")
    if command == "fill":
        options.pen = replace(pen, draw=None, fill=pen.fill or (pen.draw or ("black" if not pen.pattern else None)))
    elif command == "filldraw":
        options.pen = replace(pen, fill=pen.fill or pen.draw)
    found: list[Primitive] = []
    plot = cursor.match(_PLOT)
    if plot:
        return [_read_plot(cursor, plot[1], options.pen)]
    while not found or cursor.text[cursor.at : cursor.at + 1] == "(":
        found.append(_read_path(cursor, options))
    if len(found) > 1 and (options.pen.fill or options.pen.pattern):
        raise LabelError("several outlines in one filled path")
    if options.turn_deg and not all(isinstance(one, Ellipse) for one in found):
        raise LabelError("only an ellipse is turned")
    return found


def _read_path(cursor: _Cursor, options: _Options) -> Primitive:
    pen = options.pen
    start = cursor.point()
    if found := cursor.match(_CIRCLE):
        return Circle(start, _length(found[1] or found[2]), pen)
    if found := cursor.match(_ELLIPSE):
        if options.turn_deg and options.about != start:
            raise LabelError("an ellipse is turned about its centre only")
        return Ellipse(start, _length(found[1] or found[3]), _length(found[2] or found[4]), options.turn_deg, pen)
    if found := cursor.match(_RECTANGLE):
        x, y = cursor.point()
        return Path(start, ((x, start[1]), (x, y), (start[0], y)), closed=True, pen=pen)
    if found := cursor.match(_GRID):
        inner = _Options(pen, step=options.step)
        for piece in filter(None, (found[1] or "").split(",")):
            key, _, value = (part.strip() for part in piece.partition("="))
            _take(inner, key, value)
        return Grid(start, cursor.point(), inner.step, pen)
    return _read_steps(cursor, start, pen)


def _read_steps(cursor: _Cursor, start: Point, pen: Pen) -> Path:
    steps: list[Step] = []
    here, closed = start, False
    while not closed:
        if found := cursor.match(_ARC):
            first, last, rx, ry = found[1] or found[5], found[2] or found[6], found[3] or found[7], found[4]
            steps.append(Bend(float(first), float(last), _length(rx), _length(ry or rx)))
        elif cursor.match(_LINE):
            closed = cursor.match(_CYCLE) is not None
            if not closed:
                steps.append(cursor.point())
        else:
            break
        here = after(here, steps[-1]) if steps else here
    if not steps:
        cursor.fail("a step of a path")
    return Path(start, tuple(steps), closed, pen)


def _length(text: str) -> float:
    if float(text) <= 0:
        raise LabelError(f"not a length: {text}")
    return float(text)


def _read_plot(cursor: _Cursor, options: str, pen: Pen) -> Plot:
    values: dict[str, str] = {}
    for piece in options.split(","):
        key, _, value = (part.strip() for part in piece.partition("="))
        values[key] = value
    domain = re.fullmatch(rf"{_NUMBER}:{_NUMBER}", values.pop("domain", ""))
    samples = values.pop("samples", str(SAMPLES))
    if not domain or values or not re.fullmatch(r"\d{1,3}", samples) or int(samples) < 2:
        raise LabelError(f"not the options of a plot: {options!r}")
    halves: list[str] = []
    for closing in (",", ")"):
        if cursor.text[cursor.at :].lstrip().startswith("{"):
            halves.append(cursor.braces())
        else:
            halves.append(cursor.need(re.compile(r"\s*(\\x)(?![a-z])\s*"), "x or braces")[1])
        cursor.need(re.compile(rf"\s*{re.escape(closing)}\s*"), closing)
    if "\\x" not in halves:
        raise LabelError("one side of a plot must be x alone")
    swapped = halves[1] == "\\x"
    expression = normalize_expression(halves[0] if swapped else halves[1])
    return Plot(expression, float(domain[1]), float(domain[2]), int(samples), swapped, pen)

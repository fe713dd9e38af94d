"""Figures of TikZ as scores see them: what can be read of an answer, straight strokes as longest segments."""

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from renderers.core.errors import LabelError
from renderers.labels.tikz import grammar as tikz
from renderers.labels.tikz.primitives import Bend, Path, Pen, Point, Primitive

Segment = tuple[Point, Point]
"""Its ends, the lesser first."""

_STATEMENT = re.compile(r"\\(?:draw|fill|node|path|filldraw)\b[^;]*;")
_MAX_STATEMENTS = 400
"""What an answer draws beyond that is not read: one that repeats itself would take the comparison minutes."""

_OFF = 0.015
"""How far a point may lie off the line that it is part of, in units: coordinates have two decimals."""


def read_figure(text: str) -> tuple[list[Primitive], int]:
    """What an answer draws, and how many of its statements cannot be read.

    One that is no figure as a whole, because it was cut off say, is read statement by statement.
    """
    try:
        return list(tikz.read(text))[:_MAX_STATEMENTS], 0
    except (LabelError, RecursionError):
        pass
    figure: list[Primitive] = []
    num_lost = 0
    for statement in itertools.islice(_STATEMENT.findall(text), _MAX_STATEMENTS):
        try:
            figure += tikz.read(f"\\begin{{tikzpicture}}\n{statement}\n\\end{{tikzpicture}}")
        except (LabelError, RecursionError):
            num_lost += 1
    return figure, num_lost


def joined_strokes(figure: Sequence[Primitive]) -> list[Primitive]:
    """Straight strokes as longest segments of one pen, a filled outline as a fill and its sides, all else as it is."""
    rest: list[Primitive] = []
    strokes: dict[Pen, list[Segment]] = {}
    for primitive in figure:
        if not isinstance(primitive, Path) or not primitive.straight or primitive.pen.arrow:
            rest.append(primitive)
            continue
        if primitive.pen.fill or primitive.pen.pattern:
            rest.append(replace(primitive, pen=replace(primitive.pen, draw=None, weight="", dash="")))
        if primitive.pen.draw is not None:
            strokes.setdefault(replace(primitive.pen, fill=None, pattern=None), []).extend(_sides(primitive))
    return rest + [Path(a, (b,), pen=pen) for pen, segments in strokes.items() for a, b in _joined(segments)]


def segments_of(figure: Sequence[Primitive], *, joined: bool = True) -> list[Segment]:
    """The straight lines of a figure, whatever pen drew them; pieces of one line `joined` or as they were drawn."""
    paths = [primitive for primitive in figure if isinstance(primitive, Path) and primitive.straight]
    sides = [side for path in paths if path.pen.draw is not None for side in _sides(path)]
    return _joined(sides) if joined else sides


def _sides(path: Path) -> Iterator[Segment]:
    points = [path.start, *(step for step in path.steps if not isinstance(step, Bend))]
    points += points[:1] if path.closed else []
    return ((min(a, b), max(a, b)) for a, b in itertools.pairwise(points) if a != b)


def _joined(segments: Sequence[Segment]) -> list[Segment]:
    """Segments of one line that touch or overlap are one."""
    done: list[Segment] = []
    for piece in sorted(segments):
        segment, at = piece, 0
        while at < len(done):
            whole = _join(done[at], segment)
            if whole is None:
                at += 1
            else:
                # What has grown may touch what it did not before.
                del done[at]
                segment, at = whole, 0
        done.append(segment)
    return done


def _join(one: Segment, other: Segment) -> Segment | None:
    ends = (*one, *other)
    a, b = max(((p, q) for p in ends for q in ends if p <= q), key=lambda pair: math.dist(*pair))
    length = math.dist(a, b)
    if length > math.dist(*one) + math.dist(*other) + _OFF:
        return None
    across = ((b[0] - a[0]) / length, (b[1] - a[1]) / length)
    off = max(abs((p[0] - a[0]) * across[1] - (p[1] - a[1]) * across[0]) for p in ends)
    return (a, b) if off <= _OFF else None

"""What templates/mathpix_formulas/draw.js reports of one sheet: each glyph, rule and word with its token and position.

The page draws each formula twice: a copy whose elements name their tokens is measured on screen, and the PDF has one
without token marks. Comparing the positions of both assigns ink to tokens.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renderers.core.boxes import Box
from renderers.core.renderer import ProofFailed
from renderers.drawing.mathpix_formulas.writer import Rules

_TABLE_PREFIX = "f"
"""Begins the mark of a table's rules, before the index of the table; its rules share one mark."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A glyph of mathematics or a rule: one path of the PDF, or two where it is both filled and stroked.

    Attributes:
        token: index of the token that it belongs to, or -1.
        char: the character that it draws, "" for a rule.
        box: in px of the picture, without its stroke.
        em_px: font size, in px of the picture.
        filled: whether it is filled.
        stroke_px: thickness of its stroke in px of the picture, 0 for none.
        window: box that it is clipped to, in px of the picture; None for no clipping. MathJax puts tall brackets and
            other extensible characters together from clipped pieces.
    """

    token: int
    char: str
    box: Box
    em_px: float
    filled: bool
    stroke_px: float
    window: Box | None


@dataclass(frozen=True, slots=True)
class Word:
    """Text that a font of `Style.families` draws.

    Attributes:
        token: index of the token that it belongs to, or -1.
        text: without spaces.
        lines: boxes of its lines in px of the picture.
    """

    token: int
    text: str
    lines: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """All marks of a sheet; boxes are in px of the picture.

    Attributes:
        shapes, words: in the order of drawing.
        rules: of tables: index of the token, box.
        frame: around the formula; None for none.
    """

    shapes: tuple[Shape, ...]
    words: tuple[Word, ...]
    rules: tuple[tuple[int, Box], ...]
    frame: Box | None


def read_marks(reported: Mapping[str, Any], tables: Sequence[Rules], scale: float) -> Marks:
    """The marks of a sheet.

    Args:
        reported: by the page, in px of the page.
        tables: tokens of the rules of each table that has rules.
        scale: px of the picture per px of the page.

    Raises:
        ProofFailed: a table is drawn with another number of rules than its target has.
    """
    shapes: list[Shape] = []
    words: list[Word] = []
    table_lines: dict[int, list[Box]] = {}
    for kind, mark, content, position, em, *more in reported["marks"]:
        token = int(mark) if mark.isdigit() else -1
        if kind == "word":
            words.append(Word(token, "".join(content.split()), tuple(_scaled(line, scale) for line in position)))
            continue
        box = _scaled(position, scale)
        if kind == "text":
            if content.strip():
                words.append(Word(token, "".join(content.split()), (box,)))
            continue
        filled, stroke, window = more
        char = chr(int(content, 16)) if content else ""
        clip = None if window is None else _scaled(window, scale)
        shapes.append(Shape(token, char, box, em * scale, filled, stroke * scale, clip))
        if mark.startswith(_TABLE_PREFIX):
            table_lines.setdefault(int(mark[1:]), []).extend(_sides(box, stroke * scale))
    rules = [pair for index, table in enumerate(tables) for pair in _assign_rules(table, table_lines.get(index, []))]
    frame = reported["frame"]
    return Marks(tuple(shapes), tuple(words), tuple(rules), None if frame is None else _scaled(frame, scale))


def _scaled(box: Sequence[float], scale: float) -> Box:
    x0, y0, x1, y1 = box
    return (x0 * scale, y0 * scale, x1 * scale, y1 * scale)


def _sides(box: Box, stroke_px: float) -> Iterator[Box]:
    """The box of a line with its stroke; for a rectangle, those of its four sides."""
    x0, y0, x1, y1 = box
    half = max(0.5, stroke_px / 2)
    if x1 - x0 > 0.1 and y1 - y0 > 0.1:
        yield from ((x0, y0 - half, x1, y0 + half), (x0, y1 - half, x1, y1 + half))
        yield from ((x0 - half, y0, x0 + half, y1), (x1 - half, y0, x1 + half, y1))
    elif x1 - x0 > y1 - y0:
        yield (x0, y0 - half, x1, y1 + half)
    else:
        yield (x0 - half, y0, x1 + half, y1)


def _assign_rules(table: Rules, lines: Sequence[Box]) -> Iterator[tuple[int, Box]]:
    """The token of each rule and its box, by position: from top to bottom, then from left to right."""
    horizontal = sorted((box for box in lines if box[2] - box[0] > box[3] - box[1]), key=lambda box: box[1])
    vertical = sorted((box for box in lines if box[2] - box[0] <= box[3] - box[1]), key=lambda box: box[0])
    if len(horizontal) != len(table.horizontal) or len(vertical) != len(table.vertical):
        expected = f"{len(table.horizontal)} across and {len(table.vertical)} down"
        raise ProofFailed(
            "ink_missing", f"{len(horizontal)} across and {len(vertical)} down were drawn, not {expected}"
        )
    yield from zip(table.horizontal, horizontal, strict=True)
    yield from zip(table.vertical, vertical, strict=True)

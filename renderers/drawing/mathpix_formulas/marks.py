"""What the page told of one sheet: every glyph, rule and word that it draws, with its token and its place.

The page measures the marked twin, on a screen; the PDF has the plain sheet, printed. That both say the same of every
mark is what ties a token to its ink.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renderers.core.boxes import Box
from renderers.core.renderer import ProofFailed
from renderers.drawing.mathpix_formulas.writer import Rules

_TABLE = "f"
"""Begins the token of a rule: the table is known, which of its rules it is, is not."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A glyph of mathematics or a rule: a path of the PDF, and one more where it is filled and stroked.

    Attributes:
        token: that it belongs to, or -1.
        sign: the character that it draws, "" for a rule.
        box: in px of the picture, without its stroke.
        em_px: size of the font.
        filled: whether its inside is painted.
        stroke_px: thickness of the line around it, 0 for none.
        window: what of the picture it may enter, since signs that grow are put together from cut pieces; None for all.
    """

    token: int
    sign: str
    box: Box
    em_px: float
    filled: bool
    stroke_px: float
    window: Box | None


@dataclass(frozen=True, slots=True)
class Word:
    """A stretch of text that a font of ours draws.

    Attributes:
        token: that it belongs to, or -1.
        text: without blanks.
        lines: boxes of its lines in px of the picture.
    """

    token: int
    text: str
    lines: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """All marks of a sheet, each kind in the order of drawing; `rules` are tokens of tables' rules with their boxes."""

    shapes: tuple[Shape, ...]
    words: tuple[Word, ...]
    rules: tuple[tuple[int, Box], ...]
    frame: Box | None


def read_marks(found: Mapping[str, Any], tables: Sequence[Rules], scale: float) -> Marks:
    """The marks in px of the picture.

    Args:
        found: what the page told, in px of the page.
        tables: those of the target that have rules.
        scale: picture px to one page px.

    Raises:
        ProofFailed: a table has not as many rules as its target says.
    """
    shapes: list[Shape] = []
    words: list[Word] = []
    ruled: dict[int, list[Box]] = {}
    for kind, owner, code, place, em, *more in found["marks"]:
        token = int(owner) if owner.isdigit() else -1
        if kind == "word":
            words.append(Word(token, "".join(code.split()), tuple(_scaled(line, scale) for line in place)))
            continue
        box = _scaled(place, scale)
        if kind == "text":
            if code.strip():
                words.append(Word(token, "".join(code.split()), (box,)))
            continue
        filled, stroke, window = more
        sign = chr(int(code, 16)) if code else ""
        within = None if window is None else _scaled(window, scale)
        shapes.append(Shape(token, sign, box, em * scale, filled, stroke * scale, within))
        if owner.startswith(_TABLE):
            ruled.setdefault(int(owner[1:]), []).extend(_sides(box, stroke * scale))
    rules = [pair for at, table in enumerate(tables) for pair in _share_rules(table, ruled.get(at, []))]
    frame = found["frame"]
    return Marks(tuple(shapes), tuple(words), tuple(rules), None if frame is None else _scaled(frame, scale))


def _scaled(box: Sequence[float], scale: float) -> Box:
    x0, y0, x1, y1 = box
    return (x0 * scale, y0 * scale, x1 * scale, y1 * scale)


def _sides(box: Box, stroke_px: float) -> Iterator[Box]:
    """A line as it is; of a frame its four sides."""
    x0, y0, x1, y1 = box
    half = max(0.5, stroke_px / 2)
    if x1 - x0 > 0.1 and y1 - y0 > 0.1:
        yield from ((x0, y0 - half, x1, y0 + half), (x0, y1 - half, x1, y1 + half))
        yield from ((x0 - half, y0, x0 + half, y1), (x1 - half, y0, x1 + half, y1))
    elif x1 - x0 > y1 - y0:
        yield (x0, y0 - half, x1, y1 + half)
    else:
        yield (x0 - half, y0, x1 + half, y1)


def _share_rules(table: Rules, lines: Sequence[Box]) -> Iterator[tuple[int, Box]]:
    across = sorted((box for box in lines if box[2] - box[0] > box[3] - box[1]), key=lambda box: box[1])
    down = sorted((box for box in lines if box[2] - box[0] <= box[3] - box[1]), key=lambda box: box[0])
    if len(across) != len(table.across) or len(down) != len(table.down):
        wanted = f"{len(table.across)} across and {len(table.down)} down"
        raise ProofFailed("ink_missing", f"{len(across)} across and {len(down)} down were drawn, not {wanted}")
    yield from zip(table.across, across, strict=True)
    yield from zip(table.down, down, strict=True)

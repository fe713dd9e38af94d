"""The print of a sheet against its marks: glyphs of the text layer in their words, ink in the boxes."""

from collections.abc import Iterator, Sequence

import numpy as np

from renderers.core.boxes import Box, union
from renderers.core.renderer import Pixels, ProofFailed
from renderers.drawing.mathpix_formulas.marks import Word
from renderers.drawing.mathpix_formulas.style import Style
from renderers.drawing.printed.chars import same_char
from renderers.drawing.printed.clipping import check_whole
from renderers.drawing.printed.fonts import face_names
from renderers.drawing.printed.ink import (
    INK_LEVELS,
    Mask,
    check_inked,
    check_no_stray,
    clear_boxes,
    paper_distance,
    pixel_boxes,
)
from renderers.engines.pdf import Glyphs

MAX_SHIFT_PX = 1.0
"""Maximum distance of a mark in print from its position on screen, in px of the page: SVG is printed at whole px."""

_INK_MARGIN_PX = 2
"""How far outside its box a mark may leave ink, in px of the picture: antialiasing, rounding."""


def check_fonts(families: Sequence[str], glyphs: Glyphs) -> None:
    """Raises ProofFailed where a glyph is of another font than these families."""
    chosen = face_names(tuple(families))
    for font, name in enumerate(glyphs.font_names):
        if name not in chosen:
            chars = "".join(glyphs.text[glyph] for glyph in np.flatnonzero(glyphs.fonts == font))
            raise ProofFailed("font_fallback", f"{chars!r} was drawn by {name!r}, not by {', '.join(families)}")


def find_words(words: Sequence[Word], glyphs: Glyphs) -> Iterator[tuple[Box, Word]]:
    """The box around the ink of each word, in px of the picture.

    Raises:
        ProofFailed: a glyph of a word is missing or is another one, or a glyph is in no word.
    """
    lines = [(index, box) for index, word in enumerate(words) for box in word.lines]
    members: list[list[int]] = [[] for _ in lines]
    centres = (glyphs.tight[:, :2] + glyphs.tight[:, 2:]) / 2
    if lines:
        boxes = np.array([box for _, box in lines])
        # (glyphs, lines): how far the centre of each glyph is outside each line's box.
        outside = np.maximum(boxes[None, :, :2] - centres[:, None], centres[:, None] - boxes[None, :, 2:]).max(axis=2)
        for glyph, line in enumerate(outside.argmin(axis=1).tolist()):
            if outside[glyph, line] <= _INK_MARGIN_PX:
                members[line].append(glyph)
    stray = set(range(len(glyphs.text))) - {glyph for inner in members for glyph in inner}
    if stray:
        raise ProofFailed("ink_extra", f"{''.join(glyphs.text[glyph] for glyph in sorted(stray))!r} is in no word")
    word_glyphs: list[list[int]] = [[] for _ in words]
    for (index, _), inner in zip(lines, members, strict=True):
        word_glyphs[index] += sorted(inner, key=lambda glyph: (round(float(centres[glyph, 0]), 1), glyph))
    for word, inner in zip(words, word_glyphs, strict=True):
        _check_word(word, glyphs, inner)
        yield union([_tight(glyphs, glyph) for glyph in inner]), word


def _check_word(word: Word, glyphs: Glyphs, members: Sequence[int]) -> None:
    text = "".join(glyphs.text[glyph] for glyph in members)
    for glyph in members:
        if glyphs.text[glyph] == "\0" or glyphs.tight[glyph, 0] >= glyphs.tight[glyph, 2]:
            raise ProofFailed("glyph_missing", f"{glyphs.text[glyph]!r} in {word.text!r}")
    if len(text) != len(word.text) or not all(
        same_char(expected, drawn, glyphs.font_names[glyphs.fonts[glyph] : glyphs.fonts[glyph] + 1])
        for expected, drawn, glyph in zip(word.text, text, members, strict=True)
    ):
        raise ProofFailed("text_wrong", f"{word.text!r} is inked as {text!r}")


def _tight(glyphs: Glyphs, glyph: int) -> Box:
    x0, y0, x1, y1 = glyphs.tight[glyph].tolist()
    return (x0, y0, x1, y1)


def check_pixels(
    style: Style, frame: Box | None, boxes: Sequence[Box], chars: Sequence[tuple[str, Box]], pixels: Pixels
) -> None:
    """Compares the picture with what was printed.

    Args:
        style: its look.
        frame: around the formula, or None; like all boxes, in px of the picture.
        boxes: of all marks.
        chars: those that must not be cut, with the boxes of their outlines.
        pixels: (H, W, 3), the picture.

    Raises:
        ProofFailed: a mark has no ink, a char is cut, or there is ink outside all marks.
    """
    distance = paper_distance(pixels, style.paper)
    marks = np.array(boxes).reshape(-1, 4)
    check_inked(distance, marks)
    stray = distance >= INK_LEVELS
    check_whole(stray, np.array([box for _, box in chars]).reshape(-1, 4), [char for char, _ in chars])
    clear_boxes(stray, marks, _INK_MARGIN_PX)
    if frame is not None:
        _clear_frame(stray, frame, style)
    check_no_stray(stray)


def _clear_frame(stray: Mask, frame: Box, style: Style) -> None:
    slack = int(np.ceil(MAX_SHIFT_PX * style.scale)) + _INK_MARGIN_PX
    thick = int(np.ceil(style.frame_px * style.scale)) + 2 * slack
    ((x0, y0, x1, y1),) = pixel_boxes(np.array([frame]), slack).tolist()
    for sides in ((slice(y0, y0 + thick), slice(x0, x1)), (slice(max(0, y1 - thick), y1), slice(x0, x1))):
        stray[sides] = False
    for sides in ((slice(y0, y1), slice(x0, x0 + thick)), (slice(y0, y1), slice(max(0, x1 - thick), x1))):
        stray[sides] = False

"""Ink of a sheet against its marks: glyphs of the text layer in their words, pixels in their boxes."""

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

ASIDE_PX = 1.0
"""How far from where the screen has it a sheet may print a mark, in px of the page: SVG stands on whole ones."""

_NEAR_PX = 2
"""How far beside its box a mark may leave ink: antialiasing, rounding."""


def check_fonts(families: Sequence[str], glyphs: Glyphs) -> None:
    """Raises ProofFailed where a font that was not chosen drew something."""
    chosen = face_names(tuple(families))
    for number, name in enumerate(glyphs.font_names):
        if name not in chosen:
            chars = "".join(glyphs.text[at] for at in np.flatnonzero(glyphs.fonts == number))
            raise ProofFailed("font_foreign", f"{chars!r} was drawn by {name!r}, not by {', '.join(families)}")


def find_words(words: Sequence[Word], glyphs: Glyphs) -> Iterator[tuple[Box, Word]]:
    """The ink of each word; its glyphs are those in its lines, and there are no others.

    Raises:
        ProofFailed: a glyph is missing, another one, or of no word.
    """
    places = [(at, line) for at, word in enumerate(words) for line in word.lines]
    members: list[list[int]] = [[] for _ in places]
    centres = (glyphs.tight[:, :2] + glyphs.tight[:, 2:]) / 2
    if places:
        lines = np.array([line for _, line in places])
        outside = np.maximum(lines[None, :, :2] - centres[:, None], centres[:, None] - lines[None, :, 2:]).max(axis=2)
        for glyph, place in enumerate(outside.argmin(axis=1).tolist()):
            if outside[glyph, place] <= _NEAR_PX:
                members[place].append(glyph)
    stray = set(range(len(glyphs.text))) - {glyph for inner in members for glyph in inner}
    if stray:
        raise ProofFailed("ink_extra", f"{''.join(glyphs.text[glyph] for glyph in sorted(stray))!r} is in no word")
    drawn: list[list[int]] = [[] for _ in words]
    for (at, _), inner in zip(places, members, strict=True):
        drawn[at] += sorted(inner, key=lambda glyph: (round(float(centres[glyph, 0]), 1), glyph))
    for word, inner in zip(words, drawn, strict=True):
        _check_word(word, glyphs, inner)
        yield union([_tight(glyphs, glyph) for glyph in inner]), word


def _check_word(word: Word, glyphs: Glyphs, members: Sequence[int]) -> None:
    text = "".join(glyphs.text[glyph] for glyph in members)
    for glyph in members:
        if glyphs.text[glyph] == "\0" or glyphs.tight[glyph, 0] >= glyphs.tight[glyph, 2]:
            raise ProofFailed("glyph_missing", f"{glyphs.text[glyph]!r} in {word.text!r}")
    if len(text) != len(word.text) or not all(
        same_char(wanted, drawn, glyphs.font_names[glyphs.fonts[glyph] : glyphs.fonts[glyph] + 1])
        for wanted, drawn, glyph in zip(word.text, text, members, strict=True)
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
        style: how it looks.
        frame: around all, or None.
        boxes: of all marks, in px of the picture.
        chars: those of the marks that must be whole, with the boxes of their outlines.
        pixels: the picture.

    Raises:
        ProofFailed: a mark has no ink, or a char is cut, or ink is outside of all.
    """
    distance = paper_distance(pixels, style.paper)
    marks = np.array(boxes).reshape(-1, 4)
    check_inked(distance, marks)
    stray = distance >= INK_LEVELS
    check_whole(stray, np.array([box for _, box in chars]).reshape(-1, 4), [char for char, _ in chars])
    clear_boxes(stray, marks, _NEAR_PX)
    if frame is not None:
        _clear_frame(stray, frame, style)
    check_no_stray(stray)


def _clear_frame(stray: Mask, frame: Box, style: Style) -> None:
    slack = int(np.ceil(ASIDE_PX * style.scale)) + _NEAR_PX
    thick = int(np.ceil(style.frame_px * style.scale)) + 2 * slack
    ((x0, y0, x1, y1),) = pixel_boxes(np.array([frame]), slack).tolist()
    for sides in ((slice(y0, y0 + thick), slice(x0, x1)), (slice(max(0, y1 - thick), y1), slice(x0, x1))):
        stray[sides] = False
    for sides in ((slice(y0, y1), slice(x0, x0 + thick)), (slice(y0, y1), slice(max(0, x1 - thick), x1))):
        stray[sides] = False

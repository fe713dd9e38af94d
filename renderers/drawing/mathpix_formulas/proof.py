"""The proof of one picture of formulas from the browser: each token has ink of its own, and no ink is without a token.

Four witnesses must agree: the page's elements with their tokens (of the marked twin), the PDF's paths and its text
layer (of the plain sheet), and the pixels. A glyph of mathematics is a path, so what it shows is known by the character
that MathJax wrote on it; that its path is that character's is MathJax's font.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from renderers.content import faces, palettes
from renderers.content.formulas.formula import Formula
from renderers.core.boxes import GOT_SIDE_PX, Box, inside, union
from renderers.core.image import shrink_to_grey
from renderers.core.renderer import Outcome, Pixels, ProofFailed, Region, Rejected, Rendered
from renderers.drawing.mathpix_formulas.ink import ASIDE_PX, check_fonts, check_pixels, find_words
from renderers.drawing.mathpix_formulas.marks import Marks, Shape, Word, read_marks
from renderers.drawing.mathpix_formulas.source import Source
from renderers.drawing.mathpix_formulas.style import Style
from renderers.engines.pdf import Glyphs, Paths, PdfPage

MIN_CAP_PX = 8.0
"""Least height of a capital of the smallest size, at GOT's square."""

_CAP_EM = 0.683
"""Height of a capital of MathJax's font. Source: its metrics of H."""

_CUT_PX = 0.5


def prove(formula: Formula, style: Style, source: Source, found: Mapping[str, Any], page: PdfPage) -> Outcome:
    """The sample, or why it is none.

    Args:
        formula: what is said.
        style: how it looks.
        source: what was drawn.
        found: what the browser's page told of the sheet.
        page: the sheet printed.
    """
    if "error" in found:
        return Rejected("formula_refused", str(found["error"]))
    pixels = page.pixels()
    try:
        marks = read_marks(found, source.tables, style.scale)
        glyphs = page.glyphs()
        check_fonts(style.families, glyphs)
        shapes = _place(marks.shapes, page.paths(), style)
        words = list(find_words(marks.words, glyphs))
        inks = _assign_glyphs(source, marks, shapes, words)
        _check_places(source, inks, pixels)
        boxes = [*shapes, *(box for box, _ in words)]
        check_pixels(style, marks.frame, boxes, _outlines(marks, shapes, glyphs), pixels)
        smallest = _smallest_cap(marks, glyphs, pixels)
    except ProofFailed as failure:
        return Rejected(failure.reason, failure.detail, shrink_to_grey(pixels))
    return Rendered(
        image=shrink_to_grey(pixels),
        markup=source.markup,
        regions=_regions(source, inks),
        language=formula.language,
        depth=formula.depth,
        smallest_glyph_px=round(smallest, 2),
        contrast=round(palettes.contrast(style.ink, style.paper), 2),
    )


def _place(shapes: Sequence[Shape], paths: Paths, style: Style) -> list[Box]:
    """The boxes of the shapes where they are printed; paper and frame are painted before them."""
    if not shapes:
        return []
    nums = np.array([1 + (shape.filled and shape.stroke_px > 0) for shape in shapes])
    first = len(paths.boxes) - int(nums.sum())
    if first < 0:
        raise ProofFailed("ink_missing", f"{nums.sum()} paths on the page, {len(paths.boxes)} in print")
    wanted = np.array([shape.box for shape in shapes])
    printed = paths.boxes[first + np.cumsum(nums) - nums]
    strokes = np.array([shape.stroke_px for shape in shapes])
    # pdfium adds a stroke's full thickness, and a miter's, at each side.
    aside = np.abs(printed - wanted).max(axis=1) - 1.5 * strokes
    worst = int(aside.argmax())
    if aside[worst] > ASIDE_PX * style.scale:
        raise ProofFailed("marks_moved_ink", f"{shapes[worst].sign!r} by {aside[worst]:.1f} px")
    shift = (printed[:, :2] + printed[:, 2:] - wanted[:, :2] - wanted[:, 2:]) / 2
    return [_shown(shape, *moved) for shape, moved in zip(shapes, shift.tolist(), strict=True)]


def _shown(shape: Shape, right: float, down: float) -> Box:
    half = shape.stroke_px / 2
    x0, y0, x1, y1 = shape.box
    box = (x0 - half, y0 - half, x1 + half, y1 + half)
    if shape.window is not None:
        left, top, end, bottom = shape.window
        box = (max(box[0], left), max(box[1], top), min(box[2], end), min(box[3], bottom))
    return (box[0] + right, box[1] + down, box[2] + right, box[3] + down)


def _assign_glyphs(
    source: Source, marks: Marks, shapes: Sequence[Box], words: Sequence[tuple[Box, Word]]
) -> dict[int, list[Box]]:
    """The ink of each token."""
    inks: dict[int, list[Box]] = {}
    signs: dict[int, str] = {}
    in_tables = {box for _, box in marks.rules}
    for shape, box in zip(marks.shapes, shapes, strict=True):
        if shape.token >= 0:
            inks.setdefault(shape.token, []).append(box)
            signs[shape.token] = signs.get(shape.token, "") + shape.sign
        elif not (in_tables and not shape.sign):
            raise ProofFailed("ink_extra", f"{shape.sign or 'a rule'!r} is in no token")
    for token, box in marks.rules:
        inks.setdefault(token, []).append(box)
    for box, word in words:
        if word.token < 0:
            raise ProofFailed("ink_extra", f"{word.text!r} is in no token")
        inks.setdefault(word.token, []).append(box)
        signs[word.token] = signs.get(word.token, "") + word.text
    for token, (start, stop) in enumerate(source.spans):
        said = source.markup[start:stop]
        if token not in inks:
            raise ProofFailed("ink_missing", f"{said!r} at {start} left none")
        # What is said by letters and digits must be those; what commands draw is MathJax's table.
        if said.isalnum() and unicodedata.normalize("NFKC", signs[token]) != unicodedata.normalize("NFKC", said):
            raise ProofFailed("ink_wrong", f"{signs[token]!r} is drawn for {said!r}")
    return inks


def _outlines(marks: Marks, shapes: Sequence[Box], glyphs: Glyphs) -> list[tuple[str, Box]]:
    """The chars of the picture with the boxes around them: of mathematics, but for rules, and of words."""
    outlines = [(shape.sign, box) for shape, box in zip(marks.shapes, shapes, strict=True) if shape.sign]
    boxes = [(x0, y0, x1, y1) for x0, y0, x1, y1 in glyphs.tight.tolist()]
    return outlines + list(zip(glyphs.text, boxes, strict=True))


def _check_places(source: Source, inks: Mapping[int, Sequence[Box]], pixels: Pixels) -> None:
    height, width = pixels.shape[:2]
    for token, boxes in inks.items():
        if not all(inside(box, width, height, _CUT_PX) for box in boxes):
            raise ProofFailed("text_cut", f"{source.markup[slice(*source.spans[token])]!r} ends outside the picture")


def _smallest_cap(marks: Marks, glyphs: Glyphs, pixels: Pixels) -> float:
    """Height of a capital of the smallest size at GOT's square."""
    caps: npt.NDArray[np.float64] = np.array([faces.cap_height_em(name) for name in glyphs.font_names])
    heights = (caps[glyphs.fonts] * glyphs.sizes_px).tolist() if len(glyphs.text) else []
    heights += [shape.em_px * _CAP_EM for shape in marks.shapes if shape.sign]
    smallest = min(heights) * GOT_SIDE_PX / pixels.shape[0]
    if smallest < MIN_CAP_PX:
        raise ProofFailed("text_small", f"{smallest:.1f} px high at {GOT_SIDE_PX} px")
    return float(smallest)


def _regions(source: Source, inks: Mapping[int, Sequence[Box]]) -> tuple[Region, ...]:
    """A box for each token, in the order of the target."""
    regions = []
    for token, span in enumerate(source.spans):
        x0, y0, x1, y1 = (round(edge, 1) for edge in union(inks[token]))
        regions.append(Region((x0, y0, x1, y1), source.markup[slice(*span)], "token", span, token))
    return tuple(regions)

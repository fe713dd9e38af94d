"""The proof of one picture of formulas from the browser: each token has ink of its own, and no ink is without a token.

Four sources must agree: the page's elements with their tokens (of the copy with token marks), the PDF's paths and its
text layer (of the copy without), and the pixels. A glyph of mathematics is a path, and its character the one that
MathJax names in the element, so a path that is wrong in MathJax's own font is not noticed.
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
from renderers.drawing.mathpix_formulas.ink import MAX_SHIFT_PX, check_fonts, check_pixels, find_words
from renderers.drawing.mathpix_formulas.marks import Marks, Shape, Word, read_marks
from renderers.drawing.mathpix_formulas.source import Source
from renderers.drawing.mathpix_formulas.style import Style
from renderers.engines.pdf import Glyphs, Paths, PdfPage

MIN_CAP_PX = 8.0
"""Minimum height of a capital of the smallest size, in px at the 1024 x 1024 that GOT reads."""

_CAP_EM = 0.683
"""Height of a capital of MathJax's font, in em. Source: its metrics of H."""

_MAX_OUTSIDE_PX = 0.5
"""How far the box of a token may reach out of the picture."""


def prove(formula: Formula, style: Style, source: Source, reported: Mapping[str, Any], page: PdfPage) -> Outcome:
    """The sample, or why there is none.

    Args:
        formula: of the spec.
        style: its look.
        source: what the browser was given.
        reported: by the browser, for the sheet.
        page: print of the sheet, at the size of the picture.
    """
    if "error" in reported:
        return Rejected("formula_refused", str(reported["error"]))
    pixels = page.pixels()
    try:
        marks = read_marks(reported, source.tables, style.scale)
        glyphs = page.glyphs()
        check_fonts(style.families, glyphs)
        shapes = _print_shapes(marks.shapes, page.paths(), style)
        words = list(find_words(marks.words, glyphs))
        inks = _assign_glyphs(source, marks, shapes, words)
        _check_inside(source, inks, pixels)
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


def _print_shapes(shapes: Sequence[Shape], paths: Paths, style: Style) -> list[Box]:
    """The visible box of each shape in print, in px of the picture.

    The last paths of the print are those of the shapes; paper and frame are painted before them.

    Raises:
        ProofFailed: a shape is not printed, or elsewhere.
    """
    if not shapes:
        return []
    num_paths = np.array([1 + (shape.filled and shape.stroke_px > 0) for shape in shapes])
    first = len(paths.boxes) - int(num_paths.sum())
    if first < 0:
        raise ProofFailed("ink_missing", f"{num_paths.sum()} paths on the page, {len(paths.boxes)} in print")
    expected = np.array([shape.box for shape in shapes])
    printed = paths.boxes[first + np.cumsum(num_paths) - num_paths]
    strokes = np.array([shape.stroke_px for shape in shapes])
    # pdfium adds a stroke's full thickness, and a miter's, at each side.
    distances = np.abs(printed - expected).max(axis=1) - 1.5 * strokes
    worst = int(distances.argmax())
    if distances[worst] > MAX_SHIFT_PX * style.scale:
        raise ProofFailed("marks_moved_ink", f"{shapes[worst].char!r} by {distances[worst]:.1f} px")
    shifts = (printed[:, :2] + printed[:, 2:] - expected[:, :2] - expected[:, 2:]) / 2
    return [_visible_box(shape, *shift) for shape, shift in zip(shapes, shifts.tolist(), strict=True)]


def _visible_box(shape: Shape, right: float, down: float) -> Box:
    """The box of a shape with its stroke, clipped to its window and moved by (right, down) px."""
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
    """For each token the boxes of its ink, in px of the picture.

    Args:
        source: of the sheet.
        marks: of the sheet.
        shapes: boxes of `marks.shapes` in print.
        words: with the boxes of their ink.

    Raises:
        ProofFailed: ink is in no token, or a token has no ink or that of other letters.
    """
    inks: dict[int, list[Box]] = {}
    chars: dict[int, str] = {}
    in_tables = {box for _, box in marks.rules}
    for shape, box in zip(marks.shapes, shapes, strict=True):
        if shape.token >= 0:
            inks.setdefault(shape.token, []).append(box)
            chars[shape.token] = chars.get(shape.token, "") + shape.char
        elif not (in_tables and not shape.char):
            raise ProofFailed("ink_extra", f"{shape.char or 'a rule'!r} is in no token")
    for token, box in marks.rules:
        inks.setdefault(token, []).append(box)
    for box, word in words:
        if word.token < 0:
            raise ProofFailed("ink_extra", f"{word.text!r} is in no token")
        inks.setdefault(word.token, []).append(box)
        chars[word.token] = chars.get(word.token, "") + word.text
    for token, (start, stop) in enumerate(source.spans):
        text = source.markup[start:stop]
        if token not in inks:
            raise ProofFailed("ink_missing", f"{text!r} at {start} left none")
        # Letters and digits must be drawn as themselves; which character a command draws is left to MathJax.
        if text.isalnum() and unicodedata.normalize("NFKC", chars[token]) != unicodedata.normalize("NFKC", text):
            raise ProofFailed("ink_wrong", f"{chars[token]!r} is drawn for {text!r}")
    return inks


def _outlines(marks: Marks, shapes: Sequence[Box], glyphs: Glyphs) -> list[tuple[str, Box]]:
    """The characters of mathematics and words with their boxes, in px of the picture; rules are left out."""
    outlines = [(shape.char, box) for shape, box in zip(marks.shapes, shapes, strict=True) if shape.char]
    boxes = [(x0, y0, x1, y1) for x0, y0, x1, y1 in glyphs.tight.tolist()]
    return outlines + list(zip(glyphs.text, boxes, strict=True))


def _check_inside(source: Source, inks: Mapping[int, Sequence[Box]], pixels: Pixels) -> None:
    """Raises ProofFailed where the ink of a token ends outside the picture."""
    height, width = pixels.shape[:2]
    for token, boxes in inks.items():
        if not all(inside(box, width, height, _MAX_OUTSIDE_PX) for box in boxes):
            raise ProofFailed("text_cut", f"{source.markup[slice(*source.spans[token])]!r} ends outside the picture")


def _smallest_cap(marks: Marks, glyphs: Glyphs, pixels: Pixels) -> float:
    """Height of a capital of the smallest size, in px at the 1024 x 1024 that GOT reads."""
    caps_em: npt.NDArray[np.float64] = np.array([faces.cap_height_em(name) for name in glyphs.font_names])
    heights = (caps_em[glyphs.fonts] * glyphs.sizes_px).tolist() if len(glyphs.text) else []
    heights += [shape.em_px * _CAP_EM for shape in marks.shapes if shape.char]
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

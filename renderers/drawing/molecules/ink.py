"""The print of a sheet against its marks: paths and characters where the page has them, and ink for each in the pixels.

Labels that cannot be read are refused: bonds or other labels run through them.
"""

from collections.abc import Sequence

import numpy as np

from renderers.content import faces
from renderers.core.boxes import Box, first_overlap, union
from renderers.core.renderer import Pixels, ProofFailed
from renderers.drawing.molecules.marks import Floats, Label, Marks
from renderers.drawing.molecules.style import Style
from renderers.drawing.printed.clipping import check_whole
from renderers.drawing.printed.ink import (
    FAINT_LEVELS,
    INK_LEVELS,
    check_inked,
    check_no_stray,
    clear_boxes,
    paper_distance,
)
from renderers.engines.pdf import LINE_END_HYPHEN, Glyphs, Paths

_MAX_SHIFT_PX = 1.0
"""Maximum distance of a mark in print from its position on screen, in px of the page."""

_INK_MARGIN_PX = 2
"""How far outside its box a mark may leave ink, in px of the picture: antialiasing, rounding."""
_MAX_OVERLAP_PX = 1.0
"""How far boxes of characters may overlap, in px of the picture: those of neighbours do."""
_MIN_LABEL_GAP_EM = 0.25
"""Between the labels of two atoms, in em of the labels."""
_LINE_MARGIN_EM = 0.25
"""How far outside its box on the page the middle of a character's ink may be, in em: boxes in vertical labels are
narrow."""
_MIN_WRONG_EM, _MAX_WRONG_EM = 0.1, 0.6
"""A subscript whose middle is so many em above that of the symbol, or a superscript so many below, is ambiguous."""
_CORNER_EM = 0.1
"""Width of the edge of a character's box, in em, that a bond may cross: its corners are empty."""
_MAX_CROSSING_EM = 0.08
"""How far a bond may run through the rest of the box, in em."""
_MAX_HIDDEN_FRAC = 0.12
"""Maximum part of a bond that is hidden by the disc of paper of a label that is not at its ends."""
_MIN_VISIBLE = 0.16
"""Minimum length of a bond between the labels of its atoms, in bond lengths."""


def check_paths(marks: Marks, paths: Paths, stroke_px: float, scale: float) -> None:
    """Raises ProofFailed where the print has other paths, or has them elsewhere.

    Args:
        marks: of the sheet.
        paths: of the print, in px of the picture; one more than those of the marks may be the paper.
        stroke_px: thickness of lines, in px of the page.
        scale: px of the picture per px of the page.
    """
    first = len(paths.boxes) - len(marks.boxes)
    if first < 0 or first > 1:
        raise ProofFailed("ink_differs", f"{len(marks.boxes)} paths on the page, {len(paths.boxes)} in print")
    if not len(marks.boxes):
        return
    # pdfium adds a stroke's full thickness at each side.
    slack = np.where(marks.stroked, 1.5 * stroke_px, 0.0) + _MAX_SHIFT_PX
    shifts = np.abs(paths.boxes[first:] - marks.boxes * scale).max(axis=1) / scale
    if (shifts > slack).any():
        worst = int((shifts - slack).argmax())
        raise ProofFailed("ink_differs", f"path {worst} by {shifts[worst]:.1f} px")


def find_char_boxes(marks: Marks, glyphs: Glyphs, style: Style) -> list[Floats]:
    """For each label the (N, 4) boxes of its characters' ink, in px of the picture, in the order of `Label.chars`.

    Raises:
        ProofFailed: a character is missing, is another one, is of another font, or is not at its position.
    """
    foreign = set(glyphs.font_names) - {faces.postscript_name(style.family, style.bold)}
    if foreign:
        raise ProofFailed("font_fallback", f"{', '.join(sorted(foreign))} drew letters")
    chars = [char for label in marks.labels for char in label.chars]
    if len(chars) != len(glyphs.text):
        raise ProofFailed("glyph_missing", f"{len(chars)} letters on the page, {len(glyphs.text)} in print")
    if not chars:
        return []
    expected = np.array([char.box for char in chars]) * style.scale
    centres = (glyphs.tight[:, :2] + glyphs.tight[:, 2:]) / 2
    # (chars, glyphs): how far each glyph's centre is outside each box, and from its middle.
    outside = np.maximum(expected[:, None, :2] - centres, centres - expected[:, None, 2:]).max(axis=2)
    distances = np.abs((expected[:, None, :2] + expected[:, None, 2:]) / 2 - centres).sum(axis=2)
    printed = glyphs.text.replace(LINE_END_HYPHEN, "-")
    same = np.array([[char.text == other for other in printed] for char in chars])
    costs = np.where(same & (outside <= _LINE_MARGIN_EM * style.size_px * style.scale), distances, np.inf)
    nearest = costs.argmin(axis=1)
    if not np.isfinite(costs.min(axis=1)).all() or len(set(nearest.tolist())) < len(chars):
        raise ProofFailed("glyph_missing", "a letter is not where the page has it")
    tight = glyphs.tight[nearest]
    if (tight[:, 0] >= tight[:, 2]).any():
        raise ProofFailed("glyph_missing", "a letter without ink")
    ends = np.cumsum([len(label.chars) for label in marks.labels])[:-1]
    return np.split(tight, ends)


def check_labels(labels: Sequence[Label], char_boxes: Sequence[Floats], size_px: float, scale: float) -> None:
    """Raises ProofFailed where labels overlap, are far from their atom, or have subscripts at the wrong height.

    Args:
        labels: of the sheet.
        char_boxes: of each label, see `find_char_boxes`.
        size_px: font size of labels, in px of the picture.
        scale: px of the picture per px of the page.
    """
    all_boxes: list[Box] = []
    for label, boxes in zip(labels, char_boxes, strict=True):
        symbol = union([tuple(box) for box in boxes[: len(label.element)].tolist()])
        x, y = (coordinate * scale for coordinate in label.position)
        slack = (0.2 + 0.2 * len(label.element)) * size_px
        if not (symbol[0] - slack <= x <= symbol[2] + slack and symbol[1] - slack <= y <= symbol[3] + slack):
            raise ProofFailed("label_astray", f"{label.element} is not at its atom")
        middle = float(boxes[0, 1] + boxes[0, 3]) / 2
        for at, char in enumerate(label.chars):
            # In a vertical label, a subscript may stand a whole line above the symbol: that is not ambiguous.
            wrong_px = char.shift * (float(boxes[at, 1] + boxes[at, 3]) / 2 - middle)
            if _MIN_WRONG_EM * size_px < wrong_px < _MAX_WRONG_EM * size_px:
                raise ProofFailed("label_unread", f"{char.text} of {label.element} stands on the wrong level")
        all_boxes += [tuple(box) for box in boxes.tolist()]
    if first_overlap(all_boxes, _MAX_OVERLAP_PX) is not None:
        raise ProofFailed("drawing_crowded", "letters lie on each other")
    _check_label_gaps(char_boxes, size_px)


def _check_label_gaps(char_boxes: Sequence[Floats], size_px: float) -> None:
    """Raises ProofFailed where the labels of two atoms would be read as one, such as O and H as OH."""
    if len(char_boxes) < 2:
        return
    boxes = np.concatenate(char_boxes)
    labels = np.repeat(np.arange(len(char_boxes)), [len(own) for own in char_boxes])
    gaps = np.maximum(boxes[:, None, :2] - boxes[None, :, 2:], boxes[None, :, :2] - boxes[:, None, 2:]).max(axis=2)
    gaps[labels[:, None] == labels[None]] = np.inf
    if gaps.min() < _MIN_LABEL_GAP_EM * size_px:
        raise ProofFailed("drawing_crowded", "letters of two atoms all but touch")


def visible_parts(marks: Marks, bond_px: float) -> Floats:
    """The part of each line that discs of paper leave visible, and of the axis of each wedge and hash.

    Returns:
        (N, 4) x0, y0, x1, y1 in px of the sheet: lines, wedges, hashes.

    Raises:
        ProofFailed: a disc hides the middle of a bond, or all of it.
    """
    segments = np.concatenate([marks.lines, _stereo_axes(marks)])
    if not len(segments):
        return segments
    begins, vectors = segments[:, :2], segments[:, 2:] - segments[:, :2]
    lengths = np.hypot(*vectors.T)
    # Positions on a segment are shares of it, 0 where it begins and 1 where it ends.
    first, last = np.zeros(len(segments)), np.ones(len(segments))
    if len(marks.discs):
        offsets = marks.discs[None, :, :2] - begins[:, None]
        middle = np.einsum("ijk,ik->ij", offsets, vectors) / lengths[:, None] ** 2
        across_squared = (offsets**2).sum(axis=2) - (middle * lengths[:, None]) ** 2
        half = np.sqrt(np.maximum(marks.discs[None, :, 2] ** 2 - across_squared, 0)) / lengths[:, None]
        covers = (half > 0) & (middle + half > 0) & (middle - half < 1)
        at_begin, at_end = covers & (middle - half <= 0), covers & (middle + half >= 1)
        if (covers & ~at_begin & ~at_end & (2 * half > _MAX_HIDDEN_FRAC)).any() or (at_begin & at_end).any():
            raise ProofFailed("drawing_crowded", "letters hide a part of a bond")
        first = np.where(at_begin, middle + half, 0).max(axis=1)
        last = np.where(at_end, middle - half, 1).min(axis=1)
    if ((last - first) * lengths < _MIN_VISIBLE * bond_px).any():
        raise ProofFailed("drawing_crowded", "letters hide a bond")
    return np.concatenate([begins + first[:, None] * vectors, begins + last[:, None] * vectors], axis=1)


def _stereo_axes(marks: Marks) -> Floats:
    """(N, 4) the centre lines of wedges, then of hashes: x0, y0, x1, y1."""
    axes = [((a + d) / 2, (b + c) / 2) for a, b, c, d in marks.wedges]
    for strokes in marks.hashes:
        middles = (strokes[:, :2] + strokes[:, 2:]) / 2
        axes.append((middles[0], middles[-1]))
    return np.array([(*begin, *end) for begin, end in axes], np.float64).reshape(-1, 4)


def check_labels_clear(parts: Floats, char_boxes: Sequence[Floats], size_px: float, scale: float) -> None:
    """Raises ProofFailed where a bond runs through a label.

    Args:
        parts: (N, 4) visible parts of bonds, in px of the page.
        char_boxes: of each label, see `find_char_boxes`.
        size_px: font size of labels, in px of the picture.
        scale: px of the picture per px of the page.
    """
    if not char_boxes or not len(parts):
        return
    boxes = np.concatenate(char_boxes)
    inset = _CORNER_EM * size_px
    low, high = boxes[None, :, :2] + inset, boxes[None, :, 2:] - inset
    # (bonds, boxes, 2): the share of a bond at which it enters and leaves each box, by axis.
    begins, vectors = parts[:, None, :2] * scale, ((parts[:, 2:] - parts[:, :2]) * scale)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = (low - begins) / vectors, (high - begins) / vectors
    inside = (begins >= low) & (begins <= high)
    enter = np.where(vectors == 0, np.where(inside, -np.inf, np.inf), np.minimum(one, other)).max(axis=2)
    leave = np.where(vectors == 0, np.where(inside, np.inf, -np.inf), np.maximum(one, other)).min(axis=2)
    crossed = np.minimum(leave, 1) - np.maximum(enter, 0)
    if (crossed * np.hypot(vectors[..., 0], vectors[..., 1]) > _MAX_CROSSING_EM * size_px).any():
        raise ProofFailed("drawing_crowded", "a bond runs through letters")


def check_pixels(pixels: Pixels, style: Style, marks: Marks, parts: Floats, char_boxes: Sequence[Floats]) -> None:
    """Raises ProofFailed where a bond or character has no ink, or where ink is outside of all marks."""
    distance, scale = paper_distance(pixels, style.paper), style.scale
    height, width = distance.shape
    if len(marks.lines):
        shares = np.array([0.12, 0.3, 0.5, 0.7, 0.88])
        lines = parts[: len(marks.lines)] * scale
        points = lines[:, None, :2] + shares[:, None] * (lines[:, None, 2:] - lines[:, None, :2])
        xs, ys = (np.clip(points[..., axis].astype(int), 1, side - 2) for axis, side in ((0, width), (1, height)))
        levels = np.max([distance[ys + down, xs + right] for down in (-1, 0, 1) for right in (-1, 0, 1)], axis=0)
        if levels.min() < FAINT_LEVELS:
            raise ProofFailed("ink_missing", "a bond leaves none")
    inked = distance >= INK_LEVELS
    stray = inked.copy()
    half = style.stroke_px * scale
    mark_boxes = marks.boxes * scale + np.array([-half, -half, half, half])
    clear_boxes(stray, mark_boxes, _INK_MARGIN_PX)
    texts = [[char.text for char in label.chars] for label in marks.labels]
    for boxes, chars in zip(char_boxes, texts, strict=True):
        check_inked(distance, boxes)
        check_whole(inked, boxes, chars)
        clear_boxes(stray, boxes, _INK_MARGIN_PX)
    check_no_stray(stray)

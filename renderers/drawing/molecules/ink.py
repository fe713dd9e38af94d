"""The print of a sheet against its marks: every path and letter where the page has it, every stroke in the pixels.

And what can be read of it: letters that bonds or other letters run through are told.
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

ASIDE_PX = 1.0
"""How far from where the screen has it a sheet may print a mark, in px of the page."""

_NEAR_PX = 2
"""How far beside its box a mark may leave ink: antialiasing, rounding."""
_TOUCH_PX = 1.0
"""How deep letters may lie in each other: advances of neighbours do."""
_MIN_GAP = 0.25
"""Of sizes: between letters of two atoms."""
_BESIDE = 0.25
"""Of sizes: how far outside the box of its line a letter's ink may be. Boxes of lines that run downwards are narrow."""
_LEVEL = (0.1, 0.6)
"""Of sizes: a count that stands so much higher than its letter, or a charge so much lower, could be the other."""
_CORNER, _THROUGH = 0.1, 0.08
"""Of sizes: a bond may run so far over the edge of a letter's box, whose corners are empty; and through the rest."""
_CUT = 0.12
"""Part of a bond that the paper behind letters that are not its own may hide."""
_MIN_SEEN = 0.16
"""Least part of a bond between the letters of its ends."""


def find_paths(marks: Marks, paths: Paths, stroke_px: float, scale: float) -> None:
    """Raises ProofFailed where the print has other paths, or has them elsewhere."""
    first = len(paths.boxes) - len(marks.boxes)
    if first < 0 or first > 1:
        raise ProofFailed("ink_differs", f"{len(marks.boxes)} paths on the page, {len(paths.boxes)} in print")
    if not len(marks.boxes):
        return
    # pdfium adds a stroke's full thickness at each side.
    slack = np.where(marks.stroked, 1.5 * stroke_px, 0.0) + ASIDE_PX
    aside = np.abs(paths.boxes[first:] - marks.boxes * scale).max(axis=1) / scale
    if (aside > slack).any():
        worst = int((aside - slack).argmax())
        raise ProofFailed("ink_differs", f"path {worst} by {aside[worst]:.1f} px")


def find_letters(marks: Marks, glyphs: Glyphs, style: Style) -> list[Floats]:
    """The ink of each label: boxes (N, 4) in px of the picture, in the order of its signs.

    Raises:
        ProofFailed: a letter is missing, another one, of another font, or not where it belongs.
    """
    foreign = set(glyphs.font_names) - {faces.postscript_name(style.family, style.bold)}
    if foreign:
        raise ProofFailed("font_foreign", f"{', '.join(sorted(foreign))} drew letters")
    signs = [sign for label in marks.labels for sign in label.signs]
    if len(signs) != len(glyphs.text):
        raise ProofFailed("glyph_missing", f"{len(signs)} letters on the page, {len(glyphs.text)} in print")
    if not signs:
        return []
    wanted = np.array([sign.box for sign in signs]) * style.scale
    centres = (glyphs.tight[:, :2] + glyphs.tight[:, 2:]) / 2
    outside = np.maximum(wanted[:, None, :2] - centres, centres - wanted[:, None, 2:]).max(axis=2)
    middles = np.abs((wanted[:, None, :2] + wanted[:, None, 2:]) / 2 - centres).sum(axis=2)
    drawn = glyphs.text.replace(LINE_END_HYPHEN, "-")
    same = np.array([[sign.char == char for char in drawn] for sign in signs])
    taken = np.where(same & (outside <= _BESIDE * style.size_px * style.scale), middles, np.inf)
    nearest = taken.argmin(axis=1)
    if not np.isfinite(taken.min(axis=1)).all() or len(set(nearest.tolist())) < len(signs):
        raise ProofFailed("glyph_missing", "a letter is not where the page has it")
    tight = glyphs.tight[nearest]
    if (tight[:, 0] >= tight[:, 2]).any():
        raise ProofFailed("glyph_missing", "a letter without ink")
    ends = np.cumsum([len(label.signs) for label in marks.labels])[:-1]
    return np.split(tight, ends)


def check_letters(labels: Sequence[Label], letters: Sequence[Floats], size_px: float, scale: float) -> None:
    """Raises ProofFailed where letters hide each other, are far from their atom, or counts stand on the line."""
    boxes: list[Box] = []
    for label, found in zip(labels, letters, strict=True):
        symbol = union([tuple(box) for box in found[: len(label.element)].tolist()])
        x, y = (at * scale for at in label.place)
        slack = (0.2 + 0.2 * len(label.element)) * size_px
        if not (symbol[0] - slack <= x <= symbol[2] + slack and symbol[1] - slack <= y <= symbol[3] + slack):
            raise ProofFailed("label_astray", f"{label.element} is not at its atom")
        middle = float(found[0, 1] + found[0, 3]) / 2
        for at, sign in enumerate(label.signs):
            # In a line that runs downwards, counts stand under or over the letter, and not a little lower or higher.
            off = sign.shift * (float(found[at, 1] + found[at, 3]) / 2 - middle)
            if _LEVEL[0] * size_px < off < _LEVEL[1] * size_px:
                raise ProofFailed("label_unread", f"{sign.char} of {label.element} stands on the wrong level")
        boxes += [tuple(box) for box in found.tolist()]
    if first_overlap(boxes, _TOUCH_PX) is not None:
        raise ProofFailed("drawing_crowded", "letters lie on each other")
    _check_between(letters, size_px)


def _check_between(letters: Sequence[Floats], size_px: float) -> None:
    """Raises ProofFailed where letters of two atoms would be read together, as the O and the H of two that touch."""
    if len(letters) < 2:
        return
    boxes = np.concatenate(letters)
    owners = np.repeat(np.arange(len(letters)), [len(found) for found in letters])
    gaps = np.maximum(boxes[:, None, :2] - boxes[None, :, 2:], boxes[None, :, :2] - boxes[:, None, 2:]).max(axis=2)
    gaps[owners[:, None] == owners[None]] = np.inf
    if gaps.min() < _MIN_GAP * size_px:
        raise ProofFailed("drawing_crowded", "letters of two atoms all but touch")


def seen_parts(marks: Marks, bond_px: float) -> Floats:
    """(N, 4) of each line what the paper behind letters leaves, in px of the sheet.

    Raises:
        ProofFailed: paper hides the middle of a bond, or all of it.
    """
    segments = np.concatenate([marks.lines, _axes(marks)])
    if not len(segments):
        return segments
    begins, along = segments[:, :2], segments[:, 2:] - segments[:, :2]
    lengths = np.hypot(*along.T)
    first, last = np.zeros(len(segments)), np.ones(len(segments))
    if len(marks.discs):
        to = marks.discs[None, :, :2] - begins[:, None]
        middle = np.einsum("ijk,ik->ij", to, along) / lengths[:, None] ** 2
        aside = (to**2).sum(axis=2) - (middle * lengths[:, None]) ** 2
        half = np.sqrt(np.maximum(marks.discs[None, :, 2] ** 2 - aside, 0)) / lengths[:, None]
        covers = (half > 0) & (middle + half > 0) & (middle - half < 1)
        at_begin, at_end = covers & (middle - half <= 0), covers & (middle + half >= 1)
        if (covers & ~at_begin & ~at_end & (2 * half > _CUT)).any() or (at_begin & at_end).any():
            raise ProofFailed("drawing_crowded", "letters hide a part of a bond")
        first = np.where(at_begin, middle + half, 0).max(axis=1)
        last = np.where(at_end, middle - half, 1).min(axis=1)
    if ((last - first) * lengths < _MIN_SEEN * bond_px).any():
        raise ProofFailed("drawing_crowded", "letters hide a bond")
    return np.concatenate([begins + first[:, None] * along, begins + last[:, None] * along], axis=1)


def _axes(marks: Marks) -> Floats:
    """The middle lines of wedges and hashes."""
    axes = [((a + d) / 2, (b + c) / 2) for a, b, c, d in marks.wedges]
    for strokes in marks.hashes:
        middles = (strokes[:, :2] + strokes[:, 2:]) / 2
        axes.append((middles[0], middles[-1]))
    return np.array([(*begin, *end) for begin, end in axes], np.float64).reshape(-1, 4)


def check_letters_free(parts: Floats, letters: Sequence[Floats], size_px: float, scale: float) -> None:
    """Raises ProofFailed where a bond runs through letters."""
    if not letters or not len(parts):
        return
    boxes = np.concatenate(letters)
    inset = _CORNER * size_px
    low, high = boxes[None, :, :2] + inset, boxes[None, :, 2:] - inset
    begins, along = parts[:, None, :2] * scale, ((parts[:, 2:] - parts[:, :2]) * scale)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = (low - begins) / along, (high - begins) / along
    inside = (begins >= low) & (begins <= high)
    enter = np.where(along == 0, np.where(inside, -np.inf, np.inf), np.minimum(one, other)).max(axis=2)
    leave = np.where(along == 0, np.where(inside, np.inf, -np.inf), np.maximum(one, other)).min(axis=2)
    crossed = np.minimum(leave, 1) - np.maximum(enter, 0)
    if (crossed * np.hypot(along[..., 0], along[..., 1]) > _THROUGH * size_px).any():
        raise ProofFailed("drawing_crowded", "a bond runs through letters")


def check_pixels(pixels: Pixels, style: Style, marks: Marks, parts: Floats, letters: Sequence[Floats]) -> None:
    """Raises ProofFailed where a stroke or letter has no ink, or where ink is outside of all."""
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
    clear_boxes(stray, mark_boxes, _NEAR_PX)
    chars = [[sign.char for sign in label.signs] for label in marks.labels]
    for boxes, drawn in zip(letters, chars, strict=True):
        check_inked(distance, boxes)
        check_whole(inked, boxes, drawn)
        clear_boxes(stray, boxes, _NEAR_PX)
    check_no_stray(stray)

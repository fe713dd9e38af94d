"""Can it still be read? Measured on the text itself, against the clean picture moved the same way.

The smallest strings of a picture fail first, and any may lie under a glare or in a fold; so the smallest are looked at,
and others all over the page. A person needs three things: ink that stands out from its paper, strokes that are neither
gone nor grown together, and shapes that are still those shapes.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from renderers.core.boxes import Box
from renderers.core.colours import LINEAR
from renderers.core.renderer import Pixels, ProofFailed
from renderers.effects.geometry import Frame
from renderers.effects.tone import smooth, to_grey

UNREADABLE = "degraded_unreadable"
"""The reason of every rejection after a degradation."""

MIN_CONTRAST = 1.35
"""Contrast ratio (WCAG 2) of ink to paper. Measured: by eye, of 300 words all above are read, below 1.3 few are."""

MIN_LIKENESS = 0.8
"""Correlation of text with its clean self. Measured: of 300 words blurred, broken and noisy, a person reads those above
and guesses at half of those below 0.78."""

STROKE_RANGE = (0.6, 2.0)
"""Ink of a string relative to the clean one: below, strokes are missing; above, the holes of letters are closed."""

_NUM_SMALLEST = 12
_NUM_SPREAD = 24
_MAX_SIDE_PX = 240
_WIDEST_PX = 12.0
_MIN_CLEAN_CONTRAST = 1.5

Grey = npt.NDArray[np.float32]


Move: TypeAlias = tuple[Box, Box]
"""Where a string was on the clean picture, and where it is on the degraded one."""


class Reading(NamedTuple):
    """What was measured of the worst string.

    Attributes:
        contrast: ratio of the luminances of ink and paper, 1..21.
        likeness: correlation with the clean string, -1..1.
        stroke: ink relative to the clean string's, the furthest from 1.
        kept: contrast that is left of the clean string's, as a share of its logarithm, 0..1.
    """

    contrast: float
    likeness: float
    stroke: float
    kept: float

    def check(self) -> None:
        """Raises ProofFailed where it cannot be read."""
        if self.contrast < MIN_CONTRAST:
            raise ProofFailed(UNREADABLE, f"contrast {self.contrast:.2f}")
        if not STROKE_RANGE[0] <= self.stroke <= STROKE_RANGE[1]:
            raise ProofFailed(UNREADABLE, f"{self.stroke:.2f} of its ink")
        if self.likeness < MIN_LIKENESS:
            raise ProofFailed(UNREADABLE, f"likeness {self.likeness:.2f}")


_LOST = Reading(1.0, 0.0, 0.0, 0.0)
"""The reading of a string that has no ink in its box."""


def stroke_width(image: Pixels, boxes: Sequence[Box]) -> float:
    """Width in px of the strokes of the smallest text, 1 at least: ink / runs of ink, along and across."""
    grey = to_grey(image)
    widths = []
    chosen = _chosen([(box, box) for box in boxes], _NUM_SMALLEST, 0)
    whole = (0.0, 0.0, float(grey.shape[1]), float(grey.shape[0]))
    for box, _ in chosen or [(whole, whole)]:
        crop = grey[_crop_of(box, grey.shape, 2)]
        dark = _darker(crop)
        if dark is None:
            continue
        relief = _relief(crop, dark, _WIDEST_PX / 3)
        ink = relief > 0.5 * relief.max()
        along = np.count_nonzero(ink[:, 1:] & ~ink[:, :-1])
        down = np.count_nonzero(ink[1:] & ~ink[:-1])
        if along and down:
            widths.append(np.count_nonzero(ink) / max(along, down))
    return float(np.clip(np.median(widths), 1.0, _WIDEST_PX)) if widths else 1.5


def read_worst(
    clean: Pixels, degraded: Pixels, moves: Sequence[Move], frame: Frame | None, stroke_px: float
) -> Reading | None:
    """The worst of the strings that are looked at; None where a picture has none.

    Args:
        clean: the picture before, (H, W) or (H, W, 3).
        degraded: afterwards.
        moves: the box of each string on the one and on the other.
        frame: the map from `clean` to `degraded`; None where nothing moved.
        stroke_px: width of the smallest text's strokes.
    """
    before, after = to_grey(clean), to_grey(degraded)
    room_px = round(1.5 * stroke_px) + 1
    readings = []
    for old, new in _chosen(moves, _NUM_SMALLEST, _NUM_SPREAD):
        dark = _darker(before[_crop_of(old, before.shape, room_px)])
        if dark is None:
            continue
        crop = _crop_of(new, after.shape, room_px)
        was = before[crop] if frame is None else frame.read_at(before, *crop)
        reading = _reading(was, after[crop], dark, stroke_px)
        if reading is not None:
            readings.append(reading)
    if not readings:
        return None
    contrasts, likenesses, strokes, kept = zip(*readings, strict=True)
    stroke = max(strokes, key=lambda stroke: abs(math.log(max(stroke, 1e-3))))
    return Reading(min(contrasts), min(likenesses), stroke, min(kept))


def _reading(was: Pixels, now: Pixels, dark: bool, stroke_px: float) -> Reading | None:
    was, now = smooth(was, 0.4 * stroke_px), smooth(now, 0.4 * stroke_px)
    before, after = _relief(was, dark, stroke_px), _relief(now, dark, stroke_px)
    deep = float(before.max())
    if deep == 0:
        return _LOST
    ink, paper = (before > 0.5 * deep).view(np.uint8), (before <= 0.2 * deep).view(np.uint8)
    clean = _contrast(was, ink, paper, dark)
    if clean < _MIN_CLEAN_CONTRAST:
        return None  # A mark rather than a string, or a string on a mark of its own darkness.
    seen = _contrast(now, ink, paper, dark)
    kept = min(1.0, max(0.0, math.log(seen)) / math.log(clean))
    inked = np.count_nonzero((after > 0.5 * cv2.mean(after, ink)[0]) & ((ink | paper) > 0))
    return Reading(seen, _likeness(was, now, stroke_px), inked / np.count_nonzero(ink), kept)


def _relief(crop: Pixels, dark: bool, stroke_px: float) -> Pixels:
    """How far each pixel differs from the paper around it, whatever light falls on it: 0 is paper."""
    around = np.ones((2 * round(3 * stroke_px) + 1,) * 2, np.uint8)
    how = cv2.MORPH_BLACKHAT if dark else cv2.MORPH_TOPHAT
    return np.asarray(cv2.morphologyEx(crop, how, around), np.uint8)


def _darker(crop: Pixels) -> bool | None:
    """Whether the ink of a clean string is darker than its paper; None where nothing is inked."""
    if min(crop.shape) < 3:
        return None
    rim = np.sort(np.concatenate([crop[0], crop[-1], crop[:, 0], crop[:, -1]]))
    paper_level = float(rim[rim.size // 2])
    below, above = paper_level - float(crop.min()), float(crop.max()) - paper_level
    return None if max(below, above) < 12 else below >= above


def _contrast(crop: Pixels, ink: Pixels, paper: Pixels, dark: bool) -> float:
    """Contrast ratio of the ink to the paper; below 1 where it is inverted."""
    a, b = (float(LINEAR[round(cv2.mean(crop, mask)[0])]) + 0.05 for mask in (ink, paper))
    return b / a if dark else a / b


def _likeness(was: Pixels, now: Pixels, stroke_px: float) -> float:
    """Correlation of two crops after what varies slowly is taken away: light, stains, shadows."""
    a, b = (_detail(crop, 2 * round(4 * stroke_px) + 1) for crop in (was, now))
    return float((a * b).sum()) / math.sqrt(float((a * a).sum()) * float((b * b).sum()) + 1e-6)


def _detail(crop: Pixels, side_px: int) -> Grey:
    values = crop.astype(np.float32)
    values -= cv2.blur(values, (side_px, side_px), borderType=cv2.BORDER_REFLECT)
    return np.asarray(values - values.mean(), np.float32)


def _chosen(moves: Sequence[Move], num_smallest: int, num_spread: int) -> list[Move]:
    """The strings with the smallest boxes on the clean picture, and others spread over all."""
    if not moves:
        return []
    edges = np.array([old for old, _ in moves], np.float64)
    narrow = np.minimum(edges[:, 2] - edges[:, 0], edges[:, 3] - edges[:, 1])
    real = np.flatnonzero(narrow >= 3)
    smallest = real[np.argsort(narrow[real], kind="stable")[:num_smallest]]
    spread = real[:: max(1, len(real) // num_spread)][:num_spread] if num_spread else real[:0]
    return [moves[index] for index in dict.fromkeys([*smallest.tolist(), *spread.tolist()])]


def _crop_of(box: Box, shape: Iterable[int], room_px: int) -> tuple[slice, slice]:
    """Rows and columns of a box with some room around it; of the middle of a large one."""
    height, width = tuple(shape)[:2]
    spans = []
    for low, high, length in ((box[1], box[3], height), (box[0], box[2], width)):
        less = max(0.0, high - low - _MAX_SIDE_PX) / 2
        start = min(max(0, int(low + less) - room_px), length - 1)
        spans.append(slice(start, max(start + 1, min(length, int(np.ceil(high - less)) + room_px))))
    return spans[0], spans[1]

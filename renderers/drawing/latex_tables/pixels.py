"""What the picture itself shows: whether each glyph has its ink, what touches a text, where rules run."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from renderers.core.renderer import Pixels

Boxes: TypeAlias = npt.NDArray[np.int64]
"""(N, 4) whole px: x0, y0, x1, y1, the ends exclusive."""

_MIN_INK = 0.25
"""The part of the way from the ground's colour to the text's that some pixel of each glyph must go."""

_MIN_DOT_INK = 0.06
"""The same for glyphs of a few pixels: points, commas, accents."""

_MAX_TOUCHED = 0.55
"""The part of that way that pixels next to a text may go."""

_MAX_UNEVEN = 14.0
"""Mean difference of the pixels of one line in a rule, of 255: a line through letters has ten times that."""

_RULE_INK = 0.2
"""The part of the way from paper to its ink that a rule goes: one of 0.4 pt is half a pixel wide."""

_NEAR_PX = 3


def whole(boxes: npt.NDArray[np.float64], pixels: Pixels) -> Boxes:
    """The whole pixels around some boxes."""
    height, width = pixels.shape[:2]
    edges = np.concatenate([np.floor(boxes[:, :2]), np.ceil(boxes[:, 2:])], axis=1).astype(np.int64)
    edges[:, 2:] = np.maximum(edges[:, 2:], edges[:, :2] + 1)
    edges[:, 0::2] = edges[:, 0::2].clip(0, width)
    edges[:, 1::2] = edges[:, 1::2].clip(0, height)
    return edges


def _distances(
    boxes: Boxes, pixels: Pixels, lights: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """How far the green of each pixel of each box is from that box's, box after box, and where each begins.

    Green alone tells ink from ground: texts are dark on light or white on dark.
    """
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    sizes = wide * high
    starts = np.cumsum(sizes) - sizes
    owner = np.repeat(np.arange(len(boxes)), sizes)
    within = np.arange(int(sizes.sum())) - starts[owner]
    down, right = np.divmod(within, wide[owner])
    at = ((boxes[owner, 1] + down) * pixels.shape[1] + boxes[owner, 0] + right) * 3 + 1
    return np.abs(pixels.reshape(-1)[at].astype(np.int64) - lights[owner]), starts


def first_hidden(
    boxes: Boxes, pixels: Pixels, inks: npt.NDArray[np.int64], grounds: npt.NDArray[np.int64]
) -> int | None:
    """The first of some glyphs that leaves no ink of its colour; all boxes hold pixels."""
    far, starts = _distances(boxes, pixels, inks)
    nearest = np.minimum.reduceat(far, starts)
    way = np.abs(inks - grounds)
    small = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) <= 3
    hidden = nearest > way * (1 - np.where(small, _MIN_DOT_INK, _MIN_INK))
    return int(np.argmax(hidden)) if hidden.any() else None


def first_touched(
    boxes: Boxes, pixels: Pixels, inks: npt.NDArray[np.int64], grounds: npt.NDArray[np.int64]
) -> int | None:
    """The first of some texts that something touches: something reaches its box from outside."""
    height, width = pixels.shape[:2]
    x0, y0, x1, y1 = boxes.T
    sides = (
        ((x0, y0 - 1, x1, y0), (0, -1)),
        ((x0, y1, x1, y1 + 1), (0, 1)),
        ((x0 - 1, y0, x0, y1), (-1, 0)),
        ((x1, y0, x1 + 1, y1), (1, 0)),
    )
    near = np.concatenate([np.stack(side, axis=1) for side, _ in sides])
    beyond = near + np.repeat([(*step, *step) for _, step in sides], len(boxes), axis=0)
    owner = np.tile(np.arange(len(boxes)), 4)
    seen = (beyond[:, :2] >= 0).all(axis=1) & (beyond[:, 2] <= width) & (beyond[:, 3] <= height)
    near, beyond, owner = near[seen], beyond[seen], owner[seen]
    if not len(owner):
        return None
    # What crosses a text crosses both lines of pixels; a rule that runs along it lies in one.
    far, starts = _distances(near, pixels, grounds[owner])
    farther, _ = _distances(beyond, pixels, grounds[owner])
    way = np.abs(inks - grounds)[owner]
    touched = np.maximum.reduceat(np.minimum(far, farther), starts) > way * _MAX_TOUCHED
    return int(owner[np.argmax(touched)]) if touched.any() else None


def runs_across(pixels: Pixels, box: tuple[float, float, float, float], light: int, upright: bool) -> bool:
    """Whether a rule runs over the whole length of a box, somewhere in it; `light` is the green of its ink."""
    height, width = pixels.shape[:2]
    x0, y0 = max(0, round(box[0])), max(0, round(box[1]))
    x1, y1 = min(width, round(box[2])), min(height, round(box[3]))
    if x1 <= x0 or y1 <= y0:
        return False
    patch = pixels[y0:y1, x0:x1, 1].astype(np.float32)
    if upright:
        patch = patch.T
    lines = patch.mean(axis=1)
    even = np.abs(patch - lines[:, None]).mean(axis=1) < _MAX_UNEVEN
    # A rule is darker than what lies a few pixels above or below it.
    padded = np.pad(lines, _NEAR_PX, mode="edge")
    beside = np.maximum(padded[: len(lines)], padded[2 * _NEAR_PX :])
    return bool((even & (beside - lines > (255 - light) * _RULE_INK)).any())

"""Whether glyphs are whole in the picture: their ink reaches all four sides of the boxes of their outlines.

The paper's edge, a box that hides what overflows it, something painted over a line: each may cut letters that the text
layer of the print still has whole. So the pixels are asked, at the four sides of each letter.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from renderers.core.renderer import ProofFailed
from renderers.drawing.printed.ink import Mask

Pixel = npt.NDArray[np.int64]
"""Row or column of each of N boxes, (N,)."""

_STEPS_PX = (1, 2, 3, 0, 4, 5)
"""Px of the picture within a side at which ink is looked for, the likeliest first. Measured: of 136,000 letters of
160 pages one begins more than 4 px within, the thin end of an f."""

_SIZE_PX = 20
"""Letters twice, thrice as large as this are looked at with steps twice, thrice as long: pdfium's boxes of bold Chinese
characters are wider than their ink by an eighth."""

_NUM_LOOKS = 24
"""Px of a side at which each row is looked at first, from one end to the other: all of most letters."""


def check_whole(mask: Mask, boxes: npt.NDArray[np.float64], texts: Sequence[str]) -> None:
    """Compares the ink of glyphs with their outlines.

    Args:
        mask: ink of the picture.
        boxes: (N, 4), x0, y0, x1, y1 in px around the outlines; those without an area are left out.
        texts: N, what the glyphs are, for the message.

    Raises:
        ProofFailed: the ink of one ends before its outline does (`text_cut`).
    """
    seen = np.flatnonzero((boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1]))
    if not len(seen):
        return
    whole = boxes[seen]
    x0, y0 = np.floor(whole[:, :2]).astype(np.int64).T
    x1, y1 = np.ceil(whole[:, 2:]).astype(np.int64).T
    down, right = (np.maximum(1, extent // _SIZE_PX) for extent in (y1 - y0, x1 - x0))
    inked = _has_ink(mask, y0, down, x0, x1) & _has_ink(mask, y1 - 1, -down, x0, x1)
    inked &= _has_ink(mask.T, x0, right, y0, y1) & _has_ink(mask.T, x1 - 1, -right, y0, y1)
    if not inked.all():
        first = seen[int(np.argmin(inked))]
        raise ProofFailed("text_cut", f"{texts[first]!r} is cut at {boxes[first].round(1).tolist()}")


def _has_ink(mask: Mask, side: Pixel, inwards: Pixel, begin: Pixel, end: Pixel) -> npt.NDArray[np.bool_]:
    """(N,), whether ink begins at the upper or lower side of each box; `mask.T` has left and right.

    Args:
        mask: ink.
        side: (N,), the row of the side.
        inwards: (N,), rows of a step into the box: below 0 from its lower side.
        begin: (N,), its first column.
        end: (N,), the one behind its last.
    """
    height, width = mask.shape
    inked = np.zeros(len(side), bool)
    # First a look at some px of each, then, where that found none, at every px: thin strokes stand between.
    for num_looks in (_NUM_LOOKS, int((end - begin).max())):
        open_boxes = np.flatnonzero(~inked)
        extents = (end - begin - 1)[open_boxes, None]
        columns = begin[open_boxes, None] + (np.linspace(0, 1, num_looks) * extents).astype(np.int64)
        columns = columns.clip(0, width - 1)
        for step in _STEPS_PX:
            rows = side[open_boxes] + inwards[open_boxes] * step
            hit = mask[rows.clip(0, height - 1)[:, None], columns].any(axis=1) & (rows >= 0) & (rows < height)
            inked[open_boxes] = hit
            open_boxes, columns = open_boxes[~hit], columns[~hit]
    return inked

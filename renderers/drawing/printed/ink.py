"""Ink of a print: which pixels differ from the paper, what stands in a box, and what stands in none.

Paper is the colour that was asked for, where a picture has one, or else the commonest level of the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renderers.core.boxes import Box, first_overlap
from renderers.core.colours import rgb
from renderers.core.renderer import Pixels, ProofFailed, Region

Mask = npt.NDArray[np.bool_]
"""(H, W), whether a pixel is ink."""

INK_LEVELS = 40
"""Least difference of a channel from the paper, of 255, that is ink."""

FAINT_LEVELS = 12
"""The same where ink is looked for: a thin rule may cover a part of a pixel."""

_PAPER_STEP_PX = 4
"""Every so many rows and columns are asked which level is the commonest."""

_INNER_KINDS = ("word", "cell", "inline_formula", "atom", "bond")
"""Regions that stand within a line, or within a block that has no lines."""


@dataclass(frozen=True, slots=True)
class Ink:
    """The ink in the box of a line.

    Attributes:
        box: around it, in px of the picture.
        columns: ascending px from the left edge of the picture that have ink.
    """

    box: Box
    columns: npt.NDArray[np.int64]

    def parts(self, sides: Sequence[tuple[int, int]]) -> list[Box | None]:
        """The ink between a left and a right px, for each pair of them; None where there is none.

        Each is as high as the line: letters of a word alone would make its box jump.
        """
        found = np.searchsorted(self.columns, sides).tolist()
        columns, (_, top, _, bottom) = self.columns, self.box
        return [
            (float(columns[first]), top, float(columns[last - 1] + 1), bottom) if first < last else None
            for first, last in found
        ]


def ink_mask(picture: Pixels) -> Mask:
    """Which pixels differ from the commonest level of the page, its paper; of RGB green is asked, the lightest."""
    level = picture if picture.ndim == 2 else np.ascontiguousarray(picture[:, :, 1])
    sample = level[::_PAPER_STEP_PX, ::_PAPER_STEP_PX]
    paper = int(np.bincount(sample.ravel(), minlength=256).argmax())
    if paper + INK_LEVELS >= 255:
        return np.asarray(level < paper - INK_LEVELS)
    lighter = np.asarray(level > paper + INK_LEVELS)
    return lighter if paper < INK_LEVELS else np.asarray(lighter | (level < paper - INK_LEVELS))


def paper_distance(pixels: Pixels, paper: str) -> Pixels:
    """(H, W), how far each pixel is from the paper "#rrggbb", 0..255, in the channel where it is farthest."""
    levels = [np.uint8(channel) for channel in rgb(paper)]
    if pixels.ndim == 2:
        return np.maximum(pixels, levels[0]) - np.minimum(pixels, levels[0])
    channels = [np.maximum(pixels[..., at], levels[at]) - np.minimum(pixels[..., at], levels[at]) for at in range(3)]
    farthest: Pixels = np.maximum(np.maximum(channels[0], channels[1]), channels[2])
    return farthest


def find_ink(mask: Mask, box: Box, text: str, beside_px: float = 0.0) -> Ink:
    """The ink in a box.

    Args:
        mask: of the picture.
        box: in px of the picture.
        text: that should stand there.
        beside_px: how far it may reach out of the box at its left and right.

    Raises:
        ProofFailed: there is none (`glyph_missing`).
    """
    height, width = mask.shape
    x0, x1 = max(0, int(box[0] - beside_px)), min(width, int(np.ceil(box[2] + beside_px)))
    y0, y1 = max(0, int(box[1])), min(height, int(np.ceil(box[3])))
    part = mask[y0:y1, x0:x1]
    columns, rows = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
    if not len(columns):
        raise ProofFailed("glyph_missing", f"{text!r} has no ink at {box}")
    around = (float(x0 + columns[0]), float(y0 + rows[0]), float(x0 + columns[-1] + 1), float(y0 + rows[-1] + 1))
    return Ink(around, x0 + columns)


def check_edges(ink: Box, line: Box, mask: Mask, text: str) -> None:
    """Compares a line's ink with the edges of the picture.

    Raises:
        ProofFailed: it goes on beyond the picture, reaching an edge that its line reaches over (`text_cut`).
    """
    height, width = mask.shape
    if (
        (line[0] < 0 and ink[0] <= 0)
        or (line[1] < 0 and ink[1] <= 0)
        or (line[2] > width and ink[2] >= width)
        or (line[3] > height and ink[3] >= height)
    ):
        raise ProofFailed("text_cut", f"{text!r} is cut at the edge of the page")


def check_lines_apart(regions: Sequence[Region], slack_px: float) -> None:
    """Compares the boxes of all lines.

    Args:
        regions: in reading order, each block before its lines.
        slack_px: how deep two may lie in each other: marks of one reach between those of the next.

    Raises:
        ProofFailed: two lie deeper in each other (`text_overlap`).
    """
    # A block of one line has no region of kind line: its own is the line.
    single = {at for at, region in enumerate(regions) if region.kind not in ("line", *_INNER_KINDS)}
    single -= {at - 1 for at, region in enumerate(regions) if region.kind == "line"}
    boxes = [region.box for at, region in enumerate(regions) if region.kind == "line" or at in single]
    pair = first_overlap(boxes, slack_px)
    if pair is not None:
        raise ProofFailed("text_overlap", f"lines at {boxes[pair[0]]} and {boxes[pair[1]]}")


def pixel_boxes(boxes: npt.NDArray[np.float64], slack_px: int) -> npt.NDArray[np.int64]:
    """(N, 4), whole px around boxes (N, 4) and so many more, none below 0."""
    low = np.maximum(np.floor(boxes[:, :2]).astype(np.int64) - slack_px, 0)
    return np.concatenate([low, np.ceil(boxes[:, 2:]).astype(np.int64) + slack_px], axis=1)


def check_inked(distance: Pixels, boxes: npt.NDArray[np.float64]) -> None:
    """Raises ProofFailed (`ink_missing`) where one of N boxes (N, 4) has nothing; `distance` is from the paper."""
    for x0, y0, x1, y1 in pixel_boxes(boxes, 0).tolist():
        if distance[y0:y1, x0:x1].max(initial=0) < FAINT_LEVELS:
            raise ProofFailed("ink_missing", f"nothing shows at {x0}, {y0}")


def clear_boxes(stray: Mask, boxes: npt.NDArray[np.float64], slack_px: int) -> None:
    """Takes from a mask what stands in boxes (N, 4), and so many px around them."""
    for x0, y0, x1, y1 in pixel_boxes(boxes, slack_px).tolist():
        stray[y0:y1, x0:x1] = False


def check_no_stray(stray: Mask) -> None:
    """Raises ProofFailed (`ink_extra`) where ink is left that no box holds."""
    if stray.any():
        y, x = (int(at[0]) for at in np.nonzero(stray))
        height, width = stray.shape
        raise ProofFailed(
            "ink_extra", f"{int(stray.sum())} px of ink in no mark, first at {x}, {y} of {width} x {height}"
        )

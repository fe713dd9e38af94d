"""How a line of text stands in the finished picture: its contrast, whether all of it shows, and what runs into it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renderers.content import palettes
from renderers.core.colours import to_hex
from renderers.core.renderer import Pixels
from renderers.engines.pdf import Glyphs

_MIN_INK = 0.25
"""The part of the way from the paper's colour to the text's that some pixel of each glyph must go: thin strokes of
small text are half paper, covered text is none."""

_MIN_DOT_INK = 0.08
"""The same for glyphs of a few pixels: points, commas."""

MAX_CROSSED = 0.35
"""The part of that way that what reaches a text from outside may go: lines of the grid do, edges of marks do not."""

_RINGS = 2
"""Px around the ink that must be paper. What enters crosses all of it; the edge of a patch of paper that was laid
under the text, to hold lines off it, lies in one ring only, as does the soft edge of the text itself."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a line of text stands in a picture.

    Attributes:
        contrast: ratio by WCAG 2 of the text's colour to the paper around it.
        hidden: the first glyph that does not show, None where all do.
        crossed: 0..1: 0 where there is only paper around the text, 1 where something as strong as the text touches it.
    """

    contrast: float
    hidden: int | None
    crossed: float


def look(glyphs: Glyphs, members: Sequence[int], pixels: Pixels, upright: bool) -> Look:
    """How the line of the glyphs `members` stands in (H, W, 3) pixels."""
    indices = list(members)
    boxes = glyphs.tight[indices]
    x0, y0, x1, y1 = _pixel_box(boxes, pixels)
    patch = pixels[y0:y1, x0:x1].astype(np.int16)
    # Upright text has its paper above and below; around turned text stand its neighbours.
    rim = np.concatenate([patch[0], patch[-1]]) if upright else patch.reshape(-1, 3)
    paper = np.partition(rim, len(rim) // 2, axis=0)[len(rim) // 2]
    ink = glyphs.colours[indices[0], :3].astype(np.int16)
    way = int(np.abs(paper - ink).sum())
    far = np.abs(patch - ink).sum(axis=2)
    return Look(
        contrast=palettes.contrast(to_hex(ink.tolist()), to_hex(paper.tolist())),
        hidden=_first_hidden(indices, boxes - (x0, y0, x0, y0), far, way, upright),
        crossed=_crossed(np.abs(patch - paper).sum(axis=2)) / max(1, way),
    )


def _first_hidden(
    members: list[int], boxes: npt.NDArray[np.float64], far: npt.NDArray[np.int16], way: int, upright: bool
) -> int | None:
    edges = np.concatenate([np.floor(boxes[:, :2]), np.ceil(boxes[:, 2:])], axis=1).astype(int).clip(0)
    columns = far.min(axis=0).tolist() if upright else None
    for glyph, (left, top, right, bottom) in zip(members, edges.tolist(), strict=True):
        min_ink = _MIN_INK if right - left > 3 and bottom - top > 3 else _MIN_DOT_INK
        nearest = min(columns[left:right]) if columns else far[top:bottom, left:right].min()
        if nearest > way * (1 - min_ink):
            return glyph
    return None


def _crossed(off: npt.NDArray[np.int16]) -> int:
    """The strongest thing that crosses both rings of a patch, of which `off` tells how far each pixel is from paper.

    A stroke goes as far as its weaker end; one that slants stands in the inner ring at most a pixel beside where it
    stood in the outer one.
    """
    strongest = 0
    for outer, inner in ((off[0], off[1]), (off[-1], off[-2]), (off[:, 0], off[:, 1]), (off[:, -1], off[:, -2])):
        near = np.maximum(np.maximum(outer[:-2], outer[1:-1]), outer[2:])
        strongest = max(strongest, int(np.minimum(near, inner[1:-1]).max()))
    return strongest


def _pixel_box(boxes: npt.NDArray[np.float64], pixels: Pixels) -> tuple[int, int, int, int]:
    """The whole pixels around some boxes, and the rings around those."""
    height, width = pixels.shape[:2]
    return (
        max(0, int(boxes[:, 0].min()) - _RINGS),
        max(0, int(boxes[:, 1].min()) - _RINGS),
        min(width, int(np.ceil(boxes[:, 2].max())) + _RINGS),
        min(height, int(np.ceil(boxes[:, 3].max())) + _RINGS),
    )

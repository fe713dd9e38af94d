"""Boxes (x0, y0, x1, y1) in px, y down, and the few questions that proofs ask of them."""

from collections.abc import Sequence
from typing import TypeAlias

Box: TypeAlias = tuple[float, float, float, float]

GOT_SIDE_PX = 1024
"""GOT squashes every picture to this square. Source: GOT paper, section 3.2."""


def union(boxes: Sequence[Box]) -> Box:
    """The smallest box around all."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def inside(box: Box, width_px: float, height_px: float, slack_px: float = 0.5) -> bool:
    """Whether a box lies in a picture, up to a slack in px."""
    return (
        box[0] >= -slack_px and box[1] >= -slack_px and box[2] <= width_px + slack_px and box[3] <= height_px + slack_px
    )


def overlap_px(a: Box, b: Box) -> float:
    """How deep two boxes lie in each other: the smaller side of their intersection, 0 when apart."""
    if a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]:
        return 0.0
    return min(min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1]))


def first_overlap(boxes: Sequence[Box], slack_px: float = 1.0) -> tuple[int, int] | None:
    """Indices of two boxes that overlap by more than the slack, or None; O(n log n) for boxes spread in y."""
    order = sorted(range(len(boxes)), key=lambda at: boxes[at][1])
    for rank, at in enumerate(order):
        for other in order[rank + 1 :]:
            if boxes[other][1] >= boxes[at][3]:
                break
            if overlap_px(boxes[at], boxes[other]) > slack_px:
                return (at, other)
    return None


def height_at_got(height_px: float, width_px: int, image_height_px: int, rotated: bool = False) -> float:
    """Height of upright (or by 90 degrees rotated) text after the picture is squashed to GOT's square."""
    return height_px * GOT_SIDE_PX / (width_px if rotated else image_height_px)

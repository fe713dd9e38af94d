"""How pixels and boxes move together: all geometric effects of a chain are one map, and pixels are read once.

Effects map points of the source picture to the new one. Boxes follow that map; pixels need its inverse, which is solved
on a coarse grid and enlarged. The new picture is as large as needed to hold the whole source.
"""

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from renderers.core.boxes import Box
from renderers.core.renderer import Pixels
from renderers.effects.effect import Geometric, Points

Floats: TypeAlias = npt.NDArray[np.float32]

_CELL_PX = 16
"""Cell size of the coarse grid. Measured: enlarging from it is wrong by less than 0.1 px for the steepest effects."""

_NEAR_PX = 0.02
_MAX_ROUNDS = 16
"""Limits of solving for the inverse. Measured: 3 rounds are usual; 16 fail only far outside the source."""

_LONG_PX = 120.0
_LONG_POINTS = 16
_SHORT_POINTS = 4
"""Points on each edge of a box."""


class Frame:
    """The map from a source picture to a new picture.

    Args:
        effects: in the order in which they happen.
        width, height: of the source, px.
        margin_px: around it in the new picture.
        window: the part of the source that must be in the new picture; by default all of it.

    Attributes:
        width, height: of the new picture, px.
    """

    def __init__(
        self, effects: Sequence[Geometric], width: int, height: int, margin_px: int = 0, window: Box | None = None
    ) -> None:
        self._effects = effects
        self._source_size = (width, height)
        self._window = window or (0.0, 0.0, float(width), float(height))
        self._origin = np.zeros(2)
        around = self.outline(64)
        self._origin = np.floor(around.min(axis=0)) - margin_px
        far = np.ceil(around.max(axis=0)) + margin_px - self._origin
        self.width, self.height = int(far[0]), int(far[1])

    def outline(self, num: int, inset_px: float = 0.0) -> Points:
        """The edge of the source, or of its window, in the new picture: a polygon of 4 x `num` points."""
        x0, y0, x1, y1 = self._window
        inner = np.array([[x0 + inset_px, y0 + inset_px, x1 - inset_px, y1 - inset_px]])
        return self.forward(_edges(inner, num)[0])

    def reach(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Least and greatest x, y of the source plane that the new picture shows; they may be outside the source."""
        points = self._backward(_edges(np.array([[0.0, 0.0, self.width, self.height]]), 32)[0])
        low, high = np.floor(points.min(axis=0)), np.ceil(points.max(axis=0))
        return (int(low[0]), int(low[1])), (int(high[0]), int(high[1]))

    def forward(self, points: Points) -> Points:
        """Points (N, 2) of the source in the new picture, px."""
        for effect in self._effects:
            points = effect.forward(points, *self._source_size)
        return np.asarray(points - self._origin)

    def move(self, boxes: Sequence[Box]) -> list[Box]:
        """The boxes around the same content in the new picture."""
        if not boxes:
            return []
        before = np.array(boxes, np.float64)
        after = np.empty_like(before)
        long = (before[:, 2:] - before[:, :2]).max(axis=1) > _LONG_PX
        for which, num in ((long, _LONG_POINTS), (~long, _SHORT_POINTS)):
            edges = _edges(before[which], num)
            moved = self.forward(edges.reshape(-1, 2)).reshape(edges.shape)
            if len(moved):
                after[which] = np.hstack([moved.min(axis=1), moved.max(axis=1)])
        x0, y0, x1, y1 = after.clip(0, (self.width, self.height) * 2).T.tolist()
        return list(zip(x0, y0, x1, y1, strict=True))

    def read(self, image: Pixels) -> Pixels:
        """The new picture; outside the source, its outermost pixels are repeated."""
        return self.read_at(image, slice(0, self.height), slice(0, self.width))

    def read_at(self, image: Pixels, rows: slice, columns: slice) -> Pixels:
        """A part of the new picture."""
        x, y = self.sources(rows, columns)
        return np.asarray(cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)

    def sources(self, rows: slice, columns: slice) -> tuple[Floats, Floats]:
        """Which point of the source each pixel of a part shows: x (H, W) and y (H, W), as `cv2.remap` counts them."""
        top, bottom = rows.start // _CELL_PX, -(-rows.stop // _CELL_PX) + 2
        left, right = columns.start // _CELL_PX, -(-columns.stop // _CELL_PX) + 2
        size = ((right - left) * _CELL_PX, (bottom - top) * _CELL_PX)
        # Enlarging repeats the outermost half cells, so there is one cell more on each side.
        first, before = rows.start - (top - 1) * _CELL_PX, columns.start - (left - 1) * _CELL_PX
        part = np.s_[first : first + rows.stop - rows.start, before : before + columns.stop - columns.start]
        large = (np.asarray(cv2.resize(nodes[top:bottom, left:right], size), np.float32) for nodes in self._nodes)
        x, y = (plane[part] for plane in large)
        return x, y

    @cached_property
    def _nodes(self) -> tuple[Floats, Floats]:
        """`sources` at the middles of the coarse grid's cells; the first cell is left of and above the picture."""
        columns, rows = -(-self.width // _CELL_PX) + 2, -(-self.height // _CELL_PX) + 2
        x, y = np.meshgrid((np.arange(columns) - 0.5) * _CELL_PX, (np.arange(rows) - 0.5) * _CELL_PX)
        nodes = (self._backward(np.column_stack([x.ravel(), y.ravel()])) - 0.5).astype(np.float32)
        return nodes[:, 0].reshape(rows, columns).copy(), nodes[:, 1].reshape(rows, columns).copy()

    def _backward(self, targets: Points) -> Points:
        """The points of the source that map to `targets`."""
        width, height = self._source_size
        x, y = np.meshgrid(np.linspace(0, width, 7), np.linspace(0, height, 7))
        known = np.column_stack([x.ravel(), y.ravel()])
        # The best affine guess, corrected by what it misses; the maps are near to affine, so this converges fast.
        back, *_ = np.linalg.lstsq(np.column_stack([self.forward(known), np.ones(len(known))]), known, rcond=None)
        points = _linear(targets, back[:2]) + back[2]
        for _ in range(_MAX_ROUNDS):
            missed = targets - self.forward(points)
            if abs(missed).max() < _NEAR_PX:
                break
            points += _linear(missed, back[:2])
        return np.asarray(points)


def _edges(boxes: npt.NDArray[np.float64], num: int) -> npt.NDArray[np.float64]:
    """(N, 4) boxes -> (N, 4 x num, 2) points around each."""
    x0, y0, x1, y1 = boxes.T
    corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]).transpose(2, 0, 1)
    share = np.linspace(0, 1, num, endpoint=False)[None, :, None]
    sides = [a[:, None] * (1 - share) + b[:, None] * share for a, b in pairwise(corners.swapaxes(0, 1))]
    return np.concatenate(sides, axis=1)


def _linear(points: Points, matrix: npt.NDArray[np.floating[Any]]) -> Points:
    # Written out: for two columns BLAS costs more than it saves, and its last digits depend on the processor.
    x, y = points[:, :1], points[:, 1:]
    return np.asarray(x * matrix[0] + y * matrix[1])

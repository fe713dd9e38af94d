"""Random fields over a picture, made small and enlarged: what is smooth needs no pixel of its own."""

import cv2
import numpy as np
import numpy.typing as npt

from renderers.core.renderer import Pixels
from renderers.effects.tone import random_bytes

Field = npt.NDArray[np.float32]
"""(h, w) or (h, w, 3) at `STEP_PX` px a cell; 0 is black, 1 is white."""

STEP_PX = 4
"""Side of a cell of a field. Measured: enlarging from here costs 1 ms an A4 page and shows no corners."""


def grid(height: int, width: int) -> tuple[Field, Field]:
    """Where the middles of a field's cells are in the picture, px: x (1, w) and y (h, 1)."""
    rows, columns = cells(height, width)
    x = (np.arange(columns, dtype=np.float32)[None] + 0.5) * np.float32(STEP_PX)
    y = (np.arange(rows, dtype=np.float32)[:, None] + 0.5) * np.float32(STEP_PX)
    return x, y


def cells(height: int, width: int) -> tuple[int, int]:
    """Rows and columns of the field of a picture."""
    return -(-height // STEP_PX), -(-width // STEP_PX)


def clouds(seed: int, height: int, width: int, period_px: float, stretch: float = 1.0) -> Field:
    """A smooth random field, 0..1 around 0.5, whose hills are `period_px` apart, in x `stretch` times that."""
    rows, columns = cells(height, width)
    coarse = (max(2, round(height / period_px)) + 3, max(2, round(width / (stretch * period_px))) + 3)
    knots = random_bytes(seed, coarse).astype(np.float32) / np.float32(255)
    field = cv2.resize(knots, (columns, rows), interpolation=cv2.INTER_CUBIC)
    return np.asarray(field, np.float32).clip(0.0, 1.0)


def full(field: Field, height: int, width: int) -> Pixels:
    """A field as large as its picture, (H, W) or (H, W, 3) uint8."""
    small = (field * 255 + 0.5).clip(0, 255).astype(np.uint8)
    size = (field.shape[1] * STEP_PX, field.shape[0] * STEP_PX)
    large = np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    return large[:height, :width]


def grain(seed: int, height: int, width: int, period_px: float) -> Pixels:
    """Fine random texture (H, W) uint8 around 128, its grains `period_px` wide."""
    if period_px <= 1.5:
        return random_bytes(seed, (height, width))
    rows, columns = max(2, round(height / period_px)), max(2, round(width / period_px))
    return np.asarray(cv2.resize(random_bytes(seed, (rows, columns)), (width, height)), np.uint8)


def rows_of(profile: npt.NDArray[np.float64], height: int) -> Pixels:
    """A shade that is the same in every line: (W,) 0..1 becomes (H, W) uint8."""
    line = (profile * 255 + 0.5).clip(0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(line, (height, line.size)))


def columns_of(profile: npt.NDArray[np.float64], width: int) -> Pixels:
    """A shade that is the same in every column: (H,) 0..1 becomes (H, W) uint8."""
    line = (profile * 255 + 0.5).clip(0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(line[:, None], (line.size, width)))

"""Pictures as stored: PNG bytes, grey where they are grey."""

import io

import numpy as np
from PIL import Image

from renderers.core.renderer import Pixels

# Measured: on 800 x 600 charts level 1 costs two thirds of level 6 and 8 % more bytes.
_LEVEL = 1


def shrink_to_grey(pixels: Pixels) -> Pixels:
    """(H, W, 3) -> (H, W) where all pixels are grey, else unchanged."""
    if (
        pixels.ndim == 3
        and np.array_equal(pixels[..., 0], pixels[..., 1])
        and np.array_equal(pixels[..., 1], pixels[..., 2])
    ):
        return np.ascontiguousarray(pixels[..., 0])
    return pixels


def encode_png(pixels: Pixels) -> bytes:
    """PNG of (H, W, 3) RGB or (H, W) grey pixels; equal pixels give equal bytes."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG", compress_level=_LEVEL)
    return stream.getvalue()


def decode_png(data: bytes) -> Pixels:
    """Pixels of a PNG that `encode_png` wrote."""
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image)

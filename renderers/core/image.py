"""Pictures as stored: PNG bytes, grey where they are grey."""

import io
import struct
import zlib
from collections.abc import Iterator

import deflate
import numpy as np
from PIL import Image

from renderers.core.errors import PictureBroken
from renderers.core.renderer import Pixels

MAX_SIDE_PX = 8192
"""Of a picture that is written or read: sizes stand in a header of a few bytes, and pixels take memory."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_START = _SIGNATURE + struct.pack(">I", 13) + b"IHDR"
_HEADER = struct.Struct(">2I5B")
_GREY, _RGB = 0, 2
_LEVEL = 2
"""Of libdeflate, which packs the same bytes on every machine (ISA-L and zlib-ng are faster, and do not). Measured on a
page: 5.9 ms for 207 kB, where zlib at level 3 takes 9.0 ms for 214 kB; on a chart 1.9 ms for 36 kB, not 6.1 for 40."""

_NOISY_LEVEL = 1
"""The same of a degraded picture. Measured: 24 ms a page where level 2 takes 34, for as large files; zlib took 57."""

_SPARSE_PX, _BAND_PX = 32, 64
"""Pictures are asked for a colour every so many pixels first, then in bands so high."""


def shrink_to_grey(pixels: Pixels) -> Pixels:
    """(H, W, 3) -> (H, W) where all pixels are grey, else unchanged."""
    if pixels.ndim == 2 or any(not _is_grey(band) for band in _bands(pixels)):
        return pixels
    return np.ascontiguousarray(pixels[..., 0])


def _bands(pixels: Pixels) -> Iterator[Pixels]:
    """Where to look for a colour until one is found: at a few pixels, since most are of the paper, then at all."""
    yield pixels[::_SPARSE_PX, ::_SPARSE_PX]
    for top in range(0, len(pixels), _BAND_PX):
        yield pixels[top : top + _BAND_PX]


def _is_grey(pixels: Pixels) -> bool:
    return np.array_equal(pixels[..., 0], pixels[..., 1]) and np.array_equal(pixels[..., 1], pixels[..., 2])


def encode_png(pixels: Pixels, noisy: bool = False) -> bytes:
    """PNG of (H, W, 3) RGB or (H, W) grey pixels; equal pixels give equal bytes.

    Lines are not filtered. Libraries try five filters on each, which is right for photographs: on drawn pictures it
    takes three times as long (Pillow: 12 against 4 ms for a chart) and makes larger files. Source: PNG, third edition.

    Args:
        pixels: the picture.
        noisy: it is grainy, so that packing it tightly costs much and saves little.
    """
    height, width = pixels.shape[:2]
    lines = np.empty((height, 1 + pixels[0].size), np.uint8)
    lines[:, 0] = 0
    lines[:, 1:] = pixels.reshape(height, -1)
    header = _HEADER.pack(width, height, 8, _GREY if pixels.ndim == 2 else _RGB, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"IDAT", deflate.zlib_compress(lines, _NOISY_LEVEL if noisy else _LEVEL)),
        (b"IEND", b""),
    )
    return _SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", deflate.crc32(data, deflate.crc32(kind)))
        for kind, data in chunks
    )


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height in px of a PNG as `encode_png` writes them: nothing is unpacked.

    Raises:
        PictureBroken: it starts as no such PNG, or it is larger than any that is written.
    """
    if not data.startswith(_START) or len(data) < len(_START) + _HEADER.size:
        raise PictureBroken(f"the picture is no PNG: it starts with {data[:8].hex() or 'nothing'}")
    width, height, *form = _HEADER.unpack_from(data, len(_START))
    if form not in ([8, _GREY, 0, 0, 0], [8, _RGB, 0, 0, 0]):
        raise PictureBroken(f"the picture is no PNG of 8 bits, grey or RGB (its header has {form})")
    if not (0 < width <= MAX_SIDE_PX and 0 < height <= MAX_SIDE_PX):
        raise PictureBroken(f"the picture has {width} x {height} px; {MAX_SIDE_PX} a side are the most")
    return width, height


def decode_png(data: bytes) -> Pixels:
    """Pixels of a PNG that `encode_png` wrote.

    Raises:
        PictureBroken: it is none, or a damaged one.
    """
    png_size(data)
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            image.load()
            return np.asarray(image)
    except (OSError, EOFError, SyntaxError, ValueError, struct.error, zlib.error) as error:
        raise PictureBroken(f"the picture cannot be read: {error}") from error

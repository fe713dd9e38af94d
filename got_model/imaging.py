"""Pictures as GOT sees them: resized to a square, whatever their shape, and normalized; or cut into square tiles.

Source: GOT-OCR2.0 `blip_process.py` (no augmentation, training and use alike), `demo/run_ocr_2.0_crop.py`.
"""

import io
import warnings
from typing import Any

import numpy as np
import torch
from msgspec import Struct
from PIL import Image, ImageChops
from torch import Tensor
from transformers import GotOcr2ImageProcessorPil

from renderers.core.errors import PictureBroken

CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)

MAX_TILES = 6
"""Source: the released program; the paper says 12."""


class ImagePreprocessor(Struct, frozen=True):
    """How a picture becomes a tensor.

    Attributes:
        side: pixels of the square.
        mean, std: of each channel, for pixels in 0..1.
    """

    side: int = 1024
    mean: tuple[float, float, float] = CLIP_MEAN
    std: tuple[float, float, float] = CLIP_STD

    def __call__(self, picture: Image.Image) -> Tensor:
        """A picture -> (3, side, side) float32, normalized."""
        return self.normalize(self.square(picture))

    def square(self, picture: Image.Image) -> Tensor:
        """A picture, RGB or grey (L) -> (3, side, side) uint8: a quarter of the bytes of what is normalized.

        Where all pixels are grey, one channel is resized for three: the same numbers in less than half of the time.
        """
        size = (self.side, self.side)
        if (grey := _grey(picture)) is not None:
            pixels = torch.from_numpy(np.array(grey.resize(size, Image.Resampling.BICUBIC)))
            return pixels.expand(3, *size)
        return torch.from_numpy(np.array(picture.resize(size, Image.Resampling.BICUBIC))).permute(2, 0, 1)

    def normalize(self, pixels: Tensor) -> Tensor:
        """Pixels (..., 3, side, side) uint8 -> float32 of mean 0 and deviation 1, on the device where they are."""
        mean, std = (torch.tensor(values, device=pixels.device).view(3, 1, 1) * 255 for values in (self.mean, self.std))
        return pixels.float().sub_(mean).div_(std)

    def processor(self) -> GotOcr2ImageProcessorPil:
        """The same as transformers writes it beside a checkpoint."""
        return GotOcr2ImageProcessorPil(
            size={"height": self.side, "width": self.side},
            image_mean=list(self.mean),
            image_std=list(self.std),
            resample=Image.Resampling.BICUBIC,
        )

    @classmethod
    def from_processor(cls, processor: Any) -> "ImagePreprocessor":
        """The settings of a checkpoint's image processor of transformers."""
        return cls(processor.size["height"], tuple(processor.image_mean), tuple(processor.image_std))


def _grey(picture: Image.Image) -> Image.Image | None:
    """The one channel of a picture that is grey all over; None for others."""
    if picture.mode == "L":
        return picture
    red, green, blue = picture.split()
    same = ImageChops.difference(red, green).getbbox() is None and ImageChops.difference(red, blue).getbbox() is None
    return red if same else None


def open_picture(data: bytes, keep_grey: bool = False) -> Image.Image:
    """Bytes of any picture -> RGB, transparent parts white; with `keep_grey` L where it is stored so.

    Raises:
        PictureBroken: no picture, a cut one, or one of absurd size.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data))
            if picture.has_transparency_data:
                ground = Image.new("RGBA", picture.size, "white")
                return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")
            return picture.convert("L" if keep_grey and picture.mode in ("1", "L") else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureBroken(f"the picture is absurdly large ({error})") from error
    except MemoryError:
        raise
    except Exception as error:
        # Decoders raise whatever they stumble over: OSError, SyntaxError, RuntimeError, NotImplementedError and others.
        raise PictureBroken(f"the picture cannot be read ({error})") from error


def cut_tiles(picture: Image.Image, side: int = 1024, max_tiles: int = MAX_TILES) -> list[Image.Image]:
    """Tiles of `side` x `side`, row by row, and last the whole picture small, where there are more than one.

    The grid is the one whose shape is nearest to the picture's; of equals the larger, if the picture has the pixels.
    Source: InternVL 1.5, dynamic tiling.
    """
    width, height = picture.size
    columns, rows = _grid(width, height, side, max_tiles)
    whole = picture.resize((columns * side, rows * side), Image.Resampling.BICUBIC)
    tiles = [
        whole.crop((column * side, row * side, (column + 1) * side, (row + 1) * side))
        for row in range(rows)
        for column in range(columns)
    ]
    return tiles if len(tiles) == 1 else [*tiles, picture.resize((side, side), Image.Resampling.BICUBIC)]


def _grid(width: int, height: int, side: int, max_tiles: int) -> tuple[int, int]:
    sizes = range(1, max_tiles + 1)
    grids = sorted(
        ((columns, rows) for columns in sizes for rows in sizes if columns * rows <= max_tiles),
        key=lambda grid: grid[0] * grid[1],
    )
    best, min_distance = (1, 1), float("inf")
    for columns, rows in grids:
        distance = abs(width / height - columns / rows)
        if distance < min_distance or (
            distance == min_distance and width * height > 0.5 * side * side * columns * rows
        ):
            best, min_distance = (columns, rows), distance
    return best

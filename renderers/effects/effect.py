"""What one effect is: plain data that was drawn, and what it does to pixels.

As in renderers, `draw` makes every choice before there is a picture, so lengths are in stroke widths of the text or in
sides of the picture, and textures are a seed. A picture's grey stays grey until an effect brings colour.
"""

from typing import ClassVar, Literal, NamedTuple, Self, TypeAlias

import cv2
import msgspec
import numpy as np
import numpy.typing as npt

from renderers.core.renderer import Pixels

cv2.setNumThreads(1)  # Workers share the machine already.

Points: TypeAlias = npt.NDArray[np.float64]
"""(N, 2) x, y in px of a picture, y down; the first pixel covers 0..1."""

Family = Literal["ink", "paper", "warp", "scan", "photo"]


class PictureTraits(NamedTuple):
    """What effects need to know about the clean picture.

    Attributes:
        stroke_px: width of the strokes of its smallest text.
        ground: its background, RGB.
        coloured: whether its colours may mean something.
    """

    stroke_px: float
    ground: tuple[int, int, int]
    coloured: bool


class Effect(msgspec.Struct, frozen=True, tag=str.lower):
    """One thing that happens to a picture.

    Attributes:
        severity: 0..1: 0 leaves the picture as it is (nearly), 1 is the worst that is still met.
    """

    family: ClassVar[Family]
    severity: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Choose everything."""
        raise NotImplementedError

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """The picture afterwards; the one given is not changed."""
        del clean
        return image


class Geometric(Effect, frozen=True):
    """An effect that moves pixels. What `apply` does to them is done before they move."""

    def forward(self, points: Points, width: int, height: int) -> Points:
        """Where points of a picture of that size move to, px. Smooth and one-to-one, on and around the picture."""
        raise NotImplementedError


def turned(points: Points, angle_deg: float, width: int, height: int) -> Points:
    """Points turned clockwise about the middle of a picture; a long strip turns less, or it would become a square."""
    angle = np.radians(angle_deg) * min(1.0, 2.0 * min(width, height) / max(width, height))
    x, y = points[:, 0] - width / 2, points[:, 1] - height / 2
    cos, sin = np.cos(angle), np.sin(angle)
    return np.column_stack([cos * x - sin * y + width / 2, sin * x + cos * y + height / 2])


def seed_from(rng: np.random.Generator) -> int:
    """A seed for the textures of an effect: 53 bits, so that JSON readers keep every one."""
    return int(rng.integers(1 << 53))

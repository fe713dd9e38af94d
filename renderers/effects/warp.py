"""Pages that do not lie flat: the curl of an open book, a page that was crumpled and smoothed again."""

from typing import Any, NamedTuple, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from renderers.core.renderer import Pixels
from renderers.effects import texture
from renderers.effects.effect import Geometric, PictureTraits, Points, seed_from
from renderers.effects.tone import multiply

Floats: TypeAlias = npt.NDArray[np.floating[Any]]

_EYE = 1.8
"""Height of the camera over the page, in its longer sides: a page that fills a phone's picture."""


_MIN_BEND_PX = 14.0
"""Over which a crease bends what is printed: what bends faster falls between the nodes of the map's grid. Its light and
shade are sharper, and they are what one sees."""


class Curl(Geometric, frozen=True):
    """The page is bent about one axis, as a page that falls into the gutter of its book.

    Attributes:
        depth: of the bend, in shorter sides of the picture.
        width: of the gutter, in lengths of the picture; 0 is a bow over the whole page.
        side: where the gutter is: left, top, right, bottom = 0..3.
        tilt: of the camera along the gutter: shift for one unit of height over the desk.
        dark: how dark the shadow of the gutter is, 0..1.
    """

    family = "warp"
    depth: float
    width: float
    side: int
    tilt: float
    dark: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to a twelfth of the page deep."""
        width = rng.uniform(0.12, 0.3) if rng.random() < 0.6 else 0.0
        side = int(rng.choice(4, p=[0.45, 0.05, 0.45, 0.05]))
        depth = 0.085 * severity * rng.uniform(0.6, 1.0)
        return cls(severity, depth, width, side, rng.uniform(-0.5, 0.5), severity * rng.uniform(0.2, 0.6))

    def forward(self, points: Points, width: int, height: int) -> Points:
        """Bend and look at it from above."""
        size = np.array([width, height], np.float64)
        if self.side % 2:
            points, size = points[:, ::-1], size[::-1]
        across, along = points[:, 0] / size[0], points[:, 1]
        if self.side > 1:
            across = 1 - across
        at, shrunk, high = self._profile(size)
        flat = np.interp(across, at, shrunk)
        if self.side > 1:
            flat = size[0] - flat
        lift = np.interp(across, at, high)
        eye = _EYE * size.max()
        near = eye / (eye - lift)
        x = size[0] / 2 + (flat - size[0] / 2) * near
        y = size[1] / 2 + (along - size[1] / 2) * near + self.tilt * lift
        moved = np.column_stack([x, y])
        return moved[:, ::-1] if self.side % 2 else moved

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Shade what is turned from the light, and the gutter."""
        del clean
        height, width = image.shape[:2]
        size = np.array([height, width][:: 1 if self.side % 2 else -1], np.float64)
        at, _, high = self._profile(size)
        slope = np.gradient(high, at * size[0])
        across = (np.arange(int(size[0])) + 0.5) / size[0]
        across = across if self.side < 2 else 1 - across
        shade = 1 - 0.9 * self.severity * np.interp(across, at, slope).clip(-0.3, 0.6) * (1 if self.width else 0.6)
        if self.width:
            shade = shade - self.dark * np.exp(-across / (0.25 * self.width))
        shade = shade.clip(0, 1)
        return multiply(image, texture.columns_of(shade, width) if self.side % 2 else texture.rows_of(shade, height))

    def _profile(self, size: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], ...]:
        """Position across the page (in sides), where it moves to (px) and how high (px), finely sampled."""
        at = np.linspace(-0.75, 1.75, 2001)
        depth = self.depth * size.min()
        u = at.clip(0, 1)
        high = -depth * np.exp(-u / self.width) if self.width else depth * (4 * u * (1 - u) - 0.5)
        # Outside the page it goes on as steep as it ends, so the map stays smooth.
        slope = np.gradient(high, at * size[0]).clip(-0.8, 0.8)
        first, last = np.searchsorted(at, 0.0) + 1, np.searchsorted(at, 1.0) - 2
        slope = slope[np.arange(at.size).clip(first, last)]
        high = high + (at - u) * size[0] * slope
        steps = np.sqrt(1 - slope**2) * (at[1] - at[0]) * size[0]
        shrunk = np.cumsum(steps)
        return at, shrunk - np.interp(0.0, at, shrunk), high


class Crease(NamedTuple):
    """A ridge that ends on the page: its middle, direction across, height of its flanks, sharpness and length, px."""

    x_px: float
    y_px: float
    across: tuple[float, float]
    steep: float
    soft_px: float
    length_px: float


class Crumple(Geometric, frozen=True):
    """Crumpled and smoothed again: flat facets between ridges and valleys.

    Attributes:
        seed: of the creases.
        num: of creases.
        relief: slope of the facets: height per length, 0 or more.
        tilt_deg: from which side it is seen.
        light_deg: from which side light comes.
    """

    family = "warp"
    seed: int
    num: int
    relief: float
    tilt_deg: float
    light_deg: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to 20 creases."""
        num, relief = int(rng.integers(10, 21)), 0.08 * severity * rng.uniform(0.6, 1.0)
        return cls(severity, seed_from(rng), num, relief, rng.uniform(0, 360), rng.uniform(0, 360))

    def forward(self, points: Points, width: int, height: int) -> Points:
        """Shift by the height, as seen from one side."""
        angle = np.radians(self.tilt_deg)
        high = self._heights(points[:, 0], points[:, 1], width, height, _MIN_BEND_PX)
        return points + high[:, None] * [np.cos(angle), np.sin(angle)]

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Light the facets from one side."""
        del clean
        height, width = image.shape[:2]
        x, y = texture.grid(height, width)
        down, right = np.gradient(self._heights(x, y, width, height, 0.0), texture.STEP_PX)
        angle = np.radians(self.light_deg)
        level = 1 - 0.12 * self.severity + 2.4 * (right * np.cos(angle) + down * np.sin(angle))
        return multiply(image, texture.full(level.clip(0.3, 1), height, width))

    def _heights(self, x: Floats, y: Floats, width: int, height: int, least_bend_px: float) -> Floats:
        high = np.zeros(np.broadcast_shapes(x.shape, y.shape), x.dtype)
        for crease in self._creases(width, height):
            right, down = (x - x.dtype.type(crease.x_px)), (y - y.dtype.type(crease.y_px))
            far = right * x.dtype.type(crease.across[0]) + down * x.dtype.type(crease.across[1])
            near = np.exp((right * right + down * down) * x.dtype.type(-1 / crease.length_px**2))
            soft_px = x.dtype.type(max(crease.soft_px, least_bend_px))
            high += x.dtype.type(crease.steep) * np.sqrt(far * far + soft_px * soft_px) * near
        return high

    def _creases(self, width: int, height: int) -> list[Crease]:
        rng = np.random.Generator(np.random.PCG64(self.seed))
        side = min(width, height)
        creases = []
        for _ in range(self.num):
            angle, x, y = rng.uniform(0, np.pi), rng.random() * width, rng.random() * height
            steep = self.relief * rng.uniform(0.4, 1.0) * float(rng.choice([-1.0, 1.0]))
            soft_px, length_px = max(2.5, side * rng.uniform(0.002, 0.008)), side * rng.uniform(0.15, 0.5)
            creases.append(Crease(x, y, (float(np.cos(angle)), float(np.sin(angle))), steep, soft_px, length_px))
        return creases

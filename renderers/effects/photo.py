"""What a phone does to a page: seen from one side through a lens, in the light of a room, with a hand that shakes."""

from typing import Self

import cv2
import numpy as np

import templates
from renderers.core.choice import pick
from renderers.core.renderer import Pixels
from renderers.effects import texture
from renderers.effects.effect import Effect, Geometric, PictureTraits, Points, seed_from, turned
from renderers.effects.tone import add_grain, cover, multiply, smooth

Corners = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]


class Perspective(Geometric, frozen=True):
    """The page is not seen from straight above.

    Attributes:
        corners: how far each moves inwards (x, y), in shorter sides; from the top left one, clockwise.
        turn_deg: of the phone.
        desk: on which a page lies, from the menu; empty: more of the page is around.
        margin: of desk around the page, in shorter sides of the picture.
    """

    family = "photo"
    seed: int
    corners: Corners
    turn_deg: float
    desk: str
    margin: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """One side further away than its opposite by up to a quarter, and a little of everything else."""
        side, tilt = int(rng.integers(4)), 0.13 * severity * rng.uniform(0.5, 1.0)
        inward = rng.uniform(0, 0.05 * severity, (4, 2))
        for corner in (side, (side + 1) % 4):  # Both ends of one side come nearer to each other.
            inward[corner, side % 2] += tilt
        corners = tuple((float(x), float(y)) for x, y in inward)
        turn = 4.0 * severity * rng.uniform(-1, 1)
        desks = list(templates.menu("effects")["desks"])
        desk = pick(desks, rng.random()) if rng.random() < 0.6 else ""
        return cls(severity, seed_from(rng), corners, turn, desk, rng.uniform(0.0, 0.05))  # type: ignore[arg-type]

    def forward(self, points: Points, width: int, height: int) -> Points:
        """By the homography of the corners, then turned."""
        frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
        inward = np.array(self.corners) * [[1, 1], [-1, 1], [-1, -1], [1, -1]] * min(width, height)
        moved = turned(frame + inward, self.turn_deg, width, height)
        (a, b, c), (d, e, f), (g, h, i) = cv2.getPerspectiveTransform(
            frame.astype(np.float32), moved.astype(np.float32)
        ).tolist()
        x, y = points[:, 0], points[:, 1]
        far = g * x + h * y + i
        return np.column_stack([(a * x + b * y + c) / far, (d * x + e * y + f) / far])


class Lens(Geometric, frozen=True):
    """Straight lines become curved, most at the corners.

    Attributes:
        bend: share by which the corners move, outwards where positive (pincushion).
    """

    family = "photo"
    bend: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to 6 %, mostly barrels."""
        return cls(severity, 0.06 * severity * rng.uniform(0.5, 1.0) * (-1.0 if rng.random() < 0.7 else 1.0))

    def forward(self, points: Points, width: int, height: int) -> Points:
        """Radially from the middle."""
        middle = np.array([width / 2, height / 2])
        arms = points - middle
        far = (arms**2).sum(axis=1, keepdims=True) / (middle**2).sum()
        # Beyond the corners it stays as it is there, or the map would fold over.
        return np.asarray(middle + arms * (1 + self.bend * np.minimum(far, 1.5)))


class Light(Effect, frozen=True):
    """The light of a room: from one side, coloured, darker in the lens's corners.

    Attributes:
        colour: of the light where it is brightest, RGB 0..1.
        angle_deg: where it comes from.
        fall: share lost over the page.
        vignette: share lost in the corners.
    """

    family = "photo"
    colour: tuple[float, float, float]
    angle_deg: float
    fall: float
    vignette: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Down to a third of the light in the darkest corner."""
        lights = list(templates.menu("effects")["lights"].values())
        light = pick(lights, rng.random())
        bright = 1 - 0.3 * severity * rng.random()
        red, green, blue = (bright * (1 - severity * (1 - level / 255)) for level in light)
        fall, vignette = 0.5 * severity * rng.uniform(0.4, 1.0), 0.3 * severity * rng.random()
        return cls(severity, (red, green, blue), rng.uniform(0, 360), fall, vignette)

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Multiply by the light."""
        del clean
        height, width = image.shape[:2]
        x, y = texture.grid(height, width)
        u, v = x / width - 0.5, y / height - 0.5
        angle = np.radians(self.angle_deg)
        along = (u * np.cos(angle) + v * np.sin(angle)) / (abs(np.cos(angle)) + abs(np.sin(angle))) + 0.5
        along = along.clip(0, 1)
        level = (1 - self.fall * along**1.5) * (1 - self.vignette * 2 * (u**2 + v**2))
        if max(self.colour) - min(self.colour) < 0.004:
            return multiply(image, texture.full(level * self.colour[0], height, width))
        return multiply(image, texture.full(np.dstack([level * part for part in self.colour]), height, width))


class Shadow(Effect, frozen=True):
    """The shadow of the phone or of a hand: one soft edge across the page.

    Attributes:
        angle_deg, at: where the edge runs; `at` in lengths of the picture from its middle.
        soft: width of the edge, in lengths of the picture.
        dark: share of the light that is gone, 0..1.
        bend: how far the edge wavers about a straight line, in lengths of the picture.
    """

    family = "photo"
    seed: int
    angle_deg: float
    at: float
    soft: float
    dark: float
    bend: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to two thirds of the light."""
        dark = 0.65 * severity * rng.uniform(0.6, 1.0)
        soft, bend = rng.uniform(0.01, 0.12), rng.uniform(0.0, 0.35)
        return cls(severity, seed_from(rng), rng.uniform(0, 360), rng.uniform(-0.3, 0.3), soft, dark, bend)

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Darken one side of the edge."""
        del clean
        height, width = image.shape[:2]
        x, y = texture.grid(height, width)
        angle = np.radians(self.angle_deg)
        far = (x / width - 0.5) * np.cos(angle) + (y / height - 0.5) * np.sin(angle) - self.at
        far = far + self.bend * (texture.clouds(self.seed, height, width, 0.7 * min(height, width)) - 0.5)
        return multiply(image, texture.full(1 - self.dark / (1 + np.exp(-far / self.soft * 3)), height, width))


class Glare(Effect, frozen=True):
    """A lamp mirrored in glossy paper.

    Attributes:
        x, y: its middle, 0..1.
        radius: in shorter sides of the picture.
        stretch: ratio of its width to its height.
        strength: how far it covers the ink, 0..1.
    """

    family = "photo"
    x: float
    y: float
    radius: float
    stretch: float
    strength: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to four fifths of the ink's contrast."""
        x, y = rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.9)
        return cls(severity, x, y, rng.uniform(0.12, 0.4), rng.uniform(1.0, 2.5), 0.8 * severity * rng.uniform(0.6, 1))

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Cover with white."""
        del clean
        height, width = image.shape[:2]
        x, y = texture.grid(height, width)
        side = self.radius * min(height, width)
        far = ((x - self.x * width) / (side * self.stretch)) ** 2 + ((y - self.y * height) / side) ** 2
        return cover(image, (255, 255, 255), texture.full(self.strength * np.exp(-far), height, width))


class Defocus(Effect, frozen=True):
    """Out of focus: every point becomes a disc.

    Attributes:
        radius: in stroke widths.
    """

    family = "photo"
    radius: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to one and a half strokes."""
        return cls(severity, 1.5 * severity * rng.uniform(0.7, 1.0))

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Filter by a disc with a soft rim."""
        radius = self.radius * clean.stroke_px
        reach = int(np.ceil(radius))
        if radius < 0.3:
            return image
        across = np.arange(-reach, reach + 1)
        disc = (radius + 0.5 - np.hypot(across[None], across[:, None])).clip(0, 1)
        return np.asarray(cv2.filter2D(image, -1, disc / disc.sum(), borderType=cv2.BORDER_REPLICATE), np.uint8)


class Motion(Effect, frozen=True):
    """The hand moved while the shutter was open.

    Attributes:
        length: in stroke widths.
        angle_deg: of the movement.
    """

    family = "photo"
    length: float
    angle_deg: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to three strokes."""
        return cls(severity, 3.0 * severity * rng.uniform(0.6, 1.0), rng.uniform(0, 180))

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Filter by a line."""
        half = self.length * clean.stroke_px / 2
        reach = int(np.ceil(half))
        if half < 0.3:
            return image
        angle = np.radians(self.angle_deg)
        along = np.linspace(-half, half, 8 * reach + 1)
        line = np.zeros((2 * reach + 1, 2 * reach + 1))
        for x, y in zip(along * np.cos(angle) + reach, along * np.sin(angle) + reach, strict=True):
            column, row = int(min(x, 2 * reach - 1e-6)), int(min(y, 2 * reach - 1e-6))
            right, down = x - column, y - row
            line[row, column] += (1 - right) * (1 - down)
            line[row, column + 1] += right * (1 - down)
            line[row + 1, column] += (1 - right) * down
            line[row + 1, column + 1] += right * down
        return np.asarray(cv2.filter2D(image, -1, line / line.sum(), borderType=cv2.BORDER_REPLICATE), np.uint8)


class SensorNoise(Effect, frozen=True):
    """A small sensor in poor light, smoothed by the phone.

    Attributes:
        sigma: standard deviation, in grey levels (0..255).
        smooth: by the phone, in px.
    """

    family = "photo"
    seed: int
    sigma: float
    smooth: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to 16 levels."""
        softened = min(1.0, 3 * severity) * rng.uniform(0.0, 0.6)
        return cls(severity, seed_from(rng), 16 * severity * rng.uniform(0.6, 1.0), softened)

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Add it and smooth."""
        del clean
        return smooth(add_grain(image, self.seed, self.sigma), self.smooth)


def desk(name: str, seed: int, height: int, width: int) -> texture.Field:
    """The surface of a desk of the menu: (h, w) or (h, w, 3)."""
    entry = templates.menu("effects")["desks"][name]
    clouds = texture.clouds(seed, height, width, 0.4 * max(height, width))
    fibres = texture.clouds(seed + 1, height, width, 7.0, stretch=50.0)
    level = (1 + entry["clouds"] * (clouds - 0.5) + entry["fibres"] * (fibres - 0.5)).clip(0, 1.2)
    red, green, blue = (np.float32(part / 255) for part in entry["colour"])
    return level * red if red == green == blue else np.dstack([level * red, level * green, level * blue])

"""What scanners, copiers and fax machines do: a skewed page, grain, one-bit thresholds, screens, dust, dark edges."""

from typing import ClassVar, Self

import cv2
import numpy as np

from renderers.core.renderer import Pixels
from renderers.effects import texture
from renderers.effects.effect import Effect, Geometric, PictureTraits, Points, seed_from, turned
from renderers.effects.tone import add_grain, cover, multiply, smooth, to_grey

_PAGE_STROKES2 = 5e5
"""Area of a page in squares of a stroke: A4 with strokes of 0.35 mm."""


class Skew(Geometric, frozen=True):
    """The page is rotated on the glass.

    Attributes:
        angle_deg: clockwise.
        lid: grey level (0..255) of what is seen beside the page; below 0, more paper is seen.
    """

    family = "scan"
    angle_deg: float
    lid: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to 5 degrees."""
        angle = 5.0 * severity * rng.uniform(0.4, 1.0) * float(rng.choice([-1.0, 1.0]))
        lid = [-1.0, 250.0, rng.uniform(195, 235), rng.uniform(8, 40)][int(rng.choice(4, p=[0.4, 0.2, 0.15, 0.25]))]
        return cls(severity, angle, lid)

    def forward(self, points: Points, width: int, height: int) -> Points:
        """Turn about the middle."""
        return turned(points, self.angle_deg, width, height)


class Noise(Effect, frozen=True):
    """Grain of a sensor line, the same in all colours.

    Attributes:
        sigma: standard deviation, in grey levels (0..255).
        size_px: of the grains.
    """

    family = "scan"
    seed: int
    sigma: float
    size_px: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to 18 levels."""
        return cls(severity, seed_from(rng), 18 * severity * rng.uniform(0.6, 1.0), float(rng.choice([1.0, 1.0, 1.6])))

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Add it, centred."""
        del clean
        height, width = image.shape[:2]
        if self.size_px > 1.5:
            grains = texture.grain(self.seed, height, width, self.size_px).astype(np.int16) - 128
            noise = np.rint(grains * (self.sigma / 45)).astype(np.int16)
            noise = noise if image.ndim == 2 else np.dstack([noise] * 3)
            return np.asarray(cv2.add(image, noise, dtype=cv2.CV_8U), np.uint8)
        return add_grain(image, self.seed, self.sigma)


class Blur(Effect, frozen=True):
    """Soft optics.

    Attributes:
        sigma: standard deviation, in stroke widths.
    """

    family = "scan"
    sigma: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to nine tenths of a stroke."""
        return cls(severity, 0.9 * severity * rng.uniform(0.7, 1.0))

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Blur by a Gaussian."""
        return smooth(image, self.sigma * clean.stroke_px)


class Threshold(Effect, frozen=True):
    """One-bit copy: black or white, nothing between; a picture whose colours mean something is left alone.

    Attributes:
        level: between ink (0) and paper (1), 0..1.
        grain: standard deviation of noise before it, in grey levels (0..255): it frays the edges.
        amount: 0..1: 1 is one bit, less leaves some grey.
    """

    family = "scan"
    seed: int
    level: float
    grain: float
    amount: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Further from the middle and more frayed with severity."""
        level = 0.55 + severity * rng.uniform(-0.3, 0.25)
        return cls(severity, seed_from(rng), level, 30 * severity * rng.random(), min(1.0, 6 * severity))

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Cut at the level."""
        if clean.coloured:
            return image
        grey = to_grey(image)
        frayed = smooth(add_grain(grey, self.seed, self.grain), 0.5) if self.grain > 2 else grey
        ink, paper = np.percentile(frayed[::4, ::4], (0.5, 80))
        _, cut = cv2.threshold(frayed, float(ink + self.level * (paper - ink)), 255, cv2.THRESH_BINARY)
        return np.asarray(cv2.addWeighted(grey, 1 - self.amount, cut, self.amount, 0), np.uint8)


class Moire(Effect, frozen=True):
    """Two screens that beat: a fine pattern of the print's dots with the scanner's lines.

    Attributes:
        depth: 0..1.
        period_px: of the finer screen.
        angle_deg, apart_deg: of the first screen, and of the second against it.
    """

    family = "scan"
    depth: float
    period_px: float
    angle_deg: float
    apart_deg: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to a fifth of the light."""
        depth = 0.2 * severity * rng.uniform(0.7, 1.0)
        return cls(severity, depth, rng.uniform(2.6, 5.0), rng.uniform(0, 90), rng.uniform(2, 9))

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Shade by the product of the screens."""
        del clean
        height, width = image.shape[:2]
        screens = _waves(height, width, self.period_px, self.angle_deg)
        screens *= _waves(height, width, self.period_px * 1.03, self.angle_deg + self.apart_deg)
        screens *= -127 * self.depth
        screens += 255 - 127 * self.depth
        return multiply(image, screens.astype(np.uint8))


def _waves(height: int, width: int, period_px: float, angle_deg: float) -> texture.Field:
    # sin(ax + by) from its addition theorem: two outer products instead of a sine for each pixel.
    angle = np.radians(angle_deg)
    along_x = (2 * np.pi / period_px * np.cos(angle) * np.arange(width))[None]
    along_y = (2 * np.pi / period_px * np.sin(angle) * np.arange(height))[:, None]
    waves = np.cos(along_y).astype(np.float32) * np.sin(along_x).astype(np.float32)
    waves += np.sin(along_y).astype(np.float32) * np.cos(along_x).astype(np.float32)
    return np.asarray(waves, np.float32)


class Jpeg(Effect, frozen=True):
    """Saved as JPEG.

    Attributes:
        quality: as libjpeg counts it.
    """

    family = "scan"
    quality: int

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Down to 12."""
        return cls(severity, round(96 - 84 * severity**0.7 * rng.uniform(0.85, 1.0)))

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Encode and decode."""
        del clean
        given = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
        _, data = cv2.imencode(".jpg", given, [cv2.IMWRITE_JPEG_QUALITY, self.quality])
        how = cv2.IMREAD_GRAYSCALE if image.ndim == 2 else cv2.IMREAD_COLOR_RGB
        return np.asarray(cv2.imdecode(data, how), np.uint8)


class Dust(Effect, frozen=True):
    """Dust and hairs on the glass, and the line that a speck draws in a sheet-fed scanner.

    Attributes:
        specks, hairs: how many on a whole page; a cut-out has its share.
        lines: how many.
        dark: how dark, 0..1.
    """

    family = "scan"
    seed: int
    specks: int
    hairs: int
    lines: int
    dark: float
    most: ClassVar[int] = 120

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to 120 specks, 11 hairs, 2 lines."""
        specks, hairs = int(cls.most * severity * rng.random()), int(12 * severity * rng.random())
        lines = int(rng.random() < 0.4 * severity) + int(rng.random() < 0.2 * severity)
        return cls(severity, seed_from(rng), specks, hairs, lines, rng.uniform(0.3, 0.9) * min(1.0, 2 * severity))

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Draw them, white ones too."""
        height, width = image.shape[:2]
        rng = np.random.Generator(np.random.PCG64(self.seed))
        alpha = np.zeros((height, width), np.uint8)
        thin = max(1, round(0.35 * clean.stroke_px))
        share = min(1.0, height * width / (clean.stroke_px**2 * _PAGE_STROKES2))
        for _ in range(int(self.specks * share + rng.random())):
            x, y = rng.random(2) * (width, height) * 16
            radius = clean.stroke_px * rng.uniform(1, 6)
            cv2.circle(alpha, (int(x), int(y)), int(radius), 255 * self.dark * rng.random(), -1, cv2.LINE_AA, 4)
        for _ in range(int(self.hairs * share + rng.random())):
            steps = rng.normal(0, 0.25, 40).cumsum() * 0.25 + rng.uniform(0, 2 * np.pi)
            path = np.cumsum(np.column_stack([np.cos(steps), np.sin(steps)]), axis=0) * clean.stroke_px
            path = (path + rng.random(2) * (width, height)) * 16
            dark = 255 * self.dark * rng.uniform(0.4, 1.0)
            cv2.polylines(alpha, [path.astype(np.int32)], False, dark, thin, cv2.LINE_AA, 4)
        for _ in range(self.lines):
            at = int(rng.random() * width)
            alpha[:, at : at + thin] = np.maximum(alpha[:, at : at + thin], int(110 * self.dark))
        return cover(image, (30, 30, 30), alpha)


class EdgeShadow(Effect, frozen=True):
    """The dark edge of a copy: the lid stood open, or a book's gutter lay off the glass.

    Attributes:
        side: left, top, right, bottom = 0..3.
        reach: of the shadow, in lengths of the picture.
        dark: at the edge, 0..1.
    """

    family = "scan"
    side: int
    reach: float
    dark: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to black at the edge."""
        return cls(severity, int(rng.integers(4)), rng.uniform(0.01, 0.07), min(1.0, 1.3 * severity))

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Shade from one side."""
        del clean
        height, width = image.shape[:2]
        length = height if self.side % 2 else width
        far = (np.arange(length) + 0.5) / length
        profile = 1 - self.dark * np.exp(-far / self.reach)
        profile = profile if self.side < 2 else profile[::-1]
        if self.side % 2:
            return multiply(image, texture.columns_of(profile, width))
        return multiply(image, texture.rows_of(profile, height))

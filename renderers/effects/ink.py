"""What happens to ink: it fades, runs, breaks, and toner runs out or lands beside the letters.

"Ink" is whatever differs from the background, so light letters on dark ground fade and break as dark ones do.
"""

from typing import Self

import cv2
import numpy as np

from renderers.core.renderer import Pixels
from renderers.effects import texture
from renderers.effects.effect import Effect, PictureTraits, seed_from
from renderers.effects.tone import LEVELS, cover, curve, multiply, random_bytes, smooth, to_grey


class Fade(Effect, frozen=True):
    """Old or cheap ink: paler, here more than there.

    Attributes:
        loss: share of the ink that is gone on average, 0..1.
        uneven: how far that differs over the page, 0..1.
        period: of the differences, in shorter sides of the picture.
    """

    family = "ink"
    seed: int
    loss: float
    uneven: float
    period: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to 70 % of the ink."""
        loss = 0.7 * severity * rng.uniform(0.75, 1.0)
        return cls(severity, seed_from(rng), loss, rng.uniform(0.0, 0.5), rng.uniform(0.15, 1.0))

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Mix the background in."""
        height, width = image.shape[:2]
        hills = texture.clouds(self.seed, height, width, self.period * min(height, width))
        alpha = self.loss * (1 + 2 * self.uneven * (hills - 0.5))
        return cover(image, clean.ground, texture.full(alpha, height, width))


class Bleed(Effect, frozen=True):
    """Ink runs into the paper: strokes swell and their edges soften.

    Attributes:
        reach: how far, in stroke widths.
        weight: how dark what ran is, 0..1.
    """

    family = "ink"
    reach: float
    weight: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to half a stroke."""
        return cls(severity, severity**0.6 * rng.uniform(0.28, 0.42), severity**0.6 * rng.uniform(0.5, 0.85))

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Darkest of the picture and its own blur, which is darkened."""
        run = smooth(image, self.reach * clean.stroke_px)
        run = curve(run, 255 * (LEVELS / 255) ** (1 + 2.5 * self.weight))
        # The background itself does not darken.
        ground = min(clean.ground)
        run = np.asarray(cv2.max(run, image), np.uint8) if ground < 128 else run
        return np.asarray(cv2.min(image, cv2.addWeighted(image, 1 - self.weight, run, self.weight, 0)), np.uint8)


class Broken(Effect, frozen=True):
    """Worn type or a dry ribbon: thin strokes break, thick ones are eaten at.

    Attributes:
        bite: how strong ink must be to hold, 0..1.
        grain: width of what breaks off, in stroke widths.
    """

    family = "ink"
    seed: int
    bite: float
    grain: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to a third of the strokes."""
        return cls(severity, seed_from(rng), severity * rng.uniform(0.7, 1.0), rng.uniform(0.8, 2.0))

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Erase where ink is weak and the texture strong; what shows then is the paper, or the area, around it."""
        height, width = image.shape[:2]
        around = np.ones((2 * round(2.5 * clean.stroke_px) + 1,) * 2, np.uint8)
        how = cv2.MORPH_CLOSE if sum(clean.ground) > 384 else cv2.MORPH_OPEN
        bare = np.asarray(cv2.morphologyEx(image, how, around), np.uint8)
        strength = smooth(np.asarray(cv2.absdiff(to_grey(image), to_grey(bare)), np.uint8), 0.35 * clean.stroke_px)
        grains = texture.grain(self.seed, height, width, self.grain * clean.stroke_px)
        left = np.asarray(cv2.addWeighted(strength, 0.5, grains, 0.5, 0), np.uint8)
        gone = curve(left, (128 * self.bite**0.5 - LEVELS) * 14)
        return np.asarray(cv2.add(multiply(image, np.asarray(cv2.bitwise_not(gone))), multiply(bare, gone)), np.uint8)


class Toner(Effect, frozen=True):
    """A printer low on toner: pale bands along the paper's way and pinholes in what is black.

    Attributes:
        starve: share of the toner missing where a band is worst, 0..1.
        bands: how many bands over the page.
        holes: share of pinholes, 0..1.
        upright: whether the paper went along the height.
    """

    family = "ink"
    seed: int
    starve: float
    bands: int
    holes: float
    upright: bool

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to three quarters of the toner gone in bands."""
        starve = 0.75 * severity * rng.uniform(0.7, 1.0)
        bands, holes = int(rng.integers(2, 9)), 0.25 * severity * rng.random()
        return cls(severity, seed_from(rng), starve, bands, holes, bool(rng.random() < 0.8))

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Mix the background in, band by band and hole by hole."""
        height, width = image.shape[:2]
        along = width if self.upright else height
        knots = random_bytes(self.seed, (1, self.bands * 3 + 4)).astype(np.float32) / 255
        bands = np.asarray(cv2.resize(knots, (along, 1), interpolation=cv2.INTER_CUBIC), np.float64)[0]
        profile = self.starve * (bands * 1.6 - 0.5).clip(0, 1)
        alpha = texture.rows_of(profile, height) if self.upright else texture.columns_of(profile, width)
        grains = texture.grain(self.seed + 1, height, width, max(1.0, 0.6 * clean.stroke_px))
        holes = curve(grains, (self.holes * 120 - LEVELS) * 20)
        return cover(image, clean.ground, np.asarray(cv2.max(alpha, holes), np.uint8))


class Speckle(Effect, frozen=True):
    """Toner beside the letters: dots over the page, all smaller than a full stop.

    Attributes:
        density: dots for each 10,000 square strokes.
        dark: how dark they are, 0..1.
    """

    family = "ink"
    seed: int
    density: float
    dark: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to some thousand dots on a page."""
        return cls(severity, seed_from(rng), 40 * severity * rng.uniform(0.3, 1.0), rng.uniform(0.4, 0.9))

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Draw the dots."""
        height, width = image.shape[:2]
        rng = np.random.Generator(np.random.PCG64(self.seed))
        num = int(self.density * height * width / (1e4 * clean.stroke_px**2))
        alpha = np.zeros((height, width), np.uint8)
        at = rng.random((num, 2)) * (width, height)
        radii = clean.stroke_px * (0.12 + 0.33 * rng.random(num) ** 2)
        darks = 255 * self.dark * (0.4 + 0.6 * rng.random(num))
        for (x, y), radius, dark in zip(at, radii, darks, strict=True):
            centre = (round(x * 16), round(y * 16))
            cv2.circle(alpha, centre, max(4, round(radius * 16)), dark, -1, cv2.LINE_AA, 4)
        return cover(image, (20, 20, 20), alpha)

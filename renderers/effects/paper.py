"""What paper brings: grain, colour and age, folds, stains, the other side's print, printed lines.

Paper is multiplied under the picture, as ink on it is in the world: white takes its colour, black stays black.
"""

from typing import Self

import cv2
import msgspec
import numpy as np
import numpy.typing as npt

import templates
from renderers.core.choice import pick
from renderers.core.renderer import Pixels
from renderers.effects import texture
from renderers.effects.effect import Effect, PictureTraits, seed_from
from renderers.effects.tone import LEVELS, cover, curve, multiply, smooth, to_grey

Colour = tuple[float, float, float]
"""RGB, 0..1."""


class Grain(Effect, frozen=True):
    """The paper's own texture: fibres and a faint cloudiness.

    Attributes:
        depth: how much darker its valleys are, 0..1.
        period_px: between fibres.
    """

    family = "paper"
    seed: int
    depth: float
    period_px: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to a sixth of the light."""
        return cls(severity, seed_from(rng), 0.16 * severity * rng.uniform(0.6, 1.0), rng.uniform(1.2, 3.0))

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Shade with fibres and clouds."""
        del clean
        height, width = image.shape[:2]
        fibres = smooth(texture.grain(self.seed, height, width, self.period_px), 0.6)
        clouds = texture.full(texture.clouds(self.seed + 1, height, width, 24.0), height, width)
        both = np.asarray(cv2.addWeighted(fibres, 0.75, clouds, 0.25, 0), np.uint8)
        return multiply(image, curve(both, 255 * (1 - 1.2 * self.depth * (1 - LEVELS / 255))))


class Tint(Effect, frozen=True):
    """Coloured or aged paper; age comes in from the edges.

    Attributes:
        colour: of the paper.
        age: how much darker its edges are, 0..1.
    """

    family = "paper"
    seed: int
    colour: Colour
    age: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """A paper of the menu, between white and itself."""
        papers = list(templates.menu("effects")["papers"].values())
        paper = pick(papers, rng.random())
        strength = severity * rng.uniform(0.7, 1.0)
        red, green, blue = (1 - strength * (1 - level / 255) for level in paper["colour"])
        return cls(severity, seed_from(rng), (red, green, blue), paper["age"] * severity * rng.random())

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Multiply by the paper."""
        del clean
        height, width = image.shape[:2]
        clouds = texture.clouds(self.seed, height, width, 0.3 * min(height, width))
        x, y = texture.grid(height, width)
        inward = np.minimum(np.minimum(x, width - x), np.minimum(y, height - y)) / min(height, width)
        old = self.age * (np.exp(-inward / 0.06 + 0.8 * (clouds - 0.5)).clip(0, 1) + 0.3 * (clouds - 0.5))
        fields = [level - (1.1 - level) * old for level in self.colour]
        if self.colour[0] == self.colour[1] == self.colour[2]:
            return multiply(image, texture.full(fields[0], height, width))
        return multiply(image, texture.full(np.dstack(fields), height, width))


class Fold(msgspec.Struct, frozen=True):
    """A crease across the page.

    Attributes:
        at: where it runs, 0..1 of the page.
        upright: whether it runs from top to bottom.
        turn: how far one side is turned from the light, -1..1.
    """

    at: float
    upright: bool
    turn: float


class Folds(Effect, frozen=True):
    """A letter that was folded: one side of a crease is darker, and along it ink has cracked off.

    Attributes:
        depth: of the shading, 0..1.
        cracks: share of the ink lost in the crease.
    """

    family = "paper"
    seed: int
    folds: tuple[Fold, ...]
    depth: float
    cracks: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Halves, thirds or a cross."""
        kinds: tuple[tuple[tuple[float, bool], ...], ...] = (
            ((0.5, False),),
            ((1 / 3, False), (2 / 3, False)),
            ((0.5, True),),
            ((0.5, False), (0.5, True)),
        )
        folds = tuple(
            Fold(at + rng.uniform(-0.03, 0.03), upright, float(rng.choice([-1.0, 1.0])) * rng.uniform(0.5, 1.0))
            for at, upright in pick(kinds, rng.random())
        )
        return cls(severity, seed_from(rng), folds, 0.3 * severity * rng.uniform(0.6, 1.0), 0.8 * severity)

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Shade both sides of each crease, crack the ink in it."""
        height, width = image.shape[:2]
        for index, fold in enumerate(self.folds):
            length, across = (width, height) if fold.upright else (height, width)
            far = np.arange(length) + 0.5 - fold.at * length
            lit = 1 - self.depth * (0.25 + 0.6 * (far * fold.turn > 0)) * np.exp(-abs(far) / (0.12 * length))
            crease = np.exp(-((far / (1.2 * clean.stroke_px)) ** 2))
            lines = texture.rows_of if fold.upright else texture.columns_of
            image = multiply(image, lines(lit - 0.5 * self.depth * crease, across))
            grains = texture.grain(self.seed + index, height, width, 1.5 * clean.stroke_px)
            degraded = multiply(curve(grains, (LEVELS - 96) * 4.0), lines(crease * self.cracks, across))
            image = cover(image, clean.ground, degraded)
        return image


class Stain(msgspec.Struct, frozen=True):
    """A drop that dried.

    Attributes:
        x, y: its middle, in shorter sides of the picture.
        radius: in shorter sides of the picture.
        rim, inside: how dark its rim and its inside are, 0..1.
    """

    x: float
    y: float
    radius: float
    colour: Colour
    rim: float
    inside: float


class Stains(Effect, frozen=True):
    """Coffee, tea, water, rust spots."""

    family = "paper"
    seed: int
    stains: tuple[Stain, ...]

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """One to three large ones, or a dozen spots."""
        kinds = templates.menu("effects")["stains"]
        kind = kinds[pick(list(kinds), rng.random())]
        stains = []
        for _ in range(int(rng.integers(kind["num"][0], kind["num"][1] + 1))):
            red, green, blue = (level / 255 for level in kind["colour"])
            dark = severity * rng.uniform(0.6, 1.0)
            x, y, radius = rng.uniform(-0.05, 1.05), rng.uniform(-0.05, 1.05), rng.uniform(*kind["radius"])
            stains.append(Stain(x, y, radius, (red, green, blue), kind["rim"] * dark, kind["inside"] * dark))
        return cls(severity, seed_from(rng), tuple(stains))

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Multiply by the drops."""
        del clean
        height, width = image.shape[:2]
        side = min(height, width)
        x, y = texture.grid(height, width)
        wobble = texture.clouds(self.seed, height, width, max(0.12 * side, 8.0)) - 0.5
        wobble = wobble + 0.25 * (texture.clouds(self.seed + 1, height, width, max(0.03 * side, 6.0)) - 0.5)
        field = np.ones((*wobble.shape, 3), np.float32)
        for stain in self.stains:
            radius_px = stain.radius * side
            middle = (stain.x * width, stain.y * height)
            rows = abs(y[:, 0] - middle[1]) < 1.5 * radius_px
            columns = abs(x[0] - middle[0]) < 1.5 * radius_px
            if not (rows.any() and columns.any()):
                continue
            near = np.ix_(rows, columns)
            far = np.hypot(x[:, columns] - middle[0], y[rows] - middle[1]) / radius_px + 0.2 * wobble[near]
            rim = np.exp(-(((far - 0.93) / 0.07) ** 2)) * (0.6 + wobble[near])
            # A dry edge is a few pixels wide whatever the size of the drop.
            soft = 0.02 + 2.0 / radius_px
            inside = (0.5 + (1 - far) / (2 * soft)).clip(0, 1)
            dark = (stain.rim * rim + stain.inside * inside).clip(0, 1)
            field[near] *= 1 - dark[..., None] * (1 - np.array(stain.colour, np.float32))
        return multiply(image, texture.full(field, height, width))


class ShowThrough(Effect, frozen=True):
    """Thin paper: the print of the other side, mirrored and blurred; drawn from the page's own print.

    Attributes:
        strength: how dark it is, 0..1.
        blur: standard deviation of the blur, in stroke widths.
        shift: of the other side's text, in heights of the picture.
    """

    family = "paper"
    strength: float
    blur: float
    shift: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Up to a third of the ink's darkness."""
        return cls(severity, 0.34 * severity * rng.uniform(0.7, 1.0), rng.uniform(0.6, 1.5), rng.uniform(0.1, 0.9))

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Darken by the mirrored ink."""
        grey = to_grey(image)
        ink = curve(grey, abs(LEVELS - float(np.mean(clean.ground))))
        mirrored = np.roll(ink[:, ::-1], int(self.shift * image.shape[0]), axis=0)
        shade = smooth(np.ascontiguousarray(mirrored), self.blur * clean.stroke_px)
        return multiply(image, curve(shade, 255 * (1 - self.strength * LEVELS / 255)))


class Ruling(Effect, frozen=True):
    """Printed lines of an exercise book: rules, or squares, in a pale colour.

    Attributes:
        pitch: between lines, in stroke widths.
        colour: of the lines.
        squares: whether there are upright lines too.
        start: of the first line, in pitches.
    """

    family = "paper"
    pitch: float
    colour: Colour
    squares: bool
    start: float

    @classmethod
    def draw(cls, rng: np.random.Generator, severity: float) -> Self:
        """Lines of up to half the ink's darkness."""
        inks = list(templates.menu("effects")["rulings"].values())
        strength = 0.75 * severity * rng.uniform(0.6, 1.0)
        red, green, blue = (1 - strength * (1 - level / 255) for level in pick(inks, rng.random()))
        squares = bool(rng.random() < 0.4)
        pitch = rng.uniform(9.0, 14.0) if squares else rng.uniform(14.0, 24.0)
        return cls(severity, pitch, (red, green, blue), squares, rng.random())

    def apply(self, image: Pixels, clean: PictureTraits) -> Pixels:
        """Multiply by the lines."""
        height, width = image.shape[:2]
        lines = texture.columns_of(self._profile(height, clean.stroke_px), width)
        if self.squares:
            upright = texture.rows_of(self._profile(width, clean.stroke_px), height)
            lines = np.asarray(cv2.max(lines, upright), np.uint8)
        shades = [curve(lines, np.linspace(255, 255 * level, 256)) for level in self.colour]
        return multiply(image, shades[0] if len(set(self.colour)) == 1 else np.dstack(shades))

    def _profile(self, length: int, stroke_px: float) -> npt.NDArray[np.float64]:
        pitch = max(self.pitch * stroke_px, 6.0)
        far = (np.arange(length) + 0.5 - self.start * pitch + pitch / 2) % pitch - pitch / 2
        return np.asarray(np.exp(-((far / max(0.3 * stroke_px, 0.6)) ** 2)))

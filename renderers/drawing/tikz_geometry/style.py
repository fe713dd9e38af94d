"""The look of a figure: everything that its target does not say."""

from functools import cache

import msgspec
import numpy as np

import templates
from renderers.content.geometry.labels import TextMetrics
from renderers.core.choice import draw_one
from renderers.core.weighted import Weighted

_NAME = "tikz_geometry"

PT_AN_INCH = 72.27
RINGS = 2
"""Px of paper that the proof wants around a text."""


class Style(msgspec.Struct, frozen=True, gc=False):
    """How a figure looks.

    Attributes:
        font: math version of the texts.
        size_pt: of the texts.
        unit_pt: one unit of the figure.
        line_pt: width of a normal line; thick is twice, very thick three times it, as in TikZ.
        tip: of arrows.
        paper: red, green, blue in 0..255.
        pad_pt: paper around the figure.
        dpi: of the picture.
    """

    font: str
    size_pt: float
    unit_pt: float
    line_pt: float
    tip: str
    paper: tuple[int, int, int]
    pad_pt: float
    dpi: int

    def text_metrics(self) -> TextMetrics:
        """Size of the texts and the paper that they need, in units of the figure."""
        rings_pt = (RINGS + 1) * PT_AN_INCH / self.dpi
        # Of a thick line half the width, and something for its corners.
        margin_pt = rings_pt + 1.2 * self.line_pt
        return TextMetrics(
            self.size_pt / self.unit_pt, (margin_pt + 0.8) / self.unit_pt, margin_pt / self.unit_pt + 0.02
        )


def draw_style(rng: np.random.Generator) -> Style:
    """A look: mostly black lines on white paper."""
    size_pt = draw_one(rng, (8.0, 9.0, 10.0, 10.0, 10.0, 10.95, 12.0))
    # A text is between a fifteenth and a thirtieth of the figure's longer side.
    unit_pt = round(size_pt * (1.8 + 1.4 * float(rng.random())), 1)
    return Style(
        font=_pick(rng, "fonts"),
        size_pt=size_pt,
        unit_pt=unit_pt,
        line_pt=float(_pick(rng, "lines")),
        tip=_pick(rng, "tips"),
        paper=tuple(int(part) for part in _pick(rng, "papers").split()),  # type: ignore[arg-type]
        pad_pt=round(4 + 12 * float(rng.random()), 1),
        dpi=int(rng.integers(110, 241)),
    )


@cache
def _menu(table: str) -> Weighted[str]:
    return Weighted((weight, name) for name, weight in templates.menu(_NAME)[table].items())


def _pick(rng: np.random.Generator, table: str) -> str:
    return _menu(table).at(rng.random())


@cache
def rgb_of(colour: str) -> tuple[float, float, float]:
    """Red, green, blue in 0..1 of a colour of the target: "gray!25" is a quarter grey, the rest white."""
    name, _, part = colour.partition("!")
    share = int(part or 100) / 100
    red, green, blue = (1 - share + share * value for value in templates.menu(_NAME)["colours"][name])
    return (red, green, blue)

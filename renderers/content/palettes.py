"""Colours of series, and the two measures of them that proofs use: how far apart two colours look, and contrast."""

import itertools
from collections.abc import Sequence
from functools import lru_cache

from coloraide import Color

import templates

VISIBLE_FROM_BACKGROUND = 15.0
"""Least CIEDE2000 difference of a mark to what is behind it (0..100)."""

APART_IN_LEGEND = 10.0
"""Least CIEDE2000 difference between the colours of two series (0..100)."""


@lru_cache(maxsize=256)
def palettes(background: str) -> tuple[tuple[str, ...], ...]:
    """The palettes all of whose colours are visible on a background "#rrggbb"."""
    every = itertools.chain.from_iterable(templates.menu("shared", "palettes.toml").values())
    return tuple(
        tuple(colours)
        for colours in every
        if all(difference(colour, background) >= VISIBLE_FROM_BACKGROUND for colour in colours)
    )


def distinct(palette: Sequence[str], num: int, background: str) -> tuple[str, ...] | None:
    """The first `num` colours of a palette that are apart from each other and visible on the background.

    Returns:
        None if there are not so many.
    """
    return _distinct(tuple(palette), num, background)


@lru_cache(maxsize=16384)
def _distinct(palette: tuple[str, ...], num: int, background: str) -> tuple[str, ...] | None:
    chosen: list[str] = []
    for colour in palette:
        if len(chosen) == num:
            break
        if difference(colour, background) >= VISIBLE_FROM_BACKGROUND and all(
            difference(colour, other) >= APART_IN_LEGEND for other in chosen
        ):
            chosen.append(colour)
    return tuple(chosen) if len(chosen) == num else None


@lru_cache(maxsize=65536)
def difference(a: str, b: str) -> float:
    """CIEDE2000 of two colours "#rrggbb": about 1 is just visible, black to white is 100."""
    return float(_in_lab(a).delta_e(_in_lab(b), method="2000"))


@lru_cache(maxsize=16384)
def _in_lab(colour: str) -> Color:
    # Measured: reading and converting a colour is two thirds of a comparison.
    return Color(colour).convert("lab-d65")


@lru_cache(maxsize=65536)
def contrast(a: str, b: str) -> float:
    """Contrast ratio of two colours "#rrggbb" by WCAG 2, 1..21."""
    return float(Color(a).contrast(Color(b), method="wcag21"))

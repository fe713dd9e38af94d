"""Colours as "#rrggbb" and what is computed from them: channels, mixtures, luminance and contrast by WCAG 2."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

_SHARES = np.arange(256) / 255
LINEAR = np.where(_SHARES <= 0.04045, _SHARES / 12.92, ((_SHARES + 0.055) / 1.055) ** 2.4)
"""(256,), linear light (0..1) of a level of sRGB; of a grey it is the relative luminance. Source: IEC 61966-2-1."""

_WEIGHTS = np.array([0.2126, 0.7152, 0.0722])


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue (0..255) of "#rrggbb"."""
    red, green, blue = bytes.fromhex(colour[1:7])
    return red, green, blue


def to_hex(channels: Iterable[int]) -> str:
    """The "#rrggbb" of red, green and blue (0..255)."""
    return "#" + bytes(channels).hex()


@lru_cache(maxsize=4096)
def mix(a: str, b: str, share: float) -> str:
    """The colour between two, `share` (0..1) of the second."""
    return to_hex(round(x + (y - x) * share) for x, y in zip(rgb(a), rgb(b), strict=True))


def luminance(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Relative luminance (0..1) by WCAG 2 of (..., 3) pixels."""
    return np.asarray(LINEAR[pixels] @ _WEIGHTS)


def contrast_ratio(a: Any, b: Any) -> Any:
    """Contrast ratio (1..21) by WCAG 2 of relative luminances, numbers or arrays of them."""
    return (np.maximum(a, b) + 0.05) / (np.minimum(a, b) + 0.05)

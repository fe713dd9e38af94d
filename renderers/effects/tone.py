"""The few things that are done to pixels: shade them, cover them, add grain. On uint8, since pages are large."""

from statistics import NormalDist

import cv2
import numpy as np
import numpy.typing as npt

from renderers.core.renderer import Pixels

LEVELS = np.arange(256, dtype=np.float64)
"""Every level of a pixel, to make curves from."""

_QUANTILES = np.array([NormalDist().inv_cdf((level + 0.5) / 256) for level in range(256)])


def to_rgb(image: Pixels) -> Pixels:
    """(H, W) or (H, W, 3) as (H, W, 3)."""
    return image if image.ndim == 3 else _pixels(cv2.merge([image, image, image]))


def to_grey(image: Pixels) -> Pixels:
    """(H, W) luminance."""
    return image if image.ndim == 2 else _pixels(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))


def multiply(image: Pixels, shade: Pixels) -> Pixels:
    """Darken as ink and shadow do: 255 leaves a pixel, 0 makes it black. A coloured shade colours a grey picture."""
    if shade.ndim == 3:
        image = to_rgb(image)
    elif image.ndim == 3:
        shade = to_rgb(shade)
    return _pixels(cv2.multiply(image, shade, scale=1 / 255))


def cover(image: Pixels, colour: tuple[int, int, int], alpha: Pixels) -> Pixels:
    """Paint over with a colour: alpha (H, W) 0 leaves a pixel, 255 covers it."""
    if len(set(colour)) > 1:
        image = to_rgb(image)
    kept = multiply(image, _pixels(cv2.bitwise_not(alpha)))
    if image.ndim == 2:
        return _pixels(cv2.add(kept, cv2.convertScaleAbs(alpha, alpha=colour[0] / 255)))
    return _pixels(cv2.add(kept, cv2.merge([cv2.convertScaleAbs(alpha, alpha=level / 255) for level in colour])))


def curve(image: Pixels, levels: npt.NDArray[np.float64]) -> Pixels:
    """Each level 0..255 becomes another: (256,), clipped."""
    return _pixels(cv2.LUT(image, levels.round().clip(0, 255).astype(np.uint8)))


def add_grain(image: Pixels, seed: int, sigma: float) -> Pixels:
    """Add white Gaussian noise of sigma levels."""
    noise = curve(random_bytes(seed, image.shape), 128 + sigma * _QUANTILES)
    return _pixels(cv2.addWeighted(image, 1.0, noise, 1.0, -128.0))


def random_bytes(seed: int, shape: tuple[int, ...]) -> Pixels:
    """Uniform uint8."""
    data = np.random.Generator(np.random.PCG64(seed)).bytes(int(np.prod(shape)))
    return np.frombuffer(data, np.uint8).reshape(shape)


def smooth(image: Pixels, sigma_px: float) -> Pixels:
    """Gaussian blur; below a tenth of a pixel it does nothing."""
    return image if sigma_px < 0.1 else _pixels(cv2.GaussianBlur(image, (0, 0), sigma_px))


def _pixels(array: object) -> Pixels:
    # OpenCV's stubs know no element types; uint8 in gives uint8 out.
    return np.asarray(array, np.uint8)

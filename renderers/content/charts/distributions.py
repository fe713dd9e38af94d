"""Shapes of data as one meets them: what the numbers of a chart look like before they get an axis.

Every shape is an array of magnitudes in (0, 1] whose largest is 1. `ordered` data (months, years) have trends and
seasons; unordered ones (countries, products) are counts, shares and rankings.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from renderers.core.choice import pick, pick_int

Floats: TypeAlias = npt.NDArray[np.float64]
_Shape: TypeAlias = Callable[[np.random.Generator, int], Floats]


def draw_shape(rng: np.random.Generator, num: int, ordered: bool) -> Floats:
    """One series of magnitudes: (num,) in (0, 1], largest 1."""
    shapes = _ORDERED if ordered else _UNORDERED
    values: Floats = pick(shapes, rng.random())(rng, num)
    if not ordered and rng.random() < 0.35:
        values = np.sort(values)[:: -1 if rng.random() < 0.8 else 1]
    return np.asarray(values / values.max())


def draw_shapes(rng: np.random.Generator, num_series: int, num: int, ordered: bool) -> Floats:
    """Several series over the same categories: (num_series, num) in (0, 1]; often they follow one another."""
    first = draw_shape(rng, num, ordered)
    if num_series == 1:
        return first[None]
    how = rng.random()
    if how < 0.5:
        scales = rng.uniform(0.35, 1.0, (num_series, 1))
        rows = first * scales * rng.lognormal(0.0, 0.05 + 0.25 * rng.random(), (num_series, num))
    elif how < 0.6:
        rows = np.array([first if index % 2 == 0 else 1.05 - first for index in range(num_series)])
        rows = rows * rng.uniform(0.9, 1.1, rows.shape)
    else:
        rows = np.array([first, *(draw_shape(rng, num, ordered) for _ in range(num_series - 1))])
        rows = rows * rng.uniform(0.5, 1.0, (num_series, 1))
    return np.asarray(rows / rows.max())


def draw_shares(rng: np.random.Generator, num: int, min_share: float) -> Floats:
    """Parts of a whole: (num,) that sum to 1, none below `min_share` (num * min_share < 1)."""
    return min_share + (1.0 - num * min_share) * rng.dirichlet(np.full(num, 0.6 + 3.0 * rng.random()))


def _walk(rng: np.random.Generator, num: int) -> Floats:
    steps = rng.normal(0.15 * rng.normal(), 1.0, num).cumsum()
    above = (0.1 + 2.0 * rng.random()) * (float(np.ptp(steps)) + 0.1)
    return np.asarray(steps - steps.min() + above)


def _season(rng: np.random.Generator, num: int) -> Floats:
    period = rng.integers(4, 13)
    wave = np.sin(2 * np.pi * (np.arange(num) / period + rng.random()))
    return np.asarray(1.0 + rng.uniform(0.15, 0.8) * wave + rng.normal(0.0, 0.05, num).clip(-0.1, 0.1))


def _growth(rng: np.random.Generator, num: int) -> Floats:
    rate = rng.uniform(-0.12, 0.3) * 8 / max(num, 8)
    return np.asarray(np.exp(rate * np.arange(num) + rng.normal(0.0, 0.06, num)))


def _saturation(rng: np.random.Generator, num: int) -> Floats:
    middle, width = rng.uniform(0.2, 0.7) * num, rng.uniform(0.06, 0.25) * num
    rise = 1.0 / (1.0 + np.exp((middle - np.arange(num)) / width))
    return np.asarray((rise if rng.random() < 0.7 else 1.0 - rise) + 0.06 + rng.uniform(0.0, 0.05, num))


def _bell(rng: np.random.Generator, num: int) -> Floats:
    middle, width = rng.uniform(0.25, 0.75) * num, rng.uniform(0.15, 0.35) * num
    bell = np.exp(-0.5 * ((np.arange(num) - middle) / width) ** 2)
    return np.asarray(bell + rng.uniform(0.01, 0.08, num))


def _line(rng: np.random.Generator, num: int) -> Floats:
    rise = np.linspace(rng.uniform(0.2, 1.0), rng.uniform(0.2, 1.0), num)
    return np.asarray((rise + rng.normal(0.0, 0.04, num)).clip(0.05, None))


def _lognormal(rng: np.random.Generator, num: int) -> Floats:
    return rng.lognormal(0.0, rng.uniform(0.25, 1.0), num)


def _zipf(rng: np.random.Generator, num: int) -> Floats:
    ranks = np.arange(1, num + 1) ** -rng.uniform(0.4, 1.2) * rng.uniform(0.9, 1.1, num)
    return np.asarray(ranks if rng.random() < 0.6 else rng.permutation(ranks))


def _counts(rng: np.random.Generator, num: int) -> Floats:
    return np.asarray((rng.poisson(rng.uniform(4.0, 60.0), num) + 1.0) * rng.uniform(0.98, 1.02, num))


def _uniform(rng: np.random.Generator, num: int) -> Floats:
    return rng.uniform(rng.uniform(0.05, 0.6), 1.0, num)


def _outlier(rng: np.random.Generator, num: int) -> Floats:
    values = rng.normal(1.0, 0.05, num).clip(0.7, 1.3)
    values[pick_int(0, num - 1, rng.random())] *= rng.uniform(1.5, 4.0) if rng.random() < 0.7 else 0.4
    return values


def _two_groups(rng: np.random.Generator, num: int) -> Floats:
    return np.where(rng.random(num) < 0.5, rng.normal(1.0, 0.08, num), rng.normal(0.45, 0.06, num)).clip(0.1, None)


_ORDERED: tuple[_Shape, ...] = (
    _walk,
    _walk,
    _walk,
    _season,
    _season,
    _growth,
    _growth,
    _saturation,
    _bell,
    _line,
    _outlier,
    _uniform,
)
_UNORDERED: tuple[_Shape, ...] = (
    _lognormal,
    _lognormal,
    _zipf,
    _zipf,
    _counts,
    _counts,
    _uniform,
    _outlier,
    _two_groups,
    _bell,
)

"""Uniform picks from a random number that the caller has drawn.

The number is an argument, so that the order of a generator's numbers stands where they are drawn: the stored rows of a
data set are drawn again from it.
"""

from typing import Protocol, TypeVar

import numpy as np

T_co = TypeVar("T_co", covariant=True)


class Choices(Protocol[T_co]):
    """A sequence, or an array."""

    def __len__(self) -> int:
        """How many there are."""

    def __getitem__(self, index: int, /) -> T_co:
        """The one at an index from 0 on."""


def pick(choices: Choices[T_co], share: float) -> T_co:
    """One of several, all equally likely.

    Args:
        choices: not empty.
        share: a uniform random number in [0, 1).
    """
    return choices[int(share * len(choices))]


def pick_int(low: int, high: int, share: float) -> int:
    """A whole number from `low` to `high`, both among them, all equally likely.

    Args:
        low: the least one.
        high: the largest one, >= low.
        share: a uniform random number in [0, 1).
    """
    return low + int(share * (high - low + 1))


def draw_one(rng: np.random.Generator, choices: Choices[T_co]) -> T_co:
    """One of several, all equally likely, by a whole number of the generator.

    `pick` with `rng.random()` is as good and ten times as fast; rows that are drawn by this one keep it, since another
    number would redraw them otherwise.
    """
    return choices[int(rng.integers(len(choices)))]

"""Choices by weight, and the checks of knobs that are weights or probabilities."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from itertools import accumulate
from typing import Generic, TypeVar

from renderers.core.errors import ConfigError

T = TypeVar("T")
Name = TypeVar("Name", bound=str)


class Weighted(Generic[T]):
    """Choices, each with its weight: relative to the sum of all, it is taken so often; one of weight 0 never is.

    Args:
        weighted: (weight, choice), weights 0 or more and not all 0.
    """

    __slots__ = ("_choices", "_ends")

    def __init__(self, weighted: Iterable[tuple[float, T]]) -> None:
        pairs = [(weight, choice) for weight, choice in weighted if weight > 0]
        self._choices = [choice for _, choice in pairs]
        self._ends = list(accumulate(weight for weight, _ in pairs))

    def at(self, share: float) -> T:
        """The choice at a share in [0, 1) of the total weight: with a uniform random number, one by weight."""
        return self._choices[bisect_right(self._ends, share * self._ends[-1])]


def check_weights(knob: str, weights: Mapping[Name, float], known: Collection[str]) -> None:
    """Raises ConfigError where a knob weighs what is not known, or leaves nothing to draw."""
    unknown = set(weights) - set(known)
    if unknown:
        raise ConfigError(f"{knob}: there is no {min(unknown)!r}; there are: {', '.join(known)}")
    if not weights or min(weights.values()) < 0 or sum(weights.values()) <= 0:
        raise ConfigError(f"{knob}: weights must not be negative and not all zero")


def check_frac(knob: str, value: float) -> None:
    """Raises ConfigError where a knob that is a share or a probability is not within 0..1."""
    if not 0 <= value <= 1:
        raise ConfigError(f"{knob} is {value}; it must be from 0 to 1")

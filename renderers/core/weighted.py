"""Things to draw from by weight."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from itertools import accumulate
from typing import Generic, TypeVar

from renderers.core.errors import ConfigError

T = TypeVar("T")
Name = TypeVar("Name", bound=str)


class Weighted(Generic[T]):
    """Things, each with how often it is taken; those of weight 0 never are.

    Args:
        weighted: (weight, thing).
    """

    __slots__ = ("_ends", "_things")

    def __init__(self, weighted: Iterable[tuple[float, T]]) -> None:
        pairs = [(weight, thing) for weight, thing in weighted if weight > 0]
        self._things = [thing for _, thing in pairs]
        self._ends = list(accumulate(weight for weight, _ in pairs))

    def at(self, share: float) -> T:
        """The thing at a share in [0, 1) of the total weight."""
        return self._things[bisect_right(self._ends, share * self._ends[-1])]


def check_weights(knob: str, weights: Mapping[Name, float], known: Collection[str]) -> None:
    """Raises ConfigError where a knob weighs what is not known, or leaves nothing to draw."""
    unknown = set(weights) - set(known)
    if unknown:
        raise ConfigError(f"{knob}: there is no {min(unknown)!r}; there are: {', '.join(known)}")
    if not weights or min(weights.values()) < 0 or sum(weights.values()) <= 0:
        raise ConfigError(f"{knob}: weights must not be negative and not all zero")

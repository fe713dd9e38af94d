"""What a metric is: pairs of target and answer in, one value a measure out, for each pair and for all together.

A metric is a frozen dataclass; `METRIC = <Class>` is the last line of its file. It never raises for what an answer
says: an answer that cannot be read is a bad answer. Fractions are 0..1, error rates may be above 1.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, TypeAlias

import msgspec

Mode: TypeAlias = Literal["standard", "got"]
"""`got`: as the reference's own script does, its slips included, to meet published numbers; `standard`: as meant."""

Values: TypeAlias = dict[str, float]
"""{measure: value}."""


class Pair(msgspec.Struct, frozen=True):
    """A target text and the model's answer.

    Attributes:
        target: of the data set.
        answer: of the model.
        scene: whether it is scene text, which GOT's table scores by characters instead of words.
    """

    target: str
    answer: str
    scene: bool = False


class Measure(msgspec.Struct, frozen=True):
    """One number that a metric gives.

    Attributes:
        label: for people.
        best: the perfect value: at most 1; 0 for distances and error rates.
    """

    label: str
    best: float = 1.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Values of a list of pairs.

    Attributes:
        total: over all pairs; a measure that no pair has is not in it.
        each: of each pair, in order; a measure that leaves a pair out is not in its values.
    """

    total: Values
    each: list[Values]


class Metric(Protocol):
    """A way to score answers.

    Attributes:
        name: of its file.
        formats: of the targets that it scores.
        measures: what it gives; names are unique over all metrics.
    """

    name: ClassVar[str]
    formats: ClassVar[frozenset[str]]
    measures: ClassVar[Mapping[str, Measure]]

    def score(self, pairs: Sequence[Pair]) -> Scores:
        """The values of the pairs and of all of them."""


def averaged(each: list[Values]) -> Scores:
    """Values with the mean of each measure over the pairs that have it; the order of pairs does not matter."""
    names = dict.fromkeys(name for values in each for name in values)
    columns = {name: [values[name] for values in each if name in values] for name in names}
    return Scores({name: math.fsum(column) / len(column) for name, column in columns.items()}, each)


def pooled(counts: Sequence[Mapping[str, tuple[float, float]]]) -> Scores:
    """Rates from (errors, length) of each pair: errors of all over lengths of all, so that long pairs weigh more."""
    each = [{name: rate(*count) for name, count in one.items()} for one in counts]
    names = dict.fromkeys(name for one in counts for name in one)
    total = {
        name: rate(*(math.fsum(one[name][side] for one in counts if name in one) for side in (0, 1))) for name in names
    }
    return Scores(total, each)


def rate(errors: float, length: float) -> float:
    """Errors over length; their number where the length is 0. May be above 1."""
    return errors / length if length else errors

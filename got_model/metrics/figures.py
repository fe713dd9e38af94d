"""F1 of what a figure of TikZ is made of: how many of its strokes, circles, curves and texts are there.

Straight strokes are longest segments, so a triangle is three, however it is written. One of the answer matches one of
the target that is the same kind, of the same pen, and no more than a tolerance off: 0.05 units, as for two targets
that are equal, or, for `loose`, 0.25 units; texts have the same words, and formulas that mean the same. Statements of
the answer that cannot be read count as wrong. `tikz_exact` is the equality of the grammar. No reference: GOT scores
TikZ as text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from got_model.metrics.core.metric import Measure, Pair, Scores, Values, averaged
from got_model.metrics.core.strokes import joined_strokes, read_figure
from renderers.labels.tikz.compare import same_figure
from renderers.labels.tikz.primitives import Primitive

_TOLERANCE, _LOOSE = 0.05, 0.25


@dataclass(frozen=True)
class Figures:
    """F1, precision and recall of primitives."""

    name: ClassVar[str] = "figures"
    formats: ClassVar[frozenset[str]] = frozenset({"tikz"})
    measures: ClassVar[Mapping[str, Measure]] = {
        "tikz_f1": Measure("Primitives, F1"),
        "tikz_precision": Measure("Primitives, precision"),
        "tikz_recall": Measure("Primitives, recall"),
        "tikz_f1_loose": Measure("Primitives, F1 at 0.25 units"),
        "tikz_exact": Measure("Same figure"),
    }

    def score(self, pairs: Sequence[Pair]) -> Scores:
        """Means over the figures; a target that is none is left out."""
        return averaged([_values(pair.target, pair.answer) for pair in pairs])


def _values(target: str, answer: str) -> Values:
    targets, unread = read_figure(target)
    if unread or not targets:
        return {}
    read, num_lost = read_figure(answer)
    mine, theirs = joined_strokes(read), joined_strokes(targets)
    num_answers = len(mine) + num_lost
    num_matched = _num_matched(mine, theirs, _TOLERANCE)
    return {
        "tikz_f1": f1_of(num_matched, num_answers, len(theirs)),
        "tikz_precision": num_matched / num_answers if num_answers else 0.0,
        "tikz_recall": num_matched / len(theirs),
        "tikz_f1_loose": f1_of(_num_matched(mine, theirs, _LOOSE), num_answers, len(theirs)),
        "tikz_exact": float(not num_lost and bool(read) and same_figure(read, targets, _TOLERANCE, translated=False)),
    }


def f1_of(num_matched: int, num_answers: int, num_targets: int) -> float:
    """The harmonic mean of precision and recall, 0..1, from numbers of items; 0 where there are none."""
    return 2 * num_matched / (num_answers + num_targets) if num_answers + num_targets else 0.0


def _num_matched(read: Sequence[Primitive], targets: Sequence[Primitive], tolerance: float) -> int:
    """Number of target primitives that have a primitive of the answer within `tolerance` (in units), each its own."""
    free = list(read)
    num = 0
    for one in targets:
        for index, other in enumerate(free):
            if type(one) is type(other) and same_figure([one], [other], tolerance, translated=False):
                del free[index]
                num += 1
                break
    return num


METRIC = Figures

"""F1 of what a figure of TikZ is made of: how many of its strokes, circles, curves and texts are there.

Straight strokes are longest segments, so a triangle is three, however it is written. One of the answer meets one of the
target that is the same kind, of the same pen, and no more than a tolerance off: 0.05 units, as for two targets that are
equal, or, for `loose`, 0.25 units. Statements of the answer that cannot be read count as wrong. `tikz_exact` is the
equality of the grammar. No reference: GOT scores TikZ as text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from got_model.metrics.core.metric import Measure, Pair, Scores, Values, averaged
from got_model.metrics.core.strokes import melted, read_figure
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
    wanted, unread = read_figure(target)
    if unread or not wanted:
        return {}
    read, num_lost = read_figure(answer)
    mine, theirs = melted(read), melted(wanted)
    num_read = len(mine) + num_lost
    found = _num_met(mine, theirs, _TOLERANCE)
    return {
        "tikz_f1": f1_of(found, num_read, len(theirs)),
        "tikz_precision": found / num_read if num_read else 0.0,
        "tikz_recall": found / len(theirs),
        "tikz_f1_loose": f1_of(_num_met(mine, theirs, _LOOSE), num_read, len(theirs)),
        "tikz_exact": float(not num_lost and bool(read) and same_figure(read, wanted, _TOLERANCE, translated=False)),
    }


def f1_of(found: int, num_read: int, num_targets: int) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * found / (num_read + num_targets) if num_read + num_targets else 0.0


def _num_met(read: Sequence[Primitive], wanted: Sequence[Primitive], tolerance: float) -> int:
    """How many of the wanted have one that was read, each its own."""
    free = list(read)
    num = 0
    for one in wanted:
        for index, other in enumerate(free):
            if type(one) is type(other) and same_figure([one], [other], tolerance, translated=False):
                del free[index]
                num += 1
                break
    return num


METRIC = Figures

"""F1 of the straight lines of a figure, as Slow Perception scores geometry.

Pieces of one line are joined. A line of the answer matches one of the target, each the first that is free, where the
mean of the overlaps (intersection over union) of their extents in x and in y is above 0.75, or, for `line_f1_90`,
0.9. Short lines are those below 8 units.

Trap of the reference: a line along an axis has no extent across it, that overlap is 0, and so even a perfect horizontal
line has 0.5 and is never matched. Mode `got` does so, and upright squares are lost whole; in mode `standard` two lines
that both have no extent in an axis overlap there wholly if they are at the same coordinate.

A figure without lines is left out of all, one without short ones of those. Source: Slow Perception `calculate_f1.py`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from got_model.metrics.core.metric import Measure, Mode, Pair, Scores, Values, averaged
from got_model.metrics.core.strokes import Segment, read_figure, segments_of
from got_model.metrics.figures import f1_of

_MIN_OVERLAP, _MIN_OVERLAP_90 = 0.75, 0.9
_MAX_SHORT = 8.0
_FLAT = 0.1
"""Extent, in units, up to which a line has none, and within which two of those are at the same coordinate."""


@dataclass(frozen=True)
class Lines:
    """F1, precision and recall of straight lines."""

    mode: Mode = "standard"

    name: ClassVar[str] = "lines"
    formats: ClassVar[frozenset[str]] = frozenset({"tikz"})
    measures: ClassVar[Mapping[str, Measure]] = {
        "line_f1": Measure("Lines, F1"),
        "line_precision": Measure("Lines, precision"),
        "line_recall": Measure("Lines, recall"),
        "line_f1_90": Measure("Lines, F1 at 0.9"),
        "line_f1_short": Measure("Lines, F1, short"),
        "line_f1_long": Measure("Lines, F1, long"),
    }

    def score(self, pairs: Sequence[Pair]) -> Scores:
        """Means over the figures."""
        return averaged([self._values(pair) for pair in pairs])

    def _values(self, pair: Pair) -> Values:
        targets, answers = (segments_of(read_figure(text)[0]) for text in (pair.target, pair.answer))
        if not targets:
            return {}
        num_matched = self._num_matched(answers, targets, _MIN_OVERLAP)
        values = {
            "line_f1": f1_of(num_matched, len(answers), len(targets)),
            "line_precision": num_matched / len(answers) if answers else 0.0,
            "line_recall": num_matched / len(targets),
            "line_f1_90": f1_of(self._num_matched(answers, targets, _MIN_OVERLAP_90), len(answers), len(targets)),
        }
        for name, short in (("line_f1_short", True), ("line_f1_long", False)):
            some = [
                [line for line in lines if (math.dist(*line) < _MAX_SHORT) == short] for lines in (answers, targets)
            ]
            if some[1]:
                values[name] = f1_of(self._num_matched(some[0], some[1], _MIN_OVERLAP), len(some[0]), len(some[1]))
        return values

    def _num_matched(self, answers: Sequence[Segment], targets: Sequence[Segment], min_overlap: float) -> int:
        free = list(targets)
        for line in answers:
            index = next((at for at, other in enumerate(free) if self.overlap(line, other) > min_overlap), None)
            if index is not None:
                del free[index]
        return len(targets) - len(free)

    def overlap(self, one: Segment, other: Segment) -> float:
        """The mean of the overlaps (intersection over union) of two lines in x and in y, 0..1."""
        return (self._along(one, other, 0) + self._along(one, other, 1)) / 2

    def _along(self, one: Segment, other: Segment, axis: int) -> float:
        (low, high), (other_low, other_high) = (sorted(end[axis] for end in line) for line in (one, other))
        if self.mode == "standard" and high - low <= _FLAT and other_high - other_low <= _FLAT:
            return float(abs(low + high - other_low - other_high) / 2 <= _FLAT)
        union = max(high, other_high) - min(low, other_low)
        return max(0.0, min(high, other_high) - max(low, other_low)) / union if union > 0 else 0.0


METRIC = Lines

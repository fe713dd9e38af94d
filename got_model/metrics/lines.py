"""F1 of the straight lines of a figure, as Slow Perception scores geometry.

A line of the answer, one after the other, matches the free one of the target that it overlaps most, where that is above
0.75, or, for `line_f1_90`, 0.9; the overlap is the mean of those of their extents (intersection over union) in x and in
y. Short lines are those below 8 units.

Traps of the reference, which mode `got` has:

- A line along an axis has no extent across it, that overlap is 0, and so even a perfect horizontal line has 0.5 and is
  never matched: upright squares are lost whole. In mode `standard` two lines that both have no extent in an axis
  overlap there wholly if they are at the same coordinate.
- Lines of the answer that lie on one straight line are one, gaps included, and of several on one upright the last alone
  is kept; those of the target are as they were drawn. In mode `standard` pieces that touch are one on both sides.
- A figure without lines, and one without short ones for `line_f1_short`, has 0 and weighs; in mode `standard` it is
  left out.

Source: Slow Perception `calculate_f1.py`.
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
_SAME = 1e-4
"""Slopes and offsets that differ by less are one straight line's. Source: `calculate_f1.py`."""

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
        figures = [read_figure(text)[0] for text in (pair.target, pair.answer)]
        if self.mode == "got":
            targets, answers = (segments_of(figure, joined=False) for figure in figures)
            answers = merged_on_lines(answers)
        else:
            targets, answers = map(segments_of, figures)
        if not targets and self.mode == "standard":
            return {}
        num_matched = self._num_matched(answers, targets, _MIN_OVERLAP)
        values = {
            "line_f1": f1_of(num_matched, len(answers), len(targets)),
            "line_precision": num_matched / len(answers) if answers else 0.0,
            "line_recall": num_matched / len(targets) if targets else 0.0,
            "line_f1_90": f1_of(self._num_matched(answers, targets, _MIN_OVERLAP_90), len(answers), len(targets)),
        }
        for name, short in (("line_f1_short", True), ("line_f1_long", False)):
            some = [
                [line for line in lines if (math.dist(*line) < _MAX_SHORT) == short] for lines in (answers, targets)
            ]
            if some[1] or self.mode == "got":
                values[name] = f1_of(self._num_matched(some[0], some[1], _MIN_OVERLAP), len(some[0]), len(some[1]))
        return values

    def _num_matched(self, answers: Sequence[Segment], targets: Sequence[Segment], min_overlap: float) -> int:
        free = list(targets)
        for line in answers:
            overlaps = [self.overlap(line, other) for other in free]
            if max(overlaps, default=0.0) > min_overlap:
                del free[overlaps.index(max(overlaps))]
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


def merged_on_lines(segments: Sequence[Segment]) -> list[Segment]:
    """Segments as the reference merges those of an answer: see the module."""
    found: dict[tuple[float, float], Segment] = {}
    for start, end in segments:
        # Two infinite slopes are not equal there either: their difference is no number.
        slope = math.inf if start[0] == end[0] else (end[1] - start[1]) / (end[0] - start[0])
        offset = start[0] if math.isinf(slope) else start[1] - slope * start[0]
        same = (key for key in found if abs(key[0] - slope) < _SAME and abs(key[1] - offset) < _SAME)
        key = next(same, None)
        if key is None:
            found[slope, offset] = (start, end)
        else:
            ends = (*found[key], start, end)
            found[key] = (min(ends), max(ends))
    return list(found.values())


METRIC = Lines

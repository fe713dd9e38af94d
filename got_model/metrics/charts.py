r"""SCRM: average precision of a chart's values, and how well its title, source and axis titles are read.

A chart's overlap (`triples.overlap`) is compared with the thresholds 0.5, 0.55, ... 0.95; a pair's value is the share
of them that it reaches, so the mean over pairs is the mean average precision. An answer that is no dictionary has 0,
which is the product of precision and "structure accuracy" that the reference prints.

Quirks, all of which are the reference's:

- The thresholds are np.arange(0.5, 1, 0.05), whose floats are a little more than 0.6, 0.75, 0.8 and 0.9: a chart whose
  overlap is exactly one of them misses that step. The AP at a single threshold compares with the plain number.
- Names are sorted within a line, so a nested dictionary turned inside out is perfect; a name that is part of the
  other counts as the same; a line of the answer may be matched by several.
- Titles: one without a target ("None") does not count; with one, "None" as an answer is 0. Where no target of a data
  set has a title the reference prints 9999; here the measure is then left out. In mode `got` an answer that is no
  dictionary, or lacks one of the four or the values, counts as no structure: 0 in all of SCRM, left out of the titles;
  in mode `standard` its values count, and a missing title has 0.

Source: OneChart `ChartSE_eval/SCRM.py`, `eval_ChartSE.py`; tolerances of its `easy=1`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from rapidfuzz.distance import Levenshtein

from got_model.metrics.core.metric import Measure, Mode, Pair, Scores, Values, averaged
from got_model.metrics.core.triples import overlap, read_chart, sort_names, triples_of

TOLERANCES = {"strict": (0, 0.0), "slight": (2, 0.05), "high": (5, 0.1)}
"""Edits of the names, share of the number. Source: SCRM.py, easy=1."""

THRESHOLDS = np.arange(0.5, 1, 0.05)
_SINGLE = {"ap50": 0.5, "ap75": 0.75, "ap90": 0.9}
_TITLES = ("title", "source", "x_title", "y_title")
_ABSENT = "None"


@dataclass(frozen=True)
class Charts:
    """SCRM and titles."""

    mode: Mode = "standard"

    name: ClassVar[str] = "charts"
    formats: ClassVar[frozenset[str]] = frozenset({"chart-json"})
    measures: ClassVar[Mapping[str, Measure]] = {
        **{f"scrm_{level}": Measure(f"SCRM mAP, {level}") for level in TOLERANCES},
        "scrm_em": Measure("SCRM exact match"),
        **{
            f"scrm_{level}_{name}": Measure(f"SCRM AP@{threshold:.2f}, {level}")
            for level in TOLERANCES
            for name, threshold in _SINGLE.items()
        },
        **{f"chart_{field}": Measure(f"Chart: {field.replace('_', ' ')}") for field in _TITLES},
        "chart_parsed": Measure("Charts that are dictionaries"),
    }

    def score(self, pairs: Sequence[Pair]) -> Scores:
        """Means over the charts."""
        return averaged([self._values(pair) for pair in pairs])

    def _values(self, pair: Pair) -> Values:
        target, answer = read_chart(pair.target), read_chart(pair.answer)
        if target is None:
            return {}
        if self.mode == "got" and not _is_whole(answer):
            return {"chart_parsed": 0.0} | dict.fromkeys(precisions(None, _values_of(target)), 0.0)
        values: Values = {"chart_parsed": float(answer is not None)}
        values |= precisions(_values_of(answer), _values_of(target))
        titles = answer or {}
        scores = {field: title_score(target.get(field, _ABSENT), titles.get(field, _ABSENT)) for field in _TITLES}
        return values | {f"chart_{field}": score for field, score in scores.items() if score is not None}


def _is_whole(answer: Mapping[str, Any] | None) -> bool:
    """Whether the reference scores an answer: it looks all of this up, and leaves out the pair where one is missing."""
    return answer is not None and not set(_TITLES) - answer.keys() and bool({"values", "data"} & answer.keys())


def _values_of(chart: Mapping[str, Any] | None) -> Any:
    """The values of an answer; some models call them data."""
    return None if chart is None else chart.get("values", chart.get("data"))


def precisions(answer: Any, target: Any) -> Values:
    """SCRM's measures of one chart from `values` of both."""
    mine, theirs = sort_names(triples_of(answer), triples_of(target))
    values: Values = {}
    for level, tolerance in TOLERANCES.items():
        shared = overlap(mine, theirs, *tolerance)
        values[f"scrm_{level}"] = float(np.mean(shared >= THRESHOLDS))
        values |= {f"scrm_{level}_{name}": float(shared >= threshold) for name, threshold in _SINGLE.items()}
        if level == "strict":
            values["scrm_em"] = float(shared >= 1)
    return values


def title_score(target: Any, answer: Any) -> float | None:
    """1 - edit distance over the longer length, 0..1, letter case aside; None where the target has no title."""
    if target == _ABSENT:
        return None
    if answer == _ABSENT:
        return 0.0
    one, other = str(target).lower(), str(answer).lower()
    return 1 - Levenshtein.distance(one, other) / max(len(one), len(other), 1)


METRIC = Charts

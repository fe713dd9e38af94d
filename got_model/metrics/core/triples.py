"""The values of a chart as SCRM sees them: (name, name, number), and which of two charts' are the same."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from rapidfuzz.distance import Levenshtein

Triple: TypeAlias = tuple[str, str, float | str]

_NOT_NUMBER = re.compile(r"[^\d.-]")
_TINY = 1e-6
_MAX_BRACES = 100


def read_chart(text: str) -> dict[str, Any] | None:
    """The dictionary of an answer, missing closing braces added, or None where it is none."""
    missing = text.count("{") - text.count("}")
    if missing > _MAX_BRACES:
        return None
    try:
        chart = json.loads(text + "}" * missing)
    except (ValueError, RecursionError):
        return None
    return chart if isinstance(chart, dict) else None


def triples_of(values: Any) -> list[Triple]:
    """`values` of a chart as triples; of deeper dictionaries the digits of what is written, as the reference does."""
    if not isinstance(values, Mapping):
        return []
    rows: list[tuple[str, str, Any]] = []
    for key, value in values.items():
        if isinstance(value, Mapping):
            rows += [(str(key), str(inner), number) for inner, number in value.items()]
        else:
            rows.append((str(key), "value", value))
    return [(first.lower(), second.lower(), _number(number)) for first, second, number in rows]


def _number(value: Any) -> float | str:
    kept = _NOT_NUMBER.sub("", str(value))
    try:
        return float(kept)
    except ValueError:
        return kept


def sort_names(answer: Sequence[Triple], target: Sequence[Triple]) -> tuple[set[Triple], set[Triple]]:
    """Both with their two names sorted, line by line, as far as both have lines; what is beyond stays as it is.

    A chart with one nameless series calls it "value" whatever the answer called it.
    """
    mine, theirs = list(answer), list(target)
    for at, (one, other) in enumerate(zip(answer, target, strict=False)):
        names = (one[0], "value") if other[1] == "value" and "value" not in one[:2] else one[:2]
        first, second = sorted(names)
        mine[at] = (first, second, one[2])
        first, second = sorted(other[:2])
        theirs[at] = (first, second, other[2])
    return set(mine), set(theirs)


def matches(one: Triple, other: Triple, tolerance_word: int, tolerance_number: float) -> bool:
    """Whether a triple of the answer matches one of the target.

    Args:
        one: of the answer.
        other: of the target.
        tolerance_word: edits of the two names together, 0 or more.
        tolerance_number: relative error of the number, 0 or more.
    """
    if isinstance(one[2], float) and isinstance(other[2], float):
        if not abs(one[2] - other[2]) / (abs(other[2]) + _TINY) <= tolerance_number:
            return False
        mine, theirs = one[0] + one[1], other[0] + other[1]
        return mine in theirs or theirs in mine or _near(mine, theirs, tolerance_word)
    return _near("".join(map(str, one)), "".join(map(str, other)), tolerance_word)


def _near(one: str, other: str, tolerance: int) -> bool:
    return Levenshtein.distance(one, other, score_cutoff=tolerance) <= tolerance


def overlap(answer: set[Triple], target: set[Triple], tolerance_word: int, tolerance_number: float) -> float:
    """Intersection over union with tolerance, 0..1: matched triples of the answer over all distinct ones."""
    found = {one for one in answer if any(matches(one, other, tolerance_word, tolerance_number) for other in target)}
    union = (answer | target) - (found - (answer & target))
    return len(found) / len(union) if union else 1.0

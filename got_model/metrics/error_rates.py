"""CER and WER: edits over the length of the target, all pairs together, so that long ones weigh more.

Words are what blanks part, in every language: of Chinese, which has none, only CER says something. Characters that
print alike are the same (`renderers.labels.text.canonical_chars`). A rate is above 1 where an answer is much longer
than its target. Source: the usual definition, as in jiwer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rapidfuzz.distance import Levenshtein

from got_model.metrics.core.metric import Measure, Pair, Scores, pooled
from renderers.core.formats import FORMATS
from renderers.labels.text import canonical_chars


@dataclass(frozen=True)
class ErrorRates:
    """CER and WER."""

    name: ClassVar[str] = "error_rates"
    formats: ClassVar[frozenset[str]] = frozenset(FORMATS)
    measures: ClassVar[Mapping[str, Measure]] = {
        "cer": Measure("Character error rate", 0.0),
        "wer": Measure("Word error rate", 0.0),
    }

    def score(self, pairs: Sequence[Pair]) -> Scores:
        """Rates over all pairs."""
        return pooled([_count(pair) for pair in pairs])


def _count(pair: Pair) -> dict[str, tuple[float, float]]:
    target, answer = canonical_chars(pair.target), canonical_chars(pair.answer)
    words = target.split()
    return {
        "cer": (Levenshtein.distance(target, answer), len(target)),
        "wer": (Levenshtein.distance(words, answer.split()), len(words)),
    }


METRIC = ErrorRates

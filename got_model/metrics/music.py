r"""Error rates of **kern: of characters, of symbols, of lines, as the Sheet Music Transformer's script counts them.

Edits of all pairs over lengths of all targets. Symbols are what blanks part once line ends stand as `<b>` and tabs as
`<t>`: notes of a chord are several, and of two line ends in a row comes an empty symbol. Both sides are cleaned as that
project cleans its targets: bar numbers, `·`, `@` and lines of marks that its rendering does not show go. Its percents
are fractions here. Source: SMT `eval_functions.py`, `data.py`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rapidfuzz.distance import Levenshtein

from got_model.metrics.core.metric import Measure, Pair, Scores, pooled

_BAR_NUMBER = re.compile(r"(?<==)\d+")
_UNSEEN = re.compile(r"\*(?:X?ped|staff[12]|X?tremolo|X?tuplet|X?cue|rscale|kcancel|below)")


@dataclass(frozen=True)
class Music:
    """CER, SER and LER."""

    name: ClassVar[str] = "music"
    formats: ClassVar[frozenset[str]] = frozenset({"kern"})
    measures: ClassVar[Mapping[str, Measure]] = {
        "kern_cer": Measure("Music, character error rate", 0.0),
        "kern_ser": Measure("Music, symbol error rate", 0.0),
        "kern_ler": Measure("Music, line error rate", 0.0),
    }

    def score(self, pairs: Sequence[Pair]) -> Scores:
        """Rates over all pairs."""
        return pooled([_count(clean(pair.target), clean(pair.answer)) for pair in pairs])


def clean(kern: str) -> str:
    """A score without what is not scored."""
    kern = _BAR_NUMBER.sub("", kern.replace("\r\n", "\n")).replace("·", "").replace("@", "")
    return "\n".join(line for line in kern.strip("\n").split("\n") if not _is_unseen(line))


def _is_unseen(line: str) -> bool:
    """Whether a line says only what is not shown; one of nothing but null tokens `*` is such a line."""
    return bool(_UNSEEN.search(line)) or (bool(line) and not line.replace("*", "").strip("\t "))


def symbols(kern: str) -> list[str]:
    """The symbols of a score."""
    return kern.replace("\n", " <b> ").replace("\t", " <t> ").split(" ")


def _count(target: str, answer: str) -> dict[str, tuple[float, float]]:
    counts = {}
    for name, cut in _CUTS.items():
        reference, hypothesis = cut(target), cut(answer)
        counts[name] = (float(Levenshtein.distance(reference, hypothesis)), float(len(reference)))
    return counts


_CUTS: dict[str, Callable[[str], list[str]]] = {
    "kern_cer": list,
    "kern_ser": symbols,
    "kern_ler": lambda kern: kern.split("\n"),
}


METRIC = Music

"""What a report says of many samples: means by part, kind, language and difficulty, and which are worst and best."""

import math
from collections.abc import Mapping, Sequence

import msgspec

from got_model.metrics.core.metric import Measure, Values
from got_model.metrics.core.registry import metric_class, metric_names

LEADING = {
    "plain": ("cer", "wer", "text_edit", "text_f1", "text_bleu"),
    "mathpix-markdown": ("text_edit", "page_overall", "page_text_edit", "page_formula_cdm", "page_table_teds"),
    "latex": ("cdm", "exp_rate", "text_edit", "text_bleu", "cer"),
    "latex-table": ("teds", "teds_s", "text_edit", "cer"),
    "tikz": ("tikz_f1", "tikz_f1_loose", "line_f1", "text_edit", "cer"),
    "kern": ("kern_ser", "kern_cer", "kern_ler", "text_edit"),
    "smiles": ("smiles_tanimoto", "smiles_exact", "smiles_isomeric", "smiles_valid", "cer"),
    "chart-json": ("scrm_slight", "scrm_strict", "scrm_high", "chart_title", "cer"),
}
"""Measures of a format in the order of their weight; the first that a sample has says how well it was read."""

_MAX_BINS = 5
_NONE = "none"


class Scored(msgspec.Struct, frozen=True):
    """A sample with its answer and scores.

    Attributes:
        id: of the row.
        picture_png: what was read; empty where there is no picture to show.
        target, answer: what should have been read, and what was.
        cut: whether the answer was longer than its limit.
        format: of the target.
        part, kind, language: of the row.
        difficulty: {measure: value} as the row says: tokens, px, ratios.
        scores: {measure: value}; most lie within 0..1.
    """

    id: str
    picture_png: bytes
    target: str
    answer: str
    format: str
    part: str = ""
    kind: str = ""
    language: str = ""
    difficulty: dict[str, float] = {}
    scores: dict[str, float] = {}
    cut: bool = False


class Group(msgspec.Struct, frozen=True):
    """Samples with one value (or range) of a field: the value, their number, and their mean of each measure."""

    name: str
    num: int
    values: Values


def measures() -> dict[str, Measure]:
    """All measures of all metrics."""
    return {key: measure for name in metric_names() for key, measure in metric_class(name).measures.items()}


def goodness(sample: Scored, known: Mapping[str, Measure]) -> float:
    """How well a sample was read, 0..1."""
    name = next((name for name in leading(sample.format) if name in sample.scores), "")
    return goodness_of(sample.scores[name], known[name]) if name else 0.0


def _rank(sample: Scored, known: Mapping[str, Measure]) -> tuple[float, float, str]:
    """From worst to best: by the first measure, of equals by all that lead, of equals by their ids."""
    names = [name for name in leading(sample.format) if name in sample.scores]
    return (
        goodness(sample, known),
        math.fsum(goodness_of(sample.scores[name], known[name]) for name in names),
        sample.id,
    )


def leading(markup_format: str) -> tuple[str, ...]:
    """The measures of a format in the order of their weight."""
    return LEADING.get(markup_format, ("cer",))


def goodness_of(value: float, measure: Measure) -> float:
    """A value as a score, 0..1, where 1 is best: 1 - value for distances and error rates."""
    value = value if math.isfinite(value) else 1 - measure.best
    return min(1.0, max(0.0, value if measure.best else 1 - value))


def means(samples: Sequence[Scored]) -> Values:
    """The mean of each measure; that of CER is weighted by the length of the target, which makes it the rate of all."""
    names = dict.fromkeys(name for sample in samples for name in sample.scores)
    found: Values = {}
    for name in names:
        having = [sample for sample in samples if name in sample.scores]
        weights = [len(sample.target) if name == "cer" else 1 for sample in having]
        if sum(weights):
            pairs = zip(weights, having, strict=True)
            found[name] = math.fsum(weight * sample.scores[name] for weight, sample in pairs) / sum(weights)
    return found


def groups_of(samples: Sequence[Scored]) -> dict[str, list[Group]]:
    """{what: groups} for all that tells samples of one format apart."""
    found: dict[str, list[Group]] = {}
    for field in ("part", "kind", "language"):
        found[field] = _grouped(samples, field)
    for what in sorted({what for sample in samples for what in sample.difficulty}):
        found[what] = _binned(samples, what)
    return {what: groups for what, groups in found.items() if len(groups) > 1}


def _grouped(samples: Sequence[Scored], field: str) -> list[Group]:
    members: dict[str, list[Scored]] = {}
    for sample in samples:
        members.setdefault(getattr(sample, field) or _NONE, []).append(sample)
    return [Group(name, len(some), means(some)) for name, some in sorted(members.items())]


def _binned(samples: Sequence[Scored], what: str) -> list[Group]:
    """Groups of about equal size by a number, or by its value where there are few values."""
    having = sorted(
        (sample for sample in samples if math.isfinite(sample.difficulty.get(what, math.nan))),
        key=lambda sample: sample.difficulty[what],
    )
    values = [sample.difficulty[what] for sample in having]
    if len(set(values)) <= _MAX_BINS:
        starts = sorted(set(values))
    else:
        starts = sorted({values[at * len(values) // _MAX_BINS] for at in range(_MAX_BINS)})
    groups = []
    for start, stop in zip(starts, [*starts[1:], math.inf], strict=True):
        some = [sample for sample in having if start <= sample.difficulty[what] < stop]
        last = some[-1].difficulty[what]
        name = _number_text(start) if last == start else f"{_number_text(start)} to {_number_text(last)}"
        groups.append(Group(name, len(some), means(some)))
    return groups


def _number_text(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def worst_and_best(
    samples: Sequence[Scored], known: Mapping[str, Measure], num: int
) -> tuple[list[Scored], list[Scored]]:
    """At most `num` of each, none in both."""
    ranked = sorted(samples, key=lambda sample: _rank(sample, known))
    worst = ranked[: min(num, (len(ranked) + 1) // 2)]
    return worst, ranked[len(worst) :][: -num - 1 : -1]

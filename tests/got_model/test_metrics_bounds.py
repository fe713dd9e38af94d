"""Every measure over the mill's own targets: themselves are perfect, no answer and each other's are not."""

import json
from functools import cache
from pathlib import Path

import pytest

from got_model.metrics.core.metric import FORMATS, Pair, Values
from got_model.metrics.core.registry import metrics_for
from got_model.report_groups import measures
from pipelines.typesetter import TexTypesetter
from renderers.core.registry import make_renderer, renderer_names

_GOLDEN = Path(__file__).parents[1] / "golden"
_NOT_OF_THE_MILL = {
    "kern": tuple(
        f"**kern\t**kern\n*clefF4\t*clefG2\n*M{beats}/4\t*M{beats}/4\n4{low}\t4{high}\n=\t=\n2{high}\t8{low}L\n"
        f".\t8{high}J\n*-\t*-"
        for beats, low, high in ((3, "CC", "ee"), (4, "D-", "gg#"), (2, "F", "a"))
    ),
    "mathpix-markdown": tuple(
        f"Of {what} we know\n\\[ {what}^{{2}} + 1 = {num} \\]\n"
        f"\\begin{{tabular}}{{lr}}\n{what} & of \\\\\n{num} & {what * 7} \\\\\n\\end{{tabular}}"
        for what, num in (("a", 41), ("k", 27), ("x", 8))
    ),
}
"""No renderer draws music yet; no golden page has a table, which the overall figure asks for."""

_COUNTS_RUNS = {"bleu", "meteor"}
"""BLEU is 0 below four words, METEOR below 1 for few: see `got_model.metrics.text`."""

_OF_THE_ANSWER_ALONE = {"smiles_valid", "chart_parsed"}


@cache
def targets(markup_format: str) -> tuple[str, ...]:
    """Labels as the golden samples have them, and those above."""
    names = [name for name in renderer_names() if make_renderer(name, {}).format == markup_format]
    records = [json.loads((_GOLDEN / name / "record.json").read_text(encoding="utf-8")) for name in names]
    drawn = (case["markup"] for record in records for case in record["cases"])
    return tuple(dict.fromkeys([*drawn, *_NOT_OF_THE_MILL.get(markup_format, ())]))


def scored(markup_format: str, answers: tuple[str, ...]) -> Values:
    """Totals of all measures that the format has."""
    pairs = [Pair(*pair) for pair in zip(targets(markup_format), answers, strict=True)]
    found: Values = {}
    for metric in metrics_for(markup_format, TexTypesetter()):
        found |= metric.score(pairs).total
    return found


@pytest.mark.parametrize("markup_format", FORMATS)
def test_targets_are_perfect_answers_to_themselves(markup_format: str) -> None:
    found = scored(markup_format, targets(markup_format))
    wanted = {name for metric in metrics_for(markup_format, TexTypesetter()) for name in metric.measures}
    assert found.keys() == wanted
    for name, value in found.items():
        slack = 0.5 if name.rpartition("_")[2] in _COUNTS_RUNS else 1e-12
        assert abs(value - measures()[name].best) <= slack, name


@pytest.mark.parametrize("markup_format", FORMATS)
def test_no_answer_is_worth_nothing(markup_format: str) -> None:
    for name, value in scored(markup_format, ("",) * len(targets(markup_format))).items():
        assert value == 1 - measures()[name].best, name


@pytest.mark.parametrize("markup_format", FORMATS)
def test_answers_to_others_are_poor(markup_format: str) -> None:
    others = targets(markup_format)[1:] + targets(markup_format)[:1]
    for name, value in scored(markup_format, others).items():
        if name not in _OF_THE_ANSWER_ALONE:
            assert abs(value - measures()[name].best) > 0.1, name

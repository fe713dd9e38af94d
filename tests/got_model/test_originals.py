"""Our metrics beside the programs that they come from: 200 pairs each, and docs/metrics.md lists every difference.

What the programs gave is in `originals/`, written by `tests/bench/originals.py`, which needs their checkouts; this
needs neither them nor a network.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from got_model.metrics.charts import Charts
from got_model.metrics.core.metric import Metric, Mode, Pair
from got_model.metrics.error_rates import ErrorRates
from got_model.metrics.formatted import Formatted
from got_model.metrics.formulas import Formulas
from got_model.metrics.lines import Lines
from got_model.metrics.molecules import Molecules
from got_model.metrics.music import Music
from got_model.metrics.pages import Pages
from got_model.metrics.tables import Tables
from got_model.metrics.text import Text
from pipelines.typesetter import TexTypesetter

RECORDS = Path(__file__).parent / "originals"
PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"
TOLERANCE = 1e-6

_TEXT = {
    "bleu": "bleu", "meteor": "meteor", "f_measure": "f1", "precision": "precision", "recall": "recall",
    "edit_dist": "edit",
}  # fmt: skip
_LEVELS = ("strict", "slight", "high")
_SCRM = {
    "em": "scrm_em",
    **{f"map_{level}": f"scrm_{level}" for level in _LEVELS},
    **{f"ap{at}_{level}": f"scrm_{level}_ap{at}" for level in _LEVELS for at in (50, 75, 90)},
    **{field: f"chart_{field}" for field in ("title", "source", "x_title", "y_title")},
}
_LINES = {"f1": "line_f1", "precision": "line_precision", "recall": "line_recall", "f1_90": "line_f1_90"}

Make = Callable[[Mode], Metric]
PROGRAMS: dict[str, tuple[str, Make, tuple[Mode, ...], Mapping[str, str]]] = {
    "got_text": ("texts", Text, ("got", "standard"), {k: f"text_{v}" for k, v in _TEXT.items()}),
    "got_scene": ("texts", Text, ("got", "standard"), {k: f"text_{v}" for k, v in _TEXT.items()}),
    "fox": ("texts", Text, ("got", "standard"), {k: f"text_{v}" for k, v in _TEXT.items()}),
    "got_formatted": (
        "pages",
        Formatted,
        ("got", "standard"),
        {f"{row}_{k}": f"{row}_{v}" for row in ("formula", "table") for k, v in _TEXT.items()},
    ),
    "scrm": ("charts", Charts, ("got", "standard"), _SCRM),
    "slow_perception": (
        "figures",
        Lines,
        ("got", "standard"),
        _LINES | {"f1_short": "line_f1_short", "f1_long": "line_f1_long"},
    ),
    "molscribe": (
        "molecules",
        lambda _: Molecules(),
        ("standard",),
        {k: f"smiles_{k}" for k in ("exact", "graph", "tanimoto")},
    ),
    "smt": ("music", lambda _: Music(), ("standard",), {k: f"kern_{k}" for k in ("cer", "ser", "ler")}),
    "teds": ("tables", lambda _: Tables(), ("standard",), {"teds": "teds", "teds_s": "teds_s"}),
    "cdm": ("formulas", lambda _: Formulas(TexTypesetter()), ("standard",), {k: k for k in ("cdm", "exp_rate")}),
    "omnidocbench_text": ("blocks", lambda _: Pages(), ("standard",), {"edit": "page_text_edit"}),
    "omnidocbench_formulas": ("formulas", lambda _: Pages(), ("standard",), {"edit": "page_formula_edit"}),
    "jiwer": ("texts", lambda _: ErrorRates(), ("standard",), {"cer": "cer", "wer": "wer"}),
}
"""Record: pairs, our metric, its modes, {their measure: ours}."""


def differences(name: str, mode: Mode) -> Counter[str]:
    """How many of the pairs have another value here, or one on one side alone, by measure."""
    kind, make, _, measures = PROGRAMS[name]
    texts: list[tuple[str, str]] = json.loads((RECORDS / f"pairs_{kind}.json").read_text(encoding="utf-8"))
    if name == "omnidocbench_formulas":
        texts = [(rf"\[{target}\]", rf"\[{answer}\]") for target, answer in texts]
    pairs = [Pair(target, answer, name == "got_scene") for target, answer in texts]
    theirs = json.loads((RECORDS / f"{name}.json").read_text())
    assert len(pairs) == len(theirs) == 200
    # They print percents.
    scale = 0.01 if name == "smt" else 1.0
    counts: Counter[str] = Counter()
    for one, values in zip(theirs, make(mode).score(pairs).each, strict=True):
        for measure, ours in measures.items():
            found, wanted = values.get(ours), one.get(measure)
            if found is None or wanted is None:
                counts[measure] += found is not wanted
            else:
                counts[measure] += abs(found - scale * wanted) > TOLERANCE
    return +counts


def listed(name: str, mode: Mode) -> Counter[str]:
    """The same, as the page has it."""
    row = re.search(rf"^\| {name} \| {mode} \| ([^|]*) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert row is not None, (name, mode)
    return Counter({measure: int(num) for measure, num in re.findall(r"(\w+) (\d+)", row[1])})


@pytest.mark.parametrize(("name", "mode"), [(name, mode) for name, one in PROGRAMS.items() for mode in one[2]])
def test_every_difference_from_the_original_is_listed(name: str, mode: Mode) -> None:
    assert differences(name, mode) == listed(name, mode)


@pytest.mark.parametrize("name", ["got_text", "got_scene", "got_formatted", "slow_perception"])
def test_mode_got_is_the_original_to_the_last_digit(name: str) -> None:
    assert not differences(name, "got")


def test_every_original_that_was_run_is_held_against() -> None:
    records = {path.stem for path in RECORDS.glob("*.json") if not path.stem.startswith("pairs_")}
    assert records == set(PROGRAMS)

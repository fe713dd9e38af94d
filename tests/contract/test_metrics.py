"""What every metric promises: the perfect answer is perfect, others are not, and no answer can break it."""

import itertools
import json
import math
import random
from pathlib import Path

import pytest

from got_model.metrics.core.metric import Metric, Pair, Scores
from got_model.metrics.core.registry import make_metric, metric_class, metric_names, metrics_for
from pipelines.typesetter import TexTypesetter
from renderers.core.errors import ConfigError
from renderers.core.formats import FORMATS
from renderers.core.registry import make_renderer, renderer_names

GOLDEN = Path(__file__).parents[1] / "golden"


def table(*cells: str) -> str:
    body = "".join(f"{cell} & {cell[::-1]} & {cell.upper()} \\\\\n" for cell in cells)
    return f"\\begin{{tabular}}{{lll}}\n\\hline\n{body}\\hline\n\\end{{tabular}}"


def figure(outline: str, circle: str, word: str) -> str:
    statements = f"\\draw {outline};\n\\draw {circle};\n\\node at (3.00,5.40) {{{word}}};\n"
    return f"\\begin{{tikzpicture}}\n{statements}\\end{{tikzpicture}}"


def page(words: str, formula: str, *cells: str) -> str:
    return f"{words}\n\\[ {formula} \\]\n{table(*cells)}\nWith \\( {formula} \\), {words}"


TARGETS = {
    "plain": (
        "the quick brown fox jumps over the lazy dog of my aunt",
        "eight hundred sailors waited in port until spring came back again",
        "今天我们去公园散步,天气很好,大家都非常高兴,晚上回家吃饭",
    ),
    "mathpix-markdown": (
        page("a short line of seven words stands here", r"a + b - c = \frac { 1 } { 2 } d \times e", "wheat", "rye"),
        page("no other page of mine says this", r"\sum _ { k = 0 } ^ n y _ k \neq z \cdot w", "x1", "y2", "z3", "w4"),
    ),
    "latex": (
        r"\[ \frac { x ^ { 10 } - 1 } { x - 1 } = \sum _ { k = 0 } ^ 9 x ^ k \]",
        r"\( \sqrt { a } \le \int _ 0 ^ 1 f ( t ) d t + \beta \)",
    ),
    "latex-table": (table("wheat", "rye", "oats"), table("x1", "y22", "z333", "w4444")),
    "tikz": (
        figure("(0.00,0.00)--(8.00,1.00)--(3.00,5.00)--cycle", "(3.00,2.00) circle (1.00)", "$A$"),
        figure("(2.00,0.00)--(2.00,4.00)--(9.00,9.00)--(20.00,0.00)", "(0.00,0.00) circle (2.50)", "$B$"),
    ),
    "kern": (
        "**kern\t**kern\n*clefF4\t*clefG2\n4c 4e\t8dd\n.\t8ee\n=\t=\n4d\t4ff\n*-\t*-",
        "**kern\t**kern\n*clefG2\t*clefG2\n2g\t16a 16cc\n2f\t8b-\n==\t==\n*-\t*-",
    ),
    "smiles": ("<smiles>C[C@H](N)C(=O)O</smiles>", "<smiles>c1ccccc1[C@@H](O)Cl</smiles>"),
    "chart-json": (
        '{"title":"Rain","source":"Bureau","x_title":"Year","y_title":"mm","values":{"1999":"12","2004":"30.5"}}',
        '{"title":"Exports","source":"Bank","x_title":"Land","y_title":"%","values":{"A":{"Rye":"3%"},"B":{"Rye":"9%"}}}',
    ),
}  # fmt: skip

GARBAGE = (
    *("", " ", "\n", "None", "null", "NaN", "[]", "{}", "[object Object]", "\0\x01\x7f", "\ud800 \udfff", "\u202e"),
    *("a" * 10_000, "{" * 10_000, "(" * 10_000, "\\" * 10_000, "$" * 5001, "\\[ " * 3000, "1 " * 5000, "中文" * 5000),
    *("[R1]" * 2500, "C1CC1" * 2000, "\\frac{" * 1700, "\\draw (0,0)--(1,1);\n" * 500, "🙂" * 3000, "\t\n" * 5000),
    *("<table><tr>" + "<td>x" * 3000, "\\begin{tabular}{l}" + "a & b \\\\" * 400, "</td></table><table>" * 500),
    *("\\begin{tikzpicture}\\draw" + "(1,1)--" * 1400, '{"values":' * 2000, '{"values":{"a":NaN,"b":Infinity}}'),
    *('{"title":[1],"values":[1]}', '{"title":null,"values":{"a":{"b":{"c":1}}}}', "\\begin{tabular}\\multirow{9}{*}{"),
)  # fmt: skip


@pytest.fixture(scope="module")
def tex() -> TexTypesetter:
    return TexTypesetter()


def made(name: str, tex: TexTypesetter) -> Metric:
    metric = make_metric(name, tex)
    assert metric is not None
    return metric


def pairs_of(metric: Metric) -> list[Pair]:
    return [Pair(target, target) for markup in sorted(metric.formats) for target in TARGETS[markup]]


def is_perfect(metric: Metric, scores: Scores) -> bool:
    """METEOR of a perfect answer of n words is 1 - 0.5 / n^3, and ten words are the fewest here."""
    return all(abs(value - metric.measures[name].best) < 6e-4 for name, value in scores.total.items())


@pytest.mark.parametrize("name", metric_names())
def test_targets_against_themselves_are_perfect(name: str, tex: TexTypesetter) -> None:
    metric = made(name, tex)
    scores = metric.score(pairs_of(metric))
    assert is_perfect(metric, scores), scores.total
    assert set(scores.total) == set(metric.measures)
    assert len(scores.each) == len(pairs_of(metric))


@pytest.mark.parametrize("name", metric_names())
def test_empty_and_shuffled_answers_are_not(name: str, tex: TexTypesetter) -> None:
    metric = made(name, tex)
    pairs = pairs_of(metric)
    shuffled = [Pair(pair.target, other.answer) for pair, other in zip(pairs, [*pairs[1:], pairs[0]], strict=True)]
    for wrong in (shuffled, [Pair(pair.target, "") for pair in pairs]):
        total = metric.score(wrong).total
        same = [key for key, value in total.items() if abs(value - metric.measures[key].best) < 0.05]
        # Two other molecules may both be valid, two other charts both dictionaries.
        assert not set(same) - {"smiles_valid", "chart_parsed"}, total


@pytest.mark.parametrize("renderer", renderer_names())
def test_what_the_mill_wrote_is_perfect_against_itself(renderer: str, tex: TexTypesetter) -> None:
    record = json.loads((GOLDEN / renderer / "record.json").read_text(encoding="utf-8"))
    pairs = [Pair(case["markup"], case["markup"]) for case in record["cases"]]
    for metric in metrics_for(make_renderer(renderer, {}).format, tex):
        for name, value in metric.score(pairs).total.items():
            if not name.endswith(("bleu", "meteor")):  # Of texts below four words BLEU is 0, and METEOR far from 1.
                assert abs(value - metric.measures[name].best) <= 1e-12, name


@pytest.mark.parametrize("name", metric_names())
def test_the_order_of_pairs_does_not_matter(name: str, tex: TexTypesetter) -> None:
    metric = made(name, tex)
    pairs = pairs_of(metric)
    pairs += [Pair(pair.target, other.answer) for pair, other in itertools.pairwise(pairs)]
    first = metric.score(pairs)
    order = list(range(len(pairs)))
    random.Random(3).shuffle(order)
    second = metric.score([pairs[at] for at in order])
    assert second.total == first.total
    assert second.each == [first.each[at] for at in order]


@pytest.mark.parametrize("name", metric_names())
def test_nothing_that_is_answered_or_wanted_breaks_it(name: str, tex: TexTypesetter) -> None:
    metric = made(name, tex)
    targets = [TARGETS[markup][0] for markup in sorted(metric.formats)]
    pairs = [Pair(target, rubbish) for target in targets for rubbish in GARBAGE]
    pairs += [Pair(rubbish, targets[0]) for rubbish in GARBAGE] + [Pair(rubbish, rubbish) for rubbish in GARBAGE]
    scores = metric.score(pairs)
    assert len(scores.each) == len(pairs)
    for values in (scores.total, *scores.each):
        assert set(values) <= set(metric.measures)
        assert all(math.isfinite(value) and value >= 0 for value in values.values())
    assert metric.score([]).total == {}


@pytest.mark.parametrize("name", [name for name in metric_names() if "mode" in metric_class(name).__dataclass_fields__])
def test_nor_in_gots_mode(name: str) -> None:
    metric = make_metric(name, mode="got")
    assert metric is not None
    targets = [TARGETS[markup][0] for markup in sorted(metric.formats)]
    pairs = [
        Pair(*sides) for target in targets for rubbish in GARBAGE for sides in ((target, rubbish), (rubbish, target))
    ]
    values = [value for one in metric.score(pairs).each for value in one.values()]
    assert values
    assert all(math.isfinite(value) and value >= 0 for value in values)


def test_names_of_measures_are_unique(tex: TexTypesetter) -> None:
    names = [measure for name in metric_names() for measure in made(name, tex).measures]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("markup", FORMATS)
def test_every_format_is_scored(markup: str, tex: TexTypesetter) -> None:
    with_tex = [metric.name for metric in metrics_for(markup, tex)]
    assert len(with_tex) >= 2
    without = [metric.name for metric in metrics_for(markup)]
    assert set(with_tex) - set(without) == ({"formulas"} if markup == "latex" else set())


def test_unknown_formats_and_metrics_are_refused() -> None:
    with pytest.raises(ConfigError, match="plain, mathpix-markdown"):
        metrics_for("docx")
    with pytest.raises(ConfigError, match="error_rates"):
        make_metric("rouge")

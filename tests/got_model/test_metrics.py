"""Text metrics against the values that the references' own scripts gave."""

import math
import random
from pathlib import Path

import pytest

from got_model.metrics.core import words
from got_model.metrics.core.metric import Pair, averaged, pooled
from got_model.metrics.error_rates import ErrorRates
from got_model.metrics.formatted import Formatted, formulas_of, tables_of
from got_model.metrics.music import Music, clean, symbols
from got_model.metrics.text import Text, score_text
from renderers.core.errors import ConfigError

FOX = "the quick brown fox jumps over the lazy dog"


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (FOX, {"bleu": 1, "f1": 1, "precision": 1, "recall": 1, "edit": 0}),
        (
            "the quick brown fox jumps",
            {"bleu": 0.4463, "f1": 0.7692, "precision": 0.625, "recall": 1, "edit": 0.4186},
        ),
        (f"{FOX} and runs away now", {"bleu": 0.6412, "f1": 0.8, "precision": 1, "recall": 0.6667, "edit": 0.2951}),
        (f"{FOX[:-3]}dig", {"bleu": 0.8633, "f1": 0.875, "precision": 0.875, "recall": 0.875, "edit": 0.0233}),
    ],
)
def test_got_mode_gives_what_gots_script_gives(answer: str, wanted: dict[str, float]) -> None:
    scored = score_text(Pair(FOX, answer), "got")
    assert {name: round(scored[name], 4) for name in wanted} == wanted


def test_standard_mode_has_the_roles_right() -> None:
    short = score_text(Pair(FOX, "the quick brown fox jumps"), "standard")
    assert (short["precision"], round(short["recall"], 4)) == (1.0, 0.625)
    swapped = score_text(Pair("the quick brown fox jumps", FOX), "got")
    assert short == swapped


def test_scene_text_is_scored_by_characters() -> None:
    scored = score_text(Pair("SALE 50%", "SALE 5O%", scene=True), "got")
    assert (round(scored["bleu"], 4), scored["f1"], scored["edit"]) == (0.7071, 0.875, 0.125)


def test_bleu_of_a_perfect_but_short_answer_is_zero() -> None:
    assert score_text(Pair("a b", "a b"), "got")["bleu"] == 0.0


def test_meteor_knows_stems_and_synonyms() -> None:
    target = "the red car is old now"
    answers = [target.replace("car", word) for word in ("dog", "cars", "auto")]
    other, stem, synonym = (score_text(Pair(target, answer), "standard")["meteor"] for answer in answers)
    assert other < stem
    assert other < synonym


def test_meteor_misses_synonyms_that_stemming_spoils() -> None:
    # "large" and "big" are one in WordNet, but NLTK asks for "larg".
    target = "the big car is old now"
    scored = [score_text(Pair(target, target.replace("big", word)), "standard")["meteor"] for word in ("red", "large")]
    assert scored[0] == scored[1]


def test_chinese_is_cut_into_words() -> None:
    scored = score_text(Pair("今天天气很好,我们去公园", "今天天气不好,我们去公园"), "standard")
    assert 0.5 < scored["f1"] < 1
    assert scored["edit"] == pytest.approx(1 / 12)


def test_empty_sides_are_left_out_in_got_mode_alone() -> None:
    pairs = [Pair(FOX, ""), Pair(FOX, FOX), Pair("", "")]
    got = Text("got").score(pairs)
    assert got.each[0] == got.each[2] == {}
    assert got.total["text_f1"] == 1.0
    standard = Text().score(pairs)
    assert standard.each[0]["text_edit"] == 1.0
    assert standard.each[2]["text_edit"] == 0.0
    assert standard.total["text_f1"] == pytest.approx(2 / 3)


def test_a_missing_wordnet_is_one_line_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import nltk

    monkeypatch.setattr(words, "_DEBIAN", tmp_path)
    monkeypatch.setattr(nltk.data, "path", [])
    words.wordnet.cache_clear()
    try:
        with pytest.raises(ConfigError, match="apt-get install wordnet-base") as caught:
            score_text(Pair("a house", "a horse"), "standard")
    finally:
        words.wordnet.cache_clear()
    assert "\n" not in str(caught.value)


def test_rates_are_of_all_characters_together() -> None:
    scores = ErrorRates().score([Pair("abcdefghij", "abcdefghij"), Pair("ab", "xy"), Pair("", "abc")])
    assert [values["cer"] for values in scores.each] == [0.0, 1.0, 3.0]
    assert scores.total["cer"] == pytest.approx(5 / 12)
    assert ErrorRates().score([Pair("one two three", "one too three")]).total["wer"] == pytest.approx(1 / 3)


def test_means_do_not_depend_on_the_order_and_skip_what_is_left_out() -> None:
    each = [{"a": value} for value in (0.1, 0.7, 0.3)] + [{}]
    rng = random.Random(1)
    totals = []
    for _ in range(6):
        rng.shuffle(each)
        totals.append(averaged(list(each)).total["a"])
    assert totals == [math.fsum((0.1, 0.7, 0.3)) / 3] * 6
    assert averaged([]).total == {}
    assert pooled([{"r": (0.0, 0.0)}]).total == {"r": 0.0}


PAGE = r"""Let \( x \) and \(y\) be roots.
\[ x^2 = 1 \]
\[ a
b \]
\begin{tabular}{l} a \\ \end{tabular}
tail \begin{tabular}{c} cut off"""


def test_formulas_and_tables_of_a_page_are_taken_as_gots_script_takes_them() -> None:
    # The first display follows the last inline formula with nothing between; the one over two lines is lost.
    assert formulas_of(PAGE) == " x \ny x^2 = 1 "
    assert tables_of(PAGE) == "{l} a \\\\ \n{c} cut off"


def test_a_page_without_formulas_on_one_side_is_left_out_of_their_row() -> None:
    scores = Formatted().score([Pair(PAGE, "no formula at all"), Pair(PAGE, PAGE)])
    assert scores.each[0] == {}
    assert scores.total["formula_edit"] == 0.0
    assert set(scores.each[1]) == set(Formatted.measures)


KERN = "**kern\t**kern\n=12\t=12\n4c 4e\t8dd@\n*\t*\n*Xped\t*\n.\t8ee"


def test_scores_of_music_are_cleaned_as_smt_does() -> None:
    assert clean(KERN) == "**kern\t**kern\n=\t=\n4c 4e\t8dd\n.\t8ee"
    assert symbols("4c 4e\t8dd\n\n*-") == ["4c", "4e", "<t>", "8dd", "<b>", "", "<b>", "*-"]


def test_music_counts_characters_symbols_and_lines() -> None:
    target, answer = "4c\t4e\n4d\t4f", "4c\t4e\n4d\t4g"
    total = Music().score([Pair(target, answer)]).total
    assert total == pytest.approx({"kern_cer": 1 / 11, "kern_ser": 1 / 7, "kern_ler": 1 / 2})


def test_characters_that_print_alike_are_no_errors_but_in_the_references_mode() -> None:
    pair = Pair("the \ufb01rst non\u2011stop \u01c4 at 5 \u00b5m", "the first non-stop D\u017d at 5\u00a0\u03bcm\u200b")
    scored = score_text(pair, "standard")
    assert {scored[name] for name in ("f1", "precision", "recall", "bleu")} == {1.0}
    assert scored["edit"] == 0.0
    assert ErrorRates().score([pair]).total == {"cer": 0.0, "wer": 0.0}
    assert score_text(pair, "got")["edit"] > 0.2
    assert score_text(Pair("x\u00b2 = ５", "x2 = 5"), "standard")["edit"] > 0.3

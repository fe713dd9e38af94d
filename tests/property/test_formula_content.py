"""Whatever is drawn of formulas: fit for its label, of the length asked for, the same from the same numbers."""

import re
import time
from collections import Counter
from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import templates
from renderers.content.formulas.draw import FormulaKnobs, draw_formula
from renderers.content.formulas.formula import Formula, num_tokens, read_parts, target
from renderers.content.lexicon import Lexicon
from renderers.labels.latex import grammar as latex

COMMAND = re.compile(r"\\[A-Za-z]+\*?")
NUM = 5000


@cache
def drawn() -> tuple[Formula, ...]:
    corpus, knobs = Lexicon.default(), FormulaKnobs()
    return tuple(draw_formula(np.random.default_rng(seed), corpus, knobs) for seed in range(NUM))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 2**40), st.integers(1, 5), st.floats(0, 1), st.integers(40, 300))
def test_any_knobs_give_a_formula_with_a_label(seed: int, depth: int, rare_frac: float, max_tokens: int) -> None:
    knobs = FormulaKnobs(depth=(1, depth), rare_frac=rare_frac, max_tokens=max_tokens)
    formula = draw_formula(np.random.default_rng(seed), Lexicon.default(), knobs)
    again = draw_formula(np.random.default_rng(seed), Lexicon.default(), knobs)
    assert formula == again
    markup = latex.normalize(target(formula))
    assert latex.check(markup) is None
    assert latex.normalize(markup) == markup


def test_labels_accept_every_draw() -> None:
    for formula in drawn():
        latex.normalize(target(formula))


def test_every_command_of_the_menu_is_drawn() -> None:
    menu = templates.menu("formulas")
    wanted = {command for deck in menu["decks"].values() for command in COMMAND.findall(deck)}
    met = Counter(command for formula in drawn() for command in COMMAND.findall(target(formula)))
    assert wanted - set(met) == set()


def test_letters_and_alphabets_are_all_met() -> None:
    text = "".join(target(formula) for formula in drawn())
    for alphabet in ("mathbb", "mathcal", "mathfrak", "mathscr", "mathbf"):
        letters = set(re.findall(rf"\\{alphabet}\{{([A-Z])\}}", text))
        assert len(letters) == 26, alphabet
    assert {"frac", "sqrt", "binom", "cfrac", "substack", "overbrace", "underbrace", "boxed", "ce", "text"} <= set(
        re.findall(r"\\([A-Za-z]+)", text)
    )
    environments = set(re.findall(r"\\begin\{(\w+)\}", text))
    assert {
        "pmatrix", "bmatrix", "vmatrix", "Vmatrix", "Bmatrix", "matrix", "smallmatrix", "cases", "aligned", "gathered",
        "array",
    } <= environments  # fmt: skip


def test_parts_are_read_back_from_the_target() -> None:
    for formula in drawn()[:1500]:
        again = read_parts(target(formula))
        assert [part.kind for part in again] == [part.kind for part in formula.parts]
        assert [part.tag for part in again] == [part.tag for part in formula.parts]


def test_nothing_is_left_unfilled_and_nothing_runs_together() -> None:
    for formula in drawn():
        markup = target(formula)
        assert not re.search(r"<[A-Za-z_]+\d*>", markup), markup
        assert "FORMULA" not in markup
        assert markup.count("{") - markup.count(r"\{") == markup.count("}") - markup.count(r"\}"), markup


def test_few_formulas_come_twice_and_few_are_long() -> None:
    markups = [target(formula) for formula in drawn()]
    assert len(set(markups)) > 0.94 * NUM
    lengths = sorted(num_tokens(markup) for markup in markups)
    assert lengths[NUM // 2] < 50
    assert lengths[-NUM // 100] < 320


def test_languages_and_sources_are_mixed() -> None:
    languages = Counter(formula.language for formula in drawn())
    sources = Counter(formula.source for formula in drawn())
    assert languages["zh"] > 0.1 * NUM
    assert min(sources["grammar"], sources["sympy"], sources["text"]) > 0.1 * NUM
    assert len({formula.depth for formula in drawn()}) >= 5


def test_a_draw_is_quick() -> None:
    corpus, knobs = Lexicon.default(), FormulaKnobs()
    draw_formula(np.random.default_rng(0), corpus, knobs)
    begun = time.process_time()
    for seed in range(300):
        draw_formula(np.random.default_rng(seed), corpus, knobs)
    assert (time.process_time() - begun) / 300 < 0.003

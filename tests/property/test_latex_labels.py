"""The grammar of formulas: canonical, idempotent, and the same whatever people write it with."""

from collections.abc import Iterable
from itertools import count, islice
from random import Random

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from renderers.core.errors import LabelError
from renderers.labels.latex import grammar as latex
from renderers.labels.latex.colour import typeset
from renderers.labels.latex.signs import signs_in_fonts
from tests.latex_formulas import Writer
from tests.wild_formulas import WildWriter

SEEDS = st.integers(0, 10**9)


def written(seed: int) -> str:
    """A random target; some sources are no TeX (two superscripts), and those are left out."""
    text = Writer(Random(seed)).target()
    try:
        latex.normalize(text)
    except LabelError as error:
        assume("two s" not in str(error) and "after a superscript" not in str(error))
        raise
    return text


@settings(max_examples=300, deadline=None)
@given(SEEDS)
def test_normal_texts_are_canonical(seed: int) -> None:
    source = written(seed)
    normal = latex.normalize(source)
    assert latex.normalize(normal) == normal
    assert latex.check(normal) is None
    assert latex.equal(source, normal)
    assert latex.equal(normal, source)


def check_wild(seed: int) -> bool:
    """Whether a wild formula is in the grammar; then its normal form is one, and means the same."""
    source = WildWriter(Random(seed)).target()
    try:
        normal = latex.normalize(source)
    except LabelError:
        return False
    assert latex.normalize(normal) == normal, source
    assert latex.equal(source, normal), source
    signs = latex.write_signs(normal)
    assert latex.normalize(signs) == signs, source
    return True


@settings(max_examples=1500)
@given(SEEDS)
def test_whatever_is_read_has_one_normal_form(seed: int) -> None:
    check_wild(seed)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_none_of_a_hundred_thousand_formulas_has_two_normal_forms() -> None:
    seeds = count(10**6)
    assert sum(1 for _ in islice((seed for seed in seeds if check_wild(seed)), 100_000)) == 100_000


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_spans_are_tokens_in_order_that_do_not_overlap(seed: int) -> None:
    normal = latex.normalize(written(seed))
    after = 0
    for (start, stop), text in latex.inked_spans(normal):
        assert after <= start < stop <= len(normal)
        assert normal[start:stop] == text
        after = stop
    left = list(normal)
    for (start, stop), _ in latex.inked_spans(normal):
        left[start:stop] = " " * (stop - start)
    # What no span covers draws nothing: brackets, scripts' signs, gaps, fonts and environments around tokens.
    assert not any(sign.isdigit() for sign in "".join(left))


@settings(max_examples=300, deadline=None)
@given(SEEDS)
def test_a_formula_without_commands_of_fonts_has_no_letters_in_fonts(seed: int) -> None:
    # What is looked for first must miss no command that sets a font.
    for text in (latex.normalize(written(seed)), WildWriter(Random(seed)).target()):
        try:
            pieces = latex.read(text)
        except LabelError:
            continue
        assert latex.fonts_of(text) == signs_in_fonts(pieces)


def covered(spans: Iterable[tuple[int, int]]) -> set[int]:
    return {at for start, stop in spans for at in range(start, stop)}


@settings(max_examples=150, deadline=None)
@given(SEEDS)
@example(547663)
def test_what_is_typeset_is_the_same_formula(seed: int) -> None:
    source = written(seed)
    drawn = typeset(source)
    text, spans = drawn.coloured, drawn.spans
    assert drawn.markup == latex.normalize(source)
    # Two numbers with a thin space between are two tokens of TeX and one of the label: the same digits are covered.
    assert covered(spans) == covered(latex.write(source).spans)
    assert typeset(drawn.markup).spans == latex.write(source).spans
    assert [f"{index:03d}" in text for index in range(len(spans))] == [True] * len(spans)
    assert latex.normalize(drawn.plain).split() == latex.normalize(source).split()


@settings(deadline=None)
@given(SEEDS, SEEDS)
def test_other_formulas_are_not_equal(one: int, other: int) -> None:
    a, b = written(one), written(other)
    signs = [[text for _, text in latex.inked_spans(latex.normalize(source)) if text.isalnum()] for source in (a, b)]
    assume(signs[0] != signs[1])
    assert not latex.equal(a, b)


PIECES = (
    *"\\{}()[]$^_&'%x1 \n",
    "\\frac",
    "\\left",
    "\\right",
    "\\begin{cases}",
    "\\end{cases}",
    "\\text{",
    "\\over ",
    "中",
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_rubbish_is_refused_or_has_a_normal_form(text: str) -> None:
    source = rf"\( {text} \)"
    why = latex.check(source)
    assert why is None or why
    if why is None or why.startswith("not canonical"):
        assert latex.check(latex.normalize(source)) is None

"""Parts of formula content: targets and their parts, patterns, chemistry that balances, the bank of identities."""

import re
from collections import Counter

import msgspec
import numpy as np
import pytest

from renderers.content import palettes
from renderers.content.formulas.algebra import KINDS as ALGEBRA
from renderers.content.formulas.calculus import KINDS as CALCULUS
from renderers.content.formulas.chemistry import draw_chemistry
from renderers.content.formulas.draw import FormulaKnobs, draw_formula
from renderers.content.formulas.formula import Part, make_formula, nesting_of, num_tokens, read_parts, target
from renderers.content.formulas.identities import error_of
from renderers.content.formulas.identity_bank import bank_lines, make_identity
from renderers.content.formulas.patterns import compile_pattern, join
from renderers.content.formulas.units import draw_units
from renderers.content.lexicon import Lexicon
from renderers.core.errors import ConfigError
from renderers.core.weighted import Weighted
from renderers.drawing.latex_formulas.setups import fitting, preamble_of, setups
from renderers.drawing.latex_formulas.style import MIN_CONTRAST, body_of, draw_style
from renderers.engines.tex import Tex, TexPage

SPECIES = re.compile(r"(?:^| )(\d*)((?:[\[(]?[A-Z][A-Za-z0-9()\[\]]*))(\^?\d*[+-])?(?=$| |\()")
ATOM = re.compile(r"([A-Z][a-z]?)(\d*)|([(\[])|([)\]])(\d*)")


def atoms(formula: str) -> Counter[str]:
    stack: list[Counter[str]] = [Counter()]
    for element, number, opened, closed, times in ATOM.findall(formula):
        if opened:
            stack.append(Counter())
        elif closed:
            inner = stack.pop()
            stack[-1].update({name: count * int(times or 1) for name, count in inner.items()})
        elif element:
            stack[-1][element] += int(number or 1)
    return stack[0]


def side(text: str) -> tuple[Counter[str], int]:
    """Atoms and charge of one side of a reaction."""
    total: Counter[str] = Counter()
    charge = 0
    for term in text.split(" + "):
        word = re.sub(r"\((?:g|l|s|aq)\)", "", term.split()[0]).replace("*5H2O", "H10O5").replace("=", "")
        word = re.sub(r"(?<=[A-Za-z0-9])-(?=[A-Z])", "", word)
        found = re.fullmatch(r"(\d*)(.*?)(?:(\^(\d+))?([+-]))?", word)
        assert found is not None
        times = int(found[1] or 1)
        for name, count in atoms(found[2]).items():
            total[name] += times * count
        if found[5]:
            charge += times * int(found[4] or 1) * (1 if found[5] == "+" else -1)
    return total, charge


def test_reactions_balance() -> None:
    rng = np.random.default_rng(5)
    proven = 0
    for _ in range(3000):
        latex = draw_chemistry(rng.random, "en")
        inner = re.fullmatch(r"\\ce\{(.*?)\}(?: \\quad .*)?", latex)
        assert inner is not None, latex
        sides = re.split(r" (?:->|<=>)(?:\[[^\]]*\])* ", inner[1])
        if len(sides) != 2 or "_{" in latex:
            continue
        assert side(sides[0]) == side(sides[1]), latex
        proven += 1
    assert proven > 1500


def test_decays_keep_mass_and_charge() -> None:
    rng = np.random.default_rng(6)
    proven = 0
    for _ in range(3000):
        latex = draw_chemistry(rng.random, "en")
        if "_{" not in latex or "->" not in latex or "\\quad" in latex or "[" in latex:
            continue
        left, right = latex.split("->")
        sums = []
        for half in (left, right):
            nuclei = re.findall(r"(\d*)\^\{(\d+)\}_\{(-?\d+)\}", half)
            sums.append([sum(int(times or 1) * int(nucleus[at]) for times, *nucleus in nuclei) for at in (0, 1)])
        assert sums[0] == sums[1], latex
        proven += 1
    assert proven > 200


def test_a_target_and_its_parts_are_one() -> None:
    parts = (
        Part("text", "Let "),
        Part("inline", "x > 0"),
        Part("text", ". Then"),
        Part("display", r"x^2 = \left( 3 \right)", "4.2"),
        Part("text", "as desired."),
    )
    markup = target(make_formula(parts, "text"))
    assert markup == "Let \\( x > 0 \\). Then\n\\[ x^2 = \\left( 3 \\right) \\tag{4.2} \\]\nas desired."
    assert read_parts(markup) == parts


def test_language_and_depth_are_read_off() -> None:
    formula = make_formula((Part("display", r"\frac{\sqrt{x}}{\text{面积}}"),), "grammar")
    assert (formula.language, formula.depth) == ("zh", 2)
    assert nesting_of(r"\{ x \} \left( \begin{matrix} a \end{matrix} \right) \leftarrow") == 2
    assert num_tokens(r"\frac{a}{b} + 10") == 6


def test_words_of_latex_do_not_run_together() -> None:
    assert join(r"\pi", "x") == r"\pi x"
    assert join(r"\pi", "2") == r"\pi2"
    assert join("a", "x") == "ax"
    assert join(r"\{", "x") == r"\{x"


def test_slots_of_a_pattern() -> None:
    parts = compile_pattern(r"<x> < <int1> + <int1>")
    assert [(part.before, part.slot, part.memo) for part in parts] == [
        ("", "x", ""),
        (" < ", "int", "int1"),
        (" + ", "int", "int1"),
        ("", "", ""),
    ]


def test_weights_are_shares() -> None:
    weighted = Weighted([(1.0, "a"), (0.0, "b"), (3.0, "c")])
    assert [weighted.at(share) for share in (0.0, 0.24, 0.26, 0.999)] == ["a", "a", "c", "c"]


def test_units_are_upright_and_spaced() -> None:
    rng = np.random.default_rng(3)
    for _ in range(500):
        latex = draw_units(rng.random)
        assert "<" not in latex
        assert r"\," in latex
        assert not re.search(r"\\mathrm\{[^{}]*\\(mu|Omega)", latex)


@pytest.mark.parametrize("kind", [maker.__name__ for maker in (*CALCULUS, *ALGEBRA)])
def test_identities_of_the_bank_are_true(kind: str) -> None:
    lines = [line for line in bank_lines() if line[0] == kind]
    assert len(lines) >= 30
    for _, place, latex in lines[:: len(lines) // 2]:
        identity = make_identity(kind, place)
        assert identity.latex == latex
        assert identity.holds


def test_the_bank_is_large_and_has_no_twins() -> None:
    lines = bank_lines()
    assert len(lines) >= 3000
    assert len({latex for _, _, latex in lines}) == len(lines)


def test_a_false_statement_is_found_out() -> None:
    assert error_of(2, 2.000001) > 1e-9
    assert error_of(float("nan"), 1) != error_of(1, 1)
    assert error_of("x", 1) == float("inf")


@pytest.mark.parametrize(
    "wrong",
    [
        {"sources": {"web": 1.0}},
        {"languages": {"en": -1.0}},
        {"families": {}},
        {"depth": (3, 2)},
        {"max_tokens": 3},
        {"rare_frac": 1.5},
    ],
)
def test_knobs_that_leave_nothing_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        FormulaKnobs(**wrong)  # type: ignore[arg-type]


def test_knobs_are_kept() -> None:
    knobs = FormulaKnobs(
        sources={"grammar": 1}, languages={"en": 1}, families={"integral": 1}, depth=(1, 1), tag_frac=1
    )
    for seed in range(60):
        formula = draw_formula(np.random.default_rng(seed), Lexicon.default(), knobs)
        assert formula.source == "grammar"
        assert formula.language == "en"
        assert all(part.tag for part in formula.parts if part.kind == "display") or len(formula.parts) > 1


def test_looks_are_legible_and_can_draw_what_they_are_given() -> None:
    met = Counter[str]()
    for seed in range(1500):
        rng = np.random.default_rng(seed)
        formula = draw_formula(rng, Lexicon.default(), FormulaKnobs())
        style = draw_style(rng, formula)
        met[style.setup] += 1
        markup = target(formula)
        assert style.setup in fitting(markup, formula.language == "zh", style.bold)
        assert palettes.contrast(style.ink, style.paper) >= MIN_CONTRAST
        assert markup in body_of(markup, style)
    assert set(met) == set(setups())


def test_all_set_ups_are_programs_with_preambles() -> None:
    for name in setups():
        preamble = preamble_of(name)
        assert preamble.text.startswith("\\documentclass")
        assert ("xeCJK" in preamble.text) == (preamble.program == "xelatex")


def test_every_set_up_typesets_what_it_does_not_lack() -> None:
    markup = "Let \\( x \\in \\mathbb{R} \\). Then\n\\[ \\int_0^1 \\frac{\\alpha}{\\sqrt{2}} \\, dx = 1 \\tag{3} \\]"
    formula = make_formula(read_parts(markup), "text")
    style = draw_style(np.random.default_rng(1), formula)
    with Tex() as tex:
        for name in setups():
            look = msgspec.structs.replace(style, setup=name, bold=False, ink="#7b1e1e", paper="#fdf6e3")
            with tex.typeset(preamble_of(name), [body_of(markup, look)]) as (sheet,):
                assert isinstance(sheet, TexPage), (name, sheet)
                with sheet.page(600, 300) as page:
                    assert "Let" in page.glyphs().text

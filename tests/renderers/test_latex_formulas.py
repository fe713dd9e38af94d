"""Formulas by TeX: every set-up of fonts, boxes against ink, proofs that fire, and bytes that stay."""

import string
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest

import renderers.latex_formulas
from pipelines.corpora.tex.corpus import build
from pipelines.recipe import Part as RecipePart
from pipelines.recipe import Recipe
from renderers.content.formulas.corpus import load_formulas
from renderers.content.formulas.formula import Part, make_formula, target
from renderers.core.corpora import Corpora
from renderers.core.errors import ConfigError
from renderers.core.image import encode_png
from renderers.core.renderer import Outcome, Rejected, Rendered
from renderers.core.rng import rng_at
from renderers.drawing.latex_formulas.setups import alphabet, fitting, setups
from renderers.drawing.latex_formulas.style import Style, draw_style
from renderers.engines.tex import Tex
from renderers.labels.latex import grammar as latex
from renderers.latex_formulas import FormulaSpec, LatexFormulas
from tests.latex_formulas import check_tokens


@pytest.fixture(scope="module")
def engine() -> Iterator[Tex]:
    with Tex() as engine:
        yield engine


def drawn(num: int, **knobs: Any) -> list[FormulaSpec]:
    renderer = LatexFormulas(**knobs)
    corpora = Corpora(renderer.corpora(), "train")
    return [renderer.draw(rng_at(5, "formulas", index), corpora) for index in range(num)]


def render(engine: Tex, specs: Sequence[FormulaSpec]) -> list[Outcome]:
    return LatexFormulas().render(engine, specs)


def look(setup: str = "computer_modern", **changes: Any) -> Style:
    style = draw_style(rng_at(0, "look", 0), make_formula((Part("display", "x"),), "grammar"))
    plain = {
        "setup": setup, "size_pt": 12.0, "bold": False, "slanted": False, "ink": "#000000", "paper": "#ffffff",
        "width_pt": 0.0, "column": False, "left": False, "number_left": False, "frame_pt": 0.0,
        "pad_pt": (4.0, 4.0, 4.0, 4.0), "dpi": 200,
    }  # fmt: skip
    return msgspec.structs.replace(style, **(plain | changes))


def spec(latex: str, tag: str = "", **changes: Any) -> FormulaSpec:
    return FormulaSpec(make_formula((Part("display", latex, tag),), "grammar"), look(**changes))


@pytest.fixture(scope="module")
def samples(engine: Tex) -> list[tuple[FormulaSpec, Outcome]]:
    specs = drawn(240)
    return list(zip(specs, render(engine, specs), strict=True))


def test_formulas_are_kept_with_their_target(samples: list[tuple[FormulaSpec, Outcome]]) -> None:
    rejects = [(spec.style.setup, outcome) for spec, outcome in samples if isinstance(outcome, Rejected)]
    assert len(rejects) <= 0.03 * len(samples), rejects
    for spec, outcome in samples:
        if isinstance(outcome, Rendered):
            assert outcome.markup == latex.normalize(target(spec.formula))
            assert latex.check(outcome.markup) is None
            assert outcome.contrast >= 4.5
            assert outcome.smallest_glyph_px >= 4.5


def test_regions_are_the_tokens_in_order_and_each_holds_ink(samples: list[tuple[FormulaSpec, Outcome]]) -> None:
    for _, outcome in samples:
        if isinstance(outcome, Rendered):
            check_tokens(outcome)


@pytest.mark.parametrize("setup", sorted(setups()))
def test_each_set_up_of_fonts_draws(engine: Tex, setup: str) -> None:
    (outcome,) = render(engine, [spec(r"\sum_{k=0}^{n}\frac{x^k}{k!}\le\sqrt{e^{x}+1}\,\alpha", setup=setup)])
    assert isinstance(outcome, Rendered), outcome
    assert outcome.markup == r"\[ \sum_{k=0}^n\frac{x^k}{k!}\le\sqrt{e^x+1}\alpha \]"


def test_boxes_stand_where_the_signs_are(engine: Tex) -> None:
    (outcome,) = render(engine, [spec(r"\frac{a}{b}=\sqrt{c}", tag="7")])
    assert isinstance(outcome, Rendered)
    boxes = {region.text: region.box for region in outcome.regions}
    assert set(boxes) == {r"\frac", "a", "b", "=", r"\sqrt", "c", r"\tag{7}"}
    assert boxes["a"][3] <= boxes[r"\frac"][3] + 1
    assert boxes["b"][1] >= boxes[r"\frac"][1] - 1
    assert boxes["a"][3] < boxes["b"][1]
    assert boxes[r"\sqrt"][0] < boxes["c"][0] < boxes["c"][2] <= boxes[r"\sqrt"][2] + 1
    assert boxes["="][2] < boxes[r"\sqrt"][0]
    assert boxes[r"\tag{7}"][0] > boxes[r"\sqrt"][2]


@pytest.mark.parametrize(
    ("reason", "one"),
    [
        pytest.param("glyph_missing", spec(r"\text{龜}", setup="modern_chinese", chinese="kai"), id="glyph"),
        pytest.param("text_small", spec(r"\begin{gathered}" + r"x\\" * 90 + r"\end{gathered}", dpi=40), id="small"),
    ],
)
def test_a_defect_is_told(engine: Tex, reason: str, one: FormulaSpec) -> None:
    (outcome,) = render(engine, [one])
    assert isinstance(outcome, Rejected)
    assert outcome.reason == reason, outcome


@pytest.mark.parametrize(
    ("latex", "setup"),
    [
        (r"\mathbb{1}_A", "computer_modern"), (r"\mathcal{12}", "times"), (r"\mathcal{a}", "palatino"),
        (r"\mathbb{k}", "latin_modern"), (r"\mathscr{x}", "kpfonts"), (r"\mathfrak{7}", "garamond"),
        (r"\mathbf{\Gamma}", "antykwa"), (r"\mathrm{\Gamma}", "euler"), (r"\mathbf{\alpha}", "computer_modern"),
        (r"\mathbb{R^1}", "cmbright"), (r"\mathcal{\frac{a}{B}}", "iwona"), (r"\mathbf{1}", "sans"),
        (r"\mathfrak{g}_1+\mathcal{1}", "stix_two"),
    ],
)  # fmt: skip
def test_a_letter_that_a_font_lacks_is_told(engine: Tex, latex: str, setup: str) -> None:
    (outcome,) = render(engine, [spec(latex, setup=setup)])
    assert isinstance(outcome, Rejected)
    assert outcome.reason in ("alphabet_missing", "glyph_missing"), outcome


@pytest.mark.parametrize(
    ("latex", "lacking", "having"),
    [
        (r"\mathbb{1}", "computer_modern", "fourier"),
        (r"\mathbb{k}", "computer_modern", "times"),
        (r"\mathfrak{7}", "times", "computer_modern"),
        (r"\mathbf{\Gamma}", "euler", "computer_modern"),
    ],
)
def test_a_formula_is_set_in_fonts_that_have_its_letters(latex: str, lacking: str, having: str) -> None:
    names = fitting(rf"\( {latex} \)", han=False, bold=False)
    assert lacking not in names
    assert having in names
    formula = make_formula((Part("display", latex),), "grammar")
    assert {draw_style(rng_at(0, "look", at), formula).setup for at in range(40)} <= set(names)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("setup", sorted(setups()))
def test_each_letter_of_each_font_is_drawn_as_itself(engine: Tex, setup: str) -> None:
    """What the table of alphabets allows: the text layer names it, and its ink is that of no other letter or font."""
    letters = string.ascii_letters + string.digits
    lacks = setups()[setup].lacks
    fonts = [font for font in (r"\mathrm", r"\mathbf", r"\mathsf", r"\mathtt", *_CURSIVE) if font not in lacks]
    asked = [(font, char) for font in fonts for char in letters if char in alphabet(setup, font)]
    asked += [("", char) for char in letters]
    specs = [spec(f"{font}{{{char}}}" if font else char, setup=setup, dpi=150) for font, char in asked]
    inks: dict[bytes, tuple[str, str]] = {}
    for (font, char), outcome in zip(asked, render(engine, specs), strict=True):
        assert isinstance(outcome, Rendered), (font, char, outcome)
        (region,) = outcome.regions
        left, top, right, bottom = (round(edge) for edge in region.box)
        ink = outcome.image[top - 1 : bottom + 2, left - 1 : right + 2].tobytes() + bytes((right - left,))
        same = inks.setdefault(ink, (font, char))
        # Digits are upright without a font, and O is 0 in some; I, l and | are strokes.
        alike = {same[1], char} <= set("Il1O0o") or (same[1] == char and {same[0], font} <= {"", r"\mathrm"})
        assert same == (font, char) or alike, (setup, same, (font, char))


_CURSIVE = (r"\mathbb", r"\mathcal", r"\mathscr", r"\mathfrak")


def test_a_sign_that_tex_dropped_is_told(engine: Tex, monkeypatch: pytest.MonkeyPatch) -> None:
    r"""A set-up that swallows \alpha: public data sets have labels with letters that are not there."""
    swallow = renderers.latex_formulas.preamble("computer_modern")
    swallow = replace(swallow, text=swallow.text + r"\AtBeginDocument{\def\alpha{}}" + "\n")
    monkeypatch.setattr(renderers.latex_formulas, "preamble", lambda setup: swallow)
    outcomes = render(engine, [spec(r"\alpha+\beta"), spec(r"\beta+\gamma")])
    assert isinstance(outcomes[0], Rejected)
    assert (outcomes[0].reason, r"\alpha" in outcomes[0].detail) == ("ink_missing", True)
    assert isinstance(outcomes[1], Rendered)


def test_ink_that_no_token_says_is_told(engine: Tex, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = renderers.latex_formulas.preamble("computer_modern")
    more = r"\let\Pad\FormulaPad \def\FormulaPad#1#2#3#4#5{\Pad{#1}{#2}{#3}{#4}{#5 DRAFT}}"
    stamp = replace(stamp, text=stamp.text + more + "\n")
    monkeypatch.setattr(renderers.latex_formulas, "preamble", lambda setup: stamp)
    (outcome,) = render(engine, [spec(r"\alpha+\beta")])
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "ink_extra"


def test_a_spec_gives_the_same_bytes_in_any_batch(engine: Tex) -> None:
    few = {"computer_modern", "times", "modern_chinese"}
    specs = [spec for spec in drawn(120) if spec.style.setup in few][:24]

    def pngs(outcomes: Sequence[Outcome]) -> list[bytes]:
        return [encode_png(outcome.image) for outcome in outcomes if outcome.image is not None]

    together = pngs(render(engine, specs))
    assert len(together) >= 23
    assert pngs(render(engine, specs[::-1]))[::-1] == together
    assert [png for at in (0, 12) for png in pngs(render(engine, specs[at : at + 12]))] == together


def corpus_of(folder: Path) -> str:
    written = "\n".join(rf"\[\frac{{x^{{{num}}}}}{{\alpha+{num}}}=y_{{{num}}}\]" for num in range(200))
    (folder / "paper.tex").write_text(written + "\n$" + "+".join("x" * 90) + "$\n", encoding="utf-8")
    build(folder / "paper.tex", folder / "corpus.parquet", licence=None, rejects=None, max_chars=2000)
    return str(folder / "corpus.parquet")


def test_formulas_of_a_corpus_are_drawn_and_short_ones_only(engine: Tex, tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path)
    specs = drawn(30, corpus=corpus, sources={"corpus": 1.0}, max_tokens=60)
    outcomes = [one for one in render(engine, specs) if isinstance(one, Rendered)]
    assert len(outcomes) == 30
    assert all(spec.formula.source == "corpus" for spec in specs)
    assert all(r"\frac{x^" in one.markup and one.markup.count("x") < 6 for one in outcomes)
    mixed = drawn(40, corpus=corpus, sources={"corpus": 1.0, "grammar": 1.0})
    assert {spec.formula.source for spec in mixed} == {"corpus", "grammar"}


def test_a_corpus_that_changed_or_is_none_is_refused(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path)
    sources: dict[Any, float] = {"corpus": 1.0}
    for path, sha256, said in (
        (corpus, "0" * 64, "as before"),
        (str(tmp_path / "none.parquet"), "", "glyphmill corpus tex SOURCE -o .*none.parquet makes one"),
        (str(tmp_path / "paper.tex"), "", "not made by glyphmill corpus tex"),
    ):
        renderer = LatexFormulas(sources=sources, corpus=path, corpus_sha256=sha256)
        with pytest.raises(ConfigError, match=said):
            Corpora(renderer.corpora(), "train")
    with pytest.raises(ConfigError, match="go together"):
        LatexFormulas(corpus=corpus)
    with pytest.raises(ConfigError, match="go together"):
        LatexFormulas(sources=sources)


def test_a_corpus_replaced_while_it_is_drawn_from_is_refused(tmp_path: Path) -> None:
    corpus = Path(corpus_of(tmp_path))
    recipe = Recipe("r", (RecipePart(LatexFormulas(corpus=str(corpus), sources={"corpus": 1.0})),)).pinned()
    renderer, corpora = recipe.parts[0].renderer, recipe.parts[0].open_corpora("train")
    before = renderer.draw(rng_at(0, "p", 0), corpora)
    table = pq.read_table(corpus)
    pq.write_table(table.slice(10), corpus)
    # What this process has read stays; a process that reads it now must not draw other formulas under the same digest.
    assert renderer.draw(rng_at(0, "p", 0), corpora) == before
    load_formulas.cache_clear()
    with pytest.raises(ConfigError, match="as before"):
        recipe.parts[0].open_corpora("train")


@pytest.mark.parametrize("knobs", [{"sources": {"nowhere": 1.0}}, {"depth": (3, 1)}, {"tag_frac": 2.0}])
def test_knobs_that_leave_nothing_to_draw_are_refused(knobs: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        LatexFormulas(**knobs)

"""Formulas in the browser: boxes against ink, signs against an independent table, proofs that fire, bytes that stay."""

import json
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import numpy as np
import pytest
from pylatexenc.latex2text import LatexNodes2Text

import templates
from pipelines.corpora.tex.corpus import build
from renderers.content.formulas.formula import make_formula, read_parts, target
from renderers.core.corpora import Corpora
from renderers.core.errors import ConfigError, EngineStartError
from renderers.core.image import encode_png
from renderers.core.renderer import Outcome, Rejected, Rendered
from renderers.core.rng import rng_at
from renderers.drawing.mathpix_formulas.style import MIN_CONTRAST, Style, draw_style, missing_glyphs
from renderers.engines.chromium import Chromium
from renderers.labels.latex import commands as c
from renderers.labels.latex import grammar as latex
from renderers.mathpix_formulas import FormulaSpec, MathpixFormulas
from tests.defects import Change, change_template, styled, swallow
from tests.latex_formulas import Writer, check_tokens, every_command

NAME = "mathpix_formulas"


@pytest.fixture(scope="module")
def engine() -> Iterator[Chromium]:
    with Chromium() as engine:
        yield engine


def drawn(num: int, **knobs: Any) -> list[FormulaSpec]:
    renderer = MathpixFormulas(**knobs)
    corpora = Corpora(renderer.corpora(), "train")
    return [renderer.draw(rng_at(5, "formulas", index), corpora) for index in range(num)]


def render(engine: Chromium, specs: Sequence[FormulaSpec]) -> list[Outcome]:
    found: list[Outcome] = []
    for at in range(0, len(specs), MathpixFormulas.batch):
        found += MathpixFormulas().render(engine, specs[at : at + MathpixFormulas.batch])
    return found


def look(**changes: Any) -> Style:
    style = draw_style(rng_at(0, "look", 0), make_formula(read_parts(r"\[ x \]"), "grammar"))
    plain = {
        "families": ("DejaVu Serif", "Noto Serif CJK SC"), "size_px": 16.0, "ink": "#000000", "paper": "#ffffff",
        "width_px": 0.0, "column": False, "justified": False, "left": False, "weight": 0.0, "frame_px": 0.0,
        "pad_px": (8.0, 8.0, 8.0, 8.0), "scale": 2.0,
    }  # fmt: skip
    return msgspec.structs.replace(style, **(plain | changes))


def spec(markup: str, **changes: Any) -> FormulaSpec:
    return FormulaSpec(make_formula(read_parts(markup), "grammar"), look(**changes))


def kept(engine: Chromium, markup: str, **changes: Any) -> Rendered:
    (outcome,) = render(engine, [spec(markup, **changes)])
    assert isinstance(outcome, Rendered), (outcome.reason, outcome.detail)
    return outcome


@pytest.fixture(scope="module")
def samples(engine: Chromium) -> list[tuple[FormulaSpec, Outcome]]:
    specs = drawn(160)
    return list(zip(specs, render(engine, specs), strict=True))


def test_formulas_are_kept_with_their_target(samples: list[tuple[FormulaSpec, Outcome]]) -> None:
    rejects = [outcome for _, outcome in samples if isinstance(outcome, Rejected)]
    assert len(rejects) <= 0.03 * len(samples), rejects
    for spec, outcome in samples:
        if isinstance(outcome, Rendered):
            assert outcome.markup == latex.normalize(target(spec.formula))
            assert latex.check(outcome.markup) is None
            assert outcome.contrast >= MIN_CONTRAST
            assert outcome.smallest_glyph_px >= 8


def test_regions_are_the_tokens_in_order_and_each_holds_ink(samples: list[tuple[FormulaSpec, Outcome]]) -> None:
    for _, outcome in samples:
        if isinstance(outcome, Rendered):
            check_tokens(outcome)


def test_looks_differ(samples: list[tuple[FormulaSpec, Outcome]]) -> None:
    styles = [spec.style for spec, _ in samples]
    assert len({style.families for style in styles}) > 40
    assert len({(style.ink, style.paper) for style in styles}) > 20
    for field in ("column", "left", "weight", "frame_px", "scale", "size_px"):
        assert len({getattr(style, field) for style in styles}) > 1, field


def test_boxes_stand_where_the_signs_are(engine: Chromium) -> None:
    outcome = kept(engine, r"\[ \frac{a}{b}=\sqrt{c} \tag{7} \]", width_px=300.0)
    boxes = {region.text: region.box for region in outcome.regions}
    assert set(boxes) == {r"\frac", "a", "b", "=", r"\sqrt", "c", r"\tag{7}"}
    assert boxes["a"][3] < boxes[r"\frac"][1] < boxes[r"\frac"][3] < boxes["b"][1]
    assert boxes[r"\sqrt"][0] < boxes["c"][0] < boxes["c"][2] <= boxes[r"\sqrt"][2] + 1
    assert boxes["="][2] < boxes[r"\sqrt"][0]
    assert boxes[r"\tag{7}"][0] > boxes[r"\sqrt"][2] + 50
    for text, box in boxes.items():
        if text not in (r"\sqrt", r"\frac"):
            assert np.abs(np.array(ink_box(outcome, box)) - box).max() <= 1.5, text


def ink_box(outcome: Rendered, box: Sequence[float]) -> tuple[float, float, float, float]:
    """The ink in and around a box."""
    x0, y0 = (max(0, int(edge) - 3) for edge in box[:2])
    patch = outcome.image[y0 : int(box[3]) + 4, x0 : int(box[2]) + 4] < 200
    xs, ys = np.flatnonzero(patch.any(axis=0)), np.flatnonzero(patch.any(axis=1))
    return (x0 + float(xs[0]), y0 + float(ys[0]), x0 + float(xs[-1]) + 1, y0 + float(ys[-1]) + 1)


@pytest.mark.parametrize("columns", ["|c|r|", "c|r", "|c|r", "c|r|"])
@pytest.mark.parametrize("below", ["", r"\\\hline"])
def test_each_rule_of_a_table_has_its_own_box(engine: Chromium, columns: str, below: str) -> None:
    markup = rf"\[ \begin{{array}}{{{columns}}}\hline a&b\\\hline c&d{below}\end{{array}} \]"
    outcome = kept(engine, markup)
    lines = [region.box for region in outcome.regions if region.text == r"\hline"]
    bars = [region.box for region in outcome.regions if region.text == "|"]
    assert len(lines) == markup.count(r"\hline")
    assert len(bars) == columns.count("|")
    letters = {region.text: region.box for region in outcome.regions if region.text in "abcd"}
    tops = [line[1] for line in lines]
    assert tops == sorted(tops)
    assert all(line[2] - line[0] > 20 and line[3] - line[1] < 8 for line in lines)
    assert lines[0][3] < letters["a"][1]
    assert letters["a"][3] < lines[1][1] < letters["c"][1]
    middle = next(bar for bar in bars if letters["a"][2] < bar[0] < letters["b"][0])
    assert middle[3] - middle[1] > 20


def test_every_command_is_drawn_or_known_to_be_lacking(engine: Chromium) -> None:
    specs = [spec(latex.normalize(text)) for text in every_command()]
    outcomes = render(engine, specs)
    told = [
        (MathpixFormulas().content_key(one), outcome.reason, outcome.detail)
        for one, outcome in zip(specs, outcomes, strict=True)
        if isinstance(outcome, Rejected) and (outcome.reason != "sign_lacked")
    ]
    assert not told
    assert sum(isinstance(outcome, Rendered) for outcome in outcomes) > 900


def test_formulas_as_people_write_them_are_drawn(engine: Chromium) -> None:
    """Random trees of every node: what MathJax does differently with its marks than without would move ink."""
    texts = [Writer(Random(seed)).target() for seed in range(80)]
    specs = [
        spec(latex.normalize(text)) for text in texts if (latex.check(text) or "not canon").startswith("not canon")
    ]
    specs = [one for one in specs if missing_glyphs(MathpixFormulas().content_key(one)) is None]
    rejects = [outcome for outcome in render(engine, specs) if isinstance(outcome, Rejected)]
    assert len(specs) > 50
    assert len([one for one in rejects if one.reason != "text_small"]) <= 0.02 * len(specs), rejects


READ = """(texts) => JSON.stringify(JSON.parse(texts).map((text) => {
  const holder = document.createElement('template');
  holder.innerHTML = window.markdownToHTML(text, {htmlTags: false, outMath: {include_svg: true}});
  return [...holder.content.querySelectorAll('path[data-c]')].filter((path) => path.getAttribute('d'))
    .map((path) => [path.dataset.c, path.getAttribute('d')]);
}))"""

# What pylatexenc 2 writes with another character of the same sign.
OTHER_SIGNS = {
    "*": "∗", "-": "−", "\\": "∖", "⌅": "⊼", "⊕": "⨁", "⊗": "⨂", "▪": "◼", "·": "⋅", "♢": "⋄", "ƪ": "ð", "|": "∣",
    "≼": "⪯", "≽": "⪰", "'": "′", "□": "◻", "▿": "▽", "▵": "△",
}  # fmt: skip

# Signs whose class, not whose ink, TeX parts as well.
SAME_INK = [
    {r"\backslash", r"\setminus"}, {r"\bigtriangleup", r"\triangle"}, {r"\bot", r"\perp"}, {r"\mid", "|"},
    {r"\parallel", r"\|"},
]  # fmt: skip


@pytest.fixture(scope="module")
def signs() -> dict[str, list[tuple[str, str]]]:
    """What MathJax draws for each sign of the grammar: characters and outlines."""
    bundle = templates.installed(NAME, "mathpix-markdown-it/es5/bundle.js").read_text(encoding="utf-8")
    names = sorted(c.SYMBOLS | c.CHARACTERS)
    with Chromium() as engine:
        page = engine.page("signs", "<!DOCTYPE html><html><body></body></html>", lambda: (bundle,))
        found = json.loads(page.evaluate(READ, json.dumps([rf"\( {name} \)" for name in names])))
    return {
        name: [(chr(int(code, 16)), path) for code, path in parts] for name, parts in zip(names, found, strict=True)
    }


def test_the_sign_of_a_command_is_that_of_an_independent_table(signs: dict[str, list[tuple[str, str]]]) -> None:
    reader = LatexNodes2Text()
    num = 0
    for name, parts in signs.items():
        wanted = "".join(reader.latex_to_text(rf"\({name}\)").split())
        shown = "".join(sign for sign, _ in parts)
        if not wanted or not shown:
            continue
        wanted, shown = (unicodedata.normalize("NFKC", text) for text in (wanted, shown))
        assert shown in (wanted, OTHER_SIGNS.get(wanted)), name
        num += 1
    assert num > 270


def test_no_two_commands_leave_the_same_ink(signs: dict[str, list[tuple[str, str]]]) -> None:
    by_ink: dict[tuple[str, ...], set[str]] = {}
    for name, parts in signs.items():
        if parts and missing_glyphs(rf"\( {name} \)") is None:
            by_ink.setdefault(tuple(path for _, path in parts), set()).add(name)
    assert [names for names in by_ink.values() if len(names) > 1 and names not in SAME_INK] == []


@pytest.mark.parametrize(
    "markup",
    [
        r"\[ x\text{ a 100\% \& b\_c \{d\} \$5 -- ``q'' it's}y \]",
        r"\[ \text{中文\textbf{粗体}和}S_{\text{阴影}} \]",
        "1 < 2 & \"x\" <b>bold</b> <script>document.body.remove()</script> '*a*' `c` ![d](e) ~~f~~ \\( y \\)",
        r"fi ffl office AVATAR To. \( y \)",
        r"\[ F(a):=\lambda a,\quad x\le\ge y,\quad 12.5+.5=1{,}234 \]",
        r"\[ x\,y\;z\!w\enspace a\enskip b\thinspace c\medspace d\thickspace e\/g\hspace{1em}\phantom{x} h \]",
        r"\[ \SI{9.81}{\metre\per\second\squared}+\num{1.5e-3}\,\si{\kilo\ohm} \]",
        r"\[ \ce{Fe^3+ + 6SCN- <=> [Fe(SCN)6]^3-}\quad\ce{CH3-CH=CH2 ->[\Delta][MnO2] X v} \]",
        r"\[ \left\{x\middle|\frac{x}{2}\in\mathbb{Z}\right\}\Bigl|\biggl[x\biggr]\left.\frac{a}{b}\right|_0 \]",
        r"\[ \begin{pmatrix}a&b\\c&d\end{pmatrix}^{-1}\begin{vmatrix}[a]&*\\-&\frac12\end{vmatrix} \]",
        r"\[ \begin{cases}1&x>0\\0\end{cases}\sum_{\substack{i<n\\j\ne i}}\begin{smallmatrix}a&b\end{smallmatrix} \]",
    ],
)
def test_what_is_hard_to_draw_is_drawn_and_proven(engine: Chromium, markup: str) -> None:
    kept(engine, markup)
    kept(engine, markup, weight=12.0, frame_px=1.5, paper="#1d1f21", ink="#ffffff", scale=1.5)


def test_prose_is_broken_into_a_column_and_each_word_has_its_box(engine: Chromium) -> None:
    words = (
        "Let the number be so large that all of this prose is broken into lines, \\( x \\) too, 而且中文也一样换行。"
    )
    outcome = kept(engine, words, column=True, width_px=200.0, justified=True)
    assert outcome.image.shape[0] > 150
    boxes = [region.box for region in outcome.regions if region.text in ("Let", "large", "prose", "lines,")]
    assert boxes[-1][1] > boxes[0][3]
    assert [region.text for region in outcome.regions][:3] == ["Let", "the", "number"]


def test_what_touches_a_formula_is_not_parted_from_it_by_a_line_break(engine: Chromium) -> None:
    markup = "along the \\( x \\)-axis and (\\( y \\)), so"
    for width in range(40, 400, 24):
        outcome = kept(engine, markup, column=True, width_px=float(width))
        boxes = {region.text: region.box for region in outcome.regions}
        for sign, word in (("x", "-axis"), ("y", "("), ("y", "),")):
            assert boxes[sign][1] < boxes[word][3] < boxes[sign][3] + 30, (width, word)
            assert boxes[word][1] < boxes[sign][3], (width, word)
    assert outcome.markup == markup


@pytest.mark.parametrize(
    ("reason", "one"),
    [
        pytest.param("sign_lacked", spec(r"\( \Bbbk \)"), id="sign"),
        pytest.param("sign_lacked", spec(r"\[ \begin{array}{c||c}a&b\end{array} \]"), id="double rule"),
        pytest.param("font_fallback", spec(r"\[ \text{龜} \]", families=("DejaVu Serif",)), id="font in a formula"),
        pytest.param("font_fallback", spec(r"龜 \( y \)", families=("Lato",)), id="font in prose"),
        pytest.param("text_small", spec(r"\[ \begin{gathered}" + r"x\\" * 90 + r"\end{gathered} \]"), id="small"),
    ],
)
def test_a_defect_is_told(engine: Chromium, reason: str, one: FormulaSpec) -> None:
    (outcome,) = render(engine, [one])
    assert isinstance(outcome, Rejected)
    assert outcome.reason == reason, outcome


@pytest.mark.parametrize(
    ("file", "change", "reason"),
    [
        pytest.param("draw.js", swallow(r"\alpha", ""), "ink_missing", id="a sign is dropped"),
        pytest.param("draw.js", swallow("q", "p"), "ink_wrong", id="another letter"),
        pytest.param("draw.js", swallow(r"\beta", r"\notacommand"), "formula_refused", id="an unknown command"),
        pytest.param("page.html", styled("article::after { content: 'DRAFT' }"), "ink_extra", id="a stamp in our font"),
        pytest.param(
            "page.html",
            styled("article::after { content: ''; display: block; height: 9px; background: red }"),
            "ink_extra",
            id="a bar",
        ),
        pytest.param(
            "page.html",
            styled("@media print { .display { padding-left: 9px } }"),
            "marks_moved_ink",
            id="print differs",
        ),
        pytest.param(
            "page.html", styled("@media print { path { fill: #ffffff } }"), "ink_missing", id="white on white"
        ),
        pytest.param(
            "page.html",
            styled("article { padding: 0 !important } .display { margin-left: -9px }"),
            "text_cut",
            id="cut",
        ),
        pytest.param(
            "page.html", styled(".display svg { clip-path: inset(0 0 4px 0) }"), "text_cut", id="its lower part hidden"
        ),
    ],
)
def test_a_page_that_draws_something_else_is_told(
    file: str, change: Change, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Public data sets have labels with letters that are not there."""
    change_template(monkeypatch, file, change)
    with Chromium() as engine:
        (outcome,) = render(engine, [spec(r"\[ \alpha+\beta=q \]")])
    assert isinstance(outcome, Rejected)
    assert outcome.reason == reason, outcome


def test_a_spec_gives_the_same_bytes_in_any_batch(engine: Chromium) -> None:
    specs = drawn(60)

    def rows(outcomes: Sequence[Outcome]) -> list[tuple[bytes, object]]:
        return [(encode_png(one.image), one.regions) for one in outcomes if isinstance(one, Rendered)]

    together = rows(render(engine, specs))
    assert len(together) >= 58
    assert rows(render(engine, specs[::-1]))[::-1] == together
    assert [row for at in range(0, 60, 12) for row in rows(render(engine, specs[at : at + 12]))] == together


def test_formulas_of_a_corpus_are_drawn(engine: Chromium, tmp_path: Path) -> None:
    written = "\n".join(rf"\[\frac{{x^{{{num}}}}}{{\alpha+{num}}}=y_{{{num}}}\]" for num in range(200))
    (tmp_path / "paper.tex").write_text(written, encoding="utf-8")
    build(tmp_path / "paper.tex", tmp_path / "corpus.parquet", licence=None, rejects=None, max_chars=2000)
    specs = drawn(20, corpus=str(tmp_path / "corpus.parquet"), sources={"corpus": 1.0})
    outcomes = [one for one in render(engine, specs) if isinstance(one, Rendered)]
    assert len(outcomes) == 20
    assert all(r"\frac{x^" in one.markup for one in outcomes)


def test_formulas_that_mathjax_lacks_are_drawn_again() -> None:
    families = {"relations": 1.0, "alphabets": 1.0, "signs": 1.0, "symbols": 1.0}
    markups = [MathpixFormulas().content_key(one) for one in drawn(300, families=families, sources={"grammar": 1.0})]
    assert [markup for markup in markups if missing_glyphs(markup) is not None] == []


@pytest.mark.parametrize("knobs", [{"sources": {"nowhere": 1.0}}, {"depth": (3, 1)}, {"tag_frac": 2.0}])
def test_knobs_that_leave_nothing_to_draw_are_refused(knobs: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        MathpixFormulas(**knobs)


def test_a_missing_reader_is_told_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "installed", lambda renderer, name: tmp_path / name)
    with pytest.raises(EngineStartError, match=r"make -C \S+ setup-mathjax"):
        MathpixFormulas().tools()

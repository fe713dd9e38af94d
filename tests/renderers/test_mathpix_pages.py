"""Pages of Mathpix Markdown: every kind and language, boxes and ink, what is cut, proofs that fire, hostile text."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

import templates
from pipelines.verify import verify
from renderers.content.pages.page import PAGE_KINDS, PAGE_LANGUAGES, Figure, Page, PageBlock
from renderers.core.corpora import Corpora
from renderers.core.errors import ConfigError, EngineStartError
from renderers.core.image import encode_png
from renderers.core.renderer import NO_SPAN, Outcome, Pixels, Region, Rejected, Rendered
from renderers.core.rng import rng_at
from renderers.drawing.molecules.style import draw_page_style
from renderers.drawing.pages.figures import svg_of
from renderers.engines.chromium import Chromium
from renderers.labels.markdown import grammar as markdown
from renderers.labels.markdown.tree import Block
from renderers.labels.smiles import grammar as smiles
from renderers.labels.smiles.written import facts
from renderers.mathpix_pages import MathpixPages, PageSpec
from tests.defects import Change, change_template, styled, swallow, swapped

replace = msgspec.structs.replace
INNER = ("line", "word", "cell", "inline_formula", "atom", "bond")


@pytest.fixture(scope="module")
def engine() -> Iterator[Chromium]:
    with Chromium() as engine:
        yield engine


def drawn(num: int, name: str, **knobs: Any) -> list[PageSpec]:
    renderer = MathpixPages(**knobs)
    corpora = Corpora(renderer.corpora(), "train")
    return [renderer.draw(rng_at(4, name, index), corpora) for index in range(num)]


def render(engine: Chromium, specs: Sequence[PageSpec]) -> list[Outcome]:
    return [
        outcome if isinstance(outcome, Rejected) else verify(outcome, "mathpix-markdown") or outcome
        for outcome in MathpixPages().render(engine, specs)
    ]


_PLAIN_BONDS = {"ringVisualization": "default", "terminalCarbons": False}


def plain_spec(*blocks: PageBlock | Block, language: str = "en", **style: Any) -> PageSpec:
    """Blocks in the look of some drawn page, in one column of a fixed look."""
    (spec,) = drawn(1, "plain", kinds={"book": 1.0}, languages={language: 1.0})
    chain = {"en": ("Lato",), "zh": ("Noto Serif CJK SC", "Lato")}[language]
    look: dict[str, Any] = {"families": chain, "display": chain, "mono": ("DejaVu Sans Mono", *chain[:1])}
    look |= {"width_px": 600, "height_px": 800, "size_px": 16.0, "pad_px": (40, 40, 40, 40), "scale": 1.5}
    look |= {"columns": 1, "bold": False, "classes": (), "hyphenated": False, "bullets": ("•", "–")}
    variables = {"--leading": "1.4", "--spacing": "0em", "--space": "0.3em", "--indent": "0em", "--small": "1em"}
    variables |= {"--paper": "#ffffff", "--ink": "#000000", "--soft": "#000000", "--accent": "#000000"}
    variables |= {"--link": "#000000", "--panel": "#f4f4f4", "--line": "#000000", "--autospace": "no-autospace"}
    made = tuple(one if isinstance(one, PageBlock) else PageBlock(one, one.kind) for one in blocks)
    molecules = draw_page_style(rng_at(4, "plain", 0), "Liberation Sans", 16.0, "#ffffff", "#000000", 1.5)
    look["molecules"] = replace(molecules, options=molecules.options | _PLAIN_BONDS, aromatic=False, bold=False)
    styled = replace(spec.style, **(look | style), variables=spec.style.variables | variables)
    return PageSpec(Page("book", language, made), styled)  # type: ignore[arg-type]


def paragraph(text: str) -> PageBlock:
    return PageBlock(Block("paragraph", text), "paragraph")


def molecule(written: str) -> PageBlock:
    written = smiles.canonical(written)
    return PageBlock(Block("molecule", smiles.wrap(written)), "molecule", begin=facts(written).starts[0])


def kept(engine: Chromium, spec: PageSpec) -> Rendered:
    (outcome,) = render(engine, [spec])
    assert isinstance(outcome, Rendered), (outcome.reason, outcome.detail)
    return outcome


def of_kind(outcome: Rendered, kind: str) -> list[Region]:
    return [region for region in outcome.regions if region.kind == kind]


def ink_of(outcome: Rendered) -> npt.NDArray[np.bool_]:
    level: Pixels = outcome.image if outcome.image.ndim == 2 else outcome.image[..., 1]
    paper = np.bincount(level.ravel(), minlength=256).argmax()
    ink: npt.NDArray[np.bool_] = np.abs(level.astype(int) - int(paper)) > 60
    return ink


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_every_kind_is_drawn_and_its_boxes_hold_its_ink(engine: Chromium, language: str) -> None:
    specs = [spec for kind in PAGE_KINDS for spec in drawn(5, kind, kinds={kind: 1.0}, languages={language: 1.0})]
    outcomes = render(engine, specs)
    rejected = [
        (spec.page.kind, one.reason, one.detail)
        for spec, one in zip(specs, outcomes, strict=True)
        if isinstance(one, Rejected)
    ]
    assert len(rejected) <= 2, rejected
    for one in outcomes:
        if isinstance(one, Rejected):
            continue
        ink = ink_of(one)
        left = ink.copy()
        for region in one.regions:
            x0, y0, x1, y1 = (int(edge) for edge in region.box)
            assert region.kind == "figure" or ink[y0:y1, x0:x1].any(), region
            left[max(0, y0 - 12) : y1 + 12, max(0, x0 - 12) : x1 + 12] = False
        # Rules between columns and of notes, bars beside quotes.
        assert left.sum() < 0.1 * ink.sum() + 3 * one.image.shape[1]
        assert markdown.check(one.markup) is None
        assert one.alternates["html"] == markdown.html_of(one.markup)


def test_looks_and_parts_differ() -> None:
    specs = drawn(400, "looks")
    assert len({spec.style.families for spec in specs}) > 30
    assert {spec.style.columns for spec in specs} == {1, 2, 3}
    assert {one.block.kind for spec in specs for one in spec.page.blocks} >= {
        *("title", "author", "abstract", "section", "subsection", "paragraph", "formula", "item", "table", "code"),
        *("quote", "footnote", "image", "molecule"),
    }
    roles = {one.role for spec in specs for one in spec.page.blocks}
    assert roles >= {"theorem", "proof", "caption", "reference", "exercise", "option", "keywords"}
    assert {one.block.done for spec in specs for one in spec.page.blocks} == {None, True, False}


def test_a_page_ends_behind_a_line_and_the_target_with_it(engine: Chromium) -> None:
    words = [f"word{number:03d}" for number in range(900)]
    first, second = " ".join(words[:60]), " ".join(words[60:])
    one = kept(engine, plain_spec(paragraph(first), paragraph(second), paragraph("End.")))
    assert f"{first}\n\n{second}".startswith(one.markup)
    assert len(first) < len(one.markup) < 0.7 * len(second)
    assert one.markup.split()[-1] in words
    height = one.image.shape[0]
    assert height - 60 - 2.2 * 16 * 1.5 * 1.4 < of_kind(one, "line")[-1].box[3] <= height - 60


def test_a_formula_may_be_the_last_before_the_cut(engine: Chromium) -> None:
    text = " ".join(rf"value \( x_{{{number}}} \)" for number in range(600))
    one = kept(engine, plain_spec(paragraph(text)))
    whole, _ = markdown.write([Block("paragraph", text)])
    assert whole.startswith(one.markup)
    assert 200 < len(one.markup) < len(whole) // 2
    assert len(of_kind(one, "inline_formula")) == one.markup.count(r"\(")


def test_columns_are_read_one_after_the_other(engine: Chromium) -> None:
    text = " ".join(f"word{number:03d}" for number in range(300))
    one = kept(engine, plain_spec(paragraph(text), columns=2, width_px=800))
    lines = of_kind(one, "line")
    turns = [at for at in range(1, len(lines)) if lines[at].box[1] < lines[at - 1].box[1]]
    assert len(turns) == 1
    assert lines[turns[0]].box[0] > lines[0].box[2]
    assert " ".join(line.text for line in lines) == one.markup
    # A paragraph that runs on in the next column has a box in each.
    parts = of_kind(one, "paragraph")
    assert len(parts) == 2
    assert parts[0].box[2] < parts[1].box[0]
    assert f"{parts[0].text} {parts[1].text}" == one.markup


def test_a_word_broken_at_the_end_of_a_line_is_whole_in_the_target(engine: Chromium) -> None:
    text = " ".join(["in\u00adter\u00adna\u00adtion\u00adal com\u00admu\u00adni\u00adca\u00adtion"] * 20)
    one = kept(engine, plain_spec(paragraph(text), width_px=330))
    assert one.markup == " ".join(["international communication"] * 20)
    breaks = {line.span[1] for line in of_kind(one, "line")} - {len(one.markup)}
    assert any(one.markup[at] != " " for at in breaks)
    assert "".join(region.text for region in of_kind(one, "word")) == one.markup.replace(" ", "")


def test_every_block_has_its_box_with_its_words(engine: Chromium) -> None:
    figure = Figure("bars", 0.5, 0.5, tuple(number / 24 for number in range(24)), ("#1f77b4",) * 4)
    table = "\\begin{tabular}{|l|r|}\n\\hline\nRye & 12 \\\\\n\\hline\nOats & 7 \\\\\n\\hline\n\\end{tabular}"
    spec = plain_spec(
        Block("title", r"On \( x^2 \)"), Block("author", "Ann B\nSomewhere"), Block("abstract", "All of it."),
        Block("section", "1 First"), paragraph("Some *stars* and $5."), Block("formula", r"\[ a=b\tag{3} \]"),
        PageBlock(Block("item", "one", 0, -1), "list_item"), PageBlock(Block("item", "deep", 1, 1), "list_item"),
        PageBlock(Block("item", "done", 0, -1, True), "list_item"), Block("quote", "said"), Block("code", "x = 1\n  y"),
        Block("table", table), PageBlock(Block("image"), "figure", figure=figure),
        PageBlock(Block("footnote", r"\( {}^1 \) note"), "footnote", area="notes", anchor=4),
        height_px=1100,
    )  # fmt: skip
    one = kept(engine, replace(spec, page=replace(spec.page, head=("Running", "12"), foot=("– 3 –",))))
    assert one.markup == markdown.normalize(one.markup)
    outer = [region for region in one.regions if region.kind not in INNER]
    assert [region.kind for region in outer] == [
        *("header", "header", "title", "author", "abstract", "section", "paragraph", "formula"),
        *("list_item", "list_item", "list_item", "quote", "code", "table", "figure", "footnote", "footer"),
    ]
    assert [region.text for region in of_kind(one, "cell")] == ["Rye", "12", "Oats", "7"]
    assert [region.text for region in outer if region.span == NO_SPAN] == ["Running", "12", "– 3 –"]
    assert "Running" not in one.markup
    assert of_kind(one, "paragraph")[0].text == r"Some \*stars\* and \$5."
    assert [region.text for region in of_kind(one, "inline_formula")] == [r"\( x^2 \)", r"\( {}^1 \)"]
    inside = [region.box for region in outer if region.kind not in ("header", "footer")]
    assert all(above[3] <= below[1] + 2 for above, below in pairwise(inside))
    middle = of_kind(one, "figure")[0].box
    assert (middle[0] + middle[2]) / 2 == pytest.approx(one.image.shape[1] / 2, abs=12)


def test_what_does_not_fit_in_a_column_is_left_out_with_its_caption(engine: Chromium) -> None:
    wide = PageBlock(Block("formula", rf"\[ {'+'.join('x' * 90)}=0 \]"), "formula")
    table = Block("table", f"\\begin{{tabular}}{{l}}\n{'wide ' * 60} \\\\\n\\end{{tabular}}")
    spec = plain_spec(
        paragraph("Before."),
        wide,
        PageBlock(Block("paragraph", "Table 1. Too wide."), "caption", kept=True),
        PageBlock(table, "table"),
        paragraph("After."),
    )
    assert kept(engine, spec).markup == "Before.\n\nAfter."


def test_a_formula_that_does_not_fit_takes_its_sentence_with_it(engine: Chromium) -> None:
    wide = PageBlock(Block("formula", rf"\[ {'+'.join('x' * 90)}=0 \]"), "formula", kept=True)
    spec = plain_spec(
        paragraph("Every whole sentence stays."),
        PageBlock(Block("paragraph", "Consider the curve"), "paragraph", kept=True),
        wide,
        paragraph(r"with \( x>0 \)."),
        paragraph("What follows stays too."),
    )
    assert kept(engine, spec).markup == "Every whole sentence stays.\n\nWhat follows stays too."


def test_a_sentence_is_kept_with_its_formula() -> None:
    led = []
    for spec in drawn(80, "kept", kinds={"paper": 1.0}, languages={"en": 1.0}):
        for before, one in pairwise(spec.page.blocks):
            if one.block.kind == "formula" and before.block.kind == "paragraph":
                led.append(before)
    assert len(led) > 50
    assert all(one.kept for one in led if one.block.text[-1] not in ".!?")


def test_an_item_that_does_not_fit_is_left_out_with_those_below_it(engine: Chromium) -> None:
    wide = "+".join("x" * 60)
    items = [("one", 0), (rf"\( {wide} \)", 1), ("deep", 2), ("two", 0)]
    blocks = [PageBlock(Block("item", text, depth, -1), "list_item") for text, depth in items]
    assert kept(engine, plain_spec(*blocks)).markup == "- one\n- two"


@pytest.mark.parametrize("kind", ["paragraph", "item", "quote"])
def test_a_formula_in_a_line_never_leaves_its_column(engine: Chromium, kind: str) -> None:
    for num in range(18, 30):
        wide = PageBlock(Block(kind, rf"Before \( {'+'.join('x' * num)} \) behind."), kind)  # type: ignore[arg-type]
        one = kept(engine, plain_spec(paragraph("One."), replace(wide, role="list_item"), paragraph("Two.")))
        assert max(region.box[2] for region in one.regions) <= one.image.shape[1] - 40 * 1.5 + 2


def test_molecules_are_blocks_of_atoms_and_bonds(engine: Chromium) -> None:
    written = ("CC(=O)Oc1ccccc1C(=O)O", "C[C@H](N)C(=O)O", "O=C(O)/C=C\\C(=O)O")
    drawings = [molecule(one) for one in written]
    one = kept(engine, plain_spec(paragraph("Three acids:"), *drawings, paragraph("All are known.")))
    shown = "\n\n".join(smiles.normalize(one) for one in written)
    assert one.markup == f"Three acids:\n\n{shown}\n\nAll are known."
    outer = [region for region in one.regions if region.kind not in INNER]
    assert [region.kind for region in outer] == ["paragraph", "molecule", "molecule", "molecule", "paragraph"]
    for block in outer[1:4]:
        x0, y0, x1, y1 = block.box
        inside = [
            region for region in one.regions
            if region.kind in ("atom", "bond") and block.span[0] <= region.span[0] < block.span[1]
        ]  # fmt: skip
        atoms = [region for region in inside if region.kind == "atom"]
        start = block.span[0]
        spans = [((first + start, last + start), text) for (first, last), text in smiles.inked_spans(block.text)]
        assert [(region.span, region.text) for region in atoms] == spans
        assert all(one.markup[slice(*region.span)] == region.text for region in inside)
        for left, top, right, bottom in (region.box for region in atoms):
            # Two lines of no letter meet in a box around their ends.
            assert x0 - 8 <= left < right <= x1 + 8, block
            assert y0 - 8 <= top < bottom <= y1 + 8, block
        assert abs((x0 + x1) / 2 - one.image.shape[1] / 2) < 12
    letters = [region for region in one.regions if region.kind == "atom" and region.text in ("N", "O")]
    assert len(letters) == 4 + 3 + 4
    ink = ink_of(one)
    for region in letters:
        left, top, right, bottom = (int(edge) for edge in region.box)
        assert ink[top:bottom, left:right].mean() > 0.15, region


def test_molecules_wider_than_a_column_are_left_out_with_their_caption(engine: Chromium) -> None:
    caption = PageBlock(Block("paragraph", "Figure 1. Too wide."), "caption")
    task = PageBlock(Block("paragraph", "1. Name the compound below."), "exercise", kept=True)
    wide = replace(molecule("C" * 40), kept=True)
    spec = plain_spec(paragraph("Before."), wide, caption, task, replace(wide, kept=False), paragraph("After."))
    assert kept(engine, spec).markup == "Before.\n\nAfter."


@pytest.mark.parametrize(
    ("file", "change", "reasons"),
    [
        pytest.param(
            "molecules.js",
            swapped("let at = 0; at < lines", "let at = 1; at < lines"),
            {"graph_differs"},
            id="a bond less",
        ),
        pytest.param(
            "molecules.js",
            swapped(
                "parent.append(text);\n",
                "parent.append(text); if (text.textContent[0] === 'O') text.textContent = 'S';\n",
            ),
            {"label_unread", "graph_differs"},
            id="another element",
        ),
        pytest.param("set.js", swallow("@", "@@"), {"stereo_differs"}, id="the mirror image"),
        pytest.param("set.js", swallow("<smiles>", "<smiles>C"), {"graph_differs"}, id="an atom more"),
        pytest.param("set.js", swallow("<smiles>", "<smiles>((("), {"molecule_refused"}, id="no molecule"),
        pytest.param(
            "page.html", styled("@media print { line { display: none } }"), {"ink_differs"}, id="no bonds in print"
        ),
        pytest.param(
            "page.html", styled("@media print { svg text { fill: #ffffff } }"), {"ink_missing"}, id="white letters"
        ),
        pytest.param(
            "page.html",
            styled("@media print { svg.molecule { transform: translateX(6px) } }"),
            {"ink_differs", "marks_moved_ink"},
            id="print differs",
        ),
        pytest.param(
            "page.html",
            styled(
                ".molecule { position: relative } .molecule::after { content: ''; position: absolute; width: 9px;"
                " height: 9px; background: red; left: 50%; top: 1px }"
            ),
            {"ink_differs", "ink_extra"},
            id="a spot",
        ),
    ],
)
def test_a_page_that_draws_another_molecule_is_told(
    file: str, change: Change, reasons: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    change_template(monkeypatch, file, change)
    with Chromium() as engine:
        (outcome,) = render(engine, [plain_spec(paragraph("This one:"), molecule("C[C@H](N)C(=O)O"))])
    assert isinstance(outcome, Rejected)
    assert outcome.reason in reasons, outcome


def test_a_heading_is_not_the_last_on_a_page(engine: Chromium) -> None:
    for num in range(14, 34):
        lines = [paragraph(f"Line {number}.") for number in range(num)]
        heading = PageBlock(Block("section", "Heading"), "heading", kept=True)
        one = kept(engine, plain_spec(*lines, heading, paragraph("word " * 40)))
        assert not one.markup.endswith("Heading}")


def test_a_note_stands_where_its_mark_stands(engine: Chromium) -> None:
    note = PageBlock(Block("footnote", r"\( {}^1 \) A note."), "footnote", area="notes", anchor=1)
    long = paragraph("word " * 700 + r"mark\( {}^1 \)")
    short = paragraph(r"mark\( {}^1 \)")
    assert "footnotetext" not in kept(engine, plain_spec(paragraph("First."), long, note)).markup
    assert kept(engine, plain_spec(paragraph("First."), short, note)).markup.endswith("A note.\n}")


@pytest.mark.parametrize(
    "text",
    [
        "<script>document.title='x'</script> <b>bold</b> &amp; &lt;i&gt; <smiles>CC</smiles>",
        '"); alert(1) // {{7*7}} ${x} <!-- --> </p></section>',
        r"\\ \alpha \begin{x} C:\dir \" \textbf{x} \ref{a}",
        "*a* **b** _c_ __d__ `e` ~~f~~ ==g== ++h++ ^i^ ~j~ :smile: (c) ... -- --- +- 1/2",
        "[a](b) ![c](d) [e][f] [g]: h [^1] ^[x] <https://x.org> {#id} @user #tag",
        "a | b || c",
        "# no heading", "> no quote", "- no item", "+ no item", "1. no item", "12) no item", "--- no rule", "=== no",
        ": no definition", "[1]: no reference", "#hash", "-5 is less", "1.5 is more", "``` no fence", "~~~ no fence",
    ],
)  # fmt: skip
def test_signs_of_markdown_in_the_words_are_words(engine: Chromium, text: str) -> None:
    blocks = [Block("paragraph", text), Block("quote", text), Block("item", text), Block("abstract", text)]
    if text.count("{") == text.count("}") and "\\" not in text:
        blocks += [Block("section", text), Block("title", text), Block("footnote", text)]
    one = kept(engine, plain_spec(paragraph("Before."), *blocks))
    assert markdown.read(one.markup)[1:] == blocks


def test_a_word_of_a_megabyte_fills_the_page_and_no_more(engine: Chromium) -> None:
    (outcome,) = render(engine, [plain_spec(paragraph("w" * 1_000_000))])
    assert isinstance(outcome, Rendered)
    assert set(outcome.markup) == {"w"}
    assert len(outcome.markup) < 5000


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        pytest.param(lambda: plain_spec(paragraph("汉字")), "font_fallback", id="a font of the machine's own"),
        pytest.param(
            lambda: plain_spec(paragraph("One."), paragraph("Two."), size_px=4.0, scale=4.0), "text_small", id="small"
        ),
        pytest.param(lambda: plain_spec(paragraph("w" * 3), pad_px=(40, 900, 40, 0)), "page_overflow", id="no room"),
    ],
)
def test_what_cannot_be_proven_is_rejected_alone(engine: Chromium, spec: Callable[[], PageSpec], reason: str) -> None:
    good = plain_spec(paragraph("Nothing is wrong here."))
    before, bad, after = render(engine, [good, spec(), good])
    assert isinstance(bad, Rejected)
    assert bad.reason == reason, bad
    assert isinstance(before, Rendered)
    assert isinstance(after, Rendered)
    assert before.markup == after.markup == "Nothing is wrong here."


@pytest.mark.parametrize(
    ("file", "change", "reason"),
    [
        pytest.param("set.js", swallow("first", ""), "markdown_misread", id="a word is dropped"),
        pytest.param("set.js", swallow("q", "p"), "ink_missing", id="another letter in a formula"),
        pytest.param("set.js", swallow(r"\alpha", ""), "ink_missing", id="a sign is dropped"),
        pytest.param("set.js", swallow(r"\beta", r"\notacommand"), "formula_refused", id="an unknown command"),
        pytest.param("set.js", swallow("\n\n", " "), "markdown_misread", id="blocks run together"),
        pytest.param("page.html", styled("section::after { content: 'DRAFT' }"), "text_extra", id="a stamp"),
        pytest.param(
            "page.html",
            styled("@media print { .paragraph { margin-left: 9px } }"),
            "marks_moved_ink",
            id="print differs",
        ),
        pytest.param(
            "page.html", styled("@media print { .paragraph { color: #ffffff } }"), "glyph_missing", id="white on white"
        ),
        pytest.param("page.html", styled("@media print { .formula { display: none } }"), "marks_moved_ink", id="gone"),
        pytest.param(
            "page.html",
            styled(".formula { margin-top: -1.6em !important; text-align: start !important }"),
            "text_overlap",
            id="on each other",
        ),
        pytest.param("page.html", styled(".paragraph { margin-left: -90px }"), "page_overflow", id="over the edge"),
    ],
)
def test_a_page_that_draws_something_else_is_told(
    file: str, change: Change, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_template(monkeypatch, file, change)
    spec = plain_spec(paragraph(r"The first \( q \) of the long words."), Block("formula", r"\[ \alpha+\beta=q \]"))
    with Chromium() as engine:
        (outcome,) = render(engine, [spec])
    assert isinstance(outcome, Rejected)
    assert outcome.reason == reason, outcome


_LONG = "Wagons " * 600


@pytest.mark.parametrize(
    ("pads", "css"),
    [
        pytest.param((40, 40, 40, 40), "margin-left: -44px", id="left"),
        pytest.param((40, 0, 40, 40), "position: relative; top: -8px", id="top"),
        pytest.param((40, 40, 0, 40), "position: relative; left: 5px; text-align: right", id="right"),
        pytest.param((40, 60, 40, 0), "position: relative; top: 5px", id="bottom"),
    ],
)
def test_letters_cut_at_the_edge_of_the_paper_are_told(
    pads: tuple[int, int, int, int], css: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_template(monkeypatch, "page.html", styled(f".paragraph {{ {css} }}"))
    with Chromium() as engine:
        (outcome,) = render(engine, [plain_spec(paragraph(_LONG), pad_px=pads)])
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "text_cut", outcome


@pytest.mark.parametrize(
    "css",
    [
        pytest.param(".paragraph div { overflow: hidden; height: 0.9em }", id="a box hides the lower part of a line"),
        pytest.param(
            "section { position: relative } section::after { content: ''; position: absolute; left: 0; top: 48px;"
            " width: 100%; height: 7px; background: var(--paper) }",
            id="paper covers the middle of a line",
        ),
        pytest.param(".formula svg { clip-path: inset(0 0 6px 0) }", id="a formula without its lower part"),
        pytest.param(".table table { clip-path: inset(0 0 12px 0) }", id="a table without its last line"),
    ],
)
def test_letters_cut_within_the_page_are_told(css: str, monkeypatch: pytest.MonkeyPatch) -> None:
    change_template(monkeypatch, "page.html", styled(css))
    table = "\\begin{tabular}{ll}\none & two \\\\\ngrey & jay \\\\\n\\end{tabular}"
    blocks = (
        paragraph("The first of the long words."),
        Block("formula", r"\[ \alpha+\beta=q \]"),
        Block("table", table),
    )
    with Chromium() as engine:
        (outcome,) = render(engine, [plain_spec(*blocks)])
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "text_cut", outcome


def test_pictures_do_not_depend_on_how_they_are_batched(engine: Chromium) -> None:
    specs = drawn(24, "batches")
    together = [encode_png(one.image) for one in render(engine, specs) if one.image is not None]
    parts = [one for at in (0, 7, 14, 21) for one in render(engine, specs[at : at + 7])]
    assert [encode_png(one.image) for one in parts if one.image is not None] == together


@pytest.mark.parametrize("kind", ["bars", "curves", "points", "pie", "diagram", "texture"])
def test_figures_are_drawings_without_words(kind: str) -> None:
    for seed in range(40):
        numbers = tuple(np.random.default_rng(seed).random(24).tolist())
        svg = svg_of(Figure(kind, 0.6, 0.5, numbers, ("#111111", "#222222", "#333333", "#444444")))
        assert "<text" not in svg
        assert "nan" not in svg
        assert svg.count("<") > 3


@pytest.mark.parametrize(
    ("knobs", "said"),
    [
        ({"languages": {"xx": 1.0}}, "there is no 'xx'"),
        ({"kinds": {"novel": 1.0}}, "there is no 'novel'"),
        ({"kinds": {"book": 0.0}}, "all zero"),
        ({"prose": "/nowhere.parquet"}, "/nowhere.parquet"),
        ({"prose_sha256": "0" * 64}, "as before"),
    ],
)
def test_knobs_that_leave_nothing_to_draw_are_refused(knobs: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        Corpora(MathpixPages(**knobs).corpora(), "train")


def test_a_missing_reader_is_told_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "installed", lambda renderer, name: tmp_path / name)
    with pytest.raises(EngineStartError, match=r"make -C \S+ setup-mathjax"):
        MathpixPages().tools()

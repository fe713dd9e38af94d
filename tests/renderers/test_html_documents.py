"""Documents: every kind in every language, boxes against ink, what is cut, proofs that fire, hostile text."""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

import msgspec
import numpy as np
import pytest

from pipelines.verify import verify
from renderers.content.documents.document import KINDS, PROSE_KINDS, Block, Document
from renderers.content.documents.draw import stand_quotes
from renderers.core.corpora import Corpora
from renderers.core.errors import ConfigError
from renderers.core.image import encode_png
from renderers.core.renderer import Outcome, Region, Rejected, Rendered
from renderers.core.rng import rng_at
from renderers.drawing.documents.style import languages
from renderers.engines.chromium import Chromium
from renderers.html_documents import DocumentSpec, HtmlDocuments
from tests.defects import change_template, styled

replace = msgspec.structs.replace


@pytest.fixture(scope="module")
def engine() -> Iterator[Chromium]:
    with Chromium() as engine:
        yield engine


def drawn(num: int, name: str, **knobs: Any) -> list[DocumentSpec]:
    renderer = HtmlDocuments(**knobs)
    corpora = Corpora(renderer.corpora(), "train")
    return [renderer.draw(rng_at(4, name, index), corpora) for index in range(num)]


def render(engine: Chromium, specs: Sequence[DocumentSpec]) -> list[Outcome]:
    return [
        outcome if isinstance(outcome, Rejected) else verify(outcome, "plain") or outcome
        for outcome in HtmlDocuments().render(engine, specs)
    ]


def plain_spec(*blocks: Block, kind: str = "essay", language: str = "en", **style: Any) -> DocumentSpec:
    """Blocks in the look of some drawn document of that kind, in one column of a fixed look."""
    kinds: dict[Any, float] = {kind: 1.0}
    (spec,) = drawn(1, "plain", kinds=kinds, languages={language: 1.0})
    chain = {"en": ("Lato",), "zh": ("Noto Serif CJK SC", "Lato"), "he": ("David CLM", "Lato")}[language]
    look: dict[str, Any] = {"families": chain, "display": chain, "bold": False, "columns": 1, "vertical": False}
    look |= {"width_px": 500, "height_px": 700, "size_px": 18.0, "pad_px": (30, 30, 30, 30), "scale": 1.5}
    look |= {"classes": ("essay",), "hyphenated": False}
    variables = spec.style.variables | {
        "--leading": "1.4",
        "--spacing": "0em",
        "--space": "0em",
        "--paper": "#ffffff",
        "--ink": "#000000",
    }
    document = Document("essay", language, (), blocks, ())
    return DocumentSpec(document, replace(spec.style, **(look | style), variables=variables))


def kept(engine: Chromium, spec: DocumentSpec) -> Rendered:
    (outcome,) = render(engine, [spec])
    assert isinstance(outcome, Rendered), (outcome.reason, outcome.detail)
    return outcome


def lines_of(outcome: Rendered) -> list[Region]:
    return [region for region in outcome.regions if region.kind == "line"]


def test_nothing_stands_twice_on_a_page() -> None:
    # Languages with little text had whole paragraphs twice on one page.
    for language in ("th", "hi", "vi", "zh"):
        for spec in drawn(40, "twice", kinds={"essay": 1.0, "list": 1.0, "newspaper": 1.0}, languages={language: 1.0}):
            texts = [cell for block in spec.document.body for cell in block.cells if len(cell) > 30]
            assert len(set(texts)) == len(texts)


def test_the_times_of_a_chat_rise() -> None:
    for spec in drawn(40, "chats", kinds={"chat": 1.0}, languages={"zh": 1.0}):
        stamps = [block.cells[0] for block in spec.document.body if block.role == "stamp"]
        if all(len(stamp) == 5 for stamp in stamps):
            assert stamps == sorted(stamps)


def test_quotation_marks_of_standing_lines_are_those_that_fonts_draw() -> None:
    document = Document("essay", "zh", (), (Block("paragraph", ("他说“don’t”，又说‘好’。",)),), ())
    assert stand_quotes(document).body[0].cells == ("他说『don’t』，又说「好」。",)
    standing = [
        spec for spec in drawn(300, "standing", kinds={"essay": 1.0}, languages={"zh": 1.0}) if spec.style.vertical
    ]
    assert len(standing) > 5
    assert not any(
        mark in cell for spec in standing for block in spec.document.blocks for cell in block.cells for mark in "“”"
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_receipts_add_up(language: str) -> None:
    for spec in drawn(60, "receipts", kinds={"receipt": 1.0}, languages={language: 1.0}):
        rows = [block for block in spec.document.body if block.role.startswith("row")][1:]
        values = [round(float(re.sub(r"[^\d.-]", "", row.cells[-1])) * 100) for row in rows]
        (total,) = [place for place, row in enumerate(rows) if "strong" in row.role]
        firsts = list(accumulate(values))
        # Items alone, or items, their sum, and what is added to it or taken off.
        sums = [place for place in range(1, total) if values[place] == firsts[place - 1]]
        assert values[total] in (firsts[total - 1], *(sum(values[place:total]) for place in sums))
        paid = values[total + 1 :]
        assert paid in ([], [values[total]]) or paid[0] - paid[1] == values[total] > 0 <= paid[1]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_is_drawn(engine: Chromium, language: str) -> None:
    specs = [spec for kind in KINDS for spec in drawn(3, kind, kinds={kind: 1.0}, languages={language: 1.0})]
    outcomes = render(engine, specs)
    rejected = [
        (spec.document.kind, one) for spec, one in zip(specs, outcomes, strict=True) if isinstance(one, Rejected)
    ]
    assert len(rejected) <= 2, [(kind, one.reason, one.detail) for kind, one in rejected]
    assert {spec.document.kind for spec in specs} == set(KINDS)


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_language_is_drawn_and_its_boxes_hold_its_ink(engine: Chromium, language: str) -> None:
    # Newspapers and posters have rules and frames, which are ink without a box.
    kinds: dict[Any, float] = dict.fromkeys(sorted({*PROSE_KINDS} - {"newspaper", "poster"}), 1.0)
    outcomes = render(engine, drawn(10, language, kinds=kinds, languages={language: 1.0}))
    good = [one for one in outcomes if isinstance(one, Rendered)]
    assert len(good) >= 9, [(one.reason, one.detail) for one in outcomes if isinstance(one, Rejected)]
    for one in good:
        assert one.language == language
        level = one.image if one.image.ndim == 2 else one.image[..., 1]
        paper = np.bincount(level.ravel(), minlength=256).argmax()
        ink = np.abs(level.astype(int) - int(paper)) > 60
        left = ink.copy()
        for region in one.regions:
            x0, y0, x1, y1 = (int(edge) for edge in region.box)
            assert ink[y0:y1, x0:x1].any(), region
            left[max(0, y0 - 12) : y1 + 12, max(0, x0 - 12) : x1 + 12] = False
        # What is not text are rules and leaders.
        assert left.sum() < 0.12 * ink.sum()


def test_a_text_longer_than_its_page_is_cut_behind_a_line(engine: Chromium) -> None:
    words = [f"word{number:03d}" for number in range(900)]
    first, second = " ".join(words[:60]), " ".join(words[60:])
    one = kept(
        engine, plain_spec(Block("paragraph", (first,)), Block("paragraph", (second,)), Block("paragraph", ("End.",)))
    )
    assert one.markup.startswith(f"{first}\nword060 word061")
    assert f"{first}\n{second}".startswith(one.markup)
    assert one.markup.split()[-1] in words
    assert len(one.markup) < 0.7 * len(second)
    last = lines_of(one)[-1]
    assert last.text.split()[-1] == one.markup.split()[-1]
    # The page is full: there is no room for two more lines.
    height = one.image.shape[0]
    assert height - 45 - 2.2 * 18 * 1.5 * 1.4 < last.box[3] <= height - 30


def test_columns_are_read_one_after_the_other(engine: Chromium) -> None:
    text = " ".join(f"word{number:03d}" for number in range(400))
    one = kept(engine, plain_spec(Block("paragraph", (text,)), columns=2, width_px=700))
    lines = lines_of(one)
    turns = [at for at in range(1, len(lines)) if lines[at].box[1] < lines[at - 1].box[1]]
    assert len(turns) == 1
    assert lines[turns[0]].box[0] > lines[0].box[2]
    assert " ".join(line.text for line in lines) == one.markup


def test_a_word_broken_at_the_end_of_a_line_is_whole_in_the_target(engine: Chromium) -> None:
    text = " ".join(["in\u00adter\u00adna\u00adtion\u00adal com\u00admu\u00adni\u00adca\u00adtion"] * 20)
    one = kept(engine, plain_spec(Block("paragraph", (text,)), width_px=330))
    assert one.markup == " ".join(["international communication"] * 20)
    breaks = {line.span[1] for line in lines_of(one)} - {len(one.markup)}
    assert any(one.markup[at] != " " for at in breaks)
    words = [region.text for region in one.regions if region.kind == "word"]
    assert "".join(words) == one.markup.replace(" ", "")


def test_chinese_runs_downwards_from_the_right(engine: Chromium) -> None:
    text = "今天天气很好我们一起去公园散步。" * 6
    one = kept(
        engine, plain_spec(Block("paragraph", (text,)), language="zh", vertical=True, classes=("book", "vertical"))
    )
    lines = lines_of(one)
    assert one.markup == text
    assert len(lines) > 2
    assert all(after.box[2] <= before.box[0] + 3 for before, after in pairwise(lines))


def test_verses_that_need_more_than_the_paper_s_width_end_with_it(engine: Chromium) -> None:
    verses = [Block("verse", ("床前明月光疑是地上霜",)) for _ in range(40)]
    look: dict[str, Any] = {"vertical": True, "classes": ("poems", "vertical"), "height_px": 0}
    one = kept(engine, plain_spec(*verses, language="zh", **look))
    assert 3 < len(one.markup.splitlines()) < 40
    assert set(one.markup.splitlines()) == {"床前明月光疑是地上霜"}


def test_a_chat_s_last_bubble_may_be_cut_anywhere(engine: Chromium) -> None:
    text = " ".join(f"word{number:03d}" for number in range(300))
    chat = Block("bubble own", ("One line and no more.",)), Block("bubble", (text,))
    heights = range(600, 630)
    for outcome in render(engine, [plain_spec(*chat, classes=("chat",), height_px=height) for height in heights]):
        assert isinstance(outcome, Rendered), (outcome.reason, outcome.detail)
        assert outcome.markup.splitlines()[-1].startswith("word000 word001")
        assert text.startswith(outcome.markup.splitlines()[-1])


@pytest.mark.parametrize("language", ["ar", "he", "hi", "th"])
def test_marks_that_reach_out_of_their_line_are_of_it(engine: Chromium, language: str) -> None:
    kinds: dict[Any, float] = dict.fromkeys(PROSE_KINDS, 1.0)
    outcomes = render(engine, drawn(60, f"marks {language}", kinds=kinds, languages={language: 1.0}))
    rejected = [(one.reason, one.detail) for one in outcomes if isinstance(one, Rejected)]
    assert len(rejected) <= 2, rejected


def test_hebrew_stands_in_logical_order_and_starts_at_the_right(engine: Chromium) -> None:
    text = "שלום לכולם (בערך) 2021 זה טקסט"
    one = kept(engine, plain_spec(Block("paragraph", (text,)), language="he"))
    assert one.markup == text
    words = [region for region in one.regions if region.kind == "word"]
    assert [word.text for word in words] == text.split()
    assert words[0].box[0] > words[-1].box[0]


@pytest.mark.parametrize(
    "text",
    [
        "<script>document.title='x'</script> <b>bold</b> &amp; &lt;i&gt;",
        '"); alert(1) //',
        "{{7*7}} ${x} <!-- -->",
        "</p></section>",
    ],
)
def test_html_is_text(engine: Chromium, text: str) -> None:
    assert kept(engine, plain_spec(Block("paragraph", (text,)))).markup == text


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("a bell \x07 rings", {"label_not_canonical", "text_missing"}),
        ("汉字", {"font_fallback"}),
        ("e\u0301 in two", {"label_not_canonical"}),
        ("two  blanks", {"label_not_canonical"}),
    ],
)
def test_what_cannot_be_proven_is_rejected_alone(engine: Chromium, text: str, reasons: set[str]) -> None:
    good = plain_spec(Block("paragraph", ("Nothing is wrong here.",)))
    before, bad, after = render(engine, [good, plain_spec(Block("paragraph", (text,))), good])
    assert isinstance(bad, Rejected)
    assert bad.reason in reasons
    assert isinstance(before, Rendered)
    assert isinstance(after, Rendered)
    assert before.markup == after.markup == "Nothing is wrong here."


def test_a_word_of_a_megabyte_fills_the_page_and_no_more(engine: Chromium) -> None:
    (outcome,) = render(engine, [plain_spec(Block("paragraph", ("w" * 1_000_000,)))])
    assert isinstance(outcome, Rendered)
    assert set(outcome.markup) == {"w"}
    assert len(outcome.markup) < 3000


def test_texts_that_meet_are_rejected(engine: Chromium) -> None:
    blocks = Block("plain", ("The first line stands here.",)), Block("plain", ("The second one.",), margin="-1.3em 0 0")
    (outcome,) = render(engine, [plain_spec(*blocks)])
    assert isinstance(outcome, Rejected)
    assert outcome.reason in ("text_overlap", "text_extra", "text_missing")


def test_text_that_the_paper_cuts_is_rejected(engine: Chromium) -> None:
    spec = plain_spec(Block("paragraph", ("Below stands a text.",)))
    head = (Block("plain", ("Half of this line is gone.",), margin="0 0 0 -3em"),)
    (outcome,) = render(engine, [replace(spec, document=replace(spec.document, head=head))])
    assert isinstance(outcome, Rejected)
    assert outcome.reason in ("text_cut", "text_missing")


@pytest.mark.parametrize(
    "css",
    [
        pytest.param("p.paragraph { overflow: hidden; height: 0.9em }", id="a box hides the lower part of a line"),
        pytest.param("p.paragraph { clip-path: inset(0 0 0.5em 0) }", id="the last line without its lower part"),
    ],
)
def test_letters_cut_within_the_page_are_told(css: str, monkeypatch: pytest.MonkeyPatch) -> None:
    change_template(monkeypatch, "page.html", styled(css))
    with Chromium() as engine:
        (outcome,) = render(engine, [plain_spec(Block("paragraph", ("jogging gypsies",)))])
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "text_cut", outcome


def test_faint_ink_is_rejected(engine: Chromium) -> None:
    spec = plain_spec(Block("paragraph", ("Hardly anybody can read this.",)))
    faint = replace(spec, style=replace(spec.style, variables=spec.style.variables | {"--ink": "#f4f4f4"}))
    (outcome,) = render(engine, [faint])
    assert isinstance(outcome, Rejected)


def test_pictures_do_not_depend_on_how_they_are_batched(engine: Chromium) -> None:
    specs = drawn(30, "batches")
    together = [encode_png(one.image) for one in render(engine, specs) if one.image is not None]
    halves = [one for at in (0, 15) for one in render(engine, specs[at : at + 15])]
    assert [encode_png(one.image) for one in halves if one.image is not None] == together


@pytest.mark.parametrize(
    ("knobs", "said"),
    [
        ({"languages": {"xx": 1.0}}, "there is no 'xx'"),
        ({"kinds": {"novel": 1.0}}, "there is no 'novel'"),
        ({"kinds": {"book": 0.0}}, "all zero"),
        ({"kinds": {"receipt": 1.0}, "languages": {"de": 1.0}}, "in de there are only"),
        ({"prose": "/nowhere.parquet"}, "/nowhere.parquet"),
        ({"prose_sha256": "0" * 64}, "as before"),
    ],
)
def test_knobs_that_leave_nothing_to_draw_are_refused(knobs: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        Corpora(HtmlDocuments(**knobs).corpora(), "train")

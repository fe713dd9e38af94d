"""Slices: each is the same whatever shares its page, holds all of its ink and no more, and is proven by itself."""

import string
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
import pytest

from pipelines.recipes.tiny import recipe as tiny
from pipelines.verify import verify
from renderers.content import fonts
from renderers.content.documents.lines import PIECE_KINDS, cut_line, cut_words, fill_number
from renderers.core.corpora import Corpora
from renderers.core.errors import ConfigError
from renderers.core.renderer import Outcome, Rejected, Rendered
from renderers.core.rng import rng_at
from renderers.core.split import split_class
from renderers.drawing.documents.line_style import LOOKS, LineSpec
from renderers.drawing.documents.style import font_stacks, languages
from renderers.engines.chromium import Chromium
from renderers.html_lines import HtmlLines

replace = msgspec.structs.replace


@pytest.fixture(scope="module")
def engine() -> Iterator[Chromium]:
    with Chromium() as engine:
        yield engine


def drawn(num: int, name: str, **knobs: Any) -> list[LineSpec]:
    renderer = HtmlLines(**knobs)
    corpora = Corpora(renderer.corpora(), "train")
    return [renderer.draw(rng_at(4, name, index), corpora) for index in range(num)]


def render(engine: Chromium, specs: Sequence[LineSpec]) -> list[Outcome]:
    return [
        outcome if isinstance(outcome, Rejected) else verify(outcome, "plain") or outcome
        for outcome in HtmlLines().render(engine, specs)
    ]


def plain(text: str, families: tuple[str, ...] = ("Lato",), language: str = "en", **style: Any) -> LineSpec:
    """A text in a fixed look, black on white."""
    (spec,) = drawn(1, "plain", kinds={"signs": 1.0}, languages={"en": 1.0})
    look: dict[str, Any] = {"families": families, "bold": False, "size_px": 24.0, "scale": 1.0, "spacing_em": 0.0}
    look |= {"leading": 1.25, "pad_px": (3, 3, 3, 3), "tight": True, "paper": "#ffffff", "ink": "#000000"}
    return LineSpec(text, "line", language, replace(spec.style, **(look | style)))


def pixels(outcome: Outcome) -> tuple[tuple[int, ...], bytes]:
    assert outcome.image is not None
    return outcome.image.shape, outcome.image.tobytes()


@pytest.mark.parametrize("families", font_stacks("th"), ids=" ".join)
def test_a_tone_mark_stands_above_a_vowel_in_every_thai_font(families: tuple[str, ...], engine: Chromium) -> None:
    # One font drew both on each other, and the mark was not to be seen.
    vowel, marked = render(engine, [plain(text, families, "th") for text in ("อี", "อี่")])
    assert isinstance(vowel, Rendered)
    assert isinstance(marked, Rendered)
    assert marked.image.shape[0] > 1.08 * vowel.image.shape[0]


def test_a_slice_is_the_same_alone_and_among_many(engine: Chromium) -> None:
    specs = drawn(120, "batches")
    together = [pixels(one) for one in render(engine, specs)]
    order = np.random.default_rng(0).permutation(len(specs)).tolist()
    for size in (23, 50):
        for at in range(0, len(order), size):
            chosen = order[at : at + size]
            again = [pixels(one) for one in render(engine, [specs[place] for place in chosen])]
            assert again == [together[place] for place in chosen]
    for place in order[:8]:
        (alone,) = render(engine, [specs[place]])
        assert pixels(alone) == together[place]


def test_a_slice_is_the_same_at_every_position_of_a_page(engine: Chromium) -> None:
    # Large glyphs are drawn as outlines, which a hundredth of a pixel would move.
    for size_px, scale in ((12.0, 0.5), (28.875, 0.875), (66.0, 2.0)):
        outcomes = render(engine, [plain("Quagmire & Ölfaß 0.7", size_px=size_px, scale=scale)] * 70)
        assert len({pixels(one) for one in outcomes}) == 1
        assert all(isinstance(one, Rendered) for one in outcomes)


def test_every_language_is_drawn_and_its_ink_is_in_its_box(engine: Chromium) -> None:
    kinds: dict[Any, float] = {"line": 3.0, "words": 2.0, "paragraph": 1.0}
    specs = [spec for name in sorted(languages()) for spec in drawn(30, name, kinds=kinds, languages={name: 1.0})]
    outcomes = render(engine, specs)
    good = [(spec, one) for spec, one in zip(specs, outcomes, strict=True) if isinstance(one, Rendered)]
    counts = Counter(one.language for _, one in good)
    assert set(counts) == set(languages())
    assert min(counts.values()) >= 28, [(one.reason, one.detail) for one in outcomes if isinstance(one, Rejected)]
    for spec, one in good:
        level = (one.image if one.image.ndim == 2 else one.image[..., 1]).astype(int)
        ink = np.abs(level - int(spec.style.paper[3:5], 16)) > 60
        (region,) = one.regions
        x0, y0, x1, y1 = (int(edge) for edge in region.box)
        assert ink[y0:y1, x0:x1].sum() == ink.sum() > 0
        assert region.text == one.markup == spec.text
        # Paper, and no more of it than the look asks for.
        assert not ink[[0, -1]].any()
        assert not ink[:, [0, -1]].any()
        if one.image.shape[1] > 16:
            assert x0 <= spec.style.pad_px[0]
            assert one.image.shape[1] - x1 <= spec.style.pad_px[2]


def test_every_kind_and_look_is_drawn(engine: Chromium) -> None:
    asked = [(kind, look) for kind in PIECE_KINDS for look in LOOKS for _ in range(6)]
    specs = [drawn(at % 6 + 1, kind, kinds={kind: 1.0}, looks={look: 1.0})[-1] for at, (kind, look) in enumerate(asked)]
    good = 0
    for (kind, look), one in zip(asked, render(engine, specs), strict=True):
        if isinstance(one, Rendered):
            good += 1
            assert one.regions[0].kind == kind
            assert one.contrast >= 3
            assert one.image.ndim == 2 if look in ("black", "grey") else look == "dark" or one.image.ndim == 3
    assert good > 0.97 * len(asked)


def test_a_cut_line_keeps_whether_letters_are_small(engine: Chromium) -> None:
    small, capital = render(engine, [plain("xzo", tight=False), plain("XZO", tight=False)])
    assert small.image is not None
    assert capital.image is not None
    assert small.image.shape[0] == capital.image.shape[0]
    tight, other = render(engine, [plain("xzo"), plain("XZO")])
    assert tight.image is not None
    assert other.image is not None
    assert tight.image.shape[0] < other.image.shape[0] < capital.image.shape[0]


@pytest.mark.parametrize(
    ("spec", "reasons"),
    [
        (plain("汉字"), {"font_fallback"}),
        (plain("a\x07b"), {"label_not_canonical", "text_missing", "font_fallback"}),
        (plain("two  blanks"), {"label_not_canonical"}),
        (plain("nothing", ink="#fefefe"), {"glyph_missing"}),
        (plain("\u00a0 \u00a0"), {"glyph_missing", "text_missing"}),
        (plain("x++y", ("Fira Code",), spacing_em=-0.6), {"text_missing", "text_moved", "text_cut"}),
        (plain("(|Åĝ)", leading=0.01), {"text_cut"}),
    ],
)
def test_what_cannot_be_proven_is_rejected_alone(engine: Chromium, spec: LineSpec, reasons: set[str]) -> None:
    good = plain("Nothing is wrong here.")
    before, bad, after = render(engine, [good, spec, good])
    assert isinstance(before, Rendered)
    assert isinstance(after, Rendered)
    assert isinstance(bad, Rejected)
    assert bad.reason in reasons, bad.detail


def test_html_is_text(engine: Chromium) -> None:
    texts = [
        "<script>document.title='x'</script>",
        "<b>&amp;</b>",
        '"); alert(1) //',
        "</p></section><p style='position:fixed'>",
    ]
    assert [getattr(one, "markup", one) for one in render(engine, [plain(text) for text in texts])] == texts


def test_hebrew_numbers_stand_in_logical_order(engine: Chromium) -> None:
    (one,) = render(engine, [plain("שלום 2021 (כן)", ("David CLM", "Lato"), "he")])
    assert isinstance(one, Rendered)
    assert one.markup == "שלום 2021 (כן)"


def test_rows_of_signs_read_from_the_left_whatever_the_language() -> None:
    specs = drawn(40, "signs", kinds={"signs": 1.0}, languages={"he": 1.0, "ar": 1.0})
    assert {spec.language for spec in specs} == {"en"}
    assert all(fonts.missing_glyph(spec.style.families, spec.text, spec.style.bold) is None for spec in specs)


def test_the_recipe_of_train_tiny_is_what_it_needs() -> None:
    (part,) = tiny().parts
    renderer = part.renderer
    assert isinstance(renderer, HtmlLines)
    assert set(string.ascii_letters + string.digits) < set(renderer.signs)
    corpora = Corpora(renderer.corpora(), "train")
    specs = [renderer.draw(rng_at(0, part.name, index), corpora) for index in range(3000)]
    assert {len(spec.text) for spec in specs} == set(range(1, 9))
    assert len({spec.style.families[0] for spec in specs}) >= 12
    assert {sign for spec in specs for sign in spec.text} == set(renderer.signs)
    assert len({spec.text for spec in specs if len(spec.text) > 2}) > 0.99 * sum(len(spec.text) > 2 for spec in specs)
    splits = [split_class(renderer.content_key(spec)) for spec in specs]
    assert set(splits) == {"train", "validation", "test"}


@pytest.mark.parametrize("spaced", [True, False])
def test_pieces_come_out_of_their_paragraph(spaced: bool) -> None:
    text = "One (two) three, four-and-five. Six!" if spaced else "今天（星期二）我们用 Debian 写字，明天去公园。"
    rng = np.random.default_rng(0)
    for _ in range(300):
        piece = cut_line(text, float(rng.random()), int(rng.integers(2, 20)), spaced)
        assert piece in text
        assert piece == piece.strip()
        words = cut_words(text, float(rng.random()), int(rng.integers(1, 5)), spaced)
        assert words in text
        if spaced:
            assert set(piece.split()) <= set(text.split())
        else:
            assert "Debian" in piece or not set("Debian") & set(piece)
            assert piece[:1] not in ("，", "。", "）")


def test_numbers_follow_their_pattern() -> None:
    found = fill_number("9#/A-a.x", np.random.default_rng(0).random)
    assert found[0] in "123456789"
    assert found[1].isdigit()
    assert found[2] == "/"
    assert found[3].isupper()
    assert found[5:6].islower()
    assert found[4:8:2] == "-."
    assert found.endswith("x")


@pytest.mark.parametrize(
    ("knobs", "said"),
    [
        ({"languages": {"xx": 1.0}}, "there is no 'xx'"),
        ({"kinds": {"novel": 1.0}}, "there is no 'novel'"),
        ({"looks": {"black": 0.0}}, "all zero"),
        ({"families": ("No Such Font",)}, "No Such Font"),
        ({"families": ("Lato",), "languages": {"zh": 1.0}}, "Lato"),
        ({"num_signs": (0, 4)}, "num_signs"),
        ({"signs": "aa"}, "each once"),
        ({"longest_line": 3}, "longest_line"),
        ({"prose": "/nowhere.parquet"}, "/nowhere.parquet"),
        ({"prose_sha256": "0" * 64}, "as before"),
    ],
)
def test_knobs_that_leave_nothing_to_draw_are_refused(knobs: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        Corpora(HtmlLines(**knobs).corpora(), "train")


def test_rows_of_signs_need_no_corpus() -> None:
    assert HtmlLines(kinds={"signs": 1.0, "number": 1.0}, prose="/nowhere.parquet").corpora() == ()

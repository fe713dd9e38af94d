"""A text that no font draws is refused before the run, or rejected and counted: nothing else is put in its place."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from renderers.core.corpora import Corpora
from renderers.core.errors import ConfigError
from renderers.core.registry import make_renderer
from renderers.core.renderer import Rejected, Rendered
from renderers.core.rng import rng_at
from renderers.engines.chromium import Chromium
from renderers.html_lines import HtmlLines
from renderers.labels.text import canonical_chars

NUM = 40
HIEROGLYPHS = "\U00013000\U00013001\U00013080 \U00013143\U0001316a"
LIGATURES = "The con\ufb01rmed of\ufb01ce was \ufb02oating on the di\ufb03cult sea of the south"


@pytest.fixture(scope="module")
def engine() -> Iterator[Chromium]:
    with Chromium() as engine:
        yield engine


def corpus(sentence: str, tmp_path: Path, kinds: tuple[str, ...] = ("paragraph", "heading")) -> str:
    texts = [f"{sentence} {sentence}." for _ in range(50)]
    rows = [(at, 1 + place, kind, "en", text) for at, text in enumerate(texts) for place, kind in enumerate(kinds)]
    names = ("document", "place", "kind", "language", "text")
    path = tmp_path / "corpus.parquet"
    pq.write_table(pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))), path)
    return str(path)


def outcomes(engine: Chromium, name: str, knobs: dict[str, Any]) -> list[Any]:
    renderer = make_renderer(name, knobs)
    corpora = Corpora(renderer.corpora(), "train")
    specs = [renderer.draw(rng_at(7, name, index), corpora) for index in range(NUM)]
    found: list[Any] = renderer.render(engine, specs)
    return found


ENGLISH: dict[str, Any] = {"languages": {"en": 1.0}}
RENDERERS = [
    ("html_lines", ENGLISH | {"kinds": {"line": 1.0, "words": 1.0, "paragraph": 1.0}}),
    ("html_documents", ENGLISH | {"kinds": {"line": 1.0, "paragraph": 1.0, "book": 1.0}}),
    ("mathpix_pages", ENGLISH | {"kinds": {"book": 1.0}}),
]


@pytest.mark.parametrize(("name", "knobs"), RENDERERS)
def test_a_corpus_that_no_font_draws_gives_rejections_and_no_numbers(
    name: str, knobs: dict[str, Any], engine: Chromium, tmp_path: Path
) -> None:
    found = outcomes(engine, name, knobs | {"prose": corpus(HIEROGLYPHS, tmp_path)})
    assert all(isinstance(one, Rejected) for one in found), [getattr(one, "markup", "") for one in found]


@pytest.mark.parametrize(("name", "knobs"), RENDERERS)
def test_a_corpus_with_ligature_signs_is_drawn_as_letters(
    name: str, knobs: dict[str, Any], engine: Chromium, tmp_path: Path
) -> None:
    found = outcomes(engine, name, knobs | {"prose": corpus(LIGATURES, tmp_path)})
    good = [one for one in found if isinstance(one, Rendered)]
    plain = canonical_chars(LIGATURES).lower().split()
    assert len(good) > 0.8 * NUM, Counter(one.reason for one in found if isinstance(one, Rejected))
    for one in good:
        assert not set(one.markup) & set("\ufb01\ufb02\ufb03")
        assert set(one.markup.lower().split()) & set(plain)


def test_paragraphs_without_words_are_rejected(engine: Chromium, tmp_path: Path) -> None:
    knobs = ENGLISH | {"kinds": {"words": 1.0}, "prose": corpus("?! ... ?!", tmp_path)}
    assert {one.reason for one in outcomes(engine, "html_lines", knobs)} == {"text_empty"}


@pytest.mark.parametrize(
    ("knobs", "why"),
    [
        (
            {"signs": "กขคงจ", "languages": {"en": 1.0}},
            "signs: no font of languages en draws ก ข ค ง จ; leave",
        ),
        ({"signs": "ab\U00013000"}, "signs: no font of languages en, .* draws \U00013000; leave"),
        ({"signs": "ae\u0301\u0300"}, "signs: U\\+0301 is no character of its own, but a part of the one before it"),
        ({"signs": "\u1100\u1161"}, "signs: U\\+1161 is no character of its own"),
        ({"signs": "ab\ud83d"}, "signs: U\\+D83D is no character that a label may hold"),
        ({"signs": "a\ufb01"}, "signs: U\\+FB01 is no character that a label may hold"),
        ({"signs": "a\u200b"}, "signs: U\\+200B is no character that a label may hold"),
        ({"signs": "a\u202e\x07"}, "signs: U\\+202E is no character that a label may hold"),
        ({"signs": "a\ue000"}, "signs: U\\+E000 is no character that a label may hold"),
        ({"signs": "กข", "languages": {"th": 1.0}, "families": ("Lato",)}, "families: none of Lato draws 'th'"),
    ],
)
def test_signs_that_cannot_be_drawn_are_one_line_before_the_run(knobs: dict[str, Any], why: str) -> None:
    with pytest.raises(ConfigError, match=why) as raised:
        HtmlLines(kinds={"signs": 1.0}, **knobs)
    assert "\n" not in str(raised.value)
    str(raised.value).encode()


def test_signs_that_some_fonts_draw_are_drawn(engine: Chromium) -> None:
    knobs = {"kinds": {"signs": 1.0}, "signs": "กขคงจ", "languages": {"th": 1.0}}
    good = [one for one in outcomes(engine, "html_lines", knobs) if isinstance(one, Rendered)]
    assert len(good) > 0.9 * NUM
    assert {char for one in good for char in one.markup} == set("กขคงจ")


def test_characters_of_two_units_of_javascript_are_where_they_are(engine: Chromium, tmp_path: Path) -> None:
    # Han beyond the first plane: where a font draws them they are text like any other, with words and lines behind.
    text = "他在𠮷野家吃饭，很安静，没有人说话，他在那里写了一封信，给他的朋友。"
    path = tmp_path / "corpus.parquet"
    rows = {"document": [1], "place": [1], "kind": ["paragraph"], "language": ["zh"], "text": [text * 4]}
    pq.write_table(pa.table(rows), path)
    knobs = {"languages": {"zh": 1.0}, "kinds": {"paragraph": 1.0}, "prose": str(path)}
    good = [one for one in outcomes(engine, "html_documents", knobs) if isinstance(one, Rendered)]
    assert good
    for one in good:
        assert set(one.markup) <= set(text) | {"\n"}
        for region in one.regions:
            assert one.markup[slice(*region.span)] == region.text

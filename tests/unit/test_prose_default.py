"""The corpus that `make setup` builds: enough of each language, and nothing in it that is no text."""

import re
import unicodedata
from collections import Counter

import numpy as np
import pyarrow.parquet as pq
import pytest
from packaging.licenses import canonicalize_license_expression

from renderers.content.prose.prose import Prose, ProseSource, default_prose_path, prose_file
from renderers.content.prose.sentences import sentences
from renderers.core.split import SPLITS
from renderers.drawing.documents.style import languages
from tests.made_prose import whole_prose

LEAST = {"en": 20_000, "zh": 10_000, "ar": 1000, "de": 1000, "fr": 1000, "es": 1000, "ru": 1000, "ko": 1000, "ja": 1000}
MAIN = (
    *("en", "zh", "zh-Hant", "ar", "he", "hi", "th", "ko", "ja", "ru", "el", "vi", "de", "fr", "es", "tr", "it", "pt"),
    *("nl", "pl", "uk", "cs", "sv", "fi", "da", "hu", "ro", "fa", "bn", "ur"),
)


@pytest.fixture(scope="module")
def rows() -> dict[str, list[str]]:
    columns: dict[str, list[str]] = pq.read_table(default_prose_path()).to_pydict()
    return columns


@pytest.fixture(scope="module")
def prose() -> Prose:
    return whole_prose(default_prose_path())


@pytest.mark.parametrize("language", MAIN)
def test_there_is_enough(language: str, prose: Prose) -> None:
    assert prose.num_paragraphs(language) >= LEAST.get(language, 500)


def test_every_row_is_a_line_of_text(rows: dict[str, list[str]]) -> None:
    for text in rows["text"]:
        assert text == " ".join(text.split()) == unicodedata.normalize("NFC", text)
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\ufffd\ufffc\ue000-\uf8ff\u200b\u202a-\u202e]", text)
        assert not re.search(r"</?[a-z]+>|&[a-z]+;|https?:|\s--[a-z]", text)
        # A link that had no text of its own.
        assert not re.search(r"\b[Ss]ee for (?:more|information|details)\b|자세한 내용은 [을를] |については、を", text)
    assert all(rows["licence"])
    assert all(rows["origin"])


def test_every_licence_is_of_spdx(rows: dict[str, list[str]]) -> None:
    for licence in dict.fromkeys(rows["licence"]):
        assert canonicalize_license_expression(licence) == licence


def test_nothing_of_segregation_is_left(rows: dict[str, list[str]]) -> None:
    dated = re.compile(r"(?i)\bnegro(?:es)?\b|\bmulatto|\bsquaws?\b|redskin|half-breed|colored (?:people|race|men)")
    english = (text for text, language in zip(rows["text"], rows["language"], strict=True) if language == "en")
    assert [text for text in english if dated.search(text)] == []


def test_every_paragraph_was_written_by_someone(rows: dict[str, list[str]]) -> None:
    assert not [origin for origin in rows["origin"] if origin.startswith("composed")]


def test_no_sentence_is_in_more_than_three_paragraphs(rows: dict[str, list[str]]) -> None:
    counts: Counter[str] = Counter()
    for text, kind in zip(rows["text"], rows["kind"], strict=True):
        if kind == "paragraph":
            counts.update({sentence for sentence in sentences(text) if len(sentence) >= 8})
    assert counts.most_common(1)[0][1] <= 3


def test_the_language_of_a_row_is_that_of_its_letters(rows: dict[str, list[str]]) -> None:
    letters = {
        "zh": "\u4e00-\u9fff",
        "ru": "а-яёА-ЯЁ",
        "ar": "\u0600-\u06ff",
        "ko": "가-힣",
        "hi": "\u0900-\u097f",
        "th": "ก-๙",
    }
    for language, of_it in letters.items():
        texts = [text for text, tag in zip(rows["text"], rows["language"], strict=True) if tag == language]
        assert sum(len(re.findall(f"[{of_it}]", text)) for text in texts) > 0.6 * sum(map(len, texts)), language


@pytest.mark.parametrize("language", MAIN)
def test_every_call_has_an_answer(language: str, prose: Prose) -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        assert sum(map(len, prose.passage(rng, language, 1500))) >= 1500
        assert 0 < len(prose.sentence(rng, language, 200)) <= 200
        assert len(prose.words(rng, language, 12)) == 12
        assert 0 < len(prose.heading(rng, language, 40)) <= 40


@pytest.mark.parametrize("split", SPLITS)
def test_every_split_has_text_in_every_language(split: str) -> None:
    prose = ProseSource(prose_file("", ""), MAIN).open(split)
    for language in MAIN:
        rng = np.random.default_rng(1)
        # Of a language that pages are drawn in, some paragraphs.
        least = 1500 if language in languages() else 400
        assert sum(map(len, prose.passage(rng, language, least))) >= least
        assert 0 < len(prose.heading(rng, language, 40)) <= 40
    assert prose.has_verse("zh")


def test_verse_is_chinese_poems(prose: Prose) -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        lines = prose.verse(rng, "zh")
        assert len(lines) >= 2
        assert max(map(len, lines)) <= 16

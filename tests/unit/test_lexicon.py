"""The corpus that everyone has: pure, clean, drawable, and as wide as asked."""

import itertools
import re
from collections.abc import Iterator

import numpy as np
import pytest

import templates
from renderers.content import fonts
from renderers.content.lexicon import Lexicon, estimate_em
from renderers.core.errors import CorpusError

KINDS = ("title", "source", "axis", "entity", "place", "person", "company", "word")
LANGUAGES = ("en", "zh", "mul")
HAN = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]")


def texts(kind: str, language: str, max_em: float = 30.0, num: int = 400) -> Iterator[str]:
    rng = np.random.default_rng(3)
    return (Lexicon.default().text(rng, kind, language, max_em) for _ in range(num))


@pytest.mark.parametrize(("kind", "language"), list(itertools.product(KINDS, LANGUAGES)))
def test_texts_are_clean_and_one_line(kind: str, language: str) -> None:
    for text in texts(kind, language):
        assert text
        assert text == text.strip()
        assert text.isprintable()
        assert "  " not in text
        assert not {"{", "}", "~"} & set(text)


@pytest.mark.parametrize("kind", KINDS)
def test_languages_are_what_they_say(kind: str) -> None:
    assert not any(HAN.search(text) for text in texts(kind, "en"))
    han = sum(bool(HAN.search(text)) for text in texts(kind, "zh"))
    assert han >= 380
    mixed = list(texts(kind, "mul"))
    assert any(HAN.search(text) for text in mixed)
    assert any(LATIN.search(text) for text in mixed)


@pytest.mark.parametrize(("kind", "language"), list(itertools.product(KINDS, LANGUAGES)))
@pytest.mark.parametrize("max_em", [6.0, 12.0, 30.0])
def test_texts_are_as_narrow_as_asked(kind: str, language: str, max_em: float) -> None:
    allowed = max_em if kind != "source" else max(max_em, 12.0)
    assert all(estimate_em(text) <= allowed for text in texts(kind, language, max_em))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chain_of_fonts_draws_them(language: str) -> None:
    some = [text for kind in KINDS for text in texts(kind, language, num=150)]
    for latin, han in itertools.product(("Lato", "Fira Code", "TeX Gyre Bonum", "Dosis"), fonts.families("han")):
        missing = [text for text in some if fonts.missing_glyph((latin, han), text)]
        assert len(missing) <= 0.01 * len(some), missing


def test_there_is_much_to_say() -> None:
    rng = np.random.default_rng(0)
    for language in LANGUAGES:
        titles = [Lexicon.default().text(rng, "title", language, 40.0) for _ in range(2000)]
        assert len(set(titles)) > 1850
        entities = [Lexicon.default().text(rng, "entity", language, 12.0) for _ in range(2000)]
        assert len(set(entities)) > 1000


def test_unclean_words_are_not_said() -> None:
    unclean = templates.menu("lexicon", "terms.toml")["clean"]
    for word in texts("word", "en", num=3000):
        assert re.fullmatch(r"[A-Z][a-z]{3,12}", word)
        assert not any(part in word.lower() for part in unclean["en"])
        assert word.lower() not in unclean["en_words"]
    for word in texts("word", "zh", num=3000):
        assert re.fullmatch(r"[\u4e00-\u9fff]{2,4}", word)
        assert not set(word) & set(unclean["zh"])
        assert word not in unclean["zh_words"]


def test_the_same_state_says_the_same_and_the_digest_is_of_all_of_it() -> None:
    assert list(texts("title", "mul")) == list(texts("title", "mul"))
    tables = {"en": {"titles": ["{topic}"]}, "zh": {"titles": ["{topic}"]}, "mul": {"titles": ["{zh.topic}"]}}
    for language in tables.values():
        language.update(sources=["Source"], axes=["Axis"], entities=["Entity"])
    names = ("topics", "institutions", "quantities", "words", "places", "persons", "companies")
    two: tuple[str, ...] = ("One", "Two")
    lists = {language: dict.fromkeys(names, two) for language in ("en", "zh")}
    first = Lexicon(tables, lists)
    assert first.digest == Lexicon(tables, lists).digest
    assert first.digest != Lexicon(tables, lists | {"zh": lists["zh"] | {"topics": ("Three",)}}).digest
    assert first.text(np.random.default_rng(0), "title", "en", 10.0) in ("One", "Two", "one", "two")


def test_an_unknown_kind_or_language_is_an_error() -> None:
    with pytest.raises(CorpusError, match="no text of kind 'poem' in 'en'"):
        Lexicon.default().text(np.random.default_rng(0), "poem", "en", 10.0)
    with pytest.raises(CorpusError, match="'fr'"):
        Lexicon.default().text(np.random.default_rng(0), "title", "fr", 10.0)

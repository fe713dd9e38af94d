"""The words that everyone has: patterns of `templates/lexicon/terms.toml` with words of wordfreq and names of faker.

All lists are made once, from a fixed seed, as tuples; a text is then a few picks. What it says is meant to read as
something a person wrote, and to mean nothing: GOT's charts are of unrelated names on purpose.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from faker import Faker
from wordfreq import top_n_list

import templates
from renderers.content.locales import month_names
from renderers.core.choice import pick, pick_int
from renderers.core.errors import CorpusError
from renderers.core.jsonable import digest

_SEED = 20240601
_NUM_NAMES = 600
_NUM_WORDS_READ = 25000
_NUM_WORDS_SKIPPED = 150
"""The most frequent words are particles, not names."""

_LATIN_EM = 0.56
"""Measured: text of the Latin families of `shared/fonts.toml` is 0.39 to 0.61 em a character, 0.48 on average."""

_TRIES = 4

_SLOT = re.compile(r"\{(~?)(?:(en|zh)\.)?([a-z_]+?)\d?\}")
_COMMON = frozenset(
    {"measures", "topics", "sectors", "groups", "plurals", "dimensions", "periods", "adjectives", "resources", "shares"}
    | {"quantities", "person_nouns", "words", "phrases"}
)
"""Lists of common nouns: in sentence case they are in lower case."""

_PATTERNS = {"title": "titles", "source": "sources", "axis": "axes", "entity": "entities"}
_LISTS = {"place": "places", "person": "persons", "company": "companies", "word": "words"}
_SHORT = {"title": "topics", "source": "institutions", "axis": "quantities", "entity": "words"}

_Lists = dict[str, tuple[str, ...]]


class _Part(NamedTuple):
    """Fixed text, then one of several choices."""

    before: str
    choices: tuple[str, ...]
    lowered: tuple[str, ...]


_Pattern = tuple[_Part, ...]


class Lexicon:
    """Words to draw from; immutable, and pure: the same generator state gives the same text.

    Attributes:
        digest: sha256 of all lists and patterns.
    """

    digest: str

    def __init__(self, tables: Mapping[str, Any], lists: Mapping[str, _Lists]) -> None:
        """Args: tables: patterns by language; lists: what slots draw from, by language."""
        self.digest = digest([tables, lists])
        languages = ("en", "zh", "mul")
        self._patterns: dict[tuple[str, str], tuple[_Pattern, ...]] = {
            (kind, language): tuple(_compile(pattern, language, lists) for pattern in tables[language][plural])
            for (kind, plural), language in product(_PATTERNS.items(), languages)
        } | {
            (kind, language): (_compile(f"{{{kind}}}", language, lists),)
            for kind, language in product(_LISTS, ("en", "zh"))
        }
        for kind in _LISTS:
            self._patterns[kind, "mul"] = self._patterns[kind, "en"] + self._patterns[kind, "zh"]
        self._short = {
            (kind, language): _by_width(lists["zh" if language == "zh" else "en"][plural])
            for (kind, plural), language in product((*_SHORT.items(), *_LISTS.items()), languages)
        }

    @classmethod
    def default(cls) -> "Lexicon":
        """The one of this process."""
        return _default()

    def text(self, rng: np.random.Generator, kind: str, language: str, max_em: float) -> str:
        """A piece of text; where nothing is so short, the shortest there is.

        Args:
            rng: where all choices come from.
            kind: title, source, axis, entity (a category or series), place, person, company, word.
            language: en, zh, or mul (both in one text).
            max_em: longest width wanted, in em of the font that will draw it (a Chinese character is 1 em).

        Returns:
            Text without leading or trailing blanks, control characters or line breaks.

        Raises:
            CorpusError: no such kind or language.
        """
        try:
            patterns = self._patterns[kind, language]
        except KeyError:
            raise CorpusError(f"no text of kind {kind!r} in {language!r}") from None
        random = rng.random
        for _ in range(_TRIES):
            text = _fill(pick(patterns, random()), random)
            if estimate_em(text) <= max_em:
                return text
        widths, texts = self._short[kind, language]
        return texts[pick_int(0, max(0, bisect_right(widths, max_em) - 1), random())]


@dataclass(frozen=True, slots=True)
class LexiconSource:
    """The words that everyone has."""

    @property
    def file(self) -> None:
        """None: they are part of the project."""

    def open(self, split: str) -> Lexicon:
        """The words, the same for every split; made once in a process."""
        return Lexicon.default()


LEXICON = LexiconSource()


def estimate_em(text: str) -> float:
    """About how wide a text is in em, for a font that is not known."""
    num_han = sum(char >= "\u2e80" for char in text)
    return num_han + (len(text) - num_han) * _LATIN_EM


def _fill(pattern: _Pattern, random: Any) -> str:
    sentence = random() < 0.2
    pieces: list[str] = []
    for part in pattern:
        choices = part.lowered if sentence and pieces else part.choices
        pieces.append(part.before)
        if choices:
            chosen = pick(choices, random())
            if chosen in pieces:
                chosen = pick(choices, random())
            pieces.append(chosen)
    text = "".join(pieces)
    return f"T{text[1:]}" if text.startswith("the ") else text


def _compile(pattern: str, language: str, lists: Mapping[str, _Lists]) -> _Pattern:
    parts: list[_Part] = []
    start = 0
    for slot in _SLOT.finditer(pattern):
        lower, other, name = slot.groups()
        plural = _plural(name)
        choices = lists[other or ("en" if language == "mul" else language)][plural]
        lowered = tuple(map(str.lower, choices)) if lower or plural in _COMMON else choices
        parts.append(_Part(pattern[start : slot.start()], lowered if lower else choices, lowered))
        start = slot.end()
    return (*parts, _Part(pattern[start:], (), ()))


def _plural(name: str) -> str:
    return {"company": "companies", "quantity": "quantities", "count": "counts"}.get(name, f"{name}s")


def _by_width(texts: Iterable[str]) -> tuple[list[float], list[str]]:
    ordered = sorted(texts, key=lambda text: (estimate_em(text), text))
    return [estimate_em(text) for text in ordered], ordered


@cache
def _default() -> Lexicon:
    tables = templates.menu("lexicon", "terms.toml")
    calendar: _Lists = {
        "years": tuple(str(year) for year in range(1985, 2027)),
        "futures": tuple(str(year) for year in range(2026, 2061)),
        "spans": tuple(f"{first}-{first + num}" for first in range(1960, 2021) for num in (3, 4, 5, 8, 10)),
        "smalls": tuple(str(number) for number in range(1, 21)),
        "counts": tuple(f"{number:,}" for number in (*range(105, 1000, 37), *range(1010, 9999, 371), 12000, 25400)),
    }
    both = {key: tuple(values) for key, values in tables["mul"].items() if key not in _PATTERNS.values()}
    lists = {
        language: {key: tuple(values) for key, values in tables[language].items()} | calendar | both | made
        for language, made in (("en", _english(tables)), ("zh", _chinese(tables)))
    }
    return Lexicon({language: tables[language] for language in ("en", "zh", "mul")}, lists)


def _english(tables: Mapping[str, Any]) -> _Lists:
    endings, unclean, other = tuple(tables["words"]["en"]), tables["clean"]["en"], set(tables["clean"]["en_words"])
    words = [
        word.capitalize()
        for word in top_n_list("en", _NUM_WORDS_READ)[_NUM_WORDS_SKIPPED:]
        if 4 <= len(word) <= 13
        and word.isascii()
        and word.isalpha()
        and word.endswith(endings)
        and word not in other
        and not any(part in word for part in unclean)
    ]
    american, british = _faker("en_US"), _faker("en_GB")
    lastnames = [american.last_name() for _ in range(_NUM_NAMES)]
    return {
        "words": _unique(words),
        "phrases": _unique([*words[::2], *(f"{a} {b}" for a, b in zip(words[::3], words[1::3], strict=False))]),
        "companies": _unique(
            [fake.company() for fake in (american, british) for _ in range(_NUM_NAMES // 4)]
            + [
                f"{name} {firm}"
                for name in (*tables["en"]["brands"], *lastnames[:40])
                for firm in tables["en"]["firms"]
            ]
        ),
        "persons": _unique(
            [f"{fake.first_name()} {fake.last_name()}" for fake in (american, british) for _ in range(_NUM_NAMES // 2)]
        ),
        "lastnames": _unique(lastnames),
        "places": _unique([*tables["en"]["places"], *(fake.city() for fake in (american, british) for _ in range(60))]),
        "months": month_names("en", "wide"),
    }


def _chinese(tables: Mapping[str, Any]) -> _Lists:
    endings, unclean, other = tuple(tables["words"]["zh"]), set(tables["clean"]["zh"]), set(tables["clean"]["zh_words"])
    words = [
        word
        for word in top_n_list("zh", _NUM_WORDS_READ)[_NUM_WORDS_SKIPPED:]
        if 2 <= len(word) <= 4
        and word.endswith(endings)
        and word not in other
        and not unclean & set(word)
        and _is_plain_han(word)
    ]
    fake = _faker("zh_CN")
    return {
        "words": _unique(words),
        "companies": tuple(f"{brand}{firm}" for brand in tables["zh"]["brands"] for firm in tables["zh"]["firms"]),
        "persons": _unique([fake.name() for _ in range(_NUM_NAMES)]),
        "months": month_names("zh", "abbreviated"),
    }


def _is_plain_han(word: str) -> bool:
    """Whether a word is of GB 2312's hanzi only: the set that every Chinese font draws."""
    try:
        return len(word.encode("gb2312")) == 2 * len(word) and all("\u4e00" <= char <= "\u9fff" for char in word)
    except UnicodeEncodeError:
        return False


def _faker(locale: str) -> Faker:
    fake = Faker(locale)
    fake.seed_instance(_SEED)
    return fake


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))

"""Which pieces are ordinary text, and the one line that each is kept as.

The first reason for a rejection is the one that counts. Nothing is repaired that would change the words.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import chain

import regex

import templates
from pipelines.corpora.stats import Rejection
from pipelines.corpora.text.language import SCRIPTS
from pipelines.corpora.text.pieces import Kind, Piece
from renderers.labels.text import ANNOTATIONS, SOFT_HYPHEN, canonical_chars

_BROKEN = {
    "surrogate_unpaired": re.compile(r"[\ud800-\udfff]"),
    "not_decodable": re.compile("\ufffd"),
    "control_characters": re.compile(rf"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f{ANNOTATIONS}]"),
}
_TAG = regex.compile(r"</?[A-Za-z][^<>]{0,300}>|&(?:[a-z]{2,8}|#\d{1,6});|\{\{|\}\}|\[\[|\]\]|<!--|-->")
_URL = regex.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+")
_MAX_WORD = 80
_LONG_WORD = regex.compile(
    r"[^\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}，。、—]{81}"
)
_WORD = re.compile(r"\w+")
_MIXED_WORD = regex.compile(r"(?:\p{Cyrillic}|(?![μΩπ])\p{Greek})\p{Latin}|\p{Latin}[\p{Cyrillic}\p{Greek}]")
"""A letter that looks like one of the other script: no reader could tell. Units have μ before a Latin letter."""
_LETTER = regex.compile(r"[\p{L}\p{M}]")
_DENSE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_ORDINARY = (
    r"\u03bc⁺⁻⁼⁽⁾₊₋₌₍₎\p{N}\s!-/:-@\[-`{-~¡£©«®°±·»¿×÷‐-―‘-„†‡•…‰′″‹›€№™−≈≠≤≥→←§¶¢¥¹²³ªº½¼¾\u200c\u200d"
    r"\p{Script=Inherited}ʼʻ˙´¨ー々〇"
)
_CJK_MARKS = r"\u3001-\u3020\u3030\u30fb-\u30fe\uff01-\uff20\uff3b-\uff40\uff5b-\uff65\uffe5·—…"
_MARKS_OF = {
    "Arab": "،؛؟٪٫٬٭۔ـ",
    "Hebr": "־׀׃׳״₪",
    "Deva": "।॥₹",
    "Beng": "।॥৳",
    "Thai": "฿ฯ๏๚๛",
    "Grek": "·;",
    "Armn": "՚-՟։",
    "Kore": "₩",
    "Ethi": "፠-፨",
    "Khmr": "។-៛",
    "Mymr": "၊-၏",
}
_MIN_LETTERS = (0.6, 0.4)
"""Least share of letters among all characters but blanks; in a heading, which may be a year and a word, the second."""
_MAX_MARKUP = 0.4
_MAX_URL = 0.3
_HAN_WEIGHT = 2
"""A Chinese character carries about as much as two Latin letters or more."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Lengths of a piece, in characters.

    Attributes:
        min_chars: of the shortest, where a Chinese, Japanese or Korean character counts twice; of a heading 2.
        max_chars: of the longest.
    """

    min_chars: int = 20
    max_chars: int = 10_000


def clean(piece: Piece, limits: Limits) -> str:
    """The text of a piece as it is kept: in the characters of labels, `canonical_chars`; verse has its line feeds.

    Raises:
        Rejection: it is too short, too long, or holds characters that are broken.
    """
    if len(piece.text) > 4 * limits.max_chars + 1000:
        raise Rejection("too_long", f"{len(piece.text)} characters")
    for reason, broken in _BROKEN.items():
        if found := broken.search(piece.text):
            raise Rejection(reason, f"U+{ord(found[0]):04X}")
    lines = [_line(line) for line in piece.text.split("\n")] if piece.kind == "verse" else [_line(piece.text)]
    text = "\n".join(line for line in lines if line)
    num = len(text) + (_HAN_WEIGHT - 1) * len(_DENSE.findall(text))
    if not _LETTER.search(text) or num < (2 if piece.kind == "heading" else limits.min_chars):
        raise Rejection("too_short")
    if len(text) > limits.max_chars:
        raise Rejection("too_long", f"{len(text)} characters")
    return text


def check_text(text: str, kind: Kind, script: str, language: str) -> None:
    """Check that a clean text is ordinary text of a script (ISO 15924) and a language (BCP 47).

    Raises:
        Rejection: it is not.
    """
    _check_characters(text, kind, script)
    _check_words(text.casefold(), language)


def _check_characters(text: str, kind: Kind, script: str) -> None:
    counts = Counter(text)
    num_printed = len(text) - counts[" "] - counts["\n"]
    # Scripts that write no blanks have long runs of their own letters; only other long runs count.
    words = (_LONG_WORD.search(word) for word in text.split() if len(word) > _MAX_WORD)
    if long := next(filter(None, words), None):
        raise Rejection("word_too_long", long[0])
    if sum(map(len, _TAG.findall(text))) > _MAX_MARKUP * num_printed:
        raise Rejection("markup")
    if sum(map(len, _URL.findall(text))) > _MAX_URL * num_printed:
        raise Rejection("addresses")
    if sum(num for char, num in counts.items() if _is_letter(char)) < _MIN_LETTERS[kind == "heading"] * num_printed:
        raise Rejection("mostly_symbols")
    if mixed := _MIXED_WORD.search(text):
        raise Rejection("script_mixed", mixed[0])
    if foreign := next((char for char in counts if _is_foreign(char, script)), ""):
        raise Rejection("script_mixed" if _is_letter(foreign) else "character_unusual", f"U+{ord(foreign):04X}")


def _check_words(folded: str, language: str) -> None:
    phrases = templates.menu("prose", "judge.toml")["boilerplate"]
    if found := next((phrase for phrase in phrases if phrase in folded), ""):
        raise Rejection("boilerplate", found)
    words, parts = _block_list(language)
    blocked = words.intersection(_WORD.findall(folded)) or {part for part in parts if part in folded}
    if blocked:
        raise Rejection("word_blocked", min(blocked))


def _line(text: str) -> str:
    return canonical_chars(text.replace(SOFT_HYPHEN, "").replace("\n", " ")).strip()


@cache
def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LM"


@cache
def _is_foreign(char: str, script: str) -> bool:
    return _foreign(script).match(char) is not None


@cache
def _foreign(script: str) -> regex.Pattern[str]:
    """Characters that are neither of a script nor Latin nor ordinary punctuation, digits and symbols."""
    letters = r"\p{Latin}" + SCRIPTS.get(script, "")
    if script in ("Hans", "Jpan", "Kore"):
        letters += r"\p{Han}" + _CJK_MARKS
    return regex.compile(f"[^{letters}{_ORDINARY}{_MARKS_OF.get(script, '')}]")


@cache
def _block_list(language: str) -> tuple[frozenset[str], tuple[str, ...]]:
    table = templates.menu("prose", "judge.toml")["blocked"]
    tables = (table, table["only"].get(language, {"words": (), "parts": ()}))
    words, parts = (tuple(chain.from_iterable(one[kind] for one in tables)) for kind in ("words", "parts"))
    return frozenset(words), parts

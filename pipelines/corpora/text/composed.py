"""Paragraphs composed of words, for languages in which packages have too little prose; their origin is "composed".

Chinese is composed by patterns, so that it reads like sentences; other languages are random words by their frequency,
in sentences of usual lengths and punctuation.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, count
from typing import Any

import numpy as np
from wordfreq import top_n_list

import templates
from pipelines.corpora.text.language import script_of, script_of_language
from pipelines.corpora.text.pieces import Piece
from pipelines.corpora.text.sources import Document

_SEED = 20240601
_NUM_WORDS = 6000
_PARAGRAPHS = 20
_SLOT = re.compile(r"\{(\w+)\}")
_QUESTIONS = 0.08
_COMMAS = 0.12
_RANK_OFFSET = 30
"""The word of rank r has the weight 1 / (r + this), so that the most frequent, which are particles, do not dominate."""


def compose(language: str, known: Sequence[str]) -> Iterator[Document]:
    """An endless sequence of documents, always the same.

    Args:
        language: one of `templates/prose/composed.toml`.
        known: paragraphs of this language, to take phrases from.
    """
    table = templates.menu("prose", "composed.toml")[language]
    rng = np.random.Generator(np.random.PCG64([_SEED, *language.encode()]))
    phrases = _phrases(known)
    for number in count(1):
        texts: list[str] = []
        for _ in range(_PARAGRAPHS):
            if "phrases" in table:
                texts.append(" ".join(phrases[index] for index in rng.integers(len(phrases), size=rng.integers(3, 12))))
            else:
                texts.append(_patterned(rng, table) if "themes" in table else _sentences(rng, language, table))
        pieces = [Piece("paragraph", text) for text in texts]
        yield Document(f"composed: {language} {number}", pieces, language, "Apache-2.0")


def _phrases(known: Sequence[str]) -> list[str]:
    """Distinct texts between blanks, 8 to 60 characters long."""
    phrases = (phrase for text in known for phrase in text.split(" "))
    return list(dict.fromkeys(phrase for phrase in phrases if 8 <= len(phrase) <= 60 and phrase.isprintable()))


def _patterned(rng: np.random.Generator, table: dict[str, Any]) -> str:
    themes = table["themes"]
    theme = themes[rng.integers(len(themes))]
    order = rng.permutation(len(theme))[: rng.integers(2, 7)]
    used: set[str] = set()

    def fill(slot: re.Match[str]) -> str:
        choices = [word for word in table[slot[1]] if word not in used] or table[slot[1]]
        word: str = choices[rng.integers(len(choices))]
        used.add(word)
        return word

    return "".join(_SLOT.sub(fill, theme[index]) for index in order)


def _sentences(rng: np.random.Generator, language: str, table: dict[str, Any]) -> str:
    return " ".join(_sentence(rng, language, table) for _ in range(rng.integers(2, 7)))


def _sentence(rng: np.random.Generator, language: str, table: dict[str, Any]) -> str:
    words, ends = _words(language)
    num = 4 + int(rng.gamma(3.0, 2.5))
    chosen: list[str] = []
    while len(chosen) < num:
        word = words[min(len(words) - 1, int(np.searchsorted(ends, rng.random() * ends[-1])))]
        if word not in chosen[-6:]:
            chosen.append(word)
    # A comma separates clauses of three words or more.
    last = 0
    for index in range(3, num - 3):
        if index - last >= 3 and rng.random() < _COMMAS:
            chosen[index] += table["comma"]
            last = index
    text = " ".join(chosen)
    if table.get("capital"):
        text = text[0].upper() + text[1:]
    return f"{text}{table['question' if rng.random() < _QUESTIONS else 'stop']}"


@cache
def _words(language: str) -> tuple[list[str], list[float]]:
    """Words of the language's own script, and their cumulative weights."""
    script = script_of_language(language)
    words = [
        word
        for word in top_n_list(language, _NUM_WORDS)
        if script_of(word) == script and all(char.isalpha() or "\u0900" <= char <= "\u09ff" for char in word)
    ]
    return words, list(accumulate(1 / (rank + _RANK_OFFSET) for rank in range(len(words))))

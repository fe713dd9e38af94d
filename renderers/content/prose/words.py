"""Words of running text: between blanks, and where a script writes none, runs of a few of its characters."""

import re
from collections.abc import Iterable

import numpy as np

_UNSPACED = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# A vowel that is written before its consonant, the consonant, and what hangs on it are one character to a reader.
_THAI = r"[\u0e40-\u0e44]?[\u0e01-\u0e2e][\u0e30-\u0e3a\u0e45-\u0e4e]*|[\u0e2f\u0e46]"
_CHARACTER = re.compile(rf"[{_UNSPACED}][\u3005\u30fc]?|{_THAI}|[^\s{_UNSPACED}\u0e01-\u0e4e]+|\S")
_DENSE = re.compile(rf"[{_UNSPACED}\u0e01-\u0e4e]")
_MARK = r"[^\w\u0591-\u05bd\u064b-\u0652\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e]"
"""No letter, and no vowel that hangs on one."""
_MARKS = re.compile(rf"^{_MARK}+|{_MARK}+$")
_LEADING_ON = re.compile(r"[\s,;:，、；：،؛(\[{（【《〈「『“‘«„¿¡—–-]+$")
_RUNS = (0.15, 0.7, 0.9)
"""Shares up to which a run is of 1, 2, 3 characters; the others are of 4."""


def split_words(text: str, rng: np.random.Generator) -> list[str]:
    """The words of a text, each with the marks around it; the generator chooses how long runs of characters are."""
    words = text.split()
    if _DENSE.search(text) is None:
        return words
    return [run for word in words for run in (_runs(word, rng) if _DENSE.search(word) else (word,))]


def strip_marks(word: str) -> str:
    """A word without punctuation before or behind it; "" where it is nothing else."""
    return _MARKS.sub("", word)


def join_words(words: Iterable[str]) -> str:
    """Words as running text: no blank between characters of a script that writes none."""
    text = ""
    for word in words:
        gap = text and not (_DENSE.match(word[:1]) and _DENSE.match(text[-1]))
        text += f" {word}" if gap else word
    return text


def first_words(text: str, max_chars: int, rng: np.random.Generator) -> str:
    """The first word of a text and those after it, at most so many characters, without marks that lead to the next."""
    end = 0
    for word in split_words(text, rng):
        after = text.index(word, end) + len(word)
        if end and after > max_chars:
            break
        end = after
    return _LEADING_ON.sub("", text[:end])


def _runs(word: str, rng: np.random.Generator) -> list[str]:
    characters: list[str] = _CHARACTER.findall(word)
    runs: list[str] = []
    run, want = "", 0
    for character in characters:
        if _DENSE.match(character) is None and not character.isalnum():
            # Punctuation ends a run and stays with it.
            if run or not runs:
                run += character
            else:
                runs[-1] += character
            want = 0
        else:
            if want == 0:
                if run:
                    runs.append(run)
                share = rng.random()
                run, want = "", 1 + sum(share >= end for end in _RUNS)
            run += character
            want -= 1
    return [*runs, run] if run else runs

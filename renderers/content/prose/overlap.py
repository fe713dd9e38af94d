"""Which texts say what others say: runs of words that stand in both, found by their hashes.

A run is of 8 words; where no blanks part words, of 12 characters as well (of 32 in Thai and its like, whose words are
longer; a foreign word counts as one). So a sentence of that length that stands in both is found, wherever sentences are
thought to end. Letters and digits count, capitals as small ones; marks do not.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from renderers.content.prose.sentences import sentence_ends

RUN_WORDS = 8
RUN_CHARS = {"zh": 12, "yue": 12, "ja": 12, "th": 32, "lo": 32, "km": 32, "my": 32}
"""Characters of a run in the languages where no blanks part words."""

_NUM_CODES = 0x30000
"""Code points from here on, which are rare, count as one letter."""
_BLANK, _MARK, _DENSE = np.uint64(0), np.uint64(1), np.uint64(1 << 63)
"""What stands for a blank and for a mark, and the bit that characters of scripts without blanks have."""
_DENSE_SCRIPTS = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF),
    (0x20000, _NUM_CODES),
)  # fmt: skip
"""Thai and Lao, Burmese, Khmer, kana, Chinese characters."""
_FILTER_SHIFT = np.uint64(42)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)

Hashes = npt.NDArray[np.uint64]
Indices = npt.NDArray[np.int64]


class Texts(NamedTuple):
    """Texts, and the size of a run in them besides those of words: so many characters; 0: none."""

    texts: Sequence[str]
    num_chars: int


def run_chars(language: str) -> int:
    """Characters of a run in a language, BCP 47; 0 where all runs are of words."""
    return RUN_CHARS.get(language.split("-", maxsplit=1)[0], 0)


def runs(texts: Texts) -> tuple[Hashes, Indices]:
    """The hash of each run within one text, and the index of that text, shapes (runs,)."""
    hashes, places = _tokens("\n".join([*texts.texts, ""]))
    owners = np.searchsorted(np.cumsum([len(text) + 1 for text in texts.texts]), places, side="right")
    num_dense = np.concatenate(([0], np.cumsum(hashes >= _DENSE)))
    found: list[tuple[Hashes, Indices]] = []
    for size in (RUN_WORDS, texts.num_chars) if texts.num_chars else (RUN_WORDS,):
        num = max(0, len(hashes) - size + 1)
        run = np.zeros(num, np.uint64)
        for place in range(size):
            run = run * _MULTIPLIER + hashes[place : place + num]
        is_run = owners[:num] == owners[len(owners) - num :]
        if size == RUN_WORDS:
            is_run &= num_dense[size:][:num] == num_dense[:num]
        found.append((_mixed(run[is_run]), owners[:num][is_run]))
    return np.concatenate([run for run, _ in found]), np.concatenate([owner for _, owner in found])


def shared_runs(own: Iterable[Texts], others: Iterable[Texts]) -> Hashes:
    """The runs that stand in some of `own` and in some of `others`, sorted. Memory is that of the runs of `own`."""
    mine = np.unique(np.concatenate([np.zeros(0, np.uint64), *(runs(texts)[0] for texts in own)]))
    if not len(mine):
        return mine
    likely = np.zeros(1 << (64 - int(_FILTER_SHIFT)), np.bool_)
    likely[mine >> _FILTER_SHIFT] = True
    shared = np.zeros(len(mine), np.bool_)
    for texts in others:
        found = runs(texts)[0]
        found = found[likely[found >> _FILTER_SHIFT]]
        indices = np.minimum(np.searchsorted(mine, found), len(mine) - 1)
        shared[indices[mine[indices] == found]] = True
    return mine[shared]


def with_runs(texts: Texts, of: Hashes) -> npt.NDArray[np.bool_]:
    """Which texts have one of these runs, shape (texts,)."""
    hashes, owners = runs(texts)
    found = np.zeros(len(texts.texts), np.bool_)
    found[owners[np.isin(hashes, of)]] = True
    return found


def stretch_without(text: str, num_chars: int, shared: Hashes) -> tuple[int, int] | None:
    """Start and end of the longest stretch of whole sentences without a shared run, or None."""
    ends = sentence_ends(text)
    starts = [0, *ends[:-1]]
    bad = with_runs(Texts([text[start:end] for start, end in zip(starts, ends, strict=True)], num_chars), shared)
    best, first = (0, 0), 0
    for place, end in enumerate(ends):
        if bad[place]:
            first = place + 1
        elif end - starts[first] > best[1] - best[0]:
            best = (starts[first], end)
    start, end = best
    start += len(text[start:end]) - len(text[start:end].lstrip())
    # A run may go over from one sentence to the next.
    if start == end or with_runs(Texts([text[start:end]], num_chars), shared)[0]:
        return None
    return start, end


def _tokens(text: str) -> tuple[Hashes, Indices]:
    """The hash of each word, or character of a script without blanks, and where it begins, in characters."""
    hashes = _hashes()[np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), _NUM_CODES)]
    places = np.flatnonzero(hashes != _MARK)
    hashes = hashes[places]
    is_letter, is_dense = hashes != _BLANK, hashes >= _DENSE
    goes_on = is_letter[:-1] & ~is_dense[:-1] & ~is_dense[1:]
    firsts = np.flatnonzero(is_letter & ~np.concatenate(([False], goes_on)))
    # The place of a letter in its word counts, but not that of the word. Blanks add nothing.
    powers, inverse = _powers(1 << len(hashes).bit_length())
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(hashes * powers[: len(hashes)])))
    words = _mixed((sums[np.append(firsts[1:], len(hashes))] - sums[firsts]) * inverse[firsts])
    return words >> np.uint64(1) | hashes[firsts] & _DENSE, places[firsts]


def _mixed(hashes: Hashes) -> Hashes:
    """Every bit of the hash out of every bit of the number. Source: Vigna's splitmix64."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))


@lru_cache(maxsize=8)
def _powers(num: int) -> tuple[Hashes, Hashes]:
    """So many powers of an odd number, and those of its inverse."""
    inverse = np.uint64(pow(int(_MULTIPLIER), -1, 1 << 64))
    one = np.ones(1, np.uint64)
    powers, inverses = (
        np.concatenate((one, np.cumprod(np.full(num, base), dtype=np.uint64))) for base in (_MULTIPLIER, inverse)
    )
    return powers, inverses


@cache
def _hashes() -> Hashes:
    """For each code point `_BLANK`, `_MARK`, or the hash of a letter, capitals as small ones."""
    kinds = np.array([*map(_kind, range(_NUM_CODES)), _NUM_CODES], np.uint64)
    hashes = np.where(kinds > _MARK, _mixed(kinds) >> np.uint64(1), kinds)
    for first, last in _DENSE_SCRIPTS:
        hashes[first : last + 1] |= np.where(kinds[first : last + 1] > _MARK, _DENSE, np.uint64(0))
    return hashes


def _kind(code: int) -> int:
    char = chr(code)
    if unicodedata.category(char)[0] in "LMN":
        return ord(char.lower()[0]) + 2
    return int(_BLANK if char.isspace() else _MARK)

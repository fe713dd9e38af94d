"""Which markup was seen before: the same, or nearly the same by MinHash, confirmed by the shingles themselves."""

import hashlib
import re
import zlib

from datasketch import MinHash, MinHashLSH

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]+|\d+|\S")
_SHINGLE_TOKENS = 3
_THRESHOLD = 0.9
_MIN_SHINGLES = 19
"""With fewer, one shingle that differs brings two sets under the threshold: (n - 1) / (n + 1) < 0.9."""
_NUM_PERMUTATIONS = 64
_INDEX_THRESHOLD = 0.8
"""Jaccard similarity that the index looks for. It guesses, so this is lower than the threshold: each of its answers is
confirmed."""


def digest(markup: str) -> str:
    """sha256 in hexadecimal digits."""
    return hashlib.sha256(markup.encode()).hexdigest()


class Seen:
    """What was kept; the first of duplicates stays."""

    def __init__(self) -> None:
        self._digests: set[bytes] = set()
        self._markups: list[str] = []
        self._index = MinHashLSH(threshold=_INDEX_THRESHOLD, num_perm=_NUM_PERMUTATIONS)
        # A new one draws its permutations, which is half of the time of a sketch; a copy does not.
        self._blank = MinHash(num_perm=_NUM_PERMUTATIONS, hashfunc=zlib.crc32)

    def add(self, markup: str) -> str:
        """Add a markup; "" where it is new, else "duplicate" or "near_duplicate"."""
        key = hashlib.sha256(markup.encode()).digest()
        if key in self._digests:
            return "duplicate"
        self._digests.add(key)
        shingles = _shingles(markup)
        if len(shingles) < _MIN_SHINGLES:
            return ""
        sketch = self._blank.copy()
        sketch.update_batch(sorted(shingles))
        for number in self._index.query(sketch):
            other = _shingles(self._markups[number])
            if len(shingles & other) >= _THRESHOLD * len(shingles | other):
                return "near_duplicate"
        self._index.insert(len(self._markups), sketch, check_duplication=False)
        self._markups.append(markup)
        return ""


def _shingles(markup: str) -> set[bytes]:
    tokens = _TOKEN.findall(markup)
    return {
        " ".join(tokens[at : at + _SHINGLE_TOKENS]).encode() for at in range(max(1, len(tokens) - _SHINGLE_TOKENS + 1))
    }

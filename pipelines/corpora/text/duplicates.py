"""Which paragraph was seen before: the same one ever, or nearly the same one among the last ones.

Memory is bounded: of a paragraph eight bytes stay for ever, and its sketch for two generations.
"""

import hashlib
import re
import zlib

from datasketch import MinHash, MinHashLSH

_TOKEN = re.compile(r"[^\W\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]+|[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_SHINGLE_TOKENS = 3
_MIN_SHINGLES = 19
_THRESHOLD = 0.85
_INDEX_THRESHOLD = 0.75
"""Jaccard similarity that the index looks for. It guesses, so this is lower than the threshold: the sketches confirm
each of its answers."""
_NUM_PERMUTATIONS = 64
GENERATION = 50_000
"""Paragraphs. Measured: a sketch and its entries in the index take 3 kB."""


class Seen:
    """What was kept; the first of duplicates stays."""

    def __init__(self) -> None:
        self._digests: set[int] = set()
        self._indexes = [_Index()]
        # A new one draws its permutations, which is half of the time of a sketch; a copy does not.
        self._blank = MinHash(num_perm=_NUM_PERMUTATIONS, hashfunc=zlib.crc32)

    def add(self, text: str) -> str:
        """Add a text; "" where it is new, else "duplicate" or "near_duplicate"."""
        key = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
        if key in self._digests:
            return "duplicate"
        self._digests.add(key)
        tokens = _TOKEN.findall(text)
        if len(tokens) < _MIN_SHINGLES + _SHINGLE_TOKENS:
            return ""
        shingles = {" ".join(tokens[at : at + _SHINGLE_TOKENS]) for at in range(len(tokens) - _SHINGLE_TOKENS + 1)}
        sketch = self._blank.copy()
        sketch.update_batch([shingle.encode() for shingle in sorted(shingles)])
        if any(index.holds(sketch) for index in self._indexes):
            return "near_duplicate"
        if len(self._indexes[-1].sketches) >= GENERATION:
            self._indexes = [self._indexes[-1], _Index()]
        self._indexes[-1].insert(sketch)
        return ""


class _Index:
    def __init__(self) -> None:
        self.sketches: list[MinHash] = []
        self._candidates = MinHashLSH(threshold=_INDEX_THRESHOLD, num_perm=_NUM_PERMUTATIONS)

    def holds(self, sketch: MinHash) -> bool:
        """Whether one that was inserted is nearly the same."""
        return any(sketch.jaccard(self.sketches[index]) >= _THRESHOLD for index in self._candidates.query(sketch))

    def insert(self, sketch: MinHash) -> None:
        """Add a sketch."""
        self._candidates.insert(len(self.sketches), sketch, check_duplication=False)
        self.sketches.append(sketch)

"""Which texts were seen before: the same one ever, or a near duplicate by MinHash over shingles of three tokens.

Two kinds of text are told apart by their `Similarity`: MARKUP, where every candidate is confirmed by the shingles
themselves, and PROSE, of which there is too much to keep.
"""

import hashlib
import re
import zlib
from dataclasses import dataclass, field

from datasketch import MinHash, MinHashLSH

from pipelines.corpora.stats import Rejection

_SHINGLE_TOKENS = 3
_NUM_PERMUTATIONS = 64
_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Similarity:
    """Which texts are near duplicates.

    Attributes:
        token: matches one token.
        threshold: Jaccard similarity of two sets of shingles from which the texts are near duplicates, 0..1.
        index_threshold: Jaccard similarity that the index searches for, 0..1. It only estimates, so this is lower than
            `threshold`, and each of its answers is confirmed.
        min_tokens: texts with fewer have no near duplicates.
        min_shingles: texts with fewer distinct shingles have no near duplicates.
        confirm_by_shingles: whether an answer of the index is confirmed by the shingles, for which the texts are kept;
            else by the sketches (their MinHashes).
        generation_size: number of texts in one index. When it is full, the one before it is dropped; None: never.
    """

    token: re.Pattern[str]
    threshold: float
    index_threshold: float
    min_tokens: int
    min_shingles: int
    confirm_by_shingles: bool
    generation_size: int | None


MARKUP = Similarity(
    token=re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]+|\d+|\S"),
    threshold=0.9,
    index_threshold=0.8,
    min_tokens=0,
    # With fewer, one shingle that differs brings two sets under the threshold: (n - 1) / (n + 1) < 0.9.
    min_shingles=19,
    confirm_by_shingles=True,
    generation_size=None,
)
PROSE = Similarity(
    token=re.compile(r"[^\W\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]+|[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]"),
    threshold=0.85,
    index_threshold=0.75,
    min_tokens=22,
    min_shingles=0,
    confirm_by_shingles=False,
    # Measured: a sketch and its entries in the index take 3 kB.
    generation_size=50_000,
)


@dataclass(slots=True)
class _Generation:
    """Texts of one index, by the number under which it knows them.

    Attributes:
        index: finds candidates.
        known: what confirms a candidate: its text or its sketch.
    """

    index: MinHashLSH
    known: list[str | MinHash] = field(default_factory=list)


class Seen:
    """The texts that were kept; of duplicates the first is kept.

    Args:
        similarity: which texts are near duplicates.
    """

    def __init__(self, similarity: Similarity) -> None:
        self._similarity = similarity
        self._digests: set[bytes] = set()
        self._generations = [self._generation()]
        # A new one draws its permutations, which is half of the time of a sketch; a copy does not.
        self._blank = MinHash(num_perm=_NUM_PERMUTATIONS, hashfunc=zlib.crc32)

    def add(self, text: str) -> None:
        """Remember a text.

        Raises:
            Rejection: it is a "duplicate" or a "near_duplicate" of one that was kept.
        """
        digest = hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).digest()
        if digest in self._digests:
            raise Rejection("duplicate")
        self._digests.add(digest)
        shingles = self._shingles(text)
        if shingles is None:
            return
        sketch = self._blank.copy()
        sketch.update_batch(sorted(shingles))
        if any(self._holds(generation, shingles, sketch) for generation in self._generations):
            raise Rejection("near_duplicate")
        if len(self._generations[-1].known) == self._similarity.generation_size:
            self._generations = [self._generations[-1], self._generation()]
        newest = self._generations[-1]
        newest.index.insert(len(newest.known), sketch, check_duplication=False)
        newest.known.append(text if self._similarity.confirm_by_shingles else sketch)

    def _generation(self) -> _Generation:
        return _Generation(MinHashLSH(threshold=self._similarity.index_threshold, num_perm=_NUM_PERMUTATIONS))

    def _shingles(self, text: str) -> set[bytes] | None:
        """Distinct shingles; None for a text that is too short to have near duplicates."""
        tokens = self._similarity.token.findall(text)
        starts = range(max(1, len(tokens) - _SHINGLE_TOKENS + 1))
        shingles = {" ".join(tokens[start : start + _SHINGLE_TOKENS]).encode() for start in starts}
        long_enough = len(tokens) >= self._similarity.min_tokens and len(shingles) >= self._similarity.min_shingles
        return shingles if long_enough else None

    def _holds(self, generation: _Generation, shingles: set[bytes], sketch: MinHash) -> bool:
        """Whether a near duplicate was kept in this generation."""
        return any(
            self._is_near(generation.known[number], shingles, sketch) for number in generation.index.query(sketch)
        )

    def _is_near(self, known: str | MinHash, shingles: set[bytes], sketch: MinHash) -> bool:
        if not isinstance(known, str):
            return bool(sketch.jaccard(known) >= self._similarity.threshold)
        others = self._shingles(known) or set()
        return len(shingles & others) >= self._similarity.threshold * len(shingles | others)

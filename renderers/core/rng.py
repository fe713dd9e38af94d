"""Randomness has an address: the same address gives the same numbers, whoever asks, in whatever order.

The address is hashed word by word into a numpy SeedSequence spawn key of fixed length, so no two addresses can meet
(spawn keys of varying length could: 2**32 takes two words).
"""

import hashlib
from functools import lru_cache
from typing import Literal

import numpy as np

Stream = Literal["draw", "degrade", "task"]
_STREAMS: dict[Stream, int] = {"draw": 0, "degrade": 1, "task": 2}
_WORD = 0xFFFFFFFF


@lru_cache(maxsize=1024)
def _part_words(part: str) -> tuple[int, ...]:
    digest = hashlib.sha256(part.encode()).digest()
    return tuple(int.from_bytes(digest[at : at + 4], "little") for at in range(0, 16, 4))


def rng_at(seed: int, part: str, index: int, attempt: int = 0, stream: Stream = "draw") -> np.random.Generator:
    """The generator at an address.

    Args:
        seed: of the recipe, >= 0.
        part: name of the part of the recipe.
        index: of the sample within the part, 0 <= index < 2**64.
        attempt: 0 for the first draw, one more after each rejection.
        stream: drawing content, degrading and choosing the task do not share numbers.
    """
    key = (*_part_words(part), index & _WORD, index >> 32, attempt, _STREAMS[stream])
    # The words of SeedSequence(seed, spawn_key=key) as it would put them together itself, number by number, in 30 us.
    words = np.array((seed & _WORD, seed >> 32, 0, 0, *key), np.uint32)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(words)))

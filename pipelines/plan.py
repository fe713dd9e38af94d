"""A recipe and a number become shards: ranges of integers that are not yet committed.

Rows are addressed, not dealt: which rows a data set of N has depends on N and the weights alone, and a larger N only
adds. So shard sizes may differ from run to run, and resuming is set difference.
"""

from collections.abc import Iterable, Sequence
from math import floor

import msgspec

from pipelines.recipe import Recipe, split_of
from renderers.core.errors import ConfigError
from renderers.core.split import SPLITS

MAX_SHARD_ROWS = 1000
"""Rows of a shard at most, or one batch of its renderer where that is more. At 60 kB a row a file stays far below the
500 MB that Hugging Face advises."""
MIN_SHARD_ROWS = 50
_SHARDS_A_WORKER = 6
_SHARDS_A_BATCH = 4


class Shard(msgspec.Struct, frozen=True, order=True):
    """The samples of one part and one split with start <= index < stop."""

    part: str
    split: str
    start: int
    stop: int

    @property
    def indices(self) -> list[int]:
        """Its samples, ascending."""
        return [index for index in range(self.start, self.stop) if split_of(index) == self.split]

    @property
    def name(self) -> str:
        """`train-000000000-000001000`: what its file is called, as long as it lives; in order of the rows."""
        return f"{self.split}-{self.start:09d}-{self.stop:09d}"


def part_sizes(recipe: Recipe, num: int) -> dict[str, int]:
    """How many of `num` rows each part has.

    Webster's divisor method: no part ever shrinks when `num` grows, which rounding shares would not promise.
    """
    weights = {part.name: part.weight for part in recipe.parts}
    total = sum(weights.values())
    sizes = {name: max(0, floor(num * weight / total) - len(weights)) for name, weight in weights.items()}
    # The start is itself a state of the method only if no part is ahead of another's next row; step back until it is.
    while any(sizes[a] and (sizes[a] - 0.5) / weights[a] > (sizes[b] + 0.5) / weights[b] for a in sizes for b in sizes):
        ahead = max(sizes, key=lambda name: (sizes[name] - 0.5) / weights[name])
        sizes[ahead] -= 1
    while sum(sizes.values()) < num:
        sizes[min(sizes, key=lambda name: (sizes[name] + 0.5) / weights[name])] += 1
    return sizes


def missing(recipe: Recipe, num: int, committed: Iterable[Shard]) -> list[Shard]:
    """What a data set of `num` rows lacks: one shard, however long, for each gap between the committed ones.

    Args:
        recipe: what to make.
        num: rows of the whole data set.
        committed: shards that exist.

    Raises:
        ConfigError: more than `num` rows are committed.
    """
    ranges: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for shard in sorted(committed):
        ranges.setdefault((shard.part, shard.split), []).append((shard.start, shard.stop))
    found: list[Shard] = []
    for part, size in part_sizes(recipe, num).items():
        for split in SPLITS:
            done = ranges.get((part, split), [])
            if done and any(split_of(index) == split for index in range(size, done[-1][1])):
                raise ConfigError(
                    f"it holds more than {num} rows already; ask for at least as many, or start over (--fresh)"
                )
            gaps = [Shard(part, split, start, stop) for start, stop in _gaps(done, size)]
            found += [gap for gap in gaps if gap.indices]
    return found


def plan(recipe: Recipe, num: int, gaps: Iterable[Shard], workers: int) -> list[Shard]:
    """The shards that are to be made, the one with most rows first.

    Args:
        recipe: what to make.
        num: rows of the whole data set.
        gaps: what is `missing` of it.
        workers: how many will share the work; small data sets get small shards so that all have some.
    """
    sizes = part_sizes(recipe, num)
    shards: list[Shard] = []
    for gap in gaps:
        rows = _shard_rows(sizes[gap.part], num, max(workers, 1), recipe.part(gap.part).renderer.batch)
        width = rows if gap.split == "train" else rows * 32
        cuts = [
            Shard(gap.part, gap.split, start, min(start + width, gap.stop))
            for start in range(gap.start, gap.stop, width)
        ]
        shards += [shard for shard in cuts if shard.indices]
    return sorted(shards, key=lambda shard: (-len(shard.indices), shard))


def _shard_rows(size: int, num: int, workers: int, batch: int) -> int:
    """Rows of a shard of a part of `size`: every worker has some, and large batches stay large."""
    worth_a_batch = min(batch // _SHARDS_A_BATCH, size // workers)
    return min(max(MIN_SHARD_ROWS, num // (workers * _SHARDS_A_WORKER), worth_a_batch), max(MAX_SHARD_ROWS, batch))


def _gaps(ranges: Sequence[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    gaps, at = [], 0
    for start, stop in [*ranges, (size, size)]:
        if start > at:
            gaps.append((at, min(start, size)))
        at = max(at, stop)
    return gaps

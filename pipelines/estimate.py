"""What a run will cost, measured on a small probe of the same recipe on this machine."""

import os
import time
from contextlib import closing
from dataclasses import replace

import msgspec

from pipelines.plan import Shard, part_sizes
from pipelines.recipe import Recipe, refuse_missing
from pipelines.run import DEADLINE_S
from pipelines.worker import Order, Worker
from renderers.engines.sweeper import Sweeper


class PartCost(msgspec.Struct, frozen=True):
    """Cost of a part of a run: rows, seconds of one core, bytes of Parquet."""

    part: str
    rows: int
    core_s: float
    num_bytes: float


def estimate(recipe: Recipe, num: int, probe_rows: int = 150) -> list[PartCost]:
    """Cost of each part of `num` rows; time of starting the engines is not in it.

    Args:
        recipe: what would be made.
        num: rows.
        probe_rows: how many rows of each part are made and thrown away to measure it.

    Raises:
        NotInstalled: this machine lacks what draws.
    """
    refuse_missing(recipe)
    sizes = part_sizes(recipe, num)
    costs = []
    with closing(Sweeper("estimate")) as sweeper:
        # Another seed: the probe's rows are not the run's first rows, which would look like cheating with caches.
        order = Order(replace(recipe, seed=recipe.seed + 1).plain(), str(sweeper.folder), DEADLINE_S)
        with Worker(order) as worker:
            for part in recipe.parts:
                worker.make(Shard(part.name, "train", 0, 8), "warm")
                started = time.perf_counter()
                receipt = worker.make(Shard(part.name, "train", 0, probe_rows), "probe")
                row_s = (time.perf_counter() - started) / receipt.rows
                rows = sizes[part.name]
                costs.append(PartCost(part.name, rows, row_s * rows, receipt.num_bytes / receipt.rows * rows))
    return costs


def num_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0))

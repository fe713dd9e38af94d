"""A worker looks for garbage less often while it is open, here and on Ray, and leaves the process as it found it."""

import gc
from pathlib import Path

import ray

from pipelines.cluster import joined
from pipelines.crew import WorkerActor, as_actors
from pipelines.plan import Shard
from pipelines.recipe import Part, Recipe
from pipelines.worker import GARBAGE_EVERY, Order, Worker
from renderers.matplotlib_charts import MatplotlibCharts

SHARD = Shard("matplotlib_charts", "train", 0, 2)


def order(out: Path) -> Order:
    return Order(Recipe("few", (Part(MatplotlibCharts()),)).plain(), str(out), 120.0)


def collector() -> tuple[tuple[int, int, int], int]:
    """The thresholds of the collector, and how many objects it never looks at."""
    return gc.get_threshold(), gc.get_freeze_count()


class Probe(WorkerActor):
    """A worker of a run that also says how its process collects garbage."""

    @ray.method(concurrency_group="work")
    def collector(self) -> tuple[tuple[int, int, int], int]:
        return collector()


def test_a_worker_leaves_the_collector_as_it_was(tmp_path: Path) -> None:
    before = collector()
    with Worker(order(tmp_path)) as worker:
        thresholds, frozen = collector()
        assert thresholds == (GARBAGE_EVERY, *before[0][1:])
        assert frozen > before[1]
        assert worker.make(SHARD, "a").rows == 2
    assert collector() == before


def test_a_worker_on_ray_is_open_while_it_works(tmp_path: Path) -> None:
    with joined(None, 1):
        actor = as_actors(Probe).remote(order(tmp_path))
        (thresholds, frozen) = before = ray.get(actor.collector.remote())
        assert thresholds[0] != GARBAGE_EVERY
        assert frozen == 0
        assert ray.get(actor.make.remote(SHARD, "a")).rows == 2
        thresholds, frozen = ray.get(actor.collector.remote())
        assert thresholds[0] == GARBAGE_EVERY
        assert frozen > 10_000
        ray.get(actor.close.remote())
        assert ray.get(actor.collector.remote()) == before

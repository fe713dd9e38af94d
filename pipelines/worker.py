"""One process that makes shards, whether Ray started it or not: session, store, and what others may ask meanwhile."""

import gc
import time
from collections.abc import Iterator
from importlib.metadata import version as version_of
from types import TracebackType
from typing import Any, Self

import msgspec
import psutil

from pipelines.manifest import rejects_name, staging_name
from pipelines.plan import Shard
from pipelines.recipe import Recipe
from pipelines.shard import Receipt, digests, write_rows
from pipelines.store import Store
from pipelines.work import Session, ShardStats, work
from renderers.core.errors import MachineFault
from renderers.core.machine import lack
from renderers.core.renderer import versions_of
from renderers.core.sample import REJECT_SCHEMA, SCHEMA
from renderers.effects.mix import tools as effects_tools

GARBAGE_EVERY = 10_000
"""Objects made between two looks for garbage, and what is loaded at the start is left out of them: with Python's own
700 they took a twentieth of a worker's time, since a shard's rows are looked through again and again."""


class Order(msgspec.Struct, frozen=True):
    """What a worker needs to know of a run: plain data, it travels.

    Attributes:
        recipe: as `Recipe.plain` gives it.
        out: the folder of the data set, as the worker sees it.
        deadline_s: for one call of an engine.
    """

    recipe: dict[str, Any]
    out: str
    deadline_s: float


class Progress(msgspec.Struct, frozen=True):
    """How far a worker is with its current shard."""

    kept: int
    rejected: int
    failed: int


class Worker:
    """Makes shards, one at a time; `make` is called from one thread, `progress` from any.

    A context manager: while it is open, Python looks for garbage less often, and its engines stay open.
    """

    def __init__(self, order: Order) -> None:
        self._store = Store(order.out)
        self._session = Session(Recipe.from_plain(order.recipe), order.deadline_s)
        self._versions: dict[str, dict[str, str]] = {}
        self._stats = ShardStats()
        self._peak_rss_bytes = 0
        self._collector = gc.get_threshold()

    def __enter__(self) -> Self:
        self._collector = gc.get_threshold()
        gc.freeze()
        gc.set_threshold(GARBAGE_EVERY)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._session.__exit__(kind, error, trace)
        finally:
            gc.set_threshold(*self._collector)
            gc.unfreeze()

    def make(self, shard: Shard, attempt: str) -> Receipt:
        """Draw, render, prove and write a shard to `staging_name(shard, attempt)`.

        Raises:
            EngineStartError, MachineFault, ShardError: see `work`.
        """
        *_, receipt = self.steps(shard, attempt)
        assert isinstance(receipt, Receipt), "the last step is the receipt"
        return receipt

    def steps(self, shard: Shard, attempt: str) -> Iterator[Progress | Receipt]:
        """`make`, step by step: the progress after each batch, and last the receipt."""
        try:
            yield from self._steps(shard, attempt)
        except (OSError, MemoryError) as error:
            lacking = lack(error)
            if lacking is None:
                raise
            raise MachineFault(f"{shard.part} cannot be made: {lacking}") from error

    def _steps(self, shard: Shard, attempt: str) -> Iterator[Progress | Receipt]:
        started = time.perf_counter()
        # Asked before anything is drawn: a program that does not answer costs no finished shard.
        versions = self._engine_versions(shard.part)
        self._stats = stats = ShardStats()
        self._peak_rss_bytes = 0
        for _ in work(self._session, shard, stats):
            self._measure()
            yield self.progress()
        rows = [stats.rows[index].result() for index in shard.indices]
        name = staging_name(shard, attempt)
        write_rows(self._store, name, rows, SCHEMA, shard)
        if stats.rejects:
            write_rows(self._store, rejects_name(name), stats.rejects, REJECT_SCHEMA, shard)
        self._measure()
        yield Receipt(
            shard=shard,
            rows=len(rows),
            sha256=self._store.sha256(name),
            num_bytes=self._store.size_bytes(name) or 0,
            row_digests=digests(rows),
            num_draws=stats.num_draws,
            rejected=dict(sorted(stats.rejected.items())),
            failed=stats.failed,
            rejects=len(stats.rejects),
            versions=versions,
            seconds=round(time.perf_counter() - started, 3),
            peak_rss_bytes=self._peak_rss_bytes,
        )

    def progress(self) -> Progress:
        """How far the shard in work is."""
        stats = self._stats
        return Progress(len(stats.rows), stats.rejected.total(), stats.failed)

    def _measure(self) -> None:
        own = psutil.Process().memory_info().rss
        self._peak_rss_bytes = max(self._peak_rss_bytes, own + self._session.rss_bytes())

    def _engine_versions(self, part: str) -> dict[str, str]:
        if part not in self._versions:
            made = self._session.recipe.part(part)
            tools = versions_of(made.renderer) | (effects_tools() if made.effects else {})
            self._versions[part] = tools | {"deflate": version_of("deflate")}  # that packs the pictures
        return self._versions[part]

"""Runs a plan on Ray, the only file that knows it.

A bounded number of shards is in flight, one for each actor; an actor holds its engines open and writes its shard to a
name of its own; the driver commits. An actor that dies or passes its deadline is replaced and its shard is given out
again. Without an address Ray is started in this process and ends with it.
"""

import contextlib
import logging
import os
import signal
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import ray
from ray.exceptions import GetTimeoutError, RayActorError, RayTaskError

from pipelines.plan import Shard
from pipelines.shard import Receipt
from pipelines.worker import Order, Progress, Worker
from renderers.core.errors import ConfigError, FactoryError, ShardError

_log = logging.getLogger(__name__)

_POLL_S = 0.5
_LOSSES_PER_SHARD = 4
"""Actors that one shard may cost before the run fails: a node may be lost twice, a deadly shard is told apart."""

_STALL_S = 600.0
"""A shard without a new row for so long is taken from its actor; engines have shorter deadlines of their own."""

_OBJECT_STORE_BYTES = 128 << 20


NONE = Progress(0, 0, 0)


@dataclass
class _Seat:
    """One worker of the run and what it is doing."""

    actor: Any
    shard: Shard | None = None
    attempt: str = ""
    task: Any = None
    watch: Any = None
    progress: Progress = NONE
    moved: float = 0.0


class _Actor:
    """`Worker` as Ray sees it; `watch` answers while `work` is busy, and all of `work` runs in one thread."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._worker: Worker | None = None

    @ray.method(concurrency_group="work")
    def make(self, shard: Shard, attempt: str) -> Receipt:
        if self._worker is None:
            self._worker = Worker(self._order)
        return self._worker.make(shard, attempt)

    @ray.method(concurrency_group="work")
    def close(self) -> None:
        if self._worker is not None:
            self._worker.__exit__(None, None, None)

    @ray.method(concurrency_group="watch")
    def progress(self) -> Progress:
        return self._worker.progress() if self._worker is not None else NONE


@contextlib.contextmanager
def joined(address: str | None, workers: int) -> Iterator[int]:
    """A Ray cluster, and how many workers it has room for.

    Args:
        address: of a running cluster; None starts one in this process, or joins the one whose job this is.
        workers: wanted; 0 = as many as the cluster has CPUs.
    """
    address = address or os.environ.get("RAY_ADDRESS")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    ours = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    if address:
        # Nodes have the engines as `make setup` left them; a job that was submitted brings its folder itself.
        try:
            ray.init(address=address, **quiet)
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise ConfigError(f"no Ray cluster answers at {address}: {error}") from error
    else:
        ray.init(
            num_cpus=workers or None,
            include_dashboard=False,
            object_store_memory=_OBJECT_STORE_BYTES,
            **quiet,
        )
    # Ray ends the driver at SIGTERM in its own way, without a word; ours closes engines and says what is safe.
    for number, handler in ours.items():
        signal.signal(number, handler)
    try:
        yield workers or _num_cpus()
    finally:
        ray.shutdown()


def _num_cpus() -> int:
    resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
    return int(resources.get("CPU", 1))


def run_plan(shards: Sequence[Shard], order: Order, workers: int) -> Iterator[tuple[Receipt, str] | Progress]:
    """Make shards on the cluster that was joined, in any order.

    Yields:
        A receipt with the attempt's name for each shard made, and now and then the sum of all workers' progress.

    Raises:
        FactoryError: as a worker raised it, or after too many lost actors.
    """
    groups = {"work": 1, "watch": 1}
    actor_class = ray.remote(num_cpus=1, max_restarts=0, concurrency_groups=groups)(_Actor)  # type: ignore[call-overload]
    queue = list(reversed(shards))
    losses: dict[Shard, int] = {}
    seats = [_Seat(actor_class.remote(order)) for _ in range(min(workers, len(shards)))]
    try:
        while queue or any(seat.task is not None for seat in seats):
            for seat in seats:
                if seat.task is None and queue:
                    _give(seat, queue.pop())
            busy = {seat.task: seat for seat in seats if seat.task is not None}
            ready, _ = ray.wait(list(busy), num_returns=len(busy), timeout=_POLL_S)
            for task in ready:
                seat = busy[task]
                receipt = _take(seat)
                if receipt is not None:
                    yield receipt, seat.attempt
                else:
                    _replace(seat, actor_class.remote(order), losses, queue)
            for seat in seats:
                _look_at(seat)
                if seat.task is not None and time.monotonic() - seat.moved > _STALL_S:
                    _log.warning("%s made no row for %g s; it is given to another worker", seat.shard, _STALL_S)
                    _replace(seat, actor_class.remote(order), losses, queue)
            yield _total(seats)
        _close(seats)
    finally:
        for seat in seats:
            ray.kill(seat.actor)


def _give(seat: _Seat, shard: Shard) -> None:
    seat.shard, seat.attempt = shard, uuid.uuid4().hex[:12]
    seat.task = seat.actor.make.remote(shard, seat.attempt)
    seat.progress, seat.watch, seat.moved = NONE, None, time.monotonic()


def _take(seat: _Seat) -> Receipt | None:
    """The receipt of a finished task, None where its actor was lost."""
    try:
        receipt: Receipt = ray.get(seat.task)
    except RayActorError as error:
        _log.info("a worker was lost: %s", error)
        return None
    except RayTaskError as error:
        if isinstance(error.cause, FactoryError):
            raise error.cause from None
        raise
    seat.task = seat.watch = None
    seat.progress = NONE
    return receipt


def _replace(seat: _Seat, actor: Any, losses: dict[Shard, int], queue: list[Shard]) -> None:
    assert seat.shard is not None, "only a busy seat is replaced"
    ray.kill(seat.actor)
    losses[seat.shard] = losses.get(seat.shard, 0) + 1
    if losses[seat.shard] >= _LOSSES_PER_SHARD:
        raise ShardError(f"{seat.shard} lost {_LOSSES_PER_SHARD} workers; see Ray's logs of the last one")
    queue.append(seat.shard)
    seat.actor, seat.task, seat.watch, seat.progress = actor, None, None, NONE


def _look_at(seat: _Seat) -> None:
    """Ask a busy worker how far it is, without waiting for the answer."""
    if seat.task is None:
        return
    if seat.watch is None:
        seat.watch = seat.actor.progress.remote()
        return
    try:
        progress: Progress = ray.get(seat.watch, timeout=0)
    except GetTimeoutError:
        return
    except RayActorError:
        seat.watch = None
        return
    if progress != seat.progress:
        seat.progress, seat.moved = progress, time.monotonic()
    seat.watch = None


def _total(seats: Sequence[_Seat]) -> Progress:
    parts = [seat.progress for seat in seats]
    return Progress(
        sum(part.kept for part in parts), sum(part.rejected for part in parts), sum(part.failed for part in parts)
    )


def _close(seats: Sequence[_Seat]) -> None:
    """Let the workers end their engines in order; what does not is ended with its actor."""
    closing = [seat.actor.close.remote() for seat in seats]
    ray.wait(closing, num_returns=len(closing), timeout=10.0)

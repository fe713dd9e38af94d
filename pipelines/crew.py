"""The workers of a run on Ray: who makes which shard, and what happens when one is lost.

A bounded number of shards is in flight, one for each actor that runs; an actor holds its engines open and writes its
shard to a name of its own; the driver commits. No shard waits for an actor: what a lost one had goes to whoever is
idle, so a run goes on while one worker lives.
"""

import contextlib
import logging
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import ray
from ray.exceptions import GetTimeoutError, RayActorError, RayError, RayTaskError

from pipelines.plan import Shard
from pipelines.shard import Receipt
from pipelines.worker import Order, Progress, Worker
from renderers.core.errors import FactoryError, MachineFault, ShardError

_log = logging.getLogger(__name__)

_POLL_S = 0.5
_LOSSES_PER_SHARD = 4
"""Workers that one shard may cost before the run fails: a node may be lost twice, and a shard that kills every worker
is recognised."""

_LOST_STARTS = 20
"""Workers that may be lost in a row before they had a shard; so many nodes do not go in a row."""

_STALL_S = 600.0
"""A shard without a new row for so long is taken from its worker; engines have shorter deadlines of their own."""

_SEAT_S = 120.0
"""A worker that gets no CPU for so long is let go where others work."""

_NO_SEAT_S = 600.0
"""Where none gets one for so long the run ends; it says that it waits after `_SAY_S`."""

_SAY_S = 20.0

NO_PROGRESS = Progress(0, 0, 0)

_GROUPS = {"work": 1, "watch": 1}


class WorkerActor:
    """`Worker` as Ray sees it; `watch` answers while `work` is busy, and all of `work` runs in one thread."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._open = contextlib.ExitStack()
        self._worker: Worker | None = None

    @ray.method(concurrency_group="work")
    def make(self, shard: Shard, attempt: str) -> Receipt:
        """As `Worker.make`; the first shard opens the worker."""
        if self._worker is None:
            self._worker = self._open.enter_context(Worker(self._order))
        return self._worker.make(shard, attempt)

    @ray.method(concurrency_group="work")
    def close(self) -> None:
        """Leave the worker: its engines end, and the process collects garbage as before."""
        self._open.close()

    @ray.method(concurrency_group="watch")
    def progress(self) -> Progress:
        """As `Worker.progress`; nothing before the first shard."""
        return self._worker.progress() if self._worker is not None else NO_PROGRESS


def as_actors(kind: type[WorkerActor]) -> Any:
    """The class whose instances are actors on the cluster: one core each, one thread that works, one that answers."""
    return ray.remote(num_cpus=1, max_restarts=0, concurrency_groups=_GROUPS)(kind)  # type: ignore[call-overload]


@dataclass
class _Seat:
    """One worker of a run.

    Attributes:
        started: answers as soon as the actor has a CPU; None once it did.
        since_s: of the monotonic clock, when it was asked for, or its progress last changed.
        shard, attempt, task, watch, progress: what it is doing; `task` is None where it does nothing.
        fault: what its machine lacked with its last shard; it rests until another worker has made one.
    """

    actor: Any
    started: Any
    since_s: float
    shard: Shard | None = None
    attempt: str = ""
    task: Any = None
    watch: Any = None
    progress: Progress = NO_PROGRESS
    fault: MachineFault | None = None

    @property
    def idle(self) -> bool:
        return self.started is None and self.task is None and self.fault is None


def run_plan(shards: Sequence[Shard], order: Order, workers: int) -> Iterator[tuple[Receipt, str] | Progress]:
    """Make shards on the cluster that was joined, in any order.

    Yields:
        A receipt with the attempt's name for each shard made, and now and then the sum of all workers' progress.

    Raises:
        FactoryError: as a worker raised it; too many lost workers; no machine that can draw; no free CPU.
    """
    crew = _Crew(shards, order, min(workers, len(shards)))
    try:
        while crew.is_busy():
            yield from crew.turn()
        crew.close()
    except RayError as error:
        raise FactoryError(f"the Ray cluster was lost: {str(error).strip().splitlines()[0]}") from error
    finally:
        crew.dismiss()


class _Crew:
    """The workers of a run and what is left to do. No shard is bound to a seat before its worker runs."""

    def __init__(self, shards: Sequence[Shard], order: Order, num: int) -> None:
        self._actor_class = as_actors(WorkerActor)
        self._order = order
        self._queue = list(reversed(shards))
        self._losses: dict[Shard, int] = {}
        self._lost_starts = 0
        self._said = self._worked = time.monotonic()
        self._seats = [self._seat() for _ in range(num)]

    def is_busy(self) -> bool:
        """Whether anything is left to do."""
        return bool(self._queue) or any(seat.task is not None for seat in self._seats)

    def turn(self) -> Iterator[tuple[Receipt, str] | Progress]:
        """Give out what can be given, wait a little, take what is ready."""
        for seat in self._seats:
            if seat.idle and self._queue:
                _give(seat, self._queue.pop())
        asked = {ref: seat for seat in self._seats for ref in (seat.started, seat.task) if ref is not None}
        ready, _ = ray.wait(list(asked), num_returns=len(asked), timeout=_POLL_S) if asked else ([], [])
        for ref in ready:
            seat = asked[ref]
            if ref is seat.started:
                self._seat_is_taken(seat)
                continue
            receipt = self._take(seat)
            if receipt is not None:
                yield receipt, seat.attempt
        for seat in self._seats:
            _look_at(seat)
            if seat.task is not None and time.monotonic() - seat.since_s > _STALL_S:
                _log.warning("%s made no row for %g s; it is given to another worker", seat.shard, _STALL_S)
                self._lose(seat, "it made no row")
        self._let_go_what_gets_no_cpu()
        yield self._progress()

    def close(self) -> None:
        """Let the workers end their engines in order; what does not is ended with its actor."""
        closing = [seat.actor.close.remote() for seat in self._seats if seat.started is None]
        if closing:
            ray.wait(closing, num_returns=len(closing), timeout=10.0)

    def dismiss(self) -> None:
        """End all workers."""
        for seat in self._seats:
            ray.kill(seat.actor)

    def _seat(self) -> _Seat:
        actor = self._actor_class.remote(self._order)
        return _Seat(actor, actor.progress.remote(), time.monotonic())

    def _replace(self, seat: _Seat) -> None:
        ray.kill(seat.actor)
        self._seats[self._seats.index(seat)] = self._seat()

    def _seat_is_taken(self, seat: _Seat) -> None:
        try:
            ray.get(seat.started)
        except RayActorError as error:
            self._lost_starts += 1
            if self._lost_starts >= _LOST_STARTS:
                raise FactoryError(f"no worker starts on the cluster: {str(error).strip()}") from error
            self._replace(seat)
        else:
            self._lost_starts, seat.started = 0, None

    def _take(self, seat: _Seat) -> Receipt | None:
        """The receipt of a finished task; None where its shard has to be made again."""
        try:
            receipt: Receipt = ray.get(seat.task)
        except RayActorError as error:
            _log.info("a worker was lost: %s", error)
            self._lose(seat, str(error))
            return None
        except RayTaskError as error:
            if isinstance(error.cause, MachineFault):
                self._rest(seat, error.cause)
                return None
            if isinstance(error.cause, FactoryError):
                raise error.cause from None
            raise
        _free(seat)
        for other in self._seats:
            other.fault = None
        return receipt

    def _rest(self, seat: _Seat, fault: MachineFault) -> None:
        """Take back a shard whose machine cannot draw now.

        Raises:
            MachineFault: no worker is left that can.
        """
        assert seat.shard is not None, "only a busy seat has a fault"
        self._queue.append(seat.shard)
        _free(seat)
        seat.fault = fault
        if all(one.fault is not None for one in self._seats if one.started is None):
            raise fault
        _log.warning("%s; its shard is given to another worker", fault)

    def _lose(self, seat: _Seat, why: str) -> None:
        assert seat.shard is not None, "only a busy seat loses a shard"
        self._losses[seat.shard] = self._losses.get(seat.shard, 0) + 1
        if self._losses[seat.shard] >= _LOSSES_PER_SHARD:
            raise ShardError(f"{seat.shard} lost {_LOSSES_PER_SHARD} workers, the last one: {' '.join(why.split())}")
        self._queue.append(seat.shard)
        self._replace(seat)

    def _let_go_what_gets_no_cpu(self) -> None:
        """Raises FactoryError where nobody gets one for too long."""
        now = time.monotonic()
        waiting = [seat for seat in self._seats if seat.started is not None]
        faults = [seat.fault for seat in self._seats if seat.fault is not None]
        if len(waiting) + len(faults) < len(self._seats):
            self._worked = now
            for seat in waiting:
                if now - seat.since_s > _SEAT_S:
                    _log.warning("a worker got no CPU of the cluster for %g s; the run goes on without it", _SEAT_S)
                    ray.kill(seat.actor)
                    self._seats.remove(seat)
            return
        if now - self._worked > _NO_SEAT_S:
            if faults:
                raise faults[0]
            raise FactoryError(f"no CPU of the cluster was free for {_NO_SEAT_S:g} s; end what holds them, or wait")
        if now - max(self._said, self._worked) > _SAY_S:
            self._said = now + _SAY_S * 2
            _log.warning("all CPUs of the cluster are taken; waiting for one")

    def _progress(self) -> Progress:
        parts = [seat.progress for seat in self._seats]
        return Progress(
            sum(part.kept for part in parts), sum(part.rejected for part in parts), sum(part.failed for part in parts)
        )


def _give(seat: _Seat, shard: Shard) -> None:
    seat.shard, seat.attempt = shard, uuid.uuid4().hex[:12]
    seat.task = seat.actor.make.remote(shard, seat.attempt)
    seat.progress, seat.watch, seat.since_s = NO_PROGRESS, None, time.monotonic()


def _free(seat: _Seat) -> None:
    seat.task = seat.watch = None
    seat.progress = NO_PROGRESS


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
        seat.progress, seat.since_s = progress, time.monotonic()
    seat.watch = None

"""Runs a plan on Ray, the only file that knows it.

A bounded number of shards is in flight, one for each actor; an actor holds its engines open and writes its shard to a
name of its own; the driver commits. An actor that dies or passes its deadline is replaced and its shard is given out
again. Without an address Ray is started in this process and ends with it.
"""

import contextlib
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
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
"""Actors that one shard may cost before the run fails: a node may be lost twice, and a shard that kills every worker is
recognised."""

_STALL_S = 600.0
"""A shard without a new row for so long is taken from its actor; engines have shorter deadlines of their own."""

_OBJECT_STORE_BYTES = 128 << 20


_ANSWER_S = 15.0
"""In which a head of Ray's answers; it takes a second or two."""

_MAX_TEMP_CHARS = 24
"""Of the temporary folder: a socket's path has 107 at most, of which Ray's own part is up to 80."""

NO_PROGRESS = Progress(0, 0, 0)


@dataclass
class _WorkerSlot:
    """One worker of the run and what it is doing.

    Attributes:
        moved: when its progress last changed, in seconds of the monotonic clock.
    """

    actor: Any
    shard: Shard | None = None
    attempt: str = ""
    task: Any = None
    watch: Any = None
    progress: Progress = NO_PROGRESS
    moved: float = 0.0


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
    with contextlib.ExitStack() as stack:
        if address:
            _check_answers(address)
            # Nodes have the engines as `make setup` left them; a job that was submitted brings its folder itself.
            try:
                ray.init(address=address, **quiet)
            except (ConnectionError, RuntimeError, ValueError) as error:
                raise ConfigError(f"no Ray cluster answers at {address}: {error}") from error
        else:
            ray.init(
                address="local",  # Not the cluster that happens to run on this machine.
                num_cpus=workers or None,
                include_dashboard=False,
                object_store_memory=_OBJECT_STORE_BYTES,
                _temp_dir=stack.enter_context(_socket_folder()),
                **quiet,
            )
        stack.callback(ray.shutdown)
        # Ray ends the driver at SIGTERM in its own way, without a word; ours closes engines and says what is safe.
        for number, handler in ours.items():
            signal.signal(number, handler)
        yield workers or _num_cpus()


def _check_answers(address: str) -> None:
    """Check that a Ray cluster answers at host:port; `ray.init` would wait for one without end.

    Raises:
        ConfigError: none does within the time.
    """
    target = address.removeprefix("ray://")
    host, _, port = target.rpartition(":")
    if not host or not port.isdecimal():
        return  # "auto", or a name that Ray itself refuses at once
    try:
        socket.create_connection((host, int(port)), timeout=_ANSWER_S).close()
    except (OSError, OverflowError) as error:
        raise ConfigError(f"no Ray cluster answers at {address}: {error}; is the address that of its head?") from error
    if address.startswith("ray://"):
        return
    asked = [sys.executable, "-m", "ray.scripts.scripts", "health-check", "--address", target]
    try:
        done = subprocess.run(asked, check=False, capture_output=True, timeout=_ANSWER_S)
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode:
        raise ConfigError(f"no Ray cluster answers at {address}: something listens there, but it is no head of Ray's")


@contextlib.contextmanager
def _socket_folder() -> Iterator[str | None]:
    """Where Ray keeps its sockets: a folder of our own where the path of the temporary one is too long for them."""
    if len(tempfile.gettempdir()) <= _MAX_TEMP_CHARS:
        yield None
        return
    try:
        folder = tempfile.mkdtemp(prefix="gm-", dir="/tmp")
    except OSError as error:
        raise ConfigError(
            f"TMPDIR {tempfile.gettempdir()} is too long for the sockets of Ray, and /tmp cannot be written "
            f"({error.strerror}); give a path of at most {_MAX_TEMP_CHARS} characters"
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
    actor_class = as_actors(WorkerActor)
    queue = list(reversed(shards))
    losses: dict[Shard, int] = {}
    slots = [_WorkerSlot(actor_class.remote(order)) for _ in range(min(workers, len(shards)))]
    try:
        while queue or any(slot.task is not None for slot in slots):
            for slot in slots:
                if slot.task is None and queue:
                    _give(slot, queue.pop())
            busy = {slot.task: slot for slot in slots if slot.task is not None}
            ready, _ = ray.wait(list(busy), num_returns=len(busy), timeout=_POLL_S)
            for task in ready:
                slot = busy[task]
                receipt = _take(slot)
                if receipt is not None:
                    yield receipt, slot.attempt
                else:
                    _replace(slot, actor_class.remote(order), losses, queue)
            for slot in slots:
                _look_at(slot)
                if slot.task is not None and time.monotonic() - slot.moved > _STALL_S:
                    _log.warning("%s made no row for %g s; it is given to another worker", slot.shard, _STALL_S)
                    _replace(slot, actor_class.remote(order), losses, queue)
            yield _total(slots)
        _close(slots)
    finally:
        for slot in slots:
            ray.kill(slot.actor)


def _give(slot: _WorkerSlot, shard: Shard) -> None:
    slot.shard, slot.attempt = shard, uuid.uuid4().hex[:12]
    slot.task = slot.actor.make.remote(shard, slot.attempt)
    slot.progress, slot.watch, slot.moved = NO_PROGRESS, None, time.monotonic()


def _take(slot: _WorkerSlot) -> Receipt | None:
    """The receipt of a finished task, None where its actor was lost."""
    try:
        receipt: Receipt = ray.get(slot.task)
    except RayActorError as error:
        _log.info("a worker was lost: %s", error)
        return None
    except RayTaskError as error:
        if isinstance(error.cause, FactoryError):
            raise error.cause from None
        raise
    slot.task = slot.watch = None
    slot.progress = NO_PROGRESS
    return receipt


def _replace(slot: _WorkerSlot, actor: Any, losses: dict[Shard, int], queue: list[Shard]) -> None:
    assert slot.shard is not None, "only a busy slot is replaced"
    ray.kill(slot.actor)
    losses[slot.shard] = losses.get(slot.shard, 0) + 1
    if losses[slot.shard] >= _LOSSES_PER_SHARD:
        raise ShardError(f"{slot.shard} lost {_LOSSES_PER_SHARD} workers; see Ray's logs of the last one")
    queue.append(slot.shard)
    slot.actor, slot.task, slot.watch, slot.progress = actor, None, None, NO_PROGRESS


def _look_at(slot: _WorkerSlot) -> None:
    """Ask a busy worker how far it is, without waiting for the answer."""
    if slot.task is None:
        return
    if slot.watch is None:
        slot.watch = slot.actor.progress.remote()
        return
    try:
        progress: Progress = ray.get(slot.watch, timeout=0)
    except GetTimeoutError:
        return
    except RayActorError:
        slot.watch = None
        return
    if progress != slot.progress:
        slot.progress, slot.moved = progress, time.monotonic()
    slot.watch = None


def _total(slots: Sequence[_WorkerSlot]) -> Progress:
    parts = [slot.progress for slot in slots]
    return Progress(
        sum(part.kept for part in parts), sum(part.rejected for part in parts), sum(part.failed for part in parts)
    )


def _close(slots: Sequence[_WorkerSlot]) -> None:
    """Let the workers end their engines in order; what does not is ended with its actor."""
    closing = [slot.actor.close.remote() for slot in slots]
    ray.wait(closing, num_returns=len(closing), timeout=10.0)

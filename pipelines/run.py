"""The driver: claims a folder, plans, has the shards made here or on Ray, commits them one by one, finishes.

Only the driver commits, and only one driver has a folder at a time. It may be killed between any two lines: what has a
receipt is kept, the rest is made again by the next run.
"""

import fcntl
import logging
import os
import signal
import stat
import threading
import uuid
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import TypeAlias

from pipelines.card import write_card
from pipelines.claim import claim, refuse_foreign_files
from pipelines.manifest import (
    Manifest,
    commit,
    committed,
    finish,
    is_complete,
    is_whole,
    read_manifest,
    staging_name,
    sweep,
    write_manifest,
)
from pipelines.plan import Shard, missing, plan
from pipelines.progress import Meter, metering
from pipelines.recipe import Recipe, refuse_missing
from pipelines.shard import Receipt
from pipelines.store import UNSUPPORTED, Store
from pipelines.worker import Order, Progress, Worker
from renderers.content.lexicon import Lexicon
from renderers.core.errors import ConfigError

Event: TypeAlias = tuple[Receipt, str] | Progress
"""A shard that was made, with the attempt in its file's name; or how far the unfinished ones are."""

_log = logging.getLogger(__name__)

_LOCK = ".glyphmill/lock"
DEADLINE_S = 120.0
"""For one call of an engine: a batch of fifty takes a few seconds."""


@dataclass(frozen=True)
class Machine:
    """Knobs of the machine, none of which changes a byte.

    Attributes:
        workers: processes; 0 = none, all in this one; None = as many as there are cores.
        ray: address of a Ray cluster; None starts Ray here.
    """

    workers: int | None = None
    ray: str | None = None


def render(recipe: Recipe, num: int, out: str, machine: Machine, fresh: bool = False) -> tuple[Manifest, bool]:
    """Make a data set of `num` rows in a folder, or what is missing of it.

    Returns:
        Its manifest, and whether anything had to be made.

    Raises:
        ConfigError: before anything starts: the folder holds something else, or another run is at work in it.
        NotInstalled: before anything starts: this machine lacks what draws.
        FactoryError: the work failed; what was committed is safe.
    """
    if num < 1:
        raise ConfigError(f"-n {num}: must be 1 or more")
    recipe = recipe.pinned()
    # A corpus that cannot be drawn from is said before anything is touched or started.
    for shard in missing(recipe, num, committed=()):
        recipe.part(shard.part).open_corpora(shard.split)
    store = Store(out)
    if not is_complete(store, num):
        refuse_missing(recipe)
    store.make()
    with ExitStack() as stack:
        corpus_digest = Lexicon.default().digest
        refuse_foreign_files(store)
        _lock(stack, store)
        claim(store, recipe, corpus_digest, fresh)
        done = committed(store)
        if is_complete(store, num) and is_whole(store, recipe, corpus_digest, done):
            return read_manifest(store), False
        gaps = missing(recipe, num, done)
        sweep(store, done)
        kept = sum(receipt.rows for receipt in done.values())
        meter = stack.enter_context(metering(num, kept))
        interrupted = stack.enter_context(_interruptible())
        if gaps:
            with closing(_events(recipe, num, gaps, store, machine)) as events:
                _commit_all(store, events, meter, kept, interrupted)
        manifest = finish(store, recipe, corpus_digest, num)
        write_card(store, recipe, manifest)
        write_manifest(store, manifest)
        return manifest, True


def _lock(stack: ExitStack, store: Store) -> None:
    path = store.path(_LOCK)
    try:
        path.parent.mkdir(exist_ok=True)
        # Through no link, and not waiting for a pipe: the file is written to.
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise ConfigError(f"{path} cannot be opened ({error.strerror}); remove it") from error
    lock = stack.enter_context(os.fdopen(descriptor, "r+b", buffering=0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise ConfigError(f"{path} is no file; remove it")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = lock.read(20).decode("ascii", "replace").strip()
        raise ConfigError(f"output {store.root} is being written by process {owner}; wait for it, or end it") from None
    except OSError as error:
        if error.errno not in UNSUPPORTED:
            raise
        _log.warning("the filesystem of %s has no locks: see to it that no other run writes there", store.root)
    lock.truncate(0)
    lock.write(str(os.getpid()).encode())


def _events(
    recipe: Recipe, num: int, gaps: list[Shard], store: Store, machine: Machine
) -> Generator[Event, None, None]:
    """What happens while the gaps of a data set are filled, in this process or on Ray."""
    order = Order(recipe.plain(), store.root, DEADLINE_S)
    if machine.workers == 0:
        yield from _here(plan(recipe, num, gaps, workers=1), order)
        return
    from pipelines.cluster import joined
    from pipelines.crew import run_plan

    with joined(machine.ray, machine.workers or 0) as workers:
        yield from run_plan(plan(recipe, num, gaps, workers), order, workers)


def _here(shards: list[Shard], order: Order) -> Iterator[Event]:
    with Worker(order) as worker:
        for shard in shards:
            attempt = uuid.uuid4().hex[:12]
            for step in worker.steps(shard, attempt):
                yield (step, attempt) if isinstance(step, Receipt) else step


def _commit_all(store: Store, events: Iterator[Event], meter: Meter, kept: int, interrupted: threading.Event) -> None:
    rejected = 0
    for event in events:
        if interrupted.is_set():
            raise KeyboardInterrupt
        if isinstance(event, Progress):
            meter(kept + event.kept, rejected + event.rejected)
            continue
        receipt, attempt = event
        commit(store, receipt, staging_name(receipt.shard, attempt))
        kept += receipt.rows
        rejected += sum(receipt.rejected.values())
        meter(kept, rejected)


@contextmanager
def _interruptible() -> Iterator[threading.Event]:
    """Ctrl-C and SIGTERM end the run, so that engines are closed and nothing is left behind.

    Python swallows an exception that is raised while an object is being freed, so the event keeps a record of it.
    """
    interrupted = threading.Event()

    def interrupt(signum: int, frame: FrameType | None) -> None:
        interrupted.set()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

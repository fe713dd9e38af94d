"""From an epoch's order to batches: a process reads its own rows once, and its loaders decode what it hands them.

Loaders get encoded samples, not numbers: however many there are, nothing is read twice. A row group is read ahead of
its use in threads, the rows of it that are needed wait in memory, and a row is forgotten when it has been used.
"""

import heapq
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from torch.utils.data import DataLoader, Dataset, Sampler

from got_model.data import Mixture, Sample
from got_model.order import NO_ROW, WINDOW_BYTES

_READ_AHEAD = 4
"""Row groups that are read before they are needed, at most."""


class _Waiting(Struct):
    """Rows of a row group that wait for their use, and how often each is still used."""

    samples: dict[int, Sample]
    uses: Counter[int]


class RowReader:
    """Rows in a given order, each row group read once if `max_bytes` allow it.

    Where the rows that wait are more, those that are needed last are forgotten, and read again.
    """

    def __init__(self, mixture: Mixture, max_bytes: int = WINDOW_BYTES) -> None:
        """Args: max_bytes: of the rows that wait, encoded; row groups being read come on top."""
        self._mixture, self._max_bytes = mixture, max_bytes

    def __call__(self, rows: NDArray[np.int64]) -> Iterator[Sample | None]:
        """The samples of rows (N,); None where there is `NO_ROW`. Raises ShardError where bytes are damaged."""
        with ThreadPoolExecutor(_READ_AHEAD) as threads:
            yield from _Pass(self._mixture, self._max_bytes, rows, threads)


class _Pass:
    """One pass over an order."""

    def __init__(self, mixture: Mixture, max_bytes: int, rows: NDArray[np.int64], threads: ThreadPoolExecutor) -> None:
        self._mixture, self._max_bytes, self._rows, self._threads = mixture, max_bytes, rows, threads
        places = np.flatnonzero(rows != NO_ROW)
        groups = mixture.groups_of(rows[places])
        by_group = np.argsort(groups, kind="stable")
        numbers, firsts = np.unique(groups[by_group], return_index=True)
        # Of each row group: where in the order its rows are still to come.
        self._places = dict(zip(numbers.tolist(), np.split(places[by_group], firsts[1:]), strict=True))
        self._unread: list[tuple[int, int]] = [(int(ahead[0]), group) for group, ahead in self._places.items()]
        heapq.heapify(self._unread)
        self._reading: dict[int, Future[dict[int, Sample]]] = {}
        self._waiting: dict[int, _Waiting] = {}
        self._bytes = 0.0

    def __iter__(self) -> Iterator[Sample | None]:
        for row in map(int, self._rows):
            if row == NO_ROW:
                yield None
                continue
            group = int(self._mixture.groups_of(np.array([row]))[0])
            if group not in self._waiting:
                self._fetch(group)
            self._read_ahead()
            yield self._use(group, row)

    def _next(self, group: int) -> int:
        """Where in the order a row group is needed next."""
        return int(self._places[group][0])

    def _cost(self, group: int, num_rows: int) -> float:
        return self._mixture.row_bytes(group) * num_rows

    def _rows_left(self, group: int) -> Counter[int]:
        return Counter(self._rows[self._places[group]].tolist())

    def _start(self) -> int:
        """Have the row group read that is needed first."""
        group: int = heapq.heappop(self._unread)[1]
        rows = set(self._rows_left(group))
        self._reading[group] = self._threads.submit(self._mixture.read, group, rows)
        self._bytes += self._cost(group, len(rows))
        return group

    def _read_ahead(self) -> None:
        while self._unread and len(self._reading) < _READ_AHEAD:
            group = self._unread[0][1]
            if self._bytes + self._cost(group, len(self._places[group])) > self._max_bytes:
                return
            self._start()

    def _fetch(self, group: int) -> None:
        while group not in self._reading:
            self._start()
        samples = self._reading.pop(group).result()
        self._waiting[group] = _Waiting(samples, self._rows_left(group))
        while self._bytes > self._max_bytes and len(self._waiting) > 1:
            self._forget(max((one for one in self._waiting if one != group), key=self._next))

    def _forget(self, group: int) -> None:
        waiting = self._waiting.pop(group)
        self._bytes -= self._cost(group, len(waiting.samples))
        heapq.heappush(self._unread, (self._next(group), group))

    def _use(self, group: int, row: int) -> Sample:
        waiting = self._waiting[group]
        sample = waiting.samples[row]
        self._places[group] = self._places[group][1:]
        waiting.uses[row] -= 1
        if not waiting.uses[row]:
            del waiting.samples[row]
            self._bytes -= self._cost(group, 1)
        if not waiting.samples:
            del self._waiting[group]
        return sample


class MicroBatchSampler(Sampler[list[int]]):
    """Micro-batches of one worker, as numbers of rows: each worker has the same places of every step."""

    def __init__(
        self,
        mixture: Mixture,
        seed: int,
        batch: int,
        device_batch: int,
        rank: int,
        num_workers: int,
        length_curriculum_frac: float = 0.0,
    ) -> None:
        """Share the rows of a mixture out.

        Args:
            mixture: what they are of.
            seed: of their order.
            batch: rows of a step over all workers; a multiple of `device_batch` times `num_workers`.
            device_batch: of them at a time.
            rank: of this worker.
            num_workers: that there are.
            length_curriculum_frac: in the first epoch; see `Mixture.epoch`.
        """
        self._mixture, self._seed, self._batch, self._device_batch = mixture, seed, batch, device_batch
        self._rank, self._num_workers, self._length_curriculum_frac = rank, num_workers, length_curriculum_frac
        self.epoch = 0
        self._length = len(mixture.epoch(seed, 0, batch)) // device_batch // num_workers

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[list[int]]:
        return (batch.tolist() for batch in self.rows())

    def rows(self) -> NDArray[np.int64]:
        """All of the epoch: (micro-batches, `device_batch`), with `NO_ROW`."""
        length_curriculum_frac = self._length_curriculum_frac if self.epoch == 0 else 0.0
        order = self._mixture.epoch(self._seed, self.epoch, self._batch, length_curriculum_frac)
        own = order.reshape(-1, self._num_workers, self._batch // self._num_workers)[:, self._rank]
        return own.reshape(-1, self._device_batch)


class SampleBatches(Sampler[list[Sample | None]]):
    """The micro-batches of a worker as samples, read in the process that trains."""

    def __init__(self, micro_batches: MicroBatchSampler, mixture: Mixture, num_done: Callable[[], int]) -> None:
        """Set up for a run.

        Args:
            micro_batches: of the worker.
            mixture: whose rows they are.
            num_done: how many the run has done, asked at the start of an epoch: where it goes on in the middle of one,
                those before are left empty, and not read.
        """
        self._micro_batches, self._reader, self._num_done = micro_batches, RowReader(mixture), num_done

    def set_epoch(self, epoch: int) -> None:
        """Called before an epoch starts."""
        self._micro_batches.epoch = epoch

    def __len__(self) -> int:
        return len(self._micro_batches)

    def __iter__(self) -> Iterator[list[Sample | None]]:
        batches = self._micro_batches.rows()
        done = self._num_done() % len(self)
        for _ in range(done):
            yield []
        samples = self._reader(batches[done:].ravel())
        for batch in batches[done:]:
            yield [next(samples) for _ in batch]


class _Handed(Dataset[Sample | None]):
    """What a loader is handed is what it collates."""

    def __init__(self, num_rows: int) -> None:
        self._num_rows = num_rows

    def __len__(self) -> int:
        return self._num_rows

    def __getitems__(self, samples: list[Sample | None]) -> list[Sample | None]:
        return samples


class SampleLoader(DataLoader[Any]):
    """Batches of samples through a collator, in this process or in others."""

    def __init__(self, batches: SampleBatches, num_rows: int, **knobs: Any) -> None:
        """Args: batches: what is loaded; num_rows: of the mixture; knobs: of torch's class."""
        super().__init__(_Handed(num_rows), batch_sampler=batches, worker_init_fn=_ignore_signals, **knobs)

    def set_epoch(self, epoch: int) -> None:
        """Called before an epoch starts."""
        sampler: Any = self.batch_sampler
        # Where a run goes on in the middle of an epoch, the sampler is wrapped.
        getattr(sampler, "batch_sampler", sampler).set_epoch(epoch)


def _ignore_signals(number: int) -> None:
    # Ctrl-C and some schedulers signal all processes of a run; the one that trains decides, and needs its loaders.
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)

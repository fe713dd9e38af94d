"""What ends a run of training before its last step, in one line; what was saved stays."""

import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from renderers.core.errors import FactoryError

_log = logging.getLogger(__name__)

_SHOWN_IDS = 5


class TrainingStopped(FactoryError):
    """A run cannot go on: the loss is no number, memory is out, a worker is gone. What was saved stays."""


class StopRequest:
    """Somebody's wish that a run ends: a signal to this process, or a file where other processes must hear of it."""

    def __init__(self, file: Path | None = None) -> None:
        """Args: file: that says it where it exists."""
        self._file = file
        self._signalled = False

    def __call__(self) -> bool:
        """Whether it was wished."""
        return self._signalled or (self._file is not None and self._file.exists())

    @contextmanager
    def by_signals(self) -> Iterator[None]:
        """SIGTERM and Ctrl-C are the wish while this lasts; the second of them ends the process at once.

        In a thread that is not the main one they cannot be heard; there the file says it.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def hear(signum: int, frame: FrameType | None) -> None:
            if self._signalled:
                raise KeyboardInterrupt
            self._signalled = True
            if self._file is not None:
                self._file.touch()

        before = {number: signal.signal(number, hear) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class CheckpointKeeper(TrainerCallback):
    """Has a checkpoint written by time, beside those of evaluations, and at the end of the step of a wish to stop.

    Attributes:
        stopped: the run ends because somebody wished it.
    """

    def __init__(self, every_min: float, request: StopRequest) -> None:
        """Args: every_min: minutes from one checkpoint to the next; 0: not by time."""
        self._every_s = every_min * 60
        self._request = request
        self._saved = 0.0
        self.stopped = False

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """The time begins."""
        self._saved = time.monotonic()

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Asks for a checkpoint where it is time, and for the end where somebody wishes it: all workers the same."""
        is_time = bool(self._every_s) and time.monotonic() - self._saved >= self._every_s
        wishes = torch.tensor([float(is_time), float(self._request())], device=args.device)
        if args.world_size > 1:
            torch.distributed.all_reduce(wishes, torch.distributed.ReduceOp.MAX)
        save, stop = (value > 0 for value in wishes.tolist())
        if save or stop:
            control.should_save = True
            # What was summed since the last log would not be in the run that goes on.
            control.should_log = True
        if stop and state.global_step < state.max_steps:
            control.should_training_stop = self.stopped = True

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """The time begins again."""
        self._saved = time.monotonic()


class BrokenPictures:
    """Samples whose pictures cannot be read: each is said once and left out, up to a limit.

    Attributes:
        limit: how many a process may meet in a run.
    """

    def __init__(self, limit: int) -> None:
        """None are known yet."""
        self.limit = limit
        self._ids: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, found: dict[str, str]) -> None:
        """Args: found: {id of a sample: what is wrong with it, in a line}.

        Raises:
            TrainingStopped: they are more than the limit.
        """
        for name, line in found.items():
            if name not in self._ids:
                self._ids[name] = None
                _log.warning("%s; it is left out", line)
        self.check(len(self))

    def check(self, count: int) -> None:
        """Args: count: of all workers together.

        Raises:
            TrainingStopped: they are more than the limit.
        """
        if count > self.limit:
            last = ", ".join(list(self._ids)[-_SHOWN_IDS:]) or "on other workers"
            raise TrainingStopped(
                f"pictures of {count} samples cannot be read, max_broken is {self.limit}; the last: {last}; mend the "
                "data set, or give more in a stage of your own, and go on with --resume"
            )

"""What ends a run of training before its last step, in one line; what was saved stays."""

import logging

from renderers.core.errors import FactoryError

_log = logging.getLogger(__name__)

_SHOWN_IDS = 5


class TrainingStopped(FactoryError):
    """A run cannot go on: the loss is no number, memory is out, a worker is gone. What was saved stays."""


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

"""One engine kept open: given a deadline for each batch, recycled before it grows, started anew when it died.

The pool knows nothing of the engine but the `Engine` protocol. Its one decision: whoever waits in a call is freed by
ending the program it waits for, never by interrupting the waiting thread. While a call goes on it looks at the machine
too: what was drawn on a full disk is not to be judged by.
"""

import logging
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

from renderers.core.errors import EngineCrash, EngineError, EngineStartError, EngineTimeout, MachineFault
from renderers.core.machine import lack, shortage
from renderers.core.renderer import Engine

E = TypeVar("E", bound=Engine)
T = TypeVar("T")

_log = logging.getLogger(__name__)

_STARTS = 3
"""Starts in a row that may fail before an engine counts as missing."""

RENDER_S = 0.1
"""What each render of a call adds to its deadline. Measured: 5-50 ms, where the machine is not overloaded."""

_LOOK_S = 0.2
"""Between two looks at the disk while a call goes on; a look takes two microseconds."""

_SHORT_S = 5.0
"""How long a call may go on while the machine lacks something: a browser on a full disk waits for ever."""

_GRACE_S = 5.0
"""How long a killed engine may take to free its caller before it is killed again, harder."""


class Pool(Generic[E]):
    """Keeps one engine of a class open in this process: a context manager, used from one thread.

    Args:
        engine_class: what to open.
        deadline_s: how long one call may take, the start of the engine apart; each render adds `RENDER_S`.
        max_renders: after so many renders the engine is closed and the next call opens a fresh one.
        max_rss_bytes: the same when its programs hold more memory than this after a call.

    Attributes:
        num_starts: of the engine so far.
        shortage: what the machine lacked while the last call went on, in words; None where nothing was seen.
    """

    def __init__(
        self,
        engine_class: type[E],
        *,
        deadline_s: float = 120.0,
        max_renders: int = 20_000,
        max_rss_bytes: int = 2 << 30,
    ) -> None:
        self._engine_class = engine_class
        self._deadline_s = deadline_s
        self._max_renders = max_renders
        self._max_rss_bytes = max_rss_bytes
        self._engine: E | None = None
        self._num_renders = 0
        self.num_starts = 0
        self.shortage: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def run(self, call: Callable[[E], T], num: int) -> T:
        """What `call` makes of the engine.

        Args:
            call: the work; must not keep the engine.
            num: how many renders it is, for the count after which the engine is recycled.

        Raises:
            EngineStartError: the engine is missing or does not start.
            MachineFault: it does not start for want of what the message names.
            EngineCrash: it died; it is gone, the next run starts a fresh one.
            EngineTimeout: it passed the deadline and was killed; the same.
        """
        self.shortage = None
        engine = self._open()
        deadline_s = self._deadline_s + num * RENDER_S
        watch = _Watch(engine, deadline_s)
        try:
            with watch:
                result = call(engine)
        except EngineError as error:
            self._drop()
            if watch.passed:
                raise EngineTimeout(f"{engine.name} did not answer within {deadline_s:g} s") from error
            raise
        except BaseException:
            self._drop()
            raise
        finally:
            self.shortage = watch.shortage
        self._num_renders += num
        if watch.passed:
            self._drop()
        elif self._num_renders >= self._max_renders or engine.rss_bytes() > self._max_rss_bytes:
            _log.debug("recycling %s after %d renders", engine.name, self._num_renders)
            self._close()
        return result

    def rss_bytes(self) -> int:
        """Memory that the open engine's programs hold now, besides this process; 0 where none is open."""
        return self._engine.rss_bytes() if self._engine is not None else 0

    def _open(self) -> E:
        if self._engine is None:
            self._engine = self._start()
            self._num_renders = 0
            self.num_starts += 1
        return self._engine

    def _start(self) -> E:
        # A program that is killed while it starts looks like one that does not start; it is asked again before that is
        # said. One that is missing is missing at once.
        for tries_left in reversed(range(_STARTS)):
            try:
                return self._engine_class().__enter__()
            except (EngineStartError, OSError, MemoryError) as error:
                lacking = shortage() or lack(error)
                if lacking:
                    raise MachineFault(f"{self._engine_class.name} does not start: {lacking}") from error
                if not tries_left or not isinstance(error, EngineStartError):
                    raise
                _log.info("%s did not start: %s", self._engine_class.name, error)
        raise AssertionError("the last try returns or raises")

    def _drop(self) -> None:
        if self._engine is not None:
            self._engine.kill()
        self._close()

    def _close(self) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            try:
                engine.__exit__(None, None, None)
            except EngineCrash as error:
                _log.debug("%s died while it was closed: %s", engine.name, error)


class _Watch:
    """Kills an engine when a deadline passes while the body of the `with` still runs."""

    def __init__(self, engine: Engine, deadline_s: float) -> None:
        self._engine = engine
        self._deadline_s = deadline_s
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._guard, name="engine-watch", daemon=True)
        self.passed = False
        self.shortage: str | None = None

    def __enter__(self) -> None:
        self.shortage = shortage()
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()
        self.shortage = self.shortage or shortage()

    def _guard(self) -> None:
        deadline = short_since = time.monotonic()
        deadline += self._deadline_s
        while not self._done.wait(min(_LOOK_S, max(deadline - time.monotonic(), 0.0))):
            found, now = shortage(), time.monotonic()
            self.shortage = self.shortage or found
            if found is None:
                short_since = now
            if now >= deadline or now - short_since > _SHORT_S:
                self.passed = True
                self._engine.kill()
                deadline = short_since = now + _GRACE_S

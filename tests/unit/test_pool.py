"""The pool with a real program as its engine: `sleep`, which can be waited for, counted and killed."""

import subprocess
import time
from collections.abc import Iterator
from types import TracebackType
from typing import ClassVar, Self

import psutil
import pytest

from renderers.core.errors import EngineCrash, EngineStartError, EngineTimeout
from renderers.engines.pool import Pool


class Sleeper:
    """An engine that runs `sleep`."""

    name: ClassVar[str] = "sleeper"
    num_opened: ClassVar[int] = 0

    @classmethod
    def versions(cls) -> dict[str, str]:
        return {"sleep": "1"}

    def __enter__(self) -> Self:
        type(self).num_opened += 1
        self.program = subprocess.Popen(["sleep", "600"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.program.kill()
        self.program.wait()

    def wait(self) -> None:
        code = self.program.wait()
        raise EngineCrash(f"sleep ended with {code}")

    def kill(self) -> None:
        self.program.kill()

    def probe(self) -> None:
        assert self.program.poll() is None

    def rss_bytes(self) -> int:
        return int(psutil.Process(self.program.pid).memory_info().rss)


@pytest.fixture(autouse=True)
def no_program_left() -> Iterator[None]:
    Sleeper.num_opened = 0
    yield
    assert not [child for child in psutil.Process().children() if child.name() == "sleep"]


def pid(engine: Sleeper) -> int:
    return engine.program.pid


def test_one_engine_serves_many_calls() -> None:
    with Pool(Sleeper) as pool:
        assert len({pool.run(pid, 10) for _ in range(5)}) == 1
        assert pool.rss_bytes() > 0
    assert pool.rss_bytes() == 0


def test_it_is_recycled_after_so_many_renders() -> None:
    with Pool(Sleeper, max_renders=20) as pool:
        pids = [pool.run(pid, 10) for _ in range(6)]
    assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]
    assert Sleeper.num_opened == 3


def test_it_is_recycled_when_it_holds_too_much_memory() -> None:
    with Pool(Sleeper, max_rss_bytes=1) as pool:
        assert pool.run(pid, 1) != pool.run(pid, 1)


def test_a_deadline_kills_the_engine_and_the_next_call_has_a_fresh_one() -> None:
    with Pool(Sleeper, deadline_s=0.3) as pool:
        first = pool.run(pid, 1)
        started = time.monotonic()
        with pytest.raises(EngineTimeout, match=r"0\.4 s"):
            pool.run(Sleeper.wait, 1)
        assert time.monotonic() - started < 5
        assert not psutil.pid_exists(first)
        assert pool.run(pid, 1) != first


def test_a_crash_is_told_and_the_next_call_has_a_fresh_engine() -> None:
    with Pool(Sleeper, deadline_s=30) as pool:
        first = pool.run(pid, 1)
        psutil.Process(first).kill()
        with pytest.raises(EngineCrash):
            pool.run(Sleeper.wait, 1)
        assert pool.run(pid, 1) != first


def test_any_other_error_goes_through_and_leaves_no_engine_in_doubt() -> None:
    def fail(engine: Sleeper) -> None:
        raise ZeroDivisionError

    with Pool(Sleeper) as pool:
        first = pool.run(pid, 1)
        with pytest.raises(ZeroDivisionError):
            pool.run(fail, 1)
        assert not psutil.pid_exists(first)


def test_an_engine_that_does_not_start_says_so() -> None:
    class Missing(Sleeper):
        def __enter__(self) -> Self:
            raise EngineStartError("sleep is not there: apt-get install coreutils")

    with Pool(Missing) as pool, pytest.raises(EngineStartError, match="apt-get install"):
        pool.run(pid, 1)

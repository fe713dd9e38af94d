"""However a browser's owner ends, no process and no file is left: by its sweeper, or by the next owner."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.unit.browsers import folders, leftovers, lives, name_of, short_folder, sweepers


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with short_folder(monkeypatch):
        yield


@contextmanager
def start_owner(source: str) -> Iterator[subprocess.Popen[str]]:
    """A process that opens a browser, says so, and then runs `source`; it leads a process group."""
    lines = [
        "import psutil, time",
        "from renderers.engines.chromium import Chromium",
        "with Chromium() as engine:",
        "    page = engine.page('one', '<p>')",
        "    page.pdf()",
        "    print('ready', flush=True)",
        *(f"    {line}" for line in source.splitlines()),
    ]
    with subprocess.Popen(
        [sys.executable, "-c", "\n".join(lines)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        start_new_session=True,
    ) as owner:
        try:
            assert owner.stdout is not None
            assert owner.stdout.readline() == "ready\n"
            yield owner
        finally:
            owner.kill()


def nothing_left(started: list[psutil.Process]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (any(map(lives, started)) or sweepers() or leftovers()):
        time.sleep(0.05)
    alive = [process for process in started if lives(process)]
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    assert not alive
    assert not sweepers()
    assert not leftovers()


PRINT_FOR_EVER = "while True: page.pdf()"
STOP_ALL = "for child in psutil.Process().children(recursive=True): child.suspend()\nprint('stopped', flush=True)\n"


@pytest.mark.parametrize("source", ["time.sleep(600)", PRINT_FOR_EVER, STOP_ALL + "time.sleep(600)"])
def test_nothing_outlives_an_owner_that_is_killed(source: str) -> None:
    with start_owner(source) as owner:
        started = psutil.Process(owner.pid).children(recursive=True)
        assert len(started) >= 4
        if "stopped" in source:
            assert owner.stdout is not None
            assert owner.stdout.readline() == "stopped\n"
        owner.kill()
    nothing_left(started)


def test_nothing_outlives_an_owner_that_is_killed_while_it_starts_a_browser() -> None:
    source = "from renderers.engines.chromium import Chromium\nwith Chromium(): pass"
    with subprocess.Popen([sys.executable, "-c", source], cwd=Path(__file__).parents[2]) as owner:
        started: list[psutil.Process] = []
        while not any("chrom" in name_of(child) for child in started):
            assert owner.poll() is None
            started = psutil.Process(owner.pid).children(recursive=True)
        owner.kill()
    nothing_left(started)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_nothing_outlives_a_process_group_that_is_ended(number: signal.Signals) -> None:
    """What a terminal does at Ctrl-C, and Ray to a worker: its children are killed as well."""
    with start_owner(PRINT_FOR_EVER) as owner:
        started = psutil.Process(owner.pid).children(recursive=True)
        (sweeper,) = sweepers()
        assert sweeper.pid not in {child.pid for child in started}
        if number != signal.SIGKILL:
            sweeper.send_signal(number)
        # Python swallows the exception of a signal that comes while an object is being freed: one may not be enough.
        while owner.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(owner.pid, number)
            with suppress(subprocess.TimeoutExpired):
                owner.wait(5)
    nothing_left(started)


def test_what_a_killed_sweeper_left_is_swept_by_the_next_engine() -> None:
    with start_owner(STOP_ALL + "time.sleep(600)") as owner:
        started = psutil.Process(owner.pid).children(recursive=True)
        assert owner.stdout is not None
        assert owner.stdout.readline() == "stopped\n"
        (sweeper,) = sweepers()
        sweeper.kill()
        owner.kill()
    assert len(folders()) == 1
    with start_owner("time.sleep(600)"):  # what is left is looked for once in a process
        left = [name_of(process) for process in started if lives(process)]
        for process in started:  # the driver ends by itself, as soon as it may run
            with suppress(psutil.NoSuchProcess):
                process.resume()
        assert len(folders()) == 1
        assert not [name for name in left if "chrom" in name]
    nothing_left(started)


def test_a_living_engine_is_left_alone_by_the_next_one() -> None:
    with start_owner("input()\nprint(page.pdf()[:4], flush=True)\ntime.sleep(600)") as owner:
        before = folders()
        with start_owner("time.sleep(600)") as other:
            assert folders() > before
            other.kill()
            other.wait()
        assert owner.stdin is not None
        assert owner.stdout is not None
        owner.stdin.write("go on\n")
        owner.stdin.flush()
        assert owner.stdout.readline() == "b'%PDF'\n"
        assert folders() >= before
        started = psutil.Process(owner.pid).children(recursive=True)
        owner.kill()
    nothing_left(started)

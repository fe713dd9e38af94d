"""Random faults, many: the digest of the calm run each time, no orphan, no leftover file, no hang."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from tests.e2e import mill
from tests.e2e.clusters import environment, nodes, raylet_pids
from tests.e2e.faults import Disk, short_disk, stopped, wait_a_while

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("ray"), pytest.mark.timeout(7200)]

NUM_FAULTS = 60
FAULTS_A_RUN = 3
ROWS = {"charts": 64, "formulas": 24, "documents": 24}
OURS = ("ray::WorkerActor", "glyphmill")
ENGINES = ("chrom", "headless", "node", "tex", "xdvipdfmx")


class Run:
    """A data set in the making, here or on a cluster, that is disturbed.

    Attributes:
        said: what happened to it so far.
    """

    def __init__(self, recipe: str, out: Path, disk: Disk, place: list[str], rng: np.random.Generator) -> None:
        self._words = ["render", recipe, "-n", str(ROWS[recipe]), "-o", str(out), *place]
        self._environment = {**environment(), "TMPDIR": str(disk.folder)}
        self.out, self.disk, self.rng = out, disk, rng
        self.said: list[str] = []
        self.process = self.start()

    def start(self) -> "subprocess.Popen[str]":
        """The same command as before."""
        self.process = mill.start(*self._words, env=self._environment)
        return self.process

    def programs(self, *names: str) -> list[psutil.Process]:
        """Of this run, whoever started them."""
        found = []
        for process in self.processes():
            with suppress(psutil.Error):
                if any(name in process.name() for name in names):
                    found.append(process)
        return found

    def processes(self) -> list[psutil.Process]:
        """All whose temporary folder is the one of this run."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("TMPDIR", "").startswith(str(self.disk.folder)):
                    found.append(process)
        return found

    def end(self) -> int:
        """Exit code; what it said must be for people."""
        done = mill.end(self.process)
        self.said.append(f"exit {done.code}: {done.err.strip()[-300:]}")
        assert "Traceback" not in done.err, self.story()
        return done.code

    def story(self) -> str:
        """What happened to it, for people."""
        return "\n".join(self.said) + "\n"

    def one_of(self, found: list[Any]) -> list[Any]:
        """One of them, by chance; none of none."""
        return [found[self.rng.integers(len(found))]] if found else []


def fill_the_disk(run: Run) -> None:
    run.disk.fill()
    wait_a_while(float(run.rng.uniform(0.5, 15)), run.process)
    run.disk.free()


def stop_the_engines(run: Run) -> None:
    with stopped(lambda: run.programs(*ENGINES)):
        wait_a_while(float(run.rng.uniform(1, 20)), run.process)


def send(sign: signal.Signals, *names: str) -> Callable[[Run], None]:
    def do(run: Run) -> None:
        for process in run.one_of(run.programs(*names)):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(sign)

    return do


def signal_the_driver(sign: signal.Signals) -> Callable[[Run], None]:
    def do(run: Run) -> None:
        run.process.send_signal(sign)
        assert run.end() in (0, 1, -sign)
        run.start()

    return do


def flip_a_byte(run: Run) -> None:
    for path in run.one_of(sorted((run.out / "data").rglob("*.parquet"))):
        data = bytearray(path.read_bytes())
        data[run.rng.integers(len(data))] ^= 1 << run.rng.integers(8)
        path.write_bytes(data)


KEPT = ("lock", "run.json")
"""What says whose folder it is; without it a run refuses, in one line, to write into the folder."""


def lose_a_file(run: Run) -> None:
    for path in run.one_of(sorted(path for path in run.out.rglob("*") if path.is_file() and path.name not in KEPT)):
        path.unlink(missing_ok=True)


DURING: dict[str, Callable[[Run], None]] = {
    "the disk is full": fill_the_disk,
    "the engines are stopped": stop_the_engines,
    "an engine is killed": send(signal.SIGKILL, *ENGINES),
    "a worker is killed": send(signal.SIGKILL, "ray::WorkerActor"),
    "the driver is interrupted": signal_the_driver(signal.SIGINT),
    "the driver is ended": signal_the_driver(signal.SIGTERM),
    "the driver is killed": signal_the_driver(signal.SIGKILL),
}
BETWEEN: dict[str, Callable[[Run], None]] = {"a byte is flipped": flip_a_byte, "a file is lost": lose_a_file}


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Any]]:
    """The manifest of an undisturbed run of a recipe."""
    known: dict[str, dict[str, Any]] = {}

    def of(recipe: str) -> dict[str, Any]:
        if recipe not in known:
            out = tmp_path_factory.mktemp("calm") / "out"
            done = mill.run("render", recipe, "-n", str(ROWS[recipe]), "-o", out, "--workers", "0", timeout_s=1000)
            assert done.code == 0, done.err
            known[recipe] = mill.manifest(out)
        return known[recipe]

    return of


@pytest.fixture
def disk() -> Iterator[Disk]:
    with short_disk(size_mb=400) as disk:
        yield disk


def disturb(run: Run, num: int, more: dict[str, Callable[[Run], None]]) -> None:
    """So many faults, each when an engine of the run is at work, or it has ended."""
    faults = DURING | more
    for _ in range(num):
        name = str(run.rng.choice(list(faults)))
        while run.process.poll() is None and not run.programs(*ENGINES):
            time.sleep(0.05)
        wait_a_while(float(run.rng.uniform(0, 2)), run.process)
        run.said.append(name)
        faults[name](run)


def finish(run: Run, wanted: dict[str, Any]) -> None:
    """Whatever happened: run on until it is done. Same bytes, sound, nobody and nothing is left."""
    code = run.end()
    assert code in (0, 1), run.story()
    for name in run.rng.choice(list(BETWEEN), size=run.rng.integers(2)):
        run.said.append(name)
        BETWEEN[name](run)
    for _ in range(3):
        run.start()
        code = run.end()
        if code == 0:
            break
    assert code == 0, run.story()
    manifest = mill.manifest(run.out)
    assert manifest["content_sha256"] == wanted["content_sha256"], run.story()
    assert (manifest["failed"], manifest["rejected"]) == (0, wanted["rejected"]), run.story()
    checked = mill.called("verify", run.out)
    assert checked.code == 0, run.story() + checked.out + checked.err
    _, alive = psutil.wait_procs(run.programs(*ENGINES, *OURS), timeout=90)
    assert not alive, run.story() + str(alive)
    assert run.disk.left() == [], run.story()
    assert not list((run.out / ".glyphmill" / "parts").glob("*")), run.story()
    assert not list(run.out.rglob("*.tmp")), run.story()


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("place", ["here", "ray", "cluster"])
def test_faults_by_chance_change_no_byte(
    seed: int, place: str, calm: Callable[[str], dict[str, Any]], disk: Disk, tmp_path: Path
) -> None:
    rng = np.random.default_rng([seed, len(place)])
    left = NUM_FAULTS // 3
    while left > 0:
        recipe = str(rng.choice(list(ROWS)))
        wanted = calm(recipe)
        num = min(left, FAULTS_A_RUN)
        out = tmp_path / f"{left}"
        if place == "cluster":
            with nodes(1, 1, 1, temporary=disk.folder) as cluster:
                run = Run(recipe, out, disk, ["--ray", cluster.address, "--workers", "2"], rng)

                def kill_a_node(run: Run, cluster: Any = cluster) -> None:
                    for pid in run.one_of(raylet_pids(cluster)):
                        with suppress(ProcessLookupError):
                            os.kill(pid, signal.SIGKILL)

                disturb(run, num, {"a node is killed": kill_a_node})
                finish(run, wanted)
        else:
            run = Run(recipe, out, disk, ["--workers", "0" if place == "here" else "2"], rng)
            disturb(run, num, {})
            finish(run, wanted)
        left -= num

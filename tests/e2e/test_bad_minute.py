"""A machine's bad minute: the same rows in the end, or one line that names what was short, and nothing left behind."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import mill
from tests.e2e.faults import Disk, descendants, short_disk, stopped, wait_a_while

pytestmark = pytest.mark.timeout(900)

PROGRAMS = {"charts": ("chromium", "headless_shell", "chrome"), "formulas": ("tex",)}
FULL_S = 8.0
"""Longer than a run waits for room before it gives up."""
STOPPED_S = 20.0
"""Longer than TeX may compute."""


@pytest.fixture
def disk() -> Iterator[Disk]:
    """The temporary folder of a run."""
    with short_disk(size_mb=200) as disk:
        yield disk


def start(recipe: str, num: int, out: Path, disk: Disk) -> "subprocess.Popen[str]":
    return mill.start(
        "render", recipe, "-n", str(num), "-o", out, "--workers", "0", env={**os.environ, "TMPDIR": str(disk.folder)}
    )


def calm(recipe: str, num: int, tmp_path: Path) -> mill.Result:
    done = mill.run("render", recipe, "-n", str(num), "-o", tmp_path / "calm", "--workers", "0")
    assert done.code == 0, done.err
    return done


def in_the_end(recipe: str, num: int, out: Path, disk: Disk, calm_out: Path) -> None:
    """Run on without a fault: the same rows, nothing failed, nothing left in the temporary folder."""
    done = mill.end(start(recipe, num, out, disk))
    assert done.code == 0, done.err
    manifest, wanted = mill.manifest(out), mill.manifest(calm_out)
    assert manifest["content_sha256"] == wanted["content_sha256"]
    assert (manifest["failed"], manifest["rejected"]) == (0, wanted["rejected"])
    assert disk.left() == []


@pytest.mark.parametrize(("recipe", "num"), [("charts", 40), ("formulas", 20)])
def test_a_full_temporary_folder_changes_no_byte(recipe: str, num: int, disk: Disk, tmp_path: Path) -> None:
    calm(recipe, num, tmp_path)
    process = start(recipe, num, tmp_path / "out", disk)
    mill.wait_for(disk.left, process)
    disk.fill()
    wait_a_while(FULL_S, process)
    disk.free()
    done = mill.end(process)
    assert done.code in (0, 1)
    if done.code == 1:
        assert f"the disk of {disk.folder} is full" in done.err
        assert "Traceback" not in done.err
    in_the_end(recipe, num, tmp_path / "out", disk, tmp_path / "calm")


@pytest.mark.parametrize("recipe", ["charts", "formulas"])
def test_a_disk_that_stays_full_is_named_at_once(recipe: str, disk: Disk, tmp_path: Path) -> None:
    process = start(recipe, 40, tmp_path / "out", disk)
    mill.wait_for(disk.left, process)
    disk.fill()
    done = mill.end(process)
    assert done.code == 1, done.err
    line = done.err.splitlines()[-2]
    assert line.startswith("glyphmill: ")
    assert f"the disk of {disk.folder} is full" in line
    assert "Traceback" not in done.err
    disk.free()
    assert disk.left() == []


@pytest.mark.parametrize(("recipe", "num"), [("charts", 40), ("formulas", 20)])
def test_a_stopped_program_changes_no_byte(recipe: str, num: int, disk: Disk, tmp_path: Path) -> None:
    calm(recipe, num, tmp_path)
    process = start(recipe, num, tmp_path / "out", disk)
    mill.wait_for(lambda: descendants(process.pid, *PROGRAMS[recipe]), process)
    with stopped(lambda: descendants(process.pid, *PROGRAMS[recipe])):
        wait_a_while(STOPPED_S, process)
    done = mill.end(process)
    assert done.code == 0, done.err
    in_the_end(recipe, num, tmp_path / "out", disk, tmp_path / "calm")


def test_a_limit_of_memory_is_named(tmp_path: Path) -> None:
    # And not a browser that has to be installed.
    limit_mb = 4000
    command = [*mill.COMMAND, "render", "charts", "-n", "8", "-o", str(tmp_path / "out"), "--workers", "0"]
    done = subprocess.run(
        ["prlimit", f"--as={limit_mb << 20}", *command], capture_output=True, text=True, check=False, cwd=mill.ROOT
    )
    assert done.returncode == 2, done.stderr
    assert f"memory is limited to {limit_mb:,} MB (ulimit -v)" in done.stderr
    assert "install" not in done.stderr
    assert "Traceback" not in done.stderr

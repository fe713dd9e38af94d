"""Folders that go with their owner: what the next owner sweeps, and what it leaves alone."""

import errno
import fcntl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from renderers.engines import sweeper
from renderers.engines.sweeper import Sweeper
from tests.unit.browsers import sweepers


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    """What is left is looked for once in a process: each test is a process."""
    sweeper._sweep_leftovers.cache_clear()
    yield
    sweeper._sweep_leftovers.cache_clear()


def leave_folder(parent: Path, program: str = "") -> Path:
    """The folder of an owner that was killed together with its shell; `program` works in it still."""
    source = (
        "import os, signal, subprocess, sys\n"
        "from pathlib import Path\n"
        "from renderers.engines.sweeper import Sweeper\n"
        f"owned = Sweeper('test', Path({str(parent)!r}))\n"
        "(owned.folder / 'file').write_text('x')\n"
        f"program = {program!r}\n"
        "if program: subprocess.Popen(program.split(), env={'TMPDIR': str(owned.folder)}, stdout=subprocess.DEVNULL)\n"
        "print(owned.folder, flush=True)\n"
        "input()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", source],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as owner:
        assert owner.stdout is not None
        folder = Path(owner.stdout.readline().strip())
        for shell in sweepers(folder):
            shell.kill()
            shell.wait()
        owner.kill()
    assert folder.is_dir()
    return folder


def test_the_next_owner_sweeps_what_killed_ones_left_and_no_more(tmp_path: Path) -> None:
    left = leave_folder(tmp_path)
    strangers = [left.parent / name for name in ("other", "glyphmill-test-deadbeef-abcdefgh", "glyphmill-estimate-abc")]
    for stranger in strangers:
        stranger.mkdir()
    link = left.parent / left.name[:-1]
    link.symlink_to(strangers[0])
    (strangers[0] / "kept").touch()
    with closing(Sweeper("test", tmp_path)) as one:
        assert set(tmp_path.iterdir()) == {*strangers, link, one.folder}
        sweeper._sweep_leftovers.cache_clear()
        with closing(Sweeper("test", tmp_path)) as other:
            assert {one.folder, other.folder} < set(tmp_path.iterdir())
    assert set(tmp_path.iterdir()) == {*strangers, link}
    assert (strangers[0] / "kept").exists()


def test_a_program_that_works_in_a_folder_that_was_left_is_ended(tmp_path: Path) -> None:
    leave_folder(tmp_path, "sleep 4321")
    (program,) = [one for one in psutil.process_iter(["cmdline"]) if one.info["cmdline"] == ["sleep", "4321"]]
    with closing(Sweeper("test", tmp_path)):
        assert not program.is_running() or program.status() == psutil.STATUS_ZOMBIE


def test_where_locks_do_not_work_nothing_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = leave_folder(tmp_path)

    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "no locks available")

    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "flock", refuse)
        unlocked = Sweeper("test", tmp_path)
    sweeper._sweep_leftovers.cache_clear()
    assert left.exists()
    # Locks work again: what lives without one is not taken for dead.
    with closing(Sweeper("test", tmp_path)):
        assert unlocked.folder.exists()
        assert not left.exists()
    unlocked.close()
    assert not list(tmp_path.iterdir())


def test_many_owners_at_once_take_nothing_from_each_other(tmp_path: Path) -> None:
    source = (
        "import sys\n"
        "from pathlib import Path\n"
        "from renderers.engines import sweeper\n"
        "for _ in range(30):\n"
        "    sweeper._sweep_leftovers.cache_clear()\n"
        "    owned = sweeper.Sweeper('test', Path(sys.argv[1]))\n"
        "    (owned.folder / 'file').write_text('x')\n"
        "    assert (owned.folder / 'file').read_text() == 'x'\n"
        "    owned.close()\n"
    )
    command = [sys.executable, "-c", source, str(tmp_path)]
    owners = [subprocess.Popen(command, cwd=Path(__file__).parents[2]) for _ in range(4)]
    assert [owner.wait() for owner in owners] == [0] * 4
    assert not list(tmp_path.iterdir())


def test_the_shell_survives_signals_and_its_loss_is_no_failure(tmp_path: Path) -> None:
    owned = Sweeper("test", tmp_path)
    (shell,) = sweepers(owned.folder)
    for number in (1, 2, 15):
        shell.send_signal(number)
    owned.watch("")
    assert shell.is_running()
    shell.kill()
    while psutil.pid_exists(shell.pid) and shell.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    owned.watch("1234567")
    owned.close()
    assert not list(tmp_path.iterdir())

"""What happens to a machine, done to it: disks that are full, programs that are stopped or killed."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest


class Disk:
    """A disk of its own, in memory: to be filled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filling = folder / "filling"

    def fill(self) -> None:
        """To the last byte, and again what others free meanwhile."""
        descriptor = os.open(self._filling, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            for size in (1 << 20, 1 << 12, 1):
                with suppress(OSError):
                    while os.write(descriptor, bytes(size)):
                        pass
        finally:
            os.close(descriptor)

    def free(self) -> None:
        self._filling.unlink(missing_ok=True)

    def left(self) -> list[str]:
        """Names of what lies there."""
        return sorted(path.name for path in self.folder.iterdir() if path != self._filling)


@contextmanager
def small_disk(folder: Path, size_mb: int) -> Iterator[Disk]:
    """A tmpfs in a new folder; the test is skipped where this user may not mount one."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this user may not mount a disk in memory")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def short_disk(size_mb: int) -> Iterator[Disk]:
    """The same where its path is short: programs have sockets in their temporary folder."""
    with tempfile.TemporaryDirectory(prefix="gm") as folder, small_disk(Path(folder) / "d", size_mb) as disk:
        yield disk


def descendants(pid: int, *names: str) -> list[psutil.Process]:
    """Programs below a process of one of these names, or part of them."""
    found = []
    with suppress(psutil.NoSuchProcess):
        for process in psutil.Process(pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if any(name in process.name() for name in names):
                    found.append(process)
    return found


@contextmanager
def stopped(find: Callable[[], list[psutil.Process]]) -> Iterator[None]:
    """While it lasts, the processes that are found now are stopped."""
    found = find()
    for process in found:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)


def wait_a_while(seconds: float, process: "subprocess.Popen[str]") -> None:
    """How long a fault lasts, or until the run has ended."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)

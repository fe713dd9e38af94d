"""A temporary folder that goes with its owner, and the programs that work in it too, however the owner went.

A tiny shell waits on a pipe, and the pipe breaks with its owner: also where the owner was killed and could do nothing.
Where the shell was killed as well, the next owner finds the folder without the lock that a living one holds.
"""

import fcntl
import os
import platform
import shutil
import subprocess
import tempfile
import zlib
from contextlib import suppress
from functools import cache
from pathlib import Path

import psutil

# Reads lines of process ids to end (a group has a minus) until its owner goes; the last line counts. Programs that have
# the folder as their TMPDIR end with them. A dying program still writes: the folder is removed until all are gone.
_SCRIPT = """
PATH=$PATH:/usr/bin:/bin
trap '' HUP INT TERM
while read -r line; do ids=$line; done
for pause in 0 .05 .05 .1 .1 .1 .1 .1 .2 .2 .5 .5 1 1 1 1 1 1 1 1; do
    sleep $pause
    alive=
    for id in $ids; do kill -s KILL -- "$id" 2>/dev/null && alive="$alive $id"; done
    ids=$alive
    for file in $(grep -lsF -e "TMPDIR=$1" /proc/[0-9]*/environ); do
        id=${file#/proc/}
        kill -s KILL "${id%/environ}" 2>/dev/null && alive=some
    done
    rm -rf -- "$1" 2>/dev/null
    [ -z "$alive" ] && [ ! -e "$1" ] && break
done
"""

# Not a child of its owner: Ray, when it ends a worker, kills the worker's children.
_START = 'exec 3<&0; (exec /bin/sh -c "$0" sweeper "$1") <&3 3<&- & :'

_GONE_S = 5.0
"""Programs that were killed are waited for so long."""


@cache
def _machine() -> str:
    """Part of the names of folders: machines may share them, with locks that each keeps for itself."""
    return f"{zlib.crc32(platform.node().encode()):08x}"


class Sweeper:
    """Owns a new temporary folder, and programs that work in it.

    Args:
        name: of the engine, a part of the folder's name.
        parent: where the folder is made; where temporary files go, if not given.
        max_length: of the folder's path; where it would be longer it is made in /tmp.
    """

    def __init__(self, name: str, parent: Path | None = None, max_length: int | None = None) -> None:
        parent = parent or Path(tempfile.gettempdir())
        prefix = f"glyphmill-{name}-"
        if max_length is not None and len(f"{parent}/{prefix}{_machine()}-abcdefgh") > max_length:
            parent = Path("/tmp")  # noqa: S108
        _sweep_leftovers(parent)
        self.folder, self._lock = _make_locked(parent, prefix)
        self._shell: subprocess.Popen[str] | None = subprocess.Popen(
            ["/bin/sh", "-c", _START, _SCRIPT, str(self.folder)],
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self._shell.wait()

    def watch(self, ids: str) -> None:
        """Process ids to end with the owner, instead of those named before; a group has a minus."""
        # Where somebody killed the shell, the next run sweeps.
        with suppress(BrokenPipeError):
            if self._shell is not None and self._shell.stdin is not None:
                self._shell.stdin.write(ids + "\n")
                self._shell.stdin.flush()

    def close(self) -> None:
        """The programs have ended: removes the folder."""
        if self._shell is not None:
            self.watch("")
            self._shell.communicate()
            self._shell = None
            shutil.rmtree(self.folder, ignore_errors=True)
            if self._lock is not None:
                os.close(self._lock)


def _make_locked(parent: Path, prefix: str) -> tuple[Path, int | None]:
    """A new folder, and the descriptor that holds its lock until it is closed; None where locks do not work."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"{prefix}{_machine()}-", dir=parent))
        try:
            lock = _lock_folder(folder)
        except (BlockingIOError, FileNotFoundError):  # another process, that sweeps, was quicker
            continue
        except OSError:
            folder.rmdir()
            return Path(tempfile.mkdtemp(prefix=f"{prefix}unlocked-", dir=parent)), None
        return folder, lock


def _lock_folder(folder: Path) -> int:
    """The descriptor that holds a folder's lock.

    Raises:
        BlockingIOError: it is another's.
        FileNotFoundError: the folder is gone.
        OSError: its filesystem has no locks.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        folder.lstat()  # names are not used twice, so what is there is what was opened
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@cache
def _sweep_leftovers(parent: Path) -> None:
    """What this user's engines on this machine left when they and their sweepers were killed; once in a process."""
    for folder in parent.glob(f"glyphmill-*-{_machine()}-*"):
        with suppress(OSError):
            if folder.lstat().st_uid != os.geteuid():
                continue
            lock = _lock_folder(folder)
            try:
                _end_programs_in(folder)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def _end_programs_in(folder: Path) -> None:
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("TMPDIR", "").startswith(str(folder)):
                found += [process, *process.children(recursive=True)]
    for process in found:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(found, timeout=_GONE_S)

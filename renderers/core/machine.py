"""What a machine may lack for a while, by name: room on a disk, memory, open files, processes.

A picture that could not be drawn for want of these says nothing of its spec. Whoever judges a spec asks here first.
"""

import errno
import os
import resource
import tempfile
from collections.abc import Iterator
from pathlib import Path

MIN_FREE_BYTES = 16 << 20
"""Below so much room a program may have failed to write: a run of TeX writes up to some megabytes, a browser more."""

_ROOM = {errno.ENOSPC: "is full", errno.EDQUOT: "is full for this user (quota)", errno.EROFS: "cannot be written"}
_OTHER = {
    errno.ENOMEM: "memory is short",
    errno.EMFILE: "no more files can be opened in a process (ulimit -n)",
    errno.ENFILE: "no more files can be opened on this machine",
    errno.EAGAIN: "no more processes can be started (ulimit -u)",
    errno.EIO: "a disk answers with errors",
}


def shortage(folder: str | None = None) -> str | None:
    """What the disk of a folder lacks now, in words, or None.

    Args:
        folder: any on the disk; None = the one for temporary files.
    """
    folder = folder or tempfile.gettempdir()
    try:
        disk = os.statvfs(folder)
    except OSError as error:
        return f"{folder} cannot be read: {error.strerror}"
    blocks = disk.f_bfree if os.geteuid() == 0 else disk.f_bavail
    if disk.f_blocks and blocks * disk.f_frsize < MIN_FREE_BYTES:
        return f"the disk of {folder} is full: {blocks * disk.f_frsize / 2**20:.1f} MB are free"
    if disk.f_files and not disk.f_ffree:
        return f"the disk of {folder} is full: it can hold no more files"
    return None


def lack(error: BaseException) -> str | None:
    """What the machine lacked by the word of an error, or of one that it came from; None where it says none."""
    for one in _chain(error):
        if isinstance(one, MemoryError):
            return "memory is short" + _of_limit()
        if isinstance(one, OSError) and one.errno in _ROOM:
            folder = Path(str(one.filename)).parent if one.filename else Path(tempfile.gettempdir())
            return f"the disk of {folder} {_ROOM[one.errno]}"
        if isinstance(one, OSError) and one.errno in _OTHER:
            return _OTHER[one.errno] + (_of_limit() if one.errno == errno.ENOMEM else "")
    return None


def memory_limit() -> str | None:
    """The limit of this process's memory, in words; None where it has none."""
    for kind, name in ((resource.RLIMIT_AS, "ulimit -v"), (resource.RLIMIT_DATA, "ulimit -d")):
        limit_bytes = resource.getrlimit(kind)[0]
        if limit_bytes != resource.RLIM_INFINITY:
            return f"memory is limited to {limit_bytes / 2**20:,.0f} MB ({name})"
    return None


def killed_for_memory() -> int:
    """How many programs the kernel has ended for want of memory since it started; 0 where it does not say."""
    try:
        lines = Path("/proc/vmstat").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)


def _of_limit() -> str:
    limit = memory_limit()
    return f": {limit}" if limit else ""


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__

"""Confinement by the kernel: a program reads and writes what is named, whatever it is asked to do (landlock(7)).

A restriction holds for the thread that takes it and for all that this thread starts, for ever. So a thread of its own
starts the program and ends: no code runs between fork and exec, which would be slow in a large process.
"""

import ctypes
import os
import subprocess
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path

# Source: linux/landlock.h, linux/prctl.h; the numbers of the calls are the same on every architecture but alpha.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_CREATE_RULESET_VERSION, _RULE_PATH_BENEATH, _SET_NO_NEW_PRIVS = 1, 1, 38

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_FILE = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_READ = _EXECUTE | _READ_FILE | _READ_DIR
# Nothing that it wrote is run; and no link, pipe or device waits for whoever reads its folder afterwards.
_WRITE = _WRITE_FILE | _READ_FILE | _READ_DIR | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_FILE | _REFER | _TRUNCATE
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
"""What may be allowed for a path that is no folder."""

_NUM_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
"""Rights of files that a version of the interface knows, the lowest bits; 16 from the fifth on."""


class _RulesetAttr(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneathAttr(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


@cache
def landlock_version() -> int:
    """Of the interface that the running kernel offers; 0 where it has none, or none that this process may use."""
    with suppress(OSError):
        return _call(_CREATE_RULESET, None, 0, _CREATE_RULESET_VERSION)
    return 0


def start_confined(
    start: Callable[[], subprocess.Popen[bytes]], readable: Iterable[Path], writable: Iterable[Path]
) -> subprocess.Popen[bytes]:
    """What `start` starts, confined where the kernel can do so.

    It may read and run what is `readable`, read and write what is `writable` (folders with all below them, and files),
    and open no connection over TCP. A path that is not there is left out. What a file is called and how large it is
    stays visible: Landlock does not hide that.

    Raises:
        OSError: the kernel can confine and refused to, or the program does not start.
    """
    version = landlock_version()
    if not version:
        return start()

    def work() -> subprocess.Popen[bytes]:
        _restrict_thread(version, readable, writable)
        return start()

    with ThreadPoolExecutor(1, "confined") as thread:
        return thread.submit(work).result()


def _restrict_thread(version: int, readable: Iterable[Path], writable: Iterable[Path]) -> None:
    every = (1 << _NUM_RIGHTS.get(version, 16)) - 1
    # Binding and connecting by TCP; sockets without a path and signals that leave the confinement.
    attributes = _RulesetAttr(every, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _call(_CREATE_RULESET, ctypes.byref(attributes), size, 0)
    try:
        for paths, rights in ((readable, _READ), (writable, _WRITE)):
            for path in paths:
                with suppress(FileNotFoundError):
                    _allow(ruleset, path, rights & every)
        if _libc().prctl(_SET_NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0))) != 0:
            raise OSError(ctypes.get_errno(), "prctl: no new privileges")
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _PathBeneathAttr(rights if path.is_dir() else rights & _OF_FILES, descriptor)
        _call(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(descriptor)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    done = int(_libc().syscall(ctypes.c_long(number), *words))
    if done < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"landlock: {os.strerror(code)}")
    return done

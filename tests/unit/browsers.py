"""What engines of a test have started and written, on a machine where others may run too."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

_NAMES = ("chromium-headless-shell", "chromium", "chrome", "node", "node-MainThread")


def programs() -> list[psutil.Process]:
    """Everything this process has started that has to do with a browser and still runs."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if lives(child) and name_of(child) in _NAMES] + sweepers()


def sweepers(parent: Path | None = None) -> list[psutil.Process]:
    """Those of folders below a folder, the one for temporary files if none is given; in any process."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or [""]
        if words[-2:-1] == ["sweeper"] and words[-1].startswith(str(parent or tempfile.gettempdir())):
            found.append(process)
    return found


def name_of(process: psutil.Process) -> str:
    try:
        return str(process.name())
    except psutil.NoSuchProcess:
        return ""


def lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def folders() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("glyphmill-chromium-*"))


def leftovers() -> list[Path]:
    """Whatever lies in the folder for temporary files."""
    return sorted(Path(tempfile.gettempdir()).iterdir())


@contextmanager
def short_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Temporary files go where no others do; its path is short enough for the browser's socket."""
    with tempfile.TemporaryDirectory(prefix="gm-", dir="/tmp") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", None)
        yield

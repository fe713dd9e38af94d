"""The command line as a user has it, for the end-to-end tests: started, watched, killed by process id."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
from click.testing import CliRunner

from pipelines.cli import main

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "pipelines"]


@dataclass
class Result:
    code: int
    out: str
    err: str


def run(*words: str | Path, timeout_s: float | None = None, env: dict[str, str] | None = None) -> Result:
    """A command to its end, however long it takes: the timeout of the test is for what hangs."""
    done = subprocess.run(
        [*COMMAND, *map(str, words)], cwd=ROOT, capture_output=True, text=True, timeout=timeout_s, env=env, check=False
    )
    return Result(done.returncode, done.stdout, done.stderr)


def called(*words: str | Path) -> Result:
    """A command that does not come to rendering, in this process: to start one takes seconds."""
    done = CliRunner().invoke(main, list(map(str, words)))
    return Result(done.exit_code, done.stdout, done.stderr)


def start(*words: str | Path, env: dict[str, str] | None = None) -> "subprocess.Popen[str]":
    """A command that goes on."""
    return subprocess.Popen(
        [*COMMAND, *map(str, words)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    )


def end(process: "subprocess.Popen[str]", timeout_s: float | None = None) -> Result:
    """Wait for a started command, however long it takes."""
    out, err = process.communicate(timeout=timeout_s)
    return Result(process.returncode, out, err)


def manifest(dataset: Path) -> dict:  # type: ignore[type-arg]
    loaded: dict = json.loads((dataset / "manifest.json").read_text(encoding="utf-8"))  # type: ignore[type-arg]
    return loaded


def receipts(dataset: Path) -> dict[str, tuple[int, bytes]]:
    """The committed shards: name -> (inode of the data file, receipt)."""
    files = {path.stem: path.stat().st_ino for path in (dataset / "data").rglob("*.parquet")}
    return {
        f"{path.parent.name}/{path.stem}": (files.get(path.stem, 0), path.read_bytes())
        for path in (dataset / ".glyphmill" / "receipts").rglob("*.json")
    }


def wait_for(what: Callable[[], object], process: "subprocess.Popen[str]") -> object:
    """Poll until something is true, or its process has ended; the timeout of the test is the only clock."""
    while True:
        ended = process.poll() is not None
        found = what()
        if found:
            return found
        if ended:
            raise AssertionError(f"it ended, and it never came: {process.communicate()}")
        time.sleep(0.05)


def family(pid: int) -> list[psutil.Process]:
    """All processes below one."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def named(pid: int, word: str) -> list[psutil.Process]:
    """Processes below one whose command line has a word."""
    found = []
    for process in family(pid):
        try:
            if word in " ".join(process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


def all_gone(processes: list[psutil.Process], timeout_s: float = 60) -> bool:
    """Whether all of them end by themselves."""
    _, alive = psutil.wait_procs(processes, timeout=timeout_s)
    return not [process for process in alive if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]

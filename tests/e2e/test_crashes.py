"""What is killed costs time, never a byte: workers, the browser, the driver; and nothing is left running."""

import shutil
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from tests.e2e import mill

pytestmark = pytest.mark.timeout(900)

N = "120"


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> str:
    """content_sha256 of an undisturbed run of N charts."""
    out = tmp_path_factory.mktemp("calm") / "out"
    done = mill.run("render", "charts", "-n", N, "-o", out, "--workers", "0")
    assert done.code == 0, done.err
    found: str = mill.manifest(out)["content_sha256"]
    shutil.rmtree(out)
    return found


def _is_agent(process: psutil.Process) -> bool:
    """Of Ray's two agents, which tell a store that is gone for a minute that they end; they hold nothing of ours."""
    try:
        return process.name() in {"ray::DashboardA", "ray::RuntimeEnv", "ray::DashboardAgent", "ray::RuntimeEnvAgent"}
    except psutil.NoSuchProcess:
        return False


def running(out: Path, *more: str) -> "tuple[subprocess.Popen[str], int]":
    process = mill.start("render", "charts", "-n", N, "-o", out, "--workers", "2", *more)
    mill.wait_for(lambda: list((out / ".glyphmill" / "receipts").rglob("*.json")), process)
    assert process.poll() is None, process.communicate()
    return process, process.pid


def test_a_killed_worker_costs_nothing(content: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process, pid = running(out)
    workers = mill.named(pid, "ray::WorkerActor")
    assert workers
    workers[0].send_signal(signal.SIGKILL)
    done = mill.end(process)
    assert done.code == 0, done.err
    assert mill.manifest(out)["content_sha256"] == content


def test_a_killed_browser_costs_nothing(content: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process, pid = running(out)
    browsers = mill.wait_for(lambda: mill.named(pid, "--remote-debugging-pipe"), process)
    for browser in browsers:  # type: ignore[attr-defined]
        if browser.is_running():
            browser.send_signal(signal.SIGKILL)
    done = mill.end(process)
    assert done.code == 0, done.err
    assert mill.manifest(out)["content_sha256"] == content
    assert mill.manifest(out)["failed"] == 0


def test_a_killed_driver_leaves_what_was_committed(content: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process, pid = running(out)
    children = mill.family(pid)
    psutil.Process(pid).send_signal(signal.SIGKILL)
    mill.end(process)
    assert not (out / "manifest.json").exists()
    assert mill.all_gone([child for child in children if not _is_agent(child)], timeout_s=60)
    before = mill.receipts(out)
    assert before
    done = mill.run("render", "charts", "-n", N, "-o", out, "--workers", "2")
    assert done.code == 0, done.err
    after = mill.receipts(out)
    assert {name: after[name][1] for name in before} == {name: receipt for name, (_, receipt) in before.items()}
    inodes = {path.stat().st_ino for path in (out / "data").rglob("*.parquet")}
    assert {inode for inode, _ in before.values()} <= inodes, "a committed shard was rendered again"
    assert mill.manifest(out)["content_sha256"] == content
    assert not list((out / ".glyphmill").rglob("*.tmp"))


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_all_and_loses_nothing(sign: signal.Signals, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process, pid = running(out)
    children = mill.family(pid)
    psutil.Process(pid).send_signal(sign)
    done = mill.end(process)
    assert done.code == 1
    assert "interrupted" in done.err
    assert "the same command goes on" in done.err
    assert "Traceback" not in done.err
    assert mill.receipts(out)
    assert mill.all_gone(children)

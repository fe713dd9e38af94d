"""Runs on a Ray cluster of several nodes that loses them, has too few CPUs, or none that is free."""

import os
import signal
from pathlib import Path

import pytest

from tests.e2e import mill
from tests.e2e.clusters import environment, nodes, raylet_pids

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("ray"), pytest.mark.timeout(1200)]


def test_a_node_that_is_lost_when_all_cpus_are_taken_costs_nothing(dataset: Path, tmp_path: Path) -> None:
    # Its shard waits for no seat: the other nodes make it.
    out = tmp_path / "out"
    with nodes(1, 1, 1) as cluster:
        process = mill.start(
            "render", "charts", "-n", "96", "-o", out, "--ray", cluster.address, "--workers", "3", env=environment()
        )
        mill.wait_for(lambda: list((out / ".glyphmill" / "parts").glob("*")) or mill.receipts(out), process)
        os.kill(raylet_pids(cluster)[0], signal.SIGKILL)
        done = mill.end(process)
    assert done.code == 0, done.err
    assert mill.manifest(out)["content_sha256"] == mill.manifest(dataset)["content_sha256"]


def test_more_workers_than_cpus_and_a_second_run_beside(dataset: Path, tmp_path: Path) -> None:
    with nodes(1, 1) as cluster:
        both = [
            mill.start(
                *("render", "charts", "-n", "96", "-o", tmp_path / name, "--ray", cluster.address, "--workers", "3"),
                env=environment(),
            )
            for name in ("one", "other")
        ]
        results = [mill.end(process, timeout_s=1000) for process in both]
    for name, done in zip(("one", "other"), results, strict=True):
        assert done.code == 0, done.err
        assert mill.manifest(tmp_path / name)["content_sha256"] == mill.manifest(dataset)["content_sha256"]


def test_only_free_cpus_are_counted(dataset: Path, tmp_path: Path) -> None:
    with nodes(2) as cluster:
        first = mill.start(
            "render", "charts", "-n", "2000", "-o", tmp_path / "one", "--ray", cluster.address, env=environment()
        )
        mill.wait_for(lambda: mill.receipts(tmp_path / "one"), first)
        second = mill.start(
            "render", "charts", "-n", "96", "-o", tmp_path / "other", "--ray", cluster.address, env=environment()
        )
        said: list[str] = []
        assert second.stderr is not None
        while "waiting for one" not in "".join(said):
            line = second.stderr.readline()
            assert line, "it ended and never said that it waits"
            said.append(line)
        first.send_signal(signal.SIGINT)
        assert mill.end(first).code == 1
        done = mill.end(second)
    assert done.code == 0, done.err
    assert mill.manifest(tmp_path / "other")["content_sha256"] == mill.manifest(dataset)["content_sha256"]

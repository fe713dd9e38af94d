"""A Ray cluster on this machine: several nodes, each with a raylet of its own that can be killed."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from ray.cluster_utils import Cluster


@contextmanager
def nodes(*cpus: int, temporary: Path | None = None) -> Iterator[Any]:
    """A `ray.cluster_utils.Cluster` on loopback with a node for each number of CPUs, the first one its head.

    Its workers have `temporary` for temporary files, Ray itself keeps its own.
    """
    with pytest.MonkeyPatch.context() as patch:
        # A cluster on loopback that lives for one test needs no token.
        patch.setenv("RAY_AUTH_MODE", "disabled")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_TMPDIR", tempfile.gettempdir())
        if temporary is not None:
            patch.setenv("TMPDIR", str(temporary))
        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": cpus[0], "include_dashboard": False})
        try:
            for num in cpus[1:]:
                cluster.add_node(num_cpus=num)
            cluster.wait_for_nodes()
            yield cluster
        finally:
            cluster.shutdown()  # type: ignore[no-untyped-call]


def raylet_pids(cluster: Any) -> list[int]:
    """Of the nodes but the head."""
    return [
        node.all_processes["raylet"][0].process.pid
        for node in cluster.list_all_nodes()
        if node is not cluster.head_node
    ]


def environment() -> dict[str, str]:
    """Of a command that joins it."""
    return {**os.environ, "RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0"}

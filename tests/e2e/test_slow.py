"""Proofs that take minutes: flat memory, runs on a Ray cluster."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from pipelines.plan import Shard
from pipelines.recipe import Part, Recipe
from pipelines.run import DEADLINE_S
from pipelines.worker import Order, Worker
from renderers.core.registry import make_renderer, renderer_names
from tests.e2e import mill

pytestmark = pytest.mark.slow

_BIN = Path(sys.executable).parent
_ROOT = Path(__file__).parents[2]
_JOBS = "http://127.0.0.1:8299"
"""Where the head of a cluster takes jobs."""


_WHOLE_PAGES = ("html_documents", "mathpix_pages")
"""Of which 5,000 say as much as 20,000 of others, and take as long."""


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("name", renderer_names())
def test_memory_is_flat_over_thousands_of_pictures(name: str, tmp_path: Path) -> None:
    recipe = Recipe("flat", (Part(make_renderer(name, {})),))
    width = max(500, recipe.parts[0].renderer.batch)
    num = 5_000 if name in _WHOLE_PAGES else 20_000
    shards = [Shard(name, "train", start, start + width) for start in range(0, num, width)]
    peaks = []
    with Worker(Order(recipe.plain(), str(tmp_path), DEADLINE_S)) as worker:
        for shard in shards:
            peaks.append(worker.make(shard, "a").peak_rss_bytes)
            for file in (tmp_path / ".glyphmill" / "parts").iterdir():
                file.unlink()
    assert max(peaks) <= 1.15 * max(peaks[: max(1, 2000 // width)])


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A Ray cluster of one node on loopback, started as its users do, with the server that takes jobs."""
    # A cluster on loopback that lives for one test needs no token.
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    env = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0"}
    env["PATH"] = f"{_BIN}:{env['PATH']}"
    address = "127.0.0.1:6399"
    ports = ["--port=6399", "--ray-client-server-port=20201", "--dashboard-host=127.0.0.1", "--dashboard-port=8299"]
    start = ["start", "--head", "--block", "--num-cpus=2", *ports]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen([_BIN / "ray", *start], env=env, stdout=said, stderr=said) as head,
    ):
        try:
            for question in (["health-check", "--address", address], ["job", "list", "--address", _JOBS]):
                asked = [str(_BIN / "ray"), *question]
                while subprocess.run(asked, check=False, capture_output=True, env=env).returncode:
                    assert head.poll() is None, "the head of Ray ended"
            yield address
        finally:
            # Not by "ray stop", which ends all of Ray on this machine.
            members = psutil.Process(head.pid).children(recursive=True)
            head.terminate()
            for member in members:
                with suppress(psutil.NoSuchProcess):
                    member.kill()


@pytest.mark.xdist_group("ray")
@pytest.mark.timeout(1200)
def test_a_cluster_that_runs_here_is_left_alone(cluster: str, dataset: Path, tmp_path: Path) -> None:
    done = mill.run("render", "charts", "-n", "96", "-o", tmp_path / "out", "--workers", "1", timeout_s=600)
    assert done.code == 0, done.err
    assert mill.manifest(tmp_path / "out")["content_sha256"] == mill.manifest(dataset)["content_sha256"]
    assert not subprocess.run(
        [_BIN / "ray", "health-check", "--address", cluster], check=False, capture_output=True
    ).returncode


@pytest.mark.xdist_group("ray")
@pytest.mark.timeout(1200)
def test_a_cluster_by_its_address_gives_the_same_bytes(cluster: str, dataset: Path, tmp_path: Path) -> None:
    content = mill.manifest(dataset)["content_sha256"]
    done = mill.run("render", "charts", "-n", "96", "-o", tmp_path / "address", "--ray", cluster, timeout_s=600)
    assert done.code == 0, done.err
    assert mill.manifest(tmp_path / "address")["content_sha256"] == content


@pytest.mark.xdist_group("ray")
@pytest.mark.timeout(1200)
def test_a_job_submitted_with_the_folder_gives_the_same_bytes(cluster: str, dataset: Path, tmp_path: Path) -> None:
    job = ["python", "-m", "pipelines", "render", "charts", "-n", "96", "-o", str(tmp_path / "job")]
    submit = ["job", "submit", "--address", _JOBS, "--working-dir", str(_ROOT), "--", *job]
    done = subprocess.run(
        [_BIN / "ray", *submit], check=False, capture_output=True, text=True, timeout=600, cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "succeeded" in done.stdout
    assert mill.manifest(tmp_path / "job")["content_sha256"] == mill.manifest(dataset)["content_sha256"]

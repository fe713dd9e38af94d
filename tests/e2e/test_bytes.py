"""Workers, shard sizes, growth and resuming change no byte. Real Ray, real engines."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from datasets import load_dataset

from pipelines.recipe import load_recipe
from pipelines.run import Machine, render
from renderers.core.errors import ConfigError
from tests.e2e import mill


def rows_of(dataset: Path) -> dict[str, dict]:  # type: ignore[type-arg]
    files = sorted((dataset / "data").rglob("*.parquet"))
    return {row["id"]: row for file in files for row in pq.read_table(file).to_pylist()}


# Each count is a start of Ray and of as many browsers: two here, the others with the slow proofs.
@pytest.mark.xdist_group("ray")
@pytest.mark.parametrize(
    "workers", [pytest.param(1, marks=pytest.mark.slow), 2, pytest.param(4, marks=pytest.mark.slow)]
)
def test_worker_count_changes_no_byte(workers: int, dataset: Path, tmp_path: Path) -> None:
    done = mill.run("render", "charts", "-n", "96", "-o", tmp_path / "out", "--workers", str(workers))
    assert done.code == 0, done.err
    assert mill.manifest(tmp_path / "out")["content_sha256"] == mill.manifest(dataset)["content_sha256"]
    assert "samples/s" in done.out
    assert '"done": 96' in done.err


def test_growing_keeps_the_first_rows(dataset: Path, tmp_path: Path) -> None:
    grown = tmp_path / "grown"
    assert mill.run("render", "charts", "-n", "40", "-o", grown, "--workers", "0").code == 0
    before = rows_of(grown)
    assert len(before) == 40
    assert mill.run("render", "charts", "-n", "96", "-o", grown, "--workers", "0").code == 0
    after = rows_of(grown)
    assert len(after) == 96
    assert all(after[row_id] == row for row_id, row in before.items())
    assert mill.manifest(grown)["content_sha256"] == mill.manifest(dataset)["content_sha256"]


def test_a_finished_data_set_is_not_touched(dataset: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in dataset.rglob("*.parquet")}
    _, made = render(load_recipe("charts"), 96, str(dataset), Machine(workers=0))
    assert not made
    assert {path: path.stat().st_mtime_ns for path in dataset.rglob("*.parquet")} == before


def test_the_manifest_accounts_for_every_draw(dataset: Path) -> None:
    manifest = mill.manifest(dataset)
    assert manifest["rows_requested"] == manifest["kept"] == 96 == sum(file["rows"] for file in manifest["files"])
    assert manifest["num_draws"] == manifest["kept"] + sum(manifest["rejected"].values()) + manifest["failed"]
    assert {"matplotlib", "chromium", "echarts"} <= set(manifest["versions"])
    assert manifest["fonts"]
    rows = rows_of(dataset)
    assert {row_id.split("/")[2] for row_id in rows} == {"train", "validation", "test"}
    assert [name for name in rows if name.startswith("charts/matplotlib_charts/")].__len__() == 48


def test_hugging_face_loads_it_as_it_is(dataset: Path, tmp_path: Path) -> None:
    both = load_dataset(str(dataset), cache_dir=str(tmp_path))
    assert sum(split.num_rows for split in both.values()) == 96
    picture = both["train"][0]["image"]
    assert picture.size == (both["train"][0]["width"], both["train"][0]["height"])
    one = load_dataset(str(dataset), "pyecharts_charts", cache_dir=str(tmp_path))
    assert sum(split.num_rows for split in one.values()) == 48
    assert all(row["id"].startswith("charts/pyecharts_charts/") for row in one["test"])
    assert one["validation"].features["regions"].feature["span"].length == 2


def test_hugging_face_filters_while_it_loads(dataset: Path, tmp_path: Path) -> None:
    kept = load_dataset(str(dataset), split="train", filters=[("language", "==", "en")], cache_dir=str(tmp_path))
    assert 0 < kept.num_rows < 90
    assert set(kept["language"]) == {"en"}


def test_parquet_is_as_the_viewer_wants_it(dataset: Path) -> None:
    for file in (dataset / "data").rglob("*.parquet"):
        metadata = pq.read_metadata(file)
        assert b"huggingface" in metadata.metadata
        assert b"content_defined_chunking" in metadata.metadata
        group = metadata.row_group(0)
        assert group.num_rows <= 100
        columns = {group.column(at).path_in_schema: group.column(at) for at in range(group.num_columns)}
        assert columns["image.bytes"].compression == "UNCOMPRESSED"
        assert columns["markup"].compression == "SNAPPY"
        assert columns["markup"].has_offset_index


@pytest.mark.parametrize(("change", "why"), [("seed", "was made by seed 0, not 5"), ("recipe", "with other knobs")])
def test_another_seed_or_recipe_is_refused(change: str, why: str, dataset: Path, tmp_path: Path) -> None:
    from dataclasses import replace

    charts = load_recipe("charts")
    if change == "seed":
        other = replace(charts, seed=5)
    else:
        other = replace(charts, parts=(replace(charts.parts[0], weight=9.0), *charts.parts[1:]))
    with pytest.raises(ConfigError, match=why):
        render(other, 96, str(dataset), Machine(workers=0))

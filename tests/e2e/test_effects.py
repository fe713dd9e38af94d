"""A recipe with effects from the command line: degraded rows, each of which can be drawn again to the last byte."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.audit import audit
from renderers.core.image import decode_png
from tests.e2e import mill

RECIPE = """
from pipelines.recipe import Part, Recipe
from renderers.effects.mix import Effects
from renderers.matplotlib_charts import MatplotlibCharts


def recipe() -> Recipe:
    return Recipe(
        "worn",
        (
            Part(MatplotlibCharts(), 1.0, "clean"),
            Part(MatplotlibCharts(), 2.0, "degraded", Effects(severity=(0.1, 0.4, 0.8))),
        ),
    )
"""


def rows_of(dataset: Path, part: str) -> dict[str, dict]:  # type: ignore[type-arg]
    files = sorted((dataset / "data" / part).rglob("*.parquet"))
    return {row["id"]: row for file in files for row in pq.read_table(file).to_pylist()}


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("recipe") / "worn.py"
    file.write_text(RECIPE, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def worn(recipe: Path) -> Path:
    out = recipe.parent / "worn"
    done = mill.run("render", recipe, "-n", "60", "-o", out, "--workers", "0")
    assert done.code == 0, done.err
    return out


def test_rows_are_degraded_and_say_how_far(worn: Path) -> None:
    rows = rows_of(worn, "degraded")
    assert len(rows) == 40
    severities = [row["difficulty"]["degradation"] for row in rows.values()]
    assert all(severity == 0 or 0.1 <= severity <= 0.81 for severity in severities)
    assert 0.6 < sum(severity > 0 for severity in severities) / len(rows) < 1
    assert {row["difficulty"]["degradation"] for row in rows_of(worn, "clean").values()} == {0.0}
    for row in rows.values():
        height, width = decode_png(row["image"]["bytes"]).shape[:2]
        assert (row["width"], row["height"]) == (width, height)
        for region in row["regions"]:
            x0, y0, x1, y1 = region["box"]
            assert 0 <= x0 <= x1 <= width + 0.25
            assert 0 <= y0 <= y1 <= height + 0.25
        assert "+effects" in row["renderer_version"]


def test_effects_change_the_picture_not_what_it_shows(recipe: Path, worn: Path) -> None:
    plain = recipe.parent / "plain.py"
    plain.write_text(RECIPE.replace(", Effects(severity=(0.1, 0.4, 0.8))", ""), encoding="utf-8")
    done = mill.run("render", plain, "-n", "60", "-o", recipe.parent / "plain", "--workers", "0")
    assert done.code == 0, done.err
    before, after = rows_of(recipe.parent / "plain", "degraded"), rows_of(worn, "degraded")
    assert rows_of(recipe.parent / "plain", "clean").keys() == rows_of(worn, "clean").keys()
    same_draw = [name for name in before if before[name]["attempt"] == after[name]["attempt"]]
    assert len(same_draw) > 30
    for name in same_draw:
        one, other = before[name], after[name]
        assert (one["markup"], one["spec"], one["alternates"]) == (other["markup"], other["spec"], other["alternates"])
        assert [region["text"] for region in one["regions"]] == [region["text"] for region in other["regions"]]
        if other["difficulty"]["degradation"] == 0:
            assert one["image"]["bytes"] == other["image"]["bytes"]
        else:
            assert one["image"]["bytes"] != other["image"]["bytes"]


def test_workers_change_no_byte_of_degraded_rows(recipe: Path, worn: Path, tmp_path: Path) -> None:
    done = mill.run("render", recipe, "-n", "60", "-o", tmp_path / "out", "--workers", "2")
    assert done.code == 0, done.err
    assert mill.manifest(tmp_path / "out")["content_sha256"] == mill.manifest(worn)["content_sha256"]


def test_every_degraded_row_is_drawn_again(worn: Path) -> None:
    assert list(audit(worn, 1.0)) == []
    name = next(name for name, row in rows_of(worn, "degraded").items() if row["difficulty"]["degradation"] > 0)
    shown = mill.run("show", worn, name)
    assert shown.code == 0, shown.err


def test_a_manifest_with_a_knob_that_is_gone_is_a_clear_line(worn: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(worn, copy)
    manifest = mill.manifest(copy)
    manifest["parts"][1]["effects"]["smell"] = 1.0
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    done = mill.run("verify", copy)
    assert done.code == 2
    assert "no knob 'smell'" in done.err

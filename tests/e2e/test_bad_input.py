"""A user's mistakes and a machine's faults: one clear line, the right exit code, nothing lost."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.e2e import mill


@pytest.fixture
def copy(dataset: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(dataset, tmp_path / "copy"))


@pytest.mark.parametrize("num", ["0", "-5", "1.5", "many", "1e-3", "nan", "1e99", ""])
def test_a_number_that_is_none(num: str, tmp_path: Path) -> None:
    done = mill.called("render", "charts", f"-n{num}", "-o", tmp_path / "out")
    assert done.code == 2
    assert "whole" in done.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "does not exist"),
        ("x = 1", "has no function recipe"),
        ("def recipe(:", "SyntaxError"),
        ("import nothing_of_that_name", "line 1: ModuleNotFoundError"),
        ("def recipe():\n    return 1 / 0", "line 2: ZeroDivisionError"),
        ("def recipe():\n    return 5", "must return a Recipe"),
        (
            (
                "from pipelines.recipe import Part, Recipe\nfrom renderers.matplotlib_charts import MatplotlibCharts\n"
                "def recipe():\n    return Recipe('a b', (Part(MatplotlibCharts()),))"
            ),
            "recipe name 'a b'",
        ),
    ],
)
def test_a_recipe_file_that_is_none(text: str | None, why: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    if text is not None:
        file.write_text(text)
    done = mill.called("render", file, "-n", "10", "-o", tmp_path / "out")
    assert (done.code, done.out) == (2, "")
    assert why in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_an_unknown_recipe_names_the_known_ones(tmp_path: Path) -> None:
    done = mill.called("render", "nonsense", "-o", tmp_path / "out")
    assert done.code == 2
    assert "there are: charts" in done.err


def test_an_output_that_cannot_be(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "precious.txt").write_text("mine")
    for out, why in [(file, "is a file"), (Path("/proc/glyphmill"), "cannot be written"), (theirs, "is not empty")]:
        for fresh in ([], ["--fresh"]):
            done = mill.called("render", "charts", "-n", "10", "-o", out, "--workers", "0", *fresh)
            assert done.code == 2, done.err
            assert why in done.err
    assert file.read_text() == "mine"
    assert [path.name for path in theirs.iterdir()] == ["precious.txt"]


def test_two_drivers_in_one_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = mill.start("render", "charts", "-n", "60", "-o", out, "--workers", "0")
    mill.wait_for((out / ".glyphmill" / "run.json").exists, first)
    second = mill.run("render", "charts", "-n", "60", "-o", out, "--workers", "0")
    assert second.code == 2
    assert f"is being written by process {first.pid}" in second.err
    assert mill.end(first).code == 0


def test_a_missing_browser_is_said_before_any_work(tmp_path: Path) -> None:
    env = {**os.environ, "GLYPHMILL_CHROMIUM": "/nonexistent/chromium"}
    done = mill.run("render", "charts", "-n", "10", "-o", tmp_path / "out", env=env)
    assert done.code == 2
    assert "apt-get install" in done.err
    assert "Traceback" not in done.err
    doctor = mill.run("doctor", env=env)
    assert doctor.code == 1
    assert "missing" in doctor.out


def test_doctor_lists_all_tools() -> None:
    done = mill.run("doctor")
    assert done.code == 0, done.out
    for tool in ("python", "ray", "matplotlib", "chromium", "echarts", "fonts-noto-cjk"):
        assert tool in done.out


def test_a_corrupt_shard_is_found_and_a_short_one_made_again(copy: Path, dataset: Path) -> None:
    file = next((copy / "data" / "pyecharts_charts").glob("train-*.parquet"))
    data = bytearray(file.read_bytes())
    data[len(data) // 3] ^= 0xFF
    file.write_bytes(data)
    done = mill.run("verify", copy, "--sample", "0")
    assert done.code == 1
    assert f"{file.relative_to(copy)}: " in done.out
    file.write_bytes(data[: len(data) // 2])
    assert mill.run("verify", copy, "--sample", "0").code == 1
    again = mill.run("render", "charts", "-n", "96", "-o", copy, "--workers", "0")
    assert again.code == 0, again.err
    assert mill.manifest(copy)["content_sha256"] == mill.manifest(dataset)["content_sha256"]
    assert mill.run("verify", copy, "--sample", "0.05").code == 0


def test_show_says_identical_or_what_differs(copy: Path) -> None:
    row_id = "charts/pyecharts_charts/train/000000002"
    done = mill.run("show", copy, row_id)
    assert (done.code, done.out.splitlines()[-1]) == (0, "identical"), done.out + done.err
    file = next((copy / "data" / "pyecharts_charts").glob("train-*.parquet"))
    table = pq.read_table(file)
    rows = table.to_pylist()
    for row in rows:
        row["markup"] = row["markup"].replace('"', "'", 1)
    pq.write_table(table.from_pylist(rows, schema=table.schema), file)
    done = mill.run("show", copy, row_id)
    assert done.code == 1
    assert "differs: markup: at character 1" in done.out
    for wrong in ("charts/pyecharts_charts/train/999999999", "nonsense"):
        missing = mill.run("show", copy, wrong)
        assert missing.code == 2
        assert wrong in missing.err


def test_a_folder_without_data_set(tmp_path: Path) -> None:
    for command in ("verify", "report"):
        done = mill.called(command, tmp_path)
        assert done.code == 2, done.err
        assert len(done.err.strip().splitlines()) == 1
    assert mill.called("show", tmp_path, "a/b/c/000000001").code == 2


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], check=True)
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_loses_nothing_that_is_committed(small_disk: Path) -> None:
    out = small_disk / "out"
    done = mill.run("render", "charts", "-n", "120", "-o", out, "--workers", "0")
    assert done.code == 1
    assert "cannot be written" in done.err
    assert "No space left" in done.err
    assert "Traceback" not in done.err
    kept = mill.receipts(out)
    assert not (out / "manifest.json").exists()
    subprocess.run(["mount", "-o", "remount,size=200m", small_disk], check=True)
    again = mill.run("render", "charts", "-n", "120", "-o", out, "--workers", "0")
    assert again.code == 0, again.err
    assert kept.keys() <= mill.receipts(out).keys()

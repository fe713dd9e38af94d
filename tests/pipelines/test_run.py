"""A run as a user has it, in this process: resumed, grown, started over, refused; and what it says when it fails."""

import errno
import fcntl
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipelines.manifest import MANIFEST, Manifest, committed
from pipelines.recipe import Recipe
from pipelines.run import Machine, render
from pipelines.store import Store
from renderers.core.errors import ConfigError, EngineStartError, ShardError
from tests.e2e import mill
from tests.pipelines.fakes import FakeEngine, FakeWords, fake_recipe

RECIPE = fake_recipe(refused=0.1)
NUM = 192
HERE = Machine(workers=0)

pytestmark = pytest.mark.usefixtures("fake")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def run(out: Path, num: int = NUM, recipe: Recipe = RECIPE, fresh: bool = False) -> Manifest:
    return render(recipe, num, str(out), HERE, fresh)[0]


def rows_of(out: Path) -> dict[str, dict[str, Any]]:
    files = sorted((out / "data").rglob("*.parquet"))
    return {row["id"]: row for file in files for row in pq.read_table(file).to_pylist()}


def stopped(out: Path, num: int = NUM, after: int = 12) -> set[Path]:
    """A run that lost its engine after so many batches; the files that it had committed."""
    FakeEngine.max_batches = len(FakeEngine.batches) + after
    with pytest.raises(EngineStartError, match="apt-get install fake"):
        run(out, num)
    FakeEngine.max_batches = None
    return set((out / "data").rglob("*.parquet"))


def num_rendered(work: Callable[[], object]) -> int:
    """Pictures that are rendered by a call."""
    before = len(FakeEngine.batches)
    work()
    return sum(map(len, FakeEngine.batches[before:]))


# ------------------------------------------------------------------------------------------------------------ whole


def test_so_many_rows_as_asked_for_are_kept(out: Path) -> None:
    for num in (1, 50, 51, NUM):
        manifest = run(out, num)
        assert manifest.kept == manifest.rows_requested == num == len(rows_of(out))
        assert manifest.num_draws == manifest.kept + sum(manifest.rejected.values()) + manifest.failed
    assert manifest.rejected["word_refused"] > 0


def test_a_run_in_which_nothing_goes_wrong_keeps_every_draw(out: Path) -> None:
    manifest = run(out, 20, fake_recipe())
    assert (manifest.kept, manifest.rejected, manifest.failed) == (20, {}, 0)
    assert len(rows_of(out)) == 20


@pytest.mark.parametrize("num", [0, -1])
def test_no_rows_are_a_users_mistake(num: int, out: Path) -> None:
    with pytest.raises(ConfigError, match="must be 1 or more"):
        run(out, num)
    assert not out.exists()


def test_contents_of_the_splits_do_not_meet(out: Path) -> None:
    run(out, 640, fake_recipe(renderer=FakeWords(menu=400)))
    by_split: dict[str, set[str]] = {}
    for row in rows_of(out).values():
        by_split.setdefault(row["id"].split("/")[2], set()).add(row["markup"])
    assert set(by_split) == {"train", "validation", "test"}
    assert sum(map(len, by_split.values())) == len(set().union(*by_split.values()))
    assert len(by_split["train"]) < 600, "the menu is so small that words come again"


def test_a_complete_data_set_is_not_made_again(out: Path) -> None:
    first = run(out)
    assert num_rendered(lambda: run(out)) == 0
    again, made = render(RECIPE, NUM, str(out), HERE)
    assert (again, made) == (first, False)


def test_a_missing_program_is_said_before_anything_is_made(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def versions(cls: type[FakeEngine]) -> dict[str, str]:
        raise EngineStartError("fake is missing: apt-get install fake")

    monkeypatch.setattr(FakeEngine, "versions", classmethod(versions))
    with pytest.raises(EngineStartError, match="apt-get install fake"):
        run(out)
    assert FakeEngine.batches == []
    assert not out.exists()


def test_a_folder_that_is_deleted_meanwhile_is_said(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = FakeEngine.versions

    def versions_and_gone(cls: type[FakeEngine]) -> dict[str, str]:
        # Asked by the worker before its first shard, as by the driver before it claims the folder.
        if (out / ".glyphmill").exists():
            shutil.rmtree(out)
        return versions()

    monkeypatch.setattr(FakeEngine, "versions", classmethod(versions_and_gone))
    with pytest.raises(ShardError, match="is gone: somebody deleted it while this run was at work"):
        run(out)


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_a_filesystem_without_locks_is_worked_on(
    code: int, out: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # What shared filesystems answer; none is at hand here, so the call itself is made to fail.
    def flock(file: object, operation: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", flock)
    assert run(out).kept == NUM
    assert "has no locks: see to it that no other run writes there" in caplog.text


# ------------------------------------------------------------------------------------------------ stopped and resumed


def test_a_stopped_run_is_not_complete(out: Path) -> None:
    assert stopped(out)
    assert not (out / MANIFEST).exists()
    assert not (out / "README.md").exists()


@pytest.mark.parametrize("manifest", ["kept", "removed"])
def test_what_is_no_shard_of_the_data_set_is_swept_and_a_changed_one_made_again(out: Path, manifest: str) -> None:
    before = run(out)
    rows = rows_of(out)
    path = next((out / "data").rglob("train-*.parquet"))
    data = path.read_bytes()
    stray = path.with_name("train-00000-of-00002.parquet")
    stray.write_bytes(data)
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 1
    path.write_bytes(flipped)
    if manifest == "removed":
        (out / MANIFEST).unlink()
    after = run(out)
    assert not stray.exists()
    assert path.read_bytes() == data
    assert rows_of(out) == rows
    assert (after.content_sha256, after.files) == (before.content_sha256, before.files)


def test_growing_adds_files_and_changes_none(out: Path) -> None:
    run(out)
    before = {file: (file.stat().st_ino, file.read_bytes()) for file in (out / "data").rglob("*.parquet")}
    run(out, 2 * NUM)
    for file, (inode, data) in before.items():
        assert (file.stat().st_ino, file.read_bytes()) == (inode, data)


def test_a_stopped_run_goes_on_with_what_is_missing(out: Path, tmp_path: Path) -> None:
    files = {file: file.stat().st_ino for file in stopped(out)}
    kept = sum(receipt.rows for receipt in committed(Store(str(out))).values())
    assert 0 < kept < NUM
    manifests: list[Manifest] = []
    rendered = num_rendered(lambda: manifests.append(run(out)))
    assert NUM - kept <= rendered < NUM
    inodes = {file.stat().st_ino for file in (out / "data").rglob("*.parquet")}
    assert set(files.values()) <= inodes, "a committed shard was made again"
    calm = run(tmp_path / "calm")
    assert manifests[0].content_sha256 == calm.content_sha256
    assert manifests[0].rejected == calm.rejected
    assert rows_of(out) == rows_of(tmp_path / "calm")


@pytest.mark.parametrize("what", ["file", "receipt", "half a file", "half a receipt"])
def test_a_shard_that_is_half_there_is_made_again(what: str, out: Path) -> None:
    before = run(out)
    path = next((out / "data").rglob("train-*.parquet"))
    if "receipt" in what:
        path = next((out / ".glyphmill" / "receipts").rglob("train-*.json"))
    if "half" in what:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        path.unlink()
    assert num_rendered(lambda: run(out)) > 0
    assert run(out).content_sha256 == before.content_sha256
    assert len(rows_of(out)) == NUM


def test_nothing_half_made_is_left_after_a_run(out: Path) -> None:
    stopped(out)
    run(out)
    assert not list(out.rglob("*.tmp"))
    assert not list((out / ".glyphmill" / "parts").rglob("*.parquet"))


def test_a_folder_that_another_run_is_at_work_in_is_refused(out: Path) -> None:
    run(out, 20)
    with (out / ".glyphmill" / "lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # as the other one holds it
        with pytest.raises(ConfigError, match=f"is being written by process {os.getpid()}; wait for it, or end it"):
            run(out, 40)
    assert run(out, 40).kept == 40


# ------------------------------------------------------------------------------------------------------------- grown


def test_growth_only_adds(out: Path, tmp_path: Path) -> None:
    run(out, 100)
    before = rows_of(out)
    inodes = {file.stat().st_ino for file in (out / "data").rglob("*.parquet")}
    rendered = num_rendered(lambda: run(out, NUM))
    assert rendered < NUM
    after = rows_of(out)
    assert len(after) == NUM
    assert {row_id: after[row_id] for row_id in before} == before
    assert inodes <= {file.stat().st_ino for file in (out / "data").rglob("*.parquet")}
    assert run(tmp_path / "at once", NUM).content_sha256 == run(out, NUM).content_sha256


def test_less_than_there_is_is_refused(out: Path) -> None:
    run(out, NUM)
    with pytest.raises(ConfigError, match="more than 100 rows already"):
        run(out, 100)
    assert run(out, NUM).kept == NUM


# -------------------------------------------------------------------------------------------- refused, started over


def test_another_seed_or_recipe_is_refused_and_touches_nothing(out: Path) -> None:
    run(out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file() and path.name != "lock"}
    for other in (replace(RECIPE, seed=3), fake_recipe(refused=0.2)):
        with pytest.raises(ConfigError, match="give another folder, or start over with --fresh"):
            run(out, recipe=other)
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_fresh_starts_over(out: Path, tmp_path: Path) -> None:
    run(out)
    other = replace(RECIPE, seed=3)
    assert run(out, 60, other, fresh=True).content_sha256 == run(tmp_path / "new", 60, other).content_sha256
    assert len(rows_of(out)) == 60


# ---------------------------------------------------------------------------------------------------- manifest last


def test_the_manifest_is_written_last(out: Path) -> None:
    run(out, 100)
    assert (out / MANIFEST).exists()
    (out / "README.md").unlink()
    (out / "README.md").mkdir()  # so the card cannot be written
    with pytest.raises(ShardError, match=r"README\.md cannot be written"):
        run(out, NUM)
    assert not (out / MANIFEST).exists()
    assert len(rows_of(out)) == NUM
    (out / "README.md").rmdir()
    assert run(out, NUM).kept == NUM
    assert (out / MANIFEST).exists()


# ---------------------------------------------------------------------------------------------- what a failure says

RECIPE_FILE = """
from pipelines.recipe import Recipe
from tests.pipelines.fakes import fake_recipe

def recipe() -> Recipe:
    return fake_recipe({faults})
"""


def failing(tmp_path: Path, faults: str) -> list[str]:
    """The lines that a run says that fails."""
    file = tmp_path / "mine.py"
    file.write_text(RECIPE_FILE.format(faults=faults))
    done = mill.called("render", file, "-n", "20", "-o", tmp_path / "out", "--workers", "0")
    assert done.code == 1
    return [line for line in done.err.splitlines() if not line.startswith("{")]


def test_a_renderer_whose_pictures_are_all_rejected_ends_the_run_with_one_line(tmp_path: Path) -> None:
    line, hint = failing(tmp_path, "refused=1.0")
    assert line.startswith("glyphmill: fake/words/train/000000000 was rejected 60 times, last by word_refused: word ")
    assert hint == "what was committed is safe: the same command goes on from there"


def test_a_renderer_that_raises_ends_the_run_and_says_where(tmp_path: Path) -> None:
    lines = failing(tmp_path, "raises=1.0")
    assert lines[0].startswith("glyphmill: 6 draws failed, the last one fake/words/train/")
    assert any("fakes.py" in line for line in lines)
    assert any("ZeroDivisionError: word" in line for line in lines)

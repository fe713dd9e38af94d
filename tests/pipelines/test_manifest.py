"""What a folder of shards promises: what is committed, what may be added, what is refused, and what is written last."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from msgspec.structs import replace as replace_struct

from pipelines.card import write_card
from pipelines.claim import claim, refuse_foreign_files
from pipelines.manifest import (
    Manifest,
    commit,
    committed,
    content_sha256,
    data_name,
    finish,
    is_complete,
    read_manifest,
    staging_name,
    sweep,
    write_manifest,
)
from pipelines.plan import Shard
from pipelines.recipe import Part, Recipe
from pipelines.shard import Receipt, read_rows, shard_of
from pipelines.store import Store
from pipelines.worker import Order, Worker
from renderers.core.errors import ConfigError, ShardError
from renderers.core.sample import row_digest
from renderers.html_lines import HtmlLines
from tests.made_prose import write_prose
from tests.pipelines.fakes import FakeWords, fake_recipe

RECIPE = fake_recipe(refused=0.2)
CORPUS = "digest of a corpus"
NUM = 96
WHOLE = [Shard("words", split, 0, NUM) for split in ("train", "validation", "test")]
CUT = [
    Shard("words", "train", 0, 20),
    Shard("words", "train", 20, 60),
    Shard("words", "train", 60, NUM),
    Shard("words", "validation", 0, 32),
    Shard("words", "validation", 32, NUM),
    Shard("words", "test", 0, NUM),
]

pytestmark = pytest.mark.usefixtures("fake")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A folder that was claimed for the recipe."""
    store = Store(str(tmp_path / "out"))
    store.make()
    claim(store, RECIPE, CORPUS, fresh=False)
    return store


def fill(store: Store, shards: Sequence[Shard], recipe: Recipe = RECIPE) -> list[Receipt]:
    """Make and commit shards, in this order."""
    receipts = []
    with Worker(Order(recipe.plain(), store.root, 60.0)) as worker:
        for shard in shards:
            receipts.append(worker.make(shard, "a"))
            commit(store, receipts[-1], staging_name(shard, "a"))
    return receipts


def complete(store: Store, shards: Sequence[Shard]) -> Manifest:
    """A finished data set."""
    fill(store, shards)
    manifest = finish(store, RECIPE, CORPUS, NUM)
    write_card(store, RECIPE, manifest)
    write_manifest(store, manifest)
    return manifest


def receipt_file(store: Store, shard: Shard) -> Path:
    return store.path(f".glyphmill/receipts/{shard.part}/{shard.name}.json")


def data_file(store: Store, shard: Shard) -> Path:
    return store.path(data_name(shard))


# ------------------------------------------------------------------------------------------------- what is committed


def test_a_shard_is_committed_when_its_file_and_its_receipt_are_there(store: Store) -> None:
    receipts = fill(store, WHOLE)
    done = committed(store)
    assert list(done) == sorted(WHOLE)
    assert [done[receipt.shard] for receipt in receipts] == receipts
    for shard, receipt in done.items():
        name = data_name(shard)
        assert [row["index"] for row in read_rows(store, name)] == shard.indices
        assert (store.sha256(name), store.size_bytes(name)) == (receipt.sha256, receipt.num_bytes)


def test_a_file_without_a_receipt_is_not_committed(store: Store) -> None:
    fill(store, WHOLE)
    receipt_file(store, WHOLE[0]).unlink()
    assert set(committed(store)) == set(WHOLE[1:])


def test_a_receipt_without_a_file_is_not_committed(store: Store) -> None:
    fill(store, WHOLE)
    data_file(store, WHOLE[0]).unlink()
    assert set(committed(store)) == set(WHOLE[1:])


def test_a_short_file_is_not_committed(store: Store) -> None:
    fill(store, WHOLE)
    file = data_file(store, WHOLE[0])
    data = file.read_bytes()
    file.write_bytes(data[:100] + data[200:])
    assert shard_of(store, f"data/words/{file.name}") == WHOLE[0], "it still says what it held"
    assert set(committed(store)) == set(committed(store, by_bytes=False)) == set(WHOLE[1:])
    file.write_bytes(data[:-1])
    assert shard_of(store, f"data/words/{file.name}") is None
    assert set(committed(store)) == set(committed(store, by_bytes=False)) == set(WHOLE[1:])


def test_a_long_file_is_not_committed(store: Store) -> None:
    fill(store, WHOLE)
    file = data_file(store, WHOLE[0])
    data = file.read_bytes()
    file.write_bytes(data[:4] + bytes(8) + data[4:])
    assert shard_of(store, f"data/words/{file.name}") == WHOLE[0], "it still says what it holds"
    assert set(committed(store)) == set(committed(store, by_bytes=False)) == set(WHOLE[1:])


def test_a_flipped_byte_is_not_committed(store: Store) -> None:
    fill(store, WHOLE)
    file = data_file(store, WHOLE[0])
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert set(committed(store)) == set(WHOLE[1:])
    assert set(committed(store, by_bytes=False)) == set(WHOLE), "its size is as it was"


@pytest.mark.parametrize("damage", [lambda data: data[:-20], lambda _: b"", lambda _: b"[" * 10_000])
def test_a_damaged_receipt_is_not_committed(store: Store, damage: Callable[[bytes], bytes]) -> None:
    fill(store, WHOLE)
    file = receipt_file(store, WHOLE[0])
    file.write_bytes(damage(file.read_bytes()))
    assert set(committed(store)) == set(WHOLE[1:])


def test_a_receipt_under_another_name_is_not_committed(store: Store) -> None:
    fill(store, WHOLE)
    file = receipt_file(store, WHOLE[0])
    file.rename(file.with_name("train-000000000-000000050.json"))
    assert set(committed(store)) == set(WHOLE[1:])


def test_rejects_lie_in_quarantine_beside_the_data(store: Store) -> None:
    receipt = fill(store, WHOLE)[0]
    rows = list(read_rows(store, f"rejected/words/{WHOLE[0].name}.parquet"))
    assert len(rows) == receipt.rejects == 4
    assert {row["reason"] for row in rows} == {"word_refused"}
    assert store.list("rejected", ".parquet")
    assert not store.list(".glyphmill/parts", ".rejected")


def test_what_an_interrupted_run_left_half_made_is_removed(store: Store) -> None:
    fill(store, WHOLE)
    with Worker(Order(RECIPE.plain(), store.root, 60.0)) as worker:
        worker.make(Shard("words", "train", NUM, 2 * NUM), "b")
    assert store.list(".glyphmill/parts", "b.parquet")
    store.path("data/words/x.parquet.1.tmp").write_bytes(b"half")
    strays = ("data/words/train-00000-of-00001.parquet", "data/other/x.bin", "rejected/words/old.parquet")
    for name in strays:
        store.write_bytes(name, b"of no receipt")
    sweep(store, committed(store))
    assert not any(map(store.exists, strays))
    assert not store.list("", ".tmp")
    assert not store.list(".glyphmill/parts", "")
    assert set(committed(store)) == set(WHOLE)


# -------------------------------------------------------------------------------------------------------- accounting


def test_a_manifest_accounts_for_every_draw(store: Store) -> None:
    receipts = fill(store, CUT)
    manifest = finish(store, RECIPE, CORPUS, NUM)
    assert manifest.rows_requested == manifest.kept == NUM == sum(file.rows for file in manifest.files)
    assert manifest.rejected == {"word_refused": sum(receipt.rejected.get("word_refused", 0) for receipt in receipts)}
    assert manifest.num_draws == NUM + manifest.rejected["word_refused"]
    assert manifest.failed == 0
    assert manifest.part_stats["words"]["rows"] == NUM
    assert manifest.versions.keys() >= {"fake", "fake-ink"}


@pytest.mark.parametrize(
    "wrong",
    [{"num_draws": 1}, {"failed": 1}, {"rejected": {"word_refused": 1}}, {"rows": 1}],
    ids=["draws", "failed", "rejected", "rows"],
)
def test_a_data_set_whose_accounting_does_not_come_out_is_refused(store: Store, wrong: dict[str, Any]) -> None:
    receipt = fill(store, WHOLE)[0]
    assert wrong.keys() <= msgspec.structs.asdict(receipt).keys()
    receipt_file(store, WHOLE[0]).write_bytes(msgspec.json.encode(msgspec.structs.replace(receipt, **wrong)))
    with pytest.raises(ShardError, match="the accounting does not come out: 96 rows requested"):
        finish(store, RECIPE, CORPUS, NUM)


def test_a_data_set_that_lacks_a_shard_is_refused(store: Store) -> None:
    fill(store, CUT[:-1])
    with pytest.raises(ShardError, match="96 rows requested, 93 kept"):
        finish(store, RECIPE, CORPUS, NUM)


# ------------------------------------------------------------------------------------------------ what does not depend


def test_the_content_digest_does_not_depend_on_shards_or_their_order(store: Store, tmp_path: Path) -> None:
    other = Store(str(tmp_path / "other"))
    claim(other, RECIPE, CORPUS, fresh=False)
    whole, cut = complete(store, WHOLE), complete(other, CUT[::-1])
    assert len(whole.files) < len(cut.files)
    assert whole.content_sha256 == cut.content_sha256


def test_the_content_digest_is_over_all_rows_in_order_of_part_split_and_index(store: Store) -> None:
    receipts = fill(store, CUT)
    rows = [row for shard in sorted(CUT) for row in read_rows(store, data_name(shard))]
    ids = [row["id"] for row in rows]
    assert ids == sorted(ids)
    assert "".join(receipt.row_digests for receipt in sorted(receipts, key=lambda receipt: receipt.shard)) == "".join(
        map(row_digest, rows)
    )
    for receipt in receipts:
        changed = msgspec.structs.replace(receipt, row_digests=receipt.row_digests[::-1])
        others = [other for other in receipts if other != receipt]
        assert content_sha256([changed, *others]) != content_sha256(receipts) == content_sha256(receipts[::-1])


def test_files_are_named_in_order_of_their_rows_and_keep_their_names(store: Store) -> None:
    fill(store, CUT[::-1])
    named = {name: store.path(name).stat().st_ino for name in store.list("data", ".parquet")}
    manifest = finish(store, RECIPE, CORPUS, NUM)
    assert {name: store.path(name).stat().st_ino for name in store.list("data", ".parquet")} == named
    assert [file.path for file in manifest.files] == sorted(named)
    train = [file for file in manifest.files if file.split == "train"]
    assert [Path(file.path).name for file in train] == [
        "train-000000000-000000020.parquet",
        "train-000000020-000000060.parquet",
        "train-000000060-000000096.parquet",
    ]
    assert [(file.start, file.stop) for file in train] == [(0, 20), (20, 60), (60, NUM)]
    for file in manifest.files:
        assert shard_of(store, file.path) == Shard("words", file.split, file.start, file.stop)
        assert (store.sha256(file.path), store.size_bytes(file.path)) == (file.sha256, file.num_bytes)


# ----------------------------------------------------------------------------------------------- card and manifest


@pytest.mark.parametrize(
    "path", ["data/../../x.parquet", "/etc/passwd", "data/words/train-000000000-000000020.txt", "x.parquet", ""]
)
def test_a_manifest_that_names_another_file_is_refused(store: Store, path: str) -> None:
    manifest = complete(store, CUT)
    write_manifest(store, replace_struct(manifest, files=[replace_struct(manifest.files[0], path=path)]))
    with pytest.raises(ConfigError, match="is no file of a data set"):
        read_manifest(store)


@pytest.mark.parametrize("part", ["..", "../words", "a/b", ""])
def test_a_manifest_that_names_a_folder_elsewhere_is_refused(store: Store, part: str) -> None:
    manifest = complete(store, CUT)
    file = replace_struct(manifest.files[0], part=part)
    write_manifest(store, replace_struct(manifest, files=[replace_struct(file, path=data_name(file.shard))]))
    with pytest.raises(ConfigError, match="is no file of a data set"):
        read_manifest(store)


def test_the_card_says_what_each_split_holds(store: Store) -> None:
    manifest = complete(store, CUT)
    head = store.read_bytes("README.md").decode().split("---\n")[1]
    card = {key: json.loads(value) for key, value in (line.split(": ", 1) for line in head.splitlines())}
    (info,) = card["dataset_info"]
    assert info.keys() == {"config_name", "features"}
    assert "| words | 90 | 3 | 3 |" in store.read_bytes("README.md").decode()
    (config,) = card["configs"]
    assert [files["split"] for files in config["data_files"]] == ["train", "validation", "test"]
    for files in config["data_files"]:
        found = [path for pattern in files["path"] for path in Path(store.root).glob(pattern)]
        assert len(found) == sum(file.split == files["split"] for file in manifest.files)


def test_the_card_says_under_which_licences_its_text_is(store: Store, tmp_path: Path) -> None:
    manifest = complete(store, CUT)
    assert 'license: "apache-2.0"\n' in store.read_bytes("README.md").decode()
    rows = pq.read_table(write_prose(tmp_path / "prose.parquet"))
    names = pa.array([("CC-BY-SA-4.0", "GPL-2.0-or-later", "CC-BY-SA-4.0")[index % 3] for index in range(len(rows))])
    pq.write_table(rows.append_column("licence", names), tmp_path / "stated.parquet")
    for file, licences in (("stated", "CC-BY-SA-4.0, GPL-2.0-or-later"), ("prose", "unknown")):
        renderer = HtmlLines(prose=str(tmp_path / f"{file}.parquet"))
        write_card(store, Recipe("lines", (Part(renderer, name="words"),)), manifest)
        card = store.read_bytes("README.md").decode()
        assert 'license: "other"\n' in card
        assert f"under the licences of its sources: {licences}." in card


def test_a_data_set_is_complete_only_with_its_manifest(store: Store) -> None:
    assert not is_complete(store, NUM)
    fill(store, WHOLE)
    manifest = finish(store, RECIPE, CORPUS, NUM)
    assert not is_complete(store, NUM)
    write_manifest(store, manifest)
    assert is_complete(store, NUM)
    assert not is_complete(store, NUM + 1)
    assert read_manifest(store) == manifest


def test_the_manifest_is_gone_before_the_accounting_is_checked(store: Store) -> None:
    complete(store, WHOLE)
    fill(store, [Shard("words", "train", NUM, NUM + 32)])
    with pytest.raises(ShardError, match="accounting"):
        finish(store, RECIPE, CORPUS, NUM)
    with pytest.raises(ConfigError, match="holds no complete data set"):
        read_manifest(store)


def test_a_damaged_manifest_is_said_in_one_line(store: Store) -> None:
    complete(store, WHOLE)
    store.path("manifest.json").write_text("{")
    with pytest.raises(ConfigError, match=r"manifest\.json is damaged"):
        read_manifest(store)


# -------------------------------------------------------------------------------------------- whose folder it is


def refused(store: Store, recipe: Recipe, corpus: str = CORPUS) -> str:
    """Why a recipe may not go on in a folder."""
    before = {path: path.read_bytes() for path in Path(store.root).rglob("*") if path.is_file()}
    with pytest.raises(ConfigError) as raised:
        claim(store, recipe, corpus, fresh=False)
    assert {path: path.read_bytes() for path in Path(store.root).rglob("*") if path.is_file()} == before
    return str(raised.value)


def test_the_same_recipe_and_seed_may_go_on(store: Store) -> None:
    fill(store, WHOLE)
    claim(store, RECIPE, CORPUS, fresh=False)
    assert set(committed(store)) == set(WHOLE)


def test_another_seed_is_refused(store: Store) -> None:
    assert "was made by seed 0, not 1" in refused(store, replace(RECIPE, seed=1))


def test_another_recipe_is_refused(store: Store) -> None:
    other = Recipe("other", RECIPE.parts)
    assert "was made by recipe fake;" in refused(store, other)


def test_another_knob_is_refused(store: Store) -> None:
    assert "recipe fake with other knobs or an older version" in refused(store, fake_recipe(refused=0.3))


def test_another_version_of_a_renderer_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeWords, "version", 2)
    assert "with other knobs or an older version" in refused(store, fake_recipe(refused=0.2))


def test_another_corpus_is_refused(store: Store) -> None:
    assert "was made by another corpus" in refused(store, RECIPE, "digest of another corpus")


def test_a_folder_that_says_it_badly_is_refused(store: Store) -> None:
    store.path(".glyphmill/run.json").write_text("{")
    assert "start over with --fresh" in refused(store, RECIPE)


def test_fresh_starts_over(store: Store) -> None:
    complete(store, WHOLE)
    other = Recipe("other", (Part(FakeWords()),), seed=5)
    claim(store, other, CORPUS, fresh=True)
    assert not committed(store)
    assert not list(Path(store.root).rglob("*.parquet"))
    assert not store.exists("manifest.json")
    assert not store.exists("README.md")
    claim(store, other, CORPUS, fresh=False)


def test_somebody_elses_folder_is_refused(tmp_path: Path, store: Store) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    refuse_foreign_files(Store(str(theirs)))
    (theirs / "letter.txt").write_text("mine")
    with pytest.raises(ConfigError, match=r"is not empty and no data set of ours \(it holds letter\.txt\)"):
        refuse_foreign_files(Store(str(theirs)))
    store.path("letter.txt").write_text("a note in our folder")
    refuse_foreign_files(store)

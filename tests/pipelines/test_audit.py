"""`verify` and `show`: a sound data set is sound, and whatever is changed in it is found and named."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.audit import audit
from pipelines.run import Machine, render
from pipelines.show import Redraw, find_row
from pipelines.store import Store
from renderers.core.errors import ConfigError
from renderers.core.image import decode_png, encode_png
from renderers.core.split import SPLITS
from tests.pipelines.fakes import FakeEngine, FakeWords, fake_recipe

NUM = 64
ROW = "fake/words/train/000000002"

pytestmark = pytest.mark.usefixtures("fake")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sound") / "out"


@pytest.fixture
def dataset(sound: Path, tmp_path: Path, fake: type[FakeEngine]) -> Path:
    """A sound data set, to be changed."""
    render(fake_recipe(refused=0.1, seed=4), NUM, str(sound), Machine(workers=0))
    return Path(shutil.copytree(sound, tmp_path / "out"))


def findings(dataset: Path, sample_frac: float = 1.0) -> list[str]:
    return [f"{finding.where}: {finding.what}" for finding in audit(dataset, sample_frac)]


def change_manifest(dataset: Path, change: Callable[[dict[str, Any]], None]) -> None:
    file = dataset / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    change(manifest)
    file.write_text(json.dumps(manifest), encoding="utf-8")


def train_file(dataset: Path) -> Path:
    """The file that holds `ROW`."""
    return min((dataset / "data").rglob("train-*.parquet"))


def change_row(dataset: Path, row_id: str, **columns: Any) -> None:
    """Change a row as one who forges would: the file's digest in the manifest is that of the forged file."""
    file = train_file(dataset)
    table = pq.read_table(file)
    rows = [row | columns if row["id"] == row_id else row for row in table.to_pylist()]
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), file)
    store, name = Store(str(dataset)), str(file.relative_to(dataset))

    def change(manifest: dict[str, Any]) -> None:
        for entry in manifest["files"]:
            if entry["path"] == name:
                entry["sha256"] = store.sha256(name)

    change_manifest(dataset, change)


def differences(dataset: Path, row_id: str = ROW) -> list[str]:
    manifest, row = find_row(dataset, row_id)
    with Redraw(manifest) as redraw:
        return redraw.differences(row)


@pytest.mark.parametrize("name", ["train-00000-of-00002.parquet", "notes.txt", "train-000000000-000000064.parquet.tmp"])
def test_a_file_that_the_manifest_does_not_name_is_found(dataset: Path, name: str) -> None:
    (train_file(dataset).parent / name).write_bytes(train_file(dataset).read_bytes())
    (said,) = findings(dataset, 0.0)
    assert said.startswith(f"data/words/{name}: the manifest does not name it")


def test_a_sound_data_set_has_no_findings(dataset: Path) -> None:
    assert findings(dataset) == []


def test_a_sample_is_the_share_of_rows_that_is_drawn_again(dataset: Path) -> None:
    FakeEngine.reset()
    findings(dataset, 0.0)
    assert FakeEngine.batches == []
    findings(dataset, 0.5)
    assert 0.3 * NUM < len(FakeEngine.batches) < 0.7 * NUM
    first = FakeEngine.batches
    FakeEngine.reset()
    findings(dataset, 0.5)
    assert FakeEngine.batches == first, "which rows is fixed"
    FakeEngine.reset()
    findings(dataset, 1.0)
    assert len(FakeEngine.batches) == NUM


def test_a_changed_byte_of_a_file_is_found(dataset: Path) -> None:
    file = train_file(dataset)
    data = bytearray(file.read_bytes())
    position = data.index(b"IDAT") + 40  # in a picture, which is stored as it is
    data[position] ^= 0xFF
    file.write_bytes(data)
    found = findings(dataset, 0.0)
    assert found[0] == f"{file.relative_to(dataset)}: its sha256 is not the manifest's"
    assert found[1].startswith("manifest.json: content_sha256 of the rows is ")


def test_a_file_that_cannot_be_read_is_found(dataset: Path) -> None:
    file = train_file(dataset)
    file.write_bytes(file.read_bytes()[:-100])
    assert any(f"{file.name} cannot be read" in line for line in findings(dataset, 0.0))


def test_a_missing_file_is_found(dataset: Path) -> None:
    file = train_file(dataset)
    file.unlink()
    assert f"{file.relative_to(dataset)}: the file is missing" in findings(dataset, 0.0)


def test_a_changed_label_is_found_though_its_file_has_its_digest(dataset: Path) -> None:
    change_row(dataset, ROW, markup="word 0")
    found = findings(dataset)
    assert any(line.startswith(f"{ROW}: markup: at character 5 was …'0', is …") for line in found)
    assert any(line.startswith("manifest.json: content_sha256") for line in found)
    assert len(found) == 2


def test_a_changed_row_is_found_by_the_digest_of_the_content_alone(dataset: Path) -> None:
    change_row(dataset, ROW, language="fr")
    (found,) = findings(dataset, 0.0)
    assert found.startswith("manifest.json: content_sha256 of the rows is ")


def test_a_changed_spec_is_found(dataset: Path) -> None:
    _, row = find_row(dataset, ROW)
    change_row(dataset, ROW, spec=row["spec"].replace("word", "Word"))
    assert any(line.startswith(f"{ROW}: spec: the draw gives another picture: at char") for line in findings(dataset))


def test_rows_that_a_file_lacks_are_found(dataset: Path) -> None:
    file = train_file(dataset)
    table = pq.read_table(file)
    pq.write_table(table.slice(0, table.num_rows - 1), file)
    said = f"{file.relative_to(dataset)}: has {table.num_rows - 1} rows, the manifest says {table.num_rows}"
    assert said in findings(dataset, 0.0)


@pytest.mark.parametrize("number", ["num_draws", "failed", "kept", "rows_requested"])
def test_an_accounting_that_does_not_come_out_is_found(number: str, dataset: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest[number] += 1

    change_manifest(dataset, change)
    assert all(line.startswith("manifest.json: ") for line in findings(dataset, 0.0))
    assert findings(dataset, 0.0)


def test_a_rejection_that_is_left_out_is_found(dataset: Path) -> None:
    change_manifest(dataset, lambda manifest: manifest["rejected"].clear())
    (found,) = findings(dataset, 0.0)
    assert found.startswith("manifest.json: num_draws ")


# ------------------------------------------------------------------------------------------------------------- show


def test_a_row_is_found_by_its_id(dataset: Path) -> None:
    manifest, row = find_row(dataset, ROW)
    assert (row["id"], manifest.seed) == (ROW, 4)
    assert differences(dataset) == []
    with pytest.raises(ConfigError, match="no row fake/words/train/000009999"):
        find_row(dataset, "fake/words/train/000009999")
    with pytest.raises(ConfigError, match="ids look like fake/words/train/000000042"):
        find_row(dataset, "nonsense")


def test_every_row_is_drawn_again_at_its_own_attempt(dataset: Path) -> None:
    rows = [row for file in (dataset / "data").rglob("*.parquet") for row in pq.read_table(file).to_pylist()]
    assert {row["attempt"] for row in rows} > {0, 1}
    manifest, _ = find_row(dataset, ROW)
    with Redraw(manifest) as redraw:
        assert [redraw.differences(row) for row in rows] == [[]] * NUM


def test_a_row_is_drawn_again_from_what_its_split_has_of_the_corpora(tmp_path: Path) -> None:
    render(fake_recipe(renderer=FakeWords(sourced=True)), NUM, str(tmp_path / "out"), Machine(workers=0))
    assert {file.name.split("-")[0] for file in (tmp_path / "out" / "data").rglob("*.parquet")} == set(SPLITS)
    assert findings(tmp_path / "out") == []


def test_a_changed_picture_is_told_in_pixels(dataset: Path) -> None:
    _, row = find_row(dataset, ROW)
    pixels = decode_png(row["image"]["bytes"]).copy()
    pixels[0, 0] -= 10
    change_row(dataset, ROW, image={"bytes": encode_png(pixels), "path": row["image"]["path"]})
    (said,) = differences(dataset)
    assert said.startswith(f"image: 1 of {pixels.size} samples differ, by 10 at most")
    change_row(dataset, ROW, image={"bytes": encode_png(pixels[:-4]), "path": row["image"]["path"]})
    assert differences(dataset) == [f"image: was {pixels.shape[1]} x 60 px, is {pixels.shape[1]} x 64 px"]


@pytest.mark.parametrize("column", ["markup", "prompt", "regions", "width", "language", "alternates"])
def test_a_changed_column_is_named(column: str, dataset: Path) -> None:
    changed = {"regions": [], "width": 7}.get(column, "something")
    change_row(dataset, ROW, **{column: changed})
    (said,) = differences(dataset)
    assert said.startswith(f"{column}: at character ")


def test_a_renderer_of_another_version_is_named(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, row = find_row(dataset, ROW)
    monkeypatch.setattr(FakeWords, "version", 2)
    (said,) = differences(dataset)
    assert said.startswith(f"renderer_version: was {row['renderer_version']}, is 2+")


def test_a_picture_that_is_rejected_now_is_told(dataset: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest["parts"][0]["knobs"]["contrast"] = 1.0

    change_manifest(dataset, change)
    assert differences(dataset) == ["the picture is rejected now: contrast_low: 1.00"]

"""Rows and their order: nothing twice, nothing lost, the same again."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import numpy as np
import pytest
from moto.server import ThreadedMotoServer
from pyarrow import fs

from got_model.collate import Collator
from got_model.data import DatasetSpec, Mixture, Sample, Shards
from got_model.imaging import ImagePreprocessor
from got_model.loader import MicroBatchSampler
from got_model.modeling.got import IGNORED
from got_model.order import NO_ROW
from got_model.prompts import Conversation
from got_model.tokenizer import make_tokenizer
from renderers.core.errors import ConfigError, ShardError
from tests.got_model.slices import make, picture, row, write


@pytest.fixture(scope="module")
def conversation() -> Conversation:
    return Conversation(make_tokenizer("bytes"), 4)


def specs(*texts: str | Path) -> list[DatasetSpec]:
    return [DatasetSpec.parse(str(text)) for text in texts]


def sample_of(mixture: Mixture, index: int) -> Sample:
    sample = mixture[index]
    assert sample is not None
    return sample


def test_an_epoch_is_each_row_once_in_an_order_of_the_seed(tmp_path: Path) -> None:
    mixture = Mixture(specs(make(tmp_path, 95)), "train")
    order = mixture.epoch(3, 0)
    assert sorted(order) == list(range(95))
    assert (order == mixture.epoch(3, 0)).all()
    assert (order != mixture.epoch(3, 1)).any()
    assert (order != mixture.epoch(4, 0)).any()
    # Row groups of ten lie at other places, and rows within are mixed with those of others.
    assert np.abs(np.diff(order)).mean() > 10
    assert [sample_of(mixture, int(at)).id for at in order[:5]] == [f"slices/part/train/{at:09d}" for at in order[:5]]


def test_answers_grow_where_the_shortest_come_first(tmp_path: Path) -> None:
    texts = ["A" * (1 + at % 4) for at in range(400)]
    write(tmp_path, [row(at, text) for at, text in enumerate(texts)])
    mixture = Mixture(specs(tmp_path), "train")
    order = mixture.epoch(5, 0, 1, 0.5)
    assert sorted(order) == list(range(400))
    assert (order == mixture.epoch(5, 0, 1, 0.5)).all()
    lengths = np.array([len(sample_of(mixture, int(at)).answer) for at in order])
    longest = np.maximum.accumulate(lengths)
    first = [int(np.argmax(longest >= length)) for length in (2, 3, 4)]
    # All are within reach after half of the epoch, and each length takes longer than the one before.
    assert 20 < first[0] < first[1] - first[0] < first[2] - first[1] < 100
    assert first[2] < 200
    # Short ones go on coming.
    assert set(lengths[first[1] : first[2]]) == {1, 2, 3}
    assert set(lengths[200:300]) == {1, 2, 3, 4}
    assert (np.diff(order[: first[0]]) != 4).any()


def test_weights_draw_shares_of_each_data_set(tmp_path: Path) -> None:
    make(tmp_path / "a", 100)
    make(tmp_path / "b", 40)
    mixture = Mixture(specs(f"{tmp_path}/a=0.5", f"{tmp_path}/b=2.5"), "train")
    epochs = [Counter(mixture.epoch(0, epoch).tolist()) for epoch in range(2)]
    for drawn in epochs:
        assert sum(count for at, count in drawn.items() if at < 100) == 50
        assert max(count for at, count in drawn.items() if at < 100) == 1
        assert {count for at, count in drawn.items() if at >= 100} <= {2, 3}
        assert sum(count for at, count in drawn.items() if at >= 100) == 100
    assert {at for at in epochs[0] if at < 100} != {at for at in epochs[1] if at < 100}


@pytest.mark.parametrize("num_workers", [1, 2, 3])
def test_workers_share_an_epoch_without_overlap_or_loss(tmp_path: Path, num_workers: int) -> None:
    mixture = Mixture(specs(make(tmp_path, 50)), "train")
    seen, steps = [], set()
    for rank in range(num_workers):
        micro = MicroBatchSampler(mixture, 0, 6 * num_workers, 3, rank, num_workers)
        batches = list(micro)
        assert len(batches) == len(micro)
        steps.add(len(batches))
        seen += [at for batch in batches for at in batch]
    assert len(steps) == 1
    assert sorted(at for at in seen if at != NO_ROW) == list(range(50))


def test_the_same_steps_whatever_the_number_of_workers(tmp_path: Path) -> None:
    mixture = Mixture(specs(make(tmp_path, 48)), "train")

    def steps(num_workers: int, device_batch: int) -> list[list[int]]:
        parts = [
            list(MicroBatchSampler(mixture, 0, 12, device_batch, rank, num_workers)) for rank in range(num_workers)
        ]
        together = [at for batches in zip(*parts, strict=True) for batch in batches for at in batch]
        return [sorted(together[at : at + 12]) for at in range(0, len(together), 12)]

    assert steps(1, 12) == steps(2, 3) == steps(3, 2)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An object store on loopback, and the address that its bucket has."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1").create_bucket(Bucket="mill")
    yield f"s3://mill/{{}}?endpoint_override={host}:{port}&scheme=http&region=us-east-1"
    server.stop()


def test_an_object_store_gives_the_rows_that_a_folder_gives(bucket: str, tmp_path: Path) -> None:
    local = make(tmp_path / "slices", 25)
    system, folder = fs.FileSystem.from_uri(bucket.format("slices"))
    fs.copy_files(str(local), folder, destination_filesystem=system)
    here, there = (Mixture(specs(root), "train") for root in (local, bucket.format("slices")))
    assert (here.epoch(1, 0) == there.epoch(1, 0)).all()
    assert [here[at] for at in range(25)] == [there[at] for at in range(25)]
    assert Mixture(specs(f"{bucket.format('slices')}=0.5"), "train").datasets[0].weight == 0.5
    with pytest.raises(ConfigError, match="no data set"):
        Shards(bucket.format("nothing"), "train")


OUTSIDE = '{"files": [{"path": "data/part/../../../secret.parquet", "split": "train"}]}'


def test_what_the_manifest_does_not_name_is_not_read(tmp_path: Path) -> None:
    path = write(tmp_path, [row(at, "A") for at in range(7)])
    path.with_name("train-00000-of-00002.parquet").write_bytes(path.read_bytes())
    path.with_name("train-000000007-000000009.parquet").write_bytes(b"half")
    assert Shards(str(tmp_path), "train").group_rows.sum() == 7


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda root: None, "no data set"),
        (lambda root: write(root, []), "empty"),
        (lambda root: write(root, [row(0, "A", "test")], "test"), "no split 'train'; it has test"),
        (lambda root: write(root, [row(0, "A")]).write_bytes(b"PAR1"), "cannot be read"),
        (lambda root: (write(root, [row(0, "A")]), (root / "manifest.json").unlink()), "not complete"),
        (lambda root: (write(root, []), (root / "manifest.json").write_bytes(b"[" * 100_000)), "manifest is damaged"),
        (lambda root: (root / "manifest.json").write_text(OUTSIDE), "manifest is damaged"),
    ],
    ids=["none", "empty", "other split", "no Parquet", "in the making", "damaged", "outside"],
)
def test_what_is_no_data_set_is_one_clear_line(tmp_path: Path, spoil: Callable[[Path], object], said: str) -> None:
    spoil(tmp_path)
    with pytest.raises(ConfigError, match=said):
        Shards(str(tmp_path), "train")


def test_another_schema_version_is_refused(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    path = write(tmp_path, [row(0, "A")])
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({"glyphmill_schema": "7"}), path)
    with pytest.raises(ConfigError, match="schema version 7"):
        Shards(str(tmp_path), "train")
    pq.write_table(table.drop_columns(["markup"]), path)
    with pytest.raises(ConfigError, match="lacks markup"):
        Shards(str(tmp_path), "train")


def test_damage_after_the_footer_is_told_when_it_is_met(tmp_path: Path) -> None:
    path = write(tmp_path, [row(at, "A") for at in range(50)])
    data = bytearray(path.read_bytes())
    data[40:2000] = bytes(1960)
    path.write_bytes(data)
    mixture = Mixture(specs(tmp_path), "train")
    with pytest.raises(ShardError, match="damaged"):
        _ = [mixture[at] for at in range(50)]


def test_weights_that_are_none() -> None:
    for text in ("x=0", "x=-1", "x=y", "x=nan"):
        with pytest.raises(ConfigError, match="weight"):
            DatasetSpec.parse(text)
    assert DatasetSpec.parse("/a=b/c=0.5") == DatasetSpec("/a=b/c", 0.5)


def test_only_answers_are_learned(tmp_path: Path, conversation: Conversation) -> None:
    write(tmp_path, [row(0, "Abc"), row(1, "d")])
    mixture = Mixture(specs(tmp_path), "train")
    batch = Collator(conversation, ImagePreprocessor(64), 64)([mixture[0], mixture[1], None])
    assert batch["pixel_values"].shape == (2, 3, 64, 64)
    for at, answer in enumerate(("Abc", "d")):
        labels_T = batch["labels"][at]
        learned = labels_T[labels_T != IGNORED].tolist()
        assert learned == conversation.answer(answer)
        real = batch["attention_mask"][at].bool()
        assert batch["input_ids"][at][real].tolist()[-len(learned) :] == learned
        assert (labels_T[~real] == IGNORED).all()


def test_a_sample_too_long_is_left_out_and_counted(tmp_path: Path, conversation: Conversation) -> None:
    write(tmp_path, [row(0, "A" * 100), row(1, "B")])
    mixture = Mixture(specs(tmp_path), "train")
    collator = Collator(conversation, ImagePreprocessor(64), 64)
    batch = collator([mixture[0], mixture[1]])
    assert len(batch["labels"]) == 1
    assert batch["dropped"] == 1
    alone = collator([mixture[0]])
    assert alone["dropped"] == 1
    assert (alone["labels"] == IGNORED).all()
    assert (collator([None])["labels"] == IGNORED).all()


def test_pages_and_tiles_are_several_pictures_of_one_sample(tmp_path: Path, conversation: Conversation) -> None:
    pages = [{"bytes": picture(text), "path": text} for text in "AB"]
    rows = [row(0, "A\nB", prompt="OCR with format across multi pages: ") | {"images": pages}]
    del rows[0]["image"]
    write(tmp_path, rows)
    batch = Collator(conversation, ImagePreprocessor(64), 64)([Mixture(specs(tmp_path), "train")[0]])
    assert batch["pixel_values"].shape == (2, 3, 64, 64)
    assert (batch["input_ids"] == conversation.image_pad).sum() == 8


def test_a_broken_picture_is_left_out_and_named(tmp_path: Path, conversation: Conversation) -> None:
    write(tmp_path, [row(7, "A", image={"bytes": b"broken", "path": ""}), row(8, "B")])
    mixture = Mixture(specs(tmp_path), "train")
    batch = Collator(conversation, ImagePreprocessor(64), 64)([mixture[0], mixture[1]])
    assert len(batch["labels"]) == 1
    assert list(batch["broken"]) == ["slices/part/train/000000007"]
    assert batch["dropped"] == 0

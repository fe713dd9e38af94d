"""How rows come to the trainer: each read once, in bounded memory, the same ones whatever the number of loaders."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from got_model import order
from got_model.data import DatasetSpec, Mixture, Sample
from got_model.loader import MicroBatchSampler, RowReader, SampleBatches, SampleLoader
from got_model.order import NO_ROW
from tests.got_model.slices import row, write

# torch has an opinion on machines with fewer cores than that.
pytestmark = pytest.mark.filterwarnings("ignore:This DataLoader will create")

PICTURE_BYTES = 20_000
NUM_ROWS, GROUP_ROWS = 1_600, 10
GROUP_BYTES = GROUP_ROWS * PICTURE_BYTES


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """160 row groups of 200 kB."""
    rng = np.random.default_rng(0)
    pictures = [{"bytes": rng.bytes(PICTURE_BYTES), "path": ""} for _ in range(NUM_ROWS)]
    folder = tmp_path_factory.mktemp("pages")
    write(folder, [row(at, str(at), image=picture) for at, picture in enumerate(pictures)], group=GROUP_ROWS)
    return folder


@pytest.fixture
def mixture(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Mixture:
    """Sixteen row groups are in use at a time."""
    monkeypatch.setattr(order, "WINDOW_BYTES", 16 * GROUP_BYTES + GROUP_BYTES // 2)
    return Mixture([DatasetSpec(str(folder))], "train")


def read_bytes() -> int:
    """Bytes that this process has read so far."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(dict(line.split(": ") for line in lines)["rchar"])


def batches(mixture: Mixture, rank: int = 0, num_workers: int = 1, done: int = 0) -> SampleBatches:
    return SampleBatches(MicroBatchSampler(mixture, 3, 32, 4, rank, num_workers), mixture, lambda: done)


def collate(samples: list[Sample | None]) -> list[int]:
    return [NO_ROW if sample is None else int(sample.answer) for sample in samples]


@pytest.mark.parametrize("num_workers", [1, 2, 4])
def test_an_epoch_reads_about_as_many_bytes_as_the_data_set_has(mixture: Mixture, num_workers: int) -> None:
    before = read_bytes()
    seen = [
        collate([sample])[0]
        for rank in range(num_workers)
        for batch in batches(mixture, rank, num_workers)
        for sample in batch
    ]
    assert sorted(at for at in seen if at != NO_ROW) == list(range(NUM_ROWS))
    size = NUM_ROWS * PICTURE_BYTES
    # What two workers share is a row group where the lanes of one end.
    assert size < read_bytes() - before < size * (1.05 + 0.02 * num_workers)


def test_a_run_that_goes_on_reads_what_is_left(mixture: Mixture) -> None:
    whole = [collate(batch) for batch in batches(mixture)]
    done = len(whole) * 3 // 4
    before = read_bytes()
    rest = list(batches(mixture, done=done))
    assert rest[:done] == [[]] * done
    assert [collate(batch) for batch in rest[done:]] == whole[done:]
    assert read_bytes() - before < NUM_ROWS * PICTURE_BYTES * 0.4
    # The epoch after it is read from its start.
    later = batches(mixture, done=len(whole))
    later.set_epoch(1)
    assert all(later)


def test_rows_in_use_are_bounded_and_those_that_do_not_fit_are_read_again(
    mixture: Mixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = np.random.default_rng(0).permutation(NUM_ROWS)
    rows = np.concatenate([rows, [NO_ROW], rows[:100]])
    read, groups = Mixture.read, []

    def counted(self: Mixture, group: int, *some: Any) -> Any:
        groups.append(group)
        return read(self, group, *some)

    monkeypatch.setattr(Mixture, "read", counted)

    def bytes_waiting(reader: Iterator[Sample | None]) -> int:
        one: Any = reader.gi_yieldfrom.gi_frame.f_locals["self"]  # type: ignore[attr-defined]
        return sum(len(sample.pictures[0]) for group in one._waiting.values() for sample in group.samples.values())

    for budget, again in ((20 * GROUP_BYTES, True), (1 << 30, False)):
        groups.clear()
        most = 0
        reader = RowReader(mixture, budget)(rows)
        for at in rows:
            sample = next(reader)
            assert (NO_ROW if sample is None else int(sample.answer)) == at
            most = max(most, bytes_waiting(reader))
        assert most <= budget
        assert (len(groups) > len(set(groups))) == again


def test_the_batches_are_the_same_whatever_the_number_of_loaders(mixture: Mixture) -> None:
    alone = [collate(batch) for batch in batches(mixture)]
    for num_loaders in (0, 1, 3):
        loader = SampleLoader(batches(mixture), NUM_ROWS, collate_fn=collate, num_workers=num_loaders)
        assert list(loader) == alone


def test_what_is_read_is_not_read_by_loaders_again(mixture: Mixture) -> None:
    loader = SampleLoader(batches(mixture), NUM_ROWS, collate_fn=lambda _: (os.getpid(), read_bytes()), num_workers=2)
    most: dict[int, int] = {}
    for pid, num in loader:
        most[pid] = max(most.get(pid, 0), num)
    assert len(most) == 2
    # A process's own count begins with zero; the samples come to it through a pipe, all of them once.
    assert sum(most.values()) < NUM_ROWS * PICTURE_BYTES * 1.2


def test_steps_mix_rows_of_many_row_groups(mixture: Mixture) -> None:
    steps = mixture.epoch(3, 0, 32).reshape(-1, 32)
    groups = [len({at // GROUP_ROWS for at in step}) for step in steps.tolist()]
    assert np.mean(groups) >= 15
    # And not the same ones for long.
    assert len({at // GROUP_ROWS for at in steps[:20].ravel().tolist()}) > 30


def test_a_worker_has_row_groups_of_its_own(mixture: Mixture) -> None:
    parts = [
        {at // GROUP_ROWS for batch in MicroBatchSampler(mixture, 3, 32, 4, rank, 4) for at in batch if at != NO_ROW}
        for rank in range(4)
    ]
    shared = sum(len(one & other) for one in parts for other in parts if one is not other) // 2
    assert shared <= 4

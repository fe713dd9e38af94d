"""A file of a data set is either as it was or as it is meant to be."""

import errno
import os
import stat
from pathlib import Path

import pytest

from pipelines.store import Store
from renderers.core.errors import ConfigError, ShardError


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(str(tmp_path / "out"))
    store.make()
    return store


def files(store: Store) -> set[str]:
    return {path.name for path in Path(store.root).rglob("*") if path.is_file()}


def test_a_file_is_written_whole_in_a_folder_that_is_made(store: Store) -> None:
    for data in (b"first", b"second"):
        store.write_bytes("a/b/file", data)
        assert store.read_bytes("a/b/file") == data
    assert files(store) == {"file"}


def test_nothing_is_left_of_a_file_that_failed_half_way(store: Store) -> None:
    with pytest.raises(TypeError), store.writing("a/file") as file:
        file.writelines([b"half", "no bytes"])  # type: ignore[list-item]
    assert files(store) == set()


def test_a_full_disk_is_told_as_what_it_is(store: Store) -> None:
    with pytest.raises(ShardError, match=r"a/file cannot be written: .*No space left"), store.writing("a/file"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert files(store) == set()


def test_a_filesystem_that_syncs_no_folders_is_written(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync

    def fsync_files_alone(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync_files_alone)
    store.write_bytes("a/file", b"whole")
    assert store.read_bytes("a/file") == b"whole"


def test_a_disk_that_fails_while_it_syncs_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(ShardError, match=r"cannot be written: .*Input/output error"):
        store.write_bytes("a/file", b"whole")


def test_a_file_that_cannot_be_written_stays_as_it_was(store: Store) -> None:
    store.write_bytes("file", b"as it was")
    with pytest.raises(TypeError):
        store.write_bytes("file", "no bytes")  # type: ignore[arg-type]
    assert store.read_bytes("file") == b"as it was"
    assert files(store) == {"file"}


def test_a_folder_where_a_file_should_be_is_told(store: Store) -> None:
    store.path("file").mkdir()
    with pytest.raises(ShardError, match="file cannot be written"):
        store.write_bytes("file", b"data")


@pytest.mark.parametrize("root", ["s3://bucket/data", "gs://bucket/data"])
def test_an_output_that_is_no_path_is_a_users_mistake(root: str) -> None:
    with pytest.raises(ConfigError, match="only local or shared paths for now"):
        Store(root)

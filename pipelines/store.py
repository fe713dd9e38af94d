"""A folder on any filesystem that pyarrow knows, with the two things a data set needs of it: atomic files and renames.

A file is either as it was or as it is meant to be: it is written under another name, synced, and renamed. Only this
file knows that the folder is local today.
"""

import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyarrow as pa
from pyarrow import fs

from renderers.core.errors import ConfigError, ShardError

UNSUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK)
"""What filesystems say, shared ones above all, of a call that they do not know."""


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Store:
    """The folder of a data set. Names are relative to it and use '/'."""

    def __init__(self, root: str) -> None:
        """Args: root: a local or shared path; it need not exist."""
        if "://" in root and not root.startswith("file://"):
            raise ConfigError(f"output {root}: only local or shared paths for now")
        self.root = str(Path(root.removeprefix("file://")).expanduser().absolute())
        self._system = fs.SubTreeFileSystem(self.root, fs.LocalFileSystem())

    def path(self, name: str) -> Path:
        """Where a file lies on this machine."""
        return Path(self.root) / name

    def make(self) -> None:
        """Make the folder and prove that it can be written.

        Raises:
            ConfigError: it is a file, or cannot be written.
        """
        root = Path(self.root)
        if root.exists() and not root.is_dir():
            raise ConfigError(f"output {root} is a file; give a folder")
        try:
            root.mkdir(parents=True, exist_ok=True)
            probe = root / f".probe-{os.getpid()}"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise ConfigError(f"output {root} cannot be written: {error.strerror}") from error

    def exists(self, name: str) -> bool:
        """Whether there is a file or folder of that name."""
        return bool(self._system.get_file_info(name).type != fs.FileType.NotFound)

    def size_bytes(self, name: str) -> int | None:
        """Size of a file, None where there is none."""
        info = self._system.get_file_info(name)
        return int(info.size) if info.type == fs.FileType.File else None

    def list(self, folder: str, ending: str) -> list[str]:
        """Names of all files below a folder with that ending, sorted; none where the folder is missing."""
        selector = fs.FileSelector(folder, allow_not_found=True, recursive=True)
        found = self._system.get_file_info(selector)
        return sorted(info.path for info in found if info.type == fs.FileType.File and info.path.endswith(ending))

    def read_bytes(self, name: str) -> bytes:
        """A whole file."""
        with self._system.open_input_file(name) as file:
            return bytes(file.read())

    def open(self, name: str) -> Any:
        """A file to read, at any offset."""
        return self._system.open_input_file(name)

    def write_bytes(self, name: str, data: bytes) -> None:
        """Write a file whole or not at all.

        Raises:
            ShardError: the disk is full or the file cannot be written.
        """
        temporary = f"{name}.{os.getpid()}.tmp"
        with self.writing(temporary) as file:
            file.write(data)
        self.move(temporary, name)

    def writing(self, name: str) -> "Writing":
        """A context manager: an open file that is synced when the block ends and deleted when it raises."""
        return Writing(self, name)

    def create(self, name: str) -> IO[bytes]:
        """An open new file, its folder made."""
        self._system.create_dir(str(PurePosixPath(name).parent), recursive=True)
        stream: IO[bytes] = self._system.open_output_stream(name)
        return stream

    def sync(self, name: str) -> None:
        """Bring a file or folder to the disk, as far as its filesystem can: not all bring a folder."""
        descriptor = os.open(self.path(name), os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in UNSUPPORTED:
                raise
        finally:
            os.close(descriptor)

    def move(self, source: str, target: str) -> None:
        """Rename; an existing target is replaced. On the disk when it returns."""
        parent = str(PurePosixPath(target).parent)
        self._system.create_dir(parent, recursive=True)
        try:
            self._system.move(source, target)
        except OSError as error:
            raise ShardError(f"{self.path(target)} cannot be written: {error}") from error
        self.sync(parent)

    def delete(self, name: str) -> None:
        """Remove a file, if it is there."""
        if self.exists(name):
            self._system.delete_file(name)

    def delete_folder(self, name: str) -> None:
        """Remove a folder and all in it, if it is there."""
        if self.exists(name):
            self._system.delete_dir(name)

    def sha256(self, name: str) -> str:
        """sha256 (hex) of a file."""
        return _sha256(self.path(name))

    def folders(self) -> Iterator[str]:
        """Names directly in the folder."""
        for info in self._system.get_file_info(fs.FileSelector("", allow_not_found=True)):
            yield info.base_name


class Writing:
    """A file that is being written: see `Store.writing`."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name

    def __enter__(self) -> IO[bytes]:
        try:
            self._file = self._store.create(self._name)
        except OSError as error:
            raise ShardError(f"{self._store.path(self._name)} cannot be written: {error}") from error
        return self._file

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        failure: BaseException | None = error
        try:
            self._file.close()
            if failure is None:
                self._store.sync(self._name)
        except OSError as late:
            failure = late
        if failure is not None:
            self._store.delete(self._name)
        if isinstance(failure, OSError | pa.ArrowException) and not isinstance(failure, ShardError):
            raise ShardError(f"{self._store.path(self._name)} cannot be written: {failure}") from failure

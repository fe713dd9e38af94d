"""A folder, with the two things a data set needs of it: atomic files and renames.

A file is either as it was or as it is meant to be: it is written under another name, synced, and renamed. What is read
is a regular file or nothing: a pipe would never end, a device neither. Nothing is removed through a link. Only this
file knows that the folder is local today.
"""

import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

import pyarrow as pa

from renderers.core.errors import ConfigError, ShardCorrupt, ShardError

UNSUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK)
"""What filesystems say, shared ones above all, of a call that they do not know."""


class Store:
    """The folder of a data set. Names are relative to it and use '/'."""

    def __init__(self, root: str) -> None:
        """Args: root: a local or shared path; it need not exist."""
        if "://" in root and not root.startswith("file://"):
            raise ConfigError(f"output {root}: only local or shared paths for now")
        self.root = str(Path(root.removeprefix("file://")).expanduser().absolute())

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
        """Whether there is a file or folder of that name; a link that leads nowhere is none."""
        return self.path(name).exists()

    def size_bytes(self, name: str) -> int | None:
        """Size of a file, None where there is none."""
        try:
            found = self.path(name).stat()
        except (OSError, ValueError):
            return None
        return found.st_size if stat.S_ISREG(found.st_mode) else None

    def list(self, folder: str, ending: str) -> list[str]:
        """Names of all with that ending below a folder that is no folder itself, sorted; none where it is missing.

        Links are not followed: one to a folder is a name like that of a file.
        """
        top = self.path(folder)
        found = [folder] if folder and os.path.lexists(top) and not top.is_dir() else []
        for where, folders, names in os.walk(top):
            links = [name for name in folders if Path(where, name).is_symlink()]
            found += [Path(where, name).relative_to(self.root).as_posix() for name in (*names, *links)]
        return sorted(name for name in found if name.endswith(ending))

    def read_bytes(self, name: str) -> bytes:
        """A whole file.

        Raises:
            ShardCorrupt: there is none, or it is no file, or it cannot be read.
        """
        with self.open(name) as file:
            try:
                return file.read()
            except (OSError, MemoryError) as error:
                raise ShardCorrupt(f"{self.path(name)} cannot be read: {error}") from error

    def open(self, name: str) -> IO[bytes]:
        """A file to read, at any offset.

        Raises:
            ShardCorrupt: there is none, or it is no file, or it cannot be read.
        """
        path = self.path(name)
        try:
            # A pipe is opened without waiting for who would write to it, and then refused.
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise ShardCorrupt(f"{path} cannot be read: {error.strerror}") from error
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise ShardCorrupt(f"{path} cannot be read: it is no file")
        return os.fdopen(descriptor, "rb")

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
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("wb")

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
        try:
            self.path(target).parent.mkdir(parents=True, exist_ok=True)
            self.path(source).replace(self.path(target))
        except OSError as error:
            raise ShardError(f"{self.path(target)} cannot be written: {error.strerror}") from error
        self.sync(str(PurePosixPath(target).parent))

    def delete(self, name: str) -> None:
        """Remove a file or a link, if it is there.

        Raises:
            ShardError: it is a folder, or cannot be removed.
        """
        try:
            self.path(name).unlink(missing_ok=True)
        except NotADirectoryError:
            return
        except OSError as error:
            raise ShardError(f"{self.path(name)} cannot be removed: {error.strerror}") from error

    def delete_folder(self, name: str) -> None:
        """Remove a folder and all in it, if it is there; of a link, the link alone.

        Raises:
            ShardError: it cannot be removed.
        """
        path = self.path(name)
        if path.is_symlink() or not path.is_dir():
            self.delete(name)
            return
        try:
            shutil.rmtree(path)
        except OSError as error:
            raise ShardError(f"{path} cannot be removed: {error.strerror}") from error

    def delete_empty_folders(self, name: str) -> None:
        """Remove the folders below one in which nothing is, as one that stands where a file should."""
        for where, folders, _ in os.walk(self.path(name), topdown=False):
            for folder in folders:
                try:
                    Path(where, folder).rmdir()
                except OSError:  # There is something in it, or it is a link.
                    continue

    def sha256(self, name: str) -> str:
        """sha256 (hex) of a file.

        Raises:
            ShardCorrupt: there is none, or it is no file, or it cannot be read.
        """
        with self.open(name) as file:
            try:
                return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
            except OSError as error:
                raise ShardCorrupt(f"{self.path(name)} cannot be read: {error.strerror}") from error

    def folders(self) -> Iterator[str]:
        """Names directly in the folder."""
        root = Path(self.root)
        yield from sorted(path.name for path in root.iterdir()) if root.is_dir() else ()


class Writing:
    """A file that is being written: see `Store.writing`."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name

    def __enter__(self) -> IO[bytes]:
        try:
            self._file = self._store.create(self._name)
        except OSError as error:
            raise ShardError(f"{self._store.path(self._name)} cannot be written: {error.strerror}") from error
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

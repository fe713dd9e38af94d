"""How every corpus is written: rows go to disk in groups, and the file gets its name when all are written.

It never overwrites a file that is not a corpus of its kind.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.corpora.stats import CorpusStats
from renderers.core.errors import ConfigError

KIND_KEY = "glyphmill_corpus"
"""Metadata key of a corpus file; its value is the kind of the corpus: tex, text or molecules."""

_GROUP_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Built:
    """A corpus that was written.

    Attributes:
        path: of the file.
        kept: number of pieces by kind (display, table, molecule, a language ...); a poem is one piece.
        num_found: number of pieces, kept or not.
        stats: what was rejected, and why.
    """

    path: Path
    kept: Counter[str]
    num_found: int
    stats: CorpusStats


class CorpusWriter:
    """Writes rows into a corpus file, which is deleted unless `commit` is called. A context manager.

    Args:
        path: of the file; its folder is made when the first rows are written.
        schema: of the rows; its metadata has the kind of the corpus.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path = path
        self._schema = schema
        self._temporary = path.with_name(f".{path.name}.{os.getpid()}")
        self._rows: list[Sequence[Any]] = []
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # A disk that is full has been told, and is still full.
            if self._writer is not None:
                self._writer.close()
        with suppress(OSError):
            self._temporary.unlink(missing_ok=True)

    def add(self, row: Sequence[Any]) -> None:
        """Add a row, its values in the order of the schema.

        Raises:
            ConfigError: the file cannot be written.
        """
        self._rows.append(row)
        if len(self._rows) >= _GROUP_ROWS:
            self._flush()

    def commit(self) -> None:
        """Give the file its name; at least one row was added.

        Raises:
            ConfigError: the file cannot be written.
        """
        self._flush()
        assert self._writer is not None, "a corpus has at least one row"
        try:
            self._writer.close()
            with self._temporary.open("rb") as written:
                os.fsync(written.fileno())
            self._temporary.replace(self._path)
        except OSError as error:
            raise _unwritable(self._path, error) from error

    def _flush(self) -> None:
        if not self._rows:
            return
        columns = [
            pa.array(column, field.type)
            for column, field in zip(zip(*self._rows, strict=True), self._schema, strict=True)
        ]
        self._rows = []
        try:
            if self._writer is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._writer = pq.ParquetWriter(self._temporary, self._schema, compression="zstd")
            self._writer.write_table(pa.table(columns, schema=self._schema))
        except OSError as error:
            raise _unwritable(self._path, error) from error


def _unwritable(path: Path, error: OSError) -> ConfigError:
    return ConfigError(f"output {path} cannot be written: {error.strerror or error}")


@contextmanager
def recording_rejects(stats: CorpusStats, path: Path | None) -> Iterator[None]:
    """While open, each rejection that `stats` counts is also a line of JSON in a file, if one is given.

    Raises:
        ConfigError: the file cannot be written.
    """
    if path is None:
        yield
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"rejects {path} cannot be written: {error.strerror}") from error
    try:
        stats.write_to(file)
        yield
    except BaseException:
        with suppress(OSError):
            file.close()
        raise
    try:
        file.close()
    except OSError as error:
        raise ConfigError(f"rejects {path} cannot be written: {error.strerror}") from error


def reasons(stats: CorpusStats, otherwise: str) -> str:
    """The five most frequent reasons of rejection, for a message; `otherwise` where nothing was rejected."""
    return ", ".join(f"{num} {reason}" for reason, num in (stats.pieces + stats.files).most_common(5)) or otherwise


def target(out: Path, name: str, kind: str) -> Path:
    """The file to write.

    Args:
        out: the file, or a folder for it.
        name: of the file in a folder.
        kind: of the corpus; an existing corpus of this kind is overwritten.

    Raises:
        ConfigError: something else is there, or nothing can be.
    """
    try:
        return _target(out, name, kind)
    except OSError as error:
        raise _unwritable(out, error) from error


def _target(out: Path, name: str, kind: str) -> Path:
    path = out if out.suffix == ".parquet" and not out.is_dir() else out / name
    if out.exists() and not out.is_dir() and out != path:
        raise ConfigError(f"output {out} exists and is no folder; give a folder or a .parquet file")
    if path.exists() and not _is_ours(path, kind):
        raise ConfigError(f"output {path} exists and is no corpus of ours; give another name")
    if out == path.parent and out.is_dir() and not path.exists() and any(out.iterdir()):
        raise ConfigError(f"output {out} is a folder with other files in it; give an empty or a new one")
    return path


def _is_ours(path: Path, kind: str) -> bool:
    if not path.is_file():  # A pipe would be waited for.
        return False
    try:
        metadata = pq.read_metadata(path).metadata or {}
    except (pa.ArrowException, OSError):
        return False
    return bool(metadata.get(KIND_KEY.encode()) == kind.encode())

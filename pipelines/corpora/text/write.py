"""The file of a corpus of text: rows go to disk in groups, and the file is there whole or not at all."""

import os
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.corpora.output import KIND_KEY
from renderers.core.errors import ConfigError

SCHEMA = pa.schema(
    [
        ("document", pa.int32()),
        ("place", pa.int32()),
        ("kind", pa.string()),
        ("language", pa.string()),
        ("text", pa.string()),
        ("origin", pa.string()),
        ("licence", pa.string()),
    ],
    metadata={KIND_KEY: "text"},
)
_GROUP_ROWS = 10_000


class Row(NamedTuple):
    """A paragraph, a heading, or a line of verse, in the order of the schema."""

    document: int
    place: int
    kind: str
    language: str
    text: str
    origin: str
    licence: str


class Sink:
    """Rows on their way into a file; without `commit` nothing is left of them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(f".{path.name}.{os.getpid()}")
        self._rows: list[Row] = []
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> "Sink":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is not None:
            self._writer.close()
        self._part.unlink(missing_ok=True)

    def add(self, row: Row) -> None:
        """Take a row."""
        self._rows.append(row)
        if len(self._rows) >= _GROUP_ROWS:
            self._flush()

    def commit(self) -> None:
        """Put the file in its place."""
        self._flush()
        assert self._writer is not None
        try:
            self._writer.close()
            self._part.replace(self._path)
        except OSError as error:
            raise _unwritable(self._path, error) from error

    def _flush(self) -> None:
        if not self._rows:
            return
        columns = [
            pa.array(column, kind.type) for column, kind in zip(zip(*self._rows, strict=True), SCHEMA, strict=True)
        ]
        self._rows = []
        try:
            if self._writer is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._writer = pq.ParquetWriter(self._part, SCHEMA, compression="zstd")
            self._writer.write_table(pa.table(columns, schema=SCHEMA))
        except OSError as error:
            raise _unwritable(self._path, error) from error


def _unwritable(path: Path, error: OSError) -> ConfigError:
    return ConfigError(f"output {path} cannot be written: {error.strerror or error}")

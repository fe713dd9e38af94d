"""Texts in the rows of JSON lines, Parquet, and Arrow, in which the data sets of Hugging Face are saved on disk.

Each row is a document of its own; they are read batch by batch.
"""

import json
import zlib
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.corpora.stats import CorpusStats
from pipelines.corpora.streams import TooManyBytes
from pipelines.corpora.text.files import MAX_LINE_CHARS, File, open_bytes
from renderers.core.errors import ConfigError

JSON_LINES = (".jsonl", ".ndjson", ".json")
TABLES = (".parquet", ".arrow")
_BATCH_ROWS = 1000


def read_rows(file: File, column: str, stats: CorpusStats) -> Iterator[tuple[int, str]]:
    """The number of each row, from 1, and its text; rows without one are counted.

    Raises:
        ConfigError: a table has no such column of text.
    """
    rows = _json_rows(file, column, stats) if file.suffix in JSON_LINES else _table_rows(file, column)
    try:
        for number, text in rows:
            if isinstance(text, str):
                yield number, text
            else:
                stats.reject_file("row_without_text", f"{file.origin}:{number}")
    except TooManyBytes:
        stats.reject_file("file_unpacks_too_large", file.origin)
    except (OSError, EOFError, zlib.error, pa.ArrowException) as error:
        stats.reject_file("file_unreadable", file.origin, str(error))


def _json_rows(file: File, column: str, stats: CorpusStats) -> Iterator[tuple[int, object]]:
    with open_bytes(file) as raw:
        number = 0
        while line := raw.readline(16 * MAX_LINE_CHARS):
            number += 1
            long = not line.endswith(b"\n") and len(line) == 16 * MAX_LINE_CHARS
            while long and (rest := raw.readline(MAX_LINE_CHARS)) and not rest.endswith(b"\n"):
                pass
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                reason = "line_too_long" if long else "line_broken"
                stats.reject_file(reason, f"{file.origin}:{number}", str(error)[:200])
                continue
            yield number, row.get(column) if isinstance(row, dict) else row


def _table_rows(file: File, column: str) -> Iterator[tuple[int, object]]:
    number = 0
    for batch in _batches(file, column):
        for text in batch.column(0).to_pylist():
            number += 1
            yield number, text


def _batches(file: File, column: str) -> Iterator[pa.RecordBatch]:
    if file.suffix == ".parquet":
        with pq.ParquetFile(file.path) as parquet:
            _check_column(file, column, parquet.schema_arrow)
            yield from parquet.iter_batches(_BATCH_ROWS, columns=[column])
        return
    with pa.memory_map(str(file.path)) as source:
        # Data sets are saved as a stream; a file of Arrow has its footer at the end.
        try:
            reader = pa.ipc.open_stream(source)
        except pa.ArrowInvalid:
            opened = pa.ipc.open_file(source)
            _check_column(file, column, opened.schema)
            for number in range(opened.num_record_batches):
                yield opened.get_batch(number).select([column])
        else:
            _check_column(file, column, reader.schema)
            for batch in reader:
                yield batch.select([column])


def _check_column(file: File, column: str, schema: pa.Schema) -> None:
    columns = [name for name in schema.names if _is_text(schema.field(name).type)]
    if column not in columns:
        names = ", ".join(columns) or "none"
        other = f", only one of {schema.field(column).type}" if column in schema.names else ""
        raise ConfigError(
            f"{file.origin} has no column {column!r} of text{other}; it has {names}; name one by --column"
        )


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind) or pa.types.is_run_end_encoded(kind):
        kind = kind.value_type
    is_text: bool = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    return is_text

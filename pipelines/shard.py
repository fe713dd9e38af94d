"""A shard is one Parquet file that Hugging Face reads as it is, and its receipt.

Writer settings are those of `datasets` itself: content-defined chunks (so that the Hub stores equal pictures once), a
page index and 100 rows a row group (so that its viewer reads one page), pictures neither compressed nor in a
dictionary. Source: `datasets` `arrow_writer.py`, `config.py`; hub-docs on row groups of pictures.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.plan import Shard
from pipelines.store import Store
from renderers.core.errors import ShardCorrupt
from renderers.core.sample import row_digest

ROW_GROUP_ROWS = 100
_CHUNKING = {"min_chunk_size": 256 * 1024, "max_chunk_size": 1024 * 1024, "norm_level": 0}
_KEY = b"glyphmill"


class Receipt(msgspec.Struct, frozen=True):
    """What is known of a shard that was made; as JSON beside the data, it says that the shard is committed.

    Attributes:
        shard: which rows.
        rows: how many.
        sha256, num_bytes: of the file.
        row_digests: sha256 of each row in order, joined: 64 hex digits a row.
        num_draws: draws that were rendered; = rows + rejected + failed.
        rejected: {reason: draws}.
        failed: draws that broke the engine or the renderer when rendered alone.
        rejects: rows of the quarantine file, 0 where there is none.
        versions: {tool: version} that drew it.
        seconds: of work.
        peak_rss_bytes: of the worker and its programs.
    """

    shard: Shard
    rows: int
    sha256: str
    num_bytes: int
    row_digests: str
    num_draws: int
    rejected: dict[str, int]
    failed: int
    rejects: int
    versions: dict[str, str]
    seconds: float
    peak_rss_bytes: int


def write_rows(store: Store, name: str, rows: Sequence[dict[str, Any]], schema: pa.Schema, shard: Shard) -> None:
    """Write rows to a Parquet file, synced to the disk; nothing is left of it when that fails.

    Raises:
        ShardError: the disk is full, or the like.
    """
    metadata = {**(schema.metadata or {}), _KEY: msgspec.json.encode(shard)}
    metadata[b"content_defined_chunking"] = json.dumps(_CHUNKING).encode()
    schema = schema.with_metadata(metadata)
    leaves = [leaf for field in schema for leaf in _leaves(field.name, field.type)]
    plain = [leaf for leaf in leaves if leaf.startswith("image.")]
    columns = [leaf for leaf in leaves if leaf not in plain]
    with (
        store.writing(name) as file,
        pq.ParquetWriter(
            file,
            schema,
            compression=dict.fromkeys(columns, "snappy") | dict.fromkeys(plain, "none"),
            use_dictionary=columns,
            write_page_index=True,
            use_content_defined_chunking=_CHUNKING,
        ) as writer,
    ):
        for at in range(0, len(rows), ROW_GROUP_ROWS):
            writer.write_table(pa.Table.from_pylist(rows[at : at + ROW_GROUP_ROWS], schema=schema))


def _leaves(path: str, kind: pa.DataType) -> Iterator[str]:
    if pa.types.is_struct(kind):
        for field in kind:
            yield from _leaves(f"{path}.{field.name}", field.type)
    elif pa.types.is_list(kind) or pa.types.is_fixed_size_list(kind):
        yield from _leaves(f"{path}.list.element", kind.value_type)
    else:
        yield path


def read_rows(store: Store, name: str) -> Iterator[dict[str, Any]]:
    """The rows of a shard, in order, a row group at a time.

    Raises:
        ShardCorrupt: it is no Parquet file, or a damaged one.
    """
    try:
        with store.open(name) as file:
            table = pq.ParquetFile(file)
            for group in range(table.num_row_groups):
                yield from table.read_row_group(group).to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise ShardCorrupt(f"{store.path(name)} cannot be read: {error}") from error


def shard_of(store: Store, name: str) -> Shard | None:
    """Which rows a file says it holds; None where it does not say or cannot be read."""
    try:
        with store.open(name) as file:
            metadata = pq.read_metadata(file).metadata or {}
    except (pa.ArrowException, OSError):
        return None
    return msgspec.json.decode(metadata[_KEY], type=Shard) if _KEY in metadata else None


def digests(rows: Sequence[dict[str, Any]]) -> str:
    """The row digests of a receipt."""
    return "".join(row_digest(row) for row in rows)

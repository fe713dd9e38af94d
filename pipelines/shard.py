"""A shard is one Parquet file that Hugging Face reads as it is, and its receipt.

Writer settings are those of `datasets` itself: content-defined chunks (so that the Hub stores equal pictures once), a
page index and 100 rows a row group (so that its viewer reads one page), pictures neither compressed nor in a
dictionary. Source: `datasets` `arrow_writer.py`, `config.py`; hub-docs on row groups of pictures.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.plan import Shard
from pipelines.recipe import split_of
from pipelines.store import Store
from renderers.core.errors import ShardCorrupt
from renderers.core.jsonable import from_json
from renderers.core.sample import REJECT_SCHEMA, SCHEMA, row_digest
from renderers.core.stored import UNREADABLE, check_table, one_line, reject_fault, row_fault, schema_fault

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
    schema = written_schema(schema, shard)
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


def written_schema(schema: pa.Schema, shard: Shard) -> pa.Schema:
    """A schema with what the file of a shard says of itself."""
    metadata = {**(schema.metadata or {}), _KEY: msgspec.json.encode(shard)}
    metadata[b"content_defined_chunking"] = json.dumps(_CHUNKING).encode()
    return schema.with_metadata(metadata)


def _leaves(path: str, kind: pa.DataType) -> Iterator[str]:
    if pa.types.is_struct(kind):
        for field in kind:
            yield from _leaves(f"{path}.{field.name}", field.type)
    elif pa.types.is_list(kind) or pa.types.is_fixed_size_list(kind):
        yield from _leaves(f"{path}.list.element", kind.value_type)
    else:
        yield path


def read_rows(store: Store, name: str) -> Iterator[dict[str, Any]]:
    """The rows of a shard or of its quarantine, in order, a row group at a time, each of them looked at.

    Raises:
        ShardCorrupt: it is no Parquet file of ours, or a damaged one, or holds another row than it should; says which.
    """
    path = store.path(name)
    is_quarantine = not name.startswith("data/")
    schema = REJECT_SCHEMA if is_quarantine else SCHEMA
    at = 0
    for rows in _row_groups(store, name, schema):
        for row in rows:
            fault = reject_fault(row) if is_quarantine else row_fault(row) or _stray_fault(row, name)
            if fault:
                raise ShardCorrupt(f"{path}, row {at}: {fault}")
            yield row
            at += 1


def _row_groups(store: Store, name: str, schema: pa.Schema) -> Iterator[list[dict[str, Any]]]:
    path, at = store.path(name), 0
    with store.open(name) as file:
        try:
            parquet = pq.ParquetFile(file)
            fault = schema_fault(parquet.schema_arrow, schema, schema.names)
            num_groups = parquet.num_row_groups
        except UNREADABLE as error:
            raise ShardCorrupt(f"{path} cannot be read: {one_line(error)}") from error
        if fault:
            raise ShardCorrupt(f"{path} is no shard of ours: {fault}")
        for group in range(num_groups):
            try:
                table = parquet.read_row_group(group, columns=schema.names)
                check_table(table, parquet.metadata.row_group(group).num_rows)
                rows = table.to_pylist()
            except UNREADABLE as error:
                raise ShardCorrupt(f"{path} cannot be read from row {at} on: {one_line(error)}") from error
            at += len(rows)
            yield rows


def _stray_fault(row: dict[str, Any], name: str) -> str:
    """Why a row does not belong to the file it stands in; "" where it does."""
    _, part, split, _ = row["id"].split("/")
    folder = PurePosixPath(name)
    if part != folder.parent.name or not folder.name.startswith(f"{split}-") or split_of(row["index"]) != split:
        return f"{row['id'][:200]} is of another part or split"
    return ""


def unreadable(store: Store, folder: str) -> Iterator[tuple[str, str]]:
    """Files below a folder of shards that cannot be read to their last row, and why."""
    for name in store.list(folder, ""):
        try:
            for _ in read_rows(store, name):
                pass
        except ShardCorrupt as error:
            yield name, str(error)


def shard_of(store: Store, name: str) -> Shard | None:
    """Which rows a file says it holds; None where it does not say or cannot be read."""
    try:
        with store.open(name) as file:
            metadata = pq.read_metadata(file).metadata or {}
        return from_json(metadata[_KEY], Shard) if _KEY in metadata else None
    except (ShardCorrupt, *UNREADABLE):
        return None


def file_fault(store: Store, name: str, shard: Shard) -> str:
    """Why a file is not the one that a shard was written to, whatever its rows are; "" where it is."""
    try:
        with store.open(name) as file:
            schema = pq.read_schema(file)
    except UNREADABLE as error:
        return f"it cannot be read: {one_line(error)}"
    wanted = written_schema(SCHEMA, shard)
    return schema_fault(schema, wanted)


def digests(rows: Sequence[dict[str, Any]]) -> str:
    """The row digests of a receipt."""
    return "".join(row_digest(row) for row in rows)

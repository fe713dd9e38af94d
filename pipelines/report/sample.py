"""Which rows a report looks at: shards -> row groups -> a few thousand rows measured -> a few hundred shown.

A data set may have a million rows and sixty gigabytes of pictures, so nothing here reads a column of pictures but for
the rows that are shown, and the rows that are measured come from row groups spread evenly over each part and split.
All choices depend on the data set alone: the same data set gives the same report, byte for byte.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.manifest import File
from pipelines.store import Store
from renderers.core.errors import ShardCorrupt
from renderers.core.sample import REJECT_SCHEMA, SCHEMA
from renderers.core.stored import (
    UNREADABLE,
    check_table,
    contradiction,
    one_line,
    reject_fault,
    row_fault,
    schema_fault,
)


@dataclass(frozen=True)
class ShardFile:
    """One Parquet file of a part and split."""

    store: Store
    name: str
    part: str
    split: str

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.store.path(self.name)

    @property
    def is_quarantine(self) -> bool:
        """Whether its rows are draws that were rejected."""
        return not self.name.startswith("data/")

    @cached_property
    def footer(self) -> Any:
        """Its `pyarrow.parquet.FileMetaData`.

        Raises:
            ShardCorrupt: the file is missing, is no Parquet, or has other columns than a shard.
        """
        schema = REJECT_SCHEMA if self.is_quarantine else SCHEMA
        try:
            with self.store.open(self.name) as file:
                footer = pq.read_metadata(file)
            fault = schema_fault(footer.schema.to_arrow_schema(), schema, schema.names)
        except UNREADABLE as error:
            raise ShardCorrupt(f"{self.path} cannot be read: {one_line(error)}") from error
        if fault:
            raise ShardCorrupt(f"{self.path} is no shard of ours: {fault}")
        return footer


@dataclass(frozen=True)
class RowGroup:
    """One row group of a shard; its first row has this number in the file, from 0."""

    shard: ShardFile
    number: int
    num_rows: int
    first_row: int = 0


def find_shards(store: Store, folder: str, listed: Iterable[File] | None = None) -> list[ShardFile]:
    """Shards under a folder of a data set, sorted by path.

    Args:
        store: the data set.
        folder: `data` or `rejected`.
        listed: the manifest's `files`; None takes whatever lies there, as in a run that is not done.
    """
    if listed is not None:
        return sorted((ShardFile(store, file.path, file.part, file.split) for file in listed), key=_by_name)
    names = [PurePosixPath(name) for name in store.list(folder, ".parquet")]
    found = [
        ShardFile(store, str(name), name.parent.name, name.name.split("-")[0].split(".")[0])
        for name in names
        if len(name.parts) == 3 and not name.name.startswith((".", "_"))
    ]
    return sorted(found, key=_by_name)


def _by_name(shard: ShardFile) -> str:
    return shard.name


def spread_row_groups(shards: Sequence[ShardFile], num_rows: int) -> list[RowGroup]:
    """Row groups with about `num_rows` rows in all, spread evenly over each part and split, at least one of each."""
    cells: dict[tuple[str, str], list[RowGroup]] = defaultdict(list)
    for shard in shards:
        first_row = 0
        for number in range(shard.footer.num_row_groups):
            size = shard.footer.row_group(number).num_rows
            if size > 0:
                cells[shard.part, shard.split].append(RowGroup(shard, number, size, first_row))
            first_row += size
    total = sum(row_group.num_rows for candidates in cells.values() for row_group in candidates)
    share = min(1.0, num_rows / max(total, 1))
    return [
        row_group
        for _, candidates in sorted(cells.items())
        for row_group in spread(candidates, round(len(candidates) * share) or 1)
    ]


def spread(items: Sequence[Any], num: int) -> list[Any]:
    """`num` of the items (or all, if there are fewer), evenly spaced."""
    num = min(num, len(items))
    return [items[(2 * index + 1) * len(items) // (2 * num)] for index in range(num)]


def pick_evenly(cells: Sequence[Hashable], num: int) -> list[int]:
    """Indices of `num` items, so that each cell has as equal a share as its size allows; ascending.

    Args:
        cells: to which cell each item belongs; cells of one call are of one sortable type.
        num: how many are wanted.
    """
    groups: dict[Any, list[int]] = defaultdict(list)
    for at, cell in enumerate(cells):
        groups[cell].append(at)
    left, picked = min(num, len(cells)), []
    for rank, cell in enumerate(sorted(groups, key=lambda cell: (len(groups[cell]), cell))):
        chosen = spread(groups[cell], left // (len(groups) - rank))
        left -= len(chosen)
        picked += chosen
    return sorted(picked)


def read_row_groups(row_groups: Sequence[RowGroup], columns: Sequence[str]) -> list[pa.Table]:
    """The columns of each row group.

    Raises:
        ShardCorrupt: a file does not hold what its footer says.
    """
    return [_read(row_group, columns) for row_group in row_groups]


def read_rows(row_groups: Sequence[RowGroup], picked: Sequence[int], columns: Sequence[str]) -> list[dict[str, Any]]:
    """Rows by their index in the concatenation of the row groups, with pictures, one row group in memory at a time.

    Args:
        row_groups: row groups that were measured.
        picked: indices, ascending.
        columns: wanted.

    Raises:
        ShardCorrupt: a file does not hold what its footer says, or a row what a row holds; says which.
    """
    rows: list[dict[str, Any]] = []
    start = 0
    for row_group in row_groups:
        inside = [at - start for at in picked if start <= at < start + row_group.num_rows]
        start += row_group.num_rows
        if inside:
            found = _read(row_group, columns).take(pa.array(inside)).to_pylist()
            for at, row in zip(inside, found, strict=True):
                fault = reject_fault(row) if row_group.shard.is_quarantine else row_fault(row) or contradiction(row)
                if fault:
                    raise ShardCorrupt(f"{row_group.shard.path}, row {row_group.first_row + at}: {fault}")
            rows += found
    return rows


def _read(row_group: RowGroup, columns: Sequence[str]) -> pa.Table:
    shard = row_group.shard
    # A draw that was rejected may have no picture.
    never_null = [name for name in columns if name != "image" or not shard.is_quarantine]
    try:
        with shard.store.open(shard.name) as file:
            table = pq.ParquetFile(file).read_row_group(row_group.number, columns=list(columns), use_threads=False)
        check_table(table, row_group.num_rows, never_null)
    except UNREADABLE as error:
        where = f"{shard.path} cannot be read (row group from row {row_group.first_row} on)"
        raise ShardCorrupt(f"{where}: {one_line(error)}") from error
    return table

"""Which rows a report looks at: shards -> row groups -> a few thousand rows measured -> a few hundred shown.

A data set may have a million rows and sixty gigabytes of pictures, so nothing here reads a column of pictures but for
the rows that are shown, and the rows that are measured come from row groups spread evenly over each part and split.
All choices depend on the data set alone: the same data set gives the same report, byte for byte.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.manifest import MANIFEST, is_data_name
from renderers.core.errors import ShardCorrupt


@dataclass(frozen=True)
class ShardFile:
    """One Parquet file of a part and split."""

    path: Path
    part: str
    split: str

    @cached_property
    def footer(self) -> Any:
        """Its `pyarrow.parquet.FileMetaData`.

        Raises:
            ShardCorrupt: the file is missing or is no Parquet.
        """
        try:
            return pq.read_metadata(self.path)
        except (OSError, pa.ArrowException) as error:
            raise ShardCorrupt(f"{self.path} cannot be read: {error}") from error


@dataclass(frozen=True)
class RowGroup:
    """One row group of a shard."""

    shard: ShardFile
    number: int
    num_rows: int


def find_shards(dataset: Path, folder: str, listed: Iterable[dict[str, Any]] | None = None) -> list[ShardFile]:
    """Shards under `dataset/folder`, sorted by path.

    Args:
        dataset: root of the data set.
        folder: `data` or `rejected`.
        listed: the manifest's `files`; None takes whatever lies there, as in a run that is not done.

    Raises:
        ShardCorrupt: the manifest names a file that is none of a data set.
    """
    if listed is not None:
        files = list(listed)
        if other := next((file["path"] for file in files if not is_data_name(file["path"])), None):
            raise ShardCorrupt(f"{dataset / MANIFEST} is damaged: {other!r} is no file of a data set")
        found = [ShardFile(dataset / file["path"], file["part"], file["split"]) for file in files]
    else:
        paths = (dataset / folder).glob("*/[!._]*.parquet")
        found = [ShardFile(path, path.parent.name, path.name.split("-")[0].split(".")[0]) for path in paths]
    return sorted(found, key=lambda shard: shard.path)


def spread_row_groups(shards: Sequence[ShardFile], num_rows: int) -> list[RowGroup]:
    """Row groups with about `num_rows` rows in all, spread evenly over each part and split, at least one of each."""
    cells: dict[tuple[str, str], list[RowGroup]] = defaultdict(list)
    for shard in shards:
        for number in range(shard.footer.num_row_groups):
            size = shard.footer.row_group(number).num_rows
            if size:
                cells[shard.part, shard.split].append(RowGroup(shard, number, size))
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
    """The columns (those that exist) of each row group.

    Raises:
        ShardCorrupt: a file does not hold what its footer says.
    """
    return [_read(row_group, columns) for row_group in row_groups]


def read_rows(row_groups: Sequence[RowGroup], picked: Sequence[int], columns: Sequence[str]) -> list[dict[str, Any]]:
    """Rows by their index in the concatenation of the row groups, with pictures, one row group in memory at a time.

    Args:
        row_groups: row groups that were measured.
        picked: indices, ascending.
        columns: wanted; those that a shard does not have are left out.
    """
    rows: list[dict[str, Any]] = []
    start = 0
    for row_group in row_groups:
        inside = [at - start for at in picked if start <= at < start + row_group.num_rows]
        start += row_group.num_rows
        if inside:
            rows += _read(row_group, columns).take(pa.array(inside)).to_pylist()
    return rows


def _read(row_group: RowGroup, columns: Sequence[str]) -> pa.Table:
    try:
        with pq.ParquetFile(row_group.shard.path, memory_map=True) as file:
            names = set(file.schema_arrow.names)
            wanted = [column for column in columns if column in names]
            return file.read_row_group(row_group.number, columns=wanted, use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise ShardCorrupt(f"{row_group.shard.path} cannot be read: {error}") from error

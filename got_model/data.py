"""Rows of data sets of the mill, mixed, in an order that a seed fixes.

A row is addressed by a number, and an epoch is an array of numbers: so workers share it out without overlap or loss, a
run goes on from the number it had reached, and nothing that was read has to be read again. Shards are read where they
lie, a row group at a time; `order` says in which order, `loader` reads them in it.
"""

import re
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from msgspec import Struct
from numpy.typing import NDArray
from pyarrow import fs
from torch.utils.data import Dataset

from got_model.order import NO_ROW, fits_window, in_lanes, length_curriculum, num_lanes
from renderers.core.errors import ConfigError, ShardError
from renderers.core.formats import FORMATS
from renderers.core.jsonable import from_json
from renderers.core.sample import SCHEMA, kind_of, with_hub_metadata
from renderers.core.stored import UNREADABLE, check_table, one_line, schema_fault

_CACHE_BYTES = 1 << 28
"""Encoded pictures that are kept where rows are read in any order."""

_PICTURES = {"image": SCHEMA.field("image").type, "images": pa.list_(SCHEMA.field("image").type)}

_COLUMNS = ("id", "markup", "format", "prompt", "language", "difficulty")
_NUM_READERS = 16


class Sample(Struct, frozen=True):
    """A row as the model needs it.

    `pictures`: encoded; several are tiles or pages of one sample. `kind`: of what is drawn, where kinds are read.
    """

    id: str
    pictures: list[bytes]
    prompt: str
    answer: str
    format: str
    language: str
    difficulty: dict[str, Any]
    kind: str = ""


class DatasetSpec(Struct, frozen=True):
    """A data set as the user names it: `FOLDER`, `FOLDER:SPLIT` or `FOLDER=WEIGHT`.

    Attributes:
        root: a folder, an address of an object store, or `hf://datasets/OWNER/NAME`.
        weight: factor on its rows: 0.8 draws four fifths of them, other ones each epoch; above 0.
    """

    root: str
    weight: float | None = None

    @classmethod
    def parse(cls, text: str) -> "DatasetSpec":
        """Raises ConfigError where the weight is no positive number."""
        root, equals, weight = text.rpartition("=")
        if not equals:
            return cls(text)
        try:
            number = float(weight)
        except ValueError:
            if "://" in root and "?" in root:
                # The = of an option: s3://bucket/folder?scheme=http
                return cls(text)
            number = -1.0
        if not 0 < number < 1e6:
            raise ConfigError(f"--data {text}: the weight after = is a positive number, such as 0.8")
        return cls(root, number)


def place(root: str) -> str:
    """One name for what a user may write in many ways: the whole path of a folder, links followed; an address as it is.

    `data/charts`, `./data/charts/` and `/home/me/data/charts` are one place, if that is where the user stands.
    """
    return root.rstrip("/") if "://" in root else str(Path(root).expanduser().resolve())


_BELOW_DATA = re.compile(r"data/\w[\w.-]*/\w[\w.-]*\.parquet")


class _File(msgspec.Struct, frozen=True):
    """A shard, as far as a trainer needs to know."""

    path: str
    split: str
    rows: int | None = None


class _Manifest(msgspec.Struct, frozen=True):
    """A data set, as far as a trainer needs to know."""

    files: tuple[_File, ...]


class Shards:
    """One split of one data set: its files and where their rows are."""

    def __init__(self, root: str, split: str, *, kinds: bool = False) -> None:
        """Open a data set.

        Args:
            root: where it lies.
            split: of it.
            kinds: read also what says of which kind a picture is; no training needs it.

        Raises:
            ConfigError: no data set, an empty one, none of that split, or one of another version of the schema.
        """
        self.root, self.split = root, split
        self._columns = [*_COLUMNS, "spec"] if kinds else [*_COLUMNS]
        self._system, folder = _filesystem(root)
        files = self._find(folder)
        self.paths = [f"{folder}/{file.path}" for file in files]
        with ThreadPoolExecutor(_NUM_READERS) as readers:
            self._footers = list(readers.map(self._footer, self.paths, [file.rows for file in files]))
        self._groups = [
            (at, group, footer.row_group(group).num_rows)
            for at, footer in enumerate(self._footers)
            for group in range(footer.num_row_groups)
        ]
        self.group_rows = np.array([rows for _, _, rows in self._groups], dtype=np.int64)
        sizes = [self._footers[at].row_group(group).total_byte_size for at, group, _ in self._groups]
        self.group_bytes = np.array(sizes, dtype=np.int64)
        if not self.group_rows.sum():
            raise ConfigError(f"data set {root}: its {split} split is empty")

    def _find(self, folder: str) -> list[_File]:
        """Its files of the split, as the manifest names them: nothing else that lies there is read."""
        files = self._manifest(folder).files
        fitting = sorted((file for file in files if file.split == self.split), key=lambda file: file.path)
        if not fitting:
            splits = sorted({file.split for file in files})
            raise ConfigError(f"data set {self.root} has no split {self.split!r}; it has {', '.join(splits) or 'none'}")
        if outside := next((file.path for file in fitting if not _BELOW_DATA.fullmatch(file.path)), None):
            raise ConfigError(f"data set {self.root}: its manifest is damaged: {outside!r} is no file below its data/")
        return fitting

    def _manifest(self, folder: str) -> "_Manifest":
        try:
            with self._open(f"{folder}/manifest.json") as file:
                return from_json(file.read(), _Manifest)
        except FileNotFoundError as error:
            if self._system.get_file_info(f"{folder}/data").type == fs.FileType.NotFound:
                raise ConfigError(f"{self.root} is no data set; glyphmill render makes one") from error
            raise ConfigError(
                f"data set {self.root} is not complete (it has no manifest.json); the command that made it goes on "
                "from there"
            ) from error
        except msgspec.DecodeError as error:
            raise ConfigError(f"data set {self.root}: its manifest is damaged: {one_line(error)}") from error
        except UNREADABLE as error:
            raise ConfigError(f"data set {self.root} cannot be reached: {one_line(error)}") from error

    def _open(self, path: str) -> pa.NativeFile:
        # A pipe in a folder here would be waited for without end.
        if isinstance(self._system, fs.LocalFileSystem) and Path(path).exists() and not Path(path).is_file():
            raise OSError(f"{path} is no file")
        return self._system.open_input_file(path)

    def _footer(self, path: str, num_rows: int | None) -> pq.FileMetaData:
        try:
            with self._open(path) as file:
                footer = pq.read_metadata(file)
            schema = footer.schema.to_arrow_schema()
        except UNREADABLE as error:
            raise ConfigError(f"data set {self.root}: {path} cannot be read: {one_line(error)}") from error
        pictures = with_hub_metadata([(name, _PICTURES[name]) for name in _pictures_of(schema) or ["image"]])
        wanted = pa.unify_schemas([SCHEMA.remove(SCHEMA.get_field_index("image")), pictures.remove_metadata()])
        if fault := schema_fault(schema, wanted, [*self._columns, *pictures.names]):
            raise ConfigError(f"{path} is no shard of the mill: {fault}; render it again")
        if num_rows is not None and footer.num_rows != num_rows:
            raise ConfigError(f"{path} has {footer.num_rows} rows, its data set's manifest.json says {num_rows}")
        return footer

    def read(self, group: int) -> pa.Table:
        """A row group, in which nothing is null. Raises ShardError where its bytes are damaged; says where."""
        at, group_in_file, num_rows = self._groups[group]
        try:
            with self._open(self.paths[at]) as file:
                parquet = pq.ParquetFile(file, metadata=self._footers[at])
                names = [*self._columns, *_pictures_of(parquet.schema_arrow)]
                table = parquet.read_row_group(group_in_file, columns=names)
            check_table(table, num_rows, names)
            _check_values(table)
        except UNREADABLE as error:
            raise ShardError(f"{self.paths[at]} is damaged (row group {group_in_file}): {one_line(error)}") from error
        return table

    def lengths(self) -> NDArray[np.int64]:
        """Characters of each row's answer, (rows,). Raises ShardError where bytes are damaged."""
        with ThreadPoolExecutor(_NUM_READERS) as readers:
            return np.concatenate(list(readers.map(self._lengths_of, self.paths, self._footers)))

    def _lengths_of(self, path: str, footer: pq.FileMetaData) -> NDArray[np.int64]:
        try:
            with self._open(path) as file:
                answers = pq.ParquetFile(file, metadata=footer).read(columns=["markup"])
            check_table(answers, footer.num_rows, ["markup"])
        except UNREADABLE as error:
            raise ShardError(f"{path} is damaged: {one_line(error)}") from error
        return np.asarray(pc.utf8_length(answers.column("markup")), dtype=np.int64)


def _check_values(table: pa.Table) -> None:
    """Raises ValueError where a format is none, or a row has no picture; says which row of the table."""
    for at, name in enumerate(table.column("format").to_pylist()):
        if name not in FORMATS:
            raise ValueError(f"row {at}: the format {name[:40]!r} is none of {', '.join(FORMATS)}")
    for name in _pictures_of(table.schema):
        for at, value in enumerate(table.column(name).to_pylist()):
            pictures = [value] if name == "image" else value
            if not pictures or any(one is None or one["bytes"] is None for one in pictures):
                raise ValueError(f"row {at}: it has no picture")


def _pictures_of(schema: pa.Schema) -> list[str]:
    """Its columns of pictures: one picture a row, or several."""
    return [name for name in _PICTURES if name in schema.names]


def _filesystem(root: str) -> tuple[fs.FileSystem, str]:
    if root.startswith("hf://"):
        from huggingface_hub import HfFileSystem

        return fs.PyFileSystem(fs.FSSpecHandler(HfFileSystem())), root.removeprefix("hf://").rstrip("/")
    if "://" not in root:
        return fs.LocalFileSystem(), str(Path(root).expanduser().absolute())
    try:
        system, folder = fs.FileSystem.from_uri(root)
    except (pa.ArrowInvalid, OSError) as error:
        raise ConfigError(f"data set {root} cannot be reached: {error}") from error
    return system, folder.rstrip("/")


class Mixture(Dataset[Sample | None]):
    """Splits of data sets behind each other; a row is a number, `NO_ROW` is None."""

    def __init__(self, datasets: Sequence[DatasetSpec], split: str, *, kinds: bool = False) -> None:
        """Raises ConfigError as `Shards` does."""
        self.datasets = list(datasets)
        self.shards = [Shards(one.root, split, kinds=kinds) for one in datasets]
        self._rows = np.concatenate([one.group_rows for one in self.shards])
        self._ends = np.cumsum(self._rows)
        self._owner = np.repeat(np.arange(len(self.shards)), [len(one.group_rows) for one in self.shards])
        self._first = np.concatenate([[0], np.cumsum([len(one.group_rows) for one in self.shards])])
        self._bytes = np.concatenate([one.group_bytes for one in self.shards])
        self._cache: OrderedDict[int, dict[int, Sample]] = OrderedDict()
        self._cache_bytes = 0

    @property
    def num_rows(self) -> int:
        """Rows there are, weights apart."""
        return int(self._ends[-1])

    def __len__(self) -> int:
        return self.num_rows

    def __getitem__(self, at: int) -> Sample | None:
        if at == NO_ROW:
            return None
        group = int(self.groups_of(np.array([at]))[0])
        if group in self._cache:
            self._cache.move_to_end(group)
        else:
            self._cache[group] = self.read(group)
            self._cache_bytes += _size(self._cache[group].values())
            while self._cache_bytes > _CACHE_BYTES and len(self._cache) > 1:
                self._cache_bytes -= _size(self._cache.popitem(last=False)[1].values())
        return self._cache[group][at]

    def groups_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The row group of each row, (N,) -> (N,)."""
        return np.searchsorted(self._ends, rows, side="right")

    def row_bytes(self, group: int) -> float:
        """What a row of a row group takes in memory, about."""
        return float(self._bytes[group] / self._rows[group])

    def read(self, group: int, rows: Collection[int] | None = None) -> dict[int, Sample]:
        """Rows of a row group by their numbers: some, or all. Raises ShardError where its bytes are damaged."""
        owner, start = int(self._owner[group]), int(self._ends[group] - self._rows[group])
        table = self.shards[owner].read(group - int(self._first[owner]))
        if rows is not None:
            table = table.take(sorted(row - start for row in rows))
        numbers = range(start, start + len(table)) if rows is None else sorted(rows)
        return {number: _sample(row) for number, row in zip(numbers, table.to_pylist(), strict=True)}

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Characters of each row's answer, (rows,)."""
        return np.concatenate([one.lengths() for one in self.shards])

    def epoch(self, seed: int, epoch: int, multiple: int = 1, length_curriculum_frac: float = 0.0) -> NDArray[np.int64]:
        """The rows of an epoch in their order: of each data set as many as its weight says, mixed.

        Args:
            seed: fixes, with the epoch, the order.
            epoch: another one has another order, and another choice of rows where a weight is no integer.
            multiple: rows of a step; the order is filled with `NO_ROW` to a multiple of it.
            length_curriculum_frac: share of the epoch in which the longest answer so far grows to the longest there is;
                a row may come from then on, so that each still comes once.
        """
        rng = np.random.default_rng([seed, epoch])
        chosen = np.concatenate([self._choose(rng, owner) for owner in range(len(self.shards))])
        rows = np.concatenate([rng.permutation(_rows_of(chosen[at])) for at in rng.permutation(len(chosen))])
        if length_curriculum_frac:
            rows = length_curriculum(rng, rows[np.argsort(self.lengths[rows], kind="stable")], length_curriculum_frac)
            return np.concatenate([rows, np.full(-len(rows) % multiple, NO_ROW)])
        lanes = num_lanes(self._bytes, multiple)
        if len(chosen) < 2 * lanes and fits_window(self._bytes):
            return in_lanes(rng.permutation(rows), 1, multiple)
        return in_lanes(rows, min(lanes, max(len(chosen) // 2, 1)), multiple)

    def _choose(self, rng: np.random.Generator, owner: int) -> NDArray[np.int64]:
        """(groups, 2): first row and one past the last, of the groups an epoch takes from a data set."""
        own = np.arange(self._first[owner], self._first[owner + 1])
        weight = self.datasets[owner].weight or 1.0
        left = round(weight * int(self._rows[own].sum()))
        spans = []
        while left > 0:
            for group in rng.permutation(own):
                taken = min(left, int(self._rows[group]))
                start = self._ends[group] - self._rows[group]
                spans.append((start, start + taken))
                left -= taken
                if left <= 0:
                    break
        return np.array(spans, dtype=np.int64).reshape(-1, 2)


def _size(samples: Iterable[Sample]) -> int:
    return sum(len(picture) for sample in samples for picture in sample.pictures)


def _rows_of(span: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.arange(span[0], span[1])


def _sample(plain: dict[str, Any]) -> Sample:
    pictures = plain.get("images") or [plain["image"]]
    return Sample(
        id=plain["id"],
        pictures=[picture["bytes"] for picture in pictures],
        prompt=plain["prompt"],
        answer=plain["markup"],
        format=plain["format"],
        language=plain["language"],
        difficulty=plain["difficulty"],
        kind=kind_of(plain.get("spec"), ""),
    )

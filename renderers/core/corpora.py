"""What random content is drawn from: a renderer names its sources, a session opens them, `draw` is handed them.

So a renderer is plain knobs, and making one reads no file. There are words (Lexicon), running text (Prose), formulas
that people wrote (FormulaCorpus) and molecules that exist (MoleculeCorpus); what they are is content's affair. Each
piece of a corpus (a document, a formula, a molecule) belongs to one split by its hash, and is drawn for no other.
"""

import hashlib
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from renderers.core.errors import ConfigError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A corpus in a file, as the knobs of a renderer name it.

    Attributes:
        path: of the Parquet file.
        sha256: of its bytes (hex), so that what is drawn from is what a recipe names; "" takes it as it is now.
        knob: the knob of the renderer that holds `sha256`.
        command: what makes such a file, as a user types it: "glyphmill corpus tex".
        make: the whole command that makes this one.
    """

    path: str
    sha256: str
    knob: str
    command: str
    make: str

    def pinned(self) -> "CorpusFile":
        """The same with the sha256 that it has now, where none is given.

        Raises:
            ConfigError: there is no such file.
        """
        return self if self.sha256 else replace(self, sha256=hashlib.sha256(self._bytes()).hexdigest())

    def table(self, columns: Sequence[str]) -> pa.Table:
        """Its rows.

        Raises:
            ConfigError: there is no such file, it is another one than `sha256` says, or it lacks a column or all rows.
        """
        data = self._bytes()
        found = hashlib.sha256(data).hexdigest()
        if self.sha256 and found != self.sha256:
            raise ConfigError(f"corpus {self.path}: its sha256 is {found}, not {self.sha256} as before")
        try:
            file = pq.ParquetFile(pa.BufferReader(data))
            missing = [name for name in columns if name not in file.schema_arrow.names]
            table = None if missing else file.read(columns=list(columns))
        except (pa.ArrowException, OSError) as error:
            raise ConfigError(f"corpus {self.path}: not made by {self.command}: {error}") from error
        if table is None or not table.num_rows:
            why = f"it has no column {missing[0]!r}" if missing else "it is empty"
            raise ConfigError(f"corpus {self.path}: not made by {self.command}: {why}")
        return table

    def licences(self) -> tuple[str, ...]:
        """Licences of its rows, as their sources state them, sorted; "unknown" where none is stated.

        Raises:
            ConfigError: there is no such file, or none that can be read.
        """
        try:
            with pq.ParquetFile(self.path) as file:
                stated = "licence" in file.schema_arrow.names
                found = file.read(["licence"]).column("licence").unique().to_pylist() if stated else []
        except (pa.ArrowException, OSError) as error:
            raise ConfigError(f"corpus {self.path}: {error}") from error
        return tuple(sorted({name or "unknown" for name in found})) or ("unknown",)

    def _bytes(self) -> bytes:
        try:
            return Path(self.path).read_bytes()
        except OSError as error:
            raise ConfigError(f"corpus {self.path}: {error.strerror}; {self.make} makes one") from error


class CorpusSource(Hashable, Protocol[T_co]):
    """Where something to draw from is, and what is wanted of it. Equal sources give the same, and are opened once."""

    @property
    def file(self) -> CorpusFile | None:
        """The file that it is in; None for what is part of the project."""

    def open(self, split: str) -> T_co:
        """What is drawn from for a split, one of `SPLITS`; immutable. What splits share they share in memory.

        Raises:
            ConfigError: it is not there, is another one by now, or lacks what is wanted of it.
        """


Sources: TypeAlias = tuple[CorpusSource[Any], ...]
"""What one renderer draws from."""


class Corpora:
    """What a session has opened for one split; immutable, and handed to `draw`."""

    def __init__(self, sources: Iterable[CorpusSource[Any]], split: str) -> None:
        """Open each source once.

        Raises:
            ConfigError: see `CorpusSource.open`.
        """
        self._opened = {source: source.open(split) for source in dict.fromkeys(sources)}

    def __getitem__(self, source: CorpusSource[T]) -> T:
        """What a source gave; a KeyError where the session was not told of it."""
        opened: T = self._opened[source]
        return opened

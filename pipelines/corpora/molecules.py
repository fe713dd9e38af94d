"""Builds a corpus of molecules from tables and lists of SMILES: `glyphmill corpus molecules`.

A source is a file (SMILES a line, CSV, TSV, Parquet; gzipped or not), an archive of such files (a Python wheel is one),
or a folder of all that. One pass; the same source gives the same bytes.
"""

import csv
import gzip
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.corpora.output import KIND_KEY, Built, CorpusWriter, recording_rejects, target
from pipelines.corpora.stats import CorpusStats
from renderers.content.molecules.molecule import undrawable
from renderers.core.errors import ConfigError, CorpusError, LabelError
from renderers.labels.smiles import grammar as smiles
from renderers.labels.smiles import written as smiles_written

SCHEMA = pa.schema(
    [("smiles", pa.string()), ("num_heavy", pa.int32()), ("origin", pa.string()), ("licence", pa.string())],
    metadata={KIND_KEY: "molecules"},
)

_LISTS = (".smi", ".smiles", ".txt", ".csv", ".tsv")
_COLUMNS = ("smiles", "canonical_smiles", "isomeric_smiles")
_HAS_BOM = "utf-8-sig"


def build(source: Path, out: Path, licence: str | None, rejects: Path | None, max_rows: int) -> Built:
    """Writes the corpus.

    Args:
        source: where SMILES are.
        out: a .parquet file or a folder.
        licence: of all rows.
        rejects: a file of JSON lines for all that was refused, or None.
        max_rows: number of molecules after which no more are read.

    Raises:
        ConfigError: there is no source, nothing in it is a molecule, or the output cannot be.
    """
    path = target(out, "molecules.parquet", "molecules")
    if not source.exists():
        raise ConfigError(f"source {source} does not exist")
    stats = CorpusStats()
    rows: dict[str, tuple[int, str]] = {}
    found = 0
    with recording_rejects(stats, rejects):
        for origin, written in _written(source, stats):
            found += 1
            _keep(rows, origin, written, stats)
            if len(rows) >= max_rows:
                break
    if not rows:
        raise ConfigError(f"source {source} holds no molecule that can be drawn ({found} lines were read)")
    with CorpusWriter(path, SCHEMA) as writer:
        for canonical, (num_heavy, origin) in rows.items():
            writer.add((canonical, num_heavy, origin, licence or ""))
        writer.commit()
    return Built(path, Counter(molecule=len(rows)), found, stats)


def _keep(rows: dict[str, tuple[int, str]], origin: str, written: str, stats: CorpusStats) -> None:
    try:
        canonical = smiles.canonical(written)
    except LabelError as error:
        stats.refuse_piece("no_molecule", origin, str(error), written)
        return
    if canonical in rows:
        stats.refuse_piece("duplicate", origin, "", written)
        return
    known = smiles_written.facts(canonical)
    reason = undrawable(known)
    if reason is not None:
        stats.refuse_piece(reason, origin, "", written)
        return
    rows[canonical] = (known.num_heavy, origin)


def _written(source: Path, stats: CorpusStats) -> Iterator[tuple[str, str]]:
    """All SMILES, each with where it stands."""
    files = [source] if source.is_file() else sorted(path for path in source.rglob("*") if path.is_file())
    for file in files:
        name = file.name if file == source else file.relative_to(source).as_posix()
        try:
            yield from _of_bytes(name, file.read_bytes(), stats)
        except OSError as error:
            stats.refuse_file("unreadable", name, str(error))


def _of_bytes(name: str, data: bytes, stats: CorpusStats) -> Iterator[tuple[str, str]]:
    lowered = name.lower()
    try:
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for member in sorted(archive.namelist()):
                    if _is_table(member):
                        yield from _of_bytes(f"{name}/{member}", archive.read(member), stats)
        elif lowered.endswith(".gz"):
            yield from _of_bytes(name[:-3], gzip.decompress(data), stats)
        elif lowered.endswith(".parquet"):
            yield from _of_table(name, data)
        elif lowered.endswith(_LISTS):
            yield from _of_lines(name, data.decode(_HAS_BOM))
        else:
            stats.refuse_file("other_format", name)
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        zlib.error,
        pa.ArrowException,
        UnicodeDecodeError,
        csv.Error,
    ) as error:
        stats.refuse_file("unreadable", name, str(error))
    except CorpusError as error:
        stats.refuse_file("no_smiles", name, str(error))


def _is_table(name: str) -> bool:
    return name.lower().removesuffix(".gz").endswith((*_LISTS, ".parquet"))


def _of_table(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    file = pq.ParquetFile(pa.BufferReader(data))
    column = file.schema_arrow.names[_column(file.schema_arrow.names)]
    for at, written in enumerate(file.read(columns=[column]).column(0).to_pylist()):
        if written:
            yield f"{name}:{at + 1}", str(written)


def _of_lines(name: str, text: str) -> Iterator[tuple[str, str]]:
    lines = text.splitlines()
    if name.lower().endswith((".csv", ".tsv")) and lines:
        rows = csv.reader(lines, delimiter="\t" if name.lower().endswith(".tsv") else ",")
        column = _column(next(rows))
        for at, row in enumerate(rows, 2):
            if len(row) > column and row[column]:
                yield f"{name}:{at}", row[column].strip()
        return
    for at, line in enumerate(lines, 1):
        words = line.split()
        if words and not line.startswith(("#", "//")):
            yield f"{name}:{at}", words[0]


def _column(names: Sequence[str]) -> int:
    """Where a table has its SMILES; raises CorpusError where it has none."""
    lowered = [name.strip().lower() for name in names]
    for wanted in _COLUMNS:
        if wanted in lowered:
            return lowered.index(wanted)
    raise CorpusError(f"no column is called {' or '.join(_COLUMNS)}")

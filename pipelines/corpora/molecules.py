"""Builds a corpus of molecules from tables and lists of SMILES: `glyphmill corpus molecules`.

A source is a file (one SMILES a line, CSV, TSV, Parquet; gzipped or not), a zip archive of such files, such as a Python
wheel, or a folder of all that. One pass; the same source gives the same bytes.
"""

import csv
import gzip
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.corpora.folders import printable, regular_files
from pipelines.corpora.output import KIND_KEY, Built, CorpusWriter, reasons, recording_rejects, target
from pipelines.corpora.stats import CorpusStats, Rejection
from pipelines.corpora.streams import TooManyBytes, max_unpacked_bytes, read_all
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
_ENCODING = "utf-8-sig"
_BATCH_ROWS = 10_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Zip files of other methods are unpacked without a limit by the standard library."""
_ENCRYPTED = 1


def build(source: Path, out: Path, licence: str | None, rejects: Path | None, max_rows: int) -> Built:
    """Writes the corpus.

    Args:
        source: a file or a folder.
        out: a .parquet file or a folder.
        licence: of all rows.
        rejects: a file of JSON lines for all that was rejected, or None.
        max_rows: number of molecules after which no more are read.

    Raises:
        ConfigError: there is no source, nothing in it is a molecule, or the output cannot be written.
    """
    path = target(out, "molecules.parquet", "molecules")
    if not source.exists():
        raise ConfigError(f"source {source} does not exist")
    if not source.is_dir() and not source.is_file():
        raise ConfigError(f"source {source} is no file and no folder")
    stats = CorpusStats()
    rows: dict[str, tuple[int, str]] = {}
    num_found = 0
    with recording_rejects(stats, rejects):
        for origin, written in _written(source, stats):
            num_found += 1
            try:
                canonical, num_heavy = _checked(written, rows)
            except Rejection as rejection:
                stats.reject_piece(rejection, origin, written)
            else:
                rows[canonical] = (num_heavy, origin)
            if len(rows) >= max_rows:
                break
    if not rows:
        why = reasons(stats, "no file")
        raise ConfigError(f"source {source} holds no molecule that can be drawn; {num_found} were found ({why})")
    with CorpusWriter(path, SCHEMA) as writer:
        for canonical, (num_heavy, origin) in rows.items():
            writer.add((canonical, num_heavy, origin, licence or ""))
        writer.commit()
    return Built(path, Counter(molecule=len(rows)), num_found, stats)


def _checked(written: str, kept: Container[str]) -> tuple[str, int]:
    """The canonical SMILES and the number of heavy atoms of a molecule that can be drawn and is not yet kept.

    Raises:
        Rejection: it is none.
    """
    try:
        canonical = smiles.canonical(written)
    except LabelError as error:
        raise Rejection("no_molecule", str(error)) from error
    if canonical in kept:
        raise Rejection("duplicate")
    facts = smiles_written.facts(canonical)
    if (reason := undrawable(facts)) is not None:
        raise Rejection(reason)
    return canonical, facts.num_heavy


def _written(source: Path, stats: CorpusStats) -> Iterator[tuple[str, str]]:
    """The origin and the text of each SMILES."""
    files = sorted(regular_files(source, stats)) if source.is_dir() else [(printable(source.name), source)]
    for name, file in files:
        try:
            data = file.read_bytes()
            yield from _of_bytes(name, data, max_unpacked_bytes(len(data)), stats)
        except OSError as error:
            stats.reject_file("unreadable", name, str(error))


def _of_bytes(
    name: str, data: bytes, max_bytes: int, stats: CorpusStats, *, is_member: bool = False
) -> Iterator[tuple[str, str]]:
    """The SMILES of a file.

    Args:
        name: of the file.
        data: its content.
        max_bytes: of all that it unpacks to.
        stats: counts what is not read.
        is_member: whether it is in an archive; then it cannot be one.
    """
    lowered = name.lower()
    try:
        if not is_member and zipfile.is_zipfile(io.BytesIO(data)):
            yield from _of_archive(name, data, max_bytes, stats)
        elif lowered.endswith(".gz"):
            with gzip.open(io.BytesIO(data)) as stream:
                unpacked = read_all(stream, max_bytes)
            yield from _of_bytes(name[:-3], unpacked, max_bytes - len(unpacked), stats, is_member=is_member)
        elif lowered.endswith(".parquet"):
            yield from _of_table(name, data)
        elif lowered.endswith(_LISTS):
            yield from _of_lines(name, data.decode(_ENCODING))
        else:
            stats.reject_file("other_format", name)
    except TooManyBytes:
        stats.reject_file("unpacks_too_large", name)
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        zlib.error,
        pa.ArrowException,
        UnicodeDecodeError,
        csv.Error,
    ) as error:
        stats.reject_file("unreadable", name, str(error))
    except CorpusError as error:
        stats.reject_file("no_smiles", name, str(error))


def _of_archive(name: str, data: bytes, max_bytes: int, stats: CorpusStats) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in filter(_is_table, sorted(archive.namelist())):
            info = archive.getinfo(member)
            if info.compress_type not in _METHODS or info.flag_bits & _ENCRYPTED:
                stats.reject_file("other_format", f"{name}/{member}")
                continue
            with archive.open(info) as stream:
                unpacked = read_all(stream, max_bytes)
            max_bytes -= len(unpacked)
            yield from _of_bytes(f"{name}/{member}", unpacked, max_bytes, stats, is_member=True)


def _is_table(name: str) -> bool:
    return name.lower().removesuffix(".gz").endswith((*_LISTS, ".parquet"))


def _of_table(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    file = pq.ParquetFile(pa.BufferReader(data))
    column = file.schema_arrow.names[_column(file.schema_arrow.names)]
    number = 0
    for batch in file.iter_batches(_BATCH_ROWS, columns=[column]):
        for written in batch.column(0).to_pylist():
            number += 1
            if written:
                yield f"{name}:{number}", str(written)


def _of_lines(name: str, text: str) -> Iterator[tuple[str, str]]:
    lines = text.splitlines()
    if name.lower().endswith((".csv", ".tsv")) and lines:
        rows = csv.reader(lines, delimiter="\t" if name.lower().endswith(".tsv") else ",")
        column = _column(next(rows))
        for number, row in enumerate(rows, 2):
            if len(row) > column and row[column]:
                yield f"{name}:{number}", row[column].strip()
        return
    for number, line in enumerate(lines, 1):
        words = line.split()
        if words and not line.startswith(("#", "//")):
            yield f"{name}:{number}", words[0]


def _column(names: Sequence[str]) -> int:
    """Index of the column of SMILES; raises CorpusError where there is none."""
    lowered = [name.strip().lower() for name in names]
    for wanted in _COLUMNS:
        if wanted in lowered:
            return lowered.index(wanted)
    raise CorpusError(f"no column is called {' or '.join(_COLUMNS)}")

"""Files of a source, opened as text: a file, a folder of files, gzipped or not; links are not followed.

Lines are read one by one up to a limit, and a gzipped file has a limit of what it unpacks to: so memory and time are
bounded by the size on disk.
"""

import codecs
import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pipelines.corpora.folders import printable
from pipelines.corpora.stats import CorpusStats, Rejection
from pipelines.corpora.streams import LimitedReader, TooManyBytes, max_unpacked_bytes
from pipelines.corpora.text.charset import SAMPLE_BYTES, encoding_of
from renderers.core.errors import ConfigError

HTML = (".html", ".htm", ".xhtml")
MAX_LEVELS = 50
MAX_LINE_CHARS = 1 << 20
_BUFFER_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class File:
    """A file of a source.

    Attributes:
        path: on disk.
        origin: its path in the source, for people.
        suffix: in lower case, with its dot, without that of gzip.
    """

    path: Path
    origin: str
    suffix: str


def find_files(source: Path, stats: CorpusStats) -> Iterator[File]:
    """All regular files of a source in order of their names.

    Raises:
        ConfigError: there is no such file or folder.
    """
    try:
        mode = source.stat().st_mode
    except (OSError, ValueError) as error:
        raise ConfigError(f"source {source} cannot be read: {getattr(error, 'strerror', error)}") from error
    if stat.S_ISREG(mode):
        return iter([_file(source, printable(source.name))])
    if stat.S_ISDIR(mode):
        return _find(source, "", 0, stats)
    raise ConfigError(f"source {source} is no file and no folder")


@contextmanager
def open_bytes(file: File) -> Iterator[IO[bytes]]:
    """A file, unpacked while it is read; reading raises TooManyBytes, OSError, EOFError or zlib.error."""
    with file.path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        if not packed:
            yield raw
            return
        max_bytes = max_unpacked_bytes(os.fstat(raw.fileno()).st_size)
        with gzip.open(raw) as unpacked:
            limited = LimitedReader(unpacked, max_bytes, SAMPLE_BYTES, can_rewind=True)
            with io.BufferedReader(limited, _BUFFER_BYTES) as buffered:
                yield buffered


def read_lines(file: File, stats: CorpusStats, encoding: str = "", language: str = "") -> Iterator[str]:
    """Lines of text; one longer than MAX_LINE_CHARS is truncated, what cannot be decoded is U+FFFD.

    An error that ends the reading of a file is counted, and so is a file that is not in the encoding it should be in.

    Args:
        file: to be read.
        stats: counts what is not read.
        encoding: that it should be in, as Python names it; "" is to be found out.
        language: of its text, tag of BCP 47; "" is to be found out.
    """
    try:
        with open_bytes(file) as raw:
            sample = raw.read(SAMPLE_BYTES)
            raw.seek(0)
            if encoding and sample.strip():
                _check_encoding(raw, encoding)
                raw.seek(0)
            else:
                encoding = encoding_of(sample, language, html=file.suffix in HTML)
            if not sample.strip() or not encoding:
                stats.reject_file("file_not_text" if sample.strip() else "file_empty", file.origin)
                return
            if encoding not in ("utf-8", "ascii", "utf-8-sig"):
                stats.notes[f"encoding {encoding}"] += 1
            with io.TextIOWrapper(raw, encoding, errors="replace") as text:
                yield from _lines(text)
    except Rejection as rejection:
        stats.reject_file(rejection.reason, file.origin, rejection.detail)
    except TooManyBytes:
        stats.reject_file("file_unpacks_too_large", file.origin)
    except (OSError, EOFError, zlib.error, UnicodeError) as error:
        stats.reject_file("file_unreadable", file.origin, str(error))


def _check_encoding(raw: IO[bytes], encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := raw.read(SAMPLE_BYTES):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise Rejection("not_in_encoding", str(error)) from error


def _lines(text: IO[str]) -> Iterator[str]:
    while line := text.readline(MAX_LINE_CHARS):
        yield line.replace("\0", " ")
        while not line.endswith("\n") and len(line) == MAX_LINE_CHARS:
            # The rest of a line that is too long is skipped.
            line = text.readline(MAX_LINE_CHARS)


def _find(folder: Path, prefix: str, level: int, stats: CorpusStats) -> Iterator[File]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        stats.reject_file("folder_unreadable", prefix, str(error.strerror))
        return
    for entry in entries:
        name = prefix + printable(entry.name)
        if entry.is_symlink():
            stats.reject_file("link_refused", name)
        elif entry.is_dir():
            if level >= MAX_LEVELS:
                stats.reject_file("folder_too_deep", name)
            elif not entry.name.startswith("."):
                yield from _find(Path(entry.path), f"{name}/", level + 1, stats)
        elif not entry.is_file():
            stats.reject_file("device_refused", name)
        elif not entry.name.startswith("."):
            yield _file(Path(entry.path), name)


def _file(path: Path, origin: str) -> File:
    return File(path, origin, Path(origin.lower().removesuffix(".gz")).suffix)

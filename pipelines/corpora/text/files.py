"""Files of a source, opened as text: a file, a folder of files, gzipped or not; links are not followed.

Lines come one by one and no longer than a limit, and a gzipped file may not grow without bound: so nothing that is read
here takes more memory or time than its size on disk allows.
"""

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

from pipelines.corpora.stats import CorpusStats
from pipelines.corpora.text.charset import SAMPLE_BYTES, encoding_of
from renderers.core.errors import ConfigError

MAX_LEVELS = 50
MAX_LINE_CHARS = 1 << 20
_MAX_RATIO = 200
"""Source: zlib packs zeros 1,030 to 1, text at most some 20 to 1."""
_FREE_UNPACKED_BYTES = 64 << 20


class TooMuch(Exception):
    """A file unpacks to more than the limit."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a source.

    Attributes:
        path: where it lies.
        shown: its name for people, from the top of the source.
        suffix: in lower case, without that of gzip.
    """

    path: Path
    shown: str
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
        return _walk(source, "", 0, stats)
    raise ConfigError(f"source {source} is no file and no folder")


@contextmanager
def open_bytes(file: File) -> Iterator[IO[bytes]]:
    """A file, unpacked on the way; reading raises TooMuch, OSError, EOFError or zlib.error."""
    with file.path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        if not packed:
            yield raw
            return
        most = _FREE_UNPACKED_BYTES + _MAX_RATIO * os.fstat(raw.fileno()).st_size
        with gzip.open(raw) as unpacked, io.BufferedReader(_Limited(unpacked, most), 1 << 16) as limited:
            yield limited


def read_lines(file: File, stats: CorpusStats) -> Iterator[str]:
    """Lines of text; a longer one than the limit is cut, what cannot be decoded is a replacement character.

    What keeps a file from being read, or from being read further, is counted.
    """
    try:
        with open_bytes(file) as raw:
            sample = raw.read(SAMPLE_BYTES)
            raw.seek(0)
            encoding = encoding_of(sample)
            if not sample.strip() or not encoding:
                stats.refuse_file("file_not_text" if sample.strip() else "file_empty", file.shown)
                return
            if encoding not in ("utf-8", "ascii", "utf-8-sig"):
                stats.notes[f"encoding {encoding}"] += 1
            with io.TextIOWrapper(raw, encoding, errors="replace") as text:
                yield from _lines(text)
    except TooMuch:
        stats.refuse_file("file_unpacks_too_large", file.shown)
    except (OSError, EOFError, zlib.error, UnicodeError) as error:
        stats.refuse_file("file_unreadable", file.shown, str(error))


def printable(name: str) -> str:
    """The name of a file, which may hold any byte, as text."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _lines(text: IO[str]) -> Iterator[str]:
    while line := text.readline(MAX_LINE_CHARS):
        yield line
        while not line.endswith("\n") and len(line) == MAX_LINE_CHARS:
            # The rest of a line without an end is passed over.
            line = text.readline(MAX_LINE_CHARS)


def _walk(folder: Path, prefix: str, level: int, stats: CorpusStats) -> Iterator[File]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        stats.refuse_file("folder_unreadable", prefix, str(error.strerror))
        return
    for entry in entries:
        name = prefix + printable(entry.name)
        if entry.is_symlink():
            stats.refuse_file("link_refused", name)
        elif entry.is_dir():
            if level >= MAX_LEVELS:
                stats.refuse_file("folder_too_deep", name)
            elif not entry.name.startswith("."):
                yield from _walk(Path(entry.path), f"{name}/", level + 1, stats)
        elif not entry.is_file():
            stats.refuse_file("device_refused", name)
        elif not entry.name.startswith("."):
            yield _file(Path(entry.path), name)


def _file(path: Path, shown: str) -> File:
    return File(path, shown, Path(shown.lower().removesuffix(".gz")).suffix)


class _Limited(io.RawIOBase):
    """Unpacked bytes up to a limit; can go back to the start, once that was all that was read."""

    def __init__(self, file: gzip.GzipFile, most: int) -> None:
        self._file = file
        self._left = self._most = most

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = 0) -> int:
        if place == 0 and whence == 0:
            self._left = self._most
        return self._file.seek(place, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._file.read(len(buffer))
        self._left -= len(chunk)
        if self._left < 0:
            raise TooMuch
        buffer[: len(chunk)] = chunk
        return len(chunk)

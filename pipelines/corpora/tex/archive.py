"""Sources of TeX: a file, a folder, an archive of arXiv, a folder of those.

Archives are read in memory, forwards, once; not a byte of them reaches the disk, so a path in them is only a name.
"""

import gzip
import io
import re
import stat
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import IO

from pipelines.corpora.folders import printable, regular_files
from pipelines.corpora.stats import CorpusStats, Rejection
from pipelines.corpora.streams import LimitedReader, TooManyBytes, read_all
from renderers.core.errors import ConfigError

TEX = (".tex", ".ltx", ".latex", ".sty")
_GZIPPED_TEX = tuple(f"{suffix}.gz" for suffix in TEX)
_TAR = (".tar", ".tar.gz", ".tgz")
_NESTED = (".gz", ".tgz", ".tar", ".zip", ".bz2", ".xz", ".7z", ".zst")
_LICENCE_NAMES = ("license", "licence", "copying", "00readme")

_LOOKS_LIKE_TEX = re.compile(rb"\\(?:documentclass|documentstyle|begin\s*\{document\}|bye\b|magnification)")

MAX_FILE_BYTES = 16 << 20
"""Of one file: a long book is 5 MB."""
MAX_UNPACKED_BYTES = 1 << 30
"""Of one archive, with its figures. Source: arXiv takes submissions of up to 50 MB packed."""
MAX_KEPT_BYTES = 128 << 20
"""Of the .tex files and licences of one archive."""
MAX_MEMBERS = 20_000


@dataclass(frozen=True, slots=True)
class File:
    """A file of a source.

    Attributes:
        origin: its path in the source, for people.
        load: reads its bytes; raises OSError, EOFError, zlib.error or TooManyBytes.
    """

    origin: str
    load: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Project:
    """Files that may input each other.

    Attributes:
        files: .tex files and licences by their path from the top, with "/".
    """

    files: Mapping[str, File]

    def read(self, path: str, stats: CorpusStats) -> bytes | None:
        """The bytes of a file, or None: then the reason is counted."""
        file = self.files[path]
        try:
            raw = file.load()
        except TooManyBytes:
            stats.reject_file("file_too_large", file.origin)
        except (OSError, EOFError, zlib.error) as error:
            stats.reject_file("file_unreadable", file.origin, str(error))
        else:
            return raw
        return None


def open_projects(source: Path, stats: CorpusStats) -> Iterator[Project]:
    """The projects of a source: all loose files are one, each archive is one.

    Raises:
        ConfigError: there is no such file or folder, or it is of a kind that is not read.
    """
    try:
        mode = source.stat().st_mode
    except (OSError, ValueError) as error:
        raise ConfigError(f"source {source} cannot be read: {getattr(error, 'strerror', error)}") from error
    if stat.S_ISREG(mode) and source.name.lower().endswith((*TEX, ".gz", *_TAR)):
        return _projects([(printable(source.name), source)], stats)
    if stat.S_ISDIR(mode):
        return _projects(regular_files(source, stats), stats)
    raise ConfigError(f"source {source} is no folder, .tex, .tar, .tar.gz or .gz")


def _projects(paths: Iterable[tuple[str, Path]], stats: CorpusStats) -> Iterator[Project]:
    loose: dict[str, File] = {}
    archives: list[tuple[str, Path]] = []
    for name, path in sorted(paths):
        lower = name.lower()
        if lower.endswith(_GZIPPED_TEX):
            loose.setdefault(name[:-3], File(name, lambda path=path: _unzip(path)))  # type: ignore[misc]
        elif lower.endswith(TEX) or _is_licence(name):
            loose[name] = File(name, lambda path=path: _load(path))  # type: ignore[misc]
        elif lower.endswith((".gz", *_TAR)):
            archives.append((name, path))
    if loose:
        yield Project(loose)
    for name, path in archives:
        yield Project(_read_archive(name, path, stats))


def _is_outside(path: str) -> bool:
    """Whether a normalized path in an archive leads out of it, or may on some system."""
    return path.startswith(("/", "..")) or "\\" in path or "\0" in path


def _is_licence(name: str) -> bool:
    return name.rsplit("/", 1)[-1].lower().startswith(_LICENCE_NAMES)


def _load(path: Path) -> bytes:
    with path.open("rb") as file:
        return read_all(file, MAX_FILE_BYTES)


def _unzip(path: Path) -> bytes:
    with gzip.open(path) as file:
        return read_all(file, MAX_FILE_BYTES)


def _read_archive(name: str, path: Path, stats: CorpusStats) -> dict[str, File]:
    """Sources in a tar, gzipped or not, or the one file of a .gz; what was read before an error is kept."""
    files: dict[str, File] = {}
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            if not zipped:
                _read_tar(name, raw, files, stats)
                return files
            with gzip.open(raw) as unpacked:
                tarred = _is_tar(unpacked.read(tarfile.BLOCKSIZE))
                unpacked.seek(0)
                if tarred:
                    _read_tar(name, unpacked, files, stats)
                else:
                    content = read_all(unpacked, MAX_FILE_BYTES)
                    if _LOOKS_LIKE_TEX.search(content):
                        files["main.tex"] = File(name, lambda: content)
                    else:
                        stats.reject_file("file_not_tex", name)
    except TooManyBytes:
        stats.reject_file("archive_too_large", name)
    except (OSError, EOFError, zlib.error, tarfile.TarError, ValueError, OverflowError) as error:
        stats.reject_file("archive_broken", name, str(error))
    return files


def _is_tar(block: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _read_tar(name: str, file: IO[bytes] | io.BufferedIOBase, files: dict[str, File], stats: CorpusStats) -> None:
    kept_bytes = 0
    links: dict[str, str] = {}
    limited = LimitedReader(file, MAX_UNPACKED_BYTES, MAX_FILE_BYTES, can_rewind=False)
    with tarfile.open(fileobj=limited, mode="r:") as tar:
        for num, member in enumerate(tar):
            if num >= MAX_MEMBERS:
                raise TooManyBytes
            path = normpath(printable(member.name))
            origin = f"{name}/{path}"
            try:
                _check_member(member, path)
            except Rejection as rejection:
                stats.reject_file(rejection.reason, origin, rejection.detail)
                continue
            if member.issym() or member.islnk():
                links[path] = _target_of(member, path)
            if member.isreg() and (path.lower().endswith(TEX) or _is_licence(path)):
                kept_bytes += member.size
                if kept_bytes > MAX_KEPT_BYTES:
                    raise TooManyBytes
                stream = tar.extractfile(member)
                content = stream.read() if stream is not None else b""
                files[path] = File(origin, lambda content=content: content)  # type: ignore[misc]
    for path, linked in sorted(links.items()):
        _add_link(path, linked, files)


def _target_of(member: tarfile.TarInfo, path: str) -> str:
    """The path that a link of an archive means, from the top."""
    return normpath(member.linkname if member.islnk() else join(dirname(path), member.linkname))


def _add_link(path: str, linked: str, files: dict[str, File]) -> None:
    """Give a file, or all in a folder, a second path; a link to what is not read gives none."""
    if linked in files:
        files.setdefault(path, files[linked])
    if not f"{path}/".startswith(f"{linked}/"):
        for name in [name for name in files if name.startswith(f"{linked}/")][: MAX_MEMBERS - len(files)]:
            files.setdefault(path + name[len(linked) :], files[name])


def _check_member(member: tarfile.TarInfo, path: str) -> None:
    """Raises Rejection for a member that is not read at all."""
    if (member.issym() or member.islnk()) and _is_outside(_target_of(member, path)):
        raise Rejection("link_refused", member.linkname)
    if member.isdev():
        raise Rejection("device_refused")
    if _is_outside(path):
        raise Rejection("path_outside")
    lower = path.lower()
    if member.isreg() and lower.endswith(_NESTED):
        raise Rejection("archive_nested")
    if member.isreg() and lower.endswith(TEX) and (member.size > MAX_FILE_BYTES or member.issparse()):
        raise Rejection("file_too_large")

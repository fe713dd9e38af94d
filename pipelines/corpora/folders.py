"""Folders of sources: what in them is read, wherever their links lead."""

import os
from collections.abc import Iterator
from pathlib import Path

from pipelines.corpora.stats import CorpusStats

MAX_LEVELS = 50
_MAX_FOLDER_LINKS = 1000
"""Links to folders that are followed in one source: links that meet each other would make paths without end."""


def regular_files(top: Path, stats: CorpusStats) -> Iterator[tuple[str, Path]]:
    """Regular files of a folder by their path in it; links are followed where they stay inside of it.

    What is not read is counted: `link_refused`, `device_refused`, `folder_too_deep`, `folder_unreadable`.
    """
    inside = top.resolve()
    links_left = _MAX_FOLDER_LINKS
    folders: list[tuple[str, Path, int]] = [("", top, 0)]
    while folders:
        prefix, folder, level = folders.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            stats.reject_file("folder_unreadable", prefix, str(error.strerror))
            continue
        for entry in entries:
            name = prefix + printable(entry.name)
            path = Path(entry.path)
            if entry.is_symlink():
                path = _target(path)
                links_left -= path.is_dir()
                loops = path == inside or path in Path(entry.path).parent.resolve().parents
                if not path.is_relative_to(inside) or not path.exists() or loops or links_left < 0:
                    stats.reject_file("link_refused", name)
                    continue
            if path.is_dir():
                if level < MAX_LEVELS:
                    folders.append((name + "/", path, level + 1))
                else:
                    stats.reject_file("folder_too_deep", name)
            elif path.is_file():
                yield name, path
            else:
                stats.reject_file("device_refused", name)


def _target(link: Path) -> Path:
    """Where a link leads in the end; the link itself where it leads in a circle."""
    try:
        return link.resolve()
    except (OSError, RuntimeError):
        return link.absolute()


def printable(name: str) -> str:
    """The name of a file, which may hold any byte, as text that can be written."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")

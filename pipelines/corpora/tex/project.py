r"""The documents of a project: which files are read on their own, and which by \input of another."""

import re
from collections.abc import Iterator, Mapping
from posixpath import dirname, join, normpath

from pipelines.corpora.stats import CorpusStats
from pipelines.corpora.tex.archive import TEX, Project
from pipelines.corpora.tex.charset import decode
from pipelines.corpora.tex.licence import UNKNOWN, licence_of

_INPUT = re.compile(r"\\(?:input|include|subfile)\s*\{?([^\s{}\\%]{1,300})")
MAX_INPUT_DEPTH = 20


class Sources:
    """The texts of a project.

    Attributes:
        roots: files that no other file inputs, sorted; where all input each other, all of them.
        num_chars: of all .tex files together.
        licences: folder -> licence that a file in it states.
    """

    def __init__(self, project: Project, stats: CorpusStats) -> None:
        self._project = project
        self._readable: set[str] = set()
        self.num_chars = 0
        self.licences: dict[str, str] = {}
        inputs: set[str] = set()
        for path in sorted(project.files):
            text = self._read(path, stats)
            if text is None:
                continue
            if not path.lower().endswith(TEX):
                if (licence := licence_of(text)) != UNKNOWN:
                    self.licences.setdefault(dirname(path), licence)
                continue
            self._readable.add(path)
            self.num_chars += len(text)
            for name in set(_INPUT.findall(text)):
                found = resolve(name, path, path, project.files)
                inputs |= {found} - {None, path}  # type: ignore[arg-type]
        documents = [path for path in sorted(self._readable) if not path.lower().endswith(".sty")]
        self.roots = [path for path in documents if path not in inputs] or documents

    def __contains__(self, path: object) -> bool:
        return path in self._readable

    def _read(self, path: str, stats: CorpusStats) -> str | None:
        raw = self._project.read(path, stats)
        if raw is None:
            return None
        text, encoding = decode(raw)
        if not encoding:
            stats.reject_file("file_not_text", self.origin(path))
            return None
        if encoding != "utf-8":
            stats.notes[f"decoded as {encoding}"] += 1
        return text

    def text(self, path: str) -> str:
        """The text of a file that was readable when the project was opened; "" where it is not any more."""
        return self._read(path, CorpusStats()) or ""

    def origin(self, path: str) -> str:
        """Path of a file in the source, for people."""
        return self._project.files[path].origin

    def find(self, name: str, root: str, includer: str) -> str | None:
        """The path of the file that an input means, or None."""
        return resolve(name, root, includer, self._project.files)

    def licence(self, path: str) -> str:
        """The licence of a file: what the nearest licence in its folder or above states."""
        folder = dirname(path)
        while True:
            if folder in self.licences:
                return self.licences[folder]
            if not folder:
                return UNKNOWN
            folder = dirname(folder)


def resolve(name: str, root: str, includer: str, files: Mapping[str, object]) -> str | None:
    """The path of an input, as TeX finds it from the folder of the root; None where it is not in the project."""
    for path in _candidates(name, root, includer):
        if path in files:
            return path
    return None


def _candidates(name: str, root: str, includer: str) -> Iterator[str]:
    if is_outside(name):
        return
    for folder in dict.fromkeys((dirname(root), dirname(includer))):
        path = normpath(join(folder, name))
        if not path.startswith(".."):
            yield from (path + suffix for suffix in (("",) if name.lower().endswith(TEX) else (*TEX[:3], "")))


def is_outside(name: str) -> bool:
    """Whether an input points outside of any project: absolute, to a home, to a pipe."""
    return name.startswith(("/", "~", "|")) or "\\" in name or ":" in name

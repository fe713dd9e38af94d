"""Builds a corpus of formulas and tables from sources of TeX: `glyphmill corpus tex`.

One process, one pass; the same source gives the same bytes.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import normpath

import pyarrow as pa

from pipelines.corpora.duplicates import Seen, digest
from pipelines.corpora.output import KIND_KEY, Built, CorpusWriter, reasons, recording_rejects, target
from pipelines.corpora.stats import CorpusStats
from pipelines.corpora.tex.archive import open_projects
from pipelines.corpora.tex.cut import Cut, cut
from pipelines.corpora.tex.judge import Refused, judge
from pipelines.corpora.tex.macros import Macros
from pipelines.corpora.tex.project import MAX_INPUT_DEPTH, Sources, leaves
from pipelines.corpora.tex.walk import Broken, Chunk, Input, Walk
from renderers.core.errors import CorpusError

SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("kind", "markup", "origin", "licence", "sha256")],
    metadata={KIND_KEY: "tex"},
)
_MAX_READS = 20
_FREE_READ_CHARS = 5_000_000
"""A preamble that many documents input is read again for each: so often the characters of a project, and these."""
_MAX_REMEMBERED = 500_000


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """One formula or table; sorts by where it stands."""

    file: str
    line: int
    number: int
    kind: str
    markup: str
    licence: str


@dataclass(slots=True)
class _Builder:
    stats: CorpusStats
    licence: str | None
    max_chars: int
    rows: list[Row] = field(default_factory=list)
    found: int = 0
    _seen: Seen = field(default_factory=Seen)
    _judged: dict[tuple[str, str], str | Refused] = field(default_factory=dict)

    def read(self, sources: Sources) -> None:
        """All documents of a project; each file gives its formulas once, its definitions to each that inputs it."""
        taken: set[str] = set()
        budget = _MAX_READS * sources.num_chars + _FREE_READ_CHARS
        for root in sources.roots:
            state = _Document(sources, root, taken, Walk(), Macros(), set())
            budget -= self._read_file(state, root, 0, budget)

    def _read_file(self, document: "_Document", path: str, depth: int, budget: int) -> int:
        """Reads a file and what it inputs; returns the number of characters read."""
        sources = document.sources
        document.read.add(path)
        wanted = path not in document.taken and not path.endswith(".sty")
        document.taken.add(path)
        text = sources.text(path)
        document.macros.grant(len(text))
        num = len(text)
        for part in document.walk.read(text):
            if isinstance(part, Chunk):
                self._take(part, document, path, wanted)
            elif isinstance(part, Broken):
                self.stats.refuse_file(part.reason, f"{sources.shown(path)}:{part.line}", part.text)
            elif found := self._find(part, document, path):
                if depth >= MAX_INPUT_DEPTH or num >= budget:
                    self.stats.refuse_file("inputs_too_many", f"{sources.shown(path)}:{part.line}", part.name)
                else:
                    num += self._read_file(document, found, depth + 1, budget - num)
        return num

    def _find(self, part: Input, document: "_Document", path: str) -> str | None:
        """The file to read now; None for one that is missing or was read."""
        sources = document.sources
        found = sources.find(part.name, document.root, path)
        if found is not None and found in sources:
            return None if found in document.read else found
        if not part.package:
            outside = leaves(part.name) or normpath(part.name).startswith("..")
            reason = "input_outside" if outside else "input_missing"
            self.stats.refuse_file(reason, f"{sources.shown(path)}:{part.line}", part.name)
        return None

    def _take(self, chunk: Chunk, document: "_Document", path: str, wanted: bool) -> None:
        definitions = iter(chunk.macros)
        coming = next(definitions, None)
        line, counted_to = chunk.line, 0
        for number, piece in enumerate(cut(chunk.text) if wanted else ()):
            while coming is not None and coming[0] <= piece.place:
                document.macros.define(coming[1])
                coming = next(definitions, None)
            line += chunk.text.count("\n", counted_to, piece.place)
            counted_to = piece.place
            self.found += 1
            self._keep(piece, document, path, line, number)
        while coming is not None:
            document.macros.define(coming[1])
            coming = next(definitions, None)

    def _keep(self, piece: Cut, document: "_Document", path: str, line: int, number: int) -> None:
        shown = document.sources.shown(path)
        judged = self._judge(piece, document.macros)
        if isinstance(judged, Refused):
            self.stats.refuse_piece(judged.args[0], f"{shown}:{line}", judged.args[1], piece.text)
        elif reason := self._seen.add(judged):
            self.stats.refuse_piece(reason, f"{shown}:{line}", "", piece.text)
        else:
            licence = self.licence or document.sources.licence(path)
            self.rows.append(Row(shown, line, number, piece.kind, judged, licence))

    def _judge(self, piece: Cut, macros: Macros) -> str | Refused:
        """Judges once what stands in many places and uses no definition."""
        key = (piece.kind, piece.text)
        own = macros.uses(piece.text)
        judged = None if own else self._judged.get(key)
        if judged is None:
            try:
                judged = judge(piece, macros, self.max_chars)
            except Refused as refused:
                judged = Refused(*refused.args)
            if not own and len(self._judged) < _MAX_REMEMBERED:
                self._judged[key] = judged
        return judged


@dataclass(frozen=True, slots=True)
class _Document:
    """A root and the state of TeX in it."""

    sources: Sources
    root: str
    taken: set[str]
    walk: Walk
    macros: Macros
    read: set[str]


def build(source: Path, out: Path, licence: str | None, rejects: Path | None, max_chars: int) -> Built:
    """Writes the corpus of a source.

    Args:
        source: a .tex file, a folder, an archive.
        out: a .parquet file, or a folder for one.
        licence: of all rows; None: what the source says of itself.
        rejects: a file of JSON lines for all that was refused, or None.
        max_chars: length of the longest markup, characters.

    Raises:
        ConfigError: the source or the output cannot be.
        CorpusError: there is not one formula or table in it.
    """
    path = target(out, "tex.parquet", "tex")
    stats = CorpusStats()
    projects = open_projects(source, stats)
    builder = _Builder(stats, licence, max_chars)
    with recording_rejects(stats, rejects):
        for project in projects:
            builder.read(Sources(project, stats))
    if not builder.rows:
        why = reasons(stats, "no source")
        raise CorpusError(f"{source}: no formula or table was kept of {builder.found} found ({why})")
    builder.rows.sort()
    with CorpusWriter(path, SCHEMA) as writer:
        for row in builder.rows:
            writer.add((row.kind, row.markup, f"{row.file}:{row.line}", row.licence, digest(row.markup)))
        writer.commit()
    return Built(path, Counter(row.kind for row in builder.rows), builder.found, stats)

"""Builds a corpus of formulas and tables from sources of TeX: `glyphmill corpus tex`.

One process, one pass; the same source gives the same bytes.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import normpath

import pyarrow as pa

from pipelines.corpora.duplicates import MARKUP, Seen
from pipelines.corpora.output import KIND_KEY, Built, CorpusWriter, reasons, recording_rejects, target
from pipelines.corpora.stats import CorpusStats, Rejection
from pipelines.corpora.tex.archive import open_projects
from pipelines.corpora.tex.canonical import canonical_markup
from pipelines.corpora.tex.extraction import Extract, extract
from pipelines.corpora.tex.macros import Macros
from pipelines.corpora.tex.preprocessor import Broken, Chunk, Input, Preprocessor
from pipelines.corpora.tex.project import MAX_INPUT_DEPTH, Sources, is_outside
from renderers.core.errors import CorpusError

SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("kind", "markup", "origin", "licence", "sha256")],
    metadata={KIND_KEY: "tex"},
)
_MAX_READS = 20
_FREE_READ_CHARS = 5_000_000
"""A preamble that many documents input is read again for each. The reads of a project have a limit in characters: this,
and _MAX_READS times the length of its files."""
_MAX_REMEMBERED = 500_000


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """One formula or table; sorts by its position in the source.

    Attributes:
        file: path in the source, for people.
        line: from 1.
        number: among the extracts of its chunk, from 0.
        kind: see `Extract`.
        markup: canonical.
        licence: short name, or "unknown".
    """

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
    num_found: int = 0
    _seen: Seen = field(default_factory=lambda: Seen(MARKUP))
    _results: dict[tuple[str, str], str | Rejection] = field(default_factory=dict)

    def read(self, sources: Sources) -> None:
        """Read all documents of a project; a file gives its formulas once, its definitions to each that inputs it."""
        extracted: set[str] = set()
        budget = _MAX_READS * sources.num_chars + _FREE_READ_CHARS
        for root in sources.roots:
            document = _Document(sources, root, extracted, Preprocessor(), Macros(), set())
            budget -= self._read_file(document, root, 0, budget)

    def _read_file(self, document: "_Document", path: str, depth: int, budget: int) -> int:
        """Read a file and what it inputs; returns the number of characters read."""
        sources = document.sources
        document.read.add(path)
        wanted = path not in document.extracted and not path.endswith(".sty")
        document.extracted.add(path)
        text = sources.text(path)
        document.macros.allow_work(len(text))
        num = len(text)
        for part in document.preprocessor.read(text):
            if isinstance(part, Chunk):
                self._extract(part, document, path, wanted)
            elif isinstance(part, Broken):
                self.stats.reject_file(part.reason, f"{sources.origin(path)}:{part.line}", part.text)
            elif other := self._resolve(part, document, path):
                if depth >= MAX_INPUT_DEPTH or num >= budget:
                    self.stats.reject_file("inputs_too_many", f"{sources.origin(path)}:{part.line}", part.name)
                else:
                    num += self._read_file(document, other, depth + 1, budget - num)
        return num

    def _resolve(self, part: Input, document: "_Document", path: str) -> str | None:
        """The path of an input; None for one that is missing or was read already."""
        sources = document.sources
        other = sources.find(part.name, document.root, path)
        if other is not None and other in sources:
            return None if other in document.read else other
        if not part.package:
            outside = is_outside(part.name) or normpath(part.name).startswith("..")
            reason = "input_outside" if outside else "input_missing"
            self.stats.reject_file(reason, f"{sources.origin(path)}:{part.line}", part.name)
        return None

    def _extract(self, chunk: Chunk, document: "_Document", path: str, wanted: bool) -> None:
        definitions = iter(chunk.macros)
        definition = next(definitions, None)
        line, counted_to = chunk.line, 0
        for number, piece in enumerate(extract(chunk.text) if wanted else ()):
            while definition is not None and definition[0] <= piece.start:
                document.macros.define(definition[1])
                definition = next(definitions, None)
            line += chunk.text.count("\n", counted_to, piece.start)
            counted_to = piece.start
            self.num_found += 1
            self._keep(piece, document, path, line, number)
        while definition is not None:
            document.macros.define(definition[1])
            definition = next(definitions, None)

    def _keep(self, piece: Extract, document: "_Document", path: str, line: int, number: int) -> None:
        origin = document.sources.origin(path)
        try:
            markup = self._canonical(piece, document.macros)
            self._seen.add(markup)
        except Rejection as rejection:
            self.stats.reject_piece(rejection, f"{origin}:{line}", piece.text)
            return
        licence = self.licence or document.sources.licence(path)
        self.rows.append(Row(origin, line, number, piece.kind, markup, licence))

    def _canonical(self, piece: Extract, macros: Macros) -> str:
        """The canonical target; a text that uses no macro of the document is parsed once, wherever it stands."""
        if macros.uses(piece.text):
            return canonical_markup(piece, macros, self.max_chars)
        key = (piece.kind, piece.text)
        result = self._results.get(key)
        if result is None:
            try:
                result = canonical_markup(piece, macros, self.max_chars)
            except Rejection as rejection:
                result = rejection.copy()
            if len(self._results) < _MAX_REMEMBERED:
                self._results[key] = result
        if isinstance(result, Rejection):
            raise result.copy()
        return result


@dataclass(frozen=True, slots=True)
class _Document:
    """A root file and the state of TeX in it.

    Attributes:
        sources: its project.
        root: path of the file.
        extracted: paths of files whose formulas were extracted, in this document or another.
        preprocessor: of its files.
        macros: in force.
        read: paths of files that were read in this document.
    """

    sources: Sources
    root: str
    extracted: set[str]
    preprocessor: Preprocessor
    macros: Macros
    read: set[str]


def build(source: Path, out: Path, licence: str | None, rejects: Path | None, max_chars: int) -> Built:
    """Writes the corpus of a source.

    Args:
        source: a .tex file, a folder, an archive.
        out: a .parquet file, or a folder for one.
        licence: of all rows; None: what the source states.
        rejects: a file of JSON lines for all that was rejected, or None.
        max_chars: length of the longest markup, characters.

    Raises:
        ConfigError: the source cannot be read, or the output cannot be written.
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
        raise CorpusError(f"{source}: no formula or table was kept of {builder.num_found} found ({why})")
    builder.rows.sort()
    with CorpusWriter(path, SCHEMA) as writer:
        for row in builder.rows:
            sha256 = hashlib.sha256(row.markup.encode()).hexdigest()
            writer.add((row.kind, row.markup, f"{row.file}:{row.line}", row.licence, sha256))
        writer.commit()
    return Built(path, Counter(row.kind for row in builder.rows), builder.num_found, stats)

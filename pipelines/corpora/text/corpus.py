"""Builds a corpus of running text: `glyphmill corpus text`.

One process, one pass, a batch of pieces at a time; the same source gives the same bytes.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pipelines.corpora.output import Built, CorpusWriter, reasons, recording_rejects, target
from pipelines.corpora.stats import CorpusStats
from pipelines.corpora.text.duplicates import Seen
from pipelines.corpora.text.judge import Limits, Refused, clean, refusal
from pipelines.corpora.text.language import checked_language, language_of, script_of, script_of_language
from pipelines.corpora.text.pieces import Piece
from pipelines.corpora.text.sources import Document, open_documents
from pipelines.corpora.text.write import SCHEMA, Row
from renderers.core.errors import ConfigError

_BATCH_PIECES = 50
"""Neighbours by whose language a short piece is judged."""


@dataclass(slots=True)
class Builder:
    """Judges documents one after the other.

    Attributes:
        stats: takes what is refused.
        limits: of lengths.
        also: another judge of a piece, its clean text and its language; the last before duplicates.
        kept: pieces by language, those that are no paragraphs apart.
        found: pieces, kept or not.
    """

    stats: CorpusStats
    limits: Limits
    also: Callable[[Piece, str, str], Refused | None] | None = None
    kept: Counter[str] = field(default_factory=Counter)
    found: int = 0
    _seen: Seen = field(default_factory=Seen)
    _num_documents: int = 0

    def rows(self, document: Document) -> Iterator[Row]:
        """What is kept of a document; places are numbered over all its pieces, so a gap is where one was refused."""
        pieces = iter(document.pieces)
        place, num_rows, usual = 0, 0, ""
        while batch := list(islice(pieces, _BATCH_PIECES)):
            self.found += len(batch)
            texts = [clean(piece, self.limits) for piece in batch]
            if not document.language:
                usual = _usual_language([text for text in texts if isinstance(text, str)]) or usual
            for piece, text in zip(batch, texts, strict=True):
                language = document.language
                if not language and isinstance(text, str):
                    language = language_of(text, usual)
                place += 1
                if (refused := self._refusal(text, piece, language)) is not None:
                    origin = f"{document.origin}#{place}"
                    self.stats.refuse_piece(refused.reason, origin, refused.detail, _shown(piece.text))
                    continue
                assert isinstance(text, str)
                self.kept[language if piece.kind == "paragraph" else f"{language} {piece.kind}"] += 1
                for line in text.split("\n"):
                    yield Row(self._num_documents, place, piece.kind, language, line, document.origin, document.licence)
                    num_rows += 1
                    place += piece.kind == "verse"
        self._num_documents += num_rows > 0

    def _refusal(self, text: str | Refused, piece: Piece, language: str) -> Refused | None:
        if isinstance(text, Refused):
            return text
        script = script_of_language(language)
        if script_of(text) != script:
            return Refused("language_other", language)
        if (refused := refusal(text, piece.kind, script)) is not None:
            return refused
        if self.also is not None and (refused := self.also(piece, text, language)) is not None:
            return refused
        reason = self._seen.add(text)
        return Refused(reason) if reason else None


def build(
    source: Path,
    out: Path,
    language: str | None,
    licence: str | None,
    column: str,
    limits: Limits,
    rejects: Path | None,
) -> Built:
    """Writes the corpus of a source.

    Args:
        source: see `open_documents`.
        out: a .parquet file, or a folder for one.
        language: of all of it, BCP 47; None: found out.
        licence: of all of it; None: unknown.
        column: where tables and JSON lines have their text.
        limits: of lengths.
        rejects: a file of JSON lines for all that was refused, or None.

    Raises:
        ConfigError: the source or the output cannot be, or not one paragraph was kept.
    """
    tag = checked_language(language) if language else ""
    stats = CorpusStats()
    documents = open_documents(source, column, stats)
    labelled = (Document(found.origin, found.pieces, tag, licence or found.licence) for found in documents)
    return write_corpus(labelled, Builder(stats, limits), str(source), out, "text.parquet", rejects)


def write_corpus(
    documents: Iterable[Document], builder: Builder, source: str, out: Path, name: str, rejects: Path | None
) -> Built:
    """Writes what is kept of documents into a file, whole or not at all.

    Args:
        documents: read once.
        builder: judges them.
        source: what they are of, for the message when nothing is kept.
        out: a .parquet file, or a folder for one.
        name: of the file in a folder.
        rejects: a file of JSON lines for all that was refused, or None.

    Raises:
        ConfigError: the output cannot be, or not one paragraph was kept.
    """
    path = target(out, name, "text")
    stats = builder.stats
    with recording_rejects(stats, rejects), CorpusWriter(path, SCHEMA) as writer:
        for document in documents:
            for row in builder.rows(document):
                writer.add(row)
        if not builder.kept:
            raise ConfigError(f"{source}: no paragraph was kept of {builder.found} found ({reasons(stats, 'no text')})")
        writer.commit()
    return Built(path, builder.kept, builder.found, stats)


def _usual_language(texts: list[str]) -> str:
    """The language of most characters of a batch."""
    weights: Counter[str] = Counter()
    for text in texts:
        weights[language_of(text)] += len(text)
    return weights.most_common(1)[0][0] if weights else ""


def _shown(text: str) -> str:
    return text[:2000].encode("utf-8", "backslashreplace").decode()

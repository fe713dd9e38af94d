"""Builds a corpus of running text: `glyphmill corpus text`.

One process, one pass, a batch of pieces at a time; the same source gives the same bytes.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from pipelines.corpora.duplicates import PROSE, Seen
from pipelines.corpora.output import Built, CorpusWriter, reasons, recording_rejects, target
from pipelines.corpora.stats import CorpusStats, Rejection
from pipelines.corpora.text.charset import checked_encoding
from pipelines.corpora.text.filters import Limits, check_text, clean
from pipelines.corpora.text.hyphens import BREAK, Words
from pipelines.corpora.text.language import checked_language, language_of, script_of, script_of_language
from pipelines.corpora.text.pieces import Piece
from pipelines.corpora.text.rows import SCHEMA, Row
from pipelines.corpora.text.sources import Document, open_documents
from renderers.core.errors import ConfigError

_BATCH_PIECES = 50
"""Pieces that are read at once: the language of most of them decides for short ones."""


@dataclass(slots=True)
class Builder:
    """Filters documents one after the other.

    Attributes:
        stats: counts what is rejected.
        limits: of lengths.
        read_words: the words of the whole source; called once, where a word was broken at the end of a line.
        extra_filter: called with a piece, its clean text and its language, last before duplicates; raises Rejection.
        kept: number of pieces by language; those that are not paragraphs by language and kind.
        num_found: number of pieces, kept or not.
    """

    stats: CorpusStats
    limits: Limits
    read_words: Callable[[], Words] = Words
    extra_filter: Callable[[Piece, str, str], None] | None = None
    kept: Counter[str] = field(default_factory=Counter)
    num_found: int = 0
    _seen: Seen = field(default_factory=lambda: Seen(PROSE))
    _num_documents: int = 0
    _words: Words | None = None

    def rows(self, document: Document) -> Iterator[Row]:
        """The rows of a document; `place` counts all its pieces, so a gap is where one was rejected."""
        pieces = iter(document.pieces)
        place, num_rows, main_language = 0, 0, ""
        while batch := list(islice(pieces, _BATCH_PIECES)):
            self.num_found += len(batch)
            results = [self._cleaned(piece, document.language) for piece in batch]
            if not document.language:
                texts = [result for result in results if isinstance(result, str)]
                main_language = _main_language(texts) or main_language
            for piece, result in zip(batch, results, strict=True):
                place += 1
                try:
                    text, language = self._checked(piece, result, document.language, main_language)
                except Rejection as rejection:
                    self.stats.reject_piece(rejection, f"{document.origin}#{place}", _encodable(piece.text))
                    continue
                self.kept[language if piece.kind == "paragraph" else f"{language} {piece.kind}"] += 1
                for line in text.split("\n"):
                    yield Row(self._num_documents, place, piece.kind, language, line, document.origin, document.licence)
                    num_rows += 1
                    place += piece.kind == "verse"
        self._num_documents += num_rows > 0

    def _cleaned(self, piece: Piece, language: str) -> str | Rejection:
        """The clean text, or why there is none; that is counted later, in the order of the pieces."""
        try:
            if BREAK in piece.text:
                self._words = self._words or self.read_words()
                language = language or language_of(piece.text.replace(BREAK, ""))
                piece = replace(piece, text=self._words.settled(piece.text, language))
            return clean(piece, self.limits)
        except Rejection as rejection:
            return rejection.copy()

    def _checked(self, piece: Piece, result: str | Rejection, language: str, main_language: str) -> tuple[str, str]:
        """The text and the language of a piece that is kept.

        Args:
            piece: as it was read.
            result: what `_cleaned` returned for it.
            language: of the document; "" is to be detected.
            main_language: of the batch.

        Raises:
            Rejection: it is not kept.
        """
        if isinstance(result, Rejection):
            raise result
        language = language or language_of(result, main_language)
        script = script_of_language(language)
        if script_of(result) != script:
            raise Rejection("language_other", language)
        check_text(result, piece.kind, script, language)
        if self.extra_filter is not None:
            self.extra_filter(piece, result, language)
        self._seen.add(result)
        return result, language


def build(
    source: Path,
    out: Path,
    language: str | None,
    licence: str | None,
    column: str,
    limits: Limits,
    rejects: Path | None,
    encoding: str | None = None,
) -> Built:
    """Writes the corpus of a source.

    Args:
        source: see `open_documents`.
        out: a .parquet file, or a folder for one.
        language: of all of it, tag of BCP 47; None: it is detected.
        licence: of all of it; None: unknown.
        column: of tables and JSON lines, with the text.
        limits: of lengths.
        rejects: a file of JSON lines for all that was rejected, or None.
        encoding: of text, Markdown and HTML; None: it is found out for each file.

    Raises:
        ConfigError: there is no such language or encoding, the source cannot be read, the output cannot be written, or
            not one paragraph was kept.
    """
    tag = checked_language(language) if language else ""
    name = checked_encoding(encoding) if encoding else ""
    stats = CorpusStats()
    documents = open_documents(source, column, stats, name, tag)

    def read_words() -> Words:
        words = Words()
        for document in open_documents(source, column, CorpusStats(), name, tag):
            for piece in document.pieces:
                words.add(piece.text)
        return words

    labelled = (replace(one, licence=licence or one.licence) for one in documents)
    return write_corpus(labelled, Builder(stats, limits, read_words), str(source), out, "text.parquet", rejects)


def write_corpus(
    documents: Iterable[Document], builder: Builder, source: str, out: Path, name: str, rejects: Path | None
) -> Built:
    """Writes what is kept of documents into a file, which is there only when all were read.

    Args:
        documents: read once.
        builder: filters them.
        source: its name, for the message when nothing is kept.
        out: a .parquet file, or a folder for one.
        name: of the file in a folder.
        rejects: a file of JSON lines for all that was rejected, or None.

    Raises:
        ConfigError: the output cannot be written, or not one paragraph was kept.
    """
    path = target(out, name, "text")
    stats = builder.stats
    with recording_rejects(stats, rejects), CorpusWriter(path, SCHEMA) as writer:
        for document in documents:
            for row in builder.rows(document):
                writer.add(row)
        if not builder.kept:
            raise ConfigError(
                f"{source}: no paragraph was kept of {builder.num_found} found ({reasons(stats, 'no text')})"
            )
        writer.commit()
    return Built(path, builder.kept, builder.num_found, stats)


def _main_language(texts: list[str]) -> str:
    """The language of most characters of a batch; "" for none."""
    weights: Counter[str] = Counter()
    for text in texts:
        weights[language_of(text)] += len(text)
    return weights.most_common(1)[0][0] if weights else ""


def _encodable(text: str) -> str:
    """The start of a text as UTF-8 can hold it: an unpaired surrogate is an escape."""
    return text[:2000].encode("utf-8", "backslashreplace").decode()

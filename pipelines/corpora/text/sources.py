"""Documents of a source, each with its pieces; the suffix of a file decides how it is read.

A text file is one document, and so is each row of a table.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.corpora.stats import CorpusStats
from pipelines.corpora.text.columns import JSON_LINES, TABLES, read_rows
from pipelines.corpora.text.files import HTML, File, find_files, read_lines
from pipelines.corpora.text.html import read_html
from pipelines.corpora.text.markdown import read_markdown
from pipelines.corpora.text.pieces import Piece, read_plain
from renderers.core.errors import ConfigError

_READERS: dict[str, Callable[[Iterable[str]], Iterator[Piece]]] = {
    ".txt": read_plain,
    ".text": read_plain,
    "": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    **dict.fromkeys(HTML, read_html),
}
_METADATA_FILES = ("dataset_info.json", "dataset_dict.json", "state.json", "manifest.json")


@dataclass(frozen=True, slots=True)
class Document:
    """A text of a source.

    Attributes:
        origin: path in the source, and number of the row in a table, for people.
        pieces: in order; read once.
        language: tag of BCP 47; "" is to be detected.
        licence: as the source states it, or "unknown".
    """

    origin: str
    pieces: Iterable[Piece]
    language: str = ""
    licence: str = "unknown"


def open_documents(
    source: Path, column: str, stats: CorpusStats, encoding: str = "", language: str = ""
) -> Iterator[Document]:
    """The documents of a file or folder.

    Args:
        source: text, Markdown, HTML, JSON lines, Parquet, Arrow, or a folder of those.
        column: of tables and JSON lines, where the text is.
        stats: counts what is not read.
        encoding: of text, Markdown and HTML, as Python names it; "" is to be found out.
        language: of all of it, tag of BCP 47; "" is to be detected.

    Raises:
        ConfigError: there is no such source, or a file is of a kind that is not read.
    """
    files = find_files(source, stats)
    if source.is_dir():
        return _documents(files, column, stats, encoding, language)
    file = next(files)
    if file.suffix not in (*_READERS, *JSON_LINES, *TABLES):
        raise ConfigError(f"source {source} is no .txt, .md, .html, .jsonl, .parquet or .arrow, gzipped or not")
    return _documents(iter([file]), column, stats, encoding, language)


def _documents(
    files: Iterator[File], column: str, stats: CorpusStats, encoding: str, language: str
) -> Iterator[Document]:
    for file in files:
        name = file.path.name.lower()
        if file.suffix in _READERS:
            lines = read_lines(file, stats, encoding, language)
            yield Document(file.origin, _READERS[file.suffix](lines), language)
        elif name in _METADATA_FILES or (name.startswith("cache-") and file.suffix == ".arrow"):
            # Metadata that the library writes next to the data.
            continue
        elif file.suffix in (*JSON_LINES, *TABLES):
            for number, text in read_rows(file, column, stats):
                yield Document(f"{file.origin}:{number}", read_plain(text.split("\n")), language)
        else:
            stats.reject_file("kind_not_read", file.origin)

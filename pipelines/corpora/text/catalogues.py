"""Sentences of programs in many languages: the catalogues (.mo) that gettext reads, as Debian installs them."""

import gettext
import re
import struct
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from pipelines.corpora.stats import CorpusStats
from pipelines.corpora.text.pieces import Piece

_MARKS = re.compile(r"%[-+ #0-9.*]*[a-zA-Z]|%\d|\{\w*\}|\n|\\[nt]|&(?=\w)|(?<!\w)_(?=\w)")
_NEEDS_STOP = re.compile(r"[.!?。！？؟।]$")
_CONTEXT = re.compile(r"\A(?:[^\x04]*\x04|\?[\w ]+:)")
_LONG = 200
"""Characters from which a text is a paragraph of its own."""
_DOCUMENT_PARAGRAPHS = 10
_SENTENCES = (2, 3, 1, 4, 2)
"""Numbers of sentences of one paragraph after the other."""


def read_catalogue(path: Path, stats: CorpusStats, *, original: bool = False) -> Iterator[list[Piece]]:
    """Translated sentences in the order of the English ones, a few to a paragraph; a long text is one of its own.

    Args:
        path: of a .mo file.
        stats: counts what is not read.
        original: the English ones instead.

    Yields:
        Paragraphs, so many at a time that those of one catalogue can belong to different splits.
    """
    try:
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)
    except (OSError, ValueError, struct.error) as error:
        stats.reject_file("file_unreadable", str(path), str(error))
        return
    # There is no public way to list a catalogue.
    translations: dict[object, str] = catalogue._catalog  # type: ignore[attr-defined] # noqa: SLF001
    pairs = sorted((key, text) for key, text in translations.items() if isinstance(key, str) and key)
    # What stands before a key tells apart what is one text in English.
    named = ((_CONTEXT.sub("", key), text) for key, text in pairs)
    texts = dict.fromkeys((key if original else text).strip() for key, text in named if _is_sentence(key, text))
    paragraphs = [Piece("paragraph", text) for text in texts if len(text) >= _LONG]
    short = iter([text for text in texts if len(text) < _LONG])
    for num in cycle(_SENTENCES):
        paragraph = list(islice(short, num))
        if not paragraph:
            break
        paragraphs.append(Piece("paragraph", " ".join(paragraph)))
    for start in range(0, len(paragraphs), _DOCUMENT_PARAGRAPHS):
        yield paragraphs[start : start + _DOCUMENT_PARAGRAPHS]


def _is_sentence(key: str, text: str) -> bool:
    return bool(_NEEDS_STOP.search(key.strip())) and " " in key and not _MARKS.search(key) and not _MARKS.search(text)

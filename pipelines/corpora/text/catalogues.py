"""Sentences of programs in many languages: the catalogues (.mo) that gettext reads, as Debian installs them."""

import gettext
import re
import struct
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from pipelines.corpora.stats import CorpusStats
from pipelines.corpora.text.pieces import Piece

_MARKS = re.compile(r"%[-+ #0-9.*]*[a-zA-Z]|%\d|\{\w*\}|\n|\\[nt]")
_NEEDS_STOP = re.compile(r"[.!?。！？؟।]$")
_SENTENCES = (2, 3, 1, 4, 2)
"""Numbers of sentences of one paragraph after the other."""


def read_catalogue(path: Path, stats: CorpusStats) -> Iterator[Piece]:
    """Translated sentences, a few to a paragraph, in the order of the English ones."""
    try:
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)
    except (OSError, ValueError, struct.error) as error:
        stats.reject_file("file_unreadable", str(path), str(error))
        return
    # There is no public way to list a catalogue.
    translations: dict[object, str] = catalogue._catalog  # type: ignore[attr-defined] # noqa: SLF001
    pairs = sorted((key, text) for key, text in translations.items() if isinstance(key, str) and key)
    sentences = (text.strip() for key, text in pairs if _is_sentence(key.partition("\x04")[2] or key, text))
    distinct = iter(dict.fromkeys(sentences))
    for num in cycle(_SENTENCES):
        paragraph = list(islice(distinct, num))
        if not paragraph:
            return
        yield Piece("paragraph", " ".join(paragraph))


def _is_sentence(key: str, text: str) -> bool:
    return bool(_NEEDS_STOP.search(key.strip())) and " " in key and not _MARKS.search(key) and not _MARKS.search(text)

"""Words of a text as GOT's evaluation takes them, and WordNet as Debian or NLTK keeps it."""

import io
import logging
import re
import warnings
from functools import cache
from pathlib import Path
from typing import Any

from renderers.core.errors import ConfigError

_HAN = re.compile("[\u4e00-\u9fa5]")

_DEBIAN = Path("/usr/share/wordnet")
_INSTALL_LINE = "apt-get install wordnet-base, or python -m nltk.downloader wordnet"

# Debian leaves out the names of the 45 files that the synsets were written in; only nltk asks for them.
_LEXNAMES = "".join(f"{number:02d}\tfile{number}\t1\n" for number in range(45))


def words_of(one: str, other: str) -> tuple[list[str], list[str]]:
    """The words of two texts: those of jieba as soon as one of them has a Chinese character, else what blanks part."""
    if _HAN.search(one) or _HAN.search(other):
        cut = _jieba()
        return cut(one), cut(other)
    return one.split(), other.split()


@cache
def _jieba() -> Any:
    with warnings.catch_warnings():
        # Its sources have escapes that Python now warns of.
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(logging.WARNING)
    return jieba.lcut


@cache
def wordnet() -> Any:
    """The reader of WordNet that METEOR asks for synonyms.

    Raises:
        ConfigError: WordNet is not installed.
    """
    import nltk
    from nltk.corpus.reader.wordnet import WordNetCorpusReader

    class Reader(WordNetCorpusReader):
        """Reads Debian's files, which are WordNet without what METEOR has no use for."""

        def open(self, file: str) -> Any:
            return io.StringIO(_LEXNAMES) if file == "lexnames" else super().open(file)

        def map_wn(self, version: str = "wordnet") -> None:
            """No other version is mapped."""

    root: Any = str(_DEBIAN)
    if (_DEBIAN / "data.noun").is_file():
        # nltk reads no folder that is not on its list.
        nltk.data.path.append(root)
    else:
        try:
            root = nltk.data.find("corpora/wordnet")
        except LookupError:
            raise ConfigError(f"METEOR needs WordNet: {_INSTALL_LINE}") from None
    with warnings.catch_warnings():
        # That there are no other languages.
        warnings.simplefilter("ignore")
        return Reader(root, None)

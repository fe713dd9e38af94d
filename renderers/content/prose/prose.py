"""Running text to set pages from: the paragraphs of a corpus that `glyphmill corpus text` made.

The text stays in Arrow's one buffer and a choice is a few numbers, so that a million paragraphs cost what they weigh.
"""

import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from renderers.content.prose.sentences import cut_at_sentence, sentences
from renderers.content.prose.table import COLUMNS, ProseTable, Rows, SplitRows
from renderers.content.prose.words import first_words, join_words, split_words, strip_marks
from renderers.core.choice import draw_one, pick
from renderers.core.corpora import CorpusFile
from renderers.core.errors import ConfigError, CorpusError
from renderers.core.install import prose_line

_COMMAND = "glyphmill corpus text"
_TRIES = 8
_MIN_HEADINGS = 100
"""A language with fewer has its titles made of words as well, in proportion: no title stands on every page."""
_WORD_CHARS = 12
"""Characters of text that are read for each word wanted: with blanks, words are 5 to 9 long."""
_STOPS = " .。．,，:：;；、·—–-"


def default_prose_path() -> Path:
    """Where set-up puts the corpus that everyone has."""
    return Path(sys.prefix) / "share" / "glyphmill" / "prose.parquet"


def prose_file(path: str, sha256: str) -> CorpusFile:
    """A corpus of text as the knobs `prose` and `prose_sha256` name it; "" is the one that everyone has."""
    found = path or str(default_prose_path())
    make = prose_line() if Path(found) == default_prose_path() else f"{_COMMAND} SOURCE -o {found}"
    return CorpusFile(found, sha256, "prose_sha256", _COMMAND, make)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What there is in one language, as rows of the table.

    Attributes:
        paragraphs: in order of the corpus.
        firsts: indices in `paragraphs` where a document begins.
        headings: the shortest first.
        heading_lengths: of `headings`, in characters.
        verses: first row and number of lines of each poem, shape (poems, 2).
    """

    paragraphs: Rows
    firsts: Rows
    headings: Rows
    heading_lengths: Rows
    verses: Rows


class Prose:
    """Text in many languages; immutable, and pure: the same generator state gives the same text.

    Attributes:
        digest: sha256 of the corpus file.
        languages: BCP 47, those that have paragraphs, sorted.
    """

    digest: str
    languages: tuple[str, ...]

    def __init__(self, table: ProseTable, of: SplitRows) -> None:
        """Args: table: the corpus; of: what can be drawn of it."""
        self.digest = table.digest
        self._text, self._documents = table.text, table.documents
        self._stretches = of.stretches
        shelves: dict[str, _Shelf] = {}
        for language, mask in table.languages.items():
            paragraphs, headings = (
                np.flatnonzero(mask & of.rows & table.kinds[kind]) for kind in ("paragraph", "heading")
            )
            if not len(paragraphs):
                continue
            headings = headings[np.argsort(table.lengths[headings], kind="stable")]
            first_lines = table.poems[:, 0]
            shelves[language] = _Shelf(
                paragraphs=paragraphs,
                firsts=np.flatnonzero(np.diff(self._documents[paragraphs], prepend=-1)),
                headings=headings,
                heading_lengths=table.lengths[headings],
                verses=table.poems[(mask & of.rows)[first_lines]],
            )
        self._shelves = shelves
        self.languages = tuple(shelves)

    def passage(self, rng: np.random.Generator, language: str, num_chars: int) -> tuple[str, ...]:
        """Consecutive paragraphs of one document, then of others where it ends, cut behind a sentence.

        Args:
            rng: where all choices come from.
            language: BCP 47.
            num_chars: so many characters at least, and the fewest sentences that are; fewer only where all the
                language has is fewer.

        Raises:
            ConfigError: nothing is in this language.
        """
        shelf = self._shelf(language)
        rows = shelf.paragraphs
        index = int(rng.integers(len(rows)))
        taken: list[str] = []
        left = num_chars
        for _ in range(len(rows)):
            text = self._at(rows[index])
            if left <= len(text):
                taken.append(cut_at_sentence(text, left))
                break
            taken.append(text)
            left -= len(text)
            following = index + 1
            if following == len(rows) or self._documents[rows[following]] != self._documents[rows[index]]:
                following = int(draw_one(rng, shelf.firsts))
            index = following
        return tuple(taken)

    def sentence(self, rng: np.random.Generator, language: str, max_chars: int) -> str:
        """One whole sentence of at most so many characters; the first words of one where a few paragraphs have none.

        Raises:
            ConfigError: nothing is in this language.
        """
        shelf = self._shelf(language)
        found: list[str] = []
        for _ in range(_TRIES):
            found = sentences(self._at(draw_one(rng, shelf.paragraphs)))
            short = [sentence for sentence in found if len(sentence) <= max_chars]
            if short:
                return draw_one(rng, short)
        return first_words(draw_one(rng, found), max_chars, rng)

    def words(self, rng: np.random.Generator, language: str, num: int, *, marks: bool = True) -> tuple[str, ...]:
        """Consecutive words.

        Where words are not written apart (Chinese, Japanese, Thai), they are runs of a few characters.

        Args:
            rng: where all choices come from.
            language: BCP 47.
            num: of words; 1 or more.
            marks: with the punctuation that they stand with.

        Raises:
            ConfigError: nothing is in this language.
        """
        found: list[str] = []
        for _ in range(max(_TRIES, num)):
            max_chars = _WORD_CHARS * (num - len(found)) + 40
            text = " ".join(self.passage(rng, language, max_chars))
            words = split_words(text[:max_chars], rng)
            # The last one may be cut.
            words = words[:-1] if len(text) > max_chars and len(words) > 1 else words
            words = words if marks else [word for word in map(strip_marks, words) if word]
            spare = max(0, len(words) - (num - len(found)))
            first = int(rng.integers(spare + 1))
            found += words[first : first + num - len(found)]
            if len(found) == num:
                break
        return tuple(found)

    def heading(self, rng: np.random.Generator, language: str, max_chars: int) -> str:
        """A short phrase without a full stop: a heading, or words of a sentence where few headings are so short.

        Raises:
            ConfigError: nothing is in this language.
        """
        shelf = self._shelf(language)
        num = int(np.searchsorted(shelf.heading_lengths, max_chars, side="right"))
        if num >= _MIN_HEADINGS or rng.integers(_MIN_HEADINGS) < num:
            return self._at(shelf.headings[rng.integers(num)]).rstrip(_STOPS)
        words = self.words(rng, language, 5, marks=False)
        while len(words) > 1 and len(join_words(words)) > max_chars:
            words = words[:-1]
        phrase = join_words(words)
        return phrase[:1].upper() + phrase[1:]

    def has_verse(self, language: str) -> bool:
        """Whether there is a poem in a language."""
        return len(self._shelf(language).verses) > 0

    def verse(self, rng: np.random.Generator, language: str) -> tuple[str, ...]:
        """The lines of one poem or stanza.

        Raises:
            ConfigError: nothing is in this language.
            CorpusError: no verse is.
        """
        verses = self._shelf(language).verses
        if not len(verses):
            raise CorpusError(f"corpus {self.digest[:12]}: no verse in {language!r}")
        first, num = draw_one(rng, verses)
        return tuple(self._at(row) for row in range(first, first + num))

    def paragraph(self, share: float, language: str) -> str:
        """The paragraph at a share in [0, 1) of those of a language.

        Raises:
            ConfigError: nothing is in this language.
        """
        rows = self._shelf(language).paragraphs
        return self._at(pick(rows, share))

    def num_paragraphs(self, language: str) -> int:
        """How many paragraphs a language has."""
        return len(self._shelf(language).paragraphs)

    def _at(self, row: int) -> str:
        text: str = self._text[row].as_py()
        start, end = self._stretches.get(int(row), (0, None))
        return text[start:end]

    def _shelf(self, language: str) -> _Shelf:
        try:
            return self._shelves[language]
        except KeyError:
            there = ", ".join(self.languages)
            raise ConfigError(f"no text in language {language!r}; the corpus has {there}") from None


@dataclass(frozen=True, slots=True)
class ProseSource:
    """The text of a file.

    Attributes:
        file: the corpus.
        languages: in which there must be text, BCP 47.
    """

    file: CorpusFile
    languages: tuple[str, ...] = ()

    def open(self, split: str) -> Prose:
        """The text of a split.

        Raises:
            ConfigError: it is no corpus of text or another one, or it holds no text in one of the languages.
        """
        file = self.file.pinned()
        prose = load_prose(file, split)
        there = set(_load_table(file).languages)
        missing = sorted(set(self.languages) - there)
        if missing:
            raise ConfigError(f"corpus {file.path}: holds no text in {', '.join(missing)}; leave them out of languages")
        scarce = sorted(set(self.languages) - set(prose.languages))
        if scarce:
            raise ConfigError(
                f"corpus {file.path}: holds too little text in {', '.join(scarce)} to have some for {split} alone; "
                f"give it more (hundreds of paragraphs of several documents), or leave them out of languages"
            )
        return prose


@lru_cache(maxsize=12)
def load_prose(file: CorpusFile, split: str) -> Prose:
    """The text of a file for a split; kept, so that a driver that checks and a session that draws read once.

    Raises:
        ConfigError: it is no corpus of text, or another one.
    """
    table = _load_table(file)
    return Prose(table, table.rows_of(split))


@lru_cache(maxsize=4)
def _load_table(file: CorpusFile) -> ProseTable:
    return ProseTable(file.sha256, file.table(COLUMNS))

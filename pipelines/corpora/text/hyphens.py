"""Words that were broken at the ends of lines: joined, or with the hyphen that belongs to them.

Which of the two, the other words of the source tell; where they do not, lists of words of the language do.
"""

import hashlib

import regex

from pipelines.corpora.text.frequency import zipf
from renderers.labels.text import SOFT_HYPHEN

BREAK = f"-{SOFT_HYPHEN}"
"""Stands where a line ended in a hyphen, until it is decided what becomes of it."""

_NUM_BITS = 1 << 27
_MIN_ZIPF = 3.0
"""From here on a word is in general use: once in a million words."""

_SOFT_END = regex.compile(r"(?<=\p{L}\p{M}*)[\u00ad\u00ac]\Z")
_HARD_END = regex.compile(r"(?<=[\p{L}\p{N}]\p{M}*)[-\u2010\u2011\u058a]\Z")
_UNSPACED_END = regex.compile(r"(?<=\S)[—\u05be/]\Z")
_START = regex.compile(r"[\p{L}\p{N}]")
_WORD = regex.compile(r"[\p{L}\p{M}]+(?:[-\u2010\u2011’'][\p{L}\p{M}]+)*")
_BROKEN = regex.compile(rf"([\p{{L}}\p{{M}}\p{{N}}\-’']*){BREAK}([\p{{L}}\p{{M}}\p{{N}}’']*)")

_AND = frozenset(
    ("und", "oder", "bzw", "sowie", "bis", "and", "or", "to", "en", "of", "og", "och", "ja", "et", "ou", "e", "i", "и")
)
"""Words before which a hyphen stands for the rest of a word: "Vor- und Nachteile"."""

_COMPOUNDING = frozenset({"de", "nl", "sv", "da", "nb", "nn", "fi", "hu", "et", "is"})
"""Languages that make one word of two: that both are words says nothing of a hyphen."""


def join_broken(text: str, line: str) -> str | None:
    """A text and the line after it where no blank stands between them because of the mark that the text ends in.

    None: there is one, or another reason for none. An undecided hyphen is `BREAK`.
    """
    starts = _START.match(line) is not None
    if _UNSPACED_END.search(text) and not line.startswith("—"):
        return text + line
    if starts and _SOFT_END.search(text):
        return text[:-1] + line
    if starts and _HARD_END.search(text):
        before, after = text[-2], line[0]
        decided = before.isdigit() or after.isdigit() or (after.isupper() and not before.isupper())
        return text[:-1] + ("-" if decided else BREAK) + line
    # In Polish a hyphen that belongs to the word is printed again.
    twice = line.startswith("-") and _START.match(line[1:]) and _HARD_END.search(text)
    return text[:-1] + line if twice else None


class Words:
    """Words of a source, as a Bloom filter of 16 MiB: one in 5,000 others is taken for one of 2 million words."""

    def __init__(self) -> None:
        self._bits = bytearray(_NUM_BITS // 8)

    def add(self, text: str) -> None:
        """Add the words of a text, and the parts of those with hyphens; not those that were broken."""
        found: set[str] = set(_WORD.findall(_BROKEN.sub(" ", text).lower()))
        for word in found:
            for known in {word, *word.split("-")}:
                for bit in _bits_of(known):
                    self._bits[bit >> 3] |= 1 << (bit & 7)

    def __contains__(self, word: str) -> bool:
        return all(self._bits[bit >> 3] >> (bit & 7) & 1 for bit in _bits_of(word))

    def settled(self, text: str, language: str) -> str:
        """A text of a language (BCP 47) in which all `BREAK`s are decided."""
        return _BROKEN.sub(lambda found: self._joined(found[1], found[2], language), text)

    def _joined(self, left: str, right: str, language: str) -> str:
        joined, hyphenated = f"{left}{right}", f"{left}-{right}"
        if not left or not right or joined.lower() in self:
            return joined
        if hyphenated.lower() in self:
            return hyphenated
        if right.lower() in _AND:
            return f"{left}- {right}"
        last = left.rpartition("-")[2].lower()
        base = language.split("-", maxsplit=1)[0]
        if base in _COMPOUNDING or zipf(f"{last}{right.lower()}", base) >= _MIN_ZIPF:
            return joined
        both = all(word in self or zipf(word, base) >= _MIN_ZIPF for word in (last, right.lower()))
        return hyphenated if both else joined


def _bits_of(word: str) -> tuple[int, int]:
    digest = int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest())
    return digest % _NUM_BITS, (digest >> 32) % _NUM_BITS

r"""Plain text as GOT's `OCR: ` task reads it: a paragraph, a title, a row of a form is a line; lines in reading order.

A line break of the picture is a blank of the target (nothing at all between Chinese characters), a word that is broken
at the end of a line is whole. Right-to-left text stands in logical order.
"""

import re
import unicodedata

from renderers.core.errors import LabelError
from renderers.labels.canonical import Span, find_fault

_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" *\n\s*")
SOFT_HYPHEN = "\u00ad"
"""Where a word may be broken at the end of a line."""

_UNSEEN = re.compile(f"[{SOFT_HYPHEN}\u200b\u2060\ufeff]")
"""Soft hyphens, and marks of where a line may or may not be broken: they ink nothing."""

_SHAPING = "\u200c\u200d"
"""Joiners and non-joiners choose another form of a letter, so they are part of what is written."""


def normalize(text: str) -> str:
    """The canonical text: NFC, one blank between words, no empty lines, nothing that is not inked. Idempotent.

    Raises:
        LabelError: it is empty, or holds control characters or half a surrogate pair.
    """
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text.replace("\r\n", "\n")))
    text = _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()
    if not text:
        raise LabelError("empty")
    for char in dict.fromkeys(text):
        if char not in f"\n{_SHAPING}" and unicodedata.category(char) in ("Cc", "Cs", "Cn", "Co"):
            raise LabelError(f"U+{ord(char):04X} is no character of a text")
    return text


def check(text: str) -> str | None:
    """Why a text is not a canonical target, or None."""
    return find_fault(normalize, text, "blanks, empty lines or the form of characters")


def equal(one: str, other: str) -> bool:
    """Whether two targets are the same text.

    Raises:
        LabelError: one is no target.
    """
    return normalize(one) == normalize(other)


def inked_spans(text: str) -> list[tuple[Span, str]]:
    """The spans of a canonical target that a picture must show, each with its text: its lines."""
    return [((found.start(), found.end()), found[0]) for found in re.finditer(r"[^\n]+", text)]

"""The words of a slice: a line of running text, a few words, a number, a row of characters.

A model's first lessons are made of a million slices, so a text is cut out of its paragraph without a look at its
sentences, in a few microseconds.
"""

from collections.abc import Callable
from typing import Literal, TypeAlias, get_args

from renderers.core.choice import pick, pick_int

PieceKind: TypeAlias = Literal["line", "words", "number", "signs", "paragraph"]
PIECE_KINDS: tuple[PieceKind, ...] = get_args(PieceKind)

PROSE_PIECES: tuple[PieceKind, ...] = ("line", "words", "paragraph")
"""Those that are cut out of running text."""

_DIGITS = "0123456789"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SLOTS = {"#": _DIGITS, "9": _DIGITS[1:], "~": _DIGITS[:6], "A": _CAPITALS, "a": _CAPITALS.lower()}

_NOT_FIRST = " ，。、：；！？）》”’」』…—·々ー」"
_NOT_LAST = " （《“‘「『"
"""What a printed line of Chinese does not begin or end with. Source: W3C, Chinese layout (clreq), 3.1.5."""


def cut_line(paragraph: str, share: float, num_chars: int, spaced: bool) -> str:
    """A piece of a paragraph; whole words where blanks part them.

    Args:
        paragraph: running text.
        share: where it begins, 0..1 of the positions where it may begin.
        num_chars: about so many characters, more only where the first word has more.
        spaced: blanks part words.
    """
    spare = len(paragraph) - num_chars
    if spare <= 0:
        return paragraph
    start = pick_int(0, spare, share)
    if not spaced:
        return _whole_words(paragraph, start, start + num_chars).lstrip(_NOT_FIRST).rstrip(_NOT_LAST)
    # Back to the start of the word that it fell into.
    start = paragraph.rfind(" ", 0, start + 1) + 1
    end = start + num_chars
    if end < len(paragraph) and paragraph[end] != " ":
        behind = paragraph.rfind(" ", start, end)
        end = behind if behind > start else paragraph.find(" ", end)
        end = len(paragraph) if end < 0 else end
    return paragraph[start:end].strip()


def _whole_words(text: str, start: int, end: int) -> str:
    """A piece that parts no word of Latin letters, of which Chinese has some."""
    while start and _is_latin(text[start]) and _is_latin(text[start - 1]):
        start -= 1
    while end < len(text) and _is_latin(text[end]) and _is_latin(text[end - 1]):
        end += 1
    return text[start:end]


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def cut_words(paragraph: str, share: float, num: int, spaced: bool) -> str:
    """So many words without the marks around them, or as many runs of two characters; "" where they are marks alone."""
    if not spaced:
        return cut_line(paragraph, share, 2 * num, spaced)
    words = paragraph.split(" ")
    start = pick_int(0, max(0, len(words) - num), share)
    words_text = " ".join(words[start : start + num]).strip(" .,;:!?()«»„“”\"'،؛؟।")
    return words_text if any(map(str.isalnum, words_text)) else ""


def fill_number(pattern: str, random: Callable[[], float]) -> str:
    """A pattern with its slots filled: "#" any digit, "9" a digit but 0, "~" one up to 5, "A" and "a" a letter."""
    return "".join(pick(_SLOTS[char], random()) if char in _SLOTS else char for char in pattern)


def draw_chars(alphabet: str, num: int, random: Callable[[], float]) -> str:
    """So many characters of an alphabet, all equally likely."""
    return "".join([pick(alphabet, random()) for _ in range(num)])

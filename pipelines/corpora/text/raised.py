"""Raised and lowered text as Unicode has it: km² of <sup>2</sup>, CO₂ of <sub>2</sub>."""

import unicodedata
from functools import cache

from pipelines.corpora.text.prose_filter import LEFT_OUT

_ALONE = {"o": "º", "a": "ª", "tm": "™", "sm": "℠"}
"""What stands for a whole raised text: ordinals, as fonts have them, and marks."""

_RAISED_ANYHOW = "*†‡°′″®™©ºª²³¹’"
_MINUS = {"-": "−", "–": "−", "\u2010": "−"}
_SIGNS = "⁺⁻⁼⁽⁾₊₋₌₍₎"


def raised(text: str) -> str:
    """A text above the line; U+FFFC where Unicode lacks a character of it, which nothing that is kept may hold."""
    text = text.strip()
    return _ALONE.get(text.lower()) or _written(text, "<super>")


def lowered(text: str) -> str:
    """A text below the line; U+FFFC where Unicode lacks a character of it."""
    return _written(text.strip(), "<sub>")


def _written(text: str, place: str) -> str:
    forms = [_forms(place).get(_MINUS.get(char, char), "") for char in text]
    return "".join(forms) if all(forms) else LEFT_OUT


@cache
def _forms(place: str) -> dict[str, str]:
    """{character: its form at a place}, for letters, digits and signs."""
    forms = {char: char for char in _RAISED_ANYHOW} if place == "<super>" else {}
    for code in (0xB2, 0xB3, 0xB9, *range(0x2B0, 0x2E5), *range(0x1D2C, 0x1DC0), *range(0x2070, 0x20A0), 0x2C7C):
        tag, _, letters = unicodedata.decomposition(chr(code)).partition(" ")
        if tag == place and (unicodedata.category(chr(code)) != "Sm" or chr(code) in _SIGNS):
            forms.setdefault(chr(int(letters, 16)), chr(code))
    return forms


class InlineText:
    """The text of a block while it is read: elements `sup` and `sub` become characters, references to notes go."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._open: list[tuple[str, int, bool]] = []

    def add(self, text: str) -> None:
        """What is read next."""
        self._text.append(text)

    def open(self, tag: str, *, is_note: bool = False) -> None:
        """Text of an element begins; `is_note` says that it is the mark of a note, which is left out."""
        self._open.append((tag, len(self._text), is_note))

    def close(self, tag: str) -> None:
        """The text of the last open element of this kind ends; without one nothing happens."""
        if tag not in (opened for opened, _, _ in self._open):
            return
        while True:
            opened, start, is_note = self._open.pop()
            text = "".join(self._text[start:]).strip()
            del self._text[start:]
            if text and not is_note and not (opened == "sup" and text[0] == "[" and text[-1] == "]"):
                # Unicode has nothing above what is above the line.
                form = LEFT_OUT if self._open else (raised if opened == "sup" else lowered)(text)
                self._text.append(form)
            if opened == tag:
                return

    def is_open(self) -> bool:
        """Whether an element is open."""
        return bool(self._open)

    def mark_note(self) -> None:
        """What is open is the mark of a note."""
        self._open = [(tag, start, True) for tag, start, _ in self._open]

    def take(self) -> str:
        """All of it; then it is empty."""
        while self._open:
            self.close(self._open[-1][0])
        text, self._text = "".join(self._text), []
        return text

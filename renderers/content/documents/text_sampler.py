"""Running text that the fonts of a page can draw."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np

from renderers.content import fonts
from renderers.content.lexicon import Lexicon
from renderers.core.choice import pick
from renderers.labels.text import canonical_chars

T = TypeVar("T")

_TRIES = 8
NO_TEXT = "\uffff"
"""Stands where a corpus has no text: no character, so no label may hold it, and what has it is rejected."""
_SLOT = re.compile(r"\{(\w+)\}")
_HAN_DIGITS = "一二三四五六七八九十"


class RunningText(Protocol):
    """The part of `renderers.content.prose.prose.Prose` that documents use."""

    def passage(self, rng: np.random.Generator, language: str, num_chars: int) -> tuple[str, ...]:
        """Consecutive paragraphs, together about so long."""

    def sentence(self, rng: np.random.Generator, language: str, max_chars: int) -> str:
        """A sentence."""

    def heading(self, rng: np.random.Generator, language: str, max_chars: int) -> str:
        """A few words without a stop."""

    def words(self, rng: np.random.Generator, language: str, num: int, *, marks: bool = True) -> tuple[str, ...]:
        """Consecutive words, with the punctuation that they stand with or without."""

    def has_verse(self, language: str) -> bool:
        """Whether there is a poem."""

    def verse(self, rng: np.random.Generator, language: str) -> tuple[str, ...]:
        """The lines of a poem."""


@dataclass(frozen=True, slots=True)
class TextSampler:
    """Draws the texts of a page.

    Attributes:
        rng: where all choices come from.
        prose: running text.
        lexicon: names and terms, of English and Chinese.
        language: of all texts.
        font_stacks: (families, bold) of each font stack of the page: every text must be drawn by all of them.
        divide: puts soft hyphens into a paragraph.
        used: what was drawn of the running text: nothing stands twice on a page while there is something else.
    """

    rng: np.random.Generator
    prose: RunningText
    lexicon: Lexicon
    language: str
    font_stacks: tuple[tuple[tuple[str, ...], bool], ...]
    divide: Callable[[str], str]
    used: set[str] = field(default_factory=set, kw_only=True)

    def chance(self, frac: float) -> bool:
        """True with a probability of `frac`, 0..1."""
        return bool(self.rng.random() < frac)

    def number(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both among them."""
        return int(self.rng.integers(low, high + 1))

    def pick(self, things: Sequence[T]) -> T:
        """One of several, all equally likely."""
        return pick(things, self.rng.random())

    def pick_some(self, things: Sequence[T], num: int) -> list[T]:
        """So many different ones, in any order; all where there are fewer."""
        return [things[int(at)] for at in self.rng.permutation(len(things))[:num]]

    def paragraphs(self, num_chars: int) -> list[str]:
        """Running text of at least so many characters, if there is so much that the fonts draw."""
        texts: list[str] = []
        for _ in range(_TRIES):
            passage = self.prose.passage(self.rng, self.language, max(20, num_chars - sum(map(len, texts))))
            fresh = [text for text in dict.fromkeys(map(canonical_chars, passage)) if text not in self.used]
            self.used.update(fresh)
            texts += [self.divide(text) for text in fresh if self._drawn(text)]
            if sum(map(len, texts)) >= num_chars:
                break
        return texts or [self.words(8)]

    def sentence(self, max_chars: int) -> str:
        """A sentence of at most so many characters."""
        return self.first(lambda: self.prose.sentence(self.rng, self.language, max_chars))

    def heading(self, max_chars: int) -> str:
        """A few words without a full stop, at most so many characters."""
        return self.first(lambda: self.prose.heading(self.rng, self.language, max_chars))

    def words(self, num: int, *, marks: bool = True) -> str:
        """Consecutive words, with the punctuation that they stand with or without."""
        between = "" if self.language in ("zh", "ja", "th") else " "
        return self.first(lambda: between.join(self.prose.words(self.rng, self.language, num, marks=marks)))

    def stanza(self, max_chars: int) -> list[str]:
        """Lines of verse; short sentences, no two alike, where the corpus has none."""
        if self.prose.has_verse(self.language):
            return [
                line for line in map(canonical_chars, self.prose.verse(self.rng, self.language)) if self._drawn(line)
            ]
        return list(dict.fromkeys(self.sentence(max_chars) for _ in range(self.number(2, 6))))

    def term(self, kind: str, max_em: float = 16.0) -> str:
        """A name or term of the lexicon, see `Lexicon.text`; in a language that it does not know, a heading."""
        if self.language not in ("en", "zh"):
            return self.heading(int(max_em * 1.6))
        return self.first(lambda: self.lexicon.text(self.rng, kind, self.language, max_em))

    def fill(self, pattern: str) -> str:
        """A pattern with its slots filled."""
        return _SLOT.sub(lambda slot: self.filler(slot[1]), pattern)

    def filler(self, slot: str) -> str:
        """What a slot is filled with: a number, or a name or term."""
        fillers: dict[str, Callable[[], str]] = {
            "n": lambda: str(self.number(1, 99)),
            "few": lambda: str(self.number(1, 9)),
            "han": lambda: self.pick(_HAN_DIGITS),
            "minutes": lambda: str(15 * self.number(3, 12)),
            "year": lambda: str(self.number(1950, 2026)),
            "first": lambda: self.term("person").split(" ")[0],
            "last": lambda: self.term("person").split(" ")[-1],
            "slug": lambda: re.sub(r"[^a-z]", "", self.term("company", 12.0).lower()) or "shop",
            "phrase": lambda: self.heading(14 if self.language == "zh" else 40),
        }
        return fillers.get(slot, lambda: self.term(slot))()

    def first(self, draw: Callable[[], Any]) -> str:
        """The first text that the fonts draw; the last one where they draw none, which the proof rejects."""
        drawn = ""
        for _ in range(_TRIES):
            text = canonical_chars(str(draw())).strip()
            if self._drawn(text):
                drawn = text
                if text not in self.used:
                    break
        self.used.add(drawn)
        if drawn:
            return drawn
        return text or NO_TEXT

    def fits(self, text: str) -> bool:
        """Whether the fonts draw a text."""
        return all(fonts.missing_glyph(families, text, bold) is None for families, bold in self.font_stacks)

    def _drawn(self, text: str) -> bool:
        return bool(text) and self.fits(text)

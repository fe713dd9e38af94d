"""The words and random choices of one table: each text is drawn by the table's fonts and is short enough."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np

import templates
from renderers.content.lexicon import Lexicon, estimate_em
from renderers.core.choice import pick, pick_int
from renderers.labels.tables.tree import FORMULA, tidy

T = TypeVar("T")
Drawable: TypeAlias = Callable[[str], bool]
"""Whether the fonts of a table draw a text."""

_FOLDER = "tables"
_TRIES = 4
_KINDS = ("entity", "place", "person", "company", "word")
_CURLED = str.maketrans({"'": "’"})


class TableTexts:
    """Draws the words of one table, and makes its random choices.

    Attributes:
        language: of this table's words: en, zh, or mul, where each list of names has one or the other.
        words: lists of the template `content.toml` in the language.
    """

    def __init__(self, rng: np.random.Generator, lexicon: Lexicon, language: str, drawable: Drawable) -> None:
        self._rng = rng
        self._lexicon = lexicon
        self._drawable = drawable
        self.random = rng.random
        self.language = language
        menu = templates.menu(_FOLDER)
        self.formulas: dict[str, list[str]] = menu["formulas"]
        self.any: dict[str, list[Any]] = menu["any"]
        self._menu = menu

    def choose_language(self) -> str:
        """The language of the next list of names: in a mixed table each may have its own."""
        return self.language if self.language != "mul" else ("zh" if self.random() < 0.5 else "en")

    def list_of(self, name: str, language: str = "") -> list[Any]:
        """A list of the template in a language."""
        entries: list[Any] = self._menu[language or self.choose_language()][name]
        return entries

    def pick(self, things: Sequence[T]) -> T:
        """One of them, all equally likely."""
        return pick(things, self.random())

    def chance(self, frac: float) -> bool:
        """True with a probability of `frac`, 0..1."""
        return self.random() < frac

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both among them."""
        return pick_int(low, high, self.random())

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """All of them in any order."""
        return [things[at] for at in np.argsort(self.random(len(things))).tolist()]

    def text(self, kind: str, max_em: float, language: str = "") -> str:
        """A text of the lexicon, see `Lexicon.text`; a letter where the fonts draw none of some."""
        for _ in range(_TRIES):
            words = self._lexicon.text(self._rng, kind, language or self.language, max_em)
            words = tidy(words).translate(_CURLED)
            if self._drawable(words):
                return words
        return self.pick("ABCDEFGHKLMNPRSTUVWXYZ")

    def fitting(self, things: Sequence[str], max_em: float) -> str:
        """One of some texts, a short one where the others are too long or not drawn."""
        for _ in range(_TRIES):
            thing = self.pick(things)
            if width_em(thing) <= max_em and self.draws(thing):
                return thing
        short = [thing for thing in things if self.draws(thing)]
        return min(short, key=width_em, default="")

    def draws(self, text: str) -> bool:
        """Whether the fonts draw a text; formulas have their own fonts."""
        return self._drawable(FORMULA.sub("", text))

    def names(self, num: int, max_em: float, language: str = "") -> list[str]:
        """So many names of one kind, which differ."""
        chosen = language or self.choose_language()
        kind = self.pick(_KINDS)
        names: dict[str, None] = {}
        for _ in range(num * 2):
            names[self.text(kind, max_em, chosen)] = None
            if len(names) >= num:
                break
        unique = list(names)
        return unique + [f"{self.pick('ABCDEFGHKLMNPRSTUVWXYZ')}{index}" for index in range(num - len(unique))]


def width_em(text: str) -> float:
    """About how wide a text is, formulas taken by their letters."""
    if "\\(" not in text:
        return estimate_em(text)
    plain = FORMULA.sub("", text)
    return estimate_em(plain) + sum(0.62 * formula_length(formula[1]) for formula in FORMULA.finditer(text))


def formula_length(formula: str) -> int:
    """About how many glyphs a formula prints."""
    num, at = 0, 0
    while at < len(formula):
        if formula[at] == "\\":
            end = at + 1
            while end < len(formula) and formula[end].isalpha():
                end += 1
            num += 0 if formula[at + 1 : end] in ("hat", "bar", "frac") else 1
            at = max(end, at + 2)
            continue
        num += formula[at] not in "{}^_ "
        at += 1
    return num

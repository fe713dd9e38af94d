"""Fills patterns: recursion for expressions, variable names for letters, decks for symbols, generators for the rest.

One Filler is one formula: what it has drawn once (letters, habits of notation) stays for the whole formula.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from renderers.content.formulas.chemistry import draw_chemistry, quantity_patterns, species
from renderers.content.formulas.patterns import (
    Pattern,
    compile_pattern,
    decks,
    join,
    patterns,
    read_lines,
)
from renderers.content.formulas.tables import Tables
from renderers.content.formulas.units import draw_units
from renderers.content.formulas.variable_names import VariableNames, is_variable_name
from renderers.content.lexicon import Lexicon
from renderers.core.choice import pick, pick_int
from renderers.core.weighted import Weighted

_RECURSIVE = frozenset({"expr", "term", "fun"})
"""Slots that hold each other; each goes one down."""

_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALIASES = {"sx": "x", "sc": "a"}
_RARE = {"rel": "rel_all", "bin_set": "bin_all", "arrow": "arrow_all", "map": "arrow_all", "greek": "greek"}
"""Decks of common symbols, and the decks that rare ones come from instead."""

_REACTION_FRAC = 0.75

_WORD_EM = 6.0
"""Length of a word within a formula, at most."""

_PERSON_EM = 8.0
_SHORT_INTS = (2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9)
_RANDOMS = 256

_AVOIDED_FRAC = 0.85
"""A pattern without slots is always the same formula: so often another one is taken."""


class Randoms:
    """Uniform numbers in [0, 1), taken from the generator in blocks: a call of a Generator costs ten times as much."""

    __slots__ = ("_at", "_block", "_rng")

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._block: list[float] = []
        self._at = 0

    def __call__(self) -> float:
        """The next one."""
        if self._at == len(self._block):
            self._block = self._rng.random(_RANDOMS).tolist()
            self._at = 0
        self._at += 1
        return self._block[self._at - 1]


class Filler:
    """Fills the patterns of one formula.

    Attributes:
        random: uniform in [0, 1).
        variable_names: the letters of the formula.
        language: en or zh, of words.
    """

    def __init__(
        self, rng: np.random.Generator, lexicon: Lexicon, depth: int, rare_frac: float, language: str = "en"
    ) -> None:
        self._parts = blocks(language)
        self.language = language
        self.random = Randoms(rng)
        self.variable_names = VariableNames(self.random)
        self._rng = rng
        self._lexicon = lexicon
        self._depth = depth
        self._rare_frac = rare_frac
        self._tables = Tables(self.random, lambda name: self._slot(name, 0))

    def fill(self, pattern: Pattern) -> str:
        """A pattern as LaTeX, its expressions as deep as the formula may be."""
        return self._fill(pattern, self._depth)

    def _fill(self, pattern: Pattern, depth: int) -> str:
        line = ""
        memory: dict[str, str] = {}
        for before, slot, memo in pattern:
            line = join(line, before)
            if not slot:
                continue
            text = memory.get(memo) or self._slot(slot, depth)
            if memo or slot in _RECURSIVE:
                # <int1> and <int2> are meant to differ, and a sum of a thing and itself looks odd.
                for _ in range(4):
                    if memo in memory or text not in memory.values():
                        break
                    text = self._slot(slot, depth)
                memory[memo or text] = text
            line = join(line, text)
        return line

    def _slot(self, slot: str, depth: int) -> str:
        slot = _ALIASES.get(slot, slot)
        if slot in _RECURSIVE:
            depth -= 1
            return self._fill(self._choose(slot if depth > 0 else f"{slot}_flat"), depth)
        if is_variable_name(slot):
            return self.variable_names[slot]
        deck = decks().get(slot)
        if deck is not None:
            rare = _RARE.get(slot)
            if rare is not None and self.random() < self._rare_frac:
                deck = decks()[rare]
            return pick(deck, self.random())
        if slot in self._parts:
            return self._fill(self._choose(slot), depth)
        if slot.startswith("matrix_"):
            return self._tables.draw(slot)
        return self._made(slot)

    def _choose(self, slot: str) -> Pattern:
        return self._parts[slot].at(self.random())

    def _made(self, slot: str) -> str:
        make = _MAKERS.get(slot)
        if make is not None:
            return make(self.random)
        if slot == "person":
            return self._person()
        text = self._word("zh" if slot.endswith("_zh") else self.language)
        return text.capitalize() if slot[0] == "W" else text

    def _person(self) -> str:
        text = self._lexicon.text(self._rng, "person", self.language, _PERSON_EM)
        return text if all(_is_plain(char, self.language) or char in " -" for char in text) else _SPARE_PERSON

    def _word(self, language: str) -> str:
        for _ in range(4):
            text = self._lexicon.text(self._rng, "word", language, _WORD_EM)
            if text and all(_is_plain(char, language) for char in text):
                return text if language == "zh" else text.lower()
        return pick(_SPARE_WORDS[language], self.random())


def _is_plain(char: str, language: str) -> bool:
    return "\u4e00" <= char <= "\u9fff" if language == "zh" else char.isascii() and char.isalpha()


def _draw_int(random: Callable[[], float]) -> str:
    return str(pick(_SHORT_INTS, random()))


def _draw_number(random: Callable[[], float]) -> str:
    top = pick((100, 100, 1000, 1000, 10000, 100000), random())
    return str(pick_int(10, top - 1, random()))


def _draw_decimal(random: Callable[[], float]) -> str:
    num_decimals = pick((1, 2, 2, 2, 3, 4), random())
    return f"{random() * pick((1, 1, 10, 10, 100), random()):.{num_decimals}f}"


_SPARE_PERSON = "Gauss"
_SPARE_WORDS = {"en": ("total", "rate", "mass", "area"), "zh": ("总量", "速度", "面积", "比例")}
_MAKERS: dict[str, Callable[[Callable[[], float]], str]] = {
    "int": _draw_int,
    "num": _draw_number,
    "dec": _draw_decimal,
    "Upper": lambda random: pick(_CAPITALS, random()),
    "lower": lambda random: pick(_CAPITALS, random()).lower(),
}


@cache
def blocks(language: str) -> dict[str, Weighted[Pattern]]:
    """All blocks of patterns by name: expressions, families of formulas, prose of a language, species."""
    # Families hold helpers of their own (connective, linear, ...) beside their formulas: every block can be a slot.
    known = patterns("patterns.toml", "formulas") | patterns("patterns.toml", "parts")
    known |= {"quantities": read_lines(quantity_patterns())}
    known |= {kind: Weighted((1.0, compile_pattern(one)) for one in species(kind)) for kind in ("base", "gas", "ion")}
    return known | patterns("prose.toml", language)


def draw_from(filler: Filler, family: str) -> str:
    """A formula of a family: of patterns, or made by a generator of its own (chemistry, units)."""
    if family == "chemistry" and filler.random() < _REACTION_FRAC:
        return draw_chemistry(filler.random, filler.language)
    if family == "units":
        return draw_units(filler.random)
    known = blocks(filler.language)["quantities" if family == "chemistry" else family]
    pattern = known.at(filler.random())
    if len(pattern) == 1 and filler.random() < _AVOIDED_FRAC:
        pattern = known.at(filler.random())
    return filler.fill(pattern)

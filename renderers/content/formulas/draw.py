"""Draws what one picture of formulas says: from which source, how deep, one or several, numbered, in prose or alone."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TypeVar

import numpy as np

import templates
from renderers.content.formulas.corpus import FormulaCorpus, FormulaSource, formula_file
from renderers.content.formulas.formula import Formula, Part, Source, has_han, make_formula, num_tokens, read_parts
from renderers.content.formulas.grammar import Filler, blocks, draw_from
from renderers.content.formulas.identity_bank import draw_identity
from renderers.content.formulas.patterns import FOLDER
from renderers.content.lexicon import LEXICON, Lexicon
from renderers.core.choice import pick, pick_int
from renderers.core.corpora import Corpora, Sources
from renderers.core.errors import ConfigError
from renderers.core.weighted import Weighted, check_frac, check_weights

_SOURCES: dict[Source, float] = {"grammar": 0.66, "sympy": 0.17, "text": 0.17}
_KNOWN_SOURCES = (*_SOURCES, "corpus")
_LANGUAGES = {"en": 0.7, "zh": 0.3}

_WORDY_ZH_FRAC = 0.55
"""Share of Chinese formulas whose words stand within the formula, of those that are no prose."""

_TRIES = 6

T = TypeVar("T")

_ARTICLE = re.compile(r"\b([Aa])n? (?=([aeio]|u(?!ni)))?(?=[a-z]{2})")

_TALL = re.compile(r"\\begin\{(?:aligned|gathered|split|cases|array)\}")
"""What nobody sets within a line."""

_MARKS = (",", ".", ";")
_MARKED_FRAC = 0.12
"""Share of display formulas that end with the mark of the sentence that they stand in."""


@dataclass(frozen=True)
class FormulaKnobs:
    """What to draw.

    Attributes:
        sources: weight of each source: grammar, sympy, text, corpus.
        corpus: the file that the source corpus draws from, made by `glyphmill corpus tex`.
        corpus_sha256: of that file; "" takes it as it is when a session opens it.
        languages: weight of each language: en, zh. A formula without words is in neither.
        families: weight of each family of the menu's `kinds`.
        depth: fewest and most levels of expressions within expressions.
        max_tokens: most characters and commands in one formula.
        rare_frac: share of relations, operators and arrows that come from the whole deck, not the usual ones, 0..1.
        tag_frac: share of display formulas with a number, 0..1.
        several_frac: share of pictures with several display formulas, 0..1.
        inline_frac: share of single formulas in text style, 0..1.
    """

    sources: Mapping[Source, float] = field(default_factory=_SOURCES.copy)
    languages: Mapping[str, float] = field(default_factory=_LANGUAGES.copy)
    families: Mapping[str, float] = field(default_factory=lambda: dict(templates.menu(FOLDER)["kinds"]))
    depth: tuple[int, int] = (1, 4)
    max_tokens: int = 140
    rare_frac: float = 0.3
    tag_frac: float = 0.15
    several_frac: float = 0.08
    inline_frac: float = 0.15
    corpus: str = ""
    corpus_sha256: str = ""

    def __post_init__(self) -> None:
        """Raises ConfigError for knobs that leave nothing to draw."""
        self._check_weights()
        if bool(self.corpus) != (self.sources.get("corpus", 0) > 0):
            raise ConfigError('a corpus and its weight go together: corpus="x.parquet", sources={"corpus": 1.0}')
        if not 1 <= self.depth[0] <= self.depth[1]:
            raise ConfigError("depth must be two numbers, the first at least 1 and not above the second")
        if self.max_tokens < 40:
            raise ConfigError("max_tokens must be at least 40")
        for name in ("rare_frac", "tag_frac", "several_frac", "inline_frac"):
            check_frac(name, getattr(self, name))

    def corpora(self) -> Sources:
        """Words, and the formulas of a corpus where one is given."""
        return (LEXICON,) if self._written is None else (LEXICON, self._written)

    def draw_formula(self, rng: np.random.Generator, corpora: Corpora) -> Formula:
        """`draw_formula` out of what is opened of `corpora`."""
        return draw_formula(rng, corpora[LEXICON], self, None if self._written is None else corpora[self._written])

    @cached_property
    def _written(self) -> FormulaSource | None:
        if not self.corpus:
            return None
        is_alone = not any(weight for source, weight in self.sources.items() if source != "corpus")
        return FormulaSource(formula_file(self.corpus, self.corpus_sha256), self.max_tokens, is_alone)

    def _check_weights(self) -> None:
        known = {"sources": _KNOWN_SOURCES, "languages": _LANGUAGES, "families": templates.menu(FOLDER)["kinds"]}
        for name, rows in known.items():
            check_weights(name, getattr(self, name), rows)


def draw_formula(
    rng: np.random.Generator, lexicon: Lexicon, knobs: FormulaKnobs, written: FormulaCorpus | None = None
) -> Formula:
    """One picture's content.

    Args:
        rng: where all choices come from.
        lexicon: where words and names come from.
        knobs: what to draw.
        written: where those of the source corpus come from; where it is empty, the other sources are drawn from.
    """
    weights = knobs.sources if written is None or written.formulas else {**knobs.sources, "corpus": 0.0}
    source = _weights(weights).at(rng.random())
    language = _weights(knobs.languages).at(rng.random())
    random = rng.random
    if source == "text":
        return make_formula(_draw_prose(rng, lexicon, knobs, language), "text")

    def draw() -> str:
        if source == "sympy":
            return draw_identity(random, knobs.max_tokens)
        if source == "corpus":
            assert written is not None, "a corpus and its weight go together"
            return pick(written.formulas, random())
        return _draw_one(rng, lexicon, knobs, language)

    if random() < knobs.several_frac:
        num = pick_int(2, 4, random())
        several = dict.fromkeys(draw() for _ in range(num))
        first, tagged = pick_int(1, 30, random()), random() < 0.5
        parts = tuple(Part("display", one, str(first + index) if tagged else "") for index, one in enumerate(several))
    else:
        latex = draw()
        if random() < knobs.inline_frac and not _TALL.search(latex):
            parts = (Part("inline", latex),)
        else:
            tag = _draw_tag(random) if random() < knobs.tag_frac else ""
            parts = (Part("display", _end(latex, random, language), tag),)
    return make_formula(parts, source)


def _draw_one(rng: np.random.Generator, lexicon: Lexicon, knobs: FormulaKnobs, language: str) -> str:
    low, high = knobs.depth
    family = _weights(knobs.families).at(rng.random())
    if language == "zh" and rng.random() < _WORDY_ZH_FRAC and knobs.families.get("wordy", 0) > 0:
        family = "wordy_zh"
    depth = pick_int(low, high, rng.random())
    return _fit(lambda depth: draw_from(_filler(rng, lexicon, knobs, depth, language), family), depth, knobs.max_tokens)


def _draw_prose(rng: np.random.Generator, lexicon: Lexicon, knobs: FormulaKnobs, language: str) -> tuple[Part, ...]:
    kind = pick(("line", "line", "line", "headed", "display"), rng.random())
    low, high = knobs.depth

    def draw(depth: int) -> str:
        filler = _filler(rng, lexicon, knobs, depth, language)
        text = filler.fill(blocks(language)[kind].at(filler.random()))
        if language == "en":
            text = _ARTICLE.sub(lambda match: f"{match[1]}{'n' if match[2] else ''} ", text)
        if kind == "display":
            family = _weights(knobs.families).at(filler.random())
            text = text.replace(_DISPLAYED, rf"\[ {draw_from(filler, family)} \]")
        return text

    text = _fit(draw, pick_int(low, min(high, 3), rng.random()), knobs.max_tokens * 2)
    if rng.random() < knobs.tag_frac and kind == "display":
        text = text.replace(r" \]", rf" \tag{{{_draw_tag(rng.random)}}} \]")
    return read_parts(text)


def _fit(draw: Callable[[int], str], depth: int, max_tokens: int) -> str:
    """What is drawn within the length, ever flatter; else the shortest that was drawn."""
    drawn: list[str] = []
    for _ in range(_TRIES):
        text = draw(depth)
        if num_tokens(text) <= max_tokens:
            return text
        drawn.append(text)
        depth = max(1, depth - 1)
    return min(drawn, key=num_tokens)


def _filler(rng: np.random.Generator, lexicon: Lexicon, knobs: FormulaKnobs, depth: int, language: str) -> Filler:
    return Filler(rng, lexicon, depth, knobs.rare_frac, language)


def _draw_tag(random: Callable[[], float]) -> str:
    number = pick_int(1, 60, random())
    kind = random()
    if kind < 0.6:
        return str(number)
    if kind < 0.85:
        return f"{pick_int(1, 9, random())}.{pick_int(1, 30, random())}"
    if kind < 0.92:
        return f"{number}{pick('abc', random())}"
    if kind < 0.97:
        return f"{pick('ABCS', random())}.{number}"
    return "*"


def _end(latex: str, random: Callable[[], float], language: str) -> str:
    if random() < _MARKED_FRAC and language == "en" and latex[-1] not in ".,;" and not has_han(latex):
        return f"{latex}{pick(_MARKS, random())}"
    return latex


def _weights(weights: Mapping[T, float]) -> Weighted[T]:
    return _weighted(tuple(weights.items()))


@lru_cache(maxsize=64)
def _weighted(items: tuple[tuple[T, float], ...]) -> Weighted[T]:
    return Weighted((weight, name) for name, weight in items)


_DISPLAYED = r"\[ \FORMULA \]"

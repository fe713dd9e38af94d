"""Slices of text - a line, a few words, a number, characters, a short paragraph, tightly cut - by Chromium.

Dozens of slices share a page of the PDF, so that one print, one raster and one text layer serve them all. Each has a
rectangle of its own that begins at whole px and holds all of its ink, so its picture does not depend on the others.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import msgspec
import numpy as np
import regex

import templates
from renderers.content import fonts
from renderers.content.documents.lines import (
    PIECE_KINDS,
    PROSE_PIECES,
    PieceKind,
    cut_line,
    cut_words,
    draw_chars,
    fill_number,
)
from renderers.content.documents.numbers import draw_figures, draw_region
from renderers.content.fonts import refuse_missing
from renderers.content.locales import locale_data_version
from renderers.content.prose.knobs import ProseKnobs
from renderers.content.prose.prose import ProseSource
from renderers.core.choice import pick, pick_int
from renderers.core.corpora import Corpora, Sources
from renderers.core.errors import ConfigError
from renderers.core.renderer import Outcome, Rejected
from renderers.core.weighted import Weighted, check_weights
from renderers.drawing.documents.line_layout import make_layout_input, read_layouts
from renderers.drawing.documents.line_proof import prove_lines
from renderers.drawing.documents.line_style import (
    LOOKS,
    NAME,
    LineSpec,
    Look,
    Random,
    draw_face,
    draw_line_style,
    font_stacks_of,
)
from renderers.drawing.documents.style import families_of, languages
from renderers.engines.chromium import Chromium
from renderers.engines.pdf import open_pdf
from renderers.labels import text as labels

_KINDS: dict[PieceKind, float] = {"line": 5.0, "words": 2.0, "number": 0.7, "signs": 0.6, "paragraph": 0.7}
_LANGUAGES = {
    "en": 0.42, "zh": 0.36, "de": 0.02, "fr": 0.02, "es": 0.02, "ru": 0.02, "el": 0.01, "vi": 0.02, "ar": 0.02,
    "he": 0.01, "hi": 0.02, "th": 0.02, "ko": 0.02, "ja": 0.02,
}  # fmt: skip
_LOOKS: dict[Look, float] = {"black": 5.0, "grey": 2.0, "colour": 1.5, "dark": 1.0}

SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-=*/%&@#$!?.,:;()[]<>"
"""Letters, digits and punctuation of a keyboard."""

_COMPOSED = regex.compile(r"\p{M}|\p{NFC_Quick_Check=Maybe}")
_TRIES = 8
_LOCAL_FRAC = 0.6
"""Share of the numbers that are written as the language writes them: dates, amounts of money, measured values."""


@dataclass(frozen=True)
class HtmlLines(ProseKnobs):
    """Slices of text.

    Attributes:
        kinds: weight of each kind, see `PIECE_KINDS`; those left out are not drawn.
        languages: weight of each language, BCP 47.
        looks: weight of each look, see `LOOKS`.
        families: fonts that may come first, see templates/shared/fonts.toml; if empty, all that draw the language.
        signs: the characters that pictures of kind signs are made of.
        num_signs: least and most of them in one picture.
        longest_line: most characters of a line; half as many where a character is as wide as high.
        tight_frac: share of the slices that are cut at their ink above and below; the others keep the height of a line,
            so that a small letter looks smaller than a capital.
        pads: paper beside what is kept, in heights of a capital; one of them is drawn for each side.
    """

    kinds: dict[PieceKind, float] = field(default_factory=_KINDS.copy)
    languages: dict[str, float] = field(default_factory=_LANGUAGES.copy)
    looks: dict[Look, float] = field(default_factory=_LOOKS.copy)
    families: tuple[str, ...] = ()
    signs: str = SIGNS
    num_signs: tuple[int, int] = (1, 8)
    longest_line: int = 60
    tight_frac: float = 0.4
    pads: tuple[float, ...] = (0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5)

    name: ClassVar[str] = NAME
    engine: ClassVar[type[Chromium]] = Chromium
    spec: ClassVar[type[LineSpec]] = LineSpec
    format: ClassVar[str] = "plain"
    templates: ClassVar[tuple[str, ...]] = (
        NAME,
        "documents/languages.toml",
        "documents/locales.toml",
        "documents/numbers.toml",
        "prose/sentences.toml",
        "shared/fonts.toml",
    )
    version: ClassVar[int] = 6
    batch: ClassVar[int] = 3000

    def __post_init__(self) -> None:
        """Raises ConfigError for knobs that leave nothing to draw."""
        for knob, names in {"kinds": PIECE_KINDS, "languages": tuple(languages()), "looks": LOOKS}.items():
            check_weights(knob, getattr(self, knob), names)
        self._check_signs()
        drawn = [name for name, weight in self.languages.items() if weight]
        refuse_missing(families_of(drawn, self.families))
        for name in drawn:
            if not font_stacks_of(name, tuple(self.families)):
                raise ConfigError(f"families: none of {', '.join(self.families)} draws {name!r}")
        if self.kinds.get("signs"):
            stacks = {stack for name in drawn for stack in font_stacks_of(name, tuple(self.families))}
            undrawn = [sign for sign in self.signs if all(fonts.missing_glyph(stack, sign) for stack in stacks)]
            if undrawn:
                raise ConfigError(
                    f"signs: no font of languages {', '.join(drawn)} draws {' '.join(undrawn[:20])}; leave them out or "
                    "add their language"
                )

    def corpora(self) -> Sources:
        """Running text; nothing where only numbers and rows of characters are drawn."""
        return (self._prose_source,) if any(self.kinds.get(kind) for kind in PROSE_PIECES) else ()

    @cached_property
    def _prose_source(self) -> ProseSource:
        return self._prose_in(name for name, weight in self.languages.items() if weight)

    def _check_signs(self) -> None:
        least, most = self.num_signs
        if not 1 <= least <= most <= 200:
            raise ConfigError(f"num_signs: {least} to {most}; it must be 1 or more, rising, and 200 at most")
        if not self.signs or len(set(self.signs)) < len(self.signs) or any(map(str.isspace, self.signs)):
            raise ConfigError("signs: needs characters, each once, and no blanks")
        for sign in self.signs:
            if _COMPOSED.match(sign):
                raise ConfigError(
                    f"signs: U+{ord(sign):04X} is no character of its own, but a part of the one before it"
                )
            if labels.check(sign) is not None:
                raise ConfigError(f"signs: U+{ord(sign):04X} is no character that a label may hold")
        if not self.pads or not all(0 <= pad <= 4 for pad in self.pads):
            raise ConfigError("pads: needs numbers between 0 and 4")
        if not 8 <= self.longest_line <= 200:
            raise ConfigError(f"longest_line: {self.longest_line}; it must be between 8 and 200")

    def tools(self) -> dict[str, str]:
        """How dates and numbers are written, where they are drawn."""
        return locale_data_version() if self.kinds.get("number") else {}

    def draw(self, rng: np.random.Generator, corpora: Corpora) -> LineSpec:
        """A kind, a language, a face, the first text that it draws, and a look.

        Where it draws none of some texts, the last is rendered, and rejected: nothing else is put in its place.
        """
        random = rng.random
        kind = self._kinds.at(random())
        language = self._languages.at(random())
        face = families, bold = draw_face(random, language, tuple(self.families))
        region = draw_region(language, random) if kind == "number" and random() < _LOCAL_FRAC else None
        if kind not in PROSE_PIECES and region is None:
            # They have no language, so they run from left to right, whatever script their fonts are made for.
            language = "en"
        for _ in range(_TRIES):
            drawn = draw_figures(region, random) if region else self._text(random, corpora, kind, language)
            text = labels.canonical_chars(drawn).strip()
            if text and fonts.missing_glyph(families, text, bold) is None:
                break
        width_em = fonts.width_em(families, text, bold) or 1.0
        style = draw_line_style(
            random, kind, language, face, self._looks.at(random()), width_em, self.tight_frac, self.pads
        )
        return LineSpec(text, kind, language, style)

    def _text(self, random: Random, corpora: Corpora, kind: PieceKind, language: str) -> str:
        if kind == "signs":
            least, most = self.num_signs
            return draw_chars(self.signs, pick_int(least, most, random()), random)
        if kind == "number":
            return fill_number(pick(templates.menu("documents", "numbers.toml")["patterns"], random()), random)
        paragraph = corpora[self._prose_source].paragraph(random(), language)
        row = languages()[language]
        # Thai has blanks between phrases only, and a line may be cut at no other place.
        spaced = row["spaced"] or language == "th"
        if kind == "words":
            return cut_words(paragraph, random(), pick_int(1, 4, random()), spaced)
        longest = self.longest_line if row["em"] < 0.8 else self.longest_line // 2
        num_chars = int(longest * (2 + 2 * random())) if kind == "paragraph" else pick_int(2, longest, random())
        return cut_line(paragraph, random(), num_chars, spaced)

    def content_key(self, spec: LineSpec) -> str:
        """Its text."""
        return spec.text

    def batch_key(self, spec: LineSpec) -> str:
        """The same for all."""
        return ""

    def render(self, engine: Chromium, specs: Sequence[LineSpec]) -> list[Outcome]:
        """All slices laid out on shared pages, printed at once."""
        texts = [spec for spec in specs if spec.text]
        proven = iter(self._render(texts, engine) if texts else ())
        return [next(proven) if spec.text else Rejected("text_empty", "the corpus has none") for spec in specs]

    def _render(self, specs: Sequence[LineSpec], engine: Chromium) -> list[Outcome]:
        page = engine.page(NAME, templates.text(NAME, "page.html"), lambda: (templates.text(NAME, "set.js"),))
        inputs = msgspec.json.encode([make_layout_input(spec) for spec in specs]).decode()
        measured = json.loads(page.evaluate("(inputs) => window.setLines(inputs)", inputs))
        outcomes: dict[int, Outcome] = {}
        with open_pdf(page.print_and_clear()) as pdf:
            for number, layouts in enumerate(read_layouts(specs, measured)):
                width_pt, height_pt = pdf.size_pt(number)
                with pdf.page(number, round(width_pt), round(height_pt)) as printed_page:
                    proven = prove_lines([specs[layout.index] for layout in layouts], layouts, printed_page)
                outcomes.update(zip((layout.index for layout in layouts), proven, strict=True))
        return [outcomes[index] for index in range(len(specs))]

    @cached_property
    def _kinds(self) -> Weighted[PieceKind]:
        return Weighted((weight, name) for name, weight in self.kinds.items())

    @cached_property
    def _languages(self) -> Weighted[str]:
        return Weighted((weight, name) for name, weight in self.languages.items())

    @cached_property
    def _looks(self) -> Weighted[Look]:
        return Weighted((weight, name) for name, weight in self.looks.items())


RENDERER = HtmlLines

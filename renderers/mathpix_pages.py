"""Whole pages - papers, books, exams, reports, slides, notes - drawn by mathpix-markdown-it in the browser.

The target is the Mathpix Markdown itself. The browser lays it out in columns, breaks its lines and cuts it where the
paper ends; what is not on the page is not in the target. Source: GOT paper, section 3.3.2 (1.2 M formatted pages).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import version as version_of
from typing import Any, ClassVar

import msgspec
import numpy as np
import pyphen

import templates
from renderers.content.documents.text_sampler import TextSampler
from renderers.content.fonts import families, refuse_missing
from renderers.content.lexicon import LEXICON
from renderers.content.pages.draw import draw_page
from renderers.content.pages.page import PAGE_KINDS, PAGE_LANGUAGES, Page, PageKind, PageLanguage
from renderers.content.pages.text_sampler import PageTextSampler
from renderers.content.prose.knobs import ProseKnobs
from renderers.content.prose.prose import ProseSource
from renderers.core.choice import pick
from renderers.core.corpora import Corpora, Sources
from renderers.core.renderer import Outcome
from renderers.core.weighted import Weighted, check_weights
from renderers.drawing.mathpix_formulas.style import missing_glyphs
from renderers.drawing.pages.layout import make_layout_input
from renderers.drawing.pages.proof import prove
from renderers.drawing.pages.style import NAME, Style, draw_style
from renderers.drawing.printed.mathpix_reader import reader_source, reader_version
from renderers.engines.chromium import Chromium
from renderers.engines.pdf import open_pdf
from renderers.labels.smiles import written as smiles_written
from renderers.labels.text import SOFT_HYPHEN

_KINDS: dict[PageKind, float] = {
    "paper": 3.5, "book": 2.5, "exam": 1.5, "report": 1.2, "slides": 0.7, "notes": 1.0,
}  # fmt: skip
_LANGUAGES: dict[PageLanguage, float] = {"en": 0.5, "zh": 0.42, "mul": 0.08}
_MATHS = (0.0, 0.0, 0.25, 0.5, 0.8, 1.0)
"""Shares of mathematics that a page may have, 0..1; one is drawn for each page."""
_CHEMISTRY = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.4, 0.8)
"""Frequencies of molecules that a page may have, 0..1; one is drawn for each page."""


class PageSpec(msgspec.Struct, frozen=True, gc=False):
    """One picture: its text and its look."""

    page: Page
    style: Style


@dataclass(frozen=True)
class MathpixPages(ProseKnobs):
    """Formatted pages.

    Attributes:
        kinds: weight of each kind, see `renderers.content.pages.page.PAGE_KINDS`; kinds left out are not drawn.
        languages: weight of each language: en, zh, mul (both on one page).
    """

    kinds: Mapping[PageKind, float] = field(default_factory=_KINDS.copy)
    languages: Mapping[PageLanguage, float] = field(default_factory=_LANGUAGES.copy)

    name: ClassVar[str] = NAME
    engine: ClassVar[type[Chromium]] = Chromium
    spec: ClassVar[type[PageSpec]] = PageSpec
    format: ClassVar[str] = "mathpix-markdown"
    templates: ClassVar[tuple[str, ...]] = (
        NAME, "pages", "formulas", "molecules", "tables", "lexicon", "prose/sentences.toml",
        "mathpix_formulas/menu.toml", "mathpix_molecules/menu.toml",
        "shared/fonts.toml", "shared/molecules.js", "shared/text_lines.js",
    )  # fmt: skip
    version: ClassVar[int] = 10
    batch: ClassVar[int] = 32

    def __post_init__(self) -> None:
        """Raises ConfigError for knobs that leave nothing to draw."""
        known: dict[str, Sequence[str]] = {"kinds": PAGE_KINDS, "languages": PAGE_LANGUAGES}
        for knob, names in known.items():
            check_weights(knob, getattr(self, knob), names)

    def corpora(self) -> Sources:
        """Words and running text."""
        return LEXICON, self._text

    @cached_property
    def _text(self) -> ProseSource:
        return self._prose_in(
            name for language, weight in self.languages.items() if weight for name in _languages_of(language)
        )

    @cached_property
    def _kinds(self) -> Weighted[PageKind]:
        return Weighted((weight, kind) for kind, weight in self.kinds.items())

    @cached_property
    def _languages(self) -> Weighted[PageLanguage]:
        return Weighted((weight, name) for name, weight in self.languages.items())

    def tools(self) -> dict[str, str]:
        """mathpix-markdown-it, the hyphenator, and RDKit, which parses molecules.

        Fonts have no version, but must be installed.
        """
        refuse_missing((*families("latin"), *families("book"), *families("han")))
        return reader_version() | {
            "pyphen": version_of("pyphen"),
            "rdkit": smiles_written.version(),
        }

    def draw(self, rng: np.random.Generator, corpora: Corpora) -> PageSpec:
        """A language, a kind, a look, then a text that fits into it."""
        language = self._languages.at(rng.random())
        kind = self._kinds.at(rng.random())
        style = draw_style(rng, kind, language)
        plain_samplers = {
            name: TextSampler(
                rng=rng,
                prose=corpora[self._text],
                lexicon=corpora[LEXICON],
                language=name,
                font_stacks=((style.families, False), (style.display, style.bold)),
                divide=_divide if style.hyphenated and name == "en" else str,
            )
            for name in _languages_of(language)
        }
        maths = pick(_MATHS, rng.random()) if kind != "exam" else 1.0
        cited = 0.25 if kind in ("paper", "book") else 0.05
        sampler = PageTextSampler(
            plain_samplers=plain_samplers,
            language=next(iter(plain_samplers)),
            drawable=lambda text: missing_glyphs(text) is None,
            maths=maths,
            cited=cited,
            chemistry=pick(_CHEMISTRY, rng.random()),
            rings=style.molecules.aromatic,
        )
        page = draw_page(sampler, kind, language, style.room)
        return PageSpec(page, style)

    def content_key(self, spec: PageSpec) -> str:
        """All of its text, also what may be cut off."""
        return "\n".join(one.block.text for one in spec.page.blocks).replace(SOFT_HYPHEN, "")

    def batch_key(self, spec: PageSpec) -> str:
        """The same for all."""
        return ""

    def render(self, engine: Chromium, specs: Sequence[PageSpec]) -> list[Outcome]:
        """All pages in one document, printed at once."""
        if not specs:
            return []
        page = engine.page(NAME, templates.text(NAME, "page.html"), scripts)
        inputs = msgspec.json.encode([make_layout_input(spec.page, spec.style) for spec in specs]).decode()
        measurements: list[dict[str, Any]] = json.loads(page.evaluate("(inputs) => window.setAll(inputs)", inputs))
        outcomes: list[Outcome] = []
        with open_pdf(page.print_and_clear()) as pdf:
            for number, (spec, measured) in enumerate(zip(specs, measurements, strict=True)):
                style = spec.style
                size_px = (round(style.width_px * style.scale), round(style.height_px * style.scale))
                with pdf.page(number, *size_px) as printed_page:
                    outcomes.append(prove(spec.page, style, measured, printed_page))
        return outcomes


def _languages_of(language: PageLanguage) -> tuple[str, ...]:
    return ("en", "zh") if language == "mul" else (language,)


def scripts() -> tuple[str, ...]:
    """The sources of mathpix-markdown-it and of the scripts that use it.

    Raises:
        EngineStartError: it is not installed.
    """
    return (
        reader_source(),
        templates.text("shared", "text_lines.js"),
        templates.text("shared", "molecules.js"),
        templates.text(NAME, "measure.js"),
        templates.text(NAME, "set.js"),
    )


@cache
def _divider() -> Callable[[str], str]:
    """A function that puts soft hyphens into a word, with at least two letters before and three after each."""
    dictionary = pyphen.Pyphen(lang="en_US", left=2, right=3)
    known: dict[str, str] = {}

    def divide(word: str) -> str:
        if word not in known:
            known[word] = dictionary.inserted(word, SOFT_HYPHEN) if word.isalpha() and len(word) > 5 else word
        return known[word]

    return divide


def _divide(text: str) -> str:
    return " ".join(map(_divider(), text.split(" ")))


RENDERER = MathpixPages

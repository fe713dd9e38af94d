"""Plain text as it is printed and shown - books, letters, newspapers, receipts, screens - in many scripts, by Chromium.

The browser lays out the text, breaks its lines and cuts it where the paper ends; the target is the text that it reports
to be on the page, and the text layer of the print proves it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from importlib.metadata import version as version_of
from typing import Any, ClassVar

import msgspec
import numpy as np
import pyphen

import templates
from renderers.content.documents.document import KINDS, PROSE_KINDS, Document, Kind
from renderers.content.documents.document_sampler import DocumentSampler
from renderers.content.documents.draw import draw_document, stand_quotes
from renderers.content.documents.numbers import draw_region
from renderers.content.fonts import refuse_missing
from renderers.content.lexicon import LEXICON
from renderers.content.locales import locale_data_version
from renderers.content.prose.knobs import ProseKnobs
from renderers.content.prose.prose import ProseSource
from renderers.core.corpora import Corpora, Sources
from renderers.core.errors import ConfigError
from renderers.core.renderer import Outcome
from renderers.core.weighted import Weighted, check_weights
from renderers.drawing.documents.layout import make_layout_input, scripts
from renderers.drawing.documents.proof import prove
from renderers.drawing.documents.style import NAME, Style, draw_style, families_of, languages
from renderers.engines.chromium import Chromium, Page
from renderers.engines.pdf import open_pdf
from renderers.labels.text import SOFT_HYPHEN

_LANGUAGES = {
    "en": 0.42, "zh": 0.36, "de": 0.02, "fr": 0.02, "es": 0.02, "ru": 0.02, "el": 0.01, "vi": 0.02, "ar": 0.02,
    "he": 0.01, "hi": 0.02, "th": 0.02, "ko": 0.02, "ja": 0.02,
}  # fmt: skip
_KINDS: dict[Kind, float] = {
    "book": 3.0, "essay": 2.5, "newspaper": 1.5, "letter": 1.0, "contract": 0.8, "poem": 0.7, "dictionary": 0.7,
    "contents": 0.5, "list": 1.0, "poster": 0.6, "receipt": 0.8, "form": 0.8, "settings": 0.4, "chat": 0.7,
    "notes": 1.0, "line": 1.0, "paragraph": 1.5,
}  # fmt: skip

_PRINTED_AT_ONCE = 32
"""Documents of one print. Each print embeds its fonts again, so large ones take less time, but proofs begin later."""


class DocumentSpec(msgspec.Struct, frozen=True, gc=False):
    """One picture: its text and its look."""

    document: Document
    style: Style


@dataclass(frozen=True)
class HtmlDocuments(ProseKnobs):
    """Documents of plain text.

    Attributes:
        kinds: weight of each kind, see `renderers.content.documents.document.KINDS`; kinds left out are not drawn.
        languages: weight of each language, BCP 47.
        longest_line: most characters of a picture of kind line.
    """

    kinds: dict[Kind, float] = field(default_factory=_KINDS.copy)
    languages: dict[str, float] = field(default_factory=_LANGUAGES.copy)
    longest_line: int = 80

    name: ClassVar[str] = NAME
    engine: ClassVar[type[Chromium]] = Chromium
    spec: ClassVar[type[DocumentSpec]] = DocumentSpec
    format: ClassVar[str] = "plain"
    templates: ClassVar[tuple[str, ...]] = (
        NAME, "documents/languages.toml", "documents/locales.toml", "documents/phrases.toml", "lexicon",
        "prose/sentences.toml", "shared/fonts.toml", "shared/text_lines.js",
    )  # fmt: skip
    version: ClassVar[int] = 11
    batch: ClassVar[int] = 128

    def __post_init__(self) -> None:
        """Raises ConfigError for knobs that leave nothing to draw."""
        known = {"kinds": KINDS, "languages": tuple(languages())}
        for knob, names in known.items():
            check_weights(knob, getattr(self, knob), names)
        wordless = [name for name, weight in self.languages.items() if weight and name not in _phrases()]
        if wordless and not any(self.kinds.get(kind) for kind in PROSE_KINDS):
            raise ConfigError(f"kinds: in {wordless[0]} there are only {', '.join(PROSE_KINDS)}")

    def corpora(self) -> Sources:
        """Words and running text."""
        return LEXICON, self._text

    @cached_property
    def _text(self) -> ProseSource:
        return self._prose_in(name for name, weight in self.languages.items() if weight)

    def tools(self) -> dict[str, str]:
        """The hyphenator and how dates are written; fonts have no version, but must be installed."""
        refuse_missing(families_of(name for name, weight in self.languages.items() if weight))
        return {"pyphen": version_of("pyphen")} | locale_data_version()

    def draw(self, rng: np.random.Generator, corpora: Corpora) -> DocumentSpec:
        """A language, a kind, a look, then a text that fits into it."""
        language = self._languages.at(rng.random())
        kind = self._kinds_of(language).at(rng.random())
        style = draw_style(rng, kind, language)
        row = languages()[language]
        sampler = DocumentSampler(
            rng=rng,
            prose=corpora[self._text],
            lexicon=corpora[LEXICON],
            language=language,
            region=draw_region(language, rng.random),
            font_stacks=((style.families, False), (style.display, style.bold)),
            phrases=_phrases().get(language, {}),
            stop=row["stop"],
            divide=_divider(language) if style.hyphenated else str,
        )
        num_chars = (
            self.longest_line if kind == "line" else int(style.capacity(row["em"]) * (0.35 + 0.8 * rng.random()))
        )
        document = draw_document(sampler, kind, num_chars)
        return DocumentSpec(stand_quotes(document) if style.vertical else document, style)

    def content_key(self, spec: DocumentSpec) -> str:
        """All of its text, also what may be cut off."""
        return "\n".join(" ".join(block.cells) for block in spec.document.blocks).replace(SOFT_HYPHEN, "")

    def batch_key(self, spec: DocumentSpec) -> str:
        """The same for all."""
        return ""

    def render(self, engine: Chromium, specs: Sequence[DocumentSpec]) -> list[Outcome]:
        """Many documents on one page, printed at once; the browser prints the next while these are proven."""
        page = open_page(engine)
        prints = [specs[at : at + _PRINTED_AT_ONCE] for at in range(0, len(specs), _PRINTED_AT_ONCE)]
        outcomes: list[Outcome] = []
        for printed, (measurements, data) in zip(
            prints, engine.ahead(partial(print_documents, page, part) for part in prints), strict=True
        ):
            with open_pdf(data) as pdf:
                for number, (spec, measured) in enumerate(zip(printed, measurements, strict=True)):
                    size_px = (
                        round(measured["width"] * spec.style.scale),
                        round(measured["height"] * spec.style.scale),
                    )
                    with pdf.page(number, *size_px) as printed_page:
                        outcomes.append(prove(spec.document, spec.style, measured, printed_page))
        return outcomes

    @cached_property
    def _languages(self) -> Weighted[str]:
        return Weighted((weight, name) for name, weight in self.languages.items())

    def _kinds_of(self, language: str) -> Weighted[Kind]:
        return self._by_phrases[language in _phrases()]

    @cached_property
    def _by_phrases(self) -> tuple[Weighted[Kind], Weighted[Kind]]:
        every = [(weight, kind) for kind, weight in self.kinds.items()]
        plain = [(weight, kind) for weight, kind in every if kind in PROSE_KINDS]
        return Weighted(plain), Weighted(every)


def open_page(engine: Chromium) -> Page:
    """The browser page that documents are laid out in."""
    return engine.page(NAME, templates.text(NAME, "page.html"), scripts)


def print_documents(page: Page, specs: Sequence[DocumentSpec]) -> tuple[list[dict[str, Any]], bytes]:
    """The output of measure.js for each document, and the PDF of all, a page each."""
    inputs = msgspec.json.encode([make_layout_input(spec.document, spec.style) for spec in specs]).decode()
    measurements = json.loads(page.evaluate("(inputs) => window.setAll(inputs)", inputs))
    return measurements, page.print_and_clear()


@cache
def _phrases() -> dict[str, dict[str, list[str]]]:
    return templates.menu("documents", "phrases.toml")


@cache
def _divider(language: str) -> Callable[[str], str]:
    """A function that puts soft hyphens into a text, with at least two letters before and three after each."""
    dictionary = pyphen.Pyphen(
        lang={"en": "en_US", "de": "de_DE", "fr": "fr", "es": "es", "ru": "ru_RU", "el": "el_GR"}[language],
        left=2,
        right=3,
    )
    known: dict[str, str] = {}

    def divide(text: str) -> str:
        words = text.split(" ")
        for word in words:
            if word not in known:
                known[word] = dictionary.inserted(word, SOFT_HYPHEN) if word.isalpha() and len(word) > 5 else word
        return " ".join(known[word] for word in words)

    return divide


RENDERER = HtmlDocuments

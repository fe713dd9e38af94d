r"""Formulas and lines of prose with formulas, drawn in the browser by MathJax inside mathpix-markdown-it.

GOT's own pictures of formulas were made this way, and its users see its answers drawn by it. Content and targets are
those of `latex_formulas`. Source: GOT paper, section 3.3.2.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import msgspec
import numpy as np

import templates
from renderers.content.fonts import families, refuse_missing
from renderers.content.formulas.draw import FormulaKnobs
from renderers.content.formulas.formula import Formula, formula_key, target
from renderers.core.corpora import Corpora
from renderers.core.renderer import Outcome, Rejected
from renderers.drawing.mathpix_formulas.proof import prove
from renderers.drawing.mathpix_formulas.source import Source, make_source
from renderers.drawing.mathpix_formulas.style import NAME, Style, css_of, draw_style, missing_glyphs
from renderers.drawing.printed.mathpix_reader import reader_source, reader_version
from renderers.engines.chromium import Chromium
from renderers.engines.pdf import open_pdf
from renderers.labels.latex import grammar as latex

_MAX_TRIES = 12
"""Draws until MathJax has all symbols of a formula; about one in a hundred is drawn again."""


class FormulaSpec(msgspec.Struct, frozen=True, gc=False):
    """One picture: its formula and its look."""

    formula: Formula
    style: Style


@dataclass(frozen=True)
class MathpixFormulas(FormulaKnobs):
    """Formulas by MathJax; the knobs are those of `latex_formulas`."""

    name: ClassVar[str] = NAME
    engine: ClassVar[type[Chromium]] = Chromium
    spec: ClassVar[type[FormulaSpec]] = FormulaSpec
    format: ClassVar[str] = "latex"
    templates: ClassVar[tuple[str, ...]] = (NAME, "formulas", "lexicon", "shared/fonts.toml")
    version: ClassVar[int] = 4
    batch: ClassVar[int] = 200

    def tools(self) -> dict[str, str]:
        """mathpix-markdown-it, which MathJax is part of; fonts have no version, but must be installed."""
        refuse_missing((*families("latin"), *families("han")))
        return reader_version()

    def draw(self, rng: np.random.Generator, corpora: Corpora) -> FormulaSpec:
        """A formula that MathJax can draw, and a look."""
        for _ in range(_MAX_TRIES):
            formula = self.draw_formula(rng, corpora)
            if missing_glyphs(latex.normalize(target(formula))) is None:
                break
        return FormulaSpec(formula, draw_style(rng, formula))

    def content_key(self, spec: FormulaSpec) -> str:
        """The formula, however it looks."""
        return formula_key(spec.formula.parts)

    def batch_key(self, spec: FormulaSpec) -> str:
        """All share one."""
        return ""

    def render(self, engine: Chromium, specs: Sequence[FormulaSpec]) -> list[Outcome]:
        """All formulas in one document, printed once."""
        if not specs:
            return []
        page = engine.page(NAME, templates.text(NAME, "page.html"), _scripts)
        sources = [make_source(target(spec.formula)) for spec in specs]
        sheets = [_sheet(spec.style, source) for spec, source in zip(specs, sources, strict=True)]
        reports = json.loads(page.evaluate("(sheets) => window.drawAll(sheets)", json.dumps(sheets)))
        outcomes: list[Outcome] = []
        with open_pdf(page.print_and_clear()) as pdf:
            for index, (spec, source, reported) in enumerate(zip(specs, sources, reports, strict=True)):
                missing = missing_glyphs(source.markup)
                if missing is not None:
                    outcomes.append(Rejected("sign_lacked", missing))
                    continue
                size_px = (round(reported[side] * spec.style.scale) for side in ("width", "height"))
                with pdf.page(index, *size_px) as sheet:
                    outcomes.append(prove(spec.formula, spec.style, source, reported, sheet))
        return outcomes


def _sheet(style: Style, source: Source) -> dict[str, object]:
    """The input of templates/mathpix_formulas/draw.js for one formula."""
    frame = "framed" if style.frame_px else "bare"
    return {
        "css": css_of(style),
        "column": style.column,
        "html": f'<div class="{frame}">{source.html}</div>',
        "plain": source.plain,
        "marked": source.marked,
    }


def _scripts() -> tuple[str, ...]:
    """The sources of mathpix-markdown-it and of the script that uses it.

    Raises:
        EngineStartError: mathpix-markdown-it is not installed.
    """
    return reader_source(), templates.text(NAME, "draw.js")


RENDERER = MathpixFormulas

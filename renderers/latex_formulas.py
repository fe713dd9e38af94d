r"""Formulas and lines of prose with formulas, typeset by TeX in many font setups, as GOT's formulas are.

What is typeset is what was drawn; the target is its canonical form. Source: GOT paper, section 3.3.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import ClassVar

import msgspec
import numpy as np

from renderers.content.fonts import refuse_missing
from renderers.content.formulas.draw import FormulaKnobs
from renderers.content.formulas.formula import Formula, formula_key, target
from renderers.core.corpora import Corpora
from renderers.core.renderer import Outcome, Rejected
from renderers.drawing.latex_formulas.proof import prove
from renderers.drawing.latex_formulas.setups import chinese_families, preamble_of, setups
from renderers.drawing.latex_formulas.style import Style, body_of, draw_style
from renderers.engines.tex import Preamble, Tex, TexPage
from renderers.labels.latex.colour import Typeset, ink_macros, typeset

_PT_PER_INCH = 72

_PACKAGES = r"\usepackage{array,mathtools}" + "\n"
"""What the grammar needs besides fonts: columns with rules of their own, matrices of all kinds."""


class FormulaSpec(msgspec.Struct, frozen=True, gc=False):
    """One picture: what it says and how it looks."""

    formula: Formula
    style: Style


@dataclass(frozen=True)
class LatexFormulas(FormulaKnobs):
    """Formulas by TeX."""

    name: ClassVar[str] = "latex_formulas"
    engine: ClassVar[type[Tex]] = Tex
    spec: ClassVar[type[FormulaSpec]] = FormulaSpec
    format: ClassVar[str] = "latex"
    templates: ClassVar[tuple[str, ...]] = ("latex_formulas", "formulas", "lexicon")
    version: ClassVar[int] = 5
    batch: ClassVar[int] = 4000
    """Each font setup is a run of TeX; a run starts in 0.3-1 s and then takes 1-3 ms a page."""

    def tools(self) -> dict[str, str]:
        """None but TeX; the Chinese fonts have no number, but must be there."""
        refuse_missing(chinese_families().values())
        return {}

    def draw(self, rng: np.random.Generator, corpora: Corpora) -> FormulaSpec:
        """A formula and a look in which it can be drawn."""
        formula = self.draw_formula(rng, corpora)
        return FormulaSpec(formula, draw_style(rng, formula))

    def content_key(self, spec: FormulaSpec) -> str:
        """The formula, however it looks."""
        return formula_key(spec.formula.parts)

    def batch_key(self, spec: FormulaSpec) -> str:
        """The fonts."""
        return spec.style.setup

    def render(self, engine: Tex, specs: Sequence[FormulaSpec]) -> list[Outcome]:
        """A run of TeX for each font setup, two pages for each formula."""
        # TeX readies all fonts of mathematics anew where the size changes.
        order = sorted(range(len(specs)), key=lambda index: _fonts(specs[index].style))
        outcomes: dict[int, Outcome] = {}
        for setup, run in groupby(order, key=lambda index: specs[index].style.setup):
            members = list(run)
            group = _render_group(engine, preamble(setup), [specs[index] for index in members])
            outcomes.update(zip(members, group, strict=True))
        return [outcomes[index] for index in range(len(specs))]


def _fonts(style: Style) -> tuple[str, float, bool]:
    return style.setup, style.size_pt, style.bold


@cache
def preamble(setup: str) -> Preamble:
    """The preamble of a font setup, with what the grammar needs."""
    bare = preamble_of(setup)
    first, rest = bare.text.split("\n", 1)
    return replace(bare, text=f"{first}\n{_PACKAGES}{rest}{ink_macros(setups()[setup].program)}")


def _render_group(engine: Tex, before: Preamble, specs: Sequence[FormulaSpec]) -> list[Outcome]:
    drawn = [typeset(target(spec.formula)) for spec in specs]
    bodies: list[str] = []
    for spec, text in zip(specs, drawn, strict=True):
        # Colours of tokens must be told from those of ink and paper, and both pages must have the same rules.
        paper = spec.style.paper if spec.style.paper == "#ffffff" else "#fefefe"
        bare = msgspec.structs.replace(spec.style, ink="#000000", paper=paper)
        bodies += [body_of(text.plain, spec.style), body_of(text.coloured, bare)]
    with engine.typeset(before, bodies) as tex_pages:
        return [
            _outcome(spec, text, tex_pages[2 * at], tex_pages[2 * at + 1])
            for at, (spec, text) in enumerate(zip(specs, drawn, strict=True))
        ]


def _outcome(spec: FormulaSpec, text: Typeset, plain: TexPage | Rejected, coloured: TexPage | Rejected) -> Outcome:
    if isinstance(plain, Rejected):
        return plain
    if isinstance(coloured, Rejected):
        return coloured
    width, height = (max(1, round(side * spec.style.dpi / _PT_PER_INCH)) for side in plain.size_pt)
    with plain.page(width, height) as page, coloured.page(width, height) as coloured_page:
        return prove(spec.formula, spec.style, text, page, coloured_page)


RENDERER = LatexFormulas

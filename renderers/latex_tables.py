"""Tables typeset by LaTeX: hundreds in one run, each seen once and traced once, read as PDF."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import groupby
from typing import ClassVar

import msgspec
import numpy as np

import templates
from renderers.content.fonts import families, refuse_missing
from renderers.content.lexicon import LEXICON
from renderers.content.locales import locale_data_version
from renderers.content.tables.table import MAX_COLUMNS, MAX_ROWS, TableContent, draw_table
from renderers.core.corpora import Corpora, Sources
from renderers.core.errors import ConfigError
from renderers.core.renderer import Outcome, Rejected
from renderers.core.weighted import Weighted, check_weights
from renderers.drawing.latex_tables.body import Writer, join_rules
from renderers.drawing.latex_tables.proof import prove
from renderers.drawing.latex_tables.style import NAME, Program, Style, choose_dpi, draw_style, draws, most_rows
from renderers.engines.tex import Preamble, Tex, TexPage, standalone
from renderers.labels.tables import grammar as tables

_LANGUAGES = {"en": 0.55, "zh": 0.35, "mul": 0.10}
_PT_PER_INCH = 72.0


class TableSpec(msgspec.Struct, frozen=True, gc=False):
    """One picture: what it says, how it looks, at which resolution."""

    content: TableContent
    style: Style
    dpi: float


@dataclass(frozen=True)
class LatexTables:
    """Tables by LaTeX.

    Attributes:
        languages: weight of each language: en, zh, mul (both in one table).
        most_columns: of a table, 1 to 12.
        most_rows: of its body, 1 to 30.
    """

    languages: dict[str, float] = field(default_factory=_LANGUAGES.copy)
    most_columns: int = MAX_COLUMNS
    most_rows: int = MAX_ROWS

    name: ClassVar[str] = NAME
    engine: ClassVar[type[Tex]] = Tex
    spec: ClassVar[type[TableSpec]] = TableSpec
    format: ClassVar[str] = "latex-table"
    templates: ClassVar[tuple[str, ...]] = (NAME, "tables", "lexicon", "shared/fonts.toml")
    version: ClassVar[int] = 1
    batch: ClassVar[int] = 800
    """A run of TeX embeds each font once: many tables share the cost. Half of a batch is in memory at once."""

    def __post_init__(self) -> None:
        """Raises ConfigError for knobs that leave nothing to draw."""
        check_weights("languages", self.languages, _LANGUAGES)
        if not 1 <= self.most_columns <= MAX_COLUMNS or not 1 <= self.most_rows <= MAX_ROWS:
            raise ConfigError(f"most_columns must lie in 1..{MAX_COLUMNS} and most_rows in 1..{MAX_ROWS}")

    @cached_property
    def _languages(self) -> Weighted[str]:
        return Weighted((weight, name) for name, weight in self.languages.items())

    def tools(self) -> dict[str, str]:
        """Besides the engine what writes dates; fonts have no number, but must be there."""
        refuse_missing((*families("latin"), *families("han")))
        return locale_data_version()

    def corpora(self) -> Sources:
        """Words."""
        return (LEXICON,)

    def draw(self, rng: np.random.Generator, corpora: Corpora) -> TableSpec:
        """A look, then what is said in the room that it leaves."""
        language = self._languages.at(rng.random())
        style = draw_style(rng, language)
        num_rows = min(self.most_rows, most_rows(style))
        content = draw_table(
            rng, corpora[LEXICON], language, lambda text: draws(style, text), style.room_em, self.most_columns, num_rows
        )
        content = join_rules(content, style)
        return TableSpec(content, style, choose_dpi(content, style))

    def content_key(self, spec: TableSpec) -> str:
        """The target: two tables with the same cells and rules are one sample."""
        return tables.write(spec.content.table)[0]

    def batch_key(self, spec: TableSpec) -> str:
        """The program."""
        return spec.style.program

    def render(self, engine: Tex, specs: Sequence[TableSpec]) -> list[Outcome]:
        """All tables of one program in one run."""
        order = sorted(range(len(specs)), key=lambda index: specs[index].style.program)
        outcomes: dict[int, Outcome] = {}
        for program, run in groupby(order, key=lambda index: specs[index].style.program):
            members = list(run)
            bodies = [
                Writer(specs[index].content, specs[index].style, traced).body()
                for index in members
                for traced in (False, True)
            ]
            with engine.typeset(preamble(program), bodies) as tex_pages:
                for at, index in enumerate(members):
                    outcomes[index] = _prove_pages(specs[index], tex_pages[2 * at], tex_pages[2 * at + 1])
        return [outcomes[index] for index in range(len(specs))]


def _prove_pages(spec: TableSpec, seen: TexPage | Rejected, traced: TexPage | Rejected) -> Outcome:
    if isinstance(seen, Rejected):
        return seen
    if isinstance(traced, Rejected):
        return traced
    size_pt = seen.size_pt
    width_px, height_px = (max(16, round(side * spec.dpi / _PT_PER_INCH)) for side in size_pt)
    with seen.page(width_px, height_px) as page:
        pixels = page.pixels()
    with traced.page(width_px, height_px) as page:
        if page.size_pt() != size_pt:
            return Rejected("layout_changed", f"{size_pt} seen, {page.size_pt()} traced")
        glyphs = page.glyphs()
    return prove(spec.content, spec.style, glyphs, pixels)


@cache
def preamble(program: Program) -> Preamble:
    """What stands before the tables of a program: one for all looks, so that they share a run."""
    text = templates.text(NAME, f"{program}.tex") + templates.text(NAME, "shared.tex")
    return Preamble(program, standalone() + text)


RENDERER = LatexTables

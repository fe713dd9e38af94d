"""Plane figures, solids, axes and curves by TikZ in pdfTeX: the target is the TikZ that draws the picture.

`draw` constructs a figure and finds room for its texts; `render` inks all figures of a batch in one run of TeX, and
the text layer and the pixels prove what the target says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import msgspec
import numpy as np

import templates
from renderers.content.geometry.draw import KINDS, Kind, draw_figure
from renderers.core.corpora import Corpora, Sources
from renderers.core.renderer import Outcome, Rejected
from renderers.core.weighted import Weighted, check_weights
from renderers.drawing.tikz_geometry.ink import quickly, size_pt
from renderers.drawing.tikz_geometry.proof import Shot, prove
from renderers.drawing.tikz_geometry.style import PT_AN_INCH, Style, draw_style
from renderers.engines.tex import Preamble, Tex, TexPage, standalone
from renderers.labels.tikz import grammar as tikz

_NAME = "tikz_geometry"
_KINDS: dict[Kind, float] = dict.fromkeys(KINDS, 1.0)

_MAX_ASPECT = 5.0
"""Of a picture, about: GOT makes it square, and what is a narrow strip is little more than its edges then."""


class FigureSpec(msgspec.Struct, frozen=True, gc=False):
    """One picture.

    Attributes:
        kind: what is drawn.
        markup: the target; it is the drawing.
        box: x0, y0, x1, y1 of the figure with its texts, in its units.
        style: how it looks.
    """

    kind: Kind
    markup: str
    box: tuple[float, float, float, float]
    style: Style


@dataclass(frozen=True)
class TikzGeometry:
    """Geometry by TikZ.

    Attributes:
        kinds: weight of each kind; kinds left out are not drawn.
    """

    kinds: dict[Kind, float] = field(default_factory=_KINDS.copy)

    name: ClassVar[str] = _NAME
    engine: ClassVar[type[Tex]] = Tex
    spec: ClassVar[type[FigureSpec]] = FigureSpec
    format: ClassVar[str] = "tikz"
    templates: ClassVar[tuple[str, ...]] = (_NAME, "geometry")
    version: ClassVar[int] = 1
    batch: ClassVar[int] = 300

    def __post_init__(self) -> None:
        """Raises ConfigError for knobs that leave nothing to draw."""
        check_weights("kinds", self.kinds, KINDS)

    @cached_property
    def _kinds(self) -> Weighted[Kind]:
        return Weighted((weight, kind) for kind, weight in self.kinds.items())

    def tools(self) -> dict[str, str]:
        """Nothing besides TeX."""
        return {}

    def corpora(self) -> Sources:
        """None."""
        return ()

    def draw(self, rng: np.random.Generator, corpora: Corpora) -> FigureSpec:
        """A look, then a figure whose texts fit it."""
        style = draw_style(rng)
        kind = self._kinds.at(rng.random())
        figure = draw_figure(rng, kind, style.text_metrics())
        x0, y0, x1, y1 = figure.box
        tall = max(0.0, (x1 - x0) / _MAX_ASPECT - (y1 - y0)) / 2
        wide = max(0.0, (y1 - y0) / _MAX_ASPECT - (x1 - x0)) / 2
        box = (round(x0 - wide, 3), round(y0 - tall, 3), round(x1 + wide, 3), round(y1 + tall, 3))
        return FigureSpec(kind, tikz.write(figure.primitives)[0], box, style)

    def content_key(self, spec: FigureSpec) -> str:
        """The target."""
        return spec.markup

    def batch_key(self, spec: FigureSpec) -> str:
        """All share one."""
        return ""

    def render(self, engine: Tex, specs: Sequence[FigureSpec]) -> list[Outcome]:
        """All figures in one run of TeX."""
        if not specs:
            return []
        placed = [tikz.read_placed(spec.markup) for spec in specs]
        bodies = [
            quickly([(one, spec.markup[slice(*span)]) for one, span in parts], spec.style, spec.box)
            for spec, parts in zip(specs, placed, strict=True)
        ]
        with engine.typeset(preamble(), bodies) as tex_pages:
            return [
                tex_page if isinstance(tex_page, Rejected) else _prove_page(spec, parts, tex_page)
                for spec, parts, tex_page in zip(specs, placed, tex_pages, strict=True)
            ]


def preamble() -> Preamble:
    """One for all figures: their fonts are math versions."""
    return Preamble("pdflatex", standalone(0.0) + templates.text(_NAME, "preamble.tex"))


def _prove_page(
    spec: FigureSpec, placed: Sequence[tuple[tikz.Primitive, tuple[int, int]]], tex_page: TexPage
) -> Outcome:
    """The picture of a page, proven."""
    dots_a_pt = spec.style.dpi / PT_AN_INCH
    width_pt, height_pt = size_pt(spec.style, spec.box)
    width, height = round(width_pt * dots_a_pt), round(height_pt * dots_a_pt)
    px_a_unit = (width / width_pt * spec.style.unit_pt, height / height_pt * spec.style.unit_pt)
    with tex_page.page(width, height) as page:
        return prove(spec.markup, placed, Shot(page.pixels(), page.glyphs(), spec.style, spec.box, px_a_unit))


RENDERER = TikzGeometry

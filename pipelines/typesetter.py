r"""Formulas drawn for got_model's metrics: TeX with the font setups of `latex_formulas`, a colour for each token.

got_model finds this by the entry point group `got_model.typesetters`; the two never import each other.
"""

from collections.abc import Sequence
from itertools import groupby

from renderers.content.formulas.formula import has_han
from renderers.core.renderer import Pixels, Rejected
from renderers.drawing.latex_formulas.setups import fitting, setups
from renderers.drawing.latex_formulas.style import Style, body_of
from renderers.engines.tex import Tex, TexPage
from renderers.labels.latex.colour import Typeset
from renderers.latex_formulas import preamble

_DPI = 600
_PT_PER_INCH = 72
_MAX_PX = 12_000
"""Longest side of a picture, px: what is larger is no formula that a page could hold."""

_SIZE_PT = 10.0
_WIDTH_PT = 345.0
"""Width of the text of LaTeX's article at 10 pt."""


class TexTypesetter:
    """Draws formulas by TeX; each call is a run, nothing is kept."""

    def __init__(self) -> None:
        """Raises EngineStartError, with the line that installs TeX, where it is missing."""
        Tex.versions()

    def pictures(self, formulas: Sequence[Typeset]) -> list[Pixels | None]:
        r"""(H, W, 3) RGB on white at 600 dots an inch, one for each as it is coloured; None where TeX refuses it."""
        pictures: dict[int, Pixels | None] = {}
        chosen = sorted((_setup(formula.markup), index) for index, formula in enumerate(formulas))
        with Tex() as tex:
            for setup, members in groupby(chosen, key=lambda one: one[0]):
                indices = [index for _, index in members]
                if not setup:
                    continue
                bodies = [body_of(formulas[index].coloured, _style(setup)) for index in indices]
                with tex.typeset(preamble(setup), bodies) as tex_pages:
                    pictures.update(zip(indices, map(_picture, tex_pages), strict=True))
        return [pictures.get(index) for index in range(len(formulas))]


def _setup(markup: str) -> str:
    """The first font setup that has all characters of a formula, or "" where none has."""
    names = fitting(markup, has_han(markup), bold=False)
    return min(names, key=list(setups()).index, default="")


def _style(setup: str) -> Style:
    return Style(
        setup=setup,
        size_pt=_SIZE_PT,
        bold=False,
        slanted=False,
        chinese="serif",
        ink="#000000",
        paper="#ffffff",
        width_pt=_WIDTH_PT,
        column=True,
        left=False,
        number_left=False,
        skip_pt=_SIZE_PT,
        frame_pt=0.0,
        pad_pt=(4.0, 4.0, 4.0, 4.0),
        dpi=_DPI,
    )


def _picture(tex_page: TexPage | Rejected) -> Pixels | None:
    if isinstance(tex_page, Rejected):
        return None
    width, height = (max(1, round(side * _DPI / _PT_PER_INCH)) for side in tex_page.size_pt)
    if max(width, height) > _MAX_PX:
        return None
    with tex_page.page(width, height) as page:
        return page.pixels()

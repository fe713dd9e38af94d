"""The look of one picture of formulas: every choice that changes a pixel but says nothing."""

from functools import lru_cache

import msgspec
import numpy as np

import templates
from renderers.content.formulas.formula import Formula, has_han, num_tokens, target
from renderers.core.choice import pick
from renderers.core.weighted import Weighted
from renderers.drawing.latex_formulas.setups import chinese_families, fitting, setups

_RENDERER = "latex_formulas"

MIN_CONTRAST = 4.5
"""Least contrast ratio of the ink to the paper. Source: WCAG 2.2, 1.4.3."""

_PLAIN_FRAC = 0.62
"""Share of pictures that are black on white."""

_MANY_TOKENS = 26
"""A line of prose with more tokens is broken into a column."""


class Style(msgspec.Struct, frozen=True, gc=False):
    """How one picture looks.

    Attributes:
        setup: name of the font setup.
        size_pt: size of the text; leading is 1.3 of it.
        bold: whether text and mathematics are bold.
        slanted: whether prose is in italics, as theorems are.
        chinese: name of the family of Chinese characters.
        ink, paper: "#rrggbb".
        width_pt: minimum width of the column of prose, or of the line at whose side a number stands; 0 for none.
        column: whether it is a column (prose that is broken, several displays), or one line.
        left: whether displays stand at the left, not in the middle.
        number_left: whether numbers stand at the left.
        skip_pt: space around a display in a column.
        frame_pt: thickness of a frame around all; 0 for none.
        pad_pt: paper at the left, top, right and bottom.
        dpi: dots an inch.
    """

    setup: str
    size_pt: float
    bold: bool
    slanted: bool
    chinese: str
    ink: str
    paper: str
    width_pt: float
    column: bool
    left: bool
    number_left: bool
    skip_pt: float
    frame_pt: float
    pad_pt: tuple[float, float, float, float]
    dpi: int


def draw_style(rng: np.random.Generator, formula: Formula) -> Style:
    """A look in which a formula can be drawn."""
    looks = templates.menu(_RENDERER, "looks.toml")
    random = rng.random
    markup = target(formula)
    han = any(has_han(part.latex) for part in formula.parts)
    prose = any(part.kind == "text" for part in formula.parts)
    size_pt = float(pick(looks["sizes_pt"], random()))
    # What is bold by itself could not be told from the rest.
    bold = random() < looks["bold_frac"] and not any(command in markup for command in looks["bold_commands"])
    setup = _setup_at(fitting(markup, han, bold), random())
    if setup is None:
        bold, setup = False, _setup_at(fitting(markup, han, bold=False), random())
    if setup is None:
        setup = "modern_chinese" if han else "computer_modern"
    ink, paper = _draw_colours(random(), random())
    several = sum(part.kind == "display" for part in formula.parts) > 1
    column = several or (prose and (num_tokens(markup) > _MANY_TOKENS or "\n" in markup))
    tagged = any(part.tag for part in formula.parts)
    pad = [float(pick(looks["pads_pt"], random())) for _ in range(2)]
    even = random() < 0.6
    return Style(
        setup=setup,
        size_pt=size_pt,
        bold=bold,
        slanted=prose and not han and random() < looks["slanted_frac"],
        chinese=str(pick(list(chinese_families()), random())),
        ink=ink,
        paper=paper,
        width_pt=round((18 + 26 * random()) * size_pt, 1) if (column and prose) or tagged else 0.0,
        column=column,
        left=bool(random() < (0.5 if several and not prose else 0.12)),
        number_left=bool(random() < 0.2),
        skip_pt=round((0.5 + 0.8 * random()) * size_pt, 1),
        frame_pt=float(pick(looks["frames_pt"], random())) if random() < looks["framed_frac"] else 0.0,
        pad_pt=(pad[0], pad[1], *((pad[0], pad[1]) if even else (pad[0] + 3 * pad[1], pad[1] + 4))),
        dpi=int(pick(looks["dpis"], random())),
    )


def body_of(markup: str, style: Style) -> str:
    r"""The body of a page for a target, in the preamble of its font setup.

    Args:
        markup: the target as `formulas.target` writes it, or the same with colours in it.
        style: its look.
    """
    width = f"{style.width_pt:g}pt"
    content = rf"\FormulaColumn{{{width}}}{{{markup}}}" if style.column else rf"\FormulaLine{{{width}}}{{{markup}}}"
    left, top, right, bottom = (f"{pad:g}pt" for pad in style.pad_pt)
    if style.frame_pt:
        content = rf"\fboxsep=6pt\fboxrule={style.frame_pt:g}pt\fbox{{{content}}}"
    switches = [
        rf"\fontsize{{{style.size_pt:g}}}{{{style.size_pt * 1.3:g}}}\selectfont",
        rf"\def\FormulaSkip{{{style.skip_pt:g}pt}}",
        r"\FormulaLefttrue" if style.left else r"\FormulaLeftfalse",
        r"\FormulaNumberLefttrue" if style.number_left else r"\FormulaNumberLeftfalse",
    ]
    if setups()[style.setup].program == "xelatex" and style.chinese != next(iter(chinese_families())):
        switches.append(rf"\{style.chinese}family")
    if style.bold:
        switches.append(r"\bfseries\boldmath")
    if style.slanted:
        switches.append(r"\itshape")
    padded = rf"\FormulaPad{{{left}}}{{{top}}}{{{right}}}{{{bottom}}}{{{content}}}"
    if style.ink != "#000000":
        padded = rf"\color[HTML]{{{style.ink[1:].upper()}}}{padded}"
    if style.paper != "#ffffff":
        padded = rf"\fboxsep=0pt\colorbox[HTML]{{{style.paper[1:].upper()}}}{{{padded}}}"
    return f"{''.join(switches)}{padded}"


def _setup_at(names: tuple[str, ...], share: float) -> str | None:
    return _weighted(names).at(share) if names else None


@lru_cache(maxsize=256)
def _weighted(names: tuple[str, ...]) -> Weighted[str]:
    return Weighted((setups()[name].weight, name) for name in names)


def _draw_colours(plain: float, share: float) -> tuple[str, str]:
    papers = templates.menu(_RENDERER, "looks.toml")["papers"]
    if plain < _PLAIN_FRAC:
        return "#000000", "#ffffff"
    pairs = [(ink, row["paper"]) for row in papers for ink in row["inks"]]
    return pick(pairs, share)

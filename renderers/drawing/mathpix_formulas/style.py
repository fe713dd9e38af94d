"""The look of one picture of formulas in the browser: every choice that changes a pixel but says nothing."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
import numpy as np

import templates
from renderers.content import fonts
from renderers.content.formulas.formula import Formula, has_han, num_tokens, target
from renderers.core.choice import pick

NAME = "mathpix_formulas"

MIN_CONTRAST = 4.5
"""Least contrast ratio of the ink to the paper. Source: WCAG 2.2, 1.4.3."""

_PLAIN_FRAC = 0.62
"""Share of pictures that are black on white."""

_MANY_TOKENS = 26
"""A line of prose with more signs is broken into a column."""

_TRIES = 6
_WIDEST_FAMILY = "Noto Sans CJK SC"
"""Draws what no other family does."""

_BESIDE_MATHEMATICS = re.compile(r"\\(?:text[a-z]*)\{[^{}]*\}")


class Style(msgspec.Struct, frozen=True, gc=False):
    """How one picture looks.

    Attributes:
        families: of the text, the first that has a sign draws it.
        size_px: size of the text on the page.
        line_height: distance of lines of prose, in em of the text.
        ink, paper: "#rrggbb".
        width_px: least width of the column of prose, or of the line at whose side a number stands; 0 for none.
        column: whether it is a column (prose that is broken, several displays), or one line.
        justified: whether the lines of a column are stretched to its width.
        left: whether displays stand at the left, not in the middle.
        skip_px: space around a display in a column.
        weight: thousandths of an em by which strokes of mathematics are thicker.
        frame_px: thickness of a frame around all; 0 for none.
        pad_px: paper at the left, top, right and bottom.
        scale: picture px to one page px.
    """

    families: tuple[str, ...]
    size_px: float
    line_height: float
    ink: str
    paper: str
    width_px: float
    column: bool
    justified: bool
    left: bool
    skip_px: float
    weight: float
    frame_px: float
    pad_px: tuple[float, float, float, float]
    scale: float


def missing_glyphs(markup: str) -> str | None:
    """What of a target MathJax does not draw, or draws like another sign; None where it draws all."""
    found = _lacks().search(markup)
    return found[0] if found else None


def draw_style(rng: np.random.Generator, formula: Formula) -> Style:
    """A look in which a formula can be drawn."""
    menu = templates.menu(NAME)
    random = rng.random
    markup = target(formula)
    prose = any(part.kind == "text" for part in formula.parts)
    several = sum(part.kind == "display" for part in formula.parts) > 1
    column = several or (prose and (num_tokens(markup) > _MANY_TOKENS or "\n" in markup))
    tagged = any(part.tag for part in formula.parts)
    size_px = float(pick(menu["sizes_px"], random()))
    ink, paper = _draw_colours(menu["papers"], random(), random())
    pad = [float(pick(menu["pads_px"], random())) for _ in range(2)]
    even = random() < 0.6
    weight = float(pick(menu["weights"], random())) if random() < menu["heavy_frac"] else 0.0
    frame_px = float(pick(menu["frames_px"], random())) if random() < menu["framed_frac"] else 0.0
    return Style(
        families=_draw_families(rng, _words(formula)),
        size_px=size_px,
        line_height=float(pick(menu["line_heights"], random())),
        ink=ink,
        paper=paper,
        width_px=float(round((18 + 26 * random()) * size_px)) if (column and prose) or tagged else 0.0,
        column=column,
        justified=column and prose and bool(random() < menu["justified_frac"]),
        left=bool(random() < (0.5 if several and not prose else 0.12)),
        skip_px=float(round((0.5 + 0.8 * random()) * size_px)),
        # What is bold by itself could not be told from the rest, and a framed formula not from a \boxed one.
        weight=weight if not any(sign in markup for sign in menu["bold_commands"]) else 0.0,
        frame_px=frame_px if prose or several else 0.0,
        pad_px=(pad[0], pad[1], *((pad[0], pad[1]) if even else (pad[0] + 3 * pad[1], pad[1] + 4))),
        scale=float(pick(menu["scales"], random())),
    )


def css_of(style: Style) -> str:
    """Declarations for the sheet."""
    left, top, right, bottom = (f"{pad:g}px" for pad in style.pad_px)
    families = ", ".join(f"'{family}'" for family in style.families)
    return (
        f"font: {style.size_px:g}px/{style.line_height:g} {families}; color: {style.ink}; background: {style.paper};"
        f" padding: {top} {right} {bottom} {left}; text-align: {'justify' if style.justified else 'left'};"
        f" --width: {style.width_px:g}px; --skip: {style.skip_px:g}px; --place: {'left' if style.left else 'center'};"
        f" --weight: {style.weight:g}; --frame: {style.frame_px:g}px"
    )


@cache
def _lacks() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in templates.menu(NAME)["lacks"]))


def _words(formula: Formula) -> str:
    """What is drawn in the text's font, and a little more."""
    return "".join(
        part.latex if part.kind == "text" else "".join(_BESIDE_MATHEMATICS.findall(part.latex))
        for part in formula.parts
    )


def _draw_families(rng: np.random.Generator, words: str) -> tuple[str, ...]:
    latin, han = fonts.families("latin"), fonts.families("han")
    for _ in range(_TRIES):
        pair = (str(pick(latin, rng.random())), str(pick(han, rng.random())))
        chosen = pair if has_han(words) else pair[:1]
        if fonts.missing_glyph(chosen, "".join(words.split())) is None:
            return chosen
    return (_WIDEST_FAMILY,)


def _draw_colours(papers: Sequence[dict[str, Any]], plain: float, share: float) -> tuple[str, str]:
    if plain < _PLAIN_FRAC:
        return "#000000", "#ffffff"
    pairs = [(ink, row["paper"]) for row in papers for ink in row["inks"]]
    return pick(pairs, share)

"""The look of one picture of formulas in the browser: every choice that changes pixels and not the target."""

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
"""Minimum contrast ratio of the ink to the paper. Source: WCAG 2.2, 1.4.3."""

_PLAIN_FRAC = 0.62
"""Share of pictures that are black on white."""

_MANY_TOKENS = 26
"""A line of prose with more tokens is broken into a column."""

_MAX_TRIES = 6
_FALLBACK_FAMILY = "Noto Sans CJK SC"
"""The family that has the most glyphs."""

_TEXT_IN_FORMULA = re.compile(r"\\(?:text[a-z]*)\{[^{}]*\}")


class Style(msgspec.Struct, frozen=True, gc=False):
    """How one picture looks.

    Attributes:
        families: of the text; each character is drawn by the first that has it.
        size_px: font size of the text; like all lengths in px, of the page.
        line_height: distance of lines of prose, in em of the text.
        ink, paper: "#rrggbb".
        width_px: minimum width of the column of prose, or of the line that has an equation number; 0 for none.
        column: whether it is a column (prose that is broken, several displays), or one line.
        justified: whether the lines of a column are stretched to its width.
        left: whether displayed formulas are at the left, not in the middle.
        skip_px: space above and below a displayed formula in a column.
        weight: thousandths of an em by which strokes of mathematics are thicker.
        frame_px: thickness of a frame around the formula; 0 for none.
        pad_px: paper at the left, top, right and bottom.
        scale: px of the picture per px of the page.
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
    """The first part of a target that MathJax cannot draw, or draws like another symbol; None where it draws all."""
    match = _unsupported().search(markup)
    return match[0] if match else None


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
    pad_x, pad_y = (float(pick(menu["pads_px"], random())) for _ in range(2))
    symmetric = random() < 0.6
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
        # With heavier strokes \mathbf looks like the rest, and a formula in a frame looks like a \boxed one.
        weight=weight if not any(command in markup for command in menu["bold_commands"]) else 0.0,
        frame_px=frame_px if prose or several else 0.0,
        pad_px=(pad_x, pad_y, *((pad_x, pad_y) if symmetric else (pad_x + 3 * pad_y, pad_y + 4))),
        scale=float(pick(menu["scales"], random())),
    )


def css_of(style: Style) -> str:
    """CSS declarations for the sheet."""
    left, top, right, bottom = (f"{pad:g}px" for pad in style.pad_px)
    families = ", ".join(f"'{family}'" for family in style.families)
    return (
        f"font: {style.size_px:g}px/{style.line_height:g} {families}; color: {style.ink}; background: {style.paper};"
        f" padding: {top} {right} {bottom} {left}; text-align: {'justify' if style.justified else 'left'};"
        f" --width: {style.width_px:g}px; --skip: {style.skip_px:g}px; --place: {'left' if style.left else 'center'};"
        f" --weight: {style.weight:g}; --frame: {style.frame_px:g}px"
    )


@cache
def _unsupported() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in templates.menu(NAME)["lacks"]))


def _words(formula: Formula) -> str:
    """All text that is drawn in `Style.families`; it may hold some more."""
    return "".join(
        part.latex if part.kind == "text" else "".join(_TEXT_IN_FORMULA.findall(part.latex)) for part in formula.parts
    )


def _draw_families(rng: np.random.Generator, words: str) -> tuple[str, ...]:
    latin, han = fonts.families("latin"), fonts.families("han")
    for _ in range(_MAX_TRIES):
        pair = (str(pick(latin, rng.random())), str(pick(han, rng.random())))
        chosen = pair if has_han(words) else pair[:1]
        if fonts.missing_glyph(chosen, "".join(words.split())) is None:
            return chosen
    return (_FALLBACK_FAMILY,)


def _draw_colours(papers: Sequence[dict[str, Any]], plain: float, share: float) -> tuple[str, str]:
    if plain < _PLAIN_FRAC:
        return "#000000", "#ffffff"
    pairs = [(ink, row["paper"]) for row in papers for ink in row["inks"]]
    return pick(pairs, share)

"""The layout of slices of text: the input of set.js, and where on the pages of the PDF each slice is.

Text is laid out at one of two font sizes, and each slice gets its own size by the scale at which its part of the page
is rasterized. A CSS px is three quarters of a point.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Any

from renderers.content import fonts
from renderers.drawing.documents.line_style import LineSpec, LineStyle, is_grey
from renderers.drawing.documents.style import languages
from renderers.drawing.printed.chars import JOINED

_STEP = 4
"""Sides of slices are multiples of this, CSS px, so that they are whole points; set.js has the same number."""


@dataclass(frozen=True, slots=True)
class LineLayout:
    """The rectangle of a PDF page that one slice is drawn in; all begin at the left edge of the page.

    Attributes:
        index: of the slice's spec in the batch.
        top_pt, width_pt, height_pt: of the rectangle.
        margin_pt: between the edges of the rectangle and the line boxes.
    """

    index: int
    top_pt: int
    width_pt: int
    height_pt: int
    margin_pt: int


def _round_up(css_px: float) -> int:
    return _STEP * ceil(css_px / _STEP)


def _margin_px(style: LineStyle) -> int:
    """CSS px around the lines: room for marks and swashes that leave them, and for the paper that is kept."""
    return _round_up(_font_size_px(style) * (0.9 if style.families[0] in fonts.families("hand") else 0.5))


def _font_size_px(style: LineStyle) -> float:
    """The font size of the layout, CSS px."""
    return style.size_px / style.scale * 4 / 3


def make_layout_input(spec: LineSpec) -> dict[str, Any]:
    """The input of templates/html_lines/set.js for one slice."""
    style = spec.style
    size = _font_size_px(style)
    margin = _margin_px(style)
    css = (
        f"font:{700 if style.bold else 400} {size:g}px/{_round_up(style.leading * size)}px {_css(style.families)};"
        f"padding:{margin}px;color:{style.ink};background:{style.paper}"
    )
    if style.spacing_em:
        css += f";letter-spacing:{style.spacing_em:g}em"
    if style.width_em:
        css += f";width:{_round_up(style.width_em * size) + 2 * margin}px"
    return {
        "text": spec.text,
        "classes": "paragraph" if style.width_em else "",
        "language": spec.language,
        "direction": languages()[spec.language].get("direction", "ltr"),
        "style": css,
        "group": int(spec.language in JOINED),
    }


def has_colour(spec: LineSpec) -> bool:
    """Whether its picture is RGB, not grey."""
    return not (is_grey(spec.style.paper) and is_grey(spec.style.ink))


@cache
def _css(families: tuple[str, ...]) -> str:
    return ",".join(f'"{name}"' for name in families)


def read_layouts(specs: Sequence[LineSpec], measured: Sequence[Sequence[int]]) -> list[list[LineLayout]]:
    """The layouts of the slices on each page of the PDF, from top to bottom.

    Args:
        specs: N slices.
        measured: the output of set.js: N times page number, top, width, height, in CSS px.
    """
    pages: dict[int, list[LineLayout]] = {}
    for index, (page, *lengths) in enumerate(measured):
        top, width, height, margin = (length * 3 // 4 for length in (*lengths, _margin_px(specs[index].style)))
        pages.setdefault(page, []).append(LineLayout(index, top, width, height, margin))
    return [sorted(pages[page], key=lambda layout: layout.top_pt) for page in sorted(pages)]

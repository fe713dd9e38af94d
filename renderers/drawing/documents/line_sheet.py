"""Slices as the page sets them, and the slots on sheets that it tells of.

Text is set at one of two sizes, whatever its own; each slot is then seen at a scale of its own. A CSS px is three
quarters of a point.
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
"""CSS px that are whole points; set.js deals in the same."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a slice is drawn, in points of its sheet; all begin at its left edge.

    Attributes:
        place: of its spec.
        top, width, height: of the slot.
        rim: between its edges and its lines, these being as high as their leading.
    """

    place: int
    top: int
    width: int
    height: int
    rim: int


def _stepped(css_px: float) -> int:
    return _STEP * ceil(css_px / _STEP)


def _rim(style: LineStyle) -> int:
    """CSS px around the lines: what marks and swashes may reach into, and the paper that is kept."""
    return _stepped(_set_size(style) * (0.9 if style.families[0] in fonts.families("hand") else 0.5))


def _set_size(style: LineStyle) -> float:
    """CSS px to an em, as it is set."""
    return style.size_px / style.scale * 4 / 3


def make_slice(spec: LineSpec) -> dict[str, Any]:
    """What set.js is given."""
    style = spec.style
    size = _set_size(style)
    rim = _rim(style)
    css = (
        f"font:{700 if style.bold else 400} {size:g}px/{_stepped(style.leading * size)}px {_css(style.families)};"
        f"padding:{rim}px;color:{style.ink};background:{style.paper}"
    )
    if style.spacing_em:
        css += f";letter-spacing:{style.spacing_em:g}em"
    if style.width_em:
        css += f";width:{_stepped(style.width_em * size) + 2 * rim}px"
    return {
        "text": spec.text,
        "classes": "paragraph" if style.width_em else "",
        "language": spec.language,
        "direction": languages()[spec.language].get("direction", "ltr"),
        "style": css,
        "group": int(spec.language in JOINED),
    }


def has_colour(spec: LineSpec) -> bool:
    """Whether its picture is no grey one."""
    return not (is_grey(spec.style.paper) and is_grey(spec.style.ink))


@cache
def _css(families: tuple[str, ...]) -> str:
    return ",".join(f'"{name}"' for name in families)


def slots_of(specs: Sequence[LineSpec], found: Sequence[Sequence[int]]) -> list[list[Slot]]:
    """The slots of each sheet, from above, of what set.js tells."""
    sheets: dict[int, list[Slot]] = {}
    for place, (sheet, *edges) in enumerate(found):
        top, width, height, rim = (edge * 3 // 4 for edge in (*edges, _rim(specs[place].style)))
        sheets.setdefault(sheet, []).append(Slot(place, top, width, height, rim))
    return [sorted(sheets[sheet], key=lambda slot: slot.top) for sheet in sorted(sheets)]

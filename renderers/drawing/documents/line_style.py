"""The look of one slice: every choice that changes a pixel but says nothing; drawn in a few microseconds."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Literal, TypeAlias, TypeVar, get_args

import msgspec

import templates
from renderers.content import fonts, palettes
from renderers.content.documents.lines import PieceKind
from renderers.core.boxes import GOT_SIDE_PX
from renderers.core.choice import pick
from renderers.drawing.documents.style import font_stacks, languages

NAME = "html_lines"

Look: TypeAlias = Literal["black", "grey", "colour", "dark"]
LOOKS: tuple[Look, ...] = get_args(Look)

Random: TypeAlias = Callable[[], float]
"""Gives the next number in [0, 1)."""

_BOLD_FRAC = 0.25

_WIDEST_PX = GOT_SIDE_PX
"""GOT sees no more of a line, so a longer text is smaller, as far as it can be."""

_SET_PT = (24, 33)
"""Sizes at which text is set. Measured: a browser needs 0.4 ms for each face at a size that it has not at hand, so two
serve all, and a slice has its own size by the scale at which its slot is seen."""

_SCALES = tuple(part / 32 * 2.0**power for power in (-1, 0, 1) for part in range(22, 33))
"""Few binary digits, and never so that heights on a sheet cross a power of two: see templates/html_lines/page.html."""

_SIZES = tuple(sorted((set_pt * scale, scale) for set_pt in _SET_PT for scale in _SCALES))

T = TypeVar("T")


Face: TypeAlias = tuple[tuple[str, ...], bool]
"""A chain of families, and whether it is their bold faces."""


class LineStyle(msgspec.Struct, frozen=True, gc=False):
    """A look.

    Attributes:
        families: what draws the text, a chain.
        bold: by its bold faces.
        size_px: to an em, px of the picture.
        scale: px of the picture to a point of the sheet.
        leading: height of a line, em.
        spacing_em: between letters.
        width_em: of a paragraph; 0 of what stands in one line.
        pad_px: paper left of, above, right of and below what is kept.
        tight: above and below is cut at the ink, else where lines of this font end.
        paper, ink: colours.
    """

    families: tuple[str, ...]
    bold: bool
    size_px: float
    scale: float
    leading: float
    spacing_em: float
    width_em: int
    pad_px: tuple[int, int, int, int]
    tight: bool
    paper: str
    ink: str


class LineSpec(msgspec.Struct, frozen=True, gc=False):
    """One slice: what it says and how it looks."""

    text: str
    kind: PieceKind
    language: str
    style: LineStyle


def draw_line_style(
    random: Random,
    kind: PieceKind,
    language: str,
    face: Face,
    look: Look,
    width_em: float,
    tight_frac: float,
    pads: Sequence[float],
) -> LineStyle:
    """A look for a piece of a kind.

    Args:
        random: every choice is its.
        kind: of the piece.
        language: of its text.
        face: that draws it.
        look: kind of colours.
        width_em: of its text in one line.
        tight_frac: share of those that are cut at the ink.
        pads: paper beside it, heights of a capital.
    """
    menu = templates.menu(NAME)
    forms: Mapping[str, Any] = menu["forms"]

    def one(things: Sequence[T]) -> T:
        return pick(things, random())

    families, bold = face
    row = languages()[language]
    paragraph = kind == "paragraph"
    caps: Sequence[int] = menu["sizes"]["paragraph" if paragraph else "line"]
    cap_em = _cap_em(families)
    if not paragraph:
        caps = caps[: max(1, bisect_right(caps, _WIDEST_PX * cap_em / width_em))]
    cap_px = one(caps)
    size_px, scale = _size_above(cap_px / cap_em)
    paper, ink = one(menu["looks"][look])

    def pad() -> int:
        return max(1, round(cap_px * one(pads)))

    return LineStyle(
        families=families,
        bold=bold,
        size_px=size_px,
        scale=scale,
        leading=max(one(forms["leadings"]) if paragraph else 1.25, row.get("leading", 1.0)),
        spacing_em=0.0 if "leading" in row else one(forms["spacings_em"]),
        width_em=one(forms["widths_em"]) if paragraph else 0,
        pad_px=(pad(), pad(), pad(), pad()),
        # Of a sign alone nobody could tell how large it is: o or O, a dash or a line.
        tight=random() < tight_frac and kind in ("line", "paragraph"),
        paper=paper,
        ink=ink,
    )


def draw_face(random: Random, language: str, firsts: tuple[str, ...]) -> Face:
    """What draws a text of a language; it begins with one of some families, where any are named."""
    every = font_stacks_of(language, firsts)
    families = pick(every, random())
    return families, random() < _BOLD_FRAC and _all_bold(families)


@cache
def font_stacks_of(language: str, firsts: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The font stacks that draw a language, handwriting among them; where families are named, those that begin so.

    Of families that are not asked for nothing needs to be installed.
    """
    if not firsts:
        hands = font_stacks(language, hand=True) if language in _HANDS else ()
        return tuple(dict.fromkeys((*font_stacks(language), *hands)))
    row = languages()[language]
    others: list[tuple[str, ...]] = [(name,) for script in row.get("others", ()) for name in fonts.families(script)]
    known = {name for script in (*row["scripts"], "hand") for name in fonts.families(script)}
    drawing = [name for name in firsts if name in known and fonts.missing_glyph((name,), row["letters"]) is None]
    return tuple((name, *other) for name in drawing for other in others or [()])


_HANDS = ("en", "zh", "de", "fr", "es")
"""Languages that fonts of the hand draw."""


@cache
def _cap_em(families: tuple[str, ...]) -> float:
    return min(map(fonts.cap_height_em, families))


def _size_above(wanted_px: float) -> tuple[float, float]:
    return _SIZES[bisect_left(_SIZES, (wanted_px, 0.0), 0, len(_SIZES) - 1)]


@cache
def _all_bold(families: tuple[str, ...]) -> bool:
    return all(map(fonts.has_bold, families))


@cache
def smallest_cap_px(families: tuple[str, ...], size_px: float) -> float:
    """Height of a capital of the family whose capitals are lowest."""
    return size_px * _cap_em(families)


def least_line_contrast(style: LineStyle) -> float:
    """Of its ink to its paper."""
    return palettes.contrast(style.ink, style.paper)


@cache
def is_grey(colour: str) -> bool:
    """Whether a colour "#rrggbb" has one level."""
    return colour[1:3] == colour[3:5] == colour[5:7]

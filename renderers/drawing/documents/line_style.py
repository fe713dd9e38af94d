"""The look of one slice: every choice that changes pixels but not the text; drawn in a few microseconds."""

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
"""A function that gives the next random number in [0, 1)."""

_BOLD_FRAC = 0.25

_WIDEST_PX = GOT_SIDE_PX
"""GOT reads no wider line at full size, so a longer text gets a smaller font, down to the smallest size."""

_LAYOUT_PT = (24, 33)
"""Font sizes of the layout. Measured: a browser needs 0.4 ms for each new pair of face and size, so there are two
sizes, and a slice gets its own by the scale at which it is rasterized."""

_SCALES = tuple(part / 32 * 2.0**power for power in (-1, 0, 1) for part in range(22, 33))
"""With few binary digits, and so that no y on a page crosses a power of two: see templates/html_lines/page.html."""

_SIZES = tuple(sorted((layout_pt * scale, scale) for layout_pt in _LAYOUT_PT for scale in _SCALES))

T = TypeVar("T")


Face: TypeAlias = tuple[tuple[str, ...], bool]
"""A font stack, and whether its bold faces are used."""


class LineStyle(msgspec.Struct, frozen=True, gc=False):
    """A look.

    Attributes:
        families: the font stack.
        bold: whether its bold faces are used.
        size_px: font size, px of the picture.
        scale: px of the picture per point of the PDF page.
        leading: height of a line, em.
        spacing_em: letter spacing.
        width_em: of a paragraph; 0 for what is in one line.
        pad_px: paper around the cut-out: left, top, right, bottom.
        tight: whether top and bottom are cut at the ink, not at the line boxes of the font.
        paper, ink: colours, "#rrggbb".
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
    """One slice: its text and its look."""

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
        random: source of all random choices, uniform in [0, 1).
        kind: of the piece.
        language: of its text, BCP 47.
        face: of its text.
        look: kind of colours.
        width_em: of its text in one line.
        tight_frac: share of lines and paragraphs that are cut at the ink, 0..1.
        pads: widths of paper around the text to choose from, in heights of a capital.
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
        # A character cut at its ink has no size to compare with: o or O, a dash or a line.
        tight=random() < tight_frac and kind in ("line", "paragraph"),
        paper=paper,
        ink=ink,
    )


def draw_face(random: Random, language: str, firsts: tuple[str, ...]) -> Face:
    """A face for a language; its first family is one of `firsts`, unless that is empty."""
    every = font_stacks_of(language, firsts)
    families = pick(every, random())
    return families, random() < _BOLD_FRAC and _all_bold(families)


@cache
def font_stacks_of(language: str, firsts: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The font stacks that draw a language, handwriting included.

    Args:
        language: BCP 47.
        firsts: the families that may come first; all, if empty. Other first families need not be installed.
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
"""Languages that handwriting fonts draw."""


@cache
def _cap_em(families: tuple[str, ...]) -> float:
    return min(map(fonts.cap_height_em, families))


def _size_above(min_px: float) -> tuple[float, float]:
    return _SIZES[bisect_left(_SIZES, (min_px, 0.0), 0, len(_SIZES) - 1)]


@cache
def _all_bold(families: tuple[str, ...]) -> bool:
    return all(map(fonts.has_bold, families))


@cache
def smallest_cap_px(families: tuple[str, ...], size_px: float) -> float:
    """Height of a capital letter in the family with the lowest capitals, px of the picture."""
    return size_px * _cap_em(families)


def least_line_contrast(style: LineStyle) -> float:
    """Contrast ratio of its ink to its paper, 1..21."""
    return palettes.contrast(style.ink, style.paper)


@cache
def is_grey(colour: str) -> bool:
    """Whether the three channels of a colour "#rrggbb" are equal."""
    return colour[1:3] == colour[3:5] == colour[5:7]

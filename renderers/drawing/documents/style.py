"""The look of one document: every choice that changes pixels but not the text."""

from collections.abc import Container, Iterable, Mapping
from functools import cache
from typing import Any

import msgspec
import numpy as np

import templates
from renderers.content import fonts, palettes
from renderers.content.documents.document import Kind
from renderers.core.boxes import GOT_SIDE_PX
from renderers.core.choice import pick

NAME = "html_documents"

MIN_CAP_PX = 8.3
"""Smallest height of a capital at the 1024 x 1024 that GOT reads; a sample needs 8."""

MIN_CONTRAST = 3.0

_SCREENS: tuple[Kind, ...] = ("chat", "settings")
_FITTED_KINDS: tuple[Kind, ...] = ("receipt", "form", "line", "paragraph", "letter", "poem")
"""Kinds whose paper may end with the text."""

_DISPLAY_SIZES = {"poster": (1.6, 3.2), "notes": (1.2, 2.0)}
_COLUMNS = {"newspaper": (2, 3, 3, 4), "dictionary": (1, 2, 2, 3), "essay": (1, 1, 2), "book": (1, 1, 1, 1, 2)}
_VERTICAL_FRAC = 0.15
_HAND_FRAC = 0.75
"""Share of pages of notes in handwriting fonts; the others are in any font."""

_PLAIN_FRAC = 0.6
"""Share of printed kinds that are black on white, as most books, letters and newspapers are."""


class Style(msgspec.Struct, frozen=True, gc=False):
    """A look.

    Attributes:
        width_px, height_px: of the paper, CSS px; 0 where the paper ends with its text.
        scale: px of the picture per CSS px.
        pad_px: left, top, right, bottom, CSS px.
        columns: number of columns of text.
        families: the font stack of the text.
        display: the font stack of titles.
        bold: whether titles are bold.
        size_px: font size of the text, CSS px.
        vertical: whether lines run downwards, from right to left.
        hyphenated: whether words may be broken at the ends of lines.
        classes: CSS classes of the page.
        variables: CSS variables of the page.
    """

    width_px: int
    height_px: int
    scale: float
    pad_px: tuple[int, int, int, int]
    columns: int
    families: tuple[str, ...]
    display: tuple[str, ...]
    bold: bool
    size_px: float
    vertical: bool
    hyphenated: bool
    classes: tuple[str, ...]
    variables: dict[str, str]

    def capacity(self, em: float) -> int:
        """About how many characters fill the text's area; `em` is the mean width of one."""
        left, top, right, bottom = self.pad_px
        width_em = ((self.width_px or 620) - left - right) / self.size_px
        lines = ((self.height_px or 700) - top - bottom) / (self.size_px * float(self.variables["--leading"]))
        gaps = 1 - 0.05 * (self.columns - 1)
        return max(20, int(width_em * gaps / em * lines))


def languages() -> dict[str, dict[str, Any]]:
    """The table of languages."""
    return templates.menu("documents", "languages.toml")


def families_of(names: Iterable[str], firsts: Container[str] = ()) -> tuple[str, ...]:
    """Every family that may draw one of these languages, whether it is installed or not.

    Args:
        names: of languages, BCP 47.
        firsts: families that may come first in a font stack; none are all.
    """
    rows = [languages()[name] for name in names]
    first = {family for row in rows for script in (*row["scripts"], "hand") for family in fonts.families(script)}
    second = {family for row in rows for script in row.get("others", ()) for family in fonts.families(script)}
    return tuple(sorted(second | {family for family in first if not firsts or family in firsts}))


@cache
def font_stacks(language: str, hand: bool = False) -> tuple[tuple[str, ...], ...]:
    """Every font stack that draws a language; with `hand`, handwriting only."""
    row = languages()[language]
    if hand:
        return tuple(
            (name,) for name in (("LXGW WenKai", "AR PL KaitiM GB") if language == "zh" else fonts.families("hand"))
        )
    scripts = row["scripts"]
    firsts = [name for script in scripts for name in fonts.families(script) if _draws((name,), row["letters"])]
    others = [name for script in row.get("others", ()) for name in fonts.families(script)]
    if not others:
        return tuple((name,) for name in firsts)
    return tuple((name, other) for name in firsts for other in others)


def _draws(families: tuple[str, ...], letters: str) -> bool:
    return fonts.missing_glyph(families, letters) is None


def draw_style(rng: np.random.Generator, kind: Kind, language: str) -> Style:
    """A look for a kind of document in a language."""
    menu = templates.menu(NAME)
    looks: Mapping[str, Any] = menu["looks"]
    random = rng.random

    def one(things: Any) -> Any:
        return pick(things, random())

    may_be_vertical = kind in ("book", "poem", "essay") and language in ("zh", "ja") and bool(random() < _VERTICAL_FRAC)
    hand = kind == "notes" and language in ("en", "zh", "de", "fr", "es") and bool(random() < _HAND_FRAC)
    families = one(font_stacks(language, hand))
    vertical = may_be_vertical and all(map(fonts.may_stand, families))
    display = families if hand or vertical or random() < 0.6 else one(font_stacks(language))
    bold = all(map(fonts.has_bold, display)) and bool(random() < 0.7)
    fits_text = kind in _FITTED_KINDS and (kind in ("receipt", "form", "line", "paragraph") or bool(random() < 0.35))
    width, height = _page(menu["pages"], kind, language, one, random)
    scale = float(one(looks["scales"]))
    size_px = _size_px((*families, *display), kind, height if not fits_text else 0, scale, one, random)
    spread = 0.02 + 0.09 * random()
    pad = [round((width or 400) * (spread + 0.02 * random())) for _ in range(4)]
    if kind in ("line", "paragraph"):
        # Marks above and below the letters of these scripts reach out of the line.
        least = 0.45 * size_px if "leading" in languages()[language] else 1
        pad = [round(least + size_px * 0.6 * random()) for _ in range(4)]
    columns = int(one(_COLUMNS.get(kind, (1,)))) if not vertical else 1
    while columns > 1 and (width - pad[0] - pad[2]) / columns < 16 * size_px * (1.0 if language != "zh" else 0.8):
        columns -= 1
    hyphenated = language in ("en", "de", "fr", "es", "ru", "el") and bool(random() < 0.5)
    classes: list[str] = [kind]
    classes += ["hugging" if kind == "line" else "fitting"] if fits_text else []
    classes += ["vertical"] if vertical else []
    classes += ["ruled"] if random() < 0.4 else []
    if kind == "form":
        classes += ["forms", one(["lined", "boxed", "plainly"])]
    if kind == "poster":
        classes += ["posters"] + (["framed"] if random() < 0.5 else [])
    plain = random() < _PLAIN_FRAC
    paper = "screen" if kind in _SCREENS else "poster" if kind == "poster" else "plain" if plain else "coloured"
    colours = one(menu["papers"][paper])
    return Style(
        width_px=0 if kind == "line" else width,
        height_px=0 if fits_text else height,
        scale=scale,
        pad_px=(pad[0], pad[1], pad[2], pad[3]),
        columns=columns,
        families=families,
        display=display,
        bold=bold,
        size_px=size_px,
        vertical=vertical,
        hyphenated=hyphenated,
        classes=tuple(classes),
        variables=_variables(looks, colours, languages()[language], kind, columns, one, random),
    )


def _page(pages: Mapping[str, Any], kind: Kind, language: str, one: Any, random: Any) -> tuple[int, int]:
    if kind == "line":
        return 0, 0
    if kind == "paragraph":
        return int(180 + 460 * random()), 0
    if kind == "receipt":
        return int(one([260, 300, 340, 400])), 0
    if kind == "form":
        return int(one([480, 600, 700])), 0
    width, height = one(pages[kind])
    return int(width), int(height)


def _size_px(drawing: tuple[str, ...], kind: Kind, height_px: int, scale: float, one: Any, random: Any) -> float:
    cap_em = min(fonts.cap_height_em(name) for name in drawing)
    least = max(MIN_CAP_PX * (height_px or 500) / GOT_SIDE_PX / cap_em, 9.0 / cap_em / scale, 10.0)
    low, high = _DISPLAY_SIZES.get(kind, (1.0, 1.0))
    grown = float(one(templates.menu(NAME)["looks"]["sizes_em"])) if high == 1.0 else low + (high - low) * random()
    return round(float(least * grown), 1)


def _variables(
    looks: Mapping[str, Any],
    colours: Mapping[str, str],
    row: Mapping[str, Any],
    kind: Kind,
    columns: int,
    one: Any,
    random: Any,
) -> dict[str, str]:
    least_leading = float(row.get("leading", 1.0))
    leading = max(float(one(looks["leadings"])), least_leading)
    indented = random() < 0.5 and kind in ("book", "newspaper", "essay", "letter")
    return {
        "--leading": f"{leading:g}",
        "--title-leading": f"{max(1.25, least_leading):g}",
        "--spacing": f"{one(looks['spacings_em']):g}em",
        "--align": str(one(looks["aligns"])),
        "--indent": f"{one(looks['indents_em']) if indented else 0:g}em",
        "--space": f"{0.0 if indented and random() < 0.7 else one(looks['spaces_em']):g}em",
        "--gap": f"{1.2 + 1.3 * random():.2f}em",
        "--rule": "0.06em solid" if columns > 1 and random() < 0.4 else "none",
        "--title-size": f"{one(looks['titles_em']) * (1.5 if kind == 'poster' else 1):g}em",
        "--heading-size": f"{one(looks['headings_em']):g}em",
        "--title-align": str(one(looks["title_aligns"])),
        "--letter-align": str(one(["start", "start", "end"])),
        "--verse-align": str(one(["start", "start", "center"])),
        "--leader": str(one(looks["leaders"])),
        "--headroom": f"{0.6 + 1.2 * random():.2f}em",
        **{f"--{name}": colour for name, colour in colours.items()},
    }


def has_one_hue(style: Style) -> bool:
    """Whether all of its colours are greys."""
    return all(value[1:3] == value[3:5] == value[5:] for value in style.variables.values() if value.startswith("#"))


def least_contrast(style: Style) -> float:
    """The least contrast ratio of all colours of text to what is behind them, 1..21."""
    colours = style.variables
    backs = {"--paper"} | ({"--panel", "--own"} if "chat" in style.classes else set())
    return min(
        palettes.contrast(colours[ink], colours[back]) for ink in ("--ink", "--soft", "--accent") for back in backs
    )

"""The look of one page: every choice that changes pixels but not the text."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import msgspec
import numpy as np

import templates
from renderers.content import fonts, palettes
from renderers.content.pages.draw import Room
from renderers.content.pages.page import PageKind, PageLanguage
from renderers.core.boxes import GOT_SIDE_PX
from renderers.core.choice import pick
from renderers.drawing.molecules import style as molecule_style

NAME = "mathpix_pages"

MIN_CAP_PX = 8.4
"""Smallest height of a capital at the 1024 x 1024 that GOT reads; a sample needs 8."""

_MIN_COLUMN_EM, _MIN_HAN_COLUMN_EM = 14.5, 12.0
"""Least widths of columns; in narrower ones justified lines have wide gaps."""

_CHECKED = "ABCXYZabcxyz0189.,;:!?()[]'\"-–—‘’“”•·"
_CHECKED_HAN = "的一是在不了有和人这中大为上个国，。、：；！？（）《》“”"
_SMALL_EM = 0.9
"""Font size of captions, notes and code, to that of the text."""


class Style(msgspec.Struct, frozen=True, gc=False):
    """A look.

    Attributes:
        width_px, height_px: of the paper, CSS px.
        scale: px of the picture per CSS px.
        pad_px: left, top, right, bottom, CSS px.
        columns: number of columns of text.
        families: the font stack of the text.
        display: the font stack of headings.
        mono: the font stack of code.
        bold: whether headings and leads are bold.
        size_px: font size of the text, CSS px.
        hyphenated: whether words may be broken at the ends of lines.
        bullets: of items, by depth.
        classes: CSS classes of the page.
        variables: CSS variables of the page.
        molecules: their look.
    """

    width_px: int
    height_px: int
    scale: float
    pad_px: tuple[int, int, int, int]
    columns: int
    families: tuple[str, ...]
    display: tuple[str, ...]
    mono: tuple[str, ...]
    bold: bool
    size_px: float
    hyphenated: bool
    bullets: tuple[str, ...]
    classes: tuple[str, ...]
    variables: dict[str, str]
    molecules: molecule_style.Style

    @property
    def room(self) -> Room:
        """How much text fits on the page."""
        left, top, right, bottom = self.pad_px
        column_em = (self.width_px - left - right) / self.size_px / self.columns - 0.8 * (self.columns > 1)
        lines = (self.height_px - top - bottom) / (self.size_px * float(self.variables["--leading"]))
        return Room(self.columns * lines, column_em)


@cache
def _latin(kind: str) -> tuple[str, ...]:
    """Installed families that have all characters of Latin prose; kind is text or mono."""
    mono = ("Mono", "Code", "Cursor")
    return tuple(
        name
        for name in (*fonts.families("latin"), *fonts.families("book"))
        if name in fonts.installed_families()
        and any(part in name for part in mono) == (kind == "mono")
        and fonts.missing_glyph((name,), _CHECKED if kind == "text" else _CHECKED.replace("•·", "")) is None
    )


@cache
def _han() -> tuple[str, ...]:
    return tuple(
        name
        for name in fonts.families("han")
        if name in fonts.installed_families() and fonts.missing_glyph((name,), _CHECKED_HAN) is None
    )


def draw_style(rng: np.random.Generator, kind: PageKind, language: PageLanguage) -> Style:
    """A look for a kind of page in a language."""
    menu = templates.menu(NAME)
    looks: dict[str, Any] = menu["looks"]
    random = rng.random

    def one(things: Sequence[Any]) -> Any:
        return pick(things, random())

    families = _chain(one, language)
    display = families if random() < 0.65 else _chain(one, language)
    mono = (one(_latin("mono")), *families[1:])
    letters = (
        str(one(templates.menu(molecule_style.NAME)["usual_families"])) if random() < 0.6 else _first_latin(families)
    )
    width, height = one(menu["pages"][kind])
    scale = float(one(looks["scales"]))
    size_px = _size_px((*families, *display, *mono, letters), kind, height, scale, one(looks["sizes_em"]), random)
    if kind == "slides":
        size_px = round(size_px * float(one(looks["slide_sizes_em"])), 1)
    spread = 0.06 + 0.06 * random()
    pad = [round(width * (spread + 0.025 * random())) for _ in range(4)]
    columns = int(one(menu["columns"][kind]))
    while (
        columns > 1
        and (width - pad[0] - pad[2]) / columns < (_MIN_COLUMN_EM if language == "en" else _MIN_HAN_COLUMN_EM) * size_px
    ):
        columns -= 1
    classes = [f"of-{kind}", *(name for name in ("ruled", "leads", "boxed") if random() < 0.4)]
    bold = fonts.has_bold(display[0]) and bool(random() < 0.85)
    colours: dict[str, str] = one(menu["papers"]["slides" if kind == "slides" else "plain"])
    return Style(
        width_px=int(width),
        height_px=int(height),
        scale=scale,
        pad_px=(pad[0], pad[1], pad[2], pad[3]),
        columns=columns,
        families=families,
        display=display,
        mono=mono,
        bold=bold,
        size_px=size_px,
        hyphenated=bool(random() < (0.75 if columns > 1 else 0.4)),
        bullets=tuple(one(looks["bullets"])),
        classes=tuple(classes),
        variables=_variables(looks, colours, kind, one, random),
        molecules=molecule_style.draw_page_style(rng, letters, size_px, colours["paper"], colours["ink"], scale),
    )


def _first_latin(families: Sequence[str]) -> str:
    return next(name for name in families if name in _latin("text"))


def _chain(one: Callable[[Sequence[Any]], Any], language: PageLanguage) -> tuple[str, ...]:
    latin = str(one(_latin("text")))
    if language == "en":
        return (latin,)
    han = str(one(_han()))
    return one([(latin, han), (han, latin)]) if language == "zh" else (latin, han)


def _size_px(
    drawing: Sequence[str], kind: PageKind, height_px: int, scale: float, grown: float, random: Callable[[], float]
) -> float:
    cap_em = _SMALL_EM * min(fonts.cap_height_em(name) for name in drawing)
    least = max(MIN_CAP_PX * height_px / GOT_SIDE_PX / cap_em, 9.0 / cap_em / scale, 10.0)
    return round(float(least * (1.0 if kind == "slides" else grown) * (1 + 0.06 * random())), 1)


def _variables(
    looks: dict[str, Any],
    colours: dict[str, str],
    kind: PageKind,
    one: Callable[[Sequence[Any]], Any],
    random: Callable[[], float],
) -> dict[str, str]:
    indented = kind in ("paper", "book") and random() < 0.55
    large, middle, small = one(looks["headings_em"])
    return {
        "--leading": f"{one(looks['leadings']):g}",
        "--spacing": f"{one(looks['spacings_em']):g}em",
        "--autospace": "normal" if random() < 0.6 else "no-autospace",
        "--align": "start" if kind == "slides" else str(one(looks["aligns"])),
        "--indent": f"{one(looks['indents_em'][1:]) if indented else 0:g}em",
        "--space": f"{0.15 if indented else one(looks['spaces_em']):g}em",
        "--gap": f"{1.4 + 0.9 * random():.2f}em",
        "--rule": "0.06em solid" if random() < 0.15 else "none",
        "--title-size": f"{one(looks['titles_em']):g}em",
        "--section-size": f"{large:g}em",
        "--subsection-size": f"{middle:g}em",
        "--subsubsection-size": f"{small:g}em",
        "--title-align": str(one(looks["title_aligns"])),
        "--formula-align": "start" if random() < 0.12 else "center",
        "--caption-align": str(one(["center", "start"])),
        "--small": f"{one([_SMALL_EM, 0.95, 1.0]):g}em",
        "--headroom": f"{0.7 + 1.2 * random():.2f}em",
        **{f"--{name}": colour for name, colour in colours.items()},
    }


def least_contrast(style: Style) -> float:
    """The least contrast ratio of all colours of text to what is behind them, 1..21."""
    colours = style.variables
    inks = [(ink, "--paper") for ink in ("--ink", "--soft", "--accent", "--link")] + [("--ink", "--panel")]
    return min(palettes.contrast(colours[ink], colours[back]) for ink, back in inks)

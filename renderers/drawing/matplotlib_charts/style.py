"""How a chart looks: every choice of it in one struct, drawn from independent menus that a look narrows.

A look (newspaper, print in black and white, slides, ...) says what its makers would choose from; what it does not say
comes from the default menu. So looks multiply with sizes, fonts, palettes, legends and titles instead of being a list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
import numpy as np

import templates
from renderers.content import fonts, palettes
from renderers.content.charts.data import Kind
from renderers.core.boxes import GOT_SIDE_PX
from renderers.core.choice import pick, pick_int
from renderers.core.colours import mix
from renderers.engines.matplotlib_agg import Hinting

MIN_CAP_PX = 8.0
"""Least height of a capital in the square that GOT reads. Source: issue "The charts", proofs."""
_MARGIN = 1.06
"""Hinting and rounding may take some of a letter's height."""


class Style(msgspec.Struct, frozen=True, gc=False):
    """Every choice of how a chart looks. Lengths in px, colours "#rrggbb"; "" is none.

    Attributes:
        latin, han: font families; han draws what latin lacks. latin may be "" where a Chinese font draws all.
        paper, panel: colour of the picture and of the plotting area.
        ink, soft: colours of strong and of quiet text.
        palette: of the series, or of the marks where `by_category`.
        ramp: colours from low to high, of a heat map.
        grid: lines at the ticks of the value axis, at the categories, both, or "" (value, category, both).
        grid_dash: lengths of strokes and gaps of grid lines, in px; empty for solid lines.
        spines: sides of the plotting area with a line: left, right, top, bottom.
        ticks: "", "in" or "out".
        value_side: side of the value axis: "near" (left, bottom) or "far" (right, top).
        title_at: start, middle or end; title_over: whether aligned to the plotting area instead of the picture.
        title_place, source_place: top or bottom (the source at the top is a subtitle).
        legend: right, left, top, bottom, inside, or direct (names at the ends of lines).
        y_title_place: side or top; x_title_at: start, middle, end.
        tilt_deg: of categories that do not fit otherwise.
        bar_frac, gap_frac: width of a group in its step; gap between the bars of a group.
        alpha, fill_alpha: opacity of marks and of the areas under lines, 0..1.
        dashes: of each series: lengths of strokes and gaps of its line, in line widths; () for a solid line.
        value_place: inside, end or middle of bars and slices.
        flush: whether lines and areas go from edge to edge of the plotting area.
        decor: strip, rule, frame, card or "": what stands around.
    """

    look: str
    width_px: int
    height_px: int
    dpi: int
    hinting: Hinting
    latin: str
    han: str
    pad_px: float
    title_px: float
    source_px: float
    label_px: float
    tick_px: float
    legend_px: float
    value_px: float
    title_bold: bool
    label_bold: bool
    value_bold: bool
    paper: str
    panel: str
    ink: str
    soft: str
    accent: str
    palette: tuple[str, ...]
    ramp: tuple[str, ...]
    by_category: bool
    grid: str
    grid_colour: str
    grid_dash: tuple[float, ...]
    grid_px: float
    bands: bool
    spines: tuple[str, ...]
    spine_colour: str
    spine_px: float
    ticks: str
    tick_len_px: float
    value_side: str
    title_at: str
    title_over: bool
    title_place: str
    source_at: str
    source_place: str
    legend: str
    legend_frame: bool
    legend_round: bool
    y_title_place: str
    x_title_at: str
    tilt_deg: float
    bar_frac: float
    gap_frac: float
    bar_round: bool
    edge: str
    edge_px: float
    hatches: tuple[str, ...]
    alpha: float
    line_px: float
    dashes: tuple[tuple[float, ...], ...]
    markers: tuple[str, ...]
    marker_px: float
    marker_hollow: bool
    value_place: str
    start_deg: float
    clockwise: bool
    hole_frac: float
    explode: bool
    radar_round: bool
    flush: bool
    fill_alpha: float
    decor: str


@dataclass(frozen=True, slots=True)
class Draw:
    """Draws from menus by name."""

    rng: np.random.Generator
    menu: Mapping[str, Any]

    def one(self, name: str) -> Any:
        """One entry of a menu, all alike likely; repeated entries are likelier."""
        entries = self.menu[name]
        return pick(entries, self.rng.random())

    def between(self, name: str) -> float:
        """A number between the two of a menu."""
        low, high = self.menu[name]
        return float(low + (high - low) * self.rng.random())

    def happens(self, name: str) -> bool:
        """Whether it happens, with the probability of a menu."""
        return bool(self.rng.random() < self.menu[name])


def draw_style(rng: np.random.Generator, kind: Kind, language: str) -> Style:
    """Draws a look and everything it leaves open."""
    menus = _menus()
    names = menus["names"]
    look = pick(names, rng.random())
    draw = Draw(rng, menus["looks"][look])
    width, height = _size(draw, kind)
    family = draw.one("latin")
    han = draw.one("han")
    latin = "" if language == "zh" and draw.happens("han_alone_frac") else family
    # A chain is bold as a whole or not at all.
    bold = all(fonts.has_bold(name) for name in (latin, han) if name)
    dpi = int(draw.one("dpi"))
    text = _text_sizes(draw, width, height, fonts.cap_height_em(latin or han))
    paper, panel, ink, soft = draw.one("papers")
    if latin in draw.menu["thin"] or (not latin and han in draw.menu["thin"]):
        soft = ink
    px_of_pt = min(max(1.0, min(width, height) / 450), 1.7)
    palette = _palette(draw, panel)
    ticks = draw.one("ticks")
    mono = draw.happens("mono_frac")
    edge = draw.one("edges")
    return Style(
        look=look,
        width_px=width,
        height_px=height,
        dpi=dpi,
        hinting=draw.one("hinting"),
        latin=latin,
        han=han,
        pad_px=round(draw.between("pad_frac") * min(width, height), 1),
        **text,
        title_bold=bold and draw.happens("title_bold_frac"),
        label_bold=bold and draw.happens("label_bold_frac"),
        value_bold=bold and draw.happens("value_bold_frac"),
        paper=paper,
        panel=panel,
        ink=ink,
        soft=soft,
        accent=palette[0],
        palette=palette,
        ramp=tuple(draw.one("ramps")),
        by_category=draw.happens("by_category_frac"),
        grid=draw.one("grid"),
        grid_colour=draw.one("grid_colours") or mix(panel, ink, draw.between("grid_strength")),
        grid_dash=tuple(dot * px_of_pt for dot in draw.one("grid_dashes")),
        grid_px=draw.one("grid_pt") * px_of_pt,
        bands=draw.happens("bands_frac"),
        spines=tuple(draw.one("spines")),
        spine_colour=mix(panel, ink, draw.one("spine_strength")),
        spine_px=max(1.0, draw.one("spine_pt") * px_of_pt),
        ticks=ticks,
        tick_len_px=draw.between("tick_pt") * px_of_pt if ticks else 0.0,
        value_side=draw.one("value_side"),
        title_at=draw.one("title_at"),
        title_over=draw.happens("title_over_frac"),
        title_place=draw.one("title_place"),
        source_at=draw.one("source_at"),
        source_place=draw.one("source_place"),
        legend=draw.one("legend"),
        legend_frame=draw.happens("legend_frame_frac"),
        legend_round=draw.happens("legend_round_frac"),
        y_title_place=draw.one("y_title_place"),
        x_title_at=draw.one("x_title_at"),
        tilt_deg=float(draw.one("tilt_deg")),
        bar_frac=draw.between("bar_frac"),
        gap_frac=draw.one("gap_frac"),
        bar_round=draw.happens("bar_round_frac"),
        edge=ink if edge == "ink" else panel if edge == "panel" else "",
        edge_px=draw.one("edge_pt") * px_of_pt if edge else 0.0,
        hatches=tuple(_shuffled(rng, draw.menu["hatches"])) if mono else (),
        alpha=draw.one("alpha"),
        line_px=min(draw.between("line_pt") * px_of_pt, 0.24 * text["tick_px"]),
        dashes=tuple(tuple(dash) for dash in draw.menu["dashes"]) if mono or draw.happens("dash_frac") else (),
        markers=_markers(draw, mono),
        marker_px=min(draw.between("marker_pt") * px_of_pt, 0.8 * text["tick_px"]),
        marker_hollow=draw.happens("marker_hollow_frac"),
        value_place=draw.one("value_place"),
        start_deg=float(draw.one("start_deg")),
        clockwise=draw.happens("clockwise_frac"),
        hole_frac=draw.between("hole_frac"),
        explode=draw.happens("explode_frac"),
        radar_round=draw.happens("radar_round_frac"),
        flush=draw.happens("flush_frac"),
        fill_alpha=draw.between("fill_alpha"),
        decor=draw.one("decor"),
    )


def fit_palette(style: Style, num: int, rng: np.random.Generator) -> Style:
    """The style with colours that tell `num` series apart; where no palette has so many, with dashes and hatches."""
    own = palettes.distinct(style.palette, num, style.panel)
    if own is None and not style.hatches:
        every = [palette for group in templates.menu("shared", "palettes.toml").values() for palette in group]
        tried = (pick(every, rng.random()) for _ in range(12))
        own = next(filter(None, (palettes.distinct(palette, num, style.panel) for palette in tried)), None)
    if own is not None:
        seen = tuple(mix(style.panel, colour, style.alpha) for colour in own)
        # Paler colours are closer to each other.
        pale = palettes.distinct(seen, num, style.panel) is not None
        return msgspec.structs.replace(style, palette=own, alpha=style.alpha if pale else 1.0)
    menu = _menus()["looks"][style.look]
    return msgspec.structs.replace(
        style,
        palette=tuple(style.palette[at % len(style.palette)] for at in range(num)),
        hatches=style.hatches or tuple(menu["hatches"]),
        dashes=tuple(tuple(dash) for dash in menu["dashes"]),
        markers=tuple(menu["marker_signs"]),
    )


@cache
def _menus() -> dict[str, Any]:
    """The menu of each look, filled up from the default one."""
    table = templates.menu("matplotlib_charts")
    looks = {name: table["menu"] | changes for name, changes in table["looks"].items()}
    return {"looks": looks, "names": tuple(name for name, menu in looks.items() for _ in range(menu["share"]))}


def _size(draw: Draw, kind: Kind) -> tuple[int, int]:
    """Width and height in px, even numbers."""
    least, most = draw.menu["width_px"]
    width = least + (most - least) * draw.rng.random() ** 1.7
    aspect = draw.one("aspects") * (0.94 + 0.12 * draw.rng.random())
    if kind in ("pie", "donut", "rose", "radar", "funnel"):
        aspect = min(max(aspect, 0.75), 1.7)
    height = min(max(width / aspect, 400.0), 1150.0)
    width = min(max(height * 0.6, width), height * 2.2)
    shrink = min(1.0, (900_000 / (width * height)) ** 0.5)
    return 2 * round(width * shrink / 2), 2 * round(height * shrink / 2)


def _text_sizes(draw: Draw, width: int, height: int, cap_em: float) -> dict[str, float]:
    """Sizes of all roles, none of which gets too small for GOT."""
    flat = MIN_CAP_PX * _MARGIN * height / GOT_SIDE_PX / cap_em
    turned = max(flat, MIN_CAP_PX * _MARGIN * width / GOT_SIDE_PX / cap_em)
    # Fonts differ in how large their letters are at one size: the capitals are what is chosen.
    size = max(draw.between("text_frac") * (width * height) ** 0.5 * 0.715 / cap_em, turned)

    def sized(name: str, least: float) -> float:
        return float(round(max(size * draw.between(name), least, draw.menu["least_px"]), 1))

    return {
        "title_px": sized("title_em", flat),
        "source_px": sized("source_em", flat),
        "label_px": sized("label_em", turned),
        "tick_px": sized("tick_em", turned),
        "legend_px": sized("legend_em", flat),
        "value_px": sized("value_em", turned),
    }


def _palette(draw: Draw, panel: str) -> tuple[str, ...]:
    groups = templates.menu("shared", "palettes.toml")
    wanted = [tuple(palette) for group in draw.menu["palettes"] for palette in groups[group]]
    for _ in range(12):
        palette = pick(wanted, draw.rng.random())
        if all(palettes.difference(colour, panel) >= palettes.VISIBLE_FROM_BACKGROUND for colour in palette):
            break
    else:
        able = palettes.palettes(panel)
        palette = pick(able, draw.rng.random())
    turn = pick_int(0, len(palette) - 1, draw.rng.random()) if draw.rng.random() < 0.5 else 0
    return (*palette[turn:], *palette[:turn])


def text_colour(ground: str, wanted: str = "") -> str:
    """The wanted colour if it can be read on a ground, else black or white."""
    if wanted and palettes.contrast(wanted, ground) >= 4.5:
        return wanted
    return max(("#000000", "#ffffff"), key=lambda colour: palettes.contrast(colour, ground))


def _markers(draw: Draw, mono: bool) -> tuple[str, ...]:
    signs = _shuffled(draw.rng, draw.menu["marker_signs"])
    use = "each" if mono else draw.one("marker_use")
    return tuple(signs) if use == "each" else (signs[0],) if use == "same" else ()


def _shuffled(rng: np.random.Generator, entries: Sequence[str]) -> list[str]:
    return [entries[at] for at in rng.permutation(len(entries))]

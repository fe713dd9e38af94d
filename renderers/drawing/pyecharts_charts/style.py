"""The look of one chart: every choice that changes a pixel but says nothing, drawn from the menu."""

from typing import Any, Literal, TypeVar

import msgspec
import numpy as np

import templates
from renderers.content import fonts, palettes
from renderers.content.charts.data import Chart, Kind
from renderers.core.boxes import GOT_SIDE_PX
from renderers.core.choice import pick, pick_int

T = TypeVar("T")

MIN_CAP_PX = 8.0
"""Least height of a capital at GOT's square."""

MIN_CONTRAST = 3.0
"""Least contrast ratio of a text to what is behind it."""

KINDS_WITHOUT_AXES: frozenset[Kind] = frozenset({"pie", "donut", "rose", "radar", "funnel"})
SLICES: frozenset[Kind] = frozenset({"pie", "donut", "rose", "funnel"})
"""Kinds whose categories are the marks themselves, named beside them or in a legend."""

_SPARE = 1.06
"""Sizes are chosen this much above the least, since the paper may grow a little when the chart is laid out."""

_MIN_MARK_CONTRAST = 1.45
"""Least contrast ratio of a mark to what is behind it: a thin line of a dark colour on dark paper is hard to follow."""

_SCALES = (1.0, 1.0, 1.0, 1.0, 1.0, 1.25, 1.5)
_TILTS = (30, 45, 45, 60, 90)


class Picks(msgspec.Struct, frozen=True, gc=False):
    """One choice from each list of the menu `picks`, where they are explained; widths are px of the chart.

    Attributes:
        grid_width, axis_width, border_width, line_width: of grid lines, axes, edges of marks, and lines, in px.
        bar_frac: width of a group of bars as a fraction of its step.
        opacity, area_opacity, radar_area: opacity of marks, of areas under lines and of areas of radars, 0..1.
        smooth: how far lines are rounded, 0..1.
        symbol_size: diameter of symbols on lines, in px.
        donut_hole: inner radius of a donut as a fraction of the outer one.
        pad_angle: gap between slices, in degrees.
        heat_gap: gap between cells of a heat map, in px.
    """

    title_place: str
    title_side: Literal["top", "bottom"]
    source_place: str
    legend_place: str
    legend_icon: str
    name_place: Literal["middle", "end"]
    value_side: Literal["near", "far"]
    grid_show: Literal["value", "both", "category", "none"]
    grid_type: str
    grid_width: float
    split_area: bool
    axis_show: Literal["both", "category", "none"]
    axis_width: float
    axis_end: Literal["none", "arrow"]
    tick_kind: Literal["none", "out", "in"]
    minor_tick: bool
    framed: bool
    bar_frac: float
    bar_gap: str
    bar_radius: int
    bar_back: bool
    border_width: float
    opacity: float
    gradient: Literal["none", "down", "across"]
    hatch: Literal["none", "stripes", "each"]
    line_width: float
    line_type: str
    smooth: float
    symbol: str
    symbol_size: float
    area_opacity: float
    step: Literal["start", "middle", "end"]
    colour_by: Literal["series", "data"]
    donut_hole: float
    pad_angle: float
    start_angle: int
    slice_radius: int
    rose_kind: Literal["area", "radius"]
    radar_shape: Literal["polygon", "circle"]
    radar_area: float
    funnel_align: Literal["center", "left", "right"]
    funnel_gap: int
    box_fill: Literal["empty", "tint", "full"]
    candle_pair: tuple[str, str]
    heat_gap: float
    heat_ramp: tuple[str, ...]
    slice_words: str
    bold: bool


class Style(msgspec.Struct, frozen=True, gc=False):
    """All choices of looks. Sizes are px of the chart, which is stored `scale` times as large.

    Attributes:
        scale: px of the picture for one px of the chart.
        target: width and height that the paper should have, in px of the chart; the layout may add to them.
        families: font stack of all text.
        bold_title: whether the title is bold.
        em_px: size of ticks and categories.
        title_px: size of the title.
        source_px: size of the source.
        name_px: size of the titles of axes.
        legend_px: size of the legend.
        value_px: size of printed values.
        background: colour of the paper.
        panel: colour behind the plot alone; "" for none.
        ink: colour of titles and values.
        soft: colour of ticks and of the source.
        line: colour of axes.
        grid: colour of the lines behind the marks.
        band: colour of every other band behind the marks.
        colours: of series, or of marks where each has its own, in order; as many as there are.
        pad_px: border of the paper.
        tilt: degrees by which category labels are turned: 0, 30, 45, 60 or 90.
        picks: the other choices.
    """

    scale: float
    target: tuple[float, float]
    families: tuple[str, ...]
    bold_title: bool
    em_px: float
    title_px: float
    source_px: float
    name_px: float
    legend_px: float
    value_px: float
    background: str
    panel: str
    ink: str
    soft: str
    line: str
    grid: str
    band: str
    colours: tuple[str, ...]
    pad_px: float
    tilt: int
    picks: Picks

    @property
    def behind(self) -> str:
        """The colour behind the marks."""
        return self.panel or self.background


def draw_style(rng: np.random.Generator, language: str) -> Style:
    """A look without colours of marks, which wait for the chart."""
    table: dict[str, Any] = templates.menu("pyecharts_charts")
    paper: dict[str, str] = pick(table["papers"], rng.random())
    scale = pick(_SCALES, rng.random())
    width = float(rng.uniform(480, min(1040.0, 1360 / scale)))
    height = width / float(rng.uniform(0.8, 1.9))
    families = _draw_families(rng, language)
    cap_em = min(fonts.cap_height_em(family) for family in families)
    # Turned text is squashed by the width, upright text by the height.
    least_px = MIN_CAP_PX * _SPARE * max(width, height * 1.12) / GOT_SIDE_PX / cap_em
    em_px = max(least_px, float(rng.uniform(11.0, 14.5)))
    sizes = {
        name: round(max(least_px, em_px * float(rng.uniform(low, high))), 1)
        for name, low, high in (
            ("title_px", 1.2, 1.75),
            ("source_px", 0.9, 1.1),
            ("name_px", 0.95, 1.15),
            ("legend_px", 0.95, 1.1),
            ("value_px", 0.92, 1.0),
        )
    }
    picks = {name: pick(choices, rng.random()) for name, choices in table["picks"].items()}
    bold = all(fonts.has_bold(family) for family in families)
    return Style(
        scale=scale,
        target=(width, height),
        families=families,
        bold_title=bold and bool(rng.random() < 0.6),
        em_px=round(em_px, 1),
        **sizes,
        background=paper["background"],
        panel=paper["panel"],
        ink=paper["ink"],
        soft=paper["ink"] if rng.random() < 0.35 else paper["soft"],
        line=paper["line"],
        grid=paper["grid"],
        band=paper["band"],
        colours=(),
        pad_px=float(round(float(rng.uniform(10, 26)))),
        tilt=pick(_TILTS, rng.random()) if rng.random() < 0.3 else 0,
        picks=msgspec.convert(picks | {"bold": bold and picks["bold"]}, Picks),
    )


def _draw_families(rng: np.random.Generator, language: str) -> tuple[str, ...]:
    latin = pick(fonts.families("latin"), rng.random())
    if language == "en":
        return (latin,)
    han = pick(fonts.families("han"), rng.random())
    return (han, latin) if rng.random() < 0.4 else (latin, han)


def draw_colours(rng: np.random.Generator, style: Style, chart: Chart) -> tuple[str, ...]:
    """Colours for the marks of a chart, each apart from the others and from what lies behind them."""
    num = _num_colours(chart, style)
    known = palettes.palettes(style.behind)
    first = pick_int(0, len(known) - 1, rng.random())
    for index in range(len(known)):
        palette = known[(first + index) % len(known)]
        shown = tuple(colour for colour in palette if palettes.contrast(colour, style.behind) >= _MIN_MARK_CONTRAST)
        colours = palettes.distinct(shown, num, style.behind)
        if colours is not None:
            return colours
    longest = max(known, key=len)
    return tuple(longest[index % len(longest)] for index in range(num))


def _num_colours(chart: Chart, style: Style) -> int:
    if chart.kind in SLICES or coloured_by_mark(chart, style):
        return len(chart.categories)
    return 1 if chart.kind == "heatmap" else max(1, len(chart.series))


def coloured_by_mark(chart: Chart, style: Style) -> bool:
    """Whether the bars or bubbles of the only series each have a colour of their own."""
    nameless = len(chart.series) == 1 and not chart.series[0].name
    return chart.kind in ("bar", "barh", "bubble") and nameless and style.picks.colour_by == "data"


def ink_on(colour: str) -> str:
    """A colour for text on a mark: white or black, whichever shows better."""
    return max(("#ffffff", "#111111"), key=lambda ink: palettes.contrast(ink, colour))

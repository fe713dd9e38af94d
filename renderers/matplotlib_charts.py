"""Charts by Matplotlib's Agg renderer: twenty kinds, in looks drawn from menus, each proven against its ink.

`draw` lays the whole chart out by the fonts' own advances and keeps only what fits; `render` inks the same plan and
doubts it. So hardly a picture is drawn in vain.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import msgspec
import numpy as np

from renderers.content.charts.data import KINDS, Chart, Kind, target
from renderers.content.charts.draw import Room, draw_chart
from renderers.content.fonts import families, refuse_missing
from renderers.content.lexicon import LEXICON
from renderers.content.locales import locale_data_version
from renderers.core.boxes import Box
from renderers.core.corpora import Corpora, Sources
from renderers.core.errors import ConfigError
from renderers.core.renderer import NO_SPAN, Outcome, Pixels, ProofFailed, Region, Rejected, Rendered
from renderers.core.weighted import Weighted, check_frac
from renderers.drawing.matplotlib_charts.kinds import find_problem, legend_position, make_plan
from renderers.drawing.matplotlib_charts.paint import Painted, paint
from renderers.drawing.matplotlib_charts.plan import Plan
from renderers.drawing.matplotlib_charts.proof import Legibility, check_plan, prove
from renderers.drawing.matplotlib_charts.style import Style, draw_style, fit_palette
from renderers.engines.matplotlib_agg import MatplotlibAgg
from renderers.labels import charts
from renderers.labels.canonical import Span
from renderers.labels.charts import Path

_TRIES = 5
_RADIUS_FRAC = 0.72
"""Of half the room: how long `draw_chart` takes the axis of a radar chart to be."""
_NAMED_SLICES = ("pie", "donut", "rose", "funnel")
"""Kinds that can name their categories in a legend."""
_KIND_WEIGHTS: dict[Kind, float] = {
    "bar": 1.4, "barh": 1.2, "grouped_bar": 1.4, "stacked_bar": 1.0, "percent_bar": 0.6, "line": 2.0, "step": 0.4,
    "area": 0.6, "stacked_area": 0.6, "pie": 1.2, "donut": 0.7, "rose": 0.4, "scatter": 1.0, "bubble": 0.6,
    "radar": 0.6, "combo": 0.9, "box": 0.7, "heatmap": 0.8, "funnel": 0.5, "candlestick": 0.6,
}  # fmt: skip


class MatplotlibSpec(msgspec.Struct, frozen=True, gc=False):
    """One picture: what it says and how it looks."""

    chart: Chart
    style: Style


@dataclass(frozen=True)
class MatplotlibCharts:
    """Draws charts with Matplotlib.

    Attributes:
        kinds: weight of each kind; kinds left out are not drawn.
        languages: weight of each language: en, zh, mul (both in one chart).
        printed_frac: share of charts whose values are printed at their marks, where the kind leaves a choice.
    """

    kinds: dict[Kind, float] = field(default_factory=_KIND_WEIGHTS.copy)
    languages: dict[str, float] = field(default_factory=lambda: {"en": 0.5, "zh": 0.42, "mul": 0.08})
    printed_frac: float = 0.35

    name: ClassVar[str] = "matplotlib_charts"
    engine: ClassVar[type[MatplotlibAgg]] = MatplotlibAgg
    spec: ClassVar[type[MatplotlibSpec]] = MatplotlibSpec
    format: ClassVar[str] = "chart-json"
    templates: ClassVar[tuple[str, ...]] = (
        "matplotlib_charts",
        "charts",
        "lexicon",
        "shared/fonts.toml",
        "shared/palettes.toml",
    )
    version: ClassVar[int] = 2
    batch: ClassVar[int] = 50

    def __post_init__(self) -> None:
        """Raises ConfigError for knobs that leave nothing to draw."""
        unknown = set(self.kinds) - set(KINDS)
        if unknown:
            raise ConfigError(f"no chart kind is named {min(unknown)!r}; there are: {', '.join(KINDS)}")
        for knob, weights in (("kinds", self.kinds), ("languages", self.languages)):
            if not weights or min(weights.values()) < 0 or sum(weights.values()) <= 0:
                raise ConfigError(f"{knob}: weights must not be negative and not all zero")
        if set(self.languages) - {"en", "zh", "mul"}:
            raise ConfigError("languages: only en, zh and mul can be drawn")
        check_frac("printed_frac", self.printed_frac)

    def tools(self) -> dict[str, str]:
        """Besides the engine what writes dates; fonts have no number, but must be there."""
        refuse_missing((*families("latin"), *families("han")))
        return locale_data_version()

    def corpora(self) -> Sources:
        """Words."""
        return (LEXICON,)

    def draw(self, rng: np.random.Generator, corpora: Corpora) -> MatplotlibSpec:
        """A chart and a style in which, by measure, everything fits."""
        kind = self._kinds.at(rng.random())
        language = self._languages.at(rng.random())
        printed = bool(rng.random() < self.printed_frac)
        for attempt in range(_TRIES):
            style = draw_style(rng, kind, language)
            room = _room(style, kind, bool(rng.random() < 0.15))
            chart = draw_chart(rng, corpora[LEXICON], kind, language, room, printed and attempt < 2)
            for fitted in _fittings(style, chart, rng):
                plan = make_plan(chart, fitted)
                if find_problem(plan) is None and _ruler_reads(plan, room):
                    return MatplotlibSpec(chart, fitted)
                if not plan.entries and kind not in _NAMED_SLICES:
                    break
        return MatplotlibSpec(chart, fitted)

    def content_key(self, spec: MatplotlibSpec) -> str:
        """The target: what the chart says, however it looks."""
        return charts.to_text(target(spec.chart))

    def batch_key(self, spec: MatplotlibSpec) -> str:
        """All share one."""
        return ""

    def render(self, engine: MatplotlibAgg, specs: Sequence[MatplotlibSpec]) -> list[Outcome]:
        """Inks and proves each chart on its own."""
        with engine.settings():
            return [_render_one(engine, spec) for spec in specs]

    @cached_property
    def _kinds(self) -> Weighted[Kind]:
        return Weighted((weight, kind) for kind, weight in self.kinds.items())

    @cached_property
    def _languages(self) -> Weighted[str]:
        return Weighted((weight, language) for language, weight in self.languages.items())


def _room(style: Style, kind: Kind, tilted: bool) -> Room:
    """What will about be left for the plotting area, a little less rather than more."""
    width = whole_px = style.width_px - 2 * style.pad_px
    height = style.height_px - 2 * style.pad_px
    legend = legend_position(kind, style.legend)
    height -= 1.9 * style.title_px + 1.7 * style.source_px
    if legend in ("top", "bottom"):
        height -= 2.6 * style.legend_px
    elif legend != "inside":
        width -= min(0.22 * width, 10 * style.legend_px)
    if kind not in ("pie", "donut", "rose", "radar", "funnel"):
        width -= 4.8 * style.tick_px * (2 if kind == "combo" else 1)
        width -= 1.6 * style.label_px if style.y_title_place == "side" else 0.0
        height -= 1.9 * style.tick_px + 1.6 * style.label_px * (1 if style.y_title_place == "side" else 2)
    category_em = 9.0 if not tilted else min(9.0, 0.22 * height / style.tick_px)
    if tilted:
        height -= category_em * 0.75 * style.tick_px
    if kind in ("barh", "heatmap"):
        category_em = min(9.0, 0.25 * width / style.tick_px)
        width -= 0.7 * category_em * style.tick_px - (4.8 * style.tick_px if kind == "barh" else 0.0)
    return Room(
        width_px=width,
        height_px=height,
        em_px=style.tick_px,
        families=(style.latin, style.han) if style.latin else (style.han,),
        title_em=1.5 * whole_px / style.title_px,
        legend_em=(1.44 if legend in ("top", "bottom") else 0.9) * whole_px / style.legend_px,
        tilted=tilted,
        category_em=category_em,
    )


def _fittings(style: Style, chart: Chart, rng: np.random.Generator) -> list[Style]:
    """The style with what the chart needs, then with its legend in other places."""
    num_colours = len(chart.categories) if chart.kind in _NAMED_SLICES else len(chart.series)
    style = fit_palette(style, num_colours, rng)
    positions = dict.fromkeys(
        legend_position(chart.kind, preferred) for preferred in (style.legend, "right", "top", "bottom")
    )
    # Names at the ends of lines stand where a value axis on the far side has its numbers.
    sides = {"direct": "near"}
    return [
        msgspec.structs.replace(style, legend=position, value_side=sides.get(position, style.value_side))
        for position in positions
    ]


def _ruler_reads(plan: Plan, room: Room) -> bool:
    """Whether the axes are as long as the values' grid was made for."""
    kind = plan.chart.kind
    if plan.chart.printed and kind != "bubble":
        return True
    if kind == "radar":
        return plan.spoke_px >= 0.98 * _RADIUS_FRAC * min(room.width_px, room.height_px) / 2
    if plan.area is None:
        return True
    wide = plan.area[2] - plan.area[0] >= 0.98 * room.width_px
    high = plan.area[3] - plan.area[1] >= 0.98 * room.height_px
    return (wide or kind not in ("barh", "scatter", "bubble")) and (high or kind == "barh")


def _render_one(engine: MatplotlibAgg, spec: MatplotlibSpec) -> Outcome:
    plan = make_plan(spec.chart, spec.style)
    pixels: Pixels | None = None
    try:
        check_plan(engine, plan)
        painted = paint(engine, plan)
        pixels = painted.pixels
        legibility = prove(plan, painted)
    except ProofFailed as failure:
        return Rejected(failure.reason, failure.detail, pixels)
    return _rendered(plan, painted, legibility)


def _rendered(plan: Plan, painted: Painted, legibility: Legibility) -> Rendered:
    labelled = target(plan.chart)
    markup, spans = charts.write(labelled)
    return Rendered(
        image=painted.pixels,
        markup=markup,
        regions=_regions(plan, painted, markup, spans),
        language=plan.chart.language,
        alternates={"html": charts.to_html(labelled)},
        depth=2 if any(series.name for series in plan.chart.series) else 1,
        smallest_glyph_px=round(legibility.smallest_px, 2),
        contrast=round(legibility.contrast, 2),
    )


def _regions(plan: Plan, painted: Painted, markup: str, spans: dict[Path, Span]) -> tuple[Region, ...]:
    """Boxes in the order in which the target says what they show; ticks, which it does not say, at the end."""
    found: list[tuple[int, int, Box, str, str, Span]] = []
    for inked in painted.texts:
        text, box = inked.text, inked.box
        if box is None:
            continue
        span = NO_SPAN if text.path is None else spans[text.path]
        string = " ".join(text.lines) if text.path is None else markup[span[0] : span[1]]
        found.append((span[0] if text.path else len(markup), 0, box, string, text.kind, span))
    for mark in plan.marks:
        span = spans[mark.path]
        found.append((span[0], 1, mark.box, markup[span[0] : span[1]], mark.kind, span))
    found.sort(key=lambda region: region[:3])
    return tuple(
        Region(tuple(float(side) for side in box), text, kind, span, order)  # type: ignore[arg-type]
        for order, (_, _, box, text, kind, span) in enumerate(found)
    )


RENDERER = MatplotlibCharts

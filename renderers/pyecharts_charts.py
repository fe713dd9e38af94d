"""Charts built with pyecharts, drawn by Apache ECharts in Chromium: many on one page, printed once, read as PDF.

Every text and mark is decided in `draw`; ECharts only draws, and the text layer of the PDF proves what it drew.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version as version_of
from typing import ClassVar

import msgspec
import numpy as np

import templates
from renderers.content.charts.data import KINDS, Chart, Kind, target
from renderers.content.charts.draw import draw_chart
from renderers.content.fonts import families, refuse_missing
from renderers.content.lexicon import LEXICON
from renderers.content.locales import locale_data_version
from renderers.core.corpora import Corpora, Sources
from renderers.core.errors import EngineStartError
from renderers.core.install import npm_line
from renderers.core.renderer import Outcome
from renderers.core.weighted import Weighted, check_frac, check_weights
from renderers.drawing.pyecharts_charts.layout import Layout, lay_out, make_room
from renderers.drawing.pyecharts_charts.options import make_hatches, make_option
from renderers.drawing.pyecharts_charts.proof import prove
from renderers.drawing.pyecharts_charts.style import Style, draw_colours, draw_style
from renderers.engines.chromium import Chromium
from renderers.engines.pdf import open_pdf
from renderers.labels import charts

_NAME = "pyecharts_charts"
_LANGUAGES = {"en": 0.5, "zh": 0.42, "mul": 0.08}
_KINDS: dict[Kind, float] = dict.fromkeys(KINDS, 1.0) | {
    "bar": 1.4, "barh": 1.2, "grouped_bar": 1.4, "line": 2.0, "step": 0.5, "area": 0.7, "stacked_area": 0.7, "pie": 1.2,
    "rose": 0.6, "radar": 0.7, "bubble": 0.7, "funnel": 0.6, "box": 0.7, "candlestick": 0.7, "percent_bar": 0.7,
}  # fmt: skip
_NO_ECHARTS = f"ECharts is not installed; install it: {npm_line(_NAME, 'charts')}"
_ECHARTS = "echarts/dist/echarts.min.js"


class ChartSpec(msgspec.Struct, frozen=True, gc=False):
    """One picture: what it says, how it looks, where everything stands."""

    chart: Chart
    style: Style
    layout: Layout


@dataclass(frozen=True)
class PyechartsCharts:
    """Charts by pyecharts and ECharts.

    Attributes:
        kinds: weight of each kind; kinds left out are not drawn.
        languages: weight of each language: en, zh, mul (both in one chart).
        printed_frac: share of charts whose values are printed at their marks, where the kind leaves a choice.
    """

    kinds: dict[Kind, float] = field(default_factory=_KINDS.copy)
    languages: dict[str, float] = field(default_factory=_LANGUAGES.copy)
    printed_frac: float = 0.45

    name: ClassVar[str] = _NAME
    engine: ClassVar[type[Chromium]] = Chromium
    spec: ClassVar[type[ChartSpec]] = ChartSpec
    format: ClassVar[str] = "chart-json"
    templates: ClassVar[tuple[str, ...]] = (_NAME, "charts", "lexicon", "shared/fonts.toml", "shared/palettes.toml")
    version: ClassVar[int] = 4
    batch: ClassVar[int] = 200
    """Chromium embeds each font once in a PDF, a large Chinese one in 100 ms: many charts share the cost."""

    def __post_init__(self) -> None:
        """Raises ConfigError for knobs that leave nothing to draw."""
        check_weights("kinds", self.kinds, KINDS)
        check_weights("languages", self.languages, tuple(_LANGUAGES))
        check_frac("printed_frac", self.printed_frac)

    def tools(self) -> dict[str, str]:
        """The library that draws, the one that writes its options, and the one that writes dates."""
        manifest = templates.installed(_NAME, "echarts/package.json")
        if not manifest.is_file():
            raise EngineStartError(_NO_ECHARTS)
        refuse_missing((*families("latin"), *families("han")))
        drawn_by = {"echarts": json.loads(manifest.read_bytes())["version"], "pyecharts": version_of("pyecharts")}
        return drawn_by | locale_data_version()

    def corpora(self) -> Sources:
        """Words."""
        return (LEXICON,)

    def draw(self, rng: np.random.Generator, corpora: Corpora) -> ChartSpec:
        """A look, the room that it leaves, what is said in that room, and the places of it all."""
        kind, language = self._kinds.at(rng.random()), self._languages.at(rng.random())
        printed = bool(rng.random() < self.printed_frac)
        style = draw_style(rng, language)
        room = make_room(style, kind)
        chart = draw_chart(rng, corpora[LEXICON], kind, language, room, printed)
        style = msgspec.structs.replace(style, colours=draw_colours(rng, style, chart))
        return ChartSpec(chart, style, lay_out(chart, style, room))

    def content_key(self, spec: ChartSpec) -> str:
        """The target: two charts with the same words and numbers are one sample."""
        return charts.to_text(target(spec.chart))

    @cached_property
    def _kinds(self) -> Weighted[Kind]:
        return Weighted((weight, kind) for kind, weight in self.kinds.items())

    @cached_property
    def _languages(self) -> Weighted[str]:
        return Weighted((weight, language) for language, weight in self.languages.items())

    def batch_key(self, spec: ChartSpec) -> str:
        """All share one."""
        return ""

    def render(self, engine: Chromium, specs: Sequence[ChartSpec]) -> list[Outcome]:
        """All charts on one page, printed at once."""
        if not specs:
            return []
        page = engine.page(_NAME, templates.text(_NAME, "page.html"), _scripts)
        charts_json = b",".join(_chart_json(spec) for spec in specs)
        reported = json.loads(page.evaluate("(charts) => window.drawAll(charts)", f"[{charts_json.decode()}]"))
        outcomes: list[Outcome] = []
        with open_pdf(page.print_and_clear()) as pdf:
            for index, spec in enumerate(specs):
                size_px = (round(spec.layout.width * spec.style.scale), round(spec.layout.height * spec.style.scale))
                with pdf.page(index, *size_px) as printed:
                    outcomes.append(
                        prove(spec.chart, spec.style, spec.layout, reported[index], printed.glyphs(), printed.pixels())
                    )
        return outcomes


def _chart_json(spec: ChartSpec) -> bytes:
    option = make_option(spec.chart, spec.style, spec.layout)
    hatches = msgspec.json.encode(make_hatches(spec.chart, spec.style))
    size = spec.layout.width, spec.layout.height
    return b'{"width":%d,"height":%d,"option":%s,"hatches":%s}' % (*size, option, hatches)


def _scripts() -> tuple[str, ...]:
    """The source of ECharts and of the script that uses it.

    Raises:
        EngineStartError: ECharts is not installed.
    """
    library = templates.installed(_NAME, _ECHARTS)
    if not library.is_file():
        raise EngineStartError(_NO_ECHARTS)
    return library.read_text(encoding="utf-8"), templates.text(_NAME, "draw.js")


RENDERER = PyechartsCharts

"""Draws what one chart says: every choice of content, none of style, fitted to the room that a layout leaves."""

from collections.abc import Callable

import numpy as np

from renderers.content.charts.clouds import draw_boxes, draw_bubbles, draw_candles, draw_scatter
from renderers.content.charts.data import ALWAYS_PRINTED, Chart, Kind
from renderers.content.charts.plan import Body, Plan, Room
from renderers.content.charts.series import draw_bars, draw_combination, draw_lines, draw_stacks
from renderers.content.charts.shares import draw_funnel, draw_heat, draw_radar, draw_sectors, draw_slices
from renderers.content.charts.texts import ChartTexts
from renderers.content.lexicon import Lexicon

__all__ = ["Room", "draw_chart"]

_BODIES: dict[Kind, Callable[[Plan], Body]] = {
    "bar": draw_bars,
    "barh": draw_bars,
    "grouped_bar": draw_bars,
    "stacked_bar": draw_stacks,
    "percent_bar": draw_stacks,
    "line": draw_lines,
    "step": draw_lines,
    "area": draw_lines,
    "stacked_area": draw_stacks,
    "pie": draw_slices,
    "donut": draw_slices,
    "rose": draw_sectors,
    "scatter": draw_scatter,
    "bubble": draw_bubbles,
    "radar": draw_radar,
    "combo": draw_combination,
    "box": draw_boxes,
    "heatmap": draw_heat,
    "funnel": draw_funnel,
    "candlestick": draw_candles,
}

_NO_AXES: frozenset[Kind] = frozenset({"pie", "donut", "rose", "radar", "funnel"})
_NEVER_PRINTED: frozenset[Kind] = frozenset({"scatter", "box", "candlestick", "stacked_area"})

_HEADING_EM = 1.2
"""An axis title's em in em of the ticks, at most."""


def draw_chart(
    rng: np.random.Generator, lexicon: Lexicon, kind: Kind, language: str, room: Room, printed: bool
) -> Chart:
    """The content of one chart.

    Args:
        rng: where all choices come from.
        lexicon: where words come from; a text that does not fit or that the fonts do not draw is drawn again.
        kind: which chart.
        language: en, zh, or mul: names in one language and headings in the other, or both in one text.
        room: what the layout leaves.
        printed: whether values are to be printed at their marks. The chart's own `printed` is what holds: kinds whose
            values no ruler recovers are always printed, some never, and where there is no room for values they are not.

    Returns:
        A chart all of whose strings differ, are drawn by the fonts and fit the room, and whose values a reader can
        recover from the picture to the last digit.
    """
    texts = ChartTexts(rng, lexicon, language, room.families)
    printed = kind in ALWAYS_PRINTED or (printed and kind not in _NEVER_PRINTED)
    title = texts.draw_heading("title", room.title_em) if rng.random() < 0.93 else ""
    source = texts.draw_heading("source", room.title_em) if rng.random() < 0.40 else ""
    x_title = y_title = ""
    if kind not in _NO_AXES:
        heading_px = room.em_px * _HEADING_EM
        if rng.random() < 0.7:
            x_title = texts.draw_heading("axis", min(18.0, room.width_px / heading_px))
        if rng.random() < 0.7:
            y_title = texts.draw_heading("axis", min(18.0, 0.95 * room.height_px / heading_px))
    body = _BODIES[kind](Plan(rng, kind, room, texts, printed))
    return Chart(
        kind=kind,
        language=language,
        title=title,
        source=source,
        x_title=x_title,
        y_title=y_title,
        categories=body.categories,
        series=body.series,
        axes=body.axes,
        printed=body.printed,
        size_format=body.size_format,
    )

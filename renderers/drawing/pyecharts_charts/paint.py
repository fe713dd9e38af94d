"""What the marks of all kinds share: printed values, colours, symbols and dashes, as pyecharts options."""

from typing import Any

from pyecharts import options as opts

from renderers.content.charts.data import Chart, Series
from renderers.core.colours import mix
from renderers.drawing.pyecharts_charts.style import Style

SYMBOLS = ("circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect", "emptyTriangle")
"""Symbols of series where each has its own."""

_DASHES = ("solid", "dashed", "dotted", [8, 3, 2, 3], [3, 2])

LINE_OF_TWO = 1.25
"""Height of a line in em where a name stands above its value, so that their ink does not touch."""

HIDDEN = opts.LabelOpts(is_show=False)
"""No printed values."""


def font_family(style: Style) -> str:
    """The chain of families in CSS; no generic family stands in it, so nothing else can draw."""
    return ", ".join(f"'{family}'" for family in style.families)


def text_style(style: Style, size_px: float, colour: str, bold: bool = False) -> opts.TextStyleOpts:
    """A font of the chart."""
    return opts.TextStyleOpts(
        color=colour,
        font_size=size_px,
        font_weight="bold" if bold else "normal",
        font_family=font_family(style),
    )


def value_label(style: Style, texts: list[str], position: str, colour: str, **more: Any) -> opts.LabelOpts:
    """Printed values: the text of each item, where it stands at its mark, and what else ECharts knows of labels."""
    written = opts.LabelOpts(
        is_show=True,
        position=position,
        color=colour,
        font_size=style.value_px,
        font_weight="bold" if style.picks.bold else "normal",
        font_family=font_family(style),
        formatter=texts,
        margin=None,
        distance=more.pop("distance", 4),
    )
    if any("\n" in text for text in texts):
        more["lineHeight"] = round(style.value_px * LINE_OF_TWO, 1)
    written.update(**more)
    return written


def patched_label(chart: Chart, style: Style, series: Series) -> opts.LabelOpts:
    """Values above their points, on a patch of the paper: a line that passes does not strike a number out."""
    if not chart.printed:
        return HIDDEN
    paper = style.background if chart.kind == "radar" else style.behind
    return value_label(style, value_texts(chart, series), "top", style.ink, **patch(paper))


def patch(paper: str) -> dict[str, Any]:
    """A patch of the paper under a text, as ECharts takes it."""
    return {"backgroundColor": paper, "padding": [3, 4, 3, 4], "borderRadius": 2}


def value_texts(chart: Chart, series: Series) -> list[str]:
    """What is printed at each point; "" where one is missing."""
    return [chart.value_text(series, point) if point is not None else "" for point in series.points]


def point_values(series: Series) -> list[float | None]:
    """The number of each point of a series with one number."""
    return [None if point is None else point[-1] for point in series.points]


def fill(style: Style, colour: str, lying: bool = False) -> Any:
    """A colour, or a gradient from it to a lighter or darker one that still is that colour in the legend."""
    if style.picks.gradient == "none":
        return colour
    along = style.picks.gradient == "down"
    ends = {"x": 0, "y": 0, "x2": 0 if along != lying else 1, "y2": 1 if along != lying else 0}
    return {
        "type": "linear",
        **ends,
        "colorStops": [{"offset": 0, "color": colour}, {"offset": 1, "color": mix(colour, style.background, 0.35)}],
    }


def seen(style: Style, colour: str) -> str:
    """A colour as it shows through its opacity."""
    return mix(colour, style.behind, 1 - style.picks.opacity)


def symbol_size(style: Style, symbol: str) -> float:
    """Px across; pointed symbols look smaller than they are."""
    size = style.picks.symbol_size
    return size + 3 if symbol in ("triangle", "diamond", "emptyTriangle", "emptyDiamond") else size


def dash(kind: str, index: int) -> str | list[int]:
    """The dash of a series; "each" gives every one its own."""
    return _DASHES[index % len(_DASHES)] if kind == "each" else kind

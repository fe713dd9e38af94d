"""One chart as the option that ECharts draws: made by pyecharts, finished as JSON."""

from typing import Any

import msgspec
from pyecharts import options as opts
from pyecharts.charts.base import default
from pyecharts.charts.chart import Chart as Drawing

from renderers.content.charts.data import Chart
from renderers.core.colours import mix
from renderers.drawing.pyecharts_charts.axes import axes_of
from renderers.drawing.pyecharts_charts.layout import Layout, legend_gap_px, legend_key_px, legend_names, legend_row_px
from renderers.drawing.pyecharts_charts.paint import text_style
from renderers.drawing.pyecharts_charts.series import make_drawing
from renderers.drawing.pyecharts_charts.style import KINDS_WITHOUT_AXES, SLICES, Style

_HATCHED = SLICES | {"bar", "barh", "grouped_bar", "stacked_bar", "percent_bar"}
_ANGLES = (0.785, -0.785, 0.0, 1.571, 0.35, -0.35)

_ENCODER = msgspec.json.Encoder(enc_hook=default)


def make_option(chart: Chart, style: Style, layout: Layout) -> bytes:
    """The option of a chart as JSON; texts to be asked for one by one are in the form that draw.js knows."""
    canvas = opts.InitOpts(bg_color=style.background, animation_opts=opts.AnimationOpts(animation=False))
    drawing = make_drawing(chart, style, layout, canvas)
    drawing.set_global_opts(
        title_opts=opts.TitleOpts(is_show=False),
        legend_opts=_legend(chart, style, layout),
        tooltip_opts=opts.TooltipOpts(is_show=False),
    )
    drawing.options["title"] = _titles(chart, style, layout)
    drawing.options["legend"][0]["data"] = list(legend_names(chart, layout.words))
    if chart.kind not in KINDS_WITHOUT_AXES:
        horizontal, upright = axes_of(chart, style, layout)
        drawing.options.update(xAxis=horizontal, yAxis=upright, grid=_grid(style, layout))
    return _ENCODER.encode(_finish(drawing))


def make_hatches(chart: Chart, style: Style) -> list[dict[str, Any]]:
    """Lines to draw over the marks of each colour: angle in radians, colour, and the gap between lines in px."""
    inside = chart.printed and chart.kind in ("stacked_bar", "percent_bar")
    if style.picks.hatch == "none" or style.picks.gradient != "none" or inside or chart.kind not in _HATCHED:
        return []
    return [
        {
            "fill": colour,
            "angle": _ANGLES[index % len(_ANGLES)] if style.picks.hatch == "each" else _ANGLES[0],
            "colour": mix(colour, style.background, 0.6),
            "gap": (6, 8, 5)[index % 3] if style.picks.hatch == "each" else 7,
        }
        for index, colour in enumerate(style.colours)
    ]


def _finish(drawing: Drawing) -> dict[str, Any]:
    options = dict(drawing.get_options())
    options["textStyle"] = {"fontFamily": "none"}
    return options


def _titles(chart: Chart, style: Style, layout: Layout) -> list[dict[str, Any]]:
    """Title and source, each a title of its own: their positions do not depend on each other."""
    titles: list[dict[str, Any]] = []
    for text, position, align, size_px, colour, bold in (
        (chart.title, layout.title, layout.title_align, style.title_px, style.ink, style.bold_title),
        (chart.source, layout.source, layout.source_align, style.source_px, style.soft, False),
    ):
        title = opts.TitleOpts(
            is_show=bool(text),
            title=text,
            pos_left=position[0],
            pos_top=position[1],
            padding=0,
            text_align=align,
            title_textstyle_opts=text_style(style, size_px, colour, bold),
        )
        titles += title.opts
    return titles


def _legend(chart: Chart, style: Style, layout: Layout) -> opts.LegendOpts:
    legend = layout.legend
    if legend is None:
        return opts.LegendOpts(is_show=False)
    key_height = style.legend_px * (0.9 if style.picks.legend_icon else 0.85)
    return opts.LegendOpts(
        pos_left=legend.left,
        pos_top=legend.top,
        width=legend.width + 1,
        orient="vertical" if legend.vertical else "horizontal",
        align="left",
        padding=0,
        item_gap=legend_row_px(style) - style.legend_px if legend.vertical else legend_gap_px(style),
        item_width=legend_key_px(style),
        item_height=round(key_height, 1),
        textstyle_opts=text_style(style, style.legend_px, style.ink),
        legend_icon=style.picks.legend_icon or None,
    )


def _grid(style: Style, layout: Layout) -> opts.GridOpts:
    left, top, width, height = layout.plot
    framed = style.picks.framed
    return opts.GridOpts(
        is_show=framed or bool(style.panel),
        pos_left=left,
        pos_top=top,
        width=width,
        height=height,
        is_contain_label=False,
        outer_bounds_mode="none",
        background_color=style.panel or "transparent",
        border_color=style.line,
        border_width=1 if framed else 0,
    )

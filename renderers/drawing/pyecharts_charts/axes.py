"""Axes as pyecharts options: limits, ticks and texts exactly as the chart has them, looks as the style has them."""

from pyecharts import options as opts

from renderers.content.charts.data import Chart, ValueAxis
from renderers.drawing.pyecharts_charts.layout import Layout
from renderers.drawing.pyecharts_charts.margins import LABEL_GAP_PX, axis_is_far, axis_texts
from renderers.drawing.pyecharts_charts.paint import font_family, text_style
from renderers.drawing.pyecharts_charts.style import Style


def value_axis(
    axis: ValueAxis,
    style: Style,
    layout: Layout,
    *,
    name: str = "",
    vertical: bool,
    far: bool = False,
    second: bool = False,
) -> opts.AxisOpts:
    """An axis of numbers with its title; a `far` one stands at the right, a `second` one has no grid lines."""
    texts = {"ticks": list(axis.ticks), "texts": list(axis.tick_texts())}
    label = _labels(style)
    label.update(formatter=texts, showMinLabel=True, showMaxLabel=True, hideOverlap=False)
    options = _axis(style, layout, name, vertical, far, label, shows_grid="value" if not second else "never")
    options.update(
        type="log" if axis.log else "value",
        min=axis.low,
        max=axis.high,
        interval=1 if axis.log else (axis.high - axis.low) / max(1, len(axis.ticks) - 1),
        scale=axis.low != 0,
        minorTick=opts.MinorTickOpts(is_show=style.picks.minor_tick and _has_ticks(style), split_number=5),
    )
    return options


def category_axis(
    names: tuple[str, ...], style: Style, layout: Layout, *, name: str = "", vertical: bool
) -> opts.AxisOpts:
    """An axis of names with its title; an upright one runs from the top down."""
    label = _labels(style)
    label.update(interval=0, rotate=0 if vertical else layout.tilt, hideOverlap=False)
    options = _axis(style, layout, name, vertical, False, label, shows_grid="category")
    options.update(type="category", data=list(names), inverse=vertical, boundaryGap=True)
    return options


def _labels(style: Style) -> opts.LabelOpts:
    return opts.LabelOpts(
        color=style.soft,
        font_size=style.em_px,
        font_weight="normal",
        font_family=font_family(style),
        margin=LABEL_GAP_PX,
    )


def _has_ticks(style: Style) -> bool:
    return style.picks.tick_kind != "none" and style.picks.axis_show != "none"


def _axis(
    style: Style, layout: Layout, name: str, vertical: bool, far: bool, label: opts.LabelOpts, shows_grid: str
) -> opts.AxisOpts:
    picks = style.picks
    position = layout.y_name_place if vertical else layout.x_name_place
    gap = layout.y_gap if vertical else layout.x_gap
    shown = picks.axis_show
    line = opts.LineStyleOpts(width=picks.axis_width, color=style.line)
    options = opts.AxisOpts(
        name=name or None,
        # An upright axis of names runs down, so its upper end is where it starts.
        name_location="start" if position == "end" and vertical and shows_grid == "category" else position,
        name_gap=gap,
        name_rotate=(-90 if far else 90) if vertical and position == "middle" else 0,
        is_name_move_overlap=False,
        position=("right" if far else "left") if vertical else "bottom",
        axislabel_opts=label,
        axisline_opts=opts.AxisLineOpts(
            is_show=shown == "both" or (shown == "category" and shows_grid == "category"),
            is_on_zero=False,
            symbol=["none", "arrow"] if picks.axis_end == "arrow" else None,
            linestyle_opts=line,
        ),
        axistick_opts=opts.AxisTickOpts(
            is_show=_has_ticks(style),
            is_align_with_label=shows_grid == "category",
            is_inside=picks.tick_kind == "in",
            length=4,
            linestyle_opts=line,
        ),
        name_textstyle_opts=_name_style(style, layout, vertical, position, far),
        splitline_opts=opts.SplitLineOpts(
            is_show=picks.grid_show in ("both", shows_grid),
            linestyle_opts=opts.LineStyleOpts(
                is_show=True, width=picks.grid_width, type_=picks.grid_type, color=style.grid
            ),
        ),
        splitarea_opts=opts.SplitAreaOpts(
            is_show=picks.split_area and shows_grid == "value" and vertical,
            areastyle_opts=opts.AreaStyleOpts(opacity=1, color=[style.band, style.behind]),
        ),
    )
    if picks.axis_end == "arrow":
        options.opts["axisLine"].opts["symbolSize"] = [6, 9]
    return options


def _name_style(style: Style, layout: Layout, vertical: bool, position: str, far: bool) -> opts.TextStyleOpts:
    written = text_style(style, style.name_px, style.ink)
    if position != "middle":
        if vertical:
            # Above its axis, over the ticks' texts and into the plot: never beyond the paper.
            written.update(align="right" if far else "left", padding=[0, 0, 0, 0])
        else:
            written.update(align="left", verticalAlign="middle")
    return written


def axes_of(chart: Chart, style: Style, layout: Layout) -> tuple[list[opts.AxisOpts], list[opts.AxisOpts]]:
    """Horizontal and vertical axes of a chart that has axes."""
    far = axis_is_far(chart, style)
    if chart.kind == "barh":
        return (
            [value_axis(chart.axes[0], style, layout, name=chart.x_title, vertical=False)],
            [category_axis(chart.categories, style, layout, name=chart.y_title, vertical=True)],
        )
    if chart.kind == "heatmap":
        return (
            [category_axis(chart.categories, style, layout, name=chart.x_title, vertical=False)],
            [category_axis(axis_texts(chart)[1], style, layout, name=chart.y_title, vertical=True)],
        )
    if chart.kind in ("scatter", "bubble"):
        return (
            [value_axis(chart.axes[0], style, layout, name=chart.x_title, vertical=False)],
            [value_axis(chart.axes[1], style, layout, name=chart.y_title, vertical=True, far=far)],
        )
    upright = [value_axis(chart.axes[0], style, layout, name=chart.y_title, vertical=True, far=far)]
    if len(chart.axes) > 1:
        upright.append(value_axis(chart.axes[1], style, layout, vertical=True, far=True, second=True))
    return [category_axis(chart.categories, style, layout, name=chart.x_title, vertical=False)], upright

"""Bodies of charts without a category axis, or whose values no axis shows: slices, sectors, funnels, heat maps."""

from collections.abc import Sequence

import numpy as np

from renderers.content.charts.axes import Base, draw_format, draw_scale
from renderers.content.charts.data import NumberFormat, ValueAxis
from renderers.content.charts.distributions import Floats, draw_shape, draw_shapes, draw_shares
from renderers.content.charts.plan import Body, Names, Plan, round_to_sum, scalar_series, stretch
from renderers.content.charts.texts import Family

_MIN_SLICE = 0.035
"""Least slice, as a fraction of the whole."""

_MIN_FALL = 0.015
"""Least fall from one stage of a funnel to the next, as a fraction of the first: whole percentages then differ."""

_RADIUS_FRAC = 0.72
"""The part of half the room that a radar's axis takes; the rest is for the names around it."""


def draw_slices(plan: Plan) -> Body:
    """pie, donut: percentages that sum to 100, or amounts."""
    rng = plan.rng
    names = _legend_names(plan, 2, min(9, int(plan.room.height_px / plan.room.em_px / 2.2)))
    shares = draw_shares(rng, len(names), _MIN_SLICE)
    if rng.random() < 0.6:
        decimals = plan.pick((0, 1, 1, 2))
        values = np.round(round_to_sum(shares, 100 * 10**decimals) / 10**decimals, decimals)
        form = NumberFormat(decimals=decimals, suffix="%" if rng.random() < 0.9 else "")
    else:
        values, form = _amounts(plan, shares / shares.max())
    if rng.random() < 0.45:
        values = np.sort(values)[::-1]
    return _nameless(names, values, form)


def draw_sectors(plan: Plan) -> Body:
    """rose: sectors of equal angle whose radius is the value."""
    names = _legend_names(plan, 4, min(10, int(plan.room.height_px / plan.room.em_px / 2.0)))
    values, form = _amounts(
        plan, stretch(draw_shape(plan.rng, len(names), ordered=False), plan.rng.uniform(0.25, 0.5), 1.0)
    )
    if plan.rng.random() < 0.5:
        values = np.sort(values)[::-1]
    return _nameless(names, values, form)


def draw_funnel(plan: Plan) -> Body:
    """Funnel: stages from the largest down, no two alike."""
    max_num = min(7, int(plan.room.height_px / plan.room.em_px / 2))
    names = _legend_names(plan, 3, max_num, "stages")
    falls = plan.rng.uniform(0.45, 0.93, len(names)).cumprod().clip(0.06, None)
    drops = _MIN_FALL * (len(names) - 1)
    falls = np.linspace(drops, 0.0, len(names)) + falls / falls[0] * (1.0 - drops)
    if plan.rng.random() < 0.4:
        shares = np.round(falls * 100.0, 1 if plan.rng.random() < 0.4 else 0)
        return _nameless(names, shares, NumberFormat(decimals=0 if (shares % 1 == 0).all() else 1, suffix="%"))
    values, form = _amounts(plan, falls, powers=(2, 2, 2, 3, 3, 4, 5))
    return _nameless(names, values, form)


def draw_radar(plan: Plan) -> Body:
    """Radar: up to three series over three to nine indicators."""
    radius_px = min(plan.room.width_px, plan.room.height_px) / 2 * _RADIUS_FRAC
    printed = plan.printed and radius_px > 6 * plan.room.em_px
    scale = draw_scale(plan.rng, plan.frame(printed, length_px=radius_px), "zero", may_log=False)
    num_series = 1 if printed else plan.draw_num_series(1, 3)
    max_num = min(9, int(radius_px / plan.room.em_px))
    names = plan.draw_rows(3, max_num, 0.2 * plan.room.width_px / plan.room.em_px)
    series_names = plan.draw_series_names(num_series)
    shapes = draw_shapes(plan.rng, num_series, len(names), ordered=False)
    fracs = stretch(shapes, plan.rng.uniform(0.2, 0.6), plan.rng.uniform(0.8, 0.98))
    return Body(tuple(names), scalar_series(scale.snap(fracs), series_names), (scale.axis,), printed)


def draw_heat(plan: Plan) -> Body:
    """Heat map: rows and columns with a number in each cell."""
    rng, em_px = plan.rng, plan.room.em_px
    base: Base = "signed" if rng.random() < 0.15 else "zero" if rng.random() < 0.6 else "free"
    for _ in range(3):
        scale = draw_scale(rng, plan.frame(printed=True), base, may_log=False)
        cell_em = scale.widest_em(plan.room.families) + 0.8
        if cell_em * 4 <= plan.room.width_px / em_px:
            break
    names = plan.draw_names(2, 10, cell_em, "ordered" if rng.random() < 0.5 else "unordered")
    max_num = min(8, int(plan.room.height_px / em_px / 2.0))
    rows = plan.draw_rows(2, max_num, family="ordered" if rng.random() < 0.4 else "unordered")
    shape = draw_shapes(rng, len(rows), len(names), ordered=rng.random() < 0.5)
    values = scale.snap(stretch(shape, rng.uniform(0.0, 0.15), rng.uniform(0.85, 1.0)))
    return Body(tuple(names), scalar_series(values, rows), (scale.axis,), printed=True)


def _legend_names(plan: Plan, min_num: int, max_num: int, family: Family = "unordered") -> Names:
    """Names of slices, which stand beside them or in a legend: they fit both."""
    widest_em = min(plan.room.category_em, 0.24 * plan.room.width_px / plan.room.em_px)
    total_em = plan.room.legend_em
    min_num = max(2, min(min_num, int(total_em / 5.0)))
    max_num = plan.between(min_num, min(max_num, int(total_em / 5.0)))
    return plan.texts.draw_categories(min_num, max_num, lambda num: min(widest_em, total_em / num - 3.0), family)


def _amounts(
    plan: Plan, shapes: Floats, powers: Sequence[int] = (1, 1, 2, 2, 2, 3, 3, 4, 5)
) -> tuple[Floats, NumberFormat]:
    """Shapes as amounts whose largest has one of `powers` of ten, and their format."""
    power = plan.pick(powers)
    decimals = plan.pick((0, 1, 1, 2)) if power < 2 else plan.pick((0, 0, 0, 1)) if power == 2 else 0
    values = np.round(shapes * plan.rng.uniform(1.0, 9.99) * 10.0**power, decimals)
    return values, draw_format(plan.rng, plan.frame(printed=True), float(values.max()), decimals)


def _nameless(names: Names, values: Floats, form: NumberFormat) -> Body:
    axis = ValueAxis(0.0, float(values.max()), (), form)
    return Body(tuple(names), scalar_series(values[None], [""]), (axis,), printed=True)

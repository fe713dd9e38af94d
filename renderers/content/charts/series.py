"""Bodies of charts with a category axis and one number for each point: bars, lines, areas, stacks, combinations."""

import numpy as np

from renderers.content.charts.axes import Base, Scale, draw_scale, nice_up
from renderers.content.charts.data import NumberFormat, ValueAxis
from renderers.content.charts.distributions import Floats, draw_shapes
from renderers.content.charts.plan import (
    BAR_FRAC,
    GROUP_FRAC,
    LINE_EM,
    Body,
    Plan,
    drop_points,
    headroom_frac,
    round_to_sum,
    scalar_series,
    separate,
    stretch,
)
from renderers.content.charts.texts import Family

_MIN_BAR_PX = 4.0
_MIN_APART_PX = 4.0
_SIGNED_FRAC = 0.12


def draw_bars(plan: Plan) -> Body:
    """bar, barh, grouped_bar."""
    horizontal, grouped = plan.kind == "barh", plan.kind == "grouped_bar"
    base: Base = "signed" if plan.rng.random() < _SIGNED_FRAC else "zero"
    for printed in dict.fromkeys((plan.printed, plan.printed, False)):
        scale = draw_scale(plan.rng, plan.frame(printed, horizontal), base, may_log=True)
        label_em = scale.widest_em(plan.room.families) + 0.4 if printed and not horizontal else 0.0
        num_series = plan.draw_num_series(2, 4) if grouped else 1
        per_bar_em = max(label_em, 5.0 / plan.room.em_px)
        while num_series > 2 and num_series * per_bar_em / GROUP_FRAC * 3 > plan.room.width_px / plan.room.em_px:
            num_series -= 1
        slot_em = num_series * per_bar_em / GROUP_FRAC if grouped else label_em
        if slot_em * 2 <= plan.room.width_px / plan.room.em_px:
            break
    family: Family = "ordered" if plan.rng.random() < (0.15 if horizontal else 0.45) else "unordered"
    if horizontal:
        names = plan.draw_rows(2, min(14, int(plan.room.height_px / plan.room.em_px / 1.6)), family=family)
    else:
        names = plan.draw_names(2, 7 if grouped else 14, slot_em, family)
    series_names = plan.draw_series_names(num_series)
    shapes = draw_shapes(plan.rng, num_series, len(names), family == "ordered")
    rows = scale.snap(_bar_fracs(plan, scale, shapes, headroom_frac(plan, scale, printed, horizontal)))
    series = scalar_series(rows, series_names)
    if grouped:
        series = drop_points(plan, series)
    return Body(tuple(names), series, (scale.axis,), printed)


def _bar_fracs(plan: Plan, scale: Scale, shapes: Floats, head: float) -> Floats:
    """Where bars end: none too short to see, the longest well along the axis, with room for its label."""
    zero = scale.zero_frac
    reach = zero + (1.0 - head - zero) * plan.rng.uniform(0.75, 0.99)
    min_frac = _MIN_BAR_PX * scale.px_frac + scale.step_frac
    up = zero + (shapes * (reach - zero)).clip(min_frac, None)
    if zero <= 0:
        return up
    down_reach = zero - (zero - min(head, zero / 2)) * plan.rng.uniform(0.6, 0.99)
    negative = plan.rng.random(shapes.shape) < 0.35
    largest = int(shapes.argmax())
    negative.flat[(largest + plan.between(1, negative.size - 1)) % negative.size] = True
    negative.flat[largest] = False
    deepest = float((shapes * negative).max()) or 1.0
    down = zero - (shapes / deepest * (zero - down_reach)).clip(min_frac, None)
    return np.where(negative, down, up)


def draw_lines(plan: Plan) -> Body:
    """line, step, area."""
    area = plan.kind == "area"
    how = plan.rng.random()
    base: Base = "zero" if area or how < 0.4 else "free" if how < 1 - _SIGNED_FRAC else "signed"
    scale = draw_scale(plan.rng, plan.frame(plan.printed), base, may_log=not area)
    gap = max(LINE_EM * plan.room.em_px if plan.printed else 0.0, _MIN_APART_PX) * scale.px_frac + scale.step_frac
    num_series = 1 if area else plan.draw_num_series(1, 3 if plan.printed else 5)
    num_series = max(1, min(num_series, int(0.7 / gap)))
    label_em = scale.widest_em(plan.room.families) + 0.6 if plan.printed else 12.0 / plan.room.em_px
    family: Family = "ordered" if plan.rng.random() < 0.9 else "unordered"
    names = plan.draw_names(3, 18 if num_series == 1 else 13, label_em, family)
    series_names = plan.draw_series_names(num_series)
    shapes = draw_shapes(plan.rng, num_series, len(names), ordered=True)
    head = headroom_frac(plan, scale, plan.printed, horizontal=False)
    high = (1.0 - head) * plan.rng.uniform(0.82, 0.98)
    low = min(plan.rng.uniform(0.03, 0.2), 0.35 * high)
    spread = (shapes * high).clip(low, None) if area else stretch(shapes, low, high)
    fracs = separate(spread, gap, 0.01, 1.0 - head)
    series = scalar_series(scale.snap(fracs), series_names)
    if not area:
        series = drop_points(plan, series)
    return Body(tuple(names), series, (scale.axis,), plan.printed)


def draw_stacks(plan: Plan) -> Body:
    """stacked_bar, stacked_area, percent_bar."""
    printed = plan.printed and plan.kind != "stacked_area"
    scale = _percent_scale(plan, printed) if plan.kind == "percent_bar" else None
    scale = scale or draw_scale(plan.rng, plan.frame(printed), "zero", may_log=False)
    min_px = max(5.0, 1.4 * plan.room.em_px if printed else 0.0)
    min_frac = min_px * scale.px_frac + scale.step_frac
    num_series = max(2, min(plan.draw_num_series(2, 5), int(0.5 / min_frac)))
    label_em = (scale.widest_em(plan.room.families) + 0.3) / BAR_FRAC if printed else 0.0
    family: Family = "ordered" if plan.kind == "stacked_area" or plan.rng.random() < 0.5 else "unordered"
    names = plan.draw_names(2 if plan.kind != "stacked_area" else 4, 10, label_em, family)
    series_names = plan.texts.draw_series(num_series, plan.room.legend_em)
    rows = _stack(plan, scale, num_series, len(names), min(min_frac, 0.9 / num_series), family == "ordered")
    return Body(tuple(names), scalar_series(rows, series_names), (scale.axis,), printed)


def _stack(plan: Plan, scale: Scale, num_series: int, num: int, min_frac: float, ordered: bool) -> Floats:
    """Values (num_series, num), every segment at min_frac `min_frac` of the axis high."""
    rng = plan.rng
    tilt = rng.dirichlet(np.full(num_series, 2.0)) + 0.05
    shares = rng.dirichlet(tilt * rng.choice((6.0, 20.0, 60.0)), num)
    num_units = round((scale.axis.high - scale.axis.low) / scale.step)
    if plan.kind == "percent_bar":
        parts = round_to_sum(min_frac + (1.0 - num_series * min_frac) * shares, num_units)
    else:
        totals = draw_shapes(rng, 1, num, ordered)[0] * rng.uniform(0.75, 0.97)
        totals = totals.clip(min(0.97, num_series * min_frac * 1.15), None)[:, None]
        parts = np.floor((min_frac + (totals - num_series * min_frac) * shares) * num_units)
    return np.round(parts.T * scale.step, scale.axis.format.decimals)


def _percent_scale(plan: Plan, printed: bool) -> Scale:
    """0 to 100 %."""
    if printed:
        decimals = plan.pick((0, 0, 1, 1, 2))
        step = round(10.0**-decimals, decimals)
    else:
        step, decimals = nice_up(max(0.5, 200.0 / plan.room.height_px))
    tick = plan.pick((20.0, 20.0, 25.0, 50.0))
    ticks = tuple(tick * index for index in range(int(100 / tick) + 1))
    form = NumberFormat(decimals=decimals, suffix="%" if plan.rng.random() < 0.7 else "")
    return Scale(ValueAxis(0.0, 100.0, ticks, form), step, step / 100.0, 1 / plan.room.height_px, np.empty(0))


def draw_combination(plan: Plan) -> Body:
    """combo: bars on the left axis, lines on the right one; where values are printed, lines stay above the bars."""
    rng, printed = plan.rng, plan.printed and plan.room.height_px >= 14 * plan.room.em_px
    left = draw_scale(rng, plan.frame(printed), "zero", may_log=False)
    right = draw_scale(rng, plan.frame(printed), "free" if rng.random() < 0.5 else "zero", may_log=False)
    num_series = 2 if printed else plan.draw_num_series(2, 4)
    num_bars = plan.between(1, min(2, num_series - 1))
    num_lines = num_series - num_bars
    label_em = 0.6 + max(left.widest_em(plan.room.families), right.widest_em(plan.room.families)) if printed else 0.0
    family: Family = "ordered" if rng.random() < 0.8 else "unordered"
    names = plan.draw_names(3, 10, max(label_em, num_bars * 8.0 / plan.room.em_px), family)
    series_names = plan.texts.draw_series(num_series, plan.room.legend_em)
    bars = draw_shapes(rng, num_bars, len(names), ordered=True)
    bar_fracs = _bar_fracs(plan, left, bars, 0.48 if printed else 0.0)
    lines = draw_shapes(rng, num_lines, len(names), ordered=True)
    head = headroom_frac(plan, right, printed, horizontal=False)
    low, high = (0.62, 0.95 - head) if printed else (rng.uniform(0.05, 0.25), rng.uniform(0.8, 0.97))
    gap = _MIN_APART_PX * right.px_frac + right.step_frac
    line_fracs = separate(stretch(lines, low, high), gap, 0.01, 0.99)
    series = scalar_series(left.snap(bar_fracs), series_names[:num_bars]) + scalar_series(
        right.snap(line_fracs), series_names[num_bars:], axis=1, line=True
    )
    return Body(tuple(names), series, (left.axis, right.axis), printed)

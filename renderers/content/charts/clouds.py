"""Bodies of charts whose marks have several numbers: scatter, bubbles, boxes, candles. None may hide another."""

import numpy as np

from renderers.content.charts.axes import draw_format, draw_scale
from renderers.content.charts.data import Point, Series
from renderers.content.charts.distributions import Floats, draw_shape
from renderers.content.charts.plan import Body, Plan, stretch, tuple_series
from renderers.content.charts.texts import Family

_APART_PX = 7.0
_MIN_PART_PX = 4.5


def draw_scatter(plan: Plan) -> Body:
    """Scatter: 1-3 series of (x, y)."""
    rng = plan.rng
    x_axis = draw_scale(rng, plan.frame(printed=False, horizontal=True), plan.pick(("zero", "free")), may_log=True)
    y_axis = draw_scale(rng, plan.frame(printed=False), plan.pick(("zero", "free", "free", "signed")), may_log=True)
    num_series = plan.draw_num_series(1, 3)
    names = plan.draw_series_names(num_series)
    x_apart = max(_APART_PX * x_axis.px_frac, 0.5 * x_axis.step_frac)
    y_apart = max(_APART_PX * y_axis.px_frac, 0.5 * y_axis.step_frac)
    cells: set[tuple[int, int]] = set()
    series: list[Series] = []
    for name in names:
        num = plan.between(4, 24 // num_series)
        fracs = _cloud(plan, num * 2)
        xs, ys = x_axis.snap(fracs[0]).tolist(), y_axis.snap(fracs[1]).tolist()
        points: dict[float, Point] = {}
        for x, y in zip(xs, ys, strict=True):
            cell = (int(x_axis.frac(x) / x_apart), int(y_axis.frac(y) / y_apart))
            near = {(cell[0] + right, cell[1] + up) for right in (-1, 0, 1) for up in (-1, 0, 1)}
            if len(points) < num and x not in points and cells.isdisjoint(near):
                cells.add(cell)
                points[x] = (x, y)
        if points:
            series.append(Series(name, tuple(sorted(points.values()))))
    return Body((), tuple(series), (x_axis.axis, y_axis.axis), printed=False)


def _cloud(plan: Plan, num: int) -> Floats:
    """Points (2, num) in 0..1: a trend, a curve, clusters, or no pattern."""
    rng = plan.rng
    how = rng.random()
    x = rng.random(num)
    if how < 0.4:
        y = rng.choice((-1.0, 1.0)) * x + rng.normal(0.0, rng.uniform(0.05, 0.4), num)
    elif how < 0.6:
        y = (x - rng.uniform(0.0, 1.0)) ** 2 * rng.choice((-1.0, 1.0)) + rng.normal(0.0, 0.06, num)
    elif how < 0.8:
        centres = rng.random((2, plan.between(2, 4)))[:, rng.integers(0, 2, num)]
        x, y = centres + rng.normal(0.0, 0.09, (2, num))
    else:
        y = rng.random(num)
    low, high = rng.uniform(0.03, 0.15, 2), rng.uniform(0.85, 0.97, 2)
    return np.array([stretch(x, low[0], high[0]), stretch(y, low[1], high[1])])


def draw_bubbles(plan: Plan) -> Body:
    """Bubble: names at (x, y) with a printed size; the texts in the middle of bubbles stay apart."""
    rng, room = plan.rng, plan.room
    x_axis = draw_scale(rng, plan.frame(printed=False, horizontal=True), plan.pick(("zero", "free")), may_log=False)
    y_axis = draw_scale(rng, plan.frame(printed=False), plan.pick(("zero", "free")), may_log=False)
    width_em, height_em = room.width_px / room.em_px, room.height_px / room.em_px
    names = plan.draw_rows(3, min(9, int(width_em * height_em / 60)), 0.22 * width_em)
    power = plan.pick((1, 1, 2, 2, 3))
    sizes = np.rint(draw_shape(rng, len(names), ordered=False).clip(0.05, None) * rng.uniform(2.0, 9.9) * 10.0**power)
    size_format = draw_format(rng, plan.frame(printed=True), float(sizes.max()), 0)
    placed: list[tuple[float, float, float]] = []
    kept: list[str] = []
    points: list[Point] = []
    for name, size in zip(names, sizes.tolist(), strict=True):
        wide_em = max(plan.texts.width_em(name), plan.texts.width_em(size_format.text(size))) + 0.6
        margin = (wide_em / 2 / width_em + x_axis.step_frac / 2, 1.6 / height_em + y_axis.step_frac / 2)
        margin = (min(0.45, margin[0]), min(0.45, margin[1]))
        tries = rng.random((2, 12))
        xs = x_axis.snap(margin[0] + tries[0] * (1 - 2 * margin[0]))
        ys = y_axis.snap(margin[1] + tries[1] * (1 - 2 * margin[1]))
        for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
            across, up = x_axis.frac(x) * width_em, y_axis.frac(y) * height_em
            if all(abs(across - left) > (wide_em + wide) / 2 or abs(up - low) > 3.2 for left, low, wide in placed):
                placed.append((across, up, wide_em))
                kept.append(name)
                points.append((x, y, size))
                break
    return Body(tuple(kept), (Series("", tuple(points)),), (x_axis.axis, y_axis.axis), True, size_format)


def draw_boxes(plan: Plan) -> Body:
    """Box plot: min < q1 < median < q3 < max, all apart."""
    rng = plan.rng
    scale = draw_scale(rng, plan.frame(printed=False), plan.pick(("zero", "free", "free", "signed")), may_log=False)
    family: Family = "ordered" if rng.random() < 0.4 else "unordered"
    names = plan.draw_names(2, 10, 20.0 / plan.room.em_px, family)
    num = len(names)
    min_frac = _MIN_PART_PX * scale.px_frac + scale.step_frac
    gaps = rng.lognormal(0.0, 0.45, (num, 4)) * np.array([1.3, 1.0, 1.0, 1.3])
    spare = max(0.0, 0.9 - 4 * min_frac)
    gaps = min_frac + gaps / gaps.sum(axis=1, keepdims=True) * spare * rng.uniform(0.25, 0.65, (num, 1))
    tall = gaps.sum(axis=1)
    middle = draw_shape(rng, num, ordered=True)
    low = 0.03 + (0.94 - tall) * stretch(middle, rng.uniform(0.0, 0.2), rng.uniform(0.8, 1.0))
    fracs = np.concatenate([low[:, None], low[:, None] + gaps.cumsum(axis=1)], axis=1)
    return Body(tuple(names), (tuple_series(scale.snap(fracs), ""),), (scale.axis,), printed=False)


def draw_candles(plan: Plan) -> Body:
    """Candlestick: (open, close, low, high) of consecutive dates."""
    rng = plan.rng
    scale = draw_scale(rng, plan.frame(printed=False), "free", may_log=False)
    names = plan.draw_names(5, 20, 10.0 / plan.room.em_px, "dates")
    num = len(names)
    min_frac = _MIN_PART_PX * scale.px_frac + scale.step_frac
    walk = rng.normal(0.1 * rng.normal(), 1.0, num + 1).cumsum()
    edges = stretch(walk, 0.2, 0.8)
    opens, closes = edges[:-1], edges[1:]
    small = np.abs(closes - opens) < min_frac
    closes = np.where(small, opens + np.where(closes >= opens, min_frac, -min_frac), closes)
    wicks = rng.exponential(0.05, (2, num)).clip(0.0, 0.15) * (rng.random((2, num)) < 0.93)
    wicks = np.where(wicks > 0, wicks + min_frac, 0.0)
    lows = (np.minimum(opens, closes) - wicks[0]).clip(0.01, None)
    highs = (np.maximum(opens, closes) + wicks[1]).clip(None, 0.99)
    values = scale.snap(np.array([opens, closes, lows, highs]).T)
    values[:, 2] = np.minimum(values[:, 2], values[:, :2].min(axis=1))
    values[:, 3] = np.maximum(values[:, 3], values[:, :2].max(axis=1))
    return Body(tuple(names), (tuple_series(values, ""),), (scale.axis,), printed=False)

"""Value axes and the grid of values that a reader can recover from them.

The axis is drawn first and the data are made to fill it, as fractions of its length: so limits and ticks are nice
numbers, and every rule in px (a bar of 3 px, two lines 4 px apart) is a rule about fractions, linear or logarithmic.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np

import templates
from renderers.content import fonts
from renderers.content.charts.data import NumberFormat, ValueAxis
from renderers.content.charts.distributions import Floats
from renderers.core.choice import pick

Base = Literal["zero", "free", "signed"]
"""zero: the axis starts there; free: it may start anywhere; signed: zero is inside."""

MIN_STEP_FRAC = 1 / 200
MIN_STEP_PX = 2.0
"""The finest grid of values that are not printed: what a reader with a ruler can still tell apart."""

TICK_EM = 6.0
"""Widest tick label, in em."""

_MANTISSAS = (1.0, 2.0, 2.5, 5.0)
_POWERS = (-2, -1, -1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class AxisFrame:
    """The room of an axis, known before its numbers are.

    Attributes:
        length_px: length of the axis, in px.
        em_px: font size of its tick labels, in px.
        horizontal: then tick labels need room for their width.
        printed: whether values are printed at their marks, so that any decimals can be read.
        families: the font stack that draws its tick labels.
        language: of its units: en, zh or mul.
    """

    length_px: float
    em_px: float
    horizontal: bool
    printed: bool
    families: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis with the grid of values that can be read off it; fractions are of its length, from `low`.

    Attributes:
        axis: its limits, ticks and number format.
        step: distance of neighbouring values of a linear grid, in the unit of the axis; 0 for a logarithmic one.
        step_frac: the widest distance of neighbours, as a fraction of the axis, 0..1.
        px_frac: one px as a fraction of the axis, 0..1.
        marks: (N,) values of a logarithmic grid, ascending, in units of the axis; empty for a linear one.
    """

    axis: ValueAxis
    step: float
    step_frac: float
    px_frac: float
    marks: Floats

    @property
    def zero_frac(self) -> float:
        """Where bars begin, as a fraction: at zero, or at the low end of a logarithmic axis."""
        return 0.0 if self.axis.log else -self.axis.low / (self.axis.high - self.axis.low)

    def snap(self, fracs: Floats) -> Floats:
        """The values of the grid next to fractions; exactly the floats that their texts say."""
        low, high = self.axis.low, self.axis.high
        if self.axis.log:
            logs = np.log10(self.marks)
            wanted = math.log10(low) + fracs * math.log10(high / low)
            return np.asarray(self.marks[np.searchsorted((logs[1:] + logs[:-1]) / 2, wanted)])
        steps = np.rint((low + fracs * (high - low)) / self.step)
        steps = steps.clip(math.ceil(low / self.step - 1e-9), math.floor(high / self.step + 1e-9))
        return np.round(steps * self.step, self.axis.format.decimals)

    def frac(self, value: float) -> float:
        """Where a value lies, as a fraction of the axis."""
        low, high = self.axis.low, self.axis.high
        return math.log(value / low) / math.log(high / low) if self.axis.log else (value - low) / (high - low)

    def widest_em(self, families: tuple[str, ...]) -> float:
        """Width in em of the widest text that a value of this axis can have."""
        ends = (self.axis.low, self.axis.high, self.axis.high * 0.9999)
        return max(fonts.width_em(families, self.axis.format.text(end)) for end in ends)


def draw_scale(rng: np.random.Generator, frame: AxisFrame, base: Base, may_log: bool) -> Scale:
    """An axis and its grid for a chart."""
    if may_log and rng.random() < 0.09:
        scale = _draw_log(rng, frame)
        if scale is not None:
            return scale
    return _draw_linear(rng, frame, base)


def draw_format(rng: np.random.Generator, frame: AxisFrame, high: float, decimals: int) -> NumberFormat:
    """How numbers up to `high` are written: units, currency symbols, separators of thousands."""
    menu: dict[str, Any] = templates.menu("charts", "units.toml")["zh" if frame.language == "zh" else "en"]
    thousands, prefix, suffix = "", "", ""
    how = rng.random()
    if how < 0.10:
        prefix = pick(menu["prefixes"], rng.random())
    elif how < 0.20 and high < 5000:
        suffix = pick(menu["suffixes"], rng.random())
    elif how < 0.28 and high < 1000:
        suffix = pick(menu["multiples"], rng.random())
    if high >= 1000:
        thousands = ("," if rng.random() < 0.6 else "", "," if rng.random() < 0.5 else " ", "'")[
            min(2, int(rng.random() * 2.1))
        ]
    if fonts.missing_glyph(frame.families, prefix + suffix):
        prefix = suffix = ""
    return NumberFormat(decimals=decimals, thousands=thousands, prefix=prefix, suffix=suffix)


def nice_up(value: float) -> tuple[float, int]:
    """The smallest 1, 2 or 5 times a power of ten that is not below a value, and the decimals that write it."""
    power = math.floor(math.log10(value) + 1e-9)
    for mantissa, more in ((1, 0), (2, 0), (5, 0), (10, 1)):
        step = mantissa * 10.0**power
        if step >= value * (1 - 1e-9):
            decimals = max(0, -(power + more))
            return round(step, decimals), decimals
    raise AssertionError(value)


def _draw_linear(rng: np.random.Generator, frame: AxisFrame, base: Base) -> Scale:
    max_ticks = max(2, min(8, int(frame.length_px / (frame.em_px * (5.0 if frame.horizontal else 1.8)))))
    for _ in range(4):
        percent = rng.random() < 0.14
        num = int(rng.integers(min(3, max_ticks), max_ticks + 1))
        if percent:
            tick, num = _percent_ticks(rng, num)
            power = 0
            tick_decimals = 1 if tick == 2.5 else 0
        else:
            power = pick(_POWERS, rng.random())
            mantissa = pick(_MANTISSAS, rng.random())
            tick_decimals = max(0, (1 if mantissa == 2.5 else 0) - power)
            tick = round(mantissa * 10.0**power, tick_decimals)
        first = 0
        if base == "signed":
            first = -int(rng.integers(1, max(2, num // 2 + 1)))
        elif base == "free" and not percent and rng.random() < 0.6:
            first = int(rng.integers(1, 4 * num))
        ticks = tuple(round((first + index) * tick, tick_decimals) for index in range(num + 1))
        step, decimals = _draw_step(rng, frame, ticks[-1] - ticks[0], tick)
        form = NumberFormat(decimals, suffix="%") if percent else draw_format(rng, frame, ticks[-1], decimals)
        axis = ValueAxis(ticks[0], ticks[-1], ticks, form, tick_decimals)
        widest = max(fonts.width_em(frame.families, text) for text in axis.tick_texts())
        if widest <= TICK_EM and (not frame.horizontal or (widest + 1) * num * frame.em_px <= frame.length_px):
            return _linear(axis, step, frame)
    ticks = (0.0, 50.0, 100.0) if base != "signed" else (-50.0, 0.0, 50.0)
    step, decimals = _draw_step(rng, frame, 100.0, 50.0)
    return _linear(ValueAxis(ticks[0], ticks[-1], ticks, NumberFormat(decimals)), step, frame)


def _linear(axis: ValueAxis, step: float, frame: AxisFrame) -> Scale:
    return Scale(axis, step, step / (axis.high - axis.low), 1 / frame.length_px, np.empty(0))


def _percent_ticks(rng: np.random.Generator, num: int) -> tuple[float, int]:
    tick = pick((20.0, 25.0, 10.0, 5.0, 2.0, 1.0, 2.5), rng.random())
    if tick in (20.0, 25.0) and rng.random() < 0.7:
        num = int(100 / tick)
    return tick, min(num, int(100 / tick))


def _draw_step(rng: np.random.Generator, frame: AxisFrame, span: float, tick: float) -> tuple[float, int]:
    """Distance of neighbouring values and the decimals that write them."""
    if frame.printed:
        enough = max(0, math.ceil(2 - math.log10(span)))
        decimals = enough + (0 if span >= 2000 else pick((-1, 0, 0, 0, 0, 0, 1, 1, 2), rng.random()))
        decimals = max(0, min(decimals, max(2, enough)))
        return round(10.0**-decimals, decimals), decimals
    step, decimals = nice_up(max(span * MIN_STEP_FRAC, span * MIN_STEP_PX / frame.length_px))
    for _ in range(pick((0, 0, 0, 1, 1, 2), rng.random())):
        coarser = nice_up(step * 1.5)
        if coarser[0] <= tick / 2:
            step, decimals = coarser
    return step, decimals


def _draw_log(rng: np.random.Generator, frame: AxisFrame) -> Scale | None:
    first = pick((0, 0, 1, 1, 2, 2, 3), rng.random())
    num = int(rng.integers(2, 6))
    if frame.printed:
        values = _whole_marks(first, num)
    else:
        min_frac = max(MIN_STEP_FRAC, MIN_STEP_PX / frame.length_px)
        marks = _log_marks(num, min_frac, first == 0 or rng.random() < 0.2)
        if marks is None:
            return None
        values = np.rint(np.array(marks) * 10.0**first)
    ticks = tuple(10.0 ** (first + index) for index in range(num + 1))
    axis = ValueAxis(ticks[0], ticks[-1], ticks, draw_format(rng, frame, ticks[-1], 0), 0, log=True)
    widest = max(fonts.width_em(frame.families, text) for text in axis.tick_texts())
    if widest > TICK_EM + 1 or (frame.horizontal and (widest + 1) * num * frame.em_px > frame.length_px):
        return None
    fracs = np.log10(values / axis.low) / num
    return Scale(axis, 0.0, float(np.diff(fracs).max()), 1 / frame.length_px, values)


@cache
def _whole_marks(first: int, num_decades: int) -> Floats:
    """Whole numbers of up to three digits and noughts, from 10**first on."""
    decades = [np.arange(10**at, 10 ** (at + 1), max(1, 10 ** (at - 2))) for at in range(first, first + num_decades)]
    return np.concatenate([*decades, [10 ** (first + num_decades)]]).astype(np.float64)


@cache
def _log_marks(num_decades: int, min_frac: float, whole: bool) -> tuple[float, ...] | None:
    """Mantissas from 1 to 10**num_decades whose neighbours are apart; `whole`: integers even in the first decade."""
    decade: list[float] = []
    for start, end in ((10, 20), (20, 50), (50, 100)):
        for tenths in (10,) if whole else (1, 2, 5, 10):
            if math.log10(end / (end - tenths)) / num_decades >= min_frac:
                decade += [tenth / 10 for tenth in range(start, end, tenths)]
                break
        else:
            return None
    return (*(round(mantissa * 10**power, 1) for power in range(num_decades) for mantissa in decade), 10.0**num_decades)

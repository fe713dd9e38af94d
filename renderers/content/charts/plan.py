"""What the drawing of one chart's content shares: the room it has, its words, and how many marks go into it."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
import numpy as np

from renderers.content.charts.axes import AxisFrame, Scale
from renderers.content.charts.data import Kind, NumberFormat, Series, ValueAxis
from renderers.content.charts.distributions import Floats
from renderers.content.charts.texts import ChartTexts, Family
from renderers.core.choice import pick, pick_int

LINE_EM = 1.5
"""Height that a line of text takes, gap included, in em."""

GROUP_FRAC = 0.7
"""The part of a category's slot that its bars take, at min_num."""

BAR_FRAC = 0.5
"""The part of a category's slot that a single or stacked bar takes, at min_num."""


class Room(msgspec.Struct, frozen=True):
    """What the layout leaves for the content.

    Attributes:
        width_px, height_px: size of the plot area, in px; for charts without axes of the whole area to draw in.
        em_px: font size of the texts of ticks, categories and values, in px.
        families: the font stack that draws all text.
        title_em: widest title or source, in em of its own font.
        legend_em: widest legend in em: its names, each with 3 em for key and gap.
        tilted: category labels are rotated by 30-90 degrees, each needs only 1.5 em of the axis.
        max_series: how many series colours, dashes and hatches can tell apart.
        category_em: widest category label, in em, where the axis does not limit it: beside the bars of barh and the
            rows of a heat map, tilted ones, labels of slices.
    """

    width_px: float
    height_px: float
    em_px: float
    families: tuple[str, ...]
    title_em: float = 30.0
    legend_em: float = 60.0
    tilted: bool = False
    max_series: int = 5
    category_em: float = 10.0


@dataclass(frozen=True, slots=True)
class Body:
    """The content of a chart without its titles; see `Chart` for the attributes."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    axes: tuple[ValueAxis, ...]
    printed: bool
    size_format: NumberFormat | None = None


Names: TypeAlias = list[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """The content of one chart while it is drawn.

    Attributes:
        rng: where all choices come from.
        kind: which chart.
        room: what the layout leaves.
        texts: its words.
        printed: whether values are to be printed at their marks.
    """

    rng: np.random.Generator
    kind: Kind
    room: Room
    texts: ChartTexts
    printed: bool

    def pick(self, choices: Any) -> Any:
        """One of several, all equally likely."""
        return pick(choices, self.rng.random())

    def between_favouring_high(self, low: int, high: int) -> int:
        """A whole number as by `between`, the larger ones more often."""
        return low + int(self.rng.random() ** 0.7 * (max(low, high) + 1 - low))

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both among them; `low` where `high` is below it."""
        return pick_int(low, max(low, high), self.rng.random())

    def frame(self, printed: bool, horizontal: bool = False, length_px: float = 0.0) -> AxisFrame:
        """Where a value axis runs: along the height of the room, or if horizontal along its width."""
        room = self.room
        length_px = length_px or (room.width_px if horizontal else room.height_px)
        return AxisFrame(length_px, room.em_px, horizontal, printed, room.families, self.texts.title_language)

    def draw_names(self, min_num: int, max_num: int, slot_em: float = 0.0, family: Family = "unordered") -> Names:
        """Categories along the width: as many as fit, each with at min_num `slot_em` of it and 1 em between labels."""
        width_em = self.room.width_px / self.room.em_px
        tilted, category_em = self.room.tilted, self.room.category_em
        max_num = min(max_num, int(width_em / max(slot_em, LINE_EM if tilted else 2.2)))
        min_num = max(1, min(min_num, max_num))
        return self.texts.draw_categories(
            min_num,
            self.between_favouring_high(min_num, max_num),
            (lambda _: category_em) if tilted else (lambda num: width_em / num - 1.0),
            family,
        )

    def draw_rows(self, min_num: int, max_num: int, max_em: float = 0.0, family: Family = "unordered") -> Names:
        """Names that stand beside their marks: each may be as wide as `max_em`, or the room's `category_em`."""
        widest_em = min(max_em or self.room.category_em, self.room.category_em)
        return self.texts.draw_categories(
            min_num, self.between_favouring_high(min_num, max_num), lambda _: widest_em, family
        )

    def draw_num_series(self, min_num: int, max_num: int) -> int:
        """How many series, as far as colours and legend go; more are rarer."""
        max_num = max(min_num, min(max_num, self.room.max_series, int(self.room.legend_em / 5.5)))
        return min_num + min(int(self.rng.random() ** 2 * (max_num - min_num + 1)), max_num - min_num)

    def draw_series_names(self, num: int, nameless: bool = True) -> Names:
        """Names for the legend; one series is mostly nameless."""
        if num == 1 and nameless and self.rng.random() < 0.85:
            return [""]
        return self.texts.draw_series(num, self.room.legend_em)


def scalar_series(rows: Floats, names: Names, axis: int = 0, line: bool = False) -> tuple[Series, ...]:
    """Series of points with one number: (num_series, num) values and their names."""
    return tuple(
        Series(name, tuple((value,) for value in row), axis, line)
        for name, row in zip(names, rows.tolist(), strict=True)
    )


def tuple_series(points: Floats, name: str) -> Series:
    """A series of points with several numbers: (num, num_parts) values."""
    return Series(name, tuple(tuple(point) for point in points.tolist()))


def drop_points(plan: Plan, series: tuple[Series, ...]) -> tuple[Series, ...]:
    """Sometimes a point or two are missing: of a category one at max_num, and never the first or last of a series."""
    num = len(series[0].points)
    if plan.rng.random() >= 0.07 or num < 4:
        return series
    holes = {plan.between(1, num - 2): plan.between(0, len(series) - 1) for _ in range(plan.between(1, 2))}
    return tuple(
        msgspec.structs.replace(
            one, points=tuple(None if holes.get(index) == row else point for index, point in enumerate(one.points))
        )
        for row, one in enumerate(series)
    )


def separate(fracs: Floats, gap: float, low: float, high: float) -> Floats:
    """Pushes series apart that meet at a category, (num_series, num).

    Args:
        fracs: (num_series, num) fractions of the axis.
        gap: least distance of two series, as a fraction of the axis.
        low: where the lowest may lie.
        high: where the highest may lie.
    """
    order = fracs.argsort(axis=0)
    rows = np.take_along_axis(fracs, order, axis=0).clip(low, high)
    for index in range(1, len(rows)):
        rows[index] = np.maximum(rows[index], rows[index - 1] + gap)
    rows[-1] = np.minimum(rows[-1], high)
    for index in range(len(rows) - 2, -1, -1):
        rows[index] = np.minimum(rows[index], rows[index + 1] - gap)
    apart = np.empty_like(fracs)
    np.put_along_axis(apart, order, rows, axis=0)
    return apart


def stretch(shapes: Floats, low: float, high: float) -> Floats:
    """Magnitudes rescaled so that the smallest is `low` and the largest `high`."""
    smallest, largest = float(shapes.min()), float(shapes.max())
    if largest - smallest < 1e-9:
        return np.full_like(shapes, (low + high) / 2)
    return low + (shapes - smallest) * ((high - low) / (largest - smallest))


def headroom_frac(plan: Plan, scale: Scale, printed: bool, horizontal: bool) -> float:
    """The part of an axis, 0..0.4, to leave free beyond the last mark for the value printed there."""
    if not printed:
        return 0.0
    em = scale.widest_em(plan.room.families) + 0.8 if horizontal else LINE_EM + 0.3
    return min(0.4, em * plan.room.em_px * scale.px_frac)


def round_to_sum(shares: Floats, num_units: int) -> Floats:
    """Shares (..., num) that sum to 1 as whole numbers that sum to `num_units`, by largest remainder."""
    exact = shares * num_units
    whole = np.floor(exact)
    missing = np.rint(num_units - whole.sum(axis=-1, keepdims=True))
    ranks = (whole - exact).argsort(axis=-1).argsort(axis=-1)
    return np.asarray(whole + (ranks < missing))

"""What the drawing of one chart's content shares: the room it has, its words, and how many marks go into it."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
import numpy as np

from renderers.content.charts.axes import Frame, Scale
from renderers.content.charts.data import Kind, NumberFormat, Series, ValueAxis
from renderers.content.charts.distributions import Floats
from renderers.content.charts.texts import ChartTexts, Family
from renderers.core.choice import pick, pick_int

LINE_EM = 1.5
"""Height that a line of text takes, gap included."""

GROUP_FRAC = 0.7
"""The part of a category's slot that its bars take, at least."""

BAR_FRAC = 0.5
"""The part of a category's slot that a single or stacked bar takes, at least."""


class Room(msgspec.Struct, frozen=True):
    """What the layout leaves for the content.

    Attributes:
        width_px, height_px: the plot area; for charts without axes the whole area to draw in.
        em_px: size of the texts of ticks, categories and values.
        families: the font chain that draws all text.
        title_em: widest title or source, in em of its own font.
        legend_em: widest legend: its names, each with 3 em for key and gap.
        tilted: category labels are rotated by 30-90 degrees, each needs only 1.5 em of the axis.
        max_series: how many series colours, dashes and hatches can tell apart.
        category_em: widest category label where the axis does not limit it: beside the bars of barh and the rows of a
            heat map, tilted ones, labels of slices.
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
    """What a chart says but for its headings."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    axes: tuple[ValueAxis, ...]
    printed: bool
    size_format: NumberFormat | None = None


Names: TypeAlias = list[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """One chart in the making."""

    rng: np.random.Generator
    kind: Kind
    room: Room
    texts: ChartTexts
    printed: bool

    def pick(self, choices: Any) -> Any:
        """One of several."""
        return pick(choices, self.rng.random())

    def between_rather_many(self, least: int, most: int) -> int:
        """A whole number as by `between`, the larger ones more often."""
        return least + int(self.rng.random() ** 0.7 * (max(least, most) + 1 - least))

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included; `least` where `most` is below it."""
        return pick_int(least, max(least, most), self.rng.random())

    def frame(self, printed: bool, horizontal: bool = False, length_px: float = 0.0) -> Frame:
        """Of a value axis along the height, or if horizontal the width, of the room."""
        room = self.room
        length_px = length_px or (room.width_px if horizontal else room.height_px)
        return Frame(length_px, room.em_px, horizontal, printed, room.families, self.texts.title_language)

    def draw_names(self, least: int, most: int, slot_em: float = 0.0, family: Family = "unordered") -> Names:
        """Categories along the width: as many as fit, each with at least `slot_em` of it and 1 em between labels."""
        width_em = self.room.width_px / self.room.em_px
        tilted, category_em = self.room.tilted, self.room.category_em
        most = min(most, int(width_em / max(slot_em, LINE_EM if tilted else 2.2)))
        least = max(1, min(least, most))
        return self.texts.draw_categories(
            least,
            self.between_rather_many(least, most),
            (lambda _: category_em) if tilted else (lambda num: width_em / num - 1.0),
            family,
        )

    def draw_rows(self, least: int, most: int, max_em: float = 0.0, family: Family = "unordered") -> Names:
        """Names that stand beside their marks: each may be as wide as `max_em`, or the room's `category_em`."""
        widest_em = min(max_em or self.room.category_em, self.room.category_em)
        return self.texts.draw_categories(least, self.between_rather_many(least, most), lambda _: widest_em, family)

    def draw_num_series(self, least: int, most: int) -> int:
        """How many series, as far as colours and legend go; more are rarer."""
        most = max(least, min(most, self.room.max_series, int(self.room.legend_em / 5.5)))
        return least + min(int(self.rng.random() ** 2 * (most - least + 1)), most - least)

    def draw_series_names(self, num: int, nameless: bool = True) -> Names:
        """Names for the legend; one series is mostly nameless."""
        if num == 1 and nameless and self.rng.random() < 0.85:
            return [""]
        return self.texts.draw_series(num, self.room.legend_em)


def one_part(rows: Floats, names: Names, axis: int = 0, line: bool = False) -> tuple[Series, ...]:
    """Series of points with one number: (num_series, num) values and their names."""
    return tuple(
        Series(name, tuple((value,) for value in row), axis, line)
        for name, row in zip(names, rows.tolist(), strict=True)
    )


def some_parts(points: Floats, name: str) -> Series:
    """A series of points with several numbers: (num, num_parts) values."""
    return Series(name, tuple(tuple(point) for point in points.tolist()))


def drop_points(plan: Plan, series: tuple[Series, ...]) -> tuple[Series, ...]:
    """Sometimes a point or two are missing: of a category one at most, and never the first or last of a series."""
    num = len(series[0].points)
    if plan.rng.random() >= 0.07 or num < 4:
        return series
    holes = {plan.between(1, num - 2): plan.between(0, len(series) - 1) for _ in range(plan.between(1, 2))}
    return tuple(
        msgspec.structs.replace(
            one, points=tuple(None if holes.get(place) == row else point for place, point in enumerate(one.points))
        )
        for row, one in enumerate(series)
    )


def separate(fracs: Floats, gap: float, low: float, high: float) -> Floats:
    """Pushes series apart that meet at a category: (num_series, num) fractions in low..high, then `gap` apart."""
    order = fracs.argsort(axis=0)
    rows = np.take_along_axis(fracs, order, axis=0).clip(low, high)
    for place in range(1, len(rows)):
        rows[place] = np.maximum(rows[place], rows[place - 1] + gap)
    rows[-1] = np.minimum(rows[-1], high)
    for place in range(len(rows) - 2, -1, -1):
        rows[place] = np.minimum(rows[place], rows[place + 1] - gap)
    apart = np.empty_like(fracs)
    np.put_along_axis(apart, order, rows, axis=0)
    return apart


def stretch(shapes: Floats, low: float, high: float) -> Floats:
    """Magnitudes moved so that the smallest is at `low` and the largest at `high`."""
    least, most = float(shapes.min()), float(shapes.max())
    if most - least < 1e-9:
        return np.full_like(shapes, (low + high) / 2)
    return low + (shapes - least) * ((high - low) / (most - least))


def head_frac(plan: Plan, scale: Scale, printed: bool, horizontal: bool) -> float:
    """The part of an axis to leave free beyond the last mark for the value printed there."""
    if not printed:
        return 0.0
    em = scale.widest_em(plan.room.families) + 0.8 if horizontal else LINE_EM + 0.3
    return min(0.4, em * plan.room.em_px * scale.px_frac)


def whole_parts(shares: Floats, num_units: int) -> Floats:
    """Shares (..., num) that sum to 1 as whole numbers that sum to `num_units`, by largest remainder."""
    exact = shares * num_units
    whole = np.floor(exact)
    missing = np.rint(num_units - whole.sum(axis=-1, keepdims=True))
    ranks = (whole - exact).argsort(axis=-1).argsort(axis=-1)
    return np.asarray(whole + (ranks < missing))

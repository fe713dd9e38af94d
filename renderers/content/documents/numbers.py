"""Dates, times, numbers, units and amounts of money, written as a region of the language writes them."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias

import templates
from renderers.content.locales import Length, Region, numberings
from renderers.core.choice import pick, pick_int

Random: TypeAlias = Callable[[], float]
"""Draws a number in [0, 1)."""

MIN_YEAR, MAX_YEAR = 1950, 2026
"""Of dates."""
_NATIVE_FRAC = 0.15
"""Share of texts in the language's own digits where those are not the usual ones."""
_LENGTHS: tuple[Length, ...] = ("short", "short", "long")


def draw_region(language: str, random: Random) -> Region:
    """A region of a language, BCP 47, with the digits that one text has."""
    name = pick(_table()["regions"][language], random())
    systems = numberings(name)
    return Region(name, systems[-1] if random() < _NATIVE_FRAC else systems[0])


def draw_date(region: Region, random: Random, min_year: int = MIN_YEAR) -> str:
    """A date from a year to 2026."""
    first = datetime.date(min_year, 1, 1).toordinal()
    last = datetime.date(MAX_YEAR, 12, 31).toordinal()
    return region.date(datetime.date.fromordinal(pick_int(first, last, random())), pick(_table()["dates"], random()))


def draw_time(region: Region, random: Random) -> str:
    """A time of day, hours and minutes."""
    return region.time(datetime.time(pick_int(0, 23, random()), pick_int(0, 59, random())))


def draw_amount(region: Region, random: Random) -> str:
    """An amount of money, mostly in the region's own currency."""
    currency = region.currency if random() < 0.6 else pick(_table()["currencies"], random())
    return region.money(_draw_value(random, 1000, 2), currency)


def draw_quantity(region: Region, random: Random) -> str:
    """A measured value with its unit."""
    unit, size = pick(_table()["units"], random())
    return region.quantity(_draw_value(random, size, pick((0, 0, 1), random())), unit, pick(_LENGTHS, random()))


def draw_number(region: Region, random: Random) -> str:
    """A number or a percentage."""
    if random() < 0.25:
        return region.percent(_draw_value(random, 40, pick((0, 0, 1, 2), random())))
    return region.number(_draw_value(random, 10.0 ** pick_int(1, 6, random()), pick((0, 0, 0, 1, 2, 3), random())))


def write_issue(region: Region, language: str, number: int) -> str:
    """What a newspaper has before the number of its issue, and the number."""
    issue: str = _table()["issues"][language]
    return issue.replace("{n}", region.digits(str(number)))


def draw_figures(region: Region, random: Random) -> str:
    """One of all of them."""
    return pick((draw_date, draw_time, draw_amount, draw_quantity, draw_number, draw_number), random())(region, random)


def _draw_value(random: Random, size: float, num_decimals: int) -> Decimal:
    """A positive number of about a size, small ones more often than large ones."""
    value = 2 * size * random() ** 2
    return Decimal(max(1, round(value * 10**num_decimals))).scaleb(-num_decimals)


def _table() -> dict[str, Any]:
    return templates.menu("documents", "locales.toml")

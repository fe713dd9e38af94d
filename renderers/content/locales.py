"""Dates, times, numbers, units and money as a region writes them: by CLDR, which Babel brings.

Source: Unicode Technical Standard 35, Locale Data Markup Language (LDML), parts 2 to 4.
"""

import copy
import datetime
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from typing import Literal, TypeAlias

from babel import Locale
from babel.dates import format_date, format_time, get_day_names, get_month_names
from babel.numbers import NumberPattern, format_currency, get_territory_currencies
from babel.units import format_unit

from renderers.labels.text import canonical_chars

Length: TypeAlias = Literal["short", "long"]
"""Of a unit: "km", or "kilometres"."""
Width: TypeAlias = Literal["wide", "abbreviated"]
"""Of the name of a month or a day: "January", or "Jan"."""

_ZEROS = {"arab": "٠", "arabext": "۰", "beng": "০", "deva": "०", "thai": "๐"}
"""The digit zero of those numbering systems that have ten digits of their own; the others follow it in Unicode."""


@dataclass(frozen=True, slots=True)
class Region:
    """A language as one region writes it.

    All texts are in canonical characters: no marks of direction, blanks of one kind.

    Attributes:
        name: of its locale, as CLDR has it: "de_CH".
        numbering: numbering system of its digits: "latn", "arab".
    """

    name: str
    numbering: str

    @property
    def currency(self) -> str:
        """Code of its own currency, ISO 4217."""
        return get_territory_currencies(_locale(self.name).territory or "")[0]

    def date(self, day: datetime.date, pattern: str) -> str:
        """A date.

        Args:
            day: of the Gregorian calendar.
            pattern: short, medium, long or full, or letters of LDML: "d MMM y".
        """
        return self._text(format_date(day, pattern, locale=_locale(self.name)))

    def time(self, time: datetime.time) -> str:
        """A time of day, hours and minutes: "09:45", "9:45 AM"."""
        return self._text(format_time(time, "short", locale=_locale(self.name)))

    def number(self, value: Decimal) -> str:
        """A number, with the decimals that the value has."""
        return self._by_pattern(_locale(self.name).decimal_formats[None], value)

    def percent(self, value: Decimal) -> str:
        """A part of a hundred: 12.5 is "12.5%"."""
        return self._by_pattern(_locale(self.name).percent_formats[None], value.scaleb(-2))

    def money(self, value: Decimal, currency: str) -> str:
        """An amount, with the decimals that are usual in the currency.

        Args:
            value: in the currency's unit.
            currency: code of ISO 4217.
        """
        return self._text(format_currency(value, currency, locale=_locale(self.name), numbering_system=self.numbering))

    def quantity(self, value: Decimal, unit: str, length: Length) -> str:
        """A measured value.

        Args:
            value: in the unit.
            unit: as CLDR names it: "length-kilometer".
            length: of the unit's name.
        """
        text = format_unit(value, unit, length, locale=_locale(self.name), numbering_system=self.numbering)
        return self._text(text)

    def digits(self, text: str) -> str:
        """A text with its digits in the numbering system."""
        zero = _ZEROS.get(self.numbering)
        return text.translate({48 + digit: ord(zero) + digit for digit in range(10)}) if zero else text

    def _by_pattern(self, pattern: NumberPattern, value: Decimal) -> str:
        exponent = value.as_tuple().exponent
        num_decimals = max(0, -exponent - (2 if "%" in pattern.pattern else 0)) if isinstance(exponent, int) else 0
        exact = copy.copy(pattern)
        exact.frac_prec = (num_decimals, num_decimals)
        return self._text(exact.apply(value, _locale(self.name), numbering_system=self.numbering))

    def _text(self, text: str) -> str:
        return canonical_chars(self.digits(text)).strip()


def numberings(name: str) -> tuple[str, ...]:
    """Numbering systems of a region, the usual one first, then its own where it has another with ten digits."""
    locale = _locale(name)
    usual, own = locale.default_numbering_system, locale.other_numbering_systems.get("native")
    return (usual, own) if own in _ZEROS and own != usual else (usual,)


def month_names(language: str, width: Width) -> tuple[str, ...]:
    """January to December, as they stand alone."""
    names = get_month_names(width, "stand-alone", locale=_locale(language))
    return tuple(names[month] for month in range(1, 13))


def weekday_names(language: str, width: Width) -> tuple[str, ...]:
    """Monday to Sunday, as they stand alone."""
    names = get_day_names(width, "stand-alone", locale=_locale(language))
    return tuple(names[day] for day in range(7))


def write_date(day: datetime.date, pattern: str, language: str) -> str:
    """A date in the language, whatever the region; see `Region.date`."""
    return canonical_chars(format_date(day, pattern, locale=_locale(language)))


def locale_data_version() -> dict[str, str]:
    """Version of the library whose release of CLDR all of this is written by."""
    return {"babel": version("babel")}


@cache
def _locale(name: str) -> Locale:
    return Locale.parse(name)

r"""Quantities with units, as siunitx prints them: 3.2 \times 10^{5}\,\mathrm{m\,s^{-1}}."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import templates
from renderers.content.formulas.patterns import FOLDER, Pattern, read_lines
from renderers.core.choice import pick, pick_int
from renderers.core.weighted import Weighted

_BARE_POWERS = (-1, 3)
"""Powers of ten that are written out as digits, from the first up to the second."""


class Quantity(NamedTuple):
    """A physical quantity.

    Attributes:
        symbol: with an equals sign behind it, as LaTeX.
        unit: as LaTeX.
        low, high: least and greatest usual power of ten.
    """

    symbol: str
    unit: str
    low: int
    high: int


def draw_units(random: Callable[[], float]) -> str:
    """LaTeX of a value, a sum or a conversion with units."""
    quantity = pick(_quantities(), random())
    power = pick_int(quantity.low, quantity.high, random())
    num_decimals = pick((0, 1, 1, 2, 2, 3), random())
    first = 1 + random() * 8
    values = {
        "q": quantity.symbol,
        "u": rf"\,{_upright(quantity.unit)}",
        "x": _number(first, power, num_decimals),
        "y": _number(first * (0.2 + random() * 1.6), power, num_decimals),
        "int": str(pick_int(2, 8, random())),
    }
    line = "".join(part.before + values.get(part.slot, "") for part in _words().at(random()))
    return line.replace(r" \,", r"\,")


def _number(value: float, power: int, num_decimals: int) -> str:
    if _BARE_POWERS[0] <= power < _BARE_POWERS[1]:
        return f"{value * 10**power:.{num_decimals}f}"
    return rf"{value:.{num_decimals}f} \times 10^{{{power}}}"


def _upright(unit: str) -> str:
    # A degree sign stands as a superscript of nothing, and only the letter is upright.
    if unit.startswith("^"):
        sign, letter = unit.split("}")
        return rf"{sign}}}\mathrm{{{letter}}}"
    # Few fonts have Greek letters under \mathrm: it would be drawn as something else, or not at all.
    if "\\mathrm" in unit or unit == r"\Omega":
        return unit
    return rf"\mathrm{{{unit}}}"


@cache
def _quantities() -> tuple[Quantity, ...]:
    quantities = []
    for line in filter(None, templates.menu(FOLDER, "chemistry.toml")["units"]["table"].splitlines()):
        symbol, unit, powers = (field.strip() for field in line.split("|"))
        low, high = map(int, powers.split())
        quantities.append(Quantity(symbol, unit, low, high))
    return tuple(quantities)


@cache
def _words() -> Weighted[Pattern]:
    return read_lines(templates.menu(FOLDER, "chemistry.toml")["units"]["words"])

r"""Chemistry in \ce{}: balanced reactions, salts, isotopes and decays, and the quantities around them."""

import re
from collections.abc import Callable
from functools import cache
from math import gcd

import templates
from renderers.content.formulas.patterns import FOLDER
from renderers.core.choice import pick, pick_int
from renderers.core.weighted import Weighted

Random = Callable[[], float]

_ARROW = re.compile(r" (->|<=>) ")
_ALPHA_FROM = 83
"""Bismuth: from here up nuclei decay by alpha, roughly."""


def draw_chemistry(random: Random, language: str) -> str:
    """LaTeX of one formula of chemistry, without quantities (see `quantity_patterns`)."""
    make = _KINDS.at(random())
    return make(random, language)


@cache
def quantity_patterns() -> str:
    """Patterns of quantities, one a line."""
    return str(_table()["quantities"])


def species(kind: str) -> tuple[str, ...]:
    """Formulas of a kind of species: base, gas or ion."""
    return tuple(_table()[kind].split())


def _draw_reaction(random: Random, language: str) -> str:
    reaction = pick(_lines("reactions"), random())
    if random() < 0.45 and "e-" not in reaction:
        reaction = _ARROW.sub(lambda match: f" {match[1]}{_condition(random, language)} ", reaction)
    return rf"\ce{{{reaction}}}"


def _condition(random: Random, language: str) -> str:
    known = _lines("conditions_zh") if language == "zh" and random() < 0.7 else _lines("conditions")
    above = pick(known, random())
    if random() < 0.3:
        below = pick(known, random())
        return f"[{above}][{below}]" if below != above else f"[{above}]"
    return f"[{above}]"


def _draw_burning(random: Random, _language: str) -> str:
    carbon, kind = pick_int(1, 9, random()), pick_int(0, 2, random())
    hydrogen = 2 * carbon + 2 if kind != 1 else 2 * max(carbon, 2)
    carbon = carbon if kind != 1 else max(carbon, 2)
    oxygen = 1 if kind == 2 else 0
    twice = 2 * carbon + hydrogen // 2 - oxygen
    fuel = f"C{_index(carbon)}H{hydrogen}" if not oxygen else f"C{_index(carbon)}H{hydrogen - 1}OH"
    fuels, oxygens = (1, twice // 2) if twice % 2 == 0 else (2, twice)
    products = f"{_times(fuels * carbon)}CO2 + {_times(fuels * hydrogen // 2)}H2O"
    return rf"\ce{{{_times(fuels)}{fuel} + {_times(oxygens)}O2 -> {products}}}"


def _draw_salt(random: Random, _language: str) -> str:
    cation, plus = pick(_charged("cations"), random())
    anion, minus = pick(_charged("anions"), random())
    if cation == "H" and anion in {"OH", "O"}:
        anion, minus = "Cl", 1
    shared = gcd(plus, minus)
    cations, anions = minus // shared, plus // shared
    salt = _many(cation, cations) + _many(anion, anions)
    if random() < 0.35:
        return rf"\ce{{{salt}}}"
    arrow = pick(("->", "->", "<=>"), random())
    ions = f"{_times(cations)}{cation}{_charge(plus, '+')} + {_times(anions)}{anion}{_charge(minus, '-')}"
    if random() < 0.4:
        return rf"\ce{{{ions} {arrow} {salt} v}}"
    state = "(s)" if random() < 0.5 else ""
    return rf"\ce{{{salt}{state} {arrow} {ions}}}"


def _draw_isotope(random: Random, _language: str) -> str:
    symbol, protons = pick(_elements(), random())
    mass = _mass(protons, random)
    nucleus = rf"^{{{mass}}}_{{{protons}}}{symbol}"
    if protons < 3 or random() < 0.3:
        return rf"\ce{{{nucleus}}}"
    index = protons - 1
    if protons >= _ALPHA_FROM:
        daughter = _elements()[index - 2][0]
        return rf"\ce{{{nucleus} -> ^{{{mass - 4}}}_{{{protons - 2}}}{daughter} + ^{{4}}_{{2}}He}}"
    if random() < 0.5:
        daughter = _elements()[index + 1][0]
        return rf"\ce{{{nucleus} -> ^{{{mass}}}_{{{protons + 1}}}{daughter} + ^{{0}}_{{-1}}e}}"
    daughter = _elements()[index - 1][0]
    return rf"\ce{{{nucleus} -> ^{{{mass}}}_{{{protons - 1}}}{daughter} + ^{{0}}_{{1}}e}}"


def _draw_phases(random: Random, _language: str) -> str:
    reaction = pick(_lines("reactions"), random())
    gases = species("gas")
    pieces = [f"{piece}(g)" if piece.lstrip("0123456789") in gases else piece for piece in reaction.split()]
    heat = pick_int(10, 909, random())
    return rf"\ce{{{' '.join(pieces)}}} \quad \Delta H = {pick('+--', random())}{heat}\,\mathrm{{kJ/mol}}"


def _mass(protons: int, random: Random) -> int:
    # Stable nuclei have about this many neutrons: Z + 0.006 A^(5/3), solved near enough.
    neutrons = protons * (1.0 + 0.0055 * protons) if protons > 1 else random() * 2
    return round(protons + neutrons + (random() * 4 - 1.5 if protons > 2 else 0))


def _index(number: int) -> str:
    return str(number) if number > 1 else ""


_times = _index


def _many(group: str, num: int) -> str:
    if num == 1:
        return group
    simple = len(re.findall(r"[A-Z]", group)) == 1 and not group[-1].isdigit()
    return f"{group}{num}" if simple else f"({group}){num}"


def _charge(charge: int, sign: str) -> str:
    return sign if charge == 1 else f"^{charge}{sign}"


def _table() -> dict[str, str]:
    return templates.menu(FOLDER, "chemistry.toml")


@cache
def _lines(name: str) -> tuple[str, ...]:
    return tuple(filter(None, _table()[name].splitlines()))


@cache
def _charged(name: str) -> tuple[tuple[str, int], ...]:
    words = _table()[name].split()
    return tuple((formula, int(number)) for formula, number in zip(words[::2], words[1::2], strict=True))


def _elements() -> tuple[tuple[str, int], ...]:
    return _charged("elements")


_KINDS: Weighted[Callable[[Random, str], str]] = Weighted(
    [(5.0, _draw_reaction), (2.0, _draw_burning), (4.0, _draw_salt), (3.0, _draw_isotope), (1.5, _draw_phases)]
)

r"""Numbers and units of siunitx: the label says what is printed, since no reader of formulas knows \SI.

Source: siunitx manual (version 3), sections 3 and 4, at its defaults: powers for \per, a times sign for exponents.
"""

import re

from renderers.core.errors import LabelError
from renderers.labels.latex.tokens import Reader
from renderers.labels.latex.tree import Node, Opaque

QUANTITIES = frozenset((r"\SI", r"\qty", r"\si", r"\unit", r"\num"))

_NUMBER = re.compile(r"(-?)(\d+)(?:\.(\d+))?(?:e(-?)(\d+))?")
_PREFIXES = {
    "pico": "p", "nano": "n", "micro": r"\mu", "milli": "m", "centi": "c", "deci": "d", "hecto": "h", "kilo": "k",
    "mega": "M", "giga": "G", "tera": "T",
}  # fmt: skip
_UNITS = {
    "metre": "m", "meter": "m", "gram": "g", "second": "s", "ampere": "A", "kelvin": "K", "mole": "mol",
    "candela": "cd", "hertz": "Hz", "newton": "N", "pascal": "Pa", "joule": "J", "watt": "W", "coulomb": "C",
    "volt": "V", "farad": "F", "ohm": r"\Omega", "siemens": "S", "weber": "Wb", "tesla": "T", "henry": "H",
    "lumen": "lm", "lux": "lx", "becquerel": "Bq", "gray": "Gy", "litre": "l", "liter": "L", "minute": "min",
    "hour": "h", "day": "d", "electronvolt": "eV", "bar": "bar", "tonne": "t", "radian": "rad", "steradian": "sr",
    "decibel": "dB", "hectare": "ha", "percent": r"\%", "degreeCelsius": r"^\circ C", "degree": r"^\circ",
    "m": "m", "g": "g", "s": "s", "A": "A", "K": "K", "mol": "mol", "Hz": "Hz", "N": "N", "Pa": "Pa", "J": "J",
    "W": "W", "V": "V", "kg": "kg", "km": "km", "cm": "cm", "mm": "mm", "nm": "nm", "um": r"\mu m", "ms": "ms",
    "kHz": "kHz", "MHz": "MHz", "GHz": "GHz", "kPa": "kPa", "MPa": "MPa", "kJ": "kJ", "kW": "kW", "mV": "mV",
    "kV": "kV", "mA": "mA", "eV": "eV", "keV": "keV", "MeV": "MeV", "GeV": "GeV", "ml": "ml", "kN": "kN", "l": "l",
}  # fmt: skip
_POWERS = {"squared": 2, "cubed": 3}
_POWERS_BEFORE = {"square": 2, "cubic": 3}
_MACROS = re.compile(r"(?:\\[A-Za-z]+\s*)+")


def read_quantity(reader: Reader, lexeme: str) -> list[Node]:
    """A number, a unit or both, as one lexeme.

    Raises:
        LabelError: more than plain numbers and known units.
    """
    shown, text = lexeme, ""
    if lexeme in (r"\SI", r"\qty", r"\num"):
        raw = reader.raw(lexeme).strip()
        shown += f"{{{raw}}}"
        text += _write_number(raw)
    if lexeme != r"\num":
        raw = reader.raw(lexeme).strip()
        shown += f"{{{raw}}}"
        unit = _write_unit(raw)
        text += unit if text or unit[0] != "^" else "{}" + unit
    return [Opaque(text, shown)]


def _write_number(raw: str) -> str:
    match = _NUMBER.fullmatch(raw)
    if match is None:
        raise LabelError(f"the number {raw!r}")
    sign, whole, fraction, exponent_sign, exponent = match.groups()
    text = f"{sign or ''}{whole}" + (f".{fraction}" if fraction else "")
    if exponent is None:
        return text
    power = f"{exponent_sign or ''}{exponent}"
    return rf"{text}\times10^" + (power if len(power) == 1 else f"{{{power}}}")


def _write_unit(raw: str) -> str:
    if not _MACROS.fullmatch(raw):
        raise LabelError(f"the unit {raw!r}")
    pieces: list[str] = []
    prefix, sign, power = "", 1, 1
    names = re.findall(r"[A-Za-z]+", raw)
    for at, name in enumerate(names):
        if name == "per":
            sign = -1
        elif name in _POWERS_BEFORE:
            power = _POWERS_BEFORE[name]
        elif name in _PREFIXES:
            prefix = _PREFIXES[name]
        elif name == "kilogram" or name in _UNITS:
            after = names[at + 1] if at + 1 < len(names) else ""
            pieces.append(_write_symbol(prefix, _UNITS.get(name, "kg"), sign * _POWERS.get(after, power)))
            prefix, sign, power = "", 1, 1
        elif name not in _POWERS or at == 0 or (names[at - 1] not in _UNITS and names[at - 1] != "kilogram"):
            raise LabelError(f"unknown unit \\{name}")
    if not pieces or prefix or sign < 0 or power != 1:
        raise LabelError(f"the unit {raw!r} does not end")
    return "".join(pieces)


def _write_symbol(prefix: str, symbol: str, power: int) -> str:
    if symbol == r"^\circ C":
        text = r"^\circ\mathrm{C}"
    elif symbol[0] in "\\^" or prefix[:1] == "\\":
        text = _upright(prefix) + "".join(_upright(part) for part in symbol.split(" "))
    else:
        text = _upright(prefix + symbol)
    return text if power == 1 else f"{text}^{power}" if power > 0 else f"{text}^{{{power}}}"


def _upright(symbol: str) -> str:
    return symbol if not symbol or symbol[0] in "\\^" else rf"\mathrm{{{symbol}}}"

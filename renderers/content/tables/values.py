"""What the cells of a column hold: each kind fixes its number format once, then makes cells that agree in it."""

import datetime
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from renderers.content.locales import write_date
from renderers.content.tables.texts import TableTexts, width_em
from renderers.labels.tables.tree import Align

Make: TypeAlias = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Values:
    """A kind of column with its number format fixed.

    Attributes:
        make: draws the text of one more cell.
        head: names of lists of `content.toml` that its head is drawn from.
        align: how such a column is usually aligned.
        at_point: whether its numbers are aligned at their decimal points, as they differ in digits after it.
        wrap_em: width of the column in em where its texts are broken into lines, else 0.
        countable: whether it holds numbers that can have a total.
    """

    make: Make
    head: tuple[str, ...]
    align: Align
    at_point: bool = False
    wrap_em: float = 0.0
    countable: bool = False


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How the numbers of one table are written.

    Attributes:
        thousands: separator of thousands; "" for none.
        point: the decimal mark.
        minus: a hyphen before the digits, or the number as a formula.
    """

    thousands: str
    point: str
    minus: Literal["hyphen", "formula"]

    def write(self, value: float, num_decimals: int) -> str:
        """A number."""
        digits = f"{abs(value):,.{num_decimals}f}" if self.thousands else f"{abs(value):.{num_decimals}f}"
        if self.thousands != "," or self.point != ".":
            digits = digits.translate({44: self.thousands, 46: self.point})
        if value >= 0 or float(f"{value:.{num_decimals}f}") == 0:
            return digits
        return f"-{digits}" if self.minus == "hyphen" else f"\\(-{_in_formula(digits)}\\)"


def _in_formula(digits: str) -> str:
    # In a formula a comma is followed by space unless it stands in braces, and a blank is none.
    return digits.replace(",", "{,}").replace(" ", "\\,")


def draw_number_format(texts: TableTexts) -> NumberFormat:
    """Mostly as in English and Chinese, sometimes as on the continent."""
    if texts.chance(0.07):
        return NumberFormat(texts.pick((".", " ", "")), ",", "hyphen")
    return NumberFormat(texts.pick((",", ",", ",", "", " ")), ".", texts.pick(("hyphen", "formula")))


def draw_values(texts: TableTexts, number_format: NumberFormat, max_em: float, kinds: tuple[str, ...] = ()) -> Values:
    """A kind of column whose cells are no wider than about `max_em`."""
    names = kinds or tuple(_KINDS)
    for _ in range(8):
        values = _KINDS[texts.pick(names)](texts, number_format, max_em)
        if values.wrap_em or max(width_em(values.make()) for _ in range(3)) <= max_em:
            return values
    return _whole(texts, number_format, max_em)


def _scale(texts: TableTexts, max_digits: float) -> tuple[float, float]:
    """Typical size of the numbers of a column and how far they spread, in powers of ten."""
    return 10 ** (texts.random() * max_digits), 0.15 + 0.5 * texts.random()


def _size(texts: TableTexts, typical: float, spread: float) -> float:
    # A sum of three is bell-shaped enough for sizes of things.
    bell = texts.random() + texts.random() + texts.random() - 1.5
    return typical * float(math.exp(2.3 * spread * bell))


def _whole(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    typical, spread = _scale(texts, min(6.5, max_em / 0.62))
    return Values(lambda: number_format.write(_size(texts, typical, spread), 0), ("stats", "axis"), "r", countable=True)


def _decimal(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    num_decimals = texts.between(1, 4)
    typical, spread = _scale(texts, max(0.5, min(4.0, max_em / 0.56 - num_decimals - 2)))
    typical /= texts.pick((1.0, 1.0, 10.0))
    negative = texts.pick((0.0, 0.0, 0.15, 0.5))

    def make() -> str:
        value = _size(texts, typical, spread)
        return number_format.write(-value if texts.random() < negative else value, num_decimals)

    return Values(make, ("stats", "axis", "formulas"), "r", countable=True)


def _ragged(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    typical, spread = _scale(texts, max(0.5, min(3.0, max_em / 0.56 - 4)))

    def make() -> str:
        return number_format.write(_size(texts, typical, spread), texts.between(0, 3))

    return Values(make, ("stats", "axis"), "r", at_point=True)


def _percent(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    num_decimals, sign = texts.pick((0, 1, 1, 2)), texts.pick(("%", "%", " %", ""))
    signed = texts.chance(0.3)

    def make() -> str:
        value = 100 * texts.random() ** 1.5
        if signed:
            value = 30 * (texts.random() - 0.4)
            plus = "+" if value > 0 else ""
            return f"{plus}{number_format.write(value, num_decimals)}{sign}"
        return f"{number_format.write(value, num_decimals)}{sign}"

    return Values(make, ("stats", "axis"), "r", countable=True)


def _money(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    form = texts.fitting(texts.list_of("money"), 9.0) or "{v}"
    num_decimals = texts.pick((0, 2, 2))
    typical, spread = _scale(texts, max(1.0, min(6.0, max_em / 0.56 - num_decimals - 3)))
    return Values(
        lambda: form.format(v=number_format.write(_size(texts, typical, spread), num_decimals)),
        ("stats", "axis"),
        "r",
        countable=True,
    )


def _quantity(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    language = texts.choose_language()
    unit = texts.fitting(texts.list_of("units", language), max(1.2, max_em - 3.0))
    space = "" if unit in ("%", "°C", "℃") or language == "zh" else " "
    typical, spread = _scale(texts, 3.0)
    num_decimals = texts.pick((0, 0, 1, 2))
    return Values(
        lambda: f"{number_format.write(_size(texts, typical, spread), num_decimals)}{space}{unit}",
        ("words", "axis"),
        "r",
    )


def _p_value(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    starred = texts.chance(0.4)

    def make() -> str:
        value = texts.random() ** 3
        if value < 0.001:
            return texts.pick(("<0.001", "\\(<0.001\\)", "< 0.001"))
        stars = ("***" if value < 0.001 else "**" if value < 0.01 else "*" if value < 0.05 else "") if starred else ""
        return f"{value:.3f}{stars}"

    return Values(make, ("p",), "r" if not starred else "l", at_point=False)


def _error(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    num_decimals = texts.between(1, 2)
    typical, spread = _scale(texts, 1.8)
    form = texts.pick(("\\({v} \\pm {e}\\)", "\\({v} \\pm {e}\\)", "{v} ± {e}", "{v} ({e})", "{v}({e})"))

    def make() -> str:
        value = _size(texts, typical, spread)
        error = max(10**-num_decimals, value * (0.02 + 0.2 * texts.random()))
        return form.replace("{v}", f"{value:.{num_decimals}f}").replace("{e}", f"{error:.{num_decimals}f}")

    return Values(make, ("stats", "axis", "formulas"), texts.pick(("c", "r")))


def _range(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    form = texts.pick(("{a}–{b}", "{a}-{b}", "({a}, {b})", "[{a}, {b}]", "{a} to {b}", "{a}~{b}"))
    typical, spread = _scale(texts, 2.5)
    num_decimals = texts.pick((0, 0, 1, 2)) if max_em > 6 else 0

    def make() -> str:
        low = _size(texts, typical, spread)
        high = low * (1.1 + texts.random())
        return form.format(a=f"{low:.{num_decimals}f}", b=f"{high + 10**-num_decimals:.{num_decimals}f}")

    return Values(make, ("stats", "axis"), texts.pick(("c", "r", "l")))


def _date(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    language = texts.choose_language()
    pattern: str = texts.pick(texts.list_of("date_patterns", language))
    first = texts.between(1960, 2024)

    def make() -> str:
        month = texts.between(1, 12)
        day = datetime.date(first + texts.between(0, 3), month, texts.between(1, 28))
        return write_date(day, pattern, language)

    return Values(make, ("dates",), texts.pick(("c", "l", "r")))


def _time(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    form = texts.pick(("{h:02}:{m:02}", "{h}:{m:02}", "{h:02}:{m:02}:{s:02}", "{m}′{s:02}″", "{m} min {s} s"))
    return Values(
        lambda: form.format(h=texts.between(0, 23), m=texts.between(0, 59), s=texts.between(0, 59)),
        ("dates", "words"),
        texts.pick(("c", "r")),
    )


def _set(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    things = texts.pick(texts.list_of("sets"))
    return Values(lambda: texts.pick(things), ("words",), texts.pick(("l", "c")))


def _marks(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    things = texts.pick(texts.any["marks"])
    return Values(lambda: texts.pick(things), ("words", "stats", "letter"), "c")


def _formula(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    return Values(lambda: texts.fitting(texts.formulas["cells"], max_em), ("formulas", "words"), texts.pick(("l", "c")))


def _power(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    times = texts.pick(("\\times", "\\times", "\\cdot"))
    sign = texts.pick(("-", "", "-"))
    top = texts.between(1, 9)

    def make() -> str:
        exponent = f"{sign}{texts.between(max(1, top - 2), top + 2)}"
        return f"\\({1 + 9 * texts.random():.{texts.pick((1, 2, 2))}f} {times} 10^{{{exponent}}}\\)"

    return Values(make, ("stats", "formulas", "axis"), texts.pick(("c", "r", "l")))


def _code(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    prefix = "".join(texts.pick("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(texts.between(0, 3)))
    joint = texts.pick(("", "-", "_", "/", "#", ".")) if prefix else texts.pick(("", "#", "0"))
    num_digits = texts.between(2, 6)
    letters = texts.chance(0.3)

    def make() -> str:
        signs = "0123456789ABCDEFGHKMNPQRSTUVWXYZ" if letters else "0123456789"
        return f"{prefix}{joint}{''.join(texts.pick(signs) for _ in range(num_digits))}"

    return Values(make, ("words",), texts.pick(("l", "c")))


def _fraction(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    whole = texts.pick((3, 5, 10, 12, 20, 48, 100, 250))
    form = texts.pick(("{a}/{b}", "{a} of {b}", "{a}:{b}", "{a} ({p}%)", "{a} ({p:.1f})"))

    def make() -> str:
        part = texts.between(0, whole)
        return form.format(a=part, b=whole, p=round(100 * part / whole))

    return Values(make, ("stats", "words"), texts.pick(("c", "r", "l")))


def _names(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    kind, language = texts.pick(("person", "place", "word", "entity", "company")), texts.choose_language()
    return Values(lambda: texts.text(kind, max(2.5, max_em), language), ("words", "names"), texts.pick(("l", "l", "c")))


def _sentences(texts: TableTexts, number_format: NumberFormat, max_em: float) -> Values:
    wrap_em, language = 9.0 + 10.0 * texts.random(), texts.choose_language()
    longest_em = wrap_em * texts.pick((1.6, 2.6, 3.6))
    joint, end = ("；", "。") if language == "zh" else ("; ", ".")
    ended = texts.chance(0.5)

    def make() -> str:
        parts = [texts.text("title", wrap_em * 1.5, language)]
        while texts.chance(0.6):
            parts.append(texts.text(texts.pick(("title", "axis", "entity")), wrap_em, language))
            if width_em(joint.join(parts)) > longest_em:
                parts.pop()
                break
        return joint.join(parts) + (end if ended else "")

    return Values(make, ("texts",), "l", wrap_em=wrap_em)


_KINDS: dict[str, Callable[[TableTexts, NumberFormat, float], Values]] = {
    "whole": _whole, "decimal": _decimal, "decimal_too": _decimal, "ragged": _ragged, "percent": _percent,
    "money": _money, "quantity": _quantity, "p": _p_value, "error": _error, "range": _range, "date": _date,
    "time": _time, "set": _set, "marks": _marks, "formula": _formula, "power": _power, "code": _code,
    "fraction": _fraction, "names": _names, "names_too": _names, "sentences": _sentences,
}  # fmt: skip
NUMBERS = ("whole", "decimal", "decimal_too", "ragged", "percent", "money", "error", "range", "p", "power", "fraction")
SHORT = (*NUMBERS, "set", "marks", "formula", "code", "time", "names")

"""Identities of sympy: how one is printed with slots for its letters, and how it is proven by numbers.

Only the bank's maker (`identity_bank`, run as a program) and its test import this: sympy takes half a second to load.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import mpmath  # type: ignore[import-untyped]
import numpy as np
import sympy  # type: ignore[import-untyped]

x, y, z = sympy.symbols("x y z", positive=True)
a, b, c = sympy.symbols("a b c", positive=True)
n, m, k = sympy.symbols("n m k", integer=True, positive=True)

_SLOTS = {x: "<x>", y: "<y>", z: "<z>", a: "<a>", b: "<b>", c: "<c>", n: "<n>", m: "<m>", k: "<i>"}

_OF_LETTER = re.compile(r"\{\\left\((<[a-z]>) \\right\)\}")
_UNKNOWN = re.compile(r"\\operatorname\{(<y>)\} <x>")
"""How sympy writes sin(x) and y(x)."""

_DIGITS = 30
_CLOSE = 1e-9
_CLOSE_BY_STEPS = 1e-5
"""Tolerance where the reference is a numerical derivative, limit or integral."""

mpmath.mp.dps = _DIGITS


class Identity(NamedTuple):
    """A true statement.

    Attributes:
        latex: with slots for its letters.
        errors: relative errors of its numerical checks, each 0 or more.
        tolerance: greatest relative error at which it holds.
    """

    latex: str
    errors: tuple[float, ...]
    tolerance: float = _CLOSE

    @property
    def holds(self) -> bool:
        """Whether it was checked, and every check came out."""
        return bool(self.errors) and all(error <= self.tolerance for error in self.errors)


def show(expression: Any) -> str:
    """An expression as LaTeX with slots for its letters."""
    latex = sympy.latex(
        expression, symbol_names=_SLOTS, ln_notation=True, inv_trig_style="full", mat_str="bmatrix", mat_delim=""
    )
    latex = _OF_LETTER.sub(r" \1", latex.replace(r"\int\limits", r"\int"))
    return _UNKNOWN.sub(r"\1(<x>)", latex)


def error_of(left: Any, right: Any) -> float:
    """Relative error of two numbers; infinite where one is none (a pole was met)."""
    try:
        left, right = mpmath.mpmathify(left), mpmath.mpmathify(right)
    except TypeError:
        return float("inf")
    return float(abs(left - right) / (1 + abs(left) + abs(right)))


def same(left: Any, right: Any, rng: np.random.Generator, integers: bool = False) -> tuple[float, ...]:
    """Errors of two expressions that should be equal, at four points."""
    free = sorted((left - right).free_symbols | left.free_symbols, key=str)
    errors = []
    for point in _points(free, rng, integers):
        values = dict(zip(free, point, strict=True))
        errors.append(error_of(sympy.N(left.subs(values), _DIGITS), sympy.N(right.subs(values), _DIGITS)))
    return tuple(errors)


def is_derivative(slope: Any, function: Any, letter: Any, rng: np.random.Generator) -> tuple[float, ...]:
    """Errors of an expression that should be another one's derivative, against differences by numbers."""
    free = sorted((function + slope + letter).free_symbols | {letter}, key=str)
    by_letter = sympy.lambdify(free, function, "mpmath")
    errors = []
    for point in _points(free, rng, integers=False):
        values = [mpmath.mpf(value.p) / value.q for value in point]
        index = free.index(letter)

        def along(value: Any, values: list[Any] = values, index: int = index) -> Any:
            return by_letter(*values[:index], value, *values[index + 1 :])

        exact = sympy.N(slope.subs(dict(zip(free, point, strict=True))), _DIGITS)
        errors.append(error_of(mpmath.diff(along, values[index]), exact))
    return tuple(errors)


def is_integral(value: Any, function: Any, letter: Any, bounds: tuple[Any, Any]) -> tuple[float, ...]:
    """Error of a number that should be an integral, against quadrature."""
    low, high = (mpmath.inf if bound == sympy.oo else mpmath.mpmathify(sympy.N(bound, _DIGITS)) for bound in bounds)
    by_quadrature = mpmath.quad(sympy.lambdify(letter, function, "mpmath"), [low, high])
    return (error_of(by_quadrature, sympy.N(value, _DIGITS)),)


def number(rng: np.random.Generator, low: int, high: int, besides: Iterable[int] = (0,)) -> int:
    """A whole number, both ends included, but none of some."""
    while True:
        drawn = int(rng.integers(low, high + 1))
        if drawn not in besides:
            return drawn


def _points(free: Sequence[Any], rng: np.random.Generator, integers: bool) -> list[list[Any]]:
    # From 1/5 to 7/5, away from poles of the families that are drawn.
    return [
        [
            sympy.Integer(int(rng.integers(2, 9)))
            if integers or letter.is_integer
            else sympy.Rational(int(rng.integers(21, 139)), 101)
            for letter in free
        ]
        for _ in range(4)
    ]

"""True statements of calculus, made by sympy: derivatives, integrals, sums, limits, series, differential equations."""

from typing import Any

import mpmath  # type: ignore[import-untyped]
import numpy as np
import sympy  # type: ignore[import-untyped]
from sympy import cos, exp, log, sin, sqrt, tan

from renderers.content.formulas.identities import (
    Identity,
    a,
    b,
    error_of,
    is_derivative,
    is_integral,
    k,
    n,
    number,
    same,
    show,
    x,
    y,
)
from renderers.core.choice import draw_one

_LOOSE = 1e-6


def _power(rng: np.random.Generator, letter: Any = x) -> Any:
    return letter ** draw_one(rng, (1, 2, 2, 3, 4, 5, sympy.Rational(1, 2), sympy.Rational(3, 2), -1, -2))


def _linear(rng: np.random.Generator, letter: Any = x) -> Any:
    return draw_one(rng, (1, 2, 3, 4, 5, a)) * letter + draw_one(rng, (0, 0, 1, 2, 3, b))


def _simple(rng: np.random.Generator, letter: Any = x) -> Any:
    inner = _linear(rng, letter)
    make = draw_one(
        rng,
        (
            sin,
            cos,
            exp,
            lambda e: exp(-e),
            lambda e: log(e + 1),
            sympy.atan,
            sympy.sinh,
            lambda e: sqrt(e + 1),
            lambda e: 1 / (e + 1),
            lambda e: (e + 1) ** number(rng, 2, 5),
            lambda e: sin(e) ** 2,
            sympy.tanh,
            sympy.cosh,
        ),
    )
    return make(inner)


def _function(rng: np.random.Generator, letter: Any = x) -> Any:
    kind = int(rng.integers(6))
    if kind == 0:
        return _simple(rng, letter)
    if kind == 1:
        return _power(rng, letter) * _simple(rng, letter)
    if kind == 2:
        return _simple(rng, letter) * _simple(rng, letter)
    if kind == 3:
        return number(rng, 2, 9) * _power(rng, letter) + _simple(rng, letter)
    if kind == 4:
        return _simple(rng, letter) / (letter ** number(rng, 1, 3) + number(rng, 1, 5))
    return draw_one(rng, (sin, cos, exp, sympy.atan))(_power(rng, letter) + number(rng, 0, 3, ()))


def derivative(rng: np.random.Generator) -> Identity:
    """d/dx f = f'."""
    function = _function(rng)
    slope = sympy.together(function.diff(x)) if rng.random() < 0.4 else function.diff(x)
    latex = f"{show(sympy.Derivative(function, x))} = {show(slope)}"
    return Identity(latex, is_derivative(slope, function, x, rng), _LOOSE)


def partial(rng: np.random.Generator) -> Identity:
    """A partial derivative of a function of two letters."""
    function = _simple(rng) * _power(rng, y) + draw_one(rng, (x * y, exp(x * y), sin(x + y), x**2 * y, log(x + y)))
    letter = draw_one(rng, (x, y))
    slope = function.diff(letter)
    latex = f"{show(sympy.Derivative(function, letter))} = {show(slope)}"
    return Identity(latex, is_derivative(slope, function, letter, rng), _LOOSE)


def gradient(rng: np.random.Generator) -> Identity:
    """All derivatives of a polynomial or a product in one column or matrix."""
    function = number(rng, -5, 9) * x ** number(rng, 1, 3) * y ** number(rng, 1, 3) + _power(rng, y) + sin(x)
    if rng.random() < 0.5:
        rows = sympy.Matrix([function.diff(x), function.diff(y)])
        errors = is_derivative(rows[0], function, x, rng) + is_derivative(rows[1], function, y, rng)
        return Identity(rf"\nabla \left( {show(function)} \right) = {show(rows)}", errors, _LOOSE)
    rows = sympy.hessian(function, (x, y))
    errors = is_derivative(rows[0, 1], function.diff(x), y, rng) + is_derivative(rows[1, 1], function.diff(y), y, rng)
    return Identity(rf"\nabla^{{2}} \left( {show(function)} \right) = {show(rows)}", errors, _LOOSE)


def integral(rng: np.random.Generator) -> Identity:
    """An indefinite integral, found backwards from its result."""
    result = _function(rng)
    function = sympy.together(result.diff(x)) if rng.random() < 0.3 else result.diff(x)
    latex = f"{show(sympy.Integral(function, x))} = {show(result)} + C"
    return Identity(latex, is_derivative(function, result, x, rng), _LOOSE)


def definite(rng: np.random.Generator) -> Identity:
    """A definite integral by its antiderivative."""
    result = _function(rng).subs({a: number(rng, 2, 5), b: number(rng, 1, 4)})
    function = result.diff(x)
    low, high = draw_one(rng, ((0, 1), (0, 2), (1, 2), (1, 3), (0, sympy.pi / 2), (0, sympy.pi), (1, sympy.E)))
    value = sympy.nsimplify(result.subs(x, high) - result.subs(x, low))
    latex = f"{show(sympy.Integral(function, (x, low, high)))} = {show(value)}"
    return Identity(latex, is_integral(value, function, x, (sympy.Integer(low), sympy.sympify(high))), _LOOSE)


def improper(rng: np.random.Generator) -> Identity:
    """An integral to infinity with a parameter."""
    power, rate = number(rng, 1, 7), number(rng, 1, 9)
    function, value = draw_one(
        rng,
        (
            (x**power * exp(-rate * x), sympy.factorial(power) / sympy.Integer(rate) ** (power + 1)),
            (exp(-rate * x**2), sqrt(sympy.pi / rate) / 2),
            (
                x ** (2 * power) * exp(-rate * x**2),
                sympy.gamma(power + sympy.Rational(1, 2)) / (2 * sympy.Integer(rate) ** (power + sympy.Rational(1, 2))),
            ),
            (1 / (x**2 + rate**2), sympy.pi / (2 * rate)),
            (exp(-rate * x) * sin(power * x), sympy.Rational(power, rate**2 + power**2)),
            (exp(-rate * x) * cos(power * x), sympy.Rational(rate, rate**2 + power**2)),
        ),
    )
    latex = f"{show(sympy.Integral(function, (x, 0, sympy.oo)))} = {show(value)}"
    return Identity(latex, is_integral(value, function, x, (sympy.Integer(0), sympy.oo)), _LOOSE)


def double(rng: np.random.Generator) -> Identity:
    """An integral of a polynomial over a rectangle or a triangle."""
    function = number(rng, 1, 7) * x ** number(rng, 0, 3, ()) * y ** number(rng, 1, 3) + number(rng, -4, 6) * x
    high = draw_one(rng, (1, 2, 3, x, 1 - x))
    inner = sympy.integrate(function, (y, 0, high))
    value = sympy.integrate(inner, (x, 0, 1))
    latex = f"{show(sympy.Integral(function, (y, 0, high), (x, 0, 1)))} = {show(value)}"
    integral = mpmath.quad(sympy.lambdify(x, inner, "mpmath"), [0, 1])
    slope = is_derivative(function, sympy.integrate(function, y), y, rng)
    return Identity(latex, (error_of(integral, sympy.N(value, 30)), *slope), _LOOSE)


def total(rng: np.random.Generator) -> Identity:
    """A finite sum in closed form."""
    terms = (
        k ** number(rng, 1, 4) + number(rng, -3, 5) * k,
        (number(rng, 2, 5) * k + number(rng, -3, 3)) ** 2,
        k * (k + number(rng, 1, 4)),
        number(rng, 2, 7) * k ** number(rng, 1, 3) + number(rng, -4, 9),
        sympy.Integer(number(rng, 2, 5)) ** k,
        k * sympy.Integer(number(rng, 2, 4)) ** k,
        number(rng, 2, 9) * k ** number(rng, 1, 2) * (k - 1),
    )
    term = draw_one(rng, terms)
    value = sympy.factor(sympy.summation(term, (k, 1, n)))
    errors = tuple(
        error_of(sum(term.subs(k, step) for step in range(1, last + 1)), value.subs(n, last)) for last in (1, 2, 5, 8)
    )
    return Identity(f"{show(sympy.Sum(term, (k, 1, n)))} = {show(value)}", errors)


def endless(rng: np.random.Generator) -> Identity:
    """An infinite sum."""
    base, shift = number(rng, 2, 9), number(rng, 1, 6)
    ratio = sympy.Rational(number(rng, 1, base - 1), base)
    term, first, value = draw_one(
        rng,
        (
            (ratio**k, 0, 1 / (1 - ratio)),
            (k * ratio**k, 1, ratio / (1 - ratio) ** 2),
            (shift * ratio**k, 1, shift * ratio / (1 - ratio)),
            (sympy.Integer(base) ** k / sympy.factorial(k), 0, exp(base)),
            ((-1) ** k * sympy.Integer(shift) ** (2 * k) / sympy.factorial(2 * k), 0, cos(shift)),
            (1 / (k * (k + shift)), 1, sympy.Rational(1, shift) * sympy.harmonic(shift)),
            (k**2 * ratio**k, 1, ratio * (1 + ratio) / (1 - ratio) ** 3),
        ),
    )
    total = mpmath.nsum(sympy.lambdify(k, term, "mpmath"), [first, mpmath.inf])
    latex = f"{show(sympy.Sum(term, (k, first, sympy.oo)))} = {show(value)}"
    return Identity(latex, (error_of(total, sympy.N(value, 30)),), _LOOSE)


def limit(rng: np.random.Generator) -> Identity:
    """A limit that sympy finds and numbers come near to."""
    p, q = number(rng, 1, 9), number(rng, 1, 9)
    function, point = draw_one(
        rng,
        (
            (sin(p * x) / (q * x), 0),
            (tan(p * x) / sin(q * x), 0),
            ((exp(p * x) - 1) / (q * x), 0),
            ((1 - cos(p * x)) / x**2, 0),
            (log(1 + p * x) / (q * x), 0),
            ((1 + sympy.Integer(p) / x) ** (q * x), sympy.oo),
            ((p * x**2 + q * x) / (q * x**2 + p), sympy.oo),
            (sqrt(x**2 + p * x) - x, sympy.oo),
            (x**q * exp(-p * x), sympy.oo),
            ((x**2 - p**2) / (x - p), p),
            ((sqrt(x + q**2) - q) / x, 0),
            (log(x) ** p / x**q, sympy.oo),
            ((x ** (q + 1) - 1) / (x - 1), 1),
            ((exp(p * x) - exp(q * x)) / x, 0),
            ((p**2 * x**2 - 1) / (x * (q + x)), sympy.oo),
            ((x - sin(x)) / x**3, 0),
            ((sympy.Integer(p + 1) ** x - 1) / x, 0),
            (x * sin(sympy.Integer(p) / x), sympy.oo),
        ),
    )
    value = sympy.limit(function, x, point)
    near = mpmath.mpf(10) ** 9 if point == sympy.oo else mpmath.mpf(point) + mpmath.mpf(10) ** -8
    error = error_of(sympy.lambdify(x, function, "mpmath")(near), sympy.N(value, 30)) if value.is_finite else 1.0
    return Identity(
        f"{show(sympy.Limit(function, x, point, dir='+-' if point != sympy.oo else '-'))} = {show(value)}",
        (error,),
        1e-6,
    )


def series(rng: np.random.Generator) -> Identity:
    """A function and its Taylor series with the order of what is left."""
    inner = draw_one(rng, (1, 2, 3, -1)) * x
    function = draw_one(
        rng,
        (
            sin,
            cos,
            exp,
            lambda e: log(1 + e),
            lambda e: 1 / (1 - e),
            _near_one,
            sympy.atan,
            tan,
            sympy.sinh,
            sympy.cosh,
        ),
    )(inner)
    function *= draw_one(rng, (1, 1, exp(x), 1 / (1 + x), x))
    order = number(rng, 3, 6)
    expansion = sympy.series(function, x, 0, order)
    small = mpmath.mpf(10) ** -6
    gap = sympy.lambdify(x, function, "mpmath")(small) - sympy.lambdify(x, expansion.removeO(), "mpmath")(small)
    return Identity(f"{show(function)} = {show(expansion)}", (float(abs(gap) / small ** (order - 1)),), 1e-2)


def _near_one(inner: Any) -> Any:
    return sqrt(1 + inner)


def oscillator(rng: np.random.Generator) -> Identity:
    """A linear equation of the second order and its solution."""
    letter = sympy.Function("<y>")
    kind, low, high = int(rng.integers(3)), number(rng, -5, 5), number(rng, -5, 5)
    if kind == 0 and low != high:
        p, q, basis = -(low + high), low * high, (exp(low * x), exp(high * x))
    elif kind == 1:
        p, q, basis = -2 * low, low**2, (exp(low * x), x * exp(low * x))
    else:
        p, q, basis = -2 * low, low**2 + high**2, (exp(low * x) * cos(high * x), exp(low * x) * sin(abs(high) * x))
    first, second = sympy.symbols("C_{1} C_{2}")
    left = letter(x).diff(x, 2) + p * letter(x).diff(x) + q * letter(x)
    errors = sum((same(one.diff(x, 2) + p * one.diff(x) + q * one, sympy.Integer(0) * x, rng) for one in basis), ())
    solution = sympy.Eq(letter(x), first * basis[0] + second * basis[1])
    arrow = draw_one(rng, (r"\Longrightarrow", r"\quad \Rightarrow \quad"))
    return Identity(f"{show(sympy.Eq(left, 0))} {arrow} {show(solution)}", errors, _LOOSE)


def growth(rng: np.random.Generator) -> Identity:
    """A separable equation of the first order with its first value."""
    rate, power, start = number(rng, -6, 6), number(rng, 0, 4, ()), number(rng, 1, 9)
    solution = start * exp(sympy.Rational(rate, power + 1) * x ** (power + 1))
    letter = sympy.Function("<y>")
    errors = is_derivative(rate * x**power * solution, solution, x, rng) + same(
        solution.subs(x, 0) + 0 * y, start + 0 * y, rng
    )
    equation = show(sympy.Eq(letter(x).diff(x), rate * x**power * letter(x), evaluate=False))
    latex = rf"{equation}, \quad <y>(0) = {start} \quad \Rightarrow \quad {show(sympy.Eq(letter(x), solution))}"
    return Identity(latex, errors, _LOOSE)


def laplace(rng: np.random.Generator) -> Identity:
    """A Laplace transform of a known pair."""
    rate, power, time = number(rng, 1, 9), number(rng, 1, 5), sympy.Symbol("t", positive=True)
    image = sympy.Symbol("s", positive=True)
    function, value = draw_one(
        rng,
        (
            (time**power, sympy.factorial(power) / image ** (power + 1)),
            (exp(-rate * time), 1 / (image + rate)),
            (sin(rate * time), rate / (image**2 + rate**2)),
            (cos(rate * time), image / (image**2 + rate**2)),
            (exp(-power * time) * sin(rate * time), rate / ((image + power) ** 2 + rate**2)),
            (exp(-power * time) * cos(rate * time), (image + power) / ((image + power) ** 2 + rate**2)),
            (time * exp(-rate * time), 1 / (image + rate) ** 2),
            (time**power * exp(-rate * time), sympy.factorial(power) / (image + rate) ** (power + 1)),
        ),
    )
    point = sympy.Rational(3, 2)
    errors = is_integral(
        value.subs(image, point), (function * exp(-image * time)).subs(image, point), time, (sympy.Integer(0), sympy.oo)
    )
    script = draw_one(rng, (r"\mathcal{L}", r"\mathscr{L}"))
    return Identity(rf"{script}\left\{{ {show(function)} \right\}} = {show(value)}", errors, _LOOSE)


KINDS = (  # keep
    derivative,
    partial,
    gradient,
    integral,
    definite,
    improper,
    double,
    total,
    endless,
    limit,
    series,
    oscillator,
    growth,
    laplace,
)

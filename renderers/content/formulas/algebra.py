"""True statements of algebra, made by sympy: polynomials, fractions, roots, trigonometry, matrices, whole numbers."""

import math
from typing import Any

import numpy as np
import sympy  # type: ignore[import-untyped]
from sympy import I, Rational, cos, log, sin, sqrt, tan

from renderers.content.formulas.identities import Identity, a, b, error_of, n, number, same, show, x, y, z
from renderers.core.choice import draw_one


def _polynomial(rng: np.random.Generator, degree: int, letter: Any = x) -> Any:
    return sum(number(rng, -6, 9) * letter**power for power in range(degree + 1))


def expansion(rng: np.random.Generator) -> Identity:
    """A product of polynomials multiplied out."""
    other = draw_one(rng, (y, a, 1, 1, z))
    left = (number(rng, 1, 5) * x + number(rng, -6, 6) * other) ** number(rng, 2, 4)
    if rng.random() < 0.4:
        left = (number(rng, 1, 5) * x + number(rng, -6, 6) * other) * (number(rng, 1, 4) * x**2 + number(rng, -5, 5))
    right = sympy.expand(left)
    return Identity(f"{show(left)} = {show(right)}", same(left, right, rng))


def factors(rng: np.random.Generator) -> Identity:
    """A polynomial and its factors."""
    other = draw_one(rng, (1, 1, 1, y))
    left = sympy.expand(
        math.prod((number(rng, 1, 3) * x + number(rng, -7, 7) * other) for _ in range(number(rng, 2, 3)))
    )
    right = sympy.factor(left)
    return Identity(f"{show(left)} = {show(right)}", same(left, right, rng))


def partial_fractions(rng: np.random.Generator) -> Identity:
    """A rational function in partial fractions."""
    roots = rng.choice(np.arange(-5, 6), 2, replace=False)
    bottom = math.prod((x - int(root)) for root in roots) * draw_one(rng, (1, 1, x**2 + number(rng, 1, 4)))
    left = _polynomial(rng, 1) / (sympy.expand(bottom) if rng.random() < 0.5 else bottom)
    right = sympy.apart(left, x)
    return Identity(f"{show(left)} = {show(right)}", same(left, right, rng))


def common_fraction(rng: np.random.Generator) -> Identity:
    """A sum of fractions with letters over one denominator."""
    one = number(rng, 1, 9) / (x + number(rng, -5, 5))
    other = number(rng, -9, 9) * draw_one(rng, (1, x, y)) / (draw_one(rng, (x, y)) + number(rng, -5, 5))
    right = sympy.together(one + other)
    left = sympy.Add(one, other, evaluate=False)
    return Identity(f"{show(left)} = {show(right)}", same(one + other, right, rng))


def fractions(rng: np.random.Generator) -> Identity:
    """Arithmetic with fractions."""
    values = [Rational(number(rng, 1, 11), number(rng, 2, 12)) for _ in range(number(rng, 2, 4))]
    signs = [draw_one(rng, "+-") for _ in values[1:]]
    result = values[0] + sum(value if sign == "+" else -value for sign, value in zip(signs, values[1:], strict=True))
    left = show(values[0]) + "".join(f" {sign} {show(value)}" for sign, value in zip(signs, values[1:], strict=True))
    by_floats = values[0].p / values[0].q + sum(
        (1 if sign == "+" else -1) * value.p / value.q for sign, value in zip(signs, values[1:], strict=True)
    )
    return Identity(f"{left} = {show(result)}", (error_of(by_floats, sympy.N(result)),))


def square_completed(rng: np.random.Generator) -> Identity:
    """A quadratic with its square completed."""
    p, q = number(rng, -9, 9), number(rng, -12, 12)
    left = x**2 + p * x + q
    right = (x + Rational(p, 2)) ** 2 + (q - Rational(p, 2) ** 2)
    return Identity(f"{show(left)} = {show(right)}", same(left, right, rng))


def quadratic(rng: np.random.Generator) -> Identity:
    """A quadratic equation and its roots."""
    p, q, r = number(rng, 1, 4), number(rng, -9, 9), number(rng, -9, 9)
    left = p * x**2 + q * x + r
    roots = sympy.roots(left, x, multiple=True)
    errors = tuple(error_of(sympy.N(left.subs(x, root), 30), 0) for root in roots)
    names = ", ".join(show(root) for root in roots)
    if len(set(roots)) == 1:
        return Identity(rf"{show(left)} = 0 \Rightarrow <x> = {show(roots[0])}", errors)
    latex = draw_one(
        rng,
        (
            rf"{show(left)} = 0 \iff <x> \in \left\{{ {names} \right\}}",
            rf"{show(left)} = 0 \Rightarrow <x>_{{1}} = {show(roots[0])}, \quad <x>_{{2}} = {show(roots[1])}",
        ),
    )
    return Identity(latex, errors)


def linear_system(rng: np.random.Generator) -> Identity:
    """Linear equations and their solution."""
    letters = (x, y, z)[: number(rng, 2, 3)]
    solution = [number(rng, -6, 9, ()) for _ in letters]
    rows = [[number(rng, -5, 6) for _ in letters] for _ in letters]
    if sympy.Matrix(rows).det() == 0:
        return Identity("", ())
    lines, errors = [], []
    for row in rows:
        left = sum(factor * letter for factor, letter in zip(row, letters, strict=True))
        right = sum(factor * value for factor, value in zip(row, solution, strict=True))
        lines.append(f"{show(left)} = {right}")
        errors.append(error_of(left.subs(dict(zip(letters, solution, strict=True))), right))
    solved = ", ".join(f"{show(letter)} = {value}" for letter, value in zip(letters, solution, strict=True))
    if rng.random() < 0.5:
        solved = _cases(solved.split(", "))
    return Identity(rf"{_cases(lines)} \Rightarrow {solved}", tuple(errors))


def _cases(lines: list[str]) -> str:
    rows = r" \\ ".join(lines)
    return rf"\begin{{cases}} {rows} \end{{cases}}"


def angle_sums(rng: np.random.Generator) -> Identity:
    """Multiples and sums of angles."""
    times, function = number(rng, 2, 4), draw_one(rng, (sin, cos, tan, sympy.sinh, sympy.cosh))
    angle = times * x if rng.random() < 0.5 else draw_one(rng, (1, 2)) * x + draw_one(rng, (1, -1, 2)) * y
    left = function(angle)
    right = sympy.expand_trig(left)
    return Identity(f"{show(left)} = {show(right)}", same(left, right, rng))


def trigonometric_powers(rng: np.random.Generator) -> Identity:
    """Powers of sine and cosine by multiples of the angle."""
    left = sin(x) ** number(rng, 0, 4, ()) * cos(x) ** number(rng, 1, 4)
    if rng.random() < 0.5:
        left = left.subs(x, number(rng, 2, 5) * x)
    right = sympy.expand(sympy.expand(left.rewrite(sympy.exp)).rewrite(cos))
    return Identity(f"{show(left)} = {show(right)}", same(left, right, rng))


def special_values(rng: np.random.Generator) -> Identity:
    """Values of functions that have a closed form."""
    left = draw_one(
        rng,
        (
            draw_one(rng, (sin, cos, tan))(
                sympy.pi * Rational(number(rng, 1, 23), draw_one(rng, (3, 4, 5, 6, 8, 12))), evaluate=False
            ),
            sympy.gamma(Rational(2 * number(rng, 0, 6, ()) + 1, 2), evaluate=False),
            sympy.zeta(2 * number(rng, 1, 5), evaluate=False),
            sympy.atan(draw_one(rng, (1, sqrt(3), sqrt(3) / 3, 2 - sqrt(3))), evaluate=False),
            sympy.binomial(number(rng, 5, 20), number(rng, 2, 5), evaluate=False),
            sympy.factorial(number(rng, 4, 12), evaluate=False),
            sympy.beta(number(rng, 1, 6), number(rng, 1, 6), evaluate=False),
            sympy.harmonic(number(rng, 3, 12), evaluate=False),
            sympy.legendre(number(rng, 2, 6), x, evaluate=False),
            sympy.hermite(number(rng, 2, 6), x, evaluate=False),
            sympy.chebyshevt(number(rng, 2, 7), x, evaluate=False),
        ),
    )
    right = sympy.expand_func(left.doit())
    if right == left or right.has(sympy.zoo):
        return Identity("", ())
    value = left.subs(x, Rational(2, 7))
    return Identity(
        f"{show(left)} = {show(right)}", (error_of(sympy.N(value, 30), sympy.N(right.subs(x, Rational(2, 7)), 30)),)
    )


def roots(rng: np.random.Generator) -> Identity:
    """Roots taken out, and denominators made rational."""
    kind = int(rng.integers(4))
    p, q, r = number(rng, 2, 9), draw_one(rng, (2, 3, 5, 6, 7, 10, 11)), draw_one(rng, (2, 3, 5, 7, 13))
    if kind == 0:
        left, right = f"\\sqrt{{{p * p * q}}}", p * sqrt(q)
        return Identity(f"{left} = {show(right)}", (error_of(math.sqrt(p * p * q), sympy.N(right)),))
    if kind == 1:
        bottom = sqrt(q) + draw_one(rng, (-1, 1)) * (sqrt(r) if r != q else p)
        left = number(rng, 1, 9) / bottom
        right = sympy.radsimp(left)
    elif kind == 2:
        left = (p + number(rng, -4, 4) * sqrt(q)) ** number(rng, 2, 3)
        right = sympy.expand(left)
    else:
        left = sympy.Mul(p + sqrt(q), number(rng, 1, 9) - sqrt(q), evaluate=False)
        right = sympy.expand(left.doit())
    return Identity(f"{show(left)} = {show(right)}", (error_of(sympy.N(left, 30), sympy.N(right, 30)),))


def logarithms(rng: np.random.Generator) -> Identity:
    """Rules of logarithms, with numbers."""
    p, q = number(rng, 2, 9), number(rng, 2, 5)
    left, right = draw_one(
        rng,
        (
            (log(x**p * y**q), p * log(x) + q * log(y)),
            (log(x**p / y), p * log(x) - log(y)),
            (log(sqrt(x) * y**q), log(x) / 2 + q * log(y)),
            (sympy.exp(p * log(x)) * y, x**p * y),
            (log(sympy.exp(p * x + q * y)), p * x + q * y),
            (log((x + p) ** q), q * log(x + p)),
        ),
    )
    if rng.random() < 0.3:
        return Identity(rf"\log_{{{p}}} {p**q} = {q}", (error_of(math.log(p**q) / math.log(p), q),))
    return Identity(f"{show(left)} = {show(right)}", same(left, right, rng))


def complex_numbers(rng: np.random.Generator) -> Identity:
    """Arithmetic with complex numbers."""
    one, other = (number(rng, -7, 9) + number(rng, -7, 9) * I for _ in range(2))
    left = draw_one(
        rng,
        (
            sympy.Mul(one, other, evaluate=False),
            sympy.Pow(one, number(rng, 2, 4), evaluate=False),
            sympy.Mul(one, sympy.Pow(other, -1, evaluate=False), evaluate=False),
            sympy.Abs(one, evaluate=False),
        ),
    )
    right = sympy.expand_complex(left.doit())
    return Identity(
        f"{show(left)} = {show(right)}",
        (float(abs(complex(sympy.N(left.doit(), 30)) - complex(sympy.N(right, 30))) / (1 + abs(complex(right)))),),
    )


def _matrix(rng: np.random.Generator, rows: int, columns: int) -> Any:
    return sympy.Matrix(rows, columns, [number(rng, -5, 7, ()) for _ in range(rows * columns)])


def _bracket(matrix: Any, env: str) -> str:
    rows = r" \\ ".join(" & ".join(show(cell) for cell in matrix.row(row)) for row in range(matrix.rows))
    return rf"\begin{{{env}}} {rows} \end{{{env}}}"


def matrix_product(rng: np.random.Generator) -> Identity:
    """A product of matrices of numbers."""
    rows, inner, columns = number(rng, 1, 3), number(rng, 2, 3), number(rng, 1, 3)
    one, other = _matrix(rng, rows, inner), _matrix(rng, inner, columns)
    result, env = one * other, draw_one(rng, ("pmatrix", "bmatrix"))
    gap = np.abs(np.array(one, float) @ np.array(other, float) - np.array(result, float)).max()
    return Identity(f"{_bracket(one, env)} {_bracket(other, env)} = {_bracket(result, env)}", (float(gap),))


def inverse(rng: np.random.Generator) -> Identity:
    """A matrix and its inverse."""
    size = number(rng, 2, 3)
    one, env = _matrix(rng, size, size), draw_one(rng, ("pmatrix", "bmatrix"))
    if one.det() == 0 or abs(one.det()) > 40:
        return Identity("", ())
    result = one.inv()
    gap = np.abs(np.array(one, float) @ np.array(result, float) - np.eye(size)).max()
    return Identity(f"{_bracket(one, env)}^{{-1}} = {_bracket(result, env)}", (float(gap),))


def determinant(rng: np.random.Generator) -> Identity:
    """A determinant of numbers, or with a letter."""
    size = number(rng, 2, 4)
    one = _matrix(rng, size, size)
    if rng.random() < 0.4 and size < 4:
        one = one - x * sympy.eye(size)
    value = sympy.expand(one.det())
    point = Rational(3, 7)
    determinant = np.linalg.det(np.array(one.subs(x, point), float))
    return Identity(
        f"{_bracket(one, 'vmatrix')} = {show(value)}", (error_of(float(determinant), sympy.N(value.subs(x, point))),)
    )


def eigenvalues(rng: np.random.Generator) -> Identity:
    """A matrix times an eigenvector."""
    low = number(rng, -4, 6)
    high = number(rng, -4, 6, (0, low))
    base = sympy.Matrix([[1, number(rng, 1, 3)], [number(rng, -2, 2), 0]])
    base[1, 1] = 1 + base[0, 1] * base[1, 0]
    one = base * sympy.diag(low, high) * base.inv()
    vector, env = base.col(0), draw_one(rng, ("pmatrix", "bmatrix"))
    gap = np.abs(np.array(one, float) @ np.array(vector, float) - low * np.array(vector, float)).max()
    return Identity(f"{_bracket(one, env)} {_bracket(vector, env)} = {low} {_bracket(vector, env)}", (float(gap),))


def cross_product(rng: np.random.Generator) -> Identity:
    """A vector or a scalar product of two vectors of numbers."""
    one, other = _matrix(rng, 3, 1), _matrix(rng, 3, 1)
    env = draw_one(rng, ("pmatrix", "bmatrix"))
    left = np.array(one, float).ravel(), np.array(other, float).ravel()
    if rng.random() < 0.5:
        result = one.cross(other)
        gap = np.abs(np.cross(*left) - np.array(result, float).ravel()).max()
        return Identity(rf"{_bracket(one, env)} \times {_bracket(other, env)} = {_bracket(result, env)}", (float(gap),))
    value = one.dot(other)
    return Identity(
        rf"{_bracket(one, env)} \cdot {_bracket(other, env)} = {value}", (error_of(float(np.dot(*left)), value),)
    )


def whole_numbers(rng: np.random.Generator) -> Identity:
    """Factors, remainders, greatest divisors, powers of whole numbers."""
    p, q, r = int(rng.integers(12, 99999)), int(rng.integers(12, 999)), int(rng.integers(2, 40))
    kind = int(rng.integers(5))
    if kind == 0:
        powers = sympy.factorint(p)
        right = r" \cdot ".join(f"{prime}^{{{power}}}" if power > 1 else str(prime) for prime, power in powers.items())
        product = math.prod(prime**power for prime, power in powers.items())
        return Identity(f"{p} = {right}", (float(abs(product - p)),)) if len(powers) > 1 else Identity("", ())
    if kind == 1:
        divisor = math.gcd(p, q)
        return Identity(rf"\gcd({p}, {q}) = {divisor}", (float(p % divisor + q % divisor),))
    if kind == 2:
        power = number(rng, 3, 30)
        return Identity(
            rf"{q}^{{{power}}} \equiv {pow(q, power, r)} \pmod{{{r}}}", (float((q**power - pow(q, power, r)) % r),)
        )
    if kind == 3:
        return Identity(rf"{p} = {q} \times {p // q} + {p % q}", (float(abs(q * (p // q) + p % q - p)),))
    if math.gcd(q, r) != 1:
        return Identity("", ())
    return Identity(rf"{q}^{{-1}} \equiv {pow(q, -1, r)} \pmod{{{r}}}", (float((q * pow(q, -1, r) - 1) % r),))


def continued(rng: np.random.Generator) -> Identity:
    """A fraction as a continued one."""
    value = Rational(int(rng.integers(20, 400)), int(rng.integers(7, 90)))
    digits = [int(digit) for digit in sympy.continued_fraction(value)]
    if not 3 <= len(digits) <= 5:
        return Identity("", ())
    latex = str(digits[-1])
    for digit in reversed(digits[:-1]):
        latex = rf"{digit} + \cfrac{{1}}{{{latex}}}"
    by_digits = float(sympy.continued_fraction_reduce(digits))
    tail = rf" = [{digits[0]}; {', '.join(map(str, digits[1:]))}]" if rng.random() < 0.5 else ""
    return Identity(f"{show(value)} = {latex}{tail}", (error_of(by_digits, value.p / value.q),))


def binomial_rules(rng: np.random.Generator) -> Identity:
    """Products and quotients of factorials and powers with a letter."""
    shift, base = number(rng, 1, 4), number(rng, 2, 7)
    left, right = draw_one(
        rng,
        (
            (sympy.factorial(n + shift) / sympy.factorial(n), sympy.expand_func(sympy.rf(n + 1, shift))),
            (
                sympy.Integer(base) ** (n + shift) - sympy.Integer(base) ** n,
                (base**shift - 1) * sympy.Integer(base) ** n,
            ),
            (a ** (n + shift) / a**shift, a**n),
            ((a**n) ** shift * b**n, a ** (n * shift) * b**n),
            (
                sympy.binomial(n, 2) + sympy.binomial(n + shift, 2),
                sympy.expand(sympy.expand_func(sympy.binomial(n, 2) + sympy.binomial(n + shift, 2))),
            ),
        ),
    )
    return (
        Identity(f"{show(left)} = {show(right)}", same(left, right, rng, integers=True))
        if left != right
        else Identity("", ())
    )


KINDS = (  # keep
    expansion,
    factors,
    partial_fractions,
    common_fraction,
    fractions,
    square_completed,
    quadratic,
    linear_system,
    angle_sums,
    trigonometric_powers,
    special_values,
    roots,
    logarithms,
    complex_numbers,
    matrix_product,
    inverse,
    determinant,
    eigenvalues,
    cross_product,
    whole_numbers,
    continued,
    binomial_rules,
)

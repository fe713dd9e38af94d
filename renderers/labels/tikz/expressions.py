r"""The functions of plots: what pgfmath and Python both understand, read once and written in one way.

`\x` stands in the text as TikZ replaces it, so a power's base is written `(\x)`: pgfmath reads `-2.0^2` as a minus
before the power. Angles go through `deg`, since pgfmath's sine takes degrees.
"""

import ast
import operator
import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from renderers.core.errors import LabelError

_Values: TypeAlias = npt.NDArray[np.float64]

_FUNCTIONS: dict[str, Callable[[_Values], _Values]] = {
    "sqrt": np.sqrt,
    "exp": np.exp,
    "ln": np.log,
    "abs": np.abs,
    "deg": np.degrees,
    "sin": lambda degrees: np.sin(np.radians(degrees)),
    "cos": lambda degrees: np.cos(np.radians(degrees)),
    "tan": lambda degrees: np.tan(np.radians(degrees)),
}

_SYMBOLS: dict[type[ast.operator], tuple[str, int]] = {
    ast.Add: ("+", 1),
    ast.Sub: ("-", 1),
    ast.Mult: ("*", 2),
    ast.Div: ("/", 2),
    ast.Pow: ("^", 4),
}
_ACTS: dict[type[ast.operator], Callable[[_Values, _Values], _Values]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_ATOM, _MINUS = 5, 3
_LONGEST = 200


@lru_cache(maxsize=512)
def _parse(text: str) -> ast.expr:
    if len(text) > _LONGEST or not re.fullmatch(r"(?:\\x(?![a-z])|[a-z]+|[0-9.]+|[-+*/^() ])+", text):
        raise LabelError(f"not an expression: {text[:60]!r}")
    try:
        return ast.parse(text.replace("\\x", "x").replace("^", "**").strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise LabelError(f"not an expression: {text[:60]!r}") from error


def normalize_expression(text: str) -> str:
    """The expression without blanks and needless brackets, numbers in their shortest form.

    Raises:
        LabelError: it uses anything but numbers, x, + - * / ^, and the functions above.
    """
    return _write(_parse(text))[0]


def _write(node: ast.expr) -> tuple[str, int]:
    """The text of a tree and how strongly it holds together."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return f"{node.value:g}", _ATOM
    if isinstance(node, ast.Name) and node.id == "x":
        return "\\x", _MINUS  # a negative number once TikZ has put it in
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        text, strength = _write(node.operand)
        return f"-{text}" if strength > _MINUS else f"-({text})", 1
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and _is_known(node):
        return f"{node.func.id}({_write(node.args[0])[0]})", _ATOM
    if isinstance(node, ast.BinOp) and type(node.op) in _SYMBOLS:
        symbol, own = _SYMBOLS[type(node.op)]
        left, right = _write(node.left), _write(node.right)
        # A power binds its base tighter than anything; what follows an operator must be stronger than it.
        before = left[0] if (left[1] > _MINUS if symbol == "^" else left[1] >= own) else f"({left[0]})"
        behind = right[0] if right[1] > own or (symbol in "+*" and right[1] == own and right[0][0] != "-") else None
        return f"{before}{symbol}{behind if behind is not None else f'({right[0]})'}", own
    raise LabelError(f"not allowed in an expression: {ast.dump(node)[:60]}")


def _is_known(call: ast.Call) -> bool:
    named = isinstance(call.func, ast.Name) and call.func.id in _FUNCTIONS
    return named and len(call.args) == 1 and not call.keywords


def evaluate(text: str, x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Its values; not a number where there is none."""
    with np.errstate(all="ignore"):
        return np.broadcast_to(_value(_parse(text), x), x.shape).astype(np.float64)


def _value(node: ast.expr, x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    match node:
        case ast.Constant(value=int() | float() as number):
            return np.asarray(float(number))
        case ast.Name(id="x"):
            return x
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, x)
        case ast.Call(func=ast.Name(id=name), args=[inside]) if name in _FUNCTIONS:
            return np.asarray(_FUNCTIONS[name](_value(inside, x)))
        case ast.BinOp(left=left, op=symbol, right=right) if type(symbol) in _ACTS:
            return _ACTS[type(symbol)](_value(left, x), _value(right, x))
    raise LabelError(f"not allowed in an expression: {ast.dump(node)[:60]}")

r"""Texts with formulas in them, between `\(` and `\)`, compared by what they show: \(x^{2}\) is \(x^2\).

The words must be the same. A formula that is not in the grammar of formulas stays as it is written.
"""

import re
from functools import lru_cache

from renderers.core.errors import LabelError
from renderers.labels.latex import grammar as latex

_FORMULA = re.compile(r"(\\\(.*?\\\))", re.DOTALL)
_DOLLARS = re.compile(r"\\.|\$((?:\\.|[^\\$])+)\$", re.DOTALL)
_NO_LETTERS = re.compile(r"\\[A-Za-z]+|[^A-Za-z0-9]")


def without_dollars(latex_text: str) -> str:
    r"""A text of LaTeX with its formulas in `\(` and `\)`."""
    return _DOLLARS.sub(lambda found: rf"\({found[1]}\)" if found[1] else found[0], latex_text)


def normal(text: str) -> str:
    """A text with each of its formulas in normal form, signs taken apart."""
    if "\\(" not in text:
        return text
    return "".join(_normal(piece) if at % 2 else piece for at, piece in enumerate(_FORMULA.split(text)))


def equal(one: str, other: str) -> bool:
    """Whether words are the same and formulas mean the same."""
    if one == other:
        return True
    pieces, others = _FORMULA.split(one), _FORMULA.split(other)
    return pieces[::2] == others[::2] and all(map(_is_same, pieces[1::2], others[1::2]))


def _is_same(one: str, other: str) -> bool:
    normals = _normal(one), _normal(other)
    if normals[0] == normals[1]:
        return True
    # What means the same has the same letters, and reading takes its time.
    return _letters(normals[0]) == _letters(normals[1]) and _means_same(*normals)


@lru_cache(maxsize=8192)
def _normal(formula: str) -> str:
    try:
        return latex.write_signs(formula)
    except (LabelError, RecursionError):
        return formula


@lru_cache(maxsize=8192)
def _letters(formula: str) -> str:
    return _NO_LETTERS.sub("", formula)


@lru_cache(maxsize=8192)
def _means_same(one: str, other: str) -> bool:
    try:
        return latex.equal(one, other)
    except (LabelError, RecursionError):
        return False

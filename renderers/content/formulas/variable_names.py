"""Variable names of a formula: which letters stand for its variables, constants, functions, and habits of notation.

Letters come most often in the families one meets (x y z, u v w, alpha beta gamma), and no letter has two meanings.
"""

from collections.abc import Callable
from functools import cache

import templates
from renderers.content.formulas.patterns import FOLDER
from renderers.core.choice import pick

_ROLES = {
    "variables": ("x", "y", "z"),
    "constants": ("a", "b", "c"),
    "functions": ("f", "g", "h"),
    "indices": ("i", "j", "k"),
    "naturals": ("n", "m", "N_"),
    "capitals": ("A", "B", "C"),
    "events": ("X", "Y", "W"),
    "vectors": ("u", "v", "w"),
    "primes": ("p", "q", "r"),
}
"""The slots that each row of the menu's `variable_names` fills."""

_STRAY_FRAC = 0.12
"""Share of letters taken from anywhere in the alphabet, since readers meet all of them."""

_ALPHABET = "abcfghklmnpqrstuvwxyz"
"""Without d, e, i, j, o: a differential, Euler's number, the imaginary unit and a zero."""

_CAPITALS = "ABCDEFGHIJKLMNPQRSTUVWXYZ"
_STRAYS = {
    "variables": (*_ALPHABET, r"\theta", r"\zeta", r"\upsilon", r"\chi", r"\iota", r"\varpi", r"\wp"),
    "constants": (*_ALPHABET, *_CAPITALS, r"\kappa", r"\omega", r"\varepsilon", r"\varkappa"),
    "functions": (*_ALPHABET, *_CAPITALS, r"\Gamma", r"\Psi", r"\Xi", r"\Upsilon", r"\varsigma"),
    "capitals": tuple(_CAPITALS),
    "naturals": ("k", "l", "m", "n", "p", "r", "s", "M", "N", r"\ell", r"\nu"),
    "indices": ("h", "i", "j", "k", "l", "m", "n", "r", "s", "t", r"\ell", r"\alpha", r"\nu"),
}


class VariableNames(dict[str, str]):
    """Letters by slot, drawn when first asked for and kept for the whole formula."""

    def __init__(self, random: Callable[[], float]) -> None:
        super().__init__()
        self._random = random

    def __missing__(self, slot: str) -> str:
        row = _row_of().get(slot)
        if row is None:
            self[slot] = pick(_habits()[slot], self._random())
        else:
            self._draw_row(row)
        return self[slot]

    def _draw_row(self, row: str) -> None:
        families = _families()[row]
        taken = set(self.values())
        for _ in range(8):
            family = pick(families, self._random())
            if taken.isdisjoint(family):
                break
        else:
            # The last family of a row may share a letter with another slot; two letters too many are better than one
            # letter with two meanings.
            family = next((one for one in families if taken.isdisjoint(one)), family)
        letters = list(family)
        strays = _STRAYS.get(row)
        if strays and self._random() < _STRAY_FRAC:
            stray = pick(strays, self._random())
            if stray not in taken and stray not in letters:
                letters[0] = stray
        self.update(zip(_ROLES[row], letters, strict=True))


def is_variable_name(slot: str) -> bool:
    """Whether a slot is filled with a letter or with a habit of notation."""
    return slot in _row_of() or slot in _habits()


@cache
def _families() -> dict[str, tuple[tuple[str, ...], ...]]:
    rows = templates.menu(FOLDER)["variable_names"]
    return {row: tuple(tuple(family.split()) for family in rows[row]) for row in _ROLES}


@cache
def _habits() -> dict[str, tuple[str, ...]]:
    return {slot: tuple(choices) for slot, choices in templates.menu(FOLDER)["habits"].items()}


@cache
def _row_of() -> dict[str, str]:
    return {slot: row for row, slots in _ROLES.items() for slot in slots}

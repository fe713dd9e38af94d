r"""The texts of figures: how large a piece of TeX will be, which glyphs it is made of, and names for points.

Figures are laid out without TeX, so sizes come from a table of glyphs: the largest over all fonts, so never too small.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

import templates
from renderers.core.choice import draw_one

_SCRIPT = 0.7
"""Size of an index, as a fraction of the text's. Source: LaTeX, 7 pt in 10 pt."""

_RAISED, _LOWERED = 0.42, 0.16
_ROOT_EM, _ROOT_ABOVE = 0.96, 0.2
_OVERHANG = 0.08
"""Em by which slanted letters stand out of their boxes. Measured: A of Palladio 0.04 em on either side."""

_SIGN_EM = 0.9
"""Width of a plus or minus that begins a formula: it has no space around it, as one between two numbers has."""

_BAR_ABOVE, _BAR_BELOW = 0.4, 0.33


@dataclass(frozen=True, slots=True)
class Extent:
    """Size of a text.

    Attributes:
        width: in em.
        height: of what stands over the baseline, in em.
        depth: of what hangs under it, in em.
    """

    width: float
    height: float
    depth: float


@lru_cache(maxsize=8192)
def measure(text: str) -> Extent:
    """The size of a text in the largest of the fonts: it is never larger."""
    inner = _Measure(text.strip("$")).row()
    return Extent(inner.width + _OVERHANG, inner.height, inner.depth)


class _Measure:
    """Reads a formula of letters, commands, indices, roots and fractions."""

    def __init__(self, text: str) -> None:
        self._pieces = list(_split(text))
        self._at = 0
        self._first = 1

    def row(self) -> Extent:
        self._first = self._at + 1
        width = height = depth = 0.0
        while self._at < len(self._pieces) and self._pieces[self._at] != "}":
            part = self._item()
            width, height, depth = width + part.width, max(height, part.height), max(depth, part.depth)
        return Extent(width, height, depth)

    def _item(self) -> Extent:
        piece = self._pieces[self._at]
        self._at += 1
        if piece == "{":
            inside = self.row()
            self._at += 1
            return inside
        if piece in "^_":
            return self._index(piece == "^")
        table = templates.menu("geometry", "glyphs.toml")
        if piece == "\\sqrt":
            inside = self._item()
            return Extent(inside.width + _ROOT_EM, inside.height + _ROOT_ABOVE, inside.depth + 0.1)
        if piece == "\\frac":
            over, under = self._item(), self._item()
            width = max(over.width, under.width) * _SCRIPT + 0.25
            return Extent(width, _BAR_ABOVE + over.height * _SCRIPT, _BAR_BELOW + under.depth * _SCRIPT)
        if piece in "+-" and self._at == self._first:
            return Extent(_SIGN_EM, 0.63, 0.13)
        size = table["commands"][piece[1:]] if piece[0] == "\\" else table["letters"][piece]
        return Extent(*size)

    def _index(self, raised: bool) -> Extent:
        index = self._item()
        other = None
        if self._at < len(self._pieces) and self._pieces[self._at] in "^_":
            self._at += 1
            other = self._item()
        up, down = (index, other) if raised else (other, index)
        return Extent(
            max(part.width for part in (up, down) if part) * _SCRIPT + 0.05,
            _RAISED + up.height * _SCRIPT if up else 0.3,
            _LOWERED + down.depth * _SCRIPT if down else 0.0,
        )


def _split(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        if text[at] == "\\":
            stop = at + 1
            while stop < len(text) and text[stop].isalpha():
                stop += 1
            yield text[at:stop]
            at = stop
        elif text[at] == "'":
            stop = at
            while stop < len(text) and text[stop] == "'":
                stop += 1
            yield from ("^", "{", *["\\prime"] * (stop - at), "}")
            at = stop
        else:
            if text[at] != " ":
                yield text[at]
            at += 1


@lru_cache(maxsize=8192)
def glyphs_of(text: str) -> Counter[str]:
    """How often each glyph stands in the text layer of a label, in no order (indices come in any)."""
    known = templates.menu("geometry", "glyphs.toml")["signs"]
    glyphs: Counter[str] = Counter()
    for piece in _split(text.strip("$")):
        if piece in ("{", "}", "^", "_"):
            continue
        glyphs.update(known[piece[1:]] if piece[0] == "\\" else ("−" if piece == "-" else piece))
    return glyphs


_ROWS = ("ABCDEFGH", "ABCDEFGH", "ABCDEFGH", "PQRSTUVW", "KLMNPQRS", "DEFGHKLM", "EFGHKLMN", "MNPQRSTU", "XYZWUVTS")
_SPARE = "DEFGHKMNPQRSTUVWXYZLJABC"


class PointNames:
    """Names of the points of one figure, as TeX: `$A$`, `$A_1$`; each is given once."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._used: set[str] = set()
        self._indexed = rng.random() < 0.08
        self._row = draw_one(rng, _ROWS)

    def corners(self, num: int) -> list[str]:
        """Names of so many corners in order: consecutive letters (A, B, C) or one letter with indices (A_1, A_2)."""
        if self._indexed or num > len(self._row):
            letter = draw_one(self._rng, "ABPQM")
            names = [f"{letter}_{{{index}}}" if index > 9 else f"{letter}_{index}" for index in range(1, num + 1)]
        else:
            names = list(self._row[:num])
        if any(name in self._used for name in names):
            return [self.next_free() for _ in range(num)]
        self._used.update(names)
        return [f"${name}$" for name in names]

    def first_free(self, preferred: str) -> str:
        """The first letter of `preferred` that is not used yet (O of a centre); another one where all are."""
        for name in preferred:
            if name not in self._used:
                self._used.add(name)
                return f"${name}$"
        return self.next_free()

    def next_free(self) -> str:
        """Any letter that is not used yet."""
        return self.first_free("".join(name for name in _SPARE if name not in self._used) or "J")

    def primed(self, names: Sequence[str]) -> list[str]:
        """Names of the images of points: `$A'$` for `$A$`."""
        return [f"${name.strip('$')}'$" for name in names]


def number(value: float, max_decimals: int = 2) -> str:
    """A number with at most so many decimals and no zeros at their end: 2.50 is "2.5"."""
    return f"{value:.{max_decimals}f}".rstrip("0").rstrip(".")

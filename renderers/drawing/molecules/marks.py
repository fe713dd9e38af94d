"""What the page told of one sheet: strokes, wedges, circles and letters, in px of the sheet, in the order of drawing.

The page says what it drew, not what for: which strokes are a bond and which letters an atom is read from their places.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from renderers.core.boxes import Box
from renderers.core.renderer import ProofFailed

Floats = npt.NDArray[np.float64]

_SIGNED = re.compile(r"(\d*)([+-])")
_CHARGES = (-2, 2)
"""Least and most that the drawer writes; it draws others without."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A character of a label.

    Attributes:
        char: what is drawn.
        box: where, its line's height and its advance.
        shift: -1 below the line (a count), 1 above it (a charge, an isotope), else 0.
    """

    char: str
    box: Box
    shift: int


@dataclass(frozen=True, slots=True)
class Label:
    """The letters of an atom.

    Attributes:
        element: its symbol.
        hydrogens: that are written behind it.
        charge: -2..2.
        isotope: 0 for none.
        place: (x, y) of the atom, in px.
        signs: all characters; those of the symbol come first.
    """

    element: str
    hydrogens: int
    charge: int
    isotope: int
    place: tuple[float, float]
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """All marks of a sheet.

    Attributes:
        lines: (N, 4) strokes that are (a part of) a bond: x0, y0, x1, y1, in px, as all that follows.
        wedges: (N, 4, 2) corners in px: thin end, two of the thick end, thin end.
        hashes: of each hashed bond the (N, 4) strokes, in px.
        discs: (N, 3) of paper behind letters: x, y, radius, in px.
        rings: (N, 3) circles within aromatic rings: x, y, radius, in px.
        points: (N, 3) dots on carbons: x, y, radius, in px.
        labels: letters.
        boxes: (N, 4) what is painted, path by path, its stroke left out: x0, y0, x1, y1, in px.
        stroked: (N,) whether a path is a line and not an area.
    """

    lines: Floats
    wedges: Floats
    hashes: tuple[Floats, ...]
    discs: Floats
    rings: Floats
    points: Floats
    labels: tuple[Label, ...]
    boxes: Floats
    stroked: npt.NDArray[np.bool_]


def read_marks(found: Mapping[str, Any]) -> Marks:
    """The marks of a sheet.

    Raises:
        ProofFailed: letters that are of no atom, or read in another order than meant.
    """
    aside = np.array([found["x"], found["y"]])
    lines = _array(found["lines"], 5)[:, :4].reshape(-1, 2, 2) - aside
    wedges = _array(found["wedges"], 9)[:, :8].reshape(-1, 4, 2) - aside
    hashes = tuple(_array(strokes, 4).reshape(-1, 2, 2) - aside for strokes in found["hashes"])
    discs, rings, points = (_array(found[name], 3) - (*aside, 0) for name in ("discs", "rings", "points"))
    behind = [disc for sign, disc in zip(_with_disc(found["signs"]), discs, strict=True) if sign == "text"]
    labels = tuple(
        _read_label(runs, (float(disc[0]), float(disc[1])), (found["x"], found["y"]))
        for (_, runs), disc in zip(found["labels"], behind, strict=True)
    )
    return Marks(
        lines.reshape(-1, 4),
        wedges,
        tuple(strokes.reshape(-1, 4) for strokes in hashes),
        discs,
        rings,
        points,
        labels,
        *_painted(found, lines, wedges, hashes, discs),
    )


def _array(rows: Sequence[Sequence[float]], width: int) -> Floats:
    return np.array(rows, np.float64).reshape(-1, width)


def _with_disc(signs: Sequence[str]) -> Iterator[str]:
    """Texts and dots have a disc of paper behind them, in their order."""
    return (sign for sign in signs if sign != "ring")


def _painted(
    found: Mapping[str, Any], lines: Floats, wedges: Floats, hashes: Sequence[Floats], discs: Floats
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Boxes of the paths in the order in which they are painted: bonds, discs, then what stands on these."""
    boxes: list[Sequence[float]] = []
    stroked: list[bool] = []
    at = {"line": 0, "wedge": 0, "hash": 0}
    for kind in found["order"]:
        number, at[kind] = at[kind], at[kind] + 1
        if kind == "line":
            parts = _halves(lines[number]) if found["lines"][number][4] == 2 else [lines[number]]
        elif kind == "hash":
            parts = list(hashes[number])
        else:
            (a, b, c, d), num = wedges[number], found["wedges"][number][8]
            near, far = (a + b) / 2, (d + c) / 2
            parts = [wedges[number]] if num == 1 else [np.array([a, near, far, d]), np.array([near, b, c, far])]
        boxes += [(*part.min(axis=0), *part.max(axis=0)) for part in parts]
        stroked += [kind != "wedge"] * len(parts)
    circles = [tuple(disc) for disc in discs]
    for name, sign in (("rings", "ring"), ("points", "point")):
        # Rings are drawn before all letters; dots stand between them, and letters are no paths.
        if sign in found["signs"]:
            circles += [(x - found["x"], y - found["y"], r) for x, y, r in found[name]]
    boxes += [(x - r, y - r, x + r, y + r) for x, y, r in circles]
    stroked += [False] * len(discs) + [True] * len(found["rings"]) + [False] * len(found["points"])
    return np.array(boxes, np.float64).reshape(-1, 4), np.array(stroked, bool)


def _halves(line: Floats) -> list[Floats]:
    middle = line.mean(axis=0)
    return [np.array([line[0], middle]), np.array([middle, line[1]])]


def _read_label(
    runs: Sequence[tuple[str, str, Sequence[Box]]], place: tuple[float, float], aside: tuple[float, float]
) -> Label:
    said = " ".join(f"{kind}:{text}" for text, kind, _ in runs)
    signs = []
    for text, kind, boxes in runs:
        shift = {"main": 0, "sub": -1, "super": 1}[kind]
        signs += [Sign(char, _moved(box, aside), shift) for char, box in zip(text, boxes, strict=True)]
        _check_order(text, boxes)
    rest = list(runs)
    element, kind, _ = rest.pop(0)
    hydrogens, charge, isotope = 0, 0, 0
    while rest and rest[0][1] == "super":
        text = rest.pop(0)[0]
        signed = _SIGNED.fullmatch(text)
        if signed and not charge:
            charge = int(f"{signed[2]}{signed[1] or 1}")
        elif text.isdecimal() and not isotope:
            isotope = int(text)
        else:
            raise ProofFailed("label_unread", said)
    if rest and rest[0][0] == "H" and rest[0][1] == "main":
        rest.pop(0)
        hydrogens = int(rest.pop(0)[0]) if rest and rest[0][1] == "sub" and rest[0][0].isdecimal() else 1
    if rest or kind != "main" or not _CHARGES[0] <= charge <= _CHARGES[1] or (charge and isotope):
        raise ProofFailed("label_unread", said)
    return Label(element, hydrogens, charge, isotope, place, tuple(signs))


def _check_order(text: str, boxes: Sequence[Box]) -> None:
    """Raises ProofFailed where letters that are read together stand the other way round, as 13 becomes 31."""
    for (x0, y0, *_), (x1, y1, *_) in pairwise(boxes):
        if x1 < x0 - 0.5 or (abs(x1 - x0) <= 0.5 and y1 < y0):
            raise ProofFailed("label_reversed", text)


def _moved(box: Box, aside: tuple[float, float]) -> Box:
    x, y = aside
    return (box[0] - x, box[1] - y, box[2] - x, box[3] - y)

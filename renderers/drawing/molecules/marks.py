"""What templates/shared/molecules.js reports of one sheet: lines, wedges, circles and labels, in px of the sheet.

Each kind is in the order of drawing. Which lines are one bond and which label is at which atom is not
reported: it is read from their positions.
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

_CHARGE = re.compile(r"(\d*)([+-])")
_MIN_CHARGE, _MAX_CHARGE = -2, 2
"""The drawer leaves out charges beyond these."""


@dataclass(frozen=True, slots=True)
class LabelChar:
    """A character of a label.

    Attributes:
        text: one character.
        box: as high as its line and as wide as its advance, in px of the sheet.
        shift: -1 for a subscript (a count), 1 for a superscript (a charge, an isotope), else 0.
    """

    text: str
    box: Box
    shift: int


@dataclass(frozen=True, slots=True)
class Label:
    """The text that stands for an atom.

    Attributes:
        element: its symbol.
        hydrogens: number of hydrogens that the label adds to it, 0 or more.
        charge: -2..2.
        isotope: mass number, 0 for none.
        position: (x, y) of the atom, in px of the sheet.
        chars: all characters; those of the symbol come first.
    """

    element: str
    hydrogens: int
    charge: int
    isotope: int
    position: tuple[float, float]
    chars: tuple[LabelChar, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """All marks of a sheet; lengths and positions are in px of the sheet.

    Attributes:
        lines: (N, 4) lines that are a bond or one line of it: x0, y0, x1, y1, px.
        wedges: (N, 4, 2) corners: thin end, two of the thick end, thin end; px.
        hashes: for each hashed bond its (N, 4) dashes: x0, y0, x1, y1, px.
        discs: (N, 3) discs of paper behind labels: x, y, radius, px.
        rings: (N, 3) circles within aromatic rings: x, y, radius, px.
        dots: (N, 3) dots on carbons: x, y, radius, px.
        labels: of atoms.
        boxes: (N, 4) x0, y0, x1, y1, px, of the painted paths without their stroke, in the order of painting.
        stroked: (N,) whether a path is painted by its stroke and not filled.
    """

    lines: Floats
    wedges: Floats
    hashes: tuple[Floats, ...]
    discs: Floats
    rings: Floats
    dots: Floats
    labels: tuple[Label, ...]
    boxes: Floats
    stroked: npt.NDArray[np.bool_]


def read_marks(reported: Mapping[str, Any]) -> Marks:
    """The marks of a sheet.

    Args:
        reported: by the page; its positions are moved by its `x` and `y`, so that the sheet begins at (0, 0).

    Raises:
        ProofFailed: a label that is no atom's, or whose characters stand in another order than they are read.
    """
    origin = np.array([reported["x"], reported["y"]])
    lines = _array(reported["lines"], 5)[:, :4].reshape(-1, 2, 2) - origin
    wedges = _array(reported["wedges"], 9)[:, :8].reshape(-1, 4, 2) - origin
    hashes = tuple(_array(strokes, 4).reshape(-1, 2, 2) - origin for strokes in reported["hashes"])
    discs, rings, dots = (_array(reported[name], 3) - (*origin, 0) for name in ("discs", "rings", "points"))
    label_discs = [disc for kind, disc in zip(_kinds_on_discs(reported["signs"]), discs, strict=True) if kind == "text"]
    labels = tuple(
        _read_label(runs, (float(disc[0]), float(disc[1])), (reported["x"], reported["y"]))
        for (_, runs), disc in zip(reported["labels"], label_discs, strict=True)
    )
    return Marks(
        lines.reshape(-1, 4),
        wedges,
        tuple(strokes.reshape(-1, 4) for strokes in hashes),
        discs,
        rings,
        dots,
        labels,
        *_painted(reported, lines, wedges, hashes, discs),
    )


def _array(rows: Sequence[Sequence[float]], width: int) -> Floats:
    return np.array(rows, np.float64).reshape(-1, width)


def _kinds_on_discs(kinds: Sequence[str]) -> Iterator[str]:
    """What has a disc of paper behind it, in the order of drawing: labels ("text") and dots ("point")."""
    return (kind for kind in kinds if kind != "ring")


def _painted(
    reported: Mapping[str, Any], lines: Floats, wedges: Floats, hashes: Sequence[Floats], discs: Floats
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """`Marks.boxes` and `Marks.stroked`: bonds are painted first, then discs, then what stands on these."""
    boxes: list[Sequence[float]] = []
    stroked: list[bool] = []
    next_index = {"line": 0, "wedge": 0, "hash": 0}
    for kind in reported["order"]:
        index, next_index[kind] = next_index[kind], next_index[kind] + 1
        if kind == "line":
            parts = _halves(lines[index]) if reported["lines"][index][4] == 2 else [lines[index]]
        elif kind == "hash":
            parts = list(hashes[index])
        else:
            (a, b, c, d), num_parts = wedges[index], reported["wedges"][index][8]
            ab, dc = (a + b) / 2, (d + c) / 2
            parts = [wedges[index]] if num_parts == 1 else [np.array([a, ab, dc, d]), np.array([ab, b, c, dc])]
        boxes += [(*part.min(axis=0), *part.max(axis=0)) for part in parts]
        stroked += [kind != "wedge"] * len(parts)
    circles = [tuple(disc) for disc in discs]
    for name, kind in (("rings", "ring"), ("points", "point")):
        # Rings are drawn before labels and dots; labels are no paths.
        if kind in reported["signs"]:
            circles += [(x - reported["x"], y - reported["y"], r) for x, y, r in reported[name]]
    boxes += [(x - r, y - r, x + r, y + r) for x, y, r in circles]
    stroked += [False] * len(discs) + [True] * len(reported["rings"]) + [False] * len(reported["points"])
    return np.array(boxes, np.float64).reshape(-1, 4), np.array(stroked, bool)


def _halves(line: Floats) -> list[Floats]:
    middle = line.mean(axis=0)
    return [np.array([line[0], middle]), np.array([middle, line[1]])]


def _read_label(
    runs: Sequence[tuple[str, str, Sequence[Box]]], position: tuple[float, float], origin: tuple[float, float]
) -> Label:
    """The label of an atom.

    Args:
        runs: its text in pieces of one level ("main", "sub" or "super") and the boxes of their characters.
        position: of the atom, in px of the sheet.
        origin: of the sheet in the coordinates of the boxes.
    """
    described = " ".join(f"{kind}:{text}" for text, kind, _ in runs)
    chars = []
    for text, kind, boxes in runs:
        shift = {"main": 0, "sub": -1, "super": 1}[kind]
        chars += [LabelChar(char, _moved(box, origin), shift) for char, box in zip(text, boxes, strict=True)]
        _check_order(text, boxes)
    rest = list(runs)
    element, kind, _ = rest.pop(0)
    hydrogens, charge, isotope = 0, 0, 0
    while rest and rest[0][1] == "super":
        text = rest.pop(0)[0]
        match = _CHARGE.fullmatch(text)
        if match and not charge:
            charge = int(f"{match[2]}{match[1] or 1}")
        elif text.isdecimal() and not isotope:
            isotope = int(text)
        else:
            raise ProofFailed("label_unread", described)
    if rest and rest[0][0] == "H" and rest[0][1] == "main":
        rest.pop(0)
        hydrogens = int(rest.pop(0)[0]) if rest and rest[0][1] == "sub" and rest[0][0].isdecimal() else 1
    if rest or kind != "main" or not _MIN_CHARGE <= charge <= _MAX_CHARGE or (charge and isotope):
        raise ProofFailed("label_unread", described)
    return Label(element, hydrogens, charge, isotope, position, tuple(chars))


def _check_order(text: str, boxes: Sequence[Box]) -> None:
    """Raises ProofFailed where characters stand in reverse order, so that 13 reads as 31."""
    for (x0, y0, *_), (x1, y1, *_) in pairwise(boxes):
        if x1 < x0 - 0.5 or (abs(x1 - x0) <= 0.5 and y1 < y0):
            raise ProofFailed("label_reversed", text)


def _moved(box: Box, origin: tuple[float, float]) -> Box:
    x, y = origin
    return (box[0] - x, box[1] - y, box[2] - x, box[3] - y)

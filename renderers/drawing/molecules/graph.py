"""The graph of a drawing from its strokes alone: strokes side by side are one bond, bonds meet at atoms.

What a reader could take for something else is told: atoms that all but touch, strokes that end at none, a carbon in the
middle of a straight line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from renderers.core.renderer import ProofFailed
from renderers.drawing.molecules.marks import Floats, Label, Marks
from renderers.labels.smiles.drawn import BondKind, DrawnAtom, DrawnBond

# All in lengths of a bond.
_MEET = 0.06
"""Farthest of ends that meet."""
_APART = (0.05, 0.42)
"""Least and most distance of strokes that are one bond."""
_BESIDE = 0.55
"""Least part of the shorter of two strokes that lies beside the other."""
_SHORTER = 0.04
"""Of a double bond: a stroke that is shorter by more is the inner one."""
_CROWD_ATOMS = 0.42
_CROWD_BOND = 0.2
_SHORTEST, _LONGEST = 0.55, 2.2
_PARALLEL = float(np.sin(np.radians(2.5)))
_CROSSING = float(np.sin(np.radians(28)))
_STRAIGHT = float(np.cos(np.radians(166)))

_KINDS: dict[int, BondKind] = {1: "single", 2: "double", 3: "triple"}


@dataclass(frozen=True, slots=True)
class Graph:
    """What was drawn.

    Attributes:
        atoms: places in lengths of a bond.
        bonds: between them.
        labels: of each atom its label, or -1.
        strokes: of each bond the numbers of its lines; of a wedge or hash (-1 - its number,).
        places: (N, 2) of the atoms in px of the sheet.
    """

    atoms: tuple[DrawnAtom, ...]
    bonds: tuple[DrawnBond, ...]
    labels: tuple[int, ...]
    strokes: tuple[tuple[int, ...], ...]
    places: Floats


@dataclass(frozen=True, slots=True)
class _Stick:
    """A bond whose ends are not known as atoms yet.

    Attributes:
        begin, end: (2,) ends, x and y in px.
    """

    kind: BondKind
    begin: Floats
    end: Floats
    strokes: tuple[int, ...]


def read_graph(marks: Marks, bond_px: float) -> Graph:
    """Atoms and bonds.

    Raises:
        ProofFailed: strokes that make no graph, or one that could be read otherwise.
    """
    sticks = [*_sticks(marks.lines, bond_px), *_wedges(marks)]
    places, ends, owners = _meet(sticks, marks, bond_px)
    bonds = [DrawnBond(begin, end, stick.kind) for stick, (begin, end) in zip(sticks, ends, strict=True)]
    if len({frozenset((bond.begin, bond.end)) for bond in bonds}) < len(bonds):
        raise ProofFailed("drawing_crowded", "two bonds between the same atoms")
    for x, y, radius in marks.rings:
        bonds = _mark_ring(bonds, places, np.array([x, y]), radius)
    _check_room(places, bonds, owners, bond_px)
    atoms = tuple(
        _atom(place / bond_px, marks.labels[owner] if owner >= 0 else None)
        for place, owner in zip(places, owners, strict=True)
    )
    return Graph(atoms, tuple(bonds), tuple(owners), tuple(stick.strokes for stick in sticks), places)


def _cross(one: Floats, other: Floats) -> Floats:
    product: Floats = one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
    return product


def _atom(place: Floats, label: Label | None) -> DrawnAtom:
    x, y = float(place[0]), float(place[1])
    if label is None:
        return DrawnAtom(x, y)
    return DrawnAtom(x, y, label.element, label.hydrogens, label.charge, label.isotope)


def _sticks(lines: Floats, bond_px: float) -> list[_Stick]:
    """Strokes side by side, taken together."""
    if not len(lines):
        return []
    starts, along = lines[:, :2], lines[:, 2:] - lines[:, :2]
    lengths = np.hypot(*along.T)
    if lengths.min() < _MEET * bond_px:
        raise ProofFailed("graph_unclear", "a stroke of no length")
    units = along / lengths[:, None]
    turned = np.abs(_cross(units[:, None], units[None]))
    between = starts[None] - starts[:, None]
    apart = np.abs(_cross(units[:, None], between))
    begins = np.einsum("ik,ijk->ij", units, between)
    stops = begins + np.einsum("ik,jk->ij", units, along)
    common = np.minimum(np.maximum(begins, stops), lengths[:, None]) - np.maximum(np.minimum(begins, stops), 0)
    together = (
        (turned < _PARALLEL)
        & (apart > _APART[0] * bond_px)
        & (apart < _APART[1] * bond_px)
        & (common > _BESIDE * np.minimum(lengths[:, None], lengths[None]))
    )
    groups = list(range(len(lines)))
    for one, other in zip(*np.nonzero(np.triu(together | together.T, 1)), strict=True):
        first, second = groups[one], groups[other]
        if first != second:
            groups = [first if group == second else group for group in groups]
    return [_stick(lines, lengths, [at for at, g in enumerate(groups) if g == group]) for group in sorted(set(groups))]


def _stick(lines: Floats, lengths: Floats, members: Sequence[int]) -> _Stick:
    if len(members) not in _KINDS:
        raise ProofFailed("graph_unclear", f"{len(members)} strokes side by side")
    axis = lines[members[0]].reshape(2, 2)
    if len(members) == 2:
        short, long = sorted(members, key=lengths.__getitem__)
        axis = lines[long].reshape(2, 2)
        if lengths[short] > (1 - _SHORTER) * lengths[long]:
            other = lines[short].reshape(2, 2)
            alike = (other[1] - other[0]) @ (axis[1] - axis[0]) > 0
            axis = (axis + (other if alike else other[::-1])) / 2
    elif len(members) == 3:
        middles = lines[list(members)].reshape(3, 2, 2).mean(axis=1)
        order = np.argsort(_cross((axis[1] - axis[0])[None], middles))
        axis = lines[members[int(order[1])]].reshape(2, 2)
    return _Stick(_KINDS[len(members)], axis[0], axis[1], tuple(members))


def _wedges(marks: Marks) -> list[_Stick]:
    found = []
    for at, (a, b, c, d) in enumerate(marks.wedges):
        thin, thick = (a + d) / 2, (b + c) / 2
        if np.hypot(*(a - d)) >= np.hypot(*(b - c)):
            raise ProofFailed("graph_unclear", "a wedge without a thin end")
        found.append(_Stick("wedge", thin, thick, (-1 - at,)))
    for at, strokes in enumerate(marks.hashes, len(marks.wedges)):
        widths = np.hypot(strokes[:, 2] - strokes[:, 0], strokes[:, 3] - strokes[:, 1])
        order = np.argsort(widths, kind="stable")
        middles = (strokes[:, :2] + strokes[:, 2:]) / 2
        # The strokes grow away from the thin end, and the last stands a little before the thick one.
        found.append(_Stick("hash", middles[order[0]], middles[order[-1]], (-1 - at,)))
    return found


def _meet(sticks: Sequence[_Stick], marks: Marks, bond_px: float) -> tuple[Floats, list[tuple[int, int]], list[int]]:
    """Places of atoms, the two of each stick, and of each atom the number of its label or -1."""
    num_labels = len(marks.labels)
    ends = [end for stick in sticks for end in (stick.begin, stick.end)]
    points = np.array([*(label.place for label in marks.labels), *ends], np.float64).reshape(-1, 2)
    # The strokes of a hashed bond end before its atom.
    loose = np.zeros(len(points), bool)
    loose[num_labels + 1 :: 2] = [stick.kind == "hash" for stick in sticks]
    near = np.abs(points[:, None] - points[None]).max(axis=2) <= _MEET * bond_px
    near[:, loose] = False
    near[np.arange(len(points)), np.arange(len(points))] = True
    firsts = near.argmax(axis=1)
    atoms = sorted(set(firsts[~loose].tolist()))
    numbers = {first: number for number, first in enumerate(atoms)}
    places = [points[first] for first in atoms]
    owners = [first if first < num_labels else -1 for first in atoms]
    pairs = []
    for at, stick in enumerate(sticks):
        begin, end = num_labels + 2 * at, num_labels + 2 * at + 1
        first = numbers[int(firsts[begin])]
        last = None if loose[end] else numbers[int(firsts[end])]
        if loose[end]:
            last = _ahead(np.array(places), stick, first, bond_px)
        if last is None:
            last = len(places)
            places.append(stick.end)
            owners.append(-1)
        if first == last:
            raise ProofFailed("graph_unclear", "a stroke of no length")
        pairs.append((first, last))
    return np.array(places).reshape(-1, 2), pairs, owners


def _ahead(places: Floats, stick: _Stick, begin: int, bond_px: float) -> int | None:
    """The atom at which the strokes of a hashed bond end; None where they are all that shows of it."""
    along = stick.end - stick.begin
    length = float(np.hypot(*along))
    unit = along / max(length, 1e-6)
    away = places - stick.begin
    ahead, aside = away @ unit, np.abs(_cross(unit, away))
    fits = (ahead > length - _MEET * bond_px) & (ahead < length + 0.4 * bond_px) & (aside < _MEET * bond_px)
    fits[begin] = False
    if fits.sum() > 1:
        raise ProofFailed("graph_unclear", f"a hashed bond ends at {fits.sum()} atoms")
    return int(fits.argmax()) if fits.any() else None


def _mark_ring(bonds: Sequence[DrawnBond], places: Floats, centre: Floats, radius: float) -> list[DrawnBond]:
    """The bonds around a circle are aromatic."""
    away = np.hypot(*(places - centre).T)
    around = set(np.flatnonzero(away < 1.06 * away.min()).tolist())
    inner = [bond for bond in bonds if bond.begin in around and bond.end in around]
    if len(inner) != len(around) or len(around) < 4 or radius > away.min():
        raise ProofFailed("graph_unclear", f"a circle within {len(around)} atoms and {len(inner)} bonds")
    if any(bond.kind not in ("single", "aromatic") for bond in inner):
        raise ProofFailed("graph_unclear", "a circle beside a double bond")
    return [DrawnBond(bond.begin, bond.end, "aromatic") if bond in inner else bond for bond in bonds]


def _check_room(places: Floats, bonds: Sequence[DrawnBond], owners: Sequence[int], bond_px: float) -> None:
    between = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    np.fill_diagonal(between, np.inf)
    if between.min(initial=np.inf) < _CROWD_ATOMS * bond_px:
        raise ProofFailed("drawing_crowded", f"two atoms {between.min() / bond_px:.2f} of a bond apart")
    if not bonds:
        return
    pairs = np.array([(bond.begin, bond.end) for bond in bonds])
    begins, along = places[pairs[:, 0]], places[pairs[:, 1]] - places[pairs[:, 0]]
    lengths = np.hypot(*along.T)
    if not (_SHORTEST * bond_px <= lengths.min() and lengths.max() <= _LONGEST * bond_px):
        raise ProofFailed(
            "drawing_crowded", f"bonds {lengths.min() / bond_px:.2f} to {lengths.max() / bond_px:.2f} long"
        )
    away = places[None] - begins[:, None]
    share = np.clip(np.einsum("ijk,ik->ij", away, along) / lengths[:, None] ** 2, 0, 1)
    aside = np.hypot(*(away - share[..., None] * along[:, None]).transpose(2, 0, 1))
    aside[np.arange(len(bonds))[:, None], pairs] = np.inf
    if aside.min() < _CROWD_BOND * bond_px:
        raise ProofFailed("drawing_crowded", f"an atom {aside.min() / bond_px:.2f} of a bond beside a bond")
    _check_crossings(pairs, begins, along, lengths)
    _check_straight(places, bonds, owners)


def _check_crossings(pairs: npt.NDArray[np.int64], begins: Floats, along: Floats, lengths: Floats) -> None:
    """Bonds may cross, as those of cages do, but not so flat that they run into each other."""
    turned = _cross(along[:, None], along[None])
    between = begins[None] - begins[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        first = _cross(between, along[None]) / turned
        second = _cross(between, along[:, None]) / turned
    crossing = (first > 0) & (first < 1) & (second > 0) & (second < 1)
    shared = (pairs[:, None, :, None] == pairs[None, :, None, :]).any(axis=(2, 3))
    crossing &= ~shared
    flat = np.abs(turned) / (lengths[:, None] * lengths[None]) < _CROSSING
    if (crossing & flat).any():
        raise ProofFailed("drawing_crowded", "two bonds cross at a flat angle")


def _check_straight(places: Floats, bonds: Sequence[DrawnBond], owners: Sequence[int]) -> None:
    """Raises ProofFailed where a carbon cannot be seen: in the middle of two like strokes in a row."""
    ways: dict[int, list[tuple[int, Any]]] = {}
    for bond in bonds:
        ways.setdefault(bond.begin, []).append((bond.end, bond.kind))
        ways.setdefault(bond.end, []).append((bond.begin, bond.kind))
    for atom, found in ways.items():
        if owners[atom] >= 0 or len(found) != 2 or found[0][1] != found[1][1]:
            continue
        one, other = (places[end] - places[atom] for end, _ in found)
        if one @ other < _STRAIGHT * np.hypot(*one) * np.hypot(*other):
            raise ProofFailed("atom_unseen", "a carbon in the middle of a straight line")

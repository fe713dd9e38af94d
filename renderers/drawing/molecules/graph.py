"""The molecular graph of a drawing, from positions alone: parallel lines are one bond, ends that meet are one atom.

Ambiguous drawings are refused: atoms that nearly touch, a bond that runs past an atom, a carbon in the middle of a
straight line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from renderers.core.renderer import ProofFailed
from renderers.drawing.molecules.marks import Floats, Label, Marks
from renderers.labels.smiles.drawn import BondKind, DrawnAtom, DrawnBond

# Distances and lengths are in bond lengths: the `bondLength` that the drawer was given.
_MAX_END_DISTANCE = 0.06
"""Maximum distance, in x and in y, of line ends that are one atom."""
_MIN_GAP, _MAX_GAP = 0.05, 0.42
"""Distance between parallel lines of one bond."""
_MIN_OVERLAP_FRAC = 0.55
"""Minimum part of the shorter of two lines of one bond that lies beside the other."""
_INNER_SHORTER_FRAC = 0.04
"""A line of a double bond that is shorter by more than this part of the other is the inner one, beside the axis."""
_MIN_ATOM_DISTANCE = 0.42
"""Between two atoms."""
_MIN_BOND_DISTANCE = 0.2
"""Between an atom and a bond that does not end at it."""
_MIN_BOND, _MAX_BOND = 0.55, 2.2
"""Length of a bond."""
_MAX_PARALLEL_SIN = float(np.sin(np.radians(2.5)))
"""Sine of the largest angle between lines that count as parallel."""
_MIN_CROSSING_SIN = float(np.sin(np.radians(28)))
"""Sine of the smallest angle at which bonds may cross."""
_MAX_STRAIGHT_COS = float(np.cos(np.radians(166)))
"""Cosine of the angle between two bonds from which on an unlabelled carbon between them cannot be seen."""

_KINDS: dict[int, BondKind] = {1: "single", 2: "double", 3: "triple"}


@dataclass(frozen=True, slots=True)
class Graph:
    """The molecular graph that a drawing shows.

    Attributes:
        atoms: N, with positions in bond lengths.
        bonds: M, between atoms by index.
        labels: for each atom the index of its label in `Marks.labels`, or -1 for none.
        strokes: for each bond the indices of its lines in `Marks.lines`; for a wedge or hash (-1 - index,), counted
            through `Marks.wedges`, then `Marks.hashes`.
        positions_px: (N, 2) x and y of the atoms, in px of the sheet.
    """

    atoms: tuple[DrawnAtom, ...]
    bonds: tuple[DrawnBond, ...]
    labels: tuple[int, ...]
    strokes: tuple[tuple[int, ...], ...]
    positions_px: Floats


@dataclass(frozen=True, slots=True)
class _BondAxis:
    """The centre line of a bond, before its ends are matched to atoms.

    Attributes:
        begin, end: (2,) x and y in px of the sheet; a wedge or hash begins at its thin end.
        strokes: as in `Graph.strokes`.
    """

    kind: BondKind
    begin: Floats
    end: Floats
    strokes: tuple[int, ...]


def read_graph(marks: Marks, bond_px: float) -> Graph:
    """Atoms and bonds.

    Args:
        marks: of one sheet.
        bond_px: bond length that the drawer was given, in px of the sheet.

    Raises:
        ProofFailed: the lines make no graph, or an ambiguous one.
    """
    axes = [*_group_lines(marks.lines, bond_px), *_stereo_axes(marks)]
    positions, ends, labels = _join_ends(axes, marks, bond_px)
    bonds = [DrawnBond(begin, end, axis.kind) for axis, (begin, end) in zip(axes, ends, strict=True)]
    if len({frozenset((bond.begin, bond.end)) for bond in bonds}) < len(bonds):
        raise ProofFailed("drawing_crowded", "two bonds between the same atoms")
    for x, y, radius in marks.rings:
        bonds = _mark_aromatic(bonds, positions, np.array([x, y]), radius)
    _check_crowding(positions, bonds, labels, bond_px)
    atoms = tuple(
        _atom(position / bond_px, marks.labels[label] if label >= 0 else None)
        for position, label in zip(positions, labels, strict=True)
    )
    return Graph(atoms, tuple(bonds), tuple(labels), tuple(axis.strokes for axis in axes), positions)


def _cross(one: Floats, other: Floats) -> Floats:
    product: Floats = one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
    return product


def _atom(position: Floats, label: Label | None) -> DrawnAtom:
    x, y = float(position[0]), float(position[1])
    if label is None:
        return DrawnAtom(x, y)
    return DrawnAtom(x, y, label.element, label.hydrogens, label.charge, label.isotope)


def _group_lines(lines: Floats, bond_px: float) -> list[_BondAxis]:
    """The axes of bonds of (N, 4) lines, of which parallel ones side by side are one bond."""
    if not len(lines):
        return []
    starts, vectors = lines[:, :2], lines[:, 2:] - lines[:, :2]
    lengths = np.hypot(*vectors.T)
    if lengths.min() < _MAX_END_DISTANCE * bond_px:
        raise ProofFailed("graph_unclear", "a stroke of no length")
    units = vectors / lengths[:, None]
    # [i, j] of each (N, N): line j as seen from line i, along and across it.
    sines = np.abs(_cross(units[:, None], units[None]))
    offsets = starts[None] - starts[:, None]
    gaps = np.abs(_cross(units[:, None], offsets))
    begins = np.einsum("ik,ijk->ij", units, offsets)
    stops = begins + np.einsum("ik,jk->ij", units, vectors)
    overlaps = np.minimum(np.maximum(begins, stops), lengths[:, None]) - np.maximum(np.minimum(begins, stops), 0)
    same_bond = (
        (sines < _MAX_PARALLEL_SIN)
        & (gaps > _MIN_GAP * bond_px)
        & (gaps < _MAX_GAP * bond_px)
        & (overlaps > _MIN_OVERLAP_FRAC * np.minimum(lengths[:, None], lengths[None]))
    )
    groups = list(range(len(lines)))
    for one, other in zip(*np.nonzero(np.triu(same_bond | same_bond.T, 1)), strict=True):
        first, second = groups[one], groups[other]
        if first != second:
            groups = [first if group == second else group for group in groups]
    members = ([line for line, other in enumerate(groups) if other == group] for group in sorted(set(groups)))
    return [_bond_axis(lines, lengths, indices) for indices in members]


def _bond_axis(lines: Floats, lengths: Floats, members: Sequence[int]) -> _BondAxis:
    """The axis of the bond that the lines of these indices are: with an inner line, the other; else the middle."""
    if len(members) not in _KINDS:
        raise ProofFailed("graph_unclear", f"{len(members)} strokes side by side")
    axis = lines[members[0]].reshape(2, 2)
    if len(members) == 2:
        short, long = sorted(members, key=lengths.__getitem__)
        axis = lines[long].reshape(2, 2)
        if lengths[short] > (1 - _INNER_SHORTER_FRAC) * lengths[long]:
            other = lines[short].reshape(2, 2)
            same_direction = (other[1] - other[0]) @ (axis[1] - axis[0]) > 0
            axis = (axis + (other if same_direction else other[::-1])) / 2
    elif len(members) == 3:
        middles = lines[list(members)].reshape(3, 2, 2).mean(axis=1)
        order = np.argsort(_cross((axis[1] - axis[0])[None], middles))
        axis = lines[members[int(order[1])]].reshape(2, 2)
    return _BondAxis(_KINDS[len(members)], axis[0], axis[1], tuple(members))


def _stereo_axes(marks: Marks) -> list[_BondAxis]:
    """The axes of wedges, then of hashes."""
    axes = []
    for at, (a, b, c, d) in enumerate(marks.wedges):
        thin, thick = (a + d) / 2, (b + c) / 2
        if np.hypot(*(a - d)) >= np.hypot(*(b - c)):
            raise ProofFailed("graph_unclear", "a wedge without a thin end")
        axes.append(_BondAxis("wedge", thin, thick, (-1 - at,)))
    for at, strokes in enumerate(marks.hashes, len(marks.wedges)):
        widths = np.hypot(strokes[:, 2] - strokes[:, 0], strokes[:, 3] - strokes[:, 1])
        order = np.argsort(widths, kind="stable")
        middles = (strokes[:, :2] + strokes[:, 2:]) / 2
        # The dashes get longer from the thin end on; the last one stands a little before the atom at the thick end.
        axes.append(_BondAxis("hash", middles[order[0]], middles[order[-1]], (-1 - at,)))
    return axes


def _join_ends(
    axes: Sequence[_BondAxis], marks: Marks, bond_px: float
) -> tuple[Floats, list[tuple[int, int]], list[int]]:
    """Matches the ends of M bonds, and labels, to atoms.

    Returns:
        (N, 2) positions of atoms in px; for each bond the indices of its two atoms; for each atom the index of its
        label or -1.
    """
    num_labels = len(marks.labels)
    ends = [end for axis in axes for end in (axis.begin, axis.end)]
    points = np.array([*(label.position for label in marks.labels), *ends], np.float64).reshape(-1, 2)
    # The dashes of a hashed bond end before its second atom.
    is_hash_end = np.zeros(len(points), bool)
    is_hash_end[num_labels + 1 :: 2] = [axis.kind == "hash" for axis in axes]
    near = np.abs(points[:, None] - points[None]).max(axis=2) <= _MAX_END_DISTANCE * bond_px
    near[:, is_hash_end] = False
    near[np.arange(len(points)), np.arange(len(points))] = True
    # Points that coincide are one atom, represented by the first of them; labels come before ends.
    representatives = near.argmax(axis=1)
    atom_points = sorted(set(representatives[~is_hash_end].tolist()))
    atoms = {point: atom for atom, point in enumerate(atom_points)}
    positions = [points[point] for point in atom_points]
    labels = [point if point < num_labels else -1 for point in atom_points]
    pairs = []
    for at, axis in enumerate(axes):
        begin, end = num_labels + 2 * at, num_labels + 2 * at + 1
        first = atoms[int(representatives[begin])]
        last = None if is_hash_end[end] else atoms[int(representatives[end])]
        if is_hash_end[end]:
            last = _find_hash_end(np.array(positions), axis, first, bond_px)
        if last is None:
            last = len(positions)
            positions.append(axis.end)
            labels.append(-1)
        if first == last:
            raise ProofFailed("graph_unclear", "a stroke of no length")
        pairs.append((first, last))
    return np.array(positions).reshape(-1, 2), pairs, labels


def _find_hash_end(positions: Floats, axis: _BondAxis, begin: int, bond_px: float) -> int | None:
    """The index of the atom just after the last dash of a hashed bond; None where no other bond or label is there."""
    vector = axis.end - axis.begin
    length = float(np.hypot(*vector))
    unit = vector / max(length, 1e-6)
    offsets = positions - axis.begin
    along, across = offsets @ unit, np.abs(_cross(unit, offsets))
    fits = (
        (along > length - _MAX_END_DISTANCE * bond_px)
        & (along < length + 0.4 * bond_px)
        & (across < _MAX_END_DISTANCE * bond_px)
    )
    fits[begin] = False
    if fits.sum() > 1:
        raise ProofFailed("graph_unclear", f"a hashed bond ends at {fits.sum()} atoms")
    return int(fits.argmax()) if fits.any() else None


def _mark_aromatic(bonds: Sequence[DrawnBond], positions: Floats, centre: Floats, radius: float) -> list[DrawnBond]:
    """The bonds, of which those around a circle of this centre and radius (px) are aromatic."""
    distances = np.hypot(*(positions - centre).T)
    ring = set(np.flatnonzero(distances < 1.06 * distances.min()).tolist())
    ring_bonds = [bond for bond in bonds if bond.begin in ring and bond.end in ring]
    if len(ring_bonds) != len(ring) or len(ring) < 4 or radius > distances.min():
        raise ProofFailed("graph_unclear", f"a circle within {len(ring)} atoms and {len(ring_bonds)} bonds")
    if any(bond.kind not in ("single", "aromatic") for bond in ring_bonds):
        raise ProofFailed("graph_unclear", "a circle beside a double bond")
    return [DrawnBond(bond.begin, bond.end, "aromatic") if bond in ring_bonds else bond for bond in bonds]


def _check_crowding(positions: Floats, bonds: Sequence[DrawnBond], labels: Sequence[int], bond_px: float) -> None:
    """Raises ProofFailed where atoms or bonds are too close to each other, or bonds too short or too long."""
    distances = np.hypot(*(positions[:, None] - positions[None]).transpose(2, 0, 1))
    np.fill_diagonal(distances, np.inf)
    if distances.min(initial=np.inf) < _MIN_ATOM_DISTANCE * bond_px:
        raise ProofFailed("drawing_crowded", f"two atoms {distances.min() / bond_px:.2f} of a bond apart")
    if not bonds:
        return
    pairs = np.array([(bond.begin, bond.end) for bond in bonds])
    begins, vectors = positions[pairs[:, 0]], positions[pairs[:, 1]] - positions[pairs[:, 0]]
    lengths = np.hypot(*vectors.T)
    if not (_MIN_BOND * bond_px <= lengths.min() and lengths.max() <= _MAX_BOND * bond_px):
        raise ProofFailed(
            "drawing_crowded", f"bonds {lengths.min() / bond_px:.2f} to {lengths.max() / bond_px:.2f} long"
        )
    # (bonds, atoms): the distance of each atom to the nearest point of each bond.
    offsets = positions[None] - begins[:, None]
    nearest = np.clip(np.einsum("ijk,ik->ij", offsets, vectors) / lengths[:, None] ** 2, 0, 1)
    distances = np.hypot(*(offsets - nearest[..., None] * vectors[:, None]).transpose(2, 0, 1))
    distances[np.arange(len(bonds))[:, None], pairs] = np.inf
    if distances.min() < _MIN_BOND_DISTANCE * bond_px:
        raise ProofFailed("drawing_crowded", f"an atom {distances.min() / bond_px:.2f} of a bond beside a bond")
    _check_crossings(pairs, begins, vectors, lengths)
    _check_straight(positions, bonds, labels)


def _check_crossings(pairs: npt.NDArray[np.int64], begins: Floats, vectors: Floats, lengths: Floats) -> None:
    """Raises ProofFailed where bonds cross at a small angle, as if they were one; bonds of cages do cross."""
    crosses = _cross(vectors[:, None], vectors[None])
    offsets = begins[None] - begins[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        first = _cross(offsets, vectors[None]) / crosses
        second = _cross(offsets, vectors[:, None]) / crosses
    crossing = (first > 0) & (first < 1) & (second > 0) & (second < 1)
    shared = (pairs[:, None, :, None] == pairs[None, :, None, :]).any(axis=(2, 3))
    crossing &= ~shared
    flat = np.abs(crosses) / (lengths[:, None] * lengths[None]) < _MIN_CROSSING_SIN
    if (crossing & flat).any():
        raise ProofFailed("drawing_crowded", "two bonds cross at a flat angle")


def _check_straight(positions: Floats, bonds: Sequence[DrawnBond], labels: Sequence[int]) -> None:
    """Raises ProofFailed where a carbon cannot be seen: without a label, between two bonds of one kind on a line."""
    neighbours: dict[int, list[tuple[int, Any]]] = {}
    for bond in bonds:
        neighbours.setdefault(bond.begin, []).append((bond.end, bond.kind))
        neighbours.setdefault(bond.end, []).append((bond.begin, bond.kind))
    for atom, beside in neighbours.items():
        if labels[atom] >= 0 or len(beside) != 2 or beside[0][1] != beside[1][1]:
            continue
        one, other = (positions[end] - positions[atom] for end, _ in beside)
        if one @ other < _MAX_STRAIGHT_COS * np.hypot(*one) * np.hypot(*other):
            raise ProofFailed("atom_unseen", "a carbon in the middle of a straight line")

"""Molecules put together from rings, links and groups, as text: pieces of SMILES with slots for others.

The grammar decides whether the result is a molecule; here each piece is put where its kind may be.
"""

import re
from dataclasses import dataclass
from functools import cache

import numpy as np

import templates
from renderers.core.choice import pick
from renderers.core.weighted import Weighted

_PARTS = re.compile(r"\(([*!])\)|(!)$|(@\?)|(~)|(\[[^\]]*\]|Br|Cl|[BCNOPSFIbcnops])|(%\d\d|\d)|(.)")
_CARBON = ("C", "c", "[C")
_NOT_CARBON = ("Cl",)

_ROOTS = 5
"""Tries for one that is not too large, and at which something can hang."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece, taken apart.

    Attributes:
        parts: (kind, text) in order: branch, end, chirality, bond_side, ring, text. The text of a slot (branch or end)
            says which piece may fill it: "*" any or none, "!" any one; with a "C", one that begins with carbon.
        num_atoms: without those of other pieces.
        carbon: whether it begins with carbon.
        num_needed: slots that must be filled.
        num_slots: all.
    """

    parts: tuple[tuple[str, str], ...]
    num_atoms: int
    carbon: bool
    num_needed: int
    num_slots: int


@cache
def take_apart(written: str) -> Piece:
    """Reads a piece of SMILES with slots."""
    parts: list[tuple[str, str]] = []
    before: list[str] = [""]
    num_atoms = 0
    for match in _PARTS.finditer(written):
        slot, last, hand, side, atom, ring, other = match.groups()
        if slot or last:
            hetero = not before[-1].startswith(_CARBON) or before[-1] in _NOT_CARBON
            parts.append(("branch" if slot else "end", (slot or last) + ("C" if hetero else "")))
        elif hand or side:
            parts.append(("chirality", "") if hand else ("bond_side", ""))
        elif atom:
            before[-1] = atom
            num_atoms += 1
            parts += [("chirality" if part == "@?" else "text", part) for part in re.split(r"(@\?)", atom) if part]
        elif ring:
            parts.append(("ring", ring))
        else:
            if other == "(":
                before.append(before[-1])
            elif other == ")":
                before.pop()
            parts.append(("text", other))
    first = next(text for kind, text in parts if kind == "text" and text not in ("/", "\\"))
    needed = sum(kind in ("branch", "end") and text[0] == "!" for kind, text in parts)
    num_slots = sum(kind in ("branch", "end") for kind, _ in parts)
    return Piece(tuple(parts), num_atoms, first.startswith(_CARBON) and first not in _NOT_CARBON, needed, num_slots)


class Assembly:
    """One molecule in the making.

    Args:
        rng: where all choices come from.
        rings_frac: share of rings among the pieces that fill slots, 0..1.
        isotope_frac: share of groups with an isotope, 0..1.
    """

    def __init__(self, rng: np.random.Generator, rings_frac: float, isotope_frac: float) -> None:
        # One call for many numbers: a call for each would take longer than all else.
        self._shares = iter(rng.random(600).tolist())
        self._rings_frac = rings_frac
        self._isotope_frac = isotope_frac
        self._next_ring = 10
        self._left = 0
        self.forced = ""

    def make(self, num_atoms: int, with_ring: bool) -> str:
        """A SMILES of about that many atoms.

        Raises:
            StopIteration: too many choices were needed.
        """
        self._left = num_atoms
        for _ in range(_ROOTS):
            root = take_apart(_choose("rings" if with_ring else "roots", self._share(), self._share()))
            if root.num_atoms <= num_atoms and (root.num_slots or root.num_atoms > 0.7 * num_atoms):
                break
        # What is written for an atom at which something hangs lacks a bond where nothing does.
        first = root.parts[0][1]
        return ("O" if first.startswith("[C") else "C" if first[0] == "n" else "") + self._write(root)

    def _share(self) -> float:
        share: float = next(self._shares)
        return share

    def _write(self, piece: Piece) -> str:
        self._left -= piece.num_atoms
        rings: dict[str, str] = {}
        pieces = []
        for kind, text in piece.parts:
            if kind == "text":
                pieces.append(text)
            elif kind == "chirality":
                pieces.append("@" if self._share() < 0.5 else "@@")
            elif kind == "bond_side":
                pieces.append("/" if self._share() < 0.5 else "\\")
            elif kind == "ring":
                if text not in rings:
                    rings[text] = f"%{self._next_ring}"
                    self._next_ring += 1
                pieces.append(rings[text])
            else:
                # Of double bonds in a row, drawers lose the sides.
                hung = self._hang(text, sided=bool(pieces) and pieces[-1] in ("/", "\\"))
                pieces.append(f"({hung})" if hung and kind == "branch" else hung)
        return "".join(pieces)

    def _hang(self, slot: str, sided: bool) -> str:
        must, carbon_only = slot[0] == "!", slot.endswith("C")
        if not must and (self._left <= 0 or self._share() > 0.55 + 0.05 * self._left):
            return ""
        if self.forced and not carbon_only:
            forced, self.forced = self.forced, ""
            return self._write(take_apart(forced))
        for _ in range(12):
            piece = take_apart(self._kind())
            small = piece.num_atoms + 4 * piece.num_needed <= max(self._left, 1)
            if sided and piece.parts[0][1] == "/":
                continue
            if (piece.carbon or not carbon_only) and (
                small or (must and piece.num_atoms <= 3 and not piece.num_needed)
            ):
                return self._write(piece)
        return self._write(take_apart("C")) if must else ""

    def _kind(self) -> str:
        share = self._share()
        if self._left > 5 and share < self._rings_frac:
            return _choose("rings", self._share(), self._share())
        if self._left > 4 and share < self._rings_frac + 0.75 * (1 - self._rings_frac):
            return _choose("links", self._share(), self._share())
        return _choose("isotopes" if self._share() < self._isotope_frac else "groups", self._share(), self._share())


@cache
def _rows(kind: str) -> Weighted[tuple[str, ...]]:
    rows = templates.menu("molecules", "pieces.toml")[kind]
    return Weighted((row["weight"], tuple(row["pieces"])) for row in rows)


def _choose(kind: str, share: float, other: float) -> str:
    pieces = _rows(kind).at(share)
    return pick(pieces, other)

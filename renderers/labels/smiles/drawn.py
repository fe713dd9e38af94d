"""A molecule as it is drawn, atoms at positions with bonds between them, read as a chemist reads it: into a SMILES.

Nothing but what is drawn is known here: an end of lines without letters is carbon, the thin end of a wedge is the
centre, the sides of a double bond are where its neighbours stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rdkit import Chem, rdBase
from rdkit.Geometry import Point3D

from renderers.core.errors import LabelError
from renderers.labels.smiles import grammar as smiles

BondKind = Literal["single", "double", "triple", "aromatic", "wedge", "hash"]

_TYPES = {
    "single": Chem.BondType.SINGLE,
    "double": Chem.BondType.DOUBLE,
    "triple": Chem.BondType.TRIPLE,
    "aromatic": Chem.BondType.AROMATIC,
    "wedge": Chem.BondType.SINGLE,
    "hash": Chem.BondType.SINGLE,
}
_DIRECTIONS = {"wedge": Chem.BondDir.BEGINWEDGE, "hash": Chem.BondDir.BEGINDASH}


@dataclass(frozen=True, slots=True)
class DrawnAtom:
    """An atom on paper.

    Attributes:
        x, y: its position, y down, in lengths of a bond.
        element: "" where there are no letters: carbon, with as many hydrogens as it lacks bonds.
        hydrogens: of its letters.
        charge: of its letters.
        isotope: of its letters; 0 for none.
    """

    x: float
    y: float
    element: str = ""
    hydrogens: int = 0
    charge: int = 0
    isotope: int = 0


@dataclass(frozen=True, slots=True)
class DrawnBond:
    """A bond on paper; that of a wedge begins at its thin end."""

    begin: int
    end: int
    kind: BondKind


@dataclass(frozen=True, slots=True)
class Reading:
    """What a drawing says.

    Attributes:
        smiles: canonical, isomeric.
        order: for each atom of the SMILES, in the order in which they are written, the index of the drawn atom.
    """

    smiles: str
    order: tuple[int, ...]


def read(atoms: Sequence[DrawnAtom], bonds: Sequence[DrawnBond]) -> Reading:
    """The molecule that a drawing shows.

    Raises:
        LabelError: it shows none that can be.
    """
    with rdBase.BlockLogs():
        try:
            molecule = _build(atoms, bonds)
            Chem.SanitizeMol(molecule)
            Chem.AssignChiralTypesFromBondDirs(molecule)
            # A wedge at a double bond would be taken for one of its sides.
            for bond in molecule.GetBonds():
                bond.SetBondDir(Chem.BondDir.NONE)
            Chem.DetectBondStereochemistry(molecule)
            Chem.AssignStereochemistry(molecule, cleanIt=True, force=True)
            molecule = Chem.RemoveHs(molecule)
        except (Chem.MolSanitizeException, RuntimeError, ValueError) as error:
            raise LabelError(f"the drawing is of no molecule: {error}") from error
        written = smiles.canonical(Chem.MolToSmiles(molecule))
        order = molecule.GetSubstructMatch(smiles.parse(written), useChirality=True)
    if len(order) != molecule.GetNumAtoms():
        raise LabelError(f"{written!r} is not what was read")
    return Reading(written, tuple(molecule.GetAtomWithIdx(at).GetIntProp("drawn") for at in order))


def _build(atoms: Sequence[DrawnAtom], bonds: Sequence[DrawnBond]) -> Chem.RWMol:
    molecule = Chem.RWMol()
    aromatic = {end for bond in bonds if bond.kind == "aromatic" for end in (bond.begin, bond.end)}
    conformer = Chem.Conformer(len(atoms))
    conformer.Set3D(False)
    for index, drawn in enumerate(atoms):
        atom = Chem.Atom(drawn.element or "C")
        atom.SetFormalCharge(drawn.charge)
        atom.SetIsotope(drawn.isotope)
        atom.SetIsAromatic(index in aromatic)
        if drawn.element:
            atom.SetNumExplicitHs(drawn.hydrogens)
            atom.SetNoImplicit(True)
        atom.SetIntProp("drawn", index)
        molecule.AddAtom(atom)
        conformer.SetAtomPosition(index, Point3D(drawn.x, -drawn.y, 0.0))
    for bond in bonds:
        molecule.AddBond(bond.begin, bond.end, _TYPES[bond.kind])
        added = molecule.GetBondBetweenAtoms(bond.begin, bond.end)
        added.SetIsAromatic(bond.kind == "aromatic")
        if bond.kind in _DIRECTIONS:
            added.SetBondDir(_DIRECTIONS[bond.kind])
    molecule.AddConformer(conformer)
    return molecule

"""The same molecule, written in other ways: a drawer lays atoms out in the order in which it reads them."""

import rdkit
from rdkit import Chem, rdBase

from renderers.labels.smiles import grammar as smiles


def rewrite(written: str, first: int, aromatic: bool) -> str:
    """A SMILES of the same molecule.

    Args:
        written: a SMILES.
        first: the atom that is written first, its part of a salt before the others, by its index in `written`.
        aromatic: whether aromatic rings are written with small letters, else with double bonds.

    Raises:
        LabelError: it is no molecule.
    """
    molecule = smiles.parse(written)
    with rdBase.BlockLogs():
        if not aromatic:
            Chem.Kekulize(molecule, clearAromaticFlags=True)
        several = "." in written
        pieces = []
        for piece, indices in zip(
            Chem.GetMolFrags(molecule, asMols=True, sanitizeFrags=False), Chem.GetMolFrags(molecule), strict=True
        ):
            start = indices.index(first) if first in indices else 0
            # The drawer takes the dot for a bond, and those beside it for one hydrogen less, so they are written.
            text = Chem.MolToSmiles(
                piece, canonical=False, rootedAtAtom=start, kekuleSmiles=not aromatic, allHsExplicit=several
            )
            pieces.append((first not in indices, text))
    return ".".join(text for _, text in sorted(pieces, key=lambda piece: piece[0]))


def facts(written: str) -> "Facts":
    """What a drawer must know of a molecule before it draws it.

    Raises:
        LabelError: it is no molecule.
    """
    return Facts(smiles.parse(written))


class Facts:
    """Of one molecule.

    Attributes:
        num_heavy: atoms that are no hydrogen.
        num_atoms: atoms that are written.
        aromatic: whether it has an aromatic ring.
        bridged: whether an atom is in three rings, or two rings share more than a bond.
        vague: whether a double bond could have hands and is written without.
        elements: symbols.
        charges: of its atoms.
        starts: atoms at which a drawer may begin; at those that have hands, or are in or beside a double bond that has,
            it loses them.
        hidden: whether a carbon that is no end has a charge or an isotope, which a drawing without letters would lose.
    """

    def __init__(self, molecule: Chem.Mol) -> None:
        atoms = list(molecule.GetAtoms())
        rings = [set(ring) for ring in molecule.GetRingInfo().AtomRings()]
        self.num_atoms = len(atoms)
        self.num_heavy = int(molecule.GetNumHeavyAtoms())
        self.aromatic = any(atom.GetIsAromatic() for atom in atoms)
        self.bridged = any(sum(atom.GetIdx() in ring for ring in rings) > 2 for atom in atoms) or any(
            len(one & other) > 2 for at, one in enumerate(rings) for other in rings[:at]
        )
        self.elements = frozenset(atom.GetSymbol() for atom in atoms)
        self.charges = frozenset(atom.GetFormalCharge() for atom in atoms)
        self.vague = False
        handed: set[int] = set()
        for found in Chem.FindPotentialStereo(molecule):
            if found.type == Chem.StereoType.Bond_Double:
                bond = molecule.GetBondWithIdx(found.centeredOn)
                for end in (bond.GetBeginAtom(), bond.GetEndAtom()):
                    handed |= {end.GetIdx(), *(beside.GetIdx() for beside in end.GetNeighbors())}
                self.vague |= found.specified == Chem.StereoSpecified.Unspecified
            elif found.type == Chem.StereoType.Atom_Tetrahedral:
                handed.add(found.centeredOn)
        self.starts = tuple(at for at in range(len(atoms)) if at not in handed) or tuple(range(len(atoms)))
        self.hidden = any(
            atom.GetSymbol() == "C" and (atom.GetFormalCharge() or atom.GetIsotope()) and atom.GetDegree() != 1
            for atom in atoms
        )


def version() -> str:
    """Of what reads and writes molecules."""
    return str(rdkit.__version__)

"""Whether two molecules are one, by their graphs: no string is canonical for all of them.

RDKit writes some symmetric molecules in one of several ways, by the order of their atoms. Here atoms and bonds are laid
on each other, with what each atom is, and then the hands of centres and of double bonds.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rdkit import Chem

_CLASS = "class"
_MAX_MATCHES = 5_000
"""Ways of laying the atoms of one molecule on those of the other that are tried: less than a second."""


class _TooMany(Exception):
    """There are more ways than are tried."""


def same_molecule(one: Chem.Mol, other: Chem.Mol) -> bool:
    """Whether elements, isotopes, charges, hydrogens, bonds and hands are the same; what is not decided is not."""
    if one.GetNumAtoms() != other.GetNumAtoms():
        return False
    classes = _classes((one, other))
    if _differ(classes):
        return False
    molecules = [Chem.Mol(molecule) for molecule in (one, other)]
    for molecule, of_atoms in zip(molecules, classes, strict=True):
        for atom, atom_class in zip(molecule.GetAtoms(), of_atoms, strict=True):
            atom.SetProp(_CLASS, str(atom_class))
    # A hand that only the larger side has is not asked for, so both ways.
    return _lies_on(*molecules) and _lies_on(*reversed(molecules))


def _lies_on(molecule: Chem.Mol, query: Chem.Mol) -> bool:
    num_matches = 0

    def count(_molecule: Chem.Mol, _indices: Sequence[int]) -> bool:
        nonlocal num_matches
        num_matches += 1
        if num_matches > _MAX_MATCHES:
            raise _TooMany
        return True

    options: Any = Chem.SubstructMatchParameters()
    options.useChirality = True
    options.uniquify = False
    options.maxMatches = 1
    options.atomProperties = [_CLASS]
    options.setExtraFinalCheck(count)
    try:
        return bool(molecule.GetSubstructMatches(query, options))
    except _TooMany:
        return False


def _classes(molecules: Sequence[Chem.Mol]) -> list[list[int]]:
    """For each atom a number, which only atoms with the same surroundings share, in both molecules.

    It does not go on where the molecules are seen to differ.
    """
    bonds = [
        [
            [(bond.GetOtherAtomIdx(atom.GetIdx()), str(bond.GetBondType())) for bond in atom.GetBonds()]
            for atom in molecule.GetAtoms()
        ]
        for molecule in molecules
    ]
    named: list[list[object]] = [
        [
            (
                *(atom.GetAtomicNum(), atom.GetIsotope(), atom.GetFormalCharge()),
                *(atom.GetTotalNumHs(), atom.GetNumRadicalElectrons(), atom.GetIsAromatic()),
            )
            for atom in molecule.GetAtoms()
        ]
        for molecule in molecules
    ]
    num_before = 0
    while True:
        numbers: dict[object, int] = {}
        classes = [[numbers.setdefault(name, len(numbers)) for name in names] for names in named]
        if len(numbers) == num_before or _differ(classes):
            return classes
        num_before = len(numbers)
        named = [
            [
                (own, *sorted((of_atoms[beside], kind) for beside, kind in around))
                for own, around in zip(of_atoms, bonds_of, strict=True)
            ]
            for of_atoms, bonds_of in zip(classes, bonds, strict=True)
        ]


def _differ(classes: Sequence[Sequence[int]]) -> bool:
    return Counter(classes[0]) != Counter(classes[1])

"""Molecules as Mathpix Markdown has them: `<smiles>CC(=O)O</smiles>`, the canonical isomeric SMILES of RDKit.

What distinguishes two molecules: atoms, bonds, charges, isotopes, hydrogens, the hands of centres and of double bonds.
The order of atoms and how aromatic rings are written do not; nor does a mark of a centre that is none. RDKit writes
some molecules in two ways, each the canonical form of the other: the first of the alphabet is the target.
"""

import re
from functools import lru_cache

from rdkit import Chem, rdBase

from renderers.core.errors import LabelError
from renderers.labels.canonical import Span, find_fault
from renderers.labels.smiles.same import same_molecule

OPEN, CLOSE = "<smiles>", "</smiles>"

_MAX_CHARS = 4000
_MAX_PASSES = 16

_FENCED = re.compile(r"```+ *smiles\s+(\S*)\s+```+")
_WRITTEN = re.compile(r"[A-Za-z0-9@+\-=#$:.%()\[\]/\\*~<>]+")
_ATOM = re.compile(r"\[[^\]]*\]|Br|Cl|[BCNOPSFI]|[bcnops]|\*")


def normalize(text: str) -> str:
    """The canonical target of a molecule, given with its tags, in a fence, or bare. Idempotent.

    Raises:
        LabelError: it is no SMILES, or of no molecule that can be.
    """
    return wrap(canonical(body(text)))


def check(text: str) -> str | None:
    """Why a text is not a canonical target, or None."""
    return find_fault(normalize, text, "tags, the order of atoms or the way that rings are written")


def equal(one: str, other: str) -> bool:
    """Whether two targets are of the same molecule.

    Raises:
        LabelError: one is no target.
    """
    first, second = body(one), body(other)
    return canonical(first) == canonical(second) or same_molecule(parse(first), parse(second))


def inked_spans(text: str) -> list[tuple[Span, str]]:
    """The spans of a canonical target that a picture must show, each with its text: its atoms."""
    return [
        ((found.start(), found.end()), found[0]) for found in _ATOM.finditer(text, len(OPEN), len(text) - len(CLOSE))
    ]


def wrap(written: str) -> str:
    """A SMILES with its tags."""
    return f"{OPEN}{written}{CLOSE}"


def body(text: str) -> str:
    """The SMILES of a target, without its tags or fence."""
    text = text.strip()
    if text.startswith(OPEN) and text.endswith(CLOSE):
        return text[len(OPEN) : -len(CLOSE)].strip()
    fenced = _FENCED.fullmatch(text)
    return fenced[1] if fenced else text


@lru_cache(maxsize=8192)
def canonical(written: str) -> str:
    """The canonical SMILES.

    Raises:
        LabelError: it is no SMILES, or of no molecule that can be.
    """
    if not written:
        raise LabelError("empty")
    if len(written) > _MAX_CHARS:
        raise LabelError(f"{len(written)} characters; a molecule has at most {_MAX_CHARS}")
    # The reader takes what comes after a blank for a name.
    if not _WRITTEN.fullmatch(written):
        raise LabelError(f"{written[:40]!r} has a character that no SMILES has")
    return settle(written)


def settle(written: str, isomeric: bool = True) -> str:
    """The canonical SMILES that is its own, or the first of those that are each other's.

    Args:
        written: a SMILES.
        isomeric: whether hands and isotopes are written.

    Raises:
        LabelError: it is no molecule, or written in another way each time.
    """
    # One writing may leave a mark that the next drops, since fewer centres are distinct then.
    seen = [written]
    for _ in range(_MAX_PASSES):
        written = str(Chem.MolToSmiles(parse(written), isomericSmiles=isomeric))
        if written in seen:
            return min(seen[seen.index(written) :])
        seen.append(written)
    raise LabelError(f"{written[:40]!r} is written in another way each time")


def without_hands(written: str) -> str:
    """The canonical SMILES of the same atoms and bonds, whatever the hands of centres and double bonds."""
    molecule = parse(written)
    Chem.RemoveStereochemistry(molecule)
    return str(Chem.MolToSmiles(molecule))


def parse(written: str) -> Chem.Mol:
    """The molecule of a SMILES, its atoms in the order in which they are written.

    Raises:
        LabelError: it is no SMILES, or of no molecule that can be.
    """
    with rdBase.BlockLogs():
        molecule = Chem.MolFromSmiles(written)
    if molecule is None or not molecule.GetNumAtoms():
        raise LabelError(f"{written[:40]!r} is no molecule")
    return molecule

"""Molecules: is it the same one, the same graph, a molecule at all, and how near by its fingerprint.

Quirks of the reference: `smiles_exact` does not see cis and trans, since their marks are taken out of both sides
(`smiles_isomeric`, of our own, does); R-groups [R1] become [1*], and bracketed words that are no atom become *; an
answer that is no molecule is compared as the text it is; a target that is empty never matches; `smiles_chiral` is that
of targets with an @ alone, and left out where there is none, where the reference prints -1. The fingerprint is RDKit's
of paths, not Morgan's; it is 0 where one side is no molecule.

Difference from the reference: RDKit writes some molecules in several ways, so that SMILES are written until they are
their own, and where they still differ molecules are compared as graphs.

`<smiles>` around an answer and a fence of Markdown are taken off. Source: MolScribe `evaluate.py`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from got_model.metrics.core.metric import Measure, Pair, Scores, Values, averaged
from renderers.core.errors import LabelError

_WRAPPED = re.compile(r"\s*(?:<smiles>|```\s*(?:smiles)?\s)?\s*(.*?)\s*(?:</smiles>|```)?\s*", re.DOTALL)
_BRACKETED = re.compile(r"\[([^\[\]]+)\]")
_R_GROUP = re.compile(r"R(\d+)")
_MAX_CHARS = 4000
"""Characters: an answer that runs on and on is no molecule, and RDKit takes minutes to say so of large cages."""


@dataclass(frozen=True)
class Molecules:
    """SMILES by RDKit."""

    name: ClassVar[str] = "molecules"
    formats: ClassVar[frozenset[str]] = frozenset({"smiles"})
    measures: ClassVar[Mapping[str, Measure]] = {
        "smiles_exact": Measure("Exact match"),
        "smiles_isomeric": Measure("Exact match with cis and trans"),
        "smiles_graph": Measure("Graph match"),
        "smiles_chiral": Measure("Exact match of chiral molecules"),
        "smiles_tanimoto": Measure("Tanimoto similarity"),
        "smiles_valid": Measure("Valid molecules"),
    }

    def score(self, pairs: Sequence[Pair]) -> Scores:
        """Means over the molecules."""
        from rdkit import rdBase

        with rdBase.BlockLogs():
            return averaged([_values(bare(pair.target), bare(pair.answer)) for pair in pairs])


def bare(text: str) -> str:
    """SMILES without what stands around it."""
    found = _WRAPPED.fullmatch(text)
    return found[1] if found else text.strip()


def _values(target: str, answer: str) -> Values:
    exact = same(target, answer)
    values = {
        "smiles_exact": exact,
        "smiles_isomeric": same(target, answer, cis_trans=True),
        "smiles_graph": same(target, answer, chiral=False),
        "smiles_tanimoto": tanimoto(target, answer),
        "smiles_valid": float(_molecule(_plain_groups(answer)) is not None),
    }
    return values | ({"smiles_chiral": exact} if "@" in target else {})


def same(target: str, answer: str, chiral: bool = True, cis_trans: bool = False) -> float:
    """1 where both are one molecule, else 0."""
    if not target:
        return 0.0
    if canonical(target, chiral, cis_trans) == canonical(answer, chiral, cis_trans):
        return 1.0
    one, other = (_molecule(_read(text, cis_trans)) for text in (target, answer))
    if one is None or other is None:
        return 0.0
    from rdkit import Chem

    from renderers.labels.smiles.same import same_molecule

    for molecule in () if chiral else (one, other):
        Chem.RemoveStereochemistry(molecule)
        for atom in molecule.GetAtoms():
            atom.SetIsotope(0)
    return float(same_molecule(one, other))


def _read(smiles: str, cis_trans: bool) -> str:
    return _plain_groups(smiles if cis_trans else smiles.replace("/", "").replace("\\", ""))


def canonical(smiles: str, chiral: bool = True, cis_trans: bool = False) -> str:
    """RDKit's own SMILES of a molecule, or the text as it is where it is none."""
    from renderers.labels.smiles import grammar

    smiles = _read(smiles, cis_trans)
    try:
        return smiles if _molecule(smiles) is None else grammar.settle(smiles, isomeric=chiral)
    except LabelError:
        return smiles


def _plain_groups(smiles: str) -> str:
    def replaced(found: re.Match[str]) -> str:
        group = _R_GROUP.fullmatch(found[1])
        if group:
            return f"[{group[1]}*]"
        return found[0] if _molecule(found[0]) is not None else "*"

    return _BRACKETED.sub(replaced, smiles) if len(smiles) <= _MAX_CHARS else smiles


def _molecule(smiles: str) -> Any | None:
    from rdkit import Chem

    if not smiles or len(smiles) > _MAX_CHARS:
        return None
    try:
        return Chem.MolFromSmiles(smiles)
    except UnicodeEncodeError:
        # Half a surrogate pair.
        return None


def tanimoto(target: str, answer: str) -> float:
    """Tanimoto similarity, 0..1, of RDKit's path fingerprints; 0 where one is no molecule."""
    from rdkit import Chem, DataStructs

    molecules = [_molecule(smiles) for smiles in (target, answer)]
    if None in molecules:
        return 0.0
    one, other = (Chem.RDKFingerprint(molecule) for molecule in molecules)
    return float(DataStructs.TanimotoSimilarity(one, other))


METRIC = Molecules

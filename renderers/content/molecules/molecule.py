"""Random molecules: put together from pieces, or taken from a corpus of SMILES; with salts and isotopes.

A molecule that a drawing could not show in full is not drawn: a double bond whose configuration is not written (a
drawing always shows one), a charge or an isotope of a carbon that no letter stands for.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

import templates
from renderers.content.molecules.corpus import MoleculeCorpus
from renderers.content.molecules.pieces import Assembly
from renderers.core.choice import draw_one, pick
from renderers.core.errors import ConfigError, LabelError
from renderers.core.weighted import check_frac
from renderers.labels.smiles import grammar as smiles
from renderers.labels.smiles import written as smiles_written
from renderers.labels.smiles.written import Facts

_TRIES = 30
_MAX_CHARGE = 2
"""Largest charge of an atom that drawing programs write."""

_MIN_OF_WANTED = 0.55
"""Rings at which nothing was hung are few, and would be drawn again and again."""

_TINY_FRAC = 0.05

_FALLBACK = "CC(=O)Nc1ccc(O)cc1"
"""Stands in where no try gave a molecule; that has not been seen."""


@dataclass(frozen=True, slots=True)
class MoleculeKnobs:
    """What molecules are like.

    Attributes:
        num_heavy: least and most atoms besides hydrogen.
        rings_frac: share of rings among pieces, 0..1.
        chain_frac: share of molecules that do not begin with a ring, 0..1.
        salt_frac: share of molecules with a counter-ion or solvent beside them, 0..1.
        isotope_frac: share of groups with an isotope, 0..1.
        corpus_frac: share of molecules that are taken from a corpus, where there is one, 0..1.
    """

    num_heavy: tuple[int, int] = (3, 60)
    rings_frac: float = 0.3
    chain_frac: float = 0.2
    salt_frac: float = 0.06
    isotope_frac: float = 0.012
    corpus_frac: float = 0.7

    def __post_init__(self) -> None:
        """Raises ConfigError for knobs that leave nothing to draw."""
        min_heavy, max_heavy = self.num_heavy
        if not 1 <= min_heavy <= max_heavy <= 120:
            raise ConfigError(f"num_heavy is {self.num_heavy}; least and most atoms, from 1 to 120")
        for name in ("rings_frac", "chain_frac", "salt_frac", "isotope_frac", "corpus_frac"):
            check_frac(name, getattr(self, name))


@dataclass(frozen=True, slots=True)
class _Salt:
    """Counter-ions and solvents.

    Attributes:
        beside: their SMILES.
        group: the charged group that the molecule must have; "" for any molecule.
    """

    beside: tuple[str, ...]
    group: str


def draw_molecule(
    rng: np.random.Generator, knobs: MoleculeKnobs, corpus: MoleculeCorpus | None = None
) -> tuple[str, Facts]:
    """A canonical SMILES and what is to be known of it.

    Args:
        rng: where all choices come from.
        knobs: what molecules are like.
        corpus: where a share of them is taken from, if it holds any.
    """
    if corpus is not None and corpus.smiles and rng.random() < knobs.corpus_frac:
        written = draw_one(rng, corpus.smiles)
        return written, smiles_written.facts(written)
    for _ in range(_TRIES):
        try:
            made, wanted = _assemble(rng, knobs)
            written = smiles.canonical(made)
            known = smiles_written.facts(written)
        except (LabelError, StopIteration):
            continue
        min_heavy, max_heavy = knobs.num_heavy
        large = max(min_heavy, _MIN_OF_WANTED * wanted)
        if large <= known.num_heavy <= max_heavy and undrawable(known) is None:
            return written, known
    return _FALLBACK, smiles_written.facts(_FALLBACK)


def undrawable(known: Facts) -> str | None:
    """Why no drawing could show a molecule in full, or None."""
    if known.vague:
        return "sides_unsaid"
    if known.hidden:
        return "carbon_hidden"
    if any(abs(charge) > _MAX_CHARGE for charge in known.charges):
        return "charge_large"
    return None


def _assemble(rng: np.random.Generator, knobs: MoleculeKnobs) -> tuple[str, int]:
    """A SMILES, and how many atoms were wanted."""
    min_heavy, max_heavy = knobs.num_heavy
    size, tiny, chain, salted, which, beside = rng.random(6).tolist()
    # Few are very large; and few very small, of which there are not many.
    num_atoms = min_heavy + round(
        (max_heavy - min_heavy) * (0.12 * size if tiny < _TINY_FRAC else 0.12 + 0.88 * size**1.3)
    )
    assembly = Assembly(rng, knobs.rings_frac, knobs.isotope_frac)
    counter = ""
    if salted < knobs.salt_frac:
        row = pick(_salts(), which)
        assembly.forced = row.group
        counter = "." + pick(row.beside, beside)
    made = assembly.make(num_atoms, with_ring=chain >= knobs.chain_frac)
    # A counter-ion alone would be a molecule with a charge that nothing answers.
    return made + (counter if not assembly.forced else ""), num_atoms


@cache
def _salts() -> tuple[_Salt, ...]:
    rows = templates.menu("molecules", "pieces.toml")["salts"]
    return tuple(_Salt(tuple(row["beside"]), row["group"]) for row in rows)

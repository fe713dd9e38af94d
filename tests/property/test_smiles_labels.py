"""SMILES targets: one string for a molecule, whatever the order of its atoms; and what is drawn is read as it is."""

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem

from renderers.content.molecules.molecule import MoleculeKnobs, draw_molecule
from renderers.core.errors import ConfigError, LabelError
from renderers.labels.smiles import grammar as smiles
from renderers.labels.smiles.drawn import DrawnAtom, DrawnBond, read
from renderers.labels.smiles.same import same_molecule
from renderers.labels.smiles.written import facts, rewrite

seeds = st.integers(0, 2**32 - 1)


def drawn(seed: int) -> str:
    return draw_molecule(np.random.default_rng(seed), MoleculeKnobs())[0]


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_every_writing_of_a_molecule_has_one_canonical_form(seed: int) -> None:
    written = drawn(seed)
    target = smiles.wrap(written)
    assert smiles.check(target) is None
    for first in range(0, facts(written).num_atoms, 3):
        for aromatic in (False, True):
            other = rewrite(written, first, aromatic)
            assert smiles.canonical(other) == written
            assert smiles.equal(smiles.wrap(other), target)
            assert not aromatic or "." in written or smiles.parse(other).GetNumAtoms() == facts(written).num_atoms


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_molecules_are_as_the_knobs_say_and_can_be_drawn_in_full(seed: int) -> None:
    knobs = MoleculeKnobs(num_heavy=(5, 24), salt_frac=0.3, isotope_frac=0.2)
    written, known = draw_molecule(np.random.default_rng(seed), knobs)
    assert 5 <= known.num_heavy <= 24
    assert not known.vague
    assert not known.hidden
    assert vars(facts(written)) == vars(known)
    assert all(abs(charge) <= 2 for charge in known.charges)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_told_or_is_a_molecule(text: str) -> None:
    try:
        assert smiles.check(smiles.normalize(text)) is None
    except LabelError:
        assert smiles.check(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("OCC", "C(O)C", True),
        ("c1ccccc1O", "OC1=CC=CC=C1", True),
        ("<smiles> OCC </smiles>", "```smiles\nCCO\n```", True),
        ("C[C@H](N)O", "C[C@@H](N)O", False),
        ("C/C=C/C", "C/C=C\\C", False),
        ("CC(C)C", "C[C@H](C)C", True),
        ("CC[13CH3]", "CCC", False),
        ("C[NH3+].[Cl-]", "[Cl-].C[NH3+]", True),
        ("CC[O-]", "CCO", False),
        ("[2H]C", "C", False),
    ],
)
def test_molecules_are_equal_by_what_a_chemist_tells_apart(one: str, other: str, same: bool) -> None:
    assert smiles.equal(one, other) is same


@pytest.mark.parametrize(
    "written",
    [
        "CC[C@H]1CC2(C[C@@H]([13N]=C)C2)C1",
        "C[N+](C)(C)[C@H]1[N@@]2CN3C[N@](C2)C[N@]1C3",
        "O=C([O-])[C@H]1[N@@]2C[N@@]3C[N@@](C2)C[N@]1C3",
        "c1cc([C@H]2[N@@]3CN4C[N@](C3)C[N@]2C4)ccn1",
        "[2H][C@H]1[C@@H]2CC3C[C@@H](C2)C[C@H]1C3",
    ],
)
def test_of_two_canonical_writings_one_is_the_target(written: str) -> None:
    target = smiles.normalize(written)
    assert smiles.check(target) is None
    again = str(Chem.MolToSmiles(smiles.parse(smiles.body(target))))
    assert again != smiles.body(target), "RDKit writes it in one way now"
    assert smiles.normalize(again) == target
    assert smiles.equal(again, target)


@settings(max_examples=60, deadline=None)
@given(seeds, st.randoms(use_true_random=False))
def test_a_molecule_is_the_same_in_any_order_of_its_atoms_and_no_other(seed: int, rng: Random) -> None:
    molecule = smiles.parse(drawn(seed))
    order = list(range(molecule.GetNumAtoms()))
    rng.shuffle(order)
    other = Chem.RenumberAtoms(molecule, order)
    assert same_molecule(molecule, other)
    heavier = Chem.Mol(other)
    heavier.GetAtomWithIdx(0).SetIsotope(heavier.GetAtomWithIdx(0).GetIsotope() + 31)
    assert not same_molecule(molecule, heavier)
    centres = [atom for atom in other.GetAtoms() if atom.GetChiralTag() != Chem.ChiralType.CHI_UNSPECIFIED]
    if centres:
        centres[0].SetChiralTag(Chem.ChiralType.CHI_UNSPECIFIED)
        assert not same_molecule(molecule, other)


@pytest.mark.parametrize(
    "text", ["CC name", "C1CC", "CC(", "C[N](C)(C)(C)(C)C", "[Xx]", "<smiles></smiles>", "C" * 5000, "CC\ud800"]
)
def test_what_is_no_molecule_is_told(text: str) -> None:
    with pytest.raises(LabelError):
        smiles.normalize(text)


def test_each_atom_of_a_target_has_a_span() -> None:
    target = "<smiles>C[C@H](Br)Oc1ccc([N+](=O)[O-])cc1.[Na+]</smiles>"
    assert [text for _, text in smiles.inked_spans(target)] == [
        "C", "[C@H]", "Br", "O", "c", "c", "c", "c", "[N+]", "O", "[O-]", "c", "c", "[Na+]",
    ]  # fmt: skip
    assert all(target[slice(*span)] == text for span, text in smiles.inked_spans(target))


def star(kinds: tuple[str, ...], turn: float = 0.0) -> tuple[list[DrawnAtom], list[DrawnBond]]:
    """Bromine, chlorine and fluorine around a carbon, clockwise from the right."""
    places = [(math.cos(turn + at * math.tau / 3), math.sin(turn + at * math.tau / 3)) for at in range(3)]
    atoms = [DrawnAtom(0, 0), *(DrawnAtom(x, y, sign) for (x, y), sign in zip(places, ("Br", "Cl", "F"), strict=True))]
    return atoms, [DrawnBond(0, at, kind) for at, kind in enumerate(kinds, 1)]  # type: ignore[arg-type]


@given(st.floats(0, 6))
def test_a_wedge_and_a_hash_are_hands_and_a_plain_stroke_is_none(turn: float) -> None:
    # With bromine to the reader, hydrogen is behind: Br, Cl, F run clockwise, which is R, @ in this order of writing.
    towards = read(*star(("wedge", "single", "single"), turn)).smiles
    away = read(*star(("hash", "single", "single"), turn)).smiles
    assert towards == smiles.canonical("F[C@H](Cl)Br")
    assert away == smiles.canonical("F[C@@H](Cl)Br")
    assert read(*star(("single", "single", "single"), turn)).smiles == "FC(Cl)Br"


def test_sides_of_a_double_bond_are_where_its_neighbours_stand() -> None:
    bonds = [DrawnBond(0, 1, "single"), DrawnBond(1, 2, "double"), DrawnBond(2, 3, "single")]
    across = [DrawnAtom(-0.5, -0.87, "F"), DrawnAtom(0, 0), DrawnAtom(1, 0), DrawnAtom(1.5, 0.87, "F")]
    beside = [*across[:3], DrawnAtom(1.5, -0.87, "F")]
    assert read(across, bonds).smiles == "F/C=C/F"
    assert read(beside, bonds).smiles == "F/C=C\\F"
    reading = read(
        [DrawnAtom(0, 0, "O", 1), DrawnAtom(1, 0.5), DrawnAtom(2, 0)],
        [DrawnBond(0, 1, "single"), DrawnBond(1, 2, "single")],
    )
    assert (reading.smiles, reading.order) == ("CCO", (2, 1, 0))


def test_letters_say_hydrogens_charges_and_isotopes() -> None:
    atoms = [
        DrawnAtom(0, 0),
        DrawnAtom(1, 0.5, "N", 3, 1),
        DrawnAtom(3, 0, "Cl", 0, -1),
        DrawnAtom(-1, 0.5, "H", 0, 0, 2),
    ]
    assert read(atoms, [DrawnBond(0, 1, "single"), DrawnBond(0, 3, "single")]).smiles == smiles.canonical(
        "[2H]C[NH3+].[Cl-]"
    )
    with pytest.raises(LabelError):
        read(
            [DrawnAtom(0, 0, "F"), DrawnAtom(1, 0, "F"), DrawnAtom(0, 1, "F")],
            [DrawnBond(0, 1, "single"), DrawnBond(0, 2, "single")],
        )


@pytest.mark.parametrize(
    "knobs", [{"num_heavy": (9, 3)}, {"num_heavy": (0, 3)}, {"salt_frac": 2.0}, {"rings_frac": -1.0}]
)
def test_knobs_that_leave_nothing_to_draw_are_refused(knobs: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        MoleculeKnobs(**knobs)  # type: ignore[arg-type]

"""Molecules in the browser: read back from their ink, boxes against ink, proofs that fire, bytes that stay."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

import templates
from pipelines.corpora.molecules import build
from renderers.content import palettes
from renderers.core.corpora import Corpora
from renderers.core.errors import ConfigError, EngineStartError
from renderers.core.image import encode_png
from renderers.core.renderer import NO_SPAN, Outcome, Rejected, Rendered
from renderers.core.rng import rng_at
from renderers.drawing.molecules.style import Style
from renderers.engines.chromium import Chromium
from renderers.labels.smiles import grammar as smiles
from renderers.labels.smiles.written import facts
from renderers.mathpix_molecules import MathpixMolecules, MoleculeSpec
from tests.defects import Change, change_template, styled, swapped

NAME = MathpixMolecules.name
OPTIONS = templates.menu(NAME)["drawings"][0]["options"]


@pytest.fixture(scope="module")
def engine() -> Iterator[Chromium]:
    with Chromium() as engine:
        yield engine


def spec(written: str, first: int | None = None, options: dict[str, Any] | None = None, **look: Any) -> MoleculeSpec:
    style = Style(
        options={**OPTIONS, **(options or {})},
        aromatic=False,
        family="Liberation Sans",
        bold=False,
        paper="#ffffff",
        colours={"C": "#000000"},
        cap="round",
        pad_px=(8.0, 8.0, 8.0, 8.0),
        scale=2.0,
    )
    written = smiles.canonical(written)
    starts = facts(written).starts
    firsts = tuple(dict.fromkeys((starts[0], starts[len(starts) // 2], starts[-1]))) if first is None else (first,)
    return MoleculeSpec(written, firsts, msgspec.structs.replace(style, **look))


def render(engine: Chromium, specs: Sequence[MoleculeSpec]) -> list[Outcome]:
    return MathpixMolecules().render(engine, specs)


def kept(engine: Chromium, written: str, **look: Any) -> Rendered:
    (outcome,) = render(engine, [spec(written, **look)])
    assert isinstance(outcome, Rendered), outcome
    assert outcome.markup == smiles.normalize(written)
    return outcome


def drawn(num: int, **knobs: Any) -> list[MoleculeSpec]:
    renderer = MathpixMolecules(**knobs)
    corpora = Corpora(renderer.corpora(), "train")
    return [renderer.draw(rng_at(4, NAME, index), corpora) for index in range(num)]


def ink_box(outcome: Rendered, box: Sequence[float]) -> tuple[float, float, float, float]:
    """The ink in and around a box."""
    x0, y0 = (max(0, int(edge) - 3) for edge in box[:2])
    patch = outcome.image[y0 : int(box[3]) + 4, x0 : int(box[2]) + 4] < 200
    xs, ys = np.flatnonzero(patch.any(axis=0)), np.flatnonzero(patch.any(axis=1))
    return (x0 + float(xs[0]), y0 + float(ys[0]), x0 + float(xs[-1]) + 1, y0 + float(ys[-1]) + 1)


def test_most_draws_are_kept_and_looks_differ(engine: Chromium) -> None:
    specs = drawn(120)
    outcomes = render(engine, specs)
    rejects = [outcome for outcome in outcomes if isinstance(outcome, Rejected)]
    assert len(rejects) <= 15, rejects
    assert not [
        one for one in rejects if one.reason in ("molecule_refused", "ink_differs", "ink_extra", "glyph_missing")
    ]
    for field in ("family", "bold", "paper", "cap", "pad_px", "scale", "aromatic", "options", "colours"):
        assert len({str(getattr(one.style, field)) for one in specs}) > 1, field


@pytest.mark.parametrize(
    "written",
    [
        "CCO", "CC(=O)Oc1ccccc1C(=O)O", "C#CC#N", "C[N+](C)(C)CC(=O)[O-]", "CCN.Cl", "[Na+].[O-]C(=O)c1ccccc1",
        "C[Si](C)(C)C#C", "O=P(O)(O)OC", "CS(=O)(=O)N", "FC(F)(F)C(Cl)Br", "Ic1ccc(S)cc1", "[18F]CCC", "OB(O)c1ccccc1",
        "c1ccc2c(c1)[nH]c1ccccc12", "Cn1cnc2c1c(=O)n(C)c(=O)n2C", "O=[N+]([O-])c1ccccc1", "C1CCC2(CC1)OCCO2",
        "OC[C@H]1O[C@@H](O)[C@H](O)[C@@H](O)[C@@H]1O", "C[C@]12CC[C@H]3[C@@H](CCC4=CC(=O)CC[C@]34C)[C@@H]1CCC2=O",
        "CC(C)Cc1ccc([C@@H](C)C(=O)O)cc1", "CC1=C(C(=O)O)N2C(=O)[C@@H](NC(=O)Cc3ccccc3)[C@H]2SC1", "O=C(O)/C=C\\C(=O)O",
        "O=C(/C=C/c1ccccc1)/N=N/C", "C=C=CC", "C[Se]C", "C/C=C/C=C/CO", "[NH4+].[Cl-]", "O", "[K+].[Br-]",
    ],
)  # fmt: skip
def test_molecules_of_every_kind_are_drawn_and_read_back(engine: Chromium, written: str) -> None:
    outcome = kept(engine, written)
    atoms = [region for region in outcome.regions if region.kind == "atom"]
    bonds = [region for region in outcome.regions if region.kind == "bond"]
    assert [region.text for region in atoms] == [text for _, text in smiles.inked_spans(outcome.markup)]
    assert all(region.span != NO_SPAN for region in atoms)
    assert len(bonds) >= smiles.parse(smiles.body(outcome.markup)).GetNumBonds()


def test_boxes_stand_where_the_letters_are(engine: Chromium) -> None:
    outcome = kept(engine, "OCCCl")
    boxes = {region.text: region.box for region in outcome.regions if region.text in ("O", "Cl")}
    assert set(boxes) == {"O", "Cl"}
    for text, box in boxes.items():
        assert np.abs(np.array(ink_box(outcome, box)) - box).max() <= 1.5, text
    carbons = [region.box for region in outcome.regions if region.kind == "atom" and region.text == "C"]
    lines = [region.box for region in outcome.regions if region.kind == "bond"]
    assert (len(carbons), len(lines)) == (2, 3)
    middle = next(line for line in lines if all(_overlap(line, box) for box in carbons))
    assert all(_overlap(middle, box) for box in carbons)


def _overlap(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_hands_are_inked_and_mirror_images_are_told_apart(engine: Chromium) -> None:
    left, right = (kept(engine, written, first=0) for written in ("C[C@H](Cl)Br", "C[C@@H](Cl)Br"))
    assert left.markup != right.markup
    assert not np.array_equal(left.image, right.image)
    flat = kept(engine, "CC(Cl)Br", first=0)
    assert not np.array_equal(left.image, flat.image)


def test_a_molecule_that_is_drawn_wrongly_is_drawn_in_another_order(engine: Chromium) -> None:
    # Begun within its double bond, the drawer loses the sides.
    written = smiles.canonical("OC/C=C\\CN")
    wrong = [
        at for at in range(facts(written).num_atoms)
        if isinstance(render(engine, [spec(written, first=at)])[0], Rejected)
    ]  # fmt: skip
    assert wrong
    assert not set(wrong) & set(facts(written).starts)
    one = msgspec.structs.replace(spec(written), firsts=(wrong[0], facts(written).starts[0]))
    (outcome,) = render(engine, [one])
    assert isinstance(outcome, Rendered)


def test_heavy_hydrogen_is_an_atom_with_letters(engine: Chromium) -> None:
    outcome = kept(engine, "[2H]C([2H])([2H])O", options={"explicitHydrogens": True})
    assert sum(region.text == "[2H]" for region in outcome.regions) == 3


def test_circles_and_letters_of_ends_are_read(engine: Chromium) -> None:
    circles = kept(
        engine, "Cc1ccc(O)nc1", options={"ringVisualization": "circle", "terminalCarbons": True}, aromatic=True
    )
    assert sum(region.text == ":" for region in circles.regions) == 6
    lines = kept(engine, "Cc1ccc(O)nc1")
    assert sum(region.text == "=" for region in lines.regions) == 3
    assert circles.markup == lines.markup


def test_colours_are_those_of_the_elements_and_can_be_read(engine: Chromium) -> None:
    colours = {"C": "#222222", "O": "#e74c3c", "N": "#3498db"}
    outcome = kept(engine, "NCCO", colours=colours, paper="#fbf7ec")
    shown = {tuple(pixel) for pixel in outcome.image.reshape(-1, 3).tolist()}
    assert {(0xE7, 0x4C, 0x3C), (0x34, 0x98, 0xDB), (0x22, 0x22, 0x22), (0xFB, 0xF7, 0xEC)} <= shown
    assert outcome.contrast == round(min(palettes.contrast(one, "#fbf7ec") for one in colours.values()), 2)


@pytest.mark.parametrize(
    ("reason", "one"),
    [
        pytest.param("atom_unseen", spec("C1CC2CCC1C2", 0), id="a carbon on a line"),
        pytest.param("label_reversed", spec("[125I]CCCC", 1), id="digits the other way round"),
        pytest.param("graph_differs", spec("CC[13CH2]CC", 0), id="an isotope without letters"),
        pytest.param("graph_differs", spec("C[C+](C)C", 0), id="a charge without letters"),
        pytest.param("stereo_differs", spec("C[S@](=O)CC"), id="a hand that the drawer cannot draw"),
    ],
)
def test_a_defect_is_told(engine: Chromium, reason: str, one: MoleculeSpec) -> None:
    (outcome,) = render(engine, [one])
    assert isinstance(outcome, Rejected)
    assert outcome.reason == reason, outcome


@pytest.mark.parametrize(
    ("file", "change", "reasons"),
    [
        pytest.param(
            "draw.js",
            swapped("<smiles>${smiles}</smiles>", "<smiles>${smiles}C</smiles>"),
            {"graph_differs"},
            id="an atom more",
        ),
        pytest.param(
            "draw.js",
            swapped("<smiles>${smiles}</smiles>", "<smiles>${smiles.replace('@', '@@').replace('@@@', '@')}</smiles>"),
            {"stereo_differs"},
            id="the mirror image",
        ),
        pytest.param(
            "draw.js",
            swapped("<smiles>${smiles}</smiles>", "<smiles>${smiles.replace('N', 'O')}</smiles>"),
            {"graph_differs"},
            id="another element",
        ),
        pytest.param(
            "draw.js",
            swapped("<smiles>${smiles}</smiles>", "<smiles>(((</smiles>"),
            {"molecule_refused"},
            id="no molecule",
        ),
        pytest.param(
            "molecules.js",
            swapped(
                "parent.append(text);\n",
                "parent.append(text); if (text.textContent[0] === 'O') text.textContent = 'OOH';\n",
            ),
            {"label_unread", "graph_differs"},
            id="other letters",
        ),
        pytest.param(
            "molecules.js",
            swapped("let at = 0; at < lines", "let at = 1; at < lines"),
            {"graph_differs"},
            id="a bond less",
        ),
        pytest.param(
            "page.html",
            styled("article::after { content: 'N'; position: absolute; top: 0 }"),
            {"glyph_missing", "font_fallback"},
            id="a stamp",
        ),
        pytest.param(
            "page.html",
            styled(".label { font-family: 'DejaVu Serif' !important }"),
            {"font_fallback"},
            id="another font",
        ),
        pytest.param(
            "page.html",
            styled(
                "article::after { content: ''; position: absolute; left: 0; top: 0; padding: 2px; background: red }"
            ),
            {"ink_differs", "ink_extra"},
            id="a spot",
        ),
        pytest.param(
            "page.html", styled("@media print { line { display: none } }"), {"ink_differs"}, id="no bonds in print"
        ),
        pytest.param(
            "page.html", styled("@media print { line { stroke: #ffffff } }"), {"ink_missing"}, id="white on white"
        ),
        pytest.param(
            "page.html", styled("@media print { text { fill: #ffffff } }"), {"ink_missing"}, id="white letters"
        ),
        pytest.param(
            "page.html", styled("@media print { .molecule { margin-left: 5px } }"), {"ink_differs"}, id="print differs"
        ),
        pytest.param("page.html", styled("text { clip-path: inset(0 0 6px 0) }"), {"text_cut"}, id="letters cut"),
    ],
)
def test_a_page_that_draws_something_else_is_told(
    file: str, change: Change, reasons: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    change_template(monkeypatch, file, change)
    with Chromium() as engine:
        (outcome,) = render(engine, [spec("C[C@H](N)C(=O)O", options={"explicitHydrogens": True})])
    assert isinstance(outcome, Rejected)
    assert outcome.reason in reasons, outcome


def test_what_stands_for_carbon_or_a_hand_is_no_letter_of_the_drawer(engine: Chromium) -> None:
    """The drawer writes R and S beside centres, tiny; they are left out."""
    outcome = kept(engine, "C[C@H](Cl)Br", first=0)
    atoms = [region.text for region in outcome.regions if region.kind == "atom"]
    assert sorted(atoms) == ["Br", "C", "Cl", smiles.inked_spans(outcome.markup)[1][1]]


def test_a_spec_gives_the_same_bytes_in_any_batch(engine: Chromium) -> None:
    specs = drawn(48)

    def rows(outcomes: Sequence[Outcome]) -> list[tuple[bytes, object]]:
        return [(encode_png(one.image), one.regions) for one in outcomes if isinstance(one, Rendered)]

    together = rows(render(engine, specs))
    assert len(together) >= 40
    assert rows(render(engine, specs[::-1]))[::-1] == together
    assert [row for at in range(0, 48, 12) for row in rows(render(engine, specs[at : at + 12]))] == together


def test_every_look_of_the_menu_can_be_read(engine: Chromium) -> None:
    menu = templates.menu(NAME)
    for row in menu["drawings"]:
        circle = row["options"].get("ringVisualization") == "circle"
        for family in sorted(set(menu["usual_families"])):
            kept(engine, "CC(=O)Nc1ccc(O)cc1", options=row["options"], family=family, aromatic=circle)
    for paper in menu["papers"]:
        for ink in paper["inks"]:
            assert palettes.contrast(ink, paper["paper"]) >= 7, (ink, paper["paper"])


@pytest.mark.parametrize("knobs", [{"num_heavy": (9, 3)}, {"salt_frac": 2.0}])
def test_knobs_that_leave_nothing_to_draw_are_refused(knobs: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        MathpixMolecules(**knobs)


def test_a_missing_reader_is_told_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "installed", lambda renderer, name: tmp_path / name)
    with pytest.raises(EngineStartError, match=r"make -C \S+ setup-mathjax"):
        MathpixMolecules().tools()


def test_molecules_of_a_corpus_are_drawn(engine: Chromium, tmp_path: Path) -> None:
    known = ["CC(C)Cc1ccc(C(C)C(=O)O)cc1", "CC(=O)Nc1ccc(O)cc1", "Cn1cnc2c1c(=O)n(C)c(=O)n2C", "CN1CCCC1c1cccnc1"]
    (tmp_path / "drugs.smi").write_text("\n".join(known), encoding="utf-8")
    corpus = build(tmp_path / "drugs.smi", tmp_path / "corpus.parquet", licence=None, rejects=None, max_rows=10).path
    specs = drawn(16, corpus=str(corpus), corpus_frac=1.0)
    assert {one.smiles for one in specs} == {smiles.canonical(written) for written in known}
    assert sum(isinstance(outcome, Rendered) for outcome in render(engine, specs)) >= 15
    with pytest.raises(ConfigError, match="corpus"):
        Corpora(MathpixMolecules(corpus=str(tmp_path / "nowhere.parquet")).corpora(), "train")

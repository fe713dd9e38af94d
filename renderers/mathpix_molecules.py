"""Molecules, drawn in the browser by mathpix-markdown-it from the `<smiles>` elements of Mathpix Markdown.

Half of GOT's own pictures of molecules were made this way, and its users see its answers drawn by it.
Source: GOT paper, section 3.3.2.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import msgspec
import numpy as np

import templates
from renderers.content.fonts import families, refuse_missing
from renderers.content.molecules.corpus import MoleculeSource, molecule_file
from renderers.content.molecules.molecule import MoleculeKnobs, draw_molecule
from renderers.core.choice import pick
from renderers.core.corpora import Corpora, Sources
from renderers.core.renderer import Outcome, ProofFailed, Rejected
from renderers.drawing.molecules.proof import Drawing, prove, read_drawing
from renderers.drawing.molecules.style import NAME, Style, draw_style, sheet_of, without_explicit_hydrogens
from renderers.drawing.printed.mathpix_reader import reader_source, reader_version
from renderers.engines.chromium import Chromium, Page
from renderers.engines.pdf import open_pdf
from renderers.labels.smiles import written as smiles_written

_DEFAULTS = MoleculeKnobs()

_MAX_ATTEMPTS = 3
"""Atom orders that are tried until the drawing shows the molecule of the spec."""


class MoleculeSpec(msgspec.Struct, frozen=True, gc=False):
    """One picture: its molecule and its look.

    Attributes:
        smiles: canonical.
        firsts: 1 to 3 atom indices in `smiles`: the atom that the SMILES given to the browser begins with, at each
            attempt. The next one is tried where the drawing shows another molecule.
        style: the look.
    """

    smiles: str
    firsts: tuple[int, ...]
    style: Style


@dataclass(frozen=True)
class MathpixMolecules:
    """Molecules by mathpix-markdown-it.

    Attributes:
        num_heavy: minimum and maximum number of atoms besides hydrogen.
        rings_frac: share of rings among the pieces that hang on others, 0..1.
        chain_frac: share of molecules that do not begin with a ring, 0..1.
        salt_frac: share of molecules with a counter-ion or solvent beside them, 0..1.
        isotope_frac: share of groups with an isotope, 0..1.
        corpus: path of a file that molecules are taken from, made by `glyphmill corpus molecules`; "" for none.
        corpus_sha256: of that file; "" accepts whatever the file holds when a session opens it.
        corpus_frac: share of molecules that are taken from the corpus, where one is given, 0..1.
    """

    num_heavy: tuple[int, int] = _DEFAULTS.num_heavy
    rings_frac: float = _DEFAULTS.rings_frac
    chain_frac: float = _DEFAULTS.chain_frac
    salt_frac: float = _DEFAULTS.salt_frac
    isotope_frac: float = _DEFAULTS.isotope_frac
    corpus: str = ""
    corpus_sha256: str = ""
    corpus_frac: float = _DEFAULTS.corpus_frac

    name: ClassVar[str] = NAME
    engine: ClassVar[type[Chromium]] = Chromium
    spec: ClassVar[type[MoleculeSpec]] = MoleculeSpec
    format: ClassVar[str] = "smiles"
    templates: ClassVar[tuple[str, ...]] = (NAME, "molecules", "shared/fonts.toml", "shared/molecules.js")
    version: ClassVar[int] = 3
    batch: ClassVar[int] = 200

    def __post_init__(self) -> None:
        """Raises ConfigError for knobs that leave nothing to draw."""
        self._knobs  # noqa: B018

    @cached_property
    def _knobs(self) -> MoleculeKnobs:
        return MoleculeKnobs(
            num_heavy=self.num_heavy,
            rings_frac=self.rings_frac,
            chain_frac=self.chain_frac,
            salt_frac=self.salt_frac,
            isotope_frac=self.isotope_frac,
            corpus_frac=self.corpus_frac,
        )

    def tools(self) -> dict[str, str]:
        """mathpix-markdown-it and RDKit; fonts have no version, but must be installed."""
        refuse_missing(families("latin"))
        return reader_version() | {"rdkit": smiles_written.version()}

    def corpora(self) -> Sources:
        """The corpus of molecules, where one is given."""
        return () if self._source is None else (self._source,)

    @cached_property
    def _source(self) -> MoleculeSource | None:
        if not self.corpus:
            return None
        return MoleculeSource(
            molecule_file(self.corpus, self.corpus_sha256), self.num_heavy, is_alone=self.corpus_frac == 1
        )

    def draw(self, rng: np.random.Generator, corpora: Corpora) -> MoleculeSpec:
        """A molecule, the atoms that its drawing may begin with, and a look."""
        smiles, facts = draw_molecule(rng, self._knobs, None if self._source is None else corpora[self._source])
        style = draw_style(rng, sorted(facts.elements), facts.aromatic and not facts.bridged)
        firsts = tuple(dict.fromkeys(pick(facts.starts, share) for share in rng.random(_MAX_ATTEMPTS)))
        return MoleculeSpec(smiles, firsts, style)

    def content_key(self, spec: MoleculeSpec) -> str:
        """The canonical SMILES."""
        return spec.smiles

    def batch_key(self, spec: MoleculeSpec) -> str:
        """All share one."""
        return ""

    def render(self, engine: Chromium, specs: Sequence[MoleculeSpec]) -> list[Outcome]:
        """All molecules in one document, printed once; before, those drawn wrongly are drawn again in another order."""
        if not specs:
            return []
        page = engine.page(NAME, templates.text(NAME, "page.html"), _scripts)
        drawings = _draw_all(page, specs)
        outcomes: list[Outcome] = []
        with open_pdf(page.print_and_clear()) as pdf:
            for index, (spec, (drawing, reported)) in enumerate(zip(specs, drawings, strict=True)):
                if isinstance(drawing, Rejected) and "error" in reported:
                    outcomes.append(drawing)
                    continue
                size_px = (round(reported[side] * spec.style.scale) for side in ("width", "height"))
                with pdf.page(index, *size_px) as sheet:
                    outcomes.append(
                        replace(drawing, image=sheet.pixels())
                        if isinstance(drawing, Rejected)
                        else prove(drawing, spec.style, sheet)
                    )
        return outcomes


_Report = Mapping[str, Any]
"""What templates/mathpix_molecules/draw.js returns for one molecule."""


def _draw_all(page: Page, specs: Sequence[MoleculeSpec]) -> list[tuple[Drawing | Rejected, _Report]]:
    """Each molecule in the first atom order whose drawing shows it, or why its last attempt does not."""
    drawings: dict[int, tuple[Drawing | Rejected, _Report]] = {}
    remaining = list(range(len(specs)))
    for attempt in range(_MAX_ATTEMPTS):
        sheets = []
        for index in remaining:
            spec = specs[index]
            smiles = smiles_written.rewrite(spec.smiles, spec.firsts[attempt], spec.style.aromatic)
            style = spec.style if attempt == 0 else without_explicit_hydrogens(spec.style, spec.smiles)
            sheets.append(sheet_of(style, smiles, index))
        reports = json.loads(page.evaluate("(sheets) => window.drawAll(sheets)", json.dumps(sheets)))
        for index, reported in zip(remaining, reports, strict=True):
            drawings[index] = (_read(reported, specs[index]), reported)
        remaining = [
            index
            for index in remaining
            if isinstance(drawings[index][0], Rejected) and attempt + 1 < len(specs[index].firsts)
        ]
        if not remaining:
            break
    return [drawings[index] for index in range(len(specs))]


def _read(reported: _Report, spec: MoleculeSpec) -> Drawing | Rejected:
    try:
        return read_drawing(reported, spec.smiles, spec.style)
    except ProofFailed as failure:
        return Rejected(failure.reason, failure.detail)


def _scripts() -> tuple[str, ...]:
    """The sources of mathpix-markdown-it and of the scripts that use it.

    Raises:
        EngineStartError: mathpix-markdown-it is not installed.
    """
    return (
        reader_source(),
        templates.text("shared", "molecules.js"),
        templates.text(NAME, "draw.js"),
    )


RENDERER = MathpixMolecules

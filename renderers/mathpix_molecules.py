"""Molecules, drawn in the browser by the drawer of mathpix-markdown-it from `<smiles>` of Mathpix Markdown.

That is how half of GOT's own pictures of molecules came to be, and what its users see its answers in.
Source: GOT paper, section 3.3.2.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from renderers.drawing.molecules.style import NAME, Style, draw_style, plainer, sheet_of
from renderers.drawing.printed.mathpix_reader import reader_source, reader_version
from renderers.engines.chromium import Chromium, Page
from renderers.engines.pdf import open_pdf
from renderers.labels.smiles import written as smiles_written

_DEFAULTS = MoleculeKnobs()

_WRITINGS = 3
"""Orders of atoms that are tried until one is drawn as meant."""


class MoleculeSpec(msgspec.Struct, frozen=True, gc=False):
    """One picture: what it shows and how it looks.

    Attributes:
        smiles: canonical.
        firsts: with which atom the drawer begins; the later ones are for when it draws the molecule wrongly.
        style: the look.
    """

    smiles: str
    firsts: tuple[int, ...]
    style: Style


@dataclass(frozen=True)
class MathpixMolecules:
    """Molecules by mathpix-markdown-it.

    Attributes:
        num_heavy: least and most atoms besides hydrogen.
        rings_frac: share of rings among the pieces that hang on others.
        chain_frac: share of molecules that do not begin with a ring.
        salt_frac: share of molecules with something beside them.
        isotope_frac: share of groups with an isotope.
        corpus: a file that molecules are taken from, made by `glyphmill corpus molecules`.
        corpus_sha256: of that file; "" takes it as it is when a session opens it.
        corpus_frac: share of molecules that are taken from it, where it is given.
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
    version: ClassVar[int] = 2
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
        """The reader of Mathpix Markdown, and what molecules are read with; fonts have no number, but must be there."""
        refuse_missing(families("latin"))
        return reader_version() | {"rdkit": smiles_written.version()}

    def corpora(self) -> Sources:
        """Molecules that exist, where a corpus of them is given."""
        return () if self._known is None else (self._known,)

    @cached_property
    def _known(self) -> MoleculeSource | None:
        return MoleculeSource(molecule_file(self.corpus, self.corpus_sha256), self.num_heavy) if self.corpus else None

    def draw(self, rng: np.random.Generator, corpora: Corpora) -> MoleculeSpec:
        """A molecule, orders of its atoms, and a look."""
        written, known = draw_molecule(rng, self._knobs, None if self._known is None else corpora[self._known])
        style = draw_style(rng, sorted(known.elements), known.aromatic and not known.bridged)
        firsts = tuple(dict.fromkeys(pick(known.starts, share) for share in rng.random(_WRITINGS)))
        return MoleculeSpec(written, firsts, style)

    def content_key(self, spec: MoleculeSpec) -> str:
        """The molecule, however it is written and looks."""
        return spec.smiles

    def batch_key(self, spec: MoleculeSpec) -> str:
        """All share one."""
        return ""

    def render(self, engine: Chromium, specs: Sequence[MoleculeSpec]) -> list[Outcome]:
        """All molecules on one page, printed at once; before, those drawn wrongly are drawn in another order."""
        if not specs:
            return []
        page = engine.page(NAME, templates.text(NAME, "page.html"), _scripts)
        found = _draw_all(page, specs)
        outcomes: list[Outcome] = []
        with open_pdf(page.print_and_clear()) as pdf:
            for place, (spec, one) in enumerate(zip(specs, found, strict=True)):
                drawing, told = one
                size_px = (round(told[side] * spec.style.scale) for side in ("width", "height"))
                if isinstance(drawing, ProofFailed) and "error" in told:
                    outcomes.append(Rejected(drawing.reason, drawing.detail))
                    continue
                with pdf.page(place, *size_px) as sheet:
                    outcomes.append(
                        Rejected(drawing.reason, drawing.detail, sheet.pixels())
                        if isinstance(drawing, ProofFailed)
                        else prove(drawing, spec.style, sheet)
                    )
        return outcomes


_Told = Mapping[str, Any]


def _draw_all(page: Page, specs: Sequence[MoleculeSpec]) -> list[tuple[Drawing | ProofFailed, _Told]]:
    """Each molecule in the first order in which it is drawn as meant, or in the last."""
    found: dict[int, tuple[Drawing | ProofFailed, _Told]] = {}
    left = list(range(len(specs)))
    for attempt in range(_WRITINGS):
        sheets = []
        for place in left:
            spec = specs[place]
            written = smiles_written.rewrite(spec.smiles, spec.firsts[attempt], spec.style.aromatic)
            sheets.append(sheet_of(spec.style if attempt == 0 else plainer(spec.style, spec.smiles), written, place))
        told = json.loads(page.evaluate("(sheets) => window.drawAll(sheets)", json.dumps(sheets)))
        for place, one in zip(left, told, strict=True):
            found[place] = (_read(one, specs[place]), one)
        left = [
            place
            for place in left
            if isinstance(found[place][0], ProofFailed) and attempt + 1 < len(specs[place].firsts)
        ]
        if not left:
            break
    return [found[place] for place in range(len(specs))]


def _read(told: _Told, spec: MoleculeSpec) -> Drawing | ProofFailed:
    try:
        return read_drawing(told, spec.smiles, spec.style)
    except ProofFailed as failure:
        return failure


def _scripts() -> tuple[str, ...]:
    """The source of the reader and of the script that uses it.

    Raises:
        EngineStartError: the reader is not installed.
    """
    return (
        reader_source(),
        templates.text("shared", "molecules.js"),
        templates.text(NAME, "draw.js"),
    )


RENDERER = MathpixMolecules

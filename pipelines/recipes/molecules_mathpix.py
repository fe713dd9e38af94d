"""Molecules in the browser, with stereo centres, salts and isotopes, in the looks of GOT's own drawer.

Source: GOT paper, section 3.3.2 (1 M molecules, drawn by mathpix-markdown-it and RDKit, targets as SMILES).
"""

from pipelines.recipe import Part, Recipe
from renderers.mathpix_molecules import MathpixMolecules


def recipe() -> Recipe:
    """The recipe `molecules_mathpix`."""
    return Recipe("molecules_mathpix", (Part(MathpixMolecules()),))

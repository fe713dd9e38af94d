"""Molecules of a page: what is read of each drawing is the molecule of the target, and its print is as it was set."""

from collections.abc import Sequence
from math import ceil, floor

import msgspec
import numpy as np

from renderers.core.renderer import NO_SPAN, Pixels, Region
from renderers.drawing.molecules.proof import Drawing, least_contrast, prove_print, read_drawing
from renderers.drawing.molecules.style import Style
from renderers.drawing.pages.sheet import SetBlock, SetPage
from renderers.engines.pdf import Glyphs, Paths, PdfPage
from renderers.labels.smiles import grammar as smiles

_PT_PER_PX = 0.75
"""Of CSS."""


def prove_molecules(
    here: SetPage, style: Style, page: PdfPage, paths: Paths, picture: Pixels
) -> tuple[dict[int, tuple[Region, ...]], float]:
    """The atoms and bonds of each molecule, by the place of its block, and the least contrast of their colours.

    Args:
        here: the page as it was set.
        style: of its molecules.
        page: as printed.
        paths: of the print.
        picture: the same in pixels.

    Raises:
        ProofFailed: a drawing shows another molecule, or is printed otherwise.
    """
    molecules = [(place, block) for place, block in enumerate(here.blocks) if block.placed.block.kind == "molecule"]
    if not molecules:
        return {}, np.inf
    glyphs = page.glyphs()
    found: dict[int, tuple[Region, ...]] = {}
    contrasts: list[float] = []
    for place, block in molecules:
        drawing, corner, pixels = _cut_out(block, style, page, picture)
        x, y = corner
        frame = (x, y, x + pixels.shape[1], y + pixels.shape[0])
        regions = prove_print(
            drawing, style, pixels, _paths_in(paths, frame, style.bond_px * style.scale), _glyphs_in(glyphs, frame)
        )
        start = block.placed.span[0]
        found[place] = tuple(_moved(region, x, y, start) for region in regions)
        contrasts.append(least_contrast(drawing, style))
    return found, min(contrasts)


def _cut_out(block: SetBlock, style: Style, page: PdfPage, picture: Pixels) -> tuple[Drawing, tuple[int, int], Pixels]:
    """What is drawn, in px of the part of the picture that has it, where that begins, and the part."""
    (thing,) = block.things
    told, scale = thing.molecule, style.scale
    assert told is not None, "a block of kind molecule holds one"
    # The print begins drawings at whole px of the page, of which paper of whole points shows a little more or less.
    left, top = (
        floor(edge / scale + 0.5) * _PT_PER_PX * seen_px / paper_pt
        for edge, seen_px, paper_pt in zip(thing.box, picture.shape[1::-1], page.size_pt(), strict=False)
    )
    x, y = floor(left), floor(top)
    right, bottom = ceil(left + told["width"] * scale), ceil(top + told["height"] * scale)
    aside = {"x": told["x"] - (left - x) / scale, "y": told["y"] - (top - y) / scale}
    drawing = read_drawing({**told, **aside}, smiles.body(block.placed.block.text), style)
    return drawing, (x, y), np.ascontiguousarray(picture[y:bottom, x:right])


def _paths_in(paths: Paths, frame: Sequence[int], around_px: float) -> Paths:
    """The paths of a part of a picture, in px of it: papers that lie behind it are larger."""
    boxes = paths.boxes - np.array([frame[0], frame[1]] * 2)
    size = np.array([frame[2] - frame[0], frame[3] - frame[1]])
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    inside = ((centres >= 0) & (centres <= size)).all(axis=1)
    inside &= (boxes[:, :2] >= -around_px).all(axis=1) & (boxes[:, 2:] <= size + around_px).all(axis=1)
    return Paths(boxes[inside], paths.fills[inside], paths.strokes[inside])


def _glyphs_in(glyphs: Glyphs, frame: Sequence[int]) -> Glyphs:
    """The letters of a part of a picture, in px of it."""
    aside = np.array([frame[0], frame[1]] * 2)
    size = np.array([frame[2] - frame[0], frame[3] - frame[1]])
    tight = glyphs.tight - aside
    centres = (tight[:, :2] + tight[:, 2:]) / 2
    inside = ((centres >= 0) & (centres <= size)).all(axis=1)
    names, fonts = np.unique(glyphs.fonts[inside], return_inverse=True)
    return Glyphs(
        text="".join(glyphs.text[at] for at in np.flatnonzero(inside)),
        tight=tight[inside],
        loose=glyphs.loose[inside] - aside,
        fonts=fonts,
        sizes_px=glyphs.sizes_px[inside],
        colours=glyphs.colours[inside],
        font_names=tuple(glyphs.font_names[name] for name in names),
    )


def _moved(region: Region, x: int, y: int, start: int) -> Region:
    x0, y0, x1, y1 = region.box
    span = region.span if region.span == NO_SPAN else (region.span[0] + start, region.span[1] + start)
    return msgspec.structs.replace(region, box=(x0 + x, y0 + y, x1 + x, y1 + y), span=span)

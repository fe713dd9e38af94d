"""Molecules of a page: each drawing shows the molecule of its block in the target, and its print follows the layout."""

from collections.abc import Sequence
from math import ceil, floor

import msgspec
import numpy as np

from renderers.core.renderer import NO_SPAN, Pixels, Region
from renderers.drawing.molecules.proof import Drawing, least_contrast, prove_print, read_drawing
from renderers.drawing.molecules.style import Style
from renderers.drawing.pages.layout import BlockLayout, PageLayout
from renderers.engines.pdf import Glyphs, Paths, PdfPage
from renderers.labels.smiles import grammar as smiles

_PT_PER_PX = 0.75
"""Points per CSS px."""


def prove_molecules(
    layout: PageLayout, style: Style, page: PdfPage, paths: Paths, picture: Pixels
) -> tuple[dict[int, tuple[Region, ...]], float]:
    """The atoms and bonds of each molecule, by the index of its block, and their lowest contrast ratio (inf for none).

    Args:
        layout: the page as the browser laid it out.
        style: of its molecules.
        page: the print.
        paths: of the print, in px of the picture.
        picture: the print in pixels, (H, W) or (H, W, 3).

    Raises:
        ProofFailed: a drawing shows another molecule, or its print differs from the layout.
    """
    molecules = [(index, block) for index, block in enumerate(layout.blocks) if block.placed.block.kind == "molecule"]
    if not molecules:
        return {}, np.inf
    glyphs = page.glyphs()
    regions: dict[int, tuple[Region, ...]] = {}
    contrasts: list[float] = []
    for index, block in molecules:
        drawing, corner, pixels = _cut_out(block, style, page, picture)
        x, y = corner
        frame = (x, y, x + pixels.shape[1], y + pixels.shape[0])
        own_regions = prove_print(
            drawing, style, pixels, _paths_in(paths, frame, style.bond_px * style.scale), _glyphs_in(glyphs, frame)
        )
        start = block.placed.span[0]
        regions[index] = tuple(_moved(region, x, y, start) for region in own_regions)
        contrasts.append(least_contrast(drawing, style))
    return regions, min(contrasts)


def _cut_out(
    block: BlockLayout, style: Style, page: PdfPage, picture: Pixels
) -> tuple[Drawing, tuple[int, int], Pixels]:
    """The drawing, the (x, y) px of the picture where its part begins, and the pixels of that part.

    Positions of the drawing are relative to the part.
    """
    (thing,) = block.objects
    reported, scale = thing.molecule, style.scale
    assert reported is not None, "a block of kind molecule holds one"
    # In print a drawing begins at a whole px of the page. Paper has whole points, so the picture is scaled a little.
    left, top = (
        floor(edge / scale + 0.5) * _PT_PER_PX * picture_px / paper_pt
        for edge, picture_px, paper_pt in zip(thing.box, picture.shape[1::-1], page.size_pt(), strict=False)
    )
    x, y = floor(left), floor(top)
    right, bottom = ceil(left + reported["width"] * scale), ceil(top + reported["height"] * scale)
    origin = {"x": reported["x"] - (left - x) / scale, "y": reported["y"] - (top - y) / scale}
    drawing = read_drawing({**reported, **origin}, smiles.body(block.placed.block.text), style)
    return drawing, (x, y), np.ascontiguousarray(picture[y:bottom, x:right])


def _paths_in(paths: Paths, frame: Sequence[int], margin_px: float) -> Paths:
    """The paths of a part of a picture, relative to it; backgrounds of the page are left out, since they are larger.

    Args:
        paths: of the whole picture.
        frame: the part: x0, y0, x1, y1 in px of the picture.
        margin_px: how far a path may reach out of the part.
    """
    boxes = paths.boxes - np.array([frame[0], frame[1]] * 2)
    size = np.array([frame[2] - frame[0], frame[3] - frame[1]])
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    inside = ((centres >= 0) & (centres <= size)).all(axis=1)
    inside &= (boxes[:, :2] >= -margin_px).all(axis=1) & (boxes[:, 2:] <= size + margin_px).all(axis=1)
    return Paths(boxes[inside], paths.fills[inside], paths.strokes[inside])


def _glyphs_in(glyphs: Glyphs, frame: Sequence[int]) -> Glyphs:
    """The glyphs of a part of a picture, x0, y0, x1, y1 in px, relative to it."""
    origin = np.array([frame[0], frame[1]] * 2)
    size = np.array([frame[2] - frame[0], frame[3] - frame[1]])
    tight = glyphs.tight - origin
    centres = (tight[:, :2] + tight[:, 2:]) / 2
    inside = ((centres >= 0) & (centres <= size)).all(axis=1)
    names, fonts = np.unique(glyphs.fonts[inside], return_inverse=True)
    return Glyphs(
        text="".join(glyphs.text[glyph] for glyph in np.flatnonzero(inside)),
        tight=tight[inside],
        loose=glyphs.loose[inside] - origin,
        fonts=fonts,
        sizes_px=glyphs.sizes_px[inside],
        colours=glyphs.colours[inside],
        font_names=tuple(glyphs.font_names[name] for name in names),
    )


def _moved(region: Region, x: int, y: int, start: int) -> Region:
    """The region moved by (x, y) px, its span by `start` characters."""
    x0, y0, x1, y1 = region.box
    span = region.span if region.span == NO_SPAN else (region.span[0] + start, region.span[1] + start)
    return msgspec.structs.replace(region, box=(x0 + x, y0 + y, x1 + x, y1 + y), span=span)

"""The proof of one picture of a molecule: what a reader makes of its strokes and letters is the molecule of the label.

Two readings that know nothing of each other: the drawer read a SMILES; we read the drawing, by its places alone, and
write it as a SMILES again. And the print has every mark of the page, in place, and no other ink.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from renderers.content import fonts, palettes
from renderers.core.boxes import GOT_SIDE_PX, Box, inside, union
from renderers.core.errors import LabelError
from renderers.core.image import shrink_to_grey
from renderers.core.renderer import NO_SPAN, Outcome, Pixels, ProofFailed, Region, Rejected, Rendered
from renderers.drawing.molecules import ink
from renderers.drawing.molecules.graph import Graph, read_graph
from renderers.drawing.molecules.marks import Floats, Marks, read_marks
from renderers.drawing.molecules.style import Style, used_colours
from renderers.engines.pdf import Glyphs, Paths, PdfPage
from renderers.labels.smiles import grammar as smiles
from renderers.labels.smiles.drawn import Reading, read

MIN_GLYPH_PX = 8.0
"""Least height of a digit of the smallest size, at GOT's square."""

_CUT_PX = 0.5
_ATOM_OF_BOND = 0.16
"""Half the side of the box of an atom without letters, in lengths of a bond."""

_BONDS = {"single": "-", "double": "=", "triple": "#", "aromatic": ":", "wedge": "-", "hash": "-"}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing that shows its molecule; its print is not seen yet.

    Attributes:
        marks: what was drawn.
        graph: the molecule that the marks show.
        reading: how its letters were read.
        parts: (N, 4) what of each line the paper behind letters leaves: x0, y0, x1, y1, in px.
    """

    marks: Marks
    graph: Graph
    reading: Reading
    parts: Floats


def read_drawing(found: Mapping[str, Any], written: str, style: Style) -> Drawing:
    """What the page drew, as it is read.

    Args:
        found: what the page told of the sheet.
        written: the canonical SMILES that it must show.
        style: how it looks.

    Raises:
        ProofFailed: it shows another molecule, or could be taken for one.
    """
    if "error" in found:
        raise ProofFailed("molecule_refused", str(found["error"]))
    marks = read_marks(found)
    graph = read_graph(marks, style.bond_px)
    parts = ink.seen_parts(marks, style.bond_px)
    try:
        reading = read(graph.atoms, graph.bonds)
    except LabelError as error:
        raise ProofFailed("graph_differs", str(error)) from error
    if reading.smiles != written:
        alike = smiles.without_hands(reading.smiles) == smiles.without_hands(written)
        raise ProofFailed("stereo_differs" if alike else "graph_differs", f"{written} is drawn as {reading.smiles}")
    return Drawing(marks, graph, reading, parts)


def prove(drawing: Drawing, style: Style, page: PdfPage) -> Outcome:
    """The sample, or why it is none."""
    pixels = shrink_to_grey(page.pixels())
    try:
        regions = prove_print(drawing, style, pixels, page.paths(), page.glyphs())
        smallest = _smallest_glyph(drawing.marks, style, pixels)
    except ProofFailed as failure:
        return Rejected(failure.reason, failure.detail, pixels)
    return Rendered(
        image=pixels,
        markup=smiles.wrap(drawing.reading.smiles),
        regions=regions,
        language="und",
        depth=_depth(drawing.reading.smiles),
        smallest_glyph_px=round(smallest, 2),
        contrast=round(least_contrast(drawing, style), 2),
    )


def prove_print(drawing: Drawing, style: Style, pixels: Pixels, paths: Paths, glyphs: Glyphs) -> tuple[Region, ...]:
    """A box for each atom, in the order of the target, then one for each bond.

    Args:
        drawing: what should be there.
        style: how it looks.
        pixels: of the molecule and the paper around it.
        paths: all that were printed there; one that lies behind all others may be the paper.
        glyphs: all that were printed there.

    Raises:
        ProofFailed: something is not printed where the page has it, does not show, or is printed besides.
    """
    marks, scale = drawing.marks, style.scale
    ink.find_paths(marks, paths, style.stroke_px, scale)
    letters = ink.find_letters(marks, glyphs, style)
    ink.check_letters(marks.labels, letters, style.size_px * scale, scale)
    ink.check_letters_free(drawing.parts, letters, style.size_px * scale, scale)
    ink.check_pixels(pixels, style, marks, drawing.parts, letters)
    return _regions(drawing, letters, style, pixels)


def least_contrast(drawing: Drawing, style: Style) -> float:
    """Of its letters and strokes to the paper."""
    elements = [label.element for label in drawing.marks.labels]
    return min(palettes.contrast(one, style.paper) for one in used_colours(style, elements))


def _depth(written: str) -> int:
    """How deep branches lie in each other."""
    deepest = depth = 1
    for sign in written:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    return deepest


def _smallest_glyph(marks: Marks, style: Style, pixels: Pixels) -> float:
    shifted = any(sign.shift for label in marks.labels for sign in label.signs)
    size_px = style.small_px if shifted else style.size_px
    smallest = float(size_px * fonts.cap_height_em(style.family) * style.scale * GOT_SIDE_PX / pixels.shape[0])
    if marks.labels and smallest < MIN_GLYPH_PX:
        raise ProofFailed("text_small", f"{smallest:.1f} px high at {GOT_SIDE_PX} px")
    return smallest


def _regions(drawing: Drawing, letters: Sequence[Floats], style: Style, pixels: Pixels) -> tuple[Region, ...]:
    height, width = pixels.shape[:2]
    markup = smiles.wrap(drawing.reading.smiles)
    graph, scale = drawing.graph, style.scale
    half = _ATOM_OF_BOND * style.bond_px * scale
    regions = []
    spans = smiles.inked_spans(markup)
    for order, ((span, text), atom) in enumerate(zip(spans, drawing.reading.order, strict=True)):
        x, y = (place * scale for place in graph.places[atom].tolist())
        label = graph.labels[atom]
        box = (max(x - half, 0), max(y - half, 0), min(x + half, width), min(y + half, height))
        if label >= 0:
            box = union([tuple(one) for one in letters[label].tolist()])
        regions.append(Region(_within(box, width, height), text, "atom", span, order))
    boxes = _stroke_boxes(drawing.marks, style)
    for bond, strokes in zip(graph.bonds, graph.strokes, strict=True):
        # Wedges come after lines.
        box = union([boxes[stroke if stroke >= 0 else len(drawing.marks.lines) - 1 - stroke] for stroke in strokes])
        regions.append(Region(_within(box, width, height), _BONDS[bond.kind], "bond", NO_SPAN, len(regions)))
    return tuple(regions)


def _stroke_boxes(marks: Marks, style: Style) -> list[Box]:
    """Of lines, wedges and hashes."""
    corners = [*marks.wedges, *(strokes.reshape(-1, 2) for strokes in marks.hashes)]
    low = np.array([found.min(axis=0) for found in corners]).reshape(-1, 2)
    high = np.array([found.max(axis=0) for found in corners]).reshape(-1, 2)
    lines = marks.lines
    low = np.concatenate([np.minimum(lines[:, :2], lines[:, 2:]), low]) - style.stroke_px / 2
    high = np.concatenate([np.maximum(lines[:, :2], lines[:, 2:]), high]) + style.stroke_px / 2
    return [(x0, y0, x1, y1) for x0, y0, x1, y1 in (np.concatenate([low, high], axis=1) * style.scale).tolist()]


def _within(box: Box, width: int, height: int) -> Box:
    if not inside(box, width, height, _CUT_PX):
        raise ProofFailed("drawing_cut", "a mark ends outside the picture")
    x0, y0, x1, y1 = (round(edge, 1) for edge in box)
    return (x0, y0, x1, y1)

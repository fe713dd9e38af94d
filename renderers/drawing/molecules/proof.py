"""The proof of one picture of a molecule: the drawing, read from its lines and labels, is the molecule of the target.

The drawer turned a SMILES into a drawing; here the drawing is turned into a SMILES again, from positions alone and
independently of the drawer. And the print has every mark of the page at its position, and no other ink.
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
"""Minimum height of a digit of the smallest size, in px at the 1024 x 1024 that GOT reads."""

_MAX_OUTSIDE_PX = 0.5
"""How far a box may reach out of the picture."""
_ATOM_HALF_SIDE = 0.16
"""Half the side of the box of an atom without label, in bond lengths."""

_BONDS = {"single": "-", "double": "=", "triple": "#", "aromatic": ":", "wedge": "-", "hash": "-"}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing that shows its molecule; its print is not checked yet.

    Attributes:
        marks: all lines and labels.
        graph: the molecular graph that they show.
        reading: the graph as a SMILES.
        visible: (N, 4) the visible part of each line, px, see `ink.visible_parts`.
    """

    marks: Marks
    graph: Graph
    reading: Reading
    visible: Floats


def read_drawing(reported: Mapping[str, Any], written: str, style: Style) -> Drawing:
    """Reads a drawing of the page back into a molecule.

    Args:
        reported: by the page, for one sheet.
        written: the canonical SMILES that the drawing must show.
        style: its look.

    Raises:
        ProofFailed: it shows another molecule, or is ambiguous.
    """
    if "error" in reported:
        raise ProofFailed("molecule_refused", str(reported["error"]))
    marks = read_marks(reported)
    graph = read_graph(marks, style.bond_px)
    visible = ink.visible_parts(marks, style.bond_px)
    try:
        reading = read(graph.atoms, graph.bonds)
    except LabelError as error:
        raise ProofFailed("graph_differs", str(error)) from error
    if reading.smiles != written:
        only_stereo = smiles.without_hands(reading.smiles) == smiles.without_hands(written)
        raise ProofFailed(
            "stereo_differs" if only_stereo else "graph_differs", f"{written} is drawn as {reading.smiles}"
        )
    return Drawing(marks, graph, reading, visible)


def prove(drawing: Drawing, style: Style, page: PdfPage) -> Outcome:
    """The sample, or why there is none; `page` is its print at the size of the picture."""
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
        drawing: of the page.
        style: its look.
        pixels: (H, W, 3) or (H, W), of the molecule and the paper around it.
        paths: all that were printed there, in px of the picture; the first may be the paper.
        glyphs: all that were printed there, in px of the picture.

    Raises:
        ProofFailed: a mark is not printed where the page has it, has no ink, or there is other ink.
    """
    marks, scale = drawing.marks, style.scale
    ink.check_paths(marks, paths, style.stroke_px, scale)
    char_boxes = ink.find_char_boxes(marks, glyphs, style)
    ink.check_labels(marks.labels, char_boxes, style.size_px * scale, scale)
    ink.check_labels_clear(drawing.visible, char_boxes, style.size_px * scale, scale)
    ink.check_pixels(pixels, style, marks, drawing.visible, char_boxes)
    return _regions(drawing, char_boxes, style, pixels)


def least_contrast(drawing: Drawing, style: Style) -> float:
    """The lowest contrast ratio of a line or label to the paper, 1..21."""
    elements = [label.element for label in drawing.marks.labels]
    return min(palettes.contrast(colour, style.paper) for colour in used_colours(style, elements))


def _depth(written: str) -> int:
    """Nesting depth of the branches of a SMILES, 1 where it has none."""
    deepest = depth = 1
    for char in written:
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)
    return deepest


def _smallest_glyph(marks: Marks, style: Style, pixels: Pixels) -> float:
    """Height of a digit of the smallest size, in px at the 1024 x 1024 that GOT reads."""
    has_scripts = any(char.shift for label in marks.labels for char in label.chars)
    size_px = style.small_px if has_scripts else style.size_px
    smallest = float(size_px * fonts.cap_height_em(style.family) * style.scale * GOT_SIDE_PX / pixels.shape[0])
    if marks.labels and smallest < MIN_GLYPH_PX:
        raise ProofFailed("text_small", f"{smallest:.1f} px high at {GOT_SIDE_PX} px")
    return smallest


def _regions(drawing: Drawing, char_boxes: Sequence[Floats], style: Style, pixels: Pixels) -> tuple[Region, ...]:
    height, width = pixels.shape[:2]
    markup = smiles.wrap(drawing.reading.smiles)
    graph, scale = drawing.graph, style.scale
    half = _ATOM_HALF_SIDE * style.bond_px * scale
    regions = []
    spans = smiles.inked_spans(markup)
    for order, ((span, text), atom) in enumerate(zip(spans, drawing.reading.order, strict=True)):
        x, y = (position * scale for position in graph.positions_px[atom].tolist())
        label = graph.labels[atom]
        box = (max(x - half, 0), max(y - half, 0), min(x + half, width), min(y + half, height))
        if label >= 0:
            box = union([tuple(one) for one in char_boxes[label].tolist()])
        regions.append(Region(_within(box, width, height), text, "atom", span, order))
    boxes = _stroke_boxes(drawing.marks, style)
    for bond, strokes in zip(graph.bonds, graph.strokes, strict=True):
        # Wedges come after lines.
        box = union([boxes[stroke if stroke >= 0 else len(drawing.marks.lines) - 1 - stroke] for stroke in strokes])
        regions.append(Region(_within(box, width, height), _BONDS[bond.kind], "bond", NO_SPAN, len(regions)))
    return tuple(regions)


def _stroke_boxes(marks: Marks, style: Style) -> list[Box]:
    """Boxes of lines, then wedges, then hashes, with the thickness of their stroke, in px of the picture."""
    corners = [*marks.wedges, *(strokes.reshape(-1, 2) for strokes in marks.hashes)]
    low = np.array([points.min(axis=0) for points in corners]).reshape(-1, 2)
    high = np.array([points.max(axis=0) for points in corners]).reshape(-1, 2)
    lines = marks.lines
    low = np.concatenate([np.minimum(lines[:, :2], lines[:, 2:]), low]) - style.stroke_px / 2
    high = np.concatenate([np.maximum(lines[:, :2], lines[:, 2:]), high]) + style.stroke_px / 2
    return [(x0, y0, x1, y1) for x0, y0, x1, y1 in (np.concatenate([low, high], axis=1) * style.scale).tolist()]


def _within(box: Box, width: int, height: int) -> Box:
    """The box, rounded to 0.1 px; raises ProofFailed where it ends outside the picture."""
    if not inside(box, width, height, _MAX_OUTSIDE_PX):
        raise ProofFailed("drawing_cut", "a mark ends outside the picture")
    x0, y0, x1, y1 = (round(edge, 1) for edge in box)
    return (x0, y0, x1, y1)

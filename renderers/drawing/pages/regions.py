"""Boxes of a page, tight around its ink: blocks, their lines, words, formulas and cells, in reading order."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from math import ceil

import numpy as np

from renderers.core.boxes import Box, union
from renderers.core.renderer import NO_SPAN, ProofFailed, Region
from renderers.drawing.pages.layout import BlockLayout, PageLayout
from renderers.drawing.printed.ink import Ink, Mask, check_edges, find_ink
from renderers.labels.canonical import Span

_BESIDE_PX = 1.5
"""How far outside its box text may leave ink: antialiasing, rounding, italic letters that overhang."""


def make_regions(layout: PageLayout, mask: Mask, molecules: Mapping[int, Sequence[Region]]) -> tuple[Region, ...]:
    """All boxes of a page in px of the picture; headers and footers have no span.

    Args:
        layout: of the page.
        mask: its ink, (H, W).
        molecules: boxes of atoms and bonds, by the index of their block.

    Raises:
        ProofFailed: there is no ink where the target has text.
    """
    regions: list[Region] = []

    def put(kind: str, text: str, span: Span, box: Box) -> None:
        regions.append(Region(box, text, kind, span, len(regions)))

    layout = _separated(layout, mask)
    for text, box in layout.head:
        put("header", text, NO_SPAN, _ink(mask, box, text).box)
    for index, block in enumerate(layout.blocks):
        for kind, span, box in _boxes(layout, block, mask):
            put(kind, layout.markup[slice(*span)], span, box)
        for region in molecules.get(index, ()):
            put(region.kind, region.text, region.span, region.box)
    for text, box in layout.foot:
        put("footer", text, NO_SPAN, _ink(mask, box, text).box)
    return tuple(regions)


def _separated(layout: PageLayout, mask: Mask) -> PageLayout:
    """Lines with boxes cut between neighbours: the box of a line is as high as its font says and may hold their ink."""
    lines = [line for block in layout.blocks for line in block.lines]
    boxes = [line.box for line in lines]
    for at, (above, below) in enumerate(pairwise(lines)):
        (x0, _, x1, bottom), (x2, top, x3, _) = boxes[at], boxes[at + 1]
        if top >= bottom or min(x1, x3) <= max(x0, x2) or _middle(below.box) <= _middle(above.box):
            continue
        edge = _emptiest(
            mask, (min(x0, x2), max(top, _middle(above.box)), max(x1, x3), min(bottom, _middle(below.box)))
        )
        boxes[at] = (x0, boxes[at][1], x1, edge)
        boxes[at + 1] = (x2, edge, x3, boxes[at + 1][3])
    separated = iter([replace(line, box=box) for line, box in zip(lines, boxes, strict=True)])
    blocks = tuple(replace(block, lines=tuple(islice(separated, len(block.lines)))) for block in layout.blocks)
    return replace(layout, blocks=blocks)


def _middle(box: Box) -> float:
    return (box[1] + box[3]) / 2


def _emptiest(mask: Mask, box: Box) -> float:
    """The y in a box at which the row has the least ink; of several, the middle one."""
    x0, y0, x1, y1 = (max(0, round(edge)) for edge in box)
    if y1 <= y0:
        return float(y0)
    inked = mask[y0 : y1 + 1, x0:x1].sum(axis=1)
    empty = np.flatnonzero(inked == inked.min())
    return float(y0 + empty[len(empty) // 2])


def _boxes(layout: PageLayout, block: BlockLayout, mask: Mask) -> list[tuple[str, Span, Box]]:
    kind, placed = block.source.role, block.placed
    inner: list[tuple[str, Span, Box]] = []

    def span_of(first: int, last: int) -> Span:
        return (placed.spans[first][0], placed.spans[last - 1][1])

    inks = [_ink(mask, line.box, layout.markup[slice(*span_of(line.first, line.last))]) for line in block.lines]
    inked = [ink.box for ink in inks]
    if placed.block.kind == "table":
        for first, last in block.cells:
            lines = [box for line, box in zip(block.lines, inked, strict=True) if first <= line.first < last]
            inner.append(("cell", span_of(first, last), union(lines)))
        return [(kind, placed.span, union([block.box, *(box for _, _, box in inner)])), *inner]
    parts = sorted([(first, last, box, "word") for first, last, box in block.words] + _objects(block))
    following = 0
    starts = _column_starts(inked)
    for index, (line, box) in enumerate(zip(block.lines, inked, strict=True)):
        if index in starts:
            end = min((start for start in starts if start > index), default=len(inked))
            span = placed.span if len(starts) == 1 else span_of(line.first, block.lines[end - 1].last)
            inner.append((kind, span, union(inked[index:end])))
        if len(block.lines) > 1:
            inner.append(("line", span_of(line.first, line.last), box))
        while following < len(parts) and parts[following][1] <= line.last:
            first, last, part, name = parts[following]
            span = span_of(first, last)
            text = layout.markup[slice(*span)]
            inner.append(
                (name, span, _word_ink(inks[index], part, text) if name == "word" else _ink(mask, part, text).box)
            )
            following += 1
    return inner


def _column_starts(lines: Sequence[Box]) -> list[int]:
    """The indices of the lines that begin a column; a block that runs on into other columns has a region in each."""
    return [index for index, box in enumerate(lines) if not index or box[3] < lines[index - 1][1]]


def _objects(block: BlockLayout) -> list[tuple[int, int, Box, str]]:
    """Inline formulas; a displayed formula is a block."""
    if block.placed.block.kind in ("formula", "image", "molecule"):
        return []
    return [(formula.first, formula.first + 1, formula.box, "inline_formula") for formula in block.objects]


def _ink(mask: Mask, box: Box, text: str) -> Ink:
    """The ink of a text in its box; raises ProofFailed where it has none or is cut off by the edge of the picture."""
    ink = find_ink(mask, box, text, _BESIDE_PX)
    check_edges(ink.box, box, mask, text)
    return ink


def _word_ink(line: Ink, box: Box, text: str) -> Box:
    (found,) = line.parts([(int(box[0] - _BESIDE_PX), ceil(box[2] + _BESIDE_PX))])
    if found is None:
        raise ProofFailed("glyph_missing", f"{text!r} has no ink at {box}")
    return found

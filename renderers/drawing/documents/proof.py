"""The proof of one document: the text layer of its print is its target, in order, and every line and word has ink.

The browser measured where lines are; the text layer holds which characters were drawn there, where their words begin
and end, and by which fonts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from math import ceil
from typing import Any

from renderers.content import fonts
from renderers.content.documents.document import Document
from renderers.core.boxes import GOT_SIDE_PX, Box, inside, union
from renderers.core.image import shrink_to_grey
from renderers.core.renderer import Outcome, Pixels, ProofFailed, Region, Rejected, Rendered
from renderers.drawing.documents.layout import BlockLayout, TextBox, read_layout
from renderers.drawing.documents.style import Style, has_one_hue, languages, least_contrast
from renderers.drawing.documents.words import Word, words_by_line, words_in_order, words_of
from renderers.drawing.printed.chars import JOINED
from renderers.drawing.printed.clipping import check_whole
from renderers.drawing.printed.fonts import check_fonts, face_names
from renderers.drawing.printed.ink import Ink, Mask, check_edges, check_lines_apart, find_ink, ink_mask
from renderers.drawing.printed.text_layer import (
    PrintedLine,
    check_line_chars,
    check_line_starts,
    find_line_starts,
    visible_chars,
)
from renderers.engines.pdf import PdfPage
from renderers.labels import text
from renderers.labels.canonical import Span

_START_SLACK_EM = 0.6
"""How far the first character of a line may be outside the box that the browser measured for the line."""

_MEET_EM = 0.25
"""Ink of two lines may overlap by this much: marks of one may reach between those of the next."""


def prove(document: Document, style: Style, measured: Mapping[str, Any], page: PdfPage) -> Outcome:
    """The sample, or why it is none.

    Args:
        document: what was laid out.
        style: how.
        measured: the output of measure.js for it.
        page: its printed page, at the size of the picture.
    """
    picture = page.pixels(grey=True) if has_one_hue(style) else shrink_to_grey(page.pixels())
    markup, blocks = read_layout(document, style, measured)
    try:
        _check_label(markup)
        mask = ink_mask(picture)
        words = _read_text(document, style, page, markup, blocks, mask)
        check_fonts(page.font_names(), _chosen_faces(style))
        _check_inside(blocks, picture)
        regions = _regions(markup, blocks, words, mask, style.vertical)
        check_lines_apart(regions, _MEET_EM * style.size_px * style.scale)
    except ProofFailed as failure:
        return Rejected(failure.reason, failure.detail, picture)
    return Rendered(
        image=picture,
        markup=markup,
        regions=regions,
        language=document.language,
        smallest_glyph_px=round(_smallest_cap(style, picture), 2),
        contrast=round(least_contrast(style), 2),
    )


def _check_label(markup: str) -> None:
    if not markup:
        raise ProofFailed("page_empty", "nothing fits on the page")
    fault = text.check(markup)
    if fault is not None:
        raise ProofFailed("label_not_canonical", fault)


def _read_text(
    document: Document, style: Style, page: PdfPage, markup: str, blocks: Sequence[BlockLayout], mask: Mask
) -> list[list[Word]]:
    """The words of each line; proves that the text layer has the characters of the target, line for line.

    In scripts with joined letters the words are those that the browser measured; in others they come from the text
    layer, and the first and last character of each line must be whole in the picture.
    """
    text_lines = [line for block in blocks for line in block.lines]
    lines = [PrintedLine("".join(markup[slice(*one.span)].split()), one.box, one.broken) for one in text_lines]
    measured = [[Word(word.span, word.box[0], word.box[2]) for word in one.words] for one in text_lines]
    expected = [words_of(one, markup) if languages()[document.language]["spaced"] else [] for one in text_lines]
    with page.text_layer() as layer:
        drawn, kept = visible_chars(layer)
        starts = find_line_starts(lines, drawn, face_names((*style.families, *style.display)))
        if starts is None:
            boxes = layer.boxes(kept)
            owners = check_line_chars(lines, drawn, boxes, document.language)
            return measured if document.language in JOINED else words_by_line(expected, owners, boxes)
        ends = [start + len(line.text) - 1 for start, line in zip(starts, lines, strict=True)]
        boxes = layer.boxes([kept[at] for at in (*starts, *ends)])
        check_line_starts(lines, boxes[: len(lines)], _START_SLACK_EM * style.size_px * style.scale)
        if document.language in JOINED:
            return measured
        check_whole(mask, boxes, [drawn[at] for at in (*starts, *ends)])
        return words_in_order(expected, starts, lambda chars: layer.boxes([kept[at] for at in chars]))


def _chosen_faces(style: Style) -> frozenset[str]:
    """The faces that may draw it: titles may be bold, the text is not."""
    return face_names(style.families, (False,)) | face_names(style.display)


def _check_inside(blocks: Sequence[BlockLayout], picture: Pixels) -> None:
    height, width = picture.shape[:2]
    lines = [line.box for block in blocks for line in block.lines]
    for box in lines:
        if not inside(box, width, height, slack_px=0.5 * min(box[2] - box[0], box[3] - box[1])):
            raise ProofFailed("text_cut", f"a line ends outside the page, at {box}")


def _regions(
    markup: str,
    blocks: Sequence[BlockLayout],
    words: Sequence[Sequence[Word]],
    mask: Mask,
    vertical: bool,
) -> tuple[Region, ...]:
    regions: list[Region] = []

    def put(kind: str, span: Span, box: Box) -> None:
        regions.append(Region(box, markup[slice(*span)], kind, span, len(regions)))

    every = iter(zip(_separated([line for block in blocks for line in block.lines], vertical), words, strict=True))
    for block in blocks:
        lines = [(line, _ink_of(mask, line, markup), own) for line, own in islice(every, len(block.lines))]
        put(block.kind, block.span, union([ink.box for _, ink, _ in lines]))
        for line, ink, own in lines:
            if len(lines) > 1:
                put("line", line.span, ink.box)
            for word, box in zip(
                own, ink.parts([(int(word.left), ceil(word.right)) for word in own]) if own else (), strict=True
            ):
                if box is None:
                    raise ProofFailed("glyph_missing", f"{markup[slice(*word.span)]!r} has no ink at {word.left}")
                put("word", word.span, box)
    return tuple(regions)


def _separated(lines: Sequence[TextBox], vertical: bool) -> list[TextBox]:
    """Lines with boxes cut between neighbours: the box of a line is as high as its font says and may hold their ink."""
    low, high = (0, 2) if vertical else (1, 3)
    separated: list[TextBox] = []
    for at, line in enumerate(lines):
        edges = list(line.box)
        middle, thick = (line.box[low] + line.box[high]) / 2, line.box[high] - line.box[low]
        for other in (*lines[max(0, at - 1) : at], *lines[at + 1 : at + 2]):
            apart = (other.box[low] + other.box[high]) / 2 - middle
            if 0.3 * thick < apart < 1.5 * thick:
                edges[high] = min(edges[high], middle + max(apart / 2, other.box[low] - middle))
            elif -1.5 * thick < apart < -0.3 * thick:
                edges[low] = max(edges[low], middle + min(apart / 2, other.box[high] - middle))
        separated.append(replace(line, box=(edges[0], edges[1], edges[2], edges[3])))
    return separated


def _ink_of(mask: Mask, line: TextBox, markup: str) -> Ink:
    content = markup[slice(*line.span)]
    ink = find_ink(mask, line.box, content)
    check_edges(ink.box, line.box, mask, content)
    return ink


def _smallest_cap(style: Style, picture: Pixels) -> float:
    cap_em = min(fonts.cap_height_em(name) for name in (*style.families, *style.display))
    return float(style.size_px * cap_em * style.scale * GOT_SIDE_PX / picture.shape[0])

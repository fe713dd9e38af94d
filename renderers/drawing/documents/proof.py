"""The proof of one document: the page's text layer is its target, in order, and every line and word has ink.

The page says where lines stand; the text layer says which characters were drawn there, where their words begin and end,
and by which fonts.
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
from renderers.drawing.documents.sheet import Piece, SetBlock, read_sheet
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
"""How far the first character of a line may reach out of the box that the page gives for the line."""

_MEET_EM = 0.25
"""Lines whose ink lies deeper in each other overlap; marks of one may reach between those of the next."""


def prove(document: Document, style: Style, found: Mapping[str, Any], page: PdfPage) -> Outcome:
    """The sample, or why it is none.

    Args:
        document: what was to be set.
        style: how.
        found: what measure.js told of it.
        page: its printed page, at the size of the picture.
    """
    picture = page.pixels(grey=True) if has_one_hue(style) else shrink_to_grey(page.pixels())
    markup, blocks = read_sheet(document, style, found)
    try:
        _check_label(markup)
        mask = ink_mask(picture)
        words = _read_text(document, style, page, markup, blocks, mask)
        check_fonts(page.font_names(), _chosen_faces(style))
        _check_places(blocks, picture)
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
    document: Document, style: Style, page: PdfPage, markup: str, blocks: Sequence[SetBlock], mask: Mask
) -> list[list[Word]]:
    """Line for line, what the text layer has is what the target has; the words of each line are told.

    Of joined letters only the page knows where a word begins; of others the text layer does, and of these the first and
    the last of each line are whole in the picture.
    """
    pieces = [piece for block in blocks for piece in block.lines]
    lines = [PrintedLine("".join(markup[slice(*one.span)].split()), one.box, one.broken) for one in pieces]
    told = [[Word(word.span, word.box[0], word.box[2]) for word in one.words] for one in pieces]
    wanted = [words_of(one, markup) if languages()[document.language]["spaced"] else [] for one in pieces]
    with page.text_layer() as layer:
        drawn, kept = visible_chars(layer)
        starts = find_line_starts(lines, drawn, face_names((*style.families, *style.display)))
        if starts is None:
            boxes = layer.boxes(kept)
            owners = check_line_chars(lines, drawn, boxes, document.language)
            return told if document.language in JOINED else words_by_line(wanted, owners, boxes)
        ends = [start + len(line.text) - 1 for start, line in zip(starts, lines, strict=True)]
        boxes = layer.boxes([kept[at] for at in (*starts, *ends)])
        check_line_starts(lines, boxes[: len(lines)], _START_SLACK_EM * style.size_px * style.scale)
        if document.language in JOINED:
            return told
        check_whole(mask, boxes, [drawn[at] for at in (*starts, *ends)])
        return words_in_order(wanted, starts, lambda chars: layer.boxes([kept[at] for at in chars]))


def _chosen_faces(style: Style) -> frozenset[str]:
    """Titles may be bold, the text is not."""
    return face_names(style.families, (False,)) | face_names(style.display)


def _check_places(blocks: Sequence[SetBlock], picture: Pixels) -> None:
    height, width = picture.shape[:2]
    lines = [line.box for block in blocks for line in block.lines]
    for box in lines:
        if not inside(box, width, height, slack_px=0.5 * min(box[2] - box[0], box[3] - box[1])):
            raise ProofFailed("text_cut", f"a line ends outside the page, at {box}")


def _regions(
    markup: str,
    blocks: Sequence[SetBlock],
    words: Sequence[Sequence[Word]],
    mask: Mask,
    vertical: bool,
) -> tuple[Region, ...]:
    regions: list[Region] = []

    def put(kind: str, span: Span, box: Box) -> None:
        regions.append(Region(box, markup[slice(*span)], kind, span, len(regions)))

    every = iter(zip(_parted([line for block in blocks for line in block.lines], vertical), words, strict=True))
    for block in blocks:
        lines = [(line, _inked(mask, line, markup), own) for line, own in islice(every, len(block.lines))]
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


def _parted(lines: Sequence[Piece], vertical: bool) -> list[Piece]:
    """Lines without the ink of those beside them, which a line's box, as thick as its font says, may hold."""
    low, high = (0, 2) if vertical else (1, 3)
    parted: list[Piece] = []
    for at, line in enumerate(lines):
        edges = list(line.box)
        middle, thick = (line.box[low] + line.box[high]) / 2, line.box[high] - line.box[low]
        for other in (*lines[max(0, at - 1) : at], *lines[at + 1 : at + 2]):
            apart = (other.box[low] + other.box[high]) / 2 - middle
            if 0.3 * thick < apart < 1.5 * thick:
                edges[high] = min(edges[high], middle + max(apart / 2, other.box[low] - middle))
            elif -1.5 * thick < apart < -0.3 * thick:
                edges[low] = max(edges[low], middle + min(apart / 2, other.box[high] - middle))
        parted.append(replace(line, box=(edges[0], edges[1], edges[2], edges[3])))
    return parted


def _inked(mask: Mask, line: Piece, markup: str) -> Ink:
    said = markup[slice(*line.span)]
    ink = find_ink(mask, line.box, said)
    check_edges(ink.box, line.box, mask, said)
    return ink


def _smallest_cap(style: Style, picture: Pixels) -> float:
    cap_em = min(fonts.cap_height_em(name) for name in (*style.families, *style.display))
    return float(style.size_px * cap_em * style.scale * GOT_SIDE_PX / picture.shape[0])

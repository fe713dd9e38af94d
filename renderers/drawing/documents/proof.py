"""The proof of one document: the page's text layer is its target, in order, and every line and word has ink.

The page says where lines stand; the text layer says which characters were drawn there, where their words begin and end,
and by which fonts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt

from renderers.content import fonts
from renderers.content.documents.document import Document
from renderers.content.faces import postscript_name
from renderers.core.boxes import GOT_SIDE_PX, Box, first_overlap, inside, union
from renderers.core.image import shrink_to_grey
from renderers.core.renderer import Outcome, Pixels, ProofFailed, Region, Rejected, Rendered
from renderers.drawing.documents.places import owners_of
from renderers.drawing.documents.reading import HYPHENS, JOINED, face_names, find_difference, same
from renderers.drawing.documents.sheet import SOFT_HYPHEN, Piece, SetBlock, read_sheet
from renderers.drawing.documents.style import Style, has_one_hue, languages, least_contrast
from renderers.drawing.documents.words import Word, words_by_place, words_in_order, words_of
from renderers.engines.pdf import PdfPage
from renderers.labels import text
from renderers.labels.canonical import Span

_INK = 40
"""Least difference of a pixel's level from the paper around it."""

_PLACE_SLACK_EM = 0.6
"""How far the first character of a line may reach out of the box that the page gives for the line."""

_MEET_EM = 0.25
"""Lines whose ink lies deeper in each other overlap; marks of one may reach between those of the next."""


@dataclass(frozen=True, slots=True)
class _InkedLine:
    """A line's ink.

    Attributes:
        box: around it, in px of the picture.
        columns: px from the left edge of the picture that have ink, ascending.
    """

    box: Box
    columns: npt.NDArray[np.int64]

    def parts(self, words: Sequence[Word]) -> list[Box | None]:
        """Those of words, as high as the line: letters of a word alone would make its box jump."""
        edges = [(int(word.left), ceil(word.right)) for word in words]
        found = np.searchsorted(self.columns, edges).tolist()
        columns = self.columns
        return [
            (float(columns[first]), self.box[1], float(columns[last - 1] + 1), self.box[3]) if first < last else None
            for first, last in found
        ]


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
        words = _read_text(document, style, page, markup, blocks)
        _check_fonts(style, page)
        _check_places(blocks, picture)
        regions = _regions(markup, blocks, words, _mask(picture), style.vertical)
        _check_apart(style, regions)
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
    document: Document, style: Style, page: PdfPage, markup: str, blocks: Sequence[SetBlock]
) -> list[list[Word]]:
    """Line for line, what the text layer has is what the target has; the words of each line are told.

    It is read as it was drawn; where it was drawn in another order (from the right, downwards), or where a script joins
    its letters to new glyphs, each character is asked in which line it stands.
    """
    lines = [line for block in blocks for line in block.lines]
    told = [[Word(word.span, word.box[0], word.box[2]) for word in line.words] for line in lines]
    wanted = [words_of(line, markup) if languages()[document.language]["spaced"] else [] for line in lines]
    with page.text_layer() as layer:
        # A ligature across a soft hyphen carries it along, though it is not inked.
        drawn = layer.text.replace(SOFT_HYPHEN, "")
        kept: Sequence[int] = range(len(drawn))
        if len(drawn) < len(layer.text):
            kept = [at for at, sign in enumerate(layer.text) if sign != SOFT_HYPHEN]
        firsts = _read_in_order(markup, lines, drawn, style)
        if firsts is None:
            boxes = layer.boxes(kept)
            owners = _read_by_place(markup, lines, drawn, boxes, document.language)
            return told if document.language in JOINED else words_by_place(wanted, owners, boxes)
        boxes = layer.boxes([kept[at] for at in firsts])
        slack = _PLACE_SLACK_EM * style.size_px * style.scale
        for line, box in zip(lines, boxes.tolist(), strict=True):
            if not (
                line.box[0] - slack <= box[0] <= line.box[2] and line.box[1] - slack <= box[3] <= line.box[3] + slack
            ):
                raise ProofFailed(
                    "text_moved", f"the first of {markup[slice(*line.span)]!r} is at {box}, not in {line.box}"
                )
        if document.language in JOINED:
            return told
        return words_in_order(wanted, firsts, lambda places: layer.boxes([kept[at] for at in places]))


def _read_in_order(markup: str, lines: Sequence[Piece], drawn: str, style: Style) -> list[int] | None:
    """Where in the text layer each line begins; None where it does not read as the target does."""
    names = face_names((*style.families, *style.display))
    firsts: list[int] = []
    at = 0
    for line in lines:
        wanted = "".join(markup[slice(*line.span)].split())
        if not same(wanted, drawn[at : at + len(wanted)], names):
            return None
        firsts.append(at)
        at += len(wanted)
        if line.broken and at < len(drawn) and drawn[at] in HYPHENS:
            at += 1
    return firsts if at == len(drawn) else None


def _read_by_place(
    markup: str, lines: Sequence[Piece], drawn: str, boxes: npt.NDArray[np.float64], language: str
) -> npt.NDArray[np.int64]:
    """Each line has the characters that stand in it, and no others; (len(drawn),), the line of each."""
    texts = [markup[slice(*line.span)] for line in lines]
    owners = owners_of(np.array([line.box for line in lines]), boxes, drawn, texts)
    for place, (line, wanted) in enumerate(zip(lines, texts, strict=True)):
        inked = "".join(drawn[at] for at in np.flatnonzero(owners == place))
        fault = find_difference(wanted, inked, language, line.broken)
        if fault is not None:
            raise ProofFailed(fault, f"{wanted!r} is inked as {inked!r}")
    return owners


def _check_fonts(style: Style, page: PdfPage) -> None:
    known = {postscript_name(name, False) for name in (*style.families, *style.display)}
    known |= {postscript_name(name, True) for name in style.display if fonts.has_bold(name)}
    for name in page.font_names():
        if name not in known:
            raise ProofFailed("font_fallback", f"some text was drawn by {name!r}, not by {', '.join(style.families)}")


def _check_places(blocks: Sequence[SetBlock], picture: Pixels) -> None:
    height, width = picture.shape[:2]
    lines = [line.box for block in blocks for line in block.lines]
    for box in lines:
        if not inside(box, width, height, slack_px=0.5 * min(box[2] - box[0], box[3] - box[1])):
            raise ProofFailed("text_cut", f"a line ends outside the page, at {box}")


def _check_apart(style: Style, regions: Sequence[Region]) -> None:
    # A block of one line has no region of kind line: its own is the line.
    single = {at for at, region in enumerate(regions) if region.kind not in ("line", "word")}
    single -= {at - 1 for at, region in enumerate(regions) if region.kind == "line" and at - 1 in single}
    boxes = [region.box for at, region in enumerate(regions) if region.kind == "line" or at in single]
    found = first_overlap(boxes, slack_px=_MEET_EM * style.size_px * style.scale)
    if found is not None:
        raise ProofFailed("text_overlap", f"lines at {boxes[found[0]]} and {boxes[found[1]]}")


def _mask(picture: Pixels) -> npt.NDArray[np.bool_]:
    """(H, W): which pixels differ from the commonest level of the page, its paper."""
    level = picture if picture.ndim == 2 else np.ascontiguousarray(picture[:, :, 1])
    paper = int(np.bincount(level[::8, ::8].ravel(), minlength=256).argmax())
    if paper + _INK >= 255:
        return np.asarray(level < paper - _INK)
    lighter = np.asarray(level > paper + _INK)
    return lighter if paper < _INK else np.asarray(lighter | (level < paper - _INK))


def _regions(
    markup: str,
    blocks: Sequence[SetBlock],
    words: Sequence[Sequence[Word]],
    mask: npt.NDArray[np.bool_],
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
            for word, box in zip(own, ink.parts(own) if own else (), strict=True):
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


def _inked(mask: npt.NDArray[np.bool_], line: Piece, markup: str) -> _InkedLine:
    height, width = mask.shape
    x0, y0 = max(0, int(line.box[0])), max(0, int(line.box[1]))
    x1, y1 = min(width, int(np.ceil(line.box[2]))), min(height, int(np.ceil(line.box[3])))
    part = mask[y0:y1, x0:x1]
    columns, rows = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
    if not len(columns):
        raise ProofFailed("glyph_missing", f"{markup[slice(*line.span)]!r} has no ink at {line.box}")
    box = (float(x0 + columns[0]), float(y0 + rows[0]), float(x0 + columns[-1] + 1), float(y0 + rows[-1] + 1))
    if _touches_edge(box, line.box, width, height):
        raise ProofFailed("text_cut", f"{markup[slice(*line.span)]!r} is cut at the edge of the page")
    return _InkedLine(box, x0 + columns)


def _touches_edge(ink: Box, line: Box, width: int, height: int) -> bool:
    """Whether ink goes on beyond the picture: it reaches an edge that its line reaches over."""
    return (
        (line[0] < 0 and ink[0] <= 0)
        or (line[1] < 0 and ink[1] <= 0)
        or (line[2] > width and ink[2] >= width)
        or (line[3] > height and ink[3] >= height)
    )


def _smallest_cap(style: Style, picture: Pixels) -> float:
    cap_em = min(fonts.cap_height_em(name) for name in (*style.families, *style.display))
    return float(style.size_px * cap_em * style.scale * GOT_SIDE_PX / picture.shape[0])

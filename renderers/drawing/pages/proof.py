"""The proof of one page: the words in the text layer, the glyphs of formulas among the paths, and the ink of both.

Four sources must agree: the target has the characters of each block; the browser measured which are where; the print
holds which were drawn and by which fonts; the pixels show ink. A formula is typeset by MathJax: each of its letters and
digits must be among its glyphs, no other letter or digit may be, and each other token must have a glyph.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from renderers.content import fonts
from renderers.content.pages.page import Page
from renderers.core.boxes import GOT_SIDE_PX, inside
from renderers.core.image import shrink_to_grey
from renderers.core.renderer import Outcome, Pixels, ProofFailed, Rejected, Rendered
from renderers.drawing.pages.formulas import check_formulas, find_outlines
from renderers.drawing.pages.layout import PageLayout, read_layout
from renderers.drawing.pages.molecules import prove_molecules
from renderers.drawing.pages.regions import make_regions
from renderers.drawing.pages.style import Style, least_contrast
from renderers.drawing.printed.clipping import check_whole
from renderers.drawing.printed.fonts import check_fonts, face_names
from renderers.drawing.printed.ink import check_lines_apart, ink_mask
from renderers.drawing.printed.text_layer import (
    Boxes,
    PrintedLine,
    check_line_chars,
    check_line_starts,
    find_line_starts,
    visible_chars,
)
from renderers.engines.pdf import PdfPage
from renderers.labels.markdown.html import to_html

_START_SLACK_EM = 0.6
"""How far the first character of a line may be outside the box that the browser measured for the line."""

_MEET_EM = 0.3
"""Ink of two blocks may overlap by this much."""

_MIN_SCRIPT_PX = 3.6
"""Least height of capitals in sub- and superscripts at GOT's 1024 x 1024. The smallest of a journal on A4 have 3.8."""

_MATH_CAP_EM = 0.683
"""Height of a capital of MathJax's font. Source: its metrics of H."""

_CHECKBOX_FONT = "DejaVu Sans"


def prove(page: Page, style: Style, measured: Mapping[str, Any], printed_page: PdfPage) -> Outcome:
    """The sample, or why it is none.

    Args:
        page: what was laid out.
        style: how.
        measured: the output of set.js for it.
        printed_page: of the PDF, at the size of the picture.
    """
    if "error" in measured:
        return Rejected(str(measured["reason"]), str(measured["error"]))
    pixels = printed_page.pixels()
    picture = shrink_to_grey(pixels)
    try:
        layout = _read(page, style, measured)
        _check_inside(layout, picture)
        check_formulas(layout)
        names = printed_page.font_names()
        mask = ink_mask(picture)
        chars, boxes = _read_text(page, style, layout, printed_page, names)
        check_fonts(
            names, face_names((*style.families, *style.display, *style.mono, style.molecules.family, _CHECKBOX_FONT))
        )
        paths = printed_page.paths()
        outlines = find_outlines(layout, paths, style.scale)
        smallest = _smallest_cap(layout, style, picture)
        molecules, contrast = prove_molecules(layout, style.molecules, printed_page, paths, picture)
        regions = make_regions(layout, mask, molecules)
        check_whole(mask, boxes, chars)
        check_whole(mask, np.array([box for _, box in outlines]).reshape(-1, 4), [char for char, _ in outlines])
        check_lines_apart(regions, _MEET_EM * style.size_px * style.scale)
    except ProofFailed as failure:
        return Rejected(failure.reason, failure.detail, picture)
    return Rendered(
        image=picture,
        markup=layout.markup,
        regions=regions,
        language=page.language,
        alternates={"html": to_html([block.placed.block for block in layout.blocks])},
        depth=1 + max(block.placed.block.depth for block in layout.blocks),
        smallest_glyph_px=round(smallest, 2),
        contrast=round(min(contrast, least_contrast(style)), 2),
    )


def _read(page: Page, style: Style, measured: Mapping[str, Any]) -> PageLayout:
    layout = read_layout(page, style, measured)
    if not layout.blocks:
        raise ProofFailed("page_empty", "nothing fits on the page")
    return layout


def _printed_lines(layout: PageLayout) -> list[PrintedLine]:
    """All lines of the page that have text drawn by fonts, in the order of drawing."""
    lines = [PrintedLine("".join(text.split()), box) for text, box in layout.head]
    lines += [PrintedLine(line.drawn, line.box, line.broken) for block in layout.blocks for line in block.lines]
    lines += [PrintedLine("".join(text.split()), box) for text, box in layout.foot]
    return [line for line in lines if line.text]


def _read_text(
    page: Page, style: Style, layout: PageLayout, printed_page: PdfPage, font_names: Sequence[str]
) -> tuple[str, Boxes]:
    """The N chars of the text layer and their boxes (N, 4) in px; proves that they are those of the layout's lines."""
    lines = _printed_lines(layout)
    with printed_page.text_layer() as layer:
        drawn, kept = visible_chars(layer)
        boxes = layer.boxes(kept)
    starts = find_line_starts(lines, drawn, font_names)
    if starts is None:
        check_line_chars(lines, drawn, boxes, page.language)
    else:
        check_line_starts(lines, boxes[starts], _START_SLACK_EM * style.size_px * style.scale)
    return drawn, boxes


def _check_inside(layout: PageLayout, picture: Pixels) -> None:
    height, width = picture.shape[:2]
    boxes = [line.box for block in layout.blocks for line in block.lines]
    boxes += [box for _, box in (*layout.head, *layout.foot)]
    for box in boxes:
        if not inside(box, width, height, slack_px=0.5 * (box[3] - box[1])):
            raise ProofFailed("page_overflow", f"a line ends outside the page, at {box}")
    for block in layout.blocks:
        if block.placed.block.kind == "table" and not inside(block.box, width, height):
            raise ProofFailed("text_cut", f"the rules of a table end outside the page, at {block.box}")


def _smallest_cap(layout: PageLayout, style: Style, picture: Pixels) -> float:
    """Height of a capital of the smallest words, px at GOT's 1024 x 1024; scripts of formulas have their own limit."""
    scale = GOT_SIDE_PX / picture.shape[0]
    ems = [one.em_px for block in layout.blocks for one in block.objects if 0 < one.em_px < 1e6 * style.scale]
    if ems and (script := min(ems) * _MATH_CAP_EM * scale) < _MIN_SCRIPT_PX:
        raise ProofFailed("text_small", f"a script is {script:.1f} px high at {GOT_SIDE_PX} px")
    families = {*style.families, *style.display} | (
        set(style.mono) if any(block.placed.block.kind == "code" for block in layout.blocks) else set()
    )
    cap_em = min(fonts.cap_height_em(name) for name in families)
    small = float(style.variables["--small"].removesuffix("em"))
    return float(style.size_px * small * cap_em * style.scale * scale)

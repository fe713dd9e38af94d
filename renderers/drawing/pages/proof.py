"""The proof of one page: the words in the text layer, the glyphs of formulas among the paths, and the ink of both.

Who draws what is asked of four: the target says which signs a block shows; the browser, which it set, where; the print,
which were drawn, by which fonts; the pixels, that something shows. A formula is read by MathJax once, on the page: each
letter and digit that it says must be among its glyphs, none may be left over, and each other token must leave one.
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
from renderers.drawing.pages.molecules import prove_molecules
from renderers.drawing.pages.regions import make_regions
from renderers.drawing.pages.sheet import Misread, SetPage, read_sheet
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
"""How far the first character of a line may reach out of the box that the page gives for the line."""

_MEET_EM = 0.3
"""Blocks whose ink lies deeper in each other overlap."""

_MIN_SCRIPT_PX = 3.6
"""Of capitals of scripts of scripts at GOT's square. The smallest of a journal printed on A4 are 3.8."""

_MATH_CAP_EM = 0.683
"""Height of a capital of MathJax's font. Source: its metrics of H."""

_TASKS = "DejaVu Sans"


def prove(page: Page, style: Style, found: Mapping[str, Any], sheet: PdfPage) -> Outcome:
    """The sample, or why it is none.

    Args:
        page: what was to be set.
        style: how.
        found: what the browser told of it.
        sheet: its printed page, at the size of the picture.
    """
    if "error" in found:
        return Rejected(str(found["reason"]), str(found["error"]))
    pixels = sheet.pixels()
    picture = shrink_to_grey(pixels)
    try:
        here = _read(page, style, found)
        _check_places(here, picture)
        check_formulas(here)
        names = sheet.font_names()
        mask = ink_mask(picture)
        chars, boxes = _read_text(page, style, here, sheet, names)
        check_fonts(names, face_names((*style.families, *style.display, *style.mono, style.molecules.family, _TASKS)))
        paths = sheet.paths()
        outlines = find_outlines(here, paths, style.scale)
        smallest = _smallest_cap(here, style, picture)
        molecules, contrast = prove_molecules(here, style.molecules, sheet, paths, picture)
        regions = make_regions(here, mask, molecules)
        check_whole(mask, boxes, chars)
        check_whole(mask, np.array([box for _, box in outlines]).reshape(-1, 4), [char for char, _ in outlines])
        check_lines_apart(regions, _MEET_EM * style.size_px * style.scale)
    except ProofFailed as failure:
        return Rejected(failure.reason, failure.detail, picture)
    return Rendered(
        image=picture,
        markup=here.markup,
        regions=regions,
        language=page.language,
        alternates={"html": to_html([block.placed.block for block in here.blocks])},
        depth=1 + max(block.placed.block.depth for block in here.blocks),
        smallest_glyph_px=round(smallest, 2),
        contrast=round(min(contrast, least_contrast(style)), 2),
    )


def _read(page: Page, style: Style, found: Mapping[str, Any]) -> SetPage:
    try:
        here = read_sheet(page, style, found)
    except Misread as error:
        raise ProofFailed("markdown_misread", str(error)) from error
    if not here.blocks:
        raise ProofFailed("page_empty", "nothing fits on the page")
    return here


def _printed_lines(here: SetPage) -> list[PrintedLine]:
    """All lines of the page of which fonts draw something, in the order of drawing."""
    lines = [PrintedLine("".join(text.split()), box) for text, box in here.head]
    lines += [PrintedLine(line.drawn, line.box, line.broken) for block in here.blocks for line in block.lines]
    lines += [PrintedLine("".join(text.split()), box) for text, box in here.foot]
    return [line for line in lines if line.text]


def _read_text(page: Page, style: Style, here: SetPage, sheet: PdfPage, font_names: Sequence[str]) -> tuple[str, Boxes]:
    """The N chars of the page's text layer, and their boxes (N, 4) in px; line for line, they are what was set."""
    lines = _printed_lines(here)
    with sheet.text_layer() as layer:
        drawn, kept = visible_chars(layer)
        boxes = layer.boxes(kept)
    starts = find_line_starts(lines, drawn, font_names)
    if starts is None:
        check_line_chars(lines, drawn, boxes, page.language)
    else:
        check_line_starts(lines, boxes[starts], _START_SLACK_EM * style.size_px * style.scale)
    return drawn, boxes


def _check_places(here: SetPage, picture: Pixels) -> None:
    height, width = picture.shape[:2]
    boxes = [line.box for block in here.blocks for line in block.lines]
    boxes += [box for _, box in (*here.head, *here.foot)]
    for box in boxes:
        if not inside(box, width, height, slack_px=0.5 * (box[3] - box[1])):
            raise ProofFailed("page_overflow", f"a line ends outside the page, at {box}")
    for block in here.blocks:
        if block.placed.block.kind == "table" and not inside(block.box, width, height):
            raise ProofFailed("text_cut", f"the rules of a table end outside the page, at {block.box}")


def _smallest_cap(here: SetPage, style: Style, picture: Pixels) -> float:
    """Height of a capital of the smallest words at GOT's square; scripts of formulas have a limit of their own."""
    scale = GOT_SIDE_PX / picture.shape[0]
    ems = [thing.em_px for block in here.blocks for thing in block.things if 0 < thing.em_px < 1e6 * style.scale]
    if ems and (script := min(ems) * _MATH_CAP_EM * scale) < _MIN_SCRIPT_PX:
        raise ProofFailed("text_small", f"a script is {script:.1f} px high at {GOT_SIDE_PX} px")
    families = {*style.families, *style.display} | (
        set(style.mono) if any(block.placed.block.kind == "code" for block in here.blocks) else set()
    )
    cap_em = min(fonts.cap_height_em(name) for name in families)
    small = float(style.variables["--small"].removesuffix("em"))
    return float(style.size_px * small * cap_em * style.scale * scale)

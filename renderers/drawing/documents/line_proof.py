"""The proof of a PDF page of slices: each has the characters of its text, drawn by its fonts, and ink that is not cut.

The text layer and the list of text runs are read once a page. Slices are below each other, so the y of a character says
which slice it belongs to.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import numpy as np
import numpy.typing as npt

from renderers.core.boxes import GOT_SIDE_PX
from renderers.core.renderer import Outcome, ProofFailed, Region, Rejected, Rendered
from renderers.drawing.documents.line_layout import LineLayout, has_colour
from renderers.drawing.documents.line_style import LineSpec, least_line_contrast, smallest_cap_px
from renderers.drawing.printed.chars import check_chars, same_text
from renderers.drawing.printed.fonts import face_names
from renderers.drawing.printed.ink import INK_LEVELS
from renderers.engines.pdf import PdfPage, TextLayer

_MIN_SIDE_PX = 16
"""Shortest side of a picture."""


def prove_lines(specs: Sequence[LineSpec], layouts: Sequence[LineLayout], page: PdfPage) -> list[Outcome]:
    """The sample of each slice of a page, or why it is none.

    Args:
        specs: the N slices of the page.
        layouts: of each, from top to bottom.
        page: of the PDF, at one px a point.
    """
    tops = np.array([layout.top_pt for layout in layouts])
    with page.text_layer() as layer:
        faults = _find_faults_in_order(specs, layouts, layer)
        if faults is None:
            faults = _find_faults_by_position(specs, tops, layer)
    for at, fault in _find_foreign_fonts(specs, tops, page).items():
        faults.setdefault(at, fault)
    return [
        _cut_out(spec, layout, page, faults.get(at))
        for at, (spec, layout) in enumerate(zip(specs, layouts, strict=True))
    ]


def _find_faults_in_order(
    specs: Sequence[LineSpec], layouts: Sequence[LineLayout], layer: TextLayer
) -> dict[int, Rejected] | None:
    """The faults of slices by index, where the text layer is in reading order; None where it is in another."""
    ends: list[int] = []
    at = 0
    for spec in specs:
        expected = "".join(spec.text.split())
        drawn = layer.text[at : at + len(expected)]
        if not expected or (drawn != expected and not same_text(expected, drawn, _faces(spec))):
            return None
        ends += (at, at + len(expected) - 1)
        at += len(expected)
    if at != len(layer.text):
        return None
    boxes = layer.boxes(ends)
    middles = ((boxes[:, 1] + boxes[:, 3]) / 2).reshape(-1, 2)
    return {
        index: Rejected("text_moved", f"{specs[index].text!r} is at {middles[index].tolist()}, not in {layout}")
        for index, layout in enumerate(layouts)
        if not layout.top_pt < middles[index].min() <= middles[index].max() < layout.top_pt + layout.height_pt
    }


def _find_faults_by_position(
    specs: Sequence[LineSpec], tops: npt.NDArray[np.int64], layer: TextLayer
) -> dict[int, Rejected]:
    """The faults of slices by index, each character being of the slice that it is in, by its y."""
    boxes = layer.boxes(range(len(layer.text)))
    owners = np.searchsorted(tops, (boxes[:, 1] + boxes[:, 3]) / 2, side="right") - 1
    inked = [""] * len(specs)
    for char, owner in zip(layer.text, owners.tolist(), strict=True):
        inked[owner] += char
    faults: dict[int, Rejected] = {}
    for at, spec in enumerate(specs):
        if same_text("".join(spec.text.split()), inked[at], _faces(spec)):
            continue
        try:
            check_chars(spec.text, inked[at], spec.language)
        except ProofFailed as failure:
            faults[at] = Rejected(failure.reason, failure.detail)
    return faults


def _find_foreign_fonts(specs: Sequence[LineSpec], tops: npt.NDArray[np.int64], page: PdfPage) -> dict[int, Rejected]:
    boxes, names = page.text_runs()
    owners = np.searchsorted(tops, (boxes[:, 1] + boxes[:, 3]) / 2, side="right") - 1
    return {
        owner: Rejected("font_fallback", f"some of {specs[owner].text!r} was drawn by {name!r}")
        for owner, name in zip(owners.tolist(), names, strict=True)
        if name not in _faces(specs[owner])
    }


def _faces(spec: LineSpec) -> frozenset[str]:
    return face_names(spec.style.families, (spec.style.bold,))


def _cut_out(spec: LineSpec, layout: LineLayout, page: PdfPage, fault: Rejected | None) -> Outcome:
    """The picture: the ink and some paper around it."""
    style, grey = spec.style, not has_colour(spec)
    width, height = int(layout.width_pt * style.scale), int(layout.height_pt * style.scale)
    part = page.strip(layout.top_pt, style.scale, width, height, grey)
    if fault is not None:
        return replace(fault, image=part)
    level = part if grey else part[:, :, 1]
    # Green counts most for how light a colour is.
    paper, ink = int(style.paper[3:5], 16), int(style.ink[3:5], 16)
    mask = level < paper - INK_LEVELS if ink < paper else level > paper + INK_LEVELS
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return Rejected("glyph_missing", f"{spec.text!r} has no ink", part)
    x0, y0, x1, y1 = int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
    if x0 == 0 or y0 == 0 or x1 == width or y1 == height:
        return Rejected("text_cut", f"{spec.text!r} reaches the edge of its part of the page", part)
    left, above, right, below = style.pad_px
    upper, lower = y0, y1
    if not style.tight:
        margin = layout.margin_pt * style.scale
        upper, lower = min(y0, int(margin)), max(y1, ceil(layout.height_pt * style.scale - margin))
    top, bottom = _cut(upper - above, lower + below, height)
    start, end = _cut(x0 - left, x1 + right, width)
    picture = np.ascontiguousarray(part[top:bottom, start:end])
    box = (float(x0 - start), float(y0 - top), float(x1 - start), float(y1 - top))
    return Rendered(
        image=picture,
        markup=spec.text,
        regions=(Region(box, spec.text, spec.kind, (0, len(spec.text))),),
        language=spec.language,
        smallest_glyph_px=round(smallest_cap_px(style.families, style.size_px) * GOT_SIDE_PX / picture.shape[0], 2),
        contrast=round(least_line_contrast(style), 2),
    )


def _cut(low: int, high: int, end: int) -> tuple[int, int]:
    """The range low..high, made at least `_MIN_SIDE_PX` long and moved into 0..end."""
    missing = max(0, _MIN_SIDE_PX - (high - low))
    low = max(0, low - missing // 2)
    high = min(end, max(high + missing - missing // 2, low + _MIN_SIDE_PX))
    return max(0, min(low, high - _MIN_SIDE_PX)), high

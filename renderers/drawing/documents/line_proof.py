"""The proof of a sheet of slices: each slot has the characters of its text, by its fonts, and ink that is whole.

The text layer and the list of runs are read once a sheet; which slot a character stands in says its height alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import numpy as np
import numpy.typing as npt

from renderers.core.boxes import GOT_SIDE_PX
from renderers.core.renderer import Outcome, ProofFailed, Region, Rejected, Rendered
from renderers.drawing.documents.line_sheet import Slot, has_colour
from renderers.drawing.documents.line_style import LineSpec, least_line_contrast, smallest_cap_px
from renderers.drawing.printed.chars import check_chars, same_text
from renderers.drawing.printed.fonts import face_names
from renderers.drawing.printed.ink import INK_LEVELS
from renderers.engines.pdf import PdfPage, TextLayer

_MIN_SIDE_PX = 16
"""Of a picture."""


def prove_sheet(specs: Sequence[LineSpec], slots: Sequence[Slot], sheet: PdfPage) -> list[Outcome]:
    """The sample of each slot, or why it is none.

    Args:
        specs: what was to be drawn in each slot.
        slots: from above.
        sheet: as it was printed, seen at a px for each point.
    """
    tops = np.array([slot.top for slot in slots])
    with sheet.text_layer() as layer:
        faults = _read_in_order(specs, slots, layer)
        if faults is None:
            faults = _read_by_place(specs, tops, layer)
    for at, fault in _foreign_fonts(specs, tops, sheet).items():
        faults.setdefault(at, fault)
    return [
        _cut_out(spec, slot, sheet, faults.get(at)) for at, (spec, slot) in enumerate(zip(specs, slots, strict=True))
    ]


def _read_in_order(specs: Sequence[LineSpec], slots: Sequence[Slot], layer: TextLayer) -> dict[int, Rejected] | None:
    """What is wrong in which slot, where all is drawn as it is read; None where the text layer goes another way."""
    ends: list[int] = []
    at = 0
    for spec in specs:
        wanted = "".join(spec.text.split())
        drawn = layer.text[at : at + len(wanted)]
        if not wanted or (drawn != wanted and not same_text(wanted, drawn, _faces(spec))):
            return None
        ends += (at, at + len(wanted) - 1)
        at += len(wanted)
    if at != len(layer.text):
        return None
    boxes = layer.boxes(ends)
    middles = ((boxes[:, 1] + boxes[:, 3]) / 2).reshape(-1, 2)
    return {
        place: Rejected("text_moved", f"{specs[place].text!r} stands at {middles[place].tolist()}, not in {slot}")
        for place, slot in enumerate(slots)
        if not slot.top < middles[place].min() <= middles[place].max() < slot.top + slot.height
    }


def _read_by_place(specs: Sequence[LineSpec], tops: npt.NDArray[np.int64], layer: TextLayer) -> dict[int, Rejected]:
    """The same by where each character stands."""
    boxes = layer.boxes(range(len(layer.text)))
    owners = np.searchsorted(tops, (boxes[:, 1] + boxes[:, 3]) / 2, side="right") - 1
    inked = [""] * len(specs)
    for sign, owner in zip(layer.text, owners.tolist(), strict=True):
        inked[owner] += sign
    faults: dict[int, Rejected] = {}
    for at, spec in enumerate(specs):
        if same_text("".join(spec.text.split()), inked[at], _faces(spec)):
            continue
        try:
            check_chars(spec.text, inked[at], spec.language)
        except ProofFailed as failure:
            faults[at] = Rejected(failure.reason, failure.detail)
    return faults


def _foreign_fonts(specs: Sequence[LineSpec], tops: npt.NDArray[np.int64], sheet: PdfPage) -> dict[int, Rejected]:
    boxes, names = sheet.text_runs()
    owners = np.searchsorted(tops, (boxes[:, 1] + boxes[:, 3]) / 2, side="right") - 1
    return {
        owner: Rejected("font_fallback", f"some of {specs[owner].text!r} was drawn by {name!r}")
        for owner, name in zip(owners.tolist(), names, strict=True)
        if name not in _faces(specs[owner])
    }


def _faces(spec: LineSpec) -> frozenset[str]:
    return face_names(spec.style.families, (spec.style.bold,))


def _cut_out(spec: LineSpec, slot: Slot, sheet: PdfPage, fault: Rejected | None) -> Outcome:
    """The picture: the ink and some paper around it."""
    style, grey = spec.style, not has_colour(spec)
    width, height = int(slot.width * style.scale), int(slot.height * style.scale)
    part = sheet.strip(slot.top, style.scale, width, height, grey)
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
        return Rejected("text_cut", f"{spec.text!r} reaches the edge of its slot", part)
    left, above, right, below = style.pad_px
    upper, lower = y0, y1
    if not style.tight:
        rim = slot.rim * style.scale
        upper, lower = min(y0, int(rim)), max(y1, ceil(slot.height * style.scale - rim))
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
    """Within 0..end, and no shorter than a picture may be."""
    lacking = max(0, _MIN_SIDE_PX - (high - low))
    low = max(0, low - lacking // 2)
    high = min(end, max(high + lacking - lacking // 2, low + _MIN_SIDE_PX))
    return max(0, min(low, high - _MIN_SIDE_PX)), high

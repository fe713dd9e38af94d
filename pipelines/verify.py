"""The last look at a sample before it is written: what must hold whoever drew it.

Renderers prove their own ink; this proves what they all promise: a canonical label, each of its strings boxed on the
picture, boxes inside, text that GOT can read. The answer is a reason, never an exception.
"""

import json

import numpy as np

from renderers.core.boxes import inside
from renderers.core.renderer import NO_SPAN, Rejected, Rendered
from renderers.labels.grammars import GRAMMARS

MIN_GLYPH_PX = 8.0
"""Smallest text at the 1024 x 1024 that GOT reads. Source: design; half of one 16 px patch of its encoder."""

MIN_CONTRAST = 1.6
"""WCAG 2 contrast of the faintest text. Light grey print (1.6) is still read by people; below it ink is lost."""

_MIN_SIDE_PX = 16
_MAX_SIDE_PX = 8192


def verify(rendered: Rendered, markup_format: str) -> Rejected | None:
    """Why a sample may not be written, or None."""
    reason = _picture_fault(rendered) or _label_fault(rendered, markup_format) or _region_fault(rendered)
    if reason is None:
        reason = _coverage_fault(rendered, markup_format) or _legibility_fault(rendered)
    return None if reason is None else Rejected(reason[0], reason[1], rendered.image)


def _picture_fault(rendered: Rendered) -> tuple[str, str] | None:
    image = rendered.image
    if image.dtype != np.uint8 or image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] != 3):
        return "picture_malformed", f"{image.dtype} {image.shape}"
    if not all(_MIN_SIDE_PX <= side <= _MAX_SIDE_PX for side in image.shape[:2]):
        return "picture_size_wrong", f"{image.shape[1]} x {image.shape[0]} px"
    if image.min() == image.max():
        return "picture_blank", "all pixels are equal"
    return None


def _label_fault(rendered: Rendered, markup_format: str) -> tuple[str, str] | None:
    fault = GRAMMARS[markup_format].check(rendered.markup)
    return None if fault is None else ("label_not_canonical", fault)


def _region_fault(rendered: Rendered) -> tuple[str, str] | None:
    height, width = rendered.image.shape[:2]
    for place, region in enumerate(rendered.regions):
        x0, y0, x1, y1 = region.box
        if not (x0 < x1 and y0 < y1 and inside(region.box, width, height, slack_px=1.0)):
            return "region_outside", f"{region.kind} {region.text!r} at {region.box} in {width} x {height} px"
        if region.order != place:
            return "region_out_of_order", f"{region.kind} {region.text!r} is number {region.order}, stands at {place}"
        if region.span == NO_SPAN:
            continue
        start, stop = region.span
        if not 0 <= start < stop <= len(rendered.markup):
            return "span_wrong", f"{region.kind} {region.text!r} has span {region.span}"
        said = rendered.markup[start:stop]
        if said not in (region.text, json.dumps(region.text, ensure_ascii=False)[1:-1]):
            return "span_wrong", f"{region.kind} {region.text!r} points to {said!r}"
    return None


def _coverage_fault(rendered: Rendered, markup_format: str) -> tuple[str, str] | None:
    shown = np.zeros(len(rendered.markup), bool)
    for region in rendered.regions:
        if region.span != NO_SPAN:
            shown[region.span[0] : region.span[1]] = True
    for (start, stop), text in GRAMMARS[markup_format].inked_spans(rendered.markup):
        if not shown[start:stop].all():
            return "region_missing", f"nothing on the picture is marked as {text!r} at {(start, stop)}"
    return None


def _legibility_fault(rendered: Rendered) -> tuple[str, str] | None:
    if rendered.smallest_glyph_px < MIN_GLYPH_PX:
        return "text_small", f"{rendered.smallest_glyph_px:.1f} px at 1024 x 1024"
    if rendered.contrast < MIN_CONTRAST:
        return "contrast_low", f"{rendered.contrast:.2f}"
    return None

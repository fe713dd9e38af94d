"""The last look at a sample before it is written: what must hold whoever drew it.

Renderers prove their own ink; this proves what they all promise, of the picture as it will be stored, degraded or not:
a canonical label, each of its strings boxed on the picture, boxes inside, text that GOT can read.
"""

import json

import numpy as np

from renderers.core.boxes import inside
from renderers.core.image import MAX_SIDE_PX
from renderers.core.renderer import NO_SPAN, ProofFailed, Rejected, Rendered
from renderers.effects.degrade import MIN_GLYPH_PX as MIN_DEGRADED_GLYPH_PX
from renderers.labels.grammars import GRAMMARS

MIN_GLYPH_PX = 8.0
"""Height of the smallest text of a clean picture at the 1024 x 1024 that GOT reads, px. Half of one 16 px patch of its
encoder."""

MIN_CONTRAST = 1.6
"""WCAG 2 contrast of the faintest text, 1 to 21. Light grey print (1.6) is still read by people; below it ink is
lost."""

_MIN_SIDE_PX = 16


def verify(rendered: Rendered, markup_format: str, clean: Rendered | None = None) -> Rejected | None:
    """Why a sample may not be written, or None.

    Args:
        rendered: the sample as it would be stored.
        markup_format: the grammar of its label.
        clean: the same before it was degraded; None where it was not. Its text must be as large as any clean text.
    """
    try:
        _check_picture(rendered)
        _check_label(rendered, markup_format)
        _check_regions(rendered)
        _check_coverage(rendered, markup_format)
        _check_legibility(rendered, clean)
    except ProofFailed as failure:
        return Rejected(failure.reason, failure.detail, rendered.image)
    return None


def _check_picture(rendered: Rendered) -> None:
    image = rendered.image
    if image.dtype != np.uint8 or image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] != 3):
        raise ProofFailed("picture_malformed", f"{image.dtype} {image.shape}")
    if not all(_MIN_SIDE_PX <= side <= MAX_SIDE_PX for side in image.shape[:2]):
        raise ProofFailed("picture_size_wrong", f"{image.shape[1]} x {image.shape[0]} px")
    if image.min() == image.max():
        raise ProofFailed("picture_blank", "all pixels are equal")


def _check_label(rendered: Rendered, markup_format: str) -> None:
    fault = GRAMMARS[markup_format].check(rendered.markup)
    if fault is not None:
        raise ProofFailed("label_not_canonical", fault)


def _check_regions(rendered: Rendered) -> None:
    height, width = rendered.image.shape[:2]
    for position, region in enumerate(rendered.regions):
        name = f"{region.kind} {region.text!r}"
        x0, y0, x1, y1 = region.box
        if not (x0 < x1 and y0 < y1 and inside(region.box, width, height, slack_px=1.0)):
            raise ProofFailed("region_outside", f"{name} at {region.box} in {width} x {height} px")
        if region.order != position:
            raise ProofFailed("region_out_of_order", f"{name} is number {region.order}, stands at {position}")
        if region.span == NO_SPAN:
            continue
        start, stop = region.span
        if not 0 <= start < stop <= len(rendered.markup):
            raise ProofFailed("span_wrong", f"{name} has span {region.span}")
        spanned = rendered.markup[start:stop]
        if spanned not in (region.text, json.dumps(region.text, ensure_ascii=False)[1:-1]):
            raise ProofFailed("span_wrong", f"{name} points to {spanned!r}")


def _check_coverage(rendered: Rendered, markup_format: str) -> None:
    covered = np.zeros(len(rendered.markup), bool)
    for region in rendered.regions:
        if region.span != NO_SPAN:
            covered[region.span[0] : region.span[1]] = True
    for (start, stop), text in GRAMMARS[markup_format].inked_spans(rendered.markup):
        if not covered[start:stop].all():
            raise ProofFailed("region_missing", f"nothing on the picture is marked as {text!r} at {(start, stop)}")


def _check_legibility(rendered: Rendered, clean: Rendered | None) -> None:
    before = rendered if clean is None else clean
    for sample, min_px in ((before, MIN_GLYPH_PX), (rendered, MIN_DEGRADED_GLYPH_PX)):
        if sample.smallest_glyph_px < min_px:
            raise ProofFailed("text_small", f"{sample.smallest_glyph_px:.1f} px at 1024 x 1024")
    if rendered.contrast < MIN_CONTRAST:
        raise ProofFailed("contrast_low", f"{rendered.contrast:.2f}")

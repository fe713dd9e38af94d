"""Degrade a proven sample: its picture changes, regions and measures follow, unreadable results are rejected."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from renderers.core.boxes import Box
from renderers.core.renderer import ProofFailed, Rejected, Rendered
from renderers.effects.legibility import UNREADABLE, read_worst
from renderers.effects.mix import Degradation, Effects, draw
from renderers.effects.picture import Result, degrade_picture, shifted

MIN_GLYPH_PX = 7.0
"""Smallest text at the 1024 x 1024 that GOT reads. Clean text has 8 px; askew it may lose an eighth, not more."""


@dataclass(frozen=True, slots=True)
class Degraded:
    """A sample after its degradation.

    Attributes:
        rendered: picture, regions and measures after the degradation.
        severity: of the strongest effect that acted, 0..1; 0 where the sample stayed clean.
    """

    rendered: Rendered
    severity: float


def degrade(rendered: Rendered, knobs: Effects, rng: np.random.Generator) -> Degraded | Rejected:
    """Draw what happens to a sample and do it."""
    return apply(rendered, draw(rng, knobs))


def apply(rendered: Rendered, degradation: Degradation) -> Degraded | Rejected:
    """Do to a sample what was drawn for it."""
    if not degradation.effects:
        return Degraded(rendered, 0.0)
    result = degrade_picture(rendered.image, rendered.regions, degradation)
    boxes = [region.box for region in rendered.regions]
    moved = [region.box for region in result.regions]
    flat = [shifted(box, result.offset_px) for box in boxes]
    moves = list(zip(flat, moved, strict=True))
    reading = read_worst(result.clean, result.image, moves, result.frame, result.stroke_px)
    names = ", ".join(type(effect).__name__.lower() for effect in degradation.effects)
    glyph_px = rendered.smallest_glyph_px * _zoom(rendered, result, boxes, moved)
    try:
        if reading is not None:
            reading.check()
        _check_size(rendered.smallest_glyph_px, glyph_px)
    except ProofFailed as failure:
        return Rejected(failure.reason, f"{failure.detail} after {names}", result.image)
    contrast = rendered.contrast if reading is None else max(1.0, rendered.contrast) ** reading.kept
    degraded = replace(
        rendered, image=result.image, regions=result.regions, smallest_glyph_px=glyph_px, contrast=contrast
    )
    return Degraded(degraded, result.severity)


def _check_size(before_px: float, after_px: float) -> None:
    """Raises ProofFailed where text that was large enough for GOT no longer is."""
    if after_px < MIN_GLYPH_PX <= before_px:
        raise ProofFailed(UNREADABLE, f"{after_px:.1f} px at 1024 x 1024")


def _zoom(rendered: Rendered, result: Result, boxes: Sequence[Box], moved: Sequence[Box]) -> float:
    """How much smaller text is at GOT than it was: the picture grew around it, and it lies further away."""
    if result.frame is None:
        return 1.0
    grown = rendered.image.shape[0] / result.image.shape[0]
    # Boxes only grow by turning, so their narrow sides say what is left at least where they shrink.
    sides = [
        min(new[3] - new[1], new[2] - new[0]) / min(old[3] - old[1], old[2] - old[0])
        for old, new in zip(boxes, moved, strict=True)
    ]
    return float(grown * min(1.0, np.percentile(sides, 5))) if sides else grown

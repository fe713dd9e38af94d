"""A degradation done to a picture: ink and paper while it lies flat, then one move, then light and sensor.

What is around the picture after a move depends on what it is. A whole page is seen on a desk or under a scanner's lid;
a cut-out is a part of a page, so there is more of that page around it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import msgspec
import numpy as np

from renderers.core.boxes import Box
from renderers.core.image import shrink_to_grey
from renderers.core.renderer import Pixels, Region
from renderers.effects import texture
from renderers.effects.effect import Geometric, PictureTraits
from renderers.effects.geometry import Frame
from renderers.effects.legibility import stroke_width
from renderers.effects.mix import AnyEffect, Degradation
from renderers.effects.photo import Perspective, desk
from renderers.effects.scan import Skew
from renderers.effects.tone import LEVELS, cover, curve, multiply, to_rgb

_PAGE_SIDES_PX = (700, 1000)
"""Shorter and longer side of the smallest picture that is a whole page: A5 at 120 dpi."""

_EDGE_PX = 0.25
"""By which OpenCV draws a polygon too large at twice the size; its soft edges are worse. Measured: on boxes at the
edge of their picture; with less, the last pixels repeat."""

_SHADOW = 0.012
"""Reach of a page's shadow on its desk, in shorter sides of the picture."""

_LINES = 17
_MAX_PAD = 0.6
"""Most paper added on each side of a cut-out, in its longer sides: more than any effect needs."""


class Result(NamedTuple):
    """A degraded picture, and what its legibility is measured against.

    Attributes:
        image, regions: after the degradation.
        severity: of the strongest effect that acted.
        clean: the picture as it was before, with the paper around it that a move brought in.
        frame: the map from `clean` to `image`; None where nothing moved.
        offset_px: of the picture in `clean`, x and y.
        stroke_px: of the smallest text of the clean picture.
    """

    image: Pixels
    regions: tuple[Region, ...]
    severity: float
    clean: Pixels
    frame: Frame | None
    offset_px: tuple[int, int]
    stroke_px: float


def apply(image: Pixels, regions: Sequence[Region], degradation: Degradation) -> tuple[Pixels, tuple[Region, ...]]:
    """The degraded picture, and its regions moved with it."""
    result = degrade_picture(image, regions, degradation)
    return result.image, result.regions


def degrade_picture(image: Pixels, regions: Sequence[Region], degradation: Degradation) -> Result:
    """As `apply`, with what its legibility is measured against."""
    # A switch of each thread, so it is set here: some of Intel's loops round otherwise than OpenCV's own, which are as
    # fast (measured) and run on every processor.
    cv2.ipp.setUseIPP(False)
    image = shrink_to_grey(image)
    traits = _traits_of(image, regions)
    moves = [effect for effect in degradation.effects if isinstance(effect, Geometric)]
    if not moves:
        degraded, severity = _in_turn(image, degradation.effects, traits)
        return Result(_coarser(degraded), tuple(regions), severity, image, None, (0, 0), traits.stroke_px)
    clean, frame, offset = _framed(image, moves, traits)
    last = max(index for index, effect in enumerate(degradation.effects) if isinstance(effect, Geometric))
    flat, severity_before = _in_turn(clean, degradation.effects[: last + 1], traits)
    moved = _surrounded(frame.read(flat), frame, moves, image.shape)
    degraded, severity_after = _in_turn(moved, degradation.effects[last + 1 :], traits)
    boxes = frame.move([shifted(region.box, offset) for region in regions])
    moved_regions = tuple(msgspec.structs.replace(region, box=box) for region, box in zip(regions, boxes, strict=True))
    severity = max(severity_before, severity_after)
    return Result(_coarser(degraded), moved_regions, severity, clean, frame, offset, traits.stroke_px)


def shifted(box: Box, offset_px: tuple[int, int]) -> Box:
    """A box of a picture, in a larger picture that has it at that offset."""
    x, y = offset_px
    return (box[0] + x, box[1] + y, box[2] + x, box[3] + y)


def _traits_of(image: Pixels, regions: Sequence[Region]) -> PictureTraits:
    edge = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    ground = np.median(edge, axis=0).astype(int).reshape(-1)
    red, green, blue = (int(level) for level in np.broadcast_to(ground, (3,)))
    return PictureTraits(stroke_width(image, [region.box for region in regions]), (red, green, blue), image.ndim == 3)


def _in_turn(image: Pixels, effects: Sequence[AnyEffect], traits: PictureTraits) -> tuple[Pixels, float]:
    """All effects on pixels that stay where they are, and the severity of the strongest that acted."""
    severity = 0.0
    for effect in effects:
        after = effect.apply(image, traits)
        if after is not image or isinstance(effect, Geometric):
            severity = max(severity, effect.severity)
        image = after
    return image, severity


def _framed(image: Pixels, moves: Sequence[Geometric], traits: PictureTraits) -> tuple[Pixels, Frame, tuple[int, int]]:
    """The picture with the paper around it that a move brings in, its frame, and the offset of the picture in it."""
    height, width = image.shape[:2]
    if _beside(moves, image.shape) is not None:
        margin = max((effect.margin for effect in moves if isinstance(effect, Perspective)), default=0.0)
        return image, Frame(moves, width, height, round(margin * min(height, width))), (0, 0)
    most = int(_MAX_PAD * max(height, width))
    low, high = Frame(moves, width, height).reach()
    left, top = min(max(0, -low[0]), most), min(max(0, -low[1]), most)
    right, bottom = min(max(0, high[0] - width), most), min(max(0, high[1] - height), most)
    ground = traits.ground if image.ndim == 3 else traits.ground[:1]
    padded = cv2.copyMakeBorder(image, top, bottom, left, right, cv2.BORDER_CONSTANT, value=ground)
    window = (left, top, left + width, top + height)
    frame = Frame(moves, left + width + right, top + height + bottom, window=window)
    return np.asarray(padded, np.uint8), frame, (left, top)


def _beside(moves: Sequence[Geometric], shape: tuple[int, ...]) -> Perspective | Skew | None:
    """The effect that shows a desk or a lid beside a whole page; None where there is more paper beside it."""
    if min(shape[:2]) < _PAGE_SIDES_PX[0] or max(shape[:2]) < _PAGE_SIDES_PX[1]:
        return None
    for effect in moves:
        if (isinstance(effect, Perspective) and effect.desk) or (isinstance(effect, Skew) and effect.lid >= 0):
            return effect
    return None


def _surrounded(image: Pixels, frame: Frame, moves: Sequence[Geometric], shape: tuple[int, ...]) -> Pixels:
    """The picture with a desk or a lid around the page."""
    beside = _beside(moves, shape)
    if beside is None:
        return image
    height, width = image.shape[:2]
    twice = np.full((2 * height, 2 * width), 255, np.uint8)
    outline = np.rint(frame.outline(64, _EDGE_PX) * 2 * 16 - 8).astype(np.int32)
    cv2.fillPoly(twice, [outline], 0, cv2.LINE_8, 4)
    outside = np.asarray(cv2.resize(twice, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    if isinstance(beside, Skew):
        level = round(beside.lid)
        return cover(image, (level, level, level), outside)
    ground = desk(beside.desk, beside.seed, height, width)
    rows, columns = ground.shape[:2]
    small = cv2.resize(outside, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    lit = 0.45 + 0.55 * cv2.GaussianBlur(small, (0, 0), _SHADOW * min(shape[:2]) / texture.STEP_PX)
    shaded = np.asarray(ground * (lit if ground.ndim == 2 else lit[..., None]), np.float32)
    surface = texture.full(shaded, height, width)
    surface = surface if image.ndim == 2 else to_rgb(surface)
    shown = multiply(image if surface.ndim == 2 else to_rgb(image), np.asarray(cv2.bitwise_not(outside), np.uint8))
    return np.asarray(cv2.add(shown, multiply(surface, outside)), np.uint8)


def _coarser(image: Pixels) -> Pixels:
    """Fewer grey levels where noise is larger than a level: it is not visible, and PNG stores it in half the bytes."""
    apart = np.median(cv2.absdiff(image[::_LINES, 1:], image[::_LINES, :-1]))
    step = 4 if apart >= 5 else 2 if apart >= 2.5 else 1
    return image if step == 1 else curve(image, np.rint(LEVELS / step) * step)

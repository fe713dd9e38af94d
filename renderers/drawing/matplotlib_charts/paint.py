"""Inks a plan with Matplotlib's Agg: shapes in their order, then texts, each kept as the mask that was inked."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from renderers.content.fonts import face_index, font_file
from renderers.core.boxes import Box, union
from renderers.core.colours import rgb
from renderers.core.renderer import Pixels
from renderers.drawing.matplotlib_charts.plan import LINE_EM, Markers, Plan, Polygon, Rounded, Shape, Text, Wedge
from renderers.engines.matplotlib_agg import Canvas, Face, Ink, MatplotlibAgg, Pen

_HALO_PX = 2


@dataclass(frozen=True, slots=True)
class Inked:
    """A text and what was inked of each of its lines; None for a line without ink."""

    text: Text
    lines: tuple[Ink | None, ...]

    @property
    def box(self) -> Box | None:
        """Around all its ink."""
        boxes = [ink.box for ink in self.lines if ink is not None]
        return union(boxes) if boxes else None


@dataclass(frozen=True, slots=True)
class Painted:
    """A finished picture, (H, W, 3), and what was inked in it as text."""

    pixels: Pixels
    texts: tuple[Inked, ...]


@lru_cache(maxsize=256)
def faces(families: tuple[str, ...], bold: bool) -> tuple[Face, ...]:
    """The font files of a chain of families."""
    return tuple((str(font_file(family, bold)), face_index(family)) for family in families)


def paint(engine: MatplotlibAgg, plan: Plan) -> Painted:
    """Inks a plan."""
    style = plan.style
    canvas = engine.canvas(style.width_px, style.height_px, style.dpi, rgb(style.paper))
    for shape in plan.shapes:
        _draw(canvas, shape)
    texts = tuple(Inked(text, _typeset(engine, plan, text)) for text in plan.texts)
    for inked in texts:
        if inked.text.halo:
            for ink in inked.lines:
                if ink is not None:
                    canvas.ink(_halo(ink), rgb(inked.text.halo))
    for inked in texts:
        for ink in inked.lines:
            if ink is not None:
                canvas.ink(ink, rgb(inked.text.colour))
    return Painted(canvas.pixels(), texts)


def _typeset(engine: MatplotlibAgg, plan: Plan, text: Text) -> tuple[Ink | None, ...]:
    files = faces(plan.families, text.bold)
    turn = math.radians(text.angle_deg)
    pitch = LINE_EM * text.size_px
    return tuple(
        engine.typeset(
            line,
            files,
            text.size_px,
            (text.x + number * pitch * math.sin(turn), text.y + number * pitch * math.cos(turn)),
            align=(text.across, text.up),
            angle_deg=text.angle_deg,
            hinting=plan.style.hinting,
        )
        for number, line in enumerate(text.lines)
    )


def _halo(ink: Ink) -> Ink:
    """The ink, thicker by two px."""
    wide = np.pad(ink.mask, _HALO_PX)
    grown = wide.copy()
    for shift in range(1, _HALO_PX + 1):
        for axis in (0, 1):
            grown = np.maximum(grown, np.maximum(np.roll(wide, shift, axis), np.roll(wide, -shift, axis)))
        wide = grown
    return Ink(grown, ink.left - _HALO_PX, ink.top - _HALO_PX)


def _draw(canvas: Canvas, shape: Shape) -> None:
    if isinstance(shape, Polygon):
        points = np.array([*shape.points, shape.points[0]] if shape.closed else shape.points, float)
        canvas.draw(Path(points, closed=shape.closed), shape.pen)
    elif isinstance(shape, Markers):
        path, pen = _marker(shape.marker, shape.size_px), shape.pen
        if pen.width_px == 0 and pen.stroke is None:
            pen = Pen(fill=pen.fill)
        canvas.stamp(path, shape.points, pen)
    elif isinstance(shape, Wedge):
        canvas.draw(_wedge(shape), shape.pen)
    else:
        canvas.draw(_rounded(shape), shape.pen)


@lru_cache(maxsize=512)
def _marker(name: str, size_px: float) -> Path:
    style = MarkerStyle(name)
    return style.get_transform().transform_path(style.get_path()).transformed(Affine2D().scale(size_px))


def _wedge(shape: Wedge) -> Path:
    """A sector, a ring's sector or a circle; Matplotlib counts upwards, a picture downwards."""
    if shape.end_deg - shape.start_deg >= 360 and shape.inner_px == 0:
        unit = Path.unit_circle()
        return unit.transformed(Affine2D().scale(shape.outer_px).translate(*shape.centre))
    whole = shape.end_deg - shape.start_deg >= 359.999
    unit = Path.arc(0, 360) if whole else Path.arc(shape.start_deg, shape.end_deg)
    rim, curves = np.asarray(unit.vertices, float), np.asarray(unit.codes)
    outer, close = rim * shape.outer_px, [Path.LINETO, Path.CLOSEPOLY]
    if shape.inner_px > 0:
        vertices = np.concatenate([outer, rim[::-1] * shape.inner_px, outer[:1]])
        codes = np.concatenate([curves, close[:1], curves[1:], close[1:]])
    else:
        vertices = np.concatenate([outer, [[0.0, 0.0]], outer[:1]])
        codes = np.concatenate([curves, close])
    return Path(vertices * (1, -1) + shape.centre, codes)


def _rounded(shape: Rounded) -> Path:
    x0, y0, x1, y1 = shape.box
    r = min(shape.radius_px, (x1 - x0) / 2, (y1 - y0) / 2)
    curve, line = Path.CURVE3, Path.LINETO
    vertices = [
        (x0 + r, y0), (x1 - r, y0), (x1, y0), (x1, y0 + r), (x1, y1 - r), (x1, y1), (x1 - r, y1),
        (x0 + r, y1), (x0, y1), (x0, y1 - r), (x0, y0 + r), (x0, y0), (x0 + r, y0), (x0 + r, y0),
    ]  # fmt: skip
    codes = [
        Path.MOVETO,
        line,
        curve,
        curve,
        line,
        curve,
        curve,
        line,
        curve,
        curve,
        line,
        curve,
        curve,
        Path.CLOSEPOLY,
    ]
    return Path(vertices, codes)

"""Matplotlib's Agg renderer and its FreeType, without figures and axes: shapes and texts at given pixels.

A `Figure` lays its title out twice and every tick label twice, and then nobody knows where the ink is. Here the caller
has placed everything; what is left is Matplotlib's paths, markers, hatches, dashes and glyphs. A text is kept as the
mask that was inked (`Ink`), so a proof can compare the finished picture with it pixel by pixel.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import Any, ClassVar, Literal, Self, TypeAlias

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import PIL
from matplotlib import ft2font
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontPath, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox
from PIL import Image

from renderers.core.boxes import Box, union
from renderers.core.renderer import Pixels

Hinting: TypeAlias = Literal["none", "light"]
Face: TypeAlias = tuple[str, int]
"""A font file and the index of a face in it."""

_HINTING: dict[str, LoadFlags] = {
    "none": LoadFlags.NO_HINTING,
    # Only heights are fitted to pixels. Full hinting moves stems sideways too, but not the pen: digits would touch.
    "light": LoadFlags.FORCE_AUTOHINT | LoadFlags.TARGET_LIGHT,
}

# All settings that the calls below read; a user's matplotlibrc must not change a byte.
_SETTINGS = (
    "agg.path.chunksize",
    "font.enable_last_resort",
    "hatch.color",
    "hatch.linewidth",
    "markers.fillstyle",
    "path.effects",
    "path.simplify",
    "path.simplify_threshold",
    "path.sketch",
    "path.snap",
    "text.antialiased",
    "text.hinting",
    "text.kerning_factor",
)
_FREETYPE_UNIT = 64.0


@dataclass(frozen=True, slots=True)
class Pen:
    """How a shape is drawn. Colours are "#rrggbb", "#rrggbbaa" or None for none; lengths in px.

    Attributes:
        fill: of the inside.
        stroke, width_px, dash_px: of the outline; dashes as (on, off, ...), empty for a solid line.
        hatch, hatch_stroke, hatch_width_px: Matplotlib's hatch string, such as "//" or "xx", and its lines.
        snap: whether to move edges to whole pixels.
        round_ends: round instead of square joins and flat ends.
    """

    fill: str | None = None
    stroke: str | None = None
    width_px: float = 0.0
    dash_px: tuple[float, ...] = ()
    hatch: str = ""
    hatch_stroke: str | None = None
    hatch_width_px: float = 1.0
    snap: bool = False
    round_ends: bool = False


@dataclass(frozen=True, slots=True)
class Ink:
    """One text as inked: `mask` (h, w) uint8, 255 = full colour, cut to its ink; left and top in px of the picture."""

    mask: npt.NDArray[np.uint8]
    left: int
    top: int

    @property
    def box(self) -> Box:
        """Around the ink, x1 and y1 exclusive."""
        return (self.left, self.top, self.left + self.mask.shape[1], self.top + self.mask.shape[0])


class Canvas:
    """A picture in the making: (H, W) px, y down, opaque."""

    def __init__(self, width_px: int, height_px: int, dpi: float, background: tuple[int, int, int]) -> None:
        make: Any = RendererAgg
        self._agg = make(width_px, height_px, dpi)
        self._flip = Affine2D.from_values(1, 0, 0, -1, 0, height_px)
        self._rgba = np.asarray(self._agg.buffer_rgba())
        # One number a pixel is filled ten times faster than four.
        self._rgba.view(np.uint32)[...] = np.array((*background, 255), np.uint8).view(np.uint32)

    def draw(self, path: Path, pen: Pen, clip: Box | None = None) -> None:
        """A path in px, filled, hatched and stroked."""
        self._agg.draw_path(self._context(pen, clip), path, self._flip, _rgba(pen.fill))

    def stamp(self, shape: Path, centres: npt.ArrayLike, pen: Pen, clip: Box | None = None) -> None:
        """The same shape (in px around 0, 0; y up) at each of `centres` (N, 2)."""
        self._agg.draw_markers(
            self._context(pen, clip), shape, Affine2D(), Path(np.asarray(centres, float)), self._flip, _rgba(pen.fill)
        )

    def ink(self, ink: Ink, colour: tuple[int, int, int]) -> None:
        """A text, where it lies within the picture."""
        left, top, right, bottom = (int(edge) for edge in ink.box)
        height, width = self._rgba.shape[:2]
        x0, y0, x1, y1 = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
        if x0 >= x1 or y0 >= y1:
            return
        alpha = ink.mask[y0 - top : y1 - top, x0 - left : x1 - left, None].astype(np.uint16)
        under = self._rgba[y0:y1, x0:x1, :3]
        under[...] = (under * (255 - alpha) + np.asarray(colour, np.uint16) * alpha + 127) // 255

    def pixels(self) -> Pixels:
        """(H, W, 3) RGB copy of what was drawn so far."""
        height, width = self._rgba.shape[:2]
        # Measured: Pillow drops the fourth channel six times faster than numpy copies three.
        return np.array(Image.frombuffer("RGBA", (width, height), self._rgba).convert("RGB"))

    def _context(self, pen: Pen, clip: Box | None) -> GraphicsContextBase:
        context: GraphicsContextBase = self._agg.new_gc()
        context.set_snap(pen.snap)
        if pen.stroke is not None and pen.width_px > 0:
            context.set_foreground(_rgba(pen.stroke), isRGBA=True)
            context.set_linewidth(pen.width_px)
            if pen.dash_px:
                context.set_dashes(0, list(pen.dash_px))
        else:
            context.set_linewidth(0)
        context.set_joinstyle("round" if pen.round_ends else "miter")
        context.set_capstyle("round" if pen.round_ends else "butt")
        if pen.hatch:
            context.set_hatch(pen.hatch)
            context.set_hatch_color(_rgba(pen.hatch_stroke or pen.stroke or "#000000"))
            context.set_hatch_linewidth(pen.hatch_width_px)
        if clip is not None:
            context.set_clip_rectangle(_clip(clip, self._agg.height))
        return context


@lru_cache(maxsize=4096)
def _rgba(colour: str | None) -> Any:
    return None if colour is None else tuple(part / 255 for part in bytes.fromhex(f"{colour[1:]:f<8}"))


def _clip(box: Box, height_px: float) -> Bbox:
    return Bbox.from_extents(box[0], height_px - box[3], box[2], height_px - box[1])


class MatplotlibAgg:
    """Matplotlib's renderer; it lives in this process, so there is nothing to start, restart or kill."""

    name: ClassVar[str] = "matplotlib_agg"

    @classmethod
    def versions(cls) -> dict[str, str]:
        """Of all that can change a pixel."""
        return {
            "matplotlib": mpl.__version__,
            "freetype": ft2font.__freetype_version__,
            "numpy": np.__version__,
            "pillow": PIL.__version__,
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def kill(self) -> None:
        """Nothing runs besides this process."""

    def rss_bytes(self) -> int:
        """Nothing is held besides this process."""
        return 0

    def probe(self) -> None:
        """A blank picture."""
        self.canvas(64, 64, 72, (255, 255, 255)).pixels()

    @contextmanager
    def settings(self) -> Iterator[None]:
        """Matplotlib as it comes, whatever the user's matplotlibrc or program has set."""
        defaults: Any = mpl.rcParamsDefault
        settings: dict[Any, Any] = {name: defaults[name] for name in _SETTINGS}
        with mpl.rc_context(settings):
            yield

    def canvas(self, width_px: int, height_px: int, dpi: float, background: tuple[int, int, int]) -> Canvas:
        """An empty picture; `dpi` only says how dense hatches are."""
        return Canvas(width_px, height_px, dpi, background)

    def missing(self, faces: Sequence[Face], text: str) -> str | None:
        """The first character that no face has, or that is blank in the face that will draw it; or None."""
        for char in text:
            face = next((face for face in faces if _has_glyph(face, char)), None)
            if face is None or (char != " " and not _has_ink(face, char)):
                return char
        return None

    def typeset(
        self,
        text: str,
        faces: Sequence[Face],
        size_px: float,
        anchor: tuple[float, float],
        align: tuple[float, float] = (0.0, 0.0),
        angle_deg: float = 0.0,
        hinting: Hinting = "none",
    ) -> Ink | None:
        """A text ready to be inked.

        Args:
            text: one line.
            faces: the first that has a character draws it.
            size_px: of 1 em.
            anchor: where the point of the text that `align` names comes to lie, in px.
            align: (across, up): across 0 = start, 1 = end of the line; up 0 = baseline, 1 = top of a capital.
            angle_deg: anticlockwise.
            hinting: whether heights are fitted to pixels.

        Returns:
            Its ink, or None where it has none.
        """
        plain = _bitmap(text, tuple(faces), size_px, 0.0, hinting)
        turned = plain if angle_deg == 0 else _bitmap(text, tuple(faces), size_px, angle_deg, hinting)
        if turned.mask.size == 0:
            return None
        across = align[0] * (plain.left + plain.mask.shape[1]) + (1 - align[0]) * plain.left
        up = align[1] * cap_height(faces[0], size_px)
        cos, sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
        x = anchor[0] - (across * cos - up * sin)
        y = anchor[1] + (across * sin + up * cos)
        return Ink(turned.mask, round(x) + turned.left, round(y) + turned.top)


@lru_cache(maxsize=4096)
def _bitmap(text: str, faces: tuple[Face, ...], size_px: float, angle_deg: float, hinting: Hinting) -> Ink:
    """A line of text around its origin (start of the baseline), each run of it in the first face that has it."""
    inks: list[Ink] = []
    pen_px = 0.0
    turn = math.radians(angle_deg)
    for face, run in _runs(text, faces):
        ink, advance_px = _run(run, face, size_px, angle_deg, hinting)
        if ink.mask.size:
            across, down = round(pen_px * math.cos(turn)), -round(pen_px * math.sin(turn))
            inks.append(Ink(ink.mask, ink.left + across, ink.top + down))
        pen_px += advance_px
    if len(inks) == 1:
        return inks[0]
    if not inks:
        return Ink(np.zeros((0, 0), np.uint8), 0, 0)
    left, top, right, bottom = (int(side) for side in union([ink.box for ink in inks]))
    mask = np.zeros((bottom - top, right - left), np.uint8)
    for ink in inks:
        height, width = ink.mask.shape
        under = mask[ink.top - top : ink.top - top + height, ink.left - left : ink.left - left + width]
        np.maximum(under, ink.mask, out=under)
    return Ink(mask, left, top)


def _runs(text: str, faces: tuple[Face, ...]) -> list[tuple[Face, str]]:
    """A text cut where its face changes. Matplotlib's own fallback would open every font anew for every chain."""
    runs: list[tuple[Face, str]] = []
    for char in text:
        face = next((face for face in faces if _has_glyph(face, char)), faces[0])
        if runs and (face == runs[-1][0] or char == " "):
            runs[-1] = (runs[-1][0], runs[-1][1] + char)
        else:
            runs.append((face, char))
    return runs


def _run(text: str, face: Face, size_px: float, angle_deg: float, hinting: Hinting) -> tuple[Ink, float]:
    """Ink of a text in one face, around its origin, and how far the pen moves along the line."""
    font = get_font(FontPath(*face))
    font.clear()
    font.set_size(size_px, 72)
    # The pen's place after the text is that of a blank behind it.
    pens = font.set_text(f"{text} ", angle_deg, flags=_HINTING[hinting], language="zh-Hans")
    advance_px = float(pens[-1][0]) / _FREETYPE_UNIT
    font.draw_glyphs_to_bitmap(antialiased=True)
    mask = np.array(font.get_image(), np.uint8)
    height, descent = font.get_width_height()[1], font.get_descent()
    left = math.floor(font.get_bitmap_offset()[0] / _FREETYPE_UNIT)
    # Matplotlib leaves one empty row above the highest glyph. Source: ft2font.cpp, draw_glyphs_to_bitmap.
    top = -math.floor((height - descent) / _FREETYPE_UNIT) - 1
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    if not columns.size:
        return Ink(mask[:0, :0], left, top), advance_px
    x0, x1, y0, y1 = int(columns[0]), int(columns[-1]) + 1, int(rows[0]), int(rows[-1]) + 1
    return Ink(np.ascontiguousarray(mask[y0:y1, x0:x1]), left + x0, top + y0), advance_px


@lru_cache(maxsize=512)
def cap_height(face: Face, size_px: float) -> float:
    """Height of a capital H, in px."""
    font = get_font(FontPath(*face))
    font.set_size(size_px, 72)
    return font.load_char(ord("H"), LoadFlags.NO_HINTING).height / _FREETYPE_UNIT


@lru_cache(maxsize=16384)
def _has_glyph(face: Face, char: str) -> bool:
    return get_font(FontPath(*face)).get_char_index(ord(char)) != 0


@lru_cache(maxsize=16384)
def _has_ink(face: Face, char: str) -> bool:
    font = get_font(FontPath(*face))
    font.set_size(32, 72)
    glyph = font.load_char(ord(char), LoadFlags.NO_HINTING)
    return bool(glyph.width > 0 and glyph.height > 0)

"""Pages of a PDF: their pixels at any resolution, and a box for every glyph of their text layer.

Every engine that makes pages (Chromium, TeX) meets here, so what proves a label is the same for all. A glyph carries
the font that drew it: a character that fell back to another font, or to none, cannot hide.
"""

import ctypes
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ctypes import c_double, c_int, c_uint, c_void_p
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
from pypdfium2 import raw

from renderers.core.errors import EngineError
from renderers.core.renderer import Pixels

LINE_END_HYPHEN = "\x02"
"""What pdfium calls a hyphen that ends a line, asked for one character."""

_LINE_END_HYPHEN_IN_TEXT = "\ufffe"
"""The same, asked for all of the text at once."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The text layer of a page: N characters in the order in which they were drawn, blanks left out.

    Attributes:
        text: N characters. One without Unicode (a .notdef) is U+0000; the letters of a ligature share its box.
        tight: (N, 4) float64, boxes x0, y0, x1, y1 in px around the outlines; x0 == x1 where there is no outline.
        loose: (N, 4) float64, boxes of advance and line height in px; as wide as high for text that is turned.
        fonts: (N,) int64, index into `font_names`.
        sizes_px: (N,) float64, em height, measured along the text's own up direction.
        colours: (N, 4) uint32, fill as red, green, blue, alpha in 0..255.
        font_names: PostScript names as embedded, without the subset's tag.
    """

    text: str
    tight: npt.NDArray[np.float64]
    loose: npt.NDArray[np.float64]
    fonts: npt.NDArray[np.int64]
    sizes_px: npt.NDArray[np.float64]
    colours: npt.NDArray[np.uint32]
    font_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paths:
    """What a page fills or strokes besides text: N rules, frames, lines, areas in the order in which they were drawn.

    Attributes:
        boxes: (N, 4) float64, x0, y0, x1, y1 in px.
        fills: (N, 4) uint32, red, green, blue, alpha in 0..255; alpha 0 where nothing is filled.
        strokes: (N, 4) uint32, the same of the outline.
    """

    boxes: npt.NDArray[np.float64]
    fills: npt.NDArray[np.uint32]
    strokes: npt.NDArray[np.uint32]


class Pdf:
    """An open document; made by `open_pdf`."""

    def __init__(self, document: pypdfium2.PdfDocument, type3_names: dict[str, str]) -> None:
        self._document = document
        self._type3_names = type3_names

    def __len__(self) -> int:
        return len(self._document)

    def size_pt(self, place: int) -> tuple[float, float]:
        """Width and height of a page's paper; the page is not opened."""
        width, height = self._document.get_page_size(place)
        return float(width), float(height)

    @contextmanager
    def page(self, place: int, width_px: int, height_px: int) -> Iterator["PdfPage"]:
        """A page, to be seen at exactly the given size."""
        page = self._document[place]
        try:
            yield PdfPage(page, width_px, height_px, self._type3_names)
        finally:
            page.close()


class PdfPage:
    """One page at one size in px."""

    def __init__(self, page: pypdfium2.PdfPage, width_px: int, height_px: int, type3_names: dict[str, str]) -> None:
        self._page = page
        self._width_px = width_px
        self._height_px = height_px
        self._type3_names = type3_names

    def size_pt(self) -> tuple[float, float]:
        """Width and height of the paper."""
        width, height = self._page.get_size()
        return float(width), float(height)

    def pixels(self, grey: bool = False) -> Pixels:
        """(height_px, width_px, 3) RGB on white, or (height_px, width_px).

        Args:
            grey: nothing on the page has a colour; glyphs are then drawn at once, not at three times the width.
        """
        size = (self._height_px, self._width_px)
        pixels = np.empty(size if grey else (*size, 3), np.uint8)
        self._draw(pixels, raw.FPDFBitmap_Gray if grey else raw.FPDFBitmap_BGR)
        return pixels

    def strip(self, top_pt: float, scale: float, width_px: int, height_px: int, grey: bool) -> Pixels:
        """A part of the page from its left edge, on white: (height_px, width_px), or (height_px, width_px, 3) RGB.

        Args:
            top_pt: where it begins, from the upper edge of the page.
            scale: px to a point, whatever the size at which the page is seen.
            width_px: of the part.
            height_px: of the part.
            grey: nothing in it has a colour; a third of the time.
        """
        pixels = np.empty((height_px, width_px) if grey else (height_px, width_px, 3), np.uint8)
        matrix = raw.FS_MATRIX(scale, 0, 0, scale, 0, -top_pt * scale)
        self._draw(pixels, raw.FPDFBitmap_Gray if grey else raw.FPDFBitmap_BGR, matrix)
        return pixels

    def packed(self, scale: int) -> npt.NDArray[np.uint32]:
        """(scale * height_px, scale * width_px) of 0xBBGGRR on white: quick to search for a colour."""
        pixels = np.empty((self._height_px * scale, self._width_px * scale), np.uint32)
        self._draw(pixels, raw.FPDFBitmap_BGRx)
        pixels &= 0xFFFFFF
        return pixels

    def _draw(self, pixels: npt.NDArray[Any], form: int, matrix: raw.FS_MATRIX | None = None) -> None:
        height, width = pixels.shape[:2]
        # White. pdfium's own way takes several times as long where a pixel has three bytes.
        pixels.view(np.uint8).fill(0xFF)
        bitmap = raw.FPDFBitmap_CreateEx(width, height, form, pixels.ctypes.data_as(c_void_p), pixels.strides[0])
        try:
            flags = raw.FPDF_ANNOT | (raw.FPDF_REVERSE_BYTE_ORDER if form != raw.FPDFBitmap_Gray else 0)
            if matrix is None:
                raw.FPDF_RenderPageBitmap(bitmap, self._page.raw, 0, 0, width, height, 0, flags)
            else:
                edges = raw.FS_RECTF(0, 0, width, height)
                raw.FPDF_RenderPageBitmapWithMatrix(bitmap, self._page.raw, matrix, edges, flags)
        finally:
            raw.FPDFBitmap_Destroy(bitmap)

    def glyphs(self) -> Glyphs:
        """The text layer."""
        layer = self._page.get_textpage()
        try:
            return self._read(ctypes.cast(layer.raw, c_void_p).value or 0)
        finally:
            layer.close()

    @contextmanager
    def text_layer(self) -> Iterator["TextLayer"]:
        """The text layer, to be asked of single characters: a page of thousands is read in a tenth of the time."""
        layer = self._page.get_textpage()
        try:
            yield TextLayer(ctypes.cast(layer.raw, c_void_p).value or 0, self._to_px)
        finally:
            layer.close()

    def font_names(self) -> tuple[str, ...]:
        """PostScript names of the fonts that text was drawn with, sorted."""
        handle = ctypes.cast(self._page.raw, c_void_p).value or 0
        items = [_page_object(handle, at) for at in range(_count_objects(handle))]
        faces = {_font_of(item) or 0 for item in items if _object_type(item) == raw.FPDF_PAGEOBJ_TEXT}
        return tuple(sorted({self._font_name(face) for face in faces}))

    def text_runs(self) -> tuple[npt.NDArray[np.float64], tuple[str, ...]]:
        """Boxes in px, shape (N, 4), of the N runs of text in the order in which they were drawn, and their fonts."""
        handle = ctypes.cast(self._page.raw, c_void_p).value or 0
        items = [_page_object(handle, at) for at in range(_count_objects(handle))]
        items = [item for item in items if _object_type(item) == raw.FPDF_PAGEOBJ_TEXT]
        # left, bottom, right, top
        edges = np.zeros((len(items), 4), np.float32)
        edge = int(edges.ctypes.data)
        for item in items:
            _bounds(item, edge, edge + 4, edge + 8, edge + 12)
            edge += 16
        faces = [_font_of(item) or 0 for item in items]
        names = {face: self._font_name(face) for face in set(faces)}
        return self._to_px(edges.astype(np.float64)[:, [0, 3, 2, 1]]), tuple(names[face] for face in faces)

    def paths(self) -> Paths:
        """Rules and other paths; those within a form count as one."""
        handle = ctypes.cast(self._page.raw, c_void_p).value or 0
        items = [_page_object(handle, at) for at in range(_count_objects(handle))]
        items = [item for item in items if _object_type(item) == raw.FPDF_PAGEOBJ_PATH]
        num = len(items)
        # left, bottom, right, top
        edges = np.zeros((num, 4), np.float32)
        fills, strokes = np.zeros((num, 4), np.uint32), np.zeros((num, 4), np.uint32)
        edge, fill, stroke = (int(array.ctypes.data) for array in (edges, fills, strokes))
        mode, stroked = c_int(), c_int()
        for at, item in enumerate(items):
            _bounds(item, *(edge + 16 * at + 4 * side for side in range(4)))
            _draw_mode(item, ctypes.addressof(mode), ctypes.addressof(stroked))
            if mode.value:
                _path_fill(item, *(fill + 16 * at + 4 * channel for channel in range(4)))
            if stroked.value:
                _path_stroke(item, *(stroke + 16 * at + 4 * channel for channel in range(4)))
        return Paths(self._to_px(edges.astype(np.float64)[:, [0, 3, 2, 1]]), fills, strokes)

    def _read(self, layer: int) -> Glyphs:
        # pdfium writes each number straight to its place in these arrays: a call costs about a microsecond, a
        # conversion to a Python number and back several.
        chars = _join_surrogates([chr(_unicode(layer, at)) for at in range(_count(layer))])
        kept = [at for at, char in enumerate(chars) if char and not char.isspace()]
        num = len(kept)
        edges, frames = np.zeros((num, 4), np.float64), np.zeros((num, 4), np.float32)
        matrices, colours = np.zeros((num, 6), np.float32), np.zeros((num, 4), np.uint32)
        edge, frame, matrix, colour = (int(array.ctypes.data) for array in (edges, frames, matrices, colours))
        sizes_pt: list[float] = []
        handles: list[int] = []
        for at in kept:
            _tight_box(layer, at, edge, edge + 8, edge + 16, edge + 24)
            _loose_box(layer, at, frame)
            _matrix(layer, at, matrix)
            _fill_colour(layer, at, colour, colour + 4, colour + 8, colour + 12)
            sizes_pt.append(_font_size(layer, at))
            handles.append(_font_of(_text_object(layer, at)) or 0)
            edge, frame, matrix, colour = edge + 32, frame + 16, matrix + 24, colour + 16
        known, fonts = np.unique(np.array(handles, np.uint64), return_inverse=True)
        # The second column of the matrix is one unit of height, whichever way the text is turned.
        stretch = np.hypot(matrices[:, 2], matrices[:, 3]).astype(np.float64)
        return Glyphs(
            text="".join(chars[at] for at in kept),
            tight=self._to_px(edges[:, [0, 3, 1, 2]]),
            loose=self._to_px(frames.astype(np.float64)),
            fonts=fonts.astype(np.int64),
            sizes_px=np.array(sizes_pt, np.float64) * stretch * (self._height_px / self.size_pt()[1]),
            colours=colours,
            font_names=tuple(self._font_name(int(handle)) for handle in known),
        )

    def _to_px(self, boxes_pt: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """From left, top, right, bottom in points, y up."""
        width_pt, height_pt = self.size_pt()
        across, down = self._width_px / width_pt, self._height_px / height_pt
        return (boxes_pt * (1, -1, 1, -1) + (0, height_pt, 0, height_pt)) * (across, down, across, down)

    def _font_name(self, handle: int) -> str:
        buffer = ctypes.create_string_buffer(256)
        _base_font_name(handle, ctypes.addressof(buffer), len(buffer))
        name = buffer.value.decode("utf-8", "replace")
        return self._type3_names.get(name, name).split("+", 1)[-1]


class TextLayer:
    """Characters of a page in the order in which they were drawn, blanks left out; made by `PdfPage.text_layer`.

    Attributes:
        text: N characters.
    """

    def __init__(self, layer: int, to_px: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]) -> None:
        self._layer = layer
        self._to_px = to_px
        chars = _join_surrogates(_chars(layer))
        self._indices = [at for at, char in enumerate(chars) if char and not char.isspace()]
        self.text = "".join(chars[at] for at in self._indices)

    def boxes(self, indices: Sequence[int]) -> npt.NDArray[np.float64]:
        """(len(wanted), 4), boxes x0, y0, x1, y1 in px around the outlines of these characters of `text`."""
        edges = np.zeros((len(indices), 4), np.float64)
        edge = int(edges.ctypes.data)
        for at in indices:
            _tight_box(self._layer, self._indices[at], edge, edge + 8, edge + 16, edge + 24)
            edge += 32
        return self._to_px(edges[:, [0, 3, 1, 2]])


def _chars(layer: int) -> list[str]:
    """The characters of a text layer, UTF-16. Measured: read at once they take a ninth of the time."""
    num = _count(layer)
    buffer = ctypes.create_string_buffer(2 * num + 2)
    whole = _whole_text(layer, 0, num, ctypes.addressof(buffer)) == num + 1
    # A character beyond U+FFFF counts twice there, and decoded once.
    if not whole or re.search(rb"[\xd8-\xdf]", buffer.raw[1 : 2 * num : 2]):
        return [chr(_unicode(layer, at)) for at in range(num)]
    text = buffer.raw[: 2 * num].decode("utf-16-le", "surrogatepass")
    return list(text.replace(_LINE_END_HYPHEN_IN_TEXT, LINE_END_HYPHEN))


def _join_surrogates(chars: list[str]) -> list[str]:
    """The text layer counts a character beyond U+FFFF as two of the same glyph; the second becomes ""."""
    for at, char in enumerate(chars[:-1]):
        if "\ud800" <= char < "\udc00" <= chars[at + 1] < "\ue000":
            chars[at] = (char + chars[at + 1]).encode("utf-16", "surrogatepass").decode("utf-16")
            chars[at + 1] = ""
    return chars


@contextmanager
def open_pdf(data: bytes) -> Iterator[Pdf]:
    """A document from its bytes.

    Raises:
        EngineError: the bytes are no PDF.
    """
    named, type3_names = _name_type3_fonts(data)
    try:
        document = pypdfium2.PdfDocument(named)
    except pypdfium2.PdfiumError as error:
        raise EngineError(f"not a PDF: {error}") from error
    try:
        yield Pdf(document, type3_names)
    finally:
        document.close()


_IDLE_KEY = b"/CIDToGIDMap /Identity"
_TYPE3 = re.compile(rb"/Subtype /Type3\b[^>]*?(/CIDToGIDMap /Identity)[^>]*?/FontDescriptor (\d+) 0 R")
_DESCRIPTOR = re.compile(rb"\n(\d+) 0 obj\n<</Type /FontDescriptor\b[^>]*?/FontName /([^\s/>]+)")


def _name_type3_fonts(data: bytes) -> tuple[bytes, dict[str, str]]:
    """Skia embeds OpenType-CFF fonts as Type 3, whose name stands only in a descriptor that pdfium does not read.

    Those fonts also carry a key that says nothing there; a BaseFont of the same length takes its place, so no offset
    moves. Returns the document and what the written names stand for.
    """
    names: dict[str, str] = {}
    descriptors = {match[1]: match[2].decode("utf-8", "replace") for match in _DESCRIPTOR.finditer(data)}
    edited = bytearray(data)
    for match in _TYPE3.finditer(data):
        name = b"T3-" + match[2]
        entry = (b"/BaseFont /" + name).ljust(len(_IDLE_KEY))
        if match[2] in descriptors and len(entry) == len(_IDLE_KEY):
            edited[match.start(1) : match.end(1)] = entry
            names[name.decode()] = descriptors[match[2]]
    return bytes(edited), names


def _prototype(function: Any, answer: Any, *arguments: Any) -> Any:
    """A pdfium function that takes plain addresses: pypdfium2's checked pointer types triple the cost of a call."""
    address = ctypes.cast(function, c_void_p).value or 0
    return ctypes.CFUNCTYPE(answer, *arguments)(address)


_count = _prototype(raw.FPDFText_CountChars, c_int, c_void_p)
_unicode = _prototype(raw.FPDFText_GetUnicode, c_uint, c_void_p, c_int)
_whole_text = _prototype(raw.FPDFText_GetText, c_int, c_void_p, c_int, c_int, c_void_p)
_tight_box = _prototype(raw.FPDFText_GetCharBox, c_int, c_void_p, c_int, c_void_p, c_void_p, c_void_p, c_void_p)
_loose_box = _prototype(raw.FPDFText_GetLooseCharBox, c_int, c_void_p, c_int, c_void_p)
_matrix = _prototype(raw.FPDFText_GetMatrix, c_int, c_void_p, c_int, c_void_p)
_fill_colour = _prototype(raw.FPDFText_GetFillColor, c_int, c_void_p, c_int, c_void_p, c_void_p, c_void_p, c_void_p)
_font_size = _prototype(raw.FPDFText_GetFontSize, c_double, c_void_p, c_int)
_text_object = _prototype(raw.FPDFText_GetTextObject, c_void_p, c_void_p, c_int)
_font_of = _prototype(raw.FPDFTextObj_GetFont, c_void_p, c_void_p)
_count_objects = _prototype(raw.FPDFPage_CountObjects, c_int, c_void_p)
_page_object = _prototype(raw.FPDFPage_GetObject, c_void_p, c_void_p, c_int)
_object_type = _prototype(raw.FPDFPageObj_GetType, c_int, c_void_p)
_bounds = _prototype(raw.FPDFPageObj_GetBounds, c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
_draw_mode = _prototype(raw.FPDFPath_GetDrawMode, c_int, c_void_p, c_void_p, c_void_p)
_path_fill = _prototype(raw.FPDFPageObj_GetFillColor, c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
_path_stroke = _prototype(raw.FPDFPageObj_GetStrokeColor, c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
_base_font_name = _prototype(raw.FPDFFont_GetBaseFontName, ctypes.c_size_t, c_void_p, c_void_p, ctypes.c_size_t)

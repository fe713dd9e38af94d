"""Which font families there are, and what they can draw, from the font files themselves.

Outlines decide, not tables: some fonts map a character to an empty glyph, and a label must not hold what has no ink.
Nothing here starts a drawing program; widths are the fonts' own advances, so `draw` can fit text before any pixel is.
"""

import logging
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from PIL import ImageFont

import templates
from renderers.core.errors import CorpusError, NotInstalled

# Old fonts have odd dates and paddings, which fontTools reports each time; no user can do anything about them.
logging.getLogger("fontTools").setLevel(logging.ERROR)

_ROOT = Path("/usr/share")

_STYLES = ("regular", "bold")

_SIZE_PX = 1000
"""Size at which glyphs are measured: large enough that hinting and rounding do not count."""

_SEEN_PX = 64

_CAPITALS = "H\u05d1\u0915\u0e01\u0627"
"""H, then bet, ka, ko kai and alef: the heights to which most of a text of their scripts reaches."""

_DASHES = "–—―"
_MIN_DASH = 1.25
"""Ink of a dash in hyphens, in width: below it they look alike (TeX Gyre Cursor draws one for both)."""

_NO_GLYPH_EM = -1.0
"""Stands for the advance of what no face draws."""


@cache
def families(script: str) -> tuple[str, ...]:
    """Names of the families of a script (latin, han, kana, hangul, arabic, ...), in the order of the table."""
    return tuple(name for name, row in _table().items() if row["script"] == script)


@cache
def installed_families() -> tuple[str, ...]:
    """Names of all families of the table whose files are there."""
    return tuple(name for name, row in _table().items() if (_ROOT / str(row["regular"])).is_file())


def font_file(family: str, bold: bool = False) -> Path:
    """The file that draws a family; its regular file where it has no bold one.

    Raises:
        CorpusError: no such family is in the table.
        NotInstalled: its file is not there.
    """
    row = _row(family)
    path = _ROOT / str(row.get("bold", row["regular"]) if bold else row["regular"])
    if not path.is_file():
        raise NotInstalled(f"font {family!r} is missing ({path}); install it: apt-get install {row['package']}")
    return path


def face_index(family: str) -> int:
    """Index of a family's face in its font file (0 but for collections)."""
    return int(_row(family).get("face", 0))


def has_bold(family: str) -> bool:
    """Whether a family has a bold face of its own."""
    return "bold" in _row(family)


def may_hint(family: str) -> bool:
    """Whether a family stays legible when its hinting instructions are run."""
    return bool(_row(family).get("may_hint", True))


def may_stand(family: str) -> bool:
    """Whether a family can be set downwards."""
    return bool(_row(family).get("may_stand", True))


def all_files() -> tuple[tuple[str, Path], ...]:
    """(Debian package, file) of every font file that may be drawn with, installed or not."""
    files = {_ROOT / row[style]: row["package"] for row in _table().values() for style in _STYLES if style in row}
    return tuple((package, path) for path, package in files.items())


def refuse_missing(names: Iterable[str]) -> None:
    """Whether all faces of families are installed, before anything is drawn with one.

    Raises:
        NotInstalled: some are not; the message names the packages that hold them.
    """
    faces = [(row["package"], row[style]) for row in map(_row, names) for style in _STYLES if style in row]
    missing = {package for package, file in faces if not (_ROOT / file).is_file()}
    if missing:
        raise NotInstalled(f"fonts are missing; install them: apt-get install {' '.join(sorted(missing))}")


def missing_glyph(families: tuple[str, ...], text: str, bold: bool = False) -> str | None:
    """The first character that no family of a font stack draws, or None.

    A character is drawn by the first family that maps it; it is missing when that glyph is blank though the character
    is no space, since then every drawing program leaves a hole, or when it is a dash that looks like the hyphen.
    """
    advances = _advances(families, bold)
    for char in text:
        if advances[char] < 0:
            return char
    return None


def width_em(families: tuple[str, ...], text: str, bold: bool = False) -> float:
    """Advance width of a text in em of the font size; a character that no family draws counts 1 em. No kerning."""
    return sum(map(abs, map(_advances(families, bold).__getitem__, text)))


@cache
def cap_height_em(family: str) -> float:
    """Height in em of a capital H, or of what is as high in a script without capitals."""
    path, index = str(font_file(family)), face_index(family)
    with TTFont(path, fontNumber=index, lazy=True) as font:
        if "glyf" in font:
            # Names of glyphs are not needed.
            font.setGlyphOrder([str(glyph) for glyph in range(font["maxp"].numGlyphs)])
        codes = font.getBestCmap()
        char = next(char for char in _CAPITALS if ord(char) in codes)
        if "glyf" not in font:
            return _face(path, index).ink_height_em(char)
        # By the outline itself: the instructions of some TrueType fonts (AR PL) move it by a tenth of an em.
        outline = font["glyf"][codes[ord(char)]]
        return float(outline.yMax - outline.yMin) / float(font["head"].unitsPerEm)


@cache
def _table() -> dict[str, dict[str, Any]]:
    return templates.menu("shared", "fonts.toml")


def _row(family: str) -> dict[str, Any]:
    try:
        return _table()[family]
    except KeyError:
        raise CorpusError(f"no font family is named {family!r}; there are: {', '.join(_table())}") from None


class _Face(dict[str, float | None]):
    """One face of a font file: the advance in em of each character asked for, by FreeType.

    None where the face does not map the character, negative where its glyph does not show which one it is. Which
    characters it maps is kept as a bit for each code point and the fontTools object is dropped: a Chinese font held
    open costs 50 to 70 MB, this 140 kB.
    """

    def __init__(self, path: str, index: int) -> None:
        super().__init__()
        with TTFont(path, fontNumber=index, lazy=True) as font:
            # Names of glyphs are not needed, and reading them is most of the time of opening a Chinese font.
            font.setGlyphOrder([""] * font["maxp"].numGlyphs)
            codes = font.getBestCmap()
        self._mapped = bytearray((max(codes) >> 3) + 1)
        for code in codes:
            self._mapped[code >> 3] |= 1 << (code & 7)
        self._font = ImageFont.truetype(path, _SIZE_PX, index, layout_engine=ImageFont.Layout.BASIC)
        # Whether there is ink at all is seen as well on a small glyph, and 20 times as fast.
        self._small = ImageFont.truetype(path, _SEEN_PX, index, layout_engine=ImageFont.Layout.BASIC)

    def __missing__(self, char: str) -> float | None:
        # Interned, as each of some sixty faces keeps each of some thousand characters.
        advance = self[sys.intern(char)] = self._measure(char)
        return advance

    def _measure(self, char: str) -> float | None:
        code = ord(char)
        if code >> 3 >= len(self._mapped) or not self._mapped[code >> 3] >> (code & 7) & 1:
            return None
        advance = self._font.getlength(char) / _SIZE_PX
        # A mark that stands over a letter has ink and no advance.
        if char.isspace() or (self._has_ink(char) and not self._is_hyphen_like(char)):
            return advance
        return -advance or _NO_GLYPH_EM

    def _has_ink(self, char: str) -> bool:
        left, top, right, bottom = self._small.getbbox(char)
        return right > left and bottom > top

    def _is_hyphen_like(self, char: str) -> bool:
        return char in _DASHES and self["-"] is not None and self._ink_width(char) < _MIN_DASH * self._ink_width("-")

    def _ink_width(self, char: str) -> int:
        left, _, right, _ = self._font.getmask(char).getbbox() or (0, 0, 0, 0)
        return right - left

    def ink_height_em(self, char: str) -> float:
        """Height of a mapped character's ink; 0 when its glyph is blank."""
        _, top, _, bottom = self._font.getbbox(char)
        return (bottom - top) / _SIZE_PX


@cache
def _face(path: str, index: int) -> _Face:
    return _Face(path, index)


class _Advances(dict[str, float]):
    """Advance in em of each character met, by the first face that maps it; negative where it is blank or none does."""

    def __init__(self, faces: tuple[_Face, ...]) -> None:
        super().__init__()
        self._faces = faces

    def __missing__(self, char: str) -> float:
        advances = (advance for face in self._faces if (advance := face[char]) is not None)
        advance = self[char] = next(advances, _NO_GLYPH_EM)
        return advance


@cache
def _advances(families: tuple[str, ...], bold: bool) -> _Advances:
    return _Advances(tuple(_face(str(font_file(family, bold)), face_index(family)) for family in families))

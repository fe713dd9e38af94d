"""Pages of a PDF that Chromium printed: pixels at a wanted size, and a text layer that hides nothing."""

from collections.abc import Iterator

import numpy as np
import pytest

from renderers.core.errors import EngineError
from renderers.core.renderer import Pixels
from renderers.engines.chromium import Chromium
from renderers.engines.pdf import Glyphs, open_pdf

_PAGE = """
<style>@page { size: 600px 400px; margin: 0 } body { margin: 0 } text { font-size: 20px }</style>
<svg width="600" height="400" style="display: block" xmlns="http://www.w3.org/2000/svg">
<text x="20" y="40" fill="#cc0000" font-family="Lato">Red 1,234.5</text>
<text x="20" y="80" fill="#0000cc" font-family="'Noto Sans CJK SC'">蓝色 OpenType</text>
<text x="20" y="120" fill="#000000" font-family="Lato">fifty</text>
<text x="20" y="160" fill="#000000" font-family="Lato" font-weight="bold">Bold</text>
<text x="300" y="300" transform="rotate(-90 300 300)" fill="#000000" font-family="Lato">Turned</text>
<text x="400" y="200" transform="rotate(30 400 200)" fill="#008800" font-family="Lato">Tilted</text>
</svg>"""


@pytest.fixture(scope="module")
def printed() -> Iterator[bytes]:
    with Chromium() as engine:
        yield engine.page("one", _PAGE).pdf()


@pytest.fixture(scope="module")
def page(printed: bytes) -> tuple[Pixels, Glyphs]:
    with open_pdf(printed) as pdf, pdf.page(0, 900, 600) as sheet:
        return sheet.pixels(), sheet.glyphs()


def glyphs_of(glyphs: Glyphs, text: str) -> list[int]:
    start = glyphs.text.index(text)
    return list(range(start, start + len(text)))


@pytest.mark.parametrize("size", [(600, 400), (900, 600), (301, 199)])
def test_pixels_have_the_wanted_size(printed: bytes, size: tuple[int, int]) -> None:
    with open_pdf(printed) as pdf, pdf.page(0, *size) as sheet:
        pixels = sheet.pixels()
        assert sheet.size_pt() == (450.0, 300.0)
    assert pixels.shape == (size[1], size[0], 3)
    assert pixels.dtype == np.uint8
    assert (pixels[0, 0] == 255).all()


def test_text_is_whole_and_without_blanks(page: tuple[Pixels, Glyphs]) -> None:
    text = page[1].text
    for wanted in ("Red1,234.5", "蓝色OpenType", "fifty", "Bold", "Turned", "Tilted"):
        assert wanted in text
    assert len(text) == len(page[1].tight) == len(page[1].loose) == len(page[1].sizes_px) == len(page[1].colours)


def test_boxes_hold_the_ink_and_no_more(page: tuple[Pixels, Glyphs]) -> None:
    pixels, glyphs = page
    dark = pixels.min(axis=2) < 140
    for text in ("Red1,234.5", "蓝色OpenType", "Bold", "Turned"):
        for glyph in glyphs_of(glyphs, text):
            x0, y0, x1, y1 = glyphs.tight[glyph]
            left, top, right, bottom = int(x0) - 1, int(y0) - 1, int(np.ceil(x1)) + 1, int(np.ceil(y1)) + 1
            ys, xs = np.nonzero(dark[top:bottom, left:right])
            assert len(xs), (text, glyphs.text[glyph])
            found = (left + xs.min(), top + ys.min(), left + xs.max() + 1, top + ys.max() + 1)
            # Neighbours may reach into the border of one pixel that was looked at.
            assert np.abs(np.array(found) - (x0, y0, x1, y1)).max() <= 2.1, (text, glyphs.text[glyph])


def test_each_glyph_tells_its_font_size_and_colour(page: tuple[Pixels, Glyphs]) -> None:
    glyphs = page[1]
    for text, font, colour in (
        ("Red1,234.5", "Lato-Regular", (204, 0, 0)),
        ("蓝色OpenType", "NotoSansCJKsc-Regular", (0, 0, 204)),  # embedded as Type 3, whose name pdfium does not read
        ("Bold", "Lato-Bold", (0, 0, 0)),
        ("Turned", "Lato-Regular", (0, 0, 0)),
        ("Tilted", "Lato-Regular", (0, 136, 0)),
    ):
        for glyph in glyphs_of(glyphs, text):
            assert glyphs.font_names[glyphs.fonts[glyph]] == font
            assert tuple(glyphs.colours[glyph, :3].tolist()) == colour
            assert glyphs.sizes_px[glyph] == pytest.approx(30.0, abs=0.1)


def test_letters_of_a_ligature_are_all_there(page: tuple[Pixels, Glyphs]) -> None:
    glyphs = page[1]
    members = glyphs_of(glyphs, "fifty")
    assert (glyphs.tight[members, 2] > glyphs.tight[members, 0]).all()


def test_the_same_bytes_give_the_same_pixels(printed: bytes, page: tuple[Pixels, Glyphs]) -> None:
    with open_pdf(printed) as pdf, pdf.page(0, 900, 600) as sheet:
        assert np.array_equal(sheet.pixels(), page[0])
        assert np.array_equal(sheet.glyphs().tight, page[1].tight)


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(EngineError, match="not a PDF"), open_pdf(b"%PDF-1.4 but no more"):
        pass

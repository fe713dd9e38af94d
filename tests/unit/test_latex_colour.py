"""Coloured formulas, typeset by pdflatex: the glyphs of the plain page, and every token in its colour, by the ink."""

from collections import Counter
from random import Random

import numpy as np
import pytest

from renderers.core.errors import LabelError
from renderers.engines.pdf import Glyphs
from renderers.engines.tex import Preamble, Tex, TexPage
from renderers.labels.latex import grammar as latex
from renderers.labels.latex.colour import colour_of, ink_macros, tokens_of, typeset
from tests.latex_formulas import Writer, every_command

PREAMBLE = Preamble(
    "pdflatex",
    r"\documentclass[multi=sheet,border=4pt]{standalone}\usepackage[T1]{fontenc}"
    r"\usepackage{amsmath,amssymb,mathrsfs,mathtools,array,siunitx}\usepackage[version=4]{mhchem}"
    # A page as wide as its formula: a display in a line, and its tag behind it.
    r"\def\[{$\displaystyle}\def\]{$}\def\tag*#1{\qquad\text{#1}}"
    r"\newenvironment{sheet}{}{}" + "\n" + ink_macros("pdflatex"),
)
PX_A_PT = 8.0
"""A rule of 0.4 pt is three pixels high, so one of them has its colour in full."""

BARS = (r"\frac", r"\overline", r"\underline", r"\boxed", r"\hline", "|")


def test_colours_tell_tokens() -> None:
    assert tokens_of(np.array([colour_of(index) for index in range(1000)], np.uint32)).tolist() == list(range(1000))
    assert tokens_of(np.array([[0, 0, 0], [255, 255, 255]], np.uint32)).tolist() == [-1, -1]


def test_more_tokens_than_colours_are_refused() -> None:
    with pytest.raises(LabelError, match="1001 tokens"):
        typeset(r"\( " + "x+" * 500 + r"x \)")


def signs(glyphs: Glyphs) -> Counter[tuple[str, str]]:
    return Counter((sign, glyphs.font_names[font]) for sign, font in zip(glyphs.text, glyphs.fonts, strict=True))


def random_targets(num: int) -> list[str]:
    found: list[str] = []
    seed = 0
    while len(found) < num:
        seed += 1
        source = Writer(Random(seed)).target()
        if "two s" not in str(latex.check(source)) and "after a super" not in str(latex.check(source)):
            found.append(source)
    return found


def prove(source: str, plain_page: TexPage, tex_page: TexPage) -> str:
    """What is wrong with a coloured page, or an empty string."""
    spans = typeset(source).spans
    normal = latex.normalize(source)
    width_px, height_px = (round(side * PX_A_PT) for side in tex_page.size_pt)
    with plain_page.page(width_px, height_px) as page:
        wanted = signs(page.glyphs())
    with tex_page.page(width_px, height_px) as page:
        glyphs, pixels = page.glyphs(), page.pixels()
    if signs(glyphs) != wanted:
        return f"other glyphs: {wanted - signs(glyphs)} {signs(glyphs) - wanted}"
    found = tokens_of(glyphs.colours[:, :3]).tolist()
    if not all(0 <= token < len(spans) for token in found):
        return f"glyphs of no token: {found}"
    packed = pixels[..., 0].astype(np.uint32) << 16 | pixels[..., 1].astype(np.uint32) << 8 | pixels[..., 2]
    inks = np.unique(packed[packed != 0xFFFFFF])
    seen = {*tokens_of(np.stack([inks >> 16, inks >> 8 & 255, inks & 255], axis=1)).tolist(), *found}
    for token, (start, stop) in enumerate(spans):
        text = normal[start:stop]
        drawn = "".join(sign for sign, owner in zip(glyphs.text, found, strict=True) if owner == token)
        if token not in seen:
            return f"{text} has no ink"
        if text.isascii() and text.isalnum() and drawn.replace("\N{LATIN SMALL LIGATURE FI}", "fi") != text:
            return f"{text} draws {drawn}"
        if text in BARS and drawn and not (text == "|" and drawn == "|"):
            return f"{text} draws {drawn}"
    return ""


@pytest.mark.parametrize("name", ["every command", "random"])
def test_each_token_has_its_ink(name: str) -> None:
    sources = every_command() if name == "every command" else random_targets(60)
    bodies = [body for source in sources for text in (typeset(source),) for body in (text.plain, text.coloured)]
    with Tex() as tex, tex.typeset(PREAMBLE, bodies) as tex_pages:
        wrong = {}
        for at, source in enumerate(sources):
            plain, coloured = tex_pages[2 * at : 2 * at + 2]
            if not isinstance(plain, TexPage):
                wrong[source] = str(plain)
            elif not isinstance(coloured, TexPage):
                wrong[source] = str(coloured)
            elif why := prove(source, plain, coloured):
                wrong[source] = why
        assert not wrong

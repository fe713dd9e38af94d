"""The proof of one picture of formulas: each token of the label has ink of its own, and no ink is without a token.

The target is typeset twice, as it is and with a colour for each token. Both pages must hold the same glyphs and rules,
so what the colours say of one holds for the other: boxes are those of the page that is kept.
"""

import math
import string
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from renderers.content import palettes
from renderers.content.formulas.formula import Formula
from renderers.core.boxes import GOT_SIDE_PX, Box, inside, union
from renderers.core.image import shrink_to_grey
from renderers.core.renderer import Outcome, Pixels, ProofFailed, Region, Rejected, Rendered
from renderers.drawing.latex_formulas.setups import missing_char
from renderers.drawing.latex_formulas.style import Style
from renderers.engines.pdf import Glyphs, Paths, PdfPage
from renderers.labels.canonical import Span
from renderers.labels.latex.colour import Typeset, colour_of, tokens_of
from renderers.labels.latex.grammar import fonts_of

MIN_CAP_PX = 8.0
"""Minimum height of a capital at GOT's 1024 x 1024 px; first indices of it are two thirds as high."""

_CAP_EM = 0.68
"""Height of a capital in em, about the same in all font setups."""

_MIN_INDEX_PX = 4.5
"""The same of the smallest size on the page, that of indices of indices."""

_CUT_PX = 0.5
"""By how much a glyph's outline may pass the edge of the picture: its pixel is then half inked."""

_CLOSE_DPI = 540
"""Dots an inch at which the coloured page is looked at for colours: a rule of 0.3 pt must cover a pixel."""

_LATIN = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo")
"""Greek letters that share the glyph of a Latin one, under whose name a font may have it."""

_PLAIN = frozenset(string.ascii_letters + string.digits)
"""Tokens of one glyph that every font names."""

Inks: TypeAlias = dict[int, list[Box]]
"""{index of a token: boxes of its ink, in px of the picture}."""


def prove(
    formula: Formula,
    style: Style,
    text: Typeset,
    plain: PdfPage,
    coloured: PdfPage,
) -> Outcome:
    """The sample, or why it is none.

    Args:
        formula: what the picture says.
        style: how it looks.
        text: the target that was typeset.
        plain: the page that is kept.
        coloured: the page with a colour for each token.
    """
    pixels = plain.pixels()
    try:
        inks, caps_px = _prove(style, text, plain, coloured, pixels)
    except ProofFailed as failure:
        return Rejected(failure.reason, failure.detail, shrink_to_grey(pixels))
    return Rendered(
        image=shrink_to_grey(pixels),
        markup=text.markup,
        regions=_regions(text.markup, text.spans, inks),
        language=formula.language,
        depth=formula.depth,
        smallest_glyph_px=round(caps_px[0], 2),
        contrast=round(palettes.contrast(style.ink, style.paper), 2),
    )


def _prove(
    style: Style, text: Typeset, plain: PdfPage, coloured: PdfPage, pixels: Pixels
) -> tuple[Inks, tuple[float, float]]:
    """The ink of each token, and the heights of `_cap_heights`; raises ProofFailed where the picture is no sample."""
    markup, spans = text.markup, text.spans
    if char := missing_char(style.setup, fonts_of(markup)):
        raise ProofFailed("alphabet_missing", f"{style.setup} has no {char}")
    glyphs, tinted = plain.glyphs(), coloured.glyphs()
    twins = _match_glyphs(glyphs, tinted)
    _check_outlines(glyphs, pixels)
    inks = _assign_glyphs(glyphs, tinted, twins, markup, spans)
    _add_rules(inks, len(spans), plain.paths(), coloured.paths())
    missing = [token for token in range(len(spans)) if token not in inks]
    if missing:
        _add_pixels(inks, missing, coloured, style.dpi)
    for token, (start, stop) in enumerate(spans):
        if token not in inks:
            raise ProofFailed("ink_missing", f"{markup[start:stop]!r} at {start} left none")
    smallest, median = _cap_heights(glyphs, pixels)
    if median < MIN_CAP_PX or smallest < _MIN_INDEX_PX:
        raise ProofFailed("text_small", f"{median:.1f} px, indices {smallest:.1f} px")
    return inks, (smallest, median)


def _assign_glyphs(glyphs: Glyphs, tinted: Glyphs, twins: Sequence[int], markup: str, spans: Sequence[Span]) -> Inks:
    """The boxes of the glyphs of each token; raises ProofFailed where a glyph is of no token, or of another letter."""
    inks: Inks = {}
    tokens = tokens_of(tinted.colours[twins, :3]).tolist()
    for char, token, edges in zip(glyphs.text, tokens, glyphs.tight.tolist(), strict=True):
        if not 0 <= token < len(spans):
            raise ProofFailed("ink_extra", f"{char!r} is in no token")
        source = markup[slice(*spans[token])]
        if len(source) == 1 and source in _PLAIN and (token in inks or not _is(char, source)):
            raise ProofFailed("ink_extra", f"{char!r} is drawn for {source!r}")
        inks.setdefault(token, []).append(tuple(edges))
    return inks


def _is(drawn: str, char: str) -> bool:
    """Whether a glyph is a letter or digit; fonts of mathematics name theirs by alphabets of their own."""
    return unicodedata.normalize("NFKC", drawn).translate(_LATIN) == char


def _match_glyphs(glyphs: Glyphs, tinted: Glyphs) -> list[int]:
    """For each glyph the index of the same one on the coloured page; raises ProofFailed where the pages differ.

    The text layer is sorted by position, and colours move accents a little: among equal characters of a font the order
    holds.
    """
    keys = [
        list(zip(page.text, (page.font_names[font] for font in page.fonts.tolist()), strict=True))
        for page in (glyphs, tinted)
    ]
    if keys[0] != keys[1] and sorted(keys[0]) != sorted(keys[1]):
        raise ProofFailed("colours_moved_ink", f"{glyphs.text!r} and {tinted.text!r}")
    indices: dict[tuple[str, str], list[int]] = {}
    for index, key in enumerate(keys[1]):
        indices.setdefault(key, []).append(index)
    following = {key: iter(same) for key, same in indices.items()}
    return [next(following[key]) for key in keys[0]]


def _check_outlines(glyphs: Glyphs, pixels: Pixels) -> None:
    """Raises ProofFailed where a glyph has no outline or ends outside the picture."""
    if not glyphs.text:
        raise ProofFailed("glyph_missing", "nothing was drawn")
    blank = np.flatnonzero(glyphs.tight[:, 0] >= glyphs.tight[:, 2])
    if len(blank):
        raise ProofFailed("glyph_missing", f"{glyphs.text[blank[0]]!r} has no outline")
    height, width = pixels.shape[:2]
    for char, edges in zip(glyphs.text, glyphs.tight.tolist(), strict=True):
        if not inside(edges, width, height, _CUT_PX):
            raise ProofFailed("text_cut", f"{char!r} ends outside the picture")


def _add_rules(inks: Inks, num: int, plain: Paths, coloured: Paths) -> None:
    """Adds bars of fractions, roots, lines of arrays: the n-th path of one page is the n-th of the other."""
    if len(plain.boxes) != len(coloured.boxes):
        return
    colours = np.where(coloured.fills[:, 3:] > 0, coloured.fills, coloured.strokes)[:, :3]
    for token, edges in zip(tokens_of(colours).tolist(), plain.boxes.tolist(), strict=True):
        if 0 <= token < num:
            inks.setdefault(token, []).append(tuple(edges))


def _add_pixels(inks: Inks, missing: Sequence[int], coloured: PdfPage, dpi: int) -> None:
    """Adds what the text layer does not know (parts of growing delimiters), by its colour among the pixels."""
    zoom = max(1, math.ceil(_CLOSE_DPI / dpi))
    packed = coloured.packed(zoom)
    for token in missing:
        red, green, blue = colour_of(token)
        inked = packed == red + (green << 8) + (blue << 16)
        xs, ys = np.flatnonzero(inked.any(axis=0)), np.flatnonzero(inked.any(axis=1))
        if len(xs):
            edges = (xs[0] / zoom, ys[0] / zoom, (xs[-1] + 1) / zoom, (ys[-1] + 1) / zoom)
            inks[token] = [tuple(float(edge) for edge in edges)]  # type: ignore[list-item]


def _cap_heights(glyphs: Glyphs, pixels: Pixels) -> tuple[float, float]:
    """Heights of a capital in px at GOT's square: at the smallest size on the page, and at the median one."""
    caps: npt.NDArray[np.float64] = glyphs.sizes_px * _CAP_EM * GOT_SIDE_PX / pixels.shape[0]
    return float(caps.min()), float(np.median(caps))


def _regions(markup: str, spans: Sequence[Span], inks: Mapping[int, Sequence[Box]]) -> tuple[Region, ...]:
    """A box for each token, in the order of the target."""
    return tuple(
        Region(tuple(round(edge, 1) for edge in union(inks[token])), markup[slice(*span)], "token", span, token)  # type: ignore[arg-type]
        for token, span in enumerate(spans)
    )

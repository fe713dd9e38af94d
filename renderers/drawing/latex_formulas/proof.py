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
from renderers.core.renderer import Outcome, Pixels, Region, Rejected, Rendered
from renderers.drawing.latex_formulas.style import Style
from renderers.engines.pdf import Glyphs, Paths, PdfPage
from renderers.labels.canonical import Span
from renderers.labels.latex.colour import Typeset, colour_of, tokens_of

MIN_CAP_PX = 8.0
"""Least height of a capital at GOT's square; first indices of it are two thirds as high."""

_CAP_EM = 0.68
"""Height of a capital in em, about the same in all set-ups of fonts."""

_MIN_INDEX_PX = 4.5
"""Least height of a capital of the smallest size on the page, that of indices of indices."""

_CUT_PX = 0.5

_CLOSE_DPI = 540
"""Dots an inch at which the coloured page is looked at for colours: a rule of 0.3 pt must cover a pixel."""

_LATIN = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo")
"""Greek letters that share the glyph of a Latin one, under whose name a font may have it."""

_PLAIN = frozenset(string.ascii_letters + string.digits)
"""Tokens of one glyph that every font names."""

Inks: TypeAlias = dict[int, list[Box]]


def prove(
    formula: Formula,
    style: Style,
    text: Typeset,
    plain: PdfPage,
    coloured: PdfPage,
) -> Outcome:
    """The sample, or why it is none.

    Args:
        formula: what is said.
        style: how it looks.
        text: the target that was typeset.
        plain: the page that is kept.
        coloured: the page with a colour for each token.
    """
    markup, spans = text.markup, text.spans
    glyphs, tinted = plain.glyphs(), coloured.glyphs()
    pixels = plain.pixels()
    twins = _twins(glyphs, tinted)
    if twins is None:
        return Rejected("colours_moved_ink", f"{glyphs.text!r} and {tinted.text!r}", shrink_to_grey(pixels))
    doubt = _find_blank(glyphs) or _find_cut(glyphs, pixels)
    if doubt is not None:
        return Rejected(*doubt, shrink_to_grey(pixels))
    inks = _assign_glyphs(glyphs, tinted, twins, markup, spans)
    if isinstance(inks, str):
        return Rejected("ink_extra", inks, shrink_to_grey(pixels))
    _add_rules(inks, len(spans), plain.paths(), coloured.paths())
    missing = [token for token in range(len(spans)) if token not in inks]
    if missing:
        _add_pixels(inks, missing, coloured, style.dpi)
    for token, (start, stop) in enumerate(spans):
        if token not in inks:
            return Rejected("ink_missing", f"{markup[start:stop]!r} at {start} left none", shrink_to_grey(pixels))
    smallest = _heights(glyphs, pixels)
    if smallest[1] < MIN_CAP_PX or smallest[0] < _MIN_INDEX_PX:
        return Rejected("text_small", f"{smallest[1]:.1f} px, indices {smallest[0]:.1f} px", shrink_to_grey(pixels))
    return Rendered(
        image=shrink_to_grey(pixels),
        markup=markup,
        regions=_regions(markup, spans, inks),
        language=formula.language,
        depth=formula.depth,
        smallest_glyph_px=round(smallest[0], 2),
        contrast=round(palettes.contrast(style.ink, style.paper), 2),
    )


def _assign_glyphs(
    glyphs: Glyphs, tinted: Glyphs, twins: Sequence[int], markup: str, spans: Sequence[Span]
) -> "Inks | str":
    """The glyphs of each token, or what is inked that no token says."""
    inks: Inks = {}
    tokens = tokens_of(tinted.colours[twins, :3]).tolist()
    for sign, token, edges in zip(glyphs.text, tokens, glyphs.tight.tolist(), strict=True):
        if not 0 <= token < len(spans):
            return f"{sign!r} is in no token"
        said = markup[slice(*spans[token])]
        if len(said) == 1 and said in _PLAIN and (token in inks or not _is(sign, said)):
            return f"{sign!r} is drawn for {said!r}"
        inks.setdefault(token, []).append(tuple(edges))
    return inks


def _is(drawn: str, said: str) -> bool:
    """Whether a glyph is a letter or digit; fonts of mathematics name theirs by alphabets of their own."""
    return unicodedata.normalize("NFKC", drawn).translate(_LATIN) == said


def _twins(glyphs: Glyphs, tinted: Glyphs) -> list[int] | None:
    """For each glyph the one of the coloured page that is the same; None where the pages differ.

    The text layer is sorted by place, and colours move accents a little: among equal signs of a font the order holds.
    """
    keys = [
        list(zip(page.text, (page.font_names[font] for font in page.fonts.tolist()), strict=True))
        for page in (glyphs, tinted)
    ]
    if keys[0] != keys[1] and sorted(keys[0]) != sorted(keys[1]):
        return None
    places: dict[tuple[str, str], list[int]] = {}
    for at, key in enumerate(keys[1]):
        places.setdefault(key, []).append(at)
    following = {key: iter(found) for key, found in places.items()}
    return [next(following[key]) for key in keys[0]]


def _find_blank(glyphs: Glyphs) -> tuple[str, str] | None:
    blank = np.flatnonzero(glyphs.tight[:, 0] >= glyphs.tight[:, 2])
    if len(blank) or not glyphs.text:
        return "glyph_missing", f"{glyphs.text[blank[0]]!r} has no outline" if len(blank) else "nothing was drawn"
    return None


def _find_cut(glyphs: Glyphs, pixels: Pixels) -> tuple[str, str] | None:
    height, width = pixels.shape[:2]
    for sign, edges in zip(glyphs.text, glyphs.tight.tolist(), strict=True):
        if not inside(edges, width, height, _CUT_PX):
            return "text_cut", f"{sign!r} ends outside the picture"
    return None


def _add_rules(inks: Inks, num: int, plain: Paths, coloured: Paths) -> None:
    """Bars of fractions, roots, lines of arrays: the n-th path of one page is the n-th of the other."""
    if len(plain.boxes) != len(coloured.boxes):
        return
    colours = np.where(coloured.fills[:, 3:] > 0, coloured.fills, coloured.strokes)[:, :3]
    for token, edges in zip(tokens_of(colours).tolist(), plain.boxes.tolist(), strict=True):
        if 0 <= token < num:
            inks.setdefault(token, []).append(tuple(edges))


def _add_pixels(inks: Inks, missing: Sequence[int], coloured: PdfPage, dpi: int) -> None:
    """Signs that the text layer does not know (parts of growing delimiters): their colour must stand in the picture."""
    closer = max(1, math.ceil(_CLOSE_DPI / dpi))
    packed = coloured.packed(closer)
    for token in missing:
        red, green, blue = colour_of(token)
        found = packed == red + (green << 8) + (blue << 16)
        xs, ys = np.flatnonzero(found.any(axis=0)), np.flatnonzero(found.any(axis=1))
        if len(xs):
            edges = (xs[0] / closer, ys[0] / closer, (xs[-1] + 1) / closer, (ys[-1] + 1) / closer)
            inks[token] = [tuple(float(edge) for edge in edges)]  # type: ignore[list-item]


def _heights(glyphs: Glyphs, pixels: Pixels) -> tuple[float, float]:
    """Heights of capitals at GOT's square, of the smallest glyph and of the text."""
    caps: npt.NDArray[np.float64] = glyphs.sizes_px * _CAP_EM * GOT_SIDE_PX / pixels.shape[0]
    return float(caps.min()), float(np.median(caps))


def _regions(markup: str, spans: Sequence[Span], inks: Mapping[int, Sequence[Box]]) -> tuple[Region, ...]:
    """A box for each token, in the order of the target."""
    return tuple(
        Region(tuple(round(edge, 1) for edge in union(inks[token])), markup[slice(*span)], "token", span, token)  # type: ignore[arg-type]
        for token, span in enumerate(spans)
    )

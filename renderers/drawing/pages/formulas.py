"""Formulas of a page: their glyphs are those of the target, and each is printed at its position in the layout."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from renderers.core.boxes import Box
from renderers.core.renderer import ProofFailed
from renderers.drawing.pages.layout import Glyph, PageLayout, to_mathjax
from renderers.engines.pdf import Paths

_MAX_SHIFT_PX = 1.0
"""Maximum distance of a glyph in print from its position on screen, in px of the page: SVG is printed at whole px."""

_STROKE_ASPECT = 6.0
"""Glyphs that are more than so many times as long as thick are bars, dashes, minus signs."""


def check_formulas(layout: PageLayout) -> None:
    """Checks that each formula's glyphs are those that its tokens draw.

    Raises:
        ProofFailed: a letter or digit is missing or is not in the target, or there are fewer glyphs than tokens.
    """
    for block in layout.blocks:
        if block.placed.block.kind in ("table", "molecule"):
            continue
        for thing in block.objects:
            start, stop = block.placed.spans[thing.first]
            formula = layout.markup[start:stop]
            if formula != "![]()":
                _check_formula(formula, thing.glyphs)


def _check_formula(formula: str, glyphs: Sequence[Glyph]) -> None:
    tokens = to_mathjax(formula)[1]
    expected, optional = _expected_chars(tokens)
    shown = Counter(char for glyph in glyphs for char in _folded(glyph.char) if char.isalnum() and char.isascii())
    missing = expected - shown
    if missing:
        raise ProofFailed("ink_missing", f"{''.join(missing)!r} of {formula!r}")
    extra = shown - expected - optional
    if extra:
        raise ProofFailed("ink_extra", f"{''.join(extra)!r} is drawn for {formula!r}")
    if len(glyphs) < len(tokens):
        raise ProofFailed("ink_missing", f"{len(glyphs)} glyphs for {len(tokens)} tokens of {formula!r}")


def _expected_chars(tokens: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """ASCII letters and digits that must be drawn, and those that may be: in names of functions and the like."""
    expected: Counter[str] = Counter()
    optional: Counter[str] = Counter()
    for token in tokens:
        if token.startswith(r"\tag{"):
            expected.update(char for char in _folded(token[5:]) if char.isascii() and char.isalnum())
        elif token.isalnum():
            expected.update(char for char in _folded(token) if char.isascii())
        else:
            optional.update(char for char in _folded(token) if char.isascii() and char.isalnum())
            optional.update(_LETTERS_OF.get(token, ""))
    return expected, optional


_LETTERS_OF = {r"\hbar": "h", r"\ell": "l", r"\imath": "i", r"\jmath": "j", r"\Re": "R", r"\Im": "I", r"\pmod": "mod"}
"""{command: the letters that NFKC makes of its symbol, or that it draws}."""


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def find_outlines(layout: PageLayout, paths: Paths, scale: float) -> list[tuple[str, Box]]:
    """The characters of formulas and their boxes in print, in px of the picture; bars and rules are left out.

    Paths of glyphs are in the order of drawing, with other paths between them.

    Args:
        layout: the page as the browser laid it out.
        paths: of the print, in px of the picture.
        scale: px of the picture per px of the page.

    Raises:
        ProofFailed: a glyph is not printed, or elsewhere (`marks_moved_ink`).
    """
    glyphs = [
        glyph for block in layout.blocks for thing in block.objects for glyph in thing.glyphs if not glyph.is_text
    ]
    printed = paths.boxes.tolist()
    slack = _MAX_SHIFT_PX * scale + 0.5
    outlines: list[tuple[str, Box]] = []
    index = 0
    for glyph in glyphs:
        # pdfium adds a stroke's full thickness, and a miter's, at each side.
        max_distance = slack + 1.5 * glyph.stroke_px
        while index < len(printed) and not _near(printed[index], glyph.box, max_distance):
            index += 1
        if index == len(printed):
            raise ProofFailed("marks_moved_ink", f"{glyph.char!r} is not printed at {glyph.box}")
        if glyph.char and not _is_stroke(glyph.box):
            outlines.append((glyph.char, _moved_to(glyph.box, printed[index])))
        index += 1
    return outlines


def _is_stroke(box: Box) -> bool:
    """Whether a glyph may be part of an extensible character, which MathJax puts together from clipped pieces."""
    width, height = box[2] - box[0], box[3] - box[1]
    return max(width, height) > _STROKE_ASPECT * min(width, height)


def _moved_to(box: Box, printed: Sequence[float]) -> Box:
    """The box, centred on that of its printed path, which may be larger: it holds the control points of curves."""
    x0, y0, x1, y1 = box
    right, down = ((printed[axis] + printed[axis + 2] - box[axis] - box[axis + 2]) / 2 for axis in (0, 1))
    return (x0 + right, y0 + down, x1 + right, y1 + down)


def _near(one: Sequence[float], other: Sequence[float], slack: float) -> bool:
    return all(abs(edge - other_edge) <= slack for edge, other_edge in zip(one, other, strict=True))

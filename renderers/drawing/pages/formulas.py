"""Formulas of a page: that their glyphs say what the target says, and that each is printed where it was set."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from renderers.core.boxes import Box
from renderers.core.renderer import ProofFailed
from renderers.drawing.pages.sheet import Glyph, SetPage, spoken
from renderers.engines.pdf import Paths

_ASIDE_PX = 1.0
"""How far from where the screen has it a glyph may be printed, in px of the page: SVG stands on whole ones."""


_STROKE_ASPECT = 6.0
"""Glyphs that are so many times as long as thick, or more, are bars, dashes, minus signs."""


def check_formulas(page: SetPage) -> None:
    """Each formula's glyphs are those that its tokens draw.

    Raises:
        ProofFailed: a letter is missing or too many, or a token left no ink.
    """
    for block in page.blocks:
        if block.placed.block.kind in ("table", "molecule"):
            continue
        for thing in block.things:
            start, stop = block.placed.spans[thing.first]
            formula = page.markup[start:stop]
            if formula != "![]()":
                _check_formula(formula, thing.glyphs)


def _check_formula(formula: str, glyphs: Sequence[Glyph]) -> None:
    tokens = spoken(formula)[1]
    said, named, others = _said(tokens)
    shown = Counter(sign for glyph in glyphs for sign in _folded(glyph.sign) if sign.isalnum() and sign.isascii())
    missing = said - shown
    if missing:
        raise ProofFailed("ink_missing", f"{''.join(missing)!r} of {formula!r}")
    extra = shown - said - named
    if extra:
        raise ProofFailed("ink_extra", f"{''.join(extra)!r} is drawn for {formula!r}")
    if len(glyphs) < others:
        raise ProofFailed("ink_missing", f"{len(glyphs)} glyphs for {others} tokens of {formula!r}")


def _said(tokens: Iterable[str]) -> tuple[Counter[str], Counter[str], int]:
    """Letters and digits that must show; those that names of functions and the like may show; how many tokens."""
    said: Counter[str] = Counter()
    named: Counter[str] = Counter()
    num = 0
    for token in tokens:
        num += 1
        if token.startswith(r"\tag{"):
            said.update(sign for sign in _folded(token[5:]) if sign.isascii() and sign.isalnum())
        elif token.isalnum():
            said.update(sign for sign in _folded(token) if sign.isascii())
        else:
            named.update(sign for sign in _folded(token) if sign.isascii() and sign.isalnum())
            if token in _LETTERED:
                named.update(_LETTERED[token])
    return said, named, num


_LETTERED = {r"\hbar": "h", r"\ell": "l", r"\imath": "i", r"\jmath": "j", r"\Re": "R", r"\Im": "I", r"\pmod": "mod"}
"""Signs that compatibility takes for letters."""


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def find_outlines(page: SetPage, paths: Paths, scale: float) -> list[tuple[str, Box]]:
    """The chars of formulas and the boxes around them in print, in px of the picture; bars and rules are left out.

    Each is printed where it was set, in the order of drawing; other paths may stand between.

    Raises:
        ProofFailed: one is not printed, or elsewhere (`marks_moved_ink`).
    """
    glyphs = [glyph for block in page.blocks for thing in block.things for glyph in thing.glyphs if not glyph.is_text]
    printed = paths.boxes.tolist()
    slack = _ASIDE_PX * scale + 0.5
    outlines: list[tuple[str, Box]] = []
    at = 0
    for glyph in glyphs:
        # pdfium adds a stroke's full thickness, and a miter's, at each side.
        most = slack + 1.5 * glyph.stroke_px
        while at < len(printed) and not _near(printed[at], glyph.box, most):
            at += 1
        if at == len(printed):
            raise ProofFailed("marks_moved_ink", f"{glyph.sign!r} is not printed at {glyph.box}")
        if glyph.sign and not _is_stroke(glyph.box):
            outlines.append((glyph.sign, _moved_to(glyph.box, printed[at])))
        at += 1
    return outlines


def _is_stroke(box: Box) -> bool:
    """Whether a glyph may be a bar of those that grow: MathJax puts these together, and hides parts of each."""
    width, height = box[2] - box[0], box[3] - box[1]
    return max(width, height) > _STROKE_ASPECT * min(width, height)


def _moved_to(box: Box, printed: Sequence[float]) -> Box:
    """A box around its outline, in the middle of the box of its path, which may be wider: curves have outer points."""
    x0, y0, x1, y1 = box
    right, down = ((printed[at] + printed[at + 2] - box[at] - box[at + 2]) / 2 for at in (0, 1))
    return (x0 + right, y0 + down, x1 + right, y1 + down)


def _near(one: Sequence[float], other: Sequence[float], slack: float) -> bool:
    return all(abs(mine - theirs) <= slack for mine, theirs in zip(one, other, strict=True))

"""A page as the browser is to set it, and what the browser tells of it: what of each block stands where.

The reader is given the target, with differences that say nothing: soft hyphens where words may be broken, formulas in
the names that MathJax knows, molecules begun at another atom.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from renderers.content.pages.page import Page, PageBlock
from renderers.core.boxes import Box
from renderers.drawing.mathpix_formulas.writer import MathWriter
from renderers.drawing.molecules.style import variables_of
from renderers.drawing.pages.figures import svg_of
from renderers.drawing.pages.style import Style
from renderers.labels.latex import grammar as latex
from renderers.labels.latex.tree import Formula
from renderers.labels.markdown.tree import MARK, Block
from renderers.labels.markdown.write import TICKED, UNTICKED, Placed, head_of, write
from renderers.labels.smiles import grammar as smiles
from renderers.labels.smiles import written as smiles_written
from renderers.labels.text import SOFT_HYPHEN

_LANGUAGES = {"en": "en", "zh": "zh-CN", "mul": "zh-CN"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line where it stands.

    Attributes:
        first, last: of the block's signs.
        drawn: what of it fonts draw.
        box: in px of the picture.
        broken: its last word goes on in the next line.
    """

    first: int
    last: int
    drawn: str
    box: Box
    broken: bool


@dataclass(frozen=True, slots=True)
class Glyph:
    """A sign of a formula: a path, or text in a font of ours; "" for a rule, which may be a line of some thickness."""

    is_text: bool
    sign: str
    box: Box
    stroke_px: float


@dataclass(frozen=True, slots=True)
class Thing:
    """A formula, a picture or a molecule where it stands.

    Attributes:
        first: which sign of its block it is.
        box: in px of the picture.
        glyphs: of a formula.
        em_px: of the smallest glyph of a formula.
        molecule: what shared/molecules.js tells of one, in px of the page.
    """

    first: int
    box: Box
    glyphs: tuple[Glyph, ...]
    em_px: float
    molecule: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class SetBlock:
    """A block that stands on the page.

    Attributes:
        source: what was to be set.
        placed: what of it stands there, in the target.
        lines, words, cells: with their signs.
        things: formulas and pictures.
        box: of a table with its rules; of others, what the layout gives them.
    """

    source: PageBlock
    placed: Placed
    lines: tuple[Line, ...]
    words: tuple[tuple[int, int, Box], ...]
    cells: tuple[tuple[int, int], ...]
    things: tuple[Thing, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class SetPage:
    """A page as it stands: the target and where all of it is; what runs above and below is no part of it."""

    markup: str
    blocks: tuple[SetBlock, ...]
    head: tuple[tuple[str, Box], ...]
    foot: tuple[tuple[str, Box], ...]


class Misread(Exception):
    """The reader of Mathpix Markdown drew other signs than the target says."""


def make_sheet(page: Page, style: Style) -> dict[str, Any]:
    """What set.js is given."""
    left, top, right, bottom = style.pad_px
    text, placed = write([one.block for one in page.blocks])
    weight = "700" if style.bold else "400"
    return {
        "width": style.width_px,
        "height": style.height_px,
        "classes": " ".join(style.classes),
        "language": _LANGUAGES[page.language],
        "spaced": page.language == "en",
        "variables": style.variables
        | {"--left": f"{left}px", "--top": f"{top}px", "--right": f"{right}px", "--bottom": f"{bottom}px"}
        | {"--size": f"{style.size_px:g}px", "--columns": str(style.columns), "--family": _css(style.families)}
        | {"--display": _css(style.display), "--display-weight": weight, "--mono": _css(style.mono)},
        "markdown": _for_reader(text, placed, page, style),
        "molecules": _molecules(style) if any(one.block.kind == "molecule" for one in page.blocks) else None,
        "blocks": [_plain(one, style) for one in page.blocks],
        "head": page.head,
        "foot": page.foot,
    }


def _molecules(style: Style) -> dict[str, Any]:
    look = style.molecules
    return {
        "options": look.options,
        "colours": look.colours,
        "stroke": look.stroke_px,
        "pad": look.pad_px,
        "variables": variables_of(look),
    }


def _css(families: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in families)


def _plain(one: PageBlock, style: Style) -> dict[str, Any]:
    block = one.block
    return {
        "role": one.role,
        "kind": block.kind,
        "area": one.area,
        "lead": one.lead,
        "marker": _marker(block, style) if block.kind == "item" else "",
        "task": block.done is not None,
        "depth": block.depth,
        "svg": "" if one.figure is None else svg_of(one.figure),
        "kept": one.kept,
        "anchor": one.anchor,
    }


def _marker(block: Block, style: Style) -> str:
    if block.done is not None:
        return TICKED if block.done else UNTICKED
    return f"{block.number}." if block.number >= 0 else style.bullets[block.depth % len(style.bullets)]


def _for_reader(text: str, placed: Sequence[Placed], page: Page, style: Style) -> str:
    pieces: list[str] = []
    at = 0
    for one, source in zip(placed, page.blocks, strict=True):
        for sign, (start, stop) in zip(one.chars, one.spans, strict=True):
            if sign != MARK or one.block.kind in ("image", "table"):
                continue
            if one.block.kind == "molecule":
                body = smiles.body(one.block.text)
                said = smiles.wrap(smiles_written.rewrite(body, source.begin, style.molecules.aromatic))
            else:
                said = spoken(text[start:stop])[0]
            pieces += [text[at:start], said]
            at = stop
    return "".join([*pieces, text[at:]])


@lru_cache(maxsize=4096)
def spoken(formula: str) -> tuple[str, tuple[str, ...]]:
    """A canonical formula as MathJax is to read it, and the tokens of it that must leave ink."""
    (piece,) = latex.read(formula)
    assert isinstance(piece, Formula)
    tokens = tuple(text for _, text in latex.inked_spans(formula))
    return MathWriter({}).write_formula(piece), tokens


def read_sheet(page: Page, style: Style, found: Mapping[str, Any]) -> SetPage:
    """The target, and where all of it stands.

    Raises:
        Misread: the page shows other signs.
    """
    kept = [(one, told) for one, told in zip(page.blocks, found["blocks"], strict=True) if told is not None]
    if not kept:
        return SetPage("", (), (), ())
    markup, placed = write([_shown_part(one.block, told["signs"]) for one, told in kept])
    scale = style.scale
    blocks: list[SetBlock] = []
    for (one, told), here in zip(kept, placed, strict=True):
        signs = here.chars
        if one.block.kind == "item":
            # The target says that there is a bullet, not which.
            marker = _marker(one.block, style)
            signs = marker + signs[len(marker) :]
        if told["signs"] != signs:
            raise Misread(f"{signs[:80]!r} is shown as {told['signs'][:80]!r}")
        blocks.append(
            SetBlock(
                source=one,
                placed=here,
                lines=tuple(_lines(told, scale)),
                words=tuple((first, last, _scaled(box, scale)) for first, last, *box in told["words"]),
                cells=tuple((first, last) for first, last in told["cells"]),
                box=_scaled(told["box"], scale),
                things=tuple(_thing(item, scale) for item in told["objects"]),
            )
        )
    head, foot = (tuple((text, _scaled(box, scale)) for text, *box in found[area]) for area in ("head", "foot"))
    return SetPage(markup, tuple(blocks), head, foot)


def _scaled(box: Sequence[float], scale: float) -> Box:
    x0, y0, x1, y1 = box
    return (x0 * scale, y0 * scale, x1 * scale, y1 * scale)


def _lines(told: Mapping[str, Any], scale: float) -> list[Line]:
    lines: list[Line] = []
    at = 0
    for first, last, x0, y0, x1, y1, broken, end in told["lines"]:
        lines.append(Line(first, last, told["drawn"][at:end], _scaled((x0, y0, x1, y1), scale), bool(broken)))
        at = end
    return lines


def _thing(item: Sequence[Any], scale: float) -> Thing:
    first, _, x0, y0, x1, y1, glyphs, em_px, molecule = item
    inner = tuple(Glyph(kind == "text", sign, _scaled(box, scale), thick * scale) for kind, sign, *box, thick in glyphs)
    return Thing(first, _scaled((x0, y0, x1, y1), scale), inner, em_px * scale, molecule)


def _shown_part(block: Block, signs: str) -> Block:
    """The block without soft hyphens, and without what was cut away."""
    return head_of(msgspec.structs.replace(block, text=block.text.replace(SOFT_HYPHEN, "")), len(signs))

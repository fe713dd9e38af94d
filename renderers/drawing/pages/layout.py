"""The layout of one page: the input of set.js, and the boxes of blocks, lines, words and formulas that it measured.

mathpix-markdown-it is given the target with changes that do not change its meaning: soft hyphens where words may be
broken, formulas in commands that MathJax knows, SMILES that begin at another atom.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from renderers.content.pages.page import Page, PageBlock
from renderers.core.boxes import Box
from renderers.core.renderer import ProofFailed
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
    """A line of a block, and where it is.

    Attributes:
        first, last: indices into the block's chars, `last` exclusive.
        drawn: those of its characters that fonts draw: no formulas, no pictures.
        box: px of the picture.
        broken: its last word continues in the next line.
    """

    first: int
    last: int
    drawn: str
    box: Box
    broken: bool


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph or a rule of a formula.

    Attributes:
        is_text: whether it is drawn as text in a font of the page, not as a path.
        char: "" for a rule.
        box: px of the picture.
        stroke_px: width of the outline, px of the picture; 0 without one.
    """

    is_text: bool
    char: str
    box: Box
    stroke_px: float


@dataclass(frozen=True, slots=True)
class PageObject:
    """A formula, a picture or a molecule, and where it is.

    Attributes:
        first: its index in the block's chars.
        box: px of the picture.
        glyphs: of a formula.
        em_px: font size of the smallest glyph of a formula, px of the picture.
        molecule: the output of shared/molecules.js for a molecule, CSS px.
    """

    first: int
    box: Box
    glyphs: tuple[Glyph, ...]
    em_px: float
    molecule: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class BlockLayout:
    """A block that is on the page, or its part that is.

    Attributes:
        source: the block that was to be laid out.
        placed: the part of it that is on the page, and its chars in the target.
        lines: in reading order.
        words: index of the first char, of the one after the last, and box in px of the picture.
        cells: of a table, the same indices.
        objects: formulas, pictures and molecules.
        box: px of the picture; of a table it holds the rules.
    """

    source: PageBlock
    placed: Placed
    lines: tuple[Line, ...]
    words: tuple[tuple[int, int, Box], ...]
    cells: tuple[tuple[int, int], ...]
    objects: tuple[PageObject, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The layout of a page.

    Attributes:
        markup: the target.
        blocks: those that are on the page, in reading order.
        head, foot: texts of the header and the footer, not in the target, and their boxes in px of the picture.
    """

    markup: str
    blocks: tuple[BlockLayout, ...]
    head: tuple[tuple[str, Box], ...]
    foot: tuple[tuple[str, Box], ...]


def make_layout_input(page: Page, style: Style) -> dict[str, Any]:
    """The input of templates/mathpix_pages/set.js."""
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
        "markdown": _source_of(text, placed, page, style),
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


def _source_of(text: str, placed: Sequence[Placed], page: Page, style: Style) -> str:
    """The Markdown that the browser is given for a target."""
    pieces: list[str] = []
    at = 0
    for one, source in zip(placed, page.blocks, strict=True):
        for char, (start, stop) in zip(one.chars, one.spans, strict=True):
            if char != MARK or one.block.kind in ("image", "table"):
                continue
            if one.block.kind == "molecule":
                body = smiles.body(one.block.text)
                piece = smiles.wrap(smiles_written.rewrite(body, source.begin, style.molecules.aromatic))
            else:
                piece = to_mathjax(text[start:stop])[0]
            pieces += [text[at:start], piece]
            at = stop
    return "".join([*pieces, text[at:]])


@lru_cache(maxsize=4096)
def to_mathjax(formula: str) -> tuple[str, tuple[str, ...]]:
    """The LaTeX that MathJax is given for a canonical formula, and those of its tokens that must leave ink."""
    (piece,) = latex.read(formula)
    assert isinstance(piece, Formula)
    tokens = tuple(text for _, text in latex.inked_spans(formula))
    return MathWriter({}).write_formula(piece), tokens


def read_layout(page: Page, style: Style, measured: Mapping[str, Any]) -> PageLayout:
    """The target, and the layout of each block that is on the page.

    Args:
        page: what was laid out.
        style: how.
        measured: the output of set.js for it.

    Raises:
        ProofFailed: mathpix-markdown-it drew other characters than the target has (`markdown_misread`).
    """
    kept = [(one, block) for one, block in zip(page.blocks, measured["blocks"], strict=True) if block is not None]
    if not kept:
        return PageLayout("", (), (), ())
    markup, placed = write([_shown_part(one.block, block["signs"]) for one, block in kept])
    scale = style.scale
    blocks: list[BlockLayout] = []
    for (one, block), part in zip(kept, placed, strict=True):
        chars = part.chars
        if one.block.kind == "item":
            # The target says that there is a bullet, not which.
            marker = _marker(one.block, style)
            chars = marker + chars[len(marker) :]
        if block["signs"] != chars:
            raise ProofFailed("markdown_misread", f"{chars[:80]!r} is shown as {block['signs'][:80]!r}")
        blocks.append(
            BlockLayout(
                source=one,
                placed=part,
                lines=tuple(_lines(block, scale)),
                words=tuple((first, last, _scaled(box, scale)) for first, last, *box in block["words"]),
                cells=tuple((first, last) for first, last in block["cells"]),
                box=_scaled(block["box"], scale),
                objects=tuple(_page_object(item, scale) for item in block["objects"]),
            )
        )
    head, foot = (tuple((text, _scaled(box, scale)) for text, *box in measured[area]) for area in ("head", "foot"))
    return PageLayout(markup, tuple(blocks), head, foot)


def _scaled(box: Sequence[float], scale: float) -> Box:
    x0, y0, x1, y1 = box
    return (x0 * scale, y0 * scale, x1 * scale, y1 * scale)


def _lines(block: Mapping[str, Any], scale: float) -> list[Line]:
    lines: list[Line] = []
    at = 0
    for first, last, x0, y0, x1, y1, broken, end in block["lines"]:
        lines.append(Line(first, last, block["drawn"][at:end], _scaled((x0, y0, x1, y1), scale), bool(broken)))
        at = end
    return lines


def _page_object(item: Sequence[Any], scale: float) -> PageObject:
    first, _, x0, y0, x1, y1, glyphs, em_px, molecule = item
    inner = tuple(Glyph(kind == "text", char, _scaled(box, scale), thick * scale) for kind, char, *box, thick in glyphs)
    return PageObject(first, _scaled((x0, y0, x1, y1), scale), inner, em_px * scale, molecule)


def _shown_part(block: Block, chars: str) -> Block:
    """The block without soft hyphens, and without what was cut off after the chars that are shown."""
    return head_of(msgspec.structs.replace(block, text=block.text.replace(SOFT_HYPHEN, "")), len(chars))

"""The layout of one document: the input of measure.js, and the boxes of blocks, lines and words that it measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

import templates
from renderers.content.documents.document import Block, Document, kind_of
from renderers.core.boxes import Box
from renderers.drawing.documents.style import NAME, Style, languages
from renderers.drawing.printed.chars import JOINED
from renderers.labels.canonical import Span
from renderers.labels.text import SOFT_HYPHEN


@dataclass(frozen=True, slots=True)
class TextBox:
    """A line or a word, and where it is.

    Attributes:
        span: its characters in the target.
        box: px of the picture.
        broken: its last word continues in the next line.
        words: of a line in a script with joined letters, where only the browser knows the boxes of words; else empty.
    """

    span: Span
    box: Box
    broken: bool = False
    words: tuple["TextBox", ...] = ()


@dataclass(frozen=True, slots=True)
class BlockLayout:
    """A block that is on the page.

    Attributes:
        kind: of its region.
        span: its characters in the target.
        lines: in reading order; a row of cells has at least one line for each cell.
    """

    kind: str
    span: Span
    lines: tuple[TextBox, ...]


def scripts() -> tuple[str, ...]:
    """The JavaScript that lays out and measures documents."""
    return templates.text("shared", "text_lines.js"), templates.text(NAME, "measure.js")


def make_layout_input(document: Document, style: Style) -> dict[str, Any]:
    """The input of templates/html_documents/measure.js."""
    row = languages()[document.language]
    left, top, right, bottom = style.pad_px
    display_weight = "700" if style.bold else "400"
    return {
        "width": style.width_px,
        "height": style.height_px,
        "classes": " ".join(style.classes),
        "language": document.language,
        "direction": row.get("direction", "ltr"),
        "words": row["spaced"] and document.language in JOINED,
        "vertical": style.vertical,
        "variables": style.variables
        | {"--left": f"{left}px", "--top": f"{top}px", "--right": f"{right}px", "--bottom": f"{bottom}px"}
        | {"--size": f"{style.size_px:g}px", "--columns": str(style.columns), "--weight": "400"}
        | {"--family": _css(style.families), "--display": _css(style.display), "--display-weight": display_weight},
        "head": [_plain(block) for block in document.head],
        "body": [_plain(block) for block in document.body],
        "foot": [_plain(block) for block in document.foot],
    }


def _css(families: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in families)


def _plain(block: Block) -> dict[str, Any]:
    return {"role": block.role, "cells": block.cells, "inline": block.inline, "margin": block.margin}


def read_layout(document: Document, style: Style, measured: Mapping[str, Any]) -> tuple[str, tuple[BlockLayout, ...]]:
    """The target, and the layout of each block that is on the page.

    Args:
        document: what was laid out.
        style: how.
        measured: the output of measure.js for it.
    """
    lines: list[str] = []
    blocks: list[BlockLayout] = []
    start = 0
    for block, cells in zip(document.blocks, measured["blocks"], strict=True):
        if cells is None:
            continue
        texts = [_start_of(text, cell["end"]) for text, cell in zip(block.cells, cells, strict=True)]
        line = " ".join(text.replace(SOFT_HYPHEN, "").strip() for text in texts)
        cell_start = start
        text_lines: list[TextBox] = []
        for text, cell in zip(texts, cells, strict=True):
            num_before = _num_target_chars_before(text)
            offset = cell_start - num_before[len(text) - len(text.lstrip())]
            words = [_text_box(item, num_before, offset, style.scale) for item in cell["words"]]
            for item in cell["lines"]:
                text_line = _text_box(item, num_before, offset, style.scale)
                first, last = text_line.span
                own = tuple(word for word in words if first <= word.span[0] and word.span[1] <= last)
                text_lines.append(replace(text_line, words=own) if own else text_line)
            cell_start += len(text.replace(SOFT_HYPHEN, "").strip()) + 1
        span = (start, start + len(line))
        blocks.append(BlockLayout(kind_of(block), span, tuple(text_lines)))
        lines.append(line)
        start = span[1] + 1
    return "\n".join(lines), tuple(blocks)


def _start_of(text: str, num_units: int) -> str:
    """The start of a text that is so long in JavaScript, where a character is one or two units of UTF-16."""
    if text.isascii():
        return text[:num_units]
    return text.encode("utf-16-le", "surrogatepass")[: 2 * num_units].decode("utf-16-le", "surrogatepass")


def _num_target_chars_before(text: str) -> Sequence[int]:
    """For each index in JavaScript, how many characters before it are in the target, which has no soft hyphens."""
    if text.isascii() or (SOFT_HYPHEN not in text and max(text) <= "\uffff"):
        return range(len(text) + 1)
    units = ((char != SOFT_HYPHEN,) if char <= "\uffff" else (False, True) for char in text)
    return list(accumulate((unit for char in units for unit in char), initial=0))


def _text_box(item: Sequence[float], num_before: Sequence[int], offset: int, scale: float) -> TextBox:
    first, last, *edges = item
    left, top, right, bottom = (edge * scale for edge in edges[:4])
    span = (offset + num_before[int(first)], offset + num_before[int(last)])
    return TextBox(span, (left, top, right, bottom), bool(edges[4]) if len(edges) > 4 else False)

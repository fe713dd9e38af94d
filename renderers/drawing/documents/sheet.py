"""A document as the page sets it, and what the page tells of it: in which line of which block every word stands."""

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
class Piece:
    """A line or a word where it stands.

    Attributes:
        span: of the target.
        box: in px of the picture.
        broken: its last word goes on in the next line.
        words: of a line whose letters are joined, so that only the page knows where its words stand.
    """

    span: Span
    box: Box
    broken: bool = False
    words: tuple["Piece", ...] = ()


@dataclass(frozen=True, slots=True)
class SetBlock:
    """A block that stands on the page.

    Attributes:
        kind: of its region.
        span: of the target.
        lines: in reading order; a row of cells has at least one for each.
    """

    kind: str
    span: Span
    lines: tuple[Piece, ...]


def scripts() -> tuple[str, ...]:
    """What sets and measures sheets in the page."""
    return templates.text("shared", "text_lines.js"), templates.text(NAME, "measure.js")


def make_sheet(document: Document, style: Style) -> dict[str, Any]:
    """What measure.js is given."""
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


def read_sheet(document: Document, style: Style, found: Mapping[str, Any]) -> tuple[str, tuple[SetBlock, ...]]:
    """The target, and where all of it stands."""
    lines: list[str] = []
    blocks: list[SetBlock] = []
    start = 0
    for block, cells in zip(document.blocks, found["blocks"], strict=True):
        if cells is None:
            continue
        texts = [text[: cell["end"]] for text, cell in zip(block.cells, cells, strict=True)]
        line = " ".join(text.replace(SOFT_HYPHEN, "").strip() for text in texts)
        at = start
        set_lines: list[Piece] = []
        for text, cell in zip(texts, cells, strict=True):
            seen = _seen_before(text)
            offset = at - seen[len(text) - len(text.lstrip())]
            words = [_piece(item, seen, offset, style.scale) for item in cell["words"]]
            for item in cell["lines"]:
                piece = _piece(item, seen, offset, style.scale)
                own = tuple(word for word in words if piece.span[0] <= word.span[0] and word.span[1] <= piece.span[1])
                set_lines.append(replace(piece, words=own) if own else piece)
            at += len(text.replace(SOFT_HYPHEN, "").strip()) + 1
        span = (start, start + len(line))
        blocks.append(SetBlock(kind_of(block), span, tuple(set_lines)))
        lines.append(line)
        start = span[1] + 1
    return "\n".join(lines), tuple(blocks)


def _seen_before(text: str) -> Sequence[int]:
    """For each place of a text, how many characters before it are part of the target."""
    if SOFT_HYPHEN not in text:
        return range(len(text) + 1)
    return list(accumulate((sign != SOFT_HYPHEN for sign in text), initial=0))


def _piece(item: Sequence[float], seen: Sequence[int], offset: int, scale: float) -> Piece:
    first, last, *edges = item
    left, top, right, bottom = (edge * scale for edge in edges[:4])
    span = (offset + seen[int(first)], offset + seen[int(last)])
    return Piece(span, (left, top, right, bottom), bool(edges[4]) if len(edges) > 4 else False)

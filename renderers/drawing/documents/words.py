"""Where the words of lines stand, by the characters of the text layer: asking the browser takes ten times as long."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from renderers.drawing.documents.sheet import Piece
from renderers.labels.canonical import Span

Boxes = npt.NDArray[np.float64]
"""(N, 4), x0, y0, x1, y1 in px."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or the part of it in one line.

    Attributes:
        span: of the target.
        left, right: px of the picture between which it stands.
    """

    span: Span
    left: float
    right: float


Place = tuple[Span, int, int]
"""Span of a word, and its first and last character counted from the start of its line without the blanks."""


def words_of(line: Piece, markup: str) -> list[Place]:
    """The words of a line."""
    places: list[Place] = []
    seen = 0
    for found in re.finditer(r"\S+", markup[slice(*line.span)]):
        start, end = found.span()
        places.append(((line.span[0] + start, line.span[0] + end), seen, seen + end - start - 1))
        seen += end - start
    return places


def words_in_order(
    wanted: Sequence[Sequence[Place]], firsts: Sequence[int], boxes: Callable[[Sequence[int]], Boxes]
) -> list[list[Word]]:
    """Words of text that was drawn as it is read.

    Args:
        wanted: the words of each line.
        firsts: where in the text layer each line begins.
        boxes: gives those of characters of the text layer.
    """
    ends = [start + at for own, start in zip(wanted, firsts, strict=True) for _, *both in own for at in both]
    edges = iter(boxes(ends)[:, [0, 2]].reshape(-1, 4).tolist())
    lines: list[list[Word]] = []
    for own in wanted:
        # From the left edge of the first character to the right edge of the last.
        both = islice(edges, len(own))
        lines.append([Word(span, left, right) for (span, _, _), (left, _, _, right) in zip(own, both, strict=True)])
    return lines


def words_by_place(wanted: Sequence[Sequence[Place]], owners: npt.NDArray[np.int64], boxes: Boxes) -> list[list[Word]]:
    """Words of text that runs from the left, though it was drawn in another order.

    Args:
        wanted: the words of each line.
        owners: the line of each character of the text layer.
        boxes: of each character.
    """
    lines: list[list[Word]] = []
    for place, own in enumerate(wanted):
        here = np.flatnonzero(owners == place)
        here = here[np.argsort(boxes[here, 0], kind="stable")]
        lines.append([Word(span, float(boxes[here[a], 0]), float(boxes[here[b], 2])) for span, a, b in own])
    return lines

"""Where the words of lines stand, by the chars of the text layer: asking the browser takes ten times as long."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from renderers.drawing.documents.sheet import Piece
from renderers.drawing.printed.text_layer import Boxes
from renderers.labels.canonical import Span


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


WordChars = tuple[Span, int, int]
"""Span of a word, and the indices of its first and last char in its line without the blanks."""


def words_of(line: Piece, markup: str) -> list[WordChars]:
    """The words of a line."""
    words: list[WordChars] = []
    num_chars = 0
    for found in re.finditer(r"\S+", markup[slice(*line.span)]):
        start, end = found.span()
        words.append(((line.span[0] + start, line.span[0] + end), num_chars, num_chars + end - start - 1))
        num_chars += end - start
    return words


def words_in_order(
    wanted: Sequence[Sequence[WordChars]], starts: Sequence[int], boxes: Callable[[Sequence[int]], Boxes]
) -> list[list[Word]]:
    """Words of text that was drawn as it is read.

    Args:
        wanted: the words of each line.
        starts: index of the char of the text layer at which each line begins.
        boxes: gives those of chars of the text layer.
    """
    ends = [start + at for own, start in zip(wanted, starts, strict=True) for _, *both in own for at in both]
    edges = iter(boxes(ends)[:, [0, 2]].reshape(-1, 4).tolist())
    lines: list[list[Word]] = []
    for own in wanted:
        # From the left edge of the first char to the right edge of the last.
        both = islice(edges, len(own))
        lines.append([Word(span, left, right) for (span, _, _), (left, _, _, right) in zip(own, both, strict=True)])
    return lines


def words_by_line(
    wanted: Sequence[Sequence[WordChars]], owners: npt.NDArray[np.int64], boxes: Boxes
) -> list[list[Word]]:
    """Words of text that runs from the left, though it was drawn in another order.

    Args:
        wanted: the words of each line.
        owners: (N,), the index of the line of each char of the text layer.
        boxes: (N, 4), of each char.
    """
    lines: list[list[Word]] = []
    for index, own in enumerate(wanted):
        chars = np.flatnonzero(owners == index)
        chars = chars[np.argsort(boxes[chars, 0], kind="stable")]
        lines.append([Word(span, float(boxes[chars[a], 0]), float(boxes[chars[b], 2])) for span, a, b in own])
    return lines

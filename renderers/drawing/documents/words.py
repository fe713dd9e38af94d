"""The edges of words, from the characters of the text layer: measuring them in the browser takes ten times as long."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from renderers.drawing.documents.layout import TextBox
from renderers.drawing.printed.text_layer import Boxes
from renderers.labels.canonical import Span


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or the part of it in one line.

    Attributes:
        span: its characters in the target.
        left, right: its edges, px of the picture.
    """

    span: Span
    left: float
    right: float


WordChars = tuple[Span, int, int]
"""Span of a word, and the indices of its first and last char in its line without the blanks."""


def words_of(line: TextBox, markup: str) -> list[WordChars]:
    """The words of a line."""
    words: list[WordChars] = []
    num_chars = 0
    for found in re.finditer(r"\S+", markup[slice(*line.span)]):
        start, end = found.span()
        words.append(((line.span[0] + start, line.span[0] + end), num_chars, num_chars + end - start - 1))
        num_chars += end - start
    return words


def words_in_order(
    expected: Sequence[Sequence[WordChars]], starts: Sequence[int], boxes: Callable[[Sequence[int]], Boxes]
) -> list[list[Word]]:
    """The words of each line, where the text was drawn in reading order.

    Args:
        expected: the words of each line.
        starts: index in the text layer of the first char of each line.
        boxes: gives the boxes (N, 4) of chars of the text layer, px, from their N indices.
    """
    ends = [start + at for own, start in zip(expected, starts, strict=True) for _, *both in own for at in both]
    edges = iter(boxes(ends)[:, [0, 2]].reshape(-1, 4).tolist())
    lines: list[list[Word]] = []
    for own in expected:
        # From the left edge of the first char to the right edge of the last.
        both = islice(edges, len(own))
        lines.append([Word(span, left, right) for (span, _, _), (left, _, _, right) in zip(own, both, strict=True)])
    return lines


def words_by_line(
    expected: Sequence[Sequence[WordChars]], owners: npt.NDArray[np.int64], boxes: Boxes
) -> list[list[Word]]:
    """The words of each line, where the text runs from left to right but was drawn in another order.

    Args:
        expected: the words of each line.
        owners: (N,), the index of the line of each char of the text layer.
        boxes: (N, 4), of each char, px.
    """
    lines: list[list[Word]] = []
    for index, own in enumerate(expected):
        chars = np.flatnonzero(owners == index)
        chars = chars[np.argsort(boxes[chars, 0], kind="stable")]
        lines.append([Word(span, float(boxes[chars[a], 0]), float(boxes[chars[b], 2])) for span, a, b in own])
    return lines

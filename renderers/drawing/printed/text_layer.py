"""The text layer of a print against the lines that were set: the same chars, in order, each line where it was set.

A layer is read in the order in which it was drawn. Where that is not the order of reading (lines from the right or
downwards, letters joined to new glyphs), each char is assigned to the line in which it stands instead.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renderers.core.boxes import Box
from renderers.core.renderer import ProofFailed
from renderers.drawing.printed.chars import HYPHENS, check_chars, folded, same_text
from renderers.engines.pdf import TextLayer
from renderers.labels.text import SOFT_HYPHEN

Boxes = npt.NDArray[np.float64]
"""(N, 4), x0, y0, x1, y1 in px of the picture."""

_MARK_REACH = 1.0
"""How far a mark may stand out of its line, in thicknesses of the line."""

_OUTSIDE_WEIGHT = 1000
"""How much more a px outside of a line counts than one off its middle."""


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line as it was set.

    Attributes:
        text: what fonts draw of it, without blanks.
        box: in px of the picture, as thick as its font says.
        broken: whether a hyphen may follow, its last word going on in the next line.
    """

    text: str
    box: Box
    broken: bool = False


def visible_chars(layer: TextLayer) -> tuple[str, Sequence[int]]:
    """The chars of a layer without soft hyphens, and the index of each in the layer.

    A ligature across a soft hyphen carries it along, though it is not inked.
    """
    if SOFT_HYPHEN not in layer.text:
        return layer.text, range(len(layer.text))
    kept = [at for at, char in enumerate(layer.text) if char != SOFT_HYPHEN]
    return "".join(layer.text[at] for at in kept), kept


def find_line_starts(lines: Sequence[PrintedLine], drawn: str, font_names: Iterable[str]) -> list[int] | None:
    """The index in `drawn` at which each line begins; None where `drawn` is in another order, or another text."""
    starts: list[int] = []
    at = 0
    for line in lines:
        if not same_text(line.text, drawn[at : at + len(line.text)], font_names):
            return None
        starts.append(at)
        at += len(line.text)
        if line.broken and at < len(drawn) and drawn[at] in HYPHENS:
            at += 1
    return starts if at == len(drawn) else None


def check_line_starts(lines: Sequence[PrintedLine], boxes: Boxes, slack_px: float) -> None:
    """Compares where lines begin in print with where they were set.

    Args:
        lines: L of them.
        boxes: (L, 4), of the first char of each in print.
        slack_px: how far it may reach out of the box of its line.

    Raises:
        ProofFailed: one begins elsewhere (`text_moved`).
    """
    for line, box in zip(lines, boxes.tolist(), strict=True):
        x0, y0, x1, y1 = line.box
        if not (x0 - slack_px <= box[0] <= x1 and y0 - slack_px <= box[3] <= y1 + slack_px):
            raise ProofFailed("text_moved", f"the first of {line.text!r} is at {box}, not in {line.box}")


def check_line_chars(lines: Sequence[PrintedLine], drawn: str, boxes: Boxes, language: str) -> npt.NDArray[np.int64]:
    """The index of the line of each of the N chars drawn, (N,), each line having its own chars and no others.

    Args:
        lines: as they were set.
        drawn: N chars, in the order in which they were drawn.
        boxes: (N, 4), theirs.
        language: BCP 47.

    Raises:
        ProofFailed: a line lacks chars (`text_missing`) or has others (`text_extra`).
    """
    owners = assign_chars(np.array([line.box for line in lines]), boxes, drawn, [line.text for line in lines])
    for index, line in enumerate(lines):
        inked = "".join(drawn[at] for at in np.flatnonzero(owners == index))
        check_chars(line.text, inked, language, line.broken)
    return owners


def assign_chars(frames: Boxes, boxes: Boxes, drawn: str, wanted: Sequence[str]) -> npt.NDArray[np.int64]:
    """The index of the line of each char, (N,).

    One that stands in just one line is of that line. Lines as thick as their font says reach into each other, and the
    parts of a letter with a mark may be told to stand where the mark stands, above or below: such a char is of the line
    that lacks it, or else of that of the chars drawn before or after it, or else of the nearest.

    Args:
        frames: (L, 4), boxes of the lines.
        boxes: (N, 4), of the chars, in the order in which they were drawn.
        drawn: the N chars.
        wanted: L texts, of the lines.
    """
    across, down = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    outside = np.maximum(0, np.maximum(frames[:, None, 0] - across, across - frames[:, None, 2]))
    outside += np.maximum(0, np.maximum(frames[:, None, 1] - down, down - frames[:, None, 3]))
    far = outside * _OUTSIDE_WEIGHT + np.abs((frames[:, None, 1] + frames[:, None, 3]) / 2 - down)
    owners: npt.NDArray[np.int64] = np.argmin(far, axis=0)
    is_sure = (outside == 0).sum(axis=0) == 1
    sure, unsure = np.flatnonzero(is_sure), np.flatnonzero(~is_sure)
    if not len(sure) or not len(unsure):
        return owners
    missing = [Counter(folded("".join(text.split()))) for text in wanted]
    for at in sure.tolist():
        missing[owners[at]].subtract(folded(drawn[at]))
    after = np.searchsorted(sure, unsure)
    beside = owners[sure[np.stack([np.maximum(after - 1, 0), np.minimum(after, len(sure) - 1)])]]
    in_reach = outside[:, unsure] <= _MARK_REACH * (frames[:, 3] - frames[:, 1])[:, None]
    for at, near, neighbours in zip(unsure.tolist(), in_reach.T, beside.T.tolist(), strict=True):
        letters = folded(drawn[at])
        ranks = {
            line: (any(missing[line][one] <= 0 for one in letters), line not in neighbours, far[line, at])
            for line in np.flatnonzero(near).tolist()
        }
        if ranks:
            owners[at] = min(ranks, key=ranks.__getitem__)
        missing[owners[at]].subtract(letters)
    return owners

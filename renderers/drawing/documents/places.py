"""In which line each character of a text layer stands, also those whose marks reach out of their own."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from renderers.drawing.documents.reading import folded

_MARK_REACH = 1.0
"""How far a mark may stand out of its line, in thicknesses of the line."""

_FAR_OFF = 1000
"""How much more a px outside of a line counts than one off its middle."""


def owners_of(
    frames: npt.NDArray[np.float64], boxes: npt.NDArray[np.float64], drawn: str, wanted: Sequence[str]
) -> npt.NDArray[np.int64]:
    """The line of each character, (N,).

    One that stands in just one line is of that line. Lines as thick as their font says reach into each other, and the
    parts of a letter with a mark may be told to stand where the mark stands, above or below: such a character is of the
    line that lacks it, or else of that of the characters drawn before or after it, or else of the nearest.

    Args:
        frames: (L, 4), of the lines.
        boxes: (N, 4), of the characters, in the order in which they were drawn.
        drawn: the N characters.
        wanted: L texts, of the lines.
    """
    across, down = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    outside = np.maximum(0, np.maximum(frames[:, None, 0] - across, across - frames[:, None, 2]))
    outside += np.maximum(0, np.maximum(frames[:, None, 1] - down, down - frames[:, None, 3]))
    far = outside * _FAR_OFF + np.abs((frames[:, None, 1] + frames[:, None, 3]) / 2 - down)
    owners: npt.NDArray[np.int64] = np.argmin(far, axis=0)
    is_sure = (outside == 0).sum(axis=0) == 1
    sure, unsure = np.flatnonzero(is_sure), np.flatnonzero(~is_sure)
    if not len(sure) or not len(unsure):
        return owners
    lacking = [Counter(folded("".join(text.split()))) for text in wanted]
    for at in sure.tolist():
        lacking[owners[at]].subtract(folded(drawn[at]))
    after = np.searchsorted(sure, unsure)
    beside = owners[sure[np.stack([np.maximum(after - 1, 0), np.minimum(after, len(sure) - 1)])]]
    in_reach = outside[:, unsure] <= _MARK_REACH * (frames[:, 3] - frames[:, 1])[:, None]
    for at, near, neighbours in zip(unsure.tolist(), in_reach.T, beside.T.tolist(), strict=True):
        letters = folded(drawn[at])
        ranks = {
            line: (any(lacking[line][one] <= 0 for one in letters), line not in neighbours, far[line, at])
            for line in np.flatnonzero(near).tolist()
        }
        if ranks:
            owners[at] = min(ranks, key=ranks.__getitem__)
        lacking[owners[at]].subtract(letters)
    return owners

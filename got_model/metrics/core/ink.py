"""Where each token of a formula stands in a picture that has a colour for each."""

import numpy as np
import numpy.typing as npt

from renderers.labels.latex.colour import tokens_of

Boxes = npt.NDArray[np.float64]
"""(N, 4): x0, y0, x1, y1."""


def token_boxes(pixels: npt.NDArray[np.uint8], num_tokens: int) -> tuple[list[int], Boxes]:
    """The tokens that have ink, and the box of each.

    Where ink ends its colour is mixed with that of the paper, and may become another token's; such pixels are never
    two wide and two high. So only squares of 2 x 2 count, but for a token that has none.

    Args:
        pixels: (H, W, 3) RGB on white.
        num_tokens: of the formula.
    """
    inked = (pixels[..., 0] & pixels[..., 1] & pixels[..., 2]) != 255
    rows, columns = (np.flatnonzero(inked.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return [], np.zeros((0, 4))
    # Most of a sheet is paper: a look at the part that is not is five times as quick.
    part = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    inked, pixels = inked[part], pixels[part]
    tokens = np.full(inked.shape, -1, np.int32)
    tokens[inked] = tokens_of(pixels[inked].astype(np.uint32))
    tokens[tokens >= num_tokens] = -1
    corner = tokens[:-1, :-1]
    square = (corner >= 0) & (corner == tokens[1:, :-1]) & (corner == tokens[:-1, 1:]) & (corner == tokens[1:, 1:])
    ys, xs = np.nonzero(square)
    edges = _spread(corner[ys, xs], xs, ys, 2, num_tokens)
    lost = np.isinf(edges[:, 0])
    if lost.any():
        ys, xs = np.nonzero((tokens >= 0) & lost[tokens])
        edges[lost] = _spread(tokens[ys, xs], xs, ys, 1, num_tokens)[lost]
    found = np.flatnonzero(~np.isinf(edges[:, 0]))
    return found.tolist(), edges[found] + (columns[0], rows[0], columns[0], rows[0])


def _spread(
    tokens: npt.NDArray[np.int32], xs: npt.NDArray[np.int64], ys: npt.NDArray[np.int64], size: int, num_tokens: int
) -> Boxes:
    """Boxes around squares of a size; infinite where a token has none."""
    edges = np.tile(np.array((np.inf, np.inf, -np.inf, -np.inf)), (num_tokens, 1))
    for side, (positions, pick) in enumerate(
        ((xs, np.minimum), (ys, np.minimum), (xs + size, np.maximum), (ys + size, np.maximum))
    ):
        pick.at(edges[:, side], tokens, positions)
    return edges

"""The order of an epoch: mixed from many row groups, few of which have to be in memory at a time.

The row groups, in an order of the seed, stand one behind the other, rows of each mixed. That sequence is cut into lanes
of one length, and a row is taken from each lane in turn: so a batch has rows of all parts of a data set, as many row
groups are in use as there are lanes, and each is read once. A worker has the same places of every step, which are the
same lanes: it reads the row groups of its own lanes alone.
"""

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

NO_ROW = -1
"""Stands in an epoch's order where the last batch is not full."""

WINDOW_BYTES = 2 << 30
"""Rows that are mixed at a time, of all workers together: row groups of as many bytes are in use."""

_MAX_LANES = 64

_CURRICULUM_STEPS = 200
"""Steps in which the longest answer of a length curriculum grows."""

_CURRICULUM_POWER = 0.74
"""The longest answer so far grows as this power of the share of the curriculum that has passed: each further character
takes longer to learn than the one before. Measured on `tiny`, where a character was added when the loss had fallen
below 0.8: 2, 4, 6, 8 characters after 3,100, 11,000, 28,300, 47,600 pictures."""


def fits_window(group_bytes: NDArray[np.int64]) -> bool:
    """Whether all row groups may be in memory together: then they need no lanes."""
    return int(group_bytes.sum()) <= WINDOW_BYTES


def num_lanes(group_bytes: NDArray[np.int64], batch: int) -> int:
    """How many lanes there are.

    Args:
        group_bytes: of the row groups; each byte counts the bytes that are in memory with it.
        batch: rows of a step over all workers; lanes and it divide each other where they can.
    """
    mean = float((group_bytes.astype(float) ** 2).sum() / max(group_bytes.sum(), 1))
    most = int(min(max(WINDOW_BYTES / max(mean, 1.0), 1), _MAX_LANES))
    if most >= batch:
        return most // batch * batch
    fitting = max(lanes for lanes in range(1, most + 1) if batch % lanes == 0)
    # Where none of about that size divides it, mixing is worth more than that each worker has lanes of its own.
    return fitting if 2 * fitting > most else most


def in_lanes(rows: NDArray[np.int64], lanes: int, batch: int) -> NDArray[np.int64]:
    """Rows (N,) in the order of the sequence -> in the order of steps, filled with `NO_ROW` to a multiple of `batch`.

    Within a step the rows of a lane stand together.
    """
    length = len(rows) // lanes
    body = rows[: length * lanes].reshape(lanes, length).copy()
    # Every second one runs backwards: a row group that two lanes share is needed by both at the same time.
    body[1::2] = body[1::2, ::-1]
    order = np.concatenate([body.T.ravel(), rows[length * lanes :]])
    order = np.concatenate([order, np.full(-len(order) % batch, NO_ROW)])
    places = (np.arange(len(order)) % lanes).reshape(-1, batch).argsort(axis=1, kind="stable")
    return np.take_along_axis(order.reshape(-1, batch), places, axis=1).ravel()


def length_curriculum(rng: np.random.Generator, rows: NDArray[np.int64], frac: float) -> NDArray[np.int64]:
    """Rows (N,), the shortest answers first -> each once (N,), drawn at any time from the share allowed by then.

    Args:
        rng: of the order.
        rows: sorted by the length of their answers.
        frac: share of the epoch, 0..1, after which all lengths are allowed.
    """
    waiting, reached, order = rows[:0], 0, []
    for start, end in pairwise(np.linspace(0, len(rows), _CURRICULUM_STEPS + 1).astype(int)):
        reach = math.ceil(len(rows) * min(1.0, end / (frac * len(rows))) ** _CURRICULUM_POWER)
        waiting = rng.permutation(np.concatenate([waiting, rows[reached:reach]]))
        reached = reach
        order.append(waiting[: end - start])
        waiting = waiting[end - start :]
    return np.concatenate(order)

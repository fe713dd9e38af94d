r"""CDM, character detection matching: which tokens of two drawn formulas are the same, at the same position.

Tokens are paired at minimum cost (another symbol 1, another position 0.05, another index in the order 0.15). A pair
counts where moving and scaling takes its target to its answer, as of most other pairs (RANSAC, at most five times
over what is left), and the symbols are the same. F1 is rounded to three decimals.

Differences from the reference: tokens are those of our grammar, whose canonical form has settled most names of one
symbol, instead of KaTeX's, and letters in another font are others; dots and a formula's number are one token; what is
scaled is scaled about the points from which the scale was taken. `docs/metrics.md` has how often each tells.

Source: Wang et al., CDM; UniMERNet `cdm/evaluation.py`, `cdm/modules/visual_matcher.py`.
"""

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from skimage.measure import ransac

from got_model.metrics.core.ink import Boxes
from got_model.metrics.core.metric import Values

_POSITION_COST, _ORDER_COST, _ALIKE_COST = 0.05, 0.15, 0.005
_MAX_ROUNDS, _MIN_SAMPLES, _MAX_RESIDUAL_PX, _MAX_TRIALS, _SEED = 5, 2, 20.0, 50, 42
PX_PER_INCH, TEXT_PT = 200, 12.0
"""At which the reference draws, and `_MAX_RESIDUAL_PX` is meant."""

# Names of symbols that look alike, beyond those that the grammar settles.
_ALIKE = {
    r"\cdot": ".", r"\dot": ".", r"\mid": "|", r"\top": "T", r"\prime": "'", r"\parallel": r"\|", r"\backslash": "/",
    r"\langle": "<", r"\rangle": ">", r"\widehat": r"\hat", r"\widetilde": r"\tilde",
}  # fmt: skip


_FENCE = re.compile(r"^\\(?:left|right|middle|[bB]ig+[lrm]?)(?![a-z])")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn formula: its tokens in order and the box of each, in px of the reference."""

    tokens: tuple[str, ...]
    boxes: Boxes


class _Similarity:
    """Moves and scales points, both axes alike; what RANSAC fits."""

    def __init__(self, centre: npt.NDArray[np.float64], goal: npt.NDArray[np.float64], scale: float) -> None:
        self._centre, self._goal, self._scale = centre, goal, scale

    @classmethod
    def from_estimate(cls, start: npt.NDArray[np.float64], end: npt.NDArray[np.float64]) -> Self:
        """The one that takes these points to those."""
        centre, goal = start.mean(axis=0), end.mean(axis=0)
        spread = [float(np.linalg.norm(points - points.mean(axis=0), axis=1).mean()) for points in (start, end)]
        return cls(centre, goal, spread[1] / (spread[0] + 1e-10))

    def residuals(self, start: npt.NDArray[np.float64], end: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """How far from its end each point comes to lie."""
        off: npt.NDArray[np.float64] = np.linalg.norm((start - self._centre) * self._scale + self._goal - end, axis=1)
        return off


def match(target: Drawn, answer: Drawn) -> Values:
    """CDM's F1, and whether it is 1, of two formulas that have ink."""
    token_costs = _token_costs(target.tokens, answer.tokens)
    cost = token_costs + _POSITION_COST * _distances(_unit(target.boxes), _unit(answer.boxes))
    longer = max(len(target.tokens), len(answer.tokens))
    cost += _ORDER_COST * _distances(_order(len(target.tokens), longer), _order(len(answer.tokens), longer))
    rows, columns = linear_sum_assignment(cost)
    same = token_costs[rows, columns] < 1
    kept = _inliers(_centres(target.boxes)[rows], _centres(answer.boxes)[columns]) & same
    f1 = round(2 * int(kept.sum()) / (len(target.tokens) + len(answer.tokens)), 3)
    return {"cdm": f1, "exp_rate": float(f1 == 1)}


def _token_costs(target: Sequence[str], answer: Sequence[str]) -> npt.NDArray[np.float64]:
    mine, theirs = np.array(target, object)[:, None], np.array(answer, object)[None]
    alike = [np.array([_plain(token) for token in tokens], object) for tokens in (target, answer)]
    costs: npt.NDArray[np.float64] = np.where(alike[0][:, None] == alike[1][None], _ALIKE_COST, 1.0)
    return np.where(mine == theirs, 0.0, costs)


def _plain(token: str) -> str:
    """The name under which a symbol is looked up: a fence is a bracket, whatever its size."""
    token = _FENCE.sub("", token)
    return _ALIKE.get(token, token)


def _unit(boxes: Boxes) -> Boxes:
    """Boxes in shares of the whole formula."""
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    units: Boxes = (boxes - np.tile(low, 2)) / np.tile(high - low, 2)
    return units


def _order(num: int, whole: int) -> Boxes:
    return np.arange(num, dtype=np.float64)[:, None] / whole


def _distances(one: Boxes, other: Boxes) -> npt.NDArray[np.float64]:
    distances: npt.NDArray[np.float64] = cdist(one, other, "cityblock") / one.shape[1]
    return distances


def _centres(boxes: Boxes) -> Boxes:
    centres: Boxes = (boxes[:, :2] + boxes[:, 2:]) / 2
    return centres


def _inliers(start: Boxes, end: Boxes) -> npt.NDArray[np.bool_]:
    """(N,): which pairs of points (N, 2), in px, RANSAC's similarity transforms take to each other."""
    if len(start) <= _MIN_SAMPLES:
        return np.ones(len(start), bool)
    kept = np.zeros(len(start), bool)
    for _ in range(_MAX_ROUNDS):
        left = np.flatnonzero(~kept)
        if len(left) <= _MIN_SAMPLES:
            break
        with warnings.catch_warnings():
            # That no sample fits.
            warnings.simplefilter("ignore")
            _, found = ransac(  # type: ignore[no-untyped-call]
                (start[left], end[left]),
                _Similarity,
                min_samples=_MIN_SAMPLES,
                residual_threshold=_MAX_RESIDUAL_PX,
                max_trials=_MAX_TRIALS,
                rng=_SEED,
            )
        if found is None or not found.any():
            break
        kept[left[found]] = True
    return kept

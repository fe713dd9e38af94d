"""Where the texts of a figure stand: beside what they name, on free paper.

Lines are chains of points, texts are boxes: a place is free when its box, grown by a margin, holds no point of a line
and meets no other box. Among the free places the nearest to the wish wins.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renderers.content.geometry.texts import measure
from renderers.labels.tikz.primitives import Node, Path, Point, Points, Primitive, outlines

_SPACING = 0.08
"""Of the points that stand for lines, in units; smaller than any text."""

_FAR = 0.4
"""Units of free paper around a text beyond which more is no better."""

_AROUND = np.radians(np.arange(0, 360, 15.0))
_COMPASS = np.stack([np.cos(_AROUND), np.sin(_AROUND)], axis=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """A text and where it might stand.

    Attributes:
        text: TeX.
        centres: (K, 2) places of its middle.
        costs: (K,) how much worse each is than the best, in units.
        owner: the point that it names, to be nearer than any other named point.
        patch: it stands on a piece of white paper, so lines of the grid may pass under it.
        colour: of the text.
    """

    text: str
    centres: Points
    costs: npt.NDArray[np.float64]
    owner: Point | None = None
    patch: bool = False
    colour: str = "black"


@dataclass(frozen=True, slots=True)
class Type:
    """How large texts are, in units of the figure.

    Attributes:
        em: of the texts.
        gap: paper between a text and what it names.
        margin: paper that a text must keep to lines, half of a line's width included.
    """

    em: float
    gap: float
    margin: float

    def half(self, text: str, patch: bool = False) -> tuple[float, float]:
        """Half the width and height of a text's box."""
        extent = measure(text)
        more = self.margin if patch else 0.0
        return (extent.width * self.em / 2 + more, (extent.height + extent.depth) * self.em / 2 + more)


def around(text: str, point: Point, type_: Type, away: Point | None = None, clear: float = 0.0) -> Wish:
    """Beside a point, best in the direction `away`; `clear`: the radius of what is drawn at the point."""
    width, height = type_.half(text)
    reach = np.minimum(width / np.abs(_COMPASS[:, 0]).clip(1e-9), height / np.abs(_COMPASS[:, 1]).clip(1e-9))
    # A box that leaves a corner free may come nearer than its middle line says.
    reach = np.minimum(reach, math.hypot(width, height) * 0.92)
    turned = np.zeros(len(_COMPASS))
    if away is not None and away != (0.0, 0.0):
        length = math.hypot(*away)
        turned = 0.25 * (1 - _COMPASS @ np.array([away[0] / length, away[1] / length]))
    centres, costs = [], []
    for more in (0.0, 0.12, 0.28, 0.5):
        distance = reach + type_.gap + clear + more * 1.6 * type_.em
        centres.append(np.array(point) + _COMPASS * distance[:, None])
        costs.append(turned + more * 1.2)
    return Wish(text, np.concatenate(centres), np.concatenate(costs), owner=point)


def beside(text: str, a: Point, b: Point, type_: Type, inner: Point | None = None) -> Wish:
    """Along the middle of a segment, best on the side where the point `inner` does not lie."""
    width, height = type_.half(text)
    along = (b[0] - a[0], b[1] - a[1])
    length = math.hypot(*along) or 1.0
    normal = (-along[1] / length, along[0] / length)
    if inner is not None and (inner[0] - a[0]) * normal[0] + (inner[1] - a[1]) * normal[1] > 0:
        normal = (-normal[0], -normal[1])
    reach = width * abs(normal[0]) + height * abs(normal[1]) + type_.gap
    centres, costs = [], []
    for part in (0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72):
        for side in (1.0, -1.0):
            for more in (0.0, 0.15):
                distance = side * (reach + more)
                x, y = a[0] + along[0] * part, a[1] + along[1] * part
                centres.append((x + normal[0] * distance, y + normal[1] * distance))
                costs.append(abs(part - 0.5) * 1.5 + (0.35 if side < 0 else 0.0) + more)
    return Wish(text, np.array(centres), np.array(costs))


def within(text: str, corner: Point, middle_deg: float, radius: float, type_: Type, half_deg: float = 90.0) -> Wish:
    """In the mouth of an angle, outside of its arc."""
    width, height = type_.half(text)
    centres, costs = [], []
    for bend in (0.0, 0.2, -0.2, 0.4, -0.4):
        angle = math.radians(middle_deg + bend * half_deg)
        towards = (math.cos(angle), math.sin(angle))
        reach = width * abs(towards[0]) + height * abs(towards[1])
        for more in (0.0, 0.1, 0.2, 0.35, 0.5, 0.7, 0.95, 1.25):
            distance = radius + type_.gap * 0.7 + reach + more
            centres.append((corner[0] + towards[0] * distance, corner[1] + towards[1] * distance))
            costs.append(abs(bend) * 0.3 + more * 0.8)
    return Wish(text, np.array(centres), np.array(costs))


def at(text: str, centre: Point, patch: bool = False) -> Wish:
    """Just there."""
    return Wish(text, np.array([centre]), np.zeros(1), patch=patch)


def near_any(text: str, points: Iterable[Point], type_: Type, colour: str = "black") -> Wish:
    """Beside any of some points, such as those of a curve."""
    wishes = [around(text, point, type_) for point in points]
    centres = np.concatenate([wish.centres for wish in wishes])
    return Wish(text, centres, np.concatenate([wish.costs for wish in wishes]), colour=colour)


def line_points(primitives: Sequence[Primitive]) -> Points:
    """(N, 2): what texts must keep off: all lines, the inside of patterns, and the width of arrow tips."""
    chains: list[Points] = [np.empty((0, 2))]
    for primitive in primitives:
        found = outlines(primitive, _SPACING)
        chains += found
        if isinstance(primitive, Node):
            continue
        if primitive.pen.pattern:
            chains.append(_inside(found[0]))
        if primitive.pen.arrow and isinstance(primitive, Path):
            ends = [found[0][-1]] + ([found[0][0]] if primitive.pen.arrow == "<->" else [])
            chains += [end + 0.12 * _COMPASS[::3] for end in ends]
    return np.concatenate(chains)


def _inside(outline: Points) -> Points:
    """Points of a fine grid inside a closed chain, by the even-odd rule."""
    (x0, y0), (x1, y1) = outline.min(axis=0), outline.max(axis=0)
    grid = np.stack(np.meshgrid(np.arange(x0, x1, 0.15), np.arange(y0, y1, 0.15)), axis=-1).reshape(-1, 2)
    start, stop = outline, np.roll(outline, -1, axis=0)
    above = (start[:, 1] > grid[:, 1:]) != (stop[:, 1] > grid[:, 1:])
    with np.errstate(all="ignore"):
        slope = (stop[:, 0] - start[:, 0]) / (stop[:, 1] - start[:, 1])
        cuts = above & (grid[:, :1] < start[:, 0] + (grid[:, 1:] - start[:, 1]) * slope)
    inside: Points = grid[cuts.sum(axis=1) % 2 == 1]
    return inside


class Paper:
    """The free places of a figure while its texts are set one by one."""

    def __init__(self, lines: Points, grid: Points, owners: Sequence[Point], type_: Type) -> None:
        self._lines = lines
        self._all = np.concatenate([lines, grid])
        self._owners = np.array(list(owners)).reshape(-1, 2)
        self._type = type_
        self._boxes: list[tuple[float, float, float, float]] = []

    def place(self, wish: Wish) -> Node | None:
        """The text in the best free place, which is taken from then on; None where there is none."""
        width, height = self._type.half(wish.text, wish.patch)
        lines = self._lines if wish.patch else self._all
        low, high = wish.centres.min(axis=0) - (width + 0.8), wish.centres.max(axis=0) + (width + 0.8)
        lines = lines[((lines > low) & (lines < high)).all(axis=1)]
        costs = wish.costs + self._crowding(wish, lines, width, height) + self._strangers(wish)
        best = int(costs.argmin())
        if not math.isfinite(costs[best]):
            return None
        x, y = (round(float(value), 2) for value in wish.centres[best])
        self._boxes.append((x, y, width, height))
        return Node((x, y), wish.text, wish.colour, wish.patch)

    def boxes(self) -> list[tuple[float, float, float, float]]:
        """x0, y0, x1, y1 of each text that was set."""
        return [(x - width, y - height, x + width, y + height) for x, y, width, height in self._boxes]

    def _crowding(self, wish: Wish, lines: Points, width: float, height: float) -> npt.NDArray[np.float64]:
        """How little paper there is around each place; infinite where it is taken."""
        margin = self._type.margin
        near = np.full(len(wish.centres), np.inf)
        if len(lines):
            across = np.abs(wish.centres[:, None, 0] - lines[:, 0]) - width
            up = np.abs(wish.centres[:, None, 1] - lines[:, 1]) - height
            near = np.maximum(across, up).min(axis=1)
        for x, y, other_width, other_height in self._boxes:
            across = np.abs(wish.centres[:, 0] - x) - (width + other_width)
            up = np.abs(wish.centres[:, 1] - y) - (height + other_height)
            near = np.minimum(near, np.maximum(across, up))
        return np.where(near < margin, np.inf, 0.5 * (_FAR - near.clip(max=_FAR)))

    def _strangers(self, wish: Wish) -> npt.NDArray[np.float64]:
        """Infinite where a text would be taken for the name of another point."""
        if wish.owner is None or not len(self._owners):
            return np.zeros(len(wish.centres))
        width, height = self._type.half(wish.text)
        apart = np.abs(wish.centres[:, None, :] - self._owners) - (width, height)
        away = np.hypot(*apart.clip(0).transpose(2, 0, 1))
        own = np.hypot(*(np.abs(wish.centres - wish.owner) - (width, height)).clip(0).T)
        away[:, np.hypot(*(self._owners - wish.owner).T) < 0.02] = np.inf
        return np.where(away.min(axis=1, initial=np.inf) < own * 1.15, np.inf, 0.0)

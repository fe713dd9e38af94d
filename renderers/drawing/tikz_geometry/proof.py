"""Proves that a picture shows its target: each text once and whole, on free paper, and ink along every line."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from renderers.content import palettes
from renderers.content.geometry.sketch import Box
from renderers.content.geometry.texts import glyphs_of
from renderers.core import boxes
from renderers.core.colours import to_hex
from renderers.core.renderer import Outcome, Pixels, ProofFailed, Region, Rejected, Rendered
from renderers.drawing.tikz_geometry.ink import width_pt
from renderers.drawing.tikz_geometry.style import PT_AN_INCH, RINGS, Style, rgb_of
from renderers.engines.pdf import Glyphs
from renderers.labels.tikz.primitives import Circle, Ellipse, Grid, Node, Path, Plot, Primitive, is_dot, outlines

CAP_EM = 0.66
"""Height of a capital, or digit, of the lowest of the fonts. Measured: Nimbus Roman 0.66, the others 0.68-0.7."""

_TWINS = str.maketrans({"ϕ": "φ", "p": "√", "∘": "◦", "°": "◦", "-": "−", "ϑ": "θ"})
"""Glyphs by the names that some fonts give them: MathDesign's root is a "p"."""

_MIN_INK = 20
"""Sum over red, green and blue by which some pixel near a line must differ from the paper. A grey of 15 % is 115."""

_MAX_CROSSED = 0.3
"""The part of the way from paper to black that the ring around a text may go; the soft edge of a line may enter it."""

_PROBE_PX = 4.0
"""Distance of the points at which a line's ink is looked for."""

_NEIGHBOURS = np.array([(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)])

_INKED_FRAC = {"": 0.9, "dashed": 0.4, "dotted": 0.2, "dash dot": 0.3}


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture and how to find things on it.

    Attributes:
        px_a_unit: px for one unit of the figure, across and up.
    """

    pixels: Pixels
    glyphs: Glyphs
    style: Style
    box: Box
    px_a_unit: tuple[float, float]

    def to_px(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """(N, 2) points of the figure, in px, y down."""
        pad = self.style.pad_pt / self.style.unit_pt
        height = self.pixels.shape[0]
        across = (points[:, 0] - self.box[0] + pad) * self.px_a_unit[0]
        return np.stack([across, height - (points[:, 1] - self.box[1] + pad) * self.px_a_unit[1]], axis=1)


def prove(markup: str, placed: Sequence[tuple[Primitive, tuple[int, int]]], shot: Shot) -> Outcome:
    """The picture with its regions, or what is wrong with it.

    Args:
        markup: the target.
        placed: its primitives, each with its span in `markup`.
        shot: the picture.
    """
    primitives = [primitive for primitive, _ in placed]
    try:
        boxes_of_texts, trace = _prove(primitives, shot)
    except ProofFailed as failure:
        return Rejected(failure.reason, failure.detail, shot.pixels)
    height, width = shot.pixels.shape[:2]
    text_boxes, line_boxes = iter(boxes_of_texts), iter(_line_boxes(trace, shot))
    regions = []
    for order, (primitive, span) in enumerate(placed):
        box = next(text_boxes) if isinstance(primitive, Node) else next(line_boxes)
        regions.append(Region(box, markup[slice(*span)], kind_of(primitive), span, order))
    sizes = shot.glyphs.sizes_px
    smallest = float(sizes.min()) * CAP_EM if len(sizes) else float(height)
    return Rendered(
        image=shot.pixels,
        markup=markup,
        regions=tuple(regions),
        language="en",
        smallest_glyph_px=boxes.height_at_got(smallest, width, height),
        contrast=_contrast(primitives, shot.style),
    )


def _prove(primitives: Sequence[Primitive], shot: Shot) -> tuple[list[Box], "_Trace"]:
    """The boxes of all texts, and the points along all lines; raises ProofFailed where the picture is no sample."""
    nodes = [primitive for primitive in primitives if isinstance(primitive, Node)]
    text_boxes = _assign_glyphs(nodes, shot)
    trace = _trace(primitives, shot)
    _check_texts(nodes, text_boxes, shot)
    _check_edge(shot)
    _check_lines(trace, primitives, shot)
    return text_boxes, trace


def kind_of(primitive: Primitive) -> str:
    """The kind of a region."""
    if isinstance(primitive, Path):
        if primitive.straight:
            return "polygon" if primitive.closed else "segment" if len(primitive.steps) == 1 else "polyline"
        return "arc" if len(primitive.steps) == 1 and not primitive.closed else "region"
    if is_dot(primitive):
        return "point"
    return {Circle: "circle", Ellipse: "ellipse", Grid: "grid", Plot: "plot", Node: "text"}[type(primitive)]


def _assign_glyphs(nodes: Sequence[Node], shot: Shot) -> list[Box]:
    """The box in px around the glyphs of each text: each has its own and there are no others, or ProofFailed."""
    glyphs = shot.glyphs
    tight = glyphs.tight
    if not nodes:
        if len(tight):
            raise ProofFailed("text_stray", glyphs.text[:20])
        return []
    centres = shot.to_px(np.array([node.at for node in nodes]))
    halves = np.array([shot.style.text_metrics().half(node.text) for node in nodes]) * shot.px_a_unit
    slack = 0.2 * shot.style.size_pt / shot.style.unit_pt * shot.px_a_unit[0]
    middles = (tight[:, :2] + tight[:, 2:]) / 2
    off = (np.abs(middles[:, None, :] - centres) - halves).max(axis=2)
    owners = off.argmin(axis=1) if len(tight) else np.empty(0, np.int64)
    strays: list[int] = np.flatnonzero(off.min(axis=1) > slack).tolist() if len(tight) else []
    if strays:
        raise ProofFailed("text_stray", glyphs.text[strays[0]])
    members: list[list[int]] = [[] for _ in nodes]
    for glyph, owner in enumerate(owners.tolist()):
        members[owner].append(glyph)
    for node, mine in zip(nodes, members, strict=True):
        drawn = Counter("".join(glyphs.text[glyph] for glyph in mine).translate(_TWINS))
        if drawn != _folded(node.text):
            inked = "".join(glyphs.text[glyph] for glyph in mine)
            raise ProofFailed("text_garbled", f"{node.text} is inked as {inked!r}")
        if (tight[mine, 2] <= tight[mine, 0]).any():
            raise ProofFailed("glyph_blank", node.text)
    return [(*tight[mine, :2].min(axis=0).tolist(), *tight[mine, 2:].max(axis=0).tolist()) for mine in members]


def _folded(text: str) -> Counter[str]:
    folded: Counter[str] = Counter()
    for char, num in glyphs_of(text).items():
        folded[char.translate(_TWINS)] += num
    return folded


def _check_texts(nodes: Sequence[Node], text_boxes: Sequence[Box], shot: Shot) -> None:
    """Raises ProofFailed where texts overlap, one is cut, or a line is too near to one."""
    met = boxes.first_overlap(text_boxes)
    if met is not None:
        raise ProofFailed("text_overlap", f"{nodes[met[0]].text} and {nodes[met[1]].text}")
    height, width = shot.pixels.shape[:2]
    for node, box in zip(nodes, text_boxes, strict=True):
        x0, y0, x1, y1 = int(box[0]) - RINGS, int(box[1]) - RINGS, int(box[2]) + 1 + RINGS, int(box[3]) + 1 + RINGS
        if x0 < 0 or y0 < 0 or x1 > width or y1 > height:
            raise ProofFailed("text_cut", node.text)
        patch = shot.pixels[y0:y1, x0:x1].astype(np.int16).sum(axis=2)
        ring = np.concatenate([patch[0], patch[-1], patch[:, 0], patch[:, -1]])
        paper = int(np.median(ring))
        if int(np.abs(ring - paper).max()) > _MAX_CROSSED * paper:
            raise ProofFailed("text_crossed", node.text)


def _check_edge(shot: Shot) -> None:
    pixels = shot.pixels
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    if int((edge.max(axis=0).astype(np.int64) - edge.min(axis=0)).sum()) > _MIN_INK:
        raise ProofFailed("figure_cut", "ink at the edge of the picture")


Line: TypeAlias = Path | Circle | Ellipse | Grid | Plot


@dataclass(frozen=True, slots=True)
class _Trace:
    """Points along the lines of all primitives but texts.

    Attributes:
        primitives: P of them.
        points: (N, 2) px, those of one primitive behind those of the one before.
        starts: (P,) where the points of each begin.
    """

    primitives: list[Line]
    points: npt.NDArray[np.float64]
    starts: npt.NDArray[np.int64]


def _trace(primitives: Sequence[Primitive], shot: Shot) -> _Trace:
    lined = [primitive for primitive in primitives if not isinstance(primitive, Node)]
    spacing = _PROBE_PX / min(shot.px_a_unit)
    chains = [outlines(primitive, spacing) for primitive in lined]
    nums = [sum(len(chain) for chain in found) for found in chains]
    points = shot.to_px(np.concatenate([chain for found in chains for chain in found]))
    return _Trace(lined, points, np.cumsum([0, *nums[:-1]]))


def _check_lines(trace: _Trace, primitives: Sequence[Primitive], shot: Shot) -> None:
    """Raises ProofFailed where a line left too little ink; what a patch or an open point covers does not count."""
    height, width = shot.pixels.shape[:2]
    columns, rows = np.floor(trace.points).astype(np.int64).T
    if columns.min() < 1 or rows.min() < 1 or columns.max() >= width - 1 or rows.max() >= height - 1:
        raise ProofFailed("figure_cut", "a line leaves the picture")
    paper = np.array(shot.style.paper, np.int16)
    around = shot.pixels[rows[:, None] + _NEIGHBOURS[:, 0], columns[:, None] + _NEIGHBOURS[:, 1]]
    inked = (np.abs(around - paper).sum(axis=2) > _MIN_INK).any(axis=1)
    visible = np.ones(len(inked), bool)
    for x0, y0, x1, y1 in _covers(primitives, shot):
        x, y = trace.points.T
        visible &= ~((x > x0) & (x < x1) & (y > y0) & (y < y1))
    nums_visible = np.add.reduceat(visible, trace.starts, dtype=np.int64)
    nums_inked = np.add.reduceat(visible & inked, trace.starts, dtype=np.int64)
    for primitive, num_visible, num_inked in zip(
        trace.primitives, nums_visible.tolist(), nums_inked.tolist(), strict=True
    ):
        if primitive.pen.fill == "white":
            continue
        if not num_visible:
            raise ProofFailed("line_hidden", kind_of(primitive))
        if num_inked < num_visible * _INKED_FRAC[primitive.pen.dash]:
            raise ProofFailed("line_missing", f"{num_inked / num_visible:.0%} of a {kind_of(primitive)} is inked")


def _covers(primitives: Sequence[Primitive], shot: Shot) -> list[Box]:
    """What white lies over lines: patches under texts, and open points."""
    covers: list[Box] = []
    for primitive in primitives:
        if isinstance(primitive, Node) and primitive.patch:
            half = np.array(shot.style.text_metrics().half(primitive.text, patch=True)) * shot.px_a_unit + 2
        elif isinstance(primitive, Circle) and primitive.pen.fill == "white":
            half = np.array([primitive.radius, primitive.radius]) * shot.px_a_unit + 1
        else:
            continue
        at = primitive.at if isinstance(primitive, Node) else primitive.centre
        x, y = shot.to_px(np.array([at]))[0].tolist()
        covers.append((x - float(half[0]), y - float(half[1]), x + float(half[0]), y + float(half[1])))
    return covers


def _line_boxes(trace: _Trace, shot: Shot) -> list[Box]:
    """The box around each primitive with the width of its line."""
    low = np.minimum.reduceat(trace.points, trace.starts).tolist()
    high = np.maximum.reduceat(trace.points, trace.starts).tolist()
    height, width = shot.pixels.shape[:2]
    found: list[Box] = []
    for primitive, (x0, y0), (x1, y1) in zip(trace.primitives, low, high, strict=True):
        half = max(0.5, width_pt(primitive.pen, shot.style) * shot.style.dpi / PT_AN_INCH / 2)
        edges = (max(0.0, x0 - half), max(0.0, y0 - half), min(float(width), x1 + half), min(float(height), y1 + half))
        found.append(edges)
    return found


def _contrast(primitives: Sequence[Primitive], style: Style) -> float:
    """The lowest of all texts, each against the darkest it may stand on."""
    papers = [style.paper]
    colours = {"black"}
    for primitive in primitives:
        if isinstance(primitive, Node):
            colours.add(primitive.colour)
        elif primitive.pen.fill and not is_dot(primitive):
            red, green, blue = (round(part * 255) for part in rgb_of(primitive.pen.fill))
            papers.append((red, green, blue))
    inks = [tuple(round(part * 255) for part in rgb_of(colour)) for colour in sorted(colours)]
    return min(palettes.contrast(to_hex(ink), to_hex(paper)) for ink in inks for paper in papers)

"""Proof that a picture shows its target: every string inked once, whole, legible, and apart from every other.

The plan is not trusted: texts are compared with the finished pixels through the masks that were inked, and colours are
read from the picture.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from renderers.content.charts.data import Chart, target
from renderers.content.palettes import APART_IN_LEGEND, difference
from renderers.core.boxes import first_overlap, height_at_got, inside, overlap_px
from renderers.core.colours import contrast_ratio, luminance, rgb
from renderers.core.renderer import ProofFailed
from renderers.drawing.matplotlib_charts.paint import Inked, Painted, faces
from renderers.drawing.matplotlib_charts.plan import Entry, Plan
from renderers.drawing.matplotlib_charts.style import MIN_CAP_PX
from renderers.engines.matplotlib_agg import Ink, MatplotlibAgg, cap_height
from renderers.labels.charts import ABSENT, PARTS
from renderers.labels.charts import Path as TargetPath

MIN_CONTRAST = 2.5
"""Minimum contrast ratio (1..21) of the cores of glyphs, thin as they are inked, to what is around them. The colours
themselves have 4.5 (WCAG 2.2, 1.4.3); a stroke of one px that lies on two shows about half of it."""

_CORE = 0.75
"""Share of a mask's maximum from which a pixel belongs to the core of a glyph."""

_COLOUR_SLACK = 48
"""By how much red, green or blue (0..255) of a pixel may differ from ink of its coverage on its background."""

_MIN_SHOWN = 0.9
"""Share of a text's core pixels that must have that colour."""

_MIN_CLUTTER_CONTRAST = 1.8
"""Pixels around a text whose contrast ratio to its ink is lower are clutter: they could be taken for strokes."""

_MAX_CLUTTER = 0.12
"""Share of the pixels around a text that may be clutter."""


@dataclass(frozen=True, slots=True)
class Legibility:
    """What was measured of the least legible texts of a picture.

    Attributes:
        smallest_px: height of a capital of the smallest text, in px at GOT's 1024 x 1024.
        contrast: lowest contrast ratio of a text to what is around it, 1..21 (WCAG 2).
    """

    smallest_px: float
    contrast: float


def check_plan(engine: MatplotlibAgg, plan: Plan) -> None:
    """Checks a plan before any pixel: its strings are those of the target, and fonts have their glyphs.

    Raises:
        ProofFailed: a string is missing, superfluous or twice there, or a glyph is missing.
    """
    _check_strings(plan)
    _check_glyphs(engine, plan)


def prove(plan: Plan, painted: Painted) -> Legibility:
    """The legibility of a picture that shows its target.

    Raises:
        ProofFailed: it does not, or not legibly.
    """
    _check_legend(plan)
    _check_boxes(plan, painted)
    smallest = min(_cap_at_got(plan, inked) for inked in painted.texts)
    if smallest < MIN_CAP_PX:
        raise ProofFailed("text_small", f"capitals of {smallest:.1f} px where GOT reads")
    contrast = 21.0
    for inked in painted.texts:
        shown, ratio, clutter = _measure_ink(painted, inked)
        name = repr(" ".join(inked.text.lines))
        if shown < _MIN_SHOWN:
            raise ProofFailed("text_without_ink", f"{name}: {shown:.0%} of its ink shows")
        if ratio < MIN_CONTRAST or clutter > _MAX_CLUTTER:
            detail = f"{name}: contrast {ratio:.1f}, {clutter:.0%} of its surroundings too alike"
            raise ProofFailed("contrast_low", detail)
        contrast = min(contrast, ratio)
    return Legibility(smallest, contrast)


def _target_paths(chart: Chart) -> set[TargetPath]:
    """Paths of all strings of the target that must be inked: titles, categories, series, and values that are printed.

    A category stands in the target once for each series, and in the picture once; its first path counts.
    """
    whole = target(chart)
    paths: set[TargetPath] = {(key,) for key in ("title", "source", "x_title", "y_title") if whole[key] != ABSENT}
    named = [one for one in chart.series if one.name]
    paths |= {("values", one.name, "") for one in named}
    if chart.categories:
        prefix = ("values", named[0].name) if named else ("values",)
        paths |= {(*prefix, category, "") for category in chart.categories}
    if chart.printed:
        paths |= set(_printed(whole["values"], ("values",), "size" if chart.kind == "bubble" else ""))
    return paths


def _printed(values: Mapping[str, Any], path: TargetPath, only: str) -> Iterable[TargetPath]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _printed(value, (*path, key), only)
        elif value != ABSENT and (not only or key == only or key not in PARTS):
            yield (*path, key)


def _check_strings(plan: Plan) -> None:
    inked = Counter(text.path for text in plan.texts if text.path is not None)
    expected = _target_paths(plan.chart)
    twice = [path for path, times in inked.items() if times > 1]
    if twice:
        raise ProofFailed("string_repeated", f"{twice[0]} is inked {inked[twice[0]]} times")
    missing = expected - set(inked)
    if missing:
        raise ProofFailed("string_missing", f"{min(missing)} is not inked")
    superfluous = set(inked) - expected
    if superfluous:
        raise ProofFailed("string_repeated", f"{min(superfluous)} is inked but not in the target")


def _check_glyphs(engine: MatplotlibAgg, plan: Plan) -> None:
    for text in plan.texts:
        for line in text.lines:
            char = engine.missing(faces(plan.families, text.bold), line)
            if char is not None:
                raise ProofFailed("glyph_missing", f"{char!r} of {line!r} in {plan.families}")


def _check_legend(plan: Plan) -> None:
    """Entries must differ in colour, or in dash, marker or hatch."""

    def colour(entry: Entry) -> str:
        inside = None if entry.line or entry.pen.fill == plan.style.panel else entry.pen.fill
        return inside or entry.pen.stroke or plan.style.ink

    for a, b in itertools.combinations(plan.entries, 2):
        same = (a.pen.dash_px, a.marker, a.pen.hatch, a.line) == (b.pen.dash_px, b.marker, b.pen.hatch, b.line)
        if same and difference(colour(a), colour(b)) < APART_IN_LEGEND:
            raise ProofFailed("colours_close", f"{a.name!r} and {b.name!r}: {colour(a)}, {colour(b)}")


def _check_boxes(plan: Plan, painted: Painted) -> None:
    """Every line has ink, whole in the picture, and no two texts overlap."""
    height, width = painted.pixels.shape[:2]
    inks: list[tuple[Ink, int]] = []
    for number, inked in enumerate(painted.texts):
        for line, ink in zip(inked.text.lines, inked.lines, strict=True):
            if ink is None:
                raise ProofFailed("text_without_ink", f"{line!r} has none")
            if not inside(ink.box, width, height, 0.0):
                raise ProofFailed("text_cut", f"{line!r} leaves the picture")
            inks.append((ink, number))
    straight = [at for at, (_, number) in enumerate(inks) if painted.texts[number].text.angle_deg in (0, 90)]
    met = first_overlap([inks[at][0].box for at in straight], 0.0)
    if met is not None:
        raise ProofFailed("text_overlap", _names(painted, inks[straight[met[0]]][1], inks[straight[met[1]]][1]))
    tilted = [at for at in range(len(inks)) if at not in set(straight)]
    for at in tilted:
        for other in range(len(inks)):
            if other != at and inks[other][1] != inks[at][1] and _masks_meet(inks[at][0], inks[other][0]):
                raise ProofFailed("text_overlap", _names(painted, inks[at][1], inks[other][1]))


def _names(painted: Painted, a: int, b: int) -> str:
    return " and ".join(repr(" ".join(painted.texts[at].text.lines)) for at in (a, b))


def _masks_meet(a: Ink, b: Ink) -> bool:
    """Whether two inks share a pixel."""
    if overlap_px(a.box, b.box) <= 0:
        return False
    x0, y0 = max(a.left, b.left), max(a.top, b.top)
    x1, y1 = (int(min(a.box[at], b.box[at])) for at in (2, 3))
    parts = [ink.mask[y0 - ink.top : y1 - ink.top, x0 - ink.left : x1 - ink.left] > 40 for ink in (a, b)]
    return bool((parts[0] & parts[1]).any())


def _cap_at_got(plan: Plan, inked: Inked) -> float:
    """Height of a capital in px at GOT's square; of tilted text the smaller of upright and turned by 90 degrees."""
    style, text = plan.style, inked.text
    cap = cap_height(faces(plan.families, text.bold)[0], text.size_px)
    upright = height_at_got(cap, style.width_px, style.height_px)
    turned = height_at_got(cap, style.width_px, style.height_px, rotated=True)
    return upright if text.angle_deg == 0 else turned if text.angle_deg == 90 else min(upright, turned)


def _measure_ink(painted: Painted, inked: Inked) -> tuple[float, float, float]:
    """How a text stands in the finished picture.

    Returns:
        Share (0..1) of the pixels in the cores of glyphs that have the colour of ink on their background; contrast
        ratio (1..21) of these cores to the most common colour around them; share (0..1) of the pixels around them
        whose contrast to the ink is below `_MIN_CLUTTER_CONTRAST`.
    """
    cores: list[npt.NDArray[np.uint8]] = []
    alphas: list[npt.NDArray[np.uint8]] = []
    grounds: list[npt.NDArray[np.uint8]] = []
    for ink in inked.lines:
        assert ink is not None, "texts without ink were rejected"
        here = painted.pixels[ink.top : ink.top + ink.mask.shape[0], ink.left : ink.left + ink.mask.shape[1]]
        thick = ink.mask >= _CORE * int(ink.mask.max())
        cores.append(here[thick])
        alphas.append(ink.mask[thick])
        grounds.append(here[ink.mask == 0])
    core, ground = np.concatenate(cores), np.concatenate(grounds)
    alpha = np.concatenate(alphas)[:, None] / 255
    num = len(ground)
    if num == 0:
        return 1.0, 21.0, 0.0
    # Mostly one colour: sorting packed pixels finds it, and only the others need their luminance.
    packed = ground.astype(np.uint32) @ _PACK
    common = np.partition(packed, num // 2)[num // 2]
    middle = np.asarray(ground[int(np.argmax(packed == common))], np.uint8)
    expected = np.array(rgb(inked.text.colour), np.float64) * alpha + middle * (1 - alpha)
    shown = np.abs(core - expected).max(axis=1) <= _COLOUR_SLACK
    inks = np.sort(luminance(core))
    own = float(inks[len(inks) // 2])
    ratio = contrast_ratio(own, float(luminance(middle)))
    others = luminance(ground[np.flatnonzero(packed != common)])
    num_clutter = int((contrast_ratio(own, others) < _MIN_CLUTTER_CONTRAST).sum())
    num_clutter += (ratio < _MIN_CLUTTER_CONTRAST) * (num - len(others))
    return float(shown.mean()), ratio, num_clutter / num


_PACK = np.array([1 << 16, 1 << 8, 1], np.uint32)

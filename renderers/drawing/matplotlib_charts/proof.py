"""Proof that a picture shows its target: every string inked once, whole, legible, and apart from every other.

Nothing here trusts the plan. Texts are compared with the finished pixels through the masks that were inked, and colours
are those that stand in the picture.
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
from renderers.core.renderer import Rejected
from renderers.drawing.matplotlib_charts.paint import Inked, Painted, faces, rgb
from renderers.drawing.matplotlib_charts.plan import Entry, Plan
from renderers.drawing.matplotlib_charts.style import MIN_CAP_PX
from renderers.engines.matplotlib_agg import Ink, MatplotlibAgg, cap_height
from renderers.labels.charts import ABSENT, PARTS
from renderers.labels.charts import Path as TargetPath

MIN_CONTRAST = 2.5
"""Least contrast ratio of the cores of glyphs, thin as they are inked, to what is around them. The colours themselves
have 4.5 (WCAG 2.2, 1.4.3); a stroke of one px that lies on two shows about half of it."""
_CORE = 0.75
"""Share of a mask's maximum from which a pixel belongs to the core of a glyph."""
_COLOUR_SLACK = 48
_MIN_SHOWN = 0.9
_TOO_ALIKE = 1.8
_MAX_CLUTTER = 0.12


@dataclass(frozen=True, slots=True)
class Legibility:
    """The worst of all texts of a chart.

    Attributes:
        smallest_px: height of the lowest capital in GOT's 1024 px square.
        contrast: lowest contrast ratio by WCAG 2, 1..21.
    """

    smallest_px: float
    contrast: float


def find_fault(engine: MatplotlibAgg, plan: Plan) -> Rejected | None:
    """What is wrong with a plan before any pixel: strings not asked for or not there, glyphs no font has."""
    fault = _strings_of(plan) or _glyphs(engine, plan)
    return None if fault is None else Rejected(*fault)


def prove(plan: Plan, painted: Painted) -> Legibility | Rejected:
    """The legibility of a proven picture, or why it is none."""
    fault = _legend(plan) or _places(plan, painted)
    if fault is not None:
        return Rejected(*fault, painted.pixels)
    smallest = min(_cap_at_got(plan, inked) for inked in painted.texts)
    if smallest < MIN_CAP_PX:
        return Rejected("text_small", f"capitals of {smallest:.1f} px where GOT reads", painted.pixels)
    contrast = 21.0
    for inked in painted.texts:
        shown, ratio, clutter = _seen(painted, inked)
        name = repr(" ".join(inked.text.lines))
        if shown < _MIN_SHOWN:
            return Rejected("text_without_ink", f"{name}: {shown:.0%} of its ink shows", painted.pixels)
        if ratio < MIN_CONTRAST or clutter > _MAX_CLUTTER:
            detail = f"{name}: contrast {ratio:.1f}, {clutter:.0%} of its surroundings too alike"
            return Rejected("contrast_low", detail, painted.pixels)
        contrast = min(contrast, ratio)
    return Legibility(smallest, contrast)


def _wanted(chart: Chart) -> set[TargetPath]:
    """Paths of all strings that must be inked: each title, category and series, and values where they are printed.

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


def _strings_of(plan: Plan) -> tuple[str, str] | None:
    inked = Counter(text.path for text in plan.texts if text.path is not None)
    wanted = _wanted(plan.chart)
    twice = [path for path, times in inked.items() if times > 1]
    if twice:
        return "string_repeated", f"{twice[0]} is inked {inked[twice[0]]} times"
    missing = wanted - set(inked)
    if missing:
        return "string_missing", f"{min(missing)} is not inked"
    more = set(inked) - wanted
    return ("string_repeated", f"{min(more)} is inked but not asked for") if more else None


def _glyphs(engine: MatplotlibAgg, plan: Plan) -> tuple[str, str] | None:
    for text in plan.texts:
        for line in text.lines:
            sign = engine.missing(faces(plan.families, text.bold), line)
            if sign is not None:
                return "glyph_missing", f"{sign!r} of {line!r} in {plan.families}"
    return None


def _legend(plan: Plan) -> tuple[str, str] | None:
    """Entries must be told apart by colour, or by dash, marker or hatch."""

    def colour(entry: Entry) -> str:
        inside = None if entry.line or entry.pen.fill == plan.style.panel else entry.pen.fill
        return inside or entry.pen.stroke or plan.style.ink

    for a, b in itertools.combinations(plan.entries, 2):
        same = (a.pen.dash_px, a.marker, a.pen.hatch, a.line) == (b.pen.dash_px, b.marker, b.pen.hatch, b.line)
        if same and difference(colour(a), colour(b)) < APART_IN_LEGEND:
            return "colours_close", f"{a.name!r} and {b.name!r}: {colour(a)}, {colour(b)}"
    return None


def _places(plan: Plan, painted: Painted) -> tuple[str, str] | None:
    height, width = painted.pixels.shape[:2]
    inks: list[tuple[Ink, int]] = []
    for number, inked in enumerate(painted.texts):
        for line, ink in zip(inked.text.lines, inked.lines, strict=True):
            if ink is None:
                return "text_without_ink", f"{line!r} has none"
            if not inside(ink.box, width, height, 0.0):
                return "text_cut", f"{line!r} leaves the picture"
            inks.append((ink, number))
    straight = [at for at, (_, number) in enumerate(inks) if painted.texts[number].text.angle_deg in (0, 90)]
    met = first_overlap([inks[at][0].box for at in straight], 0.0)
    if met is not None:
        return "text_overlap", _names(painted, inks[straight[met[0]]][1], inks[straight[met[1]]][1])
    tilted = [at for at in range(len(inks)) if at not in set(straight)]
    for at in tilted:
        for other in range(len(inks)):
            if other != at and inks[other][1] != inks[at][1] and _masks_meet(inks[at][0], inks[other][0]):
                return "text_overlap", _names(painted, inks[at][1], inks[other][1])
    return None


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
    """Height of a capital where GOT reads; for tilted text the smaller of both ways to squash it."""
    style, text = plan.style, inked.text
    cap = cap_height(faces(plan.families, text.bold)[0], text.size_px)
    upright = height_at_got(cap, style.width_px, style.height_px)
    turned = height_at_got(cap, style.width_px, style.height_px, rotated=True)
    return upright if text.angle_deg == 0 else turned if text.angle_deg == 90 else min(upright, turned)


def _luminance(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Relative luminance by WCAG 2 of (..., 3) pixels."""
    return np.asarray(_LINEAR[pixels] @ _WEIGHTS)


_SHARES = np.arange(256) / 255
_LINEAR = np.where(_SHARES <= 0.04045, _SHARES / 12.92, ((_SHARES + 0.055) / 1.055) ** 2.4)
_WEIGHTS = np.array([0.2126, 0.7152, 0.0722])


def _seen(painted: Painted, inked: Inked) -> tuple[float, float, float]:
    """How a text stands in the finished picture.

    Returns:
        Share of the glyphs' cores that look as ink on what is around them must, contrast of these cores to the middle
        of what is around them, and the share of what is around them that is too like the ink.
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
    wanted = np.array(rgb(inked.text.colour), np.float64) * alpha + middle * (1 - alpha)
    shown = np.abs(core - wanted).max(axis=1) <= _COLOUR_SLACK
    inks = np.sort(_luminance(core))
    own = float(inks[len(inks) // 2])
    ratio = _ratio(own, float(_luminance(middle)))
    others = _luminance(ground[np.flatnonzero(packed != common)])
    alike = int((_ratio(own, others) < _TOO_ALIKE).sum()) + (ratio < _TOO_ALIKE) * (num - len(others))
    return float(shown.mean()), ratio, alike / num


_PACK = np.array([1 << 16, 1 << 8, 1], np.uint32)


def _ratio(a: float, b: Any) -> Any:
    """Contrast ratio of luminances by WCAG 2."""
    return (np.maximum(a, b) + 0.05) / (np.minimum(a, b) + 0.05)

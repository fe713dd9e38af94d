"""Draws one figure of a kind: tries until its texts have room and its points are apart."""

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np

from renderers.content.geometry.axes import draw_coordinates, draw_number_line
from renderers.content.geometry.circles import draw_circle, draw_two_circles
from renderers.content.geometry.curves import draw_curve
from renderers.content.geometry.labels import TextMetrics
from renderers.content.geometry.lines import draw_angles, draw_images, draw_lines, draw_vectors
from renderers.content.geometry.polygons import draw_quadrilateral, draw_regular
from renderers.content.geometry.regions import draw_region
from renderers.content.geometry.sketch import Figure, FigureStyle, Sketch
from renderers.content.geometry.solids import draw_solid
from renderers.content.geometry.triangles import draw_triangle
from renderers.core.choice import draw_one
from renderers.labels.tikz.primitives import Pen

Kind = Literal[
    "triangle", "quadrilateral", "regular", "circle", "two_circles", "region", "lines", "angles", "images", "vectors",
    "solid", "number_line", "coordinates", "curve",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)

_KINDS: dict[Kind, Callable[[Sketch], None]] = {
    "triangle": draw_triangle,
    "quadrilateral": draw_quadrilateral,
    "regular": draw_regular,
    "circle": draw_circle,
    "two_circles": draw_two_circles,
    "region": draw_region,
    "lines": draw_lines,
    "angles": draw_angles,
    "images": draw_images,
    "vectors": draw_vectors,
    "solid": draw_solid,
    "number_line": draw_number_line,
    "coordinates": draw_coordinates,
    "curve": draw_curve,
}

_TRIES = 8
_TURNED_FRAC = 0.5
"""Source: Slow Perception, rendering code: half of its figures are turned at random."""

_SHADES = ("gray!15", "gray!25", "gray!35", "gray!50")
_COLOURED_SHADES = ("blue!15", "red!15", "green!20", "orange!20", "purple!15", "teal!20")
_PATTERNS = ("north east lines", "north west lines", "horizontal lines", "vertical lines", "crosshatch", "dots")
_COLOURS = ("blue", "red", "teal", "purple", "orange", "brown", "gray")
_COLOURED_FRAC = 0.05
_DASHES = ("dashed", "dashed", "dashed", "dashed", "", "", "", "dotted", "dash dot")


def draw_figure(rng: np.random.Generator, kind: Kind, metrics: TextMetrics) -> Figure:
    """A figure of a kind.

    Args:
        rng: where all choices come from.
        kind: what is drawn.
        metrics: size of its texts, for which room is found.
    """
    best: Figure | None = None
    for _ in range(_TRIES):
        sketch = Sketch(rng, draw_figure_style(rng, metrics))
        _KINDS[kind](sketch)
        turn = _draw_turn(rng) if sketch.turnable else 0.0
        figure = sketch.finish(turn, normalized=sketch.normalized)
        if not figure.dropped:
            return figure
        if best is None or figure.dropped < best.dropped:
            best = figure
    assert best is not None
    return best


def _draw_turn(rng: np.random.Generator) -> float:
    return float(rng.random()) * 360.0 if rng.random() < _TURNED_FRAC else 0.0


def draw_figure_style(rng: np.random.Generator, metrics: TextMetrics) -> FigureStyle:
    """Draws pens and sizes for a figure."""
    coloured = rng.random() < _COLOURED_FRAC
    colour = draw_one(rng, _COLOURS) if coloured else "black"
    dash = draw_one(rng, _DASHES)
    weight = "" if rng.random() < 0.85 else draw_one(rng, ("thick", "very thick"))
    if rng.random() < 0.3:
        shade = Pen(draw=None, pattern=draw_one(rng, _PATTERNS))
    else:
        shades = _COLOURED_SHADES if coloured else _SHADES
        shade = Pen(draw=None, fill=draw_one(rng, shades))
    return FigureStyle(
        text_metrics=metrics,
        dot=0.0 if rng.random() < 0.6 else draw_one(rng, (0.05, 0.06, 0.07, 0.09)),
        mark=0.24 + 0.1 * float(rng.random()),
        auxiliary=Pen(dash=dash, draw=colour),
        main=Pen(weight=weight),
        shade=shade,
    )

"""Boxes move with the pixels: a region is coloured, the picture is degraded, and the colour is found again."""

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderers.core.renderer import Pixels, Region
from renderers.effects.effect import Geometric
from renderers.effects.geometry import Frame
from renderers.effects.mix import KINDS, Degradation, Effects, draw
from renderers.effects.picture import apply

SLACK_PX = 1.5
MOVES = [name for name, kind in KINDS.items() if issubclass(kind, Geometric)]

sizes = st.sampled_from([(400, 600), (1100, 800), (60, 900), (700, 120), (1754, 1240)])
severities = st.floats(0.0, 1.0)
seeds = st.integers(0, 2**32 - 1)
places = st.tuples(*[st.floats(0.0, 1.0)] * 4)


def coloured(height: int, width: int, place: tuple[float, float, float, float]) -> tuple[Pixels, Region]:
    """A white picture with one red box of 8 px at least."""
    x0, y0 = int(place[0] * (width - 12)), int(place[1] * (height - 12))
    x1 = min(width, x0 + 8 + int(place[2] * 0.4 * width))
    y1 = min(height, y0 + 8 + int(place[3] * 0.3 * height))
    image = np.full((height, width, 3), 255, np.uint8)
    image[y0:y1, x0:x1] = (220, 0, 0)
    return image, Region((x0, y0, x1, y1), "red", "word")


def found(image: Pixels) -> tuple[int, int, int, int]:
    """Where red is: whatever the light, red is what has half of its green missing."""
    red, green = image[..., 0].astype(int), image[..., 1].astype(int)
    rows, columns = np.nonzero((red - green) * 2 > red + 8)
    return (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


def off_px(degradation: Degradation, size: tuple[int, int], place: tuple[float, float, float, float]) -> float:
    image, region = coloured(*size, place)
    after, (moved,) = apply(image, (region,), degradation)
    return float(abs(np.subtract(found(after), moved.box)).max())


@pytest.mark.parametrize("name", MOVES)
@settings(max_examples=40, deadline=None)
@given(severity=severities, seed=seeds, size=sizes, place=places)
def test_boxes_follow_each_effect_that_moves(
    name: str, severity: float, seed: int, size: tuple[int, int], place: tuple[float, float, float, float]
) -> None:
    effect = KINDS[name].draw(np.random.default_rng(seed), severity)
    assert off_px(Degradation((effect,)), size, place) <= SLACK_PX  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(severity=severities, seed=seeds, size=sizes, place=places)
def test_boxes_follow_all_of_them_together(
    severity: float, seed: int, size: tuple[int, int], place: tuple[float, float, float, float]
) -> None:
    rng = np.random.default_rng(seed)
    sheet = "curl" if rng.random() < 0.5 else "crumple"
    camera = ["skew"] if rng.random() < 0.3 else ["perspective", "lens"]
    effects = tuple(KINDS[name].draw(rng, severity) for name in [sheet, *camera])
    assert off_px(Degradation(effects), size, place) <= SLACK_PX  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(severity=severities, seed=seeds, size=sizes)
def test_no_ink_leaves_the_picture_and_the_inverse_is_one(severity: float, seed: int, size: tuple[int, int]) -> None:
    rng = np.random.default_rng(seed)
    height, width = size
    names = [name for name in MOVES if rng.random() < 0.5]
    frame = Frame([KINDS[name].draw(rng, severity) for name in names], width, height)  # type: ignore[misc]
    inner = rng.random((400, 2)) * (width, height)
    there = frame.forward(inner)
    assert (there >= -0.01).all()
    assert (there <= (frame.width + 0.01, frame.height + 0.01)).all()
    sources = np.dstack(frame.sources(slice(0, frame.height), slice(0, frame.width)))
    assert sources.shape == (frame.height, frame.width, 2)
    at = np.floor(there).astype(int).clip(0, (frame.width - 1, frame.height - 1))
    # What a pixel shows lies where the pixel is: back and forth again is the middle of that pixel.
    back = frame.forward(sources[at[:, 1], at[:, 0]].astype(float) + 0.5)
    assert abs(back - (at + 0.5)).max() < 0.75


@settings(max_examples=200, deadline=None)
@given(seed=seeds, least=st.floats(0, 1), usual=st.floats(0, 1), most=st.floats(0, 1))
def test_draws_keep_to_the_knobs(seed: int, least: float, usual: float, most: float) -> None:
    severity = tuple(sorted((least, usual, most)))
    knobs = Effects(frac=1.0, severity=severity)  # type: ignore[arg-type]
    one, again = (draw(np.random.default_rng(seed), knobs) for _ in range(2))
    assert one == again == msgspec.json.decode(msgspec.json.encode(one), type=Degradation)
    assert 1 <= len(one.effects) <= 4
    assert severity[0] - 1e-9 <= max(effect.severity for effect in one.effects) <= severity[2] + 1e-9
    order = [list(KINDS).index(type(effect).__name__.lower()) for effect in one.effects]
    assert order == sorted(set(order)), "in the order in which they happen, each once"

"""What every effect promises, asked of every effect there is: a class that the mix knows is tested for existing."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import cv2
import msgspec
import numpy as np
import pytest

import templates
from renderers.core.boxes import inside
from renderers.core.jsonable import from_json, to_json
from renderers.core.renderer import Pixels, Region
from renderers.effects.effect import Effect, Geometric
from renderers.effects.mix import KINDS, Degradation
from renderers.effects.picture import apply
from tests.effects import COLOURED, page

SEVERITIES = (0.0, 0.2, 0.6, 1.0)
SHAPES = {"page": (1100, 800), "strip": (40, 1300), "column": (900, 90), "tiny": (18, 26)}

pytestmark = pytest.mark.parametrize("name", KINDS)


def drawn(name: str, severity: float, seed: int = 3) -> Effect:
    return KINDS[name].draw(np.random.default_rng(seed), severity)


def degraded(image: Pixels, regions: tuple[Region, ...], *effects: Effect) -> tuple[Pixels, tuple[Region, ...]]:
    return apply(image, regions, Degradation(effects))  # type: ignore[arg-type]


def test_parameters_are_plain_data_drawn_from_the_address_alone(name: str) -> None:
    for seed in range(20):
        for severity in SEVERITIES:
            effect = drawn(name, severity, seed)
            assert effect == drawn(name, severity, seed)
            assert effect.severity == severity
            text = to_json(Degradation((effect,)))  # type: ignore[arg-type]
            assert from_json(text, Degradation) == Degradation((effect,))  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        setattr(effect, "severity", 0.5)  # noqa: B010 mypy refuses the assignment that must fail
    assert len({to_json(drawn(name, 0.6, seed)) for seed in range(20)}) > 1


def test_it_is_in_the_menu(name: str) -> None:
    menu = templates.menu("effects")
    assert [capture for capture in menu["captures"].values() if name in capture["effects"]]
    assert {known for group in menu["alone"].values() for known in group} <= set(KINDS)


@pytest.mark.parametrize("shape", SHAPES)
def test_pictures_stay_pictures_and_boxes_lie_on_them(shape: str, name: str) -> None:
    clean, regions = page(*SHAPES[shape])
    before = clean.copy()
    for image in (clean, np.dstack([clean, clean, 255 - clean // 2]), 255 - clean):
        for severity in SEVERITIES:
            after, moved = degraded(image, regions, drawn(name, severity))
            assert after.dtype == np.uint8
            assert after.ndim == 2 or after.shape[2] == 3
            assert max(after.shape) <= 2 * max(image.shape)
            assert [(one.text, one.span, one.order) for one in moved] == [
                (one.text, one.span, one.order) for one in regions
            ]
            for region in moved:
                assert region.box[0] < region.box[2]
                assert region.box[1] < region.box[3]
                assert inside(region.box, after.shape[1], after.shape[0], slack_px=0.0)
            if not issubclass(KINDS[name], Geometric):
                assert moved == regions
                assert after.shape[:2] == image.shape[:2]
    assert np.array_equal(clean, before)


def test_grey_stays_grey_unless_colour_is_added(name: str) -> None:
    clean, regions = page(300, 400)
    for seed in range(12):
        after, _ = degraded(clean, regions, drawn(name, 0.7, seed))
        if after.ndim == 3:
            assert name in COLOURED
            assert (np.ptp(after.astype(int), axis=2) > 2).any()


def test_bytes_repeat_and_do_not_depend_on_threads(name: str) -> None:
    clean, regions = page(900, 700)
    effect = drawn(name, 0.7)
    cv2.ipp.setUseIPP(False)  # of this thread; another one starts with it
    first, boxes = degraded(clean, regions, effect)
    again, same_boxes = degraded(clean, regions, from_json(to_json(Degradation((effect,))), Degradation).effects[0])  # type: ignore[arg-type]
    assert np.array_equal(first, again)
    assert boxes == same_boxes
    assert cv2.getNumThreads() == 1
    cv2.setNumThreads(4)
    try:
        threaded, _ = degraded(clean, regions, effect)
    finally:
        cv2.setNumThreads(1)
    assert np.array_equal(first, threaded)
    # Workers of a cluster run in threads of their own, and OpenCV has switches for each.
    with ThreadPoolExecutor(1) as elsewhere:
        other, _ = elsewhere.submit(degraded, clean, regions, effect).result()
    assert np.array_equal(first, other)


def test_severity_is_how_far_a_picture_is_from_clean(name: str) -> None:
    clean, regions = page(700, 500)
    apart = []
    for severity in SEVERITIES:
        far = []
        for seed in range(6):
            effect = drawn(name, severity, seed)
            after, moved = degraded(clean, regions, effect)
            shift = np.mean([abs(np.subtract(a.box, b.box)).max() for a, b in zip(moved, regions, strict=True)])
            same = after if after.ndim == 2 else cv2.cvtColor(after, cv2.COLOR_RGB2GRAY)
            light = abs(same.astype(float) - clean).mean() if same.shape == clean.shape else 0.0
            far.append(float(light + shift))
        apart.append(np.mean(far))
    assert apart[0] < 1.0, "severity 0 leaves a picture as it is, nearly"
    assert all(less <= more * 1.25 + 0.05 for less, more in pairwise(apart))
    assert apart[-1] > apart[0] + 0.05


def test_the_strongest_may_look_bad_but_a_light_one_never_hides_text(name: str) -> None:
    clean, regions = page(700, 500)
    for seed in range(6):
        effect = msgspec.structs.replace(drawn(name, 0.1, seed), severity=0.1)
        after, moved = degraded(clean, regions, effect)
        grey = after if after.ndim == 2 else cv2.cvtColor(after, cv2.COLOR_RGB2GRAY)
        for region in moved:
            x0, y0, x1, y1 = (round(edge) for edge in region.box)
            crop = grey[y0:y1, x0:x1]
            assert np.percentile(crop, 90) - np.percentile(crop, 2) > 60, (effect, region.text)

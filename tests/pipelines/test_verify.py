"""The last look at a sample: a sound one passes, and each fault is refused under its own reason."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pipelines.verify import MIN_CONTRAST, MIN_GLYPH_PX, verify
from renderers.core.renderer import NO_SPAN, Region, Rendered
from renderers.effects.degrade import MIN_GLYPH_PX as MIN_DEGRADED_GLYPH_PX
from renderers.labels import charts
from tests.pipelines.fakes import FakeEngine, Word, sample

TEXT = "first line\nsecond line"
PICTURE = FakeEngine().ink(Word("first line"))
HEIGHT, WIDTH = PICTURE.shape
FIRST = Region((24.0, 10.0, 180.0, 30.0), "first line", "line", (0, 10), 0)
SECOND = Region((24.0, 34.0, 180.0, 54.0), "second line", "line", (11, 22), 1)
TICK = Region((0.0, 0.0, 10.0, 10.0), "5", "tick", NO_SPAN, 2)
SOUND = Rendered(PICTURE, TEXT, (FIRST, SECOND, TICK), "en", smallest_glyph_px=20.0, contrast=12.0)


def reason(**changes: Any) -> str:
    """What the sound sample is refused for with these changes."""
    rejected = verify(replace(SOUND, **changes), "plain")
    return "" if rejected is None else rejected.reason


def second(**changes: Any) -> tuple[Region, ...]:
    """The regions of the sound sample, the second one changed."""
    fields = {name: getattr(SECOND, name) for name in Region.__struct_fields__} | changes
    return (FIRST, Region(**fields), TICK)


def test_a_sound_sample_passes() -> None:
    assert verify(SOUND, "plain") is None
    assert verify(sample("word 42", PICTURE), "plain") is None
    assert verify(replace(SOUND, image=np.stack([PICTURE] * 3, axis=2)), "plain") is None


@pytest.mark.parametrize(
    "picture",
    [PICTURE.astype(np.float32), np.stack([PICTURE] * 4, axis=2), PICTURE[np.newaxis, np.newaxis]],
    ids=["float", "four channels", "four dimensions"],
)
def test_a_picture_that_is_no_picture_is_refused(picture: Any) -> None:
    assert reason(image=picture) == "picture_malformed"


@pytest.mark.parametrize("shape", [(15, 200), (200, 15), (8193, 20), (20, 8193)])
def test_a_picture_of_a_wrong_size_is_refused(shape: tuple[int, int]) -> None:
    picture = np.zeros(shape, np.uint8)
    picture[0, 0] = 255
    assert reason(image=picture) == "picture_size_wrong"


def test_a_blank_picture_is_refused() -> None:
    assert reason(image=np.full((HEIGHT, WIDTH), 255, np.uint8)) == "picture_blank"


@pytest.mark.parametrize(
    "label", ["", "first  line", " first line\nsecond line", "first line\n\nsecond line", "e\u0301"]
)
def test_a_label_that_is_not_canonical_is_refused(label: str) -> None:
    assert reason(markup=label) == "label_not_canonical"


@pytest.mark.parametrize(
    "box",
    [
        (24.0, 34.0, WIDTH + 1.1, 54.0),
        (24.0, 34.0, 180.0, HEIGHT + 1.1),
        (-1.1, 34.0, 180.0, 54.0),
        (24.0, -1.1, 180.0, 54.0),
        (180.0, 34.0, 180.0, 54.0),
        (24.0, 54.0, 180.0, 34.0),
    ],
)
def test_a_box_outside_or_without_an_area_is_refused(box: tuple[float, ...]) -> None:
    assert reason(regions=second(box=box)) == "region_outside"


def test_a_box_may_touch_the_edge_within_a_pixel() -> None:
    assert reason(regions=second(box=(-1.0, -1.0, WIDTH + 1.0, HEIGHT + 1.0))) == ""


def test_regions_out_of_reading_order_are_refused() -> None:
    assert reason(regions=(SECOND, FIRST, TICK)) == "region_out_of_order"
    assert reason(regions=second(order=2)) == "region_out_of_order"


@pytest.mark.parametrize("span", [(11, 23), (11, 11), (22, 11), (-2, 22), (0, 10), (12, 22)])
def test_a_span_that_does_not_hold_the_text_of_its_region_is_refused(span: tuple[int, int]) -> None:
    assert reason(regions=second(span=span)) == "span_wrong"


def test_a_region_whose_text_is_not_that_of_its_span_is_refused() -> None:
    assert reason(regions=second(text="second lime")) == "span_wrong"


def test_a_string_of_the_target_without_a_box_is_refused() -> None:
    assert reason(regions=()) == "region_missing"
    assert reason(regions=(FIRST,)) == "region_missing"
    assert reason(regions=second(span=NO_SPAN)) == "region_missing"
    assert reason(regions=second(text="second", span=(11, 17))) == "region_missing", "only a part of it has one"


def test_several_boxes_may_share_a_string_of_the_target() -> None:
    words = (
        Region((24.0, 34.0, 100.0, 54.0), "second ", "word", (11, 18), 1),
        Region((100.0, 34.0, 180.0, 54.0), "line", "word", (18, 22), 2),
    )
    assert reason(regions=(FIRST, *words)) == ""


def test_small_text_is_refused() -> None:
    assert reason(smallest_glyph_px=MIN_GLYPH_PX) == ""
    assert reason(smallest_glyph_px=MIN_GLYPH_PX - 0.01) == "text_small"


def test_degraded_text_may_be_an_eighth_smaller_where_it_was_large_enough_before() -> None:
    clean = replace(SOUND, smallest_glyph_px=MIN_GLYPH_PX)
    degraded = replace(SOUND, smallest_glyph_px=MIN_DEGRADED_GLYPH_PX)
    assert MIN_DEGRADED_GLYPH_PX < MIN_GLYPH_PX
    assert verify(degraded, "plain", clean) is None
    for wrong, before in (
        (degraded, replace(clean, smallest_glyph_px=MIN_GLYPH_PX - 0.01)),
        (replace(degraded, smallest_glyph_px=MIN_DEGRADED_GLYPH_PX - 0.01), clean),
        (SOUND, replace(clean, smallest_glyph_px=MIN_GLYPH_PX - 0.01)),
    ):
        rejected = verify(wrong, "plain", before)
        assert rejected is not None
        assert rejected.reason == "text_small"


def test_faint_text_is_refused() -> None:
    assert reason(contrast=MIN_CONTRAST) == ""
    assert reason(contrast=MIN_CONTRAST - 0.01) == "contrast_low"


def test_what_is_refused_says_what_exactly_and_keeps_its_picture() -> None:
    rejected = verify(replace(SOUND, contrast=1.0), "plain")
    assert rejected is not None
    assert (rejected.reason, rejected.detail) == ("contrast_low", "1.00")
    assert rejected.image is PICTURE


CHART = {"title": 'Share of "new"', "source": "None", "x_title": "None", "y_title": "None", "values": {"Rail": "12.5"}}


def chart(*left_out: str) -> Rendered:
    """A sample whose target is JSON, with a region for each of its strings but those left out."""
    markup, _ = charts.write(CHART)
    strings = [(span, text) for span, text in charts.inked_spans(markup) if text not in left_out]
    regions = tuple(
        Region((20.0 * order, 10.0, 20.0 * order + 15, 30.0), text, "title", span, order)
        for order, (span, text) in enumerate(strings)
    )
    return replace(SOUND, markup=markup, regions=regions)


def test_every_string_of_a_chart_needs_a_box_unless_it_is_the_word_for_nothing() -> None:
    assert verify(chart(), "chart-json") is None
    assert charts.ABSENT not in [region.text for region in chart().regions]
    for text in ('Share of "new"', "Rail", "12.5"):
        rejected = verify(chart(text), "chart-json")
        assert rejected is not None, text
        assert rejected.reason == "region_missing"
        assert text in rejected.detail


def test_a_text_may_be_escaped_in_the_target() -> None:
    title = chart().regions[0]
    start, stop = title.span
    assert (title.text, chart().markup[start:stop]) == ('Share of "new"', 'Share of \\"new\\"')
    assert verify(chart(), "chart-json") is None

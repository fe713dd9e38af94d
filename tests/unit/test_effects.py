"""The mix, the measure of what can be read, and what becomes of a sample."""

from collections import Counter
from dataclasses import replace

import cv2
import numpy as np
import pytest

from pipelines.recipe import Part, Recipe
from renderers.core.errors import ConfigError
from renderers.core.renderer import ProofFailed, Rejected, Rendered
from renderers.effects.degrade import MIN_GLYPH_PX, Degraded, degrade
from renderers.effects.degrade import apply as apply_to_sample
from renderers.effects.geometry import Frame
from renderers.effects.ink import Bleed, Broken, Fade
from renderers.effects.legibility import read_worst, stroke_width
from renderers.effects.mix import KINDS, AnyEffect, Degradation, Effects, draw, make_effects
from renderers.effects.photo import Defocus, Light, Perspective, Shadow
from renderers.effects.picture import apply, degrade_picture
from renderers.effects.scan import Noise, Skew, Threshold
from renderers.latex_formulas import LatexFormulas
from tests.effects import page

SQUARE = ((0.1, 0.0), (0.1, 0.0), (0.0, 0.0), (0.0, 0.0))


def rendered(height: int = 700, width: int = 500) -> Rendered:
    image, regions = page(height, width)
    return Rendered(image, "text", regions, "en", smallest_glyph_px=14.0, contrast=18.0)


def draws(knobs: Effects, num: int = 3000) -> list[Degradation]:
    return [draw(np.random.default_rng([7, seed]), knobs) for seed in range(num)]


def names(degradation: Degradation) -> list[str]:
    return [type(effect).__name__.lower() for effect in degradation.effects]


# ----------------------------------------------------------------------------------------------------------- the mix


def test_the_default_mix_is_mostly_light_and_two_to_four_effects() -> None:
    drawn = draws(Effects())
    clean = [one for one in drawn if not one.effects]
    assert 0.12 < len(clean) / len(drawn) < 0.18
    severities = [max(effect.severity for effect in one.effects) for one in drawn if one.effects]
    assert np.percentile(severities, 50) < 0.45
    assert np.percentile(severities, 99) <= 0.9
    counts = Counter(len(one.effects) for one in drawn if one.effects)
    assert sum(counts[num] for num in (2, 3, 4)) / sum(counts.values()) > 0.75
    assert max(counts) == 4
    met = Counter(name for one in drawn for name in names(one))
    assert set(met) == set(KINDS), "every effect is met"


def test_a_picture_is_scanned_or_photographed_never_both() -> None:
    for one in draws(Effects()):
        there = set(names(one))
        assert not (there & {"skew", "edgeshadow", "dust", "threshold"} and there & {"perspective", "light", "lens"})
        for together in (("curl", "crumple"), ("blur", "defocus", "motion"), ("noise", "sensornoise")):
            assert len(there & set(together)) <= 1


@pytest.mark.parametrize(
    ("knobs", "absent"),
    [
        (Effects(photo=0), {"perspective", "light", "shadow", "glare", "sensornoise", "defocus"}),
        (Effects(scan=0), {"skew", "edgeshadow", "dust", "threshold"}),
        (Effects(warp=0), {"curl", "crumple"}),
        (Effects(paper=0), {"tint", "stains", "folds", "grain", "ruling", "showthrough"}),
        (Effects(ink=0), {"fade", "bleed", "broken", "toner", "speckle"}),
        (Effects(ink=0, paper=0, warp=0), {"fade", "tint", "curl"}),
    ],
)
def test_a_family_of_weight_0_is_never_met(knobs: Effects, absent: set[str]) -> None:
    met = {name for one in draws(knobs, 800) for name in names(one)}
    assert met
    assert not met & absent


def test_frac_0_is_clean_and_frac_1_never() -> None:
    assert not any(one.effects for one in draws(Effects(frac=0.0), 100))
    assert all(one.effects for one in draws(Effects(frac=1.0), 300))
    still = draws(Effects(frac=1.0, severity=(0.4, 0.4, 0.4)), 50)
    assert {max(effect.severity for effect in one.effects) for one in still} == {0.4}


@pytest.mark.parametrize(
    ("knobs", "why"),
    [
        ({"frac": 1.5}, "frac 1.5 must be from 0 to 1"),
        ({"severity": (0.5, 0.3, 0.9)}, "least, most common, greatest"),
        ({"severity": "much"}, "effects: Expected"),
        ({"ink": -1.0}, "weight ink"),
        ({"photo": float("nan")}, "weight photo"),
        ({"scan": 0.0, "photo": 0.0, "ink": 0.0, "paper": 0.0}, "nothing is left"),
        ({"smell": 1.0}, "no knob 'smell'"),
    ],
)
def test_wrong_knobs_are_a_clear_line(knobs: dict[str, object], why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        make_effects(knobs)


def test_a_recipe_keeps_the_knobs_and_a_clean_part_does_not_know_of_them() -> None:
    clean, degraded = Part(LatexFormulas()), Part(LatexFormulas(), name="degraded", effects=Effects(frac=0.5))
    plain = Recipe("r", (clean, degraded)).plain()
    assert set(plain["parts"][1]) - set(plain["parts"][0]) == {"effects"}
    assert Recipe.from_plain(plain).parts == (clean, degraded)
    assert degraded.version.startswith(clean.version + "+effects")
    other = replace(degraded, effects=Effects(frac=0.6))
    assert Recipe("r", (degraded,)).digest != Recipe("r", (other,)).digest


# ------------------------------------------------------------------------------------------------ what can be read


@pytest.mark.parametrize("width_px", [1, 2, 3, 5])
def test_stroke_width_is_measured_whichever_is_darker(width_px: int) -> None:
    image = np.full((60, 200), 255, np.uint8)
    for x in range(10, 190, 20):
        image[10:50, x : x + width_px] = 0
    assert stroke_width(image, [(8.0, 8.0, 192.0, 52.0)]) == pytest.approx(width_px, abs=0.2)
    assert stroke_width(255 - image, [(8.0, 8.0, 192.0, 52.0)]) == pytest.approx(width_px, abs=0.2)


def test_nothing_to_read_is_no_fault() -> None:
    blank = np.full((50, 80), 255, np.uint8)
    assert read_worst(blank, blank, [((5.0, 5.0, 40.0, 30.0), (5.0, 5.0, 40.0, 30.0))], None, 2.0) is None
    assert read_worst(blank, blank, [], None, 2.0) is None
    assert stroke_width(blank, []) > 0


LOST: dict[str, AnyEffect] = {
    "contrast": Fade(1.0, 5, 0.95, 0.0, 0.5),
    "likeness": Defocus(1.0, 3.5),
    "ink": Broken(1.0, 5, 3.0, 1.5),
}


@pytest.mark.parametrize("fault", LOST)
def test_what_cannot_be_read_is_refused_and_says_why(fault: str) -> None:
    outcome = apply_to_sample(rendered(), Degradation((LOST[fault],)))
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "degraded_unreadable"
    assert outcome.image is not None
    assert type(LOST[fault]).__name__.lower() in outcome.detail


def test_one_lost_word_is_enough() -> None:
    sample = rendered()
    spoilt = sample.image.copy()
    x0, y0, x1, y1 = (int(edge) for edge in sample.regions[0].box)
    spoilt[y0:y1, x0:x1] = 255
    moves = [(region.box, region.box) for region in sample.regions]
    whole = read_worst(sample.image, sample.image, moves, None, 2.0)
    spotted = read_worst(sample.image, spoilt, moves, None, 2.0)
    assert whole is not None
    whole.check()
    assert spotted is not None
    with pytest.raises(ProofFailed):
        spotted.check()


def test_a_picture_that_does_not_show_its_text_is_refused() -> None:
    """Whoever lost it: here the boxes are where the words are not, as if the picture had moved without them."""
    sample = rendered()
    blank = np.full_like(sample.image, 255)
    moves = [(region.box, region.box) for region in sample.regions]
    frame = Frame([Skew(0.0, 0.0, -1.0)], 3000, 3000)
    aside = [(old, tuple(edge + 900 for edge in new)) for old, new in moves]
    for boxes, there in ((moves, None), (aside, frame)):
        reading = read_worst(sample.image, blank, boxes, there, 2.0)  # type: ignore[arg-type]
        assert reading is not None
        with pytest.raises(ProofFailed):
            reading.check()


def test_ink_that_ran_together_is_refused() -> None:
    sample = rendered()
    thick = cv2.erode(sample.image, np.ones((9, 9), np.uint8))
    moves = [(region.box, region.box) for region in sample.regions]
    reading = read_worst(sample.image, np.asarray(thick, np.uint8), moves, None, 2.0)
    assert reading is not None
    with pytest.raises(ProofFailed):
        reading.check()


@pytest.mark.parametrize(
    "effect",
    [
        Fade(0.3, 5, 0.4, 0.2, 0.5),
        Bleed(0.3, 0.2, 0.4),
        Noise(0.3, 5, 8.0, 1.0),
        Light(0.5, (0.8, 0.75, 0.6), 40.0, 0.4, 0.2),
        Shadow(0.5, 5, 30.0, 0.0, 0.05, 0.6, 0.1),
        Threshold(0.3, 5, 0.55, 0.0, 1.0),
        Skew(0.5, 2.5, -1.0),
        Perspective(0.5, 5, SQUARE, 1.0, "", 0.0),
    ],
)
def test_what_people_read_is_kept(effect: object) -> None:
    outcome = apply_to_sample(rendered(), Degradation((effect,)))  # type: ignore[arg-type]
    assert isinstance(outcome, Degraded), outcome
    assert outcome.severity == effect.severity  # type: ignore[attr-defined]


def test_few_of_the_default_mix_are_refused() -> None:
    sample, knobs = rendered(), Effects()
    refused = sum(isinstance(degrade(sample, knobs, np.random.default_rng([3, seed])), Rejected) for seed in range(250))
    assert refused <= 0.06 * 250


# ------------------------------------------------------------------------------------------ what becomes of a sample


def test_a_clean_sample_is_the_sample_itself() -> None:
    sample = rendered()
    outcome = degrade(sample, Effects(frac=0.0), np.random.default_rng(0))
    assert outcome == Degraded(sample, 0.0)


def test_measures_follow_the_picture() -> None:
    sample = rendered()
    faded = apply_to_sample(sample, Degradation((Fade(0.5, 5, 0.5, 0.0, 0.5),)))
    assert isinstance(faded, Degraded)
    assert 1.5 < faded.rendered.contrast < 0.6 * sample.contrast
    assert faded.rendered.smallest_glyph_px == sample.smallest_glyph_px
    far = apply_to_sample(sample, Degradation((Perspective(0.5, 5, SQUARE, 0.0, "", 0.0),)))
    assert isinstance(far, Degraded)
    assert far.rendered.smallest_glyph_px < sample.smallest_glyph_px
    assert far.rendered.markup == sample.markup


def test_text_that_became_too_small_for_got_is_refused() -> None:
    small = replace(rendered(), smallest_glyph_px=MIN_GLYPH_PX + 0.1)
    outcome = apply_to_sample(small, Degradation((Perspective(0.5, 5, SQUARE, 3.0, "", 0.0),)))
    assert isinstance(outcome, Rejected)
    assert "px at 1024" in outcome.detail


def test_colours_that_mean_something_are_not_cut_to_one_bit() -> None:
    image, regions = page(300, 400)
    chart = np.dstack([image, image, np.full_like(image, 200)])
    result = degrade_picture(
        chart, regions, Degradation((Threshold(0.9, 5, 0.5, 0.0, 1.0), Fade(0.2, 5, 0.1, 0.0, 0.5)))
    )
    assert result.image.ndim == 3
    assert result.severity == 0.2, "what did not act does not count"
    cut, _ = apply(image, regions, Degradation((Threshold(0.9, 5, 0.5, 0.0, 1.0),)))
    assert set(np.unique(cut)) == {0, 255}


def test_a_page_lies_on_a_desk_and_a_cut_out_in_its_page() -> None:
    look = Perspective(0.5, 5, SQUARE, 2.0, "dark_wood", 0.04)
    picture, _ = apply(*page(1100, 800), Degradation((look,)))
    assert picture[2, 2].max() < 140
    cut, _ = apply(*page(300, 400), Degradation((look,)))
    assert cut[2, 2].max() == 255
    lid, _ = apply(*page(1100, 800), Degradation((Skew(0.6, 3.0, 12.0),)))
    assert lid[0, 0] == lid[-1, -1] == 12
    assert lid.ndim == 2

"""Colours that a reader can tell apart, and the two measures that proofs rely on."""

import itertools
import re

import pytest

import templates
from renderers.content import palettes

EVERY = [tuple(one) for group in templates.menu("shared", "palettes.toml").values() for one in group]


def test_there_are_many_palettes_of_three_to_ten_different_colours() -> None:
    assert len(set(EVERY)) == len(EVERY) >= 60
    for colours in EVERY:
        assert 3 <= len(set(colours)) == len(colours) <= 10
        assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in colours)


@pytest.mark.parametrize("background", ["#ffffff", "#111111", "#f5efe0", "#0b3d2e", "#808080"])
def test_palettes_of_a_background_are_visible_on_it(background: str) -> None:
    found = palettes.palettes(background)
    assert len(found) >= 15
    assert all(palettes.difference(colour, background) >= 15 for one in found for colour in one)


@pytest.mark.parametrize("num", [1, 2, 3, 5])
def test_distinct_colours_are_apart_and_the_first_of_the_palette(num: int) -> None:
    some = [chosen for one in EVERY if (chosen := palettes.distinct(one, num, "#ffffff")) is not None]
    assert len(some) >= (40 if num > 3 else 75)
    for chosen in some:
        assert len(chosen) == num
        assert all(palettes.difference(a, b) >= 10 for a, b in itertools.combinations(chosen, 2))


def test_near_colours_are_dropped_and_too_few_are_none() -> None:
    palette = ("#ff0000", "#fe0101", "#0000ff", "#fffffe")
    assert palettes.distinct(palette, 2, "#ffffff") == ("#ff0000", "#0000ff")
    assert palettes.distinct(palette, 3, "#ffffff") is None
    assert palettes.distinct(palette, 3, "#008000") == ("#ff0000", "#0000ff", "#fffffe")


def test_measures_are_those_of_the_standards() -> None:
    # Source: Sharma, Wu, Dalal (2005), test data of CIEDE2000: symmetric, 0 for equals, 100 from black to white.
    assert palettes.difference("#000000", "#ffffff") == pytest.approx(100, abs=0.01)
    assert palettes.difference("#336699", "#336699") == 0
    assert palettes.difference("#336699", "#993366") == pytest.approx(palettes.difference("#993366", "#336699"))
    # Source: WCAG 2.2, contrast ratio: 21 for black on white, 4.48 for #777777 on white.
    assert palettes.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palettes.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)

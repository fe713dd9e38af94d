"""Uniform picks: the same index for the same number, for ever, and every choice is reached."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from renderers.core.choice import draw_one, pick, pick_int

BELOW_ONE = float(np.nextafter(1.0, 0.0))
SHARES = st.floats(0, BELOW_ONE)


@given(st.integers(1, 2**20), SHARES)
def test_index_is_that_of_stored_rows(num: int, share: float) -> None:
    assert pick(range(num), share) == int(share * num)


@given(st.integers(-1000, 1000), st.integers(0, 2**20), SHARES)
def test_whole_numbers_stay_within_both_ends(low: int, span: int, share: float) -> None:
    assert low <= pick_int(low, low + span, share) <= low + span
    assert pick_int(low, low + span, 0.0) == low
    assert pick_int(low, low + span, BELOW_ONE) == low + span


def test_all_are_equally_likely() -> None:
    shares = (np.arange(600) + 0.5) / 600
    assert [sum(pick("abc", share) == letter for share in shares) for letter in "abc"] == [200, 200, 200]
    assert [sum(pick_int(2, 4, share) == number for share in shares) for number in (2, 3, 4)] == [200, 200, 200]


def test_arrays_are_sequences_too() -> None:
    assert pick(np.array([7, 8, 9]), 0.5) == 8


def test_one_by_a_whole_number_is_that_of_stored_rows() -> None:
    drawn = [draw_one(np.random.default_rng(seed), "abcdefg") for seed in range(20)]
    assert drawn == ["abcdefg"[int(np.random.default_rng(seed).integers(7))] for seed in range(20)]
    assert len(set(drawn)) > 3

"""Shapes of data: in range, never flat by accident, and as skewed, trended and correlated as real ones."""

import numpy as np
import pytest

from renderers.content.charts.distributions import draw_shape, draw_shapes, draw_shares


@pytest.mark.parametrize("ordered", [False, True])
@pytest.mark.parametrize("num", [1, 2, 3, 7, 20])
def test_magnitudes_are_above_zero_and_the_largest_is_one(num: int, ordered: bool) -> None:
    for seed in range(300):
        shape = draw_shape(np.random.default_rng(seed), num, ordered)
        assert shape.shape == (num,)
        assert shape.min() > 0
        assert shape.max() == 1.0


@pytest.mark.parametrize("num_series", [1, 2, 5])
def test_series_share_one_scale(num_series: int) -> None:
    for seed in range(300):
        shapes = draw_shapes(np.random.default_rng(seed), num_series, 8, ordered=seed % 2 == 0)
        assert shapes.shape == (num_series, 8)
        assert shapes.min() > 0
        assert shapes.max() == 1.0


def test_shares_sum_to_one_and_none_is_too_small() -> None:
    for seed in range(200):
        shares = draw_shares(np.random.default_rng(seed), 9, 0.035)
        assert shares.sum() == pytest.approx(1)
        assert shares.min() >= 0.035


def test_data_are_not_merely_uniform() -> None:
    """Uniform data have their median in the middle and neighbours that know nothing of each other."""
    unordered = [draw_shape(np.random.default_rng(seed), 12, ordered=False) for seed in range(500)]
    assert np.mean([np.median(shape) for shape in unordered]) < 0.6
    sorted_down = np.mean([bool((np.diff(shape) <= 0).all()) for shape in unordered])
    assert 0.25 < sorted_down < 0.6
    ordered = [draw_shape(np.random.default_rng(seed), 12, ordered=True) for seed in range(500)]
    neighbours = [np.corrcoef(shape[:-1], shape[1:])[0, 1] for shape in ordered]
    assert np.mean(neighbours) > 0.3


def test_series_of_one_chart_often_follow_one_another() -> None:
    pairs = [draw_shapes(np.random.default_rng(seed), 2, 12, ordered=True) for seed in range(500)]
    alike = np.array([np.corrcoef(first, second)[0, 1] for first, second in pairs])
    assert np.mean(alike > 0.7) > 0.3
    assert np.mean(alike < -0.7) > 0.05
    assert np.mean(np.abs(alike) < 0.5) > 0.15

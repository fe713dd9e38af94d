"""An address is a generator: the same numbers always, other numbers elsewhere."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from renderers.core.rng import rng_at

ADDRESS = st.tuples(
    st.integers(0, 2**63 - 1),
    st.sampled_from(["a", "b", "matplotlib_charts", "pyecharts_charts"]),
    st.integers(0, 2**40),
    st.integers(0, 5000),
    st.sampled_from(["draw", "degrade", "task"]),
)


@given(ADDRESS, ADDRESS)
def test_addresses_are_apart(one: tuple, other: tuple) -> None:  # type: ignore[type-arg]
    first, again, second = rng_at(*one).random(4), rng_at(*one).random(4), rng_at(*other).random(4)
    assert np.array_equal(first, again)
    assert np.array_equal(first, second) == (one == other)


def test_numbers_of_an_address_are_for_ever() -> None:
    # A data set of today is redrawn in ten years: numpy promises PCG64 and SeedSequence, this holds us to it.
    assert rng_at(0, "matplotlib_charts", 0).integers(0, 2**32, 3).tolist() == [3465243516, 3165371175, 4220646102]

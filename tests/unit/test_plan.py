"""Which rows a data set has, and which of them are still to be made."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.plan import Shard, missing, part_sizes, plan
from pipelines.recipe import Part, Recipe, split_of
from renderers.core.errors import ConfigError
from renderers.core.registry import make_renderer, renderer_names

WEIGHTS = st.lists(st.sampled_from([0.01, 0.2, 1.0, 1.0, 3.0, 7.5, 100.0]), min_size=1, max_size=6)


def recipe(weights: list[float]) -> Recipe:
    renderer = make_renderer(renderer_names()[0], {})
    return Recipe("r", tuple(Part(renderer, weight, f"part{place}") for place, weight in enumerate(weights)))


def planned(recipe: Recipe, num: int, committed: list[Shard], workers: int) -> list[Shard]:
    return plan(recipe, num, missing(recipe, num, committed), workers)


def rows(shards: list[Shard]) -> set[tuple[str, int]]:
    found = [(shard.part, index) for shard in shards for index in shard.indices]
    assert len(set(found)) == len(found), "a row stands in two shards"
    return set(found)


@given(WEIGHTS, st.integers(1, 3000), st.integers(0, 300))
@settings(max_examples=80, deadline=None)
def test_parts_share_all_rows_and_never_shrink(weights: list[float], num: int, more: int) -> None:
    before, after = part_sizes(recipe(weights), num), part_sizes(recipe(weights), num + more)
    assert sum(before.values()) == num
    assert all(after[name] >= size for name, size in before.items())


def test_parts_get_their_shares() -> None:
    assert part_sizes(recipe([1, 1]), 1000) == {"part0": 500, "part1": 500}
    assert part_sizes(recipe([3, 1]), 1_000_000) == {"part0": 750_000, "part1": 250_000}


@given(WEIGHTS, st.integers(1, 5000), st.integers(1, 64))
@settings(max_examples=60, deadline=None)
def test_a_plan_holds_each_row_once(weights: list[float], num: int, workers: int) -> None:
    sizes = part_sizes(recipe(weights), num)
    shards = planned(recipe(weights), num, [], workers)
    assert rows(shards) == {(part, index) for part, size in sizes.items() for index in range(size)}
    assert all(split_of(index) == shard.split for shard in shards for index in shard.indices)


@given(st.integers(1, 3000), st.integers(0, 3000), st.integers(1, 9), st.integers(1, 9), st.randoms())
@settings(max_examples=60, deadline=None)
def test_a_second_plan_makes_only_what_is_missing(num: int, more: int, first: int, second: int, random: object) -> None:
    two = recipe([2, 1])
    shards = planned(two, num, [], first)
    done = [shard for shard in shards if random.random() < 0.6]  # type: ignore[attr-defined]
    rest = planned(two, num + more, done, second)
    assert not rows(done) & rows(rest)
    assert rows(done) | rows(rest) == rows(planned(two, num + more, [], 1))


def test_a_smaller_number_is_refused() -> None:
    two = recipe([1, 1])
    with pytest.raises(ConfigError, match="more than 100 rows"):
        planned(two, 100, planned(two, 1000, [], 2), 2)


def test_splits_are_one_in_32_and_do_not_move() -> None:
    splits = [split_of(index) for index in range(3200)]
    assert (splits.count("validation"), splits.count("test")) == (100, 100)
    assert split_of(8) == "validation"


def test_a_large_batch_is_not_cut_into_many_small_ones() -> None:
    formulas = Recipe("r", (Part(make_renderer("latex_formulas", {})),))
    batch = formulas.parts[0].renderer.batch
    few = [shard for shard in planned(formulas, 2000, [], 2) if shard.split == "train"]
    assert len(few) == 2, "a worker each, no smaller"
    many = [shard for shard in planned(formulas, 20 * batch, [], 2) if shard.split == "train"]
    assert max(shard.stop - shard.start for shard in many) == batch

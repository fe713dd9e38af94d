"""Characters find their lines, also where lines reach into each other and marks stand between them."""

import numpy as np
import numpy.typing as npt
import pytest

from renderers.drawing.printed.text_layer import assign_chars

FRAMES = np.array([[0.0, 0.0, 100.0, 20.0], [0.0, 20.0, 100.0, 40.0]])
"""Two lines, one below the other, each 20 thick."""

MEETING = np.array([[0.0, -4.0, 100.0, 24.0], [0.0, 16.0, 100.0, 44.0]])
"""Both so thick that they reach into each other."""


def boxes_at(*middles: tuple[float, float]) -> npt.NDArray[np.float64]:
    return np.array([[x - 2, y - 2, x + 2, y + 2] for x, y in middles])


def test_what_stands_in_one_line_is_of_it() -> None:
    boxes = boxes_at((5, 10), (15, 10), (5, 30), (15, 30))
    assert assign_chars(FRAMES, boxes, "abcd", ["ab", "cd"]).tolist() == [0, 0, 1, 1]


def test_a_letter_in_the_wrong_line_stays_there() -> None:
    boxes = boxes_at((5, 10), (15, 30), (5, 30))
    # The proof is to see it: the second line has what belongs into the first.
    assert assign_chars(FRAMES, boxes, "abc", ["ab", "c"]).tolist() == [0, 1, 1]


@pytest.mark.parametrize(("wanted", "owner"), [(["aX", "b"], 0), (["a", "bX"], 1)])
def test_where_lines_reach_into_each_other_the_one_that_lacks_it_has_it(wanted: list[str], owner: int) -> None:
    boxes = boxes_at((5, 10), (5, 30), (50, 20))
    assert assign_chars(MEETING, boxes, "abX", wanted).tolist() == [0, 1, owner]


@pytest.mark.parametrize(
    ("drawn", "down", "owner"),
    [("Xab", 21.0, 0), ("abX", 19.0, 1), ("aXb", 19.0, 0), ("aXb", 21.0, 1)],
)
def test_where_none_lacks_it_it_is_of_the_line_drawn_beside_it_or_else_nearer(
    drawn: str, down: float, owner: int
) -> None:
    places = {"a": (5.0, 10.0), "b": (5.0, 30.0), "X": (50.0, down)}
    owners = assign_chars(MEETING, boxes_at(*[places[one] for one in drawn]), drawn, ["a", "b"])
    assert owners[drawn.index("X")] == owner


def test_a_mark_above_its_line_is_of_the_line_that_lacks_it() -> None:
    frames = np.array([[0.0, 0.0, 100.0, 20.0], [0.0, 30.0, 100.0, 50.0]])
    boxes = boxes_at((5, 10), (5, 40), (50, 22))
    assert assign_chars(frames, boxes, "abX", ["a", "bX"]).tolist() == [0, 1, 1]


def test_what_stands_far_off_is_of_the_nearest_line() -> None:
    boxes = boxes_at((5, 10), (5, 30), (50, 90))
    assert assign_chars(FRAMES, boxes, "abX", ["aX", "b"]).tolist() == [0, 1, 1]


def test_one_letter_is_not_taken_twice() -> None:
    boxes = boxes_at((5, 10), (5, 30), (50, 20), (60, 20))
    assert sorted(assign_chars(MEETING, boxes, "abXX", ["aX", "bX"])[2:].tolist()) == [0, 1]

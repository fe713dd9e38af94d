"""When a golden record accepts what is drawn, when it is written anew, and what it says otherwise."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.golden.record import Case, Drawn, NotAsRecorded, check, read_record, update

ROOT = Path(__file__).parents[2]


def _drawn() -> Drawn:
    images = [np.full((40, 60), level, np.uint8) for level in (90, 180)]
    return Drawn("some_renderer", 1, {"tool": "1.0"}, [Case("{}", "a"), Case("[]", "b")], images)


def _other_picture(drawn: Drawn) -> Drawn:
    image = drawn.images[1].copy()
    image[10:20, 10:20] = 0
    return replace(drawn, images=[drawn.images[0], image])


def _other_label(drawn: Drawn) -> Drawn:
    return replace(drawn, cases=[drawn.cases[0], Case("[]", "c")])


def _other_spec(drawn: Drawn) -> Drawn:
    return replace(drawn, cases=[Case('{"x":1}', "a"), drawn.cases[1]])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "some_renderer"
    update(_drawn(), folder, "new")
    return folder


def _state(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()}


def test_what_was_recorded_is_accepted(folder: Path) -> None:
    check(_drawn(), folder)
    record = read_record(folder)
    assert [(change.version, change.reason) for change in record.history] == [(1, "new")]


@pytest.mark.parametrize("change", [_other_picture, _other_label, _other_spec])
def test_a_change_under_the_recorded_version_fails_and_is_not_recorded(
    folder: Path, change: Callable[[Drawn], Drawn]
) -> None:
    before = _state(folder)
    for act in (check, partial(update, reason="why")):
        with pytest.raises(NotAsRecorded, match=r"sample [01] .* still 1") as caught:
            act(change(_drawn()), folder)
        assert "raise `version` in renderers/some_renderer.py" in str(caught.value)
        assert "\n" not in str(caught.value)
    assert _state(folder) == before


def test_a_raised_version_fails_until_it_is_recorded(folder: Path) -> None:
    raised = replace(_other_picture(_drawn()), version=2)
    with pytest.raises(NotAsRecorded, match=r"version 2 is not recorded .sample 1 differs"):
        check(raised, folder)
    before = _state(folder)
    update(raised, folder, "darker")
    check(raised, folder)
    assert [(change.version, change.reason) for change in read_record(folder).history] == [(1, "new"), (2, "darker")]
    after = _state(folder)
    assert after["0.png"] == before["0.png"]  # not even touched
    assert after["1.png"][1] != before["1.png"][1]


def test_a_raised_version_with_the_recorded_samples_records_its_reason_alone(folder: Path) -> None:
    before = _state(folder)
    raised = replace(_drawn(), version=2, tools={"tool": "1.1"})
    with pytest.raises(NotAsRecorded, match="samples are what they were"):
        check(raised, folder)
    update(raised, folder, "one sample in a thousand")
    check(raised, folder)
    assert read_record(folder).versions == {"tool": "1.0"}  # of what drew the pictures
    assert {name: state for name, state in _state(folder).items() if name.endswith(".png")} == {
        name: state for name, state in before.items() if name.endswith(".png")
    }


def test_nothing_changed_touches_no_file(folder: Path) -> None:
    before = _state(folder)
    update(_drawn(), folder, "again")
    assert _state(folder) == before


def test_a_version_does_not_go_back(folder: Path) -> None:
    update(replace(_other_label(_drawn()), version=2), folder, "label")
    for act in (check, partial(update, reason="back")):
        with pytest.raises(NotAsRecorded, match="version 1 is lower than the recorded 2"):
            act(_drawn(), folder)


def test_a_renderer_without_record_is_told_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NotAsRecorded, match=r'REASON="\.\.\." make golden'):
        check(_drawn(), tmp_path / "some_renderer")


@pytest.mark.parametrize("reason", [None, " "])
def test_make_golden_wants_a_reason_in_one_line_before_anything_runs(reason: str | None) -> None:
    env = {key: value for key, value in os.environ.items() if key not in {"REASON", "MAKEFLAGS", "MAKELEVEL"}}
    env |= {} if reason is None else {"REASON": reason}
    # -n: a Makefile that asks for nothing would print its commands, not record pictures from within a test.
    done = subprocess.run(["make", "-n", "golden"], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert 'REASON="..." make golden' in done.stderr

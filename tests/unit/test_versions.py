"""A program is asked for its version once, and again only where a signal ended it."""

from pathlib import Path

import pytest

from renderers.engines.version import ask_version


def program(folder: Path, first: str) -> tuple[str, Path]:
    """A program that does something else the first time, and what counts its calls."""
    calls = folder / "calls"
    file = folder / "program"
    file.write_text(
        f"#!/bin/sh\necho x >> {calls}\nif [ $(wc -l < {calls}) = 1 ]; then {first}; fi\necho version 1\n",
        encoding="utf-8",
    )
    file.chmod(0o755)
    return str(file), calls


@pytest.mark.parametrize(("first", "num_calls"), [("true", 1), ("kill -9 $$", 2), ("kill -TERM $$", 2)])
def test_a_program_that_was_killed_is_asked_again(tmp_path: Path, first: str, num_calls: int) -> None:
    path, calls = program(tmp_path, first)
    for _ in range(3):
        assert ask_version(path).stdout == "version 1\n"
    assert len(calls.read_text().splitlines()) == num_calls


def test_a_program_that_fails_is_not_asked_again_and_not_kept(tmp_path: Path) -> None:
    path, calls = program(tmp_path, "exit 3")
    assert ask_version(path).returncode == 3
    assert len(calls.read_text().splitlines()) == 1
    assert ask_version(path).stdout == "version 1\n"


def test_a_program_that_is_killed_each_time_says_so(tmp_path: Path) -> None:
    file = tmp_path / "program"
    file.write_text("#!/bin/sh\nkill -9 $$\n", encoding="utf-8")
    file.chmod(0o755)
    assert ask_version(str(file)).returncode == -9

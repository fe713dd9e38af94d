"""`got-model score`: anybody's answers, scored as the mill's own reader is."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from got_model.cli import main
from tests.got_model.slices import row, write

TEXTS = ["Abc def", "Ghi jkl", "Mno pqr", "Stu vwx"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write(tmp_path / "data", [row(at, text, "test") for at, text in enumerate(TEXTS)], "test")
    return tmp_path / "data"


def ids(data: Path) -> list[str]:
    return [row(at, text, "test")["id"] for at, text in enumerate(TEXTS)]


def score(data: Path, lines: list[Any], *more: str) -> tuple[int, str, dict[str, Any]]:
    """Exit code, what was said, and the report."""
    file = data.parent / "answers.jsonl"
    file.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    out = data.parent / "report"
    done = CliRunner().invoke(main, ["score", str(file), str(data), "-o", str(out), *more])
    report = out / "report.json"
    return done.exit_code, done.output, json.loads(report.read_text()) if report.exists() else {}


def test_right_answers_have_no_errors(data: Path) -> None:
    lines = [{"id": name, "answer": text, "model": "mine"} for name, text in zip(ids(data), TEXTS, strict=True)]
    code, said, report = score(data, ["", *lines[::-1]])
    assert code == 0, said
    assert report["num_samples"] == 4
    assert report["totals"]["plain"]["cer"] == 0
    assert report["facts"]["answers"] == "answers.jsonl"
    assert "Character error rate" in said
    assert "data:image/png" in (data.parent / "report" / "report.html").read_text()


@pytest.mark.parametrize(("more", "num", "cer"), [((), 4, 0.75), (("--only-answered",), 1, 0.0)])
def test_a_sample_without_an_answer_counts_as_empty_unless_it_is_left_out(
    data: Path, more: tuple[str, ...], num: int, cer: float
) -> None:
    code, said, report = score(data, [{"id": ids(data)[0], "answer": TEXTS[0]}], *more)
    assert code == 0, said
    assert (report["num_samples"], report["totals"]["plain"]["cer"]) == (num, cer)
    assert "3 of 4 samples have no answer" in said


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda lines: [*lines, "{"], "line 5"),
        (lambda lines: [*lines, {"id": "x"}], "line 5: Object missing required field `answer`"),
        (lambda lines: [*lines, {"id": "x", "answer": 3}], "line 5: Expected `str`, got `int`"),
        (lambda lines: [*lines, lines[0]], "line 5: a second answer to"),
        (lambda lines: [*lines, {"id": "a/b/test/9", "answer": ""}], "1 answers are to no sample of"),
        (lambda lines: [*lines, "[" * 100_000], "line 5"),
        (lambda _: [], "holds no answers"),
    ],
    ids=["no JSON", "no answer", "a number", "twice", "strange", "deep", "empty"],
)
def test_mistakes_are_one_line_and_exit_2(data: Path, spoil: Callable[[list[Any]], list[Any]], told: str) -> None:
    lines = [{"id": name, "answer": ""} for name in ids(data)]
    code, said, report = score(data, spoil(lines))
    assert (code, report) == (2, {}), said
    assert told in said
    assert len(said.splitlines()) == 1


def test_a_file_that_is_not_there(data: Path) -> None:
    done = CliRunner().invoke(main, ["score", str(data / "nothing.jsonl"), str(data), "-o", str(data.parent / "r")])
    assert (done.exit_code, len(done.output.splitlines())) == (2, 1)
    assert "cannot be read: No such file" in done.output

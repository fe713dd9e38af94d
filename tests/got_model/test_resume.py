"""`got-model eval` writes answers as they come, and goes on where it was stopped."""

import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from got_model.checkpoint import Record, load_checkpoint, new_checkpoint, save_checkpoint
from got_model.stages import tiny
from tests.e2e.mill import ROOT, wait_for
from tests.got_model.slices import picture, row, text_of, write
from tests.got_model.test_command import called, command, environment

NUM = 24


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained model that says something else of each picture, mostly to the limit."""
    folder = tmp_path_factory.mktemp("model")
    checkpoint = new_checkpoint(tiny())
    torch.manual_seed(2)
    with torch.no_grad():
        for weight in checkpoint.model.parameters():
            weight.add_(torch.randn_like(weight) * 0.2)
    save_checkpoint(checkpoint, folder, Record({}, []))
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write(folder, [row(at, text_of(at), "test") for at in range(NUM)], "test")
    return folder


def words(model: Path, data: Path, out: Path, *more: object) -> tuple[object, ...]:
    return ("eval", model, data, "-o", out, "--batch", 2, "--max-new-tokens", 12, *more)


@pytest.fixture(scope="module")
def whole(model: Path, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of an evaluation that was not stopped."""
    out = tmp_path_factory.mktemp("whole")
    code, err = called(*words(model, data, out))
    assert code == 0, err
    return out


def lines(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "answers.jsonl").read_text().splitlines()]


def same_report(one: Path, other: Path) -> bool:
    return (one / "report.json").read_bytes() == (other / "report.json").read_bytes()


def test_every_answer_is_written_with_its_id(whole: Path) -> None:
    samples = json.loads((whole / "report.json").read_text())["samples"]
    written = lines(whole)
    assert [one["id"] for one in written] == [sample["id"] for sample in samples]
    assert [(one["answer"], one["cut"]) for one in written] == [(one["answer"], one["cut"]) for one in samples]
    assert len({one["answer"] for one in written}) > 4
    assert any(one["cut"] for one in written)


def test_an_evaluation_that_was_killed_goes_on(whole: Path, model: Path, data: Path, tmp_path: Path) -> None:
    asking = command(*words(model, data, tmp_path / "r"))
    file = tmp_path / "r" / "answers.jsonl"
    process = subprocess.Popen(
        asking, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    )
    try:
        wait_for(lambda: file.exists() and file.read_bytes().count(b"\n") >= 4, process)
        process.send_signal(signal.SIGKILL)
        process.wait(60)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
    before = file.read_bytes()
    # Where it was fast: as if it had been killed within its fourth line.
    before = b"".join(before.splitlines(keepends=True)[:4])[:-9]
    file.write_bytes(before)
    code, err = called(*words(model, data, tmp_path / "r"))
    assert code == 0, err
    assert file.read_bytes() == (whole / "answers.jsonl").read_bytes()
    assert same_report(tmp_path / "r", whole)


def test_what_is_answered_is_not_asked_again(whole: Path, model: Path, data: Path, tmp_path: Path) -> None:
    told = [one | {"answer": f"told {at}"} for at, one in enumerate(lines(whole))]
    (tmp_path / "answers.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in told[:7]))
    code, err = called(*words(model, data, tmp_path, "-n", 10))
    assert code == 0, err
    assert [one["answer"] for one in lines(tmp_path)[:7]] == [f"told {at}" for at in range(7)]
    # More rows go on with it, and another way of scoring asks nothing.
    code, err = called(*words(model, data, tmp_path, "--mode", "got"))
    assert code == 0, err
    assert len(lines(tmp_path)) == NUM
    assert lines(tmp_path)[7:] == lines(whole)[7:]


def _other_weights(model: Path, data: Path, folder: Path) -> tuple[object, ...]:
    checkpoint = load_checkpoint(str(model))
    with torch.no_grad():
        checkpoint.model.lm_head.weight[3, 3] += 1e-3
    save_checkpoint(checkpoint, folder / "model", Record({}, []))
    return words(folder / "model", data, folder)


def _other_rows(folder: Path, **changed: Any) -> Path:
    write(folder / "data", [row(at, text_of(at), "test", **changed) for at in range(NUM)], "test")
    return folder / "data"


_CHANGES: dict[str, Callable[[Path, Path, Path], tuple[object, ...]]] = {
    "weights": _other_weights,
    "prompt": lambda model, _, folder: words(model, _other_rows(folder, prompt="OCR with format: "), folder),
    "pictures": lambda model, data, folder: words(model, data, folder, "--shuffle-pictures"),
    "limit": lambda model, data, folder: words(model, data, folder, "--max-new-tokens", 13),
}


@pytest.mark.parametrize("what", _CHANGES)
def test_answers_to_something_else_are_never_used(
    what: str, whole: Path, model: Path, data: Path, tmp_path: Path
) -> None:
    before = (whole / "answers.jsonl").read_bytes()
    (tmp_path / "answers.jsonl").write_bytes(before)
    asking = _CHANGES[what](model, data, tmp_path)
    code, err = called(*asking)
    assert (code, len(err.splitlines())) == (2, 1), err
    assert "answers.jsonl has the answer to slices/part/test/000000000 of another" in err
    assert (tmp_path / "answers.jsonl").read_bytes() == before
    code, err = called(*asking, "--fresh")
    assert code == 0, err
    pairs = [{(one["id"], one["asked"]) for one in lines(out)} for out in (tmp_path, whole)]
    assert pairs[0].isdisjoint(pairs[1])


def test_other_labels_ask_nothing(whole: Path, model: Path, tmp_path: Path) -> None:
    (tmp_path / "answers.jsonl").write_bytes((whole / "answers.jsonl").read_bytes())
    code, err = called(*words(model, _other_rows(tmp_path, markup="other"), tmp_path))
    assert code == 0, err
    assert (tmp_path / "answers.jsonl").read_bytes() == (whole / "answers.jsonl").read_bytes()
    assert not same_report(tmp_path, whole)


@pytest.mark.parametrize("damage", [b"{}\n", b"\xff\xfe\n", b"[" * 100_000 + b"\n", b'{"id": "x", "answer": "y"}\n'])
def test_a_file_that_is_no_answers_is_one_line(damage: bytes, model: Path, data: Path, tmp_path: Path) -> None:
    (tmp_path / "answers.jsonl").write_bytes(damage)
    code, err = called(*words(model, data, tmp_path))
    assert (code, len(err.splitlines())) == (2, 1), err
    assert "answers.jsonl, line 1, is no answer" in err
    assert (tmp_path / "answers.jsonl").read_bytes() == damage


def test_answers_of_an_evaluation_can_be_scored(whole: Path, data: Path, tmp_path: Path) -> None:
    code, err = called("score", whole / "answers.jsonl", data, "-o", tmp_path)
    assert code == 0, err
    mine, theirs = (json.loads((out / "report.json").read_text()) for out in (tmp_path, whole))
    assert mine["samples"] == theirs["samples"]
    assert mine["totals"] == theirs["totals"]
    num_cut = sum(sample["cut"] for sample in theirs["samples"])
    assert mine["notes"] == [f"{num_cut} of {NUM} answers are cut at their limit of tokens"]


def test_what_is_read_and_cut_is_marked_on_the_page_too(model: Path, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture("AB"))
    asking = ("read", model, tmp_path / "a.png", "--html", tmp_path / "page.html", "--max-new-tokens", 1)
    code, err = called(*asking)
    assert (code, err.count("a.png: cut at --max-new-tokens 1")) == (0, 1)
    assert (tmp_path / "page.html").read_text().count("Cut here") == 1

"""`got-model` as a user has it: its words, exit codes, reports, and a run that loses a worker."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import torch
from click.testing import CliRunner

from got_model.checkpoint import load_reader
from got_model.cli import main
from got_model.generate import read
from got_model.modeling.encoder import GotEncoder
from got_model.trainer import last_whole_checkpoint
from tests.e2e import mill
from tests.e2e.mill import ROOT, Result, named, wait_for
from tests.got_model.slices import make, picture, row, write

# For what hangs: beside other work a start of Ray takes minutes, and no test here waits for a clock.
pytestmark = pytest.mark.timeout(3600)

STAGE = """
from dataclasses import replace
from got_model.stages import tiny
def stage():
    return replace(tiny(), name="short", batch=8, device_batch=4, epochs={epochs}, evaluations={evaluations},
                   eval_rows=8, eval_pictures=2, max_broken=0)
"""


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "got_model", *map(str, words)]


def run(*words: object) -> Result:
    done = subprocess.run(command(*words), cwd=ROOT, capture_output=True, text=True, check=False, env=environment())
    return Result(done.returncode, done.stdout, done.stderr)


def called(*words: object) -> tuple[int, str]:
    """Exit code and what was said, in this process: to start one takes seconds."""
    done = CliRunner().invoke(main, list(map(str, words)))
    return done.exit_code, done.stderr


def environment() -> dict[str, str]:
    return os.environ | {"OMP_NUM_THREADS": "1"}


def stage(folder: Path, epochs: float = 1, evaluations: int = 1) -> Path:
    file = folder / "short.py"
    file.write_text(STAGE.format(epochs=epochs, evaluations=evaluations))
    return file


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A checkpoint of a few steps and the data set it is of."""
    folder = tmp_path_factory.mktemp("trained")
    data = make(folder / "data set", 32)
    kinds = ('{"kind": "words"}', '{"document": {"kind": "line"}, "style": {}}')
    write(data, [row(at, "AB", "test", spec=kinds[at % 2]) for at in range(6)], "test")
    done = run("train", stage(folder), "--data", data, "-o", folder / "run")
    assert done.code == 0, done.err
    assert "got-model eval" in done.out
    lines = [json.loads(line) for line in done.err.splitlines() if line.startswith("{")]
    assert lines[-1]["step"] == lines[-1]["steps"] == 4
    assert {"loss", "grad_norm", "samples_per_s", "tokens_per_s", "loss_plain", "feature_spread"} <= set(lines[0])
    return folder / "run", data


def test_eval_writes_a_report_and_says_its_figures(trained: tuple[Path, Path], tmp_path: Path) -> None:
    checkpoint, data = trained
    done = run("eval", checkpoint, f"{data}:validation", "-o", tmp_path / "report", "--max-new-tokens", 8)
    assert done.code == 0, done.err
    assert "Character error rate" in done.out
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    assert report["num_samples"] == 8
    num_cut = sum(sample["cut"] for sample in report["samples"])
    assert (f"{num_cut} of 8 answers are cut at 8 tokens" in done.out) == (num_cut > 0)
    assert report["totals"]["plain"]["cer"] > 0
    assert {curve["name"] for curve in report["curves"]} >= {"training loss", "validation loss"}
    page = (tmp_path / "report" / "report.html").read_text()
    assert "data:image/png" in page
    # Without a split's name it is the test split.
    words = ("eval", checkpoint, data, "-o", tmp_path / "again", "--max-new-tokens", 8, "-n", 3, "--shuffle-pictures")
    code, err = called(*words, "--mode", "got")
    assert code == 0, err
    plain = json.loads((tmp_path / "again" / "report.json").read_text())
    assert plain["num_samples"] == 3
    assert "control" in plain["facts"]
    assert plain["facts"]["mode"] == "got"
    assert {group["name"]: group["num"] for group in plain["groups"]["plain"]["kind"]} == {"words": 2, "line": 1}


def test_an_answer_that_does_not_end_is_cut_and_said(trained: tuple[Path, Path], tmp_path: Path) -> None:
    reader = load_reader(str(trained[0]))
    image = picture("AB")
    assert not read(reader, [image], max_new_tokens=64)[0].cut
    # A model that may not end its turn goes on to the limit.
    conversation = reader.conversation
    reader.model.generation_config.suppress_tokens = [conversation.turn_end, conversation.tokenizer.eos_token_id]
    (answer,) = read(reader, [image], max_new_tokens=8)
    assert answer.cut


def test_read_prints_a_text_for_each_picture_and_writes_a_page(trained: tuple[Path, Path], tmp_path: Path) -> None:
    checkpoint, _ = trained
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(picture("AB"))
    short = ("--max-new-tokens", 8)
    done = run("read", checkpoint, tmp_path / "a.png", tmp_path / "b.png", *short, "--html", tmp_path / "page.html")
    assert done.code == 0, done.err
    page = (tmp_path / "page.html").read_text()
    assert page.count("data:image/png") == 2
    assert page.count("<article") == 2
    assert page.count("Cut here") == done.err.count("cut at --max-new-tokens 8")
    code, err = called("read", checkpoint, tmp_path / "a.png", tmp_path / "b.png", "--multi-page", *short)
    assert code == 0, err
    for more in (["--format", "--box", "2,2,30,18"], ["--crop"], ["--color", "red"]):
        code, err = called("read", checkpoint, tmp_path / "a.png", *more, *short)
        assert code == 0, err


def test_mistakes_are_one_line_and_exit_2(trained: tuple[Path, Path], tmp_path: Path) -> None:
    checkpoint, data = trained
    (tmp_path / "no.png").write_text("no picture")
    (tmp_path / "file").write_text("")
    good = stage(tmp_path)
    for words, said in (
        (["train", "stage9", "--data", data, "-o", tmp_path / "x"], "no stage 'stage9'"),
        (["train", good, "--data", tmp_path / "none", "-o", tmp_path / "x"], "no data set"),
        (["train", good, "--data", f"{data}=0", "-o", tmp_path / "x"], "positive number"),
        (["train", good, "--data", data, "-o", tmp_path / "file"], "is a file"),
        (["train", good, "--data", data, "-o", checkpoint], "--resume"),
        (["train", good, "--data", data, "-o", tmp_path / "x", "--init", tmp_path], "no config.json"),
        (["train", "stage1", "--data", data, "-o", tmp_path / "x"], "facebook/opt-125m"),
        (["eval", tmp_path, data, "-o", tmp_path / "r"], "no config.json"),
        (["eval", "no/such-model", data, "-o", tmp_path / "r"], "neither a folder nor on the hub"),
        (["eval", checkpoint, f"{data}:nothing", "-o", tmp_path / "r"], "no split 'nothing'"),
        (["eval", checkpoint, f"fox:{tmp_path}", "-o", tmp_path / "r"], str(tmp_path)),
        (["read", checkpoint, tmp_path / "none.png"], "no picture"),
        (["read", checkpoint, tmp_path / "no.png"], "cannot be read"),
    ):
        code, err = called(*words)
        assert code == 2, (words, err)
        lines = [line for line in err.splitlines() if line.strip()]
        assert len(lines) == 1, (words, err)
        assert lines[0].startswith("got-model: ")
        assert said in lines[0], (words, err)
    assert called("read", checkpoint, tmp_path / "no.png", "--box", "1,2,3")[0] == 2


def test_memory_that_is_out_is_one_line(
    trained: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint, data = trained
    # A petabyte: the allocator's own refusal.
    monkeypatch.setattr(GotEncoder, "forward", lambda *_, **__: torch.empty(1 << 50))
    code, err = called("eval", checkpoint, f"{data}:validation", "-o", tmp_path / "r", "--batch", 4)
    assert (code, err) == (2, "got-model: out of memory at 4 questions at once: give a smaller batch\n")
    code, err = called("train", stage(tmp_path), "--data", data, "-o", tmp_path / "run")
    assert code == 1
    assert err.splitlines()[-1].startswith("got-model: out of memory at step 1: give a smaller device_batch")


def test_a_broken_row_ends_the_run_with_its_id_and_exit_1(tmp_path: Path) -> None:
    rows = [row(at, "AB") for at in range(16)]
    rows[9]["image"] = {"bytes": b"broken", "path": ""}
    write(tmp_path / "data", rows)
    done = run("train", stage(tmp_path), "--data", tmp_path / "data", "-o", tmp_path / "run")
    assert done.code == 1, done.err
    assert "slices/part/train/000000009" in done.err.splitlines()[-1]
    assert "Traceback" not in done.err


def test_the_three_stages_learn_from_what_the_mill_wrote(tmp_path: Path) -> None:
    made = mill.run("render", "tiny", "-n", "192", "-o", tmp_path / "slices", "--workers", "0")
    assert made.code == 0, made.err
    before: list[str | Path] = []
    for name in ("tiny_stage1", "tiny_stage2", "tiny_stage3"):
        words = ["train", name, "--data", tmp_path / "slices", "-o", tmp_path / name, *before]
        code, err = called(*words)
        assert code == 0, err
        before = ["--init", tmp_path / name]
    code, err = called("eval", tmp_path / name, tmp_path / "slices", "-o", tmp_path / "report", "--max-new-tokens", 8)
    assert code == 0, err
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    assert report["facts"]["checkpoint"] == str(tmp_path / "tiny_stage3")
    assert all(sample["part"] == "html_lines" for sample in report["samples"])


def started(*words: object, **variables: str) -> "subprocess.Popen[str]":
    env = environment() | variables
    return subprocess.Popen(
        command(*words), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    )


def finished(process: "subprocess.Popen[str]") -> Result:
    """Wait for its end, however long it takes."""
    out, err = process.communicate()
    return Result(process.returncode, out, err)


def steps_of_checkpoint(out: Path) -> int:
    last = last_whole_checkpoint(out / "checkpoints")
    return 0 if last is None else int(last.name.rsplit("-", 1)[1])


def test_an_address_where_no_cluster_answers(tmp_path: Path) -> None:
    data = make(tmp_path / "data", 64)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        words = ("train", stage(tmp_path), "--data", data, "-o", tmp_path / "run", "--workers", 2, "--ray", address)
        nobody = called(*words)
        listening.listen()
        somebody_else = called(*words)
    for code, said in (nobody, somebody_else):
        assert (code, said.count("\n")) == (2, 1), said
        assert f"no Ray cluster answers at {address}" in said


def test_two_workers_lose_one_and_go_on_from_the_last_checkpoint(tmp_path: Path) -> None:
    data = make(tmp_path / "data", 64)
    out = tmp_path / "run"
    words = ("train", stage(tmp_path, epochs=3, evaluations=6), "--data", data, "-o", out, "--workers", 2)
    # A temporary folder too long for the sockets of Ray.
    long = tmp_path / ("t" * 80)
    long.mkdir()
    process = started(*words, TMPDIR=str(long))
    try:
        wait_for(lambda: steps_of_checkpoint(out), process)
        workers = named(process.pid, "RayTrainWorker")
        assert len(workers) == 2
        workers[1].send_signal(signal.SIGKILL)
        lost = steps_of_checkpoint(out)
        # The run goes on; then somebody stops it, and it goes on once more, without Ray.
        wait_for(lambda: steps_of_checkpoint(out) > lost, process)
        process.send_signal(signal.SIGTERM)
        stopped = finished(process)
    finally:
        if process.poll() is None:
            process.kill()
    assert stopped.code == 1, stopped.err[-3000:]
    said = re.search(r"got-model: stopped as asked after step (\d+) of 24; checkpoint-\1 is written", stopped.err)
    assert said, stopped.err[-3000:]
    assert steps_of_checkpoint(out) == int(said[1]) > lost
    assert not (out / "got_model.json").exists()
    assert not (out / "stop").exists()
    done = run(*words[:-1], 0, "--resume")
    assert done.code == 0, done.err[-3000:]
    assert (out / "got_model.json").is_file()
    last = last_whole_checkpoint(out / "checkpoints")
    assert last is not None
    state = json.loads((last / "trainer_state.json").read_text())
    steps = [line["step"] for line in state["log_history"] if "loss" in line]
    # Each step once: what was after the checkpoint was done again and is not counted twice.
    assert steps == list(range(1, 25))
    assert not [one for one in psutil.process_iter(["cmdline"]) if str(out) in " ".join(one.info["cmdline"] or ())]

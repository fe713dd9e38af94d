"""Runs that end early, and go on: crashes, signals, checkpoints by time, broken pictures."""

import json
import os
import re
import signal
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from got_model.checkpoint import RECORD
from got_model.stages import tiny_stage2
from got_model.stopping import TrainingStopped
from got_model.train import run
from got_model.trainer import GotTrainer, last_whole_checkpoint
from renderers.core.errors import ConfigError
from tests.got_model.runs import SHORT, job, losses, weights
from tests.got_model.slices import row, text_of, write

# For what hangs; beside other work a step takes as long as it takes.
pytestmark = pytest.mark.timeout(3600)


class _Crash(BaseException):
    pass


@pytest.mark.parametrize("muon_learning_rate", [0.0, 0.01])
def test_a_run_that_goes_on_is_the_run_that_was_not_interrupted(
    slices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, muon_learning_rate: float
) -> None:
    started: dict[str, Any] = {
        "epochs": 2.0,
        "evaluations": 4,
        "encoder_freeze_steps": 5,
        "length_curriculum_frac": 0.5,
    }
    started |= {"muon_learning_rate": muon_learning_rate}
    stage = replace(tiny_stage2(), **(SHORT | started))
    run(job(stage, slices, tmp_path / "whole"))
    steps = GotTrainer.compute_loss

    def broken(self: GotTrainer, *args: Any, **knobs: Any) -> Any:
        if self.state.global_step == 11:
            raise _Crash
        return steps(self, *args, **knobs)

    monkeypatch.setattr(GotTrainer, "compute_loss", broken)
    with pytest.raises(_Crash):
        run(job(stage, slices, tmp_path / "parts"))
    monkeypatch.undo()
    assert last_whole_checkpoint(tmp_path / "parts" / "checkpoints") == tmp_path / "parts/checkpoints/checkpoint-8"
    run(job(stage, slices, tmp_path / "parts", resume=True))
    whole, parts = losses(tmp_path / "whole"), losses(tmp_path / "parts")
    assert sorted(whole) == sorted(parts) == list(range(1, 17))
    for step, loss in whole.items():
        assert abs(loss - parts[step]) < 1e-6
    for name, weight in weights(tmp_path / "whole").items():
        torch.testing.assert_close(weights(tmp_path / "parts")[name], weight, atol=1e-6, rtol=0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_stopped_by_a_signal_goes_on_from_that_step(
    slices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    stage = replace(tiny_stage2(), **(SHORT | {"epochs": 2.0}))
    run(job(stage, slices, tmp_path / "whole"))
    steps = GotTrainer.compute_loss

    def signalled(self: GotTrainer, *args: Any, **knobs: Any) -> Any:
        # In the middle of a step: with the first of its two halves.
        if self.state.global_step == 10 and not hasattr(self, "sent"):
            self.sent = True
            os.kill(os.getpid(), number)
        return steps(self, *args, **knobs)

    before = signal.getsignal(number)
    monkeypatch.setattr(GotTrainer, "compute_loss", signalled)
    with pytest.raises(TrainingStopped, match="stopped as asked after step 11 of 16; checkpoint-11 is written"):
        run(job(stage, slices, tmp_path / "parts"))
    monkeypatch.undo()
    assert signal.getsignal(number) is before
    # It is no model that is done.
    assert not (tmp_path / "parts" / RECORD).exists()
    run(job(stage, slices, tmp_path / "parts", resume=True))
    whole, parts = losses(tmp_path / "whole"), losses(tmp_path / "parts")
    assert sorted(whole) == sorted(parts) == list(range(1, 17))
    for step, loss in whole.items():
        assert abs(loss - parts[step]) < 1e-6
    for name, weight in weights(tmp_path / "whole").items():
        torch.testing.assert_close(weights(tmp_path / "parts")[name], weight, atol=1e-6, rtol=0)


def test_the_second_signal_ends_a_run_at_once(slices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def signalled(self: GotTrainer, *args: Any, **knobs: Any) -> Any:
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(GotTrainer, "compute_loss", signalled)
    with pytest.raises(KeyboardInterrupt):
        run(job(replace(tiny_stage2(), **SHORT), slices, tmp_path / "run"))


def test_checkpoints_are_written_by_time_too(slices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = GotTrainer.compute_loss

    def broken(self: GotTrainer, *args: Any, **knobs: Any) -> Any:
        if self.state.global_step == 5:
            raise _Crash
        return steps(self, *args, **knobs)

    monkeypatch.setattr(GotTrainer, "compute_loss", broken)
    # Each step takes longer than that; without it there is none before the end of eight steps.
    for every_min, last in ((1e-9, "checkpoint-5"), (0.0, None)):
        stage = replace(tiny_stage2(), **(SHORT | {"evaluations": 0}), checkpoint_every_min=every_min)
        out = tmp_path / str(every_min)
        with pytest.raises(_Crash):
            run(job(stage, slices, out))
        found = last_whole_checkpoint(out / "checkpoints")
        assert (found and found.name) == last


def test_a_checkpoint_half_written_is_not_gone_on_with(tmp_path: Path) -> None:
    for step in (3, 20, 100):
        (tmp_path / f"checkpoint-{step}").mkdir()
    for step in (3, 20):
        (tmp_path / f"checkpoint-{step}" / "trainer_state.json").write_text("{}")
    assert last_whole_checkpoint(tmp_path) == tmp_path / "checkpoint-20"


def test_a_loss_that_is_no_number_stops_the_run_and_keeps_the_checkpoint(
    slices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wild: dict[str, Any] = {"learning_rate": 1e30, "clip": 1e30, "warmup_frac": 0.6, "evaluations": 8}
    stage = replace(tiny_stage2(), **(SHORT | wild))
    with pytest.raises(TrainingStopped, match=r"the loss is nan at step \d+"):
        run(job(stage, slices, tmp_path / "run"))
    kept = last_whole_checkpoint(tmp_path / "run" / "checkpoints")
    assert kept is not None
    monkeypatch.undo()
    with pytest.raises(ConfigError, match="holds a run already"):
        job(stage, slices, tmp_path / "run")


BROKEN = {"bytes": b"broken", "path": ""}


def with_broken(folder: Path, broken: Collection[int], split: str = "train") -> Path:
    """32 rows, some of whose pictures are none."""
    rows = [row(at, text_of(at), split, **({"image": BROKEN} if at in broken else {})) for at in range(32)]
    write(folder, rows, split)
    return folder


def test_broken_pictures_are_left_out_and_counted_with_their_ids(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    data = with_broken(tmp_path / "data", (3, 17))
    with_broken(data, (0, 5), "validation")
    stage = replace(tiny_stage2(), **(SHORT | {"epochs": 2.0, "eval_rows": 32, "eval_pictures": 32}), max_broken=4)
    run(job(stage, data, tmp_path / "run"))
    said = [record.getMessage() for record in caplog.records]
    # Each once, however often it comes.
    ids = [f"slices/part/{split}/{at:09d}" for split, at in (("train", 3), ("train", 17), *VALIDATION)]
    assert sorted(line.split(":")[0] for line in said) == sorted(f"row {name}" for name in ids)
    assert all(line.endswith("it is left out") for line in said)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert [line["broken"] for line in lines if "loss" in line][-1] == 4
    assert weights(tmp_path / "run")


VALIDATION = (("validation", 0), ("validation", 5))


def test_more_broken_pictures_than_the_limit_end_the_run_with_the_last_ids(tmp_path: Path) -> None:
    data = with_broken(tmp_path / "data", range(0, 32, 2))
    stage = replace(tiny_stage2(), **SHORT, max_broken=3)
    with pytest.raises(TrainingStopped, match=r"pictures of [4-7] samples cannot be read, max_broken is 3") as stopped:
        run(job(stage, data, tmp_path / "run"))
    named = re.findall(r"slices/part/train/(\d{9})", str(stopped.value))
    assert len(set(named)) in (4, 5)
    assert all(int(at) % 2 == 0 for at in named)
    assert "\n" not in str(stopped.value)


def test_a_step_of_which_nothing_is_left_is_not_a_loss_that_is_no_number(tmp_path: Path) -> None:
    rows = [row(at, "A" * (1 if at < 24 else 200)) for at in range(32)]
    stage = replace(tiny_stage2(), **(SHORT | {"batch": 1, "device_batch": 1}))
    write(tmp_path / "data", rows)
    run(job(stage, tmp_path / "data", tmp_path / "run"))
    assert all(torch.isfinite(weight).all() for weight in weights(tmp_path / "run").values())
    # Nothing at all is left: that is no run.
    write(tmp_path / "long", [row(at, "A" * 200) for at in range(32)])
    with pytest.raises(TrainingStopped, match="nothing was learned"):
        run(job(stage, tmp_path / "long", tmp_path / "none"))
    assert not (tmp_path / "none" / RECORD).exists()

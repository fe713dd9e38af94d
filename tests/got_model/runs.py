"""Short runs of training, and what they leave."""

import json
from pathlib import Path
from typing import Any

import torch

from got_model.checkpoint import load_checkpoint
from got_model.config import Stage
from got_model.data import DatasetSpec
from got_model.train import TrainJob, prepare
from got_model.trainer import last_whole_checkpoint

SHORT: dict[str, Any] = {
    "batch": 8,
    "device_batch": 4,
    "eval_rows": 8,
    "eval_pictures": 2,
    "evaluations": 2,
    "epochs": 1.0,
}


def job(stage: Stage, data: Path, out: Path, **knobs: Any) -> TrainJob:
    return prepare(TrainJob(stage, [DatasetSpec.parse(str(data))], str(out), **knobs))


def losses(out: Path) -> dict[int, float]:
    last = last_whole_checkpoint(out / "checkpoints")
    assert last is not None
    state = json.loads((last / "trainer_state.json").read_text())
    return {line["step"]: line["loss"] for line in state["log_history"] if "loss" in line}


def weights(checkpoint: Path) -> dict[str, torch.Tensor]:
    return dict(load_checkpoint(str(checkpoint)).model.state_dict())

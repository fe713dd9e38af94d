"""Runs of training, through the doors a user has: what comes out, and what is refused."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from got_model.checkpoint import RECORD, Record, load_checkpoint, new_checkpoint, read_record, save_checkpoint
from got_model.config import Lora, LoraPart, Stage
from got_model.data import DatasetSpec
from got_model.stages import load_stage, stage1, stage2, stage3, tiny, tiny_stage1, tiny_stage2, tiny_stage3
from got_model.train import TrainJob, prepare, run
from renderers.core.errors import ConfigError
from tests.got_model.namings import OLD_NAMES, rename
from tests.got_model.runs import SHORT, job, losses, weights
from tests.got_model.slices import make

# For what hangs; beside other work a step takes as long as it takes.
pytestmark = pytest.mark.timeout(3600)


def test_the_papers_stages() -> None:
    stages = [stage1(), stage2(), stage3()]
    assert [stage.learning_rate for stage in stages] == [1e-4, 1e-4, 2e-5]
    assert [stage.epochs for stage in stages] == [3, 1, 1]
    assert [stage.max_tokens for stage in stages] == [4096, 6000, 8192]
    assert {stage.batch for stage in stages} == {128}
    assert [stage.freeze_encoder for stage in stages] == [False, False, True]
    assert [stage.carry for stage in stages] == ["all", "encoder", "all"]
    assert {stage.replay_frac for stage in stages} == {0.8}


def test_three_stages_hand_on_what_they_learned(slices: Path, tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    run(job(replace(tiny_stage1(), **SHORT), slices, first))
    run(job(replace(tiny_stage2(), **SHORT), slices, second, init=str(first)))
    record = read_record(str(second))
    assert record is not None
    assert record.data == [str(slices)]
    run(job(replace(tiny_stage3(), **SHORT), slices, third, init=str(second)))
    before, after = weights(second), weights(third)
    frozen = [name for name in before if "vision_tower" in name or "projector.conv_" in name]
    assert frozen
    for name in before:
        same = torch.equal(before[name], after[name])
        assert same == (name in frozen), name
    assert (second / "best" / RECORD).is_file()
    assert list((second / "readings").glob("*.html"))
    assert list((second / "tensorboard").rglob("events*"))


def test_data_of_the_stage_before_is_replayed_in_part(
    slices: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run(job(replace(tiny_stage1(), **SHORT), slices, tmp_path / "first"))
    other = make(tmp_path / "other", 16)
    stage = replace(tiny_stage2(), **SHORT)
    asked = TrainJob(
        stage, [DatasetSpec(str(slices)), DatasetSpec(str(other))], str(tmp_path / "second"), str(tmp_path / "first")
    )
    assert [one.weight for one in prepare(asked).data] == [0.8, None]
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith(f"{slices}: {tmp_path / 'first'} was trained on it, so each epoch draws 0.8 of its rows")
    caplog.clear()
    named = msgspec.structs.replace(asked, data=[DatasetSpec(str(slices), 0.3)])
    assert prepare(named).data[0].weight == 0.3
    assert not caplog.records


def test_a_data_set_is_known_again_however_its_path_is_written(
    slices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # From beside the data, by a relative path; what is recorded must not depend on where the next run stands.
    monkeypatch.chdir(slices.parent)
    run(job(replace(tiny_stage1(), **SHORT), Path(slices.name), tmp_path / "first"))
    record = read_record(str(tmp_path / "first"))
    assert record is not None
    assert record.data == [str(slices.resolve())]
    monkeypatch.chdir(slices)
    link = tmp_path / "link"
    link.symlink_to(slices)
    written = (f"{slices}/", f"../{slices.name}", f"{slices}/data/..", str(link), ".")
    for root in written:
        asked = TrainJob(
            replace(tiny_stage2(), **SHORT), [DatasetSpec(root)], str(tmp_path / "second"), str(tmp_path / "first")
        )
        assert prepare(asked).data == [DatasetSpec(root, 0.8)], root


def test_the_encoder_waits_for_the_decoder(slices: Path, tmp_path: Path) -> None:
    # Eight steps: it waits for all of them, or begins with the fifth.
    runs = {waits: replace(tiny_stage2(), **SHORT, encoder_freeze_steps=waits) for waits in (8, 4)}
    for waits, stage in runs.items():
        run(job(stage, slices, tmp_path / str(waits)))
    fresh = new_checkpoint(runs[8]).model.state_dict()
    waited, began = weights(tmp_path / "8"), weights(tmp_path / "4")
    for name, weight in fresh.items():
        of_encoder = "vision_tower" in name or "projector" in name
        assert torch.equal(weight, waited[name]) == of_encoder, name
        assert not torch.equal(weight, began[name]), name


def test_muon_takes_the_matrices_of_layers_and_adamw_the_rest(slices: Path, tmp_path: Path) -> None:
    still: dict[str, Any] = {"encoder_freeze_steps": 0, "learning_rate": 1e-12, "weight_decay": 0.0}
    stage = replace(tiny_stage2(), **(SHORT | still), muon_learning_rate=0.01)
    run(job(stage, slices, tmp_path / "run"))
    fresh = new_checkpoint(stage).model
    matrices = {f"{name}.weight" for name, module in fresh.named_modules() if isinstance(module, torch.nn.Linear)}
    moved = {
        name
        for name, weight in weights(tmp_path / "run").items()
        if (weight - fresh.state_dict()[name]).abs().max() > 1e-4
    }
    assert moved == matrices - {"lm_head.weight"}


def test_low_rank_training_moves_the_decoder_alone(slices: Path, tmp_path: Path) -> None:
    run(job(replace(tiny_stage2(), **SHORT), slices, tmp_path / "before"))
    stage = replace(tiny_stage3(), **SHORT, lora=Lora(rank=2))
    run(job(stage, slices, tmp_path / "after", init=str(tmp_path / "before")))
    before, after = weights(tmp_path / "before"), weights(tmp_path / "after")
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert moved
    assert all("language_model.layers" in name and "norm" not in name for name in moved)


@pytest.mark.parametrize(
    ("parts", "frozen"),
    [(("encoder",), False), (("projector",), True), (("encoder", "projector", "decoder"), False)],
    ids=["encoder", "projector", "all"],
)
def test_low_rank_training_moves_the_parts_that_are_named(
    parts: tuple[LoraPart, ...], frozen: bool, slices: Path, tmp_path: Path
) -> None:
    run(job(replace(tiny_stage2(), **SHORT), slices, tmp_path / "before"))
    lora = Lora(parts=parts, rank=2)
    stage = replace(tiny_stage3(), **SHORT, lora=lora, freeze_encoder=frozen, encoder_freeze_steps=0)
    run(job(stage, slices, tmp_path / "after", init=str(tmp_path / "before")))
    before, after = weights(tmp_path / "before"), weights(tmp_path / "after")
    assert before.keys() == after.keys()
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    names = {"encoder": "vision_tower", "projector": "multimodal_projector", "decoder": "language_model"}
    assert {part for part, name in names.items() if any(name in key for key in moved)} == set(parts)


def test_the_example_of_the_manual_trains_encoder_projector_and_decoder(slices: Path, tmp_path: Path) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "training.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", manual, re.DOTALL)
    file = tmp_path / "my_stage.py"
    # As written, but for the size.
    file.write_text(code.replace("stage3", "tiny_stage3"), encoding="utf-8")
    run(job(replace(tiny_stage2(), **SHORT), slices, tmp_path / "before"))
    stage = load_stage(str(file))
    assert stage.lora is not None
    run(job(replace(stage, epochs=4.0, evaluations=1), slices, tmp_path / "after", init=f"{tmp_path}/before"))
    before, after = weights(tmp_path / "before"), weights(tmp_path / "after")
    for part in ("vision_tower", "multimodal_projector", "language_model"):
        names = [name for name in before if part in name]
        assert any(not torch.equal(before[name], after[name]) for name in names), part
    seen = list(losses(tmp_path / "after").values())
    assert np.mean(seen[-4:]) < np.mean(seen[:4])


def test_the_best_of_a_low_rank_run_is_a_model_that_everything_reads(slices: Path, tmp_path: Path) -> None:
    run(job(replace(tiny_stage2(), **SHORT), slices, tmp_path / "before"))
    stage = replace(tiny_stage3(), **SHORT, lora=Lora(rank=2))
    run(job(stage, slices, tmp_path / "run", init=str(tmp_path / "before")))
    best = load_checkpoint(str(tmp_path / "run" / "best"))
    before = weights(tmp_path / "before")
    assert weights(tmp_path / "run" / "best").keys() == before.keys()
    assert any(
        not torch.equal(weight, before[name]) for name, weight in best.model.state_dict().items() if name in before
    )
    again = replace(tiny_stage3(), **SHORT)
    run(job(again, slices, tmp_path / "again", init=str(tmp_path / "run" / "best")))


@pytest.mark.parametrize("naming", OLD_NAMES)
def test_a_run_starts_from_weights_of_every_naming(naming: str, slices: Path, tmp_path: Path) -> None:
    save_checkpoint(new_checkpoint(tiny_stage3()), tmp_path / "old", Record({}, []))
    rename(tmp_path / "old", naming)
    before = weights(tmp_path / "old")
    one_step = SHORT | {"batch": 64, "device_batch": 32, "evaluations": 0, "warmup_frac": 0.0}
    run(job(replace(tiny_stage3(), **one_step), slices, tmp_path / "run", init=str(tmp_path / "old")))
    assert list(losses(tmp_path / "run")) == [1]
    after = load_file(tmp_path / "run" / "model.safetensors")
    assert {name.split(".")[0] for name in after} == {"model"}
    assert not torch.equal(after["model.language_model.embed_tokens.weight"], before["lm_head.weight"])


def test_a_run_that_will_not_fit_is_refused_before_it_starts(slices: Path, tmp_path: Path) -> None:
    stage = replace(tiny(), **(SHORT | {"batch": 4_000_000, "device_batch": 4_000_000}))
    with pytest.raises(ConfigError, match="device_batch below"):
        run(job(stage, slices, tmp_path / "run"))
    assert not (tmp_path / "run" / "checkpoints").exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"batch": 6, "device_batch": 4}, "no multiple"),
        ({"size": "huge"}, "no size 'huge'"),
        ({"tokenizer": "./no-such-folder"}, "tokenizer"),
        ({"decoder": "./no-such-folder"}, "decoder"),
    ],
)
def test_a_stage_that_cannot_be_is_refused(slices: Path, tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        run(job(replace(tiny(), **(SHORT | changed)), slices, tmp_path / "run"))


def test_stages_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("from dataclasses import replace\nfrom got_model.stages import tiny\n"
                    "def stage():\n    return replace(tiny(), name='mine', epochs=2)\n")  # fmt: skip
    assert load_stage(str(file)).name == "mine"
    file.write_text("def stage():\n    return 3\n")
    with pytest.raises(ConfigError, match="returned int"):
        load_stage(str(file))
    file.write_text("raise RuntimeError('no')\n")
    with pytest.raises(ConfigError, match="RuntimeError: no"):
        load_stage(str(file))
    for name in ("stage9", str(tmp_path / "none.py")):
        with pytest.raises(ConfigError):
            load_stage(name)
    refused: list[dict[str, Any]] = [
        {"learning_rate": 0.0},
        {"muon_learning_rate": -1.0},
        {"epochs": 0.0},
        {"max_tokens": 3},
        {"max_broken": -1},
        {"checkpoint_every_min": -1.0},
        {"lora": Lora(rank=0)},
        {"lora": Lora(parts=())},
        {"lora": Lora(parts=("encoder",)), "freeze_encoder": True},
        {"lora": Lora(), "freeze_encoder": False},
    ]
    for wrong in refused:
        with pytest.raises(ConfigError):
            replace(Stage("x"), **wrong)

"""A run of training, from the user's settings to a checkpoint; one process, or the same on each of Ray's workers."""

import logging
import math
import os
from pathlib import Path

import msgspec
import torch
from msgspec import Struct
from torch import nn
from transformers import TrainingArguments
from transformers.trainer_callback import PrinterCallback, ProgressCallback
from transformers.utils.logging import disable_progress_bar

from got_model.callbacks import PredictionLogger, ProgressReporter
from got_model.checkpoint import (
    RECORD,
    Checkpoint,
    Record,
    carry,
    load_checkpoint,
    new_checkpoint,
    read_record,
    save_checkpoint,
)
from got_model.collate import Collator
from got_model.config import Stage
from got_model.costs import check_memory, is_out_of_memory
from got_model.data import DatasetSpec, Mixture, place
from got_model.stopping import CheckpointKeeper, StopRequest, TrainingStopped
from got_model.trainer import GotTrainer, last_whole_checkpoint
from got_model.validation import Validation
from renderers.core.errors import ConfigError

_log = logging.getLogger(__name__)

_STEPS = "checkpoints"
_LOGS_PER_RUN = 200
_MAX_LOADERS = 16


class TrainJob(Struct, frozen=True):
    """A training run with all that a worker needs.

    Attributes:
        stage: what to do.
        data: data sets with their weights.
        out: folder of the run, seen by all workers.
        init: checkpoint to start from.
        resume: go on with the run in `out`.
        num_workers: that share each step.
    """

    stage: Stage
    data: list[DatasetSpec]
    out: str
    init: str | None = None
    resume: bool = False
    num_workers: int = 1


def prepare(job: TrainJob) -> TrainJob:
    """Check what can be checked before a worker starts, and settle the weights of replayed data, which is said.

    Raises:
        ConfigError: a data set, checkpoint or folder that will not do.
    """
    out = Path(job.out)
    if out.exists() and not out.is_dir():
        raise ConfigError(f"output {out} is a file; give a folder")
    begun = last_whole_checkpoint(out / _STEPS) is not None or (out / RECORD).exists()
    if begun and not job.resume:
        raise ConfigError(f"{out} holds a run already; go on with --resume, or give another folder")
    stage = job.stage
    if stage.batch % (stage.device_batch * job.num_workers):
        raise ConfigError(
            f"stage {stage.name}: batch {stage.batch} is no multiple of device_batch {stage.device_batch} "
            f"times {job.num_workers} workers"
        )
    data = _weighted(job)
    Mixture(data, "train")
    return msgspec.structs.replace(job, data=data)


def _weighted(job: TrainJob) -> list[DatasetSpec]:
    """The data sets; those that `--init` was trained on are replayed in part where they are named without a weight."""
    record = read_record(job.init) if job.init else None
    known = {place(root) for root in record.data} if record else set()
    frac = job.stage.replay_frac
    replayed = [one.root for one in job.data if one.weight is None and place(one.root) in known]
    if replayed and frac != 1:
        _log.warning(
            "%s: %s was trained on it, so each epoch draws %g of its rows (replay_frac); --data %s=1 draws all",
            ", ".join(replayed),
            job.init,
            frac,
            replayed[0],
        )
    return [
        DatasetSpec(one.root, frac if one.weight is None and one.root in replayed else one.weight) for one in job.data
    ]


def stop_file(job: TrainJob) -> Path:
    """Where it exists, the workers of a cluster end the run after their step."""
    return Path(job.out) / "stop"


def run(job: TrainJob, request: StopRequest | None = None) -> None:
    """Train; one process of it.

    The last weights come to lie in `out`, those of the lowest validation loss in `out/best`. A wish to stop has a
    checkpoint written at the end of the step: SIGTERM and Ctrl-C, and whatever `request` hears of.

    Raises:
        ConfigError: the settings cannot be met.
        TrainingStopped: it broke, or somebody wished it to end; what was saved stays.
    """
    stage, out = job.stage, Path(job.out)
    # Its bars for files read and written would break the one line of the run.
    disable_progress_bar()
    mixture = Mixture(job.data, "train")
    checkpoint = _start(job)
    model = _trained(checkpoint, stage)
    check_memory(checkpoint.model, stage, torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    validation = Validation.of(job.data, stage)
    progress = ProgressReporter()
    request = request or StopRequest()
    keeper = CheckpointKeeper(stage.checkpoint_every_min, request)
    trainer = GotTrainer(
        checkpoint,
        model,
        stage,
        _arguments(job, mixture, validation is not None),
        mixture,
        Collator(checkpoint.conversation, checkpoint.preprocessor, stage.max_tokens),
        validation,
        PredictionLogger(out),
        lambda: _save(checkpoint, stage, out / "best", _record(job)),
        callbacks=[progress, keeper],
    )
    for printer in (ProgressCallback, PrinterCallback):
        trainer.remove_callback(printer)
    try:
        with request.by_signals():
            trainer.train(resume_from_checkpoint=_resumed(job))
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        raise TrainingStopped(
            f"out of memory at step {trainer.state.global_step + 1}: give a smaller device_batch or max_tokens in a "
            "stage of your own, and go on with --resume"
        ) from error
    finally:
        progress.stop()
    if keeper.stopped:
        step = trainer.state.global_step
        raise TrainingStopped(
            f"stopped as asked after step {step} of {trainer.state.max_steps}; checkpoint-{step} is written, --resume "
            "goes on from there"
        )
    trainer.check_learned()
    if trainer.is_world_process_zero():
        _save(checkpoint, stage, out, _record(job, trainer.state.global_step))


def _trained(checkpoint: Checkpoint, stage: Stage) -> nn.Module:
    """What the trainer has: the model, or updates of a low rank around it; what shall stay as it is, is frozen."""
    body = checkpoint.model.model
    if stage.freeze_encoder:
        body.vision_tower.requires_grad_(False)
        for name, weight in body.multi_modal_projector.named_parameters():
            weight.requires_grad_(not name.startswith("conv_"))
    if stage.lora is None:
        return checkpoint.model
    from got_model.lora import adapt

    return adapt(checkpoint.model, stage.lora)


def _save(checkpoint: Checkpoint, stage: Stage, folder: Path, record: Record) -> None:
    merged = None
    if stage.lora is not None:
        from got_model.lora import merged_weights

        merged = merged_weights(checkpoint.model)
    save_checkpoint(checkpoint, folder, record, merged)


def _start(job: TrainJob) -> Checkpoint:
    stage = job.stage
    if job.init is None:
        return new_checkpoint(stage)
    start = load_checkpoint(job.init)
    if stage.carry == "all":
        return start
    fresh = new_checkpoint(stage)
    carry(start, fresh.model, stage.carry)
    return fresh


def _resumed(job: TrainJob) -> str | None:
    if not job.resume:
        return None
    path = last_whole_checkpoint(Path(job.out) / _STEPS)
    return None if path is None else str(path)


def _record(job: TrainJob, steps: int = 0) -> Record:
    before = read_record(job.init) if job.init else None
    # Whole paths: another run, in another folder, finds the same place.
    data = sorted({place(root) for root in (*(one.root for one in job.data), *(before.data if before else ()))})
    return Record(msgspec.to_builtins(job.stage), data, steps, steps * job.stage.batch)


def _arguments(job: TrainJob, mixture: Mixture, evaluated: bool) -> TrainingArguments:
    stage = job.stage
    steps_of_epoch = len(mixture.epoch(stage.seed, 0, stage.batch)) // stage.batch
    steps = max(math.ceil(stage.epochs * steps_of_epoch), 1)
    every = max(math.ceil(steps / max(stage.evaluations, 1)), 1)
    cuda = torch.cuda.is_available()
    return TrainingArguments(
        output_dir=str(Path(job.out) / _STEPS),
        max_steps=steps,
        per_device_train_batch_size=stage.device_batch,
        gradient_accumulation_steps=stage.batch // stage.device_batch // job.num_workers,
        learning_rate=stage.learning_rate,
        adam_beta1=stage.betas[0],
        adam_beta2=stage.betas[1],
        weight_decay=stage.weight_decay,
        max_grad_norm=stage.clip,
        lr_scheduler_type="cosine",
        warmup_steps=math.ceil(stage.warmup_frac * steps),
        bf16=cuda and torch.cuda.is_bf16_supported(),
        use_cpu=not cuda,
        activation_checkpointing=stage.checkpoint_gradients,
        activation_checkpointing_kwargs={"use_reentrant": False},
        torch_compile=stage.compile,
        ddp_find_unused_parameters=False,
        dataloader_num_workers=_loaders(),
        logging_steps=max(steps // _LOGS_PER_RUN, 1),
        logging_nan_inf_filter=False,
        eval_strategy="steps" if evaluated else "no",
        eval_steps=every,
        metric_for_best_model="loss" if evaluated else None,
        greater_is_better=False,
        save_strategy="steps",
        save_steps=every,
        save_total_limit=stage.checkpoints,
        seed=stage.seed,
        remove_unused_columns=False,
        report_to="none",
        disable_tqdm=True,
    )


def _loaders() -> int:
    """Processes that decode pictures: a worker's share of this machine's cores, without the one that it trains with."""
    if not torch.cuda.is_available():
        # The CPU that trains must not also wait for a process that decodes pictures; a GPU must.
        return 0
    # Source: torch.distributed's environment, as Ray Train and torchrun set it.
    workers = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    return max(min(_MAX_LOADERS, len(os.sched_getaffinity(0)) // workers - 1), 1)

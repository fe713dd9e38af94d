"""The loop of training: transformers' Trainer, fed in our order, with a loss for each format, stopping at NaN.

One process runs it, or each of Ray's workers: who is who stands in the environment, as torch.distributed has it.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Muon
from torch.utils.data import DataLoader
from transformers import Trainer, TrainerCallback, TrainingArguments

from got_model.callbacks import PredictionLogger
from got_model.checkpoint import Checkpoint
from got_model.collate import LOSS_NAMES, Collator, add_losses
from got_model.config import Stage
from got_model.costs import forward_flops, peak_flops
from got_model.data import Mixture
from got_model.loader import MicroBatchSampler, SampleBatches, SampleLoader
from got_model.modeling.got import Losses
from got_model.optimizer import MuonBesideAdamW, layer_matrices
from got_model.stopping import BrokenPictures, TrainingStopped
from got_model.validation import Validation, character_error_rate, mean_losses


class GotTrainer(Trainer):
    """A run over a mixture."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        model: nn.Module,
        stage: Stage,
        args: TrainingArguments,
        mixture: Mixture,
        collator: Collator,
        validation: Validation | None,
        prediction_logger: PredictionLogger,
        keep: Callable[[], None],
        callbacks: Sequence[TrainerCallback],
    ) -> None:
        """Set a run up.

        Args:
            checkpoint: what is trained.
            model: its model as it is trained: itself, or with updates of a low rank.
            stage: what the run is; the order of rows and the encoder's start are taken from it.
            args: of transformers.
            mixture: what it learns from.
            collator: makes a step's tensors.
            validation: what is measured on the way.
            prediction_logger: where predictions on the validation split are written.
            keep: saves the weights; called where the validation loss is the lowest so far.
            callbacks: of transformers.
        """
        super().__init__(
            model=model,
            args=args,
            train_dataset=mixture,
            eval_dataset=None if validation is None else validation.mixture,
            data_collator=collator,
            callbacks=[*callbacks, prediction_logger],
        )
        self._checkpoint, self._stage, self._mixture, self._collator = checkpoint, stage, mixture, collator
        self._validation, self._prediction_logger, self._keep = validation, prediction_logger, keep
        self._flops = forward_flops(checkpoint.model)
        self._peak = peak_flops(args.device)
        self._broken = BrokenPictures(stage.max_broken)
        # Labelled tokens and samples left out, of the whole run.
        self._totals = torch.zeros(2, device=args.device)
        self._frozen = not next(checkpoint.model.model.vision_tower.parameters()).requires_grad
        self._reset()

    def _reset(self) -> None:
        zeros = torch.zeros(len(LOSS_NAMES), 2, device=self.args.device)
        self._formats = zeros
        # samples, pictures, tokens, labelled tokens, dropped
        self._counts = torch.zeros(5, device=self.args.device)
        self._spread: float | None = None
        self._since = time.perf_counter()

    def get_train_dataloader(self) -> DataLoader[Any]:
        """Batches of this worker in the order of the seed."""
        args = self.args
        batch = args.per_device_train_batch_size * args.gradient_accumulation_steps * args.world_size
        micro_batches = MicroBatchSampler(
            self._mixture,
            args.seed,
            batch,
            args.per_device_train_batch_size,
            args.process_index,
            args.world_size,
            self._stage.length_curriculum_frac,
        )
        batches = SampleBatches(
            micro_batches, self._mixture, lambda: self.state.global_step * args.gradient_accumulation_steps
        )
        return SampleLoader(
            batches,
            self._mixture.num_rows,
            collate_fn=self.data_collator,
            num_workers=args.dataloader_num_workers,
            persistent_workers=args.dataloader_num_workers > 0,
            pin_memory=args.device.type == "cuda",
        )

    def create_optimizer(self, model: nn.Module | None = None) -> torch.optim.Optimizer:
        """AdamW as transformers', or with Muon beside it; encoder and projector have groups of their own."""
        adamw = super().create_optimizer(model)
        whole = self._checkpoint.model
        encoder = {
            id(weight)
            for part in (whole.model.vision_tower, whole.model.multi_modal_projector)
            for weight in part.parameters()
        }
        matrices: set[int] = set()
        if self._stage.muon_learning_rate:
            matrices = {id(weight) for weight in layer_matrices(self.model, whole.get_output_embeddings())}
        groups: list[dict[str, Any]] = []
        for group in adamw.param_groups:
            for is_encoder in (False, True):
                weights = [weight for weight in group["params"] if (id(weight) in encoder) == is_encoder]
                groups += [
                    {**group, "params": of_kind, "is_encoder": is_encoder, "is_matrix": is_matrix}
                    for is_matrix in (False, True)
                    if (of_kind := [weight for weight in weights if (id(weight) in matrices) == is_matrix])
                ]
        adamw.param_groups = [group for group in groups if not group["is_matrix"]]
        if matrices:
            muon = Muon(
                [
                    {key: group[key] for key in ("params", "weight_decay", "is_encoder")}
                    for group in groups
                    if group["is_matrix"]
                ],
                lr=self._stage.muon_learning_rate,
            )
            self.optimizer = MuonBesideAdamW(adamw, muon)
        return self.optimizer

    def create_scheduler(
        self, num_training_steps: int, optimizer: torch.optim.Optimizer | None = None
    ) -> torch.optim.lr_scheduler.LRScheduler:
        """As transformers', where the encoder is frozen at first and then rises to the others' rate."""
        scheduler: torch.optim.lr_scheduler.LambdaLR = super().create_scheduler(num_training_steps, optimizer)
        if freeze_steps := self._stage.encoder_freeze_steps:
            groups = scheduler.optimizer.param_groups
            scheduler.lr_lambdas = [
                partial(_delayed_rate, rate, freeze_steps) if group["is_encoder"] else rate
                for rate, group in zip(scheduler.lr_lambdas, groups, strict=True)
            ]
            for group in groups:
                if group["is_encoder"]:
                    # The rate of the first step is set already.
                    group["lr"] = 0.0
        return scheduler

    def compute_loss(
        self,
        model: nn.Module,
        inputs: dict[str, Any],
        return_outputs: bool = False,
        num_items_in_batch: Tensor | int | None = None,
    ) -> Any:
        """The step's loss; counts what it saw.

        Raises:
            TrainingStopped: the loss is no number, or too many pictures are broken.
        """
        formats_B, dropped, broken = (inputs.pop(name) for name in ("formats", "dropped", "broken"))
        self._broken.add(broken)
        if num_items_in_batch is not None:
            # Where all samples of a step are left out, nothing is labelled: zero, not zero by zero.
            num_items_in_batch = torch.as_tensor(num_items_in_batch).clamp(min=1)
        inputs["pixel_values"] = self._checkpoint.preprocessor.normalize(inputs["pixel_values"])
        output: Losses = model(**inputs, num_items_in_batch=num_items_in_batch)
        assert output.loss is not None
        if not torch.isfinite(output.loss):
            raise TrainingStopped(
                f"the loss is {output.loss.item()} at step {self.state.global_step + 1}; lower learning_rate or clip, "
                "and go on from the last checkpoint with --resume"
            )
        self._count(inputs, formats_B, dropped, output)
        self._totals[1] += len(broken)
        # Each worker divides by the tokens of all; the mean over workers that follows is undone here.
        return output.loss * self.args.world_size if num_items_in_batch is not None else output.loss

    @torch.no_grad()
    def _count(self, inputs: dict[str, Any], formats_B: Tensor, dropped: Tensor, output: Losses) -> None:
        assert output.token_losses is not None
        learned_BT = add_losses(self._formats, formats_B, inputs["labels"], output.token_losses)
        seen = (len(formats_B), len(inputs["pixel_values"]), inputs["attention_mask"].sum(), learned_BT.sum(), dropped)
        self._counts += torch.tensor([float(number) for number in seen], device=self._counts.device)
        self._totals += self._totals.new_tensor([float(learned_BT.sum()), float(dropped)])
        features = output.image_hidden_states
        if self._spread is None and features is not None and len(features) > 1:
            # Features that are the same for all pictures are an encoder that is dead.
            self._spread = float(features.float().std(0).mean() / features.float().std().clamp_min(1e-12))

    @torch.inference_mode()
    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """Losses on the validation split, and some of it predicted by the first worker."""
        assert self._validation is not None
        began = time.perf_counter()
        self.model.eval()
        args = self.args
        sums = self._validation.losses(
            self.model, self._collator, self._broken, args.device, args.process_index, args.world_size
        )
        metrics = mean_losses(self._summed(sums))
        if self.is_world_process_zero():
            predictions = self._validation.predictions(self._checkpoint, self._broken)
            metrics["eval_cer"] = character_error_rate(predictions)
            self._prediction_logger.write(args, self.state.global_step, predictions)
            if self.state.best_metric is None or metrics["eval_loss"] < self.state.best_metric:
                self._keep()
        self.model.train()
        self._since += time.perf_counter() - began
        self.log(metrics)
        self.callback_handler.on_evaluate(args, self.state, self.control, metrics)
        return metrics

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """Adds rates, losses of formats, and what was left out, over all workers."""
        if "loss" in logs:
            logs.update(self._figures())
        super().log(logs, start_time)

    def _figures(self) -> dict[str, float]:
        seconds = time.perf_counter() - self._since
        formats, counts = self._summed(self._formats), self._summed(self._counts)
        samples, pictures, tokens, learned, dropped = counts.tolist()
        broken = int(self._summed(torch.tensor(len(self._broken), device=counts.device)))
        self._broken.check(broken)
        figures = {"samples_per_s": samples / seconds, "tokens_per_s": tokens / seconds, "dropped": dropped}
        figures["broken"] = broken
        if self._spread is not None:
            figures["feature_spread"] = self._spread
        if self._peak is not None:
            encoder = pictures * self._flops.picture * (1 if self._frozen else 3)
            spent = encoder + 3 * (tokens * self._flops.token + learned * self._flops.logit)
            figures["mfu"] = spent / seconds / (self._peak * self.args.world_size)
        for name, (total, count) in zip(LOSS_NAMES, formats.tolist(), strict=True):
            if count:
                figures[f"loss_{name}"] = total / count
        self._reset()
        return figures

    def check_learned(self) -> None:
        """Called at the end of a run, by all workers.

        Raises:
            TrainingStopped: it learned nothing, since all samples were left out.
        """
        learned, left_out = self._summed(self._totals).tolist()
        if left_out and not learned:
            raise TrainingStopped(
                "nothing was learned: all samples were left out, longer than max_tokens "
                f"{self._stage.max_tokens} or broken"
            )

    def _summed(self, values: Tensor) -> Tensor:
        if self.args.world_size == 1:
            return values
        gathered: Tensor = self.accelerator.reduce(values, reduction="sum")
        return gathered


def _delayed_rate(rate: Callable[[int], float], freeze_steps: int, step: int) -> float:
    return rate(step) * min(max(step / freeze_steps - 1.0, 0.0), 1.0)


def last_whole_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint of a run that was written to its end."""
    found = [path for path in folder.glob("checkpoint-*") if (path / "trainer_state.json").is_file()]
    return max(found, key=lambda path: int(path.name.rsplit("-", 1)[1]), default=None)

"""How a run does on the validation split while it goes: losses over many rows, and predictions of a few."""

import logging
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from rapidfuzz.distance import Levenshtein
from torch import Tensor, nn

from got_model.callbacks import Prediction
from got_model.checkpoint import Checkpoint
from got_model.collate import LOSS_NAMES, Collator, add_losses, pixels_of
from got_model.config import Stage
from got_model.data import DatasetSpec, Mixture, Sample
from got_model.generate import Question, answer_all
from got_model.loader import RowReader
from got_model.stopping import BrokenPictures
from renderers.core.errors import ConfigError, LabelError
from renderers.labels.text import canonical_chars

_log = logging.getLogger(__name__)

_MAX_LENGTH_RATIO = 2.0
"""A prediction is cut at so many times the tokens of its target: a model that repeats itself has shown it by then."""


class Validation:
    """Rows of the validation splits, the same ones each time."""

    def __init__(self, mixture: Mixture, stage: Stage) -> None:
        """Args: mixture: of the validation splits."""
        self.mixture, self._stage = mixture, stage
        self._rows = mixture.epoch(stage.seed, 0)[: stage.eval_rows]

    @classmethod
    def of(cls, datasets: Sequence[DatasetSpec], stage: Stage) -> "Validation | None":
        """None where the stage has no evaluation, or a data set is too small to have such a split."""
        if not stage.evaluations or not stage.eval_rows:
            return None
        try:
            return cls(Mixture([DatasetSpec(one.root) for one in datasets], "validation"), stage)
        except ConfigError as error:
            _log.warning("%s: nothing is evaluated on the way", error)
            return None

    def losses(
        self,
        model: nn.Module,
        collator: Collator,
        broken: BrokenPictures,
        device: torch.device,
        rank: int,
        num_workers: int,
    ) -> Tensor:
        """(formats, 2): sum of losses and number of tokens, of this worker's share of the rows.

        Raises:
            TrainingStopped: too many pictures are broken.
        """
        sums = torch.zeros(len(LOSS_NAMES), 2, device=device)
        size = self._stage.device_batch
        mine = [self._rows[start : start + size] for start in range(rank * size, len(self._rows), size * num_workers)]
        samples = RowReader(self.mixture)(np.concatenate(mine) if mine else np.empty(0, dtype=np.int64))
        for rows in mine:
            batch = collator([next(samples) for _ in rows])
            formats_B, _ = batch.pop("formats").to(device), batch.pop("dropped")
            broken.add(batch.pop("broken"))
            inputs = {name: tensor.to(device) for name, tensor in batch.items()}
            inputs["pixel_values"] = collator.preprocessor.normalize(inputs["pixel_values"])
            add_losses(sums, formats_B, inputs["labels"], model(**inputs).token_losses)
        return sums

    def predictions(self, checkpoint: Checkpoint, broken: BrokenPictures) -> list[Prediction]:
        """Greedy answers to the first `eval_pictures` rows by the model as it is now; not to pictures that are broken.

        Raises:
            TrainingStopped: too many pictures are broken.
        """
        samples, questions = [], []
        for one in self._samples(self._stage.eval_pictures):
            try:
                questions.append(Question(pixels_of(one.id, one.pictures, checkpoint.preprocessor), one.prompt))
            except LabelError as error:
                broken.add({one.id: str(error)})
            else:
                samples.append(one)
        limits = [int(_MAX_LENGTH_RATIO * len(checkpoint.conversation.answer(one.answer))) for one in samples]
        found = answer_all(checkpoint, questions, self._stage.device_batch, limits)
        return [
            Prediction(one.id, one.pictures[0], one.answer, answer.text)
            for one, answer in zip(samples, found, strict=True)
        ]

    def _samples(self, count: int) -> Iterator[Sample]:
        for sample in RowReader(self.mixture)(self._rows[:count]):
            assert sample is not None
            yield sample


def character_error_rate(predictions: Sequence[Prediction]) -> float:
    """The measure `cer` of evaluations: 0 or more, above 1 where answers are much longer than targets."""
    pairs = [(canonical_chars(one.answer), canonical_chars(one.target)) for one in predictions]
    edits = sum(Levenshtein.distance(answer, target) for answer, target in pairs)
    return edits / max(sum(len(target) for _, target in pairs), 1)


def mean_losses(sums: Tensor) -> dict[str, float]:
    """`eval_loss` over all tokens, and that of each format there is."""
    total, count = sums.sum(0).tolist()
    means = {"eval_loss": total / max(count, 1.0)}
    for name, (loss, tokens) in zip(LOSS_NAMES, sums.tolist(), strict=True):
        if tokens:
            means[f"eval_loss_{name}"] = loss / tokens
    return means

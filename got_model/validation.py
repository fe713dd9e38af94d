"""How a run does on the validation split while it goes: losses over many rows, and a few of them read aloud."""

import logging
from collections.abc import Iterator, Sequence

import torch
from rapidfuzz.distance import Levenshtein
from torch import Tensor, nn

from got_model.checkpoint import Checkpoint
from got_model.collate import LOSS_NAMES, Collator, pixels_of
from got_model.config import Stage
from got_model.data import DatasetSpec, Mixture, Sample
from got_model.generate import Question, answers, batches
from got_model.modeling.got import IGNORED
from got_model.watch import Reading
from renderers.core.errors import ConfigError

_log = logging.getLogger(__name__)

_ROOM = 2.0
"""An answer read aloud may have so many times the tokens of its target: a model that loops says enough by then."""


class Validation:
    """Rows of the validation splits, the same ones each time."""

    def __init__(self, mixture: Mixture, stage: Stage) -> None:
        """Args: mixture: of the validation splits."""
        self.mixture, self._stage = mixture, stage
        self._rows = mixture.epoch(stage.seed, 0)[: stage.eval_rows].tolist()

    @classmethod
    def of(cls, wanted: Sequence[DatasetSpec], stage: Stage) -> "Validation | None":
        """None where no evaluation is wanted, or a data set is too small to have such a split."""
        if not stage.evaluations or not stage.eval_rows:
            return None
        try:
            return cls(Mixture([DatasetSpec(one.root) for one in wanted], "validation"), stage)
        except ConfigError as error:
            _log.warning("%s: nothing is evaluated on the way", error)
            return None

    def losses(self, model: nn.Module, collator: Collator, device: torch.device, rank: int, num_workers: int) -> Tensor:
        """(formats, 2): sum of losses and number of tokens, of this worker's share of the rows."""
        sums = torch.zeros(len(LOSS_NAMES), 2, device=device)
        size = self._stage.device_batch
        for start in range(rank * size, len(self._rows), size * num_workers):
            batch = collator([self.mixture[at] for at in self._rows[start : start + size]])
            formats_B, _ = batch.pop("formats").to(device), batch.pop("dropped")
            inputs = {name: tensor.to(device) for name, tensor in batch.items()}
            learned_BT = inputs["labels"][:, 1:] != IGNORED
            token_losses = model(**inputs).token_losses
            of_token = formats_B[:, None].expand_as(learned_BT)[learned_BT]
            sums[:, 0].index_add_(0, of_token, token_losses.float())
            sums[:, 1].index_add_(0, of_token, torch.ones_like(token_losses, dtype=torch.float))
        return sums

    def readings(self, checkpoint: Checkpoint) -> list[Reading]:
        """The first rows, read by the model as it is now."""
        samples = list(self._samples(self._stage.eval_pictures))
        questions = [Question(pixels_of(one, checkpoint.preprocessor), one.prompt) for one in samples]
        found: dict[int, str] = {}
        for members in batches(questions, self._stage.device_batch):
            max_tokens = max(len(checkpoint.conversation.answer(samples[at].answer)) for at in members)
            texts = answers(checkpoint, [questions[at] for at in members], int(_ROOM * max_tokens))
            found.update(zip(members, texts, strict=True))
        return [Reading(one.id, one.pictures[0], one.answer, found[at]) for at, one in enumerate(samples)]

    def _samples(self, count: int) -> Iterator[Sample]:
        for at in self._rows[:count]:
            sample = self.mixture[at]
            assert sample is not None
            yield sample


def character_error_rate(readings: Sequence[Reading]) -> float:
    """Edits over characters of the targets, all together."""
    edits = sum(Levenshtein.distance(one.answer, one.target) for one in readings)
    return edits / max(sum(len(one.target) for one in readings), 1)


def mean_losses(sums: Tensor) -> dict[str, float]:
    """`eval_loss` over all tokens, and that of each format there is."""
    total, count = sums.sum(0).tolist()
    means = {"eval_loss": total / max(count, 1.0)}
    for name, (loss, tokens) in zip(LOSS_NAMES, sums.tolist(), strict=True):
        if tokens:
            means[f"eval_loss_{name}"] = loss / tokens
    return means

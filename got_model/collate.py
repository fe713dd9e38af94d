"""Samples -> the tensors of a step.

A sample that is too long is left out and counted, never cut: it would lose its end. One whose picture cannot be read is
left out and named.
"""

from collections.abc import Sequence
from typing import Any

import torch
from msgspec import Struct
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from got_model.data import Sample
from got_model.imaging import ImagePreprocessor, open_picture
from got_model.modeling.got import IGNORED
from got_model.prompts import Conversation
from renderers.core.errors import LabelError, PictureBroken
from renderers.core.formats import FORMATS

LOSS_NAMES = (*FORMATS, "others")
"""Kinds of targets whose losses are averaged apart: a format each, and one for formats that are not known."""


class Encoded(Struct):
    """A sample as tensors: `pixels_NCHW` uint8, token ids and labels (T,) int64; `format`: of its answer."""

    pixels_NCHW: Tensor
    ids_T: Tensor
    labels_T: Tensor
    format: str


def pixels_of(name: str, pictures: Sequence[bytes], preprocessor: ImagePreprocessor) -> Tensor:
    """The encoded pictures of the sample of that name, (N, 3, side, side) float32, normalized.

    Raises:
        LabelError: one is broken; says which sample.
    """
    return preprocessor.normalize(squares_of(name, pictures, preprocessor))


def squares_of(name: str, pictures: Sequence[bytes], preprocessor: ImagePreprocessor) -> Tensor:
    """As `pixels_of`, uint8 and not normalized yet."""
    try:
        return torch.stack([preprocessor.square(open_picture(data, keep_grey=True)) for data in pictures])
    except PictureBroken as error:
        raise LabelError(f"row {name}: {error}") from error


def add_losses(sums: Tensor, formats_B: Tensor, labels_BT: Tensor, token_losses_N: Tensor) -> Tensor:
    """Adds the losses of a batch to those of their formats.

    Args:
        sums: (formats, 2), in place: sum of losses in nats and number of tokens of each of `LOSS_NAMES`.
        formats_B: index of each sample's format.
        labels_BT: with `IGNORED` where nothing is learned.
        token_losses_N: of the labelled tokens, row by row.

    Returns:
        Which tokens are labelled, (B, T - 1) bool.
    """
    learned_BT = labels_BT[:, 1:] != IGNORED
    formats_N = formats_B[:, None].expand_as(learned_BT)[learned_BT]
    losses_N = token_losses_N.detach().float()
    sums[:, 0].index_add_(0, formats_N, losses_N)
    sums[:, 1].index_add_(0, formats_N, torch.ones_like(losses_N))
    return learned_BT


class Collator:
    """Makes a step's tensors. Runs in the loader's processes."""

    def __init__(self, conversation: Conversation, preprocessor: ImagePreprocessor, max_tokens: int) -> None:
        """Args: max_tokens: of prompt, pictures and answer together."""
        self.conversation, self.preprocessor, self.max_tokens = conversation, preprocessor, max_tokens

    def __call__(self, samples: Sequence[Sample | None]) -> dict[str, Any]:
        """`input_ids`, `attention_mask`, `labels` (B, T), `pixel_values` (N, 3, side, side) uint8, `formats` (B,).

        Pixels are normalized where they are used: on a GPU, and not in a loader.

        And what is left out: `dropped`, how many are too long, and `broken`, {id: what is wrong with its picture}.
        A step in which nothing is left holds one sample of which nothing is learned, so that workers stay in step.
        """
        encoded, dropped, broken = [], 0, {}
        for sample in samples:
            if sample is None:
                continue
            try:
                one = self.encode(sample)
            except LabelError as error:
                broken[sample.id] = str(error)
                continue
            if one is None:
                dropped += 1
            else:
                encoded.append(one)
        encoded = encoded or [self._blank()]
        ids_BT = pad_sequence(
            [one.ids_T for one in encoded], batch_first=True, padding_value=self.conversation.tokenizer.pad_token_id
        )
        lengths = torch.tensor([len(one.ids_T) for one in encoded])
        return {
            "input_ids": ids_BT,
            "attention_mask": (torch.arange(ids_BT.shape[1])[None] < lengths[:, None]).long(),
            "labels": pad_sequence([one.labels_T for one in encoded], batch_first=True, padding_value=IGNORED),
            "pixel_values": torch.cat([one.pixels_NCHW for one in encoded]),
            "formats": torch.tensor([_format_number(one.format) for one in encoded]),
            "dropped": torch.tensor(dropped),
            "broken": broken,
        }

    def encode(self, sample: Sample) -> Encoded | None:
        """A sample, or None where it is too long. Raises LabelError where a picture is broken."""
        prompt = self.conversation.prompt(sample.prompt, len(sample.pictures))
        answer = self.conversation.answer(sample.answer)
        if len(prompt) + len(answer) > self.max_tokens:
            return None
        return Encoded(
            pixels_NCHW=squares_of(sample.id, sample.pictures, self.preprocessor),
            ids_T=torch.tensor(prompt + answer),
            labels_T=torch.tensor([IGNORED] * len(prompt) + answer),
            format=sample.format,
        )

    def _blank(self) -> Encoded:
        prompt = torch.tensor(self.conversation.prompt("", 1))
        side = self.preprocessor.side
        # What becomes zero.
        paper = torch.tensor(self.preprocessor.mean).mul(255).round().to(torch.uint8)
        return Encoded(
            paper.view(1, 3, 1, 1).expand(1, 3, side, side), prompt, torch.full_like(prompt, IGNORED), "plain"
        )


def _format_number(name: str) -> int:
    return LOSS_NAMES.index(name if name in FORMATS else "others")

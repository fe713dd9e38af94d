"""GOT: encoder, two halving convolutions, a linear projector, a decoder; transformers' class with three changes.

The encoder's attention has no maps. The convolutions end at four times the encoder's channels for every decoder, so
that an encoder trained with OPT fits Qwen tensor for tensor; where the decoder is as wide as that (GOT's own: 1024),
the checkpoint is one of `GotOcr2ForConditionalGeneration` and back. And an untrained model can learn: transformers 5
initializes this encoder with a deviation of 1e-10, which never moves.
"""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel, GotOcr2Config, GotOcr2ForConditionalGeneration, GotOcr2Model
from transformers.models.got_ocr2.modeling_got_ocr2 import (
    GotOcr2CausalLMOutputWithPast,
    GotOcr2MultiModalProjector,
    GotOcr2PreTrainedModel,
)

from got_model.modeling.encoder import GotEncoder, init_by_fan

IGNORED = -100
"""Label of what is not learned: prompt, pictures, padding."""


class _Projector(GotOcr2MultiModalProjector):
    def __init__(self, config: GotOcr2Config) -> None:
        nn.Module.__init__(self)
        channels = config.vision_config.output_channels
        self.conv_upsampler1 = nn.Conv2d(channels, 2 * channels, kernel_size=3, stride=2, padding=1, bias=False)
        self.conv_upsampler2 = nn.Conv2d(2 * channels, 4 * channels, kernel_size=3, stride=2, padding=1, bias=False)
        self.multimodal_projector = nn.Linear(4 * channels, config.text_config.hidden_size)


class _Body(GotOcr2Model):
    def __init__(self, config: GotOcr2Config) -> None:
        GotOcr2PreTrainedModel.__init__(self, config)
        self.vision_tower = GotEncoder(config.vision_config)
        self.multi_modal_projector = _Projector(config)
        self.language_model = AutoModel.from_config(config.text_config)
        self.post_init()

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        # Encoder and decoder initialize themselves: this is for the projector.
        super()._init_weights(module)
        init_by_fan(module)


@dataclass
class Losses(GotOcr2CausalLMOutputWithPast):
    """What a training step gives.

    Attributes:
        logits: (N, V), of the labelled tokens alone, row by row.
        token_losses: (N,), of the same.
    """

    token_losses: Tensor | None = None


class Got(GotOcr2ForConditionalGeneration):
    """Pictures and a prompt -> markup. Checkpoints are transformers' `got_ocr2`."""

    def __init__(self, config: GotOcr2Config) -> None:
        GotOcr2PreTrainedModel.__init__(self, config)
        self.model = _Body(config)
        self.lm_head = nn.Linear(config.text_config.hidden_size, config.text_config.vocab_size, bias=False)
        # transformers names Qwen's table; OPT keeps its own one floor deeper.
        if hasattr(self.model.language_model, "decoder"):
            self._tied_weights_keys = {"lm_head.weight": "model.language_model.decoder.embed_tokens.weight"}
        self.post_init()

    def forward(
        self,
        input_ids: Tensor | None = None,
        pixel_values: Tensor | None = None,
        attention_mask: Tensor | None = None,
        labels: Tensor | None = None,
        num_items_in_batch: Tensor | float | None = None,
        **knobs: Any,
    ) -> GotOcr2CausalLMOutputWithPast:
        """As transformers' class; with `labels` (B, T) the head sees the labelled tokens alone.

        A page is 256 tokens of picture and some of prompt for each answer, and a logit of the head is 151,860 numbers.
        The sum of losses is divided by `num_items_in_batch`, or by the number of labelled tokens here.
        """
        if labels is None:
            return super().forward(
                input_ids=input_ids, pixel_values=pixel_values, attention_mask=attention_mask, **knobs
            )
        body = self.model(
            input_ids=input_ids, pixel_values=pixel_values, attention_mask=attention_mask, use_cache=False, **knobs
        )
        targets_BT = labels[:, 1:]
        learned_BT = targets_BT != IGNORED
        logits = self.lm_head(body.last_hidden_state[:, :-1][learned_BT])
        token_losses = functional.cross_entropy(logits.float(), targets_BT[learned_BT], reduction="none")
        count = max(token_losses.numel(), 1) if num_items_in_batch is None else num_items_in_batch
        return Losses(
            loss=token_losses.sum() / count,
            logits=logits,
            token_losses=token_losses,
            image_hidden_states=body.image_hidden_states,
        )

    @property
    def tokens_per_image(self) -> int:
        """How many `<imgpad>` one picture takes: 256 for GOT."""
        vision = self.config.vision_config
        side = math.ceil(math.ceil(vision.image_size / vision.patch_size / 2) / 2)
        return int(side * side)

    def features(self, pixels_BCHW: Tensor) -> Tensor:
        """What the decoder sees of pictures: (B, tokens, width of the decoder)."""
        features: Tensor = self.get_image_features(pixels_BCHW).pooler_output
        return features

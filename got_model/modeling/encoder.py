"""The ViTDet encoder of GOT, exact, without its attention maps.

transformers' class adds the decomposed relative positions to a map of 4096 x 4096 a head. Here they ride inside queries
and keys: with q' = [q / sqrt(d), rel_h(q), rel_w(q)] and k' = [k, onehot(row), onehot(column)] the product q'.k' is the
same sum, and `scaled_dot_product_attention` does it without a map and without a bias. Parameters keep their names.
Source: SAM's decomposed positions (MViTv2, section 3); GOT-OCR2.0 `vary_b.py`.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import GotOcr2VisionConfig
from transformers import initialization as init
from transformers.modeling_layers import GradientCheckpointingLayer
from transformers.models.got_ocr2.modeling_got_ocr2 import (
    GotOcr2MLPBlock,
    GotOcr2PatchEmbeddings,
    GotOcr2PreTrainedModel,
    GotOcr2VisionAttention,
    GotOcr2VisionEncoder,
    GotOcr2VisionLayer,
    GotOcr2VisionNeck,
)

_LANES = 8
"""Fused attention wants head sizes that are a multiple of this."""


_POSITIONS_STD = 0.02
"""Of untrained positions. Source: ViT."""


class FusedAttention(GotOcr2VisionAttention):
    """Attention over a grid, positions folded into queries and keys."""

    def forward(self, hidden_states: Tensor, output_attentions: bool | None = None) -> tuple[Tensor, None]:
        """(B, H, W, C) -> (B, H, W, C); there are no maps to return."""
        batch, height, width, channels = hidden_states.shape
        qkv = self.qkv(hidden_states).reshape(batch, height * width, 3, self.num_attention_heads, -1)
        query, key, value = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        size = query.shape[-1]
        query, key = self._with_positions(query, key, height, width)
        # Value takes the padded size too: flash kernels know one size for all three.
        out = functional.scaled_dot_product_attention(
            query,
            key,
            functional.pad(value, (0, key.shape[-1] - size)),
            dropout_p=self.dropout if self.training else 0.0,
            scale=1.0,
        )[..., :size]
        out = out.transpose(1, 2).reshape(batch, height, width, channels)
        return self.proj(out), None

    def _with_positions(self, query: Tensor, key: Tensor, height: int, width: int) -> tuple[Tensor, Tensor]:
        scaled = query * self.scale
        if not self.use_rel_pos:
            return scaled, key
        batch, heads, _, size = query.shape
        grid = query.reshape(batch, heads, height, width, size)
        rel_h = torch.einsum("bnhwc,hkc->bnhwk", grid, _relative(self.rel_pos_h, height)).flatten(2, 3)
        rel_w = torch.einsum("bnhwc,wkc->bnhwk", grid, _relative(self.rel_pos_w, width)).flatten(2, 3)
        rows = torch.eye(height, device=key.device, dtype=key.dtype).repeat_interleave(width, 0)
        columns = torch.eye(width, device=key.device, dtype=key.dtype).repeat(height, 1)
        places = torch.cat([rows, columns], -1).expand(batch, heads, -1, -1)
        pad = -(size + height + width) % _LANES
        return (
            functional.pad(torch.cat([scaled, rel_h.to(scaled), rel_w.to(scaled)], -1), (0, pad)),
            functional.pad(torch.cat([key, places], -1), (0, pad)),
        )


def _relative(table: Tensor, size: int) -> Tensor:
    """(2 size - 1, C) by distance -> (size, size, C) by place of query and place of key."""
    places = torch.arange(size, device=table.device)
    return table[places[:, None] - places[None, :] + size - 1]


class _Layer(GotOcr2VisionLayer):
    def __init__(self, config: GotOcr2VisionConfig, window_size: int) -> None:
        GradientCheckpointingLayer.__init__(self)
        self.layer_norm1 = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.attn = FusedAttention(config, window_size)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.mlp = GotOcr2MLPBlock(config)
        self.window_size = window_size


class GotEncoder(GotOcr2VisionEncoder):
    """Pictures (B, 3, S, S) -> features (B, C, S / 16, S / 16), as transformers' class of the same weights."""

    def __init__(self, config: GotOcr2VisionConfig) -> None:
        GotOcr2PreTrainedModel.__init__(self, config)
        self.config = config
        self.image_size = config.image_size
        self.patch_embed = GotOcr2PatchEmbeddings(config)
        grid = config.image_size // config.patch_size
        self.pos_embed = nn.Parameter(torch.zeros(1, grid, grid, config.hidden_size)) if config.use_abs_pos else None
        self.layers = nn.ModuleList(
            _Layer(config, 0 if at in config.global_attn_indexes else config.window_size)
            for at in range(config.num_hidden_layers)
        )
        self.neck = GotOcr2VisionNeck(config)
        self.gradient_checkpointing = False
        self.post_init()

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        super()._init_weights(module)
        init_by_fan(module)
        if module is self and self.pos_embed is not None:
            init.normal_(self.pos_embed, std=_POSITIONS_STD)


def init_by_fan(module: nn.Module) -> None:
    """Give a matrix or convolution that is untrained the deviation its size asks for.

    Measured: with one deviation for all, features of different pictures become equal within 60 steps.
    """
    if isinstance(module, nn.Linear | nn.Conv2d):
        # Xavier's, a convolution taken as the matrix of one of its windows.
        ways_in = module.weight[0].numel()
        bound = math.sqrt(6 / (ways_in + len(module.weight)))
        init.uniform_(module.weight, -bound, bound)

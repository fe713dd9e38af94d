"""The ViTDet encoder of GOT, exact, without its attention maps.

transformers' class adds the decomposed relative positions to a map of 4096 x 4096 a head. Here they ride inside queries
and keys: with q' = [q / sqrt(d), rel_h(q), rel_w(q)] and k' = [k, onehot(row), onehot(column)] the product q'.k' is the
same sum, and `scaled_dot_product_attention` does it without a map and without a bias. Parameters keep their names.
Source: SAM's decomposed positions (MViTv2, section 3); GOT-OCR2.0 `vary_b.py`.
"""

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

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


_MIN_RECOMPUTED_NUMEL = 1 << 20
"""Numbers in a tensor from which on it is made twice rather than kept for the gradient: got_base has four to twelve
times as many for a picture, got_tiny a fifth for a batch."""


class FusedAttention(GotOcr2VisionAttention):
    """Attention over a grid, positions folded into queries and keys."""

    gradient_checkpointing = False
    """Set by transformers where whole layers are recomputed (activation checkpointing)."""

    def forward(self, hidden_states: Tensor, output_attentions: bool | None = None) -> tuple[Tensor, None]:
        """(B, H, W, C) -> (B, H, W, C); there are no maps to return."""
        batch, height, width, channels = hidden_states.shape
        qkv = self.qkv(hidden_states).reshape(batch, height * width, 3, self.num_attention_heads, -1)
        query, key, value = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        size = query.shape[-1]
        wide = [make() for make in self._makers(query, key, value, height, width)]
        # Two to three times as much as what they are made of, which is kept anyway.
        again = self._makers(query.detach(), key.detach(), value.detach(), height, width)
        with nullcontext() if self.gradient_checkpointing else _recomputed(wide, again):
            out = functional.scaled_dot_product_attention(
                wide[0], wide[1], wide[2], dropout_p=self.dropout if self.training else 0.0, scale=1.0
            )[..., :size]
        out = out.transpose(1, 2).reshape(batch, height, width, channels)
        return self.proj(out), None

    def _makers(self, query: Tensor, key: Tensor, value: Tensor, height: int, width: int) -> list[Callable[[], Tensor]]:
        """What makes the three that attention is given: each (B, heads, H W, a multiple of lanes)."""
        wide = query.shape[-1] + (height + width if self.use_rel_pos else 0)
        wide += -wide % _LANES

        def query_with_positions() -> Tensor:
            scaled = query * self.scale
            if not self.use_rel_pos:
                return _padded(scaled, wide)
            batch, heads, _, size = query.shape
            grid = query.reshape(batch, heads, height, width, size)
            rows, columns = _relative(self.rel_pos_h, height), _relative(self.rel_pos_w, width)
            rel_h = torch.einsum("bnhwc,hkc->bnhwk", grid, rows.to(grid)).flatten(2, 3)
            rel_w = torch.einsum("bnhwc,wkc->bnhwk", grid, columns.to(grid)).flatten(2, 3)
            return _padded(torch.cat([scaled, rel_h, rel_w], -1), wide)

        def key_with_positions() -> Tensor:
            if not self.use_rel_pos:
                return _padded(key, wide)
            rows = torch.eye(height, device=key.device, dtype=key.dtype).repeat_interleave(width, 0)
            columns = torch.eye(width, device=key.device, dtype=key.dtype).repeat(height, 1)
            positions = torch.cat([rows, columns], -1).expand(*key.shape[:2], -1, -1)
            return _padded(torch.cat([key, positions], -1), wide)

        # Value takes the padded size too: flash kernels know one size for all three.
        return [query_with_positions, key_with_positions, lambda: _padded(value, wide)]


class LeanMlp(GotOcr2MLPBlock):
    """The two matrices of a layer; what lies between them is kept once for the gradient, not twice."""

    gradient_checkpointing = False
    """Set by transformers where whole layers are recomputed (activation checkpointing)."""

    def forward(self, hidden_states: Tensor) -> Tensor:
        """(B, H, W, C) -> (B, H, W, C)."""
        wide = self.lin1(hidden_states)
        acted, before = self.act(wide), wide.detach()
        with nullcontext() if self.gradient_checkpointing else _recomputed([acted], [lambda: self.act(before)]):
            out: Tensor = self.lin2(acted)
        return out


def _recomputed(made: Sequence[Tensor], makers: Sequence[Callable[[], Tensor]]) -> AbstractContextManager[object]:
    """Within, the gradient keeps how each of `made` is made instead of what was made, where that is worth it."""
    positions = {tensor.data_ptr(): at for at, tensor in enumerate(made) if tensor.numel() >= _MIN_RECOMPUTED_NUMEL}
    if not positions:
        return nullcontext()

    def keep(tensor: Tensor) -> Tensor | tuple[int, torch.Size, tuple[int, ...]]:
        at = positions.get(tensor.data_ptr())
        return tensor if at is None else (at, tensor.shape, tensor.stride())

    @torch.no_grad()
    def give(kept: Tensor | tuple[int, torch.Size, tuple[int, ...]]) -> Tensor:
        if isinstance(kept, Tensor):
            return kept
        at, shape, stride = kept
        return makers[at]().as_strided(shape, stride)

    return torch.autograd.graph.saved_tensors_hooks(keep, give)


def _padded(tensor: Tensor, size: int) -> Tensor:
    return functional.pad(tensor, (0, size - tensor.shape[-1]))


def _relative(table: Tensor, size: int) -> Tensor:
    """(2 size - 1, C) by distance -> (size, size, C) by position of query and position of key."""
    positions = torch.arange(size, device=table.device)
    return table[positions[:, None] - positions[None, :] + size - 1]


class _Layer(GotOcr2VisionLayer):
    def __init__(self, config: GotOcr2VisionConfig, window_size: int) -> None:
        GradientCheckpointingLayer.__init__(self)
        self.layer_norm1 = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.attn = FusedAttention(config, window_size)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.mlp = LeanMlp(config)
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

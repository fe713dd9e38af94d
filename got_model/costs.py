"""What a step costs: arithmetic and memory, estimated before it is done."""

from typing import Any

import psutil
import torch
from msgspec import Struct

from got_model.config import Stage
from got_model.modeling.got import Got
from renderers.core.errors import ConfigError

# Dense bfloat16, FLOP/s. Source: NVIDIA's data sheet of each.
_PEAK_FLOPS = {
    "H200": 989e12,
    "H100": 989e12,
    "B200": 2250e12,
    "A100": 312e12,
    "L40S": 362e12,
    "L40": 181e12,
    "L4": 121e12,
    "A10": 125e12,
    "RTX 4090": 165e12,
    "RTX 3090": 71e12,
}

_STATE_BYTES = 16
"""Bytes of a trained weight in float32: itself, its gradient, two moments of AdamW."""

_ACTIVATIONS_PER_LAYER = 34
"""Numbers that backward needs of a layer and token, in multiples of its width. Source: Korthikanti et al. 2022,
"Reducing Activation Recomputation in Large Transformer Models", section 4, attention maps left out."""

_OVERHEAD_FACTOR = 1.15
"""Memory for allocators, workspaces and the loader, as a factor."""


class ForwardFlops(Struct, frozen=True):
    """Floating-point operations (FLOP) of a forward pass.

    Attributes:
        picture: FLOP of one picture.
        token: FLOP of one token.
        logit: FLOP of one row of logits.
    """

    picture: float
    token: float
    logit: float


def forward_flops(model: Got) -> ForwardFlops:
    """FLOP of matrix products and attention, a multiplication and an addition two; what is small is left out."""
    vision, text = model.config.vision_config, model.config.text_config
    patches = (vision.image_size // vision.patch_size) ** 2
    width, out = vision.hidden_size, vision.output_channels
    layer = 2 * patches * (4 * width * width + 2 * width * vision.mlp_dim)
    num_global = len(vision.global_attn_indexes)
    attention = (
        4 * width * patches * (num_global * patches + (vision.num_hidden_layers - num_global) * vision.window_size**2)
    )
    neck = 2 * patches * (width * out + 9 * out * out)
    halved = 2 * (patches / 4) * 9 * out * 2 * out + 2 * (patches / 16) * 9 * 2 * out * 4 * out
    embedding = model.get_input_embeddings().weight.numel()
    body = sum(weight.numel() for weight in model.model.language_model.parameters()) - embedding
    return ForwardFlops(
        picture=vision.num_hidden_layers * layer + attention + neck + halved,
        token=2.0 * body,
        logit=2.0 * text.hidden_size * text.vocab_size,
    )


def peak_flops(device: torch.device) -> float | None:
    """FLOP/s that a GPU can do; None where it is not known."""
    if device.type != "cuda":
        return None
    name = torch.cuda.get_device_name(device)
    return next((peak for key, peak in _PEAK_FLOPS.items() if key in name), None)


def memory_bytes(model: Got, stage: Stage) -> float:
    """Bytes that a step of `device_batch` samples of `max_tokens` takes, weights included."""
    vision, text = model.config.vision_config, model.config.text_config
    weights = sum(weight.numel() * (_STATE_BYTES if weight.requires_grad else 4) for weight in model.parameters())
    patches = (vision.image_size // vision.patch_size) ** 2
    size = 2 if torch.cuda.is_available() else 4
    kept = 0.0
    for tokens, width, layers in (
        (patches, vision.hidden_size, vision.num_hidden_layers),
        (stage.max_tokens, text.hidden_size, text.num_hidden_layers),
    ):
        # With checkpoints a layer keeps its input, and one layer at a time all of it.
        values = (layers + _ACTIVATIONS_PER_LAYER) if stage.checkpoint_gradients else layers * _ACTIVATIONS_PER_LAYER
        kept += tokens * width * values * size
    answer = max(stage.max_tokens - model.tokens_per_image, 0)
    logits = answer * text.vocab_size * (2 * size + 4)
    return float(_OVERHEAD_FACTOR * (weights + stage.device_batch * (kept + logits)))


def check_memory(model: Got, stage: Stage, device: torch.device) -> None:
    """Refuse a run that will not fit.

    Raises:
        ConfigError: it will not; says what to change.
    """
    if device.type == "cuda":
        free: float = torch.cuda.mem_get_info(device)[0]
    else:
        free = psutil.virtual_memory().available
    needed_bytes = memory_bytes(model, stage)
    if needed_bytes > free:
        raise ConfigError(
            f"stage {stage.name} needs about {needed_bytes / 1e9:.1f} GB on each device, {free / 1e9:.1f} GB are free; "
            + _advice(stage)
        )


def is_out_of_memory(error: RuntimeError) -> bool:
    """Whether an error of torch says that an allocation failed: on a GPU it is a class, on a CPU a text."""
    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)


def _advice(stage: Stage) -> str:
    ways: list[Any] = [
        f"device_batch below {stage.device_batch}" if stage.device_batch > 1 else "",
        "checkpoint_gradients=True" if not stage.checkpoint_gradients else "",
        f"max_tokens below {stage.max_tokens}",
        "lora=Lora()" if stage.lora is None else "",
        "a smaller size",
    ]
    return "in a stage of your own give " + ", or ".join(way for way in ways if way)

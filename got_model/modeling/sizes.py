"""The sizes GOT comes in, as transformers configurations."""

from collections.abc import Callable
from typing import Any

from transformers import AutoConfig, GotOcr2Config, GotOcr2VisionConfig, PreTrainedConfig

NUM_PARAMETERS_BASE = 560_528_640
"""Of `got_base`, embeddings tied. Source: GOT, section 3.1; counted on transformers' class."""


def got_base(num_tokens: int, image_token: int) -> GotOcr2Config:
    """GOT: ViTDet-B at 1024 x 1024 and the shape of Qwen1.5-0.5B."""
    return _got(_vision(), _qwen(num_tokens), image_token)


def got_pretrain(num_tokens: int, image_token: int) -> GotOcr2Config:
    """GOT of stage 1: the same encoder and OPT-125M, whose positions reach the stage's 4096 tokens."""
    return _got(_vision(), _opt(num_tokens, 768, 12, 12, 3072, 4096), image_token)


def got_small(num_tokens: int, image_token: int) -> GotOcr2Config:
    """A quarter of the pixels and about a fifth of the weights: for one desktop GPU."""
    vision = _vision(image_size=512, hidden_size=384, num_hidden_layers=12, num_attention_heads=6, mlp_dim=1536)
    return _got(vision, _qwen(num_tokens, 1024, 8, 16, 2816), image_token)


def got_tiny(num_tokens: int, image_token: int) -> GotOcr2Config:
    """Trains on two cores: line slices at 64 x 64."""
    return _got(_tiny_vision(), _qwen(num_tokens, 128, 3, 4, 384), image_token)


def got_tiny_pretrain(num_tokens: int, image_token: int) -> GotOcr2Config:
    """`got_tiny` with a decoder of OPT's kind and of another width, as stage 1 has it."""
    return _got(_tiny_vision(), _opt(num_tokens, 96, 2, 4, 384, 512), image_token)


SIZES: dict[str, Callable[[int, int], GotOcr2Config]] = {
    size.__name__: size for size in (got_base, got_pretrain, got_small, got_tiny, got_tiny_pretrain)
}
"""Name -> (number of tokens, id of `<imgpad>`) -> configuration."""


def _got(vision: GotOcr2VisionConfig, text: PreTrainedConfig, image_token: int) -> GotOcr2Config:
    config = GotOcr2Config(
        vision_config=vision, text_config=text, image_token_index=image_token, tie_word_embeddings=True
    )
    config.image_seq_length = (vision.image_size // vision.patch_size // 4) ** 2
    return config


def _vision(**knobs: Any) -> GotOcr2VisionConfig:
    # Their own deviation, 1e-10, would leave what `Got` does not initialize itself (norms, biases) as it is anyway.
    return GotOcr2VisionConfig(initializer_range=0.02, **knobs)


def _tiny_vision() -> GotOcr2VisionConfig:
    return _vision(
        image_size=64,
        patch_size=8,
        hidden_size=128,
        num_hidden_layers=4,
        num_attention_heads=4,
        mlp_dim=512,
        output_channels=32,
        window_size=4,
        global_attn_indexes=[1, 3],
    )


def _qwen(num_tokens: int, width: int = 1024, layers: int = 24, heads: int = 16, inner: int = 2816) -> PreTrainedConfig:
    # Source: transformers' GotOcr2Config, which has them from Qwen1.5-0.5B.
    return AutoConfig.for_model(
        "qwen2",
        vocab_size=num_tokens,
        hidden_size=width,
        intermediate_size=inner,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=heads,
        max_position_embeddings=32768,
        rms_norm_eps=1e-6,
        rope_parameters={"rope_type": "default", "rope_theta": 1_000_000.0},
        tie_word_embeddings=True,
        use_sliding_window=False,
        attention_dropout=0.0,
    )


def _opt(num_tokens: int, width: int, layers: int, heads: int, inner: int, positions: int) -> PreTrainedConfig:
    # Source: facebook/opt-125m, config.json; dropout of the published model is kept.
    return AutoConfig.for_model(
        "opt",
        vocab_size=num_tokens,
        hidden_size=width,
        word_embed_proj_dim=width,
        ffn_dim=inner,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        max_position_embeddings=positions,
        tie_word_embeddings=True,
    )

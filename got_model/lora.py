"""Low-rank training of the decoder by peft. Nothing else moves."""

import warnings

from peft import LoraConfig, PeftModel, get_peft_model

from got_model.config import Lora
from got_model.modeling.got import Got

_LAYERS = r".*language_model.*\.(q_proj|k_proj|v_proj|o_proj|out_proj|gate_proj|up_proj|down_proj|fc1|fc2)"
"""Linear layers of Qwen's and OPT's blocks."""


def adapt(model: Got, lora: Lora) -> PeftModel:
    """The model with updates of a low rank in place of its decoder's weights; `model` itself is changed."""
    config = LoraConfig(r=lora.rank, lora_alpha=lora.alpha, lora_dropout=lora.dropout, target_modules=_LAYERS)
    with warnings.catch_warnings():
        # peft asks transformers by a name that transformers calls old.
        warnings.simplefilter("ignore", FutureWarning)
        return get_peft_model(model, config)

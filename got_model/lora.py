"""Low-rank training by peft: of the parts that a stage names, nothing else moves."""

import warnings

from peft import LoraConfig, PeftModel, get_peft_model
from peft.tuners.lora import Linear
from torch import Tensor

from got_model.config import Lora
from got_model.modeling.got import Got

_LAYERS = {
    "encoder": r".*vision_tower.*\.(qkv|proj|lin1|lin2)",
    "projector": r".*multi_modal_projector\.multimodal_projector",
    "decoder": r".*language_model.*\.(q_proj|k_proj|v_proj|o_proj|out_proj|gate_proj|up_proj|down_proj|fc1|fc2)",
}
"""Linear layers of each part; the decoder's are those of Qwen's and OPT's blocks."""


def adapt(model: Got, lora: Lora) -> PeftModel:
    """The model with updates of a low rank in place of the weights of some parts; `model` itself is changed."""
    layers = "|".join(_LAYERS[part] for part in lora.parts)
    config = LoraConfig(r=lora.rank, lora_alpha=lora.alpha, lora_dropout=lora.dropout, target_modules=layers)
    with warnings.catch_warnings():
        # peft asks transformers by a name that transformers calls old.
        warnings.simplefilter("ignore", FutureWarning)
        return get_peft_model(model, config)


def merged_weights(model: Got) -> dict[str, Tensor]:
    """The weights of an adapted model with its updates added, by the names of one that is not; it stays as it is."""
    weights = {name: weight for name, weight in model.state_dict().items() if ".lora_" not in name}
    weights = {name.replace(".base_layer.", "."): weight for name, weight in weights.items()}
    for name, layer in model.named_modules():
        if isinstance(layer, Linear):
            delta = sum(layer.get_delta_weight(adapter) for adapter in layer.active_adapters)
            weights[f"{name}.weight"] = weights[f"{name}.weight"] + delta
    return weights

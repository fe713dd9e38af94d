"""Checkpoints under the names that their weights had before."""

from pathlib import Path

from safetensors.torch import load_file, save_file

OLD_NAMES: dict[str, dict[str, str]] = {
    # What transformers' conversion of GOT-OCR-2.0 wrote to the hub in 2025.
    "hub": {
        "lm_head.": "language_model.lm_head.",
        "model.language_model.": "language_model.model.",
        "model.vision_tower.": "vision_tower.",
        "model.multi_modal_projector.": "multi_modal_projector.",
    },
    "without its head": {
        "model.language_model.": "language_model.",
        "model.vision_tower.": "vision_tower.",
        "model.multi_modal_projector.": "multi_modal_projector.",
    },
    "now": {},
}


def rename(folder: Path, naming: str) -> None:
    """Give the weights of a checkpoint in `folder` the names of old."""
    file = folder / "model.safetensors"
    weights = load_file(file)
    prefixes = OLD_NAMES[naming]
    renamed = {
        next((old + name.removeprefix(new) for new, old in prefixes.items() if name.startswith(new)), name): weight
        for name, weight in weights.items()
    }
    assert (renamed.keys() == weights.keys()) == (naming == "now")
    save_file(renamed, file, {"format": "pt"})


def first_name(name: str) -> str:
    """The name of a weight in GOT's first release."""
    for ours, theirs in (
        ("model.vision_tower.patch_embed.projection.", "model.vision_tower_high.patch_embed.proj."),
        ("model.vision_tower.neck.conv1.", "model.vision_tower_high.neck.0."),
        ("model.vision_tower.neck.layer_norm1.", "model.vision_tower_high.neck.1."),
        ("model.vision_tower.neck.conv2.", "model.vision_tower_high.neck.2."),
        ("model.vision_tower.neck.layer_norm2.", "model.vision_tower_high.neck.3."),
        ("model.vision_tower.layers.", "model.vision_tower_high.blocks."),
        ("model.vision_tower.", "model.vision_tower_high."),
        ("model.multi_modal_projector.conv_upsampler1.", "model.vision_tower_high.net_2."),
        ("model.multi_modal_projector.conv_upsampler2.", "model.vision_tower_high.net_3."),
        ("model.multi_modal_projector.multimodal_projector.", "model.mm_projector_vary."),
        ("model.language_model.", "model."),
    ):
        if name.startswith(ours):
            return (theirs + name.removeprefix(ours)).replace(".layer_norm", ".norm")
    return name

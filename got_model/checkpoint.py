"""Checkpoints: folders of transformers' `got_ocr2` with tokenizer and image processor, and what they were trained on.

Also read: the same on the hub by its id, and GOT's own first release (`model_type` GOT), whose keys have other names.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import msgspec
import torch
from msgspec import Struct
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor
from transformers import AutoModelForCausalLM, GotOcr2Config, GotOcr2ImageProcessorPil, GotOcr2Processor
from transformers.utils.logging import disable_progress_bar

from got_model.config import Stage
from got_model.imaging import ImagePreprocessor
from got_model.modeling.got import Got
from got_model.modeling.sizes import SIZES, got_base
from got_model.prompts import Conversation
from got_model.tokenizer import load_tokenizer, make_tokenizer
from renderers.core.errors import ConfigError

RECORD = "got_model.json"
"""Beside the weights, written last: a folder with it is a whole checkpoint."""

_CARRIED = ("model.vision_tower.", "model.multi_modal_projector.conv_")

# Source: GOT-OCR2.0 `GOT_ocr_2_0.py`, `vary_b.py`; transformers' conversion script.
_FIRST_RELEASE = (
    (r"^model\.vision_tower_high\.patch_embed\.proj\.", "model.vision_tower.patch_embed.projection."),
    (r"^model\.vision_tower_high\.blocks\.(\d+)\.norm([12])\.", r"model.vision_tower.layers.\1.layer_norm\2."),
    (r"^model\.vision_tower_high\.blocks\.", "model.vision_tower.layers."),
    (r"^model\.vision_tower_high\.neck\.0\.", "model.vision_tower.neck.conv1."),
    (r"^model\.vision_tower_high\.neck\.1\.", "model.vision_tower.neck.layer_norm1."),
    (r"^model\.vision_tower_high\.neck\.2\.", "model.vision_tower.neck.conv2."),
    (r"^model\.vision_tower_high\.neck\.3\.", "model.vision_tower.neck.layer_norm2."),
    (r"^model\.vision_tower_high\.net_2\.", "model.multi_modal_projector.conv_upsampler1."),
    (r"^model\.vision_tower_high\.net_3\.", "model.multi_modal_projector.conv_upsampler2."),
    (r"^model\.vision_tower_high\.", "model.vision_tower."),
    (r"^model\.mm_projector_vary\.", "model.multi_modal_projector.multimodal_projector."),
    (r"^model\.(embed_tokens|layers|norm)\.", r"model.language_model.\1."),
)


_PUBLISHED = {
    r"^language_model\.lm_head\.": "lm_head.",
    r"^language_model\.model\.": "model.language_model.",
    r"^language_model\.": "model.language_model.",
    r"^vision_tower\.": "model.vision_tower.",
    r"^multi_modal_projector\.": "model.multi_modal_projector.",
}
"""Keys of the hub's GOT-OCR-2.0 of 2025, and of a model without its head -> those of now. transformers looks them up by
the name of its own class. Source: transformers `conversion_mapping.py`, "llava" and "LlavaModel"."""


class Record(Struct, frozen=True):
    """What a checkpoint was trained on.

    Attributes:
        stage: as plain data.
        data: addresses of the data sets, those of `--init` included.
        steps, samples: of this run.
    """

    stage: dict[str, Any]
    data: list[str]
    steps: int = 0
    samples: int = 0


class Checkpoint:
    """A model with what belongs to it: its tokenizer and how pictures are preprocessed."""

    def __init__(self, model: Got, conversation: Conversation, preprocessor: ImagePreprocessor) -> None:
        """A model that fits its conversation and its pictures."""
        self.model, self.conversation, self.preprocessor = model, conversation, preprocessor

    @property
    def processor(self) -> GotOcr2Processor:
        """As transformers writes it beside the weights."""
        return GotOcr2Processor(self.preprocessor.processor(), self.conversation.tokenizer)


def new_checkpoint(stage: Stage) -> Checkpoint:
    """An untrained model of a stage, its decoder from a published one where the stage names it.

    Raises:
        ConfigError: a size, tokenizer or decoder that is not there.
    """
    if stage.size not in SIZES:
        raise ConfigError(f"stage {stage.name}: no size {stage.size!r}; there are {', '.join(SIZES)}")
    tokenizer = make_tokenizer(stage.tokenizer)
    conversation = Conversation(tokenizer, 0)
    torch.manual_seed(stage.seed)
    model = Got(SIZES[stage.size](len(tokenizer), conversation.image_pad))
    conversation.tokens_per_image = model.tokens_per_image
    _set_end(model, conversation)
    if stage.decoder is not None:
        _load_decoder(model, stage.decoder)
    return Checkpoint(
        model, conversation, ImagePreprocessor(model.config.vision_config.image_size, stage.mean, stage.std)
    )


def _set_end(model: Got, conversation: Conversation) -> None:
    # An answer ends with its turn; transformers' own default would go on to <|endoftext|>.
    model.generation_config.eos_token_id = [conversation.turn_end, conversation.tokenizer.eos_token_id]
    model.generation_config.pad_token_id = conversation.tokenizer.pad_token_id
    model.config.text_config.pad_token_id = None


def _load_decoder(model: Got, name: str) -> None:
    try:
        published = AutoModelForCausalLM.from_pretrained(name, dtype=torch.float32)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"decoder {name} cannot be read; give a folder in a stage of your own, or decoder=None"
        ) from error
    ours = model.model.language_model.state_dict()
    theirs = published.model.state_dict()
    theirs = {name.removeprefix("model."): weight for name, weight in theirs.items()}
    if set(ours) != set(theirs):
        raise ConfigError(f"decoder {name} is of another kind than {type(model.model.language_model).__name__}")
    for key, weight in ours.items():
        # Vocabulary and positions may be longer here than there; what is new stays as it was initialized.
        if weight.shape[1:] != theirs[key].shape[1:]:
            raise ConfigError(f"decoder {name}: {key} is {tuple(theirs[key].shape)}, here {tuple(weight.shape)}")
        rows = min(len(weight), len(theirs[key])) if weight.ndim else None
        weight[:rows].copy_(theirs[key][:rows]) if rows is not None else weight.copy_(theirs[key])


def load_checkpoint(name: str) -> Checkpoint:
    """A folder or hub id.

    Raises:
        ConfigError: it is none, or holds a model of another shape than it says.
    """
    # Half a second of bars for one file says nothing, and breaks the line of a run.
    disable_progress_bar()
    folder = _folder(name)
    config = _read_json(folder / "config.json", name)
    if config.get("model_type") == "GOT":
        return _load_first_release(folder, config)
    if config.get("model_type") != GotOcr2Config.model_type:
        raise ConfigError(f"checkpoint {name} is a {config.get('model_type')}, not {GotOcr2Config.model_type}")
    try:
        # Weights of another shape come back in `loading`, to be reported in our words.
        model, loading = Got.from_pretrained(
            folder,
            dtype=torch.float32,
            output_loading_info=True,
            ignore_mismatched_sizes=True,
            key_mapping=_PUBLISHED,
        )
        model._weight_conversions = None  # noqa: SLF001 what is saved has the keys of now, wherever it came from
        preprocessor = ImagePreprocessor.from_processor(GotOcr2ImageProcessorPil.from_pretrained(folder))
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise ConfigError(f"checkpoint {name} cannot be read: {_first_line(error)}") from error
    wrong = [*loading["missing_keys"], *loading["unexpected_keys"], *loading["mismatched_keys"]]
    if wrong:
        raise ConfigError(f"checkpoint {name} is of another shape than its config.json says: {wrong[0]}")
    return _with_tokenizer(model, folder, preprocessor)


def load_reader(name: str) -> Checkpoint:
    """`load_checkpoint`, to read with: on a GPU and in bfloat16 where there is one.

    Raises:
        ConfigError: as there, or the GPU has no room for it.
    """
    checkpoint = load_checkpoint(name)
    if torch.cuda.is_available():
        try:
            checkpoint.model.to("cuda", torch.bfloat16)
        except torch.OutOfMemoryError as error:
            raise ConfigError(
                f"checkpoint {name} does not fit on the GPU; CUDA_VISIBLE_DEVICES= reads without"
            ) from error
    return checkpoint


def _with_tokenizer(model: Got, folder: Path, preprocessor: ImagePreprocessor) -> Checkpoint:
    conversation = Conversation(load_tokenizer(folder), model.tokens_per_image)
    _set_end(model, conversation)
    return Checkpoint(model, conversation, preprocessor)


def _folder(name: str) -> Path:
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise ConfigError(f"{name} is no checkpoint: it has no config.json")
        return folder
    if folder.exists() or name.startswith((".", "/", "~")):
        raise ConfigError(f"no checkpoint folder {name}")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, allow_patterns=["*.json", "*.safetensors", "*.tiktoken", "*.txt"]))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise ConfigError(f"no checkpoint {name}: neither a folder nor on the hub") from error


def _load_first_release(folder: Path, config: dict[str, Any]) -> Checkpoint:
    tokenizer = make_tokenizer("got")
    conversation = Conversation(tokenizer, 0)
    sizes = got_base(config["vocab_size"], conversation.image_pad)
    text = sizes.text_config
    for key in ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads"):
        setattr(text, key, config.get(key, getattr(text, key)))
    text.layer_types = text.layer_types[:1] * text.num_hidden_layers
    model = Got(sizes)
    try:
        weights = rename_first_release(load_file(folder / "model.safetensors"))
    except (OSError, SafetensorError) as error:
        raise ConfigError(f"checkpoint {folder} cannot be read: {_first_line(error)}") from error
    weights.setdefault("lm_head.weight", weights.get("model.language_model.embed_tokens.weight", torch.empty(0)))
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise ConfigError(f"checkpoint {folder} is of another shape: {_first_line(error)}") from error
    conversation.tokens_per_image = model.tokens_per_image
    _set_end(model, conversation)
    return Checkpoint(model, conversation, ImagePreprocessor(sizes.vision_config.image_size))


def rename_first_release(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Keys of GOT's first release -> ours."""
    return {_renamed(key): weight for key, weight in weights.items()}


def _renamed(key: str) -> str:
    for pattern, name in _FIRST_RELEASE:
        new, count = re.subn(pattern, name, key)
        if count:
            return new
    return key


def carry(start: Checkpoint, model: Got, what: str) -> list[str]:
    """Copy the weights of a run before into `model`: the encoder with its convolutions, or all. Their names.

    Raises:
        ConfigError: one has another shape.
    """
    theirs, ours = start.model.state_dict(), model.state_dict()
    names = [name for name in ours if what == "all" or name.startswith(_CARRIED)]
    for name in names:
        if name not in theirs or theirs[name].shape != ours[name].shape:
            found = tuple(theirs[name].shape) if name in theirs else "missing"
            raise ConfigError(f"--init: {name} is {found} there and {tuple(ours[name].shape)} in this stage")
        ours[name].copy_(theirs[name])
    return names


def save_checkpoint(
    checkpoint: Checkpoint, folder: Path, record: Record, weights: dict[str, Tensor] | None = None
) -> None:
    """Write a whole checkpoint; its record comes last.

    Args:
        checkpoint: the model with its tokenizer and pictures.
        folder: where.
        record: what it was trained on.
        weights: of the model; None: as they are in it.
    """
    (folder / RECORD).unlink(missing_ok=True)
    checkpoint.model.save_pretrained(folder, state_dict=weights)
    checkpoint.processor.save_pretrained(folder)
    (folder / RECORD).write_bytes(msgspec.json.format(msgspec.json.encode(record), indent=1))


def weights_digest(checkpoint: Checkpoint) -> str:
    """SHA-256 over all that decides what is read but picture and prompt: weights, vocabulary, preprocessing."""
    digest = hashlib.sha256(checkpoint.conversation.tokenizer.backend_tokenizer.to_str().encode())
    digest.update(repr((checkpoint.preprocessor, checkpoint.conversation.prompt("", 1))).encode())
    for name, weight in sorted(checkpoint.model.state_dict().items()):
        digest.update(f"{name} {weight.dtype} {tuple(weight.shape)}".encode())
        digest.update(weight.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()


def read_record(name: str) -> Record | None:
    """What a checkpoint was trained on; None where it does not say."""
    path = Path(name) / RECORD
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Record)
    except msgspec.DecodeError as error:
        raise ConfigError(f"{path} is damaged: {error}") from error


def _read_json(path: Path, name: str) -> dict[str, Any]:
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"checkpoint {name}: config.json cannot be read: {_first_line(error)}") from error
    if not isinstance(plain, dict):
        raise ConfigError(f"checkpoint {name}: config.json is no object")
    return plain


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__

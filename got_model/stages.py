"""The three stages of GOT with the paper's numbers, and the tiny run that fits two cores.

Source: GOT, section 4.1. Not in the paper: warm-up and weight decay (README of GOT-OCR2.0), betas.
"""

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from got_model.config import Stage
from renderers.core.errors import ConfigError


def stage1() -> Stage:
    """Pre-training of the encoder with OPT-125M on plain text: every weight learns."""
    return Stage(
        name="stage1",
        size="got_pretrain",
        decoder="facebook/opt-125m",
        tokenizer="facebook/opt-125m",
        learning_rate=1e-4,
        epochs=3,
        max_tokens=4096,
    )


def stage2() -> Stage:
    """Joint training of that encoder with a new decoder, on all formats and four fifths of stage 1's data."""
    return Stage(
        name="stage2",
        decoder="Qwen/Qwen1.5-0.5B",
        carry="encoder",
        learning_rate=1e-4,
        epochs=1,
        max_tokens=6000,
    )


def stage3() -> Stage:
    """Post-training of the decoder alone: boxes, colours, crops, pages."""
    return Stage(name="stage3", learning_rate=2e-5, epochs=1, max_tokens=8192, freeze_encoder=True)


def tiny() -> Stage:
    """From nothing to a reader of line slices on two cores, in half an hour."""
    return Stage(
        name="tiny",
        size="got_tiny",
        tokenizer="bytes",
        # Ink is the signal and paper about zero. Measured: with CLIP's numbers it does not start to learn in time.
        mean=(1.0, 1.0, 1.0),
        std=(0.3, 0.3, 0.3),
        learning_rate=1e-3,
        # Measured: two characters are learnt after 9,200 pictures with AdamW, 4,600 with Muon; 0.02 is too fast.
        muon_learning_rate=0.01,
        weight_decay=0.01,
        warmup_frac=0.002,
        encoder_freeze_steps=120,
        length_curriculum_frac=0.25,
        epochs=1,
        batch=16,
        device_batch=16,
        max_tokens=128,
        checkpoint_gradients=False,
        evaluations=8,
        eval_rows=500,
    )


def tiny_stage1() -> Stage:
    """Stage 1 at a size for tests."""
    return replace(
        tiny(), name="tiny_stage1", size="got_tiny_pretrain", encoder_freeze_steps=2, evaluations=2, eval_rows=16
    )


def tiny_stage2() -> Stage:
    """Stage 2 at a size for tests."""
    return replace(tiny(), name="tiny_stage2", carry="encoder", encoder_freeze_steps=2, evaluations=2, eval_rows=16)


def tiny_stage3() -> Stage:
    """Stage 3 at a size for tests."""
    return replace(tiny_stage2(), name="tiny_stage3", carry="all", learning_rate=2e-4, freeze_encoder=True)


STAGES: dict[str, Callable[[], Stage]] = {
    stage.__name__: stage for stage in (stage1, stage2, stage3, tiny, tiny_stage1, tiny_stage2, tiny_stage3)
}
"""Stages by name."""


def load_stage(name: str) -> Stage:
    """A stage by its name, or from a Python file whose function `stage()` returns one.

    Raises:
        ConfigError: no such stage, or the file does not give one.
    """
    if name in STAGES:
        return STAGES[name]()
    path = Path(name)
    if path.suffix != ".py":
        raise ConfigError(f"no stage {name!r}; there are {', '.join(STAGES)}, or give a Python file with stage()")
    if not path.is_file():
        raise ConfigError(f"no file {name}")
    return _from_file(path)


def _from_file(path: Path) -> Stage:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
        stage = module.stage()
    except Exception as error:
        # The user's own code: whatever it raises is the user's mistake, reported in one line.
        raise ConfigError(f"{path}: {type(error).__name__}: {error}") from error
    if not isinstance(stage, Stage):
        raise ConfigError(f"{path}: stage() returned {type(stage).__name__}, not a got_model.config.Stage")
    return stage

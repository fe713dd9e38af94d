"""What a run of training is: a frozen value that a Python function returns. Machine knobs are flags."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from got_model.imaging import CLIP_MEAN, CLIP_STD
from renderers.core.errors import ConfigError

LoraPart: TypeAlias = Literal["encoder", "projector", "decoder"]


@dataclass(frozen=True)
class Lora:
    """Low-rank updates of some parts in place of all weights; they are merged into what is saved.

    A learning rate of about ten times that of full training suits them: 2e-4 where stage 3 has 2e-5.

    Attributes:
        parts: what has updates; all other weights stay as they are.
        rank: of the updates.
        alpha: updates are scaled by alpha / rank.
        dropout: share of their inputs that is dropped, 0..1.
    """

    parts: tuple[LoraPart, ...] = ("decoder",)
    rank: int = 16
    alpha: int = 32
    dropout: float = 0.05


@dataclass(frozen=True)
class Stage:
    """A run of training.

    Attributes:
        name: of the stage.
        size: of the model, one of `got_model.modeling.sizes.SIZES`.
        tokenizer: `got`, `bytes`, or a folder or hub id.
        decoder: folder or hub id of a published decoder to start from; None: untrained.
        carry: what `--init` gives: the encoder with its convolutions, or everything.
        mean, std: mean and standard deviation of each colour of the pixels, 0..1; see `ImagePreprocessor`.
        learning_rate: the highest step size of AdamW, at least 0, after `warmup_frac` of the steps; then a cosine down
            to zero.
        muon_learning_rate: where it is more than 0, Muon takes the matrices of layers at this rate (it rises and falls
            as the other), and AdamW the rest; at least 0.
        betas, weight_decay, clip: decay of the averages of AdamW, 0..1; weight decay of both, at least 0; and the norm
            that gradients are clipped at, at least 0.
        encoder_freeze_steps: optimizer steps in which the encoder and its projector stay as they are. An untrained
            decoder first learns which characters are frequent; its gradients meanwhile make all features equal.
        length_curriculum_frac: share (0..1) of the first epoch in which answers grow from the shortest to the longest,
            shorter ones among them throughout; 0 mixes all lengths. It reads row groups in any order: for data that
            fits in memory.
        epochs: passes over the mixture; a fraction is allowed.
        batch: samples of a step over all workers.
        device_batch: of them at a time on a device; the rest is accumulated.
        max_tokens: a longer sample is left out.
        max_broken: samples whose pictures cannot be read are left out, up to this many; then the run ends.
        replay_frac: weight of data sets that `--init` was trained on, where `--data` names none.
        freeze_encoder: encoder and convolutions stay as they are.
        checkpoint_gradients: less memory for a third more time.
        compile: torch.compile of the encoder.
        lora: instead of training all weights.
        evaluations, eval_rows, eval_pictures: how often in the run, over how many rows of the validation split, and how
            many of them are predicted and written beside their pictures.
        checkpoints: how many are kept beside the best.
        checkpoint_every_min: minutes, at least 0, after which one is written beside those of evaluations; 0: at these
            alone.
        seed: of the order of rows, and of untrained weights.
    """

    name: str
    size: str = "got_base"
    tokenizer: str = "got"
    decoder: str | None = None
    carry: Literal["encoder", "all"] = "all"
    mean: tuple[float, float, float] = CLIP_MEAN
    std: tuple[float, float, float] = CLIP_STD
    learning_rate: float = 1e-4
    muon_learning_rate: float = 0.0
    betas: tuple[float, float] = (0.9, 0.95)
    weight_decay: float = 0.0
    warmup_frac: float = 0.001
    clip: float = 1.0
    encoder_freeze_steps: int = 0
    length_curriculum_frac: float = 0.0
    epochs: float = 1.0
    batch: int = 128
    device_batch: int = 2
    max_tokens: int = 4096
    max_broken: int = 10
    replay_frac: float = 0.8
    freeze_encoder: bool = False
    checkpoint_gradients: bool = True
    compile: bool = False
    lora: Lora | None = None
    evaluations: int = 10
    eval_rows: int = 512
    eval_pictures: int = 16
    checkpoints: int = 2
    checkpoint_every_min: float = 30.0
    seed: int = field(default=0)

    def __post_init__(self) -> None:
        """Raises ConfigError for a value that cannot be."""
        if self.learning_rate <= 0 or self.epochs <= 0 or self.batch < 1 or self.device_batch < 1:
            raise ConfigError(f"stage {self.name}: learning_rate, epochs, batch and device_batch are positive")
        if self.muon_learning_rate < 0:
            raise ConfigError(f"stage {self.name}: muon_learning_rate is 0 (AdamW alone) or more")
        if not 0 <= self.length_curriculum_frac <= 1 or self.encoder_freeze_steps < 0:
            raise ConfigError(
                f"stage {self.name}: length_curriculum_frac lies in 0..1, encoder_freeze_steps is 0 or more"
            )
        if self.max_broken < 0 or self.checkpoint_every_min < 0:
            raise ConfigError(
                f"stage {self.name}: max_broken is 0 (the first ends the run) or more, checkpoint_every_min is 0 (not "
                "by time) or more"
            )
        if self.max_tokens < 16:
            raise ConfigError(f"stage {self.name}: max_tokens {self.max_tokens} leaves no room for an answer")
        if self.lora is not None:
            self._check_lora(self.lora)

    def _check_lora(self, lora: Lora) -> None:
        if lora.rank < 1:
            raise ConfigError(f"stage {self.name}: the rank of LoRA is 1 or more")
        if not lora.parts or set(lora.parts) - set(get_args(LoraPart)):
            raise ConfigError(f"stage {self.name}: parts of LoRA are some of {', '.join(get_args(LoraPart))}")
        if self.freeze_encoder and "encoder" in lora.parts:
            raise ConfigError(f"stage {self.name}: LoRA on the encoder needs freeze_encoder=False")
        if not self.freeze_encoder and "encoder" not in lora.parts:
            raise ConfigError(
                f"stage {self.name}: with LoRA the encoder learns by its updates alone: name it in the parts of Lora, "
                "or say freeze_encoder=True"
            )

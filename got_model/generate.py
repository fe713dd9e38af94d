"""Reading: greedy, in batches, as GOT does.

Source: GOT-OCR2.0 `demo/run_ocr_2.0.py`: no n-gram of 20 tokens twice on single pictures, no such rule on tiles and
pages; at most 4096 new tokens; an answer ends with its turn.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from msgspec import Struct
from PIL import Image
from torch import Tensor

from got_model.checkpoint import Checkpoint
from got_model.costs import is_out_of_memory
from got_model.imaging import cut_tiles, open_picture
from got_model.prompts import task_prompt, thousandths
from renderers.core.errors import ConfigError, PictureBroken

MAX_NEW_TOKENS = 4096
_NO_REPEAT_NGRAM = 20


class Question(Struct, frozen=True):
    """One input of the model: `pixels_NCHW` of one sample, and the prompt of its task."""

    pixels_NCHW: Tensor
    prompt: str


class Answer(Struct, frozen=True):
    """What the model said: the text, and whether it had more to say when the limit of tokens was reached."""

    text: str
    cut: bool = False


@torch.inference_mode()
def answers(
    checkpoint: Checkpoint, questions: Sequence[Question], max_new_tokens: int = MAX_NEW_TOKENS
) -> list[Answer]:
    """The model's answers to one batch. Questions of one picture and of several must not be in one batch.

    Raises:
        ConfigError: both are, a question is longer than the model's context, or memory is out.
    """
    model, conversation = checkpoint.model, checkpoint.conversation
    alone = {len(question.pixels_NCHW) == 1 for question in questions}
    if len(alone) > 1:
        raise ConfigError("single pictures and several at once follow other rules: ask them apart")
    prompts = [conversation.prompt(question.prompt, len(question.pixels_NCHW)) for question in questions]
    max_prompt = max(map(len, prompts))
    room = model.config.text_config.max_position_embeddings - max_prompt
    if room < 1:
        raise ConfigError(f"a question of {max_prompt} tokens is more than the model holds; give fewer pictures")
    pad = conversation.tokenizer.pad_token_id
    device = model.device
    # Padded in front: an answer goes on where its question ends.
    ids_BT = torch.tensor([[pad] * (max_prompt - len(ids)) + ids for ids in prompts], device=device)
    mask_BT = torch.tensor([[0] * (max_prompt - len(ids)) + [1] * len(ids) for ids in prompts], device=device)
    was_training = model.training
    model.eval()
    try:
        out_BT = model.generate(
            input_ids=ids_BT,
            attention_mask=mask_BT,
            pixel_values=torch.cat([question.pixels_NCHW for question in questions]).to(device, model.dtype),
            do_sample=False,
            num_beams=1,
            no_repeat_ngram_size=_NO_REPEAT_NGRAM if alone == {True} else 0,
            max_new_tokens=min(max_new_tokens, room),
        )
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        raise ConfigError(f"out of memory at {len(questions)} questions at once: give a smaller batch") from error
    model.train(was_training)
    ends = {conversation.turn_end, conversation.tokenizer.eos_token_id}
    said = out_BT[:, max_prompt:].tolist()
    return [Answer(conversation.text(ids), cut=ends.isdisjoint(ids)) for ids in said]


def read(
    checkpoint: Checkpoint,
    images: Sequence[Path | bytes | Image.Image],
    *,
    formatted: bool = False,
    box: Sequence[float] | None = None,
    colour: str | None = None,
    crop: bool = False,
    pages: bool = False,
    batch: int = 8,
    max_new_tokens: int = MAX_NEW_TOKENS,
) -> list[Answer]:
    """What the model reads: an answer for each picture, or one for all where they are pages of one document.

    Args:
        checkpoint: of `load_checkpoint`.
        images: paths, encoded bytes, or pictures.
        formatted: the answer shall be markup, not plain text.
        box: read there alone; x1, y1, x2, y2 in pixels.
        colour: read in the frame of that colour alone: red, green, blue.
        crop: cut each picture into tiles first, for small print.
        pages: the pictures are pages of one document.
        batch: pictures at a time.
        max_new_tokens: an answer is cut there.

    Raises:
        ConfigError: a picture that is none, tasks that exclude each other.
    """
    opened = [_open(image) for image in images]
    side = checkpoint.preprocessor.side
    groups = [opened] if pages else [cut_tiles(picture, side) if crop else [picture] for picture in opened]
    questions = []
    for group, picture in zip(groups, opened, strict=False):
        thousandths_box = None if box is None else thousandths(box, *picture.size)
        pixels_NCHW = torch.stack([checkpoint.preprocessor(tile) for tile in group])
        questions.append(Question(pixels_NCHW, task_prompt(formatted, thousandths_box, colour, crop, pages)))
    return answer_all(checkpoint, questions, batch, [max_new_tokens] * len(questions))


def answer_all(
    checkpoint: Checkpoint, questions: Sequence[Question], batch: int, max_new_tokens: Sequence[int]
) -> list[Answer]:
    """The model's answers to any number of questions, in their order.

    Args:
        checkpoint: the model.
        questions: of single pictures and of several, mixed.
        batch: pictures at a time.
        max_new_tokens: of each question; a batch gets the most of its members.

    Raises:
        ConfigError: as `answers`.
    """
    found: dict[int, Answer] = {}
    for members in batches(questions, batch):
        limit = max(max_new_tokens[at] for at in members)
        found.update(zip(members, answers(checkpoint, [questions[at] for at in members], limit), strict=True))
    return [found[at] for at in range(len(questions))]


def batches(questions: Sequence[Question], size: int) -> Iterator[list[int]]:
    """Indices of questions that may be answered together: as many pictures each, at most `size` of them."""
    by_count: dict[int, list[int]] = {}
    for at, question in enumerate(questions):
        by_count.setdefault(len(question.pixels_NCHW), []).append(at)
    for count, members in sorted(by_count.items()):
        step = max(size // count, 1)
        for start in range(0, len(members), step):
            yield members[start : start + step]


def _open(image: Path | bytes | Image.Image) -> Image.Image:
    if isinstance(image, Image.Image):
        return image.convert("RGB")
    try:
        return open_picture(image if isinstance(image, bytes) else image.read_bytes())
    except (OSError, PictureBroken) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ConfigError(f"{image if isinstance(image, Path) else 'a picture'}: {reason}") from error

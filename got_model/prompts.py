"""GOT's conversation, to the byte: the prompt around pictures, task and answer.

Source: GOT-OCR2.0 `conversation.py` (MPT style: no line break after a turn), `demo/run_ocr_2.0.py`,
`demo/run_ocr_2.0_crop.py`. Text that is read is never taken for a special token: answers are encoded without them.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from got_model.chat_template import IMAGE_END, IMAGE_PAD, IMAGE_START, SYSTEM_TURN, TURN_END, TURN_START
from renderers.core.errors import ConfigError
from renderers.core.prompts import PROMPTS

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

COLOURS = ("red", "green", "blue")


def task_prompt(
    formatted: bool = False,
    box: Sequence[int] | None = None,
    colour: str | None = None,
    crop: bool = False,
    pages: bool = False,
) -> str:
    """The words of a task, such as `OCR: ` or `[12, 30, 480, 96] OCR with format: `.

    Args:
        formatted: the answer shall be markup, not plain text.
        box: x1, y1, x2, y2 (or a point x, y) in thousandths of the picture; see `thousandths`.
        colour: of the frame that stands around what is to be read.
        crop: the pictures are tiles of one.
        pages: the pictures are pages.

    Raises:
        ConfigError: two of box, colour, crop and pages.
    """
    if sum((box is not None, colour is not None, crop, pages)) > 1:
        raise ConfigError("box, colour, crop and multi-page are tasks of their own: give one of them")
    if colour is not None and colour not in COLOURS:
        raise ConfigError(f"colour {colour!r}: GOT knows {', '.join(COLOURS)}")
    if crop:
        return "OCR with format upon the patch reference: "
    if pages:
        return "OCR with format across multi pages: "
    words = PROMPTS["format" if formatted else "plain"]
    if box is not None:
        return f"{[int(edge) for edge in box]} {words}"
    return f"[{colour}] {words}" if colour else words


def thousandths(box: Sequence[float], width: int, height: int) -> list[int]:
    """A box (x1, y1, x2, y2) in pixels -> integer thousandths of width and height, rounded down as GOT does."""
    return [int(edge / (height if at % 2 else width) * 1000) for at, edge in enumerate(box)]


class Conversation:
    """Encodes GOT's conversation with one tokenizer."""

    def __init__(self, tokenizer: "PreTrainedTokenizerBase", tokens_per_image: int) -> None:
        """Args: tokens_per_image: how many `<imgpad>` a picture takes; 256 for GOT."""
        self.tokenizer = tokenizer
        self.tokens_per_image = tokens_per_image
        self.image_pad: int = tokenizer.convert_tokens_to_ids(IMAGE_PAD)
        self.turn_end: int = tokenizer.convert_tokens_to_ids(TURN_END)
        self._before = self._encode_prompt(
            f"{TURN_START}{SYSTEM_TURN}{TURN_END}{TURN_START}user\n{IMAGE_START}",
        )
        self._image_end = self._encode_prompt(IMAGE_END)
        self._after = self._encode_prompt(f"{TURN_END}{TURN_START}assistant\n")
        self._tasks: dict[str, list[int]] = {}

    def prompt(self, task: str, num_images: int) -> list[int]:
        """Ids up to where the answer starts."""
        pads = [self.image_pad] * (self.tokens_per_image * num_images)
        if task not in self._tasks:
            self._tasks[task] = self.plain(f"\n{task}")
        return [*self._before, *pads, *self._image_end, *self._tasks[task], *self._after]

    def answer(self, text: str) -> list[int]:
        """Ids of an answer and of the token that ends it: what the loss is taken over."""
        return [*self.plain(text), self.turn_end]

    def plain(self, text: str) -> list[int]:
        """Ids of text in which nothing is taken for a special token."""
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False, split_special_tokens=True)
        return ids

    def text(self, ids: Sequence[int]) -> str:
        """An answer as text: up to the token that ends it, or all."""
        ids = list(ids)
        if self.turn_end in ids:
            ids = ids[: ids.index(self.turn_end)]
        text: str = self.tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return text

    def _encode_prompt(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False)
        return ids

"""Answers that anybody's model gave: JSON lines, each {"id": ..., "answer": ...}, and "cut": true where one is."""

from pathlib import Path
from typing import Any

import msgspec

from got_model.generate import Answer
from renderers.core.errors import ConfigError

_MAX_LINE_BYTES = 64 << 20


class Prediction(msgspec.Struct, frozen=True):
    """What a model answered to a sample.

    Attributes:
        id: of the sample, as its row or benchmark names it.
        answer: what was read, as the model wrote it.
        cut: true where the model had more to say; anything else says nothing.
    """

    id: str
    answer: str
    cut: Any = False


def read_predictions(path: Path) -> dict[str, Answer]:
    """{id: answer} of a file of JSON lines; other fields are nobody's business.

    Raises:
        ConfigError: it cannot be read, a line is none, or an id stands there twice; says which line.
    """
    answers: dict[str, Answer] = {}
    try:
        with path.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(_MAX_LINE_BYTES), b""), 1):
                if not line.strip():
                    continue
                one = _read_line(path, number, line)
                if one.id in answers:
                    raise ConfigError(f"{path}, line {number}: a second answer to {one.id}")
                answers[one.id] = Answer(one.answer, one.cut is True)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    if not answers:
        raise ConfigError(f'{path} holds no answers; a line is {{"id": "...", "answer": "..."}}')
    return answers


def _read_line(path: Path, number: int, line: bytes) -> Prediction:
    try:
        return msgspec.json.decode(line, type=Prediction)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f'{path}, line {number}: {error}; a line is {{"id": "...", "answer": "..."}}') from error

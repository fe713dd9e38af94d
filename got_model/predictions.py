"""Answers that anybody's model gave: JSON lines, each {"id": ..., "answer": ...}."""

from pathlib import Path

import msgspec

from renderers.core.errors import ConfigError

_MAX_LINE_BYTES = 64 << 20


class Prediction(msgspec.Struct, frozen=True):
    """What a model answered to a sample.

    Attributes:
        id: of the sample, as its row or benchmark names it.
        answer: what was read, as the model wrote it.
    """

    id: str
    answer: str


def read_predictions(path: Path) -> dict[str, str]:
    """{id: answer} of a file of JSON lines; more fields than two are nobody's business.

    Raises:
        ConfigError: it cannot be read, a line is none, or an id stands there twice; says which line.
    """
    answers: dict[str, str] = {}
    try:
        with path.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(_MAX_LINE_BYTES), b""), 1):
                if not line.strip():
                    continue
                one = _read_line(path, number, line)
                if one.id in answers:
                    raise ConfigError(f"{path}, line {number}: a second answer to {one.id}")
                answers[one.id] = one.answer
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

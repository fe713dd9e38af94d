"""The answers of an evaluation as they come: JSON lines beside the report, so that one that was stopped goes on.

A line is a prediction (`predictions`), whether it is cut, and a digest of what was asked: the weights, the prompt, the
pictures and the limit. So an answer is used again where the same was asked, and never for anything else. The last line
of a run that was killed may be torn; it is asked again.
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

import msgspec

from got_model.generate import Answer
from renderers.core.errors import ConfigError

NAME = "answers.jsonl"


class Line(msgspec.Struct, frozen=True):
    """An answer in the file.

    Attributes:
        id: of the sample.
        answer: what was read.
        cut: whether there was more to say when the limit of tokens was reached.
        asked: see `asked`.
    """

    id: str
    answer: str
    cut: bool
    asked: str


def asked(weights: str, prompt: str, pictures: Sequence[bytes], max_new_tokens: int) -> str:
    """A digest of all that an answer depends on. `weights` is that of the checkpoint."""
    digest = hashlib.sha256()
    for part in (weights.encode(), prompt.encode(), str(max_new_tokens).encode(), *pictures):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:24]


class AnswerLog:
    """Answers that are there, and those that come."""

    def __init__(self, folder: Path, *, fresh: bool) -> None:
        """Args: folder: of the report, made where it is missing. fresh: forget what is there.

        Raises:
            ConfigError: it cannot be read or written, or holds something else.
        """
        self._path = folder / NAME
        self._known: dict[tuple[str, str], Answer] = {}
        self._ids: set[str] = set()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            size = 0 if fresh or not self._path.exists() else self._read()
            self._file = self._path.open("ab")
            self._file.truncate(size)
        except OSError as error:
            raise self._not_written(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._known)

    def find(self, name: str, what: str) -> Answer | None:
        """The answer to a sample, or None where it was not asked yet.

        Args:
            name: id of the sample.
            what: see `asked`.

        Raises:
            ConfigError: something else was asked of it.
        """
        found = self._known.get((name, what))
        if found is None and name in self._ids:
            raise ConfigError(
                f"{self._path} has the answer to {name} of another checkpoint, picture, prompt or --max-new-tokens; "
                "give another -o, or --fresh to ask all anew"
            )
        return found

    def add(self, lines: Iterable[Line]) -> None:
        """Write answers down; they are safe when this returns, whatever becomes of the process.

        Raises:
            ConfigError: the file cannot be written.
        """
        try:
            for line in lines:
                self._file.write(msgspec.json.encode(line) + b"\n")
                self._keep(line)
            self._file.flush()
        except OSError as error:
            raise self._not_written(error) from error

    def _keep(self, line: Line) -> None:
        self._known[line.id, line.asked] = Answer(line.answer, line.cut)
        self._ids.add(line.id)

    def _read(self) -> int:
        """Bytes of the lines that are whole."""
        size = 0
        with self._path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    break
                self._keep(self._decode(number, line))
                size += len(line)
        return size

    def _decode(self, number: int, line: bytes) -> Line:
        try:
            return msgspec.json.decode(line, type=Line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ConfigError(
                f"{self._path}, line {number}, is no answer of an evaluation ({error}); give another -o, or --fresh to "
                "ask all anew"
            ) from error

    def _not_written(self, error: OSError) -> ConfigError:
        return ConfigError(f"{self._path} cannot be written: {error.strerror}")

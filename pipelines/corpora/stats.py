"""What a corpus kept and what it rejected, with the reason of each rejection."""

import json
from collections import Counter
from typing import IO, Self

from renderers.core.errors import ConfigError


class Rejection(Exception):
    """A piece of a source is not kept. Its filters raise it; whoever builds the corpus counts it.

    Attributes:
        reason: a name to count it by, such as "too_short".
        detail: for people: the words, the character or the limit that it is about; "" where the reason says all.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def copy(self) -> Self:
        """The same without its traceback, which keeps alive all texts of the frames it went through."""
        return type(self)(self.reason, self.detail)


class CorpusStats:
    """Counts by reason; each rejection also goes to a file of JSON lines, if there is one.

    Attributes:
        files: rejections of whole archives, files, inputs and definitions.
        pieces: rejections of formulas, tables, molecules, paragraphs: num_found = kept + sum(pieces).
        notes: what was not rejected but should be known, such as another encoding.
    """

    def __init__(self) -> None:
        self.files: Counter[str] = Counter()
        self.pieces: Counter[str] = Counter()
        self.notes: Counter[str] = Counter()
        self._rejects: IO[str] | None = None

    def write_to(self, rejects: IO[str]) -> None:
        """From now on each rejection is a line of JSON."""
        self._rejects = rejects

    def reject_file(self, reason: str, origin: str, detail: str = "") -> None:
        """Count something that was not read."""
        self.files[reason] += 1
        self._write(reason, origin, detail, "")

    def reject_piece(self, rejection: Rejection, origin: str, source: str) -> None:
        """Count a piece that is not kept; `source` is its text as it stands in the file."""
        self.pieces[rejection.reason] += 1
        self._write(rejection.reason, origin, rejection.detail, source)

    def _write(self, reason: str, origin: str, detail: str, source: str) -> None:
        if self._rejects is not None:
            line = {"reason": reason, "origin": origin, "detail": detail[:300], "source": source[:2000]}
            try:
                self._rejects.write(json.dumps(line) + "\n")
            except OSError as error:
                raise ConfigError(f"rejects {self._rejects.name} cannot be written: {error.strerror}") from error

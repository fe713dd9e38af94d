"""What a corpus took and what it did not, with the reason of each refusal."""

import json
from collections import Counter
from typing import IO


class CorpusStats:
    """Counts by reason; each refusal also goes to a file of JSON lines, if there is one.

    Attributes:
        files: refusals of whole archives, files, inputs and definitions.
        pieces: refusals of formulas and tables: found = kept + sum(pieces).
        notes: what was not refused but should be known, such as another encoding.
    """

    def __init__(self) -> None:
        self.files: Counter[str] = Counter()
        self.pieces: Counter[str] = Counter()
        self.notes: Counter[str] = Counter()
        self._rejects: IO[str] | None = None

    def write_to(self, rejects: IO[str]) -> None:
        """From now on each refusal is a line of JSON."""
        self._rejects = rejects

    def refuse_file(self, reason: str, origin: str, detail: str = "") -> None:
        """Something was not read."""
        self.files[reason] += 1
        self._write(reason, origin, detail, "")

    def refuse_piece(self, reason: str, origin: str, detail: str, source: str) -> None:
        """A formula or a table was not kept; `source` is how it stands in the file."""
        self.pieces[reason] += 1
        self._write(reason, origin, detail, source)

    def _write(self, reason: str, origin: str, detail: str, source: str) -> None:
        if self._rejects is not None:
            line = {"reason": reason, "origin": origin, "detail": detail[:300], "source": source[:2000]}
            self._rejects.write(json.dumps(line) + "\n")

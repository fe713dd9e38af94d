"""The corpus of text as a knob, for renderers of pages with text."""

from collections.abc import Iterable
from dataclasses import dataclass

from renderers.content.prose.prose import ProseSource, prose_file


@dataclass(frozen=True, kw_only=True)
class ProseKnobs:
    """Where text is from.

    Attributes:
        prose: the corpus that text is taken from, made by `glyphmill corpus text`; "" is that of `make setup`.
        prose_sha256: of that file; "" takes it as it is when a session opens it.
    """

    prose: str = ""
    prose_sha256: str = ""

    def _prose_in(self, languages: Iterable[str]) -> ProseSource:
        """The corpus, which must have text in these languages (BCP 47)."""
        return ProseSource(prose_file(self.prose, self.prose_sha256), tuple(sorted(set(languages))))

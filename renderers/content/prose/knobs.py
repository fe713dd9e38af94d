"""The corpus of text as a knob, for renderers whose pages say something."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from renderers.content.prose.prose import Prose, default_prose_path, load_prose, prose_sha256
from renderers.core.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class ProseKnobs:
    """Where text is from.

    Attributes:
        prose: the corpus that text is taken from, made by `glyphmill corpus text`; "" is that of `make setup`.
        prose_sha256: of that file; "" takes it as it is now.
    """

    prose: str = ""
    prose_sha256: str = ""

    @cached_property
    def _prose(self) -> Prose:
        """What the corpus holds. Raises ConfigError where it is no corpus, or another one by now."""
        return load_prose(self._path, self.prose_sha256)

    @property
    def _path(self) -> str:
        return self.prose or str(default_prose_path())

    def _settle_prose(self, wanted: Iterable[str]) -> None:
        """Note which corpus it is, once and for all.

        Args:
            wanted: languages that are drawn, BCP 47.

        Raises:
            ConfigError: there is no corpus, it is another one by now, or it holds no text in one of them.
        """
        if not self.prose_sha256:
            object.__setattr__(self, "prose_sha256", prose_sha256(self._path))
        missing = sorted(set(wanted) - set(self._prose.languages))
        if missing:
            raise ConfigError(
                f"corpus {self._path}: holds no text in {', '.join(missing)}; leave them out of languages"
            )

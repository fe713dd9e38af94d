"""Where words come from, as seen by a renderer's `draw`."""

from typing import Protocol

import numpy as np


class Corpus(Protocol):
    """Text to draw from; pure: the same generator state gives the same text.

    Attributes:
        digest: sha256 of everything that it can say; part of what a recipe is.
    """

    digest: str

    def text(self, rng: np.random.Generator, kind: str, language: str, max_em: float) -> str:
        """A piece of text.

        Args:
            rng: the choices are its.
            kind: title, source, axis, entity (a category or series), place, person, company, word.
            language: en, zh, or mul (both in one text).
            max_em: longest width wanted, in em of the font that will draw it (a Chinese character is 1 em).

        Returns:
            Text without leading or trailing blanks, control characters or line breaks.
        """

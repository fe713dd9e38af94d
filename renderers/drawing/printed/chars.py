"""Whether chars of a text layer are those of a text, though the layer may name a glyph by another of its chars.

A PDF keeps glyphs, and one char for each of them. A font that draws two chars alike, a hyphen at the end of a line, a
letter that is joined to its neighbours: each may come back under another name, and none of these is a fault.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable

from renderers.content.faces import share_glyph
from renderers.core.renderer import ProofFailed
from renderers.engines.pdf import LINE_END_HYPHEN

HYPHENS = f"-\u2010{LINE_END_HYPHEN}"
"""What a text layer may call a hyphen."""

JOINED = ("ar", "he", "hi", "th")
"""Languages whose letters a font joins to glyphs of its own, of which the text layer may give a letter twice."""

_FROM_THE_RIGHT = ("ar", "he")

_ONE_HYPHEN = str.maketrans(dict.fromkeys(HYPHENS, "-"))

_MIRRORED = str.maketrans(")]}>»›”’", "([{<«‹“‘")
"""Where lines run from the right, a text layer takes brackets and quotes for their mirror images."""


def folded(chars: str) -> str:
    """Chars in the one form that all their names share: one kind of hyphen, and NFKC's forms."""
    return unicodedata.normalize("NFKC", chars.translate(_ONE_HYPHEN))


def same_char(wanted: str, drawn: str, font_names: Iterable[str]) -> bool:
    """Whether a font of one of these PostScript names draws a char by the glyph that the text layer calls `drawn`."""
    return (
        wanted == drawn
        or folded(wanted) == folded(drawn)
        or any(share_glyph(name, wanted, drawn) for name in font_names)
    )


def same_text(wanted: str, drawn: str, font_names: Iterable[str]) -> bool:
    """Whether a text without blanks was drawn, char by char in its order, by fonts of these PostScript names."""
    if wanted == drawn or folded(wanted) == folded(drawn):
        return True
    return len(wanted) == len(drawn) and all(
        same_char(one, other, font_names) for one, other in zip(wanted, drawn, strict=True)
    )


def check_chars(wanted: str, drawn: str, language: str, broken: bool = False) -> None:
    """Compares a line's chars with those that were drawn in it, in whatever order.

    Args:
        wanted: the text; its blanks do not count.
        drawn: chars of the text layer, without blanks.
        language: BCP 47; of letters that are joined, one may be given twice.
        broken: whether a hyphen may follow, the last word going on in the next line.

    Raises:
        ProofFailed: a char is missing (`text_missing`) or too many (`text_extra`).
    """
    have, got = (Counter(_comparable(text, language)) for text in ("".join(wanted.split()), drawn))
    if broken:
        got -= Counter("-")
    if have - got:
        raise ProofFailed("text_missing", f"{wanted!r} is inked as {drawn!r}")
    if set(got) - set(have) if language in JOINED else got - have:
        raise ProofFailed("text_extra", f"{wanted!r} is inked as {drawn!r}")


def _comparable(chars: str, language: str) -> str:
    return folded(chars).translate(_MIRRORED) if language in _FROM_THE_RIGHT else folded(chars)

"""Whether what a text layer says is what was to be written, though it may name a glyph by another of its characters."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache

from renderers.content import fonts
from renderers.content.faces import postscript_name, share_glyph

HYPHENS = "-\u2010\ufffe\x02"
"""What the text layer may call a hyphen, above all at the end of a line."""

JOINED = ("ar", "he", "hi", "th")
"""Languages whose letters a font joins to glyphs of its own, of which the text layer may say a letter twice."""

_ONE_HYPHEN = str.maketrans(dict.fromkeys(HYPHENS, "-"))

_MIRRORED = str.maketrans(")]}>»›”’", "([{<«‹“‘")
"""Where lines run from the right, a text layer takes brackets and quotes for their mirror images."""


def folded(signs: str) -> str:
    """Characters as the text layer may name them: one kind of hyphen, and NFKC's forms."""
    return unicodedata.normalize("NFKC", signs.translate(_ONE_HYPHEN))


def same(wanted: str, drawn: str, names: Iterable[str]) -> bool:
    """Whether a text, without its blanks, was drawn in its order by fonts of these PostScript names."""
    if wanted == drawn or folded(wanted) == folded(drawn):
        return True
    if len(wanted) != len(drawn):
        return False
    return all(
        one == other or folded(one) == folded(other) or any(share_glyph(name, one, other) for name in names)
        for one, other in zip(wanted, drawn, strict=True)
    )


def find_difference(wanted: str, inked: str, language: str, broken: bool = False) -> str | None:
    """Why the characters drawn in a place, in whatever order, are not those of a text; None where they are.

    Args:
        wanted: the text.
        inked: characters drawn there.
        language: of the text; of letters that are joined, one may be said twice.
        broken: a hyphen may stand at its end.
    """
    have = Counter(folded("".join(wanted.split())).translate(_MIRRORED))
    got = Counter(folded(inked).translate(_MIRRORED))
    if broken:
        got -= Counter("-")
    if have - got:
        return "text_missing"
    extra = set(got) - set(have) if language in JOINED else got - have
    return "text_extra" if extra else None


@cache
def face_names(families: tuple[str, ...], weights: tuple[bool, ...] = (False, True)) -> frozenset[str]:
    """The PostScript names of the faces of some families, of those that are bold or those that are not, or of both."""
    faces = [(name, bold) for bold in weights for name in families if not bold or fonts.has_bold(name)]
    return frozenset(postscript_name(name, bold) for name, bold in faces)

"""The fonts that drew a print, by the names that it embeds, against those that were chosen."""

from collections.abc import Iterable
from functools import cache

from renderers.content.faces import postscript_name
from renderers.content.fonts import has_bold
from renderers.core.renderer import ProofFailed


@cache
def face_names(families: tuple[str, ...], weights: tuple[bool, ...] = (False, True)) -> frozenset[str]:
    """The PostScript names of the faces of some families.

    Args:
        families: of templates/shared/fonts.toml.
        weights: True for bold faces, where a family has one, False for the others.
    """
    faces = [(name, bold) for bold in weights for name in families if not bold or has_bold(name)]
    return frozenset(postscript_name(name, bold) for name, bold in faces)


def check_fonts(embedded: Iterable[str], chosen: frozenset[str]) -> None:
    """Compares PostScript names.

    Raises:
        ProofFailed: the browser fell back to a font that was not chosen (`font_fallback`).
    """
    for name in embedded:
        if name not in chosen:
            raise ProofFailed("font_fallback", f"some text was drawn by {name!r}, not by {', '.join(sorted(chosen))}")

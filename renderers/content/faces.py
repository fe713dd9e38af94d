"""Font faces as a PDF names them: the names and glyphs in a text layer, compared with the font files."""

from functools import cache

from fontTools.ttLib import TTFont

from renderers.content import fonts


@cache
def share_glyph(font_name: str, one: str, other: str) -> bool:
    """Whether a font draws two characters alike: PDF names a glyph by one of its characters (a radical for a word)."""
    face = _faces_by_name().get(font_name)
    if face is None:
        return False
    twins = _twins(*face)
    return twins.get(one, one) == twins.get(other, other)


@cache
def _twins(family: str, bold: bool) -> dict[str, str]:
    """For each character whose glyph another character has too, the first that has it."""
    with TTFont(fonts.font_file(family, bold), fontNumber=fonts.face_index(family), lazy=True) as font:
        font.setGlyphOrder([str(number) for number in range(font["maxp"].numGlyphs)])
        first: dict[str, int] = {}
        twins: dict[str, str] = {}
        for code, glyph in sorted(font.getBestCmap().items()):
            if glyph in first:
                twins[chr(code)] = twins[chr(first[glyph])] = chr(first[glyph])
            else:
                first[glyph] = code
    return twins


@cache
def _faces_by_name() -> dict[str, tuple[str, bool]]:
    return {
        postscript_name(family, bold): (family, bold)
        for family in fonts.installed_families()
        for bold in ((False, True) if fonts.has_bold(family) else (False,))
    }


@cache
def postscript_name(family: str, bold: bool) -> str:
    """The name under which a PDF embeds a face."""
    with TTFont(fonts.font_file(family, bold), fontNumber=fonts.face_index(family), lazy=True) as font:
        return str(font["name"].getDebugName(6) or family)


@cache
def cap_height_em(font_name: str) -> float:
    """Height of a capital in em of the font of that PostScript name; 0 for a font that is none of ours."""
    face = _faces_by_name().get(font_name)
    return fonts.cap_height_em(face[0]) if face else 0.0

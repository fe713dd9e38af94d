r"""Texts of a table as LaTeX: what would become a ligature or another glyph is taken apart, Chinese gets its font."""

import re
from functools import cache
from itertools import groupby

from renderers.content import fonts
from renderers.drawing.latex_tables.style import Style, is_han
from renderers.labels.tables.escape import escape
from renderers.labels.tables.tree import FORMULA

_LIGATURES = re.compile(r"(?<=-)-|(?<=<)<|(?<=>)>|(?<=,),|(?<=[?!])`|(?<=')'|(?<=`)`")
_PRIMES = {"′": "\\ensuremath{{}'}", "″": "\\ensuremath{{}''}"}
_PLAIN_EURO = "{\\fontfamily{lmr}\\selectfont\\texteuro}"
_NO_OWN_EURO = frozenset(("kurier", "iwona", "bch", "ptm", "phv", "pnc", "antt"))


def write_text(text: str, style: Style, bold: bool) -> str:
    """A text in LaTeX, in the fonts that `write_fonts` chose."""
    pieces: list[str] = []
    at = 0
    for formula in FORMULA.finditer(text):
        pieces += (_plain(text[at : formula.start()], style, bold), formula[0])
        at = formula.end()
    pieces.append(_plain(text[at:], style, bold))
    written = "".join(pieces)
    if not bold:
        return written
    return f"{{\\bfseries {written}}}" if style.program == "pdflatex" else f"{{\\TB {written}}}"


def _plain(text: str, style: Style, bold: bool) -> str:
    if not text:
        return ""
    if style.program == "pdflatex":
        written = _with_primes(_LIGATURES.sub(lambda char: "{}" + char[0], escape(text)))
        return written.replace("€", _PLAIN_EURO) if style.family in _NO_OWN_EURO else written
    han = "\\HB" if bold else "\\HR"
    pieces = []
    for chinese, run in groupby(text, is_han):
        chars = "".join(run)
        pieces.append(f"{{{han} {chars}}}" if chinese else _with_primes(escape(chars)))
    return "".join(pieces)


def _with_primes(source: str) -> str:
    for char, prime in _PRIMES.items():
        source = source.replace(char, prime)
    return source


def write_fonts(style: Style, size_pt: float) -> str:
    """Chooses the fonts, at a size."""
    # Chinese characters fill their em, so their lines stand farther apart.
    first = f"\\fontsize{{{size_pt:g}}}{{{(1.35 if style.han else 1.2) * size_pt:g}}}"
    if style.program == "pdflatex":
        return f"\\mathversion{{{style.math}}}\\fontfamily{{{style.family}}}{first}\\selectfont "
    pieces = [f"\\mathversion{{{style.math}}}{first}\\selectfont"]
    for name, family, bold in (
        ("TR", style.family, False),
        ("TB", style.family, True),
        ("HR", style.han, False),
        ("HB", style.han, True),
    ):
        pieces.append(f'\\font\\{name}="{_font(family, bold)}" at {size_pt:g}pt')
    return "".join([*pieces, "\\TR "])


@cache
def _font(family: str, bold: bool) -> str:
    index = fonts.face_index(family)
    return f"[{fonts.font_file(family, bold)}{f':{index}' if index else ''}]"

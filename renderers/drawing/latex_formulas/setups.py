"""Font setups: which there are, what they cannot draw, and the preamble of each.

A run of TeX has one preamble, so there are few: what can change within one (size, weight, colour, Chinese family,
frame, column) is in the body.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal

import msgspec

import templates
from renderers.engines.tex import Preamble, standalone
from renderers.labels.latex.commands import FONTS, GREEK
from renderers.labels.latex.grammar import fonts_of

_RENDERER = "latex_formulas"
_UNCHOSEN = "\\let\\FormulaSelect\\selectfont \\let\\selectfont\\relax\n"
_CHOSEN = "\\let\\selectfont\\FormulaSelect\n"
_GREEK = "Γ"
"""Stands for all capital Greek letters."""
_CAPITAL_GREEK = frozenset(name for name in GREEK if name[1].isupper())
_RANGE = re.compile(r"(.)(?:-(.))?")
_COMMAND = re.compile(r"\\[A-Za-z]+\*?|\\.")


class Setup(msgspec.Struct, frozen=True, gc=False):
    """Fonts of text and mathematics that go together.

    Attributes:
        program: pdflatex, or xelatex where Chinese or an OpenType font is drawn.
        weight: relative weight with which it is drawn, above 0.
        preamble: lines that a format can hold.
        late: lines with system fonts.
        bold: whether all of its mathematics has a bold face.
        lacks: commands whose symbol it has not, or draws like that of another.
        alphabets: {command of a font: the characters that it has in it, as in "A-Zk1Γ"}, Γ for all capital Greek
            letters; of a command that is not there, those that `default_alphabets` says.
        chinese: whether it is for Chinese alone, since pdflatex draws the rest as well, in half the time.
    """

    program: Literal["pdflatex", "xelatex"]
    weight: float
    preamble: str
    late: str = ""
    bold: bool = False
    lacks: frozenset[str] = frozenset()
    alphabets: dict[str, str] = {}
    chinese: bool = False


@cache
def setups() -> dict[str, Setup]:
    """All font setups by name, in the order of the table."""
    return msgspec.convert(templates.menu(_RENDERER, "fonts.toml")["setups"], dict[str, Setup])


@cache
def chinese_families() -> dict[str, str]:
    """Families of Chinese characters: their name in a body, and the system's."""
    return dict(templates.menu(_RENDERER, "fonts.toml")["chinese"])


@cache
def alphabet(setup: str, font: str) -> frozenset[str]:
    """The characters that a set-up has in a font: letters, digits and names of capital Greek letters."""
    menu = templates.menu(_RENDERER, "fonts.toml")
    written = setups()[setup].alphabets.get(font, menu["default_alphabets"].get(font, ""))
    chars = {char for start, stop in _RANGE.findall(written) for char in _between(start, stop or start)}
    return frozenset(chars - {_GREEK}) | (_CAPITAL_GREEK if _GREEK in chars else frozenset())


def missing_char(setup: str, met: Iterable[tuple[str, str]]) -> str:
    r"""The first sign that a set-up has not in its font, such as \mathbb{1}; "" where it has all.

    Args:
        setup: its name.
        met: what a target has in fonts, as `labels.latex.grammar.fonts_of` tells.
    """
    found = sorted((font, char) for font, char in met if font != r"\boldsymbol" and char not in alphabet(setup, font))
    return f"{found[0][0]}{{{found[0][1]}}}" if found else ""


def fitting(markup: str, han: bool, bold: bool) -> tuple[str, ...]:
    """Names of the font setups that draw a target.

    Args:
        markup: the target; a setup that lacks one of its commands does not fit.
        han: whether Chinese characters stand in it.
        bold: whether all of it is to be bold.
    """
    commands = frozenset(_COMMAND.findall(markup))
    met = fonts_of(markup) if FONTS & commands else ()
    return tuple(
        name
        for name, setup in setups().items()
        if setup.lacks.isdisjoint(commands)
        and not missing_char(name, met)
        and (setup.bold or not bold)
        and (setup.program == "xelatex" if han else not setup.chinese)
    )


@cache
def preamble_of(name: str) -> Preamble:
    """The preamble of a font setup."""
    setup, shared = setups()[name], templates.menu(_RENDERER, "fonts.toml")["shared"]
    if setup.program == "pdflatex":
        text, late = setup.preamble + shared["text"], setup.late
    else:
        # XeTeX dumps no system fonts: packages must not choose one while they are read.
        text = rf"{_UNCHOSEN}{shared['xelatex']}{setup.preamble}{shared['text']}{_CHOSEN}"
        late = setup.late + _chinese_lines()
    macros = templates.text(_RENDERER, "mhchem.tex") + templates.text(_RENDERER, "sheet.tex")
    return Preamble(program=setup.program, text=f"{standalone(0.0)}{text}{macros}", late=late)


def _chinese_lines() -> str:
    (_, main), *others = chinese_families().items()
    # A family that has no italic or bold face of its own would be slanted or smeared by xeCJK: it stays as it is.
    # newtxtext lets all families be files of one ending.
    lines = [r"\defaultfontfeatures{}", f"\\setCJKmainfont{{{main}}}[ItalicFont=*,BoldFont=*]"]
    lines += [f"\\newCJKfontfamily\\{name}family{{{family}}}[ItalicFont=*,BoldFont=*]" for name, family in others]
    return "\n".join(lines) + "\n"


def _between(start: str, stop: str) -> list[str]:
    return [chr(code) for code in range(ord(start), ord(stop) + 1)]

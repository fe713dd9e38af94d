r"""Commands whose argument is no formula: gaps, what does not draw, tags, chemistry."""

import re

from renderers.core.errors import LabelError
from renderers.labels.latex import commands as c
from renderers.labels.latex.tokens import Reader
from renderers.labels.latex.tree import Gap, Node, Opaque

_LENGTH = r"\s*([-+]?[\d.]+)\s*(?:true\s*)?(em|ex|pt|mu|mm|cm|in|bp|sp|pc|dd|cc)"
_GLUE = re.compile(_LENGTH + r"(?:\s*(?:plus|minus)\s*[-+]?[\d.]+\s*(?:em|ex|pt|mu|mm|cm|in|bp|sp|pc|dd|cc|fil+))*")
"""A length, and how far it may stretch and shrink, which moves no ink at its natural size. Source: TeXbook, ch. 24."""
_EMS = {
    "em": 1.0,
    "ex": 0.45,
    "pt": 0.1,
    "mu": 1 / 18,
    "mm": 0.28,
    "cm": 2.8,
    "in": 7.2,
    "bp": 0.1,
    "sp": 0.0,
    "pc": 1.2,
    "dd": 0.107,
    "cc": 1.284,
}
"""Lengths in widths of a quad, at 10 pt."""
_COMMAND = re.compile(r"\\[A-Za-z]+")
_ENDS_OF_FORMULAS = frozenset((r"\]", "$", r"\end", r"\)", r"\\", r"\cr", "&"))
_NUMBER_FONTS = re.compile(
    r"\\(?:rm|bf|it|sf|tt|hbox|mbox|text|textrm|textbf|mathrm|mathbf|label\s*\{[^{}]*\})(?![A-Za-z])"
)


def read_silent(reader: Reader, lexeme: str) -> list[Node]:
    """A gap of a given length or a phantom; nothing for what says nothing."""
    if lexeme in c.SILENT:
        reader.raw(lexeme)
        return []
    if lexeme in c.PHANTOMS:
        return [Gap(f"{lexeme}{{{reader.raw(lexeme)}}}")]
    if reader.peek() == "*":
        reader.next()
    if reader.skip() == "{":
        length = _GLUE.fullmatch(reader.raw(lexeme).rstrip())
    elif length := _GLUE.match(reader.text, reader.position):
        reader.position = length.end()
    if length is None:
        raise LabelError(f"{lexeme} wants a length")
    ems = float(length[1]) * _EMS[length[2]] if length[1].count(".") < 2 else 0.0
    return [Gap(rf"\kern{ems:.3f}em ", min(2, int(ems + 0.01)) if ems > 0 else 0)]


def read_tag(reader: Reader, lexeme: str) -> list[Node]:
    """Notes the number of a formula with the reader."""
    starred = reader.peek() == "*"
    if starred:
        reader.next()
    text = " ".join(reader.raw(lexeme).split())
    if starred:
        if text[:1] != "(" or text[-1:] != ")":
            raise LabelError(r"\tag* without parentheses")
        text = text[1:-1]
    _note_tag(reader, text)
    return []


def _note_tag(reader: Reader, text: str) -> None:
    if not text or re.search(r"[\\{}$%&#_^~]", text):
        raise LabelError(f"the tag {text!r}")
    reader.tags.append(text)


def read_equation_number(reader: Reader, lexeme: str) -> list[Node]:
    r"""Notes the number that \eqno sets: all up to the end of the formula. Source: TeXbook, chapter 19."""
    start, depth = reader.position, 0
    while (depth or reader.peek() not in _ENDS_OF_FORMULAS) and reader.peek():
        inner = reader.next()
        if inner == lexeme:
            raise LabelError(f"two {lexeme} in a formula")
        depth += (inner == "{") - (inner == "}")
    text = _NUMBER_FONTS.sub("", reader.text[start : reader.position])
    text = "".join(text.replace("{", "").replace("}", "").split())
    if text[:1] != "(" or text[-1:] != ")":
        raise LabelError(rf"{lexeme} without parentheses")
    _note_tag(reader, text[1:-1])
    return []


def read_chemistry(reader: Reader, lexeme: str) -> list[Node]:
    """A formula of mhchem, as it is but for its blanks."""
    raw = " ".join(reader.raw(lexeme).split())
    for name in _COMMAND.findall(raw):
        if name not in c.SYMBOLS and name not in c.SYNONYMS and name not in (r"\bond", r"\text"):
            raise LabelError(f"unknown command {name} in \\ce")
    if not raw or "\\(" in raw or "\\[" in raw:
        raise LabelError(rf"\ce{{{raw}}}")
    return [Opaque(rf"\ce{{{raw}}}", rf"\ce{{{raw}}}")]

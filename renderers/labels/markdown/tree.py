r"""What a page of Mathpix Markdown is: blocks in reading order, each of one line of text, a formula or a table.

A text is plain Unicode; what stands between `\(` and `\)` in it is a formula in LaTeX. Items of a list are blocks of
their own, so that a page can end between any two.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import msgspec

from renderers.core.errors import LabelError
from renderers.labels.latex import grammar as latex
from renderers.labels.latex.words import close_han
from renderers.labels.smiles import grammar as smiles
from renderers.labels.tables import grammar as tables
from renderers.labels.text import SOFT_HYPHEN, canonical_chars

Kind: TypeAlias = Literal[
    "title", "author", "abstract", "section", "subsection", "subsubsection", "paragraph", "formula", "item", "table",
    "code", "quote", "footnote", "image", "molecule",
]  # fmt: skip

FORMULA: Final = re.compile(r"\\\( .*? \\\)", re.DOTALL)
"""In a settled text: there formulas have a blank at each side."""

LOOSE_FORMULA: Final = re.compile(r"\\\((.*?)\\\)", re.DOTALL)
"""In any text."""

MARK: Final = "\ufffc"
"""Stands for a formula where only the words around it count."""

DEEPEST: Final = 4
"""Of items; the first level is 0."""

_SHAPING = f"\u200c\u200d{SOFT_HYPHEN}"


class Block(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    r"""A piece of a page.

    Attributes:
        kind: what it is; sections have three levels.
        text: words with formulas; of authors one to a line; of a formula `\[ ... \]`; of a table its tabular, both
            canonical; of code its lines; of an image nothing; of a molecule its canonical SMILES in tags.
        depth: of an item, from 0.
        number: of an item of a numbered list, -1 in other lists.
        done: whether the box of a task is ticked, None where there is none.
    """

    kind: Kind
    text: str = ""
    depth: int = 0
    number: int = -1
    done: bool | None = None


def settle(block: Block) -> Block:
    """The block with the canonical form of its text; soft hyphens stay.

    Raises:
        LabelError: it is not well made.
    """
    if block.kind == "formula":
        text = formula_text(block.text)
        if not (text.startswith(r"\[ ") and text.count(r"\[") == 1):
            raise LabelError("a displayed formula is wanted")
    elif block.kind == "table":
        text = tables.normalize(block.text)
    elif block.kind == "code":
        text = _code(block.text)
    elif block.kind == "molecule":
        text = smiles.normalize(block.text)
    elif block.kind == "image":
        text = ""
    elif block.kind == "author":
        text = "\n".join(settle_text(line) for line in block.text.split("\n"))
    else:
        text = settle_text(block.text)
    if block.kind == "item" and not 0 <= block.depth <= DEEPEST:
        raise LabelError(f"an item {block.depth + 1} levels deep")
    return msgspec.structs.replace(block, text=text) if text != block.text else block


@lru_cache(maxsize=2048)  # A page is written when it is drawn, and again when its label is checked.
def formula_text(text: str) -> str:
    r"""The canonical text of one formula in its delimiters.

    Raises:
        LabelError: not a formula.
    """
    return latex.normalize(text)


def settle_text(text: str) -> str:
    r"""The canonical text: `canonical_chars`, no blanks beside Chinese characters, canonical formulas.

    Raises:
        LabelError: it is empty, or holds what is no text.
    """
    formulas = LOOSE_FORMULA.findall(text)
    words = LOOSE_FORMULA.sub(MARK, text) if formulas else text
    if words.count(MARK) != len(formulas):
        raise LabelError("U+FFFC is no character of a text")
    if r"\(" in words or r"\)" in words or r"\[" in words or r"\]" in words:
        raise LabelError("words that would read as a formula")
    words = close_han(" ".join(canonical_chars(words).split()))
    if not words.replace(SOFT_HYPHEN, ""):
        raise LabelError("empty")
    if not words.isprintable():
        for char in words:
            if char not in _SHAPING and (unicodedata.category(char)[0] == "C" or char in "\u2028\u2029"):
                raise LabelError(f"U+{ord(char):04X} is no character of a text")
    if not formulas:
        return words
    canonical = iter([formula_text(rf"\({formula}\)") for formula in formulas])
    return re.sub(MARK, lambda _: next(canonical), words)


def _code(text: str) -> str:
    lines = [line.rstrip() for line in text.expandtabs(4).split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    code = unicodedata.normalize("NFC", "\n".join(lines))
    if not code or not all(line.isprintable() for line in lines):
        raise LabelError("code that is empty or does not print")
    if "```" in code:
        raise LabelError("a fence within code")
    return code


def split_formulas(text: str) -> list[tuple[str, bool]]:
    """Words and formulas of a settled text in turn, with whether they are a formula; no empty words."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for found in FORMULA.finditer(text):
        if found.start() > at:
            pieces.append((text[at : found.start()], False))
        pieces.append((found[0], True))
        at = found.end()
    if at < len(text):
        pieces.append((text[at:], False))
    return pieces

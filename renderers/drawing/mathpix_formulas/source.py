"""A target as the browser is to draw it: paragraphs of HTML, and formulas twice, without and with token marks.

Words and formulas are kept apart: only formulas are read as Markdown, so that a star or a bracket in the words is drawn
as it is in the target.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from renderers.core.errors import LabelError
from renderers.drawing.mathpix_formulas.writer import MathWriter, Rules
from renderers.labels.canonical import Span
from renderers.labels.latex import grammar as latex
from renderers.labels.latex.colour import MAX_TOKENS
from renderers.labels.latex.ink import split_words
from renderers.labels.latex.tree import Formula, Piece
from renderers.labels.latex.write import Key, LabelWriter

_Item: TypeAlias = tuple[int, str] | str
"""A word with the index of its token; or a space, or the HTML that a formula goes into."""

_SLOT = "<slot></slot>"
_DISPLAY = f'<div class="display">{_SLOT}</div>'

_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_GLUED_HEAD = re.compile(rf"(?:[^{_HAN}]+|[，。；：、？！）】》]+)?")
_GLUED_TAIL = re.compile(rf"(?:[^{_HAN}]+|[（【《]+)?$")
"""The part of a word that no line break may separate from a formula beside it: a whole Latin word, Chinese
punctuation."""


@dataclass(frozen=True, slots=True)
class Source:
    """A target to be drawn.

    Attributes:
        markup: the canonical target.
        spans: of its N tokens, in `markup`.
        html: its paragraphs; each word is in a <span> that names its token, and a <slot> stands for each formula.
        plain: the formulas, in order.
        marked: the same with token marks.
        tables: rules of the tables that have rules, by the index in their mark.
    """

    markup: str
    spans: tuple[Span, ...]
    html: str
    plain: tuple[str, ...]
    marked: tuple[str, ...]
    tables: tuple[Rules, ...]


def make_source(text: str) -> Source:
    """The source of a target, which need not be canonical.

    Raises:
        LabelError: not a target, or more tokens than there are marks.
    """
    pieces = latex.read(text)
    writer = LabelWriter()
    writer.write(pieces)
    if len(writer.spans) > MAX_TOKENS:
        raise LabelError(f"{len(writer.spans)} tokens, and marks for {MAX_TOKENS}")
    plain, marked = MathWriter({}), MathWriter(writer.ink)
    formulas = [piece for piece in pieces if isinstance(piece, Formula)]
    return Source(
        markup=writer.text,
        spans=tuple(writer.spans),
        html=_paragraphs(pieces, writer.ink),
        plain=tuple(plain.write_formula(formula) for formula in formulas),
        marked=tuple(marked.write_formula(formula) for formula in formulas),
        tables=tuple(marked.tables),
    )


def _paragraphs(pieces: Sequence[Piece], ink: Mapping[Key, int]) -> str:
    """HTML of prose with slots for formulas; a displayed formula is a paragraph of its own."""
    lines: list[list[_Item]] = [[]]
    for piece in pieces:
        if isinstance(piece, Formula):
            lines[-1:] = [lines[-1], [_DISPLAY], []] if piece.displayed else [[*lines[-1], _SLOT]]
            continue
        after = 0
        for at, ((start, stop), word) in enumerate(split_words(piece.text)):
            _space(lines, piece.text[after:start])
            lines[-1].append((ink[id(piece), f"word{at}"], word))
            after = stop
        _space(lines, piece.text[after:])
    return "".join(_DISPLAY if items == [_DISPLAY] else f"<p>{_line(items)}</p>" for items in lines if items)


def _space(lines: list[list[_Item]], spaces: str) -> None:
    """Adds the space between two words: a new line, one space, or nothing where there is none or the line is empty."""
    if "\n" in spaces:
        lines.append([])
    elif spaces and lines[-1]:
        lines[-1].append(" ")


def _line(items: Sequence[_Item]) -> str:
    """HTML of one line. A browser may break lines at any image, so what touches a formula shares a span with it."""
    runs: list[list[str]] = []
    open_run = False
    for at, item in enumerate(items):
        if isinstance(item, str):
            runs[-1:] = [[*runs[-1], item]] if open_run and item == _SLOT else [*runs[-1:], [item]]
            open_run = item == _SLOT
            continue
        token, word = item
        head = len(_GLUED_HEAD.findall(word)[0]) if open_run else 0
        tail = len(word) - (len(_GLUED_TAIL.findall(word)[0]) if items[at + 1 : at + 2] == [_SLOT] else 0)
        if head:
            runs[-1].append(_span(token, word[:head]))
        tail = max(head, tail)
        runs += [[_span(token, part)] for part in (word[head:tail], word[tail:]) if part]
        open_run = tail < len(word) or head == len(word)
    return "".join(f'<span class="glued">{"".join(run)}</span>' if len(run) > 1 else run[0] for run in runs)


def _span(token: int, text: str) -> str:
    return f'<span data-token="{token}">{html.escape(text)}</span>'

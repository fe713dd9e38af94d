"""A target as the browser is to draw it: paragraphs of HTML, and formulas twice, bare and with marks.

Words and formulas are kept apart: only formulas go through the reader of Markdown, so that a star or a bracket in the
words stands on the picture as it stands in the target.
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
"""A word with its token, a blank, or a formula."""

_SLOT = "<slot></slot>"
_DISPLAY = f'<div class="display">{_SLOT}</div>'

_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_HEAD = re.compile(rf"(?:[^{_HAN}]+|[，。；：、？！）】》]+)?")
_TAIL = re.compile(rf"(?:[^{_HAN}]+|[（【《]+)?$")
"""What of a word stays with a formula that it touches: all of a Latin one, marks of a Chinese one."""


@dataclass(frozen=True, slots=True)
class Source:
    """A target to be drawn.

    Attributes:
        markup: the canonical target.
        spans: of its tokens.
        html: its paragraphs; each word knows its token, and a <slot> stands for each formula.
        plain: the formulas, in order.
        marked: the same with marks.
        tables: those with rules, by the number of their mark.
    """

    markup: str
    spans: tuple[Span, ...]
    html: str
    plain: tuple[str, ...]
    marked: tuple[str, ...]
    tables: tuple[Rules, ...]


def make_source(text: str) -> Source:
    """A target, and how MathJax is to draw it.

    Raises:
        LabelError: not a target, or more tokens than marks.
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
    """Prose and slots; a displayed formula is a paragraph of its own."""
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


def _space(lines: list[list[_Item]], blanks: str) -> None:
    if "\n" in blanks:
        lines.append([])
    elif blanks and lines[-1]:
        lines[-1].append(" ")


def _line(items: Sequence[_Item]) -> str:
    """Words and slots; a browser would break a line beside any picture, so what touches a formula is glued to it."""
    runs: list[list[str]] = []
    open_run = False
    for at, item in enumerate(items):
        if isinstance(item, str):
            runs[-1:] = [[*runs[-1], item]] if open_run and item == _SLOT else [*runs[-1:], [item]]
            open_run = item == _SLOT
            continue
        token, word = item
        head = len(_HEAD.findall(word)[0]) if open_run else 0
        tail = len(word) - (len(_TAIL.findall(word)[0]) if items[at + 1 : at + 2] == [_SLOT] else 0)
        if head:
            runs[-1].append(_span(token, word[:head]))
        tail = max(head, tail)
        runs += [[_span(token, part)] for part in (word[head:tail], word[tail:]) if part]
        open_run = tail < len(word) or head == len(word)
    return "".join(f'<span class="glued">{"".join(run)}</span>' if len(run) > 1 else run[0] for run in runs)


def _span(token: int, text: str) -> str:
    return f'<span data-token="{token}">{html.escape(text)}</span>'

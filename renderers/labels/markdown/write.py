r"""From the blocks of a page to its canonical text, and which characters of it each character on the picture shows.

A character of the words has a backslash before it only where Mathpix Markdown would take it for something else; where
that hangs on its neighbours, so does the backslash.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from renderers.core.errors import LabelError
from renderers.labels.canonical import Span
from renderers.labels.markdown.tree import LOOSE_FORMULA, MARK, Block, settle, split_formulas
from renderers.labels.tables import grammar as tables
from renderers.labels.tables.escape import unescape

BULLET = "\u2022"
UNTICKED, TICKED = "\u2610", "\u2611"

_SPECIAL = re.compile(r"[\\`*_$~^<]|&(?=#?\w+;)|=(?==)|\+(?=\+)|\](?=\()")
_LEADING = re.compile(r"#(?=#{0,5}(?:\s|$))|[-+](?=[-+\s]|$)|>|[:=](?=\s|$)|(?<=\d)[.)](?=\s|$)|(?<=\]):")
_LEADER = re.compile(r"(?:\d{1,9}|\[[^\]]*\])?")
_SECTIONS = {"section": r"\section*", "subsection": r"\subsection*", "subsubsection": r"\subsubsection*"}
_ABSTRACT = "Abstract"


@dataclass(frozen=True, slots=True)
class Placed:
    r"""A block where it stands in the target.

    Attributes:
        block: with its canonical text.
        span: of the target.
        chars: what the picture shows of it, blanks left out: a formula, image or molecule is one character, U+FFFC; the
            bullet of an item is one too, and the heading of an abstract is said by its \begin.
        spans: of each of `chars`; in a table, of its cell.
    """

    block: Block
    span: Span
    chars: str
    spans: tuple[Span, ...]


class _Pen:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.chars: list[str] = []
        self.spans: list[Span] = []

    def put(self, text: str, char: str = "") -> None:
        """Text; `char` is what it shows as a whole."""
        if char:
            self.chars.append(char)
            self.spans.append((self.length, self.length + len(text)))
        self.pieces.append(text)
        self.length += len(text)

    def put_words(self, text: str, leading: bool = True) -> None:
        """Words with formulas, each character of the words with its span."""
        for piece, is_formula in split_formulas(text):
            if is_formula:
                self.put(piece, MARK)
            else:
                self._put_plain(piece, leading)
            leading = False

    def _put_plain(self, words: str, leading: bool) -> None:
        escaped = {found.start() for found in _SPECIAL.finditer(words)}
        if leading and (opening := _LEADER.match(words)) and (found := _LEADING.match(words, opening.end())):
            escaped.add(found.start())
        start = self.length
        for at, char in enumerate(words):
            stop = start + 1 + (at in escaped)
            if char != " ":
                self.chars.append(char)
                self.spans.append((start, stop))
            start = stop
        self.length = start
        self.pieces += [f"\\{char}" if at in escaped else char for at, char in enumerate(words)] if escaped else [words]

    def put_lines(self, text: str) -> None:
        for char in text:
            self.put(char, "" if char.isspace() else char)


def write(blocks: Sequence[Block]) -> tuple[str, tuple[Placed, ...]]:
    """The canonical text of a page, and where each block stands in it.

    Raises:
        LabelError: a block is not well made, or there is none.
    """
    if not blocks:
        raise LabelError("empty")
    pen = _Pen()
    placed: list[Placed] = []
    indents: list[int] = []
    before: Block | None = None
    for given in blocks:
        block = settle(given)
        pen.put(_between(before, block))
        pen.chars, pen.spans = [], []
        if block.kind == "item":
            if before is None or before.kind != "item":
                indents = []
            _indent(pen, block, indents)
        start = pen.length
        _put(pen, block)
        placed.append(Placed(block, (start, pen.length), "".join(pen.chars), tuple(pen.spans)))
        before = block
    return "".join(pen.pieces), tuple(placed)


def _between(before: Block | None, block: Block) -> str:
    if before is None:
        return ""
    if before.kind == block.kind == "quote":
        return "\n>\n"
    return "\n" if before.kind == block.kind == "item" else "\n\n"


def _marker(block: Block) -> str:
    return "-" if block.number < 0 else f"{block.number}."


def _indent(pen: _Pen, block: Block, indents: list[int]) -> None:
    """Blanks before an item: as wide as the markers of the items that it is in."""
    if block.depth > len(indents):
        raise LabelError("an item two levels below the one before")
    del indents[block.depth :]
    pen.put(" " * sum(indents))
    indents.append(len(_marker(block)) + 1)


def _put(pen: _Pen, block: Block) -> None:
    kind = block.kind
    if kind in ("formula", "image", "molecule"):
        pen.put("![]()" if kind == "image" else block.text, MARK)
    elif kind == "table":
        _put_table(pen, block.text)
    elif kind == "code":
        pen.put("```\n")
        pen.put_lines(block.text)
        pen.put("\n```")
    elif kind in _SECTIONS:
        _put_argument(pen, _SECTIONS[kind], block.text, "")
    elif kind in ("title", "footnote"):
        _put_argument(pen, r"\title" if kind == "title" else r"\footnotetext", block.text, "\n")
    elif kind == "author":
        _put_authors(pen, block.text)
    elif kind == "abstract":
        _put_abstract(pen, block.text)
    else:
        _put_line(pen, block)


def _put_line(pen: _Pen, block: Block) -> None:
    if block.kind == "quote":
        pen.put("> ")
    if block.kind == "item":
        if block.number < 0 and block.done is None:
            pen.put("-", BULLET)
        elif block.number >= 0:
            pen.put_lines(_marker(block))
        else:
            pen.put("-")
        pen.put(" ")
        if block.done is not None:
            pen.put("[x]" if block.done else "[ ]", TICKED if block.done else UNTICKED)
            pen.put(" ")
        elif re.match(r"\[[ xX]\] ", block.text):
            raise LabelError("an item that would read as a task")
    pen.put_words(block.text)


def _put_table(pen: _Pen, text: str) -> None:
    start = pen.length
    pen.put(text)
    for (first, last), said in tables.inked_spans(text):
        chars = "".join(LOOSE_FORMULA.sub(MARK, unescape(said)).split())
        pen.chars += chars
        pen.spans += [(start + first, start + last)] * len(chars)


def _put_argument(pen: _Pen, command: str, text: str, end: str) -> None:
    if not _balanced(text) or "\\" in LOOSE_FORMULA.sub("", text):
        raise LabelError(f"braces of {command} that do not pair, or a backslash")
    pen.put(f"{command}{{{end}")
    pen.put_words(text, leading=command == r"\footnotetext")
    pen.put(f"{end}}}")


def _put_authors(pen: _Pen, text: str) -> None:
    pen.put("\\author{\n")
    for index, line in enumerate(text.split("\n")):
        if not _balanced(line) or "\\\\" in line or "\\" in LOOSE_FORMULA.sub("", line):
            raise LabelError(r"braces of \author that do not pair, or a break of its lines")
        pen.put(" \\\\\n" if index else "")
        pen.put_words(line)
    pen.put("\n}")


def _put_abstract(pen: _Pen, text: str) -> None:
    start = pen.length
    pen.put("\\begin{abstract}")
    pen.chars += _ABSTRACT
    pen.spans += [(start, pen.length)] * len(_ABSTRACT)
    pen.put("\n")
    pen.put_words(text)
    pen.put("\n\\end{abstract}")


def _balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0


def head_of(block: Block, num_chars: int) -> Block:
    """The part of a block that shows so many of its characters; what is not running text stays whole."""
    if block.kind not in ("paragraph", "item", "quote", "abstract", "footnote"):
        return block
    if block.kind == "item":
        num_chars -= 1 if block.number < 0 else len(_marker(block))
    elif block.kind == "abstract":
        num_chars -= len(_ABSTRACT)
    pieces: list[str] = []
    for piece, is_formula in split_formulas(block.text):
        if num_chars <= 0:
            break
        if is_formula:
            num_chars -= 1
            pieces.append(piece)
            continue
        taken = 0
        for char in piece:
            num_chars -= not char.isspace()
            if num_chars < 0:
                break
            taken += 1
        pieces.append(piece[:taken])
    return msgspec.structs.replace(block, text="".join(pieces))

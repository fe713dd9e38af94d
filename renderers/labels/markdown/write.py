r"""From the blocks of a page to its canonical text, and which characters of it each character on the picture shows.

A character of the words has a backslash before it only where Mathpix Markdown would read it as markup; where that
depends on its neighbours, so does the backslash.
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
    r"""A block and its position in the target.

    Attributes:
        block: with its canonical text.
        span: of the target.
        chars: what the picture shows of it, blanks left out: a formula, image or molecule is one character, U+FFFC; the
            bullet of an item is one too, and the heading of an abstract belongs to its \begin.
        spans: of each of `chars`; in a table, of its cell.
    """

    block: Block
    span: Span
    chars: str
    spans: tuple[Span, ...]


class _SpanWriter:
    """Text under construction, and the characters on the picture with their spans in it."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.chars: list[str] = []
        self.spans: list[Span] = []

    def put(self, text: str, char: str = "") -> None:
        """Appends a text; `char` is the one character that all of it shows on the picture, if any."""
        if char:
            self.chars.append(char)
            self.spans.append((self.length, self.length + len(text)))
        self.pieces.append(text)
        self.length += len(text)

    def put_words(self, text: str, leading: bool = True) -> None:
        """Appends words with formulas; each character of the words has a span of its own."""
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
    """The canonical text of a page, and the position of each block in it.

    Raises:
        LabelError: a block is not well made, or there is none.
    """
    if not blocks:
        raise LabelError("empty")
    out = _SpanWriter()
    placed: list[Placed] = []
    indents: list[int] = []
    before: Block | None = None
    for given in blocks:
        block = settle(given)
        out.put(_between(before, block))
        out.chars, out.spans = [], []
        if block.kind == "item":
            if before is None or before.kind != "item":
                indents = []
            _indent(out, block, indents)
        start = out.length
        _put(out, block)
        placed.append(Placed(block, (start, out.length), "".join(out.chars), tuple(out.spans)))
        before = block
    return "".join(out.pieces), tuple(placed)


def _between(before: Block | None, block: Block) -> str:
    if before is None:
        return ""
    if before.kind == block.kind == "quote":
        return "\n>\n"
    return "\n" if before.kind == block.kind == "item" else "\n\n"


def _marker(block: Block) -> str:
    return "-" if block.number < 0 else f"{block.number}."


def _indent(out: _SpanWriter, block: Block, indents: list[int]) -> None:
    """Blanks before an item: as wide as the markers of the items that it is in."""
    if block.depth > len(indents):
        raise LabelError("an item two levels below the one before")
    del indents[block.depth :]
    out.put(" " * sum(indents))
    indents.append(len(_marker(block)) + 1)


def _put(out: _SpanWriter, block: Block) -> None:
    kind = block.kind
    if kind in ("formula", "image", "molecule"):
        out.put("![]()" if kind == "image" else block.text, MARK)
    elif kind == "table":
        _put_table(out, block.text)
    elif kind == "code":
        out.put("```\n")
        out.put_lines(block.text)
        out.put("\n```")
    elif kind in _SECTIONS:
        _put_argument(out, _SECTIONS[kind], block.text, "")
    elif kind in ("title", "footnote"):
        _put_argument(out, r"\title" if kind == "title" else r"\footnotetext", block.text, "\n")
    elif kind == "author":
        _put_authors(out, block.text)
    elif kind == "abstract":
        _put_abstract(out, block.text)
    else:
        _put_line(out, block)


def _put_line(out: _SpanWriter, block: Block) -> None:
    if block.kind == "quote":
        out.put("> ")
    if block.kind == "item":
        if block.number < 0 and block.done is None:
            out.put("-", BULLET)
        elif block.number >= 0:
            out.put_lines(_marker(block))
        else:
            out.put("-")
        out.put(" ")
        if block.done is not None:
            out.put("[x]" if block.done else "[ ]", TICKED if block.done else UNTICKED)
            out.put(" ")
        elif re.match(r"\[[ xX]\] ", block.text):
            raise LabelError("an item that would read as a task")
    out.put_words(block.text)


def _put_table(out: _SpanWriter, text: str) -> None:
    start = out.length
    out.put(text)
    for (first, last), content in tables.inked_spans(text):
        chars = "".join(LOOSE_FORMULA.sub(MARK, unescape(content)).split())
        out.chars += chars
        out.spans += [(start + first, start + last)] * len(chars)


def _put_argument(out: _SpanWriter, command: str, text: str, end: str) -> None:
    if not _balanced(text) or "\\" in LOOSE_FORMULA.sub("", text):
        raise LabelError(f"braces of {command} that do not pair, or a backslash")
    out.put(f"{command}{{{end}")
    out.put_words(text, leading=command == r"\footnotetext")
    out.put(f"{end}}}")


def _put_authors(out: _SpanWriter, text: str) -> None:
    out.put("\\author{\n")
    for index, line in enumerate(text.split("\n")):
        if not _balanced(line) or "\\\\" in line or "\\" in LOOSE_FORMULA.sub("", line):
            raise LabelError(r"braces of \author that do not pair, or a break of its lines")
        out.put(" \\\\\n" if index else "")
        out.put_words(line)
    out.put("\n}")


def _put_abstract(out: _SpanWriter, text: str) -> None:
    start = out.length
    out.put("\\begin{abstract}")
    out.chars += _ABSTRACT
    out.spans += [(start, out.length)] * len(_ABSTRACT)
    out.put("\n")
    out.put_words(text)
    out.put("\n\\end{abstract}")


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

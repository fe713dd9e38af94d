"""The running text of Markdown: paragraphs and headings as they read, without code, tables, pictures, notes and marks.

CommonMark with tables, read by markdown-it-py; before that, what is no CommonMark is taken out: the table of properties
that a file may begin with, and the notes at its end.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from pipelines.corpora.text.html import read_html
from pipelines.corpora.text.pieces import Kind, Piece, is_verse, join_lines
from pipelines.corpora.text.raised import InlineText

_PART_CHARS = 1 << 20
"""A longer file is read in parts of about this size; a link may have its address in its own part only."""
_MAX_PROPERTIES = 1000
_PROPERTIES = {"---": ("---", "..."), "+++": ("+++",)}
_NOTE = re.compile(r" {0,3}\[\^[^\]\s]{1,80}\]:")
_NOTE_MARK = re.compile(r"\[\^[^\]\s]{1,80}\]|\^\[[^\[\]]{1,500}\]")
_TASK = re.compile(r"\[[ xX]\]\s+")
_ATTRIBUTES = re.compile(r"\s*\{[#.:][^{}]{0,200}\}\s*$")
_TAG = re.compile(r"<(/?)(sup|sub|br)\b", re.IGNORECASE)


def read_markdown(lines: Iterable[str]) -> Iterator[Piece]:
    """The pieces of a file."""
    for part in _parts(_without_notes(_without_properties(iter(lines)))):
        tokens = _parser().parse(part)
        skipped = False
        for at, token in enumerate(tokens):
            if token.type in ("table_open", "table_close"):
                skipped = token.type == "table_open"
            elif token.type == "html_block":
                yield from read_html([token.content])
            elif token.type == "inline" and not skipped:
                is_heading = tokens[at - 1].type == "heading_open"
                is_item = at > 1 and tokens[at - 2].type == "list_item_open"
                yield from _pieces(token, "heading" if is_heading else "paragraph", is_item)


def _pieces(token: Token, kind: Kind, is_item: bool) -> Iterator[Piece]:
    text, num_code = _read_inline(token.children or [])
    if is_item:
        text = _TASK.sub("", text, count=1) if _TASK.match(text) else text
    if kind == "heading":
        text = _ATTRIBUTES.sub("", text)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not lines:
        return
    if kind == "paragraph" and is_verse(lines):
        yield Piece("verse", "\n".join(lines), num_code)
    else:
        yield Piece(kind, join_lines(lines), num_code)


def _read_inline(tokens: list[Token]) -> tuple[str, int]:
    """The text, with line feeds where its lines end, and how many of its characters are code."""
    inline, num_code = InlineText(), 0
    for token in tokens:
        if token.type == "text":
            inline.add(_NOTE_MARK.sub("", token.content))
        elif token.type == "code_inline":
            inline.add(token.content)
            num_code += len(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            inline.add("\n")
        elif token.type == "html_inline" and (tag := _TAG.match(token.content)):
            closes, name = bool(tag[1]), tag[2].lower()
            if name == "br":
                inline.add("\n")
            elif closes:
                inline.close(name)
            else:
                inline.open(name)
    return inline.take(), num_code


def _without_properties(lines: Iterator[str]) -> Iterator[str]:
    """The lines behind a table of properties (YAML or TOML) at the start of a file."""
    held: list[str] = []
    closes: tuple[str, ...] = ()
    for line in lines:
        if not held:
            closes = _PROPERTIES.get(line.strip("\ufeff \t\r\n"), ())
        held.append(line)
        # A rule has a blank line behind it.
        if not closes or len(held) > _MAX_PROPERTIES or (len(held) == 2 and not line.strip()):
            break
        if len(held) > 1 and line.rstrip() in closes:
            held = []
            break
    yield from held
    yield from lines


def _without_notes(lines: Iterator[str]) -> Iterator[str]:
    in_note = after_blank = False
    for line in lines:
        if _NOTE.match(line):
            in_note = True
        elif in_note and line.strip() and after_blank and not line.startswith(("    ", "\t")):
            in_note = False
        after_blank = not line.strip()
        if not in_note or after_blank:
            yield line


def _parts(lines: Iterable[str]) -> Iterator[str]:
    part: list[str] = []
    num_chars = 0
    for line in lines:
        if num_chars >= _PART_CHARS and (not line.strip() or num_chars >= 2 * _PART_CHARS):
            yield "".join(part)
            part, num_chars = [], 0
        part.append(line if line.endswith("\n") else f"{line}\n")
        num_chars += len(line)
    if part:
        yield "".join(part)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])

"""Blocks of plain text: which lines are one paragraph, which are headings, which are verse.

Lines are read and pieces are returned one by one, so a file of any size takes the memory of one block.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pipelines.corpora.text.hyphens import join_broken

Kind = Literal["paragraph", "heading", "verse"]

_MAX_BLOCK_LINES = 1000
_LONG_LINE = 120
"""Characters. Lines that are longer on average are not wrapped: each is a paragraph."""
_MAX_VERSE = 60
_MAX_HAN_VERSE = 24
_MAX_HEADING = 80

_HAN = r"\u3040-\u30ff\u3400-\u9fff"
_HAN_LINE = re.compile(rf"[{_HAN}]")
_HAN_PAUSE = re.compile(r"[，。？！；：、…][」』”’]?$")
_DENSE = re.compile(rf"[{_HAN}\uff00-\uffef\u3000-\u303f\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_BULLET = re.compile(r"^\s*(?:[-*+•·–]|\(?\d{1,3}[.)])\s+(?=\S)")
_STOP = re.compile(r"[.!?…。！？؟۔।॥:;：；,，、]['\"”’»」』)]*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of text.

    Attributes:
        kind: what it is.
        text: as it was read; verse has line feeds between its lines.
        num_code: number of its characters that were marked as code.
    """

    kind: Kind
    text: str
    num_code: int = 0


def read_plain(lines: Iterable[str]) -> Iterator[Piece]:
    """The pieces of plain text; a blank line ends a block."""
    block: list[str] = []
    for line in lines:
        if line.strip() and len(block) < _MAX_BLOCK_LINES:
            block.append(line)
        else:
            yield from _pieces(block)
            block = [line] if line.strip() else []
    yield from _pieces(block)


def _pieces(block: list[str]) -> Iterator[Piece]:
    lines = [line.strip() for line in block]
    if not lines:
        return
    if is_verse(lines):
        yield Piece("verse", "\n".join(lines))
    elif len(lines) == 1:
        text = _BULLET.sub("", lines[0], count=1)
        is_heading = text == lines[0] and len(text) <= _MAX_HEADING and not _STOP.search(text)
        yield Piece("heading" if is_heading else "paragraph", text)
    elif sum(map(len, lines)) > _LONG_LINE * len(lines):
        yield from (Piece("paragraph", line) for line in lines)
    else:
        yield from (Piece("paragraph", join_lines(item)) for item in _items(block))


def _items(block: list[str]) -> Iterator[list[str]]:
    """Lines of each paragraph; an item of a list is one."""
    item: list[str] = []
    for line in block:
        text = _BULLET.sub("", line, count=1)
        if text != line and item:
            yield item
            item = []
        item.append(text.strip())
    yield item


def is_verse(lines: list[str]) -> bool:
    """Whether the lines of a block are verse: short, and each begins or ends like a verse of its script."""
    if len(lines) < 4:
        return False
    han = sum(_HAN_LINE.match(line) is not None for line in lines) > len(lines) / 2
    if han:
        paused = sum(_HAN_PAUSE.search(line) is not None for line in lines)
        return max(map(len, lines)) <= _MAX_HAN_VERSE and paused >= 0.8 * len(lines)
    capitals = sum(line.lstrip("\"'“‘«¿¡—")[:1].isupper() for line in lines)
    bullets = sum(_BULLET.match(line) is not None for line in lines)
    return max(map(len, lines)) <= _MAX_VERSE and capitals >= 0.9 * len(lines) and not bullets


def join_lines(lines: list[str]) -> str:
    """Wrapped lines as one: scripts that write no blanks get none, and a hyphen at the end of a line may be `BREAK`."""
    text = lines[0]
    for line in lines[1:]:
        if not line:
            continue
        joined = join_broken(text, line)
        if joined is not None:
            text = joined
        elif text and _DENSE.match(text[-1]) and _DENSE.match(line[0]):
            text += line
        else:
            text += f" {line}"
    return text

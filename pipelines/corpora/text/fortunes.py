"""Chinese poems of the program fortune: a title, a poet, the lines, and a percent sign."""

import re
from collections.abc import Iterable, Iterator

from pipelines.corpora.text.pieces import Piece

_COLOUR = re.compile(r"\x1b\[\d*(?:;\d+)*m")
_TITLE = re.compile(r"^(?:题目[:：])?\s*《(.+)》")
_POET = re.compile(r"^作者[:：]\s*([^\s（(]+)")
_LINE = re.compile(r"^[\u3400-\u9fff，。！？；、]{4,40}$")
_SPLIT = re.compile(r"(?<=[。！？；])(?=[\u3400-\u9fff])")
_MAX_LINE = 16
_MIN_LINES = 2


def read_fortunes(lines: Iterable[str]) -> Iterator[list[Piece]]:
    """The pieces of each poem: its title, its poet as another heading, its stanzas."""
    poem: list[str] = []
    for line in lines:
        if line.strip() != "%":
            poem.append(_COLOUR.sub("", line).strip())
        elif pieces := _poem(poem):
            yield pieces
            poem = []
        else:
            poem = []
    if pieces := _poem(poem):
        yield pieces


def _poem(lines: list[str]) -> list[Piece]:
    pieces: list[Piece] = []
    stanza: list[str] = []
    for line in [*lines, ""]:
        if title := _TITLE.match(line):
            pieces.append(Piece("heading", title[1].replace("・", "·")))
        elif _LINE.match(line):
            stanza += _SPLIT.split(line) if len(line) > _MAX_LINE else [line]
        elif stanza and not _POET.match(line):
            if len(stanza) >= _MIN_LINES and max(map(len, stanza)) <= _MAX_LINE:
                pieces.append(Piece("verse", "\n".join(stanza)))
            stanza = []
    return pieces if any(piece.kind == "verse" for piece in pieces) else []

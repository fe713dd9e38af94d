"""Paragraphs of manual pages in roff: the text of paragraph macros, without lists and displays."""

import re
from collections.abc import Iterable, Iterator

from pipelines.corpora.text.pieces import Piece, join_lines

_PARAGRAPH = frozenset({"PP", "P", "LP", "HP", "sp", "br", "SH", "SS", "Pp", "Sh", "Ss"})
_INLINE = frozenset({"B", "I", "BR", "IR", "RB", "RI", "BI", "IB", "SM", "SB"})
_LIST = frozenset({"TP", "IP", "It", "TQ"})
_HIDDEN = {"nf": "fi", "EX": "EE", "TS": "TE", "Bd": "Ed", "eo": "ec"}
_FONT = re.compile(r"\\f(?:[BIRPC]|\(..|\[[^\]]*\])|\\s[-+]?\d|\\[&/,:^|%c]|\\m\[[^\]]*\]")
_ESCAPES = {
    r"\-": "-",
    r"\(em": "—",
    r"\(en": "–",
    r"\(aq": "'",
    r"\(dq": '"',
    r"\(lq": "“",
    r"\(rq": "”",
    r"\(co": "©",
    r"\(bu": "•",
    r"\e": "\\",
    r"\ ": " ",
    r"\~": " ",
}
_ESCAPE = re.compile("|".join(map(re.escape, _ESCAPES)))
_ARGUMENT = re.compile(r'"((?:[^"]|"")*)"|(\S+)')


def read_man(lines: Iterable[str]) -> Iterator[Piece]:
    """The pieces of a page."""
    page = _Page()
    for line in lines:
        yield from page.read(line.rstrip("\n"))
    yield from page.flush()


class _Page:
    def __init__(self) -> None:
        self._text: list[str] = []
        self._hidden = ""
        """The macro that ends a display."""
        self._in_list = False

    def read(self, line: str) -> Iterator[Piece]:
        """Take a line; the pieces that it ends."""
        macro = line[1:].split(None, 1)[0] if line[:1] in (".", "'") and line[1:].strip() else ""
        if self._hidden:
            self._hidden = "" if macro == self._hidden else self._hidden
        elif macro in _INLINE:
            self._add(_arguments(line, alternating=len(macro) == 2 and macro != "SM"))
        elif line.strip() and line[0] not in ".'":
            self._add(line)
        elif not macro.startswith('\\"'):
            yield from self.flush()
            yield from self._begin(macro, line)

    def flush(self) -> Iterator[Piece]:
        """End the current paragraph."""
        if self._text:
            yield Piece("paragraph", join_lines(self._text))
        self._text = []

    def _add(self, text: str) -> None:
        if not self._in_list:
            self._text.append(_plain(text))

    def _begin(self, macro: str, line: str) -> Iterator[Piece]:
        self._hidden = _HIDDEN.get(macro, "")
        if macro in _LIST:
            self._in_list = True
        elif macro in _PARAGRAPH:
            self._in_list = False
        if macro in ("SH", "SS") and (title := _plain(_arguments(line))):
            yield Piece("heading", title)


def _arguments(line: str, *, alternating: bool = False) -> str:
    words = [(quoted or word).replace('""', '"') for quoted, word in _ARGUMENT.findall(line.partition(" ")[2])]
    return ("" if alternating else " ").join(words)


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda escape: _ESCAPES[escape[0]], _FONT.sub("", text)).strip()

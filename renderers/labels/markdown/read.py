r"""From the text of a page to its blocks: what people and models write, not only the canonical text.

Weights, slants, links' addresses and the names of pictures cannot be seen, so they are skipped; a line is a
paragraph, as Mathpix Markdown breaks lines where its source does. Tables of Markdown become tabulars with all rules,
which is how they are drawn. A command of LaTeX that is not known is an error that names it.
"""

import re
from collections.abc import Callable, Iterator

from renderers.core.errors import LabelError
from renderers.labels.markdown.tree import DEEPEST, Block, Kind
from renderers.labels.markdown.words import read_words
from renderers.labels.smiles import grammar as smiles
from renderers.labels.tables import grammar as tables
from renderers.labels.tables.tree import Align, Cell, Rule, Table
from renderers.labels.text import SOFT_HYPHEN

_COMMANDS: dict[str, Kind] = {
    "title": "title", "author": "author", "section": "section", "subsection": "subsection",
    "subsubsection": "subsubsection", "footnotetext": "footnote",
}  # fmt: skip
_HEADS: tuple[Kind, ...] = ("section", "subsection", "subsubsection")
_COMMAND = re.compile(rf"\\({'|'.join(_COMMANDS)})\*?\s*(?:\[[^\]]*\])?\s*\{{")
_BEGIN = re.compile(r"\\begin\s*\{\s*(\w+\*?)\s*\}(?:\[[^\]]*\])?")
_NAMED = re.compile(r"\\(begin|end)\s*\{\s*([A-Za-z]+\*?)\s*\}")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)(?:\s+#+)?$")
_ITEM = re.compile(r"( *)(?:([-+*])|(\d{1,9})[.)])(?: +|$)(.*)")
_TASK = re.compile(r"\[([ xX])\] +(.*)")
_IMAGE = re.compile(r"!\[(?:[^\]\\]|\\.)*\]\([^()]*\)(?:\{[^{}]*\})?|\\includegraphics(?:\[[^\]]*\])?\{[^{}]*\}")
_DRAWING = re.compile(rf"{_IMAGE.pattern}|(?<!\\){smiles.OPEN}(?:(?!{smiles.OPEN}).)*?{smiles.CLOSE}")
_CAPTION = re.compile(r"\\caption\*?(?:\[[^\]]*\])?\{")
_ROW = re.compile(r"\s*\|.*\|\s*")
_DELIMITERS = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*")
_TABLES = ("tabular", "tabular*", "tabularx", "longtable")
_IDLE = re.compile(
    r"\\(?:maketitle|centering|noindent|hline|captionsetup\{[^{}]*\}|label\{[^{}]*\}|newpage|hfill)(?![A-Za-z])"
)


def read(text: str) -> list[Block]:
    """The blocks of a page.

    Raises:
        LabelError: not a page; names what is not known.
    """
    return list(_Reader(text.replace("\r\n", "\n").replace(SOFT_HYPHEN, "")).blocks())


class _Reader:
    """Reads the lines of a page from top to bottom."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._at = 0
        self._indents: list[int] = []

    def blocks(self) -> Iterator[Block]:
        """All blocks."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if not line.strip():
                self._at += 1
                continue
            item = _ITEM.fullmatch(line)
            if item is not None and not re.fullmatch(r"\s*([-*])(?:\s*\1){2,}\s*", line):
                self._at += 1
                yield self._item(item)
                continue
            self._indents = []
            yield from self._block(line.strip())

    def _block(self, line: str) -> Iterator[Block]:
        if line.startswith("```"):
            yield Block("code", self._fenced(line))
        elif line.startswith((r"\[", "$$")):
            yield self._displayed(line)
        elif found := _COMMAND.match(line):
            yield self._command(found)
        elif found := _BEGIN.match(line):
            yield from self._environment(found[1])
        elif line.startswith(">"):
            self._at += 1
            if words := line.lstrip("> "):
                yield Block("quote", read_words(words))
        elif found := _HEADING.match(line):
            self._at += 1
            yield Block(_HEADS[min(len(found[1]), 3) - 1], read_words(found[2]))
        elif _ROW.fullmatch(line) and _DELIMITERS.fullmatch(self._peek(1)):
            yield self._piped()
        else:
            self._at += 1
            yield from _paragraph(line)

    def _peek(self, ahead: int) -> str:
        return self._lines[self._at + ahead] if self._at + ahead < len(self._lines) else ""

    def _until(self, ended: Callable[[str], bool], what: str) -> str:
        """Lines up to the first with which `ended` holds; `what` names them in the error."""
        for stop in range(self._at, len(self._lines)):
            if ended(text := "\n".join(self._lines[self._at : stop + 1])):
                self._at = stop + 1
                return text
        raise LabelError(f"no end of {what}")

    def _item(self, found: re.Match[str]) -> Block:
        indent = len(found[1])
        while self._indents and self._indents[-1] > indent:
            self._indents.pop()
        if not self._indents or self._indents[-1] < indent:
            self._indents.append(indent)
        depth = min(len(self._indents) - 1, DEEPEST)
        words, done = found[4].strip(), None
        if not found[3] and (task := _TASK.fullmatch(words)):
            words, done = task[2], task[1] != " "
        return Block("item", read_words(words), depth, int(found[3]) if found[3] else -1, done)

    def _fenced(self, line: str) -> str:
        fence = "`" * (len(line) - len(line.lstrip("`")))
        self._at += 1
        code: list[str] = []
        while self._at < len(self._lines) and self._lines[self._at].strip() != fence:
            code.append(self._lines[self._at])
            self._at += 1
        if self._at == len(self._lines):
            raise LabelError("no end of code")
        self._at += 1
        return "\n".join(code)

    def _displayed(self, line: str) -> Block:
        opens, closes = (r"\[", r"\]") if line.startswith(r"\[") else ("$$", "$$")
        text = self._until(lambda text: closes in text.lstrip()[2:], opens).strip()
        if not text.endswith(closes):
            raise LabelError(f"words behind the formula {text[-20:]!r}")
        return Block("formula", text)

    def _command(self, found: re.Match[str]) -> Block:
        kind = _COMMANDS[found[1]]
        text = self._until(lambda text: _argument(text) is not None, "\\" + found[1]).strip()
        argument, after = _argument(text) or ("", "")
        if after.strip():
            raise LabelError(f"words behind \\{found[1]}: {after.strip()[:20]!r}")
        if kind == "author":
            parts = re.split(r"\\\\|\\and(?![A-Za-z])", argument)
            lines = [read_words(" ".join(part.split())) for part in parts if part.strip()]
            return Block("author", "\n".join(lines))
        return Block(kind, read_words(argument))

    def _environment(self, name: str) -> Iterator[Block]:
        end = re.compile(rf"\\end\s*\{{\s*{re.escape(name)}\s*\}}")
        lines = self._until(lambda text: end.search(text, text.rfind("\n") + 1) is not None, name).strip()
        text, end_text = _NAMED.sub(r"\\\1{\2}", lines), rf"\end{{{name}}}"
        if not text.endswith(end_text):
            raise LabelError(f"words behind {name}")
        inside = _BEGIN.sub("", text, count=1)[: -len(end_text)]
        if name == "abstract":
            yield Block("abstract", read_words(inside))
        elif name in _TABLES:
            yield Block("table", text)
        elif name in ("table", "table*", "figure", "figure*"):
            yield from _float(inside)
        elif name in ("itemize", "enumerate"):
            yield from _listing(inside, name == "enumerate")
        elif name in ("quote", "quotation", "center"):
            kind: Kind = "paragraph" if name == "center" else "quote"
            yield from (Block(kind, read_words(line)) for line in inside.split("\n") if line.strip())
        else:
            yield Block("formula", text)

    def _piped(self) -> Block:
        first = self._at
        while self._at < len(self._lines) and _ROW.fullmatch(self._lines[self._at]):
            self._at += 1
        rows = [_cells(line) for line in self._lines[first : self._at]]
        aligns = tuple(_align(cell) for cell in rows[1])
        num = len(aligns)
        body = [rows[0], *rows[2:]]
        cells = tuple(tuple(Cell(read_words(text) if text else "") for text in row) for row in body)
        every: tuple[Rule, ...] = ((0, num - 1),)
        table = Table(aligns, (1,) * (num + 1), cells, (every,) * (len(body) + 1), num_head=1)
        return Block("table", tables.write(table)[0])


def _cells(line: str) -> list[str]:
    return [cell.replace(r"\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])]


def _align(cell: str) -> Align:
    if cell.endswith(":"):
        return "c" if cell.startswith(":") else "r"
    return "l"


def _argument(text: str) -> tuple[str, str] | None:
    """What stands in the first braces of a text, and what behind them; None where they do not end."""
    start = text.index("{")
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0:
            return text[start + 1 : at], text[at + 1 :]
    return None


def _paragraph(line: str) -> Iterator[Block]:
    """A line of words; pictures and molecules in it are blocks."""
    at = 0
    for found in _DRAWING.finditer(line):
        if before := line[at : found.start()].strip():
            yield Block("paragraph", read_words(before))
        yield Block("molecule", found[0]) if found[0].startswith(smiles.OPEN) else Block("image")
        at = found.end()
    if (rest := line[at:].strip()) and _IDLE.sub("", rest).strip():
        yield Block("paragraph", read_words(_IDLE.sub("", rest)))


def _float(inside: str) -> Iterator[Block]:
    """A table or figure with its caption, which is a paragraph where it stands."""
    text = _IDLE.sub("", inside).strip()
    caption = _CAPTION.search(text)
    if caption is None:
        yield from read(text)
        return
    words, after = _argument(text[caption.start() :]) or ("", "")
    if before := text[: caption.start()].strip():
        yield from read(before)
    yield Block("paragraph", read_words(words))
    if after.strip():
        yield from read(after)


def _listing(inside: str, numbered: bool) -> Iterator[Block]:
    if r"\begin" in inside:
        raise LabelError("a list of LaTeX within another")
    for number, words in enumerate(re.split(r"\\item(?![A-Za-z])", inside)[1:], 1):
        yield Block("item", read_words(words), 0, number if numbered else -1)

r"""Tables as trees, from HTML, LaTeX or Markdown, as well made or as broken as an answer has them.

A table of our grammar is read by it; what it does not read is cut into rows and cells as they stand. Captions, notes,
rules and alignment are no part of the tree. Formulas of cells are in normal form, so that \(x^{2}\) is \(x^2\), and
quotation marks and apostrophes are straight, as a keyboard has them.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby

from renderers.core.errors import LabelError
from renderers.labels import inline
from renderers.labels.tables import grammar as tables
from renderers.labels.tables.escape import GAP, unescape

_HTML = re.compile(r"<table\b", re.IGNORECASE)
_TABULAR = re.compile(
    r"\\begin\s*\{\s*(?P<name>tabular|longtable|tabularx|array)(?P<star>\*?)\s*\}(?P<body>.*?)"
    r"(?:\\end\s*\{\s*(?P=name)\*?\s*\}|$)",
    re.DOTALL,
)
PIPES = re.compile(
    r"^[^\n|]*\|[^\n]*\n(?=[^\n]*\|)[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)*(?:[ \t]*:?-+:?[ \t]*)?$(?:\n[^\n|]*\|[^\n]*)*",
    re.MULTILINE,
)
"""A table of Markdown: a head, a line of dashes, and what follows with bars in it."""

_RULE = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule)(?![A-Za-z])"
    r"|\\(?:cline|cmidrule)(?:\s*\[[^\]]*\])?(?:\s*\([lr\s]*\))?\s*\{[\d\s-]*\}"
)
_ROW_END = re.compile(rf"(?:\\\\\s*\*?|\\tabularnewline\b)(?:{GAP})?")
_CELL_END = re.compile(r"(?<!\\)&")
_BAR = re.compile(r"(?<!\\)\|")
_COLUMNS = re.compile(r"\s*\\multicolumn\s*\{\s*(\d{1,9})\s*\}\s*\{[^{}]*\}\s*\{(.*)\}\s*", re.DOTALL)
_ROWS = re.compile(r"\s*\\multirow\s*(?:\[[^\]]*\])?\{\s*(\d{1,9})\s*\}\s*(?:\{[^{}]*\}|\*)\s*\{(.*)\}\s*", re.DOTALL)
_SPEC = re.compile(r"\s*(?:\[[^\]]*\])?\s*\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}")
_DOLLARS = re.compile(r"\\[\\$]|\$([^\s$](?:(?:\\.|[^\\$])*[^\s\\$])?)\$(?!\d)", re.DOTALL)
"""A formula between dollars, which are none where a blank or a digit stands beside them: $5 and $6."""
_QUOTES = str.maketrans("‘’“”", "''\"\"")

_IDLE_TAGS = frozenset(("thead", "tbody", "tfoot", "colgroup", "col", "html", "body"))
_VOID_TAGS = frozenset(("br", "hr", "img", "wbr"))

_TORN = re.compile(r"</?[A-Za-z][^<>]*\Z")
"""A tag in which an answer was cut off: no text of its cell."""

_MAX_CELLS = 2000
"""What an answer has beyond that is left: one that repeats itself would take the comparison hours."""


@dataclass(slots=True)
class Node:
    """A table, a row or a cell; only cells have spans and chars.

    Attributes:
        chars: characters of a cell, and the tags in it as one item each.
    """

    tag: str
    colspan: int = 1
    rowspan: int = 1
    chars: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)


def read_table(text: str) -> Node | None:
    """The first table of a text, or None where there is none."""
    text = unicodedata.normalize("NFKC", text) if _HTML.search(text) else text
    return _read_html(text) if _HTML.search(text) else _read_latex(text)


def num_nodes(table: Node) -> int:
    """How many rows and cells a table has."""
    return sum(1 + len(row.children) for row in table.children)


def words_of_table(text: str) -> str:
    """What the cells of the first table of a text say, one after the other; of what is no table the text."""
    table = read_table(text)
    if table is None:
        return text
    return " ".join("".join(cell.chars) for row in table.children for cell in row.children)


def without_texts(table: Node) -> Node:
    """The structure alone."""
    rows = [
        Node("tr", children=[Node("td", cell.colspan, cell.rowspan) for cell in row.children]) for row in table.children
    ]
    return Node("table", children=rows)


def _made(rows: Iterable[Iterable[tuple[str, int, int]]]) -> Node:
    table = Node("table")
    for row in rows:
        cells = [
            Node("td", colspan, rowspan, list(_comparable(unicodedata.normalize("NFKC", text))))
            for text, rowspan, colspan in row
        ]
        table.children.append(Node("tr", children=cells))
    return table


def _comparable(text: str) -> str:
    return inline.normal(text).translate(_QUOTES)


def _without_dollars(text: str) -> str:
    return _DOLLARS.sub(lambda found: rf"\({found[1]}\)" if found[1] else found[0], text)


def _read_latex(text: str) -> Node | None:
    try:
        rows = tables.read(text).rows
    except (LabelError, RecursionError):
        if found := _TABULAR.search(text):
            return _made(_cut(found))
        return _made(_barred(found[0])) if (found := PIPES.search(text)) else None
    return _made(((cell.text, cell.rowspan, cell.colspan) for cell in row) for row in rows)


def _cut(found: re.Match[str]) -> list[list[tuple[str, int, int]]]:
    """Rows of (text, rowspan, colspan); the empty cells under one of several rows are left out."""
    body = found["body"]
    for _ in range(1 + bool(found["star"] or found["name"] == "tabularx")):
        if spec := _SPEC.match(body):
            body = body[spec.end() :]
    lines = [_RULE.sub("", line) for line in _ROW_END.split(body)]
    if lines and not lines[-1].strip():
        lines.pop()
    rows: list[list[tuple[str, int, int]]] = []
    hanging: dict[int, int] = {}
    left = _MAX_CELLS
    for line in lines:
        row, column = [], 0
        for source in _CELL_END.split(line)[:left]:
            text, rowspan, colspan = _cell(source)
            if hanging.get(column, 0) and not text:
                hanging[column] -= 1
            else:
                hanging[column] = rowspan - 1
                row.append((text, rowspan, colspan))
            column += colspan
        left -= len(row)
        rows.append(row)
    return rows


def _barred(text: str) -> list[list[tuple[str, int, int]]]:
    head, _, *body = text.split("\n")
    rows = (_BAR.split(line.strip().removeprefix("|").removesuffix("|")) for line in (head, *body))
    found: list[list[tuple[str, int, int]]] = []
    left = _MAX_CELLS
    for row in rows:
        found.append([(" ".join(_without_dollars(cell.replace(r"\|", "|")).split()), 1, 1) for cell in row[:left]])
        left -= len(found[-1])
    return found


def _cell(source: str) -> tuple[str, int, int]:
    rowspan = colspan = 1
    for _ in range(2):
        if wide := _COLUMNS.fullmatch(source):
            colspan, source = max(1, int(wide[1])), wide[2]
        elif high := _ROWS.fullmatch(source):
            rowspan, source = max(1, int(high[1])), high[2]
    try:
        return unescape(source), rowspan, colspan
    except LabelError:
        return " ".join(source.split()), rowspan, colspan


class _Reader(HTMLParser):
    """Collects rows and cells of the first table; what is never closed ends where the next begins."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.table: Node | None = None
        self._done = False
        self._cell: Node | None = None
        self._left = _MAX_CELLS

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table" and self.table is None:
            self.table = Node("table")
        elif self.table is None or self._done or tag in _IDLE_TAGS:
            return
        elif tag == "tr":
            self._cell = None
            self.table.children.append(Node("tr"))
        elif tag in ("td", "th"):
            self._open_cell(dict(attrs))
        elif self._cell is not None:
            self._cell.chars.append(f"<{tag}>")

    def _open_cell(self, attrs: dict[str, str | None]) -> None:
        assert self.table is not None, "called within a table only"
        if not self.table.children:
            self.table.children.append(Node("tr"))
        self._cell = Node("td", _span(attrs.get("colspan")), _span(attrs.get("rowspan")))
        self._left -= 1
        if self._left >= 0:
            self.table.children[-1].children.append(self._cell)

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._done:
            self._cell.chars += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._done = self.table is not None
        elif tag in ("td", "th", "tr"):
            self._cell = None
        elif self._cell is not None and tag not in _VOID_TAGS:
            self._cell.chars.append(f"</{tag}>")


def _span(text: str | None) -> int:
    """The number that a span says, also 0 and one larger than the table; 1 where it says none."""
    found = re.match(r"\s*([+-]?[0-9]{1,9})", text or "")
    return int(found[1]) if found else 1


def _read_html(text: str) -> Node | None:
    reader = _Reader()
    reader.feed(_TORN.sub("", text))
    reader.close()
    for row in reader.table.children if reader.table else []:
        for cell in row.children:
            cell.chars = _trimmed(_with_normal_formulas(cell.chars))
    return reader.table


def _with_normal_formulas(chars: list[str]) -> list[str]:
    """The chars of a cell with its formulas in normal form; a tag ends a formula."""
    found: list[str] = []
    for is_tag, run in groupby(chars, lambda char: len(char) > 1):
        items = list(run)
        found += items if is_tag else _comparable(_without_dollars("".join(items)))
    return found


def _trimmed(chars: list[str]) -> list[str]:
    """Blanks at the ends say nothing, and several are one."""
    kept: list[str] = []
    for char in chars:
        if char.isspace():
            if kept and kept[-1] != " ":
                kept.append(" ")
        else:
            kept.append(char)
    return kept[:-1] if kept and kept[-1] == " " else kept

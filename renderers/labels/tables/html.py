"""Tables as HTML and back. HTML has heads, but no rules and no alignment."""

import html
from html.parser import HTMLParser

from renderers.core.errors import LabelError
from renderers.labels.tables.tree import Cell, Table, check_tree, tidy


def to_html(table: Table) -> str:
    r"""The table with rowspan and colspan; formulas stay in `\(` and `\)`, notes are paragraphs after it."""
    check_tree(table)
    pieces = ["<table>"]
    if table.caption:
        side = ' style="caption-side:bottom"' if table.caption_below else ""
        pieces.append(f"<caption{side}>{_quoted(table.caption)}</caption>")
    for name, tag, rows in (
        ("thead", "th", table.rows[: table.num_head]),
        ("tbody", "td", table.rows[table.num_head :]),
    ):
        if rows:
            pieces.append(f"<{name}>{''.join(_row(cells, tag) for cells in rows)}</{name}>")
    pieces.append("</table>")
    pieces += [f"<p>{_quoted(note)}</p>" for note in table.notes]
    return "".join(pieces)


def _row(cells: tuple[Cell, ...], tag: str) -> str:
    pieces = ["<tr>"]
    for cell in cells:
        spans = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
        spans += f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
        pieces.append(f"<{tag}{spans}>{_quoted(cell.text)}</{tag}>")
    return "".join([*pieces, "</tr>"])


def _quoted(text: str) -> str:
    return html.escape(text, quote=False)


_FRAMES = frozenset(("table", "thead", "tbody", "tfoot", "colgroup", "col", "tr"))
_TEXTS = frozenset(("td", "th", "caption", "p"))
_STYLES = frozenset(("b", "strong", "i", "em", "u", "small", "span", "font", "code"))
"""Tags in a cell that change only how the text looks."""


class _Reader(HTMLParser):
    """Collects what stands in rows, caption and paragraphs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[Cell]] = []
        self.num_head = 0
        self.caption = ""
        self.below = False
        self.notes: list[str] = []
        self._in_head = False
        self._text: list[str] = []
        self._spans = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "br":
            self._text.append(" ")
        elif tag in _FRAMES or tag in _TEXTS:
            self._end_text()
        elif tag not in _STYLES:
            raise LabelError(f"<{tag}> is no tag of a table")
        if tag == "tr":
            self.rows.append([])
            self.num_head += self._in_head
        elif tag == "thead":
            self._in_head = True
        elif tag in ("td", "th"):
            self._spans = (_span(known.get("rowspan")), _span(known.get("colspan")))
        elif tag == "caption":
            self.below = "bottom" in (known.get("style") or "")

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def _end_text(self) -> None:
        """Forgets the blanks between two tags; words there would be lost."""
        if text := tidy("".join(self._text)):
            raise LabelError(f"{text[:20]!r} outside of cells, caption and paragraphs")
        self._text = []

    def handle_endtag(self, tag: str) -> None:
        if tag not in _TEXTS:
            if tag in _FRAMES:
                self._end_text()
            self._in_head &= tag != "thead"
            return
        text = tidy("".join(self._text))
        self._text = []
        if tag in ("td", "th"):
            if not self.rows:
                raise LabelError("a cell outside of rows")
            rowspan, colspan = self._spans
            self.rows[-1].append(Cell(text, rowspan, colspan, "c" if colspan > 1 else ""))
        elif tag == "caption":
            self.caption = text
        else:
            self.notes.append(text)


def _span(text: str | None) -> int:
    if text is None:
        return 1
    if not text.isdecimal() or len(text) > 4 or int(text) < 1:
        raise LabelError(f"a span of {text[:20]!r}")
    return int(text)


def from_html(text: str) -> Table:
    """The table that HTML says: left-aligned, without rules; cells that span columns are centred.

    Raises:
        LabelError: no table, or cells that do not fill it.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.handle_endtag("table")
    if not reader.rows:
        raise LabelError("no rows")
    num_columns = sum(cell.colspan for cell in reader.rows[0])
    rows = tuple(map(tuple, reader.rows))
    table = Table(
        aligns=tuple("l" for _ in range(num_columns)),
        bars=(0,) * (num_columns + 1),
        rows=rows,
        rules=((),) * (len(rows) + 1),
        num_head=reader.num_head,
        caption=reader.caption,
        caption_below=reader.below,
        notes=tuple(reader.notes),
    )
    check_tree(table)
    return table

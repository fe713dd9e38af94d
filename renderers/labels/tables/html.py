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
        self._text = []
        known = dict(attrs)
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

    def handle_endtag(self, tag: str) -> None:
        text = tidy("".join(self._text))
        if tag in ("td", "th"):
            if not self.rows:
                raise LabelError("a cell outside of rows")
            rowspan, colspan = self._spans
            self.rows[-1].append(Cell(text, rowspan, colspan, "c" if colspan > 1 else ""))
        elif tag == "thead":
            self._in_head = False
        elif tag == "caption":
            self.caption = text
        elif tag == "p":
            self.notes.append(text)


def _span(text: str | None) -> int:
    if text is None:
        return 1
    if not text.isdigit() or int(text) < 1:
        raise LabelError(f"a span of {text!r}")
    return int(text)


def from_html(text: str) -> Table:
    """The table that HTML says: left-aligned, without rules; cells that span columns are centred.

    Raises:
        LabelError: no table, or cells that do not fill it.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
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

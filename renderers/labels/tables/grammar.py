r"""The target of tables: one canonical LaTeX tabular, as GOT writes them, and its equality.

    \begin{tabular}{|l|rr|}
    \hline
    \multirow{2}{*}{Crop} & \multicolumn{2}{c|}{Harvest} \\
    \cline{2-3}
    & 2019 & 2020 \\
    \hline
    Rye & 12\% & \(1.2 \pm 0.1\) \\
    \hline
    \end{tabular}

It has what leaves ink and where: texts, spans, how columns and cells that span columns are aligned, and each rule that
is printed (\hline or \cline, also for those of booktabs; two for a double one; bars of a cell that spans columns are
those of its columns). What a column prints beside a cell is part of its text. It leaves out fonts, weights, colours,
widths of rules and columns, and how a single cell is aligned. A caption or notes are printed, so they are in the
target: then the tabular stands in a `table`, after or before \caption with its number as printed, and each note on a
line of its own before \end{table}.
"""

from functools import lru_cache

from renderers.labels import inline
from renderers.labels.canonical import Span, find_fault
from renderers.labels.tables.escape import escape
from renderers.labels.tables.read import read
from renderers.labels.tables.tree import Cell, Table, check_tree

Owner = tuple[str, int]
"""("cell", number in reading order), ("caption", 0) or ("note", number)."""

__all__ = ["check", "equal", "inked_spans", "normalize", "read", "write"]


class _SpanWriter:
    """Text under construction, and the span of each cell, caption and note in it."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.spans: dict[Owner, Span] = {}

    def put(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)

    def put_text(self, text: str, owner: Owner, guarded: bool = False) -> None:
        written = escape(text)
        if guarded and written[:1] in ("[", "*"):
            # After a row break TeX would read these as part of it.
            written = f"{{{written[0]}}}{written[1:]}"
        if written:
            self.spans[owner] = (self.length, self.length + len(written))
        self.put(written)


def write(table: Table) -> tuple[str, dict[Owner, Span]]:
    """The canonical text, and where each text stands in it; an empty cell has no span.

    Raises:
        LabelError: the tree is not well made.
    """
    check_tree(table)
    out = _SpanWriter()
    framed = bool(table.caption or table.notes)
    if framed:
        out.put("\\begin{table}\n")
        if table.caption and not table.caption_below:
            _put_caption(out, table)
    _put_tabular(out, table)
    if framed:
        out.put("\n")
        if table.caption and table.caption_below:
            _put_caption(out, table)
        for number, note in enumerate(table.notes):
            out.put_text(note, ("note", number))
            out.put("\n")
        out.put("\\end{table}")
    return "".join(out.pieces), out.spans


def _put_caption(out: _SpanWriter, table: Table) -> None:
    out.put("\\caption{")
    out.put_text(table.caption, ("caption", 0))
    out.put("}\n")


def _put_tabular(out: _SpanWriter, table: Table) -> None:
    num_columns = len(table.aligns)
    spec = "".join("|" * bars + align for bars, align in zip(table.bars, (*table.aligns, ""), strict=True))
    out.put(f"\\begin{{tabular}}{{{spec}}}\n")
    number = 0
    hanging: dict[tuple[int, int], Cell] = {}
    for row, cells in enumerate(table.rows):
        _put_rules(out, table, row)
        own_cells = iter(cells)
        column = 0
        while column < num_columns:
            if column:
                out.put(" &" if not out.pieces[-1].endswith("\n") else "&")
            cell = hanging.get((row, column))
            if cell is not None:
                _put_cell(out, table, column, Cell("", 1, cell.colspan, cell.align), ("", 0))
            else:
                cell = next(own_cells)
                _put_cell(out, table, column, cell, ("cell", number))
                number += 1
                hanging.update({(row + down, column): cell for down in range(1, cell.rowspan)})
            column += cell.colspan
        out.put("\\\\\n" if out.pieces[-1].endswith("\n") else " \\\\\n")
    _put_rules(out, table, len(table.rows))
    out.put("\\end{tabular}")


def _put_rules(out: _SpanWriter, table: Table, row: int) -> None:
    last_column = len(table.aligns) - 1
    for first, last in sorted(table.rules[row]):
        out.put("\\hline\n" if (first, last) == (0, last_column) else f"\\cline{{{first + 1}-{last + 1}}}\n")


def _put_cell(out: _SpanWriter, table: Table, column: int, cell: Cell, owner: Owner) -> None:
    if not cell.text and cell.colspan == cell.rowspan == 1:
        return
    if column:
        out.put(" ")
    if cell.colspan > 1:
        left = "|" * table.bars[0] if column == 0 else ""
        right = "|" * table.bars[column + cell.colspan]
        out.put(f"\\multicolumn{{{cell.colspan}}}{{{left}{cell.align or 'c'}{right}}}{{")
    if cell.rowspan > 1:
        out.put(f"\\multirow{{{cell.rowspan}}}{{*}}{{")
    out.put_text(cell.text, owner, guarded=column == 0)
    out.put("}" * ((cell.colspan > 1) + (cell.rowspan > 1)))


def normalize(text: str) -> str:
    """The canonical text of a tabular, with or without a table around it. Idempotent.

    Raises:
        LabelError: not a table that we read.
    """
    return _rewrite(text)[0]


@lru_cache(maxsize=4)  # A row's label is checked, and then its inked spans are read.
def _rewrite(text: str) -> tuple[str, dict[Owner, Span]]:
    return write(read(text))


def check(text: str) -> str | None:
    """Why a text is not a canonical target, or None."""
    return find_fault(normalize, text, "blanks, synonyms, order or escapes")


def equal(a: str, b: str) -> bool:
    """Whether two targets mean the same: the same texts in the same cells, their formulas as `latex` compares them.

    Rules and alignment do not count.

    Raises:
        LabelError: one of them is not a table.
    """
    one, other = read(a), read(b)
    return _shape(one) == _shape(other) and all(map(inline.equal, _texts(one), _texts(other)))


def _shape(table: Table) -> object:
    return [[(cell.rowspan, cell.colspan) for cell in row] for row in table.rows], len(table.notes)


def _texts(table: Table) -> list[str]:
    return [*(cell.text for row in table.rows for cell in row), table.caption, *table.notes]


def inked_spans(text: str) -> list[tuple[Span, str]]:
    """The spans of a canonical target that a picture must show: cells that are not empty, caption, notes."""
    spans = _rewrite(text)[1]
    return sorted((span, text[span[0] : span[1]]) for span in spans.values())

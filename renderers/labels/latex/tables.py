"""Rows and cells of formulas: matrices, cases, aligned lines, arrays with rules, stacks."""

import re
from collections.abc import Callable
from typing import TypeAlias

from renderers.core.errors import LabelError
from renderers.labels.latex.commands import MATRICES, TABLE_STYLES, TABLE_SYNONYMS
from renderers.labels.latex.tokens import Reader
from renderers.labels.latex.tree import Gap, Node, Row, Style, Table

ReadList: TypeAlias = Callable[[Reader, frozenset[str]], list[Node]]

_ROW_GAP = re.compile(r"\s*\[\s*(-?[\d.]+\s*(?:pt|em|ex|mm|cm|in))\s*\]")
_REPEATED = re.compile(r"\*\{(\d)\}\{([lcr| ]+)\}")
_BESIDE = re.compile(r"[@!]\{[^{}]*\}")

_MAX_MATRIX_COLUMNS = 10
"""Source: amsmath, MaxMatrixCols."""
_MAX_COLUMNS = {"gathered": 1, "cases": 2}

PLAIN_TABLES = {
    r"\matrix": "matrix",
    r"\pmatrix": "pmatrix",
    r"\eqalign": "aligned",
    r"\displaylines": "gathered",
}
r"""{command of plain TeX: environment that draws the same}. Not \cases, whose second column is text.
Source: TeXbook, chapters 18 and 19."""


def read_environment(reader: Reader, read_list: ReadList) -> list[Node]:
    r"""What \begin begins.

    Raises:
        LabelError: unknown, or it does not end.
    """
    name = reader.raw(r"\begin").strip()
    return [read_table(reader, name, read_list)]


def read_table(reader: Reader, name: str, read_list: ReadList) -> Table:
    r"""A table behind its \begin{name}, its end taken."""
    canonical = TABLE_SYNONYMS.get(name, name)
    if canonical not in TABLE_STYLES or name == "substack":
        raise LabelError(f"unknown environment {name}")
    columns = _read_options(reader, name)
    rows, rules_below = _read_rows(reader, frozenset((r"\end",)), read_list)
    reader.next()
    if (end := reader.raw(r"\end").strip()) != name:
        raise LabelError(f"{name} ends as {end}")
    _settle_rows(name, rows)
    most = len(columns.replace("|", "")) if columns else _MAX_COLUMNS.get(canonical, _MAX_MATRIX_COLUMNS)
    if canonical not in ("aligned", "smallmatrix") and any(len(row.cells) > most for row in rows):
        raise LabelError(f"more than {most} columns in {name}")
    table = Table(canonical, rows, columns, rules_below)
    if columns and set(columns) == {"c"} and _plain(table):
        table = Table("matrix", rows)
    return table


def _read_options(reader: Reader, name: str) -> str:
    """The columns of an array; what other environments are given is left out."""
    if name in ("aligned", "gathered", "split", "array", "alignedat") and reader.text.startswith("[", reader.position):
        reader.option()
    if name == "array":
        return _columns(reader.raw(name))
    if name.startswith("alignat") or name == "alignedat":
        reader.raw(name)
    return ""


def _settle_rows(name: str, rows: list[Row]) -> None:
    """Makes the rows of an environment those of its canonical name."""
    if name == "dcases":
        for row in rows:
            row.cells = [[Style(r"\displaystyle", "D"), *cell] for cell in row.cells]
    if name.startswith("eqnarray"):
        for row in rows:
            if len(row.cells) > 2:
                row.cells = [row.cells[0], [node for cell in row.cells[1:] for node in cell]]


def read_stack(reader: Reader, read_list: ReadList) -> list[Node]:
    r"""The argument of \substack."""
    reader.need("{", r"\substack")
    rows, rules_below = _read_rows(reader, frozenset("}"), read_list)
    if any(len(row.cells) > 1 for row in rows):
        raise LabelError(r"columns in \substack")
    if rules_below or any(row.rules for row in rows):
        raise LabelError(r"\hline in \substack")
    reader.next()
    return [Table("substack", rows)]


def read_plain_table(reader: Reader, lexeme: str, read_list: ReadList) -> Table:
    r"""A table of plain TeX, \matrix{a&b\cr c&d}, behind its name.

    Raises:
        LabelError: no braces, or no such table.
    """
    reader.need("{", lexeme)
    rows, rules_below = _read_rows(reader, frozenset("}"), read_list)
    reader.next()
    name = PLAIN_TABLES[lexeme]
    if name == "gathered" and any(len(row.cells) > 1 for row in rows):
        raise LabelError(f"columns in {lexeme}")
    return Table(name, rows, "", rules_below)


def read_lines(reader: Reader, stop: str, read_list: ReadList) -> list[Node]:
    r"""A formula up to a token, which is taken; with \\ in it, its lines as a table."""
    rows, _ = _read_rows(reader, frozenset((stop,)), read_list)
    reader.next()
    if all(len(row.cells) == 1 for row in rows) and len(rows) == 1:
        return rows[0].cells[0]
    return [Table("aligned" if any(len(row.cells) > 1 for row in rows) else "gathered", rows)]


def fence_of_table(left: str, body: list[Node], right: str) -> Table | None:
    """The matrix or cases that a fence around a bare table draws as well, or None."""
    within = [node for node in body if not isinstance(node, Gap)]
    table = within[0] if len(within) == 1 else None
    if not isinstance(table, Table) or not _plain(table):
        return None
    if (left, right) == (r"\{", ".") and table.name == "array" and table.columns in ("l", "ll"):
        return Table("cases", table.rows)
    if table.name != "matrix":
        return None
    name = next((name for name, ends in MATRICES.items() if ends == (left, right)), None)
    return Table(name, table.rows) if name else None


def _plain(table: Table) -> bool:
    """No rules, and not too wide for an environment without a column list."""
    widest = max((len(row.cells) for row in table.rows), default=0)
    ruled = table.rules_below or "|" in table.columns or any(row.rules for row in table.rows)
    return not ruled and widest <= _MAX_MATRIX_COLUMNS


def _columns(raw: str) -> str:
    text = _REPEATED.sub(lambda match: match[2] * int(match[1]), raw)
    text = "".join(_BESIDE.sub("", text).split())
    if not text or set(text) - set("lcr|"):
        raise LabelError(f"the columns {raw!r} of an array")
    return text


def _read_rows(reader: Reader, stops: frozenset[str], read_list: ReadList) -> tuple[list[Row], int]:
    """Rows up to a stop, which stays; and the rules below the last."""
    ends = stops | {"&", r"\\", r"\cr"}
    rows: list[Row] = []
    while True:
        row = Row()
        while reader.take(r"\hline"):
            row.rules += 1
        rows.append(row)
        while True:
            row.cells.append(read_list(reader, ends))
            if reader.peek() != "&":
                break
            reader.next()
        if reader.peek() in stops:
            break
        reader.next()
        if reader.peek() == "*":
            reader.next()
        if gap := _ROW_GAP.match(reader.text, reader.position):
            row.gap = f"[{gap[1]}]"
            reader.position = gap.end()
    if len(rows) > 1 and row.cells == [[]]:
        rows.pop()
        return rows, row.rules
    return rows, 0

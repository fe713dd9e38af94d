r"""Reads LaTeX tabulars as people and models write them: rules of booktabs, p and * columns, \multirow upwards."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from renderers.core.errors import LabelError
from renderers.labels.tables.columns import Column, read_columns, take_argument, take_options
from renderers.labels.tables.escape import GAP, after_silent, unescape
from renderers.labels.tables.tree import MAX_ROWS, Align, Cell, Rule, Table, check_tree

_TOKEN = re.compile(
    r"(?P<formula>\\\(.*?\\\)|\$(?:\\.|[^\\$])*\$)"
    rf"|(?P<newrow>(?:\\\\\s*\*?|\\tabularnewline(?![A-Za-z]))(?:{GAP})?)|\\[A-Za-z]+|\\."
    r"|(?P<comment>%[^\n]*\n?)|[{}&]|[^\\{}&$%]+|.",
    re.DOTALL,
)
_NAMES = "tabular|longtable|tabularx|array"
_TABULAR = re.compile(
    rf"\\begin\s*\{{\s*(?P<name>{_NAMES})(?P<star>\*?)\s*\}}(?P<rest>.*)\\end\s*\{{\s*(?P=name)\*?\s*\}}(?P<after>.*)",
    re.DOTALL,
)
_INNER = re.compile(rf"\\begin\s*\{{\s*(?:{_NAMES})\*?\s*\}}")
_RULE = re.compile(
    rf"\s*(?:(?P<full>\\hline(?![A-Za-z])|\\(?:top|mid|bottom)rule(?![A-Za-z])(?:{GAP})?|\\Xhline\s*\{{[^{{}}]*\}}"
    r"|\\specialrule(?:\s*\{[^{}]*\}){3}|\\noalign\s*\{\s*\\hrule(?![A-Za-z])[^{}]*\})"
    r"|\\c(?:line|midrule)(?:\s*\[[^\]]*\])?(?:\s*\([lr0-9a-z{}.\s]*\))?"
    r"\s*\{\s*(?P<first>\d{1,4})\s*-\s*(?P<last>\d{1,4})\s*\}"
    rf"|\\(?:addlinespace|endhead|endfirsthead|endfoot|endlastfoot|morecmidrules)(?![A-Za-z])(?:{GAP})?"
    r"|\\noalign\s*\{(?:\\(?!hrule)|[^{}\\]|\{[^{}]*\})*\}"
    rf"|\\(?:rowcolor|arrayrulecolor)(?:\s*\[[^\]]*\])?\s*\{{[^{{}}]*\}}(?:{GAP})*)\s*"
)
_FULL: Rule = (0, -1)


@dataclass(slots=True)
class _Piece:
    """A cell as it stands in the source."""

    text: str
    colspan: int = 1
    rowspan: int = 1
    align: Align | str = ""


@dataclass(slots=True)
class _Source:
    """Rows of pieces, and the rules above each and below the last."""

    rows: list[list[_Piece]] = field(default_factory=list)
    rules: list[list[Rule]] = field(default_factory=lambda: [[]])


def read(text: str) -> Table:
    r"""The table that a target says.

    Raises:
        LabelError: there is no tabular in it, or one that we do not read.
    """
    found = _TABULAR.search(text)
    if found is None:
        raise LabelError("no tabular")
    before, after = text[: found.start()], found["after"]
    rest = found["rest"]
    if _INNER.search(rest):
        raise LabelError("a table in a table")
    if found["name"] == "tabularx" or found["star"]:
        rest = take_argument(rest, "a width")[1]
    spec, body = take_argument(take_options(rest), "columns")
    columns, bars = read_columns(spec)
    aligns = tuple(column.align for column in columns)
    source = _split(body, columns)
    rows = _resolve(source.rows, len(aligns))
    caption, below, notes = _read_frame(before, after)
    rules = tuple(
        tuple(sorted((first, len(aligns) - 1 if last < 0 else last) for first, last in one)) for one in source.rules
    )
    table = Table(aligns, bars, rows, rules, 0, caption, below, notes)
    check_tree(table)
    return table


def _split(body: str, columns: list[Column]) -> _Source:
    source = _Source()
    for row in _rows_of(body):
        rest: str = row
        while (rule := _RULE.match(rest)) is not None:
            rest = rest[rule.end() :]
            if rule["first"]:
                first, last = int(rule["first"]) - 1, int(rule["last"]) - 1
                source.rules[-1].append(_FULL if (first, last) == (0, len(columns) - 1) else (first, last))
            elif rule["full"]:
                source.rules[-1].append(_FULL)
        if isinstance(row, _LastRow) and not rest.strip():
            continue
        if len(source.rows) >= MAX_ROWS:
            raise LabelError(f"more than {MAX_ROWS} rows")
        source.rows.append(list(_read_row(rest, columns)))
        source.rules.append([])
    return source


def _read_row(row: str, columns: list[Column]) -> Iterator[_Piece]:
    at = 0
    for cell in _cells_of(row):
        piece = _read_piece(cell, columns[at] if at < len(columns) else Column("l"))
        at += max(1, piece.colspan)
        yield piece


class _LastRow(str):
    """What stands after the last row break; a row only where there is something in it."""


def _rows_of(body: str) -> Iterator[str]:
    pieces: list[str] = []
    depth = 0
    for token in _TOKEN.finditer(body):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if depth < 0:
            raise LabelError("a brace closes that did not open")
        if token["newrow"] and depth == 0:
            yield "".join(pieces)
            pieces = []
        elif not token["comment"]:
            pieces.append(token[0])
    if depth:
        raise LabelError("a brace is not closed")
    yield _LastRow("".join(pieces))


def _cells_of(row: str) -> Iterator[str]:
    pieces: list[str] = []
    depth = 0
    for token in _TOKEN.finditer(row):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if token[0] == "&" and depth == 0:
            yield "".join(pieces)
            pieces = []
        else:
            pieces.append(token[0])
    yield "".join(pieces)


def _read_piece(source: str, column: Column) -> _Piece:
    piece = _Piece("")
    rest, boxed = source.strip(), False
    if (inner := after_silent(rest)).startswith("\\multicolumn"):
        num, inner = take_argument(inner[len("\\multicolumn") :], "a number")
        spec, inner = take_argument(inner, "columns")
        # Its own column takes the place of those that it spans, with all that they print.
        column = read_columns(spec)[0][0]
        text, after = take_argument(inner, "a text")
        piece.colspan, piece.align, rest = _number(num), column.align, text.strip()
        if unescape(after):
            raise LabelError(f"{after.strip()[:20]!r} after \\multicolumn")
    if (inner := after_silent(rest)).startswith("\\multirow"):
        num, inner = take_argument(take_options(inner[len("\\multirow") :]), "a number")
        _, inner = take_argument(take_options(inner), "a width")
        rest, after = take_argument(take_options(inner), "a text")
        piece.rowspan, boxed = _number(num), True
        if unescape(after):
            raise LabelError(f"{after.strip()[:20]!r} after \\multirow")
    piece.text = column.text_of(rest.strip(), boxed)
    return piece


def _number(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,3}", text.strip()) or int(text) == 0:
        raise LabelError(f"{text!r} cells")
    return int(text)


def _resolve(rows: list[list[_Piece]], num_columns: int) -> tuple[tuple[Cell, ...], ...]:
    """Cells in the row and column where they begin; what spans rows is in each of them in LaTeX, and once in a tree."""
    grid: dict[tuple[int, int], _Piece] = {}
    for row, pieces in enumerate(rows):
        column = 0
        for piece in pieces:
            grid[row, column] = piece
            column += max(1, piece.colspan)
        if column > num_columns:
            raise LabelError(f"row {row + 1} has {column} columns of {num_columns}")
        # TeX adds the cells that are missing at the end of a row.
        grid |= {(row, more): _Piece("") for more in range(column, num_columns)}
    for (row, column), piece in list(grid.items()):
        if piece.rowspan < -1:
            _raise_up(grid, row, column)
    covered: set[tuple[int, int]] = set()
    cells: list[list[Cell]] = [[] for _ in rows]
    for (row, column), piece in sorted(grid.items()):
        positions = {
            (row + down, column + right) for down in range(max(1, piece.rowspan)) for right in range(piece.colspan)
        }
        if (row, column) in covered:
            if piece.text or not positions <= covered:
                raise LabelError(f"{piece.text!r} of row {row + 1} stands where another cell reaches")
            continue
        covered |= positions if piece.rowspan > 1 else set()
        align: Align | str = (piece.align or "c") if piece.colspan > 1 else ""
        cells[row].append(Cell(piece.text, max(1, piece.rowspan), piece.colspan, align))  # type: ignore[arg-type]
    return tuple(map(tuple, cells))


def _raise_up(grid: dict[tuple[int, int], _Piece], row: int, column: int) -> None:
    piece = grid[row, column]
    top = row + piece.rowspan + 1
    above = grid.get((top, column))
    if above is None or above.text or above.colspan != piece.colspan:
        raise LabelError(f"{piece.text!r} of row {row + 1} reaches up where there is no room")
    grid[top, column] = _Piece(piece.text, piece.colspan, -piece.rowspan, piece.align)
    grid[row, column] = _Piece("", piece.colspan)


_IDLE = re.compile(
    r"\\(?:begin|end)\s*\{\s*(?:table\*?|center|threeparttable|tablenotes)\s*\}(?:\s*\[[^\]]*\])?"
    r"|\\centering(?![A-Za-z])|\\label\s*\{[^}]*\}|\\(?:small|footnotesize|scriptsize)(?![A-Za-z])"
    r"|\\(?:rowcolors|arrayrulecolor|renewcommand|setlength)\*?(?:\s*\[[^\]]*\])?(?:\s*\{[^{}]*\})+"
)


def _read_frame(before: str, after: str) -> tuple[str, bool, tuple[str, ...]]:
    """Caption, whether it stands below, and notes."""
    captions: list[tuple[str, bool]] = []
    sides: list[str] = []
    for side, below in ((before, False), (after, True)):
        rest = _IDLE.sub("", side)
        while (at := rest.find("\\caption")) >= 0:
            start = re.sub(r"^\s*\*", "", rest[at + len("\\caption") :])
            caption, following = take_argument(take_options(start), "a caption")
            captions.append((unescape(caption), below))
            rest = rest[:at] + following
        sides.append(rest)
    if sides[0].strip():
        raise LabelError(f"{sides[0].strip()[:20]!r} before the tabular")
    if len(captions) > 1:
        raise LabelError("two captions")
    caption, below = captions[0] if captions else ("", False)
    lines = sides[1].replace("\\item", "\n").split("\n")
    notes = tuple(note for line in lines if (note := unescape(line)))
    return caption, below and bool(caption), notes

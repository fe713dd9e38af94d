r"""Reads LaTeX tabulars as people and models write them: rules of booktabs, p and * columns, \multirow upwards."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from renderers.core.errors import LabelError
from renderers.labels.tables.escape import unescape
from renderers.labels.tables.tree import MAX_COLUMNS, MAX_ROWS, Align, Cell, Rule, Table, check_tree

_TOKEN = re.compile(
    r"(?P<formula>\\\(.*?\\\)|\$[^$]*\$)|(?P<newrow>\\\\\*?(?:\s*\[[^\]]*\])?|\\tabularnewline\b)|\\[A-Za-z]+\*?|\\."
    r"|(?P<comment>(?<!\\)%[^\n]*\n?)|[{}&]|[^\\{}&$%]+|.",
    re.DOTALL,
)
_TABULAR = re.compile(
    r"\\begin\{(tabular|longtable|tabularx|array)\*?\}(?P<rest>.*)\\end\{\1\*?\}(?P<after>.*)", re.DOTALL
)
_RULE = re.compile(
    r"\s*(?:\\(?:hline|toprule|midrule|bottomrule)(?![A-Za-z])(?:\[[^\]]*\])?"
    r"|\\(?:cline|cmidrule)(?:\[[^\]]*\])?(?:\([lr0-9a-z{}.]*\))?\{\s*(\d+)\s*-\s*(\d+)\s*\}"
    r"|\\(?:addlinespace|noalign|endhead|endfirsthead|endfoot|endlastfoot)(?![A-Za-z])(?:\[[^\]]*\])?)\s*"
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
    if rest.count("\\begin{tabular}"):
        raise LabelError("a table in a table")
    if found[1] == "tabularx" or found[0].startswith(f"\\begin{{{found[1]}*}}"):
        rest = _argument(rest.lstrip(), "a width")[1]
    rest = re.sub(r"^\s*\[[^\]]*\]", "", rest)
    spec, body = _argument(rest.lstrip(), "columns")
    aligns, bars = read_columns(spec)
    source = _split(body, len(aligns))
    rows = _resolve(source.rows, len(aligns))
    caption, below, notes = _read_frame(before, after)
    rules = tuple(
        tuple(sorted((first, len(aligns) - 1 if last < 0 else last) for first, last in one)) for one in source.rules
    )
    table = Table(aligns, bars, rows, rules, 0, caption, below, notes)
    check_tree(table)
    return table


def _argument(text: str, what: str) -> tuple[str, str]:
    """What stands in the braces that a text begins with, and what follows them."""
    if not text.startswith("{"):
        raise LabelError(f"{what} in braces are missing at {text[:20]!r}")
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if depth == 0:
            return text[1 : token.start()], text[token.end() :]
    raise LabelError(f"a brace is not closed at {text[:20]!r}")


def read_columns(spec: str) -> tuple[tuple[Align, ...], tuple[int, ...]]:
    """Alignment of the columns and the number of bars around them.

    Raises:
        LabelError: a column type that we do not know.
    """
    aligns: list[Align] = []
    bars = [0]
    rest = spec.strip()
    while rest:
        letter, rest = rest[0], rest[1:].lstrip()
        if letter == "|":
            bars[-1] += 1
        elif letter in "@!><":
            rest = _argument(rest, "an insertion")[1].lstrip()
        elif letter == "*":
            num, rest = _argument(rest, "a number")
            repeated, rest = _argument(rest.lstrip(), "columns")
            if not num.strip().isdigit() or int(num) > MAX_COLUMNS:
                raise LabelError(f"*{{{num}}} columns")
            rest = repeated * int(num) + rest.lstrip()
        elif letter in "lcrpmbXSD":
            for _ in range({"p": 1, "m": 1, "b": 1, "D": 3}.get(letter, 0)):
                rest = _argument(rest, "a width")[1].lstrip()
            aligns.append({"l": "l", "c": "c", "r": "r", "S": "r", "D": "r"}.get(letter, "l"))  # type: ignore[arg-type]
            bars.append(0)
        else:
            raise LabelError(f"no column type {letter!r}")
        if len(aligns) > MAX_COLUMNS:
            raise LabelError(f"more than {MAX_COLUMNS} columns")
    if not aligns:
        raise LabelError("no columns")
    return tuple(aligns), tuple(min(num, 2) for num in bars)


def _split(body: str, num_columns: int) -> _Source:
    source = _Source()
    for row in _rows_of(body):
        rest = row
        while (rule := _RULE.match(rest)) is not None:
            rest = rest[rule.end() :]
            if rule[1]:
                first, last = int(rule[1]) - 1, int(rule[2]) - 1
                source.rules[-1].append(_FULL if (first, last) == (0, num_columns - 1) else (first, last))
            elif "addlinespace" not in rule[0] and "noalign" not in rule[0] and "end" not in rule[0]:
                source.rules[-1].append(_FULL)
        if isinstance(row, _LastRow) and not rest.strip():
            continue
        if len(source.rows) >= MAX_ROWS:
            raise LabelError(f"more than {MAX_ROWS} rows")
        source.rows.append([_read_piece(cell) for cell in _cells_of(rest)])
        source.rules.append([])
    return source


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


def _read_piece(source: str) -> _Piece:
    piece = _Piece("")
    rest = source.strip()
    if rest.startswith("\\multicolumn"):
        num, rest = _argument(rest[len("\\multicolumn") :].lstrip(), "a number")
        spec, rest = _argument(rest.lstrip(), "columns")
        aligns, _ = read_columns(spec)
        text, after = _argument(rest.lstrip(), "a text")
        piece.colspan, piece.align, rest = _number(num), aligns[0], text.strip()
        if after.strip():
            raise LabelError(f"{after.strip()[:20]!r} after \\multicolumn")
    if rest.startswith("\\multirow"):
        rest = re.sub(r"^\[[^\]]*\]", "", rest[len("\\multirow") :].lstrip())
        num, rest = _argument(rest, "a number")
        rest = re.sub(r"^\s*\[[^\]]*\]", "", rest)
        rest = _argument(rest.lstrip(), "a width")[1] if rest.lstrip().startswith("{") else rest.lstrip()[1:]
        rest, after = _argument(re.sub(r"^\s*\[[^\]]*\]", "", rest).lstrip(), "a text")
        piece.rowspan = _number(num)
        if after.strip():
            raise LabelError(f"{after.strip()[:20]!r} after \\multirow")
    piece.text = unescape(rest)
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
    r"\\(?:begin|end)\{(?:table\*?|center|threeparttable|tablenotes)\}(?:\[[^\]]*\])?|\\centering(?![A-Za-z])"
    r"|\\label\{[^}]*\}|\\(?:small|footnotesize|scriptsize)(?![A-Za-z])"
)


def _read_frame(before: str, after: str) -> tuple[str, bool, tuple[str, ...]]:
    """Caption, whether it stands below, and notes."""
    captions: list[tuple[str, bool]] = []
    sides: list[str] = []
    for side, below in ((before, False), (after, True)):
        rest = _IDLE.sub("", side)
        while (at := rest.find("\\caption")) >= 0:
            start = re.sub(r"^\*?\s*(?:\[[^\]]*\])?\s*", "", rest[at + len("\\caption") :])
            caption, following = _argument(start, "a caption")
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

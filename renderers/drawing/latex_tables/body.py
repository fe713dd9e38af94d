r"""The page of one table in LaTeX, written twice: as it is seen, and traced.

Both are the same source but for numbers: in the traced one the colour of each text is the number of its owner and empty
cells hold a dot that takes no room, so the glyphs of that page tell which cell they belong to, to the letter. Grounds
are left out of it; they take no room either.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from renderers.content.tables.table import TableContent
from renderers.content.tables.texts import width_em
from renderers.core.colours import rgb
from renderers.drawing.latex_tables.source import write_fonts, write_text
from renderers.drawing.latex_tables.style import Style
from renderers.labels.tables.tree import Cell, Placed, Rule, Table, place_cells

_NUMBER = re.compile(r"(?:\\\()?[-+]?[\d,]+(?:\.(\d+))?(?:\\\))?$")
_LABEL = re.compile(r"^\S+ ?[A-Z]?\d[\d.-]*[:.：]?")
_MIN_CAPTION_EM = 14.0
_MIN_RULE_PT = 0.9
_MIN_TELLING_EM = 0.4
"""So much narrower must one cell of a column be than another for its alignment to be seen."""

_STACK_FROM = 9
"""Heads with so many letters may stand in two lines."""


def owners(content: TableContent) -> list[Placed]:
    """The cells by number; the caption has the number after the last, then come the notes."""
    return place_cells(content.table.rows, len(content.table.aligns))


@dataclass(frozen=True, slots=True)
class Grounds:
    """Colours behind each row, "" for paper."""

    rows: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return any(self.rows)


def choose_grounds(content: TableContent, style: Style) -> Grounds:
    """What stands behind each row; none behind one above which a rule would be painted over."""
    table = content.table
    last = len(table.aligns) - 1
    colours: list[str] = []
    num_body = 0
    for row, kind in enumerate(content.kinds):
        num_body += kind == "body"
        colour = {"head": style.head_ground, "group": style.group_ground, "total": style.group_ground}.get(kind, "")
        if kind == "body" and num_body % 2 == 0:
            colour = style.stripe
        partial = any(rule != (0, last) for rule in table.rules[row])
        colours.append("" if partial and not uses_booktabs(table, style) else colour)
    num_head = sum(kind == "head" for kind in content.kinds)
    # Rules of booktabs part the ground of heads, and with it white letters in the middle of two rows.
    parted = uses_booktabs(table, style) and any(table.rules[row] for row in range(1, num_head))
    if not all(colours[:num_head]) or (parted and style.head_ink != style.ink):
        # White letters need their ground: all rows of heads or none.
        colours[:num_head] = [""] * num_head
    return Grounds(tuple(colours))


def uses_booktabs(table: Table, style: Style) -> bool:
    """Whether rules are of booktabs, which leave gaps in bars."""
    return style.booktabs and not any(table.bars)


def join_rules(content: TableContent, style: Style) -> TableContent:
    """What is printed of a table: rules that meet end to end are one line, but those of booktabs, which are trimmed."""
    if uses_booktabs(content.table, style):
        return content
    table = msgspec.structs.replace(content.table, rules=tuple(_joined(one) for one in content.table.rules))
    return msgspec.structs.replace(content, table=table)


def _joined(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    joined: list[Rule] = []
    for first, last in rules:
        if joined and joined[-1][1] + 1 == first:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return tuple(joined)


class Writer:
    """Writes the page of a table; `traced` as in the module's words."""

    def __init__(self, content: TableContent, style: Style, traced: bool) -> None:
        self._content = content
        self._table = content.table
        self._style = style
        self._traced = traced
        self._placed = owners(content)
        self._grounds = choose_grounds(content, style)
        self._points = [self._most_decimals(column) for column in range(len(content.table.aligns))]
        self._heads = [self._head_align(column) for column in range(len(content.table.aligns))]

    def body(self) -> str:
        """The body."""
        style, table = self._style, self._table
        left, top, right, bottom = style.margins_pt
        pieces = [write_fonts(style, style.size_pt), "\\parindent0pt\\parskip0pt\\lineskiplimit0pt\\lineskip1pt"]
        pieces.append(f"\\def\\arraystretch{{{style.stretch:g}}}\\tabcolsep{style.colsep_pt:g}pt")
        # pdfium paints grounds to whole pixels, over half of a thin rule beside them.
        rule_pt = max(style.rule_pt, _MIN_RULE_PT) if self._grounds.any else style.rule_pt
        pieces.append(f"\\arrayrulewidth{rule_pt:g}pt\\lightrulewidth{rule_pt:g}pt")
        pieces.append(f"\\cmidrulewidth{rule_pt:g}pt\\heavyrulewidth{1.7 * rule_pt:g}pt")
        pieces.append("\\cmidrulekern.35em\\belowrulesep.5ex\\aboverulesep.4ex\\doublerulesep2.4pt")
        colour = "" if self._traced else f"\\arrayrulecolor[rgb]{{{_shares(style.rule_ink, ',')}}}"
        pieces.append(f"{colour}\\setbox\\Tabular\\hbox{{{self._tabular()}}}\\Wide\\wd\\Tabular")
        pieces.append(f"\\ifdim\\Wide<{_MIN_CAPTION_EM * style.size_pt:g}pt")
        pieces.append(f"\\Wide{_MIN_CAPTION_EM * style.size_pt:g}pt\\fi")
        pieces.append(f"\\vbox{{\\kern{top:g}pt\\hbox{{\\kern{left:g}pt\\vbox{{\\hsize\\Wide ")
        caption = self._caption() if table.caption else ""
        if not caption and not table.notes:
            pieces.append("\\hsize\\wd\\Tabular")
        if caption and not table.caption_below:
            pieces.append(f"{caption}\\kern{style.caption_gap_pt:g}pt")
        pieces.append("\\hbox to\\hsize{\\hss\\box\\Tabular\\hss}")
        if caption and table.caption_below:
            pieces.append(f"\\kern{style.caption_gap_pt:g}pt{caption}")
        for number, note in enumerate(table.notes):
            pieces.append(f"\\kern{2.5 if number else style.caption_gap_pt:g}pt{self._note(number, note)}")
        pieces.append(f"}}\\kern{right:g}pt}}\\kern{bottom:g}pt}}")
        return "\n".join(pieces)

    def _inked(self, number: int, ink: str, source: str) -> str:
        colour = f"{(number + 1 >> 8) / 255:.4f} {(number + 1 & 255) / 255:.4f} 0" if self._traced else _shares(ink)
        return f"\\Ink{{{colour}}}{source}\\Off "

    def _caption(self) -> str:
        style, text = self._style, self._table.caption
        label = _LABEL.match(text)
        if "caption" in style.bold and label and label.end() < len(text):
            blank = " " if text[label.end()] == " " else ""
            rest = write_text(text[label.end() :].lstrip(), style, bold=False)
            source = f"{write_text(label[0], style, bold=True)}{blank}{rest}"
        else:
            source = write_text(text, style, "caption" in style.bold)
        shape = "\\centering" if style.caption_align == "c" else "\\raggedright"
        inked = self._inked(len(self._placed), style.ink, source)
        return f"{{{shape}\\hyphenpenalty10000\\exhyphenpenalty10000\\leavevmode {inked}\\par}}"

    def _note(self, number: int, note: str) -> str:
        source = write_text(note, self._style, bold=False)
        inked = self._inked(len(self._placed) + 1 + number, self._style.ink, source)
        fonts = write_fonts(self._style, self._style.note_pt)
        return f"{{{fonts}\\raggedright\\hyphenpenalty10000\\exhyphenpenalty10000\\leavevmode {inked}\\par}}"

    def _tabular(self) -> str:
        table = self._table
        lines = [f"\\begin{{tabular}}{{{self._spec()}}}"]
        starting: dict[tuple[int, int], tuple[int, Cell]] = {
            (row, column): (number, cell) for number, (row, column, cell) in enumerate(self._placed)
        }
        covering = {
            (row + down, column): (number, cell, down)
            for number, (row, column, cell) in enumerate(self._placed)
            for down in range(1, cell.rowspan)
        }
        for row in range(len(table.rows)):
            lines.append(self._rules(row))
            ground = self._grounds.rows[row]
            if ground and not self._traced:
                lines.append(f"\\rowcolor[rgb]{{{_shares(ground, ',')}}}")
            lines.append(" & ".join(self._row(row, starting, covering)) + "\\\\")
        lines.append(self._rules(len(table.rows)))
        lines.append("\\end{tabular}")
        return "\n".join(line for line in lines if line)

    def _row(
        self,
        row: int,
        starting: dict[tuple[int, int], tuple[int, Cell]],
        covering: dict[tuple[int, int], tuple[int, Cell, int]],
    ) -> Iterator[str]:
        column = 0
        # A ground is painted with its row, over what hangs into it from above: then cells hang from their last row up.
        upwards = self._grounds.any
        while column < len(self._table.aligns):
            if (row, column) in starting:
                number, cell = starting[row, column]
                shown = cell.rowspan == 1 or not upwards
            else:
                number, cell, down = covering[row, column]
                shown = upwards and down == cell.rowspan - 1
            yield self._cell(row, column, number, cell, upwards, shown)
            column += cell.colspan

    def _cell(self, row: int, column: int, number: int, cell: Cell, upwards: bool, shown: bool) -> str:
        head = self._content.kinds[row] == "head"
        source = self._inside(row, column, number, cell) if shown else ""
        if shown and cell.rowspan > 1:
            source = f"\\multirow{{{-cell.rowspan if upwards else cell.rowspan}}}{{*}}{{{source}}}"
        if cell.colspan > 1:
            return self._multicolumn(column, cell.colspan, cell.align or "c", source)
        if head and self._heads[column] != self._align(column):
            return self._multicolumn(column, 1, self._heads[column], source)
        if head and self._content.columns[column].wrap_em:
            return self._multicolumn(column, 1, "l", source)
        return source

    def _inside(self, row: int, column: int, number: int, cell: Cell) -> str:
        style, kind = self._style, self._content.kinds[row]
        ink = style.head_ink if kind == "head" and self._grounds.rows[row] else style.ink
        if not cell.text:
            return "\\leavevmode" + self._inked(number, ink, "\\Dot" if self._traced else "\\Void")
        bold = kind in style.bold or ("stub" in style.bold and column < self._content.num_stubs)
        words = cell.text.split(" ") if self._stacks(kind, cell) else []
        if len(words) > 1 and len(cell.text) >= _STACK_FROM and not self._turned(row, column):
            at = min(range(1, len(words)), key=lambda num: abs(2 * len(" ".join(words[:num])) - len(cell.text)))
            halves = [write_text(" ".join(part), style, bold) for part in (words[:at], words[at:])]
            align = self._heads[column]
            lines = "\\\\\\relax ".join(halves)
            source = f"\\def\\arraystretch{{1}}\\begin{{tabular}}{{@{{}}{align}@{{}}}}{lines}\\end{{tabular}}"
        else:
            source = write_text(cell.text, style, bold) + self._padding(column, cell, kind)
        # A colour that is set before a paragraph begins would stand above its first line.
        inked = f"\\leavevmode{self._inked(number, ink, source)}"
        return f"\\rotatebox{{90}}{{\\kern2pt{inked}\\kern2.5pt}}" if self._turned(row, column) else inked

    def _stacks(self, kind: str, cell: Cell) -> bool:
        return kind == "head" and self._style.stacked and cell.colspan == 1 and "\\(" not in cell.text

    def _turned(self, row: int, column: int) -> bool:
        last_head = row + 1 == self._table.num_head
        return self._content.rotated and last_head and column >= self._content.num_stubs

    def _most_decimals(self, column: int) -> int:
        if not self._content.columns[column].at_point:
            return 0
        texts = [cell.text for _, where, cell in self._placed if where == column and cell.colspan == 1]
        return max((len(found[1] or "") for text in texts if (found := _NUMBER.match(text))), default=0)

    def _padding(self, column: int, cell: Cell, kind: str) -> str:
        """Room for the digits that a number lacks after its point."""
        found = _NUMBER.match(cell.text) if kind != "head" and cell.colspan == 1 else None
        num = len(found[1] or "") if found else 0
        if not found or num >= self._points[column]:
            return ""
        return f"\\phantom{{{'' if num else '.'}{'0' * (self._points[column] - num)}}}"

    def _head_align(self, column: int) -> str:
        """As the look has it, but over cells that are all as wide as their column: there the head alone tells how."""
        cells = [cell for row, where, cell in self._placed if where == column and self._content.kinds[row] != "head"]
        texts = [cell.text for cell in cells if cell.colspan == 1 and cell.text]
        if self._points[column]:
            texts = [text.partition(".")[0] for text in texts]
        widths = [width_em(text) for text in texts]
        differs = bool(widths) and max(widths) - min(widths) >= _MIN_TELLING_EM
        return (self._style.head_align if differs else "") or self._align(column)

    def _align(self, column: int) -> str:
        return "r" if self._content.columns[column].at_point else self._table.aligns[column]

    def _edges(self, column: int, colspan: int) -> tuple[str, str]:
        """What stands before and after some columns: bars, and no space at the table's edges where it is flush."""
        bars, last = self._table.bars, len(self._table.aligns)
        flush = "@{}" if self._style.flush else ""
        left = "|" * bars[0] + ("" if bars[0] else flush) if column == 0 else ""
        end = column + colspan
        right = "|" * bars[end]
        if end == last and not bars[end]:
            right = flush
        return left, right

    def _spec(self) -> str:
        pieces: list[str] = []
        for column, how in enumerate(self._content.columns):
            left, right = self._edges(column, 1)
            align = self._align(column)
            if how.wrap_em:
                wide_pt = how.wrap_em * self._style.size_pt
                align = f">{{\\Ragged}}{self._style.cell}{{{wide_pt:.1f}pt}}"
            pieces.append(f"{left}{align}{right}")
        return "".join(pieces)

    def _multicolumn(self, column: int, colspan: int, align: str, source: str) -> str:
        left, right = self._edges(column, colspan)
        return f"\\multicolumn{{{colspan}}}{{{left}{align}{right}}}{{{source}}}"

    def _rules(self, row: int) -> str:
        table = self._table
        rules = table.rules[row]
        full: Rule = (0, len(table.aligns) - 1)
        if uses_booktabs(table, self._style):
            name = "toprule" if row == 0 else "bottomrule" if row == len(table.rows) else "midrule"
            # Above a row, \cmidrule is for heads; elsewhere and over all columns it looks as others do.
            return "".join(
                f"\\{name}" if rule == full else f"\\cmidrule(lr){{{rule[0] + 1}-{rule[1] + 1}}}" for rule in rules
            )
        return "".join("\\hline" if rule == full else f"\\cline{{{rule[0] + 1}-{rule[1] + 1}}}" for rule in rules)


def _shares(colour: str, joint: str = " ") -> str:
    """Red, green and blue of "#rrggbb" as TeX and PDF write them, each 0..1."""
    return joint.join(f"{channel / 255:.4g}" for channel in rgb(colour))

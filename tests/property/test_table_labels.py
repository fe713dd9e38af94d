"""The grammar of tables: any tree survives LaTeX, HTML and OTSL, and what people write becomes one canonical text."""

import string

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderers.core.errors import LabelError
from renderers.labels.tables import grammar as tables
from renderers.labels.tables.html import from_html, to_html
from renderers.labels.tables.otsl import from_otsl, to_otsl
from renderers.labels.tables.tree import Align, Cell, Rule, Table, place_cells, tidy

ALIGNS: tuple[Align, ...] = ("l", "c", "r")
SIGNS = string.ascii_letters + string.digits + " %&#_$~^{}[]*()-+,.;:!?<>|/'\"=@–—±°€中文表格，。"
FORMULAS = ("\\(x^{2}\\)", "\\(1.2 \\pm 0.3\\)", "\\(\\frac{1}{2}\\)", "\\(a & b \\\\ c\\)", "\\(<0.001\\)")


@st.composite
def texts(draw: st.DrawFn) -> str:
    pieces = draw(st.lists(st.one_of(st.text(SIGNS, max_size=8), st.sampled_from(FORMULAS)), max_size=3))
    return tidy("".join(pieces))


@st.composite
def trees(draw: st.DrawFn) -> Table:
    num_rows, num_columns = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    free = [[True] * num_columns for _ in range(num_rows)]
    rows: list[tuple[Cell, ...]] = []
    for row in range(num_rows):
        cells = []
        for column in range(num_columns):
            if not free[row][column]:
                continue
            most = 1
            while column + most < num_columns and free[row][column + most]:
                most += 1
            colspan = draw(st.sampled_from((1, 1, 1, most, min(2, most))))
            rowspan = draw(st.sampled_from((1, 1, 1, 2, 3)))
            rowspan = min(rowspan, num_rows - row)
            for line in range(row, row + rowspan):
                free[line][column : column + colspan] = [False] * colspan
            align = draw(st.sampled_from(ALIGNS)) if colspan > 1 else ""
            cells.append(Cell(draw(texts()), rowspan, colspan, align))
        rows.append(tuple(cells))
    edges = st.tuples(st.integers(0, num_columns - 1), st.integers(0, num_columns - 1))
    rules: st.SearchStrategy[tuple[Rule, ...]] = st.lists(edges.map(lambda one: (min(one), max(one))), max_size=3).map(
        lambda some: tuple(sorted(some))
    )
    caption = draw(texts())
    return Table(
        aligns=tuple(draw(st.lists(st.sampled_from("lcr"), min_size=num_columns, max_size=num_columns))),
        bars=tuple(draw(st.lists(st.integers(0, 2), min_size=num_columns + 1, max_size=num_columns + 1))),
        rows=tuple(rows),
        rules=tuple(draw(rules) for _ in range(num_rows + 1)),
        num_head=draw(st.integers(0, num_rows)),
        caption=caption,
        caption_below=bool(caption) and draw(st.booleans()),
        notes=tuple(note for note in draw(st.lists(texts(), max_size=2)) if note),
    )


def skeleton(table: Table) -> object:
    cells = [[(cell.text, cell.rowspan, cell.colspan) for cell in row] for row in table.rows]
    return cells, table.caption, table.caption_below, table.notes


@given(trees())
@settings(deadline=None)
def test_latex_says_all_of_a_tree_but_its_heads(table: Table) -> None:
    markup, spans = tables.write(table)
    assert tables.read(markup) == msgspec.structs.replace(table, num_head=0)
    assert tables.normalize(markup) == markup
    assert tables.check(markup) is None
    assert tables.equal(markup, markup)
    inked = tables.inked_spans(markup)
    assert sorted(spans.values()) == [span for span, _ in inked]
    num_texts = sum(bool(cell.text) for row in table.rows for cell in row) + bool(table.caption) + len(table.notes)
    assert len(inked) == num_texts
    assert all(markup[start:stop] == text for (start, stop), text in inked)


@given(trees())
@settings(deadline=None)
def test_html_and_otsl_say_the_cells(table: Table) -> None:
    assert skeleton(from_html(to_html(table))) == skeleton(table)
    assert from_html(to_html(table)).num_head == table.num_head
    assert skeleton(from_otsl(to_otsl(table))) == skeleton(table)


@given(trees(), st.integers(0, 10**6))
@settings(deadline=None)
def test_another_text_in_one_cell_is_another_table(table: Table, pick: int) -> None:
    placed = place_cells(table.rows, len(table.aligns))
    _, _, chosen = placed[pick % len(placed)]
    rows = [
        tuple(msgspec.structs.replace(cell, text=tidy(f"{cell.text} Q")) if cell is chosen else cell for cell in cells)
        for cells in table.rows
    ]
    other = msgspec.structs.replace(table, rows=tuple(rows))
    assert not tables.equal(tables.write(table)[0], tables.write(other)[0])


@given(st.text(max_size=60))
def test_rubbish_is_refused_or_normal(text: str) -> None:
    source = f"\\begin{{tabular}}{{ll}}{text}\\end{{tabular}}"
    try:
        normal = tables.normalize(source)
    except LabelError:
        assert tables.check(source)
        return
    assert tables.normalize(normal) == normal
    assert tables.check(normal) is None


CASES = {
    "booktabs": (
        r"\begin{tabular}{lc} \toprule A & B \\ \cmidrule(lr){2-2} 1 & 2 \\ \midrule 3&4\\ \end{tabular}",
        "\\begin{tabular}{lc}\n\\hline\nA & B \\\\\n\\cline{2-2}\n1 & 2 \\\\\n\\hline\n3 & 4 \\\\\n\\end{tabular}",
    ),
    "columns": (
        r"\begin{tabular}[t]{|*{2}{c|}@{\,}p{3cm}S}1&2&3&4\end{tabular}",
        "\\begin{tabular}{|c|c|lr}\n1 & 2 & 3 & 4 \\\\\n\\end{tabular}",
    ),
    "upwards": (
        r"\begin{tabular}{ll}& 1\\ \multirow{-2}{*}{A} & 2\\[2pt]\end{tabular}",
        "\\begin{tabular}{ll}\n\\multirow{2}{*}{A} & 1 \\\\\n& 2 \\\\\n\\end{tabular}",
    ),
    "styles": (
        "\\begin{tabular}{l}\\textbf{A \\& B} % told\n\\\\ $x^2$ {c}~d\\\\\\end{tabular}",
        "\\begin{tabular}{l}\nA \\& B \\\\\n\\(x^2\\) c d \\\\\n\\end{tabular}",
    ),
    "float": (
        "\\begin{table}[h]\\centering\\begin{tabular}{l}x\\end{tabular}\\caption[short]{A}\\label{t}Note\\end{table}",
        "\\begin{table}\n\\begin{tabular}{l}\nx \\\\\n\\end{tabular}\n\\caption{A}\nNote\n\\end{table}",
    ),
    "short row": (
        r"\begin{tabular}{lll}a\\b&c\end{tabular}",
        "\\begin{tabular}{lll}\na & & \\\\\nb & c & \\\\\n\\end{tabular}",
    ),
    "bracket": (
        "\\begin{tabular}{l}a\\\\{[}1]\\end{tabular}",
        "\\begin{tabular}{l}\na \\\\\n{[}1] \\\\\n\\end{tabular}",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_people_write_is_read(name: str) -> None:
    written, normal = CASES[name]
    assert tables.normalize(written) == normal
    assert tables.check(normal) is None
    assert tables.equal(written, normal)


@pytest.mark.parametrize(
    "text",
    [
        "\\begin{tabular}{l}",
        "\\begin{tabular}{q}a\\end{tabular}",
        "\\begin{tabular}{l}a&b\\end{tabular}",
        "\\begin{tabular}{l}\\multirow{3}{*}{a}\\\\b\\end{tabular}",
        "\\begin{tabular}{ll}\\multirow{2}{*}{a}&b\\\\c&d\\end{tabular}",
        "\\begin{tabular}{l}\\includegraphics{x}\\end{tabular}",
        "\\begin{tabular}{*{99999}{l}}a\\end{tabular}",
        "\\begin{tabular}{l}\\begin{tabular}{l}a\\end{tabular}\\end{tabular}",
        "\\begin{tabular}{l}{a\\end{tabular}}",
        "words \\begin{tabular}{l}a\\end{tabular}",
        "\\begin{tabular}{l}\\cline{2-3}a\\end{tabular}",
        "\\begin{tabular}{l}\\end{tabular}",
    ],
)
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(LabelError):
        tables.read(text)
    assert tables.check(text)

r"""Tables as people and models write them: blanks, columns that print, commands that do not, formulas."""

import random
import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from got_model.metrics.tables import score_table
from renderers.core.errors import LabelError
from renderers.labels.tables import grammar as tables
from renderers.labels.tables.escape import escape, unescape
from renderers.labels.tables.html import from_html, to_html
from renderers.labels.tables.tree import Cell, Table, tidy
from tests.property.test_table_labels import SIGNS, trees


def tabular(columns: str, *rows: str) -> str:
    body = "".join(f"{row} \\\\\n" for row in rows)
    return f"\\begin{{tabular}}{{{columns}}}\n{body}\\end{{tabular}}"


# What is written -> what it means, written plainly.
CASES = {
    "cline with blanks": (
        tabular("ll", "1 & 2", r"\cline { 1 - 1 } 3 & 4"),
        tabular("ll", "1 & 2", r"\cline{1-1} 3 & 4"),
    ),
    "cmidrule with blanks": (
        tabular("ll", r"1 & 2", r"\cmidrule [1pt] (l {3pt} r) { 1 - 2 } 3 & 4"),
        tabular("ll", "1 & 2", r"\hline 3 & 4"),
    ),
    "spans with blanks": (
        tabular("ll", r"\multicolumn {2} { c } {x}", r"\multirow [t] { 2 } [0] { * } [1pt] { y } & 1", "& 2"),
        tabular("ll", r"\multicolumn{2}{c}{x}", r"\multirow{2}{*}{y} & 1", "& 2"),
    ),
    "environments with blanks": (
        "\\begin {tabular} [t] { l }\n1 \\\\ * [2pt]\n2 \\tabularnewline [2pt]\n\\end { tabular }",
        tabular("l", "1", "2"),
    ),
    "captions with blanks": (
        "\\begin {table} [h] \\caption * [s] {C} \\label {t} " + tabular("l", "1") + " \\end {table}",
        "\\begin{table}\\caption{C}" + tabular("l", "1") + "\\end{table}",
    ),
    "arguments without braces": (
        tabular("*2l", r"\multicolumn2c{x}", r"\multirow2*{y} & 1", "& 2"),
        tabular("ll", r"\multicolumn{2}{c}{x}", r"\multirow{2}{*}{y} & 1", "& 2"),
    ),
    "a bracket behind hline": (tabular("l", "1", r"\hline[2]"), tabular("l", "1", r"\hline {[}2]")),
    "a bracket behind a row": (
        tabular("l", r"1 \\ [2] \\ [3pt] 4 \\ [-.5\baselineskip] 5 \\* [6kg]"),
        tabular("l", "1", "{[}2]", "4", "5", "{[}6kg]"),
    ),
    "a comment behind a row": (tabular("l", "1 \\\\%\n\\hline 2"), tabular("l", "1", r"\hline 2")),
    "rules of other packages": (
        tabular("l", "1", r"\noalign{\smallskip}\specialrule{1pt}{0pt}{0pt} 2", r"\noalign{\hrule height 1pt} 3"),
        tabular("l", "1", r"\hline 2", r"\hline 3"),
    ),
    "text between columns": (tabular("r@{--}l", "97&245"), tabular("rl", "97-- & 245")),
    "text before the first": (tabular("@{No. }>{\\$}r", "5"), tabular("r", r"No. \$5")),
    "text behind a column": (tabular("r<{\\%}l", "97 & 5", "1"), tabular("rl", r"97\% & 5", r"1\%")),
    "a rule between columns": (tabular("l!{\\vrule width 1pt}r@{\\vline}", "1 & 2"), tabular("l|r|", "1 & 2")),
    "columns of formulas": (
        tabular(">{$}c<{$}l", "x^2 & a", "& b", r"\multirow{2}{*}{A} & 1", "& 2"),
        tabular("cl", "$x^2$ & a", "& b", r"\multirow{2}{*}{A} & 1", "& 2"),
    ),
    "the nearest insertion first": (tabular(">{A}>{B}c<{C}<{D}@{E}@{F}", "x"), tabular("c", "BAxDCEF")),
    "a span prints what its own column does": (
        tabular("@{a}r@{b}l@{c}", r"\multicolumn{2}{c@{!}}{x}", r"\multicolumn{1}{c}{1}&2", r"1&\multicolumn{1}{c}{2}"),
        tabular("rl", r"\multicolumn{2}{c}{x!}", "1&2c", "a1b&2"),
    ),
    "insertions that print nothing": (
        tabular(r"@{}>{\raggedright\arraybackslash}p{3cm}@{\extracolsep{\fill}}>{\columncolor[gray]{.8}[0pt]}l@{\,}"
                r"@{\hskip 1em plus 1fil}>{\bfseries}l>{\hsize=.5\hsize}X@{\hspace{1em}}", "1&2&3&4"),
        tabular("llll", "1&2&3&4"),
    ),
    "columns of siunitx": (tabular("S[table-format=2.1]S", "{A} & 1.5"), tabular("rr", "A & 1.5")),
    "repeated columns": (tabular("*6{c}*{2}{l|}", "1"), tabular("ccccccl|l|", "1")),
    "columns of array": (tabular("w{c}{1cm}W{r}{2cm}", "1&2"), tabular("cr", "1&2")),
    "colours": (
        tabular("ll", r"\rowcolor[gray]{.9}[0pt][1pt] a & \cellcolor{red!10}b", r"\arrayrulecolor{red}\hline "
                r"\cellcolor[HTML]{FF0000} \multirow{2}{*}{c} & \multicolumn{1}{c}{\cellcolor{red} d}", "& e"),
        tabular("ll", "a & b", r"\hline \multirow{2}{*}{c} & d", "& e"),
    ),
    "stacks": (
        tabular("lll", r"\shortstack[l]{a\\b} & \makecell[c]{x\\[2pt]y} & \rotatebox[origin=c]{90}{z}"),
        tabular("lll", "a b & x y & z"),
    ),
    "a colour has no option": (
        tabular("l", r"\color{red}[1]", r"\cellcolor{red}[2]", r"\cellcolor{red}[1pt][1pt][3]"),
        tabular("l", "{[}1]", "{[}2]", "{[}3]"),
    ),
    "typewriters have no ligatures": (
        tabular("l", r"\texttt{--all} -- {\texttt {a{--}b}}"),
        tabular("l", "-{}-all – a-{}-b"),
    ),
    "what stands before a table": (
        r"\begin{center}\rowcolors{2}{red!10}{white}\renewcommand{\arraystretch}{1.2}" + tabular("l", "1"),
        tabular("l", "1"),
    ),
    "ligatures": (
        tabular("llllll", "1--2 & a---b & ``c'' & ?`d & e-{}-f & $a--b$"),
        tabular("llllll", "1–2 & a—b & “c” & ¿d & e-{}-f & $a--b$"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_written_is_what_it_prints(name: str) -> None:
    written, plain = CASES[name]
    assert tables.normalize(written) == tables.normalize(plain)
    assert tables.equal(written, plain)
    assert score_table(plain, written) == {"teds": 1.0, "teds_s": 1.0}


def test_a_text_between_columns_is_in_the_label() -> None:
    assert tables.normalize(tabular("r@{--}l", "97&245")) == tabular("rl", "97– & 245")


@pytest.mark.parametrize(
    "text",
    [
        tabular(r">{\collectcell\foo}l<{\endcollectcell}", "1"),
        tabular("D{.}{,}{2}", "1.5"),
        tabular("r<{\\%}", r"\multirow{2}{*}{5}", ""),
        tabular("l>{a}", "1"),
        tabular("l", r"\cellcolor"),
        tabular("l", r"\rule{1em}{1em}"),
        tabular("l", r"\cline{1-" + "9" * 5000 + "} 1"),
        tabular("*{²}{l}", "1"),
        tabular("*{64}{*{64}{*{64}{}}}l", "1"),
    ],
)
def test_what_would_be_lost_is_refused(text: str) -> None:
    with pytest.raises(LabelError):
        tables.read(text)


_ARGUMENTS = {
    "begin{tabular}": 1,
    "begin{table}": 0,
    "end": 1,
    "cline": 1,
    "multicolumn": 2,
    "multirow": 2,
    "caption": 0,
}


def with_blanks(text: str, rng: random.Random) -> str:
    """The same table with blanks where TeX, or a model that writes tokens, may have them."""

    def blank() -> str:
        return rng.choice(("", " ", "\n", "  "))

    for command, num in _ARGUMENTS.items():
        pattern = re.compile(rf"\\{re.escape(command)}((?:\{{[^{{}}]*\}}){{{num}}})")

        def spaced(found: "re.Match[str]", command: str = command) -> str:
            groups = "".join(f"{blank()}{{{blank()}{one}{blank()}}}" for one in re.findall(r"\{([^{}]*)\}", found[1]))
            return f"\\{command.replace('{', blank() + '{')}{groups}{blank()}"

        text = pattern.sub(spaced, text)
    text = re.sub(r"(?<=\d)-(?=\d+\s*\})", lambda _: f"{blank()}-{blank()}", text)
    return re.sub(
        r"(?<!\\)\\\\\n", lambda _: rng.choice(("\\\\\n", "\\\\ [2pt]\n", "\\\\ * \n", "\\tabularnewline ")), text
    )


@given(trees(), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_blanks_change_no_label(table: Table, seed: int) -> None:
    plain = msgspec.structs.replace(table, caption="", caption_below=False, notes=())
    for one in (plain, msgspec.structs.replace(plain, caption="A caption")):
        # Formulas have ends of rows of their own.
        markup = tables.write(one)[0]
        if "\\\\ c" in markup:
            continue
        assert tables.normalize(with_blanks(markup, random.Random(seed))) == markup


ALIKE = (
    (r"x^{2}", r"x^2", r"x^3"), (r"x_{i}^{2}", r"x^2_i", r"x_j^2"), (r"\dfrac{a}{b}", r"\frac ab", r"\frac ba"),
    (r"a \leq b", r"a\le b", r"a<b"), (r"\mathrm{H_2O}", r"\mathrm{H}_2\mathrm{O}", r"\mathrm{H}_2O"),
    (r"1.2 \pm 0.3", r"1.2\pm{0.3}", r"1.2\mp 0.3"), (r"a\quad b", "a b", "b a"), (r"p\mid q", "p|q", "pq"),
)  # fmt: skip


@given(trees(), st.integers(0, 10**6), st.sampled_from(ALIKE), st.sampled_from(("$%s$", "\\(%s\\)", "\\( %s \\)")))
@settings(deadline=None, max_examples=60)
def test_formulas_of_cells_are_compared_by_their_meaning(
    table: Table, pick: int, alike: tuple[str, str, str], form: str
) -> None:
    num = sum(map(len, table.rows))

    def written(formula: str) -> str:
        cells = iter(range(num))
        rows = [
            tuple(
                msgspec.structs.replace(cell, text=tidy(f"{cell.text} FORMULA")) if next(cells) == pick % num else cell
                for cell in row
            )
            for row in table.rows
        ]
        return tables.write(msgspec.structs.replace(table, rows=tuple(rows)))[0].replace("FORMULA", formula)

    one, same, other = (written(form % formula) for formula in alike)
    assert tables.equal(one, same)
    assert not tables.equal(one, other)
    for answer in (same, to_html(tables.read(same))):
        assert score_table(one, answer) == {"teds": 1.0, "teds_s": 1.0}
    assert score_table(one, other)["teds"] < 1


@given(st.text(SIGNS + "`'-?!", max_size=20).map(tidy))
def test_every_text_survives_latex(text: str) -> None:
    try:
        told = unescape(escape(text))
    except LabelError:
        assert "\\(" in text
        return
    assert told == text


@given(st.text(SIGNS, min_size=1, max_size=8).map(tidy).filter(lambda text: bool(text) and "\\" not in text))
@settings(deadline=None)
def test_all_that_columns_print_is_in_the_label(text: str) -> None:
    written = escape(text)
    for columns, cells in (
        (f"l@{{{written}}}r", ("1" + text, "2")),
        (f"l!{{\\hspace{{2pt}}{written}}}r", (tidy("1 " + text), "2")),
        (f"l<{{{written}}}r", ("1" + text, "2")),
        (f">{{{written}}}lr", (text + "1", "2")),
        (f"l>{{\\bfseries {written}}}r@{{}}", ("1", text + "2")),
    ):
        read = tables.read(f"\\begin{{tabular}}{{{columns}}}1&2\\end{{tabular}}")
        assert read.rows == ((Cell(cells[0]), Cell(cells[1])),), columns


SPECS = ("l", "r|", "@{W}", "!{ W }", "l<{W}", ">{W}c", ">{\\bfseries W}p {1cm}", "*2{c}", "S [table-format=1]", "|")
CELLS = (
    "W", "\\textbf{W}", "\\cellcolor {red} W", "\\cellcolor{red}[W]", "\\color{red}[W]", "\\shortstack [l] {W\\\\W}",
    "\\multirow{1}{*}{W}", "{W}", "\\makecell{W \\\\ [2pt] W}", "[W]", "* W", "\\textcolor{red}{W}", "$W$", "`` W ''",
    "\\hspace{1em}W", "W % lost\n", "\\phantom{0}W", "\\parbox[t]{2cm}{W}", "\\raisebox{1ex}[0pt]{W}", "\\(W\\)",
)  # fmt: skip
BREAKS = (" \\\\ ", "\\\\\n\\hline ", " \\\\ [2pt] ", "\\tabularnewline ", "\\\\ \\cmidrule (lr) {1 - 1} ")


@given(
    st.lists(st.sampled_from(SPECS), min_size=1, max_size=6),
    st.lists(st.lists(st.sampled_from(CELLS), min_size=1, max_size=4), min_size=1, max_size=4),
    st.lists(st.sampled_from(BREAKS), min_size=4, max_size=4),
)
@settings(deadline=None, max_examples=300)
def test_nothing_that_prints_is_lost(specs: list[str], rows: list[list[str]], breaks: list[str]) -> None:
    body = "".join(" & ".join(row) + end for row, end in zip(rows, breaks, strict=False))
    numbers = iter(range(1000))
    source = re.sub(
        "W", lambda _: f"Q{next(numbers)}q", f"\\begin{{tabular}}{{{''.join(specs)}}}{body}\\end{{tabular}}"
    )
    try:
        label = tables.normalize(source)
    except LabelError:
        return
    assert tables.normalize(label) == label
    columns = len(tables.read(source).aligns)
    lost = [number for number in range(next(numbers)) if f"Q{number}q" not in label]
    if all(len(row) == columns for row in rows):
        assert not lost, (source, label)


FRAGMENTS = (
    "\\cline", "{", "}", "[", "]", "(lr)", "1", "-", "2", "*", "\\\\", "&", " ", "%", "\n", "$", "\\hline", "@", "\\(",
    "\\)", "\\multirow", "\\multicolumn", "\\cellcolor", "\\rowcolor", "\\shortstack", "\\noalign", "\\hskip", "\\rule",
    "\\begin", "tabular", "\\end", "x^2", "\\frac", "``", "--", "²", "c", "S", "\\caption", "\\parbox", "\\let",
)  # fmt: skip


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=8), st.lists(st.sampled_from(FRAGMENTS), max_size=25))
@settings(deadline=None, max_examples=300)
def test_pieces_of_tables_are_refused_or_have_a_normal_form(columns: list[str], body: list[str]) -> None:
    source = f"\\begin{{tabular}}{{l{''.join(columns)}}}{''.join(body)}\\end{{tabular}}"
    try:
        normal = tables.normalize(source)
    except LabelError:
        assert tables.check(source)
    else:
        assert tables.normalize(normal) == normal
    assert set(score_table(source, source).values()) <= {1.0}


def test_html_keeps_its_words_or_is_refused() -> None:
    table = from_html("<table><tr><td>A <b>bold</b> <br>word</td><td rowspan=1>x</td></tr></table>")
    assert table.rows == ((Cell("A bold word"), Cell("x")),)
    for wrong in (
        "<table><tr><td>A</td> lost </tr></table>",
        "<table><tr><td>A</td></tr></table> lost",
        "<table><tr><td>A<sup>2</sup></td></tr></table>",
        "<table><tr><td colspan='²'>A</td></tr></table>",
        f"<table><tr><td colspan='{'9' * 5000}'>A</td></tr></table>",
    ):
        with pytest.raises(LabelError):
            from_html(wrong)

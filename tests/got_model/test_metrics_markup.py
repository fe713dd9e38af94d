"""Metrics of charts, tables, molecules and figures against values worked out on the references."""

import json

import pytest
from rdkit import Chem

from got_model.metrics.charts import Charts, precisions, title_score
from got_model.metrics.core.metric import Pair
from got_model.metrics.core.page_blocks import blocks_of
from got_model.metrics.core.strokes import read_figure, segments_of
from got_model.metrics.core.table_tree import num_nodes, read_table
from got_model.metrics.figures import Figures
from got_model.metrics.lines import Lines
from got_model.metrics.molecules import Molecules, bare, canonical
from got_model.metrics.tables import Tables, score_table

HAITI = {"Haiti": "6.12%", "Libya": "5.32%", "Morocco": "5.11%", "Lebanon": "4.5%"}
NESTED = {"a": {"x": "1", "y": "2"}, "b": {"x": "3", "y": "4"}}


def levels(answer: object, target: object = HAITI) -> tuple[float, ...]:
    values = precisions(answer, target)
    return tuple(round(values[f"scrm_{level}"], 6) for level in ("strict", "slight", "high"))


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (HAITI, (1, 1, 1)),
        (dict(reversed(HAITI.items())), (1, 1, 1)),
        (HAITI | {"Haiti": f"{6.12 * 1.04}"}, (0.2, 1, 1)),
        (HAITI | {"Haiti": f"{6.12 * 1.08}"}, (0.2, 0.2, 1)),
        ({name: HAITI[name] for name in ("Haiti", "Libya", "Morocco")}, (0.5, 0.5, 0.5)),
        # Overlap 0.8: np.arange(0.5, 1, 0.05) has 0.8000000000000003 there, so six steps of ten are met, not seven.
        (HAITI | {"Egypt": "3.9"}, (0.6, 0.6, 0.6)),
        ({"Haitti" if name == "Haiti" else name: value for name, value in HAITI.items()}, (0.2, 1, 1)),
        ({"Hai" if name == "Haiti" else name: value for name, value in HAITI.items()}, (0.2, 1, 1)),
        ({}, (0, 0, 0)),
    ],
)
def test_scrm_gives_what_its_script_gives(answer: object, wanted: tuple[float, ...]) -> None:
    assert levels(answer) == wanted


def test_scrm_has_the_float_trap_in_the_mean_alone() -> None:
    values = precisions({name: HAITI[name] for name in ("Haiti", "Libya", "Morocco")}, HAITI)
    # Overlap 0.75 meets the plain 0.75, and not the step that np.arange makes 0.7500000000000002.
    assert (values["scrm_strict_ap75"], values["scrm_strict"]) == (1.0, 0.5)
    assert values["scrm_strict_ap90"] == values["scrm_em"] == 0.0


def test_scrm_does_not_see_a_nested_dictionary_turned_inside_out() -> None:
    assert levels({"x": {"a": "1", "b": "3"}, "y": {"a": "2", "b": "4"}}, NESTED) == (1, 1, 1)
    assert levels({"x": {"a": "1", "b": "2"}, "y": {"a": "3", "b": "4"}}, NESTED) != (1, 1, 1)


def test_titles_are_scored_as_ocr_eval_does() -> None:
    scores = [
        title_score(*pair)
        for pair in zip(("Share of GDP", "None", "Year"), ("Share of GPD", "None", "year"), strict=True)
    ]
    counted = [score for score in scores if score is not None]
    assert round(sum(counted) / len(counted), 5) == 0.91667
    assert title_score("Real", "None") == 0.0


def chart(**fields: object) -> str:
    return json.dumps({"title": "T", "source": "None", "x_title": "None", "y_title": "Y", "values": HAITI} | fields)


def test_charts_that_are_none_count_as_missed_and_cut_ones_are_closed() -> None:
    charts = Charts().score([Pair(chart(), chart()), Pair(chart(), "no dictionary"), Pair(chart(), chart()[:-2])])
    assert [values["scrm_strict"] for values in charts.each] == [1.0, 0.0, 1.0]
    assert charts.total["chart_parsed"] == pytest.approx(2 / 3)
    assert charts.each[1]["chart_title"] == 0.0
    assert "chart_source" not in charts.total
    assert "chart_title" not in Charts("got").score([Pair(chart(), "no dictionary")]).total


TABLE = r"""\begin{tabular}{|l|rr|}
\hline
\multirow{2}{*}{Crop} & \multicolumn{2}{c|}{Harvest} \\
\cline{2-3}
& 2019 & 2020 \\
\hline
Rye & 12\% & 7 \\
\hline
\end{tabular}"""
HTML = """<table><thead><tr><th rowspan="2">Crop</th><th colspan=2>Harvest</th></tr><tr><td>2019</td><td>2020</td></tr>
</thead><tbody><tr><td>Rye</td><td>12%</td><td>7</td></tr></tbody></table>"""


@pytest.mark.parametrize("lacking", ["title", "source", "x_title", "y_title", "values"])
def test_the_reference_scores_no_chart_that_lacks_a_part(lacking: str) -> None:
    # eval_ChartSE.py: a KeyError goes on with the next chart, and the share of those scored is a factor of the result.
    whole = json.loads(chart())
    answer = json.dumps({key: value for key, value in whole.items() if key != lacking})
    pairs = [Pair(chart(), answer), Pair(chart(), chart())]
    got, standard = Charts("got").score(pairs).total, Charts().score(pairs).total
    assert got["scrm_strict"] == got["scrm_high"] == got["scrm_em"] == got["chart_parsed"] == 0.5
    assert standard["scrm_strict"] == (0.5 if lacking == "values" else 1.0)
    assert standard["chart_parsed"] == 1.0
    renamed = json.dumps({"data" if key == "values" else key: value for key, value in whole.items()})
    assert Charts("got").score([Pair(chart(), renamed)]).total["scrm_strict"] == 1.0


def test_teds_is_blind_to_how_a_table_is_written() -> None:
    for answer in (TABLE, HTML, TABLE.replace("\\hline\n", ""), HTML.replace("th", "td"), f"{TABLE} and more"):
        assert score_table(TABLE, answer) == {"teds": 1.0, "teds_s": 1.0}


def test_tables_of_markdown_are_tables() -> None:
    plain = "<table><tr><td>Crop</td><td>a|b</td></tr><tr><td>Rye</td><td>7</td></tr></table>"
    piped = "| Crop | a\\|b |\n| :-- | --: |\n| Rye  | 7 |"
    for answer in (piped, piped.replace("\n| ", "\n"), f"words\n{piped}\n\nmore | words"):
        assert score_table(plain, answer) == {"teds": 1.0, "teds_s": 1.0}
    page = blocks_of(f"Before it\n{piped}\nAfter it, a | stands\n\nAn end")
    assert (page.tables, page.texts) == ([f"{piped}\nAfter it, a | stands"], ["Beforeit", "Anend"])
    assert blocks_of("a | b\nwithout dashes").tables == []


def test_teds_counts_edits_over_the_nodes_of_the_larger_table() -> None:
    # 3 rows and 7 cells; "7" is read as "1": one node renamed at full distance.
    tree = read_table(HTML)
    assert tree is not None
    assert num_nodes(tree) == 10
    assert score_table(HTML, HTML.replace(">7<", ">1<")) == {"teds": pytest.approx(1 - 1 / 10), "teds_s": 1.0}
    assert score_table(HTML, HTML.replace("2019", "2018"))["teds"] == pytest.approx(1 - 0.25 / 10)
    # The last row is missing: a row and three cells.
    cut = HTML.replace("<tr><td>Rye</td><td>12%</td><td>7</td></tr>", "")
    assert score_table(HTML, cut) == pytest.approx({"teds": 1 - 4 / 10, "teds_s": 1 - 4 / 10})
    # Another span is another cell.
    assert score_table(HTML, HTML.replace('rowspan="2"', ""))["teds_s"] == pytest.approx(1 - 1 / 10)


def test_tables_that_break_off_are_read_as_far_as_they_go() -> None:
    cut = TABLE.removesuffix(" & 7 \\\\\n\\hline\n\\end{tabular}")
    scored = score_table(TABLE, cut)
    assert scored["teds"] == pytest.approx(1 - 1 / 10)
    assert score_table(TABLE, "no table") == {"teds": 0.0, "teds_s": 0.0}
    assert Tables().score([Pair("no table", TABLE)]).each == [{}]


def grid(*rows: tuple[str, ...]) -> str:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{body}</table>"


def lines(*rows: tuple[str, ...]) -> str:
    body = "".join(" & ".join(row) + " \\\\\n" for row in rows)
    return f"\\begin{{tabular}}{{{'l' * len(rows[0])}}}\n{body}\\end{{tabular}}"


@pytest.mark.parametrize(
    ("target", "answer"),
    [
        (lines((r"\(x^{2}\)", "a")), lines((r"\(x^2\)", "a"))),
        (lines((r"$x_{i}^{2}$", "a")), grid((r"\(x_i^2\)", "a"))),
        (lines((r"\(x_i^2\)", "a")), grid((r"$x_{i}^{2}$", "a"))),
        (lines((r"\(x_i^2\)", "a")), "| $x_{i}^{2}$ | a |\n| --- | --- |"),
        (lines((r"\(\dfrac{a}{b}\)", "a")), lines((r"\(\frac ab\)", "a"))),
        (lines((r"\(\nonsense{2}\)", "a")), lines((r"$\nonsense{2}$", "a"))),
        (lines(("1--2", "a")), grid(("1–2", "a"))),
        (lines(("a---b", "``c''")), grid(("a—b", "“c”"))),
        (lines(("don't", "a")), grid(("don’t", "a"))),
        (lines((r"\$5 and \$6", "a")), grid(("$5 and $6", "a"))),
    ],
)
def test_teds_is_blind_to_how_formulas_and_signs_are_written(target: str, answer: str) -> None:
    assert score_table(target, answer) == {"teds": 1.0, "teds_s": 1.0}
    assert score_table(answer, target) == {"teds": 1.0, "teds_s": 1.0}


def test_another_formula_costs_its_edits() -> None:
    target, answer = lines((r"\(x^2\)", "a")), lines((r"\(x^3\)", "a"))
    assert score_table(target, answer)["teds"] == pytest.approx(1 - (1 / len(r"\( x^2 \)")) / 3)


def test_tags_within_a_cell_do_not_make_up_for_one_that_is_missing() -> None:
    # A cell is missing, and the other has nothing of its text: two edits, a row and two cells.
    for num in (1, 1000):
        assert score_table(grid(("A", "B")), grid(("<br>" * num,))) == pytest.approx({"teds": 1 / 3, "teds_s": 2 / 3})


@pytest.mark.parametrize("colspan", ["2", "1000", "0", "-1", "9" * 5000])
def test_a_wrong_span_is_a_cell_renamed_whatever_it_is(colspan: str) -> None:
    # PubTabNet: two rows and four cells, one of them renamed at a cost of 1.
    target = grid(("A", "B"), ("C", "D"))
    answer = target.replace("<td>A", f'<td colspan="{colspan}">A')
    assert score_table(target, answer) == pytest.approx({"teds": 5 / 6, "teds_s": 5 / 6})
    assert score_table(answer, answer) == {"teds": 1.0, "teds_s": 1.0}


@pytest.mark.parametrize("colspan", ["1", " 1 ", "", "x"])
def test_no_span_is_one(colspan: str) -> None:
    target = grid(("A", "B"))
    assert score_table(target, target.replace("<td>A", f'<td colspan="{colspan}">A'))["teds"] == 1.0


def molecules(target: str, answer: str) -> dict[str, float]:
    return {
        name.removeprefix("smiles_"): value for name, value in Molecules().score([Pair(target, answer)]).total.items()
    }


def test_molecules_are_compared_as_molecules() -> None:
    assert molecules("OCC", "CCO") == {"exact": 1, "isomeric": 1, "graph": 1, "tanimoto": 1, "valid": 1}
    other = molecules("<smiles>CCO</smiles>", "```smiles\nCCN\n```")
    assert (other["exact"], other["valid"]) == (0, 1)
    assert 0 < other["tanimoto"] < 1
    assert molecules("CCO", "CC(") == {"exact": 0, "isomeric": 0, "graph": 0, "tanimoto": 0, "valid": 0}


def test_molecules_have_the_references_quirks() -> None:
    # Cis and trans are not seen by the exact match.
    cis_trans = molecules("C/C=C/C", "C/C=C\\C")
    assert (cis_trans["exact"], cis_trans["isomeric"]) == (1, 0)
    chiral = molecules("C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O")
    assert (chiral["exact"], chiral["graph"], chiral["chiral"]) == (0, 1, 0)
    assert "chiral" not in molecules("CCO", "CCO")
    # R-groups are numbered stars, and a word in brackets that is no atom is a star.
    assert canonical("[R1]CC") == canonical("CC[1*]")
    assert canonical("[Xx]CC") == canonical("CC*")
    # What is no molecule is compared as it is; an empty target is never met.
    assert molecules("not a molecule", "not a molecule")["exact"] == 1
    assert molecules("", "")["exact"] == 0
    assert bare(" <smiles>CCO</smiles>\n") == bare("```\nCCO\n```") == "CCO"


TWO_WRITINGS = (
    "C=[13N][C@H]1CC2(C[C@H](CC)C2)C1",
    "C=[13N][C@H]1CC2(C[C@@H](CC)C2)C1",
    "C[N+](C)(C)[C@H]1[N@@]2CN3C[N@](C2)C[N@]1C3",
    "O=C([O-])[C@H]1[N@@]2C[N@@]3C[N@@](C2)C[N@]1C3",
    "c1cc([C@H]2[N@@]3CN4C[N@](C3)C[N@]2C4)ccn1",
    "[2H][C@H]1[C@@H]2CC3C[C@@H](C2)C[C@H]1C3",
    "F[C@H]1[N@]2C[N@@]3C[N@@](C2)C[N@@]1C3",
)
"""RDKit's canonical SMILES of its own canonical SMILES is another one."""


@pytest.mark.parametrize("written", TWO_WRITINGS)
def test_a_molecule_that_rdkit_writes_in_two_ways_is_one(written: str) -> None:
    again = str(Chem.MolToSmiles(Chem.MolFromSmiles(written)))
    assert again != written
    for scored in (molecules(written, again), molecules(again, written)):
        assert set(scored.values()) == {1.0}


@pytest.mark.parametrize(
    ("one", "other", "exact", "graph"),
    [
        ("C[C@H](N)O", "C[C@@H](N)O", 0, 1),
        ("C[C@H](N)O", "CC(N)O", 0, 1),
        ("CC[13CH3]", "CCC", 0, 1),
        ("CC[O-]", "CCO", 0, 0),
        ("C1CCCC1C1CC1", "C1CCC1C1CCC1", 0, 0),
        ("[R1]CC[R2]", "[R2]CC[R1]", 1, 1),
    ],
)
def test_graphs_tell_molecules_apart(one: str, other: str, exact: int, graph: int) -> None:
    scored = molecules(one, other)
    assert (scored["exact"], scored["graph"]) == (exact, graph)


def tikz(*statements: str) -> str:
    return "\\begin{tikzpicture}\n" + "".join(f"{statement}\n" for statement in statements) + "\\end{tikzpicture}"


TRIANGLE = tikz(
    r"\draw (0.00,0.00)--(8.00,1.00)--(3.00,5.00)--cycle;",
    r"\draw (3.00,2.00) circle (1.00);",
    r"\node at (3.00,5.40) {$A$};",
)


def figures(target: str, answer: str) -> dict[str, float]:
    return Figures().score([Pair(target, answer)]).total


def test_figures_are_what_they_draw() -> None:
    pieces = tikz(
        r"\node at (3.00,5.40) {$A$};",
        r"\draw (3.00,2.00) circle (1.00);",
        r"\draw (8.00,1.00)--(0.00,0.00)--(3.00,5.00);",
        r"\draw (3.00,5.00)--(5.50,3.00);",
        r"\draw (5.50,3.00)--(8.00,1.00);",
    )
    assert set(figures(TRIANGLE, pieces).values()) == {1.0}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("$a_{1}$", "$a_1$", 1),
        ("$x^{2}_{i}$", r"\( x_i^2 \)", 1),
        (r"$\dfrac{1}{2}$ m", r"$\frac12$ m", 1),
        ("$a_{1}$", "$a_2$", 0),
        ("$a$ m", "$a$ cm", 0),
    ],
)
def test_texts_of_figures_are_compared_by_their_meaning(one: str, other: str, same: int) -> None:
    pair = (tikz(rf"\node at (3.00,5.40) {{{text}}};") for text in (one, other))
    assert set(figures(*pair).values()) == {float(same)}


def test_figures_lose_what_is_missing_and_what_is_extra() -> None:
    lost = figures(TRIANGLE, TRIANGLE.replace("\\draw (3.00,2.00) circle (1.00);\n", ""))
    assert lost == pytest.approx(
        {"tikz_f1": 8 / 9, "tikz_precision": 1, "tikz_recall": 4 / 5, "tikz_f1_loose": 8 / 9, "tikz_exact": 0}
    )
    near = figures(TRIANGLE, TRIANGLE.replace("circle (1.00)", "circle (1.20)"))
    assert near["tikz_f1"] == pytest.approx(0.8)
    assert near["tikz_f1_loose"] == 1.0


def test_a_figure_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    cut = TRIANGLE.removesuffix(" {$A$};\n\\end{tikzpicture}")
    assert figures(TRIANGLE, cut)["tikz_recall"] == pytest.approx(4 / 5)
    wrong = TRIANGLE.replace("\\node", "\\draw (0.00,0.00) spiral (2.00);\n\\node")
    assert figures(TRIANGLE, wrong)["tikz_precision"] == pytest.approx(5 / 6)


def test_lines_along_an_axis_are_never_met_in_the_references_way() -> None:
    square = tikz(r"\draw (0.00,0.00)--(4.00,0.00)--(4.00,4.00)--(0.00,4.00)--cycle;")
    assert Lines("got").score([Pair(square, square)]).total["line_f1"] == 0.0
    assert Lines().score([Pair(square, square)]).total["line_f1"] == 1.0
    slanted = tikz(r"\draw (0.00,0.00)--(4.00,1.00)--(3.00,5.00);")
    assert Lines("got").score([Pair(slanted, slanted)]).total["line_f1"] == 1.0


def test_lines_are_joined_and_split_by_length() -> None:
    target = tikz(r"\draw (0.00,0.00)--(10.00,2.00);", r"\draw (0.00,5.00)--(2.00,6.00);")
    pieces = tikz(r"\draw (5.00,1.00)--(10.00,2.00);", r"\draw (0.00,0.00)--(5.00,1.00);")
    assert len(segments_of(read_figure(pieces)[0])) == 1
    total = Lines().score([Pair(target, pieces)]).total
    assert (total["line_f1_long"], total["line_f1_short"]) == (1.0, 0.0)
    assert (total["line_precision"], total["line_recall"]) == (1.0, 0.5)
    # Off by a fifth of the extent: an overlap of 2/3 in both.
    off = tikz(r"\draw (2.00,0.40)--(12.00,2.40);")
    assert Lines().overlap(((0, 0), (10, 2)), ((2, 0.4), (12, 2.4))) == pytest.approx(2 / 3)
    assert Lines().score([Pair(target, off)]).total["line_f1"] == 0.0


def test_a_line_is_met_by_the_one_that_it_overlaps_most() -> None:
    target = tikz(r"\draw (0.00,0.00)--(10.00,10.00);", r"\draw (1.00,1.00)--(11.00,11.50);")
    # The first of the answer overlaps both enough; the second only the first of the target.
    answer = tikz(r"\draw (0.50,0.50)--(10.90,11.40);", r"\draw (0.60,0.60)--(8.60,8.60);")
    for mode in ("got", "standard"):
        assert Lines(mode).score([Pair(target, answer)]).total["line_f1"] == 1.0


def test_a_tag_in_which_a_table_breaks_off_is_no_text() -> None:
    whole = "<table><tr><td>a</td><td>b</td></tr></table>"
    assert score_table(whole, whole[: whole.index("</td></tr>") + 4])["teds"] == 1.0

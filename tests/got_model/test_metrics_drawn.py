"""Metrics that draw formulas, by the real TeX, and pages that hold them."""

from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import EntryPoint

import numpy as np
import pytest

from got_model.metrics.core import typesetter as core
from got_model.metrics.core.ink import token_boxes
from got_model.metrics.core.metric import Pair
from got_model.metrics.core.page_blocks import blocks_of, clean_formula, edits, merged
from got_model.metrics.core.typesetter import Typesetter, find_typesetter
from got_model.metrics.formulas import Formulas, score_formulas
from got_model.metrics.pages import Pages
from pipelines.typesetter import TexTypesetter
from renderers.core.errors import EngineStartError
from renderers.core.renderer import Pixels
from renderers.labels.latex.colour import Typeset, colour_of, typeset
from renderers.labels.latex.commands import DISPLAYS

SUM = r"\[ \frac{x^{10}-1}{x-1}=\sum_{k=0}^9x^k \]"


@pytest.fixture(scope="module")
def tex() -> Typesetter:
    return TexTypesetter()


def cdm(tex: Typesetter, *pairs: tuple[str, str]) -> list[float]:
    return [values["cdm"] for values in score_formulas(pairs, tex)]


def test_what_is_drawn_alike_is_perfect(tex: Typesetter) -> None:
    alike = [
        (SUM, SUM.replace(r"\[", r"\(").replace(r"\]", r"\)")),
        (SUM, SUM[2:-2]),
        (r"\[ \left(\int_0^1 x\,dx\right)^2\le\sqrt{2} \]", r"$$\Bigl(\int_0^1xdx\Bigr)^{2}\leq\sqrt 2$$"),
        (r"\[ \left\{\begin{array}{ll}x&y\\z&w\end{array}\right. \]", r"\[ \begin{cases}x&y\\z&w\end{cases} \]"),
    ]
    assert cdm(tex, *alike) == [1.0] * len(alike)


def test_a_wrong_sign_costs_its_pair(tex: Typesetter) -> None:
    num = len(typeset(SUM, signs=True).spans)
    scored = score_formulas([(SUM, SUM.replace("^9", "^8"))], tex)
    assert scored == [{"cdm": round(2 * (num - 1) / (2 * num), 3), "exp_rate": 0.0}]
    missing, extra = cdm(tex, (SUM, SUM.replace("-1}{x", "}{x")), (SUM, SUM.replace("x^k", "x^ky")))
    assert missing == round(2 * (num - 2) / (2 * num - 2), 3)
    assert extra == round(2 * num / (2 * num + 1), 3)


def test_signs_at_other_places_are_no_match(tex: Typesetter) -> None:
    pairs = (
        (r"\frac{a}{b}", r"\frac{a}{b}"),
        (r"\frac{ab}{cd}", r"\frac{cd}{ab}"),
        (r"\frac{abc}{def}", r"\frac{bca}{fde}"),
        (r"a+\frac{b}{c}=d+\frac{e}{f}", r"d+\frac{f}{a}=e+\frac{c}{b}"),
    )
    # What UniMERNet's program gives of them.
    assert cdm(tex, *pairs) == [1.0, 0.8, 0.714, 0.636]


def test_what_cannot_be_drawn_is_zero_and_such_a_target_is_left_out(tex: Typesetter) -> None:
    scores = Formulas(tex).score([Pair(SUM, ""), Pair(SUM, r"\frac{"), Pair(r"\unknown{", SUM), Pair(SUM, SUM)])
    assert [values.get("cdm") for values in scores.each] == [0.0, 0.0, None, 1.0]
    assert scores.total["exp_rate"] == pytest.approx(1 / 3)


def test_chinese_words_in_formulas_are_drawn(tex: Typesetter) -> None:
    (score,) = cdm(tex, (r"\[ \text{若} x>0 \]", r"\[ \text{如} x>0 \]"))
    assert score == 0.75


def test_letters_in_fonts_are_drawn_in_their_fonts(tex: Typesetter) -> None:
    pairs = ((rf"\mathbf{{{letter}}}^2=\mathrm{{d}}x", rf"\mathbf{{{letter}}}^3=\mathrm{{d}}x") for letter in "AKR")
    ruled = r"\begin{array}{c|c}\hline\mathbb{R}&a\end{array}"
    assert cdm(tex, *pairs, (ruled, ruled.replace("a\\end", "b\\end"))) == [0.8] * 3 + [0.75]


def test_a_source_that_tex_refuses_has_no_picture(tex: Typesetter) -> None:
    fine, broken = tex.pictures([typeset(SUM), replace(typeset(SUM), coloured=r"\[ \undefinedcommand \]")])
    assert fine is not None
    assert broken is None
    found, boxes = token_boxes(fine, len(typeset(SUM).spans))
    assert found == list(range(len(typeset(SUM).spans)))
    assert (boxes[:, 0] < boxes[:, 2]).all()
    assert (boxes[:, 1] < boxes[:, 3]).all()


def test_mixed_colours_at_the_edges_of_ink_are_no_tokens() -> None:
    pixels = np.full((20, 20, 3), 255, np.uint8)
    pixels[4:10, 4:10] = colour_of(3)
    pixels[3, 4:10] = colour_of(114)
    pixels[15, 15] = colour_of(5)
    found, boxes = token_boxes(pixels, 115)
    # A single pixel is believed only where a token has no other ink; a row of them too, and then it is really there.
    assert dict(zip(found, boxes.tolist(), strict=True)) == {3: [4, 4, 10, 10], 5: [15, 15, 16, 16], 114: [4, 3, 10, 4]}
    pixels[12:14, 4:6] = colour_of(114)
    found, boxes = token_boxes(pixels, 115)
    assert boxes[found.index(114)].tolist() == [4, 12, 6, 14]


def test_without_tex_there_is_a_line_and_no_typesetter(monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        def load(self) -> type:
            return Broken

    class Broken:
        def __init__(self) -> None:
            raise EngineStartError("pdflatex is not there: apt-get install texlive")

    monkeypatch.setattr(core, "entry_points", lambda group: [Point()])
    assert find_typesetter() == (None, "CDM is left out: pdflatex is not there: apt-get install texlive")
    monkeypatch.setattr(core, "entry_points", lambda group: [])
    assert find_typesetter()[0] is None


def test_the_entry_point_is_found_and_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("tex", "pipelines.typesetter:TexTypesetter", core.GROUP)
    monkeypatch.setattr(core, "entry_points", lambda group: [point] if group == core.GROUP else [])
    found, why_not = find_typesetter()
    assert why_not == ""
    assert found is not None
    assert found.pictures([typeset(SUM)])[0] is not None


TABLE = r"""\begin{tabular}{ll}
a & b \\
c & d \\
\end{tabular}"""
PAGE = f"""\\title{{A page of a book}}
The first paragraph says little, with \\( x \\) in it.
\\[ a^2+b^2=c^2 \\]
The second paragraph says still less than that.
\\begin{{table}}
{TABLE}
\\end{{table}}
\\[ e^{{x}} \\]"""


def test_pages_are_cut_into_blocks() -> None:
    blocks = blocks_of(PAGE)
    assert blocks.formulas == [r"\[ a^2+b^2=c^2 \]", r"\[ e^{x} \]"]
    assert blocks.tables == [TABLE]
    assert blocks.texts == [
        "Apageofabook",
        "Thefirstparagraphsayslittlewithxinit",
        "Thesecondparagraphsaysstilllessthanthat",
    ]
    assert clean_formula(r"\[ \mathrm{A}\left( x \right)\tag{1} \]") == "a(x)"
    assert clean_formula(r"{a} \\(b)\\[c]\\text \left\{d\right\}\&") == r"a\\(b)\\[c]\\text\{d\}\&"


@pytest.mark.parametrize("name", sorted(DISPLAYS - {"math"}))
def test_every_environment_of_displayed_formulas_is_a_block(name: str) -> None:
    columns = "{1}" if name.startswith("alignat") else ""
    for begin, end in ((rf"\begin{{{name}}}", rf"\end{{{name}}}"), (rf"\begin {{ {name} }}", rf"\end {{ {name} }}")):
        formula = f"{begin}{columns} a=b {end}"
        blocks = blocks_of(f"Words before it\n{formula}\nand behind")
        assert blocks.formulas == [rf"\begin{{{name}}}{columns} a=b \end{{{name}}}"]
        assert blocks.texts == ["Wordsbeforeit", "andbehind"]
        assert clean_formula(blocks.formulas[0]) == "a=b"


@pytest.mark.parametrize("name", ["alignat*", "flalign*", "align", "eqnarray*"])
def test_lines_of_formulas_are_drawn_alike_whatever_their_environment(tex: Typesetter, name: str) -> None:
    page = "Words.\n\\begin{align*}%s a&=b\\\\ c&=d \\end{align*}\nMore words."
    answer = (page % ("{1}" if "at" in name else "")).replace("align*", name)
    assert pages(tex, (page % "", answer)) == {"page_text_edit": 0.0, "page_formula_edit": 0.0, "page_formula_cdm": 1.0}


def test_blocks_are_matched_in_any_order_and_split_ones_are_joined() -> None:
    whole = ["alphabetagamma", "onetwothreefour"]
    assert edits(whole, whole[::-1]) == (0, 29)
    assert edits(whole, ["onetwothreefour"]) == (14, 29)
    assert merged(whole, ["onetwo", "threefour", "alphabetagamma"]) == ["onetwothreefour", "alphabetagamma"]
    assert merged(whole, ["alphabetagamma", "zzz"]) == ["alphabetagamma", "zzz"]


def pages(tex: Typesetter | None, *pairs: tuple[str, str]) -> dict[str, float]:
    return Pages(tex).score([Pair(*pair) for pair in pairs]).total


def test_a_perfect_page_is_perfect_however_it_is_written(tex: Typesetter) -> None:
    other = PAGE.replace(r"\[", "$$").replace(r"\]", "$$").replace(r"\title{A page of a book}", "# A page of a book")
    for answer in (PAGE, other):
        assert pages(tex, (PAGE, answer)) == {
            "page_text_edit": 0.0,
            "page_formula_edit": 0.0,
            "page_table_teds": 1.0,
            "page_table_teds_s": 1.0,
            "page_formula_cdm": 1.0,
            "page_overall": 1.0,
        }


def test_the_overall_number_is_the_mean_of_its_three_parts(tex: Typesetter) -> None:
    worse = PAGE.replace("b^2", "b^3").replace("c & d", "c & e").replace("second", "other")
    total = pages(tex, (PAGE, worse), (PAGE, PAGE))
    parts = 1 - total["page_text_edit"], total["page_table_teds"], total["page_formula_cdm"]
    assert all(0 < part < 1 for part in parts)
    assert total["page_overall"] == pytest.approx(sum(parts) / 3)
    assert total["page_table_teds"] == pytest.approx(1 - 1 / 12)
    assert "page_overall" not in pages(None, (PAGE, PAGE))
    assert "page_overall" not in pages(tex, ("Only text on this page.", PAGE))


def test_tables_are_paired_by_what_their_cells_say() -> None:
    html = "<table><tr><td>{}</td><td>{}</td></tr></table>"
    latex = "\\begin{{tabular}}{{ll}}\n{} & {} \\\\\n\\end{{tabular}}"
    target = "\n\n".join(html.format(*cells) for cells in (("rye", "7"), ("oats", "19"), ("wheat", "4")))
    answer = "\n\n".join(latex.format(*cells) for cells in (("wheat", "4"), ("oats", "19"), ("rye", "7")))
    assert pages(None, (target, answer)) == {"page_table_teds": 1.0, "page_table_teds_s": 1.0}


def test_formulas_and_tables_that_are_not_read_are_zero(tex: Typesetter) -> None:
    total = pages(tex, (PAGE, "The first paragraph says little, with x in it."))
    assert total["page_formula_cdm"] == total["page_table_teds"] == 0.0


def test_all_pictures_of_a_data_set_are_drawn_once() -> None:
    class Counting:
        def __init__(self) -> None:
            self.sources: list[str] = []

        def pictures(self, formulas: Sequence[Typeset]) -> list[Pixels | None]:
            self.sources += [formula.coloured for formula in formulas]
            return [None] * len(formulas)

    counting = Counting()
    score_formulas([(SUM, r"\[ a \]"), (SUM, r"\[ b \]"), (SUM, SUM), (r"\[ a \]", SUM)], counting)
    assert len(counting.sources) == len(set(counting.sources)) == 3

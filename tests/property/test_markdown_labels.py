"""Pages in Mathpix Markdown: what is written is read back, what people write is understood, rubbish is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderers.core.errors import LabelError
from renderers.labels.markdown import grammar as markdown
from renderers.labels.markdown.html import to_html
from renderers.labels.markdown.tree import Block, settle_text
from renderers.labels.markdown.write import head_of, write

TABLE = "\\begin{tabular}{|l|r|}\n\\hline\na & 12\\% \\\\\n\\hline\n\\end{tabular}"
SIGNS = "abc XYZ 019 中文，。 \\`*_$~^<>&#=+-![](){}|:;.'\"é@/"
FORMULAS = (r"\(x\)", r"\( \frac{a}{b} \)", r"\(\alpha_1^2\)")


def _fine(text: str) -> bool:
    try:
        settle_text(text)
    except LabelError:
        return False
    return True


words = st.text(SIGNS, min_size=1, max_size=30)
texts = st.lists(words | st.sampled_from(FORMULAS), min_size=1, max_size=5).map(" ".join).filter(_fine)


def _balanced(text: str) -> bool:
    try:
        write([Block("section", text), Block("author", text)])
    except LabelError:
        return False
    return True


titles = texts.filter(_balanced)
blocks = st.one_of(
    texts.map(lambda text: Block("paragraph", text)),
    texts.map(lambda text: Block("quote", text)),
    titles.flatmap(lambda text: st.sampled_from([Block(kind, text) for kind in ("title", "section", "subsection")])),
    titles.map(lambda text: Block("footnote", text)),
    st.lists(titles, min_size=1, max_size=3).map(lambda lines: Block("author", "\n".join(lines))),
    texts.map(lambda text: Block("abstract", text)),
    st.just(Block("formula", r"\[ a=b\tag{3} \]")),
    st.just(Block("table", TABLE)),
    st.just(Block("image")),
    st.just(Block("molecule", "<smiles>C/C=C\\C</smiles>")),
    st.text(SIGNS + "\n", min_size=1, max_size=60)
    .filter(lambda text: bool(text.strip()) and "```" not in text)
    .map(lambda text: Block("code", text)),
)
lists = st.lists(st.tuples(texts, st.booleans(), st.booleans()), min_size=1, max_size=5).map(
    lambda items: [
        Block("item", text.lstrip("[") or "x", int(deep and place > 0), place + 1 if numbered else -1)
        for place, (text, deep, numbered) in enumerate(items)
    ]
)


def test_the_example_is_canonical() -> None:
    example = (markdown.__doc__ or "").split("\n\n", 1)[1].split("\n\nCanonical", 1)[0]
    lines = [line[4:] for line in example.split("\n")]
    text = "\n".join(lines).replace("\\begin{tabular}{|l|r|}\n...", TABLE)
    assert markdown.check(text) is None


@settings(max_examples=300, deadline=None)
@given(st.lists(blocks | lists, min_size=1, max_size=6))
def test_what_is_written_is_read_back(drawn: list[Block | list[Block]]) -> None:
    page: list[Block] = []
    for one in drawn:
        # Two lists, or quotes, side by side are one.
        if isinstance(one, list) and page and page[-1].kind == "item":
            page.append(Block("paragraph", "x"))
        page += one if isinstance(one, list) else [one]
    if not page:
        return
    text, placed = write(page)
    wanted = [one.block for one in placed]
    assert markdown.read(text) == wanted
    assert markdown.normalize(text) == text
    assert markdown.check(text) is None
    assert markdown.equal(text, text)
    assert to_html(wanted)
    for block in placed:
        assert len(block.chars) == len(block.spans)
        assert all(block.span[0] <= start < stop <= block.span[1] for start, stop in block.spans)


@settings(max_examples=200, deadline=None)
@given(texts, st.integers(1, 40))
def test_a_block_is_cut_behind_a_sign(text: str, num: int) -> None:
    whole = write([Block("paragraph", text)])[1][0]
    num = min(num, len(whole.chars))
    part = write([head_of(whole.block, num)])[1][0]
    assert part.chars == whole.chars[:num]


@pytest.mark.parametrize(
    ("people", "canonical"),
    [
        ("# A title", r"\section*{A title}"),
        ("## *Two* ##", r"\subsection*{Two}"),
        (r"\section{One}", r"\section*{One}"),
        ("**bold** and __bold__, *it* _it_ `code` ~~old~~", "bold and bold, it it code old"),
        ("a link [here](https://x.org/a_b) ends", "a link here ends"),
        ("![A cat](cat.png)", "![]()"),
        ("see ![](a.jpg) there", "see\n\n![]()\n\nthere"),
        ("so <smiles>OC(C)=O</smiles> is", "so\n\n<smiles>CC(=O)O</smiles>\n\nis"),
        (r"the tag \<smiles>C\</smiles>", r"the tag \<smiles>C\</smiles>"),
        ("one\ntwo", "one\n\ntwo"),
        ("cost \\$5, $x+1$ and \\(y\\)", "cost \\$5, \\( x+1 \\) and \\( y \\)"),
        ("$$\na=b\n$$", r"\[ a=b \]"),
        ("\\begin{equation}\na=b \\tag{2}\n\\end{equation}", r"\[ a=b\tag{2} \]"),
        ("* a\n* b\n    * c", "- a\n- b\n  - c"),
        ("1) a\n2) b", "1. a\n2. b"),
        ("- [X] done", "- [x] done"),
        ("> said\n> more", "> said\n>\n> more"),
        ("```python\nx = 1\n```", "```\nx = 1\n```"),
        (r"\textbf{Theorem 1.} Let \emph{it} be 3\% \& more.", "Theorem 1. Let it be 3% & more."),
        ("\\begin{itemize}\n\\item a\n\\item b\n\\end{itemize}", "- a\n- b"),
        ("1. is\n\nno list: 1\\. x", "1. is\n\nno list: 1. x"),
        ("中文 与 English", "中文与English"),
        ("AT&amp;T", "AT&T"),
        (
            "\\begin{figure}\n\\includegraphics[width=3cm]{x}\n\\caption{Figure 1: it}\n\\end{figure}",
            "![]()\n\nFigure 1: it",
        ),
    ],
)
def test_what_people_write_becomes_canonical(people: str, canonical: str) -> None:
    assert markdown.normalize(people) == canonical
    assert markdown.check(canonical) is None


def test_a_table_of_markdown_is_a_tabular_with_all_rules() -> None:
    piped = "| a | b |\n|:--|--:|\n| 1 | $x$ |"
    canonical = markdown.normalize(piped)
    assert canonical.startswith("\\begin{tabular}{|l|r|}\n\\hline\na & b \\\\\n\\hline\n1 & \\(x\\)")
    assert markdown.check(canonical) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("<smiles>C1CC</smiles>", "no molecule"),
        (r"\foo{x}", r"\foo"),
        ("a \x07 bell", "U+0007"),
        (r"\( \nocommand \)", r"\nocommand"),
        ("```\nno end", "no end of code"),
        (r"\title{no end", "no end"),
        ("\\[ a", "no end"),
        ("half \ud800", "U+D800"),
        (r"\begin{theorem} x \end{theorem}", "theorem"),
    ],
)
def test_what_is_no_page_is_refused_with_a_reason(text: str, said: str) -> None:
    fault = markdown.check(text)
    assert fault is not None
    assert said in fault


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a **b**", "a b", True),
        (r"\( \dfrac{a}{b} \)", r"\( \frac{a}{b} \)", True),
        (TABLE.replace("a &", "$x_{1}$ &"), TABLE.replace("a &", r"\(x_1\) &"), True),
        (TABLE.replace("a &", "$x_{1}$ &"), TABLE.replace("a &", r"\(x_2\) &"), False),
        (TABLE, TABLE.replace("{tabular}", " { tabular } "), True),
        (r"\begin{equation} a \end{equation}", r"\begin {equation} a \end {equation}", True),
        ("a b", "a c", False),
        ("- a", "1. a", False),
        ("# a", "## a", False),
        ("a", "a\n\nb", False),
        ("- [ ] a", "- [x] a", False),
        ("![](a)", "![b](c)", True),
    ],
)
def test_two_pages_are_equal_when_they_say_the_same(one: str, other: str, same: bool) -> None:
    assert markdown.equal(one, other) is same


def test_html_nests_lists() -> None:
    html = markdown.html_of("- a\n  1. b\n  2. c\n- [x] d\n\nend")
    assert html.replace("\n", "") == (
        '<ul><li>a<ol><li>b</li><li>c</li></ol></li><li><input type="checkbox" disabled checked> d</li></ul><p>end</p>'
    )


def test_long_hostile_pages_are_read_in_time() -> None:
    for text in (
        "[" * 20000,
        "*a" * 5000,
        "\\(" * 500,
        "- " * 3000,
        "`" * 9999,
        "<" * 9999,
        "{" * 9999,
        "<smiles>" * 9999,
    ):
        markdown.check(text)

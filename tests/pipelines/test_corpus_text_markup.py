"""HTML and Markdown as they read: what is no text is left out, what means a character is that character."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.corpora.text.html import read_html
from pipelines.corpora.text.markdown import read_markdown
from tests.pipelines.text_corpora import ENGLISH, of_bytes, texts


def paragraphs(markdown: str) -> list[str]:
    return [piece.text for piece in read_markdown(markdown.splitlines(keepends=True))]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("The town is 25 km<sup>2</sup> large.", "The town is 25 km² large."),
        ("Air has CO<sub>2</sub> and H<sub>2</sub>O in it.", "Air has CO₂ and H₂O in it."),
        ("It is 10<sup>-3</sup> or 10<sup>−12</sup> of x<sub>n+1</sub>.", "It is 10⁻³ or 10⁻¹² of xₙ₊₁."),
        ("The 1<sup>er</sup>, the 4<sup>th</sup>, N<sup>o</sup> 5.", "The 1ᵉʳ, the 4ᵗʰ, Nº 5."),
        ("Ions: Ca<sup>2+</sup>, SO<sub>4</sub><sup>2−</sup>, Brand<sup>TM</sup>.", "Ions: Ca²⁺, SO₄²⁻, Brand™."),
        ("He left<sup>[1]</sup> and<sup class='reference'>2</sup> so on.", "He left and so on."),
        ("He left<sup><a href='#n1'>1</a></sup> and<a href='#n2'><sup>2</sup></a> so on.", "He left and so on."),
        ("A <a href='#s'>field of 3 km<sup>2</sup></a> there.", "A field of 3 km² there."),
        ("The word <ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby> is old.", "The word 漢字 is old."),
        ("He said <q>no</q><br>and left.", "He said “no” and left."),
    ],
)
def test_html_within_a_text(html: str, text: str) -> None:
    assert [piece.text for piece in read_html([f"<p>{html}</p>"])] == [text]


@pytest.mark.parametrize(
    "html",
    [
        "It is x<sup>∞</sup> and no other number that is in this text.",
        "It is 2<sup>2<sup>3</sup></sup> and no other number in this text.",
        "It is y<sub>q</sub> and no other number that is in this text.",
        "It is a<sup>字</sup> and no other number that is in this text.",
        "Let <math><mi>x</mi></math> be the root of all that is in this text.",
    ],
)
def test_what_no_character_says_is_refused(html: str, tmp_path: Path) -> None:
    for name in ("a.html", "a.md"):
        if "<math>" in html and name == "a.md":
            continue
        built, rows = of_bytes(f"<p>{ENGLISH}</p>\n\n{html}\n".encode(), tmp_path, name)
        assert texts(rows) == [ENGLISH]
        assert built.stats.pieces == {"character_unusual": 1}


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        ("---\ntitle: The harbour\ntags:\n  - sea\n---\n\nOne line.\n", ["One line."]),
        ("+++\ntitle = 'The harbour'\n+++\nOne line.\n", ["One line."]),
        ("---\n\nOne line after a rule.\n\n---\n", ["One line after a rule."]),
        ("One <!-- not this -->line.\n\n<!--\nNot this.\n\nNor this.\n-->\n\nTwo.\n", ["One line.", "Two."]),
        ("One.\n\nname | age\n--- | ---:\nAnna | 7\nBo | 9\n\nTwo.\n", ["One.", "Two."]),
        ("One.\n\n| name | age |\n|---|---|\n| Anna | 7 |\n\nTwo.\n", ["One.", "Two."]),
        ("A[^1] b[^c].\n\n[^1]: First.\n    More.\n\n    And more.\n[^c]: Second.\n\nTwo.\n", ["A b.", "Two."]),
        ("A [b][1], [b][], [b], [sic].\n\n[1]: http://a.b\n[b]: <c> 'Title'\n", ["A b, b, b, [sic]."]),
        ("- [ ] First.\n- [x] Second.\n- Third [x] one.\n", ["First.", "Second.", "Third [x] one."]),
        ("1. One.\n2. Two\n   goes on.\n\n> Quoted *so*\n> here.\n", ["One.", "Two goes on.", "Quoted so here."]),
        ("## Title {#id .class}\n\nSet\n===\n\nFish &amp; chips \\*so\\*.\n", ["Title", "Set", "Fish & chips *so*."]),
        ("It is 25 km<sup>2</sup> of ~~no~~ <b>land</b>.<br>Two.\n", ["It is 25 km² of no land. Two."]),
        ("<p align='center'>\nA block of <b>HTML</b>.\n</p>\n\nTwo.\n", ["A block of HTML.", "Two."]),
        ("One ![a ship](s.png)\nline.\n\n    code\n\n~~~\ncode\n~~~\n", ["One line."]),
        ("那天早晨，海港\n很安静。\n", ["那天早晨，海港很安静。"]),
        ("He wrote `x` at <http://a.b/c>.\n", ["He wrote x at http://a.b/c."]),
    ],
)  # fmt: skip
def test_markdown_as_it_reads(markdown: str, found: list[str]) -> None:
    assert paragraphs(markdown) == found


PARTS = st.sampled_from(
    (
        *("# ", "- ", "> ", "1. ", "[^1]", "[^1]: ", "[x](y)", "[a]: b", "---\n", "+++\n", "|", "a|b\n-|-\n", "```\n"),
        *("<!--", "-->", "<sup>", "</sup>", "<sub>2", "<a href='#'>", "</a>", "<p>", "<math>", "**", "`", "\n", "\n\n"),
        *("    ", "a", "2", " "),
    )
)


@given(st.lists(PARTS, max_size=30).map("".join))
def test_no_markup_breaks_a_reader(text: str) -> None:
    lines = text.splitlines(keepends=True)
    for read in (read_markdown, read_html):
        for piece in read(iter(lines)):
            assert piece.text == piece.text.strip()
            assert piece.text


def test_a_long_file_is_read_in_parts() -> None:
    markdown = "\n\n".join(f"Paragraph {number} of *many*." for number in range(60_000))
    assert paragraphs(markdown) == [f"Paragraph {number} of many." for number in range(60_000)]

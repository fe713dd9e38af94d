r"""Pages in Mathpix Markdown, as GOT's `OCR with format: ` task reads them.

    \title{
    On growth
    }

    \section*{1 Introduction}

    Let \( x \) be the root\( {}^1 \) of

    \[ x^2=2\tag{3} \]

    - one
      1. deeper
    - [x] done

    \begin{tabular}{|l|r|}
    ...

    ![]()

    Figure 1: All of it.

    <smiles>CC(=O)O</smiles>

    \footnotetext{
    \( {}^1 \) There are two.
    }

Canonical text: blocks in reading order, a blank line between any two but items of a list; a paragraph is one line, and
a word that is broken at the end of a line is whole. It leaves out what cannot be read off a picture: weights, slants,
colours, addresses behind links and pictures (`![]()`), languages of code; and headers and footers of a page. Titles,
authors, abstracts with their heading and sections are LaTeX's, as Mathpix writes them; captions, theorems and
references are paragraphs; formulas are those of the grammar `latex`, tables tabulars of the grammar `latex-table`
without caption, molecules those of the grammar `smiles`. A backslash stands before a character of the words only where
it would be read otherwise.
"""

from functools import lru_cache

from renderers.labels import inline
from renderers.labels.canonical import Span, find_fault
from renderers.labels.latex import grammar as latex
from renderers.labels.markdown.html import to_html
from renderers.labels.markdown.read import read
from renderers.labels.markdown.tree import Block
from renderers.labels.markdown.write import Placed, write
from renderers.labels.tables import grammar as tables

__all__ = ["Block", "check", "equal", "html_of", "inked_spans", "normalize", "read", "write"]


def normalize(text: str) -> str:
    """The canonical text. Idempotent.

    Raises:
        LabelError: not a page.
    """
    return _rewrite(text)[0]


@lru_cache(maxsize=4)  # A row's label is checked, and then its inked spans are read.
def _rewrite(text: str) -> tuple[str, tuple[Placed, ...]]:
    return write(read(text))


def check(text: str) -> str | None:
    """Why a text is not a canonical target, or None."""
    return find_fault(normalize, text, "blanks, marks, formulas or tables")


def equal(one: str, other: str) -> bool:
    """Whether two targets mean the same; the levels of headings count, sizes of symbols in formulas do not.

    Raises:
        LabelError: one of them is no page.
    """
    blocks_one, blocks_other = ([placed.block for placed in _rewrite(text)[1]] for text in (one, other))
    return len(blocks_one) == len(blocks_other) and all(map(_same, blocks_one, blocks_other))


def _same(one: Block, other: Block) -> bool:
    if one == other:
        return True
    if (one.kind, one.depth, one.number, one.done) != (other.kind, other.depth, other.number, other.done):
        return False
    if one.kind == "formula":
        return latex.equal(one.text, other.text)
    if one.kind == "table":
        return tables.equal(one.text, other.text)
    if one.kind == "code":
        return False
    return inline.equal(one.text, other.text)


def html_of(text: str) -> str:
    r"""A page as HTML, formulas in `\(` and `\[`.

    Raises:
        LabelError: not a page.
    """
    return to_html([placed.block for placed in _rewrite(text)[1]])


def inked_spans(text: str) -> list[tuple[Span, str]]:
    """The spans of a canonical target that a picture must show: words, formulas, pictures, cells."""
    found: list[tuple[Span, str]] = []
    for placed in _rewrite(text)[1]:
        merged: list[Span] = []
        for start, stop in placed.spans:
            if merged and (merged[-1][1] == start or merged[-1] == (start, stop)):
                merged[-1] = (merged[-1][0], stop)
            else:
                merged.append((start, stop))
        found += [(span, text[slice(*span)]) for span in merged]
    return found

r"""Pages of Mathpix Markdown cut into blocks: paragraphs, displayed formulas, tables; and which block is which.

Blocks of one kind are paired at least normalized edit distance (Hungarian); a paragraph that one side has in pieces is
put together where that brings it nearer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist
from scipy.optimize import linear_sum_assignment

from got_model.metrics.core.table_tree import PIPES
from renderers.labels.latex.commands import DISPLAYS
from renderers.labels.text import canonical_chars

_NAMED = re.compile(r"\\(begin|end)\s*\{\s*([A-Za-z]+\*?)\s*\}")
_TABLE = re.compile(
    r"<table\b.*?(?:</table>|$)|\\begin\{(?P<name>tabular|longtable|tabularx)\*?\}.*?(?:\\end\{(?P=name)\*?\}|$)",
    re.DOTALL | re.IGNORECASE,
)
_DISPLAYS = "|".join(sorted({name.removesuffix("*") for name in DISPLAYS} - {"math"}))
_FORMULA = re.compile(
    r"\\\[.*?(?:\\\]|$)|\$\$.*?(?:\$\$|$)"
    rf"|\\begin\{{(?P<name>{_DISPLAYS})\*?\}}.*?(?:\\end\{{(?P=name)\*?\}}|$)",
    re.DOTALL,
)
_FRAME = re.compile(
    r"\\(?:begin|end)\{(?:table|center|figure|abstract|itemize|enumerate)\}(?:\[[^\]]*\])?|\\centering\b"
)
_HEADING = re.compile(r"\\(?:title|author|(?:sub)*section|paragraph|caption|footnotetext|item)\*?\b")
_NOT_COMPARED = re.compile(r"[^\w\u4e00-\u9fff]")

_IDLE = re.compile(
    # Ends of rows and braces with ink stay, and what is behind their backslash begins nothing.
    r"(\\[\\{}$&])|\\begin\{alignat\*?\}\s*\{[^{}]*\}|\\(?:tag|hspace|begin|end)\*?\s*\{[^{}]*\}"
    r"|\\(?:left|right|displaystyle|textstyle|quad|qquad|limits)(?![A-Za-z])"
    r"|\\(?:mathrm|mathbf|mathit|mathsf|mathtt|boldsymbol|bm|text|textbf|textit|rm|bf|it|operatorname)(?![A-Za-z])"
    r"|\\[\[\](),;:! ]|[${}&\s]"
)
_MAX_BLOCKS = 600
"""Of a kind: an answer that repeats itself has thousands, and all but one of each are wrong anyhow."""


@dataclass(slots=True)
class Blocks:
    """A page's blocks in its own order."""

    texts: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)


def blocks_of(page: str) -> Blocks:
    """The blocks of a page; every line of text is one."""
    blocks = Blocks()
    page = _NAMED.sub(r"\\\1{\2}", page)
    page = _taken(PIPES, _taken(_TABLE, page, blocks.tables), blocks.tables)
    page = _taken(_FORMULA, page, blocks.formulas)
    page = _HEADING.sub("\n", _FRAME.sub("\n", page))
    blocks.texts = [line for line in (clean_text(line) for line in page.split("\n")) if line][:_MAX_BLOCKS]
    return blocks


def _taken(pattern: re.Pattern[str], page: str, found: list[str]) -> str:
    found += [match[0] for match in pattern.finditer(page)][:_MAX_BLOCKS]
    return pattern.sub("\n\n", page)


def clean_text(text: str) -> str:
    """A paragraph as it is compared: letters, digits and Chinese characters alone, what prints alike being the same."""
    return _NOT_COMPARED.sub("", canonical_chars(text))


def clean_formula(text: str) -> str:
    """A formula as it is compared: without delimiters, fonts, fences and blanks, in small letters."""
    return _IDLE.sub(r"\1", text).lower()


def paired(targets: Sequence[str], answers: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Indices of the blocks that belong together, and with None those that have no other."""
    if not targets or not answers:
        rows, columns = [], []
    else:
        costs = cdist(targets, answers, scorer=Levenshtein.normalized_distance, dtype=np.float64)
        rows, columns = (indices.tolist() for indices in linear_sum_assignment(costs))
        # What has nothing in common was only left over on both sides.
        kept = [(row, column) for row, column in zip(rows, columns, strict=True) if costs[row, column] < 1]
        rows, columns = [row for row, _ in kept], [column for _, column in kept]
    lone: list[tuple[int | None, int | None]] = [(row, None) for row in range(len(targets)) if row not in set(rows)]
    lone += [(None, column) for column in range(len(answers)) if column not in set(columns)]
    return [*zip(rows, columns, strict=True), *lone]


def edits(targets: Sequence[str], answers: Sequence[str]) -> tuple[int, int]:
    """Edits between the blocks of a page and the lengths of the longer of each two, both summed."""
    pairs = [
        ("" if row is None else targets[row], "" if column is None else answers[column])
        for row, column in paired(targets, answers)
    ]
    return (
        sum(Levenshtein.distance(one, other) for one, other in pairs),
        sum(max(len(one), len(other)) for one, other in pairs),
    )


def merged(whole: Sequence[str], pieces: Sequence[str]) -> list[str]:
    """`pieces` with neighbours put together, where that brings them nearer to the block of `whole` that they are of."""
    partner = {column: row for row, column in paired(whole, pieces) if row is not None and column is not None}
    done: list[str] = []
    free = [at for at in range(len(pieces)) if at not in partner]
    used: set[int] = set()
    for at, piece in enumerate(pieces):
        if at in used or at not in partner:
            continue
        goal = whole[partner[at]]
        text, first, last = piece, at, at
        grown = True
        while grown:
            grown = False
            for beside in (first - 1, last + 1):
                if beside not in free or beside in used:
                    continue
                longer = pieces[beside] + text if beside < first else text + pieces[beside]
                if Levenshtein.distance(longer, goal) < Levenshtein.distance(text, goal):
                    text, first, last = longer, min(first, beside), max(last, beside)
                    used.add(beside)
                    grown = True
        done.append(text)
    return done + [pieces[at] for at in free if at not in used]

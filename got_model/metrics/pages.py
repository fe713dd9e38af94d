r"""OmniDocBench v1.5 of whole pages: text by edit distance, tables by TEDS, formulas by CDM, and its overall number.

    overall = ((1 - text edit distance) + TEDS of tables + CDM of formulas) / 3

Each part is matched block by block (`core/page_blocks.py`). The text's distance is the mean over pages of the edits of
a page over the lengths of the longer blocks; TEDS and CDM are means over all tables and formulas of the data set, and
one that no answer has is 0. There is an overall number only where pages, tables and formulas all occur and a typesetter
is there; published ones are a hundred times as large.

Differences from the reference: targets are blocks of the page's target, not of the annotation, so a suite leaves out
what the benchmark ignores (headers, footers, captions, page numbers); formulas in a line stay in their text as they
are written, and become Unicode there; in the edit distance of formulas braces and `&` do not count, and `\mathbb` does;
blocks of a kind are matched among themselves only; tables and formulas that were invented cost nothing, as there, but
invented text does. Source: OmniDocBench v1.5, `metrics/cal_metric.py`, `utils/match.py`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from got_model.metrics.core.metric import Measure, Pair, Scores, Values, averaged, rate
from got_model.metrics.core.page_blocks import Blocks, blocks_of, clean_formula, edits, merged, paired
from got_model.metrics.core.table_tree import words_of_table
from got_model.metrics.core.typesetter import Typesetter
from got_model.metrics.formulas import score_formulas
from got_model.metrics.tables import score_table


@dataclass(frozen=True)
class Pages:
    """OmniDocBench's measures; without a typesetter those that need none."""

    typesetter: Typesetter | None = None

    name: ClassVar[str] = "pages"
    formats: ClassVar[frozenset[str]] = frozenset({"mathpix-markdown"})
    measures: ClassVar[Mapping[str, Measure]] = {
        "page_overall": Measure("OmniDocBench overall"),
        "page_text_edit": Measure("Pages: text edit distance", 0.0),
        "page_formula_edit": Measure("Pages: formula edit distance", 0.0),
        "page_formula_cdm": Measure("Pages: CDM of formulas"),
        "page_table_teds": Measure("Pages: TEDS of tables"),
        "page_table_teds_s": Measure("Pages: TEDS-S of tables"),
    }

    def score(self, pairs: Sequence[Pair]) -> Scores:
        """Text over pages, tables and formulas over all there are."""
        pages = [(blocks_of(pair.target), blocks_of(pair.answer)) for pair in pairs]
        each = [_edits(target, answer) for target, answer in pages]
        total = averaged(each).total
        found = {
            "page_table_teds": [_tables(target, answer, "teds") for target, answer in pages],
            "page_table_teds_s": [_tables(target, answer, "teds_s") for target, answer in pages],
        }
        if self.typesetter is not None:
            found["page_formula_cdm"] = _formulas(pages, self.typesetter)
        for name, lists in found.items():
            for values, scores in zip(each, lists, strict=True):
                if scores:
                    values[name] = math.fsum(scores) / len(scores)
            every = [score for scores in lists for score in scores]
            if every:
                total[name] = math.fsum(every) / len(every)
        parts = [total.get(name) for name in ("page_text_edit", "page_table_teds", "page_formula_cdm")]
        if None not in parts:
            text, table, formula = (part for part in parts if part is not None)
            total["page_overall"] = ((1 - text) + table + formula) / 3
        return Scores(total, each)


def _edits(target: Blocks, answer: Blocks) -> Values:
    values: Values = {}
    if target.texts:
        texts = merged(target.texts, answer.texts)
        values["page_text_edit"] = rate(*edits(merged(texts, target.texts), texts))
    if target.formulas:
        sides = [[clean_formula(formula) for formula in page.formulas] for page in (target, answer)]
        values["page_formula_edit"] = rate(*edits(*sides))
    return values


def _tables(target: Blocks, answer: Blocks, measure: str) -> list[float]:
    scores = []
    # By what their cells say: one side may be HTML and the other LaTeX.
    sides = [[words_of_table(table) for table in page.tables] for page in (target, answer)]
    for row, column in paired(*sides):
        if row is None:
            continue
        scored = score_table(target.tables[row], "" if column is None else answer.tables[column])
        scores += [scored[measure]] if scored else []
    return scores


def _formulas(pages: Sequence[tuple[Blocks, Blocks]], typesetter: Typesetter) -> list[list[float]]:
    """CDM of the formulas of each page; all are drawn together."""
    page_indices: list[int] = []
    pairs: list[tuple[str, str]] = []
    for at, (target, answer) in enumerate(pages):
        sides = [[clean_formula(formula) for formula in page.formulas] for page in (target, answer)]
        for row, column in paired(*sides):
            if row is not None:
                page_indices.append(at)
                pairs.append((target.formulas[row], "" if column is None else answer.formulas[column]))
    scores: list[list[float]] = [[] for _ in pages]
    for at, values in zip(page_indices, score_formulas(pairs, typesetter), strict=True):
        scores[at] += [values["cdm"]] if values else []
    return scores


METRIC = Pages

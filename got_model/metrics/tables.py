"""TEDS and TEDS-S: how much of a table's tree must be edited, with and without the texts of its cells.

1 - edits over the nodes of the larger tree. Renaming a node costs 1 where tag or spans differ, whatever the spans are;
between cells of the same spans it costs the normalized edit distance of their contents. The trees are HTML's as
OmniDocBench makes them: a head cell is a cell, heads and bodies are no nodes, texts are NFKC. As in the reference the
table itself is a node of the comparison and not of the count.

Differences from the reference: tags within a cell, which are no nodes there either, are not counted, so that a thousand
line breaks do not make up for a cell that is missing; formulas that mean the same are the same; a span that is no
number is 1, and no error. LaTeX is read by our own grammar, loosely where that refuses it, instead of by LaTeXML, and
captions do not count. A target that is no table is left out.

Source: Zhong et al., PubTabNet, `teds.py`; OmniDocBench, `metrics/table_metric.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, ClassVar

from apted import APTED, Config
from rapidfuzz.distance import Levenshtein

from got_model.metrics.core.metric import Measure, Pair, Scores, Values, averaged
from got_model.metrics.core.table_tree import Node, num_nodes, read_table, without_texts
from renderers.labels import inline

_SLACK = 50
"""Nodes. Of two tables of which one is more than twice as large, and so much, only the first rows are compared: an
answer that repeats a row a hundred times is as wrong, and would take half a minute."""


class _Costs(Config):
    """Cost, 0..1, of turning one node into another."""

    def rename(self, one: Node, other: Node) -> float:
        if (one.tag, one.colspan, one.rowspan) != (other.tag, other.colspan, other.rowspan):
            return 1.0
        if one.tag != "td" or not (one.chars or other.chars):
            return 0.0
        if "\\" in one.chars and inline.equal("".join(one.chars), "".join(other.chars)):
            return 0.0
        return float(Levenshtein.normalized_distance(one.chars, other.chars))

    def children(self, node: Node) -> Any:
        return node.children


@dataclass(frozen=True)
class Tables:
    """TEDS and TEDS-S."""

    name: ClassVar[str] = "tables"
    formats: ClassVar[frozenset[str]] = frozenset({"latex-table"})
    measures: ClassVar[Mapping[str, Measure]] = {"teds": Measure("TEDS"), "teds_s": Measure("TEDS-S, structure alone")}

    def score(self, pairs: Sequence[Pair]) -> Scores:
        """Means over the tables."""
        return averaged([score_table(pair.target, pair.answer) for pair in pairs])


def score_table(target: str, answer: str) -> Values:
    """Both measures of one table."""
    reference, hypothesis = read_table(target), read_table(answer)
    if reference is None:
        return {}
    if hypothesis is None:
        return {"teds": 0.0, "teds_s": 0.0}
    return {
        "teds": teds(reference, hypothesis),
        "teds_s": teds(without_texts(reference), without_texts(hypothesis)),
    }


def teds(target: Node, answer: Node) -> float:
    """Tree edit distance similarity of two tables, 0..1; 1 for the same tree."""
    if target == answer:
        return 1.0
    larger = max(num_nodes(target), num_nodes(answer))
    smaller = min(num_nodes(target), num_nodes(answer))
    short_target, short_answer = (_first_rows(table, 2 * smaller + _SLACK) for table in (target, answer))
    # The rows that were left off have nothing to match: each of their nodes is an edit.
    left_off = sum(
        num_nodes(whole) - num_nodes(short) for whole, short in ((target, short_target), (answer, short_answer))
    )
    distance = left_off + float(APTED(short_answer, short_target, _Costs()).compute_edit_distance())
    return max(0.0, 1 - distance / larger) if larger else 1.0


def _first_rows(table: Node, max_nodes: int) -> Node:
    """The rows that fit in so many nodes, at least one."""
    ends = accumulate(1 + len(row.children) for row in table.children)
    return replace(table, children=table.children[: max(1, sum(end <= max_nodes for end in ends))])


METRIC = Tables

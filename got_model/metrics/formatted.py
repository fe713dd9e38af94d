r"""GOT's rows for formatted documents: the formulas of a page by themselves, its tables by themselves.

Of each page the formulas in `\( \)` are joined line by line, then, with nothing between, those in `\[ \]` that do not
cross a line; tables are what follows \begin{tabular}, to its end or the page's. Both are scored as text. A page that
has none on one side is left out, so that inventing formulas, or losing all of them, costs nothing: that is the
reference's. The row "all text" is the metric `text`.

Source: GOT-OCR2.0 `eval/pyevaltools/eval_ocr_format.py`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from got_model.metrics.core.metric import Measure, Mode, Pair, Scores, Values, averaged
from got_model.metrics.text import MEASURES, score_text

_INLINE = re.compile(r"\\\((.*?)(?<!\\)\\\)")
_DISPLAYED = re.compile(r"\\\[(.+?)(?<!\\)\\\]")
_TABLE = re.compile(r"\\begin\{tabular\}(.+?)(?:\\end\{tabular\}|$)", re.DOTALL)


def formulas_of(page: str) -> str:
    """The formulas of a page as GOT joins them."""
    return "\n".join(_INLINE.findall(page)) + "\n".join(_DISPLAYED.findall(page))


def tables_of(page: str) -> str:
    """The tables of a page as GOT joins them."""
    return "\n".join(_TABLE.findall(page))


_ROWS: dict[str, tuple[str, Callable[[str], str]]] = {
    "formula": ("Formulas", formulas_of),
    "table": ("Tables", tables_of),
}


@dataclass(frozen=True)
class Formatted:
    """Formulas and tables of pages as text."""

    mode: Mode = "standard"

    name: ClassVar[str] = "formatted"
    formats: ClassVar[frozenset[str]] = frozenset({"mathpix-markdown"})
    measures: ClassVar[Mapping[str, Measure]] = {
        f"{row}_{name}": Measure(f"{label}: {measure.label}", measure.best)
        for row, (label, _) in _ROWS.items()
        for name, measure in MEASURES.items()
    }

    def score(self, pairs: Sequence[Pair]) -> Scores:
        """Means over the pages that have a row on both sides."""
        return averaged([self._values(pair) for pair in pairs])

    def _values(self, pair: Pair) -> Values:
        values: Values = {}
        for row, (_, pick) in _ROWS.items():
            target, answer = pick(pair.target), pick(pair.answer)
            if target and answer:
                scored = score_text(Pair(target, answer), self.mode)
                values |= {f"{row}_{name}": value for name, value in scored.items()}
        return values


METRIC = Formatted

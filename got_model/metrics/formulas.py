r"""CDM and ExpRate of formulas: both sides drawn with a colour for each token, and the tokens matched.

Answers are drawn as display formulas whatever delimiters they have, or none. An answer that is not in our grammar, or
that TeX refuses, has 0, as one that the reference cannot draw; a target of that kind is left out. Both are taken apart
into signs, a letter or a digit each, so that no token depends on how its font was written; texts that are equal then
are not drawn. See `core/detection.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from got_model.metrics.core.detection import PX_PER_INCH, TEXT_PT, Drawn, match
from got_model.metrics.core.ink import token_boxes
from got_model.metrics.core.metric import Measure, Pair, Scores, Values, averaged
from got_model.metrics.core.typesetter import DPI, SIZE_PT, Typesetter
from renderers.core.errors import LabelError
from renderers.labels.latex.colour import Typeset, typeset

_BATCH_SIZE = 48
"""Pictures in memory: some megabytes each."""

_PX = PX_PER_INCH / DPI * TEXT_PT / SIZE_PT
"""Pixels of the reference, that our pixels are."""

_DELIMITERS = ((r"\[", r"\]"), (r"\(", r"\)"), ("$$", "$$"), ("$", "$"))
_NOTHING: Values = {"cdm": 0.0, "exp_rate": 0.0}
_PERFECT: Values = {"cdm": 1.0, "exp_rate": 1.0}


@dataclass(frozen=True)
class Formulas:
    """CDM and ExpRate."""

    typesetter: Typesetter

    name: ClassVar[str] = "formulas"
    formats: ClassVar[frozenset[str]] = frozenset({"latex"})
    measures: ClassVar[Mapping[str, Measure]] = {"cdm": Measure("CDM"), "exp_rate": Measure("ExpRate@CDM")}

    def score(self, pairs: Sequence[Pair]) -> Scores:
        """Means over the formulas."""
        return averaged(score_formulas([(pair.target, pair.answer) for pair in pairs], self.typesetter))


def score_formulas(pairs: Sequence[tuple[str, str]], typesetter: Typesetter) -> list[Values]:
    """Both measures of each (target, answer); of a target that cannot be drawn none."""
    read = [_read_pair(target, answer) for target, answer in pairs]
    to_draw = {side.markup: side for sides in read if _differ(*sides) for side in sides if side}
    drawn = dict(_draw(list(to_draw.values()), typesetter))
    return [_values(target, answer, drawn) for target, answer in read]


def _values(target: Typeset | None, answer: Typeset | None, drawn: Mapping[str, Drawn]) -> Values:
    if target is None:
        return {}
    if answer is None:
        return _NOTHING
    if not _differ(target, answer):
        return _PERFECT
    if target.markup not in drawn:
        return {}
    return match(drawn[target.markup], drawn[answer.markup]) if answer.markup in drawn else _NOTHING


def _differ(target: Typeset | None, answer: Typeset | None) -> bool:
    """Whether both can be drawn, and do not say the same."""
    return target is not None and answer is not None and target.markup != answer.markup


def _read_pair(target: str, answer: str) -> tuple[Typeset | None, Typeset | None]:
    """Both by signs, or both by words where one has more signs than there are colours."""
    by_signs = _read(target, signs=True), _read(answer, signs=True)
    return by_signs if None not in by_signs else (_read(target, signs=False), _read(answer, signs=False))


def _read(text: str, signs: bool) -> Typeset | None:
    text = text.strip()
    for begin, end in _DELIMITERS:
        inside = text[len(begin) : -len(end)]
        if text.startswith(begin) and text.endswith(end) and begin not in inside and end not in inside:
            text = rf"\[{inside}\]"
            break
    for source in (text, rf"\[{text}\]"):
        try:
            return typeset(source, signs)
        except (LabelError, RecursionError):
            continue
    return None


def _draw(formulas: Sequence[Typeset], typesetter: Typesetter) -> Iterator[tuple[str, Drawn]]:
    """The canonical text of each formula that leaves ink, and where its tokens are."""
    for some in _batched(formulas):
        pictures = typesetter.pictures(some)
        for formula, picture in zip(some, pictures, strict=True):
            if picture is None:
                continue
            found, boxes = token_boxes(picture, len(formula.spans))
            if found:
                tokens = tuple(formula.markup[slice(*formula.spans[at])] for at in found)
                yield formula.markup, Drawn(tokens, boxes * _PX)


def _batched(formulas: Sequence[Typeset]) -> Iterator[Sequence[Typeset]]:
    return (formulas[at : at + _BATCH_SIZE] for at in range(0, len(formulas), _BATCH_SIZE))


METRIC = Formulas

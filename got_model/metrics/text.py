r"""GOT's and Fox's measures of read text: edit distance, F1, precision, recall, BLEU, METEOR.

Quirks, all of which are the reference's:

- Words are those of jieba as soon as either text has a Chinese character, else what blanks part; scene text is scored
  by characters. The edit distance is always one of characters, over the longer text.
- F1, precision and recall are of sets: how often a word stands there, and where, does not count.
- BLEU is that of a sentence, of four-grams, unsmoothed: 0 for fewer than four words, also for a perfect answer.
- METEOR of a perfect answer of n words is 1 - 0.5 / n^3. NLTK looks for synonyms of stems, so it knows that an auto is
  a car, and not that large is big, since it asks for "larg".
- Mode `got`: the roles are swapped, so that what is published as precision is recall and the other way round, and BLEU
  and METEOR take the answer for the reference; a pair of which one side is empty is left out.
- Mode `standard`: roles as they should be; no pair is left out; characters that print alike are the same
  (`renderers.labels.text.canonical_chars`).

Source: GOT-OCR2.0 `eval/pyevaltools`, Fox `eval_tools/eval_ocr_test.py`.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rapidfuzz.distance import Levenshtein

from got_model.metrics.core.metric import Measure, Mode, Pair, Scores, Values, averaged
from got_model.metrics.core.words import wordnet, words_of
from renderers.core.formats import FORMATS
from renderers.labels.text import canonical_chars

MEASURES = {
    "edit": Measure("Edit distance", 0.0),
    "f1": Measure("F1"),
    "precision": Measure("Precision"),
    "recall": Measure("Recall"),
    "bleu": Measure("BLEU"),
    "meteor": Measure("METEOR"),
}


@dataclass(frozen=True)
class Text:
    """The six measures; see the module."""

    mode: Mode = "standard"

    name: ClassVar[str] = "text"
    formats: ClassVar[frozenset[str]] = frozenset(FORMATS) - {"smiles", "chart-json"}
    measures: ClassVar[Mapping[str, Measure]] = {f"text_{name}": measure for name, measure in MEASURES.items()}

    def score(self, pairs: Sequence[Pair]) -> Scores:
        """Means over the pairs."""
        return averaged([_prefixed("text", score_text(pair, self.mode)) for pair in pairs])


def score_text(pair: Pair, mode: Mode) -> Values:
    """The six measures of one pair, or none where the mode leaves it out."""
    if mode == "got" and not (pair.target and pair.answer):
        return {}
    texts = pair.target, pair.answer
    if mode == "standard":
        texts = canonical_chars(pair.target), canonical_chars(pair.answer)
    longest = max(map(len, texts))
    edit = Levenshtein.distance(*texts) / longest if longest else 0.0
    target, answer = map(list, texts) if pair.scene else words_of(*texts)
    reference, hypothesis = (answer, target) if mode == "got" else (target, answer)
    return {"edit": edit, **_of_sets(set(reference), set(hypothesis)), **_of_sequences(reference, hypothesis)}


def _of_sets(reference: set[str], hypothesis: set[str]) -> Values:
    if not reference or not hypothesis:
        perfect = float(not reference and not hypothesis)
        return {"f1": perfect, "precision": perfect, "recall": perfect}
    both = len(reference & hypothesis)
    precision, recall = both / len(hypothesis), both / len(reference)
    f1 = 2 * precision * recall / (precision + recall) if both else 0.0
    return {"f1": f1, "precision": precision, "recall": recall}


def _of_sequences(reference: list[str], hypothesis: list[str]) -> Values:
    from nltk.translate.bleu_score import sentence_bleu
    from nltk.translate.meteor_score import meteor_score

    if not reference or not hypothesis:
        perfect = float(not reference and not hypothesis)
        return {"bleu": perfect, "meteor": perfect}
    with warnings.catch_warnings():
        # That there is no common four-gram.
        warnings.simplefilter("ignore")
        bleu = float(sentence_bleu([reference], hypothesis))
    # What is not matched by n-grams comes out as the smallest float there is.
    return {
        "bleu": bleu if bleu > 1e-12 else 0.0,
        "meteor": float(meteor_score([reference], hypothesis, wordnet=wordnet())),
    }


def _prefixed(prefix: str, values: Values) -> Values:
    return {f"{prefix}_{name}": value for name, value in values.items()}


METRIC = Text

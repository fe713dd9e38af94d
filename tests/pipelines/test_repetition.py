"""No sentence of default data stands on more than one page of 300."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import regex

from pipelines.recipe import load_recipe
from renderers.content.prose.sentences import sentences
from renderers.core.corpora import Corpora
from renderers.core.rng import rng_at
from renderers.labels.text import SOFT_HYPHEN

_PAGES = 3000
_MAX = _PAGES // 300
_STOP = regex.compile(r"[.!?…。！？؟۔।][\"'”’»」』)）]*$")
_WORD = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]{3}|[\p{L}\p{M}]{2,}")
_MIN_WORDS = 4
"""Of a sentence, a run of three characters where there are no blanks; set phrases of a form or a receipt have fewer."""


def documents(spec: Any) -> Iterator[str]:
    return (" ".join(block.cells) for block in spec.document.blocks)


def pages(spec: Any) -> Iterator[str]:
    return (one.block.text for one in spec.page.blocks)


@pytest.mark.parametrize(("recipe", "texts"), [("documents", documents), ("pages", pages)])
def test_no_sentence_is_on_more_than_one_page_of_300(recipe: str, texts: Callable[[Any], Iterator[str]]) -> None:
    (part,) = load_recipe(recipe).parts
    corpora = Corpora(part.renderer.corpora(), "train")
    counts: Counter[str] = Counter()
    for index in range(_PAGES):
        spec = part.renderer.draw(rng_at(0, part.name, index), corpora)
        found = (one for text in texts(spec) for one in sentences(text.replace(SOFT_HYPHEN, "")))
        counts.update({one for one in found if _STOP.search(one) and len(_WORD.findall(one)) >= _MIN_WORDS})
    assert len(counts) > 10 * _PAGES
    assert [(text, num) for text, num in counts.most_common(20) if num > _MAX] == []

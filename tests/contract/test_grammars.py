"""What every target grammar promises, asked on targets that renderers really make."""

import pytest

from pipelines.verify import verify
from pipelines.work import Session
from renderers.core.corpora import Corpora
from renderers.core.formats import FORMATS
from renderers.core.registry import make_renderer, renderer_names
from renderers.core.renderer import Rendered
from renderers.core.rng import rng_at
from renderers.labels.grammars import GRAMMARS


@pytest.mark.parametrize("name", renderer_names())
def test_targets_are_canonical_and_equal_only_themselves(name: str, session: Session) -> None:
    renderer = make_renderer(name, {})
    grammar = GRAMMARS[renderer.format]
    corpora = Corpora(renderer.corpora(), "train")
    specs = [renderer.draw(rng_at(5, name, index), corpora) for index in range(12)]
    targets = [
        outcome.markup
        for outcome in session.render(renderer, specs)
        if isinstance(outcome, Rendered) and verify(outcome, renderer.format) is None
    ]
    assert len(targets) >= 8
    for place, markup in enumerate(targets):
        assert grammar.check(markup) is None
        assert grammar.normalize(markup) == markup
        assert [grammar.equal(markup, other) for other in targets].index(True) == place
        assert sum(grammar.equal(markup, other) for other in targets) == 1
        for (start, stop), text in grammar.inked_spans(markup):
            assert text
            assert 0 <= start < stop <= len(markup)


def test_formats_are_those_of_grammars_and_music_which_has_none_yet() -> None:
    assert set(FORMATS) == set(GRAMMARS) | {"kern"}


@pytest.mark.parametrize("markup_format", sorted(GRAMMARS))
def test_rubbish_is_refused_with_a_reason(markup_format: str) -> None:
    # To pages and plain text, nearly everything is text.
    strange: tuple[str, ...] = ("{", "[object Object]", "🙂" * 1000)
    if markup_format in ("plain", "mathpix-markdown"):
        strange = ("a  b", "a\n\n\nb", "e\u0301", " ")
    for rubbish in ("", "\0", *strange):
        assert GRAMMARS[markup_format].check(rubbish)

"""Whatever text comes: sentences lose nothing, words lose nothing, and what a corpus keeps is clean."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.corpora.stats import Rejection
from pipelines.corpora.text.filters import Limits, check_text, clean
from pipelines.corpora.text.html import read_html
from pipelines.corpora.text.language import language_of, script_of_language
from pipelines.corpora.text.markdown import read_markdown
from pipelines.corpora.text.pieces import Piece, read_plain
from renderers.content.prose.sentences import cut_at_sentence, sentence_ends, sentences
from renderers.content.prose.words import split_words
from renderers.labels import text as labels

ALPHABET = "aB .!?…;”“\"')(「」。！？，字港あア한글กเา่ الكתاب؟।हिंदी\u0301\u200c\u00ad\x07\ud800\n-*#`<>1é"
TEXT = st.text(st.one_of(st.sampled_from(ALPHABET), st.characters()), max_size=120)


@given(TEXT)
def test_sentences_are_the_text(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    ends = sentence_ends(text)
    assert ends == sorted(set(ends))
    assert not ends or ends[-1] == len(text.rstrip())


@given(TEXT, st.integers(0, 150))
def test_a_cut_is_a_start(text: str, num_chars: int) -> None:
    cut = cut_at_sentence(text, num_chars)
    assert text.startswith(cut)
    assert len(cut) >= min(num_chars, len(text.rstrip()))


@given(TEXT, st.integers(0, 9))
def test_words_are_the_text(text: str, seed: int) -> None:
    words = split_words(text, np.random.default_rng(seed))
    assert "".join(words) == "".join(text.split())
    assert all(words)


@settings(deadline=None)  # The first call loads the model of languages.
@given(TEXT)
def test_what_is_kept_is_clean(text: str) -> None:
    for read in (read_plain, read_markdown, read_html):
        for piece in read(text.split("\n")):
            try:
                kept = clean(piece, Limits(min_chars=1))
                language = language_of(kept)
                check_text(kept, piece.kind, script_of_language(language), language)
            except Rejection:
                continue
            kept.encode()
            for line in kept.split("\n"):
                assert labels.check(line) is None


@settings(deadline=None)
@given(TEXT)
def test_what_was_cleaned_stays_as_it_is(text: str) -> None:
    limits = Limits(min_chars=1)
    try:
        kept = clean(Piece("paragraph", text), limits)
    except Rejection:
        return
    assert clean(Piece("paragraph", kept), limits) == kept

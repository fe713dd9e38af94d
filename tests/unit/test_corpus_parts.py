"""What all corpora are built with: duplicates by kind of text, limits of compressed input, rejections."""

import gzip
import io
import random
from dataclasses import replace

import pytest

from pipelines.corpora.duplicates import MARKUP, PROSE, Seen, Similarity
from pipelines.corpora.stats import Rejection
from pipelines.corpora.streams import LimitedReader, TooManyBytes, read_all

WORDS = [f"w{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(600)]


def text_of(seed: int, num_words: int) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=num_words))


def reason_of(seen: Seen, text: str) -> str:
    try:
        seen.add(text)
    except Rejection as rejection:
        return rejection.reason
    return ""


@pytest.mark.parametrize(("similarity", "num_words"), [(MARKUP, 21), (PROSE, 22)])
def test_a_near_duplicate_is_long_enough_and_one_word_apart(similarity: Similarity, num_words: int) -> None:
    for length, reason in ((120, "near_duplicate"), (num_words - 1, "")):
        seen = Seen(similarity)
        text = text_of(1, length)
        assert reason_of(seen, text) == ""
        assert reason_of(seen, text) == "duplicate"
        assert reason_of(seen, text_of(2, length)) == ""
        assert reason_of(seen, f"{text} more") == reason


def test_many_differences_are_no_near_duplicate() -> None:
    words = text_of(1, 120).split()
    for similarity in (MARKUP, PROSE):
        seen = Seen(similarity)
        seen.add(" ".join(words))
        assert reason_of(seen, " ".join([*words[:60], *text_of(2, 60).split()])) == ""


def test_near_duplicates_are_forgotten_after_two_generations_and_duplicates_never() -> None:
    small = replace(PROSE, generation_size=10)
    texts = [text_of(seed, 60) for seed in range(31)]
    for num, reason in ((20, "near_duplicate"), (21, "")):
        seen = Seen(small)
        for text in texts[:num]:
            seen.add(text)
        assert reason_of(seen, f"{texts[0]} more") == reason
        assert reason_of(seen, texts[0]) == "duplicate"
    everything = Seen(MARKUP)
    for text in texts:
        everything.add(text)
    assert reason_of(everything, f"{texts[0]} more") == "near_duplicate"


def test_a_limited_reader_reads_up_to_its_limit() -> None:
    reader = LimitedReader(io.BytesIO(b"0123456789"), 10, 4, can_rewind=False)
    assert (reader.read(4), reader.tell()) == (b"0123", 4)
    assert reader.seek(8) == 8
    assert (reader.read(4), reader.read(4)) == (b"89", b"")
    with pytest.raises(io.UnsupportedOperation, match="cannot go to byte 0 from byte 10"):
        reader.seek(0)
    for size in (5, -1):
        with pytest.raises(TooManyBytes):
            reader.read(size)
    with pytest.raises(TooManyBytes):
        reader.seek(11)
    short = LimitedReader(io.BytesIO(b"0123456789"), 9, 10, can_rewind=False)
    with pytest.raises(TooManyBytes):
        short.read(10)


def test_a_limited_reader_that_can_rewind_counts_anew() -> None:
    stream = io.BytesIO(b"0123\n56789")
    with io.BufferedReader(LimitedReader(stream, 10, 8, can_rewind=True), 8) as buffered:
        assert buffered.read(10) == b"0123\n56789"
        buffered.seek(0)
        assert buffered.readlines() == [b"0123\n", b"56789"]
    assert not stream.closed


def test_all_of_a_stream_or_an_error() -> None:
    packed = gzip.compress(bytes(3 << 20))
    with gzip.open(io.BytesIO(packed)) as stream:
        assert read_all(stream, 3 << 20) == bytes(3 << 20)
    with gzip.open(io.BytesIO(packed)) as stream, pytest.raises(TooManyBytes):
        read_all(stream, (3 << 20) - 1)
    with pytest.raises(TooManyBytes):
        read_all(io.BytesIO(b"a"), 0)


def test_a_copy_of_a_rejection_keeps_no_frame() -> None:
    with pytest.raises(Rejection) as caught:
        raise Rejection("too_long", "9 characters")
    copy = caught.value.copy()
    assert (copy.reason, copy.detail, copy.__traceback__) == ("too_long", "9 characters", None)

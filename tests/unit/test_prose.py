"""Text to set pages from: sentences of any script, passages of one document, and what is refused."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from renderers.content.prose.prose import Prose, ProseSource, prose_file
from renderers.content.prose.sentences import cut_at_sentence, sentences
from renderers.content.prose.words import first_words, join_words, split_words, strip_marks
from renderers.core.errors import ConfigError, CorpusError
from tests.made_prose import whole_prose

WORDS = ("First 0 ", "Alone ")
"""What documents begin with."""
LINES = ("床前明月光，", "疑是地上霜。", "举头望明月，", "低头思故乡。")


def write(path: Path, rows: list[tuple[int, int, str, str, str]]) -> Path:
    names = ("document", "place", "kind", "language", "text")
    pq.write_table(pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))), path)
    return path


@pytest.fixture
def prose(tmp_path: Path) -> Prose:
    rows = [(0, 1, "heading", "en", "Of ships."), (0, 2, "heading", "en", "A long title about many ships and harbours")]
    rows += [(0, 3 + n, "paragraph", "en", f"First {n} is here. Second {n} is there! Third {n}?") for n in range(20)]
    rows += [(1 + n, 1, "paragraph", "en", f"Alone {n}.") for n in range(5)]
    rows += [(9, 1 + n, "verse", "zh", line) for n, line in enumerate(LINES)]
    rows += [(9, 6 + n, "verse", "zh", line) for n, line in enumerate(LINES[:2])]
    rows += [(9, 9, "paragraph", "zh", "海港很安静。船在夜里离开了！谁知道呢？"), (10, 1, "heading", "zh", "海港")]
    rows += [(11, 1, "heading", "eo", "Nur titolo")]
    return whole_prose(write(tmp_path / "a.parquet", rows))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("He left. She stayed.", ["He left.", "She stayed."]),
        (
            "Mr. Low met Dr. J. Hay at 5 p.m. on Monday. He left.",
            ["Mr. Low met Dr. J. Hay at 5 p.m. on Monday.", "He left."],
        ),
        ("It cost 3.50 dollars, i.e. little. So what?", ["It cost 3.50 dollars, i.e. little.", "So what?"]),
        ("“Go!” he said. “Why?” “Go.”", ["“Go!” he said.", "“Why?”", "“Go.”"]),
        ("1. The first of many. 2. The second.", ["1. The first of many.", "2. The second."]),
        ("Wait... she came… and went. Yes", ["Wait... she came… and went.", "Yes"]),
        ("他走了。“你来吗？”她问。好！", ["他走了。", "“你来吗？”", "她问。", "好！"]),
        ("他说：“我来了。”。然后走了。", ["他说：“我来了。”。", "然后走了。"]),
        ("彼は言った。「行こう。」そして去った。", ["彼は言った。", "「行こう。」", "そして去った。"]),
        ("ذهب الرجل. هل عاد؟ نعم.", ["ذهب الرجل.", "هل عاد؟", "نعم."]),
        ("वह गया। वह आया। क्यों?", ["वह गया।", "वह आया।", "क्यों?"]),
        ("הוא הלך. היא באה!", ["הוא הלך.", "היא באה!"]),
        ("Πού πας; Δεν ξέρω. Έλα.", ["Πού πας;", "Δεν ξέρω.", "Έλα."]),
        ("¿Adónde vas? A casa. ¡Ven!", ["¿Adónde vas?", "A casa.", "¡Ven!"]),
        ("그는 갔다. 그녀는 왔다.", ["그는 갔다.", "그녀는 왔다."]),
        (
            "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ ต่างมีเหตุผลและมโนธรรม และควรปฏิบัติต่อกัน",
            [
                "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ",
                "ต่างมีเหตุผลและมโนธรรม และควรปฏิบัติต่อกัน",
            ],
        ),
        ("no stop at all", ["no stop at all"]),
        ("", []),
        ("  . ", ["."]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_a_cut_is_the_fewest_sentences() -> None:
    text = "One is here. Two is there. Three."
    assert cut_at_sentence(text, 1) == "One is here."
    assert cut_at_sentence(text, 12) == "One is here."
    assert cut_at_sentence(text, 13) == "One is here. Two is there."
    assert cut_at_sentence(text, 1000) == text


def test_words() -> None:
    assert split_words("Two words, here.", rng()) == ["Two", "words,", "here."]
    assert [strip_marks(word) for word in ["“Go!”", "it’s", "(well-known)", "—", "सिंह।", "3.5%"]] == [
        "Go",
        "it’s",
        "well-known",
        "",
        "सिंह",
        "3.5",
    ]
    runs = split_words("海港很安静，船在夜里 Linux 离开了。", rng())
    assert "".join(runs) == "海港很安静，船在夜里Linux离开了。"
    assert max(len(strip_marks(run)) for run in runs if run != "Linux") <= 4
    assert all(strip_marks(run) for run in runs)
    assert join_words(["他用", "Linux", "和", "GNU", "ok"]) == "他用 Linux 和 GNU ok"


def test_no_run_of_thai_begins_with_what_hangs_on_the_one_before() -> None:
    text = "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกัน"
    runs = split_words(text, rng())
    assert "".join(runs) == text
    assert len(runs) > 5
    assert not any(run[0] in "ะัาำิีึืฺุู็่้๊๋์ํ๎" for run in runs)
    assert not any(run[-1] in "เแโใไ" for run in runs)


def test_a_passage_goes_on_in_its_document(prose: Prose) -> None:
    for seed in range(50):
        passage = prose.passage(rng(seed), "en", 150)
        for one, other in pairwise(passage):
            number = int(one.split()[1].rstrip("."))
            assert other.startswith(f"First {number + 1} " if one.startswith("First") and number < 19 else WORDS)
        assert sum(map(len, passage)) >= 150
        # The last sentence is needed, and it is whole.
        assert sum(map(len, passage)) - len(sentences(passage[-1])[-1]) - 1 < 150
        assert all(text[-1] in ".!?" for text in passage)


def test_a_passage_longer_than_all_there_is(prose: Prose) -> None:
    passage = prose.passage(rng(), "zh", 10**9)
    assert passage == ("海港很安静。船在夜里离开了！谁知道呢？",)


def test_a_sentence_is_whole_and_short(prose: Prose) -> None:
    found = {prose.sentence(rng(seed), "en", 12) for seed in range(300)}
    assert {f"Alone {n}." for n in range(5)} | {"Third 3?", "Third 17?"} <= found
    assert max(map(len, found)) <= 12


def test_where_no_sentence_is_short_the_first_words_of_many_are(prose: Prose) -> None:
    found = {prose.sentence(rng(seed), "en", 7) for seed in range(300)}
    assert {"Alone", "First 3", "Second", "Third"} <= found
    assert max(map(len, found)) <= 7
    assert {prose.sentence(rng(seed), "zh", 4) for seed in range(60)} >= {"海港很", "船在夜里"}
    assert {prose.sentence(rng(seed), "zh", 1) for seed in range(300)} >= {"海", "船", "谁"}


def test_first_words_do_not_end_in_what_leads_on() -> None:
    text = "One, two (or three) – and four."
    assert [first_words(text, most, rng()) for most in (1, 4, 8, 13, 19, 23, 100)] == [
        "One",
        "One",
        "One, two",
        "One, two (or",
        "One, two (or three)",
        "One, two (or three)",
        text,
    ]


def test_headings(prose: Prose) -> None:
    short = [prose.heading(rng(seed), "en", 20) for seed in range(500)]
    # One of two headings is that short, and words of sentences stand beside so few.
    assert 1 <= short.count("Of ships") <= 15
    assert len(set(short)) > 100
    assert max(map(len, short)) <= 20
    assert {"Of ships", "A long title about many ships and harbours"} < {
        prose.heading(rng(seed), "en", 80) for seed in range(500)
    }
    # Where none is short enough, words.
    for seed in range(20):
        phrase = prose.heading(rng(seed), "en", 8)
        assert len(phrase.split()) == 1 or len(phrase) <= 8
        assert phrase[0].isupper() or phrase[0].isdigit()
    assert "海港" in {prose.heading(rng(seed), "zh", 2) for seed in range(500)}


def test_of_many_headings_each_is_one(tmp_path: Path) -> None:
    rows = [(0, n, "heading", "en", f"Title {n}") for n in range(120)] + [
        (0, 120, "paragraph", "en", "Words stand here.")
    ]
    path = write(tmp_path / "many.parquet", rows)
    prose = whole_prose(path)
    assert all(prose.heading(rng(seed), "en", 20).startswith("Title ") for seed in range(200))


@pytest.mark.parametrize("num", [1, 3, 40, 200])
def test_so_many_words(num: int, prose: Prose) -> None:
    for seed in range(10):
        words = prose.words(rng(seed), "en", num)
        assert len(words) == num
        assert all(words)
        assert not any(word.endswith((".", "!", "?")) for word in prose.words(rng(seed), "en", num, marks=False))


def test_verse(prose: Prose) -> None:
    assert {prose.verse(rng(seed), "zh") for seed in range(40)} == {LINES, LINES[:2]}
    assert (prose.has_verse("zh"), prose.has_verse("en")) == (True, False)
    with pytest.raises(CorpusError, match="no verse in 'en'"):
        prose.verse(rng(), "en")


def test_the_same_generator_says_the_same(prose: Prose) -> None:
    def draw(seed: int) -> list[object]:
        one = rng(seed)
        return [
            prose.passage(one, "en", 300),
            prose.sentence(one, "en", 30),
            prose.words(one, "zh", 7),
            prose.heading(one, "en", 50),
        ]

    assert draw(3) == draw(3) != draw(4)


def test_an_unknown_language_is_told_the_known_ones(prose: Prose) -> None:
    assert prose.languages == ("en", "zh")
    for ask in (prose.passage, prose.sentence, prose.heading, prose.words):
        with pytest.raises(ConfigError, match=r"^no text in language 'xx'; the corpus has en, zh$"):
            ask(rng(), "xx", 5)


def test_a_file_that_is_none(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.parquet")
    with pytest.raises(ConfigError, match=r"glyphmill corpus text SOURCE -o .*missing.parquet makes one"):
        ProseSource(prose_file(missing, "")).open("train")
    junk = tmp_path / "junk.parquet"
    junk.write_bytes(b"PAR1 junk")
    with pytest.raises(ConfigError, match="not made by glyphmill corpus text"):
        ProseSource(prose_file(str(junk), "")).open("train")
    pq.write_table(pa.table({"text": ["a"]}), junk)
    with pytest.raises(ConfigError, match="no column 'document'"):
        ProseSource(prose_file(str(junk), "")).open("train")


def test_another_file_in_its_place_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", [(0, 1, "paragraph", "en", "One.")])
    before = prose_file(str(path), "").pinned()
    write(path, [(0, 1, "paragraph", "en", "Two.")])
    with pytest.raises(ConfigError, match="its sha256 is"):
        ProseSource(before).open("train")


def test_the_default_says_how_to_make_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    with pytest.raises(
        ConfigError, match=r"prose.parquet: No such file or directory; make -C .* setup-documents makes one$"
    ):
        prose_file("", "").pinned()

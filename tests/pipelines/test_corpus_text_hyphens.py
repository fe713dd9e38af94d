"""Words that were broken at the end of a line: joined, or kept with their hyphen, in every script that breaks words."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.corpora.text.hyphens import BREAK, Words
from pipelines.corpora.text.pieces import join_lines
from tests.pipelines.text_corpora import of_bytes, texts

WITHOUT_EVIDENCE = [
    ("He had been out since the early morn-\ning, and he was tired.", "morning"),
    ("He had been out since the early morn\u00ad\ning, and he was tired.", "morning"),
    ("He had been out since the early morn\u2010\ning, and he was tired.", "morning"),
    ("He had been out since the early morn\u00ac\ning, and he was tired.", "morning"),
    ("It was the work of a man who was well-\nknown in this town.", "well-known"),
    ("THE HARBOUR WAS QUIET IN THE MORN-\nING OF THAT VERY DAY.", "MORNING"),
    ("He did not stay at home because of COVID-\n19, as he said.", "COVID-19"),
    ("She wrote it in the years 1990-\n1995, and then no more.", "1990-1995"),
    ("It was an old custom of the Anglo-\nSaxon kings of the land.", "Anglo-Saxon"),
    ("Her mother-in-\nlaw had come to see the house of her son.", "mother-in-law"),
    ("He looked up—\nand there was nobody else in the whole room.", "up—and"),
    ("One could go by train and/\nor take the bus to the town.", "and/or"),
    ("There was nothing left -\nor so it seemed to all of us.", "left - or"),
    ("В то утро никто не гово-\nрил о корабле и о его людях.", "говорил"),
    ("В то утро кто-\nто говорил о корабле и о его людях.", "кто-то"),
    ("Tego ranka nikt nie mó-\nwił o statku, który odpłynął w nocy.", "mówił"),
    ("To był biało-\n-czerwony statek, który odpłynął w nocy.", "biało-czerwony"),
    ("Κανείς δεν μιλού-\nσε για το πλοίο που έφυγε τη νύχτα.", "μιλούσε"),
    ("An jenem Mor-\ngen sprach niemand von dem alten Schiff.", "Morgen"),
    ("Er fuhr mit der Donau-\ndampfschifffahrt in die große Stadt.", "Donaudampfschifffahrt"),
    ("Das alles hat seine Vor-\nund Nachteile, wie jeder von uns weiß.", "Vor- und Nachteile"),
    ("Personne ne par-\nlait du navire qui était parti dans la nuit.", "parlait"),
    ("Est-ce que tu peux me dire, peut-\nêtre, où est parti le navire ?", "peut-être"),
    ("Այդ առավոտ նավահան\u058a\nգիստը խաղաղ էր, և ոչ ոք չէր խոսում։", "նավահանգիստը"),
    ("הוא הלך אל בית\u05be\nספר שבעיר ולא חזר משם עד הערב.", "בית\u05beספר"),
]


@pytest.mark.parametrize(("source", "word"), WITHOUT_EVIDENCE)
def test_lists_of_words_tell_where_the_source_does_not(source: str, word: str, tmp_path: Path) -> None:
    _, rows = of_bytes(source.encode(), tmp_path)
    (text,) = texts(rows)
    assert word in str(text)
    assert "\u00ad" not in str(text)


@pytest.mark.parametrize(
    ("other", "source", "text"),
    [
        # The source has a word of its own, and writes another one otherwise than most do.
        ("A frobnicator it was.", "He took a frob-\nnicator out of a box.", "He took a frobnicator out of a box."),
        ("A blick-flam is a thing.", "He took a blick-\nflam out of the box.", "He took a blick-flam out of the box."),
        ("They will co-operate now.", "They could not co-\noperate for long.", "They could not co-operate for long."),
        ("They will cooperate now.", "They could not co-\noperate for long.", "They could not cooperate for long."),
        ("Wellknown he was to us.", "He was a well-\nknown man of ours.", "He was a wellknown man of ours."),
        ("Изза дома вышел старик.", "Он вышел из-\nза дома и ушёл.", "Он вышел изза дома и ушёл."),
        ("Eine Ski-fahrt ist schön.", "Er macht eine Ski-\nfahrt am Abend.", "Er macht eine Ski-fahrt am Abend."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("before", [True, False])
def test_the_words_of_the_source_tell(other: str, source: str, text: str, before: bool, tmp_path: Path) -> None:
    paragraphs = [other, source] if before else [source, other]
    _, rows = of_bytes("\n\n".join(paragraphs).encode(), tmp_path)
    assert texts(rows) == [text if one == source else one for one in paragraphs]


def test_a_broken_word_is_no_evidence_for_itself() -> None:
    words = Words()
    words.add(join_lines(["the zibb-", "erflop and the zibb-", "erflop"]))
    assert "the" in words
    assert not {"zibb", "erflop", "zibb-erflop", "zibberflop"} & {
        w for w in ("zibb", "erflop", "zibberflop") if w in words
    }
    assert words.settled(f"zibb{BREAK}erflop", "en") == "zibberflop"


@given(st.lists(st.text("abcdeéя字ก-\u00ad\u2010— 1Aא\u0301", min_size=1, max_size=12), min_size=1, max_size=5))
def test_lines_lose_nothing_but_hyphens_and_get_nothing_but_blanks(lines: list[str]) -> None:
    lines = [line.strip() for line in lines]
    text = Words().settled(join_lines(lines), "en")
    kept = [char for char in text if char not in "-\u2010\u00ad "]
    assert kept == [char for line in lines for char in line if char not in "-\u2010\u00ad "]
    assert BREAK not in join_lines(lines) or any(
        line.endswith(("-", "\u2010", "\u00ad")) or BREAK in line for line in lines
    )


@pytest.mark.parametrize("language", ["zh", "ja", "ko", "th", "xx", "sr"])
def test_no_language_asks_for_a_package_that_is_not_installed_with_the_mill(language: str) -> None:
    # wordfreq cuts Chinese by jieba, which only the trainer brings: the default corpus failed on a bare machine.
    script = f"""
import sys
sys.modules["jieba"] = sys.modules["MeCab"] = None
from pipelines.corpora.text.charset import _is_word
from pipelines.corpora.text.hyphens import BREAK, Words
print(Words().settled(f"proc类型{{BREAK}}的目录", {language!r}), _is_word("目录", {language!r}))
"""
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("proc类型")

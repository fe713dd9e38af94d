"""`glyphmill corpus text` from outside: what it keeps, what it rejects and why, and that no source does harm."""

import gzip
import json
import os
import re
import resource
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasets import Dataset, DatasetDict

from renderers.core.errors import ConfigError
from tests.e2e import mill
from tests.pipelines.text_corpora import CHINESE, ENGLISH, RUSSIAN, make, of_bytes, texts


def test_a_text_file(tmp_path: Path) -> None:
    wrapped = ENGLISH.replace("and nobody", "and\nnobody")
    text = f"The Harbour\n\n{wrapped}\n\n{CHINESE}\n\n{RUSSIAN}\n"
    _, rows = of_bytes(text.encode(), tmp_path, licence="CC0-1.0")
    assert [(row["place"], row["kind"], row["language"], row["text"]) for row in rows] == [
        (1, "heading", "en", "The Harbour"),
        (2, "paragraph", "en", ENGLISH),
        (3, "paragraph", "zh", CHINESE),
        (4, "paragraph", "ru", RUSSIAN),
    ]
    assert {(row["document"], row["origin"], row["licence"]) for row in rows} == {(0, "a.txt", "CC0-1.0")}


def test_verse_is_a_line_a_row_and_stanzas_stand_apart(tmp_path: Path) -> None:
    stanza = (
        "Tyger Tyger, burning bright,\nIn the forests of the night;\nWhat immortal hand or eye,\nCould frame it so?\n"
    )
    _, rows = of_bytes(f"{stanza}\n{stanza.replace('Tyger', 'Lion')}".encode(), tmp_path)
    assert {row["kind"] for row in rows} == {"verse"}
    assert [row["place"] for row in rows] == [1, 2, 3, 4, 6, 7, 8, 9]


def test_markdown_without_its_marks(tmp_path: Path) -> None:
    markdown = (
        "# A *great* title\n\n"
        "Some **bold** text with a [link](http://a.b/c) and `code`, and it goes on.\n\n"
        "```python\nimport antigravity  # this is not for readers\n```\n\n| a | b |\n|---|---|\n\n"
        "- The first item of a list is a paragraph.\n"
        "- The second item of a list is another one.\n\nUnderlined\n======\n"
    )
    _, rows = of_bytes(markdown.encode(), tmp_path, "a.md")
    assert [(row["kind"], row["text"]) for row in rows] == [
        ("heading", "A great title"),
        ("paragraph", "Some bold text with a link and code, and it goes on."),
        ("paragraph", "The first item of a list is a paragraph."),
        ("paragraph", "The second item of a list is another one."),
        ("heading", "Underlined"),
    ]


def test_html_as_it_reads(tmp_path: Path) -> None:
    html = (
        "<html><head><title>No</title><script>var a = '<p>This is not for a reader at all.</p>';</script></head><body>"
        "<nav><p>Home, news and all the other pages of this site.</p></nav><h1>1.2. A title</h1>"
        "<p>Fish &amp; chips, said the <b>captain</b>,<br>are what we live on here.<div>An unclosed thing comes next."
        "<table><tr><td>Cells of tables are no prose, however long.</td></tr></table>"
    )
    _, rows = of_bytes(html.encode(), tmp_path, "a.html")
    assert texts(rows) == [
        "A title",
        "Fish & chips, said the captain, are what we live on here.",
        "An unclosed thing comes next.",
    ]


def test_markup_in_a_text_stays_text(tmp_path: Path) -> None:
    sentence = "He typed <script>alert('boo')</script> into the box and nothing happened, as it should be."
    built, rows = of_bytes(f"{sentence}\n\n<div class='a'><p><b>x</b></p></div><br/><hr/>\n".encode(), tmp_path)
    assert texts(rows) == [sentence]
    assert built.stats.pieces == {"markup": 1}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "utf-32"])
def test_chinese_in_any_encoding(encoding: str, tmp_path: Path) -> None:
    text = "\n\n".join(CHINESE.replace("海港", place) for place in ("海港", "码头", "村子", "图书馆"))
    _, rows = of_bytes(text.encode(encoding), tmp_path, language="zh")
    assert texts(rows) == text.split("\n\n")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", RUSSIAN),
        ("koi8-r", RUSSIAN),
        ("big5", "那天早晨海港很安靜，沒有人提起那艘船。它在夜裡就離開了，誰也不知道去向。"),
    ],
)
def test_older_encodings(encoding: str, text: str, tmp_path: Path) -> None:
    built, rows = of_bytes("\n\n".join([text, text[::-1]] * 3).encode(encoding), tmp_path)
    assert texts(rows)[0] == text
    assert any(note.startswith("encoding") for note in built.stats.notes)


def test_bytes_that_are_broken_in_one_place_cost_one_paragraph(tmp_path: Path) -> None:
    names = ("Åsa", "Zoë", "René", "Jürgen", "Søren")
    paragraphs = [f"The ship that {name} had built left the harbour.".encode() for name in names]
    paragraphs[1] = paragraphs[1].replace(b"built", b"bu\xff\xfelt")
    built, rows = of_bytes(b"\n\n".join(paragraphs), tmp_path)
    assert len(rows) == 4
    assert built.stats.pieces == {"not_decodable": 1}


@pytest.mark.parametrize(
    ("paragraph", "reason"),
    [
        ("A bell \x07 rang in the text and \x1b[31m went red.", "control_characters"),
        ("x" * 1_000_000, "too_long"),
        ("A word of " + "y" * 100 + " is too long for any line.", "word_too_long"),
        ("Short.", "too_short"),
        ("x + 12 * 345 - 678 / 90 = 1234 % 5678 ^ y * 90", "mostly_symbols"),
        ("See http://example.org/a/b/c/d/e and http://example.org/f/g/h.", "addresses"),
        ("All rights reserved by the company of the harbour.", "boilerplate"),
        ("He said shit when the ship had left the harbour.", "word_blocked"),
        ("The sign was a \ue000 that nobody could read at all.", "character_unusual"),
        ("A smile 😀 stood at the end of the line that he wrote.", "character_unusual"),
        ("Это бóльшая часть того, что он сказал нам вчера.", "script_mixed"),
        ("The word корабль stood in the middle of what he wrote.", "script_mixed"),
    ],
)
def test_what_is_rejected(paragraph: str, reason: str, tmp_path: Path) -> None:
    built, rows = of_bytes(f"{ENGLISH}\n\n{paragraph}\n".encode(), tmp_path)
    assert texts(rows) == [ENGLISH]
    assert built.stats.pieces == {reason: 1}


def test_what_cannot_be_seen_goes_and_the_rest_is_nfc(tmp_path: Path) -> None:
    _, rows = of_bytes(
        "A cafe\u0301 was\u00a0o\u00adpen \u202eon\u202c the\u200b \t quay, and full of people.".encode(), tmp_path
    )
    assert texts(rows) == ["A caf\u00e9 was open on the quay, and full of people."]


def test_joiners_of_persian_and_hindi_stay(tmp_path: Path) -> None:
    persian = "او می\u200cخواهد که همهٔ کتاب\u200cها را در یک روز بخواند و بنویسد."
    _, rows = of_bytes(persian.encode(), tmp_path, language="fa")
    assert texts(rows) == [persian]


def test_duplicates(tmp_path: Path) -> None:
    words = [
        "walking",
        "talking",
        "sailing",
        "rowing",
        "turning",
        "looking",
        "drinking",
        "reading",
        "singing",
        "painting",
    ]
    long = " ".join(f"After {word} for an hour the crew went on {word} again, and so it was." for word in words)
    built, rows = of_bytes(
        "\n\n".join([ENGLISH, long, ENGLISH, long.replace("the crew", "a crew", 1)]).encode(), tmp_path
    )
    assert texts(rows) == [ENGLISH, long]
    assert built.stats.pieces == {"duplicate": 1, "near_duplicate": 1}


def test_json_lines(tmp_path: Path) -> None:
    lines = [
        json.dumps({"text": ENGLISH}),
        '{"text": "A lone \\ud83d surrogate stands in this one, which is bad."}',
        '{"text": "broken',
        "[" * 100_000,
        '{"other": 1}',
        '{"text": null}',
        "7",
        "\xff",
        json.dumps({"text": f"{CHINESE}\n\n{RUSSIAN}"}),
    ]
    built, rows = of_bytes("\n".join(lines).encode(), tmp_path, "a.jsonl")
    assert texts(rows) == [ENGLISH, CHINESE, RUSSIAN]
    assert [row["document"] for row in rows] == [0, 1, 1]
    assert [row["origin"] for row in rows] == ["a.jsonl:1", "a.jsonl:9", "a.jsonl:9"]
    assert built.stats.pieces == {"surrogate_unpaired": 1}
    assert built.stats.files == {"line_broken": 3, "row_without_text": 3}


def test_parquet_and_data_sets_of_hugging_face(tmp_path: Path) -> None:
    data = {"text": [ENGLISH, None, CHINESE], "story": [RUSSIAN, ENGLISH, ""], "n": [1, 2, 3]}
    pq.write_table(pa.table(data), tmp_path / "a.parquet")
    Dataset.from_dict(data).save_to_disk(tmp_path / "saved")
    DatasetDict({"train": Dataset.from_dict(data)}).save_to_disk(tmp_path / "dict")
    for source in ("a.parquet", "saved", "dict"):
        built, rows = make(tmp_path / source, tmp_path)
        assert texts(rows) == [ENGLISH, CHINESE], source
        assert built.stats.files == {"row_without_text": 1}
    _, rows = make(tmp_path / "saved", tmp_path, column="story")
    assert texts(rows) == [RUSSIAN, ENGLISH]
    with pytest.raises(ConfigError, match=r"no column 'body' of text; it has text, story; name one by --column"):
        make(tmp_path / "saved", tmp_path, column="body")


def test_a_folder(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "b").mkdir(parents=True)
    (source / "z.txt").write_text(RUSSIAN)
    (source / "b" / "a.txt.gz").write_bytes(gzip.compress(ENGLISH.encode()))
    (source / "empty.txt").write_bytes(b"\n \n")
    (source / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)))
    (source / "broken.parquet").write_bytes(b"PAR1 and no more")
    (source / "cut.txt.gz").write_bytes(gzip.compress(os.urandom(5000))[:200])
    (source / "book.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "secret.txt").write_text("Nobody may read this secret of the harbour through a link.")
    (source / "link.txt").symlink_to(tmp_path / "secret.txt")
    (source / "up").symlink_to(tmp_path)
    os.mkfifo(source / "pipe.txt")
    built, rows = make(source, tmp_path)
    assert [(row["origin"], row["text"]) for row in rows] == [("b/a.txt.gz", ENGLISH), ("z.txt", RUSSIAN)]
    assert built.stats.files == {
        "file_empty": 1,
        "file_not_text": 1,
        "file_unreadable": 2,
        "kind_not_read": 1,
        "link_refused": 2,
        "device_refused": 1,
    }


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.txt.gz"])
def test_a_stray_zero_costs_no_file(name: str, tmp_path: Path) -> None:
    """As of sources of TeX, where a control character is a blank."""
    raw = f"{ENGLISH}\n".encode().replace(b" ", b"\0", 1)
    (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    built, rows = make(tmp_path / name, tmp_path)
    assert texts(rows) == [ENGLISH]
    assert not built.stats.files


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.txt").write_text(ENGLISH)
    with gzip.open(source / "bomb.txt.gz", "wb", compresslevel=9) as bomb:
        for _ in range(1024):
            bomb.write(b"a" * (1 << 20))
    assert (source / "bomb.txt.gz").stat().st_size < 2 << 20
    start = time.monotonic()
    built, rows = make(source, tmp_path)
    assert time.monotonic() - start < 60
    assert texts(rows) == [ENGLISH]
    assert built.stats.files == {"file_unpacks_too_large": 1}


def test_a_big_file_takes_little_memory(tmp_path: Path) -> None:
    source = tmp_path / "big.txt"
    with source.open("w") as file:
        file.write(f"{ENGLISH}\n\n")
        # One word, then one line of words, then many lines that are the same: none of it may be held.
        file.write("x" * (64 << 20) + "\n\n" + "word " * (12 << 20) + "\n\n")
        file.writelines(f"{ENGLISH}\n\n" for _ in range(20_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    built, rows = make(source, tmp_path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
    assert texts(rows) == [ENGLISH]
    assert built.stats.pieces == {"too_long": 2, "duplicate": 20_000}


def test_the_same_source_gives_the_same_bytes(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for number in range(30):
        (source / f"{number}.txt").write_text(f"{ENGLISH} {number}\n\n{CHINESE}{number}\n\n{RUSSIAN} {number}\n")
    make(source, tmp_path / "one")
    make(source, tmp_path / "two")
    assert (tmp_path / "one/out/corpus.parquet").read_bytes() == (tmp_path / "two/out/corpus.parquet").read_bytes()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Der Hafen war an jenem Morgen still, und niemand sprach von dem Schiff, das nachts gefahren war."),
        ("fr", "Le port était calme ce matin-là, et personne ne parlait du navire qui était parti dans la nuit."),
        ("zh-Hant", "那天早晨，海港很安靜，沒有人提起那艘船。它在夜裡就離開了，誰也不知道去向。"),
        ("ja", "その朝、港は静かで、夜のうちに出て行った船のことを口にする者はいなかった。"),
        ("ko", "그날 아침 항구는 조용했고, 밤에 떠난 배에 대해 말하는 사람은 아무도 없었다."),
        ("ar", "كان الميناء هادئًا في ذلك الصباح، ولم يتحدث أحد عن السفينة التي غادرت ليلًا."),
        ("fa", "بندر در آن صبح آرام بود و هیچ‌کس از کشتی‌ای که شب رفته بود سخنی نمی‌گفت."),
        ("he", "הנמל היה שקט באותו בוקר, ואיש לא דיבר על האונייה שעזבה בלילה."),
        ("hi", "उस सुबह बंदरगाह शांत था और रात में चले गए जहाज़ की किसी ने बात नहीं की।"),
        ("th", "เช้าวันนั้นท่าเรือเงียบสงบ และไม่มีใครพูดถึงเรือที่ออกไปเมื่อคืน"),
        ("el", "Το λιμάνι ήταν ήσυχο εκείνο το πρωί και κανείς δεν μιλούσε για το πλοίο."),
        ("vi", "Sáng hôm ấy bến cảng yên tĩnh, không ai nhắc đến con tàu đã rời đi trong đêm."),
        ("tr", "O sabah liman sessizdi ve gece ayrılan gemiden kimse söz etmiyordu."),
        ("am", "በዚያ ጠዋት ወደቡ ጸጥ ያለ ነበር፤ ስለ መርከቡ ማንም አልተናገረም።"),
        ("uk", "Того ранку гавань була тиха, і ніхто не говорив про корабель, що відплив уночі."),
    ],
)
def test_the_language_is_detected(language: str, text: str, tmp_path: Path) -> None:
    _, rows = of_bytes(text.encode(), tmp_path)
    assert [(row["language"], row["text"]) for row in rows] == [(language, text)]


def test_a_language_that_is_given_must_fit_the_script(tmp_path: Path) -> None:
    built, rows = of_bytes(f"{ENGLISH}\n\n{RUSSIAN}".encode(), tmp_path, language="pt-br")
    assert [(row["language"], row["text"]) for row in rows] == [("pt-BR", ENGLISH)]
    assert built.stats.pieces == {"language_other": 1}


def test_rejects_have_reason_and_origin(tmp_path: Path) -> None:
    raw = f"{ENGLISH}\n\nShort.\n\n".encode()
    built, _ = of_bytes(raw, tmp_path, rejects=tmp_path / "rejects.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "rejects.jsonl").read_text().splitlines()]
    assert lines == [{"reason": "too_short", "origin": "a.txt#2", "detail": "", "source": "Short."}]
    assert Counter(line["reason"] for line in lines) == built.stats.pieces


@pytest.mark.parametrize(
    ("name", "content", "words", "why"),
    [
        ("a.txt", b"", [], "no paragraph was kept of 0 found (1 file_empty)"),
        ("a.txt", b"\0\1\2\3" * 100, [], "(1 file_not_text)"),
        ("a.jsonl", b'{"body": "x"}\n', [], "(1 row_without_text)"),
        ("a.doc", b"text", [], "is no .txt, .md, .html, .jsonl, .parquet or .arrow"),
        ("a.txt", ENGLISH.encode(), ["--language", "klingonese"], "is no tag of BCP 47"),
        ("a.txt", ENGLISH.encode(), ["-o", "/proc/corpus.parquet"], "cannot be written"),
        (None, b"", [], "cannot be read: No such file or directory"),
    ],
)
def test_one_clear_line(name: str | None, content: bytes, words: list[str], why: str, tmp_path: Path) -> None:
    source = tmp_path / (name or "missing")
    if name:
        source.write_bytes(content)
    out = tmp_path / "out.parquet"
    done = mill.run("corpus", "text", source, "-o", out, *words)
    assert (done.code, done.out) == (2, "")
    assert why in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert not list(tmp_path.glob("*.parquet*"))


def test_an_empty_folder_and_the_table_of_the_command(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    done = mill.run("corpus", "text", source, "-o", tmp_path / "out.parquet")
    assert (done.code, len(done.err.strip().splitlines())) == (2, 1)
    (source / "a.txt").write_text(f"{ENGLISH}\n\n{CHINESE}\n\nShort.\n")
    done = mill.run("corpus", "text", source, "-o", tmp_path / "out.parquet")
    assert done.code == 0, done.err
    table = dict(re.findall(r"^ (\S.*?) {2,}(\d+) *$", done.out, re.MULTILINE))
    assert table == {"found": "3", "kept: en": "1", "kept: zh": "1", "refused: too_short": "1"}

"""The readers of the default corpus, each on input that looks like its source."""

import json
import sqlite3
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, nullcontext
from pathlib import Path

import pytest

from pipelines.corpora.stats import CorpusStats, Rejection
from pipelines.corpora.text.catalogues import read_catalogue
from pipelines.corpora.text.default import READERS, without
from pipelines.corpora.text.files import File
from pipelines.corpora.text.fortunes import read_fortunes
from pipelines.corpora.text.html import read_html
from pipelines.corpora.text.man import read_man
from pipelines.corpora.text.packaged import (
    read_articles,
    read_chapter,
    read_ghazals,
    read_laws,
    read_mishnah,
    read_recipes,
    read_speech,
)
from pipelines.corpora.text.pieces import Piece
from pipelines.corpora.text.prose_filter import LEFT_OUT, check_prose


def read(reader: Callable[[File, CorpusStats], Iterator[Iterable[Piece]]], path: Path) -> list[list[Piece]]:
    stats = CorpusStats()
    documents = [list(pieces) for pieces in reader(File(path, path.name, path.suffix), stats)]
    assert not stats.files
    return documents


def test_articles_lack_nothing_unnoticed(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    whole = "A finch is a bird (of the family Fringillidae). It sings."
    holes = [
        "The number  is prime.",
        "The value , which is large.",
        "Paris ( is a city.",
        "Corvus (; KOR-vus) is a bird.",
    ]
    articles = {"Finch": {"title": "Finch", "extract": "\n".join([whole, *holes]), "topic": "Birds"}}
    path.write_text(json.dumps(articles), encoding="utf-8")
    ((heading, first, *others),) = read(read_articles, path)
    assert (heading, first) == (Piece("heading", "Finch"), Piece("paragraph", whole))
    assert len(others) == len(holes)
    for piece in others:
        with pytest.raises(Rejection):
            check_prose(piece, piece.text, "en")
    # What French has before a colon is no hole.
    path.write_text(json.dumps({"A": {"extract": "Il dit : « oui » ; elle aussi !"}}), encoding="utf-8")
    assert read(read_articles, path)[0][1].text == "Il dit : « oui » ; elle aussi !"


def test_recipes(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    recipe = {
        "title": "Soup",
        "ingredients": ["1 l water"],
        "steps": ["Boil the water.", " Add salt. ", *["Stir." * 20] * 10],
    }
    path.write_text(json.dumps({"soup": recipe}), encoding="utf-8")
    ((heading, *paragraphs),) = read(read_recipes, path)
    assert heading == Piece("heading", "Soup")
    assert paragraphs[0].text.startswith("Boil the water. Add salt. Stir.")
    assert len(paragraphs) == 2


def test_a_speech_is_in_paragraphs_without_the_audience(tmp_path: Path) -> None:
    path = tmp_path / "1961_a.txt"
    path.write_text(
        "Mr. Speaker, we begin--again. [Applause] " + "This is one of many sentences. " * 60, encoding="utf-8"
    )
    (paragraphs,) = read(read_speech, path)
    assert paragraphs[0].text.startswith("Mr. Speaker, we begin—again. This is one of many sentences.")
    assert len(paragraphs) == 3
    assert max(len(piece.text) for piece in paragraphs) <= 700


def test_laws_are_in_force_and_of_everyday_life(tmp_path: Path) -> None:
    path = tmp_path / "laws.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute(
            "CREATE TABLE articles (id INTEGER PRIMARY KEY, law_id, law_name, law_department, status, article_text)"
        )
        rows = [
            ("a", "港口法", "社会法", "现行有效", "第一段。\n（二）一项。\n第二段。"),
            ("b", "旧法", "经济法", "已废止", "旧的。"),
            ("c", "刑法", "刑法", "现行有效", "罪。"),
            ("a", "港口法", "社会法", "现行有效", "第三段。"),
        ]
        database.executemany(
            "INSERT INTO articles (law_id, law_name, law_department, status, article_text) VALUES (?, ?, ?, ?, ?)", rows
        )
        database.commit()
    paragraphs = (Piece("paragraph", f"第{number}段。") for number in "一二三")
    assert read(read_laws, path) == [[Piece("heading", "港口法"), *paragraphs]]


def test_the_mishnah_and_ghazals(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text(json.dumps([[["שנים אוחזין בטלית: ", "היה רוכב."], ["אלו מציאות"]]]), encoding="utf-8")
    assert [[piece.text for piece in chapter] for chapter in read(read_mishnah, path)] == [
        ["שנים אוחזין בטלית.", "היה רוכב."],
        ["אלו מציאות."],
    ]
    path.write_text(json.dumps([{"id": 1, "poem": [f"مصرع {number}" for number in range(14)]}]), encoding="utf-8")
    ((first, second),) = read(read_ghazals, path)
    assert (len(first.text.split("\n")), len(second.text.split("\n"))) == (8, 6)
    assert first.kind == "verse"


@pytest.mark.parametrize("reader", [read_articles, read_recipes, read_laws, read_mishnah, read_ghazals])
def test_a_damaged_file_is_counted(
    reader: Callable[[File, CorpusStats], Iterator[Iterable[Piece]]], tmp_path: Path
) -> None:
    path = tmp_path / "damaged"
    path.write_bytes(b"[1, 2")
    stats = CorpusStats()
    assert list(reader(File(path, path.name, ""), stats)) == []
    assert stats.files == {"file_unreadable": 1}


def test_a_manual_page() -> None:
    page = [
        '.\\" a comment',
        ".SH 描述",
        "国际标准",
        ".B ISO",
        "定义了\\fB集合\\fP。",
        ".nf",
        "int main(void);",
        ".fi",
        "后面的一段。",
        ".TP",
        "\\-a",
        "选项不要。",
        ".PP",
        "再后面的一段。",
    ]
    assert list(read_man(f"{line}\n" for line in page)) == [
        Piece("heading", "描述"),
        Piece("paragraph", "国际标准 ISO 定义了集合。"),
        Piece("paragraph", "后面的一段。"),
        Piece("paragraph", "再后面的一段。"),
    ]


def test_poems() -> None:
    source = (
        "\x1b[32m《静夜思》\x1b[m\n作者：李白\n床前明月光，疑是地上霜。\n举头望明月，低头思故乡。\n%\nnot a poem\n%\n"
    )
    (pieces,) = read_fortunes(source.splitlines())
    assert pieces[0] == Piece("heading", "静夜思")
    assert pieces[1].text.split("\n") == ["床前明月光，疑是地上霜。", "举头望明月，低头思故乡。"]


def test_a_catalogue(tmp_path: Path) -> None:
    long = "The forest is very old. " * 10
    translations = {
        "": "Content-Type: text/plain; charset=UTF-8\n",
        f"?history:{long}": "היער עתיק מאוד. " * 15,
        "The file is not there.": "הקובץ איננו שם.",
        "No %s there.": "אין %s שם.",
        "Open": "פתיחה",
        "Press the &Open button.": "לחצו על &פתיחה.",
        "The door is open.": "הדלת פתוחה.",
    }
    path = tmp_path / "a.mo"
    pairs = sorted((key.encode(), text.encode()) for key, text in translations.items())
    num, place = len(pairs), 28 + 16 * len(pairs)
    tables: list[bytes] = []
    data = b""
    for side in (0, 1):
        for pair in pairs:
            tables.append(struct.pack("<II", len(pair[side]), place + len(data)))
            data += pair[side] + b"\0"
    path.write_bytes(struct.pack("<7I", 0x950412DE, 0, num, 28, 28 + 8 * num, 0, 0) + b"".join(tables) + data)
    (paragraphs,) = read_catalogue(path, CorpusStats())
    assert [piece.text for piece in paragraphs] == [("היער עתיק מאוד. " * 15).strip(), "הדלת פתוחה. הקובץ איננו שם."]
    (originals,) = read_catalogue(path, CorpusStats(), original=True)
    assert [piece.text for piece in originals] == [long.strip(), "The door is open. The file is not there."]
    path.write_bytes(b"junk")
    stats = CorpusStats()
    assert list(read_catalogue(path, stats)) == []
    assert stats.files == {"file_unreadable": 1}


@pytest.mark.parametrize(
    ("text", "language", "reason"),
    [
        ("You can change the size of a window with the mouse.", "en", ""),
        ("The file /etc/fstab holds the list of disks.", "en", "technical"),
        ("Call it with --force when nothing else helps.", "en", "technical"),
        ("Set PATH=/bin and go on with the next step.", "en", "technical"),
        ("See the function getopt(3) for what else it does.", "en", "technical"),
        ("The reader (who knows this is left alone.", "en", "not_sentences"),
        ("in the middle of a sentence it began.", "en", "not_sentences"),
        ("Do all of the following things at once:", "en", "not_sentences"),
        ("Go on.", "en", "not_sentences"),
        ("You can change the size of a window with the mouse, if there is one.", "de", "language_other"),
        ("您可以用鼠标改变窗口的大小，也可以用键盘。", "zh", ""),
        ("您可以用 the mouse and also the keyboard 改变。", "zh", "language_other"),
    ],
)
def test_prose_of_manuals(text: str, language: str, reason: str) -> None:
    with pytest.raises(Rejection) if reason else nullcontext() as rejection:
        check_prose(Piece("paragraph", text), text, language)
    assert rejection is None or rejection.value.reason == reason


def test_mallard_without_notes_icons_and_paths(tmp_path: Path) -> None:
    page = tmp_path / "a.page"
    page.write_text(
        "<page><title>Sound</title><comment><p>Mention the microphone here.</p></comment>"
        "<p>Move the slider to the right.</p><p>Press <media type='image' src='x.png'/> to go on.</p>"
        "<p>Open <guiseq><gui>Settings</gui><gui>Sound</gui></guiseq> first.</p></page>",
        encoding="utf-8",
    )
    pieces = list(READERS["mallard"](File(page, "a.page", ".page"), CorpusStats()))
    texts = [piece.text for document in pieces for piece in document]
    assert texts[:2] == ["Sound", "Move the slider to the right."]
    assert all(LEFT_OUT in text for text in texts[2:])
    assert len(texts) == 4


def test_a_chapter_has_a_title_without_its_number(tmp_path: Path) -> None:
    path = tmp_path / "chapter_3.txt"
    path.write_text(
        "CHAPTER 3. The Spouter-Inn.\n\nEntering that gable-ended inn, you found yourself.\n", encoding="utf-8"
    )
    ((heading, paragraph),) = read(read_chapter, path)
    assert heading == Piece("heading", "The Spouter-Inn")
    assert paragraph.text.startswith("Entering")


def test_what_one_would_not_hand_to_a_stranger_is_left_out() -> None:
    article = [
        Piece("heading", "A crime"),
        Piece("paragraph", "It was a Massacre."),
        Piece("paragraph", "It was long."),
    ]
    speech = [Piece("paragraph", "On murder."), Piece("paragraph", "On schools.")]
    kept = [list(pieces) for pieces in without(["massacre", "murder"], [article, speech])]
    assert kept == [[], [Piece("paragraph", "On schools.")]]


def test_a_link_to_a_heading_is_no_part_of_it() -> None:
    page = '<h2>Helper scripts<a class="headerlink" href="#x">¶</a></h2><p>They help<span class="footer">1</span>.</p>'
    assert [(piece.kind, piece.text) for piece in read_html([page])] == [
        ("heading", "Helper scripts"),
        ("paragraph", "They help."),
    ]

"""The readers of the default corpus, each on input that looks like its source."""

import struct
from contextlib import nullcontext
from itertools import islice
from pathlib import Path

import pytest

from pipelines.corpora.stats import CorpusStats, Rejection
from pipelines.corpora.text.brown import read_brown
from pipelines.corpora.text.catalogues import read_catalogue
from pipelines.corpora.text.composed import compose
from pipelines.corpora.text.fortunes import read_fortunes
from pipelines.corpora.text.html import read_html
from pipelines.corpora.text.man import read_man
from pipelines.corpora.text.pieces import Piece
from pipelines.corpora.text.prose_filter import check_prose


def texts(*sentences: str) -> list[str]:
    return [piece.text for piece in read_brown(["\t" + sentences[0], *sentences[1:]])]


@pytest.mark.parametrize(
    ("tagged", "printed"),
    [
        ("The/at City/nn-tl ,/, he/pps said/vbd ,/, was/bedz small/jj ./.", "The City, he said, was small."),
        ("``/`` No/rb ,/, thanks/nns ''/'' ,/, he/pps said/vbd ./.", "“No, thanks,” he said."),
        ("He/pps called/vbd it/ppo ``/`` good/jj ''/'' ./.", "He called it “good.”"),
        ("Men/nns --/-- all/abn of/in them/ppo --/-- left/vbd ./.", "Men—all of them—left."),
        ("Why/wrb ?/. ?/.", "Why?"),
        ("It/pps cost/vbd $20/nns (/( or/cc so/rb )/) ;/. ;/.", "It cost $20 (or so);"),
        ("The/at boss's/nn$ wife/nn did/dod not/* go/vb ./.", "The boss’s wife did not go."),
    ],
)
def test_brown_as_print(tagged: str, printed: str) -> None:
    assert texts(tagged) == [printed]


def test_brown_joins_sentences_and_drops_formulas() -> None:
    assert texts("``/`` Is/bez it/pps ?/.", "''/'' Asked/vbd he/pps ./.", "") == ["“Is it?” asked he."]
    assert texts("The/at value/nn of/in Af/nn is/bez one/cd ./.") == []
    pieces = list(read_brown(["A/at-hl Head/nn-hl\n", "The/at text/nn ./.\n", "\tNext/jj ./.\n"]))
    assert pieces == [Piece("heading", "A Head"), Piece("paragraph", "The text."), Piece("paragraph", "Next.")]


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
    translations = {
        "": "Content-Type: text/plain; charset=UTF-8\n",
        "The file is not there.": "הקובץ איננו שם.",
        "No %s there.": "אין %s שם.",
        "Open": "פתיחה",
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
    assert [piece.text for piece in read_catalogue(path, CorpusStats())] == ["הדלת פתוחה. הקובץ איננו שם."]
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


@pytest.mark.parametrize("language", ["zh", "he", "hi", "tr"])
def test_composed_text_is_of_its_script_and_always_the_same(language: str) -> None:
    one, two = (
        [piece.text for document in islice(compose(language, ()), 3) for piece in document.pieces] for _ in range(2)
    )
    assert one == two
    assert len(set(one)) > 0.9 * len(one) == 54
    assert all(text[-1] in "。.।?" for text in one)
    assert not any("{" in text for text in one)


def test_composed_thai_is_of_known_phrases() -> None:
    known = ["มนุษย์ทั้งหลายเกิดมา มีอิสระและเสมอภาคกัน", "ทุกคนมีสิทธิในชีวิต เสรีภาพและความมั่นคง"]
    phrases = {phrase for text in known for phrase in text.split()}
    document = next(compose("th", known))
    for piece in document.pieces:
        assert set(piece.text.split()) <= phrases


def test_a_link_to_a_heading_is_no_part_of_it() -> None:
    page = '<h2>Helper scripts<a class="headerlink" href="#x">¶</a></h2><p>They help<span class="footer">1</span>.</p>'
    assert [(piece.kind, piece.text) for piece in read_html([page])] == [
        ("heading", "Helper scripts"),
        ("paragraph", "They help."),
    ]

"""Encodings before Unicode: the right letters, whichever of its encodings a language is in, or a refusal."""

from pathlib import Path

import pytest

from pipelines.corpora.stats import Rejection
from pipelines.corpora.text.charset import encoding_of
from renderers.core.errors import ConfigError
from tests.e2e import mill
from tests.pipelines.text_corpora import ENGLISH, RUSSIAN, make, of_bytes, texts

SENTENCES = (
    ("fr", "cp1252 iso8859_15 cp850 mac_roman", "L'été dernier, nous sommes allés à la plage."),
    ("de", "cp1252 iso8859_15 cp850 mac_roman", "Die Straße war schön, und die Mädchen grüßten über den Zaun."),
    ("es", "cp1252 iso8859_15 cp850 mac_roman", "El niño comió una manzana en el jardín mañana por la mañana."),
    ("pt", "cp1252 iso8859_15 cp850 mac_roman", "A situação não é fácil, mas a informação já está disponível."),
    ("it", "cp1252 iso8859_15 cp850 mac_roman", "Perché la città è così bella? È già tardi, però andrò."),
    ("da", "cp1252 iso8859_15 cp850 mac_roman", "Han købte en rød bil på øen, så kørte han hjem."),
    ("sv", "cp1252 iso8859_15 cp850 mac_roman", "Det är kallt på sjön när vintern kommer, sa läraren."),
    (
        "fi",
        "cp1252 iso8859_15 cp850 mac_roman",
        "Äiti meni metsään, eikä hän löytänyt tietä takaisin. Päivä oli pitkä.",
    ),
    ("nb", "cp1252 iso8859_15 cp850 mac_roman", "Barna så båten på sjøen, og de lærte å svømme."),
    ("nl", "cp1252 iso8859_15 cp850 mac_roman", "De coöperatie had drie ideeën over het financiële beleid van België."),
    (
        "ca",
        "cp1252 iso8859_15 cp850 mac_roman",
        "L'avió va arribar tard perquè hi havia boira això és el que va passar.",
    ),
    ("pl", "cp1250 iso8859_2 cp852", "Zażółć gęślą jaźń, powiedział książę, gdy wrócił z łąki."),
    ("cs", "cp1250 iso8859_2 cp852", "Příliš žluťoučký kůň úpěl ďábelské ódy, řekl děda."),
    (
        "hu",
        "cp1250 iso8859_2 cp852",
        "Az öreg kikötő csendes volt aznap reggel, és senki sem beszélt a hajóról, amely éjjel elment.",
    ),
    ("sk", "cp1250 iso8859_2 cp852", "Ďakujem, povedal som, že môžem prísť až večer."),
    ("hr", "cp1250 iso8859_2 cp852", "Čovjek je rekao da će doći u kuću, ali nije mogao više čekati."),
    ("sl", "cp1250 iso8859_2 cp852", "Človek je rekel, da bo prišel v hišo, če bo še živ."),
    (
        "ru",
        "cp1251 koi8_r iso8859_5 cp866 mac_cyrillic",
        "В то утро гавань была тиха, и никто не говорил о корабле. Он ушёл ещё ночью.",
    ),
    (
        "bg",
        "cp1251 koi8_r iso8859_5 cp866 mac_cyrillic",
        "Тази сутрин пристанището беше тихо и никой не говореше за кораба.",
    ),
    (
        "uk",
        "cp1251 koi8_u iso8859_5",
        "Того ранку гавань була тиха, і ніхто не говорив про корабель, що відплив уночі.",
    ),
    ("be", "cp1251 iso8859_5", "У тую раніцу гавань была ціхая, і ніхто не казаў пра карабель, які адплыў уначы."),
    ("sr", "cp1251 iso8859_5", "Тог јутра лука је била тиха и нико није говорио о броду који је отишао ноћу."),
    ("mk", "cp1251 iso8859_5", "Тоа утро пристаништето беше тивко и никој не зборуваше за бродот."),
    ("el", "cp1253 iso8859_7", "Το λιμάνι ήταν ήσυχο εκείνο το πρωί και κανείς δεν μιλούσε για το πλοίο."),
    (
        "tr",
        "cp1254 iso8859_9",
        "O sabah liman sessizdi ve gece ayrılan gemiden kimse söz etmiyordu, çünkü başka işleri vardı.",
    ),
    ("he", "cp1255 iso8859_8", "הנמל היה שקט באותו בוקר, ואיש לא דיבר על האונייה שעזבה בלילה."),
    ("ar", "cp1256 iso8859_6", "كان الميناء هادئا في ذلك الصباح، ولم يتحدث أحد عن السفينة التي غادرت ليلا."),
    (
        "lt",
        "cp1257 iso8859_13 iso8859_4",
        "Tą rytą uostas buvo tylus, ir niekas nekalbėjo apie laivą, kuris išplaukė naktį.",
    ),
    (
        "lv",
        "cp1257 iso8859_13 iso8859_4",
        "Tajā rītā osta bija klusa, un neviens nerunāja par kuģi, kas naktī aizgāja.",
    ),
    (
        "et",
        "cp1257 iso8859_4 cp1252",
        "Sadam oli sel hommikul vaikne ja keegi ei rääkinud laevast, mis öösel lahkus. Õhtul läks kõik hästi.",
    ),
    ("th", "cp874", "เช้าวันนั้นท่าเรือเงียบสงบ และไม่มีใครพูดถึงเรือที่ออกไปเมื่อคืน"),
    ("zh", "gb18030", "那天早晨，海港很安静，没有人提起那艘船。它在夜里就离开了。"),
    ("zh-Hant", "big5", "那天早晨海港很安靜，沒有人提起那艘船。它在夜裡就離開了，誰也不知道去向。"),
    ("ja", "cp932 euc_jp", "その朝、港は静かで、夜のうちに出て行った船のことを口にする者はいなかった。"),
    ("ko", "cp949", "그날 아침 항구는 조용했고, 밤에 떠난 배에 대해 말하는 사람은 아무도 없었다."),
    ("eo", "iso8859_3", "La haveno estis trankvila tiun matenon, kaj neniu parolis pri la ŝipo, ĉar ĝi foriris."),
    ("cy", "iso8859_14", "Roedd y tŷ yn dawel y bore hwnnw, a dŵr yn y môr."),
    ("ro", "iso8859_16", "În acea dimineață portul era liniștit și nimeni nu vorbea despre corabia plecată."),
)


@pytest.mark.parametrize(
    ("language", "encoding", "text"),
    [(language, encoding, text) for language, encodings, text in SENTENCES for encoding in encodings.split()],
)
def test_a_sentence_is_read_as_it_was_written(language: str, encoding: str, text: str) -> None:
    raw = text.encode(encoding)
    for given in ("", language):
        assert raw.decode(encoding_of(raw, given)) == text


@pytest.mark.parametrize("language", ["fr", "ru", "pl", "ja", "th", ""])
def test_letters_of_another_language_are_never_made_up(language: str) -> None:
    for own, encodings, text in SENTENCES:
        for encoding in encodings.split():
            raw = text.encode(encoding)
            try:
                found = raw.decode(encoding_of(raw, language), "replace")
            except Rejection:
                continue
            # Few letters of another language may be words of this one; then the next filters see what is left.
            assert found == text or (language and language != own), (own, encoding, found)


def test_the_language_that_is_given_decides(tmp_path: Path) -> None:
    french = "L\u2019\u00e9t\u00e9 dernier, nous sommes all\u00e9s \u00e0 la plage."
    for knobs in ({}, {"language": "fr"}, {"encoding": "cp1252"}, {"encoding": "windows-1252", "language": "fr"}):
        built, rows = of_bytes(french.encode("cp1252"), tmp_path, **knobs)
        assert texts(rows) == [french]
        assert built.stats.notes == {"encoding cp1252": 1}
    with pytest.raises(ConfigError, match=r"no paragraph was kept of 0 found \(1 encoding_unclear\)"):
        of_bytes(french.encode("cp1252"), tmp_path, language="ru")


def test_the_word_of_the_user_wins_and_what_is_not_in_it_is_counted(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.txt").write_bytes(RUSSIAN.encode("koi8-r"))
    (source / "b.txt").write_bytes(ENGLISH.encode())
    # Bytes that UTF-8 and KOI8-R both read: the user knows.
    odd = RUSSIAN.encode()
    (source / "c.txt").write_bytes(odd)
    _, rows = make(source, tmp_path, encoding="koi8-r")
    assert texts(rows)[:2] == [RUSSIAN, ENGLISH]
    assert RUSSIAN not in texts(rows)[2:]
    built, rows = make(source, tmp_path, encoding="utf-8")
    assert texts(rows) == [ENGLISH, RUSSIAN]
    assert built.stats.files == {"not_in_encoding": 1}


def test_html_says_what_it_is_in(tmp_path: Path) -> None:
    text = "Les Br\u00f6ntegr\u00e6n, d\u2019Oughtred \u00e0 Zo\u00ebville, ne sont plus."
    page = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1"></head><p>{text}</p>'
    _, rows = of_bytes(page.encode("cp1252"), tmp_path, "a.html")
    assert texts(rows) == [text]


def test_one_clear_line_for_an_unknown_encoding(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ENGLISH)
    for name in ("klingon-8", "rot13", "base64", "\0"):
        with pytest.raises(ConfigError, match=r"no encoding is named .*; give one such as utf-8, cp1252"):
            make(tmp_path / "a.txt", tmp_path, encoding=name)
    done = mill.run("corpus", "text", tmp_path / "a.txt", "-o", tmp_path / "o.parquet", "--encoding", "klingon-8")
    assert (done.code, done.out, len(done.err.strip().splitlines())) == (2, "", 1)

"""Plain text: what prints alike has one label, what has no ink is no part of it, and what prints otherwise stays."""

import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from renderers.core.errors import LabelError
from renderers.labels import text as labels
from renderers.labels.text import SOFT_HYPHEN, canonical_chars

CHARS = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
SHAPING = "\u115f\u1160\u180b\u180c\u180d\u180e\u180f\u200c\u200d"
TRICKY = (
    "ab fiéǄﬁ\u0301\u034f\u200b\u200c\u200d\u00ad\u2060\ufeff\ufe0f\u202e\u00a0\u3000\u3164\n"
    "بهﻻ\u064eक्षर\u094dന\u0d4d\u0e40\u0e4d\u0e48\u0e32\u0ecd\u0eb2ᠠ\u180bᄀ\u115f\u1160ᅡ👨❤字⽇-\u2011"
)
TEXT = st.text(st.sampled_from(TRICKY) | st.characters(), max_size=20)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("con\ufb01rmed o\ufb00er \ufb02y \ufb03 \ufb04 \ufb05 \ufb06", "confirmed offer fly ffi ffl \u017ft st"),
        ("\u01c4ep \u01c8ubav \u01cb \u01f3 \u0132s \u0149 pa\u0140l", "D\u017dep Ljubav Nj dz IJs \u2019n pal\u00b7l"),
        ("5 \u2126, 3 \u212b, 2 \u212a, 7 \u00b5m", "5 \u03a9, 3 \u00c5, 2 K, 7 \u03bcm"),
        ("well\u2010known, non\u2011stop, 20\u201230", "well-known, non-stop, 20\u201330"),
        ("Louis \u2169\u2163, page \u2173", "Louis XIV, page iv"),
        ("10\u00a0000\u202f\u2009km\u3000\u2003off\u3164x", "10 000 km off x"),
        ("\ufefb \ufeb3\ufefc\u0645", "\u0644\u0627 \u0633\u0644\u0627\u0645"),
        ("\ufb2a\ufb21", "\u05e9\u05c1\u05d0"),
        ("\u2f47\u2f42", "日文"),
        ("\U0001d400\U0001d465\u210e\U0001d7d8\U0001d538", "Axh\U0001d7d8\U0001d538"),
        ("cafe\u0301, O\u02bcNeill", "caf\u00e9, O\u2019Neill"),
        # Thai and Lao vowels that are typed in parts.
        ("\u0e19\u0e4d\u0e49\u0e32 \u0e19\u0e49\u0e4d\u0e32", "\u0e19\u0e49\u0e33 \u0e19\u0e49\u0e33"),
        ("\u0e40\u0e40\u0e21\u0e48", "\u0e41\u0e21\u0e48"),
        ("\u0e99\u0ecd\u0eb2 \u0ec0\u0ec0", "\u0e99\u0eb3 \u0ec1"),
        # The letters of Malayalam without a vowel, old and new.
        ("\u0d05\u0d35\u0d28\u0d4d\u200d", "\u0d05\u0d35\u0d7b"),
    ],
)  # fmt: skip
def test_what_prints_alike_is_written_alike(written: str, printed: str) -> None:
    assert canonical_chars(written) == printed == labels.normalize(written)
    assert labels.equal(written, printed)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("har\ufeffbour", "harbour"),
        ("10\u2060%", "10%"),
        ("\u0e20\u0e32\u0e29\u0e32\u200b\u0e44\u0e17\u0e22", "\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22"),
        ("a\u200e\u202bb\u202c\u2067c\u2069\u061c", "abc"),
        ("x\u2061(y)\u2062z", "x(y)z"),
        ("e\u034f\u0301", "\u00e9"),
        ("8\ufe0f 葛\U000e0100 \u2665\ufe0e", "8 葛 \u2665"),
        ("sh\u200celf fi\u200dre", "shelf fire"),
    ],
)
def test_what_has_no_ink_is_nothing(written: str, printed: str) -> None:
    assert canonical_chars(written) == printed == labels.normalize(written)


@pytest.mark.parametrize(
    "written",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u062f",  # Persian: a letter that is not joined to the next.
        "\u06f1\u06f4 \u0647\u200d",  # And one at the end of a word that looks as in its middle.
        "\u0915\u094d\u200d\u0937 \u0915\u094d\u200c\u0937",  # Hindi: half a letter, and a visible sign of no vowel.
        "\u09b0\u200d\u09cd\u09af",  # Bengali: a joiner before that sign.
        "\u0d9a\u0dca\u200d\u0dc2",  # Sinhala.
        "\u1820\u180b\u1821",  # Mongolian: another form of a letter.
        "\u115f\u1161",  # Old Korean: a syllable without its first letter.
        "\U0001f468\u200d\U0001f469",  # One picture out of two.
        "25 km², ½, ™, ５Ａ，ｶ, ﷺ, ㎏, ℃, …, № 5, 10−3 – a—b",
    ],
)
def test_what_prints_otherwise_stays(written: str) -> None:
    assert canonical_chars(written) == written == labels.normalize(written)


def test_every_character_without_ink_is_known() -> None:
    ignorable = {char for char in CHARS if regex.match(r"\p{Default_Ignorable_Code_Point}", char)}
    assert {char for char in ignorable if canonical_chars(f"x{char}y") != "xy"} == {SOFT_HYPHEN, "\u3164", "\uffa0"}
    formats = {char for char in CHARS if unicodedata.category(char) == "Cf"} - ignorable
    # Signs of numbers and verses, which have ink; notes between lines, which no text holds; and blocks of hieroglyphs.
    with_ink = {
        char for char in formats if regex.match(r"\p{Prepended_Concatenation_Mark}|\p{Egyptian_Hieroglyphs}", char)
    }
    assert formats - with_ink == set(labels.ANNOTATIONS)
    for char in labels.ANNOTATIONS:
        with pytest.raises(LabelError, match=f"U\\+{ord(char):04X} is no character of a text"):
            labels.normalize(f"a{char}b")


def test_every_character_has_one_form() -> None:
    for char in CHARS:
        form = canonical_chars(char)
        assert canonical_chars(form) == form == unicodedata.normalize("NFC", form), f"U+{ord(char):04X}"
        # A form that is another one is another name of the same: nothing is invented.
        same = unicodedata.normalize("NFKC", char).strip()
        if form.strip() not in ("", unicodedata.normalize("NFC", char)):
            assert form == same or char in "\u0149\u02bc\u2010\u2011\u2012\ufb05", f"U+{ord(char):04X}: {form!r}"


@given(TEXT)
def test_one_form_is_the_form_of_itself(text: str) -> None:
    form = canonical_chars(text)
    assert canonical_chars(form) == form == unicodedata.normalize("NFC", form)
    assert "  " not in form
    assert not set(form) & {"\u200b", "\u2060", "\ufeff", "\u00a0", "\ufb01", "\u2011", "\u034f"}


@given(TEXT, st.sampled_from("\u200b\u2060\ufeff\u200e\ufe0f\u202c"), st.integers(0, 20))
def test_a_mark_without_ink_changes_nothing_wherever_it_stands(text: str, mark: str, at: int) -> None:
    # Between joiners and what they join it separates them, as long as it is there.
    plain = canonical_chars(text.translate(dict.fromkeys(map(ord, SHAPING))))
    assert canonical_chars(plain[:at] + mark + plain[at:]) == canonical_chars(plain)

r"""Plain text as GOT's `OCR: ` task reads it: a paragraph, a title, a row of a form is a line; lines in reading order.

A line break of the picture is a blank of the target (nothing at all between Chinese characters), a word that is broken
at the end of a line is whole. Right-to-left text stands in logical order.

What prints alike is written alike, by `canonical_chars`: corpora keep text so, labels are written so, and scores
compare answers so. It is decided here alone which characters have no ink, and which are another way to write others.
"""

import re
import unicodedata

import regex

from renderers.core.errors import LabelError
from renderers.labels.canonical import Span, find_fault

_LINES = re.compile(r" *\n\s*")
SOFT_HYPHEN = "\u00ad"
"""Where a word may be broken at the end of a line."""

_BLANKS = re.compile("[\t\v\f\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000\u3164\uffa0]+")
"""Blanks of any width, among them an empty cell of braille and the fillers of Hangul; no line feeds."""

_JOINING = (
    r"\p{Arab}\p{Syrc}\p{Mong}\p{Nkoo}\p{Mand}\p{Mani}\p{Phag}\p{Adlm}\p{Rohg}\u064b-\u0655\u0670"
    r"\p{Deva}\p{Beng}\p{Guru}\p{Gujr}\p{Orya}\p{Taml}\p{Telu}\p{Knda}\p{Mlym}\p{Sinh}\p{Khmr}\p{Mymr}\p{Tibt}\p{Bali}"
    r"\p{Java}\u0951\u0952\u1cd0-\u1cfa"
)
"""Scripts whose letters take another shape beside their neighbours, with the marks that they share."""
_PICTOGRAPH = r"\p{Extended_Pictographic}\p{Emoji_Modifier}"
_JAMO = r"\u1100-\u115e\u1161-\u11ff\ua960-\ua97f\ud7b0-\ud7ff"

_SHAPING = frozenset("\u115f\u1160\u180b\u180c\u180d\u180e\u180f\u200c\u200d")
_IGNORABLE = (
    *(0x034F, 0x061C, 0x17B4, 0x17B5, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)),
    *(*range(0xFE00, 0xFE10), 0xFEFF, *range(0xFFF0, 0xFFF9), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B)),
    *range(0xE0000, 0xE1000),
)
"""Code points that have no ink: marks of where a line may be broken, of directions, of variants.

With `_SHAPING`, soft hyphens and the fillers that print as blanks they are Unicode's Default_Ignorable_Code_Point.
Signs that stand before a number in Arabic are of the same category (Cf), but have ink.
"""
_SHAPING_NOTHING = regex.compile(
    # Joiners choose the shape of a letter beside them; the last of a word is joined to nothing by \u200c.
    rf"(?<![{_JOINING}])\u200c|\u200c(?![{_JOINING}])"
    rf"|(?<![{_JOINING}{_PICTOGRAPH}])\u200d(?![{_JOINING}])|(?<![{_JOINING}])\u200d(?![{_JOINING}{_PICTOGRAPH}])"
    # Selectors of the shape of a Mongolian letter, and of an old Korean syllable that lacks its first or middle letter.
    rf"|(?<!\p{{Mong}})[\u180b-\u180f]|(?<![{_JAMO}])[\u115f\u1160](?![{_JAMO}])"
)

_DECOMPOSED = (
    "\u0132\u0133\u013f\u0140\u01c4-\u01cc\u01f1-\u01f3",  # Two letters on one type: DŽ, ij, l·.
    "\u2160-\u217f",  # Roman numbers, which fonts draw by their letters.
    "\ufb00-\ufb06\ufb13-\ufb17",  # Ligatures of Latin and Armenian, which fonts make of the letters by themselves.
    "\ufb1d-\ufb4f",  # Forms of Hebrew letters: with points, or wider to fill a line.
    "\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdcf\ufe80-\ufefc",  # Forms of Arabic letters, which their neighbours choose.
    "\u0675-\u0678\u0f0c\u0f77\u0f79",  # Deprecated: Kazakh letters with a hamza, Tibetan marks.
    "\u2e9f\u2ef3\u2f00-\u2fd5",  # Radicals, which are the Chinese characters of the same shape.
)
"""Ranges of characters that print as their compatibility decomposition (NFKC).

What has one and prints otherwise stays: ², ½, ™, ﷺ, full-width and half-width forms, units in one square (㎏, ℃), and
three dots (…), which stand in the middle of the line in Chinese.
"""
_STYLED = re.compile("^PLANCK|^(?!.*(?:SCRIPT|FRAKTUR|DOUBLE-STRUCK)).*(?:BOLD|ITALIC|SANS-SERIF|MONOSPACE)")
"""Names of letters and digits of mathematics in a bold or slanted face; script and fraktur are other shapes."""
_RENAMED = {
    "\u00b5": "\u03bc",  # The sign of a micrometre is the Greek letter.
    "\u0149": "\u2019n",
    "\u02bc": "\u2019",  # The apostrophe as a letter: Unicode gives it the glyph of the other.
    "\u2010": "-",
    "\u2011": "-",  # Hyphens; what differs is whether a line may be broken there.
    "\u2012": "\u2013",  # As wide as a digit, which an en dash is in nearly all fonts.
    "\ufb05": "\u017ft",  # NFKC would make the long s short.
}
_SEQUENCES = {
    # A vowel of Thai and Lao in two parts, its tone mark between or behind them; and one typed twice for another.
    re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32|([\u0e48-\u0e4b])\u0e4d\u0e32"): "\\1\\2\u0e33",
    re.compile("\u0ecd([\u0ec8-\u0ecb]?)\u0eb2|([\u0ec8-\u0ecb])\u0ecd\u0eb2"): "\\1\\2\u0eb3",
    re.compile("\u0e40\u0e40"): "\u0e41",
    re.compile("\u0ec0\u0ec0"): "\u0ec1",
    # Letters of Malayalam without a vowel, as they were written before Unicode had them.
    **{
        re.compile(f"{letter}\u0d4d\u200d"): pure
        for letter, pure in zip(
            "\u0d23\u0d28\u0d30\u0d32\u0d33\u0d15", "\u0d7a\u0d7b\u0d7c\u0d7d\u0d7e\u0d7f", strict=True
        )
    },
}


def _decompositions() -> dict[str, str]:
    alike = re.compile(f"[{''.join(_DECOMPOSED)}]")
    styled = (
        char for char in map(chr, (0x210E, *range(0x1D400, 0x1D800))) if _STYLED.search(unicodedata.name(char, ""))
    )
    found = {
        char: unicodedata.normalize("NFKC", char) for char in (*filter(alike.match, map(chr, range(0x10000))), *styled)
    }
    return {char: plain for char, plain in found.items() if plain != char and " " not in plain} | _RENAMED


_PRINTED_AS = _decompositions()
_TABLE = str.maketrans({**{chr(code): "" for code in _IGNORABLE if chr(code) not in _SHAPING}, **_PRINTED_AS})
_UNUSUAL = _SHAPING.union(map(chr, _TABLE), "\u0e40\u0e4d\u0ec0\u0ecd")
"""All that is changed, but for blanks and for what NFC composes; in most texts there is nothing of it."""


def canonical_chars(text: str) -> str:
    """The one text among all that print alike: NFC, no characters without ink, one blank for any run of blanks.

    Soft hyphens and line feeds stay. Idempotent.
    """
    while True:
        same = _BLANKS.sub(" ", unicodedata.normalize("NFC", text))
        if _UNUSUAL.isdisjoint(same):
            return same
        same = _SHAPING_NOTHING.sub("", same.translate(_TABLE))
        for sequence, plain in _SEQUENCES.items():
            same = sequence.sub(plain, same)
        if same == text:
            return text
        # What was taken out may have stood between two that compose.
        text = same


def normalize(text: str) -> str:
    """The canonical text: characters as in `canonical_chars`, no soft hyphens, no empty lines. Idempotent.

    Raises:
        LabelError: it is empty, or holds control characters or half a surrogate pair.
    """
    text = canonical_chars(text.replace("\r\n", "\n").replace(SOFT_HYPHEN, ""))
    text = _LINES.sub("\n", text).strip()
    if not text:
        raise LabelError("empty")
    for char in dict.fromkeys(text):
        if char != "\n" and (unicodedata.category(char) in ("Cc", "Cs", "Cn", "Co") or char in ANNOTATIONS):
            raise LabelError(f"U+{ord(char):04X} is no character of a text")
    return text


ANNOTATIONS = "\ufff9\ufffa\ufffb"
"""They say that what follows is printed small above what stands before: nothing that a line of text can hold."""


def check(text: str) -> str | None:
    """Why a text is not a canonical target, or None."""
    return find_fault(normalize, text, "blanks, empty lines or the form of characters")


def equal(one: str, other: str) -> bool:
    """Whether two targets are the same text.

    Raises:
        LabelError: one is no target.
    """
    return normalize(one) == normalize(other)


def inked_spans(text: str) -> list[tuple[Span, str]]:
    """The spans of a canonical target that a picture must show, each with its text: its lines."""
    return [((found.start(), found.end()), found[0]) for found in re.finditer(r"[^\n]+", text)]

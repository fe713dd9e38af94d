"""Detects encodings: a byte order mark or UTF-8 first, then what HTML declares, then by language.

In most encodings of one byte any bytes are letters, so it is the words that tell: those beyond ASCII must be words of a
language that was written in the encoding, and of two that do equally well neither is taken. What cannot be decoded
later becomes U+FFFD, and costs a paragraph.
"""

import codecs
import re
import unicodedata
from typing import Any

import regex

import templates
from pipelines.corpora.stats import Rejection
from pipelines.corpora.text.frequency import has_list, zipf
from pipelines.corpora.text.language import language_of
from renderers.core.errors import ConfigError

SAMPLE_BYTES = 1 << 18
_JUDGED_BYTES = 1 << 12
"""Of the lines that are not ASCII: enough words, and all encodings are tried in a tenth of a second."""
_MAX_ZEROS_FRAC = 1e-3
"""As for sources of TeX: a text with more zeros is none. One is stray however short the text."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<(?:meta\b[^>]{0,200}?\bcharset|\?xml\b[^>]{0,100}?\bencoding)\s*=\s*["']?([\w.:-]{2,40})""", re.I
)

_MIN_SCORE = 0.35
_TOKEN = regex.compile(r"([^\p{L}\p{M}\s]*)([^\s]*?)([^\p{L}\p{M}\s]*)(?:\s+|$)")
_PARTS = regex.compile(r"[^\p{L}\p{M}]+")
_OPENING = frozenset("“‘«»„‚‹›¡¿–—…£€§№±•·½¼¾״")
_CLOSING = frozenset("”’“‘»«›‹…–—°²³©®™€½¼¾،؛؟۔״׳")
_INNER = frozenset("’·״׳־")
"""Marks before, behind and in a word; where an encoding is wrong, others stand there."""
_CEDILLAS = str.maketrans("ŞşŢţ", "ȘșȚț")
"""Older encodings of Romanian have a cedilla for its comma."""
_THAI = regex.compile(r"[เ-ไ]?[ก-ฮ][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*[ะาำๅ]?|[ฤฯๆ๐-๙]")
_DENSE = re.compile("[\u3000-\u9fff\uac00-\ud7a3\uff00-\uffef]")
_MIN_FREQUENT = 0.2


def checked_encoding(name: str) -> str:
    """The name of an encoding of text as Python has it.

    Raises:
        ConfigError: there is none of this name.
    """
    try:
        found = codecs.lookup(name).name
        "a".encode(found)
    except (LookupError, ValueError, TypeError):
        raise ConfigError(f"no encoding is named {name!r}; give one such as utf-8, cp1252, koi8-r or gb18030") from None
    return found


def encoding_of(sample: bytes, language: str = "", *, html: bool = False) -> str:
    """The encoding of a text with this start; "" where it is not text.

    Args:
        sample: the start.
        language: of the text, tag of BCP 47; "" is to be found out.
        html: whether it may be declared in the text.

    Raises:
        Rejection: it is in none that makes words of a language of it, or in one of several (`encoding_unclear`).
    """
    for bom, encoding in _BOMS:
        if sample.startswith(bom):
            return encoding
    if b"\0" in sample:
        found = _encoding_with_zeros(sample)
        if found or sample.count(b"\0") > max(1.0, len(sample) * _MAX_ZEROS_FRAC):
            return found
        # A stray one is none of the text; `read_lines` makes it a blank.
        sample = sample.replace(b"\0", b" ")
    text = sample.decode("utf-8", "replace")
    num_broken = text.count("\ufffd")
    if not num_broken:
        return "utf-8"
    num_good = sum(char > "\x7f" for char in text) - num_broken
    # The last character may be incomplete, and a few may be broken among many that are not.
    if num_broken <= text.endswith("\ufffd") or num_broken < num_good:
        return "utf-8"
    return (html and _declared(sample)) or _legacy(sample, language)


def _encoding_with_zeros(sample: bytes) -> str:
    """UTF-16 without a byte order mark: decoded it is Chinese, or it is letters and every second byte is zero."""
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        text = sample[: len(sample) // 2 * 2].decode(encoding, "replace")
        plain = sum(char.isalnum() or char.isspace() for char in text)
        latin = zeros.count(0) > 0.3 * len(zeros) and plain > 0.7 * len(text)
        if "\0" not in text and (latin or _frequent_share(text, "zh") >= _MIN_SCORE):
            return encoding
    return ""


def _declared(sample: bytes) -> str:
    """The encoding that HTML declares; "" where it declares none, or the text is not in it."""
    found = _DECLARED.search(sample)
    if found is None:
        return ""
    try:
        declared = codecs.lookup(found[1].decode("ascii")).name
        name: str = _table()["declared"].get(declared, declared)
        codecs.getincrementaldecoder(name)().decode(sample)
    except (LookupError, UnicodeError):
        return ""
    return name


def _legacy(sample: bytes, language: str) -> str:
    judged = b""
    for line in sample.splitlines(keepends=True):
        if not line.isascii():
            judged += line
        if len(judged) >= _JUDGED_BYTES:
            break
    judged = judged[: 4 * _JUDGED_BYTES]
    base = language.split("-", maxsplit=1)[0]
    scores: dict[str, tuple[float, str]] = {}
    for encoding, languages in _table()["languages"].items():
        if base and base not in languages:
            continue
        text = unicodedata.normalize("NFC", codecs.getincrementaldecoder(encoding)("replace").decode(judged))
        found = base or language_of(text).split("-")[0]
        text = text.translate(_CEDILLAS) if found == "ro" else text
        if found in languages and text not in scores:
            # That letters are those of a language says less than that words are.
            evidence = 0.6 if not base and found in _table()["letters"] else 1.0
            scores[text] = (evidence * _score(text, found), encoding)
    best, *others = sorted(scores.values(), key=lambda pair: -pair[0]) or [(0.0, "")]
    if best[0] < _MIN_SCORE or (others and others[0][0] == best[0]):
        raise Rejection("encoding_unclear", f"of {language or 'no known language'}; name it by --encoding")
    return best[1]


def _score(text: str, language: str) -> float:
    """How well a decoded text is one of a language, 0 or more; 1 is good.

    It is the share of its characters beyond ASCII that stand in words of the language or are usual marks; where there
    are no blanks, the number of frequent characters over what it is in most texts.
    """
    if language in _table()["frequent"]:
        return _frequent_share(text, language)
    if language == "th":
        num = sum("\u0e00" <= char <= "\u0e7f" for char in text)
        share = sum(map(len, _THAI.findall(text))) / max(1, num)
        return share if share > 0.9 else 0.0
    num_good = num_all = 0
    for before, core, behind in _TOKEN.findall(text):
        for marks, usual in ((before, _OPENING), (behind, _CLOSING)):
            foreign = [char for char in marks if char > "\x7f"]
            num_all += len(foreign)
            num_good += sum(char in usual for char in foreign)
        num_all += sum(char > "\x7f" and char not in _INNER for char in core)
        for part in _PARTS.split(core.lower()):
            num_good += sum(char > "\x7f" for char in part) if not part.isascii() and _is_word(part, language) else 0
    return num_good / max(1, num_all)


def _frequent_share(text: str, language: str) -> float:
    foreign = [char for char in text if char > "\x7f"]
    if len(_DENSE.findall(text)) < 0.95 * len(foreign):
        return 0.0
    num = sum(char in _table()["frequent"][language] for char in foreign)
    return num / max(1.0, _MIN_FREQUENT * len(foreign))


def _is_word(word: str, language: str) -> bool:
    if has_list(language):
        return zipf(word, language) > 0
    letters: str = _table()["letters"].get(language, "")
    return all(char.isascii() or char in letters for char in word)


def _table() -> dict[str, Any]:
    return templates.menu("prose", "encodings.toml")

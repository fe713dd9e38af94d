"""Detects encodings: a byte order mark or UTF-8 first, then Chinese, then by charset-normalizer.

Only the start of a file is read for it; what cannot be decoded later becomes U+FFFD, and costs a paragraph.
"""

import codecs

from charset_normalizer import from_bytes

SAMPLE_BYTES = 1 << 18
_DETECTED_BYTES = 1 << 14
"""Of a start that is no UTF-8: charset-normalizer takes 0.1 s for so much."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_FREQUENT = frozenset("的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年，。、“”：；？！")
"""Some of these are in any Chinese text; any two bytes at all are some character of GB 18030."""


def encoding_of(sample: bytes) -> str:
    """The encoding of a text with this start; "" where it is not text."""
    for bom, encoding in _BOMS:
        if sample.startswith(bom):
            return encoding
    if b"\0" in sample:
        return _encoding_with_zeros(sample)
    text = sample.decode("utf-8", "replace")
    num_broken = text.count("\ufffd")
    if not num_broken:
        return "utf-8"
    num_good = sum(char > "\x7f" for char in text) - num_broken
    # The last character may be incomplete, and a few may be broken among many that are not.
    return "utf-8" if num_broken <= text.endswith("\ufffd") or num_broken < num_good else _legacy(sample)


def _encoding_with_zeros(sample: bytes) -> str:
    """UTF-16 without a byte order mark: decoded it is Chinese, or it is letters and every second byte is zero."""
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        text = sample[: len(sample) // 2 * 2].decode(encoding, "replace")
        plain = sum(char.isalnum() or char.isspace() for char in text)
        latin = zeros.count(0) > 0.3 * len(zeros) and plain > 0.7 * len(text)
        if "\0" not in text and (latin or _is_chinese(text)):
            return encoding
    return ""


def _legacy(sample: bytes) -> str:
    if _is_chinese(sample.decode("gb18030", "replace")):
        return "gb18030"
    best = from_bytes(sample[:_DETECTED_BYTES], explain=False).best()
    return best.encoding if best is not None else ""


def _is_chinese(text: str) -> bool:
    foreign = [char for char in text if ord(char) > 127]
    num_frequent = sum(char in _FREQUENT for char in foreign)
    num_han = sum("\u3000" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef" for char in foreign)
    return len(foreign) > 0 and num_han > 0.95 * len(foreign) and num_frequent > 0.05 * len(foreign)

"""From bytes to text: UTF-8 first, then what the file says of itself, then Chinese, then Latin 1."""

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(
    rb"\\usepackage\s*\[([a-z0-9-]+)\]\s*\{inputenc\}|^%\s*!TEX encoding\s*=\s*([\w -]+)", re.I | re.M
)
_INPUTENC = {
    "latin1": "latin-1",
    "latin2": "iso8859-2",
    "latin3": "iso8859-3",
    "latin4": "iso8859-4",
    "latin5": "iso8859-9",
    "latin9": "iso8859-15",
    "latin10": "iso8859-16",
    "ansinew": "cp1252",
    "applemac": "mac-roman",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "cp1252": "cp1252",
    "cp1251": "cp1251",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "big5": "big5",
}
"""Source: inputenc and CJK's own names."""
_MARKS = {"\ufeff": "", "\r\n": "\n", "\r": "\n", "\f": " ", "\xa0": "~"}
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def decode(raw: bytes) -> tuple[str, str]:
    """The text, with line feeds alone, and the encoding it was in; "" for the encoding where it is no text."""
    text, encoding = _decode(raw)
    for mark, plain in _MARKS.items():
        text = text.replace(mark, plain)
    num_controls = len(_CONTROL.findall(text))
    if num_controls > len(text) / 1000:
        return "", ""
    return _CONTROL.sub(" ", text) if num_controls else text, encoding


def _decode(raw: bytes) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return raw.decode(encoding, "replace"), "utf-8" if "8" in encoding else encoding
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    said = _DECLARED.search(raw[:100_000])
    name = (said[1] or said[2]).decode().strip().lower() if said else ""
    for encoding in (_INPUTENC.get(name, "gb18030"), "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "gb18030" or _is_chinese(text):
            return text, encoding
    return raw.decode("latin-1"), "latin-1"


def _is_chinese(text: str) -> bool:
    foreign = [sign for sign in text if ord(sign) > 127]
    return sum("\u3000" <= sign <= "\u9fff" or "\uff00" <= sign <= "\uffef" for sign in foreign) > 0.9 * len(foreign)

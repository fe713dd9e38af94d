"""From bytes to text: UTF-8 first, then the encoding that the file declares, then Chinese, then Latin 1."""

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
"""Source: the names of inputenc and of the package CJK."""
_REPLACED = {"\ufeff": "", "\r\n": "\n", "\r": "\n", "\f": " ", "\xa0": "~"}
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def decode(raw: bytes) -> tuple[str, str]:
    """The text, its lines ended by line feeds, and its encoding; "" for the encoding where it is not text."""
    text, encoding = _decode(raw)
    for char, replacement in _REPLACED.items():
        text = text.replace(char, replacement)
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
    declared = _DECLARED.search(raw[:100_000])
    name = (declared[1] or declared[2]).decode().strip().lower() if declared else ""
    for encoding in (_INPUTENC.get(name, "gb18030"), "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "gb18030" or _is_chinese(text):
            return text, encoding
    return raw.decode("latin-1"), "latin-1"


def _is_chinese(text: str) -> bool:
    foreign = [char for char in text if ord(char) > 127]
    return sum("\u3000" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef" for char in foreign) > 0.9 * len(foreign)

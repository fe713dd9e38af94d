r"""Words inside formulas: what stands in \text{...} and its like, as it looks."""

import re
import unicodedata
from collections.abc import Callable

from renderers.core.errors import LabelError
from renderers.labels.latex.commands import IDLE, TEXTS, THIN, WIDE
from renderers.labels.latex.tokens import Reader
from renderers.labels.latex.tree import Group, Node, Style, Text

_MARKS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307"}
_MARKS |= {"c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "r": "\u030a"}
_LETTERS = {
    r"\ss": "ß", r"\ae": "æ", r"\AE": "Æ", r"\oe": "œ", r"\OE": "Œ", r"\o": "ø", r"\O": "Ø", r"\aa": "å", r"\AA": "Å",
    r"\l": "ł", r"\L": "Ł", r"\i": "ı", r"\ldots": "…", r"\dots": "…", r"\textendash": "–", r"\textemdash": "—",
    r"\S": "§", r"\textdegree": "°",
}  # fmt: skip
_LIGATURES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("`", "‘"), ("’", "'"))
_BLANKS = re.compile(r"\s+")
_HAN = "\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U00020000-\U0003ffff"
_BESIDE_HAN = re.compile(rf"(?<=[{_HAN}]) +| +(?=[{_HAN}])")
_ESCAPED = re.compile(r"[%&#$_{}]")
_UNREADY = re.compile(r"[\\^\x00-\x1f\x7f-\x9f]")

SHOWN = {
    "%": r"\%", "&": r"\&", "#": r"\#", "$": r"\$", "_": r"\_", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "…": r"\ldots{}", "—": "---", "–": "--", "“": "``", "”": "''", "‘": "`",
}  # fmt: skip
"""How characters that TeX reads as markup are written, so that it prints them."""
_UNJOINED = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=<)(?=<)|(?<=>)(?=>)|(?<=,)(?=,)|(?<=[?!])(?=`)")


def close_han(text: str) -> str:
    """Without the blanks beside Chinese characters: they draw nothing, or a gap that stands there without them too."""
    return _BESIDE_HAN.sub("", text)


def spell(word: str) -> str:
    """Plain characters as TeX's text mode needs them."""
    return "".join(SHOWN.get(char, char) for char in _UNJOINED.sub("\0", word)).replace("\0", "{}")


def escape(word: str) -> str:
    """Plain characters as they stand in the label of a text command."""
    return _ESCAPED.sub(lambda match: "\\" + match[0], word)


def read_words(reader: Reader, font: str, read_list: Callable[[Reader, frozenset[str]], list[Node]]) -> list[Node]:
    """The argument of a text command: its words, and the formulas and other fonts among them.

    Raises:
        LabelError: a command that is no text, or no end.
    """
    reader.need("{", font)
    return _read(reader, font, read_list)


def _read(reader: Reader, font: str, read_list: Callable[[Reader, frozenset[str]], list[Node]]) -> list[Node]:
    reader.enter()
    found: list[Node] = []
    words: list[str] = []

    def flush() -> None:
        text = "".join(words)
        words.clear()
        for chars, char in _LIGATURES:
            text = text.replace(chars, char)
        if text:
            found.append(Text(font, unicodedata.normalize("NFC", close_han(_BLANKS.sub(" ", text)))))

    while (lexeme := reader.next()) != "}":
        if lexeme in ("$", r"\("):
            flush()
            end = "$" if lexeme == "$" else r"\)"
            body = read_list(reader, frozenset((end,)))
            reader.next()
            found.append(Group([Style(r"\textstyle", "T"), *body]))
        elif lexeme == "{":
            flush()
            found += _read(reader, font, read_list)
        elif lexeme in TEXTS:
            flush()
            found += read_words(reader, TEXTS[lexeme], read_list)
        else:
            words.append(_plain_char(reader, lexeme))
    flush()
    reader.leave()
    return found


def _plain_char(reader: Reader, lexeme: str) -> str:
    if lexeme in ("", "_", "^", "&", "#"):
        raise LabelError(f"{lexeme or 'the end'} in a text")
    if lexeme == "~" or lexeme in THIN or lexeme in WIDE:
        return " "
    if _UNREADY.fullmatch(lexeme):
        raise LabelError(f"the character {lexeme!r} in a text")
    if lexeme[0] != "\\":
        return lexeme
    if lexeme[1].isalpha() and len(lexeme) > 2 and reader.peek() == " ":
        reader.next()
    if lexeme in _LETTERS:
        return _LETTERS[lexeme]
    if lexeme in IDLE:
        return ""
    if lexeme[1:] in _MARKS:
        return _accented(reader, lexeme)
    if len(lexeme) == 2 and lexeme[1] in "%&#$_{}":
        return lexeme[1]
    raise LabelError(f"unknown command {lexeme} in a text")


def _accented(reader: Reader, lexeme: str) -> str:
    letter = reader.raw(lexeme) if reader.skip() == "{" else reader.next()
    letter = {r"\i": "i", r"\j": "j"}.get(letter, letter)
    if len(letter) != 1 or not letter.isalpha():
        raise LabelError(f"{lexeme} over {letter!r}")
    return unicodedata.normalize("NFC", letter + _MARKS[lexeme[1:]])

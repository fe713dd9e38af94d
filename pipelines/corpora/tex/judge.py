"""From what was cut out to a canonical target, or to the reason why there is none."""

import re
import unicodedata

from pipelines.corpora.tex.cut import Cut, cut
from pipelines.corpora.tex.macros import MAX_CHARS, Macros, Unexpandable
from renderers.core.errors import LabelError
from renderers.labels.latex import grammar as latex
from renderers.labels.tables import grammar as tables

_REFERENCE = re.compile(r"\\(?:[a-zA-Z]*ref|[a-zA-Z]*cite[a-zA-Z]*|footnote\w*|includegraphics|input)\*?\s*[\[{]")
_TEXTS = re.compile(r"\\(?:text[a-z]*|mbox|hbox|fbox|intertext|mathrm|operatorname\*?|ce|label|tag\*?)\s*\{[^{}]*\}")
_PROSE = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}[,.;]?\s+[A-Za-z]{3,}")
_NUMBER = re.compile(r"\\(?:label\s*\{[^{}]*\}|nonumber(?![A-Za-z])|notag(?![A-Za-z]))")
_ACCENT = re.compile(
    r"\\(?:([`'^\"~=.])\s*|([cuvHkr])(?=[\s{\\]))\s*(?:\{(\\?[A-Za-z])\}|(\\[ij](?![A-Za-z])|[A-Za-z]))"
)
_MARKS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "u": "\u0306", "v": "\u030c", "H": "\u030b", "k": "\u0328", "r": "\u030a",
}  # fmt: skip
_SIGNS = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"))
_LETTERS = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|o|O|l|L)(?![A-Za-z])(?:\{\}|\s*)")
_LETTER_OF = dict(zip(("ss", "ae", "AE", "oe", "OE", "aa", "AA", "o", "O", "l", "L"), "ßæÆœŒåÅøØłŁ", strict=True))
_BLANK = re.compile(r"(?<!\\)((?:\\\\)*)\\\n")
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*(?:\n[ \t]*)?")
"""After the walk only the sign of a comment is left, to the end of its line."""
_UNKNOWN = re.compile(r"unknown (command|environment)|the environment|is no text of a table")
_OVER = re.compile(r"more than|deeper")


class Refused(Exception):
    """Args are the reason and the detail."""


def judge(piece: Cut, macros: Macros, max_chars: int) -> str:
    """The canonical target.

    Raises:
        Refused: it does not stand alone, is over the limit, or is not in the grammar.
    """
    if piece.fault:
        raise Refused(piece.fault, "")
    if len(piece.text) > MAX_CHARS:
        raise Refused("over_limit", f"{len(piece.text)} characters")
    try:
        text = macros.expand(_COMMENT.sub(r"\1", piece.inside))
    except Unexpandable as error:
        raise Refused(*error.args) from error
    text = _BLANK.sub(r"\1\\ ", text)
    if reference := _REFERENCE.search(text):
        raise Refused("reference", reference[0][:-1])
    try:
        markup = _table(text) if piece.kind == "table" else _formula(piece, text)
    except LabelError as error:
        raise Refused(_reason(str(error)), str(error)) from error
    if len(markup) > max_chars:
        raise Refused("over_limit", f"{len(markup)} characters")
    return markup


def _reason(message: str) -> str:
    if _UNKNOWN.search(message):
        return "environment_unknown" if "environment" in message else "command_unknown"
    if "without ink" in message:
        return "empty"
    return "over_limit" if _OVER.search(message) else "not_in_grammar"


def _formula(piece: Cut, text: str) -> str:
    if prose := _PROSE.search(_TEXTS.sub(" ", text)):
        raise Refused("prose", prose[0])
    if not text.startswith(r"\begin") or piece.text[:1] == "$" or piece.text[:2] in (r"\(", r"\["):
        text = rf"\({text}\)" if piece.kind == "formula_inline" else rf"\[{text}\]"
    markup = latex.normalize(text)
    if len(markup) <= len(r"\(  \)"):
        raise Refused("empty", "")
    return markup


def _table(text: str) -> str:
    pieces: list[str] = []
    place = 0
    begin = text.index("}") + 1
    body = _NUMBER.sub("", text[begin : text.rindex(r"\end")])
    for formula in cut(body):
        if formula.kind != "formula_inline" or formula.fault:
            raise Refused("not_in_grammar", "a displayed formula or a table in a table")
        pieces += (_words(body[place : formula.place]), latex.normalize(formula.text))
        place = formula.place + len(formula.text)
    markup = tables.normalize("".join([text[:begin], *pieces, _words(body[place:]), text[text.rindex(r"\end") :]]))
    if not re.search(r"\w", re.sub(r"\\[A-Za-z]+|\{[^{}]*\}", "", markup)):
        raise Refused("empty", "")
    return markup


def _words(text: str) -> str:
    """Text of cells with letters and dashes as signs of their own."""
    text = _LETTERS.sub(lambda match: _LETTER_OF[match[1]], text)
    text = _ACCENT.sub(_accent, text)
    for source, sign in _SIGNS:
        text = text.replace(source, sign)
    return text


def _accent(match: re.Match[str]) -> str:
    letter = (match[3] or match[4]).removeprefix("\\")
    return unicodedata.normalize("NFC", letter + _MARKS[match[1] or match[2]])

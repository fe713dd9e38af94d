"""The canonical target of a formula or table that was extracted, or a Rejection."""

import re
import unicodedata

from pipelines.corpora.stats import Rejection
from pipelines.corpora.tex.definitions import drop_comments
from pipelines.corpora.tex.extraction import Extract, extract
from pipelines.corpora.tex.macros import MAX_CHARS, Macros
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
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "u": "\u0306", "v": "\u030c", "H": "\u030b", "k": "\u0328", "r": "\u030a",
}  # fmt: skip
_LIGATURES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"))
_LETTERS = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|o|O|l|L)(?![A-Za-z])(?:\{\}|\s*)")
_LETTER_OF = dict(zip(("ss", "ae", "AE", "oe", "OE", "aa", "AA", "o", "O", "l", "L"), "ßæÆœŒåÅøØłŁ", strict=True))
_BLANK = re.compile(r"(?<!\\)((?:\\\\)*)\\\n")
_UNKNOWN = re.compile(r"unknown (command|environment)|the environment|is no text of a table")
_OVER = re.compile(r"more than|deeper")


def canonical_markup(piece: Extract, macros: Macros, max_chars: int) -> str:
    """The canonical target.

    Args:
        piece: as it stands in the source.
        macros: in force there.
        max_chars: length of the longest target, characters.

    Raises:
        Rejection: it refers to other text, cannot be expanded, is over the limit, or is not in the grammar.
    """
    if piece.fault:
        raise Rejection(piece.fault)
    if len(piece.text) > MAX_CHARS:
        raise Rejection("over_limit", f"{len(piece.text)} characters")
    text = macros.expand(drop_comments(piece.inside))
    text = _BLANK.sub(r"\1\\ ", text)
    if reference := _REFERENCE.search(text):
        raise Rejection("reference", reference[0][:-1])
    try:
        markup = _table(text) if piece.kind == "table" else _formula(piece, text)
    except LabelError as error:
        raise Rejection(_reason(str(error)), str(error)) from error
    if len(markup) > max_chars:
        raise Rejection("over_limit", f"{len(markup)} characters")
    return markup


def _reason(message: str) -> str:
    if _UNKNOWN.search(message):
        return "environment_unknown" if "environment" in message else "command_unknown"
    if "without ink" in message:
        return "empty"
    return "over_limit" if _OVER.search(message) else "not_in_grammar"


def _formula(piece: Extract, text: str) -> str:
    if prose := _PROSE.search(_TEXTS.sub(" ", text)):
        raise Rejection("prose", prose[0])
    if not text.startswith(r"\begin") or piece.text[:1] == "$" or piece.text[:2] in (r"\(", r"\["):
        text = rf"\({text}\)" if piece.kind == "formula_inline" else rf"\[{text}\]"
    markup = latex.normalize(text)
    if len(markup) <= len(r"\(  \)"):
        raise Rejection("empty")
    return markup


def _table(text: str) -> str:
    pieces: list[str] = []
    copied_to = 0
    begin = text.index("}") + 1
    body = _NUMBER.sub("", text[begin : text.rindex(r"\end")])
    for formula in extract(body):
        if formula.kind != "formula_inline" or formula.fault:
            raise Rejection("not_in_grammar", "a displayed formula or a table in a table")
        pieces += (_words(body[copied_to : formula.start]), latex.normalize(formula.text))
        copied_to = formula.start + len(formula.text)
    markup = tables.normalize("".join([text[:begin], *pieces, _words(body[copied_to:]), text[text.rindex(r"\end") :]]))
    if not re.search(r"\w", re.sub(r"\\[A-Za-z]+|\{[^{}]*\}", "", markup)):
        raise Rejection("empty")
    return markup


def _words(text: str) -> str:
    """Text of cells with accented letters and dashes as Unicode characters."""
    text = _LETTERS.sub(lambda match: _LETTER_OF[match[1]], text)
    text = _ACCENT.sub(_accent, text)
    for source, char in _LIGATURES:
        text = text.replace(source, char)
    return text


def _accent(match: re.Match[str]) -> str:
    letter = (match[3] or match[4]).removeprefix("\\")
    return unicodedata.normalize("NFC", letter + _ACCENTS[match[1] or match[2]])

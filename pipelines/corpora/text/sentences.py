"""Whether a paragraph of a manual is prose: whole sentences for people, without commands, paths and options."""

import re

import regex

from pipelines.corpora.text.judge import Refused
from pipelines.corpora.text.language import language_of, script_of_language
from pipelines.corpora.text.pieces import Piece

LEFT_OUT = "\ufffc"
"""Stands in a text for what its reader could not take; a paragraph that has it is not whole."""

_MAX_CODE = 0.25
_TECHNICAL = re.compile(
    # Signs of commands, and variables.
    r"[<>{}|\\=#@^~*`_]|\$(?!\d)|%[a-zA-Z(]|::|&[a-z]+;|\.\.\.\.|\[\d+\]|\b[a-z]+[A-Z]\w*|\b[a-z]+\d+\b"
    # Paths, options, addresses, functions.
    r"|(?<![\w/])/[\w.]+|[\w.]+/[\w.]+/|\w/\w+\.\w|(?<![\w-])-{1,2}[A-Za-z]|\bhttps?:|\bwww\.|[a-z]\w*\(\d?\)|\d+\.\d+\.\d+"
    r"|\b\w+\.(?:conf|deb|tar|gz|txt|html|org|com|sh|cfg|log|rules|list|xml|img|iso|changes|dsc|py|pl|c|h)\b"
    rf"|{LEFT_OUT}"
    # What is left where a picture or a link was taken out.
    r"|[;:]\s*[;:]| [,.](?: |$)|[\u4e00-\u9fff][,;]|[（(]\s*[)）]|“\s*”"
)
_END = regex.compile(r"[.!?…。！？؟۔।॥]['\"”’»」』)）]*$")
_HEADING_END = re.compile(r"[.!?…。！？؟۔।॥:：]$")
_START = regex.compile(r"^[\"'“‘«‹„(¿¡「『《（]*[\p{Lu}\p{Lt}\p{Lo}\d]")
_WORD = regex.compile(r"[\p{L}\p{M}'’-]+")
_DENSE = frozenset({"Hans", "Jpan", "Thai"})
_MIN_WORDS = 3
_MIN_DENSE = 14
_MAX_HEADING_WORDS = 12
_MAX_DENSE_HEADING = 30
_LATIN = regex.compile(r"[A-Za-z]")
_MAX_LATIN = 0.3
# Of “ and ” the last may be missing: a speech of many paragraphs opens each and closes once. German ends by “.
_PAIRS = tuple(zip("(（「『《[«", ")）」』》]»", strict=True))


def not_prose(piece: Piece, text: str, language: str) -> Refused | None:
    """Why a piece of a manual is not prose of a language, or None."""
    script = script_of_language(language)
    if piece.kind == "verse":
        return None
    return _technical(piece, text, script) or _shape(piece, text, script) or _untranslated(text, language, script)


def _technical(piece: Piece, text: str, script: str) -> Refused | None:
    if found := _TECHNICAL.search(text):
        return Refused("technical", found[0])
    if piece.num_code > _MAX_CODE * len(text):
        return Refused("technical", "code")
    if script != "Latn" and len(_LATIN.findall(text)) > _MAX_LATIN * len(text):
        return Refused("language_other", "Latin")
    return None


def _shape(piece: Piece, text: str, script: str) -> Refused | None:
    if any(text.count(opening) != text.count(closing) for opening, closing in _PAIRS) or text.count('"') % 2:
        return Refused("not_sentences", "a mark has no partner")
    if not _START.match(text):
        return Refused("not_sentences", text[:1])
    num_words = len(_WORD.findall(text))
    if piece.kind == "heading":
        long = len(text) > _MAX_DENSE_HEADING if script in _DENSE else num_words > _MAX_HEADING_WORDS
        return Refused("not_sentences", "heading") if long or _HEADING_END.search(text) else None
    if len(text) < _MIN_DENSE if script in _DENSE else num_words < _MIN_WORDS:
        return Refused("not_sentences", "few words")
    return None if script == "Thai" or _END.search(text) else Refused("not_sentences", text[-1])


def _untranslated(text: str, language: str, script: str) -> Refused | None:
    """What was not translated is English."""
    is_english = script == "Latn" and language != "en" and language_of(text) == "en"
    return Refused("language_other", "en") if is_english else None

"""Which paragraphs of manuals are prose: whole sentences for people, without commands, paths and options."""

import re
from collections import Counter

import regex

from pipelines.corpora.stats import Rejection
from pipelines.corpora.text.language import language_of, script_of_language
from pipelines.corpora.text.pieces import Piece
from renderers.content.prose.sentences import sentences

LEFT_OUT = "\ufffc"
"""Replaces in a text what its reader left out; a paragraph that has it is incomplete."""

_MAX_CODE = 0.25
_TECHNICAL = re.compile(
    # Symbols of commands, and variables.
    r"[<>{}|\\=#@^~*`_]|\$(?!\d)|%[a-zA-Z(]|::|&[a-z]+;|\.\.\.\.|\[\d+\]|\b[a-z]+[A-Z]\w*|\b[a-z]+\d+\b"
    # Paths, options, addresses, functions.
    r"|(?<![\w/])/[\w.]+|[\w.]+/[\w.]+/|\w/\w+\.\w|(?<![\w-])-{1,2}[A-Za-z]|\bhttps?:|\bwww\.|[a-z]\w*\(\d?\)|\d+\.\d+\.\d+"
    r"|\b\w+\.(?:conf|deb|tar|gz|txt|html|org|com|sh|cfg|log|rules|list|xml|img|iso|changes|dsc|py|pl|c|h)\b"
    rf"|{LEFT_OUT}"
    # Markup of a wiki; sections and tables that are elsewhere.
    r"|''|(?i:\b(?:section|table|figure|chapter|abschnitt|kapitel|tabelle|chapitre|tableau|tabla|раздел|таблица)) ?\d"
    r"|[節节表圖图] ?\d+[.．]\d|第 ?\d+(?:\.\d+)* ?[節节章]|[節章节] ?\d"
    # What is left where a picture or a link was removed.
    r"|[;:]\s*[;:]| [,.](?: |$)|[\u4e00-\u9fff][,;]|[（(]\s*[)）]|“\s*”"
)
_END = regex.compile(r"[.!?…。！？؟۔।॥]['\"”’»」』)）]*$")
_HEADING_END = re.compile(r"[.!?…。！？؟۔।॥:：]$")
_START = regex.compile(r"^[\"'“‘«‹„(¿¡「『《（]*[\p{Lu}\p{Lt}\p{Lo}\d]")
_WORD = regex.compile(r"[\p{L}\p{M}'’-]+")
_DENSE = frozenset({"Hans", "Jpan", "Thai"})
_MIN_WORDS = 3
_MIN_COUNTED = 8
"""Characters of a sentence from which it matters how often it is there."""
_MAX_KEPT = 3
"""Paragraphs that have one sentence, at most: it would stand on too many pages otherwise."""
_MIN_DENSE = 14
_MAX_HEADING_WORDS = 12
_MAX_DENSE_HEADING = 30
_LATIN = regex.compile(r"[A-Za-z]")
_MAX_LATIN = 0.3
# Of “ and ” the last may be missing: a speech of many paragraphs opens each and closes once. German ends by “.
_PAIRS = tuple(zip("(（「『《[«", ")）」』》]»", strict=True))


class ProseFilter:
    """What is kept of manuals, laws and programs: prose, and no sentence that stands there again and again."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def check(self, piece: Piece, text: str, language: str) -> None:
        """Check that a piece is prose, see `check_prose`, and that none of its sentences was kept often before.

        Raises:
            Rejection: it is not, or one was.
        """
        check_prose(piece, text, language)
        if piece.kind != "paragraph":
            return
        found = {sentence for sentence in sentences(text) if len(sentence) >= _MIN_COUNTED}
        if repeated := next((sentence for sentence in found if self._counts[sentence] >= _MAX_KEPT), ""):
            raise Rejection("sentence_repeated", repeated)
        self._counts.update(found)


def check_prose(piece: Piece, text: str, language: str) -> None:
    """Check that a piece of a manual is prose of a language; verse always is.

    Args:
        piece: as it was read.
        text: its clean text.
        language: tag of BCP 47.

    Raises:
        Rejection: it is not.
    """
    if piece.kind == "verse":
        return
    script = script_of_language(language)
    _check_technical(piece, text, script)
    _check_sentences(piece, text, script)
    # Text of a translation that was not translated is English.
    if script == "Latn" and language != "en" and language_of(text) == "en":
        raise Rejection("language_other", "en")


def _check_technical(piece: Piece, text: str, script: str) -> None:
    if found := _TECHNICAL.search(text):
        raise Rejection("technical", found[0])
    if piece.num_code > _MAX_CODE * len(text):
        raise Rejection("technical", "code")
    if script != "Latn" and len(_LATIN.findall(text)) > _MAX_LATIN * len(text):
        raise Rejection("language_other", "Latin")


def _check_sentences(piece: Piece, text: str, script: str) -> None:
    if any(text.count(opening) != text.count(closing) for opening, closing in _PAIRS) or text.count('"') % 2:
        raise Rejection("not_sentences", "a mark has no partner")
    if not _START.match(text):
        raise Rejection("not_sentences", text[:1])
    num_words = len(_WORD.findall(text))
    if piece.kind == "heading":
        long = len(text) > _MAX_DENSE_HEADING if script in _DENSE else num_words > _MAX_HEADING_WORDS
        if long or _HEADING_END.search(text):
            raise Rejection("not_sentences", "heading")
        return
    if len(text) < _MIN_DENSE if script in _DENSE else num_words < _MIN_WORDS:
        raise Rejection("not_sentences", "few words")
    if script != "Thai" and not _END.search(text):
        raise Rejection("not_sentences", text[-1])

"""The Brown corpus as it was printed: its words have part-of-speech tags, and punctuation is tokenized.

A line that begins with a tab begins a paragraph, another line continues it, and headings are words tagged so.
"""

import re
from collections.abc import Iterable, Iterator

from pipelines.corpora.text.pieces import Kind, Piece

_HEADING_TAG = re.compile(r"-(?:hl|HL)(?:-|$)")
_OPENING = {"``": "“", "`": "‘", "(": "(", "[": "[", "{": "{", "$": "$"}
_CLOSING = {
    "''": "”",
    "'": "’",
    **{mark: mark for mark in (".", ",", ";", ":", "?", "!", ")", "]", "}", "%", "...", "'s")},
}
_INSIDE = re.compile(r"([”’]+)([.,?!])")
"""American print has a full stop inside of the quotation marks; the corpus has it behind them."""
_REPEATED = re.compile(r"([.?!,;:])(?:[ ]?\1)+(?!\.)")
_SPEECH = re.compile(
    r"(?<=[?!]” )(?:Said|Asked|Cried|Replied|Answered|Shouted|Whispered|Demanded|Exclaimed|Muttered|"
    r"(?:He|She|They)(?= (?:said|asked|cried|replied|answered|shouted|whispered|demanded|muttered|scoffed|called)\b))"
)
_FORMULA = re.compile(r"(?<!\w)(?:Af|Bf)(?!\w)|\*")
"""Placeholders of the corpus for a formula or a symbol."""


def read_brown(lines: Iterable[str]) -> Iterator[Piece]:
    """The pieces of one sample of the corpus."""
    sentences: list[str] = []
    kind: Kind = "paragraph"
    for line in lines:
        tokens = [token.rpartition("/") for token in line.split()]
        words = [word for word, _, _ in tokens if word]
        if not words:
            continue
        heading = all(_HEADING_TAG.search(tag) for _, _, tag in tokens)
        if sentences and (line.startswith("\t") or heading or kind == "heading"):
            yield from _piece(kind, sentences)
            sentences = []
        kind = "heading" if heading else "paragraph"
        sentences.append(_joined(words))
    if sentences:
        yield from _piece(kind, sentences)


def _piece(kind: Kind, sentences: list[str]) -> Iterator[Piece]:
    text = " ".join(sentences).replace(" ”", "”")
    # The corpus begins a new sentence behind a question in quotation marks.
    text = _SPEECH.sub(lambda verb: verb[0].lower(), text)
    if not _FORMULA.search(text):
        yield Piece(kind, text.rstrip(" .") if kind == "heading" else text)


def _joined(words: list[str]) -> str:
    """Words joined with the blanks, quotation marks and dashes of print."""
    text, gap = "", False
    for word in words:
        if word == "--":
            text, gap = f"{text}—", False
        elif word in _OPENING:
            text, gap = f"{text} {_OPENING[word]}" if gap else text + _OPENING[word], False
        elif word in _CLOSING:
            text, gap = text + _CLOSING[word], True
        else:
            text, gap = f"{text} {word}" if gap else text + word, True
    text = text.replace("'", "’").replace("--", "—").replace(" ’", " ‘")
    text = _REPEATED.sub(r"\1", text)
    return _REPEATED.sub(r"\1", _INSIDE.sub(r"\2\1", text))

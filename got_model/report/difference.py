"""How an answer differs from its target, character by character, as pieces that a page can colour."""

import msgspec
from rapidfuzz.distance import Levenshtein

_MAX_CHARS = 6000
"""Of a text, in a report: what is longer is cut."""

_CONTROLS = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"} | {0x7F: 0x2421}
_SHOWN_BLANKS = str.maketrans({" ": "·", "\n": "⏎\n", "\t": "⇥\t"})


class Piece(msgspec.Struct, frozen=True):
    """A run of characters; `same` where both texts have it."""

    text: str
    same: bool


def difference(target: str, answer: str) -> tuple[list[Piece], list[Piece]]:
    """The target and the answer in pieces; blanks that differ are shown as visible characters."""
    target, answer = printable(target), printable(answer)
    mine: list[Piece] = []
    theirs: list[Piece] = []
    for code in Levenshtein.opcodes(target[:_MAX_CHARS], answer[:_MAX_CHARS]):
        same = code.tag == "equal"
        _put(mine, target[code.src_start : code.src_end], same)
        _put(theirs, answer[code.dest_start : code.dest_end], same)
    _put_rest(mine, target)
    _put_rest(theirs, answer)
    return mine, theirs


def printable(text: str) -> str:
    """A text that can be written as UTF-8 and seen: lone surrogates and control characters are replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").translate(_CONTROLS)


def _put(pieces: list[Piece], text: str, same: bool) -> None:
    if text:
        pieces.append(Piece(text if same else text.translate(_SHOWN_BLANKS), same))


def _put_rest(pieces: list[Piece], text: str) -> None:
    if len(text) > _MAX_CHARS:
        pieces.append(Piece(f"\n… {len(text) - _MAX_CHARS:,} more characters", same=True))

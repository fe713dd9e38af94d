"""Where sentences end, in any script.

The language is not needed: the mark itself decides how what follows it is judged. Thai writes no mark, so there a space
between two phrases is the end once enough stands before it.
"""

import re
from functools import cache

import templates

_CLOSERS = r"[)\]\"'”’»›」』）】》〉〕]*+"
_END = re.compile(
    rf"(?P<sure>[。！？｡።။།։។]+(?:…)*{_CLOSERS}(?![。！？，、；：])|……{_CLOSERS}(?=[\u3400-\u9fff「『“《]))"
    rf"|(?P<mark>[.!?…؟۔।॥;]+){_CLOSERS}(?=\s)"
    r"|(?P<thai>(?<=[\u0e01-\u0e3a\u0e40-\u0e45\u0e47-\u0e4e]) (?=[\u0e01-\u0e44“]))"
)
_MIN_THAI = 40
_LAST_WORD = re.compile(r"[\w.’'-]*\Z")
_OPENERS = "\"'“‘«‹„([¿¡*•—-"
_CASED = re.compile(r"[a-zA-Z\u00c0-\u024f\u0370-\u052f\u1e00-\u1fff]")


def sentence_ends(text: str) -> list[int]:
    """Where each sentence ends, in characters, the last end being that of the text; blanks belong to no sentence."""
    ends: list[int] = []
    start = 0
    for match in _END.finditer(text):
        if match["thai"] is not None:
            if match.start() - start >= _MIN_THAI:
                ends.append(match.start())
                start = match.end()
        elif match["sure"] is not None or _is_end(text, start, match):
            ends.append(match.end())
            start = match.end()
    length = len(text.rstrip())
    if length and (not ends or ends[-1] < length):
        ends.append(length)
    return ends


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, without the blanks between them."""
    ends = sentence_ends(text)
    return [text[start:end].strip() for start, end in zip([0, *ends], ends, strict=False)]


def cut_at_sentence(text: str, num_chars: int) -> str:
    """Whole sentences from the start, the fewest that are so many characters together; all where they are fewer."""
    for end in sentence_ends(text):
        if end >= num_chars:
            return text[:end]
    return text


def _is_end(text: str, start: int, match: re.Match[str]) -> bool:
    mark = match["mark"]
    following = text[match.end() :].lstrip()[:2].lstrip(_OPENERS)[:1]
    before = text[max(0, match.start() - 30) : match.start()]
    if mark == ";":
        # The question mark of Greek, which is a semicolon elsewhere.
        return bool(re.search(r"[\u0370-\u03ff\u1f00-\u1fff]\Z", before)) and following.isupper()
    if following and _CASED.match(following) and following.islower():
        return False
    if mark != ".":
        return True
    word = _LAST_WORD.search(before)
    last = word[0] if word else ""
    is_initial = len(last) == 1 and last.isupper()
    is_number_of_list = last.isdigit() and text[start : match.start()].strip() == last
    return not (is_initial or is_number_of_list or last.lower() in _abbreviations())


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(templates.menu("prose", "sentences.toml")["abbreviations"])

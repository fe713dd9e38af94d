r"""Definitions of a document of TeX, read by their shape: macros, paired delimiters, types of columns."""

import re
from collections.abc import Callable
from dataclasses import dataclass

MAX_BODY_CHARS = 4_000
NO_VALUE = "-NoValue-"
r"""What \NewDocumentCommand gives a macro for an optional argument that is not there. Source: usrguide, section 2.4."""

_DOCUMENT_DEFINERS = frozenset(
    f"{verb}{kind}DocumentCommand" for verb in ("New", "Renew", "Provide", "Declare") for kind in ("", "Expandable")
)
DEFINERS = _DOCUMENT_DEFINERS | {
    *("newcommand", "renewcommand", "providecommand", "DeclareRobustCommand"),
    *("def", "gdef", "let", "DeclareMathOperator", "DeclarePairedDelimiter", "newcolumntype"),
}
_NAME = re.compile(r"\*?\s*(?:\{\s*\\([A-Za-z@]+|[<>|*?\d])\s*\}|\\([A-Za-z@]+|[<>|*?\d]))\s*")
_COLUMN = re.compile(r"\s*\{\s*([A-Za-z])\s*\}\s*")
_ARGUMENTS = re.compile(r"\s*(?:\[\s*(\d)\s*\]\s*(?:\[((?:[^\[\]{}]|\{[^{}]*\})*)\])?)?\s*(?=\{)")
_PARAMETERS = re.compile(r"((?:#\d)*)\s*(?=\{)")
_SPECIFIERS = re.compile(r"[+!\s]*(?:([mos])|O\s*\{((?:[^{}]|\{[^{}]*\})*)\})")
_LET = re.compile(r"=?\s*(\\[A-Za-z@]+|\\\S|\S)")
_BRACE = re.compile(r"\\.|[{}]|(?<!\\)%[^\n]*", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*(?:\n[ \t]*|$)")
_WORD_BEFORE = re.compile(r"\\[A-Za-z@]+$")
_IDLE = re.compile(r"\\(?:xspace|relax|protect|leavevmode|noexpand)(?![A-Za-z@])\s*")


@dataclass(frozen=True, slots=True)
class Macro:
    """A definition.

    Attributes:
        name: without the backslash; of a type of columns, its letter.
        signature: a character for each argument, at most 9: "{" mandatory, "[" optional, "*" a star.
        body: None for a macro that cannot be expanded here, such as one with delimited arguments.
        defaults: of the optional arguments, in order.
        column: whether it is a type of columns, which is in force in the column list of a table alone.
    """

    name: str
    signature: str
    body: str | None
    defaults: tuple[str, ...] = ()
    column: bool = False


def drop_comments(text: str) -> str:
    """The text without comments, as TeX reads it: the line goes on with the next one, but a command word has ended."""
    pieces: list[str] = []
    copied_to = 0
    for match in _COMMENT.finditer(text):
        before = text[copied_to : match.end(1)]
        word = _WORD_BEFORE.search(before[-40:])
        pieces += (before, " " if word and text[match.end() : match.end() + 1].isalpha() else "")
        copied_to = match.end()
    return "".join([*pieces, text[copied_to:]])


def end_of_group(text: str, start: int) -> int:
    """Offset behind the group that opens at `start`; -1 where it has no end within MAX_BODY_CHARS."""
    depth = 0
    for brace in _BRACE.finditer(text, start, start + MAX_BODY_CHARS):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0 and brace[0] == "}":
            return brace.end()
    return -1


def groups(text: str, pos: int, num: int) -> tuple[list[str], int]:
    """The next `num` groups, without their braces, and the offset behind the last; fewer where no more follow soon.

    One without an end is skipped up to the limit, so that no text is searched again and again.
    """
    found: list[str] = []
    for _ in range(num):
        start = text.find("{", pos, pos + 100)
        end = end_of_group(text, start) if start >= 0 else -1
        if end < 0:
            return found, min(len(text), start + MAX_BODY_CHARS) if start >= 0 else pos
        found.append(text[start + 1 : end - 1])
        pos = end
    return found, pos


def depth_of(text: str) -> int:
    """How deep groups and environments are nested, at most."""
    depth = deepest = 0
    for brace in _BRACE.finditer(text):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        deepest = max(deepest, depth)
    return deepest + text.count(r"\begin")


def read_macro(text: str, pos: int, definer: str) -> tuple[Macro | None, int]:
    """The definition that follows a definer, and the offset behind it; None without a name or an end in the limit.

    A body without an end is skipped up to the limit, so that no text is searched again and again.
    """
    name = (_COLUMN if definer == "newcolumntype" else _NAME).match(text, pos, pos + 200)
    if name is None:
        return None, pos
    word = name[1] or name[2]
    reader = _READERS.get(definer)
    return (
        reader(text, name.end(), word)
        if reader
        else _read_command(text, name.end(), word, definer, text.startswith("*", pos))
    )


def _read_command(text: str, pos: int, word: str, definer: str, starred: bool) -> tuple[Macro | None, int]:
    """What follows the name of a command that LaTeX or TeX itself defines, or of an operator or a type of columns."""
    plain = definer in ("def", "gdef")
    head = (_PARAMETERS if plain else _ARGUMENTS).match(text, pos, pos + 300)
    start = head.end() if head else text.find("{", pos, pos + 300)
    end = end_of_group(text, start) if start >= 0 else -1
    if end < 0:
        return None, min(len(text), start + MAX_BODY_CHARS) if start >= 0 else pos
    if head is None:
        return Macro(word, "", None), end
    body = _body_of(text[start + 1 : end - 1])
    if definer == "DeclareMathOperator":
        return Macro(word, "", rf"\operatorname{'*' * starred}{{{body}}}"), end
    num = len(head[1]) // 2 if plain else int(head[1] or 0)
    default = None if plain else head[2]
    signature = "{" * num if default is None else "[" + "{" * (num - 1)
    return Macro(word, signature, body, () if default is None else (default,), definer == "newcolumntype"), end


def _body_of(text: str) -> str:
    return _IDLE.sub("", drop_comments(text))


def _read_let(text: str, pos: int, word: str) -> tuple[Macro | None, int]:
    other = _LET.match(text, pos)
    return (Macro(word, "", other[1]), other.end()) if other else (None, pos)


def _read_document_command(text: str, pos: int, word: str) -> tuple[Macro | None, int]:
    r"""What follows the name in \NewDocumentCommand{\name}{specifiers}{body}."""
    parts, end = groups(text, pos, 2)
    if len(parts) < 2:
        return None, end
    signature, defaults, read_to = "", [], 0
    while match := _SPECIFIERS.match(parts[0], read_to):
        signature += {"m": "{", "s": "*"}.get(match[1], "[")
        if signature[-1] == "[":
            defaults.append(NO_VALUE if match[1] else match[2])
        read_to = match.end()
    if parts[0][read_to:].strip() or len(signature) > 9:
        return Macro(word, "", None), end
    return Macro(word, signature, _body_of(parts[1]), tuple(defaults)), end


def _read_delimiters(text: str, pos: int, word: str) -> tuple[Macro | None, int]:
    r"""What follows the name in \DeclarePairedDelimiter{\abs}{\lvert}{\rvert}. Source: mathtools manual, 3.6."""
    parts, end = groups(text, pos, 2)
    if len(parts) < 2:
        return None, end
    left, right = (_body_of(part).strip() or "." for part in parts)
    plain = "".join(("" if left == "." else f"{left} ", "#3", "" if right == "." else f" {right}"))
    grown = rf"\left{left} #3\right{right}"
    sized = rf"#2l{left} #3#2r{right}"
    return Macro(
        word, "*[{", rf"\IfBooleanTF{{#1}}{{{grown}}}{{\IfNoValueTF{{#2}}{{{plain}}}{{{sized}}}}}", (NO_VALUE,)
    ), end


_READERS: dict[str, Callable[[str, int, str], tuple[Macro | None, int]]] = {
    "let": _read_let,
    "DeclarePairedDelimiter": _read_delimiters,
    **dict.fromkeys(_DOCUMENT_DEFINERS, _read_document_command),
}

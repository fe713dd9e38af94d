r"""What \newcommand, \def and \DeclareMathOperator define, and the expansion of formulas that use it.

Definitions are read by their shape; formulas that use one are parsed by pylatexenc, which knows where arguments end.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pylatexenc.latexwalker import (
    LatexEnvironmentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexMathNode,
    LatexNode,
    LatexWalker,
    LatexWalkerError,
)
from pylatexenc.macrospec import LatexContextDb, MacroSpec

from pipelines.corpora.stats import Rejection

MAX_CHARS = 6_000
"""Of a formula or table after expansion. Measured: the longest that the labels keep are a third of that."""
MAX_BODY_CHARS = 4_000
MAX_DEPTH = 30
_MAX_ROUNDS = 15
_FREE_WORK = 100_000
_WORK_PER_CHAR = 2
"""Work that expansion may cost in one document, in characters parsed: so much, and more for each of its characters.

Without a limit a page of `\\def`s that double each other takes minutes for each line of formulas.
"""

DEFINERS = frozenset(
    (
        *("newcommand", "renewcommand", "providecommand", "DeclareRobustCommand"),
        *("def", "gdef", "let", "DeclareMathOperator"),
    )
)
_NAME = re.compile(r"\*?\s*(?:\{\s*\\([A-Za-z@]+|[<>|*?\d])\s*\}|\\([A-Za-z@]+|[<>|*?\d]))\s*")
_ARGUMENTS = re.compile(r"\s*(?:\[\s*(\d)\s*\]\s*(?:\[((?:[^\[\]{}]|\{[^{}]*\})*)\])?)?\s*(?=\{)")
_PARAMETERS = re.compile(r"((?:#\d)*)\s*(?=\{)")
_LET = re.compile(r"=?\s*(\\[A-Za-z@]+|\\\S|\S)")
_BRACE = re.compile(r"\\.|[{}]|(?<!\\)%[^\n]*", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)%[^\n]*\n?[ \t]*")
_IDLE = re.compile(r"\\(?:xspace|relax|protect|leavevmode|noexpand)(?![A-Za-z@])\s*")
_AT = "\ua66e"
"""Replaces @ in the names of macros, since pylatexenc allows only letters in a name."""
_AT_WORD = re.compile(r"\\([A-Za-z]*@[A-Za-z@]*)")
_COMMAND = re.compile(rf"\\(?:([A-Za-z{_AT}]+)\s*|(.))", re.DOTALL)
_SLOT = re.compile(r"(\\[A-Za-z@]+)?#(\d)")
_ENDS_IN_WORD = re.compile(r"\\[A-Za-z@]+$")


@dataclass(frozen=True, slots=True)
class Macro:
    """A definition.

    Attributes:
        name: without the backslash.
        num_arguments: 0..9, with the optional one.
        default: of the optional argument, the first; None where all are mandatory.
        body: None for a macro that cannot be expanded here, such as one with delimited arguments.
    """

    name: str
    num_arguments: int
    default: str | None
    body: str | None


def end_of_group(text: str, start: int) -> int:
    """Offset behind the group that opens at `start`; -1 where it has no end within MAX_BODY_CHARS."""
    depth = 0
    for brace in _BRACE.finditer(text, start, start + MAX_BODY_CHARS):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0 and brace[0] == "}":
            return brace.end()
    return -1


def read_macro(text: str, pos: int, definer: str) -> tuple[Macro | None, int]:
    """The definition that follows a definer, and the offset behind it; None without a name or an end in the limit.

    A body without an end is skipped up to the limit, so that no text is searched again and again.
    """
    name = _NAME.match(text, pos, pos + 200)
    if name is None:
        return None, pos
    word = name[1] or name[2]
    if definer == "let":
        return _read_let(text, name.end(), word)
    starred = text[pos : pos + 1] == "*"
    plain = definer in ("def", "gdef")
    head = (_PARAMETERS if plain else _ARGUMENTS).match(text, name.end(), name.end() + 300)
    start = head.end() if head else text.find("{", name.end(), name.end() + 300)
    end = end_of_group(text, start) if start >= 0 else -1
    if end < 0:
        return None, min(len(text), start + MAX_BODY_CHARS) if start >= 0 else pos
    if head is None:
        return Macro(word, 0, None, None), end
    body = _IDLE.sub("", _COMMENT.sub("", text[start + 1 : end - 1]))
    if definer == "DeclareMathOperator":
        return Macro(word, 0, None, rf"\operatorname{'*' * starred}{{{body}}}"), end
    num = len(head[1]) // 2 if plain else int(head[1] or 0)
    return Macro(word, num, None if plain else head[2], body), end


def _read_let(text: str, pos: int, word: str) -> tuple[Macro | None, int]:
    other = _LET.match(text, pos)
    return (Macro(word, 0, None, other[1]), other.end()) if other else (None, pos)


class Macros:
    """The definitions in force; a later one replaces an earlier one. Their expansion is limited for each document."""

    def __init__(self) -> None:
        self._table: dict[str, Macro] = {}
        self._specs: dict[str, MacroSpec] = {}
        self._work_left = _FREE_WORK

    def define(self, macro: Macro) -> None:
        r"""Put a definition in force; \let to another macro copies its definition as it is now."""
        name, body = macro.name.replace("@", _AT), macro.body
        if body is not None and macro.num_arguments == 0 and body[:1] == "\\":
            source = self._table.get(body[1:].replace("@", _AT))
            if source is not None:
                macro = Macro(macro.name, source.num_arguments, source.default, source.body)
        if macro.body == f"\\{macro.name}":
            return
        self._table[name] = macro
        option = "[" if macro.default is not None else ""
        self._specs[name] = MacroSpec(name, option + "{" * (macro.num_arguments - len(option)))

    def allow_work(self, num_chars: int) -> None:
        """Allow the work that expanding this many characters of a document may need."""
        self._work_left += _WORK_PER_CHAR * num_chars

    def uses(self, text: str) -> bool:
        """Whether a text uses any of them."""
        return bool(self._names(self._with_at(text)))

    def expand(self, text: str) -> str:
        """The text with every macro expanded, until none is left.

        Raises:
            Rejection: no end, too long, too deep, too much work, or arguments that are missing.
        """
        for _ in range(_MAX_ROUNDS):
            text = self._with_at(text)
            names = sorted(self._names(text))
            if not names:
                return text.replace(_AT, "@")
            for name in names:
                if self._table[name].body is None:
                    raise Rejection("macro_unsupported", f"\\{self._table[name].name}")
            parsed = any(self._table[name].num_arguments for name in names)
            # Without arguments there is nothing to parse, and a search does: a tenth of the work, or less.
            self._work_left -= len(text) if parsed else len(text) // 10
            if self._work_left < 0:
                raise Rejection("macro_work", f"\\{self._table[names[0]].name}")
            text = self._expand_once(text, self._with_arguments(text, names) if parsed else self._without(text))
        raise Rejection("macro_endless", f"\\{self._table[names[0]].name}")

    def _with_at(self, text: str) -> str:
        r"""The text with _AT for @ in the names of macros; elsewhere it stays, as in \R@{}."""
        if "@" not in text:
            return text

        def name(match: re.Match[str]) -> str:
            word = match[1].replace("@", _AT)
            return f"\\{word}" if word in self._table else match[0]

        return _AT_WORD.sub(name, text)

    def _names(self, text: str) -> set[str]:
        return {word or char for word, char in _COMMAND.findall(text)} & self._table.keys()

    def _expand_once(self, text: str, uses: Iterable[tuple[int, int, str]]) -> str:
        if _depth(text) > MAX_DEPTH:
            raise Rejection("over_limit", "nested too deep")
        pieces: list[str] = []
        copied_to = length = 0
        for start, end, body in uses:
            gap = " " if body[-1:].isalpha() and text[end : end + 1].isalpha() and _ENDS_IN_WORD.search(body) else ""
            pieces += (text[copied_to:start], body, gap)
            copied_to = end
            length += len(body)
            if length > MAX_CHARS:
                raise Rejection("over_limit", "too long when expanded")
        return "".join([*pieces, text[copied_to:]])

    def _without(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and expansion of each macro; none of them has arguments."""
        for match in _COMMAND.finditer(text):
            macro = self._table.get(match[1] or match[2])
            if macro is not None:
                yield match.start(), match.end(), macro.body or ""

    def _with_arguments(self, text: str, names: list[str]) -> Iterator[tuple[int, int, str]]:
        """Start, end and expansion of each macro with its arguments."""
        database = LatexContextDb()
        database.add_context_category("own", macros=[self._specs[name] for name in names], prepend=True)
        database.set_unknown_macro_spec(MacroSpec(""))
        try:
            walker = LatexWalker(text, latex_context=database, tolerant_parsing=False)
            nodes = walker.get_latex_nodes()[0]
        except LatexWalkerError as error:
            raise Rejection("macro_misused", str(error).split("\n", 1)[0].replace(_AT, "@")) from error
        for node in self._outermost(nodes):
            yield node.pos, node.pos + node.len, self._body(node)

    def _outermost(self, nodes: list[LatexNode | None]) -> list[LatexMacroNode]:
        """Macros to expand, in order; those in an argument of another come in the next round."""
        found: list[LatexMacroNode] = []
        for node in nodes:
            if isinstance(node, LatexMacroNode):
                if node.macroname in self._table:
                    found.append(node)
            elif isinstance(node, LatexGroupNode | LatexEnvironmentNode | LatexMathNode):
                found += self._outermost(node.nodelist)
        return found

    def _body(self, node: LatexMacroNode) -> str:
        macro = self._table[node.macroname]
        nodes = list(node.nodeargd.argnlist) if node.nodeargd and node.nodeargd.argnlist else []
        arguments = [_verbatim(argument) for argument in nodes]
        if macro.default is not None and arguments and nodes[0] is None:
            arguments[0] = macro.default

        length = 0

        def fill(slot: re.Match[str]) -> str:
            nonlocal length
            number = int(slot[2])
            if not 1 <= number <= len(arguments):
                raise Rejection("macro_misused", f"\\{macro.name} has no #{number}")
            length += len(arguments[number - 1])
            if length > MAX_CHARS:
                raise Rejection("over_limit", "too long when expanded")
            gap = " " if slot[1] and arguments[number - 1][:1].isalpha() else ""
            return f"{slot[1] or ''}{gap}{arguments[number - 1]}"

        return _SLOT.sub(fill, macro.body or "") if arguments else macro.body or ""


def _verbatim(argument: LatexNode | None) -> str:
    if argument is None:
        return ""
    text: str = argument.latex_verbatim()
    if isinstance(argument, LatexGroupNode):
        return text[1:-1]
    return text


def _depth(text: str) -> int:
    depth = deepest = 0
    for brace in _BRACE.finditer(text):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        deepest = max(deepest, depth)
    return deepest + text.count(r"\begin")

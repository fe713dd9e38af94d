r"""What \newcommand, \def and \DeclareMathOperator define, and formulas with it put in.

Definitions are read by their shape; formulas that use one are parsed by pylatexenc, which knows where arguments end.
"""

import re
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

MOST_CHARS = 6_000
"""Of a formula or table, expanded. Measured: the longest that the labels keep are a third of that."""
MOST_BODY_CHARS = 4_000
MOST_DEPTH = 30
_MOST_ROUNDS = 15

DEFINERS = frozenset(
    (
        *("newcommand", "renewcommand", "providecommand", "DeclareRobustCommand"),
        *("def", "gdef", "let", "DeclareMathOperator"),
    )
)
_NAME = re.compile(r"\*?\s*(?:\{\s*\\([A-Za-z@]+)\s*\}|\\([A-Za-z@]+))\s*")
_ARGUMENTS = re.compile(r"\s*(?:\[\s*(\d)\s*\]\s*(?:\[((?:[^\[\]{}]|\{[^{}]*\})*)\])?)?\s*(?=\{)")
_PARAMETERS = re.compile(r"((?:#\d)*)\s*(?=\{)")
_LET = re.compile(r"=?\s*(\\[A-Za-z@]+|\S)")
_BRACE = re.compile(r"\\.|[{}]|(?<!\\)%[^\n]*", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)%[^\n]*\n?[ \t]*")
_IDLE = re.compile(r"\\(?:xspace|relax|protect|leavevmode|noexpand)(?![A-Za-z@])\s*")
_WORD = re.compile(r"\\([A-Za-z@]+)")
_SLOT = re.compile(r"(\\[A-Za-z@]+)?#(\d)")


class Unexpandable(Exception):
    """A formula cannot be expanded; args are the reason and the detail."""


@dataclass(frozen=True, slots=True)
class Macro:
    """A definition; `body` is None for one that cannot be expanded here, such as one with delimited arguments."""

    name: str
    num_arguments: int
    default: str | None
    body: str | None


def end_of_group(text: str, place: int) -> int:
    """Where the group that opens at a place ends, behind its brace; -1 where it does not within the limit."""
    depth = 0
    for brace in _BRACE.finditer(text, place, place + MOST_BODY_CHARS):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0 and brace[0] == "}":
            return brace.end()
    return -1


def read_macro(text: str, place: int, definer: str) -> tuple[Macro | None, int]:
    """The definition behind a definer, and where it ends; None where it is broken, or has no end within the limit.

    A body without an end is passed over up to the limit: so no text is searched again and again.
    """
    name = _NAME.match(text, place, place + 200)
    if name is None:
        return None, place
    word = name[1] or name[2]
    if definer == "let":
        return _read_let(text, name.end(), word)
    starred = text[place : place + 1] == "*"
    plain = definer in ("def", "gdef")
    head = (_PARAMETERS if plain else _ARGUMENTS).match(text, name.end(), name.end() + 300)
    start = head.end() if head else text.find("{", name.end(), name.end() + 300)
    end = end_of_group(text, start) if start >= 0 else -1
    if end < 0:
        return None, min(len(text), start + MOST_BODY_CHARS) if start >= 0 else place
    if head is None:
        return Macro(word, 0, None, None), end
    body = _IDLE.sub("", _COMMENT.sub("", text[start + 1 : end - 1]))
    if definer == "DeclareMathOperator":
        return Macro(word, 0, None, rf"\operatorname{'*' * starred}{{{body}}}"), end
    num = len(head[1]) // 2 if plain else int(head[1] or 0)
    return Macro(word, num, None if plain else head[2], body), end


def _read_let(text: str, place: int, word: str) -> tuple[Macro | None, int]:
    other = _LET.match(text, place)
    return (Macro(word, 0, None, other[1]), other.end()) if other else (None, place)


class Macros:
    """The definitions in force; a later one replaces an earlier one."""

    def __init__(self) -> None:
        self._table: dict[str, Macro] = {}
        self._specs: dict[str, MacroSpec] = {}

    def define(self, macro: Macro) -> None:
        r"""Put a definition in force; \let to another macro takes what that is now."""
        body = macro.body
        if body is not None and macro.num_arguments == 0 and body[:1] == "\\" and body[1:] in self._table:
            source = self._table[body[1:]]
            macro = Macro(macro.name, source.num_arguments, source.default, source.body)
        if macro.body == f"\\{macro.name}":
            return
        self._table[macro.name] = macro
        option = "[" if macro.default is not None else ""
        self._specs[macro.name] = MacroSpec(macro.name, option + "{" * (macro.num_arguments - len(option)))

    def uses(self, text: str) -> bool:
        """Whether any of them stands in a text."""
        return any(word in self._table for word in _WORD.findall(text))

    def expand(self, text: str) -> str:
        """The text with every definition put in, again and again.

        Raises:
            Unexpandable: no end, too long, too deep, or arguments that are missing.
        """
        for _ in range(_MOST_ROUNDS):
            names = sorted({word for word in _WORD.findall(text) if word in self._table})
            if not names:
                return text
            for name in names:
                if self._table[name].body is None:
                    raise Unexpandable("macro_unsupported", f"\\{name}")
            text = self._expand_once(text, names)
        raise Unexpandable("macro_endless", f"\\{names[0]}")

    def _expand_once(self, text: str, names: list[str]) -> str:
        if _depth(text) > MOST_DEPTH:
            raise Unexpandable("over_limit", "nested too deep")
        database = LatexContextDb()
        database.add_context_category("own", macros=[self._specs[name] for name in names], prepend=True)
        database.set_unknown_macro_spec(MacroSpec(""))
        try:
            walker = LatexWalker(text, latex_context=database, tolerant_parsing=False)
            nodes = walker.get_latex_nodes()[0]
        except LatexWalkerError as error:
            raise Unexpandable("macro_misused", str(error).split("\n", 1)[0]) from error
        pieces: list[str] = []
        place = length = 0
        for node in self._outermost(nodes):
            body = self._body(node)
            if body[-1:].isalpha() and text[node.pos + node.len :][:1].isalpha() and _ends_in_word(body):
                body += " "
            pieces += (text[place : node.pos], body)
            place = node.pos + node.len
            length += len(body)
            if length > MOST_CHARS:
                raise Unexpandable("over_limit", "too long when expanded")
        return "".join([*pieces, text[place:]])

    def _outermost(self, nodes: list[LatexNode | None]) -> list[LatexMacroNode]:
        """Macros to put in, in order; those in an argument of another come in the next round."""
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
        given = list(node.nodeargd.argnlist) if node.nodeargd and node.nodeargd.argnlist else []
        arguments = [_verbatim(argument) for argument in given]
        if macro.default is not None and arguments and given[0] is None:
            arguments[0] = macro.default

        def fill(slot: re.Match[str]) -> str:
            number = int(slot[2])
            if not 1 <= number <= len(arguments):
                raise Unexpandable("macro_misused", f"\\{macro.name} has no #{number}")
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


def _ends_in_word(text: str) -> bool:
    return re.search(r"\\[A-Za-z@]+$", text) is not None


def _depth(text: str) -> int:
    depth = deepest = 0
    for brace in _BRACE.finditer(text):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        deepest = max(deepest, depth)
    return deepest + text.count(r"\begin")

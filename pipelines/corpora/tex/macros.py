r"""The macros of a document, and the expansion of formulas and tables that use them.

A text that uses one with arguments is parsed by pylatexenc, which knows where arguments end.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

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
from pipelines.corpora.tex.columns import expand_columns
from pipelines.corpora.tex.definitions import NO_VALUE, Macro, depth_of, end_of_group

MAX_CHARS = 6_000
"""Of a formula or table after expansion. Measured: the longest that the labels keep are a third of that."""
MAX_DEPTH = 30
_MAX_ROUNDS = 15
_FREE_WORK = 100_000
_WORK_PER_CHAR = 2
"""Work that expansion may cost in one document, in characters parsed: so much, and more for each of its characters.

Without a limit a page of `\\def`s that double each other takes minutes for each line of formulas.
"""

_AT = "\ua66e"
"""Replaces @ in the names of macros, since pylatexenc allows only letters in a name."""
_AT_WORD = re.compile(r"\\([A-Za-z]*@[A-Za-z@]*)")
_COMMAND = re.compile(rf"\\(?:([A-Za-z{_AT}]+)\s*|(.))", re.DOTALL)
_SLOT = re.compile(r"(\\[A-Za-z@]+)?#(\d)")
_ENDS_IN_WORD = re.compile(r"\\[A-Za-z@]+$")
_CONDITION = re.compile(r"\\If(NoValue|Value|Boolean|Blank)(TF|T|F)\s*\{")
_KNOWN = {"mathbbm": Macro("mathbbm", "", r"\mathbb")}
"""Macros of packages that change only the font: formulas of a corpus are typeset anew."""


class Macros:
    """The definitions in force; a later one replaces an earlier one. Their expansion is limited for each document."""

    def __init__(self) -> None:
        self._table: dict[str, Macro] = dict(_KNOWN)
        self._columns: dict[str, Macro] = {}
        self._specs = {name: MacroSpec(name, macro.signature) for name, macro in _KNOWN.items()}
        self._work_left = _FREE_WORK

    def define(self, macro: Macro) -> None:
        r"""Put a definition in force; \let to another macro copies its definition as it is now."""
        if macro.column:
            self._columns[macro.name] = macro
            return
        name, body = macro.name.replace("@", _AT), macro.body
        if body is not None and not macro.signature and body[:1] == "\\":
            source = self._table.get(body[1:].replace("@", _AT))
            if source is not None:
                macro = replace(source, name=macro.name)
        if macro.body == f"\\{macro.name}":
            return
        self._table[name] = macro
        self._specs[name] = MacroSpec(name, macro.signature)

    def allow_work(self, num_chars: int) -> None:
        """Allow the work that expanding this many characters of a document may need."""
        self._work_left += _WORK_PER_CHAR * num_chars

    def uses(self, text: str) -> bool:
        """Whether a text uses any of them."""
        return bool(self._names(self._with_at(text))) or (bool(self._columns) and r"\begin" in text)

    def expand(self, text: str) -> str:
        """The text with every macro expanded, until none is left.

        Raises:
            Rejection: no end, too long, too deep, too much work, or arguments that are missing.
        """
        if self._columns:
            text = expand_columns(text, self._columns, MAX_CHARS)
        for _ in range(_MAX_ROUNDS):
            text = self._with_at(text)
            names = sorted(self._names(text))
            if not names:
                return text.replace(_AT, "@")
            for name in names:
                if self._table[name].body is None:
                    raise Rejection("macro_unsupported", f"\\{self._table[name].name}")
            parsed = any(self._table[name].signature for name in names)
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
        if depth_of(text) > MAX_DEPTH:
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
        defaults = iter(macro.defaults)
        for at, kind in enumerate(macro.signature[: len(arguments)]):
            default = next(defaults) if kind == "[" else r"\BooleanFalse" if kind == "*" else ""
            arguments[at] = default if nodes[at] is None else r"\BooleanTrue" if kind == "*" else arguments[at]

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

        return _choose(_SLOT.sub(fill, macro.body or "")) if arguments else macro.body or ""


def _verbatim(argument: LatexNode | None) -> str:
    if argument is None:
        return ""
    text: str = argument.latex_verbatim()
    if isinstance(argument, LatexGroupNode):
        return text[1:-1]
    return text


def _choose(text: str) -> str:
    r"""A filled body with \IfNoValueTF{...}{...}{...} and its like decided. Source: usrguide, section 2.4."""
    for _ in range(_MAX_ROUNDS):
        match = _CONDITION.search(text)
        if match is None:
            return text
        end = match.end() - 1
        parts: list[str] = []
        for _ in range(1 + len(match[2])):
            start = len(text) - len(text[end:].lstrip())
            behind = end_of_group(text, start) if text[start : start + 1] == "{" else -1
            if behind < 0:
                raise Rejection("macro_unsupported", match[0])
            parts.append(text[start + 1 : behind - 1])
            end = behind
        tested, *branches = parts
        true = {"NoValue": tested == NO_VALUE, "Value": tested != NO_VALUE, "Blank": not tested.strip()}.get(
            match[1], tested.strip() == r"\BooleanTrue"
        )
        chosen = dict(zip(match[2], branches, strict=True)).get("T" if true else "F", "")
        text = text[: match.start()] + chosen + text[end:]
    raise Rejection("macro_endless", text[:60])

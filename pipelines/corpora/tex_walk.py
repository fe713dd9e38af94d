r"""Through a document of TeX in the order in which TeX reads it: its text without what says nothing here.

Comments, verbatim, pictures, definitions and \iffalse go; line numbers stay. A macro that only opens or closes a
formula (\def\be{\begin{equation}}) is put in at once, so that what cuts out formulas sees them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.corpora.tex_macros import DEFINERS, Macro, end_of_group, read_macro

_TOKEN = re.compile(r"\\([A-Za-z@]+)|\\.|%[^\n]*", re.DOTALL)
_INPUT = re.compile(r"\s*\{([^{}\n]{1,300})\}|[ \t]*([^\s{}\\%]{1,300})")
_PACKAGE = re.compile(r"\s*(?:\[[^\[\]]{0,2000}\]\s*)?\{([^{}]{1,2000})\}")
_ENVIRONMENT = re.compile(r"\{([A-Za-z]+\*?)\}")
_CONDITION = re.compile(r"\\(if[a-zA-Z@]*|fi|else)(?![A-Za-z@])")
_OPENS = re.compile(r"\\(?:begin|end)\s*\{|\\\[|\\\]|\$\$")
_PACKAGES = frozenset(("usepackage", "RequirePackage"))
_INPUTS = frozenset(("input", "include", "subfile", "InputIfFileExists"))
_VERBS = frozenset(("verb", "lstinline", "mintinline"))
_OPAQUE = frozenset(
    (
        *("verbatim", "verbatim*", "Verbatim", "lstlisting", "minted", "comment", "filecontents", "filecontents*"),
        *("tikzpicture", "pspicture", "picture", "asy", "luacode", "luacode*", "alltt", "tcblisting", "LTXexample"),
        *("tikzcd", "forest", "pgfpicture", "algorithmic", "code", "Code", "sourcecode"),
    )
)


@dataclass(slots=True)
class Chunk:
    """Text up to the next input.

    Attributes:
        text: what is left.
        line: number of its first line.
        macros: definitions, each with the place in `text` from which it holds.
    """

    text: str
    line: int
    macros: list[tuple[int, Macro]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Input:
    """Another file is read here; a package of the user's own only if it is there."""

    name: str
    line: int
    package: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """A definition that was not understood."""

    line: int
    text: str


class Walk:
    """One document; shorthands last from file to file.

    Attributes:
        shorthands: macros that open or close a formula.
        ended: whether the document said that it ends.
    """

    def __init__(self) -> None:
        self.shorthands: dict[str, str] = {}
        self.ended = False

    def read(self, text: str) -> Iterator[Chunk | Input | Broken]:
        """What a file says, in order; inputs are for the caller to read before it goes on."""
        pen = _Pen(text)
        while match := _TOKEN.search(text, pen.read_to):
            pen.keep(match.start())
            word = match[1]
            if word in DEFINERS:
                macro, end = read_macro(text, match.end(), word)
                if macro is None:
                    yield Broken(pen.line_at(match.start()), text[match.start() : match.end() + 60])
                pen.drop(end)
                if macro is not None:
                    self._define(macro, pen)
            elif word in _INPUTS or word in _PACKAGES:
                inputs, end = _inputs(text, match, pen.line_at(match.start()))
                yield pen.flush()
                yield from inputs
                pen.drop(end)
                if self.ended:
                    return
            elif word == "endinput" or (word == "end" and text.startswith("{document}", match.end())):
                self.ended = word == "end"
                break
            else:
                self._pass(match, pen)
        else:
            pen.keep(len(text))
        yield pen.flush()

    def _define(self, macro: Macro, pen: "_Pen") -> None:
        if macro.body is not None and not macro.num_arguments and _OPENS.search(macro.body) and len(macro.body) < 200:
            self.shorthands[macro.name] = " ".join(macro.body.split())
        else:
            self.shorthands.pop(macro.name, None)
            pen.macros.append((pen.length, macro))

    def _pass(self, match: re.Match[str], pen: "_Pen") -> None:
        """Keep a token, or drop what it begins."""
        text, word = pen.text, match[1]
        if match[0][0] == "%":
            # The sign stays: a line of comment alone is not the end of a paragraph.
            pen.write("%")
            pen.drop(match.end())
        elif word in self.shorthands:
            pen.write(self.shorthands[word] + " ")
            pen.drop(match.end())
        elif word == "begin" and (name := _ENVIRONMENT.match(text, match.end())) and name[1] in _OPAQUE:
            end = text.find(rf"\end{{{name[1]}}}", name.end())
            pen.drop(end + len(name[1]) + 6 if end >= 0 else len(text))
        elif word in _VERBS:
            pen.drop(_end_of_verb(text, match.end()))
        elif word == "iffalse":
            pen.drop(_end_of_condition(text, match.end()))
        elif word in ("newenvironment", "renewenvironment"):
            pen.drop(_end_of_groups(text, match.end(), 3))
        else:
            pen.keep(match.end())


class _Pen:
    """What is kept of a file, and how far it was read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.read_to = 0
        self.length = 0
        self.macros: list[tuple[int, Macro]] = []
        self._pieces: list[str] = []
        self._line = self._chunk_line = 1
        self._counted_to = 0

    def line_at(self, place: int) -> int:
        """Line of a place at or behind the last one asked for."""
        self._line += self.text.count("\n", self._counted_to, place)
        self._counted_to = max(self._counted_to, place)
        return self._line

    def write(self, text: str) -> None:
        self._pieces.append(text)
        self.length += len(text)

    def keep(self, end: int) -> None:
        self.write(self.text[self.read_to : end])
        self.read_to = end

    def drop(self, end: int) -> None:
        """Pass over text; its line feeds stay, each behind a sign of comment."""
        self.write("%\n" * self.text.count("\n", self.read_to, end))
        self.read_to = end

    def flush(self) -> Chunk:
        chunk = Chunk("".join(self._pieces), self._chunk_line, self.macros)
        self._pieces, self.macros, self.length = [], [], 0
        self._chunk_line = self.line_at(self.read_to)
        return chunk


def _inputs(text: str, match: re.Match[str], line: int) -> tuple[list[Input], int]:
    """What a command reads, and where it ends."""
    package = match[1] in _PACKAGES
    found = (_PACKAGE if package else _INPUT).match(text, match.end())
    if found is None:
        return [], match.end()
    if package:
        return [Input(f"{name.strip()}.sty", line, True) for name in found[1].split(",")], found.end()
    return [Input((found[1] or found[2]).strip().strip('"'), line)], found.end()


def _end_of_verb(text: str, place: int) -> int:
    place += text.startswith("*", place)
    if text.startswith("[", place):
        place = max(place, text.find("]", place, place + 200) + 1)
    mark = text[place : place + 1]
    line_end = text.find("\n", place, place + 500)
    end = text.find("}" if mark == "{" else mark, place + 1, line_end if line_end >= 0 else place + 500) if mark else -1
    return end + 1 if end >= 0 else place


def _end_of_condition(text: str, place: int) -> int:
    depth = 1
    for match in _CONDITION.finditer(text, place):
        depth += {"fi": -1, "else": -(depth == 1), "iff": 0, "ifthenelse": 0}.get(match[1], 1)
        if depth == 0:
            return match.end()
    return len(text)


def _end_of_groups(text: str, place: int, num: int) -> int:
    """Behind so many groups, and the options between them."""
    for _ in range(num):
        start = text.find("{", place, place + 100)
        end = end_of_group(text, start) if start >= 0 else -1
        if end < 0:
            break
        place = end
    return place

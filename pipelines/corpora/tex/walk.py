r"""Through a document of TeX in the order in which TeX reads it: its text without what says nothing here.

Comments, verbatim, pictures, definitions and \iffalse go; line numbers stay. A macro that only opens or closes a
formula (\def\be{\begin{equation}}) is put in at once, so that what cuts out formulas sees them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.corpora.tex.macros import DEFINERS, Macro, read_macro
from pipelines.corpora.tex.verbatim import WORDS, Verbatims, end_of_quote, groups, typeset

_LEXEMES = r"\\([A-Za-z@]+)|\\.|%[^\n]*"
_INPUT = re.compile(r"\s*\{([^{}\n]{1,300})\}|[ \t]*([^\s{}\\%]{1,300})")
_PACKAGE = re.compile(r"\s*(?:\[[^\[\]]{0,2000}\]\s*)?\{([^{}]{1,2000})\}")
_ENVIRONMENT = re.compile(r"\{([A-Za-z]+\*?)\}")
_CONDITION = re.compile(r"\\(if[a-zA-Z@]*|fi|else)(?![A-Za-z@])")
_OPENS = re.compile(r"\\(?:begin|end)\s*\{|\\\[|\\\]|\$\$")
_BLANK = re.compile(r"[ \t]*\n")
_PACKAGES = frozenset(("usepackage", "RequirePackage"))
_INPUTS = frozenset(("input", "include", "subfile", "InputIfFileExists"))
_MAX_SHORTHAND = 200
_FREE_SHORTHANDS = 100_000
_SHORTHANDS_PER_CHAR = 4
"""What shorthands may put into a file, in characters: so no file grows without bound."""


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
    """A definition that was not understood, or is put in too often."""

    line: int
    text: str
    reason: str = "definition_broken"


class Walk:
    """One document; shorthands last from file to file.

    Attributes:
        shorthands: macros that open or close a formula; "begin{name}" and "end{name}" are of environments.
        ended: whether the document said that it ends.
    """

    def __init__(self) -> None:
        self.shorthands: dict[str, str] = {}
        self.ended = False
        self._verbatims = Verbatims()
        self._token = _tokens("")

    def read(self, text: str) -> Iterator[Chunk | Input | Broken]:
        """What a file says, in order; inputs are for the caller to read before it goes on."""
        pen = _Pen(text)
        while match := self._token.search(text, pen.read_to):
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
            elif word is not None and (shorthand := self._shorthand(match)):
                name, end = shorthand
                if pen.put_in(self.shorthands[name], end):
                    continue
                yield Broken(pen.line_at(match.start()), f"\\{name}", "shorthands_too_many")
                self.shorthands.clear()
            else:
                self._pass(match, pen)
        else:
            pen.keep(len(text))
        yield pen.flush()

    def _define(self, macro: Macro, pen: "_Pen") -> None:
        if (
            macro.body is not None
            and not macro.num_arguments
            and _OPENS.search(macro.body)
            and len(macro.body) < _MAX_SHORTHAND
        ):
            self.shorthands[macro.name] = " ".join(macro.body.split())
        else:
            self.shorthands.pop(macro.name, None)
            pen.macros.append((pen.length, macro))

    def _shorthand(self, match: re.Match[str]) -> tuple[str, int] | None:
        """The name of the shorthand at a token, and where it ends."""
        if match[1] in self.shorthands:
            return match[1], match.end()
        if match[1] in ("begin", "end") and (name := _ENVIRONMENT.match(match.string, match.end())):
            return (match[1] + name[0], name.end()) if match[1] + name[0] in self.shorthands else None
        return None

    def _pass(self, match: re.Match[str], pen: "_Pen") -> None:
        """Keep a token, or drop what it begins."""
        text, word = pen.text, match[1]
        if match[0][0] == "%":
            # The sign stays: a line of comment alone is not the end of a paragraph.
            pen.write("%")
            pen.read_to = match.end()
        elif match[0] in self._verbatims.signs:
            end = end_of_quote(text, match.start())
            pen.write(match[0] if end == match.end() else typeset(text[match.end() : end - 1]))
            pen.drop(end)
        elif word == "begin" and (name := _ENVIRONMENT.match(text, match.end())):
            self._pass_environment(name, pen)
        elif word in WORDS:
            put, end = self._verbatims.command(word, text, match.end())
            pen.write(put)
            pen.drop(end)
            self._token = _tokens(self._verbatims.signs)
        elif word == "iffalse":
            pen.drop(_end_of_condition(text, match.end()))
        elif word in ("newenvironment", "renewenvironment"):
            self._define_environment(*groups(text, match.end(), 3), pen)
        else:
            pen.keep(match.end())

    def _pass_environment(self, name: re.Match[str], pen: "_Pen") -> None:
        r"""Keep what begins an environment; of one that is not read, its \begin and \end alone."""
        if not self._verbatims.is_opaque(name[1]):
            pen.keep(name.end())
            return
        end = pen.text.find(rf"\end{{{name[1]}}}", name.end())
        silent = self._verbatims.is_silent(name[1])
        pen.write("" if silent else rf"\begin{{{name[1]}}}")
        pen.drop(end if end >= 0 else len(pen.text))
        pen.write("" if silent else rf"\end{{{name[1]}}}")
        pen.drop(end + len(name[1]) + 6 if end >= 0 else len(pen.text))

    def _define_environment(self, parts: list[str], end: int, pen: "_Pen") -> None:
        pen.drop(end)
        if len(parts) < 3:
            return
        name, begins, ends = (" ".join(part.split()) for part in parts)
        self._verbatims.learn_environment(name, begins)
        for word, body in (("begin", begins), ("end", ends)):
            self.shorthands.pop(f"{word}{{{name}}}", None)
            if _OPENS.search(body) and "#" not in body and len(body) < _MAX_SHORTHAND:
                self.shorthands[f"{word}{{{name}}}"] = body


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
        self._left = _FREE_SHORTHANDS + _SHORTHANDS_PER_CHAR * len(text)

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
        """Pass over text; its line feeds stay, each behind a sign of comment.

        The line is not left blank, since for TeX it is not.
        """
        self.write("%\n" * self.text.count("\n", self.read_to, end))
        self.read_to = end
        if _BLANK.match(self.text, end):
            self.write("%")

    def put_in(self, shorthand: str, end: int) -> bool:
        """Write a shorthand for what is passed over; False where there were too many."""
        self._left -= len(shorthand)
        if self._left < 0:
            return False
        self.write(shorthand + " ")
        self.drop(end)
        return True

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


def _end_of_condition(text: str, place: int) -> int:
    depth = 1
    for match in _CONDITION.finditer(text, place):
        depth += {"fi": -1, "else": -(depth == 1), "iff": 0, "ifthenelse": 0}.get(match[1], 1)
        if depth == 0:
            return match.end()
    return len(text)


def _tokens(signs: str) -> re.Pattern[str]:
    return re.compile(_LEXEMES + (f"|[{re.escape(signs)}]" if signs else ""), re.DOTALL)

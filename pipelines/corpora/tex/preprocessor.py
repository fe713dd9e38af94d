r"""Reads a document of TeX in the order in which TeX does, and drops what typesets no formula and no table.

Comments, verbatim text, pictures, definitions and \iffalse are dropped; line numbers stay. A macro that only opens or
closes a formula, a shorthand (\def\be{\begin{equation}}), is expanded at once, so that the extraction sees the formula.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.corpora.tex.definitions import DEFINERS, Macro, groups, read_macro
from pipelines.corpora.tex.verbatim import WORDS, Verbatims, end_of_quote, typeset

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
"""Characters that shorthands may add to a file, and more for each of its own: so no file grows without bound."""


@dataclass(slots=True)
class Chunk:
    """Text up to the next input.

    Attributes:
        text: what is left of it.
        line: number of its first line, from 1.
        macros: definitions, each with the offset in `text` from which it is in force.
    """

    text: str
    line: int
    macros: list[tuple[int, Macro]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Input:
    """Another file is to be read here.

    Attributes:
        name: as the command has it.
        line: number of the command's line, from 1.
        package: whether it is a package, most of which are not in the source.
    """

    name: str
    line: int
    package: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """A definition that cannot be read, or a shorthand that is expanded too often."""

    line: int
    text: str
    reason: str = "definition_broken"


class Preprocessor:
    r"""Reads one document, file by file; shorthands stay in force from file to file.

    Attributes:
        shorthands: macros that open or close a formula; "begin{name}" and "end{name}" are of environments.
        ended: whether \end{document} was read.
    """

    def __init__(self) -> None:
        self.shorthands: dict[str, str] = {}
        self.ended = False
        self._verbatims = Verbatims()
        self._token = _tokens("")

    def read(self, text: str) -> Iterator[Chunk | Input | Broken]:
        """The parts of a file, in order; the caller reads an input before it takes the next part."""
        out = _Output(text)
        while match := self._token.search(text, out.read_to):
            out.keep(match.start())
            word = match[1]
            if word in DEFINERS:
                macro, end = read_macro(text, match.end(), word)
                if macro is None:
                    yield Broken(out.line_at(match.start()), text[match.start() : match.end() + 60])
                out.drop(end)
                if macro is not None:
                    self._define(macro, out)
            elif word in _INPUTS or word in _PACKAGES:
                inputs, end = _inputs(text, match, out.line_at(match.start()))
                yield out.flush()
                yield from inputs
                out.drop(end)
                if self.ended:
                    return
            elif word == "endinput" or (word == "end" and text.startswith("{document}", match.end())):
                self.ended = word == "end"
                break
            elif word is not None and (shorthand := self._shorthand(match)):
                name, end = shorthand
                if out.expand(self.shorthands[name], end):
                    continue
                yield Broken(out.line_at(match.start()), f"\\{name}", "shorthands_too_many")
                self.shorthands.clear()
            else:
                self._keep_or_drop(match, out)
        else:
            out.keep(len(text))
        yield out.flush()

    def _define(self, macro: Macro, out: "_Output") -> None:
        if (
            macro.body is not None
            and not macro.signature
            and not macro.column
            and _OPENS.search(macro.body)
            and len(macro.body) < _MAX_SHORTHAND
        ):
            self.shorthands[macro.name] = " ".join(macro.body.split())
        else:
            self.shorthands.pop(macro.name, None)
            out.macros.append((out.length, macro))

    def _shorthand(self, match: re.Match[str]) -> tuple[str, int] | None:
        """The name of the shorthand that a token begins, and the offset behind it."""
        if match[1] in self.shorthands:
            return match[1], match.end()
        if match[1] in ("begin", "end") and (name := _ENVIRONMENT.match(match.string, match.end())):
            return (match[1] + name[0], name.end()) if match[1] + name[0] in self.shorthands else None
        return None

    def _keep_or_drop(self, match: re.Match[str], out: "_Output") -> None:
        """Keep a token, or drop the text that it begins."""
        text, word = out.text, match[1]
        if match[0][0] == "%":
            # The % stays: a line of comment alone is not the end of a paragraph.
            out.write("%")
            out.read_to = match.end()
        elif match[0] in self._verbatims.quotes:
            end = end_of_quote(text, match.start())
            out.write(match[0] if end == match.end() else typeset(text[match.end() : end - 1]))
            out.drop(end)
        elif word == "begin" and (name := _ENVIRONMENT.match(text, match.end())):
            self._begin_environment(name, out)
        elif word in WORDS:
            typeset_text, end = self._verbatims.command(word, text, match.end())
            out.write(typeset_text)
            out.drop(end)
            self._token = _tokens(self._verbatims.quotes)
        elif word == "iffalse":
            out.drop(_end_of_condition(text, match.end()))
        elif word in ("newenvironment", "renewenvironment"):
            self._define_environment(*groups(text, match.end(), 3), out)
        else:
            out.keep(match.end())

    def _begin_environment(self, name: re.Match[str], out: "_Output") -> None:
        r"""Keep the \begin of an environment; of one that is not read, its \begin and \end alone."""
        if not self._verbatims.is_opaque(name[1]):
            out.keep(name.end())
            return
        end = out.text.find(rf"\end{{{name[1]}}}", name.end())
        dropped = self._verbatims.typesets_nothing(name[1])
        out.write("" if dropped else rf"\begin{{{name[1]}}}")
        out.drop(end if end >= 0 else len(out.text))
        out.write("" if dropped else rf"\end{{{name[1]}}}")
        out.drop(end + len(name[1]) + 6 if end >= 0 else len(out.text))

    def _define_environment(self, parts: list[str], end: int, out: "_Output") -> None:
        out.drop(end)
        if len(parts) < 3:
            return
        name, begins, ends = (" ".join(part.split()) for part in parts)
        self._verbatims.add_environment(name, begins)
        for word, body in (("begin", begins), ("end", ends)):
            self.shorthands.pop(f"{word}{{{name}}}", None)
            if _OPENS.search(body) and "#" not in body and len(body) < _MAX_SHORTHAND:
                self.shorthands[f"{word}{{{name}}}"] = body


class _Output:
    """The text that is kept of a file, and how far the file was read.

    Attributes:
        text: of the file.
        read_to: offset in it.
        length: of the current chunk, characters.
        macros: of the current chunk.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.read_to = 0
        self.length = 0
        self.macros: list[tuple[int, Macro]] = []
        self._pieces: list[str] = []
        self._line = self._chunk_line = 1
        self._counted_to = 0
        self._shorthand_chars_left = _FREE_SHORTHANDS + _SHORTHANDS_PER_CHAR * len(text)

    def line_at(self, offset: int) -> int:
        """Number of the line of an offset, from 1; offsets of calls do not decrease."""
        self._line += self.text.count("\n", self._counted_to, offset)
        self._counted_to = max(self._counted_to, offset)
        return self._line

    def write(self, text: str) -> None:
        self._pieces.append(text)
        self.length += len(text)

    def keep(self, end: int) -> None:
        self.write(self.text[self.read_to : end])
        self.read_to = end

    def drop(self, end: int) -> None:
        """Skip the input up to `end`; its line feeds stay, each behind a %.

        So no line is left blank, which would end a paragraph.
        """
        self.write("%\n" * self.text.count("\n", self.read_to, end))
        self.read_to = end
        if _BLANK.match(self.text, end):
            self.write("%")

    def expand(self, shorthand: str, end: int) -> bool:
        """Write a shorthand in place of the input up to `end`; False where too many were written."""
        self._shorthand_chars_left -= len(shorthand)
        if self._shorthand_chars_left < 0:
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
    """The files that a command reads, and the offset behind it."""
    package = match[1] in _PACKAGES
    argument = (_PACKAGE if package else _INPUT).match(text, match.end())
    if argument is None:
        return [], match.end()
    if package:
        return [Input(f"{name.strip()}.sty", line, True) for name in argument[1].split(",")], argument.end()
    return [Input((argument[1] or argument[2]).strip().strip('"'), line)], argument.end()


def _end_of_condition(text: str, start: int) -> int:
    depth = 1
    for match in _CONDITION.finditer(text, start):
        depth += {"fi": -1, "else": -(depth == 1), "iff": 0, "ifthenelse": 0}.get(match[1], 1)
        if depth == 0:
            return match.end()
    return len(text)


def _tokens(quotes: str) -> re.Pattern[str]:
    return re.compile(_LEXEMES + (f"|[{re.escape(quotes)}]" if quotes else ""), re.DOTALL)

r"""Verbatim text: environments, commands and quoting characters, and those that a document defines.

Nothing in it opens a formula or a comment: the dollar of $HOME, the per cent of a URL.
"""

import re

from pipelines.corpora.tex.definitions import groups
from pipelines.corpora.tex.macros import MAX_DEPTH
from renderers.labels.tables.escape import escape

_DROPPED = frozenset(("comment", "filecontents", "filecontents*"))
_OPAQUE = _DROPPED | {
    *("lstlisting", "minted", "luacode", "luacode*", "alltt", "tcblisting", "LTXexample", "algorithmic"),
    *("tikzpicture", "pspicture", "picture", "asy", "tikzcd", "forest", "pgfpicture", "code", "Code", "sourcecode"),
}
_VERBATIM = re.compile(r"[A-Za-z]*[vV]erbatim\*?")
"""sverbatim, BVerbatim, boxedverbatim: classes define their own, and are not in the source."""
_URLS = frozenset(("url", "nolinkurl", "path", "href"))
_COMMANDS = _URLS | {"verb", "Verb", "spverb", "lstinline", "mintinline"}
_MAKE = frozenset(("MakeShortVerb", "DefineShortVerb", "lstMakeShortInline"))
_DELETE = frozenset(("DeleteShortVerb", "UndefineShortVerb", "lstDeleteShortInline"))
_DEFINE = frozenset(("DefineVerbatimEnvironment", "lstnewenvironment", "newtcblisting", "newminted", "excludecomment"))
_QUOTE = re.compile(r"\*?\s*(?:\[[^\[\]\n]{0,300}\]\s*)?(?:\{\s*\\?([^\w\s\\{}$%&#])\s*\}|\\?([^\w\s\\{}$%&#]))")
_NAME = re.compile(r"\s*(?:\[[^\[\]]{0,2000}\]\s*)?\{([A-Za-z]{1,100}\*?)\}")
_QUOTING_BODY = re.compile(r"\\(?:verbatim|Verbatim|VerbatimEnvironment|lstlisting|minted|alltt|comment)(?![A-Za-z@])")
_RAW_BRACE = re.compile(r"[{}]|\n[ \t]*\n")
_LTXDOC = re.compile(r"\s*(?:\[[^\[\]]{0,2000}\])?\s*\{ltxdoc\}")
_MAX_QUOTED = 500

WORDS = _COMMANDS | _MAKE | _DELETE | _DEFINE | {"documentclass"}


class Verbatims:
    r"""What is verbatim in one document.

    Attributes:
        quotes: characters each of which quotes up to its next occurrence, as `|` does after \MakeShortVerb{\|}.
    """

    def __init__(self) -> None:
        self.quotes = ""
        self._own: dict[str, bool] = {}

    def is_opaque(self, environment: str) -> bool:
        """Whether the content of an environment is not read."""
        known = environment in _OPAQUE or environment in self._own
        return known or _VERBATIM.fullmatch(environment) is not None

    def typesets_nothing(self, environment: str) -> bool:
        """Whether an opaque environment typesets nothing."""
        return environment in _DROPPED or self._own.get(environment, False)

    def add_environment(self, name: str, begin: str) -> None:
        """Remember an environment whose definition begins a verbatim one."""
        if _QUOTING_BODY.search(begin):
            self._own[name] = False

    def command(self, word: str, text: str, end: int) -> tuple[str, int]:
        """The replacement of one of WORDS, which ends at an offset, and the offset behind its arguments."""
        if word in _COMMANDS:
            return _quoted(word, text, end)
        if word in _DEFINE and (name := _NAME.match(text, end, end + 2200)):
            self._own[name[1] + "code" * (word == "newminted")] = word == "excludecomment"
            return "", groups(text, name.end(), 2)[1] if word == "lstnewenvironment" else name.end()
        if word in _MAKE | _DELETE and (quote := _QUOTE.match(text, end, end + 400)):
            self.quotes = self.quotes.replace(quote[1] or quote[2], "")
            if word in _MAKE:
                self.quotes += quote[1] or quote[2]
            return "", quote.end()
        if word == "documentclass" and _LTXDOC.match(text, end, end + 2200):
            self.quotes = "|"
        return f"\\{word}", end


def end_of_quote(text: str, start: int) -> int:
    """Offset behind the text quoted by the character at `start`; behind that character where the line has no other."""
    line_end = text.find("\n", start, start + _MAX_QUOTED)
    end = text.find(text[start], start + 1, line_end if line_end >= 0 else start + _MAX_QUOTED)
    return end + 1 if end >= 0 else start + 1


def typeset(quoted: str) -> str:
    r"""Quoted text as a text of TeX; where tables would read a formula in it, a \verb that they reject."""
    return r"\verb" if r"\(" in quoted else rf"\texttt{{{escape(quoted)}}}"


def _quoted(word: str, text: str, end_of_word: int) -> tuple[str, int]:
    start = end_of_word + text.startswith("*", end_of_word)
    if text.startswith("[", start):
        start = max(start, text.find("]", start, start + 200) + 1)
    if word == "mintinline":
        start = max(start, _end_of_raw_group(text, start))
    mark = text[start : start + 1]
    if mark == "{":
        end = _end_of_raw_group(text, start)
    else:
        marks = mark and not mark.isalnum() and not mark.isspace() and (mark == "|" or word not in _URLS)
        end = end_of_quote(text, start) if marks else -1
    if end < 0 or end == start + 1:
        return f"\\{word}", end_of_word
    # The text of a link follows its URL, and stays.
    return "" if word == "href" else typeset(text[start + 1 : end - 1]), end


def _end_of_raw_group(text: str, start: int) -> int:
    """Offset behind the group at `start`, in which a backslash does not escape a brace; -1 where there is none."""
    if not text.startswith("{", start):
        return -1
    depth = 0
    for brace in _RAW_BRACE.finditer(text, start, start + 2000):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if brace[0][0] == "\n" or depth > MAX_DEPTH:
            return -1
        if depth == 0:
            return brace.end()
    return -1

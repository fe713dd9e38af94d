r"""What TeX takes as it stands: environments, commands and single signs, and those that a document adds.

Nothing in it opens a formula: the dollar of $HOME, the per cent of an address.
"""

import re

from pipelines.corpora.tex.macros import MAX_BODY_CHARS, MAX_DEPTH, end_of_group
from renderers.labels.tables.escape import escape

_SILENT = frozenset(("comment", "filecontents", "filecontents*"))
_OPAQUE = _SILENT | {
    *("lstlisting", "minted", "luacode", "luacode*", "alltt", "tcblisting", "LTXexample", "algorithmic"),
    *("tikzpicture", "pspicture", "picture", "asy", "tikzcd", "forest", "pgfpicture", "code", "Code", "sourcecode"),
}
_VERBATIM = re.compile(r"[A-Za-z]*[vV]erbatim\*?")
"""sverbatim, BVerbatim, boxedverbatim: classes have their own, and are not in the source."""
_ADDRESSES = frozenset(("url", "nolinkurl", "path", "href"))
_COMMANDS = _ADDRESSES | {"verb", "Verb", "spverb", "lstinline", "mintinline"}
_MAKE = frozenset(("MakeShortVerb", "DefineShortVerb", "lstMakeShortInline"))
_DELETE = frozenset(("DeleteShortVerb", "UndefineShortVerb", "lstDeleteShortInline"))
_DEFINE = frozenset(("DefineVerbatimEnvironment", "lstnewenvironment", "newtcblisting", "newminted", "excludecomment"))
_SIGN = re.compile(r"\*?\s*(?:\[[^\[\]\n]{0,300}\]\s*)?(?:\{\s*\\?([^\w\s\\{}$%&#])\s*\}|\\?([^\w\s\\{}$%&#]))")
_NAME = re.compile(r"\s*(?:\[[^\[\]]{0,2000}\]\s*)?\{([A-Za-z]{1,100}\*?)\}")
_QUOTING_BODY = re.compile(r"\\(?:verbatim|Verbatim|VerbatimEnvironment|lstlisting|minted|alltt|comment)(?![A-Za-z@])")
_RAW_BRACE = re.compile(r"[{}]|\n[ \t]*\n")
_LTXDOC = re.compile(r"\s*(?:\[[^\[\]]{0,2000}\])?\s*\{ltxdoc\}")
_MAX_QUOTED = 500

WORDS = _COMMANDS | _MAKE | _DELETE | _DEFINE | {"documentclass"}


class Verbatims:
    r"""What is verbatim in one document.

    Attributes:
        signs: that quote up to the next of them, as `|` does after \MakeShortVerb{\|}.
    """

    def __init__(self) -> None:
        self.signs = ""
        self._own: dict[str, bool] = {}

    def is_opaque(self, environment: str) -> bool:
        """Whether an environment is not read."""
        known = environment in _OPAQUE or environment in self._own
        return known or _VERBATIM.fullmatch(environment) is not None

    def is_silent(self, environment: str) -> bool:
        """Whether an opaque environment typesets nothing."""
        return environment in _SILENT or self._own.get(environment, False)

    def learn_environment(self, name: str, begin: str) -> None:
        """Take note of an environment whose definition begins one that quotes."""
        if _QUOTING_BODY.search(begin):
            self._own[name] = False

    def command(self, word: str, text: str, place: int) -> tuple[str, int]:
        """What stands for one of WORDS that ends at a place, and where what belongs to it ends."""
        if word in _COMMANDS:
            return _quoted(word, text, place)
        if word in _DEFINE and (name := _NAME.match(text, place, place + 2200)):
            self._own[name[1] + "code" * (word == "newminted")] = word == "excludecomment"
            return "", groups(text, name.end(), 2)[1] if word == "lstnewenvironment" else name.end()
        if word in _MAKE | _DELETE and (sign := _SIGN.match(text, place, place + 400)):
            self.signs = self.signs.replace(sign[1] or sign[2], "")
            if word in _MAKE:
                self.signs += sign[1] or sign[2]
            return "", sign.end()
        if word == "documentclass" and _LTXDOC.match(text, place, place + 2200):
            self.signs = "|"
        return f"\\{word}", place


def end_of_quote(text: str, place: int) -> int:
    """Behind the sign at a place and the next of it in the same line, else behind the first alone."""
    line_end = text.find("\n", place, place + _MAX_QUOTED)
    end = text.find(text[place], place + 1, line_end if line_end >= 0 else place + _MAX_QUOTED)
    return end + 1 if end >= 0 else place + 1


def typeset(quoted: str) -> str:
    r"""Quoted text as a text of TeX; what our tables would take for a formula is left for them to refuse."""
    return r"\verb" if r"\(" in quoted else rf"\texttt{{{escape(quoted)}}}"


def _quoted(word: str, text: str, place: int) -> tuple[str, int]:
    start = place + text.startswith("*", place)
    if text.startswith("[", start):
        start = max(start, text.find("]", start, start + 200) + 1)
    if word == "mintinline":
        start = max(start, _end_of_raw_group(text, start))
    mark = text[start : start + 1]
    if mark == "{":
        end = _end_of_raw_group(text, start)
    else:
        marks = mark and not mark.isalnum() and not mark.isspace() and (mark == "|" or word not in _ADDRESSES)
        end = end_of_quote(text, start) if marks else -1
    if end < 0 or end == start + 1:
        return f"\\{word}", place
    # The text of a link stays, behind its address.
    return "" if word == "href" else typeset(text[start + 1 : end - 1]), end


def _end_of_raw_group(text: str, place: int) -> int:
    """Behind the group at a place; a backslash does not hide a brace here. -1 where there is none."""
    if not text.startswith("{", place):
        return -1
    depth = 0
    for brace in _RAW_BRACE.finditer(text, place, place + 2000):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if brace[0][0] == "\n" or depth > MAX_DEPTH:
            return -1
        if depth == 0:
            return brace.end()
    return -1


def groups(text: str, place: int, num: int) -> tuple[list[str], int]:
    """So many groups, without their braces, and where the last ends; fewer where no more follow soon.

    One without an end is passed over up to the limit: so no text is searched again and again.
    """
    found: list[str] = []
    for _ in range(num):
        start = text.find("{", place, place + 100)
        end = end_of_group(text, start) if start >= 0 else -1
        if end < 0:
            return found, min(len(text), start + MAX_BODY_CHARS) if start >= 0 else place
        found.append(text[start + 1 : end - 1])
        place = end
    return found, place

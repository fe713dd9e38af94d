r"""The words of a line of Mathpix Markdown: what is printed of it, formulas in `\(` and `\)`."""

import re

from renderers.core.errors import LabelError

_KEPT = re.compile(
    r"\\\((?P<round>.*?)\\\)|\$(?P<dollar>[^$\s](?:[^$]*[^$\s\\])?)\$|`(?P<code>[^`]+)`"
    r"|\\(?P<sign>[!-/:-@\[-`{-~])",
    re.DOTALL,
)
_ESCAPED_FIRST = 0xE000
"""Private characters stand for what is kept while emphasis is read."""

_STYLES = re.compile(
    r"\\(?:textbf|textit|emph|underline|texttt|textsf|textrm|textsc|text|uline|href\{[^{}]*\}|url)\{([^{}]*)\}"
)
_EMPHASIS = (
    re.compile(r"(\*\*|__|~~|==|\+\+)(?=\S)(.+?)(?<=\S)\1"),
    re.compile(r"(\*)(?=[^\s*])(.+?)(?<=[^\s*])\1"),
    re.compile(r"(?<!\w)(_)(?=[^\s_])(.+?)(?<=[^\s_])\1(?!\w)"),
)
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_ADDRESS = re.compile(r"<((?:https?|mailto):[^<>\s]*)>")
_SIGNS = {
    "ldots": "…",
    "dots": "…",
    "textendash": "–",
    "textemdash": "—",
    "textbackslash": "\\",
    "quad": " ",
    "qquad": " ",
}
_COMMAND = re.compile(r"\\([A-Za-z]+)(?:\{\})?\s*")
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&quot;": '"', "&#40;": "("}
_ENTITY = re.compile("|".join(_ENTITIES))


def read_words(line: str) -> str:
    """The text of a line, not settled yet.

    Raises:
        LabelError: a command that is not known, or too many characters with a backslash.
    """
    line = line.strip().replace("\n", " ")
    if not _unready(line):
        return line
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        formula = found["round"] if found["round"] is not None else found["dollar"]
        kept.append(rf"\({formula}\)" if formula is not None else (found["code"] or found["sign"]))
        if len(kept) > 6000:
            raise LabelError("too many formulas in a line")
        return chr(_ESCAPED_FIRST + len(kept) - 1)

    if any(_ESCAPED_FIRST <= ord(char) < _ESCAPED_FIRST + 6400 for char in line):
        raise LabelError("a private character")
    words = _KEPT.sub(keep, line)
    words = _ADDRESS.sub(r"\1", _LINK.sub(r"\1", words))
    while _STYLES.search(words):
        words = _STYLES.sub(r"\1", words)
    for emphasis in _EMPHASIS:
        words = emphasis.sub(r"\2", words)
    words = _COMMAND.sub(_sign, words)
    if "\\" in words:
        at = words.index("\\")
        raise LabelError(f"{words[at : at + 12]!r} outside of a formula")
    words = _ENTITY.sub(lambda found: _ENTITIES[found[0]], words)
    return "".join(
        kept[ord(char) - _ESCAPED_FIRST] if _ESCAPED_FIRST <= ord(char) < _ESCAPED_FIRST + len(kept) else char
        for char in words
    )


def _sign(found: re.Match[str]) -> str:
    if found[1] not in _SIGNS:
        raise LabelError(f"\\{found[1]} outside of a formula")
    return _SIGNS[found[1]]


def _unready(line: str) -> bool:
    return any(char in line for char in "\\`*_$~<&=+[")

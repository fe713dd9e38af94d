r"""Texts of a table in LaTeX and back: characters that TeX takes for commands, and formulas, which stay as they are."""

import re

from renderers.core.errors import LabelError
from renderers.labels.tables.tree import FORMULA, tidy

_WORDS = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_ESCAPES = {char: f"\\{char}" for char in "&%$#_{}"} | _WORDS
_TO_LATEX = str.maketrans(_ESCAPES)

_CHARS = {latex.removesuffix("{}")[1:]: char for char, latex in _ESCAPES.items()} | {
    "textendash": "–",
    "textemdash": "—",
    "textasteriskcentered": "*",
    "textbar": "|",
    "textless": "<",
    "textgreater": ">",
    "textdegree": "°",
    "texteuro": "€",
    "pounds": "£",
    "quad": " ",
    "qquad": " ",
    "ldots": "…",
    "dots": "…",
    ",": " ",
    " ": " ",
    "\n": " ",
}
"""Commands of text that stand for a character."""

_STYLES = frozenset(
    (
        *("textbf", "textit", "emph", "textsc", "texttt", "textsf", "textrm", "textup", "textmd", "underline"),
        *("bfseries", "itshape", "scshape", "sffamily", "ttfamily", "rmfamily", "mdseries", "upshape"),
        *("centering", "raggedright", "raggedleft", "makecell", "thead"),
        *("small", "footnotesize", "scriptsize", "normalsize", "large"),
    )
)
"""Commands that change only how the text looks: they are skipped."""

_TOKEN = re.compile(
    r"(?P<formula>\\\(.*?\\\)|\$[^$]*\$)|\\(?P<command>[A-Za-z]+\*?|.)|(?P<comment>%[^\n]*\n?)|(?P<char>.)", re.DOTALL
)


def escape(text: str) -> str:
    """A plain text as LaTeX."""
    if "\\(" not in text:
        return text.translate(_TO_LATEX)
    pieces: list[str] = []
    at = 0
    for formula in FORMULA.finditer(text):
        pieces += (text[at : formula.start()].translate(_TO_LATEX), formula[0])
        at = formula.end()
    return "".join([*pieces, text[at:].translate(_TO_LATEX)])


def unescape(latex: str) -> str:
    """The plain text of LaTeX, without styles and redundant blanks.

    Raises:
        LabelError: a command that is no text.
    """
    pieces: list[str] = []
    eat_blank, num_formulas = False, 0
    for token in _TOKEN.finditer(latex):
        kind = token.lastgroup
        if eat_blank and token[0].isspace():
            continue
        eat_blank = kind == "command" and token["command"].isalpha()
        if kind == "formula":
            pieces.append(_formula(token[0]))
            num_formulas += 1
        elif kind == "command":
            pieces.append(_command(token["command"]))
        elif kind == "char":
            pieces.append(_plain_char(token[0]))
    text = "".join(pieces)
    if len(FORMULA.findall(text)) != num_formulas:
        raise LabelError("backslashes that would read as a formula")
    return tidy(text)


def _formula(source: str) -> str:
    inside = tidy(source[1:-1] if source[0] == "$" else source[2:-2])
    if not inside:
        raise LabelError("an empty formula")
    return f"\\({inside}\\)"


def _command(name: str) -> str:
    if name == "\\" or name in _STYLES:
        return " " if name == "\\" else ""
    if name not in _CHARS:
        raise LabelError(f"\\{name} is no text of a table")
    return _CHARS[name]


def _plain_char(char: str) -> str:
    if char in "&$" or (ord(char) < 32 and not char.isspace()):
        raise LabelError(f"{char!r} stands where it may not")
    return {"~": " ", "{": "", "}": ""}.get(char, char)

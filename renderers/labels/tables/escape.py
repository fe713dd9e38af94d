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

_LIGATURES = {"---": "—", "--": "–", "``": "“", "''": "”", "?`": "¿", "!`": "¡"}
"""What TeX prints of characters side by side; in a label that is the character itself."""
_WOULD_JOIN = re.compile(r"(?<=-)-|(?<=')'|(?<=[`?!])`")
_TYPEWRITER = re.compile(r"\\texttt\s*\{(?:[^{}\\]|\\.|\{[^{}]*\})*\}", re.DOTALL)
"""There they do not join."""

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
    **dict.fromkeys((",", ";", ":", ">", " ", "thinspace", "enspace"), " "),
    **dict.fromkeys(("/", "-", "!"), ""),
    "\n": " ",
}
"""Commands of text that stand for a character."""

_SILENT = dict.fromkeys(
    (
        *("textbf", "textit", "emph", "textsc", "texttt", "textsf", "textrm", "textup", "textmd", "underline"),
        *("textsl", "textnormal", "mbox", "bfseries", "itshape", "scshape", "sffamily", "ttfamily", "rmfamily"),
        *("mdseries", "upshape", "slshape", "normalfont", "bf", "it", "rm", "sf", "sl", "sc", "tt", "em"),
        *("centering", "raggedright", "raggedleft", "arraybackslash", "noindent", "strut", "null", "relax"),
        *("protect", "hfill", "hfil", "selectfont", "boldmath", "unboldmath", "leavevmode"),
        *("tiny", "scriptsize", "footnotesize", "small", "normalsize", "large", "Large", "LARGE", "huge", "Huge"),
    ),
    "",
) | {
    **dict.fromkeys(("shortstack", "makecell", "thead", "rothead"), "*o"),
    **dict.fromkeys(("color", "textcolor", "colorbox", "rotatebox"), "oa"),
    **dict.fromkeys(("cellcolor", "rowcolor", "columncolor"), "oag"),
    "raisebox": "ag",
    "parbox": "oa",
    "scalebox": "ao",
    "resizebox": "*aa",
    "fontsize": "aa",
    "vspace": "*a",
    "vphantom": "a",
    "label": "a",
    "extracolsep": "a",
    "setlength": "aa",
}
"""Commands that print nothing, and what follows them that prints nothing either: a star, options, arguments, gaps. A
text in braces behind that is printed."""
_BLANK = {"hspace": "*a", "phantom": "a", "hphantom": "a", "newline": "", "linebreak": "o"}
"""As above, but they leave room."""

GAP = (
    r"\s*\[\s*[-+]?\s*(?:[\d.,]+\s*(?:pt|em|ex|mm|cm|in|pc|bp|dd|cc|sp|mu|px)(?![A-Za-z])|[\d.,]*\s*\\[A-Za-z]+)"
    r"[^\]]*\]"
)
r"""A length in brackets, as behind \\ or \toprule; other words in brackets are printed."""

_STRUT = re.compile(
    r"\\rule\s*(?:\[[^\]]*\]\s*)?\{\s*0+\.?0*\s*(?:pt|em|ex|mm|cm|in)\s*\}\s*\{[^{}]*\}"
    r"|\\(?:hskip|kern|hsize\s*=)\s*-?[\d.]*\s*(?:\\[A-Za-z]+|[a-z]{2})"
    r"(?:\s+(?:plus|minus)\s*-?[\d.]*\s*(?:fil+|[a-z]{2}))*|\\let\s*\\newline\s*=?\s*\\(?:\\|tabularnewline)"
)
"""Rules without a width, and lengths as TeX itself writes them: room, and no ink."""
_TOKEN = re.compile(
    rf"(?P<formula>\\\(.*?\\\)|\$(?:\\.|[^\\$])*\$)|(?P<row_break>\\\\\s*\*?(?:{GAP})?)"
    rf"|(?P<strut>{_STRUT.pattern})|\\(?P<command>[A-Za-z]+|.)|(?P<comment>%[^\n]*\n?)"
    rf"|(?P<ligature>{'|'.join(map(re.escape, _LIGATURES))})|(?P<char>.)",
    re.DOTALL,
)
_FOLLOWING = {
    "*": re.compile(r"\s*\*?"),
    "o": re.compile(r"(?:\s*\[[^\]]*\])*"),
    "g": re.compile(f"(?:{GAP})*"),
    "a": re.compile(r"\s*(?:\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}|\\[A-Za-z]+|[^\s{}\\])"),
}


def escape(text: str) -> str:
    """A plain text as LaTeX."""
    if "\\(" not in text:
        return _escape_words(text)
    pieces: list[str] = []
    at = 0
    for formula in FORMULA.finditer(text):
        pieces += (_escape_words(text[at : formula.start()]), formula[0])
        at = formula.end()
    return "".join([*pieces, _escape_words(text[at:])])


def _escape_words(text: str) -> str:
    return _WOULD_JOIN.sub(r"{}\g<0>", text.translate(_TO_LATEX))


def unescape(latex: str) -> str:
    """The plain text of LaTeX, without styles and redundant blanks.

    Raises:
        LabelError: a command that is no text.
    """
    latex = _TYPEWRITER.sub(lambda found: _WOULD_JOIN.sub(r"{}\g<0>", found[0]), latex)
    pieces: list[str] = []
    eat_blank, num_formulas, at = False, 0, 0
    while token := _TOKEN.match(latex, at):
        at = token.end()
        kind = token.lastgroup
        if eat_blank and token[0].isspace():
            continue
        eat_blank = kind == "command" and token["command"].isalpha()
        if kind == "formula":
            pieces.append(_formula(token[0]))
            num_formulas += 1
        elif kind == "command":
            text, at = _command(token["command"], latex, at)
            pieces.append(text)
            eat_blank &= at == token.end()
        elif kind == "row_break" or (kind == "strut" and token[0].startswith(("\\hskip", "\\kern"))):
            pieces.append(" ")
        elif kind == "ligature":
            pieces.append(_LIGATURES[token[0]])
        elif kind == "char":
            pieces.append(_plain_char(token[0]))
    text = "".join(pieces)
    if len(FORMULA.findall(text)) != num_formulas:
        raise LabelError("backslashes that would read as a formula")
    return tidy(text)


def after_silent(latex: str) -> str:
    """What stands behind the commands that print nothing at the start of LaTeX."""
    at = 0
    while (token := _TOKEN.match(latex, at)) and (token[0].isspace() or token["command"] in _SILENT):
        at = _skip(_SILENT[token["command"]], token["command"], latex, token.end()) if token["command"] else token.end()
    return latex[at:]


def _formula(source: str) -> str:
    inside = tidy(source[1:-1] if source[0] == "$" else source[2:-2])
    if not inside:
        raise LabelError("an empty formula")
    return f"\\({inside}\\)"


def _command(name: str, latex: str, at: int) -> tuple[str, int]:
    """What a command prints, and where what belongs to it ends."""
    if name in _CHARS:
        return _CHARS[name], at
    if name not in _SILENT and name not in _BLANK:
        raise LabelError(f"\\{name} is no text of a table")
    return (
        ("", _skip(_SILENT[name], name, latex, at)) if name in _SILENT else (" ", _skip(_BLANK[name], name, latex, at))
    )


def _skip(signature: str, name: str, latex: str, at: int) -> int:
    """Behind the arguments of a command that print nothing."""
    for kind in signature:
        found = _FOLLOWING[kind].match(latex, at)
        if found is None:
            raise LabelError(f"\\{name} without its argument")
        at = found.end()
    return at


def _plain_char(char: str) -> str:
    if char in "&$" or (ord(char) < 32 and not char.isspace()):
        raise LabelError(f"{char!r} stands where it may not")
    return {"~": " ", "{": "", "}": ""}.get(char, char)

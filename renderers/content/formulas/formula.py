r"""What one picture of formulas says: display formulas, inline ones, and the prose around them, and its target.

The target is one string in Mathpix form: `\( \)` in a line, `\[ \]` on lines of their own.
"""

import re
from typing import Literal, TypeAlias

import msgspec

from renderers.labels.latex import grammar as latex

PartKind: TypeAlias = Literal["text", "inline", "display"]
Source: TypeAlias = Literal["grammar", "sympy", "text", "corpus"]

_FORMULA = re.compile(r"\s*\\\[ (.*?) \\\]\s*|\\\( (.*?) \\\)", re.DOTALL)
_TAG = re.compile(r"\s*\\tag\{([^{}]*)\}\s*$")
_NESTING = re.compile(r"\\[{}]|[{}]|\\left(?![a-z])|\\right(?![a-z])|\\(?:begin|end)\{\w+\*?\}")
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[^\s{}]")


class Part(msgspec.Struct, frozen=True, gc=False):
    """A stretch of prose, or a formula.

    Attributes:
        kind: text, inline (text style) or display (display style, on a line of its own).
        latex: prose as it is typed, or the mathematics without its delimiters.
        tag: number of a display formula, without parentheses, or "".
    """

    kind: PartKind
    latex: str
    tag: str = ""


class Formula(msgspec.Struct, frozen=True, gc=False):
    r"""The content of one picture.

    Attributes:
        parts: in reading order.
        language: zh where a Chinese character stands in it, else en.
        source: where it comes from: the grammar of patterns, the bank of sympy, lines of prose, a corpus.
        depth: deepest nesting of braces, \left and environments.
    """

    parts: tuple[Part, ...]
    language: str
    source: Source
    depth: int


def make_formula(parts: tuple[Part, ...], source: Source) -> Formula:
    """A formula whose language and depth are read off its parts."""
    language = "zh" if any(has_han(part.latex) for part in parts) else "en"
    return Formula(parts, language, source, max(nesting_of(part.latex) for part in parts))


def target(formula: Formula) -> str:
    """The picture's string, before `labels.latex.normalize`."""
    return _written(formula.parts)


def _written(parts: tuple[Part, ...]) -> str:
    pieces: list[str] = []
    for part in parts:
        if part.kind == "text":
            pieces.append(part.latex)
        elif part.kind == "inline":
            pieces.append(rf"\( {part.latex} \)")
        else:
            tag = rf" \tag{{{part.tag}}}" if part.tag else ""
            pieces.append(f"\n\\[ {part.latex}{tag} \\]\n")
    return re.sub(r"\s*\n\s*", "\n", "".join(pieces)).strip()


def formula_key(parts: tuple[Part, ...]) -> str:
    """What makes two pictures of formulas the same: canonical, whatever their numbers, their style and their last mark.

    Raises:
        LabelError: they are no target.
    """
    if any(part.kind == "text" for part in parts):
        plain = tuple(Part(part.kind, part.latex) for part in parts)
        return latex.normalize(_written(plain))
    return "\n".join(without_mark(latex.normalize(rf"\[ {part.latex} \]")[3:-3]) for part in parts)


def without_mark(canonical: str) -> str:
    """A canonical formula without the mark of a sentence that it may end with."""
    return canonical.rstrip(" ,.;")


def read_parts(markup: str) -> tuple[Part, ...]:
    """The parts of a target."""
    parts: list[Part] = []
    start = 0
    for match in _FORMULA.finditer(markup):
        text = markup[start : match.start()]
        if text.strip():
            parts.append(Part("text", text))
        start = match.end()
        display, inline = match.groups()
        if inline is not None:
            parts.append(Part("inline", inline))
        else:
            tag = _TAG.search(display)
            parts.append(Part("display", _TAG.sub("", display), tag[1] if tag else ""))
    if markup[start:].strip():
        parts.append(Part("text", markup[start:]))
    return tuple(parts)


def has_han(text: str) -> bool:
    """Whether Chinese characters or their punctuation stand in a text."""
    return any(char >= "\u2e80" for char in text)


def num_tokens(latex: str) -> int:
    """About how many characters and commands a piece of LaTeX has, braces not counted."""
    return len(_TOKEN.findall(latex))


def nesting_of(latex: str) -> int:
    """Deepest nesting of braces, delimiters that grow, and environments."""
    depth = deepest = 0
    for delimiter in _NESTING.findall(latex):
        if delimiter in {"{", r"\left"} or delimiter.startswith(r"\begin"):
            depth += 1
            deepest = max(deepest, depth)
        elif delimiter in {"}", r"\right"} or delimiter.startswith(r"\end"):
            depth -= 1
    return deepest

r"""Formulas in Mathpix form: `\( ... \)` in a line, `\[ ... \]` displayed, words around them.

    Let \( x \) be the root of
    \[ \frac{x^{10}-1}{x-1}=\sum_{k=0}^9x^k\tag{1} \]

Canonical text: a blank only where a command word meets a letter; braces around every argument, around a script only
where it is more than one lexeme; the subscript before primes before the superscript; one name for symbols that look
alike (`\le`, `\to`, `\{`); no style, brace, `\left` or `\limits` that changes nothing; of spaces only `\quad` and
`\qquad`, since narrower gaps look like those that TeX puts there itself. No colours, labels, or comments. Displayed
formulas have a line of their own. In the words a character stands for itself, but `\$` for a dollar,
and no blank stands beside a Chinese one.
"""

import re
import unicodedata
from functools import lru_cache

from renderers.core.errors import LabelError
from renderers.labels.canonical import Span, find_fault
from renderers.labels.latex.commands import DISPLAYS, TABLE_SYNONYMS
from renderers.labels.latex.read import read_list
from renderers.labels.latex.signs import signs_in_fonts, take_apart
from renderers.labels.latex.tables import read_lines, read_table
from renderers.labels.latex.tokens import Reader
from renderers.labels.latex.tree import Formula, Piece, Prose
from renderers.labels.latex.words import close_han
from renderers.labels.latex.write import LabelWriter

_OPENS = re.compile(r"\\\(|\\\[|\$\$|\$|\\begin\s*\{([A-Za-z]+\*?)\}|\\[%&#_$~{}]|\\")
_CLOSES = {r"\(": r"\)", r"\[": r"\]", "$": "$", "$$": "$"}
_FONT_COMMAND = re.compile(
    r"\\(?:math[a-z]|operatorname|SI|qty|unit|num|ang|bold|bm|pmb|Bbb|frak|scr|cal|(?:rm|bf|it|sf|tt|sl|em|si)(?![A-Za-z]))"
)
_MAX_PASSES = 8
"""Of 100,000 wild formulas none needs more than three: `tests/property/test_latex_labels.py`."""
_BLANKS = re.compile(r"[^\S\n]*\n\s*|[^\S\n]+")


def read(text: str) -> list[Piece]:
    """The pieces of a target, prose and formulas in turn, with canonical blanks between.

    Raises:
        LabelError: not in the grammar; names what is not known.
    """
    pieces: list[Piece] = []
    words: list[str] = []
    position = 0
    while match := _OPENS.search(text, position):
        words.append(text[position : match.start()])
        lexeme, position = match[0], match.end()
        if lexeme == "\\":
            raise LabelError(f"{text[match.start() : position + 12]!r} outside of a formula")
        if lexeme[0] == "\\" and lexeme[1] in "%&#_$~{}":
            words.append(lexeme[1])
            continue
        pieces.append(Prose("".join(words)))
        words = []
        formula, position = _read_formula(text, position, lexeme, match[1])
        pieces.append(formula)
    pieces.append(Prose("".join([*words, text[position:]])))
    if len(pieces) == 1:
        raise LabelError(r"no formula in \( \) or \[ \]")
    return _settle_blanks(pieces)


def _read_formula(text: str, position: int, lexeme: str, environment: str | None) -> tuple[Formula, int]:
    reader = Reader(text, position)
    displayed = lexeme not in (r"\(", "$") and environment != "math"
    if environment is None:
        body = read_lines(reader, _CLOSES[lexeme], read_list)
        if lexeme == "$$":
            reader.need("$", "$$")
    elif environment not in DISPLAYS:
        raise LabelError(f"the environment {environment} outside of a formula")
    elif environment in TABLE_SYNONYMS:
        body = [read_table(reader, environment, read_list)]
    else:
        body = read_lines(reader, r"\end", read_list)
        if (end := reader.raw(r"\end")) != environment:
            raise LabelError(f"{environment} ends as {end}")
    if len(reader.tags) > displayed:
        raise LabelError("several tags in a formula" if displayed else "a tag in a line")
    return Formula(body, displayed, "".join(reader.tags)), reader.position


def _settle_blanks(pieces: list[Piece]) -> list[Piece]:
    settled: list[Piece] = []
    for at, piece in enumerate(pieces):
        if isinstance(piece, Formula):
            settled.append(piece)
            continue
        words = unicodedata.normalize("NFC", piece.text).replace("’", "'")
        words = close_han(_BLANKS.sub(lambda match: "\n" if "\n" in match[0] else " ", words))
        if not words.replace("\n", " ").isprintable():
            raise LabelError("characters that do not print")
        first, last = at == 0, at == len(pieces) - 1
        before, after = (pieces[at - 1] if not first else None), (pieces[at + 1] if not last else None)
        own_line = isinstance(before, Formula) and before.displayed, isinstance(after, Formula) and after.displayed
        words = words.lstrip() if first or own_line[0] else words
        words = words.rstrip() if last or own_line[1] else words
        if own_line[0] and not (last and not words):
            words = "\n" + words
        if own_line[1] and not (first and not words) and words != "\n":
            words += "\n"
        settled.append(Prose(words))
    return [piece for piece in settled if not isinstance(piece, Prose) or piece.text]


@lru_cache(maxsize=4)  # A row's label is checked, and then its inked spans are read.
def write(text: str) -> LabelWriter:
    """The writer of a target that has written its canonical text; shared, so only to be read.

    What is left out where it draws nothing may have kept other parts from their canonical form (primes behind an
    invisible bracket), so it is written until nothing changes: once more than the first time, nearly always.

    Raises:
        LabelError: not a target.
    """
    writer = _write(text)
    for _ in range(_MAX_PASSES):
        again = _write(writer.text)
        if again.text == writer.text:
            return again
        writer = again
    raise LabelError("has no canonical text")


@lru_cache(maxsize=4)
def _write(text: str) -> LabelWriter:
    writer = LabelWriter()
    writer.write(read(text))
    return writer


def write_signs(text: str) -> str:
    """A target with its signs taken apart (`signs.take_apart`), as canonical text.

    Raises:
        LabelError: not a target.
    """
    text = normalize(text)
    for _ in range(_MAX_PASSES):
        writer = LabelWriter()
        writer.write(take_apart(read(text)))
        text = normalize(writer.text)
        if text == writer.text:
            return text
    raise LabelError("has no canonical signs")


def fonts_of(text: str) -> frozenset[tuple[str, str]]:
    """The letters and digits of a target that stand in commands of fonts, with these (`signs.signs_in_fonts`).

    Raises:
        LabelError: not a target.
    """
    # Three of four formulas have no command of a font, and taking one apart costs as much as writing it.
    return signs_in_fonts(read(text)) if _FONT_COMMAND.search(text) else frozenset()


def normalize(text: str) -> str:
    """The canonical text. Idempotent.

    Raises:
        LabelError: not a target.
    """
    return write(text).text


def check(text: str) -> str | None:
    """Why a text is not a canonical target, or None."""
    return find_fault(normalize, text, "blanks, braces, names or order")


def inked_spans(text: str) -> list[tuple[Span, str]]:
    """The spans of a canonical target that a picture must show, each with its text, in order."""
    writer = write(text)
    return [((start, stop), writer.text[start:stop]) for start, stop in writer.spans]


_SAME = {
    r"\mid": ("|",), r"\bot": (r"\perp",), r"\parallel": (r"\|",), r"\setminus": (r"\backslash",),
    r"\iint": (r"\int", r"\int"), r"\iiint": (r"\int",) * 3, r"\iiiint": (r"\int",) * 4, r"\quad": (), r"\qquad": (),
    r"\dfrac": (r"\frac",), r"\tfrac": (r"\frac",), r"\dbinom": (r"\binom",), r"\tbinom": (r"\binom",),
    r"\displaystyle": (), r"\textstyle": (),
}  # fmt: skip
_TOKEN = re.compile(r"\\operatorname\*|\\[A-Za-z]+|\\[^()\[\]]|\\[()\[\]]|\S")


def equal(a: str, b: str) -> bool:
    r"""Whether two targets leave the same ink: beside what `normalize` settles, gaps and sizes do not count.

    Nor does it which commands say a font: \mathrm{H_2O} is \mathrm{H}_2\mathrm{O}, \sin is \mathrm{sin}; see `signs`.

    Raises:
        LabelError: one of them is not a target.
    """
    return _meaning(a) == _meaning(b)


def _meaning(text: str) -> list[str]:
    tokens = _TOKEN.findall(write_signs(text))
    return [same for lexeme in tokens for same in _SAME.get(lexeme, (lexeme,))]

"""From the text of a formula to its tree.

A reader of what people write, not only of canonical text: old font switches, infix fractions, arguments without
braces, other names. What it does not know is an error that names it: a command that is skipped would be ink that the
label does not say.
"""

import re
import unicodedata
from collections.abc import Callable

from renderers.core.errors import LabelError
from renderers.labels.latex import commands as c
from renderers.labels.latex.opaque import read_chemistry, read_equation_number, read_silent, read_tag
from renderers.labels.latex.scripts import attach, settle_dots
from renderers.labels.latex.tables import PLAIN_TABLES, fence_of_table, read_environment, read_plain_table, read_stack
from renderers.labels.latex.tokens import Reader
from renderers.labels.latex.tree import (
    Atom,
    Command,
    Fence,
    Gap,
    Group,
    Middle,
    Node,
    Row,
    Style,
    Table,
)
from renderers.labels.latex.units import QUANTITIES, read_quantity
from renderers.labels.latex.words import read_words

_CLOSING = frozenset(("}", "&", r"\\", r"\cr", r"\right", r"\middle", r"\end", r"\)", r"\]", "$", ""))
_UNSEEN = c.SILENT | c.GAPS | c.PHANTOMS
_INFIX = frozenset((r"\over", r"\choose", r"\atop"))
_DIGITS = re.compile(r"[0-9]+|\.(?=[0-9])")


def read_list(reader: Reader, stops: frozenset[str]) -> list[Node]:
    """Nodes up to one of the tokens, which stays.

    Raises:
        LabelError: not in the grammar.
    """
    reader.enter()
    # An old font switch holds to the end of the list, an infix command parts the list in two: neither opens a group.
    done: list[Node] = []
    items: list[Node] = []
    font = infix = ""
    above: list[Node] = []
    while (lexeme := reader.peek()) not in stops:
        if lexeme in _CLOSING:
            raise LabelError(f"{lexeme or 'the end'} where {' or '.join(sorted(stops)) or 'the end'} is wanted")
        reader.next()
        if lexeme in _INFIX:
            if infix:
                raise LabelError(f"{infix} and {lexeme} in one list")
            infix, above = lexeme, done + _in_font(items, font)
            done, items = [], []
        elif lexeme in c.SWITCHES:
            done += _in_font(items, font)
            font, items = c.SWITCHES[lexeme], []
        elif lexeme in ("_", "^", "'", r"\limits", r"\nolimits"):
            attach(reader, items, lexeme, read_argument)
        elif lexeme != " ":
            items += read_node(reader, lexeme)
    reader.leave()
    done += _in_font(items, font)
    return [_infix(infix, above, done)] if infix else done


def _in_font(items: list[Node], font: str) -> list[Node]:
    """What an old font switch holds for; all of it as it is where there is none."""
    settle_dots(items)
    return [Command(font, [_join_words(items)])] if font and items else items


def read_argument(reader: Reader, owner: str) -> list[Node]:
    """A list in braces, or the one lexeme that TeX would take.

    Raises:
        LabelError: neither comes.
    """
    lexeme = reader.skip()
    if lexeme in _CLOSING or lexeme in ("^", "_"):
        raise LabelError(f"{owner} lacks an argument")
    reader.next()
    reader.enter()
    if lexeme == "{":
        found = read_list(reader, frozenset("}"))
        reader.next()
    elif lexeme.isdigit():
        found = [Atom(lexeme)]
    else:
        found = read_node(reader, lexeme)
        settle_dots(found)
    reader.leave()
    return found


def read_node(reader: Reader, lexeme: str) -> list[Node]:
    """What a lexeme begins, scripts left out. Usually one node; none for what is silent."""
    if lexeme == "{":
        body = read_list(reader, frozenset("}"))
        reader.next()
        return [Group(body)]
    if lexeme[0] == "\\":
        return _read_command(reader, lexeme)
    if lexeme.isascii():
        if lexeme.isdigit():
            return [Atom(_number(reader, lexeme))]
        if lexeme.isalpha() or lexeme in c.CHARACTERS:
            return [Atom(lexeme)]
        if lexeme == "~":
            return [Gap("~")]
        raise LabelError(f"the character {lexeme!r} in a formula")
    return _read_wide_char(reader, lexeme)


def _number(reader: Reader, lexeme: str) -> str:
    while match := _DIGITS.match(reader.text, reader.position):
        lexeme += match[0]
        reader.position = match.end()
    return lexeme


def _read_wide_char(reader: Reader, lexeme: str) -> list[Node]:
    if lexeme in c.UNICODE:
        name = c.UNICODE[lexeme]
    else:
        words = unicodedata.name(lexeme, "").split()
        name = ""
        if words[:1] == ["GREEK"] and len(words) == 4 and words[2] == "LETTER":
            name = "\\" + (words[3].title() if words[1] == "CAPITAL" else words[3].lower())
    if name in c.SYMBOLS or name in c.CHARACTERS:
        return [Atom(name)]
    if ord(lexeme) < 0x2E80 or not lexeme.isprintable():
        raise LabelError(f"the character {lexeme!r} in a formula")
    while (char := reader.peek()) and ord(char[0]) >= 0x2E80 and char.isprintable():
        lexeme += reader.next()
    return read_words(Reader(f"{{{lexeme}}}"), r"\text", read_list)


def _read_command(reader: Reader, lexeme: str) -> list[Node]:
    name = c.COMMAND_SYNONYMS.get(lexeme, lexeme)
    if name == r"\operatorname" and reader.peek() == "*":
        name += reader.next()
    if name in c.SIGNATURES:
        return _read_arguments(reader, name)
    if name in c.SPACED or name == r"\ensuremath":
        return [Group(read_argument(reader, name), "" if name == r"\ensuremath" else name)]
    text = c.SYNONYMS.get(lexeme, lexeme)
    if text in c.SYMBOLS or text in c.CHARACTERS or text == r"\dots":
        return [Atom(text, text if lexeme in c.FOREIGN else lexeme)]
    if lexeme in c.TEXTS:
        reader.skip()
        return read_words(reader, c.TEXTS[lexeme], read_list)
    return _read_rest(reader, lexeme)


def _read_rest(reader: Reader, lexeme: str) -> list[Node]:
    if lexeme in c.STYLES:
        return [Style(lexeme, c.STYLES[lexeme])]
    if lexeme in c.THIN or lexeme in c.WIDE:
        return [Gap(lexeme, c.WIDE.get(lexeme, 0))]
    if lexeme in c.IDLE:
        return []
    size = lexeme if lexeme in c.SIZES else lexeme[:-1]
    if size in c.SIZES and (lexeme == size or lexeme[-1] in "lrm"):
        delimiter, shown = _delimiter(reader, lexeme)
        return [Atom(size + delimiter, lexeme + shown)]
    special = read_silent if lexeme in _UNSEEN else _SPECIAL.get(lexeme)
    special = read_quantity if lexeme in QUANTITIES else special
    if special is None:
        raise LabelError(f"unknown command {lexeme}")
    return special(reader, lexeme)


def _read_arguments(reader: Reader, name: str) -> list[Node]:
    option = None
    if c.SIGNATURES[name][0] == "o" and reader.take("["):
        option = read_list(reader, frozenset("]"))
        reader.next()
    arguments = [read_argument(reader, name) for mark in c.SIGNATURES[name] if mark == "m"]
    if name in c.FONTS or name in c.NAMES:
        arguments = [_join_words(arguments[0])]
    if name == r"\mathop" and len(arguments[0]) == 1:
        only = arguments[0][0]
        if isinstance(only, Command) and only.name in (r"\mathrm", r"\operatorname"):
            return [Command(r"\operatorname*", only.arguments)]
    return [Command(name, arguments, option or None)]


def _join_words(items: list[Node]) -> list[Node]:
    """Letters and digits that stand side by side in a font are one lexeme: TeX kerns them as a word."""
    joined: list[Node] = []
    for node in items:
        last = joined[-1] if joined else None
        if isinstance(node, Atom) and node.text.isalnum() and isinstance(last, Atom) and last.text.isalnum():
            joined[-1] = Atom(last.text + node.text)
        else:
            joined.append(node)
    return joined


def _delimiter(reader: Reader, owner: str) -> tuple[str, str]:
    """The canonical name of the delimiter that comes, and as it is written."""
    reader.skip()
    lexeme = reader.next()
    shown = {"<": r"\langle", ">": r"\rangle"}.get(lexeme, lexeme)
    name = c.SYNONYMS.get(shown, shown)
    if name not in c.DELIMITERS and name != ".":
        raise LabelError(f"{owner} wants a delimiter and gets {lexeme or 'the end'}")
    return name, shown


def _read_fence(reader: Reader, lexeme: str) -> list[Node]:
    left, _ = _delimiter(reader, lexeme)
    body: list[Node] = []
    while True:
        body += read_list(reader, frozenset((r"\right", r"\middle")))
        if reader.next() == r"\right":
            break
        body.append(Middle(_delimiter(reader, r"\middle")[0]))
    right, _ = _delimiter(reader, r"\right")
    return [fence_of_table(left, body, right) or Fence(left, body, right)]


def _infix(lexeme: str, above: list[Node], below: list[Node]) -> Node:
    if lexeme == r"\atop":
        return Table("substack", [Row([above]), Row([below])])
    return Command(r"\frac" if lexeme == r"\over" else r"\binom", [above, below])


def _read_not(reader: Reader, lexeme: str) -> list[Node]:
    argument = read_argument(reader, lexeme)
    only = argument[0] if len(argument) == 1 else None
    if not isinstance(only, Atom) or (only.text not in c.RELATIONS and only.text not in c.NEGATED):
        raise LabelError(r"\not wants a relation")
    text = c.NEGATED.get(only.text)
    return [Atom(text) if text else Atom(rf"\not{only.text}")]


def _read_coloured(reader: Reader, lexeme: str) -> list[Node]:
    reader.raw(lexeme)
    return [Group(read_argument(reader, lexeme))]


def _read_environment(reader: Reader, lexeme: str) -> list[Node]:
    return read_environment(reader, read_list)


def _read_stack(reader: Reader, lexeme: str) -> list[Node]:
    return read_stack(reader, read_list)


def _read_plain_table(reader: Reader, lexeme: str) -> list[Node]:
    return [read_plain_table(reader, lexeme, read_list)]


_SPECIAL: dict[str, Callable[[Reader, str], list[Node]]] = {
    r"\left": _read_fence,
    r"\begin": _read_environment,
    r"\substack": _read_stack,
    r"\not": _read_not,
    r"\tag": read_tag,
    r"\ce": read_chemistry,
    r"\textcolor": _read_coloured,
    r"\eqno": read_equation_number,
    r"\leqno": read_equation_number,
    **dict.fromkeys(PLAIN_TABLES, _read_plain_table),
}

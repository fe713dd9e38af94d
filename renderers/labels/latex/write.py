r"""From the tree of a formula to its canonical text, and the span of each token that must leave ink.

One picture, one string: what TeX would draw alike is written alike. So the style (display, text, script) is followed
down the tree: a \dfrac is a \frac where the style is display already, \limits says nothing under a sum there.
"""

import re
from collections.abc import Sequence
from typing import TypeAlias

from renderers.core.errors import LabelError
from renderers.labels.canonical import Span
from renderers.labels.latex import commands as c
from renderers.labels.latex.ink import (
    argument_styles,
    drawn,
    flatten,
    function_of,
    is_small,
    limits_of,
    name_of,
    rows_of,
    split_words,
    word_of,
)
from renderers.labels.latex.scripts import is_operator
from renderers.labels.latex.tree import (
    Atom,
    Command,
    Fence,
    Formula,
    Gap,
    Group,
    Middle,
    Node,
    Opaque,
    Piece,
    Prose,
    Scripts,
    Style,
    Table,
    Text,
)  # fmt: skip
from renderers.labels.latex.words import escape

Key: TypeAlias = tuple[int, str]
"""A node's id and which of its tokens."""

_ENDS_IN_WORD = re.compile(r"\\[A-Za-z]+\Z")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)*")
_SCRIPTED = re.compile(r"^(?!\\ce\b).*[\^_]")
"""A quantity that ends in a power, or holds one: 10^3, but not what chemistry says of its own scripts."""
_BARE = c.GREEK | {r"\circ", r"\infty", r"\ell", r"\star", r"\dagger", r"\pm", r"\perp", r"\parallel", r"\partial"}
"""Commands that TeX takes as a script without braces in every set of fonts."""


class LabelWriter:
    """Writes pieces one after the other.

    Attributes:
        spans: of the tokens that must leave ink, in order.
        ink: which of them belongs to a node of the tree.
    """

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.ink: dict[Key, int] = {}
        self._pieces: list[str] = []
        self._length = 0
        self._open_word = False
        self._guard = False

    @property
    def text(self) -> str:
        """What is written so far."""
        return "".join(self._pieces)

    def write(self, pieces: Sequence[Piece]) -> None:
        """All of a target."""
        for piece in pieces:
            if isinstance(piece, Prose):
                text = piece.text.replace("$", r"\$")
                for at, (span, _) in enumerate(split_words(text)):
                    self._note(piece, f"word{at}", self._length + span[0], self._length + span[1])
                self._put(text)
                continue
            num_before = len(self.spans)
            left, right = (r"\[", r"\]") if piece.displayed else (r"\(", r"\)")
            self._put(left + " ")
            self._write_list(piece.body, "D" if piece.displayed else "T")
            if piece.tag:
                self._put_ink(piece, rf"\tag{{{piece.tag}}}", "tag")
            if len(self.spans) == num_before:
                raise LabelError("a formula without ink")
            self._put(" " + right)

    def _put(self, text: str) -> int:
        if not text:
            return self._length
        if self._guard and text[:1] in ("[", "*"):
            text = "{}" + text
        elif self._open_word and text[:1].isascii() and text[:1].isalpha():
            text = " " + text
        self._pieces.append(text)
        self._length += len(text)
        self._open_word = _ENDS_IN_WORD.search(text) is not None
        self._guard = False
        return self._length

    def _put_ink(self, node: Node | Formula, text: str, role: str = "") -> None:
        stop = self._put(text)
        self._note(node, role, stop - len(text), stop)

    def _note(self, node: Node | Piece, role: str, start: int, stop: int) -> None:
        self.ink[id(node), role] = len(self.spans)
        self.spans.append((start, stop))

    def _write_list(self, items: Sequence[Node], style: str) -> None:
        nodes = drawn(items, style)
        quads, started = 0, False
        for at, (node, inner) in enumerate(nodes):
            if isinstance(node, Gap):
                quads += node.quads
                continue
            if started and quads:
                self._put(r"\quad" if quads == 1 else r"\qquad")
            if inner != style:
                self._put(next(name for name, other in c.STYLES.items() if other == inner))
                style = inner
            if isinstance(node, Text):
                self._write_text(node, first=not started, last=at == len(nodes) - 1)
            else:
                self._write_node(node, style)
            quads, started = 0, True

    def _write_braced(self, items: Sequence[Node], style: str) -> None:
        self._put("{")
        self._write_list(items, style)
        self._put("}")

    def _write_node(self, node: Node, style: str) -> None:
        if isinstance(node, Atom | Opaque):
            self._put_ink(node, node.text)
        elif isinstance(node, Middle):
            self._put_ink(node, rf"\middle{node.delimiter}") if node.delimiter != "." else self._put(r"\middle.")
        elif isinstance(node, Group):
            self._write_braced(node.body, style)
        elif isinstance(node, Text):
            self._write_text(node)
        elif isinstance(node, Fence):
            self._write_fence(node, style)
        elif isinstance(node, Table):
            self._write_table(node, style)
        elif isinstance(node, Command):
            self._write_command(node, style)
        elif isinstance(node, Scripts):
            self._write_scripts(node, style)

    def _write_text(self, node: Text, first: bool = False, last: bool = False) -> None:
        text = node.text.lstrip() if first else node.text
        text = text.rstrip() if last else text
        self._put(node.font + "{")
        after = 0
        for at, (span, word) in enumerate(split_words(text)):
            self._put(" " * (span[0] - after))
            self._put_ink(node, escape(word), f"word{at}")
            after = span[1]
        self._put(" " * (len(text) - after) + "}")

    def _write_fence(self, node: Fence, style: str) -> None:
        small = is_small(node, style)
        self._write_end(node, "left", node.left, "" if small else r"\left")
        self._write_list(node.body, style)
        self._write_end(node, "right", node.right, "" if small else r"\right")

    def _write_end(self, node: Fence, role: str, delimiter: str, word: str) -> None:
        if delimiter == ".":
            self._put(f"{word}.")
        else:
            self._put_ink(node, word + delimiter, role)

    def _write_table(self, node: Table, style: str) -> None:
        rows, below = rows_of(node, style)
        name = node.name
        left, right = c.MATRICES.get(name, ("", ""))
        if name == "substack":
            self._put(r"\substack{")
        elif left or name == "cases":
            self._put_ink(node, rf"\begin{{{name}}}", "left")
        else:
            self._put(rf"\begin{{{name}}}")
        if name == "array":
            self._write_columns(node)
        self._guard = name not in ("array", "substack")
        for index, row in enumerate(rows):
            self._write_row(node, index, *row)
        if below:
            self._put(r"\\")
            self._put_ink(node, r"\hline" * below, "below")
        if name == "substack":
            self._put("}")
        elif right:
            self._put_ink(node, rf"\end{{{name}}}", "right")
        else:
            self._put(rf"\end{{{name}}}")

    def _write_columns(self, node: Table) -> None:
        self._put("{")
        for at, column in enumerate(node.columns):
            self._put_ink(node, column, f"column{at}") if column == "|" else self._put(column)
        self._put("}")

    def _write_row(self, node: Table, index: int, rules: int, cells: Sequence[Sequence[Node]]) -> None:
        if index:
            self._put(r"\\")
            self._guard = True
        if rules:
            self._put_ink(node, r"\hline" * rules, f"rule{index}")
        for at, cell in enumerate(cells):
            self._put("&" if at else "")
            self._write_list(cell, c.TABLE_STYLES[node.name])

    def _write_command(self, node: Command, style: str, limits: str = "", scripted: bool = False) -> None:
        name = name_of(node, style, limits, scripted)
        if name in c.FONTS | c.NAMES:
            word = word_of(node, style)
            if word:
                self._put_ink(node, function_of(name, word, style, scripted) or f"{name}{{{word}}}")
                return
        if name in c.STACKS or name in c.FONTS or name in c.NAMES or name == r"\mathop":
            self._put(name)
        else:
            self._put_ink(node, name)
        if node.option is not None and drawn(node.option, "S"):
            self._write_option(node.option)
        for argument, inner in zip(node.arguments, argument_styles(name, style), strict=True):
            self._write_braced(argument, inner)

    def _write_option(self, items: Sequence[Node]) -> None:
        first_piece, first_span = len(self._pieces), len(self.spans)
        self._put("[")
        self._write_list(items, "S")
        closes = "]" in "".join(self._pieces[first_piece:])
        if closes:
            # A bracket inside would end the argument. Written once and mended: writing twice doubles at each level.
            self._pieces[first_piece] = "[{"
            self._length += 1
            self.spans[first_span:] = [(start + 1, stop + 1) for start, stop in self.spans[first_span:]]
        self._put("}]" if closes else "]")

    def _write_scripts(self, node: Scripts, style: str) -> None:
        nucleus = node.nucleus
        inner = _without_gaps(flatten([nucleus], style))
        only = inner[0] if len(inner) == 1 else None
        if isinstance(only, Command) and only.name in c.STACKS:
            # MathJax takes a script for a second one of the stack.
            self._write_braced(inner, style)
        elif isinstance(only, Opaque) and _SCRIPTED.search(only.text):
            self._write_braced(inner, style)
        elif isinstance(nucleus, Command) and inner:
            self._write_command(nucleus, style, node.limits, scripted=True)
        elif only is nucleus:
            self._write_node(nucleus, style)
        elif only is not None and not isinstance(only, Scripts | Style | Gap) and not is_operator(only):
            self._write_node(only, style)
        elif _NUMBER.fullmatch("".join(one.text if isinstance(one, Atom) else " " for one in inner)):
            self._write_list(inner, style)
        else:
            self._write_braced(inner, style)
        self._put(limits_of(node, style))
        if drawn(node.sub or [], "S"):
            self._write_script("_", node.sub or [])
        if node.primes:
            self._put_ink(node, "'" * node.primes, "primes")
        if drawn(node.sup or [], "S"):
            self._write_script("^", node.sup or [])

    def _write_script(self, mark: str, items: Sequence[Node]) -> None:
        self._put(mark)
        nodes = drawn(items, "S")
        only = nodes[0][0] if len(nodes) == 1 and nodes[0][1] == "S" else None
        if isinstance(only, Atom) and (len(only.text) == 1 or only.text in _BARE):
            self._put_ink(only, only.text)
        else:
            self._write_braced(items, "S")


def _without_gaps(items: Sequence[Node]) -> list[Node]:
    """A nucleus without the gaps at its ends: scripts hang on what is drawn."""
    inked = [at for at, node in enumerate(items) if not isinstance(node, Gap)]
    return list(items[inked[0] : inked[-1] + 1]) if inked else []

r"""What of a formula's tree draws, and in which style: the rules by which what looks alike is written alike.

The style (D for display, T for text, S for scripts) is followed down the tree, since it decides what a command draws:
a \dfrac is a \frac where the style is display already, and \limits says nothing under a sum there.
Source: TeXbook, chapter 17; amsmath manual.
"""

import re
from collections.abc import Sequence

from renderers.labels.latex import commands as c
from renderers.labels.latex.tree import Atom, Command, Fence, Gap, Group, Middle, Node, Scripts, Style, Table, Text

_WORD = re.compile(r"\S+")

_LOW = (c.BINARY | c.RELATIONS | c.GREEK | c.CHARACTERS | {r"\partial", r"\infty", r"\ell", r"\hbar", r"\nabla"}) - {
    r"\updownarrow", r"\Updownarrow", r"\uparrow", r"\downarrow", r"\Uparrow", r"\Downarrow",
}  # fmt: skip
r"""Beside letters and digits: no higher than a delimiter, so \left and \right around them change no ink."""
_WRAPPERS = c.FONTS | c.NAMES
_STACKED = c.FRACTIONS | c.BINOMIALS
_LARGE = c.BIG_OPERATORS | c.INTEGRALS
_NAMED = c.NAMES | {r"\mathop"}
_DISPLAYING = c.BOUNDED | {r"\boxed"}
_SIDED = c.INTEGRALS | c.FUNCTIONS
_STILL = frozenset(("(", ")", "[", "]", r"\{", r"\}", "|", r"\|", r"\langle", r"\rangle"))


def flatten(items: Sequence[Node], style: str) -> list[Node]:
    """What a list draws: without groups that only group, fences without delimiters, gaps too narrow to see."""
    found: list[Node] = []
    for node in items:
        if isinstance(node, Style):
            style = node.style
        if isinstance(node, Scripts):
            found += _gaps_before(node, style)
        within = _within(node, style)
        if within is None:
            found += [] if _is_idle(node, style) else [node]
            continue
        inner = flatten(within, style)
        if _restyled(inner, style):
            found.append(Group(inner))
        else:
            found += [one for one in inner if not isinstance(one, Style)]
    while found and isinstance(found[-1], Style):
        found.pop()
    if found and isinstance(found[-1], Group) and all(isinstance(node, Style) for node in found[:-1]):
        return [*found[:-1], *found[-1].body]
    return found


def _gaps_before(node: Scripts, style: str) -> list[Node]:
    """The gaps that a nucleus begins with: they stand before it and its scripts."""
    gaps: list[Node] = []
    if isinstance(node.nucleus, Group) and (node.primes or has_scripts(node)):
        for inner in flatten([node.nucleus], style):
            if not isinstance(inner, Gap):
                return gaps
            gaps.append(inner)
    return []


def _within(node: Node, style: str) -> list[Node] | None:
    """The list that a node only wraps, or None where it does more."""
    if isinstance(node, Group):
        return node.body
    if isinstance(node, Fence) and node.left == node.right == ".":
        return None if any(isinstance(inner, Middle) for inner in node.body) else node.body
    if isinstance(node, Scripts) and not node.primes and not has_scripts(node):
        return [node.nucleus]
    if isinstance(node, Table) and node.name in ("aligned", "gathered"):
        rows, rules_below = rows_of(node, style)
        if len(rows) == 1 and not rows[0][0] and not rules_below:
            return [Style(r"\displaystyle", "D"), *(Group(cell) for cell in rows[0][1])]
    return None


def _is_idle(node: Node, style: str) -> bool:
    """Whether a node neither draws nor makes a visible gap."""
    if isinstance(node, Gap):
        return not node.quads
    if isinstance(node, Command) and node.name in _WRAPPERS:
        return not drawn(node.arguments[0], style)
    return isinstance(node, Text) and not node.text.strip()


def _restyled(items: Sequence[Node], style: str) -> bool:
    """Whether a style in the list changes how something in it is drawn."""
    return any(inner != style for _, inner in with_styles(items, style))


def drawn(items: Sequence[Node], style: str) -> list[tuple[Node, str]]:
    """What a list draws, each with its style."""
    return with_styles(_trim(flatten(items, style)), style)


def _trim(items: list[Node]) -> list[Node]:
    """A flat list without gaps at its ends, nor braces around all of it."""
    while items and isinstance(items[-1], Gap | Style):
        items = items[:-1]
    start = next((at for at, node in enumerate(items) if not isinstance(node, Gap | Style)), len(items))
    items = [*(node for node in items[:start] if isinstance(node, Style)), *items[start:]]
    if items and isinstance(items[-1], Group) and all(isinstance(node, Style) for node in items[:-1]):
        return _trim([*items[:-1], *items[-1].body])
    return items


def with_styles(items: Sequence[Node], style: str) -> list[tuple[Node, str]]:
    """What a flat list draws, each with its style; a style begins as early as it changes nothing before."""
    found: list[tuple[Node, str]] = []
    current = style
    for node in items:
        if isinstance(node, Style):
            current = node.style
        else:
            found.append((node, current))
    while found and isinstance(found[-1][0], Gap):
        found.pop()
    later = ""
    for at in range(len(found) - 1, -1, -1):
        node, inner = found[at]
        if inner in "DT" and style in "DT" and later in "DT" and not _differs_by_style(node):
            found[at] = (node, later)
        else:
            later = inner
    last = style
    for at, (node, inner) in enumerate(found):
        last = inner or last
        found[at] = (node, last)
    return found


def _differs_by_style(node: Node) -> bool:
    """Whether a node is drawn otherwise in display than in text."""
    if isinstance(node, Atom):
        return node.text in _LARGE
    if isinstance(node, Scripts):
        nucleus = node.nucleus
        named = isinstance(nucleus, Command) and nucleus.name in _NAMED
        limited = named or (isinstance(nucleus, Atom) and nucleus.text in c.LIMIT_FUNCTIONS)
        return (limited and (has_scripts(node) or node.primes > 0)) or _differs_by_style(nucleus)
    if isinstance(node, Group | Fence):
        return any(_differs_by_style(inner) for inner in node.body)
    if isinstance(node, Command) and node.name not in _DISPLAYING:
        if node.name in _STACKED:
            return node.name in (r"\frac", r"\binom")
        return any(_differs_by_style(inner) for argument in node.arguments for inner in argument)
    return False


def is_blank(node: Node) -> bool:
    """Whether a node is but a gap, or not even that: braces and fonts around nothing."""
    if isinstance(node, Group) or (isinstance(node, Fence) and node.left == node.right == "."):
        return all(is_blank(inner) for inner in node.body)
    if isinstance(node, Scripts):
        return not node.primes and not has_scripts(node) and is_blank(node.nucleus)
    return isinstance(node, Gap | Style) or _is_idle(node, "T")


def has_scripts(node: Scripts) -> bool:
    """Whether a subscript or a superscript draws, primes left out."""
    return bool(drawn(node.sub or [], "S") or drawn(node.sup or [], "S"))


def argument_styles(name: str, style: str) -> tuple[str, ...]:
    """The style of each argument of a command."""
    if name in _STACKED:
        down = {r"\dfrac": "T", r"\dbinom": "T", r"\cfrac": "T", r"\tfrac": "S", r"\tbinom": "S"}
        inner = down.get(name, "T" if style == "D" else "S")
        return (inner, inner)
    if name in c.ARROWS:
        return ("S",)
    if name in c.STACKS:
        return ("S", style)
    return ("D",) if name in _DISPLAYING else (style,)


def rows_of(table: Table, style: str) -> tuple[list[tuple[int, list[list[Node]]]], int]:
    """Rows as (rules above, cells) without empty ends, and the number of rules below."""
    cell_style = c.TABLE_STYLES[table.name]
    rows = [(row.rules, [cell if drawn(cell, cell_style) else [] for cell in row.cells]) for row in table.rows]
    below = table.rules_below
    while len(rows) > 1 and not any(rows[-1][1]) and not below:
        below = rows.pop()[0]
    if "|" not in table.columns:
        for _, cells in rows:
            while len(cells) > 1 and not cells[-1]:
                cells.pop()
    return rows, below


def split_words(text: str) -> list[tuple[tuple[int, int], str]]:
    """The words of a text and where they stand in it."""
    return [(match.span(), match[0]) for match in _WORD.finditer(text)]


def is_small(fence: Fence, style: str) -> bool:
    r"""Whether \left and \right make no larger delimiters than the plain ones."""
    nodes = drawn(fence.body, style)
    return {fence.left, fence.right} <= _STILL and all(inner == style and _is_low(node, style) for node, inner in nodes)


def _is_low(node: Node, style: str) -> bool:
    if isinstance(node, Fence):
        return is_small(node, style)
    return isinstance(node, Atom) and (node.text.isalnum() or node.text in _LOW or node.text in _STILL)


def word_of(command: Command, style: str) -> str:
    """The letters and digits that a font or an operator's name holds, "" where it holds more."""
    body = drawn(command.arguments[0], style)
    words = [node.text for node, inner in body if inner == style and isinstance(node, Atom) and node.text.isalnum()]
    return "".join(words) if len(words) == len(body) else ""


def function_of(name: str, word: str, style: str, scripted: bool) -> str:
    """The command that draws an operator's name as well, or ""."""
    if name not in c.NAMES:
        return ""
    known = c.LIMIT_FUNCTIONS if name[-1] == "*" else c.FUNCTIONS
    if name[-1] != "*" and not (scripted and style == "D"):
        known |= c.LIMIT_FUNCTIONS
    return "\\" + word if "\\" + word in known else ""


def name_of(command: Command, style: str, limits: str, scripted: bool) -> str:
    """The shortest name that draws the same in this style."""
    name = command.name
    if name[2:] in ("frac", "binom") and name[1] == style.lower():
        return "\\" + name[2:]
    if name not in c.NAMES:
        return name
    if limits == r"\limits":
        return r"\operatorname*"
    stays = name[-1] == "*" and scripted and style == "D" and limits != r"\nolimits"
    return name if stays else r"\operatorname"


def limits_of(node: Scripts, style: str) -> str:
    r"""\limits or \nolimits where it changes where the scripts stand, else ""."""
    nucleus = node.nucleus
    if isinstance(nucleus, Command) and nucleus.name in c.NAMES:
        return node.limits if node.limits == r"\limits" and style != "D" else ""
    if isinstance(nucleus, Command) and nucleus.name in c.BOUNDED:
        return node.limits if node.limits == r"\nolimits" else ""
    sided = isinstance(nucleus, Atom) and nucleus.text in _SIDED
    usual = r"\limits" if style == "D" and not sided else r"\nolimits"
    return "" if node.limits == usual else node.limits

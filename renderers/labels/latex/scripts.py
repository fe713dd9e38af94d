r"""What is attached to a symbol: scripts, primes, \limits; and \dots, whose height depends on what follows."""

from collections.abc import Callable
from typing import TypeAlias

from renderers.core.errors import LabelError
from renderers.labels.latex import commands as c
from renderers.labels.latex.ink import has_scripts, is_blank
from renderers.labels.latex.tokens import Reader
from renderers.labels.latex.tree import Atom, Command, Gap, Group, Middle, Node, Scripts, Style

ReadArgument: TypeAlias = Callable[[Reader, str], list[Node]]

_OPERATORS = c.INTEGRALS | c.BIG_OPERATORS | c.LIMIT_FUNCTIONS | c.FUNCTIONS
_NAMED = c.NAMES | c.BOUNDED | {r"\mathop"}


def is_operator(node: Node) -> bool:
    r"""Whether TeX lets \limits follow."""
    if isinstance(node, Atom):
        return node.text in _OPERATORS
    return isinstance(node, Command) and node.name in _NAMED


def attach(reader: Reader, items: list[Node], lexeme: str, read_argument: ReadArgument) -> None:
    """Hangs a script, primes or a word about limits on the last node."""
    if not items or isinstance(items[-1], Gap | Style | Middle):
        items.append(Group([]))
    last = items[-1]
    scripts = last if isinstance(last, Scripts) else Scripts(last)
    items[-1] = scripts
    if lexeme in (r"\limits", r"\nolimits"):
        _limit(scripts, lexeme)
    elif lexeme == "'":
        if scripts.sup is not None:
            raise LabelError("a prime after a superscript")
        scripts.primes += 1
    elif lexeme == "_":
        if scripts.sub is not None:
            raise LabelError("two subscripts")
        scripts.sub = read_argument(reader, "_")
    else:
        _raise(scripts, read_argument(reader, "^"))


def _limit(scripts: Scripts, lexeme: str) -> None:
    if not is_operator(scripts.nucleus):
        raise LabelError(f"{lexeme} without an operator")
    if isinstance(scripts.nucleus, Atom) and scripts.nucleus.text == r"\oint" and lexeme == r"\limits":
        raise LabelError(r"\limits behind \oint, which MathJax does not know")
    scripts.limits = lexeme


def _raise(scripts: Scripts, sup: list[Node]) -> None:
    if scripts.sup is not None:
        raise LabelError("two superscripts")
    num_primes, sup = split_primes(sup)
    scripts.primes += num_primes
    scripts.sup = sup or None


def split_primes(sup: list[Node]) -> tuple[int, list[Node]]:
    r"""How many primes a superscript begins with, in whatever braces, and what follows: x^{{\prime}2} is x'^2."""
    num_primes = at = 0
    style = Style(r"\scriptstyle", "S")
    while at < len(sup):
        node = sup[at]
        if isinstance(node, Scripts) and not node.primes and not has_scripts(node):
            node = Group([node.nucleus])
        if isinstance(node, Style):
            style = node
        elif is_blank(node):
            pass
        elif style.style != "S":
            return num_primes, [style, *sup[at:]] if num_primes else sup
        elif isinstance(node, Group):
            num, rest = split_primes(node.body)
            num_primes += num
            if rest:
                return num_primes, [Group(rest, node.spaced), *sup[at + 1 :]] if num else sup[at:]
        elif num := _num_primes(node):
            num_primes += num
        else:
            break
        at += 1
    return num_primes, sup[at:] if num_primes else sup


def _num_primes(node: Node) -> int:
    if isinstance(node, Atom):
        return int(node.text == r"\prime")
    return node.primes if isinstance(node, Scripts) and is_blank(node.nucleus) and not has_scripts(node) else 0


def settle_dots(items: list[Node]) -> None:
    r"""\dots looks at what follows. Source: amsmath manual, section 4.4."""
    for at, node in enumerate(items):
        dots = node.nucleus if isinstance(node, Scripts) else node
        if isinstance(dots, Atom) and dots.text == r"\dots":
            after: Node | None = next((other for other in items[at + 1 :] if not isinstance(other, Gap)), None)
            after = after.nucleus if isinstance(after, Scripts) else after
            high = isinstance(after, Atom) and after.text in _HIGH
            dots.text = dots.shown = r"\cdots" if high else r"\ldots"


_HIGH = (c.BINARY | c.RELATIONS | c.INTEGRALS | c.BIG_OPERATORS) - {"/"}

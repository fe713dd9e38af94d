r"""Random formulas that nobody would write: any command with any argument, gaps, styles, switches anywhere.

What people write is in `latex_formulas.Writer`; this finds texts whose normal form is another at the second pass.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from renderers.labels.latex import commands as c

_T = TypeVar("_T")

_LEAVES = (
    *("a", "b", "12", "x", "1.5", r"\alpha ", r"\dots ", r"\prime ", "'", "+", "-", "=", "(", ")", "[", "]", "|", "*"),
    *("/", ",", r"\le ", r"\cdots ", r"\ldots ", r"\, ", r"\quad ", r"\qquad ", r"\! ", "~", "{}", r"\phantom{x}"),
    *(r"\hspace{2em}", r"\hspace{1em}", r"\displaystyle ", r"\textstyle ", r"\scriptstyle ", r"\scriptscriptstyle "),
    *(r"\sum ", r"\int ", r"\lim ", r"\sin ", r"\max ", r"\bf ", r"\rm ", r"\cal ", r"\text{ if }", r"\text{}"),
    *(r"\text{ }", r"\mbox{a $b$ c}", r"\textbf{x}", r"\tag{1}", r"\limits ", r"\nolimits ", r"\big( ", r"\Big| "),
    *(r"\bmod ", r"\pmod{n}", r"\not= ", r"\not\in ", r"\ce{H2O}", r"\num{1e3}", r"\SI{3}{\metre}", r"\relax "),
    *(r"\si{\percent}", r"\mathstrut ", r"\hline ", "中", "α", "≤", r"\hskip 1em plus 1fil "),
)
_LEFT = ("(", "[", r"\{", "|", ".", ".", r"\langle ", "<", r"\|", r"\lfloor ", r"\lgroup ")
_RIGHT = (")", "]", r"\}", "|", ".", ".", r"\rangle ", ">", r"\|")
_TABLES = sorted((set(c.TABLE_STYLES) | set(c.TABLE_SYNONYMS)) - {"substack"} - c.DISPLAYS)
_COLUMNS = ("c", "cc", "c|c", "lr", "|c|", "l", "ll", "rcl", "cccc")


class WildWriter:
    """Writes formulas of one to three levels; about a third of them are in the grammar."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def target(self) -> str:
        """One formula."""
        body = self._list(self._pick((1, 2, 2, 3)))
        return rf"\[ {body} \]" if self._random.random() < 0.6 else rf"\( {body} \)"

    def _pick(self, choices: Sequence[_T]) -> _T:
        return choices[self._random.randrange(len(choices))]

    def _list(self, depth: int) -> str:
        return "".join(self._term(depth) for _ in range(self._pick((0, 1, 1, 1, 2, 2, 3, 4))))

    def _argument(self, depth: int) -> str:
        # Scripts of scripts of leaves would have no end.
        if depth < -2 or self._random.random() < 0.2:
            return self._pick(("a", "2", r"\alpha", "*", r"\prime"))
        return "{" + self._list(depth) + "}"

    def _term(self, depth: int) -> str:
        if depth <= 0 or self._random.random() < 0.25:
            term = self._pick(_LEAVES)
        else:
            kinds: tuple[Callable[[int], str], ...] = (
                self._fence, self._table, self._table, self._stack, self._group, self._command, self._command,
                self._style, self._operator, self._coloured,
            )  # fmt: skip
            term = self._pick(kinds)(depth - 1)
        while self._random.random() < 0.25:
            term += self._pick(("_" + self._argument(depth - 1), "^" + self._argument(depth - 1), "'"))
        return term

    def _fence(self, depth: int) -> str:
        middle = rf"\middle{self._pick(('|', '.'))} {self._list(depth)}" if self._random.random() < 0.2 else ""
        return rf"\left{self._pick(_LEFT)}{self._list(depth)}{middle}\right{self._pick(_RIGHT)}"

    def _table(self, depth: int) -> str:
        name = self._pick((*_TABLES, "array", "array"))
        columns = {"array": "{" + self._pick(_COLUMNS) + "}", "alignedat": "{2}"}.get(name, "")
        rows = []
        for _ in range(self._pick((1, 2, 2, 3))):
            cells = [self._list(depth) for _ in range(1 if name in ("gathered", "multline") else self._pick((1, 2, 3)))]
            rows.append(self._pick(("", "", "", r"\hline ", r"\hline\hline ")) + "&".join(cells))
        body = self._pick((r"\\", r"\\[2pt]", r"\cr ")).join(rows) + self._pick(("", r"\\", r"\\\hline "))
        return rf"\begin{{{name}}}{columns}{body}\end{{{name}}}"

    def _stack(self, depth: int) -> str:
        if self._random.random() < 0.5:
            return rf"\substack{{{self._list(depth)}{self._pick(('', chr(92) * 2))}{self._list(depth)}}}"
        return self._pick((r"\overset", r"\underset", r"\stackrel")) + self._argument(depth) + self._argument(depth)

    def _group(self, depth: int) -> str:
        infix = self._pick((r"\over ", r"\choose ", r"\atop ", "", ""))
        return f"{self._pick(('', '', *sorted(c.SPACED)))}{{{self._list(depth)}{infix}{self._list(depth)}}}"

    def _command(self, depth: int) -> str:
        name = self._pick(sorted(c.SIGNATURES))
        written = name
        for kind in c.SIGNATURES[name]:
            if kind == "m":
                written += self._argument(depth)
            elif self._random.random() < 0.5:
                written += f"[{self._list(depth)}]"
        return written

    def _style(self, depth: int) -> str:
        return f"{self._pick(sorted(c.STYLES))} {self._list(depth)}"

    def _operator(self, depth: int) -> str:
        del depth
        names = sorted(c.INTEGRALS | c.BIG_OPERATORS | c.LIMIT_FUNCTIONS | c.FUNCTIONS)
        return self._pick(names) + self._pick((" ", r"\limits ", r"\nolimits "))

    def _coloured(self, depth: int) -> str:
        return rf"\textcolor{{red}}{{{self._list(depth)}}}"

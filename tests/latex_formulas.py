r"""Formulas to test with: one for each command of the grammar, and random ones of any depth, as people write them."""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

import numpy as np

from renderers.core.renderer import Rendered
from renderers.labels.latex import commands as c
from renderers.labels.latex import grammar as latex

_T = TypeVar("_T")

LETTERS = "abcdefghkmnpqrstuvwxyzABCDEFGHKLMNPQRSTUVWXYZ"


def check_tokens(rendered: Rendered) -> None:
    """Regions are the tokens of the target in order, and each holds ink."""
    assert [region.span for region in rendered.regions] == [span for span, _ in latex.inked_spans(rendered.markup)]
    grey = rendered.image if rendered.image.ndim == 2 else rendered.image.mean(axis=2)
    for region in rendered.regions:
        assert region.text == rendered.markup[slice(*region.span)]
        x0, y0, x1, y1 = region.box
        patch = grey[max(0, int(y0)) : int(np.ceil(y1)) + 1, max(0, int(x0)) : int(np.ceil(x1)) + 1]
        assert np.ptp(patch) > 12, (rendered.markup, region)


def every_command() -> list[str]:
    """A display formula for each command and environment."""
    found = [rf"x{name} y" for name in sorted(c.SYMBOLS | frozenset(c.SYNONYMS)) if name not in c.GROWING]
    found += [rf"x{name} y" for name in sorted(c.CHARACTERS)]
    found += [rf"\left{name} \frac{{x}}{{y}}\right{name}" for name in sorted(c.DELIMITERS | {"."})]
    found += [rf"{size}{end}( x^2 {size}{end}|" for size in sorted(c.SIZES) for end in ("", "l", "r", "m")]
    found += [rf"\not{name} y" for name in (*c.NEGATED, r"\subset", r"\approx", r"\to")]
    for name, signature in sorted(c.SIGNATURES.items()):
        if name == r"\dddot":
            found.append(r"\dddot{x}+\ddddot{y}")
        full = name + "".join(
            f"[{mark}]" if kind == "o" else f"{{{mark}}}" for kind, mark in zip(signature, "mn", strict=False)
        )
        full = r"\mathscr{M}" if name == r"\mathscr" else full
        plain = name + "".join(f"{{{mark}}}" for kind, mark in zip(signature, "AB", strict=False) if kind == "m")
        wide = name + "".join(
            rf"{{{mark}+\gamma^2}}" for kind, mark in zip(signature, "ab", strict=False) if kind == "m"
        )
        found += [f"{one}=z" for one in (full, plain, wide if name not in c.FONTS | c.NAMES else full)]
        found.append(f"z={plain}_i^2")
    for name in sorted(c.INTEGRALS | c.BIG_OPERATORS | c.LIMIT_FUNCTIONS | c.FUNCTIONS):
        limits = "" if name == r"\oint" else r"\limits"
        found += [rf"{name}_{{i}}^{{n}} x", rf"{name}{limits}_{{i}}^{{n}} x", rf"\textstyle {name}\nolimits_{{i}} x"]
    found += [rf"x{name} a" for name in (*sorted(c.TEXTS),) for name in (f"{name}{{ if so}}",)]
    for name in sorted(frozenset(c.TABLE_STYLES) - {"array", "substack"}):
        tab = "=" if name == "gathered" else "&"
        found.append(rf"\begin{{{name}}}a{tab}-b\\ \frac{{1}}{{2}}{tab}d\end{{{name}}}+1")
    found += [
        r"\begin{array}{c|c|r}\hline a&b&1\\\hline\hline c&d&22\\ e&f&333\\\hline\end{array}",
        r"\left(\begin{array}{rl}a&b\\c&d\end{array}\right)^{-1}",
        r"\sum_{\substack{i<n\\j\ne i}}a_{ij}",
        r"\begin{cases}x&\text{if }x>0\\-x&\text{otherwise}\end{cases}\tag{2.1}",
        r"\left.\frac{df}{dx}\right|_{x=0}",
        r"\left\{x\middle|\frac{x}{2}\in\mathbb{Z}\right\}",
        r"\ce{2H2 + O2 -> 2H2O}\quad\ce{SO4^2-}",
        r"\SI{9.81}{\metre\per\second\squared}+\num{1.5e-3}\,\si{\kilo\ohm}",
        r"f''(x)+g'''_{i}(x)+h'^2",
        r"{}^{14}_{6}C+T^{a}{}_{b}{}^{c}",
        r"\underbrace{a+\cdots+a}_{n}=\overbrace{b+b}^{\text{two}}",
        r"\lim_{n\to\infty}\left(1+\frac{1}{n}\right)^n=e",
        r"\operatorname*{arg\,max}_{x\in X}f(x)+\operatorname{rank}A",
        r"\sqrt[3]{1+\sqrt{1+\frac{x}{1+y}}}",
        r"\cfrac{1}{1+\cfrac{1}{1+x}}",
        r"\hat{\bar{x}}+\widehat{\overline{xyz}}+\vec{a}\cdot\vec{b}",
        r"\begin{split}a&=b+c\\&=d\end{split}",
        r"\begin{aligned}[t]\nabla\cdot E&=\frac{\rho}{\varepsilon_0}\\ \oint B\cdot dl&=\mu_0I\end{aligned}",
        r"\int_0^\infty\!\!\int_{-\infty}^{\infty} e^{-x^2-y^2}\,dx\,dy\qquad x\in\mathbb R",
    ]
    return [rf"\[ {one} \]" for one in found]


class Writer:
    """Writes random formulas, in the many ways in which people write them."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def target(self) -> str:
        """Words and formulas."""
        pieces = []
        for _ in range(self._pick((1, 1, 1, 2, 3))):
            kind = self._pick(("display", "display", "inline", "line", "dollars"))
            body = self.formula(self._pick((1, 1, 2)))
            if kind == "display":
                pieces.append(rf"\[ {body}{self._pick(('', '', chr(92) + 'tag{3}'))} \]")
            elif kind == "dollars":
                pieces.append(f"${body}$\n")
            else:
                words = ("Let ", " be so.") if kind == "line" else ("", self._pick((" ", "\n", ", and ")))
                pieces.append(rf"{words[0]}\( {body} \){words[1]}")
        return "".join(pieces)

    def formula(self, depth: int) -> str:
        """A list of terms."""
        terms = [self._scripted(depth) for _ in range(self._pick((1, 1, 2, 3, 4)))]
        signs = [self._pick((" ", "+", "-", "=", r"\leq ", r"\to ", r"\,", ",", r"\quad ", "")) for _ in terms]
        return "".join(term + sign for term, sign in zip(terms, [*signs[1:], ""], strict=True))

    def _pick(self, choices: Sequence[_T]) -> _T:
        return choices[self._random.randrange(len(choices))]

    def _scripted(self, depth: int) -> str:
        nucleus = self._term(depth)
        if self._random.random() < 0.7:
            return nucleus
        sub = rf"_{self._argument(depth - 1)}" if self._random.random() < 0.6 else ""
        sup = rf"^{self._argument(depth - 1)}" if self._random.random() < 0.6 else ""
        prime = "'" if self._random.random() < 0.2 else ""
        return nucleus + self._pick((sub + prime + sup, prime + sup + sub))

    def _argument(self, depth: int) -> str:
        if depth <= 0 and self._random.random() < 0.5:
            return self._pick(LETTERS) if self._random.random() < 0.7 else self._pick(("2", r"\alpha ", "*"))
        return "{" + self.formula(depth) + "}"

    def _term(self, depth: int) -> str:
        if depth <= 0 or self._random.random() < 0.2:
            return self._leaf()
        kinds: tuple[Callable[[int], str], ...] = (
            self._fraction, self._root, self._fence, self._hat, self._matrix, self._sum, self._style, self._stack,
            self._infix, self._text, self._arrow, self._box, self._group, self._bold,
        )  # fmt: skip
        return self._pick(kinds)(depth - 1)

    def _fraction(self, depth: int) -> str:
        name = self._pick(sorted(c.FRACTIONS | c.BINOMIALS))
        return f"{name}{{{self.formula(depth)}}}{self._argument(depth)}"

    def _root(self, depth: int) -> str:
        return rf"\sqrt{self._pick(('', '[3]', '[n+1]'))}{{{self.formula(depth)}}}"

    def _fence(self, depth: int) -> str:
        ends = (("(", ")"), ("[", "]"), (r"\{", r"\}"), ("|", "|"), (r"\langle ", r"\rangle "), (".", "|"), ("<", ">"))
        left, right = self._pick(ends)
        return rf"\left{left}{self.formula(depth)}\right{right}"

    def _hat(self, depth: int) -> str:
        return f"{self._pick(sorted(c.ACCENTS | c.OVER | c.UNDER))}{{{self.formula(depth)}}}"

    def _matrix(self, depth: int) -> str:
        name = self._pick(("matrix", "pmatrix", "bmatrix", "vmatrix", "cases", "smallmatrix", "aligned", "array"))
        rows = [f"{self.formula(depth)}&{self.formula(depth)}" for _ in range(2)]
        rule = self._pick(("", r"\hline ")) if name == "array" else ""
        columns = self._pick(("{c|c}", "{lr}", "{cc}")) if name == "array" else ""
        return rf"\begin{{{name}}}{columns}" + rf"\\{rule}".join(rows) + rf"\end{{{name}}}"

    def _sum(self, depth: int) -> str:
        operator = self._pick(sorted((c.BIG_OPERATORS | c.INTEGRALS | c.LIMIT_FUNCTIONS) - {r"\oint"}))
        limits = self._pick(("", "", r"\limits", r"\nolimits"))
        return f"{operator}{limits}_{{{self.formula(depth)}}}^{{{self.formula(depth)}}}{{}}"

    def _style(self, depth: int) -> str:
        return rf"{self._pick(sorted(c.STYLES))} {self._term(depth)}"

    def _stack(self, depth: int) -> str:
        name = self._pick((r"\overset", r"\underset", r"\stackrel"))
        return f"{name}{{{self.formula(depth)}}}{{{self.formula(depth)}}}"

    def _infix(self, depth: int) -> str:
        return self._pick(("{%s\\over %s}", "{%s\\choose %s}", "{%s %s}")) % (self.formula(depth), self.formula(depth))

    def _text(self, depth: int) -> str:
        return rf"\text{{ {self._pick(('if', 'for all', 'all of', 'a$_1$'))}{self._pick(('', ' '))}}}"

    def _arrow(self, depth: int) -> str:
        return f"{self._pick(sorted(c.ARROWS))}[{self.formula(depth)}]{{{self.formula(depth)}}}"

    def _box(self, depth: int) -> str:
        return rf"\boxed{{{self.formula(depth)}}}"

    def _group(self, depth: int) -> str:
        return f"{{{self.formula(depth)}}}"

    def _bold(self, depth: int) -> str:
        return rf"{{\bf {self._pick(LETTERS)}}}\mathrm{{d}}{self._argument(depth)}"

    def _leaf(self) -> str:
        kind = self._random.randrange(6)
        if kind == 0:
            return str(self._random.randrange(2000))
        if kind == 1:
            return self._pick(sorted(c.GREEK)) + " "
        if kind == 2:
            return self._pick(sorted(c.SYMBOLS - c.GROWING)) + " "
        if kind == 3:
            font = self._pick(("mathbb", "mathcal", "mathfrak", "mathscr", "mathbf", "mathrm", "boldsymbol"))
            return rf"\{font}{{{self._pick('RSTABC')}}}"
        return self._pick(LETTERS)

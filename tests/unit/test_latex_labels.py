"""What the grammar of formulas makes of what people write, case by case."""

import time

import pytest

from renderers.core.errors import LabelError
from renderers.labels.latex import grammar as latex


@pytest.mark.parametrize(
    ("source", "normal"),
    [
        (r"$x^{2}$", r"\( x^2 \)"),
        (r"\(x ^ { 10 } _ { i }\)", r"\( x_i^{10} \)"),
        (r"\( x^{\prime\prime}+y^{\prime 2}_i \)", r"\( x''+y_i'^2 \)"),
        (r"\( \alpha\beta x\leq y\ne z\rightarrow\lbrace w\rbrace \)", r"\( \alpha\beta x\le y\neq z\to\{w\} \)"),
        (r"\( {a \over b}{n\choose k} \)", r"\( \frac{a}{b}\binom{n}{k} \)"),
        (r"\( {x_1+\dots+x_n\over n} \)", r"\( \frac{x_1+\cdots+x_n}{n} \)"),
        (r"\( {a \bf b \over c} \)", r"\( \frac{a\mathbf{b}}{\mathbf{c}} \)"),
        (r"\( a\bf b\it c \)", r"\( a\mathbf{b}\mathit{c} \)"),
        (r"\( f^{{\prime}}+g^{{{\prime}}2}+h^{{}\prime\prime} \)", r"\( f'+g'^2+h'' \)"),
        (r"\( R^{\quad a}+{\quad a}_b \)", r"\( R^a+\quad a_b \)"),
        (r"\( \left(\quad a\right) \)", r"\( (a) \)"),
        (r"\[ \begin{aligned}a\\\,\end{aligned} \]", r"\[ a \]"),
        (r"\[ \begin{aligned}\hline a\\\end{aligned} \]", r"\[ \begin{aligned}\hline a\end{aligned} \]"),
        # What draws nothing stood between, so these changed again at the second pass.
        (r"\( \text{a}'^{\left.\, ''\right.\grave{b}} \)", r"\( \text{a}'''^{\grave{b}} \)"),
        (r"\( \displaystyle\textcolor{red}{)}\operatorname{}\text{}^{\Big| } \)", r"\( ){}^{\Big|} \)"),
        (r"\[ \boldsymbol{\left\|\text{ }\right]} \]", r"\[ \boldsymbol{\|]} \]"),
        (r"\[ \textstyle\max'\operatorname*{}_{x} \]", r"\[ \textstyle\max'{}_x \]"),
        (r"\( \num{1e3}' \)", r"\( {1\times10^3}' \)"),
        (r"\( \hskip 5pt plus 1pt minus 1pt w\mskip 5mu plus 5mu w\hspace*{1em plus 1fil}x \)", r"\( ww\quad x \)"),
        (r"\( a\vartriangle b\thicksim c\thickapprox d\varpropto e \)",
         r"\( a\vartriangle b\thicksim c\thickapprox d\varpropto e \)"),
        (r"\( \frac12 \sqrt2 \sqrt[]{x} \hat x \)", r"\( \frac{1}{2}\sqrt{2}\sqrt{x}\hat{x} \)"),
        (r"\[ \displaystyle\dfrac{1}{2}\tfrac12 \]", r"\[ \frac{1}{2}\tfrac{1}{2} \]"),
        (r"\( \dfrac{1}{2}\tfrac12 \)", r"\( \dfrac{1}{2}\frac{1}{2} \)"),
        (r"\[ \sum\limits_{i}\int\nolimits_0 \]", r"\[ \sum_i\int_0 \]"),
        (r"\( \sum\limits_{i}\sum\nolimits_j \)", r"\( \sum\limits_i\sum_j \)"),
        (r"\( x=\displaystyle\sum_i \)", r"\( \displaystyle x=\sum_i \)"),
        (r"\[ {\bf x}+{\rm d}t+\mbox{ if } y \]", r"\[ \mathbf{x}+\mathrm{d}t+\text{ if }y \]"),
        (r"\( \left(x\right)\left(\frac12\right) \)", r"\( (x)\left(\frac{1}{2}\right) \)"),
        (r"\( \left.x\right.+\left.\frac ab\right|_0 \)", r"\( x+\left.\frac{a}{b}\right|_0 \)"),
        (r"\( a\,b\;c\! d~e\quad f\hspace{2em}g \)", r"\( abcde\quad f\qquad g \)"),
        (r"\( {}^{14}C+T^a{}_b+{x^2}^3 \)", r"\( {}^{14}C+T^a{}_b+{x^2}^3 \)"),
        (r"\( \operatorname{log}x+\operatorname*{max}_x \)", r"\( \log x+\max_x \)"),
        (r"\[ \mathop{\rm argmax}_x f \]", r"\[ \operatorname*{argmax}_xf \]"),
        (r"\[ \left[\begin{array}{cc}1&0\\0&1\\\end{array}\right] \]", r"\[ \begin{bmatrix}1&0\\0&1\end{bmatrix} \]"),
        (r"\[ \left\{\begin{array}{ll}1&2\end{array}\right. \]", r"\[ \begin{cases}1&2\end{cases} \]"),
        (r"\[ \begin{array}{ *{2}{c} | r }a&b&c\end{array} \]", r"\[ \begin{array}{cc|r}a&b&c\end{array} \]"),
        (r"\begin{align*}a&=b\\c&=d\nonumber\end{align*}", r"\[ \begin{aligned}a&=b\\c&=d\end{aligned} \]"),
        (r"\begin{eqnarray}a&=&b\end{eqnarray}", r"\[ a=b \]"),
        (r"\begin {equation} x \end {equation}", r"\[ x \]"),
        (r"\begin{equation}\label{e}x\tag{1}\end{equation}", r"\[ x\tag{1} \]"),
        (r"\[ a\\ [b] \]", r"\[ \begin{gathered}a\\{}[b]\end{gathered} \]"),
        (r"\( 1+\dots+n, 1,\dots,n \)", r"\( 1+\cdots+n,1,\ldots,n \)"),
        (r"\( a\not=b\not\in C\not\subset D \)", r"\( a\neq b\notin C\not\subset D \)"),
        (r"\( \text{其中 $x$ 为} v 速度 \)", r"\( \text{其中}x\text{为}v\text{速度} \)"),
        (r"证明 令 \( w \) ，则 5 分", r"证明令\( w \)，则5分"),
        (r"\( α×β≤∞ \)", r"\( \alpha\times\beta\le\infty \)"),
        (r"\( \ce{ H2O  -> x} \)", r"\( \ce{H2O -> x} \)"),
        (r"\( \SI{5.0e3}{\kilo\metre\per\second} \)", r"\( 5.0\times10^3\mathrm{km}\mathrm{s}^{-1} \)"),
        (r"\( \textcolor{red}{x}\color{blue}y % z" + "\n" + r"\)", r"\( xy \)"),
        (r"\( \bigl(x\Big\rvert \)", r"\( \big(x\Big| \)"),
        (r"\( \stackrel{a}{=}\underset{b}{c}_d \)", r"\( \overset{a}{=}{\underset{b}{c}}_d \)"),
        ("Let  $x$ b\n\n 50\\% or \\$5:\\[y\\]and\\[z\\]", "Let \\( x \\) b\n50% or \\$5:\n\\[ y \\]\nand\n\\[ z \\]"),
        (r"\( x \)" + "\n" + r"\( y \)", "\\( x \\)\n\\( y \\)"),
    ],
)  # fmt: skip
def test_normal_form(source: str, normal: str) -> None:
    assert latex.normalize(source) == normal
    assert latex.check(normal) is None
    assert latex.equal(source, normal)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("", "no formula"),
        ("[object Object]", "no formula"),
        (r"\( \foo{x} \)", r"unknown command \\foo"),
        (r"\( \text{\alpha} \)", r"unknown command \\alpha in a text"),
        (r"\[ \begin{tikzpicture}\end{tikzpicture} \]", "unknown environment tikzpicture"),
        (r"\begin{document}x\end{document}", "document outside of a formula"),
        (r"\( x", "the end"),
        (r"\( {x \)", "wanted"),
        (r"\( x} \)", "wanted"),
        (r"\( \frac{1} \)", "lacks an argument"),
        (r"\( x^2^3 \)", "two superscripts"),
        (r"\( x_1_2 \)", "two subscripts"),
        (r"\( \left( x \)", "wanted"),
        (r"\( \left x \right) \)", "wants a delimiter"),
        (r"\( \begin{matrix}a\end{pmatrix} \)", "ends as pmatrix"),
        (r"\( x\tag{1} \)", "a tag in a line"),
        (r"\[ x\tag{1}\tag{2} \]", "several tags"),
        (r"\( \, \)", "without ink"),
        (r"\( x\limits_2 \)", "without an operator"),
        (r"\( @ \)", "the character '@'"),
        (r"\input{/etc/passwd} \( x \)", "outside of a formula"),
        (r"\( \ce{\input{x}} \)", r"unknown command \\input"),
        (r"\( \begin{cases}a&b&c\end{cases} \)", "more than 2 columns"),
        (r"\( a\over b\over c \)", "in one list"),
        (r"\( \substack{a\\\hline b} \)", r"\\hline in \\substack"),
        (r"\( \mathds{1} \)", r"unknown command \\mathds"),
        ("\\( x \\) \0", "do not print"),
    ],
)
def test_what_is_no_target_is_named(source: str, why: str) -> None:
    with pytest.raises(LabelError, match=why):
        latex.normalize(source)


@pytest.mark.parametrize(
    "piece",
    ["{", r"\sqrt", r"\sqrt[", r"\left(", r"\hat{", "x^{", r"\text{$", r"\begin{matrix}", r"\frac{", r"\mathbf{"],
)
def test_hostile_depth_is_refused_at_once(piece: str) -> None:
    begin = time.perf_counter()
    with pytest.raises(LabelError, match="nested deeper than"):
        latex.normalize(r"\( " + piece * 10_000)
    assert time.perf_counter() - begin < 2


@pytest.mark.parametrize(
    ("left", "right"), [("{", "}"), (r"\left(", r"\right)"), (r"\sqrt[", "]x"), ("x^{", "}"), (r"\hat{", "}")]
)
def test_depth_that_is_allowed_costs_no_more_than_its_size(left: str, right: str) -> None:
    begin = time.perf_counter()
    source = r"\( " + left * 18 + r"{\displaystyle\frac12}" + right * 18 + r" \)"
    assert latex.check(latex.normalize(source)) is None
    assert time.perf_counter() - begin < 2


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (r"\( a\mid b \)", r"\( a|b \)", True),
        (r"\( \text{if }x \)", r"\( \mathrm{if}x \)", True),
        (r"\( \iint f \)", r"\( \int\int f \)", True),
        (r"\( a\quad b \)", r"\( ab \)", True),
        (r"\( x_i \)", r"\( x^i \)", False),
        (r"\( \epsilon \)", r"\( \varepsilon \)", False),
        (r"\( x \)", r"\[ x \]", False),
        (r"\( \mathbf{x} \)", r"\( x \)", False),
        (r"\( \int_0^1 \)", r"\( \int\limits_0^1 \)", False),
        (r"\[ \sum_0^1 \]", r"\[ \sum\nolimits_0^1 \]", False),
        (r"\( \displaystyle\sum_0 \)", r"\( \sum\limits_0 \)", True),
        (r"\( \mathrm{H_2O} \)", r"\( \mathrm{H}_2\mathrm{O} \)", True),
        (r"\( \mathbf{ab} \)", r"\( \mathbf{a}\mathbf{b} \)", True),
        (r"\( \mathbf{x+\frac{a}{2}} \)", r"\( \mathbf{x}+\frac{\mathbf{a}}{\mathbf{2}} \)", True),
        (r"\( 12 \)", r"\( \mathrm{12} \)", True),
        (r"\( 12 \)", r"\( \mathit{12} \)", False),
        (r"\( \mathbf{x} \)", r"\( \textbf{x} \)", True),
        (r"\( \mathbf{x} \)", r"\( \boldsymbol{x} \)", False),
        (r"\( x\mathrm{d}x \)", r"\( x\text{d}x \)", True),
        (r"\( \sin x \)", r"\( \mathrm{sin}\,x \)", True),
        (r"\( \sin^2x \)", r"\( \mathrm{si}\mathrm{n}^2x \)", True),
        (r"\( \mathrm{\alpha\Gamma} \)", r"\( \alpha\Gamma \)", True),
        (r"\[ \operatorname*{max}_x \]", r"\[ \max_x \]", True),
        (r"\[ \operatorname{max}_x \]", r"\[ \max_x \]", False),
    ],
)
def test_equal(a: str, b: str, same: bool) -> None:
    assert latex.equal(a, b) is same
    assert latex.equal(b, a) is same


def test_spans_that_must_be_inked() -> None:
    matrix = r"\begin{pmatrix}\frac{a}{b}&\left.c\right|\end{pmatrix}"
    text = rf"Let \( \mathbb{{R}}_{{12}}' \) be \[ {matrix}\text{{ if so}}\tag{{2}} \]"
    inked = [word for _, word in latex.inked_spans(latex.normalize(text))]
    assert inked == [
        "Let", r"\mathbb{R}", "12", "'", "be", r"\begin{pmatrix}", r"\frac", "a", "b", "c", r"\right|",
        r"\end{pmatrix}", "if", "so", r"\tag{2}",
    ]  # fmt: skip

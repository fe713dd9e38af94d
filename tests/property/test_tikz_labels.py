r"""The grammar of figures: canonical, idempotent, and equal exactly where two figures are one drawing."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderers.core.errors import LabelError
from renderers.labels.tikz import grammar as tikz
from renderers.labels.tikz.expressions import evaluate, normalize_expression
from renderers.labels.tikz.primitives import Bend, Circle, Ellipse, Grid, Node, Path, Pen, Plot, Primitive, moved

COORDINATE = st.integers(-500, 1200).map(lambda hundredths: hundredths / 100)
POINT = st.tuples(COORDINATE, COORDINATE)
LENGTH = st.integers(10, 400).map(lambda hundredths: hundredths / 100)
ANGLE = st.integers(0, 719).map(float)
PEN = st.builds(
    Pen,
    arrow=st.sampled_from(["", "", "->", "<->"]),
    weight=st.sampled_from(["", "thick", "very thick"]),
    dash=st.sampled_from(["", "dashed", "dotted", "dash dot"]),
    draw=st.sampled_from(["black", "blue", "gray!40"]),
)
AREA = st.builds(lambda fill: Pen(draw=None, fill=fill), st.sampled_from(["black", "gray!20", "red!15"]))
LINES = st.lists(POINT, min_size=2, max_size=6, unique=True)
PRIMITIVE: st.SearchStrategy[Primitive] = st.one_of(
    st.builds(lambda points, pen: Path(points[0], tuple(points[1:]), pen=pen), LINES, PEN),
    st.builds(
        lambda points, pen: Path(points[0], tuple(points[1:]), closed=True, pen=pen),
        st.lists(POINT, min_size=3, max_size=6, unique=True),
        AREA | PEN.map(lambda pen: Pen(weight=pen.weight, dash=pen.dash)),
    ),
    st.builds(
        lambda start, first, sweep, r, pen: Path(start, (Bend(first, first + sweep, r, r),), pen=pen),
        POINT, ANGLE, st.integers(5, 355).map(float), LENGTH, PEN,
    ),
    st.builds(Circle, POINT, LENGTH, PEN | AREA),
    st.builds(Ellipse, POINT, LENGTH, LENGTH, st.integers(0, 179).map(float), PEN),
    st.builds(lambda low, pen: Grid(low, (low[0] + 3, low[1] + 2), 1.0, pen), POINT, PEN),
    st.builds(Plot, st.sampled_from(["(\\x)^2", "2*sin(deg(\\x))", "exp(-(\\x))"]), st.just(-1.0), LENGTH, st.just(60)),
    st.builds(Node, POINT, st.sampled_from(["$A$", "$B_1'$", "$60^\\circ$", "$\\frac{1}{2}$"])),
)  # fmt: skip
FIGURE = st.lists(PRIMITIVE, min_size=1, max_size=8)


@settings(deadline=None)  # of a machine that others use too
@given(FIGURE, st.randoms())
def test_written_figures_are_canonical_whatever_their_order(figure: list[Primitive], random: object) -> None:
    text, placed = tikz.write(figure)
    assert tikz.check(text) is None
    assert tikz.normalize(text) == text
    assert tikz.equal(text, text)
    random.shuffle(figure)  # type: ignore[attr-defined]
    assert tikz.write(figure)[0] == text
    assert [(one, span) for one, span in tikz.read_placed(text)] == placed
    lines = text.split("\n")
    assert all(line.endswith(";") for line in lines[1:-1])
    assert (lines[0], lines[-1]) == (r"\begin{tikzpicture}", r"\end{tikzpicture}")
    for (start, stop), said in tikz.inked_spans(text):
        assert said == text[start:stop]
        assert said.endswith(";") or said.startswith("$")


@settings(deadline=None)  # of a machine that others use too
@given(FIGURE, st.integers(1, 3), st.integers(-3, 3))
def test_a_moved_figure_is_equal_only_where_place_does_not_count(figure: list[Primitive], dx: int, dy: int) -> None:
    figure = [one for one in figure if not isinstance(one, Plot | Grid | Node)] or [Circle((0.0, 0.0), 1.0)]
    here = tikz.write(figure)[0]
    there = tikz.write([moved(one, dx, dy) for one in figure])[0]
    assert not tikz.equal(here, there)
    assert tikz.equal(here, there, translated=True)


@settings(deadline=None)  # of a machine that others use too
@given(FIGURE)
def test_a_figure_without_a_part_is_another(figure: list[Primitive]) -> None:
    whole = [*figure, Circle((30.0, 30.0), 2.0)]
    assert not tikz.equal(tikz.write(whole)[0], tikz.write([*figure, Circle((30.0, 30.0), 2.2)])[0])
    assert not tikz.equal(tikz.write(whole)[0], tikz.write([*figure, Circle((30.1, 30.0), 2.0)])[0])
    assert tikz.equal(tikz.write(whole)[0], tikz.write([*figure, Circle((30.02, 30.0), 2.02)])[0])


def figure(statements: str) -> str:
    return f"\\begin{{tikzpicture}}\n{statements}\n\\end{{tikzpicture}}"


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (r"\draw (0,0)--(4,0)--(0,3)--cycle;", r"\draw (4,0)--(0,3); \draw (0,0)--(0,3); \draw (4,0)--(0,0);", True),
        (r"\draw (0,0)--(4,0);", r"\draw (0,0)--(1,0); \draw (4,0)--(1,0);", True),
        (r"\draw (0,0)--(4,0);", r"\draw (0,0)--(1,0); \draw (4,0)--(2,0);", False),
        (r"\draw (0,0) rectangle (2,1);", r"\draw (0,1)--(0,0)--(2,0)--(2,1)--cycle;", True),
        (r"\draw[->] (0,0)--(4,0);", r"\draw[<-] (4,0)--(0,0);", True),
        (r"\draw[->] (0,0)--(4,0);", r"\draw[->] (4,0)--(0,0);", False),
        (r"\draw (0,0)--(4,0);", r"\draw[dashed] (0,0)--(4,0);", False),
        (r"\draw (3,0) arc (0:90:3);", r"\draw (0,3) arc (90:0:3);", True),
        (r"\draw (3,0) arc (0:90:3);", r"\draw (3,0) arc (0:95:3);", False),
        (r"\draw (0,0) circle (1);", r"\draw (0,0) ellipse (1 and 1);", True),
        (r"\fill (0,0)--(2,0)--(1,1)--cycle;", r"\draw (0,0)--(2,0)--(1,1)--cycle;", False),
        (r"\fill[gray!20] (0,0)--(2,0)--(1,1)--cycle;", r"\fill[gray!20] (1,1)--(0,0)--(2,0)--cycle;", True),
        (r"\node at (0,0) {$A$};", r"\node at (0,0) {$B$};", False),
        (r"\node at (0,0) {$A$};", r"\node at (0.04,0) {$A$};", True),
        (r"\node at (0,0) {$a_{1}$};", r"\node at (0,0) {$a_1$};", True),
        (r"\node at (0,0) {$a_{1}$};", r"\node at (0,0) {\(a_1\)};", True),
        (r"\node at (0,0) {$a_{12}$};", r"\node at (0,0) {$a_12$};", False),
        (r"\node at (0,0) {\$a_{1}\$};", r"\node at (0,0) {\$a_1\$};", False),
        (r"\draw plot[domain=-1:1] (\x,{\x*\x});", r"\draw plot[domain=-1:1,samples=80] (\x,{(\x)^2});", True),
        (r"\draw plot[domain=-1:1] (\x,{\x*\x});", r"\draw plot[domain=-1:1] (\x,{1.5*\x*\x});", False),
        (r"\draw plot[domain=-1:1] (\x,{(\x)^2});", r"\draw plot[domain=-1:1] ({(\x)^2},\x);", False),
    ],
)
def test_figures_are_equal_by_what_they_draw(a: str, b: str, same: bool) -> None:
    assert tikz.equal(figure(a), figure(b)) is same
    assert tikz.equal(figure(b), figure(a)) is same


@pytest.mark.parametrize(
    "statements",
    [
        "",
        r"\draw (0,0);",
        r"\draw (0,0)--(1,1)",
        r"\draw (0,0)--(1,);",
        r"\draw (0,0) circle (-1);",
        r"\draw[wobbly] (0,0)--(1,1);",
        r"\draw[mauve] (0,0)--(1,1);",
        r"\node at (0,0) {};",
        r"\node at (0,0) {$A$;",
        r"\draw plot[domain=0:1] (\x,{__import__('os')});",
        r"\draw plot[domain=0:1] (\x,{\y});",
        r"\draw (0,0)--(1,1); hello",
        r"\input{/etc/passwd};",
    ],
)
def test_what_is_no_figure_is_named(statements: str) -> None:
    assert tikz.check(figure(statements))
    with pytest.raises(LabelError):
        tikz.read(figure(statements))


@pytest.mark.parametrize(
    ("loose", "canonical"),
    [
        (r"0.50 * (\x - 1)^2 + 2", r"0.5*(\x-1)^2+2"),
        (r"\x^2", r"(\x)^2"),
        (r"-\x", r"-(\x)"),
        (r"(2)^(\x)", r"2^(\x)"),
        (r"((\x+1))/((2))", r"(\x+1)/2"),
        (r"1-(2-\x)", r"1-(2-\x)"),
    ],
)
def test_expressions_have_one_form(loose: str, canonical: str) -> None:
    assert normalize_expression(loose) == canonical
    assert normalize_expression(canonical) == canonical
    at = np.linspace(-2, 2, 9)
    assert np.allclose(evaluate(loose, at), evaluate(canonical, at))
    assert evaluate("2*sin(deg(\\x))", at)[0] == pytest.approx(2 * math.sin(-2))


def test_blanks_in_the_names_of_environments_change_nothing() -> None:
    plain = figure(r"\draw (0.00,0.00)--(1.00,1.00);")
    assert tikz.normalize(plain.replace("{tikzpicture}", " { tikzpicture }")) == plain

"""Matrices and arrays: their size, brackets and the kind of their entries."""

from collections.abc import Callable

from renderers.content.formulas.patterns import decks
from renderers.core.choice import pick, pick_int

Fill = Callable[[str], str]
"""Fills a slot by name, with the letters of the formula."""

_ENTRIES: tuple[tuple[str, ...], ...] = (
    ("signed",),
    ("signed", "signed", "zero"),
    ("int", "zero", "one"),
    ("x", "y", "a", "b", "int", "zero"),
    ("term_flat", "int", "atom"),
    ("a", "b", "c", "zero"),
    ("decimal",),
    ("fraction", "signed"),
    ("greek", "zero", "one"),
    ("indexed",),
)
"""Kinds of entries that one matrix mixes."""

_SIZES = ((2, 2), (2, 2), (2, 2), (3, 3), (3, 3), (2, 3), (3, 2), (3, 4), (4, 4), (1, 3), (2, 4), (4, 3), (5, 5))
_SQUARES = ((2, 2), (2, 2), (3, 3), (3, 3), (4, 4))


class Tables:
    """The matrices of one formula: of one bracket and of sizes that fit each other."""

    def __init__(self, random: Callable[[], float], fill: Fill) -> None:
        """Args: random: uniform in [0, 1). fill: fills the slots of entries."""
        self._random = random
        self._fill = fill
        self._env = ""
        self._size: tuple[int, int] | None = None
        self._kinds: tuple[str, ...] = ()
        self._num_columns = 0

    def draw(self, name: str) -> str:
        """What fills a slot `matrix_...`.

        Args:
            name: block (any size), square, det, column (fits the block before it), general (a_11 ... a_mn), dets
                (Vandermonde), parts (four blocks), rows (augmented).
        """
        if not self._env:
            self._env = pick(decks()["matrix"], self._random())
            self._kinds = pick(_ENTRIES, self._random())
        return str(getattr(self, f"_draw_{name.removeprefix('matrix_')}")())

    def _draw_block(self) -> str:
        self._size = self._size or pick(_SQUARES if "v" in self._env.lower() else _SIZES, self._random())
        return _matrix(self._env, self._entries(self._size))

    def _draw_square(self) -> str:
        self._size = self._size or pick(_SQUARES, self._random())
        return self._draw_block()

    def _draw_det(self) -> str:
        self._env = "vmatrix"
        return self._draw_square()

    def _draw_column(self) -> str:
        height, width = self._size or (3, 3)
        num = height if self._num_columns else width
        stem = pick(("xuv" if not self._num_columns else "ybc"), self._random())
        self._num_columns += 1
        env = "bmatrix" if self._env == "bmatrix" else "pmatrix"
        return _matrix(env, [[f"{stem}_{row + 1}"] for row in range(num)])

    def _draw_general(self) -> str:
        return _general(self._env, pick("abcmtw", self._random()), pick("mn", self._random()), "n")

    def _draw_dets(self) -> str:
        return (
            r"\begin{vmatrix} 1 & 1 & \cdots & 1 \\ x_1 & x_2 & \cdots & x_n \\ \vdots & \vdots & \ddots & \vdots \\ "
            r"x_1^{n - 1} & x_2^{n - 1} & \cdots & x_n^{n - 1} \end{vmatrix}"
        )

    def _draw_parts(self) -> str:
        stem, other = self._fill("A"), self._fill("B")
        if self._random() < 0.5:
            return _matrix(self._env, [[f"{stem}_{{{row}{column}}}" for column in (1, 2)] for row in (1, 2)])
        return _matrix(self._env, [[stem, other], ["0", self._fill("C")]])

    def _draw_rows(self) -> str:
        height = self._size[0] if self._size else pick_int(2, 3, self._random())
        self._size = (height, height + 1)
        opening, closing = ("[", "]") if self._env == "bmatrix" else ("(", ")")
        body = r" \\ ".join(" & ".join(row) for row in self._entries(self._size))
        return rf"\left{opening} \begin{{array}}{{{'c' * height}|c}} {body} \end{{array}} \right{closing}"

    def _entries(self, size: tuple[int, int]) -> list[list[str]]:
        if self._kinds == ("indexed",):
            stem = pick(("a", "b", "m", "x", "g", r"\sigma", r"\lambda"), self._random())
            return [[f"{stem}_{{{row}{column}}}" for column in range(1, size[1] + 1)] for row in range(1, size[0] + 1)]
        return [[self._entry(pick(self._kinds, self._random())) for _ in range(size[1])] for _ in range(size[0])]

    def _entry(self, kind: str) -> str:
        make = _MAKERS.get(kind)
        return make(self._random) if make else self._fill(kind)


_MAKERS: dict[str, Callable[[Callable[[], float]], str]] = {
    "signed": lambda random: str(pick_int(-5, 8, random())),
    "zero": lambda _random: "0",
    "one": lambda _random: "1",
    "decimal": lambda random: f"{random():.2f}",
    "fraction": lambda random: rf"\frac{{{pick_int(1, 5, random())}}}{{{pick_int(2, 8, random())}}}",
}


def _matrix(env: str, rows: list[list[str]]) -> str:
    return rf"\begin{{{env}}} " + r" \\ ".join(" & ".join(row) for row in rows) + rf" \end{{{env}}}"


def _general(env: str, stem: str, height: str, width: str) -> str:
    rows = [
        [f"{stem}_{{11}}", f"{stem}_{{12}}", r"\cdots", f"{stem}_{{1{width}}}"],
        [f"{stem}_{{21}}", f"{stem}_{{22}}", r"\cdots", f"{stem}_{{2{width}}}"],
        [r"\vdots", r"\vdots", r"\ddots", r"\vdots"],
        [f"{stem}_{{{height}1}}", f"{stem}_{{{height}2}}", r"\cdots", f"{stem}_{{{height}{width}}}"],
    ]
    return _matrix(env, rows)

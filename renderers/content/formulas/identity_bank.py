"""Sensible expressions: a bank of true statements that sympy made and numbers proved; letters are drawn anew.

sympy takes 10 to 500 ms for one, a draw may take 3. So the bank is made ahead, and read as lines:

    python -m renderers.content.formulas.identity_bank          makes templates/formulas/sympy.txt, in two minutes

Each line is its kind, its number, and LaTeX with slots; renaming letters keeps it true.
"""

import logging
import sys
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import templates
from renderers.content.formulas.formula import num_tokens
from renderers.content.formulas.patterns import FOLDER, Pattern, compile_pattern, join
from renderers.content.formulas.variable_names import VariableNames
from renderers.core.choice import pick
from renderers.core.rng import rng_at

if TYPE_CHECKING:
    from renderers.content.formulas.identities import Identity

_LOG = logging.getLogger(__name__)

BANK = "sympy.txt"

_SEED = 20250801
_NUM_EACH = 100
"""Statements of each kind in the bank."""

_NUM_TRIED = 400
"""Draws of each kind; some are repeated, too long, or not proven."""

_MAX_CHARS = 420


def draw_identity(random: Callable[[], float], max_tokens: int) -> str:
    """LaTeX of a statement of the bank, in letters of its own.

    Args:
        random: uniform in [0, 1).
        max_tokens: most characters and commands, about.
    """
    lines = _bank()
    kind = pick(lines, random())
    for _ in range(8):
        length, pattern = pick(kind, random())
        if length <= max_tokens:
            break
        kind = pick(lines, random())
    names = VariableNames(random)
    latex = ""
    for before, slot, _ in pattern:
        latex = join(join(latex, before), names[slot] if slot else "")
    return latex


def make_identity(kind: str, index: int) -> "Identity":
    """The statement of a kind that its draw of this index makes; needs sympy."""
    from renderers.content.formulas import algebra, calculus

    makers = {maker.__name__: maker for maker in (*calculus.KINDS, *algebra.KINDS)}
    return makers[kind](rng_at(_SEED, f"sympy/{kind}", index))


def bank_lines() -> tuple[tuple[str, int, str], ...]:
    """Kind, number and LaTeX with slots of every statement of the bank."""
    rows = (line.split("\t") for line in templates.text(FOLDER, BANK).splitlines() if not line.startswith("#"))
    return tuple((kind, int(index), latex) for kind, index, latex in rows)


@cache
def _bank() -> tuple[tuple[tuple[int, Pattern], ...], ...]:
    kinds: dict[str, list[tuple[int, Pattern]]] = {}
    for kind, _, latex in bank_lines():
        kinds.setdefault(kind, []).append((num_tokens(latex), compile_pattern(latex)))
    return tuple(tuple(rows) for rows in kinds.values())


def _make_bank() -> str:
    import sympy  # type: ignore[import-untyped]

    from renderers.content.formulas import algebra, calculus

    command = "python -m renderers.content.formulas.identity_bank"
    lines = [f"# Made by `{command}` with sympy {sympy.__version__}; not to be edited."]
    for maker in (*calculus.KINDS, *algebra.KINDS):
        kind, known = maker.__name__, set[str]()
        for index in range(_NUM_TRIED):
            if len(known) == _NUM_EACH:
                break
            identity = make_identity(kind, index)
            if identity.latex and identity.holds and len(identity.latex) < _MAX_CHARS and identity.latex not in known:
                known.add(identity.latex)
                lines.append(f"{kind}\t{index}\t{identity.latex}")
        _LOG.info("%s: %d of %d draws", kind, len(known), index + 1)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
    templates.path(FOLDER, BANK).write_text(_make_bank(), encoding="utf-8")

"""Who draws formulas for the metrics that look at them: passed in, since a training machine may have no TeX."""

from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt

from renderers.core.errors import EngineError
from renderers.labels.latex.colour import Typeset

GROUP = "got_model.typesetters"
"""Entry points of this group are functions without arguments that return a Typesetter."""

DPI = 600
"""Dots an inch of the pictures: a script's minus sign, 0.28 pt, must cover whole pixels."""

SIZE_PT = 10.0


class Typesetter(Protocol):
    """Draws formulas."""

    def pictures(self, formulas: Sequence[Typeset]) -> list[npt.NDArray[np.uint8] | None]:
        """Each as it is coloured, (H, W, 3) RGB on white at `DPI`, text of `SIZE_PT`; None where it cannot be drawn."""


def find_typesetter() -> tuple[Typesetter | None, str]:
    """The typesetter that is installed, or None and the line that says why there is none.

    An entry point says by EngineStartError that it cannot work here.
    """
    for point in entry_points(group=GROUP):
        try:
            return cast("Typesetter", point.load()()), ""
        except (ImportError, EngineError) as error:
            return None, f"CDM is left out: {error}"
    return None, "CDM is left out: no typesetter is installed (install glyphmill whole, with make setup)"

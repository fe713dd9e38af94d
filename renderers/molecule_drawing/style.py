"""The look of one picture of a molecule: what the drawer is told, and colours, letters and paper."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
import numpy as np

import templates
from renderers.content import fonts, palettes
from renderers.core.weighted import Weighted

NAME = "mathpix_molecules"

_LEAST_CONTRAST = 2.2
"""Of a coloured letter to the paper. The drawer's own yellow of sulfur has 1.7 on white: seen, but not read easily."""

_TRIES = 6


class Style(msgspec.Struct, frozen=True, gc=False):
    """How one picture looks.

    Attributes:
        options: what the drawer is told; lengths in px of the page.
        aromatic: whether aromatic rings are given to it as such, with small letters.
        family: of the letters.
        bold: whether they are bold.
        paper: "#rrggbb".
        colours: of elements, by their symbol in capitals; "C" is that of carbon and of all that are not named.
        cap: end of a stroke, as CSS has it.
        pad_px: paper at the left, top, right and bottom.
        scale: picture px to one page px.
    """

    options: dict[str, float | bool | str]
    aromatic: bool
    family: str
    bold: bool
    paper: str
    colours: dict[str, str]
    cap: str
    pad_px: tuple[float, float, float, float]
    scale: float

    @property
    def bond_px(self) -> float:
        """Length of a bond on the page."""
        return float(self.options["bondLength"])

    @property
    def stroke_px(self) -> float:
        """Thickness of a bond on the page."""
        return float(self.options["bondThickness"])

    @property
    def size_px(self) -> float:
        """Of the letters on the page."""
        return float(self.options["fontSizeLargePx"])

    @property
    def small_px(self) -> float:
        """Of counts and charges on the page."""
        return float(self.options["fontSizeSmallPx"])


def draw_style(rng: np.random.Generator, elements: Sequence[str], circles: bool) -> Style:
    """A look for a molecule.

    Args:
        rng: the choices are its.
        elements: symbols.
        circles: whether its aromatic rings may be drawn with circles.
    """
    menu = templates.menu(NAME)
    share = rng.random
    options = _drawings().at(share())
    # Hydrogens that are said, those with an isotope, are left out otherwise.
    while (options.get("ringVisualization") == "circle" and not circles) or (
        "H" in elements and not options["explicitHydrogens"]
    ):
        options = _drawings().at(share())
    latin = fonts.families("latin")
    usual = menu["usual_families"]
    family = str(_pick(usual if share() < menu["usual_frac"] else latin, share()))
    pad = [float(_pick(menu["pads_px"], share())) for _ in range(4)]
    even = share() < 0.7
    paper, colours = _draw_colours(rng, elements)
    return Style(
        options=dict(options),
        aromatic=options.get("ringVisualization") == "circle",
        family=family,
        bold=bool(share() < menu["bold_frac"]) and fonts.has_bold(family),
        paper=paper,
        colours=colours,
        cap="round" if share() < 0.75 else "butt",
        pad_px=(pad[0], pad[1], pad[0], pad[1]) if even else (pad[0], pad[1], pad[2], pad[3]),
        scale=float(_pick(menu["scales"], share())),
    )


def plainer(style: Style, written: str) -> Style:
    """The same look without hydrogens at centres: with them, the drawer takes many centres for their mirror."""
    if not style.options["explicitHydrogens"] or "H]" in written.replace("@H]", "]"):
        return style
    return msgspec.structs.replace(style, options={**style.options, "explicitHydrogens": False})


def sheet_of(style: Style, written: str, place: int) -> dict[str, object]:
    """What the page is told of a molecule."""
    weight = "bold " if style.bold else ""
    css = (
        f"--paper: {style.paper}; --stroke: {style.stroke_px:g}px; --cap: {style.cap};"
        f" --font: {weight}{style.size_px:g}px '{style.family}'; --small: {style.small_px:g}px"
    )
    return {
        "place": place,
        "smiles": written,
        "options": style.options,
        "colours": style.colours,
        "css": css,
        "pad": style.pad_px,
        "stroke": style.stroke_px,
    }


def used_colours(style: Style, elements: Sequence[str]) -> set[str]:
    """Those of its strokes and letters."""
    return {style.colours.get(element.upper(), style.colours["C"]) for element in ("C", *elements)}


def _draw_colours(rng: np.random.Generator, elements: Sequence[str]) -> tuple[str, dict[str, str]]:
    menu = templates.menu(NAME)
    plain, which, coloured = rng.random(3).tolist()
    if plain < menu["plain_frac"]:
        paper, ink = "#ffffff", "#000000"
    else:
        pairs = [(row["paper"], ink) for row in menu["papers"] for ink in row["inks"]]
        paper, ink = pairs[int(which * len(pairs))]
    if coloured < menu["coloured_frac"]:
        for _ in range(_TRIES):
            found: Mapping[str, str] = _pick(menu["colours"], rng.random())
            colours = {"C": ink, **found}
            shown = {colours.get(element.upper(), ink) for element in elements}
            if all(palettes.contrast(one, paper) >= _LEAST_CONTRAST for one in shown):
                return paper, colours
    return paper, {"C": ink}


@cache
def _drawings() -> Weighted[dict[str, Any]]:
    return Weighted((row["weight"], row["options"]) for row in templates.menu(NAME)["drawings"])


def _pick(things: Sequence[Any], share: float) -> Any:
    return things[int(share * len(things))]

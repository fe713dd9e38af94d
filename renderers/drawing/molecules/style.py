"""The look of one picture of a molecule: what the drawer is told, and colours, letters and paper."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
import numpy as np

import templates
from renderers.content import fonts, palettes
from renderers.core.choice import pick
from renderers.core.weighted import Weighted

NAME = "mathpix_molecules"

_MIN_CONTRAST = 2.2
"""Of a coloured letter to the paper. The drawer's own yellow of sulfur has 1.7 on white: seen, but not read easily."""

_TRIES = 6

_LENGTHS = frozenset(
    {"bondLength", "bondThickness", "bondSpacing", "fontSizeLarge", "fontSizeLargePx", "fontSizeSmallPx", "padding"}
)
"""Options that grow with the letters."""

_PAGE_PAD_EM = 0.4
"""Paper around a molecule on a page: strokes and the ends of letters stay within."""


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
        rng: where all choices come from.
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
    family = str(pick(usual if share() < menu["usual_frac"] else latin, share()))
    pad = [float(pick(menu["pads_px"], share())) for _ in range(4)]
    even = share() < 0.7
    plain, which, coloured = rng.random(3).tolist()
    paper, ink = _draw_paper(plain, which)
    colours = _draw_colours(rng, coloured, paper, ink, elements)
    return Style(
        options=dict(options),
        aromatic=options.get("ringVisualization") == "circle",
        family=family,
        bold=bool(share() < menu["bold_frac"]) and fonts.has_bold(family),
        paper=paper,
        colours=colours,
        cap=_cap(share()),
        pad_px=(pad[0], pad[1], pad[0], pad[1]) if even else (pad[0], pad[1], pad[2], pad[3]),
        scale=float(pick(menu["scales"], share())),
    )


def draw_page_style(rng: np.random.Generator, family: str, size_px: float, paper: str, ink: str, scale: float) -> Style:
    """A look for the molecules of one page: letters as large as its text, in its ink or coloured by element.

    Args:
        rng: where all choices come from.
        family: of the letters.
        size_px: of the text on the page.
        paper: of the page, "#rrggbb".
        ink: of its text.
        scale: picture px to one page px.
    """
    menu = templates.menu(NAME)
    options = _drawings().at(rng.random())
    grown = size_px / options["fontSizeLargePx"]
    pad = round(_PAGE_PAD_EM * size_px)
    bold, cap, coloured = rng.random(3).tolist()
    return Style(
        # With hydrogens at centres the drawer takes many for their mirror.
        options={name: round(value * grown, 2) if name in _LENGTHS else value for name, value in options.items()}
        | {"explicitHydrogens": False},
        aromatic=options.get("ringVisualization") == "circle",
        family=family,
        bold=bold < menu["bold_frac"] and fonts.has_bold(family),
        paper=paper,
        colours=_draw_colours(rng, coloured, paper, ink, tuple(menu["colours"][0])),
        cap=_cap(cap),
        pad_px=(pad, pad, pad, pad),
        scale=scale,
    )


def plainer(style: Style, written: str) -> Style:
    """The same look without hydrogens at centres: with them, the drawer takes many centres for their mirror."""
    if not style.options["explicitHydrogens"] or "H]" in written.replace("@H]", "]"):
        return style
    return msgspec.structs.replace(style, options={**style.options, "explicitHydrogens": False})


def variables_of(style: Style) -> dict[str, str]:
    """What of the look shared/molecules.js reads from the style sheet."""
    weight = "bold " if style.bold else ""
    return {
        "--paper": style.paper,
        "--stroke": f"{style.stroke_px:g}px",
        "--cap": style.cap,
        "--letters": f"{weight}{style.size_px:g}px '{style.family}'",
        "--counts": f"{style.small_px:g}px",
    }


def sheet_of(style: Style, written: str, place: int) -> dict[str, object]:
    """What the page is told of a molecule."""
    return {
        "place": place,
        "smiles": written,
        "options": style.options,
        "colours": style.colours,
        "css": "; ".join(f"{name}: {value}" for name, value in variables_of(style).items()),
        "pad": style.pad_px,
        "stroke": style.stroke_px,
    }


def used_colours(style: Style, elements: Sequence[str]) -> set[str]:
    """Those of its strokes and letters."""
    return {style.colours.get(element.upper(), style.colours["C"]) for element in ("C", *elements)}


def _draw_paper(plain: float, which: float) -> tuple[str, str]:
    """Paper and ink."""
    menu = templates.menu(NAME)
    if plain < menu["plain_frac"]:
        return "#ffffff", "#000000"
    pairs = [(row["paper"], ink) for row in menu["papers"] for ink in row["inks"]]
    return pick(pairs, which)


def _draw_colours(
    rng: np.random.Generator, coloured: float, paper: str, ink: str, elements: Sequence[str]
) -> dict[str, str]:
    menu = templates.menu(NAME)
    if coloured < menu["coloured_frac"]:
        for _ in range(_TRIES):
            found: Mapping[str, str] = pick(menu["colours"], rng.random())
            colours = {"C": ink, **found}
            shown = {colours.get(element.upper(), ink) for element in elements}
            if all(palettes.contrast(one, paper) >= _MIN_CONTRAST for one in shown):
                return colours
    return {"C": ink}


def _cap(share: float) -> str:
    return "round" if share < 0.75 else "butt"


@cache
def _drawings() -> Weighted[dict[str, Any]]:
    return Weighted((row["weight"], row["options"]) for row in templates.menu(NAME)["drawings"])

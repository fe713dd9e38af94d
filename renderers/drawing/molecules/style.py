"""The look of one picture of a molecule: options of mathpix-markdown-it's drawer, and colours, fonts and paper."""

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
"""Minimum contrast ratio of a coloured label to the paper. The drawer's own yellow of sulfur has 1.7 on white: hard to
read."""

_MAX_TRIES = 6

_LENGTHS = frozenset(
    {"bondLength", "bondThickness", "bondSpacing", "fontSizeLarge", "fontSizeLargePx", "fontSizeSmallPx", "padding"}
)
"""Options that scale with the font size."""

_PAGE_PAD_EM = 0.4
"""Paper around a molecule on a page, in em of its text: room for strokes and for the ends of labels."""


class Style(msgspec.Struct, frozen=True, gc=False):
    """How one picture looks.

    Attributes:
        options: of the drawer; lengths in px of the page.
        aromatic: whether the drawer gets aromatic atoms in lower case, else rings with alternating double bonds.
        family: font family of the labels.
        bold: whether labels are bold.
        paper: "#rrggbb".
        colours: {element symbol in capitals: "#rrggbb"}; "C" is for carbon and for all elements that are not listed.
        cap: end of a stroke: a CSS `stroke-linecap`.
        pad_px: paper at the left, top, right and bottom, in px of the page.
        scale: px of the picture per px of the page.
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
        """Length of a bond, in px of the page."""
        return float(self.options["bondLength"])

    @property
    def stroke_px(self) -> float:
        """Thickness of a bond, in px of the page."""
        return float(self.options["bondThickness"])

    @property
    def size_px(self) -> float:
        """Font size of labels, in px of the page."""
        return float(self.options["fontSizeLargePx"])

    @property
    def small_px(self) -> float:
        """Font size of subscripts and superscripts (counts, charges, isotopes), in px of the page."""
        return float(self.options["fontSizeSmallPx"])


def draw_style(rng: np.random.Generator, elements: Sequence[str], circles: bool) -> Style:
    """A look for a molecule.

    Args:
        rng: where all choices come from.
        elements: symbols of the elements in the molecule.
        circles: whether its aromatic rings may be drawn with circles in them.
    """
    menu = templates.menu(NAME)
    random = rng.random
    options = _option_sets().at(random())
    # Without explicitHydrogens the drawer leaves out hydrogens that are atoms of the SMILES, such as [2H].
    while (options.get("ringVisualization") == "circle" and not circles) or (
        "H" in elements and not options["explicitHydrogens"]
    ):
        options = _option_sets().at(random())
    latin = fonts.families("latin")
    usual = menu["usual_families"]
    family = str(pick(usual if random() < menu["usual_frac"] else latin, random()))
    left, top, right, bottom = (float(pick(menu["pads_px"], random())) for _ in range(4))
    symmetric = random() < 0.7
    plain, pair, coloured = rng.random(3).tolist()
    paper, ink = _draw_paper(plain, pair)
    colours = _draw_colours(rng, coloured, paper, ink, elements)
    return Style(
        options=dict(options),
        aromatic=options.get("ringVisualization") == "circle",
        family=family,
        bold=bool(random() < menu["bold_frac"]) and fonts.has_bold(family),
        paper=paper,
        colours=colours,
        cap=_cap(random()),
        pad_px=(left, top, left, top) if symmetric else (left, top, right, bottom),
        scale=float(pick(menu["scales"], random())),
    )


def draw_page_style(rng: np.random.Generator, family: str, size_px: float, paper: str, ink: str, scale: float) -> Style:
    """A look for the molecules of one page: labels as large as its text, in its ink or coloured by element.

    Args:
        rng: where all choices come from.
        family: font family of the labels.
        size_px: font size of the text, in px of the page.
        paper: of the page, "#rrggbb".
        ink: of its text, "#rrggbb".
        scale: px of the picture per px of the page.
    """
    menu = templates.menu(NAME)
    options = _option_sets().at(rng.random())
    factor = size_px / options["fontSizeLargePx"]
    pad = round(_PAGE_PAD_EM * size_px)
    bold, cap, coloured = rng.random(3).tolist()
    return Style(
        # With hydrogens drawn at stereocentres, the drawer inverts many of them.
        options={name: round(value * factor, 2) if name in _LENGTHS else value for name, value in options.items()}
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


def without_explicit_hydrogens(style: Style, smiles: str) -> Style:
    """The same look without hydrogens at stereocentres, many of which the drawer inverts when it draws hydrogens.

    A molecule whose SMILES writes other hydrogens keeps them.
    """
    if not style.options["explicitHydrogens"] or "H]" in smiles.replace("@H]", "]"):
        return style
    return msgspec.structs.replace(style, options={**style.options, "explicitHydrogens": False})


def variables_of(style: Style) -> dict[str, str]:
    """The CSS variables that templates/shared/molecules.js reads."""
    weight = "bold " if style.bold else ""
    return {
        "--paper": style.paper,
        "--stroke": f"{style.stroke_px:g}px",
        "--cap": style.cap,
        "--letters": f"{weight}{style.size_px:g}px '{style.family}'",
        "--counts": f"{style.small_px:g}px",
    }


def sheet_of(style: Style, smiles: str, index: int) -> dict[str, object]:
    """The input of templates/mathpix_molecules/draw.js for one molecule, which becomes page `index` of the print."""
    return {
        "place": index,
        "smiles": smiles,
        "options": style.options,
        "colours": style.colours,
        "css": "; ".join(f"{name}: {value}" for name, value in variables_of(style).items()),
        "pad": style.pad_px,
        "stroke": style.stroke_px,
    }


def used_colours(style: Style, elements: Sequence[str]) -> set[str]:
    """Colours of the strokes and labels of a molecule with these elements."""
    return {style.colours.get(element.upper(), style.colours["C"]) for element in ("C", *elements)}


def _draw_paper(plain: float, pair: float) -> tuple[str, str]:
    """Paper and ink, "#rrggbb"."""
    menu = templates.menu(NAME)
    if plain < menu["plain_frac"]:
        return "#ffffff", "#000000"
    pairs = [(row["paper"], ink) for row in menu["papers"] for ink in row["inks"]]
    return pick(pairs, pair)


def _draw_colours(
    rng: np.random.Generator, coloured: float, paper: str, ink: str, elements: Sequence[str]
) -> dict[str, str]:
    menu = templates.menu(NAME)
    if coloured < menu["coloured_frac"]:
        for _ in range(_MAX_TRIES):
            by_element: Mapping[str, str] = pick(menu["colours"], rng.random())
            colours = {"C": ink, **by_element}
            used = {colours.get(element.upper(), ink) for element in elements}
            if all(palettes.contrast(one, paper) >= _MIN_CONTRAST for one in used):
                return colours
    return {"C": ink}


def _cap(share: float) -> str:
    return "round" if share < 0.75 else "butt"


@cache
def _option_sets() -> Weighted[dict[str, Any]]:
    return Weighted((row["weight"], row["options"]) for row in templates.menu(NAME)["drawings"])

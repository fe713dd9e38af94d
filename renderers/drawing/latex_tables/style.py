"""The look of one table: fonts, sizes, spaces, colours. Everything is drawn here, nothing while TeX runs."""

import re
from functools import cache
from typing import Literal, TypeAlias

import msgspec
import numpy as np

import templates
from renderers.content import fonts, palettes
from renderers.content.tables.table import TableContent
from renderers.content.tables.texts import width_em
from renderers.core.boxes import GOT_SIDE_PX
from renderers.core.choice import pick

NAME = "latex_tables"
Program: TypeAlias = Literal["pdflatex", "xelatex"]

MIN_CONTRAST = 4.5
"""Of texts to their ground. Source: WCAG 2, level AA."""

_MIN_RULE_CONTRAST = 1.6

_SCRIPT_PT = {8.0: 6.0, 9.0: 6.0, 10.0: 7.0, 11.0: 8.0, 12.0: 8.0}
"""Size of subscripts in a text. Source: the LaTeX kernel, DeclareMathSizes."""

_MAX_PX = 1_150_000
"""Measured: rasterizing and writing a picture costs 10 ms a million px."""

MIN_CAP_PX = 8.0
"""Height of a capital at GOT's square. Source: design; half of one 16 px patch of its encoder."""

_WIDE_PT = 560.0
_PT_PER_INCH = 72.0


class Style(msgspec.Struct, frozen=True):
    """A look.

    Attributes:
        program: pdflatex for what its fonts draw, xelatex for Chinese.
        family, han: names of the families; `han` is empty under pdflatex.
        math: the math version.
        size_pt: size of the text, in pt.
        note_pt: size of notes, in pt.
        bold: what is set in bold: head, stub, group, total, caption.
        head_align: of heads over one column; "" as their column.
        stretch: factor by which rows are further apart than lines of text.
        booktabs: whether rules are those of that package, where there are no bars.
        flush: whether the table begins with its text, without space before it.
        cell: p or m, for columns whose texts run over lines.
        stacked: whether long heads stand in two lines.
        margins_pt: left, top, right, bottom.
        caption_align: l or c.
        dpi_wish: wanted resolution of the picture, in dots per inch; a wide table gets less.
        ground, head_ground, ...: "#rrggbb", or "" for paper.
    """

    program: Program
    family: str
    han: str
    math: str
    size_pt: float
    note_pt: float
    bold: tuple[str, ...]
    head_align: Literal["", "l", "c"]
    stretch: float
    colsep_pt: float
    rule_pt: float
    booktabs: bool
    flush: bool
    cell: Literal["p", "m"]
    stacked: bool
    ink: str
    head_ink: str
    rule_ink: str
    head_ground: str
    stripe: str
    group_ground: str
    margins_pt: tuple[float, float, float, float]
    caption_align: Literal["l", "c"]
    caption_gap_pt: float
    dpi_wish: float

    @property
    def room_em(self) -> float:
        """About how wide the table may be."""
        return _WIDE_PT / self.size_pt


def most_rows(style: Style) -> int:
    """As many as leave subscripts 8 px high at GOT's square, with room for heads, caption and notes."""
    high_pt = 0.56 * _SCRIPT_PT[style.size_pt] * GOT_SIDE_PX / MIN_CAP_PX
    line_pt = (1.35 if style.han else 1.2) * style.size_pt * style.stretch + 1.0
    return int(high_pt / line_pt) - 4


def draw_style(rng: np.random.Generator, language: str) -> Style:
    """A look for a language."""
    random = rng.random

    menu = templates.menu(NAME)
    colours = menu["colours"]
    if language == "en" and random() < 0.85:
        program: Program = "pdflatex"
        han = ""
        family = pick(tuple(menu["families"]), random())
        math = menu["families"][family]["math"]
    else:
        program, family, han = "xelatex", pick(_latin_families(), random()), pick(fonts.families("han"), random())
        math = pick(("normal", "times", "palatino", "kurier", "bright"), random())
    size_pt = pick((8.0, 9.0, 10.0, 10.0, 10.0, 11.0, 12.0), random())
    ink = pick(colours["inks"], random())
    head_ground, head_ink, stripe, group_ground = "", ink, "", ""
    if random() < 0.28:
        head_ground = pick(colours["pale"], random())
        if random() < 0.4:
            head_ground, head_ink = pick(colours["deep"], random()), "#ffffff"
    if random() < 0.18:
        stripe = pick(colours["faint"], random())
    if random() < 0.25:
        group_ground = pick(colours["pale"], random())
    grounds = [ground for ground in (head_ground, stripe, group_ground) if ground]
    rules = [rule for rule in colours["rules"] if all(_apart(rule, ground) for ground in grounds)]
    return Style(
        program=program,
        family=family,
        han=han,
        math=math,
        size_pt=size_pt,
        note_pt=max(8.0, size_pt - pick((0.0, 1.0, 1.0, 2.0), random())),
        bold=tuple(
            part
            for part, frac in (("head", 0.5), ("stub", 0.1), ("group", 0.5), ("total", 0.4), ("caption", 0.3))
            if random() < frac
        ),
        head_align=pick(("", "", "c", "c", "l"), random()),
        stretch=round(1.04 + 0.66 * random() ** 1.5, 2),
        colsep_pt=round(3.5 + 6.0 * random(), 1),
        rule_pt=pick((0.4, 0.4, 0.5, 0.6, 0.8, 1.0), random()),
        booktabs=random() < 0.7,
        flush=random() < 0.3,
        cell=pick(("p", "m"), random()),
        stacked=random() < 0.5,
        ink=ink,
        head_ink=head_ink,
        rule_ink=pick(rules, random()) if rules else "#000000",
        head_ground=head_ground,
        stripe=stripe,
        group_ground=group_ground,
        margins_pt=tuple(round(2.0 + 24.0 * random() ** 2, 1) for _ in range(4)),  # type: ignore[arg-type]
        caption_align=pick(("l", "c"), random()),
        caption_gap_pt=round(3.0 + 7.0 * random(), 1),
        dpi_wish=round(110 + 110 * random(), 1),
    )


def _apart(rule: str, ground: str) -> bool:
    """Whether a rule can be seen on a ground."""
    return palettes.contrast(rule, ground) >= _MIN_RULE_CONTRAST


@cache
def _latin_families() -> tuple[str, ...]:
    """Those with a bold face of their own; faces of one width would make tables too wide."""
    return tuple(family for family in fonts.families("latin") if fonts.has_bold(family) and "Mono" not in family)


_TEX_CHARS = re.compile(r"[ -~éèêëáàâäåãçñóòôöõøúùûüýæœßÉÈÊÁÀÂÄÅÃÇÑÓÒÔÖÕØÚÙÛÜÆŒ£¥€°±×–—…’‘“”′″•·µ²³†‡§¶½¼¾]*")
"""What each family of pdflatex draws. Measured: with TeX Live 2022, characters of T1 and TS1."""


def draws(style: Style, text: str) -> bool:
    """Whether the fonts of a look draw a text, in bold too."""
    if style.program == "pdflatex":
        return _TEX_CHARS.fullmatch(text) is not None
    # Primes are taken from the fonts of formulas.
    latin = "".join(char for char in text if not is_han(char) and char not in "′″")
    han = "".join(char for char in text if is_han(char))
    return not any(
        fonts.missing_glyph((family,), part, bold) is not None
        for family, part in ((style.family, latin), (style.han, han))
        for bold in (False, True)
        if part and (not bold or fonts.has_bold(family))
    )


def is_han(char: str) -> bool:
    """Whether a character is drawn by the Chinese font."""
    return char >= "\u2e80" or char == "℃"


def cap_em(style: Style) -> float:
    """Height of a capital in em, of the lower of the look's fonts."""
    if style.program == "pdflatex":
        return float(templates.menu(NAME)["families"][style.family]["cap_em"])
    return min(fonts.cap_height_em(style.family), fonts.cap_height_em(style.han))


def choose_dpi(content: TableContent, style: Style) -> float:
    """The wished resolution, less where the picture would be larger than anyone needs."""
    table = content.table
    widths = [0.0] * len(table.aligns)
    num_lines = 0.0
    for cells in table.rows:
        column, lines = 0, 1.0
        for cell in cells:
            wrap_em = content.columns[min(column, len(widths) - 1)].wrap_em
            if cell.colspan == 1 and column < len(widths):
                wide = width_em(cell.text)
                lines = max(lines, wide / wrap_em if wrap_em else 1.0)
                widths[column] = max(widths[column], wrap_em or wide)
            column += cell.colspan
        num_lines += lines * style.stretch
    across_pt = sum(widths) * style.size_pt + 2 * style.colsep_pt * len(widths) + style.margins_pt[0]
    down_pt = num_lines * 1.25 * style.size_pt + 40
    return round(min(style.dpi_wish, _PT_PER_INCH * float(np.sqrt(_MAX_PX / max(1.0, across_pt * down_pt)))), 1)


def contrast(style: Style) -> float:
    """The lowest of a text to its ground."""
    pairs = [(style.ink, "#ffffff"), (style.head_ink, style.head_ground or "#ffffff")]
    pairs += [(style.ink, ground) for ground in (style.stripe, style.group_ground) if ground]
    return min(palettes.contrast(one, other) for one, other in pairs)

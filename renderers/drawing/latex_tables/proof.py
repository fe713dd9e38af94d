"""The proof of one table: every cell is inked with its text, in its place, legibly, and every rule is there."""

import unicodedata
from collections.abc import Iterator
from functools import cache

import numpy as np
import numpy.typing as npt

import templates
from renderers.content.tables.table import TableContent
from renderers.core.boxes import height_at_got
from renderers.core.colours import rgb
from renderers.core.image import shrink_to_grey
from renderers.core.renderer import NO_SPAN, Outcome, Pixels, ProofFailed, Region, Rejected, Rendered
from renderers.drawing.latex_tables import pixels as looks
from renderers.drawing.latex_tables.body import choose_grounds, owners
from renderers.drawing.latex_tables.layout import TableLayout, lay_out
from renderers.drawing.latex_tables.style import MIN_CAP_PX, NAME, Style, cap_em, contrast
from renderers.engines.pdf import LINE_END_HYPHEN, Glyphs
from renderers.labels.canonical import Span
from renderers.labels.tables import grammar as tables
from renderers.labels.tables.html import to_html
from renderers.labels.tables.otsl import to_otsl
from renderers.labels.tables.tree import FORMULA, Placed, depth_of

_MIN_CONTRAST = 3.0
_SLACK_PX = 0.75
_HYPHENS = {
    LINE_END_HYPHEN: "-",
    "\u2010": "-",
    "\u2011": "-",
    "\u2215": "/",
    "\u2206": "Δ",
    "ϵ": "ε",
    "ϕ": "φ",
    "∗": "*",
}
"""Signs that pdfium or a font names otherwise than the label."""


def prove(content: TableContent, style: Style, glyphs: Glyphs, pixels: Pixels) -> Outcome:
    """The sample, or why it is none.

    Args:
        content: what the picture says.
        style: how it looks.
        glyphs: the text layer of the traced page.
        pixels: (H, W, 3) of the seen page, of the same size.
    """
    table = content.table
    markup, spans = tables.write(table)
    placed = owners(content)
    try:
        members = _assign_glyphs(glyphs, len(placed) + 1 + len(table.notes))
        texts = [cell.text for _, _, cell in placed] + [table.caption, *table.notes]
        for number, text in enumerate(texts):
            _check_text(text, glyphs, members[number])
        layout = lay_out(content, placed, glyphs.tight, members, pixels.shape[1], pixels.shape[0])
        _check_layout(layout, texts, pixels)
        smallest = _smallest_cap(content, style, glyphs, members, placed, pixels)
        lowest = _check_ink(content, style, glyphs, members, layout, pixels, texts)
        _check_rules(content, style, layout, pixels)
    except ProofFailed as failure:
        return Rejected(failure.reason, failure.detail, shrink_to_grey(pixels))
    return Rendered(
        image=shrink_to_grey(pixels),
        markup=markup,
        regions=tuple(_regions(content, placed, layout, markup, spans)),
        language=content.language,
        alternates={"html": to_html(table), "otsl": to_otsl(table)},
        depth=depth_of(table),
        smallest_glyph_px=round(smallest, 2),
        contrast=round(lowest, 2),
    )


def _assign_glyphs(glyphs: Glyphs, num: int) -> list[npt.NDArray[np.int64]]:
    """The glyphs of each owner, whose number their colour tells."""
    numbers = (glyphs.colours[:, 0].astype(np.int64) << 8) + glyphs.colours[:, 1] - 1
    strays = np.flatnonzero((numbers < 0) | (numbers >= num) | (glyphs.colours[:, 2] != 0))
    if len(strays):
        raise ProofFailed("text_extra", f"{''.join(glyphs.text[at] for at in strays)!r} stands in no cell")
    order = np.argsort(numbers, kind="stable")
    return np.split(order, np.searchsorted(numbers[order], np.arange(1, num)))


def _check_text(text: str, glyphs: Glyphs, members: npt.NDArray[np.int64]) -> None:
    drawn = [glyphs.text[at] for at in members]
    if not text:
        # The dot of an empty cell; there is none for a caption that is not.
        if drawn not in ([], ["."]):
            raise ProofFailed("text_extra", f"{''.join(drawn)!r} in an empty cell")
        return
    for at in members:
        if glyphs.text[at] == "\0" or glyphs.tight[at, 0] >= glyphs.tight[at, 2]:
            raise ProofFailed("glyph_missing", f"{glyphs.text[at]!r} in {text!r}")
    expected, inked_text = _printed_chars(text), "".join(map(_folded, drawn))
    same = sorted(expected) == sorted(inked_text) if "\\(" in text else expected == inked_text
    if not same:
        raise ProofFailed("text_missing", f"{text!r} is inked as {inked_text!r}")


@cache
def _folded(char: str) -> str:
    known = _HYPHENS.get(char, char)
    return "".join(_HYPHENS.get(one, one) for one in unicodedata.normalize("NFKC", known) if not one.isspace())


@cache
def _printed_chars(text: str) -> str:
    """The characters that a text prints; those of formulas in any order."""
    pieces: list[str] = []
    at = 0
    for formula in FORMULA.finditer(text):
        pieces += (*text[at : formula.start()], *_formula_chars(formula[1]))
        at = formula.end()
    return "".join(map(_folded, [*pieces, *text[at:]]))


def _formula_chars(formula: str) -> Iterator[str]:
    glyphs_of: dict[str, str] = templates.menu(NAME)["signs"]
    at = 0
    while at < len(formula):
        if formula[at] == "\\":
            end = at + 1
            while end < len(formula) and formula[end].isalpha():
                end += 1
            end = max(end, at + 2)
            yield from glyphs_of[formula[at + 1 : end]]
            at = end
            continue
        if formula[at] not in "{}^_ ":
            yield {"-": "−"}.get(formula[at], formula[at])
        at += 1


def _check_layout(layout: TableLayout, texts: list[str], pixels: Pixels) -> None:
    height, width = pixels.shape[:2]
    inked = np.flatnonzero(layout.inked)
    boxes = layout.boxes[inked]
    outside = (boxes[:, 0] < 0) | (boxes[:, 1] < 0) | (boxes[:, 2] > width) | (boxes[:, 3] > height)
    if outside.any():
        raise ProofFailed("text_cut", f"{texts[inked[np.argmax(outside)]]!r} ends outside the picture")
    across = np.minimum(boxes[:, None, 2], boxes[None, :, 2]) - np.maximum(boxes[:, None, 0], boxes[None, :, 0])
    down = np.minimum(boxes[:, None, 3], boxes[None, :, 3]) - np.maximum(boxes[:, None, 1], boxes[None, :, 1])
    meet = np.argwhere(np.triu(np.minimum(across, down) > _SLACK_PX, 1))
    if len(meet):
        one, other = (texts[inked[at]] for at in meet[0])
        raise ProofFailed("text_overlap", f"{one!r} and {other!r}")


def _smallest_cap(
    content: TableContent,
    style: Style,
    glyphs: Glyphs,
    members: list[npt.NDArray[np.int64]],
    placed: list[Placed],
    pixels: Pixels,
) -> float:
    height, width = pixels.shape[:2]
    cap = cap_em(style)
    turned = {
        number
        for number, (row, column, cell) in enumerate(placed)
        if content.rotated and row + 1 == content.table.num_head and column >= content.num_stubs and cell.text
    }
    smallest = min(
        height_at_got(float(glyphs.sizes_px[mine].min()) * cap, width, height, rotated=number in turned)
        for number, mine in enumerate(members)
        if len(mine)
    )
    if smallest < MIN_CAP_PX:
        raise ProofFailed("text_small", f"{smallest:.1f} px at GOT's square")
    return smallest


def _check_ink(
    content: TableContent,
    style: Style,
    glyphs: Glyphs,
    members: list[npt.NDArray[np.int64]],
    layout: TableLayout,
    pixels: Pixels,
    texts: list[str],
) -> float:
    grounds = choose_grounds(content, style)
    inks, papers = [], []
    for row, kind in zip(layout.rows, layout.kinds, strict=True):
        ground = grounds.rows[row] if row >= 0 else ""
        inks.append(rgb(style.head_ink if kind == "head" and ground else style.ink))
        papers.append(rgb(ground or "#ffffff"))
    ink, paper = np.array(inks, np.int64)[:, 1], np.array(papers, np.int64)[:, 1]
    owner = np.repeat(
        np.arange(len(members)), [len(mine) if text else 0 for mine, text in zip(members, texts, strict=True)]
    )
    mine = np.concatenate([mine for mine, text in zip(members, texts, strict=True) if text])
    hidden = looks.first_hidden(looks.whole(glyphs.tight[mine], pixels), pixels, ink[owner], paper[owner])
    if hidden is not None:
        raise ProofFailed("text_hidden", f"{glyphs.text[mine[hidden]]!r} of {texts[owner[hidden]]!r} leaves no ink")
    # Bars of fractions and roots reach out of their glyphs.
    plain = np.array([number for number, text in enumerate(texts) if text and "\\(" not in text], np.int64)
    if len(plain):
        around = looks.whole(layout.boxes[plain], pixels)
        touched = looks.first_touched(around, pixels, ink[plain], paper[plain])
        if touched is not None:
            raise ProofFailed("text_crossed", f"something touches {texts[plain[touched]]!r}")
    lowest = contrast(style)
    if lowest < _MIN_CONTRAST:
        raise ProofFailed("contrast_low", f"{lowest:.1f}")
    return lowest


def _check_rules(content: TableContent, style: Style, layout: TableLayout, pixels: Pixels) -> None:
    ink = rgb(style.rule_ink)[1]
    for row, rules in enumerate(content.table.rules):
        for rule in rules:
            box = layout.under_rule(row, rule)
            if box[2] - box[0] > 4 and not looks.runs_across(pixels, box, ink, upright=False):
                raise ProofFailed("rule_missing", f"above row {row + 1}, columns {rule[0] + 1}-{rule[1] + 1}")
    for column, num in enumerate(content.table.bars):
        beside = layout.around_bar(column) if num else []
        # On a ground of its own colour a bar is not seen.
        if beside and not any(looks.runs_across(pixels, box, ink, upright=True) for box in beside):
            raise ProofFailed("rule_missing", f"the bar before column {column + 1}")


def _regions(
    content: TableContent,
    placed: list[Placed],
    layout: TableLayout,
    markup: str,
    spans: dict[tables.Owner, Span],
) -> Iterator[Region]:
    table, num = content.table, len(placed)
    cells = [(number, ("cell", number), _kind(content, *placed[number][:2])) for number in range(num)]
    caption = [(num, ("caption", 0), "caption")] if table.caption else []
    notes = [(num + 1 + at, ("note", at), "note") for at in range(len(table.notes))]
    order = [*cells, *caption, *notes] if table.caption_below else [*caption, *cells, *notes]
    for position, (number, owner, kind) in enumerate(order):
        span = spans.get(owner, NO_SPAN)
        text = markup[span[0] : span[1]] if span != NO_SPAN else ""
        x0, y0, x1, y1 = (round(float(edge), 1) for edge in layout.boxes[number])
        yield Region((x0, y0, x1, y1), text, kind, span, position)


def _kind(content: TableContent, row: int, column: int) -> str:
    kind = content.kinds[row]
    if kind == "body":
        return "stub" if column < content.num_stubs else "cell"
    return kind

"""The proof of one chart: its picture inks its target, all of it, once, legibly, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from renderers.content import fonts, palettes
from renderers.content.charts.data import Chart, target
from renderers.content.faces import cap_height_em, postscript_name
from renderers.core.boxes import GOT_SIDE_PX, Box, inside, overlap_px, union
from renderers.core.image import shrink_to_grey
from renderers.core.renderer import Outcome, Pixels, ProofFailed, Region, Rejected, Rendered
from renderers.drawing.pyecharts_charts.ink import Line, same_text, share_out
from renderers.drawing.pyecharts_charts.layout import Layout, legend_names
from renderers.drawing.pyecharts_charts.legible import MAX_CROSSED, look
from renderers.drawing.pyecharts_charts.style import MIN_CAP_PX, MIN_CONTRAST, Style
from renderers.drawing.pyecharts_charts.texts import (
    Owner,
    PlannedText,
    found_owner,
    mark_kind,
    mark_spans,
    plan_marks,
    plan_texts,
)
from renderers.engines.pdf import Glyphs
from renderers.labels import charts
from renderers.labels.canonical import Span

Spans: TypeAlias = dict[charts.Path, Span]

_MEET_PX = 1.0
"""Texts whose ink is nearer than this into each other overlap."""


@dataclass(frozen=True, slots=True)
class InkedText:
    """A text of the target with the glyphs that show it.

    Attributes:
        lines: where ECharts put its lines.
        glyphs: for each line, its glyphs in the order of reading.
        box: of its ink.
    """

    owner: Owner
    planned: PlannedText
    lines: tuple[Line, ...]
    glyphs: tuple[tuple[int, ...], ...]
    box: Box


def prove(
    chart: Chart, style: Style, layout: Layout, reported: Mapping[str, Any], glyphs: Glyphs, pixels: Pixels
) -> Outcome:
    """The sample, or why it is none.

    Args:
        chart: what the picture says.
        style: how it looks.
        layout: where everything was meant to stand.
        reported: what ECharts reported of this chart: its texts and marks, in px of the chart.
        glyphs: the text layer of its page, in px of the picture.
        pixels: (H, W, 3).
    """
    if "error" in reported:
        return Rejected("draw_failed", str(reported["error"]))
    markup, spans = charts.write(target(chart))
    try:
        _check_colours(chart, style, layout)
        planned = plan_texts(chart, layout, spans)
        texts = _match(chart, style, planned, reported["texts"], glyphs)
        _check_fonts(style, glyphs)
        _check_boxes(texts, pixels)
        smallest = _smallest_cap(glyphs, texts, pixels)
        contrast = _check_ink(glyphs, texts, pixels)
        marks = _marks(chart, style, reported["marks"], pixels, (markup, spans))
    except ProofFailed as failure:
        return Rejected(failure.reason, failure.detail, shrink_to_grey(pixels))
    return Rendered(
        image=shrink_to_grey(pixels),
        markup=markup,
        regions=_in_order([*_text_regions(texts, glyphs), *marks]),
        language=chart.language,
        alternates={"html": charts.to_html(target(chart))},
        depth=max(len(path) for path, _ in charts.leaves(target(chart)["values"])),
        smallest_glyph_px=round(smallest, 2),
        contrast=round(contrast, 2),
    )


def _check_colours(chart: Chart, style: Style, layout: Layout) -> None:
    """Entries of the legend look apart: by colour, or by dash or symbol where each has its own."""
    names = legend_names(chart, layout.words)
    dashed = style.picks.line_type == "each" and chart.kind in ("line", "step", "radar")
    shaped = style.picks.symbol == "each" and chart.kind in ("line", "step", "radar", "scatter")
    if dashed or shaped:
        return
    colours = style.colours[: len(names)]
    for index, colour in enumerate(colours):
        for other in colours[:index]:
            if palettes.difference(colour, other) < palettes.APART_IN_LEGEND:
                raise ProofFailed("colours_close", f"{other} and {colour} in the legend")


def _match(
    chart: Chart,
    style: Style,
    planned: Mapping[Owner, PlannedText],
    reported: Sequence[Mapping[str, Any]],
    glyphs: Glyphs,
) -> list[InkedText]:
    """Every planned text with its lines and glyphs."""
    lines: list[Line] = []
    owners: list[Owner] = []
    num_radar_names = 0
    for text in reported:
        owner = found_owner(chart, text["owner"], num_radar_names)
        num_radar_names += owner[:2] == ("radar", "name")
        owners.append(owner)
        lines.append(Line(text["text"], np.array(text["quad"], np.float64).reshape(4, 2) * style.scale))
    members, strays = share_out(glyphs, lines)
    by_owner: dict[Owner, list[int]] = {}
    for index, owner in enumerate(owners):
        by_owner.setdefault(owner, []).append(index)
    for owner, indices in by_owner.items():
        if owner not in planned:
            raise ProofFailed("text_extra", f"{' '.join(lines[index].text for index in indices)!r} of {owner}")
    texts: list[InkedText] = []
    inked: list[Box] = [tuple(box) for box in glyphs.tight.tolist()]
    for owner, expected in planned.items():
        indices = by_owner.get(owner, [])
        if [lines[index].text for index in indices] != expected.text.split("\n"):
            drawn = [lines[index].text for index in indices]
            raise ProofFailed("text_missing", f"{expected.text!r} of {owner} was drawn as {drawn}")
        for index in indices:
            _check_glyphs(lines, index, glyphs, members[index])
        boxes = [inked[glyph] for index in indices for glyph in members[index]]
        texts.append(
            InkedText(
                owner,
                expected,
                tuple(lines[index] for index in indices),
                tuple(tuple(members[index]) for index in indices),
                union(boxes),
            )
        )
    if strays:
        raise ProofFailed("text_extra", f"{''.join(glyphs.text[glyph] for glyph in strays)!r} stands in no text")
    return texts


def _check_glyphs(lines: Sequence[Line], index: int, glyphs: Glyphs, members: Sequence[int]) -> None:
    text = lines[index].text
    drawn = "".join(glyphs.text[glyph] for glyph in members)
    for glyph in members:
        if glyphs.text[glyph] == "\0" or glyphs.tight[glyph, 0] >= glyphs.tight[glyph, 2]:
            raise ProofFailed("glyph_missing", f"{glyphs.text[glyph]!r} in {text!r}")
    if not members or not same_text(text, glyphs, members):
        for other in (*lines[:index], *lines[index + 1 :]):
            if _depth(lines[index].quad, other.quad) > _MEET_PX:
                raise ProofFailed("text_overlap", f"{text!r} and {other.text!r}")
        reason = "text_extra" if len(drawn) > len("".join(text.split())) else "text_missing"
        raise ProofFailed(reason, f"{text!r} is inked as {drawn!r}")


def _check_fonts(style: Style, glyphs: Glyphs) -> None:
    known = {postscript_name(family, bold): (family, bold) for family in style.families for bold in (True, False)}
    for number, name in enumerate(glyphs.font_names):
        chars = "".join(glyphs.text[glyph] for glyph in np.flatnonzero(glyphs.fonts == number))
        if name not in known:
            raise ProofFailed("font_fallback", f"{chars!r} was drawn by {name!r}, not by {', '.join(style.families)}")
        family, bold = known[name]
        missing = fonts.missing_glyph((family,), chars, bold)
        if missing is not None:
            raise ProofFailed("glyph_missing", f"{missing!r} is not in {name}")


def _check_boxes(texts: Sequence[InkedText], pixels: Pixels) -> None:
    height, width = pixels.shape[:2]
    for text in texts:
        if not inside(text.box, width, height, slack_px=0.0):
            raise ProofFailed("text_cut", f"{text.planned.text!r} ends outside the picture")
    order = sorted(texts, key=lambda text: text.box[1])
    for index, text in enumerate(order):
        for other in order[index + 1 :]:
            if other.box[1] >= text.box[3]:
                break
            if overlap_px(text.box, other.box) > _MEET_PX and _meet(text, other):
                raise ProofFailed("text_overlap", f"{text.planned.text!r} and {other.planned.text!r}")


def _meet(one: InkedText, other: InkedText) -> bool:
    """Whether two texts, as turned rectangles, lie in each other."""
    return any(
        _depth(first.quad, second.quad) > _MEET_PX for first in one.lines for second in other.lines
    )  # fmt: skip


def _depth(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    """How deep two rectangles lie in each other, by the axis along which they part best."""
    depth = np.inf
    for quad in (one, other):
        for axis in (quad[1] - quad[0], quad[3] - quad[0]):
            unit = axis / max(1e-9, float(np.hypot(*axis)))
            mine, theirs = one @ unit, other @ unit
            depth = min(depth, float(min(mine.max(), theirs.max()) - max(mine.min(), theirs.min())))
    return depth


def _smallest_cap(glyphs: Glyphs, texts: Sequence[InkedText], pixels: Pixels) -> float:
    """Height of a capital of the smallest text in px at GOT's square."""
    height, width = pixels.shape[:2]
    caps = np.array([cap_height_em(name) for name in glyphs.font_names])[glyphs.fonts] * glyphs.sizes_px
    smallest, which = np.inf, ""
    for text in texts:
        turn = np.radians(text.lines[0].degrees)
        # The up direction of turned text is squashed by both sides of the picture.
        scale_at_got = float(np.hypot(np.sin(turn) * GOT_SIDE_PX / width, np.cos(turn) * GOT_SIDE_PX / height))
        cap = float(min(caps[list(line)].min() for line in text.glyphs)) * scale_at_got
        if cap < smallest:
            smallest, which = cap, text.planned.text
    if smallest < MIN_CAP_PX:
        raise ProofFailed("text_small", f"{which!r} is {smallest:.1f} px high at {GOT_SIDE_PX} px")
    return smallest


def _check_ink(glyphs: Glyphs, texts: Sequence[InkedText], pixels: Pixels) -> float:
    """The lowest contrast; every text must show, on a ground that no stroke of a mark enters."""
    lowest = 21.0
    for text in texts:
        turned = text.lines[0].degrees
        for line in text.glyphs:
            seen = look(glyphs, line, pixels, upright=abs(turned) < 1)
            if seen.contrast < MIN_CONTRAST:
                raise ProofFailed("contrast_low", f"{text.planned.text!r} has {seen.contrast:.1f}")
            if seen.hidden is not None:
                raise ProofFailed(
                    "text_covered", f"{glyphs.text[seen.hidden]!r} of {text.planned.text!r} does not show"
                )
            # Around tilted text stand its neighbours: only names of categories, below the plot, are tilted.
            if seen.crossed > MAX_CROSSED and abs(turned) % 90 < 1:
                raise ProofFailed("text_crossed", f"a mark or a line runs into {text.planned.text!r} of {text.owner}")
            lowest = min(lowest, seen.contrast)
    return lowest


def _marks(
    chart: Chart, style: Style, reported: Sequence[Sequence[Any]], pixels: Pixels, written: tuple[str, Spans]
) -> list[Region]:
    height, width = pixels.shape[:2]
    markup, spans = written
    planned = plan_marks(chart)
    boxes: dict[Owner, Box] = {
        ("mark", series, item, part): tuple(edge * style.scale for edge in box) for series, item, part, box in reported
    }
    regions: list[Region] = []
    for owner, (series, index) in planned.items():
        if owner not in boxes:
            raise ProofFailed("mark_missing", f"point {index} of series {series.name!r}")
        box = boxes[owner]
        if not inside(box, width, height, slack_px=1.0):
            raise ProofFailed("mark_cut", f"point {index} of series {series.name!r} ends outside the picture")
        shown = _rounded((max(0.0, box[0]), max(0.0, box[1]), min(float(width), box[2]), min(float(height), box[3])))
        shown_spans = mark_spans(chart, series, index, spans)
        regions += [Region(shown, markup[span[0] : span[1]], mark_kind(chart, series), span) for span in shown_spans]
    for owner in boxes:
        if owner not in planned:
            raise ProofFailed("mark_extra", f"{owner}")
    return regions


def _text_regions(texts: Sequence[InkedText], glyphs: Glyphs) -> list[Region]:
    regions: list[Region] = []
    inked: list[Box] = [tuple(box) for box in glyphs.tight.tolist()]
    for text in texts:
        # Which glyph draws which character of the text: blanks and line breaks have none.
        drawn = iter([glyph for line in text.glyphs for glyph in line])
        glyph_of = [None if char.isspace() else next(drawn) for char in text.planned.text]
        for piece in text.planned.pieces:
            members = [glyph for glyph in glyph_of[piece.start : piece.end] if glyph is not None]
            box = union([inked[glyph] for glyph in members])
            regions.append(Region(_rounded(box), text.planned.text[piece.start : piece.end], piece.kind, piece.span))
    return regions


def _rounded(box: Box) -> Box:
    return (round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1))


def _in_order(regions: Sequence[Region]) -> tuple[Region, ...]:
    """In the order of the target, which is the order of reading; then what the target does not say, from the top."""
    ordered = sorted(
        regions,
        key=lambda region: (region.span[0] < 0, region.span[0], region.kind != "value", region.box[1], region.box[0]),
    )
    return tuple(
        Region(region.box, region.text, region.kind, region.span, order) for order, region in enumerate(ordered)
    )

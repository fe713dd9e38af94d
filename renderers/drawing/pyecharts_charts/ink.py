"""Glyphs of a page told apart by the texts that they belong to.

ECharts says where it put each line of text; the PDF says which glyph of which font stands where. A line is proven when
the glyphs inside it, read along it, are the line: no more, no less, none of them blank.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renderers.content.faces import share_glyph
from renderers.engines.pdf import Glyphs

_ALONG_SLACK_PX = 2.0
_ACROSS_SLACK = 0.35
"""How far a glyph's centre may lie outside its line, in px along it and in line heights across it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text where ECharts put it.

    Attributes:
        text: as given to ECharts.
        quad: (4, 2) float64 corners in px of the picture: top left, top right, bottom right, bottom left of the text.
    """

    text: str
    quad: npt.NDArray[np.float64]

    @property
    def degrees(self) -> float:
        """How far the line is turned."""
        along = self.quad[1] - self.quad[0]
        return float(np.degrees(np.arctan2(along[1], along[0])))


def share_out(glyphs: Glyphs, lines: Sequence[Line]) -> tuple[list[list[int]], list[int]]:
    """The glyphs of each line in the order of reading, and those of none."""
    num = len(glyphs.text)
    if not lines or not num:
        return [[] for _ in lines], list(range(num))
    centres = (glyphs.tight[:, :2] + glyphs.tight[:, 2:]) / 2
    quads = np.stack([line.quad for line in lines])
    along, down = quads[:, 1] - quads[:, 0], quads[:, 3] - quads[:, 0]
    lengths, heights = np.hypot(*along.T).clip(1e-6), np.hypot(*down.T).clip(1e-6)
    offsets = centres[:, None, :] - quads[None, :, 0, :]
    at = (offsets * along).sum(-1) / lengths  # (num, lines) px along each line
    depth = (offsets * down).sum(-1) / heights**2  # (num, lines) 0 at its top, 1 at its bottom
    astray = np.abs(depth - 0.5)
    outside = (at < -_ALONG_SLACK_PX) | (at > lengths + _ALONG_SLACK_PX) | (astray > 0.5 + _ACROSS_SLACK)
    astray[outside] = np.inf
    best = astray.argmin(axis=1)
    members: list[list[int]] = [[] for _ in lines]
    strays: list[int] = []
    for glyph, line in enumerate(best.tolist()):
        if np.isinf(astray[glyph, line]):
            strays.append(glyph)
        else:
            members[line].append(glyph)
    for line, inside in enumerate(members):
        inside.sort(key=lambda glyph, line=line: (round(float(at[glyph, line]), 1), glyph))  # type: ignore[misc]
    return members, strays


def same_text(text: str, glyphs: Glyphs, members: Sequence[int]) -> bool:
    """Whether glyphs, in order, are a text, blanks apart; a character may be drawn by the glyph of another one."""
    chars = "".join(text.split())
    if chars == "".join(glyphs.text[glyph] for glyph in members):
        return True
    if len(chars) != len(members):
        return False
    for char, glyph in zip(chars, members, strict=True):
        drawn = glyphs.text[glyph]
        if drawn == char or unicodedata.normalize("NFKC", drawn) == unicodedata.normalize("NFKC", char):
            continue
        if not share_glyph(glyphs.font_names[glyphs.fonts[glyph]], drawn, char):
            return False
    return True

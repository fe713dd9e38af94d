"""The text layer of a page against what its lines say: the same characters, in order, each line at its place."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renderers.content import faces
from renderers.core.boxes import Box
from renderers.core.renderer import ProofFailed
from renderers.engines.pdf import PdfPage

_SOFT_HYPHEN = "\u00ad"
_HYPHENS = "-\u2010\ufffe\x02"
"""What the text layer may call a hyphen, above all at the end of a line."""

_ONE_HYPHEN = str.maketrans(dict.fromkeys(_HYPHENS, "-"))


@dataclass(frozen=True, slots=True)
class Drawn:
    """What fonts draw of a line, and where; `broken` where a hyphen follows."""

    text: str
    box: Box
    broken: bool


def check_text(lines: Sequence[Drawn], page: PdfPage, names: Sequence[str], slack_px: float) -> None:
    """Line for line, what the text layer has is what is said.

    It is read as it was drawn; where it was drawn in another order, each character is asked in which line it stands.

    Args:
        lines: in the order of drawing.
        page: as printed.
        names: of the fonts that drew on it.
        slack_px: how far a line may stand from its place.

    Raises:
        ProofFailed: it has something else, or elsewhere.
    """
    with page.text_layer() as layer:
        kept = [at for at, sign in enumerate(layer.text) if sign != _SOFT_HYPHEN]
        drawn = "".join(layer.text[at] for at in kept)
        said = [line for line in lines if line.text]
        firsts = _read_in_order(said, drawn, names)
        if firsts is None:
            _read_by_place(said, drawn, layer.boxes(kept))
            return
        boxes = layer.boxes([kept[at] for at in firsts])
    for line, box in zip(said, boxes.tolist(), strict=True):
        x0, y0, x1, y1 = line.box
        if not (x0 - slack_px <= box[0] <= x1 + slack_px and y0 - slack_px <= box[3] <= y1 + slack_px):
            raise ProofFailed("text_moved", f"the first of {line.text!r} is at {box}, not in {line.box}")


def _read_in_order(lines: Sequence[Drawn], drawn: str, names: Sequence[str]) -> list[int] | None:
    """Where in the text layer each line begins; None where it does not read as the lines do."""
    firsts: list[int] = []
    at = 0
    for line in lines:
        if not _same(line.text, drawn[at : at + len(line.text)], names):
            return None
        firsts.append(at)
        at += len(line.text)
        if line.broken and at < len(drawn) and drawn[at] in _HYPHENS:
            at += 1
    return firsts if at == len(drawn) else None


def _read_by_place(lines: Sequence[Drawn], drawn: str, boxes: npt.NDArray[np.float64]) -> None:
    """Each line has the characters that stand in it, and no others."""
    across, down = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    frames = np.array([line.box for line in lines])
    outside = np.maximum(0, np.maximum(frames[:, None, 0] - across, across - frames[:, None, 2]))
    outside += np.maximum(0, np.maximum(frames[:, None, 1] - down, down - frames[:, None, 3]))
    middles = np.abs((frames[:, None, 1] + frames[:, None, 3]) / 2 - down)
    owners = np.argmin(outside * 1000 + middles, axis=0)
    for place, line in enumerate(lines):
        inked = "".join(drawn[at] for at in np.flatnonzero(owners == place))
        wanted, got = Counter(_folded(line.text)), Counter(_folded(inked))
        if line.broken:
            got -= Counter("-")
        if wanted != got:
            raise ProofFailed("text_missing" if wanted - got else "text_extra", f"{line.text!r} is inked as {inked!r}")


def _folded(signs: str) -> str:
    return unicodedata.normalize("NFKC", signs.translate(_ONE_HYPHEN))


def _same(wanted: str, drawn: str, names: Sequence[str]) -> bool:
    if wanted == drawn or _folded(wanted) == _folded(drawn):
        return True
    return len(wanted) == len(drawn) and all(
        one == other or _folded(one) == _folded(other) or any(faces.share_glyph(name, one, other) for name in names)
        for one, other in zip(wanted, drawn, strict=True)
    )

"""What a run of TeX said about each body.

The job writes a line of its own before each body and at each page it ships, so the transcript falls into one part for
each body. TeX goes on after an error: one run tells all that is wrong.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from renderers.core.renderer import Rejected


@dataclass(slots=True)
class BodyLog:
    """The part of a transcript that belongs to one body.

    Attributes:
        num_pages: shipped between its mark and the next.
        faults: in the order of the transcript; reasons are tex_error, glyph_missing, box_overfull, font_substituted,
            reference_undefined; page_overflow and tex_timeout are added by the engine. Details are TeX's own messages.
    """

    num_pages: int = 0
    faults: list[Rejected] = field(default_factory=list)


_SAYS = (
    ("glyph_missing", re.compile(r"^Missing character: There is no (.+?)!?$")),
    ("box_overfull", re.compile(r"^Overfull (\\[hv]box \(([\d.]+)pt too (?:wide|high)\).*)$")),
    ("font_substituted", re.compile(r"^LaTeX Font Warning: (.+)$")),
    ("reference_undefined", re.compile(r"^LaTeX Warning: ((?:Reference|Citation) .+? undefined.*)$")),
)

_WHERE = re.compile(r" (?:on page \d+|on input line \d+\.?|(?:in paragraph )?at lines? [\d-]+|detected at line \d+)")
"""Pages and lines count all bodies of the run; what is said of one must not depend on the others."""

_MAX_OVERFULL_PT = 1.0
"""TeX calls a box overfull from a tenth of a point; under one, nobody sees it."""


def read_log(lines: Sequence[str], mark: str, num: int) -> tuple[list[BodyLog], list[Rejected]]:
    """The parts of `num` bodies, and what was wrong before the first.

    `mark` stands before the number of a body that begins, or before "page" where one is shipped.
    """
    logs = [BodyLog() for _ in range(num)]
    before: list[Rejected] = []
    at = -1
    for index, line in enumerate(lines):
        if mark in line:
            word = line.rsplit(mark, 1)[1].strip()
            if word == "page":
                if at >= 0:
                    logs[at].num_pages += 1
            elif word.isdigit() and int(word) >= num:
                break
            elif word.isdigit():
                at = int(word)
            continue
        fault = _fault_of(line, lines[index + 1 : index + 14])
        if fault is not None:
            (logs[at].faults if at >= 0 else before).append(fault)
    return logs, before


def _fault_of(line: str, following: Sequence[str]) -> Rejected | None:
    if line.startswith("! "):
        # The line with the number of the source line holds what TeX was reading.
        where = next((one for one in following if one.startswith("l.")), "")
        return Rejected("tex_error", f"{line[2:]} {re.sub(r'^l[.][0-9]+ ?', '', where)}".strip()[:300])
    for reason, pattern in _SAYS:
        found = pattern.match(line)
        if found and not (reason == "box_overfull" and float(found[2]) < _MAX_OVERFULL_PT):
            return Rejected(reason, _WHERE.sub("", found[1])[:300])
    return None

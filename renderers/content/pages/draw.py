"""Draws a page of a kind: which parts it has, until it says more than the paper holds."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from renderers.content.pages import parts
from renderers.content.pages.page import Page, PageBlock, PageKind, PageLanguage
from renderers.content.pages.parts import make
from renderers.content.pages.voice import PageVoice
from renderers.core.errors import LabelError
from renderers.labels.markdown.tree import Block, split_formulas
from renderers.labels.markdown.write import write
from renderers.labels.smiles import grammar as smiles

_SLOT = re.compile(r"\{[xy]\}")
_ASKS = re.compile(r"^(?:Solve|Find|Evaluate|Show|Compute|Given)\b|求|解|证明|计算|\?")
_LETTERS = "ABCD"
"""Of what one may choose from."""
_FULL, _PART, _FULL_FRAC = (1.1, 1.35), (0.35, 1.0), 0.8
"""How much is said, in pages: most pages are full, the last of a text is not."""

_NOTE_FRAC = 0.25
_RUNNING_FRAC = 0.55


@dataclass(frozen=True, slots=True)
class Room:
    """How much a page holds.

    Attributes:
        num_lines: of the text, in all columns.
        column_em: width of a column.
    """

    num_lines: float
    column_em: float


def draw_page(voice: PageVoice, kind: PageKind, language: PageLanguage, room: Room) -> Page:
    """A page that says a little more than there is room for, or a little less.

    Args:
        voice: says its words.
        kind: of document.
        language: mul speaks both, a part in one, the next in the other.
        room: that there is.
    """
    blocks = _DRAW[kind](_Draft(voice, language, room))
    head, foot = _running(voice, kind)
    return Page(kind, language, _noted(voice, blocks), head, foot)


class _Draft:
    """Blocks so far."""

    def __init__(self, voice: PageVoice, language: PageLanguage, room: Room) -> None:
        self.voice = voice
        self.room = room
        low, high = _FULL if voice.chance(_FULL_FRAC) else _PART
        self._wanted = room.num_lines * (low + (high - low) * float(voice.voice.rng.random()))
        self.blocks: list[PageBlock] = []
        self._language = language
        self._said = 0.0

    @property
    def filled(self) -> float:
        """Share of the room that is taken."""
        return self._said / self._wanted

    @property
    def full(self) -> bool:
        """Whether there is enough."""
        return self.filled >= 1

    def add(self, *blocks: PageBlock) -> None:
        """More blocks; those that the grammar cannot say are left out."""
        said = [one for one in blocks if _sayable(one.block)]
        self.blocks += said
        self._said += sum(map(self._weight, said))

    def _weight(self, one: PageBlock) -> float:
        """About how many lines of running text stand in the room that it takes."""
        block = one.block
        if block.kind == "image" and one.figure is not None:
            return one.figure.width_frac * one.figure.aspect * self.room.column_em / 1.35
        if block.kind in ("table", "code"):
            return 0.8 * (block.text.count("\n") + 1)
        if block.kind == "formula":
            return 3.0
        if block.kind == "molecule":
            return 5 + 0.25 * len(smiles.body(block.text))
        num_chars = self.room.column_em * (1.0 if self.voice.language == "zh" else 2.1)
        length = sum(8 if is_formula else len(piece) for piece, is_formula in split_formulas(block.text))
        return -(-length // num_chars) + 0.4

    def turn(self) -> None:
        """The next part may be in another language."""
        if self._language == "mul":
            self.voice.language = "zh" if self.voice.chance(0.5) else "en"

    def flow(self, weights: dict[str, float], least: int = 120, most: int = 700) -> None:
        """One more part."""
        self.turn()
        voice = self.voice
        if self.blocks and self.blocks[-1].role == "list_item":
            # Two lists side by side would be one.
            weights = {name: weight for name, weight in weights.items() if name != "list"} | {"prose": 1.0}
        share = float(voice.voice.rng.random()) * sum(weights.values())
        name = next(name for name, weight in weights.items() if (share := share - weight) < 0)
        if name == "prose":
            scale = 0.45 if voice.language == "zh" else 1.0
            self.add(*parts.paragraphs(voice, int(scale * voice.number(least, most))))
        elif name == "table":
            self.add(*parts.table(voice, min(60.0, self.room.column_em * 0.94)))
        elif name == "molecule":
            self.add(*parts.molecule(voice, self.room.column_em))
        else:
            self.add(*_PARTS[name](voice))


def _sayable(block: Block) -> bool:
    try:
        write([msgspec.structs.replace(block, depth=0)])
    except LabelError:
        return False
    return True


_PARTS: dict[str, Callable[[PageVoice], list[PageBlock]]] = {
    "maths": parts.mathematics,
    "theorem": parts.theorem,
    "list": parts.listing,
    "quote": parts.quote,
    "code": parts.code,
    "figure": parts.figure,
    "formula": lambda voice: [parts.displayed(voice)],
}


def _paper(draft: _Draft) -> list[PageBlock]:
    voice = draft.voice
    numbered = voice.chance(0.75)
    first = voice.chance(0.5)
    if first:
        draft.add(make("title", voice.voice.heading(34 if voice.language == "zh" else 90), area="top"))
        draft.add(parts.author(voice))
        if voice.chance(0.8):
            draft.add(*parts.abstract(voice, "top" if voice.chance(0.6) else "body"))
        draft.add(parts.section(voice, 1, numbered, voice.phrases["sections"][0]))
    elif voice.chance(0.5):
        voice.numbers["section"] = voice.number(1, 5)
    weights = {"prose": 5.0, "maths": 4.0 * voice.maths, "theorem": 2.0 * voice.maths, "list": 0.6, "quote": 0.1}
    weights |= {
        "figure": 0.8,
        "table": 0.9,
        "formula": 1.0 * voice.maths,
        "code": 0.15,
        "molecule": 2 * voice.chemistry,
    }
    ends = not first and voice.chance(0.2)
    _sections(draft, weights, numbered, until=0.5 * voice.voice.rng.random() if ends else 1.0)
    if ends:
        draft.add(*parts.references(voice))
    return draft.blocks


def _sections(draft: _Draft, weights: dict[str, float], numbered: bool, until: float = 1.0) -> None:
    """Parts until so much of the page is full, headings between them."""
    voice = draft.voice
    since = 0
    while draft.filled < until:
        if since >= 2 and voice.chance(0.3):
            draft.turn()
            draft.add(parts.section(voice, voice.pick((1, 1, 2, 2, 3)), numbered))
            since = 0
        draft.flow(weights if since else {"prose": 1.0, "maths": voice.maths})
        since += 1


def _book(draft: _Draft) -> list[PageBlock]:
    voice = draft.voice
    if voice.chance(0.25):
        draft.add(make("title", voice.phrase("chapters"), area="top" if voice.chance(0.5) else "body"))
    weights = {"prose": 8.0, "maths": 3.0 * voice.maths, "theorem": 2.5 * voice.maths, "quote": 0.5, "list": 0.4}
    weights |= {"figure": 0.4, "formula": voice.maths, "table": 0.3, "molecule": 2.0 * voice.chemistry}
    _sections(draft, weights, voice.chance(0.4))
    return draft.blocks


def _report(draft: _Draft) -> list[PageBlock]:
    voice = draft.voice
    if voice.chance(0.5):
        draft.add(make("title", voice.phrase("reports"), area="top"))
        if voice.chance(0.4):
            draft.add(parts.author(voice, one_line=True))
    weights = {"prose": 4.0, "list": 1.6, "table": 1.8, "figure": 1.6, "quote": 0.3, "formula": 0.3 * voice.maths}
    weights |= {"molecule": 1.5 * voice.chemistry}
    _sections(draft, weights, voice.chance(0.4))
    return draft.blocks


def _notes(draft: _Draft) -> list[PageBlock]:
    voice = draft.voice
    if voice.chance(0.5):
        draft.add(make("title", voice.heading(), area="top"))
    weights = {"prose": 2.0, "list": 2.5, "code": 1.4, "quote": 0.8, "table": 0.8, "maths": 2.0 * voice.maths}
    weights |= {"formula": voice.maths, "figure": 0.3, "molecule": 2.0 * voice.chemistry}
    _sections(draft, weights, voice.chance(0.2))
    return draft.blocks


def _slides(draft: _Draft) -> list[PageBlock]:
    voice = draft.voice
    draft.turn()
    name = voice.pick(voice.phrases["contents"]) if voice.chance(0.4) else voice.heading()
    draft.add(make("title", name, area="top"))
    while not draft.full:
        draft.turn()
        if voice.chance(0.65):
            draft.add(*parts.listing(voice, 70 if voice.language == "en" else 30))
            break
        draft.flow(
            {"prose": 0.6, "formula": 2.0 * voice.maths, "maths": voice.maths, "figure": 1.0, "table": 0.8}
            | {"molecule": 3.0 * voice.chemistry},
            60,
            160,
        )
    while not draft.full:
        draft.flow({"formula": 2.0 * voice.maths, "figure": 1.0, "table": 0.7, "prose": 0.6}, 60, 140)
    return draft.blocks


def _exam(draft: _Draft) -> list[PageBlock]:
    voice = draft.voice
    if voice.chance(0.7):
        draft.add(make("title", voice.phrase("exams"), area="top"))
        # Different ones, since two times or two totals would contradict each other.
        for note in voice.voice.pick_some(voice.phrases["exam_notes"], voice.number(0, 2)):
            draft.add(make("paragraph", voice.voice.fill(note), "instruction", area="top"))
    number = voice.number(1, 12) if voice.chance(0.3) else 1
    headings = voice.voice.pick_some(voice.phrases["exam_parts"], 3)
    form = (
        voice.pick(("{}.", "{}.", "{}.", "Question {}.", "({})", "{})"))
        if voice.language == "en"
        else voice.pick(("{}.", "{}．", "{}、"))
    )
    while not draft.full:
        draft.turn()
        if headings and voice.chance(0.12):
            draft.add(make("section", headings.pop(), "heading", kept=True))
        mark = form.format(number)
        asked = _asked_molecule(draft, mark) if voice.chance(0.4 * voice.chemistry) else []
        draft.add(*(asked or _exercise(voice, mark)))
        number += 1
        if voice.chance(0.07):
            draft.add(*parts.figure(voice)[:1])
    return draft.blocks


def _asked_molecule(draft: _Draft, mark: str) -> list[PageBlock]:
    """A question about a molecule, if there is room for one."""
    found = draft.voice.molecule(draft.room.column_em)
    if found is None:
        return []
    written, begin = found
    asked = make("paragraph", f"{mark}{_gap(mark)}{draft.voice.phrase('molecule_tasks')}", "exercise", kept=True)
    return [asked, make("molecule", written, begin=begin)]


def _gap(mark: str) -> str:
    return "" if mark[-1] in "．、" else " "


def _exercise(voice: PageVoice, mark: str) -> list[PageBlock]:
    chosen = voice.chance(0.4)
    if chosen:
        pieces = [_task(voice, "choices")]
    elif voice.chance(0.6):
        pieces = [_task(voice)]
    else:
        pieces = voice.line(opens=True)
        if not _ASKS.search("".join(pieces)):
            pieces.append(_task(voice))
    if voice.chance(0.3) and not pieces[-1].endswith(r"\]"):
        pieces[-1] += f" ({voice.number(2, 20)} points)" if voice.language == "en" else f"（{voice.number(2, 20)}分）"
    pieces[0] = f"{mark}{_gap(mark)}{pieces[0]}"
    blocks = [
        make("formula", piece) if piece.startswith(r"\[") else make("paragraph", piece, "exercise") for piece in pieces
    ]
    if chosen:
        return blocks + _options(voice)
    if voice.chance(0.2):
        blocks += [make("paragraph", f"({letter}) {_task(voice)}", "option") for letter in "abc"[: voice.number(2, 3)]]
    return blocks


def _task(voice: PageVoice, kind: str = "tasks") -> str:
    return _SLOT.sub(lambda _: voice.inline(), voice.pick(voice.phrases[kind]))


def _options(voice: PageVoice) -> list[PageBlock]:
    form = voice.pick(("{}.", "({})", "{})"))
    shown: dict[str, None] = {}
    while len(shown) < len(_LETTERS):
        shown[voice.inline()] = None
    said = [f"{form.format(letter)} {one}" for letter, one in zip(_LETTERS, shown, strict=True)]
    if voice.chance(0.5):
        return [make("paragraph", one, "option") for one in said]
    return [make("paragraph", "  ".join(said), "option")]


_DRAW: dict[PageKind, Callable[[_Draft], list[PageBlock]]] = {
    "paper": _paper,
    "book": _book,
    "exam": _exam,
    "report": _report,
    "slides": _slides,
    "notes": _notes,
}


def _running(voice: PageVoice, kind: PageKind) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands above and below the text."""
    head: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    number = str(voice.number(1, 640))
    folio = voice.pick((number, number, f"– {number} –", f"- {number} -"))
    folio = folio if voice.voice.fits(folio) else number
    if kind != "slides" and voice.chance(_RUNNING_FRAC):
        running = voice.voice.heading(16 if voice.language == "zh" else 40)
        if voice.chance(0.5):
            head = voice.pick(((running, folio), (folio, running)))
            folio = ""
        else:
            head = (running,)
    if folio and voice.chance(0.7):
        foot = (folio,)
    elif kind in ("slides", "report") and voice.chance(0.4):
        foot = (voice.voice.term("company", 12.0), number)
    return head, foot


def _noted(voice: PageVoice, blocks: list[PageBlock]) -> tuple[PageBlock, ...]:
    """The blocks, some of the first paragraphs with a note below the page."""
    if not voice.chance(_NOTE_FRAC):
        return tuple(blocks)
    early = [
        place for place, one in enumerate(blocks[:8])
        if one.role == "paragraph" and one.area == "body" and one.block.text[-1:] in ".。"
    ]  # fmt: skip
    notes: list[PageBlock] = []
    for number, place in enumerate(early[: voice.number(1, 2)], 1):
        mark = rf"\( {{}}^{number} \)"
        one = blocks[place]
        block = msgspec.structs.replace(one.block, text=one.block.text + mark)
        blocks[place] = msgspec.structs.replace(one, block=block)
        gap = "" if voice.language == "zh" else " "
        text = f"{mark}{gap}{voice.voice.sentence(110 if voice.language == 'en' else 40)}"
        notes.append(make("footnote", text, area="notes", anchor=place))
    return (*blocks, *notes)

"""Draws a page of a kind: which parts it has, until they fill the paper."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from renderers.content.pages import parts
from renderers.content.pages.page import Page, PageBlock, PageKind, PageLanguage
from renderers.content.pages.parts import make
from renderers.content.pages.text_sampler import PageTextSampler
from renderers.core.errors import LabelError
from renderers.labels.markdown.tree import Block, split_formulas
from renderers.labels.markdown.write import write
from renderers.labels.smiles import grammar as smiles

_SLOT = re.compile(r"\{[xy]\}")
_ASKS = re.compile(r"^(?:Solve|Find|Evaluate|Show|Compute|Given)\b|求|解|证明|计算|\?")
_LETTERS = "ABCD"
"""Letters of the answers to choose from."""
_FULL, _PART, _FULL_FRAC = (1.1, 1.35), (0.35, 1.0), 0.8
"""How much text there is, in pages: most pages are full, the last of a text is not."""

_NOTE_FRAC = 0.25
_RUNNING_FRAC = 0.55


@dataclass(frozen=True, slots=True)
class Room:
    """How much a page holds.

    Attributes:
        num_lines: lines of text that fill the page, all columns together, at least 1.
        column_em: width of a column in em of the text.
    """

    num_lines: float
    column_em: float


def draw_page(sampler: PageTextSampler, kind: PageKind, language: PageLanguage, room: Room) -> Page:
    """A page with a little more text than there is room for, or less.

    Args:
        sampler: where its texts come from.
        kind: of document.
        language: of its texts; mul has both, part by part.
        room: how much the page holds.
    """
    blocks = _DRAW[kind](_Draft(sampler, language, room))
    head, foot = _running(sampler, kind)
    return Page(kind, language, _noted(sampler, blocks), head, foot)


class _Draft:
    """The blocks of a page so far, and how much of the page they fill."""

    def __init__(self, sampler: PageTextSampler, language: PageLanguage, room: Room) -> None:
        self.sampler = sampler
        self.room = room
        low, high = _FULL if sampler.chance(_FULL_FRAC) else _PART
        self._target_lines = room.num_lines * (low + (high - low) * float(sampler.plain.rng.random()))
        self.blocks: list[PageBlock] = []
        self._language = language
        self._num_lines = 0.0

    @property
    def filled(self) -> float:
        """Share of the text to be drawn that is there, 0 or more."""
        return self._num_lines / self._target_lines

    @property
    def full(self) -> bool:
        """Whether there is enough."""
        return self.filled >= 1

    def add(self, *blocks: PageBlock) -> None:
        """Appends blocks; those that the target's grammar cannot hold are left out."""
        writable = [one for one in blocks if _is_writable(one.block)]
        self.blocks += writable
        self._num_lines += sum(map(self._weight, writable))

    def _weight(self, one: PageBlock) -> float:
        """Height of a block, in lines of running text, about."""
        block = one.block
        if block.kind == "image" and one.figure is not None:
            return one.figure.width_frac * one.figure.aspect * self.room.column_em / 1.35
        if block.kind in ("table", "code"):
            return 0.8 * (block.text.count("\n") + 1)
        if block.kind == "formula":
            return 3.0
        if block.kind == "molecule":
            return 5 + 0.25 * len(smiles.body(block.text))
        num_chars = self.room.column_em * (1.0 if self.sampler.language == "zh" else 2.1)
        length = sum(8 if is_formula else len(piece) for piece, is_formula in split_formulas(block.text))
        return -(-length // num_chars) + 0.4

    def switch_language(self) -> None:
        """In a mixed page, draws the language of the next part."""
        if self._language == "mul":
            self.sampler.language = "zh" if self.sampler.chance(0.5) else "en"

    def add_part(self, weights: dict[str, float], min_chars: int = 120, max_chars: int = 700) -> None:
        """Adds one more part, drawn by weight; prose of so many characters."""
        self.switch_language()
        sampler = self.sampler
        if self.blocks and self.blocks[-1].role == "list_item":
            # Two lists side by side would be one.
            weights = {name: weight for name, weight in weights.items() if name != "list"} | {"prose": 1.0}
        share = float(sampler.plain.rng.random()) * sum(weights.values())
        name = next(name for name, weight in weights.items() if (share := share - weight) < 0)
        if name == "prose":
            scale = 0.45 if sampler.language == "zh" else 1.0
            self.add(*parts.paragraphs(sampler, int(scale * sampler.number(min_chars, max_chars))))
        elif name == "table":
            self.add(*parts.table(sampler, min(60.0, self.room.column_em * 0.94)))
        elif name == "molecule":
            self.add(*parts.molecule(sampler, self.room.column_em))
        else:
            self.add(*_PARTS[name](sampler))


def _is_writable(block: Block) -> bool:
    try:
        write([msgspec.structs.replace(block, depth=0)])
    except LabelError:
        return False
    return True


_PARTS: dict[str, Callable[[PageTextSampler], list[PageBlock]]] = {
    "maths": parts.mathematics,
    "theorem": parts.theorem,
    "list": parts.listing,
    "quote": parts.quote,
    "code": parts.code,
    "figure": parts.figure,
    "formula": lambda sampler: [parts.displayed(sampler)],
}


def _paper(draft: _Draft) -> list[PageBlock]:
    sampler = draft.sampler
    numbered = sampler.chance(0.75)
    first = sampler.chance(0.5)
    if first:
        draft.add(make("title", sampler.plain.heading(34 if sampler.language == "zh" else 90), area="top"))
        draft.add(parts.author(sampler))
        if sampler.chance(0.8):
            draft.add(*parts.abstract(sampler, "top" if sampler.chance(0.6) else "body"))
        draft.add(parts.section(sampler, 1, numbered, sampler.phrases["sections"][0]))
    elif sampler.chance(0.5):
        sampler.numbers["section"] = sampler.number(1, 5)
    weights = {"prose": 5.0, "maths": 4.0 * sampler.maths, "theorem": 2.0 * sampler.maths, "list": 0.6, "quote": 0.1}
    weights |= {
        "figure": 0.8,
        "table": 0.9,
        "formula": 1.0 * sampler.maths,
        "code": 0.15,
        "molecule": 2 * sampler.chemistry,
    }
    ends = not first and sampler.chance(0.2)
    _sections(draft, weights, numbered, until=0.5 * sampler.plain.rng.random() if ends else 1.0)
    if ends:
        draft.add(*parts.references(sampler))
    return draft.blocks


def _sections(draft: _Draft, weights: dict[str, float], numbered: bool, until: float = 1.0) -> None:
    """Parts until so much of the page is full, headings between them."""
    sampler = draft.sampler
    since = 0
    while draft.filled < until:
        if since >= 2 and sampler.chance(0.3):
            draft.switch_language()
            draft.add(parts.section(sampler, sampler.pick((1, 1, 2, 2, 3)), numbered))
            since = 0
        draft.add_part(weights if since else {"prose": 1.0, "maths": sampler.maths})
        since += 1


def _book(draft: _Draft) -> list[PageBlock]:
    sampler = draft.sampler
    if sampler.chance(0.25):
        draft.add(make("title", sampler.phrase("chapters"), area="top" if sampler.chance(0.5) else "body"))
    weights = {"prose": 8.0, "maths": 3.0 * sampler.maths, "theorem": 2.5 * sampler.maths, "quote": 0.5, "list": 0.4}
    weights |= {"figure": 0.4, "formula": sampler.maths, "table": 0.3, "molecule": 2.0 * sampler.chemistry}
    _sections(draft, weights, sampler.chance(0.4))
    return draft.blocks


def _report(draft: _Draft) -> list[PageBlock]:
    sampler = draft.sampler
    if sampler.chance(0.5):
        draft.add(make("title", sampler.phrase("reports"), area="top"))
        if sampler.chance(0.4):
            draft.add(parts.author(sampler, one_line=True))
    weights = {"prose": 4.0, "list": 1.6, "table": 1.8, "figure": 1.6, "quote": 0.3, "formula": 0.3 * sampler.maths}
    weights |= {"molecule": 1.5 * sampler.chemistry}
    _sections(draft, weights, sampler.chance(0.4))
    return draft.blocks


def _notes(draft: _Draft) -> list[PageBlock]:
    sampler = draft.sampler
    if sampler.chance(0.5):
        draft.add(make("title", sampler.heading(), area="top"))
    weights = {"prose": 2.0, "list": 2.5, "code": 1.4, "quote": 0.8, "table": 0.8, "maths": 2.0 * sampler.maths}
    weights |= {"formula": sampler.maths, "figure": 0.3, "molecule": 2.0 * sampler.chemistry}
    _sections(draft, weights, sampler.chance(0.2))
    return draft.blocks


def _slides(draft: _Draft) -> list[PageBlock]:
    sampler = draft.sampler
    draft.switch_language()
    name = sampler.pick(sampler.phrases["contents"]) if sampler.chance(0.4) else sampler.heading()
    draft.add(make("title", name, area="top"))
    while not draft.full:
        draft.switch_language()
        if sampler.chance(0.65):
            draft.add(*parts.listing(sampler, 70 if sampler.language == "en" else 30))
            break
        draft.add_part(
            {"prose": 0.6, "formula": 2.0 * sampler.maths, "maths": sampler.maths, "figure": 1.0, "table": 0.8}
            | {"molecule": 3.0 * sampler.chemistry},
            60,
            160,
        )
    while not draft.full:
        draft.add_part({"formula": 2.0 * sampler.maths, "figure": 1.0, "table": 0.7, "prose": 0.6}, 60, 140)
    return draft.blocks


def _exam(draft: _Draft) -> list[PageBlock]:
    sampler = draft.sampler
    if sampler.chance(0.7):
        draft.add(make("title", sampler.phrase("exams"), area="top"))
        # Different ones, since two times or two totals would contradict each other.
        for note in sampler.plain.pick_some(sampler.phrases["exam_notes"], sampler.number(0, 2)):
            draft.add(make("paragraph", sampler.plain.fill(note), "instruction", area="top"))
    number = sampler.number(1, 12) if sampler.chance(0.3) else 1
    headings = sampler.plain.pick_some(sampler.phrases["exam_parts"], 3)
    form = (
        sampler.pick(("{}.", "{}.", "{}.", "Question {}.", "({})", "{})"))
        if sampler.language == "en"
        else sampler.pick(("{}.", "{}．", "{}、"))
    )
    while not draft.full:
        draft.switch_language()
        if headings and sampler.chance(0.12):
            draft.add(make("section", headings.pop(), "heading", kept=True))
        mark = form.format(number)
        question = _molecule_question(draft, mark) if sampler.chance(0.4 * sampler.chemistry) else []
        draft.add(*(question or _exercise(sampler, mark)))
        number += 1
        if sampler.chance(0.07):
            draft.add(*parts.figure(sampler)[:1])
    return draft.blocks


def _molecule_question(draft: _Draft, mark: str) -> list[PageBlock]:
    """A question about a molecule, if there is room for one."""
    drawn = draft.sampler.molecule(draft.room.column_em)
    if drawn is None:
        return []
    written, begin = drawn
    question = make("paragraph", f"{mark}{_gap(mark)}{draft.sampler.phrase('molecule_tasks')}", "exercise", kept=True)
    return [question, make("molecule", written, begin=begin)]


def _gap(mark: str) -> str:
    return "" if mark[-1] in "．、" else " "


def _exercise(sampler: PageTextSampler, mark: str) -> list[PageBlock]:
    chosen = sampler.chance(0.4)
    if chosen:
        pieces = [_task(sampler, "choices")]
    elif sampler.chance(0.6):
        pieces = [_task(sampler)]
    else:
        pieces = sampler.line(opens=True)
        if not _ASKS.search("".join(pieces)):
            pieces.append(_task(sampler))
    if sampler.chance(0.3) and not pieces[-1].endswith(r"\]"):
        pieces[-1] += (
            f" ({sampler.number(2, 20)} points)" if sampler.language == "en" else f"（{sampler.number(2, 20)}分）"
        )
    pieces[0] = f"{mark}{_gap(mark)}{pieces[0]}"
    blocks = [
        make("formula", piece) if piece.startswith(r"\[") else make("paragraph", piece, "exercise") for piece in pieces
    ]
    if chosen:
        return blocks + _options(sampler)
    if sampler.chance(0.2):
        blocks += [
            make("paragraph", f"({letter}) {_task(sampler)}", "option") for letter in "abc"[: sampler.number(2, 3)]
        ]
    return blocks


def _task(sampler: PageTextSampler, kind: str = "tasks") -> str:
    return _SLOT.sub(lambda _: sampler.inline(), sampler.pick(sampler.phrases[kind]))


def _options(sampler: PageTextSampler) -> list[PageBlock]:
    form = sampler.pick(("{}.", "({})", "{})"))
    shown: dict[str, None] = {}
    while len(shown) < len(_LETTERS):
        shown[sampler.inline()] = None
    options = [f"{form.format(letter)} {one}" for letter, one in zip(_LETTERS, shown, strict=True)]
    if sampler.chance(0.5):
        return [make("paragraph", one, "option") for one in options]
    return [make("paragraph", "  ".join(options), "option")]


_DRAW: dict[PageKind, Callable[[_Draft], list[PageBlock]]] = {
    "paper": _paper,
    "book": _book,
    "exam": _exam,
    "report": _report,
    "slides": _slides,
    "notes": _notes,
}


def _running(sampler: PageTextSampler, kind: PageKind) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The header and the footer: their texts from left to right."""
    head: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    number = str(sampler.number(1, 640))
    folio = sampler.pick((number, number, f"– {number} –", f"- {number} -"))
    folio = folio if sampler.plain.fits(folio) else number
    if kind != "slides" and sampler.chance(_RUNNING_FRAC):
        running = sampler.plain.heading(16 if sampler.language == "zh" else 40)
        if sampler.chance(0.5):
            head = sampler.pick(((running, folio), (folio, running)))
            folio = ""
        else:
            head = (running,)
    if folio and sampler.chance(0.7):
        foot = (folio,)
    elif kind in ("slides", "report") and sampler.chance(0.4):
        foot = (sampler.plain.term("company", 12.0), number)
    return head, foot


def _noted(sampler: PageTextSampler, blocks: list[PageBlock]) -> tuple[PageBlock, ...]:
    """The blocks, some of the first paragraphs with a note below the page."""
    if not sampler.chance(_NOTE_FRAC):
        return tuple(blocks)
    early = [
        index for index, one in enumerate(blocks[:8])
        if one.role == "paragraph" and one.area == "body" and one.block.text[-1:] in ".。"
    ]  # fmt: skip
    notes: list[PageBlock] = []
    for number, index in enumerate(early[: sampler.number(1, 2)], 1):
        mark = rf"\( {{}}^{number} \)"
        one = blocks[index]
        block = msgspec.structs.replace(one.block, text=one.block.text + mark)
        blocks[index] = msgspec.structs.replace(one, block=block)
        gap = "" if sampler.language == "zh" else " "
        text = f"{mark}{gap}{sampler.plain.sentence(110 if sampler.language == 'en' else 40)}"
        notes.append(make("footnote", text, area="notes", anchor=index))
    return (*blocks, *notes)

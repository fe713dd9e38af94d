"""Parts of which pages are made: titles, sections, theorems, lists, tables, figures, references."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from renderers.content.pages.page import Figure, PageBlock
from renderers.content.pages.voice import PageVoice
from renderers.content.tables.table import draw_table
from renderers.labels.markdown.tree import MARK, Block, Kind, settle, split_formulas
from renderers.labels.tables import grammar as tables
from renderers.labels.tables.tree import FORMULA, Table

Make: TypeAlias = Callable[[PageVoice], list[PageBlock]]

_FIGURES = ("bars", "curves", "points", "pie", "diagram", "texture")
_COLOURS = (
    "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#222222", "#777777", "#4e79a7", "#b3b3b3",
    "#e15759", "#76b7b2",
)  # fmt: skip
_UNSAFE = frozenset("*~^<>$#_{}&|`@\\[]=+")
"""Signs that the reader of tabulars takes for its own."""


def make(kind: Kind, text: str = "", role: str = "", **more: object) -> PageBlock:
    """A block; its role is its kind where none is given."""
    own = {name: more.pop(name) for name in ("depth", "number", "done") if name in more}
    return PageBlock(Block(kind, text, **own), role or kind, **more)  # type: ignore[arg-type]


def num_signs(text: str) -> int:
    """How many characters a text shows, blanks left out, a formula being one."""
    words = "".join(MARK if is_formula else piece for piece, is_formula in split_formulas(text))
    return len("".join(words.replace("\u00ad", "").split()))


def author(voice: PageVoice, one_line: bool = False) -> PageBlock:
    """Names, and where they are from."""
    names = [voice.voice.term("person", 12.0) for _ in range(voice.number(1, 3))]
    joined = ("，" if voice.language == "zh" else ", ").join(dict.fromkeys(names))
    lines = [joined] if one_line or voice.chance(0.2) else [joined, voice.phrase("affiliations")]
    return make("author", "\n".join(lines), area="top")


def abstract(voice: PageVoice, area: str) -> list[PageBlock]:
    """A summary, with its heading in English, with its name in front of it in Chinese."""
    text = voice.paragraph(voice.number(200, 520) if voice.language == "en" else voice.number(80, 220))
    if voice.language == "en" and voice.chance(0.65):
        blocks = [make("abstract", text, area=area)]
    else:
        lead = voice.pick(["Abstract.", "Abstract:", "Summary:"]) if voice.language == "en" else "摘要："
        joined = f"{lead} {text}" if voice.language == "en" else f"{lead}{text}"
        blocks = [make("paragraph", joined, "abstract", lead=num_signs(lead), area=area)]
    if voice.chance(0.4):
        words = ("；" if voice.language == "zh" else ", ").join(
            voice.voice.heading(8 if voice.language == "zh" else 20) for _ in range(voice.number(3, 5))
        )
        lead = voice.phrases["keywords"].replace("{words}", "").strip()
        text = f"{lead}{words}" if voice.language == "zh" else f"{lead} {words}"
        blocks.append(make("paragraph", text, "keywords", lead=num_signs(lead), area=area))
    return blocks


def section(voice: PageVoice, level: int, numbered: bool, name: str = "") -> PageBlock:
    """A heading of a level from 1, with its number or without."""
    kind: Kind = ("section", "subsection", "subsubsection")[level - 1]
    name = name or (voice.pick(voice.phrases["sections"]) if level == 1 and voice.chance(0.6) else voice.heading())
    if numbered:
        first = voice.next_number("section") if level == 1 else voice.numbers.get("section", 1)
        number = str(first)
        if level > 1:
            key = f"section{first}"
            number += f".{voice.next_number(key) if level == 2 else voice.numbers.get(key, 1)}"
        if level > 2:
            number += f".{voice.number(1, 4)}"
        dot = "." if level == 1 and voice.numbers.setdefault("dot", voice.number(0, 1)) else ""
        name = f"{number}{dot} {name}"
    return make(kind, name, "heading", kept=True)


def paragraphs(voice: PageVoice, num_chars: int) -> list[PageBlock]:
    """Running text."""
    return [make("paragraph", text) for text in voice.paragraphs(num_chars)]


def mathematics(voice: PageVoice) -> list[PageBlock]:
    """A sentence or two with formulas, one of them displayed, maybe."""
    blocks: list[PageBlock] = []
    words: list[str] = []
    for _ in range(voice.number(1, 3)):
        for piece in voice.line():
            if piece.startswith(r"\["):
                blocks += [make("paragraph", _joined(voice, words))] if words else []
                blocks.append(displayed(voice, piece))
                words = []
            else:
                words.append(piece)
    return blocks + ([make("paragraph", _joined(voice, words))] if words else [])


def _joined(voice: PageVoice, words: list[str]) -> str:
    return ("" if voice.language == "zh" else " ").join(words)


def displayed(voice: PageVoice, formula: str = "") -> PageBlock:
    """A formula on a line of its own; those of one page are numbered in order."""
    formula = formula or voice.displayed()
    if voice.chance(0.5) and r"\tag" not in formula:
        style = voice.numbers.setdefault("tag style", voice.number(0, 2))
        number = str(voice.next_number("formula") + voice.numbers.setdefault("first formula", voice.number(0, 30)))
        number = f"{voice.numbers.setdefault('chapter', voice.number(1, 9))}.{number}" if style == 2 else number
        formula = rf"{formula.removesuffix(chr(92) + ']').rstrip()}\tag{{{number}}} \]"
    return make("formula", formula)


def theorem(voice: PageVoice) -> list[PageBlock]:
    """What is claimed, and sometimes why it holds."""
    name = voice.pick(voice.phrases["theorems"])
    number = (
        f"{name} {voice.next_number('theorem')}" if voice.language == "en" else f"{name}{voice.next_number('theorem')}"
    )
    by = f" ({voice.voice.term('person', 8.0)})" if voice.language == "en" and voice.chance(0.2) else ""
    blocks = _claim(voice, f"{number}{by}." if voice.language == "en" else number, "theorem", opens=True)
    if voice.chance(0.5):
        lead = voice.pick(voice.phrases["proofs"])
        blocks += _claim(voice, f"{lead}." if voice.language == "en" else f"{lead}：", "proof")
    return blocks


def _claim(voice: PageVoice, lead: str, role: str, opens: bool = False) -> list[PageBlock]:
    pieces = voice.line(opens)
    gap = " " if voice.language == "en" or not lead.endswith("：") else ""
    first = pieces[0] if not pieces[0].startswith(r"\[") else voice.sentence(90)
    blocks = [make("paragraph", f"{lead}{gap}{first}", role, lead=num_signs(lead))]
    return blocks + [
        displayed(voice, piece) if piece.startswith(r"\[") else make("paragraph", piece, role) for piece in pieces[1:]
    ]


def listing(voice: PageVoice, max_chars: int = 90) -> list[PageBlock]:
    """A list: bullets, numbers or tasks, some of its items with items of their own."""
    style = voice.pick(("bullets", "bullets", "numbers", "numbers", "tasks"))
    first = 1 if voice.chance(0.85) else voice.number(2, 9)
    blocks: list[PageBlock] = []
    for place in range(voice.number(2, 6)):
        text = voice.sentence(max_chars) if voice.chance(0.7) else voice.heading()
        blocks.append(_item(text, 0, first + place if style == "numbers" else -1, _ticked(voice, style)))
        if voice.chance(0.16):
            inner = voice.pick(("bullets", "numbers")) if style != "tasks" else "tasks"
            for under in range(voice.number(2, 3)):
                number = under + 1 if inner == "numbers" else -1
                blocks.append(_item(voice.heading(), 1, number, _ticked(voice, inner)))
    return blocks


def _ticked(voice: PageVoice, style: str) -> bool | None:
    return voice.chance(0.4) if style == "tasks" else None


def _item(text: str, depth: int, number: int, done: bool | None) -> PageBlock:
    return make("item", text, "list_item", depth=depth, number=number, done=done)


def quote(voice: PageVoice) -> list[PageBlock]:
    """What somebody else said."""
    return [make("quote", voice.sentence(200 if voice.language == "en" else 70)) for _ in range(voice.number(1, 2))]


def code(voice: PageVoice) -> list[PageBlock]:
    """Some lines of a program."""
    return [make("code", voice.code())]


def figure(voice: PageVoice) -> list[PageBlock]:
    """A figure and its caption."""
    kind = voice.pick(_FIGURES)
    drawn = Figure(
        kind=kind,
        width_frac=round(0.4 + 0.55 * float(voice.voice.rng.random()), 2),
        aspect=round(0.4 + 0.45 * float(voice.voice.rng.random()), 2),
        numbers=tuple(voice.voice.rng.random(24).round(3).tolist()),
        colours=tuple(voice.voice.pick_some(_COLOURS, 4)),
    )
    image = make("image", "", "figure", kept=True, figure=drawn)
    return [image, _caption(voice, "figures", "figure", kept=False)]


def molecule(voice: PageVoice, room_em: float) -> list[PageBlock]:
    """A molecule, often with a caption below it."""
    found = voice.molecule(room_em)
    if found is None:
        return paragraphs(voice, 120)
    written, begin = found
    captioned = voice.chance(0.55)
    drawing = make("molecule", written, begin=begin, kept=captioned)
    return [drawing, _caption(voice, "molecules", "molecule", kept=False)] if captioned else [drawing]


def _caption(voice: PageVoice, phrases: str, counted: str, kept: bool) -> PageBlock:
    forms = voice.phrases[phrases]
    form = forms[voice.numbers.setdefault(phrases, voice.number(0, len(forms) - 1)) % len(forms)]
    lead = form.replace("{n}", str(voice.next_number(counted)))
    mark = voice.pick((":", ".")) if voice.language == "en" else ""
    text = f"{lead}{mark} {voice.sentence(100 if voice.language == 'en' else 40)}"
    return make("paragraph", text, "caption", lead=num_signs(lead + mark), kept=kept)


def table(voice: PageVoice, room_em: float) -> list[PageBlock]:
    """A table, its caption above it or below it."""
    speaker = voice.voice
    content = draw_table(
        speaker.rng, speaker.corpus, voice.language, lambda text: _settable(voice, text), room_em, 6, 9
    ).table
    if not all(_settable(voice, cell.text) for row in content.rows for cell in row):
        return paragraphs(voice, 120)
    bare = Table(content.aligns, content.bars, content.rows, content.rules)
    block = settle(Block("table", tables.write(bare)[0]))
    above = voice.numbers.setdefault("table above", voice.number(0, 2)) > 0
    if not voice.chance(0.75):
        return [PageBlock(block, "table")]
    caption = _caption(voice, "tables", "table", kept=above)
    return [caption, PageBlock(block, "table")] if above else [PageBlock(block, "table", kept=True), caption]


def _settable(voice: PageVoice, text: str) -> bool:
    words = FORMULA.sub("", text)
    return not _UNSAFE & set(words) and voice.voice.fits(words)


def references(voice: PageVoice) -> Iterator[PageBlock]:
    """A heading, and what was cited."""
    yield make("section", voice.phrases["references"], "heading", kept=True)
    numbers = voice.chance(0.7)
    for place in range(1, voice.number(8, 40)):
        mark = f"[{place}] " if numbers else f"{place}. "
        yield make("paragraph", mark + _reference(voice), "reference", lead=0)


def _reference(voice: PageVoice) -> str:
    name, title = voice.voice.term("person", 10.0), voice.voice.heading(60 if voice.language == "en" else 20)
    journal, year = voice.pick(voice.phrases["journals"]), voice.number(1950, 2026)
    first = voice.number(1, 900)
    pages = f"{first}-{first + voice.number(2, 30)}"
    if voice.language == "zh":
        return f"{name}. {title}[J]. {journal}, {year}, {voice.number(1, 60)}: {pages}."
    link = f" https://doi.org/10.{voice.number(1000, 9999)}/{voice.number(1, 99999)}" if voice.chance(0.25) else ""
    return f"{name}. {title}. {journal} {voice.number(1, 99)} ({year}), {pages}.{link}"

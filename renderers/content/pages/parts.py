"""Parts of which pages are made: titles, sections, theorems, lists, tables, figures, references."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from renderers.content.pages.page import Figure, PageBlock
from renderers.content.pages.text_sampler import PageTextSampler
from renderers.content.tables.table import draw_table
from renderers.labels.markdown.tree import MARK, Block, Kind, settle, split_formulas
from renderers.labels.tables import grammar as tables
from renderers.labels.tables.tree import FORMULA, Table
from renderers.labels.text import SOFT_HYPHEN

Make: TypeAlias = Callable[[PageTextSampler], list[PageBlock]]

_FIGURES = ("bars", "curves", "points", "pie", "diagram", "texture")
_COLOURS = (
    "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#222222", "#777777", "#4e79a7", "#b3b3b3",
    "#e15759", "#76b7b2",
)  # fmt: skip
_UNSAFE = frozenset("*~^<>$#_{}&|`@\\[]=+")
"""Characters that mathpix-markdown-it reads as markup in tabulars."""


def make(kind: Kind, text: str = "", role: str = "", **more: object) -> PageBlock:
    """A block; its role is its kind where none is given."""
    own = {name: more.pop(name) for name in ("depth", "number", "done") if name in more}
    return PageBlock(Block(kind, text, **own), role or kind, **more)  # type: ignore[arg-type]


def num_visible_chars(text: str) -> int:
    """How many characters a text shows, blanks left out, a formula being one."""
    words = "".join(MARK if is_formula else piece for piece, is_formula in split_formulas(text))
    return len("".join(words.replace(SOFT_HYPHEN, "").split()))


def author(sampler: PageTextSampler, one_line: bool = False) -> PageBlock:
    """Names of authors and their affiliations."""
    names = [sampler.plain.term("person", 12.0) for _ in range(sampler.number(1, 3))]
    joined = ("，" if sampler.language == "zh" else ", ").join(dict.fromkeys(names))
    lines = [joined] if one_line or sampler.chance(0.2) else [joined, sampler.phrase("affiliations")]
    return make("author", "\n".join(lines), area="top")


def abstract(sampler: PageTextSampler, area: str) -> list[PageBlock]:
    """A summary, with its heading in English, with its name in front of it in Chinese."""
    text = sampler.paragraph(sampler.number(200, 520) if sampler.language == "en" else sampler.number(80, 220))
    if sampler.language == "en" and sampler.chance(0.65):
        blocks = [make("abstract", text, area=area)]
    else:
        lead = sampler.pick(["Abstract.", "Abstract:", "Summary:"]) if sampler.language == "en" else "摘要："
        joined = f"{lead} {text}" if sampler.language == "en" else f"{lead}{text}"
        blocks = [make("paragraph", joined, "abstract", lead=num_visible_chars(lead), area=area)]
    if sampler.chance(0.4):
        words = ("；" if sampler.language == "zh" else ", ").join(
            sampler.plain.heading(8 if sampler.language == "zh" else 20) for _ in range(sampler.number(3, 5))
        )
        lead = sampler.phrases["keywords"].replace("{words}", "").strip()
        text = f"{lead}{words}" if sampler.language == "zh" else f"{lead} {words}"
        blocks.append(make("paragraph", text, "keywords", lead=num_visible_chars(lead), area=area))
    return blocks


def section(sampler: PageTextSampler, level: int, numbered: bool, name: str = "") -> PageBlock:
    """A heading of a level from 1, with its number or without."""
    kind: Kind = ("section", "subsection", "subsubsection")[level - 1]
    name = name or (
        sampler.pick(sampler.phrases["sections"]) if level == 1 and sampler.chance(0.6) else sampler.heading()
    )
    if numbered:
        first = sampler.next_number("section") if level == 1 else sampler.numbers.get("section", 1)
        number = str(first)
        if level > 1:
            key = f"section{first}"
            number += f".{sampler.next_number(key) if level == 2 else sampler.numbers.get(key, 1)}"
        if level > 2:
            number += f".{sampler.number(1, 4)}"
        dot = "." if level == 1 and sampler.numbers.setdefault("dot", sampler.number(0, 1)) else ""
        name = f"{number}{dot} {name}"
    return make(kind, name, "heading", kept=True)


def paragraphs(sampler: PageTextSampler, num_chars: int) -> list[PageBlock]:
    """Running text."""
    return [make("paragraph", text) for text in sampler.paragraphs(num_chars)]


def mathematics(sampler: PageTextSampler) -> list[PageBlock]:
    """A sentence or two with formulas, one of them displayed, maybe."""
    blocks: list[PageBlock] = []
    words: list[str] = []
    for _ in range(sampler.number(1, 3)):
        line = sampler.line()
        for index, piece in enumerate(line):
            if piece.startswith(r"\["):
                blocks += [make("paragraph", _joined(sampler, words), kept=True)] if words else []
                blocks.append(displayed(sampler, piece, kept=index + 1 < len(line)))
                words = []
            else:
                words.append(piece)
    return blocks + ([make("paragraph", _joined(sampler, words))] if words else [])


def _joined(sampler: PageTextSampler, words: list[str]) -> str:
    return ("" if sampler.language == "zh" else " ").join(words)


def displayed(sampler: PageTextSampler, formula: str = "", *, kept: bool = False) -> PageBlock:
    """A formula on a line of its own; those of one page are numbered in order.

    Args:
        sampler: where its texts come from.
        formula: the formula; "" draws one.
        kept: whether its sentence goes on below it.
    """
    formula = formula or sampler.displayed()
    if sampler.chance(0.5) and r"\tag" not in formula:
        style = sampler.numbers.setdefault("tag style", sampler.number(0, 2))
        number = str(
            sampler.next_number("formula") + sampler.numbers.setdefault("first formula", sampler.number(0, 30))
        )
        number = f"{sampler.numbers.setdefault('chapter', sampler.number(1, 9))}.{number}" if style == 2 else number
        formula = rf"{formula.removesuffix(chr(92) + ']').rstrip()}\tag{{{number}}} \]"
    return make("formula", formula, kept=kept)


def theorem(sampler: PageTextSampler) -> list[PageBlock]:
    """A theorem or the like, sometimes with its proof."""
    name = sampler.pick(sampler.phrases["theorems"])
    number = (
        f"{name} {sampler.next_number('theorem')}"
        if sampler.language == "en"
        else f"{name}{sampler.next_number('theorem')}"
    )
    by = f" ({sampler.plain.term('person', 8.0)})" if sampler.language == "en" and sampler.chance(0.2) else ""
    blocks = _claim(sampler, f"{number}{by}." if sampler.language == "en" else number, "theorem", opens=True)
    if sampler.chance(0.5):
        lead = sampler.pick(sampler.phrases["proofs"])
        blocks += _claim(sampler, f"{lead}." if sampler.language == "en" else f"{lead}：", "proof")
    return blocks


def _claim(sampler: PageTextSampler, lead: str, role: str, opens: bool = False) -> list[PageBlock]:
    pieces = sampler.line(opens)
    gap = " " if sampler.language == "en" or not lead.endswith("：") else ""
    first = pieces[0] if not pieces[0].startswith(r"\[") else sampler.sentence(90)
    # A sentence that goes on in the next block may not end a page, nor stand there without it.
    blocks = [make("paragraph", f"{lead}{gap}{first}", role, lead=num_visible_chars(lead), kept=len(pieces) > 1)]
    for index, piece in enumerate(pieces[1:], 2):
        kept = index < len(pieces)
        blocks.append(
            displayed(sampler, piece, kept=kept)
            if piece.startswith(r"\[")
            else make("paragraph", piece, role, kept=kept)
        )
    return blocks


def listing(sampler: PageTextSampler, max_chars: int = 90) -> list[PageBlock]:
    """A list: bullets, numbers or tasks, some of its items with items of their own."""
    style = sampler.pick(("bullets", "bullets", "numbers", "numbers", "tasks"))
    first = 1 if sampler.chance(0.85) else sampler.number(2, 9)
    blocks: list[PageBlock] = []
    for index in range(sampler.number(2, 6)):
        text = sampler.sentence(max_chars) if sampler.chance(0.7) else sampler.heading()
        blocks.append(_item(text, 0, first + index if style == "numbers" else -1, _ticked(sampler, style)))
        if sampler.chance(0.16):
            inner = sampler.pick(("bullets", "numbers")) if style != "tasks" else "tasks"
            for under in range(sampler.number(2, 3)):
                number = under + 1 if inner == "numbers" else -1
                blocks.append(_item(sampler.heading(), 1, number, _ticked(sampler, inner)))
    return blocks


def _ticked(sampler: PageTextSampler, style: str) -> bool | None:
    return sampler.chance(0.4) if style == "tasks" else None


def _item(text: str, depth: int, number: int, done: bool | None) -> PageBlock:
    return make("item", text, "list_item", depth=depth, number=number, done=done)


def quote(sampler: PageTextSampler) -> list[PageBlock]:
    """Quotations."""
    return [
        make("quote", sampler.sentence(200 if sampler.language == "en" else 70)) for _ in range(sampler.number(1, 2))
    ]


def code(sampler: PageTextSampler) -> list[PageBlock]:
    """Some lines of a program."""
    return [make("code", sampler.code())]


def figure(sampler: PageTextSampler) -> list[PageBlock]:
    """A figure and its caption."""
    kind = sampler.pick(_FIGURES)
    drawn = Figure(
        kind=kind,
        width_frac=round(0.4 + 0.55 * float(sampler.plain.rng.random()), 2),
        aspect=round(0.4 + 0.45 * float(sampler.plain.rng.random()), 2),
        numbers=tuple(sampler.plain.rng.random(24).round(3).tolist()),
        colours=tuple(sampler.plain.pick_some(_COLOURS, 4)),
    )
    image = make("image", "", "figure", kept=True, figure=drawn)
    return [image, _caption(sampler, "figures", "figure", kept=False)]


def molecule(sampler: PageTextSampler, room_em: float) -> list[PageBlock]:
    """A molecule, often with a caption below it."""
    drawn = sampler.molecule(room_em)
    if drawn is None:
        return paragraphs(sampler, 120)
    written, begin = drawn
    captioned = sampler.chance(0.55)
    drawing = make("molecule", written, begin=begin, kept=captioned)
    return [drawing, _caption(sampler, "molecules", "molecule", kept=False)] if captioned else [drawing]


def _caption(sampler: PageTextSampler, phrases: str, counted: str, kept: bool) -> PageBlock:
    forms = sampler.phrases[phrases]
    form = forms[sampler.numbers.setdefault(phrases, sampler.number(0, len(forms) - 1)) % len(forms)]
    lead = form.replace("{n}", str(sampler.next_number(counted)))
    mark = sampler.pick((":", ".")) if sampler.language == "en" else ""
    text = f"{lead}{mark} {sampler.sentence(100 if sampler.language == 'en' else 40)}"
    return make("paragraph", text, "caption", lead=num_visible_chars(lead + mark), kept=kept)


def table(sampler: PageTextSampler, room_em: float) -> list[PageBlock]:
    """A table, its caption above it or below it."""
    plain = sampler.plain
    content = draw_table(
        plain.rng, plain.lexicon, sampler.language, lambda text: _settable(sampler, text), room_em, 6, 9
    ).table
    if not all(_settable(sampler, cell.text) for row in content.rows for cell in row):
        return paragraphs(sampler, 120)
    bare = Table(content.aligns, content.bars, content.rows, content.rules)
    block = settle(Block("table", tables.write(bare)[0]))
    above = sampler.numbers.setdefault("table above", sampler.number(0, 2)) > 0
    if not sampler.chance(0.75):
        return [PageBlock(block, "table")]
    caption = _caption(sampler, "tables", "table", kept=above)
    return [caption, PageBlock(block, "table")] if above else [PageBlock(block, "table", kept=True), caption]


def _settable(sampler: PageTextSampler, text: str) -> bool:
    words = FORMULA.sub("", text)
    return not _UNSAFE & set(words) and sampler.plain.fits(words)


def references(sampler: PageTextSampler) -> Iterator[PageBlock]:
    """A heading, and what was cited."""
    yield make("section", sampler.phrases["references"], "heading", kept=True)
    numbers = sampler.chance(0.7)
    for index in range(1, sampler.number(8, 40)):
        mark = f"[{index}] " if numbers else f"{index}. "
        yield make("paragraph", mark + _reference(sampler), "reference", lead=0)


def _reference(sampler: PageTextSampler) -> str:
    name, title = sampler.plain.term("person", 10.0), sampler.plain.heading(60 if sampler.language == "en" else 20)
    journal, year = sampler.pick(sampler.phrases["journals"]), sampler.number(1950, 2026)
    first = sampler.number(1, 900)
    pages = f"{first}-{first + sampler.number(2, 30)}"
    if sampler.language == "zh":
        return f"{name}. {title}[J]. {journal}, {year}, {sampler.number(1, 60)}: {pages}."
    link = (
        f" https://doi.org/10.{sampler.number(1000, 9999)}/{sampler.number(1, 99999)}" if sampler.chance(0.25) else ""
    )
    return f"{name}. {title}. {journal} {sampler.number(1, 99)} ({year}), {pages}.{link}"

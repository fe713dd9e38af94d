r"""OmniDocBench: pages of nine kinds of documents, read whole.

`OmniDocBench.json` and `images/`. The target is what the benchmark scores, in reading order, a block a paragraph:
titles, text, code, references, displayed formulas (in `\[ \]`), tables (as HTML). Headers, footers, page numbers,
footnotes, captions, figures and what is marked to be ignored are not in it, as in the benchmark's own scores. Blocks
that the annotation says are one that was cut (by a column) are joined.

Source: OmniDocBench v1.5, README.md.
"""

from pathlib import Path
from typing import Any

import msgspec

from got_model.suites.core.files import find_picture, read_json, text_of
from got_model.suites.core.suite import Sample
from renderers.core.prompts import PROMPTS

_TEXTS = frozenset(("title", "text_block", "code_txt", "reference"))
_LANGUAGES = {"english": "en", "simplified_chinese": "zh-Hans", "traditional_chinese": "zh-Hant"}


class _Block(msgspec.Struct):
    """A block of a page, as the benchmark has it.

    Attributes:
        order: its index in reading order, 0 or more; None for what is not read.
    """

    category_type: str
    order: float | None = None
    anno_id: int | str | None = None
    ignore: bool = False
    text: str | None = None
    latex: str | None = None
    html: str | None = None


class _Relation(msgspec.Struct):
    relation_type: str = ""
    source_anno_id: int | str | None = None
    target_anno_id: int | str | None = None


class _Extra(msgspec.Struct):
    relation: list[_Relation] = []


class _PageInfo(msgspec.Struct):
    image_path: str
    page_attribute: dict[str, Any] = {}


class _Page(msgspec.Struct):
    layout_dets: list[_Block]
    page_info: _PageInfo
    extra: _Extra = msgspec.field(default_factory=_Extra)


def read(folder: Path) -> list[Sample]:
    """A sample for each page that has something to read."""
    samples = []
    for at, page in enumerate(read_json(folder / "OmniDocBench.json", list[_Page])):
        target = target_of(page)
        if not target:
            continue
        attributes = page.page_info.page_attribute
        kind = text_of(attributes.get("data_source"))
        samples.append(
            Sample(
                id=f"omnidocbench/{at:06d}",
                images=(find_picture(page.page_info.image_path, folder / "images", folder),),
                prompt=PROMPTS["format"],
                target=target,
                format="mathpix-markdown",
                language=_LANGUAGES.get(text_of(attributes.get("language")), ""),
                metrics=("pages",),
                part=kind or "pages",
                kind=text_of(attributes.get("layout")),
            )
        )
    return samples


def target_of(page: _Page) -> str:
    """The page's blocks in reading order."""
    scored = [block for block in page.layout_dets if not block.ignore and block.order is not None]
    blocks = sorted(scored, key=lambda block: block.order or 0)
    cut = {
        relation.target_anno_id: relation.source_anno_id
        for relation in page.extra.relation
        if relation.relation_type == "truncated"
    }
    texts: dict[int | str | None, list[str]] = {}
    for index, block in enumerate(blocks):
        if text := _text_of(block):
            name = f"at {index}" if block.anno_id is None else block.anno_id
            texts.setdefault(_first_of(name, cut), []).append(text)
    return "\n\n".join(" ".join(pieces) for pieces in texts.values())


def _first_of(name: int | str | None, cut: dict[int | str | None, int | str | None]) -> int | str | None:
    """The first piece of what a block is a piece of; an annotation may run in a circle."""
    seen = set()
    while name in cut and name not in seen:
        seen.add(name)
        name = cut[name]
    return name


def _text_of(block: _Block) -> str:
    if block.category_type in _TEXTS:
        return " ".join(text_of(block.text).split())
    if block.category_type == "equation_isolated":
        formula = text_of(block.latex).strip().removeprefix("$$").removesuffix("$$").strip()
        return formula if formula.startswith(r"\[") or not formula else f"\\[{formula}\\]"
    if block.category_type == "table":
        return " ".join((text_of(block.html) or text_of(block.latex)).split())
    return ""


SUITE = read

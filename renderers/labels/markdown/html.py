r"""A page as HTML: headings, lists, tables with their spans; formulas stay in `\(` and `\[`."""

import html
from collections.abc import Sequence

from renderers.labels.markdown.tree import Block
from renderers.labels.smiles import grammar as smiles
from renderers.labels.tables import grammar as tables
from renderers.labels.tables.html import to_html as table_to_html

_FRAMES = {
    "title": "<h1>{}</h1>",
    "author": '<p class="author">{}</p>',
    "abstract": '<section class="abstract"><h4>Abstract</h4><p>{}</p></section>',
    "section": "<h2>{}</h2>",
    "subsection": "<h3>{}</h3>",
    "subsubsection": "<h4>{}</h4>",
    "paragraph": "<p>{}</p>",
    "formula": "<p>{}</p>",
    "code": "<pre><code>{}</code></pre>",
    "quote": "<blockquote><p>{}</p></blockquote>",
    "footnote": "<aside><p>{}</p></aside>",
    "image": "<figure><img></figure>",
    "molecule": "<p><smiles>{}</smiles></p>",
}


def to_html(blocks: Sequence[Block]) -> str:
    """The page, a block to a line."""
    pieces: list[str] = []
    open_lists: list[str] = []
    for block in blocks:
        if block.kind == "item":
            pieces.append(_open_item(block, open_lists) + _item(block))
            continue
        if open_lists:
            pieces.append(_close(open_lists, 0))
        pieces.append(_one(block))
    if open_lists:
        pieces.append(_close(open_lists, 0))
    return "\n".join(pieces)


def _open_item(block: Block, open_lists: list[str]) -> str:
    """The tags before an item: lists end and begin, the item before ends."""
    tag = "ul" if block.number < 0 else "ol"
    text = ""
    if len(open_lists) > block.depth + 1:
        text += _close(open_lists, block.depth + 1)
    if len(open_lists) == block.depth + 1:
        if open_lists[-1] == tag:
            return f"{text}</li>"
        text += _close(open_lists, block.depth)
    open_lists.append(tag)
    start = f' start="{block.number}"' if block.number > 1 else ""
    return f"{text}<{tag}{start}>"


def _close(open_lists: list[str], depth: int) -> str:
    tags = [f"</li></{tag}>" for tag in reversed(open_lists[depth:])]
    del open_lists[depth:]
    return "".join(tags)


def _item(block: Block) -> str:
    ticked = " checked" if block.done else ""
    box = "" if block.done is None else f'<input type="checkbox" disabled{ticked}> '
    return f"<li>{box}{_quoted(block.text)}"


def _one(block: Block) -> str:
    text = _quoted(block.text)
    if block.kind == "table":
        return table_to_html(tables.read(block.text))
    if block.kind == "molecule":
        text = _quoted(smiles.body(block.text))
    if block.kind == "author":
        text = text.replace("\n", "<br>")
    return _FRAMES[block.kind].format(text)


def _quoted(text: str) -> str:
    return html.escape(text, quote=False)

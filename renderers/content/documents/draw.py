"""Draws a document of a kind: which blocks it has, and about as much text as its page holds."""

import re

import msgspec

from renderers.content.documents import books, excerpts, forms, letters, notices, receipts, screens
from renderers.content.documents.document import Block, Document, Kind
from renderers.content.documents.document_sampler import DocumentSampler

_STANDING = str.maketrans("“”‘’", "『』「」")
_APOSTROPHE = re.compile(r"([A-Za-z])」(?=[A-Za-z])")
_DRAW = {
    "book": books.draw_book,
    "essay": books.draw_essay,
    "newspaper": notices.draw_newspaper,
    "letter": letters.draw_letter,
    "contract": letters.draw_contract,
    "poem": books.draw_poem,
    "dictionary": books.draw_dictionary,
    "contents": books.draw_contents,
    "list": notices.draw_list,
    "poster": notices.draw_poster,
    "receipt": receipts.draw_receipt,
    "form": forms.draw_form,
    "settings": screens.draw_settings,
    "chat": screens.draw_chat,
    "notes": excerpts.draw_notes,
    "line": excerpts.draw_line,
    "paragraph": excerpts.draw_paragraph,
}


def draw_document(sampler: DocumentSampler, kind: Kind, num_chars: int) -> Document:
    """A document.

    Args:
        sampler: where its texts come from.
        kind: see `document.Kind`.
        num_chars: characters that fill its page, about; of a line or a paragraph, the most.
    """
    head, body, foot = _DRAW[kind](sampler, num_chars)
    return Document(kind, sampler.language, head, body, foot)


def stand_quotes(document: Document) -> Document:
    """The document with the quotation marks of lines that run downwards: fonts draw “ ” there as 『 』.

    Source: W3C, Chinese layout (clreq), 3.1.3; an apostrophe between letters stays.
    """

    def stand(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        texts = (tuple(_APOSTROPHE.sub("\\1’", cell.translate(_STANDING)) for cell in block.cells) for block in blocks)
        return tuple(msgspec.structs.replace(block, cells=cells) for block, cells in zip(blocks, texts, strict=True))

    return msgspec.structs.replace(
        document, head=stand(document.head), body=stand(document.body), foot=stand(document.foot)
    )

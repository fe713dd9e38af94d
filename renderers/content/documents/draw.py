"""Draws a document of a kind: which blocks it has, and about as much text as its page holds."""

from renderers.content.documents import books, excerpts, forms, letters, notices, receipts, screens
from renderers.content.documents.document import Document, Kind
from renderers.content.documents.document_sampler import DocumentSampler

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

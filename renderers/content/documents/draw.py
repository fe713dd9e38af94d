"""Draws a document of a kind: which blocks it has, and about as much text as its page holds."""

from renderers.content.documents import prints, slips
from renderers.content.documents.document import Document, Kind
from renderers.content.documents.text_sampler import TextSampler

_DRAW = {
    "book": prints.draw_book,
    "essay": prints.draw_essay,
    "newspaper": prints.draw_newspaper,
    "letter": prints.draw_letter,
    "contract": prints.draw_contract,
    "poem": prints.draw_poem,
    "dictionary": prints.draw_dictionary,
    "contents": prints.draw_contents,
    "list": prints.draw_list,
    "poster": prints.draw_poster,
    "receipt": slips.draw_receipt,
    "form": slips.draw_form,
    "settings": slips.draw_settings,
    "chat": slips.draw_chat,
    "notes": slips.draw_notes,
    "line": slips.draw_line,
    "paragraph": slips.draw_paragraph,
}


def draw_document(sampler: TextSampler, kind: Kind, num_chars: int) -> Document:
    """A document.

    Args:
        sampler: says its words.
        kind: see `documents.Kind`.
        num_chars: about so many fill its page; of a line or a paragraph, at most so many.
    """
    head, body, foot = _DRAW[kind](sampler, num_chars)
    return Document(kind, sampler.language, head, body, foot)

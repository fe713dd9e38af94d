"""Letters and contracts."""

from renderers.content.documents.blocks import Sections, block, page_number, paragraphs
from renderers.content.documents.document_sampler import DocumentSampler


def draw_letter(sampler: DocumentSampler, num_chars: int) -> Sections:
    """Sender, recipient, date, subject, salutation, text, closing."""
    body = [block("sender", sampler.term(kind)) for kind in sampler.pick([("company", "place"), ("person", "place")])]
    body.append(block("date", sampler.date()))
    body += [
        block("recipient", sampler.term(kind))
        for kind in sampler.pick([("person",), ("company", "place"), ("person", "place")])
    ]
    if sampler.chance(0.6):
        body.append(block("subject", sampler.phrase("subjects")))
    body.append(block("salutation", sampler.phrase("salutations")))
    body += paragraphs(sampler.paragraphs(int(num_chars * 0.6)))
    body += [block("closing", sampler.phrase("closings")), block("closing", sampler.term("person"))]
    return (), tuple(body), ()


def draw_contract(sampler: DocumentSampler, num_chars: int) -> Sections:
    """Numbered clauses, each a heading and numbered terms."""
    body = [block("title", sampler.phrase("contracts"))]
    names = sampler.pick_some(sampler.phrases["clauses"], 16)
    texts = sampler.paragraphs(num_chars)
    number, index = 0, 0
    while index < len(texts):
        name = names[number % len(names)]
        number += 1
        mark = f"第{number}条" if sampler.language == "zh" else f"{number}."
        body.append(block("heading", f"{mark} {name}"))
        for at in range(1, sampler.number(1, 3) + 1):
            if index < len(texts):
                body.append(block("term", f"{number}.{at} {texts[index]}"))
                index += 1
    return (), tuple(body), (block("folio", page_number(sampler)),) if sampler.chance(0.6) else ()

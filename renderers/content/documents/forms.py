"""Forms that were filled in."""

from renderers.content.documents.blocks import Sections
from renderers.content.documents.document import Block
from renderers.content.documents.document_sampler import DocumentSampler


def draw_form(sampler: DocumentSampler, num_chars: int) -> Sections:
    """Labels and what was filled in behind them."""
    body = [Block("title", (sampler.phrase("form_titles"),))]
    for label in sampler.pick_some(sampler.phrases["form_labels"], sampler.number(5, 16)):
        kind = sampler.pick(["person", "place", "company", "date", "number", "word", "code"])
        body.append(Block("pair", (f"{label}{sampler.stop}", _entry(sampler, kind))))
    if sampler.chance(0.5):
        body += [
            Block("paragraph", (text,)) for text in sampler.paragraphs(160 if sampler.language == "en" else 60)[:1]
        ]
    return (), tuple(body), ()


def _entry(sampler: DocumentSampler, kind: str) -> str:
    """What is filled in: a name, a date, a number or a code."""
    if kind == "date":
        return sampler.date()
    if kind == "number":
        return str(sampler.number(100, 99_999_999))
    if kind == "code":
        return f"{sampler.pick('ABCDEFGHKLMNPRSTUVWXYZ')}{sampler.number(10, 99)}-{sampler.number(1000, 9999)}"
    return sampler.term(kind, 12.0)

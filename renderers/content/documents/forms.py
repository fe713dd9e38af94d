"""Forms that were filled in."""

from collections.abc import Callable
from decimal import Decimal

from renderers.content.documents.blocks import Sections
from renderers.content.documents.document import Block
from renderers.content.documents.document_sampler import DocumentSampler


def draw_form(sampler: DocumentSampler, num_chars: int) -> Sections:
    """Labels and what was filled in behind them."""
    body = [Block("title", (sampler.phrase("form_titles"),))]
    for labelled in sampler.pick_some(sampler.phrases["form_labels"], sampler.number(5, 16)):
        kind, label = labelled.split("=")
        body.append(Block("pair", (f"{label}{sampler.stop}", _entry(sampler, kind))))
    if sampler.chance(0.5):
        body += [
            Block("paragraph", (text,)) for text in sampler.paragraphs(160 if sampler.language == "en" else 60)[:1]
        ]
    return (), tuple(body), ()


def _entry(sampler: DocumentSampler, kind: str) -> str:
    """What is filled in: a name, a date, a number or a code."""
    entries: dict[str, Callable[[], str]] = {
        "date": sampler.date,
        "number": lambda: str(sampler.number(100_000, 99_999_999)),
        "code": lambda: (
            f"{sampler.pick('ABCDEFGHKLMNPRSTUVWXYZ')}{sampler.number(10, 99)}-{sampler.number(1000, 9999)}"
        ),
        "amount": lambda: sampler.region.money(
            Decimal(sampler.number(1000, 9_999_999)).scaleb(-2), sampler.region.currency
        ),
        "country": lambda: sampler.phrase("countries"),
        "sex": lambda: sampler.phrase("sexes"),
    }
    return entries.get(kind, lambda: sampler.fill(f"{{{kind}}}"))()

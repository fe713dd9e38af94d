"""Pieces without a page around them: a line, a paragraph, handwritten notes."""

from renderers.content.documents.blocks import Sections
from renderers.content.documents.document import Block
from renderers.content.documents.document_sampler import DocumentSampler


def draw_notes(sampler: DocumentSampler, num_chars: int) -> Sections:
    """Six to eight lines anywhere on a blank page. Source: GOT paper, section 3.3.2, handwriting."""
    body = []
    for _ in range(sampler.number(6, 8)):
        text = sampler.sentence(48 if sampler.language not in ("zh", "ja") else 18)
        above, before = 0.3 + 2.2 * float(sampler.rng.random()), 5.0 * float(sampler.rng.random())
        body.append(Block("plain", (text,), margin=f"{above:.2f}em 0 0 {before:.2f}em"))
    return (), tuple(body), ()


def draw_line(sampler: DocumentSampler, num_chars: int) -> Sections:
    """One line: a sentence or a few words."""
    return (
        (),
        (
            Block(
                "plain", (sampler.sentence(num_chars) if sampler.chance(0.5) else sampler.words(sampler.number(1, 9)),)
            ),
        ),
        (),
    )


def draw_paragraph(sampler: DocumentSampler, num_chars: int) -> Sections:
    """One paragraph."""
    return (), (Block("paragraph", (sampler.paragraphs(max(40, num_chars // 2))[0],)),), ()

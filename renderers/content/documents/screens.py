"""Screens of a telephone: settings and chats."""

from decimal import Decimal

from renderers.content.documents.blocks import Sections
from renderers.content.documents.document import Block
from renderers.content.documents.document_sampler import DocumentSampler


def draw_settings(sampler: DocumentSampler, num_chars: int) -> Sections:
    """A screen of settings and their values, under a status bar."""
    bar = Block("bar", (sampler.time(), sampler.region.percent(Decimal(sampler.number(5, 100)))))
    head = (bar,) if sampler.chance(0.7) else ()
    names = sampler.pick_some(sampler.phrases["settings"], sampler.number(6, 14))
    rows = [
        Block("setting", (name, sampler.phrase("setting_values")) if sampler.chance(0.6) else (name,))
        for name in names[1:]
    ]
    return head, (Block("title", (names[0],)), *rows), ()


def draw_chat(sampler: DocumentSampler, num_chars: int) -> Sections:
    """Messages of two people, with times between them."""
    head = (Block("bar", (sampler.term("person"), sampler.time())),)
    body: list[Block] = []
    total_chars = 0
    while total_chars < num_chars:
        if sampler.chance(0.2):
            body.append(Block("stamp", (sampler.time(),)))
        text = sampler.sentence(sampler.pick([24, 60, 140]) if sampler.language != "zh" else sampler.pick([12, 24, 50]))
        body.append(Block(sampler.pick(["bubble", "bubble own"]), (text,)))
        total_chars += len(text) + 30
    return head, tuple(body), ()

"""Screens of a telephone: settings and chats."""

from decimal import Decimal

from renderers.content.documents.blocks import Sections
from renderers.content.documents.document import Block
from renderers.content.documents.document_sampler import DocumentSampler


def draw_settings(sampler: DocumentSampler, num_chars: int) -> Sections:
    """A screen of settings and their values, under a status bar."""
    bar = Block("bar", (sampler.time(), sampler.region.percent(Decimal(sampler.number(5, 100)))))
    head = (bar,) if sampler.chance(0.7) else ()
    chosen = [setting.split("=") for setting in sampler.pick_some(sampler.phrases["settings"], sampler.number(6, 14))]
    rows = [
        Block(
            "setting",
            (name, sampler.fill(sampler.pick(values.split("|")))) if values and sampler.chance(0.7) else (name,),
        )
        for name, values in chosen[1:]
    ]
    return head, (Block("title", (chosen[0][0],)), *rows), ()


def draw_chat(sampler: DocumentSampler, num_chars: int) -> Sections:
    """Messages of two people, with times between them."""
    times = sampler.times(90)
    stamps = [sampler.time()]
    body: list[Block] = []
    total_chars = 0
    while total_chars < num_chars:
        if sampler.chance(0.2) and (stamp := next(times, "")):
            stamps.append(stamp)
            body.append(Block("stamp", (stamp,)))
        text = sampler.sentence(sampler.pick([24, 60, 140]) if sampler.language != "zh" else sampler.pick([12, 24, 50]))
        body.append(Block(sampler.pick(["bubble", "bubble own"]), (text,)))
        total_chars += len(text) + 30
    # The clock of the telephone is not behind the last message.
    return (Block("bar", (sampler.term("person"), stamps[-1])),), tuple(body), ()

"""Newspapers, lists, posters."""

from renderers.content.documents.blocks import Sections, block, heading_chars, paragraphs
from renderers.content.documents.document import Block
from renderers.content.documents.document_sampler import DocumentSampler
from renderers.content.documents.numbers import write_issue


def draw_newspaper(sampler: DocumentSampler, num_chars: int) -> Sections:
    """A name, a day, and articles in columns."""
    head = [block("masthead", sampler.term("title", 14.0) if sampler.chance(0.5) else sampler.heading(20))]
    if sampler.chance(0.8):
        line = [
            sampler.date(),
            write_issue(sampler.region, sampler.language, sampler.number(100, 29999)),
        ]
        head.append(block("running", *line))
    body: list[Block] = []
    total_chars = 0
    while total_chars < num_chars:
        texts = sampler.paragraphs(sampler.number(num_chars // 5, num_chars // 2))
        body.append(block("headline", sampler.heading(int(1.5 * heading_chars(sampler)))))
        if sampler.chance(0.4):
            body.append(block("byline", sampler.term("person")))
        body += paragraphs(texts)
        total_chars += sum(map(len, texts)) + 40
    return tuple(head), tuple(body), ()


def draw_list(sampler: DocumentSampler, num_chars: int) -> Sections:
    """Points, numbered or not, some within others."""
    lists = sampler.phrases.get("list_titles")
    body = [
        block(
            "title", sampler.pick(lists) if lists and sampler.chance(0.6) else sampler.heading(heading_chars(sampler))
        )
    ]
    style = sampler.pick(["1.", "1)", "(1)", "a)", "•", "–", "▪"])
    style = style if sampler.fits(style) else "1."
    total_chars, number = 0, 0
    while total_chars < num_chars and number < 26:
        text = sampler.sentence(180 if sampler.language not in ("zh", "ja") else 60)
        number += 1
        mark = style.replace("1", str(number)).replace("a", chr(96 + number))
        body.append(block("item", mark, text, inline=True))
        total_chars += len(text)
        if sampler.chance(0.15):
            deep = sampler.sentence(90 if sampler.language not in ("zh", "ja") else 40)
            body.append(block("item deep", "–" if sampler.fits("–") else "-", deep, inline=True))
            total_chars += len(deep)
    return (), tuple(body), ()


def draw_poster(sampler: DocumentSampler, num_chars: int) -> Sections:
    """Few words, large."""
    short = heading_chars(sampler) // 2 + 6
    body = [block("title", sampler.heading(short))]
    body += [block("center", sampler.sentence(2 * short)) for _ in range(sampler.number(1, 3))]
    if sampler.chance(0.6):
        body.append(block("center", sampler.date()))
    if sampler.chance(0.5):
        body.append(block("center", sampler.term("place")))
    return (), tuple(body), ()

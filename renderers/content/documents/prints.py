"""Printed matter: books, essays, newspapers, letters, contracts, poems, dictionaries, contents, lists, posters."""

from collections.abc import Sequence

from renderers.content.documents.document import Block
from renderers.content.documents.text_sampler import TextSampler

Parts = tuple[tuple[Block, ...], tuple[Block, ...], tuple[Block, ...]]
"""Head, body, foot."""


def _block(role: str, *cells: str, inline: bool = False) -> Block:
    return Block(role, cells, inline)


def _paragraphs(texts: Sequence[str]) -> list[Block]:
    return [_block("paragraph", text) for text in texts]


def _heading_chars(sampler: TextSampler) -> int:
    return 14 if sampler.language in ("zh", "ja") else 44


def _folio(sampler: TextSampler) -> str:
    number = str(sampler.number(1, 640))
    folio = sampler.pick([number, number, number, f"– {number} –", f"- {number} -"])
    return folio if sampler.fits(folio) else number


def draw_book(sampler: TextSampler, num_chars: int) -> Parts:
    """A page of a book: running head, text, sometimes the start of a chapter, page number."""
    folio, running = _folio(sampler), sampler.heading(_heading_chars(sampler))
    how = sampler.rng.random()
    head: list[Block] = []
    foot: list[Block] = []
    if how < 0.45:
        head.append(_block("running", *sampler.pick([(running, folio), (folio, running)])))
    elif how < 0.85:
        foot.append(_block("folio", folio))
        if how < 0.6:
            head.append(_block("running", running))
    body: list[Block] = []
    if sampler.chance(0.25):
        if "chapters" in sampler.phrases and sampler.chance(0.7):
            body.append(_block("subtitle", sampler.phrase("chapters")))
        body.append(_block("title", sampler.heading(_heading_chars(sampler))))
    body += _paragraphs(sampler.paragraphs(num_chars))
    return tuple(head), tuple(body), tuple(foot)


def draw_essay(sampler: TextSampler, num_chars: int) -> Parts:
    """A titled text in sections."""
    body = [_block("title", sampler.heading(2 * _heading_chars(sampler)))]
    if sampler.chance(0.6):
        body.append(_block("author", sampler.term("person")))
    texts = sampler.paragraphs(num_chars)
    numbered = sampler.chance(0.4)
    sections = 0
    for place, text in enumerate(texts):
        if place and sampler.chance(0.3):
            sections += 1
            name = sampler.heading(_heading_chars(sampler))
            body.append(_block("heading", f"{sections} {name}" if numbered else name))
        body.append(_block("paragraph", text))
    foot = (_block("folio", _folio(sampler)),) if sampler.chance(0.5) else ()
    return (), tuple(body), foot


def draw_newspaper(sampler: TextSampler, num_chars: int) -> Parts:
    """A name, a day, and articles in columns."""
    head = [_block("masthead", sampler.term("title", 14.0) if sampler.chance(0.5) else sampler.heading(20))]
    if sampler.chance(0.8):
        line = [
            sampler.date(),
            f"No. {sampler.number(100, 29999)}" if sampler.language != "zh" else f"第{sampler.number(100, 29999)}期",
        ]
        head.append(_block("running", *line))
    body: list[Block] = []
    said = 0
    while said < num_chars:
        wanted = sampler.number(num_chars // 5, num_chars // 2)
        texts = sampler.paragraphs(wanted)
        body.append(_block("headline", sampler.heading(int(1.5 * _heading_chars(sampler)))))
        if sampler.chance(0.4):
            body.append(_block("byline", sampler.term("person")))
        body += _paragraphs(texts)
        said += sum(map(len, texts)) + 40
    return tuple(head), tuple(body), ()


def draw_letter(sampler: TextSampler, num_chars: int) -> Parts:
    """Sender, recipient, date, subject, salutation, text, closing."""
    body = [_block("sender", sampler.term(kind)) for kind in sampler.pick([("company", "place"), ("person", "place")])]
    body.append(_block("date", sampler.date()))
    body += [
        _block("recipient", sampler.term(kind))
        for kind in sampler.pick([("person",), ("company", "place"), ("person", "place")])
    ]
    if sampler.chance(0.6):
        body.append(_block("subject", sampler.phrase("subjects")))
    body.append(_block("salutation", sampler.phrase("salutations")))
    body += _paragraphs(sampler.paragraphs(int(num_chars * 0.6)))
    body += [_block("closing", sampler.phrase("closings")), _block("closing", sampler.term("person"))]
    return (), tuple(body), ()


def draw_contract(sampler: TextSampler, num_chars: int) -> Parts:
    """Numbered clauses."""
    body = [_block("title", sampler.phrase("contracts"))]
    names = sampler.pick_some(sampler.phrases["clauses"], 16)
    texts = sampler.paragraphs(num_chars)
    number, place = 0, 0
    while place < len(texts):
        name = names[number % len(names)]
        number += 1
        mark = f"第{number}条" if sampler.language == "zh" else f"{number}."
        body.append(_block("heading", f"{mark} {name}"))
        for at in range(1, sampler.number(1, 3) + 1):
            if place < len(texts):
                body.append(_block("term", f"{number}.{at} {texts[place]}"))
                place += 1
    return (), tuple(body), (_block("folio", _folio(sampler)),) if sampler.chance(0.6) else ()


def draw_poem(sampler: TextSampler, num_chars: int) -> Parts:
    """Short lines in stanzas."""
    body = [_block("title", sampler.heading(_heading_chars(sampler) // 2 + 6))]
    if sampler.chance(0.7):
        body.append(_block("author", sampler.term("person")))
    wide = 10 if sampler.language == "zh" else 42
    for _ in range(max(1, min(6, num_chars // (5 * wide)))):
        lines = sampler.stanza(wide)
        body += [_block("verse", line) for line in lines[:-1]] + [_block("verse last", line) for line in lines[-1:]]
    return (), tuple(body), ()


def draw_dictionary(sampler: TextSampler, num_chars: int) -> Parts:
    """Entries: a word and what it means, in the order of the alphabet."""
    entries = []
    said = 0
    while said < num_chars:
        text = sampler.sentence(160 if sampler.language != "zh" else 60)
        entries.append((sampler.words(1, marks=False), text))
        said += len(text) + 12
    entries.sort(key=lambda entry: entry[0].casefold())
    head = (_block("running", entries[0][0], entries[-1][0]),) if sampler.chance(0.6) else ()
    return head, tuple(_block("entry", *entry, inline=True) for entry in entries), ()


def draw_contents(sampler: TextSampler, num_chars: int) -> Parts:
    """Names of chapters and their pages."""
    body = [_block("title", sampler.phrase("contents_titles"))]
    page, chapter = sampler.number(1, 9), 0
    for _ in range(sampler.number(6, 22)):
        deep = chapter > 0 and sampler.chance(0.5)
        chapter += not deep
        name = sampler.heading(_heading_chars(sampler))
        if not deep and sampler.chance(0.5):
            name = f"{chapter} {name}"
        body.append(_block("leader deep" if deep else "leader", name, str(page)))
        page += sampler.number(1, 24)
    return (), tuple(body), ()


def draw_list(sampler: TextSampler, num_chars: int) -> Parts:
    """Points, numbered or not, some within others."""
    lists = sampler.phrases.get("list_titles")
    body = [
        _block(
            "title", sampler.pick(lists) if lists and sampler.chance(0.6) else sampler.heading(_heading_chars(sampler))
        )
    ]
    style = sampler.pick(["1.", "1)", "(1)", "a)", "•", "–", "▪"])
    style = style if sampler.fits(style) else "1."
    said, number = 0, 0
    while said < num_chars and number < 26:
        text = sampler.sentence(180 if sampler.language not in ("zh", "ja") else 60)
        number += 1
        mark = style.replace("1", str(number)).replace("a", chr(96 + number))
        body.append(_block("item", mark, text, inline=True))
        said += len(text)
        if sampler.chance(0.15):
            deep = sampler.sentence(90 if sampler.language not in ("zh", "ja") else 40)
            body.append(_block("item deep", "–" if sampler.fits("–") else "-", deep, inline=True))
            said += len(deep)
    return (), tuple(body), ()


def draw_poster(sampler: TextSampler, num_chars: int) -> Parts:
    """Few words, large."""
    short = _heading_chars(sampler) // 2 + 6
    body = [_block("title", sampler.heading(short))]
    body += [_block("center", sampler.sentence(2 * short)) for _ in range(sampler.number(1, 3))]
    if sampler.chance(0.6):
        body.append(_block("center", sampler.date()))
    if sampler.chance(0.5):
        body.append(_block("center", sampler.term("place")))
    return (), tuple(body), ()

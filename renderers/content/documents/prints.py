"""Printed matter: books, essays, newspapers, letters, contracts, poems, dictionaries, contents, lists, posters."""

from collections.abc import Sequence

from renderers.content.documents.document import Block
from renderers.content.documents.voice import Voice

Parts = tuple[tuple[Block, ...], tuple[Block, ...], tuple[Block, ...]]
"""Head, body, foot."""


def _block(role: str, *cells: str, inline: bool = False) -> Block:
    return Block(role, cells, inline)


def _paragraphs(texts: Sequence[str]) -> list[Block]:
    return [_block("paragraph", text) for text in texts]


def _heading_chars(voice: Voice) -> int:
    return 14 if voice.language in ("zh", "ja") else 44


def _folio(voice: Voice) -> str:
    number = str(voice.number(1, 640))
    folio = voice.pick([number, number, number, f"– {number} –", f"- {number} -"])
    return folio if voice.fits(folio) else number


def draw_book(voice: Voice, num_chars: int) -> Parts:
    """A page of a book: running head, text, sometimes the start of a chapter, page number."""
    folio, running = _folio(voice), voice.heading(_heading_chars(voice))
    how = voice.rng.random()
    head: list[Block] = []
    foot: list[Block] = []
    if how < 0.45:
        head.append(_block("running", *voice.pick([(running, folio), (folio, running)])))
    elif how < 0.85:
        foot.append(_block("folio", folio))
        if how < 0.6:
            head.append(_block("running", running))
    body: list[Block] = []
    if voice.chance(0.25):
        if "chapters" in voice.phrases and voice.chance(0.7):
            body.append(_block("subtitle", voice.phrase("chapters")))
        body.append(_block("title", voice.heading(_heading_chars(voice))))
    body += _paragraphs(voice.paragraphs(num_chars))
    return tuple(head), tuple(body), tuple(foot)


def draw_essay(voice: Voice, num_chars: int) -> Parts:
    """A titled text in sections."""
    body = [_block("title", voice.heading(2 * _heading_chars(voice)))]
    if voice.chance(0.6):
        body.append(_block("author", voice.term("person")))
    texts = voice.paragraphs(num_chars)
    numbered = voice.chance(0.4)
    sections = 0
    for place, text in enumerate(texts):
        if place and voice.chance(0.3):
            sections += 1
            name = voice.heading(_heading_chars(voice))
            body.append(_block("heading", f"{sections} {name}" if numbered else name))
        body.append(_block("paragraph", text))
    foot = (_block("folio", _folio(voice)),) if voice.chance(0.5) else ()
    return (), tuple(body), foot


def draw_newspaper(voice: Voice, num_chars: int) -> Parts:
    """A name, a day, and articles in columns."""
    head = [_block("masthead", voice.term("title", 14.0) if voice.chance(0.5) else voice.heading(20))]
    if voice.chance(0.8):
        line = [
            voice.date(),
            f"No. {voice.number(100, 29999)}" if voice.language != "zh" else f"第{voice.number(100, 29999)}期",
        ]
        head.append(_block("running", *line))
    body: list[Block] = []
    said = 0
    while said < num_chars:
        wanted = voice.number(num_chars // 5, num_chars // 2)
        texts = voice.paragraphs(wanted)
        body.append(_block("headline", voice.heading(int(1.5 * _heading_chars(voice)))))
        if voice.chance(0.4):
            body.append(_block("byline", voice.term("person")))
        body += _paragraphs(texts)
        said += sum(map(len, texts)) + 40
    return tuple(head), tuple(body), ()


def draw_letter(voice: Voice, num_chars: int) -> Parts:
    """Sender, recipient, date, subject, salutation, text, closing."""
    body = [_block("sender", voice.term(kind)) for kind in voice.pick([("company", "place"), ("person", "place")])]
    body.append(_block("date", voice.date()))
    body += [
        _block("recipient", voice.term(kind))
        for kind in voice.pick([("person",), ("company", "place"), ("person", "place")])
    ]
    if voice.chance(0.6):
        body.append(_block("subject", voice.phrase("subjects")))
    body.append(_block("salutation", voice.phrase("salutations")))
    body += _paragraphs(voice.paragraphs(int(num_chars * 0.6)))
    body += [_block("closing", voice.phrase("closings")), _block("closing", voice.term("person"))]
    return (), tuple(body), ()


def draw_contract(voice: Voice, num_chars: int) -> Parts:
    """Numbered clauses."""
    body = [_block("title", voice.phrase("contracts"))]
    names = voice.pick_some(voice.phrases["clauses"], 16)
    texts = voice.paragraphs(num_chars)
    number, place = 0, 0
    while place < len(texts):
        name = names[number % len(names)]
        number += 1
        mark = f"第{number}条" if voice.language == "zh" else f"{number}."
        body.append(_block("heading", f"{mark} {name}"))
        for at in range(1, voice.number(1, 3) + 1):
            if place < len(texts):
                body.append(_block("term", f"{number}.{at} {texts[place]}"))
                place += 1
    return (), tuple(body), (_block("folio", _folio(voice)),) if voice.chance(0.6) else ()


def draw_poem(voice: Voice, num_chars: int) -> Parts:
    """Short lines in stanzas."""
    body = [_block("title", voice.heading(_heading_chars(voice) // 2 + 6))]
    if voice.chance(0.7):
        body.append(_block("author", voice.term("person")))
    wide = 10 if voice.language == "zh" else 42
    for _ in range(max(1, min(6, num_chars // (5 * wide)))):
        lines = voice.stanza(wide)
        body += [_block("verse", line) for line in lines[:-1]] + [_block("verse last", line) for line in lines[-1:]]
    return (), tuple(body), ()


def draw_dictionary(voice: Voice, num_chars: int) -> Parts:
    """Entries: a word and what it means, in the order of the alphabet."""
    entries = []
    said = 0
    while said < num_chars:
        text = voice.sentence(160 if voice.language != "zh" else 60)
        entries.append((voice.words(1, marks=False), text))
        said += len(text) + 12
    entries.sort(key=lambda entry: entry[0].casefold())
    head = (_block("running", entries[0][0], entries[-1][0]),) if voice.chance(0.6) else ()
    return head, tuple(_block("entry", *entry, inline=True) for entry in entries), ()


def draw_contents(voice: Voice, num_chars: int) -> Parts:
    """Names of chapters and their pages."""
    body = [_block("title", voice.phrase("contents_titles"))]
    page, chapter = voice.number(1, 9), 0
    for _ in range(voice.number(6, 22)):
        deep = chapter > 0 and voice.chance(0.5)
        chapter += not deep
        name = voice.heading(_heading_chars(voice))
        if not deep and voice.chance(0.5):
            name = f"{chapter} {name}"
        body.append(_block("leader deep" if deep else "leader", name, str(page)))
        page += voice.number(1, 24)
    return (), tuple(body), ()


def draw_list(voice: Voice, num_chars: int) -> Parts:
    """Points, numbered or not, some within others."""
    lists = voice.phrases.get("list_titles")
    body = [_block("title", voice.pick(lists) if lists and voice.chance(0.6) else voice.heading(_heading_chars(voice)))]
    style = voice.pick(["1.", "1)", "(1)", "a)", "•", "–", "▪"])
    style = style if voice.fits(style) else "1."
    said, number = 0, 0
    while said < num_chars and number < 26:
        text = voice.sentence(180 if voice.language not in ("zh", "ja") else 60)
        number += 1
        mark = style.replace("1", str(number)).replace("a", chr(96 + number))
        body.append(_block("item", mark, text, inline=True))
        said += len(text)
        if voice.chance(0.15):
            deep = voice.sentence(90 if voice.language not in ("zh", "ja") else 40)
            body.append(_block("item deep", "–" if voice.fits("–") else "-", deep, inline=True))
            said += len(deep)
    return (), tuple(body), ()


def draw_poster(voice: Voice, num_chars: int) -> Parts:
    """Few words, large."""
    short = _heading_chars(voice) // 2 + 6
    body = [_block("title", voice.heading(short))]
    body += [_block("center", voice.sentence(2 * short)) for _ in range(voice.number(1, 3))]
    if voice.chance(0.6):
        body.append(_block("center", voice.date()))
    if voice.chance(0.5):
        body.append(_block("center", voice.term("place")))
    return (), tuple(body), ()

"""Pages of books: running text, essays, poems, dictionaries, tables of contents."""

from renderers.content.documents.blocks import Sections, block, heading_chars, page_number, paragraphs
from renderers.content.documents.document import Block
from renderers.content.documents.document_sampler import DocumentSampler


def draw_book(sampler: DocumentSampler, num_chars: int) -> Sections:
    """A page of a book: running head, text, sometimes the start of a chapter, page number."""
    folio, running = page_number(sampler), sampler.heading(heading_chars(sampler))
    how = sampler.rng.random()
    head: list[Block] = []
    foot: list[Block] = []
    if how < 0.45:
        head.append(block("running", *sampler.pick([(running, folio), (folio, running)])))
    elif how < 0.85:
        foot.append(block("folio", folio))
        if how < 0.6:
            head.append(block("running", running))
    body: list[Block] = []
    if sampler.chance(0.25):
        if "chapters" in sampler.phrases and sampler.chance(0.7):
            body.append(block("subtitle", sampler.phrase("chapters")))
        body.append(block("title", sampler.heading(heading_chars(sampler))))
    body += paragraphs(sampler.paragraphs(num_chars))
    return tuple(head), tuple(body), tuple(foot)


def draw_essay(sampler: DocumentSampler, num_chars: int) -> Sections:
    """A titled text in sections."""
    body = [block("title", sampler.heading(2 * heading_chars(sampler)))]
    if sampler.chance(0.6):
        body.append(block("author", sampler.term("person")))
    texts = sampler.paragraphs(num_chars)
    numbered = sampler.chance(0.4)
    sections = 0
    for index, text in enumerate(texts):
        if index and sampler.chance(0.3):
            sections += 1
            name = sampler.heading(heading_chars(sampler))
            body.append(block("heading", f"{sections} {name}" if numbered else name))
        body.append(block("paragraph", text))
    foot = (block("folio", page_number(sampler)),) if sampler.chance(0.5) else ()
    return (), tuple(body), foot


def draw_poem(sampler: DocumentSampler, num_chars: int) -> Sections:
    """Title, author, and short lines in stanzas."""
    body = [block("title", sampler.heading(heading_chars(sampler) // 2 + 6))]
    if sampler.chance(0.7):
        body.append(block("author", sampler.term("person")))
    wide = 10 if sampler.language == "zh" else 42
    for _ in range(max(1, min(6, num_chars // (5 * wide)))):
        lines = sampler.stanza(wide)
        body += [block("verse", line) for line in lines[:-1]] + [block("verse last", line) for line in lines[-1:]]
    return (), tuple(body), ()


def draw_dictionary(sampler: DocumentSampler, num_chars: int) -> Sections:
    """Entries: a word and what it means, in the order of the alphabet."""
    entries = []
    total_chars = 0
    while total_chars < num_chars:
        text = sampler.sentence(160 if sampler.language != "zh" else 60)
        entries.append((sampler.words(1, marks=False), text))
        total_chars += len(text) + 12
    entries.sort(key=lambda entry: entry[0].casefold())
    head = (block("running", entries[0][0], entries[-1][0]),) if sampler.chance(0.6) else ()
    return head, tuple(block("entry", *entry, inline=True) for entry in entries), ()


def draw_contents(sampler: DocumentSampler, num_chars: int) -> Sections:
    """Names of chapters and their pages."""
    body = [block("title", sampler.phrase("contents_titles"))]
    page, chapter = sampler.number(1, 9), 0
    for _ in range(sampler.number(6, 22)):
        deep = chapter > 0 and sampler.chance(0.5)
        chapter += not deep
        name = sampler.heading(heading_chars(sampler))
        if not deep and sampler.chance(0.5):
            name = f"{chapter} {name}"
        body.append(block("leader deep" if deep else "leader", name, str(page)))
        page += sampler.number(1, 24)
    return (), tuple(body), ()

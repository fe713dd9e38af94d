"""Slips and screens: receipts, forms, settings, chats; and pieces: lines, paragraphs, pages of handwritten lines."""

from collections.abc import Iterator

from renderers.content.documents.document import Block
from renderers.content.documents.prints import Parts
from renderers.content.documents.text_sampler import TextSampler

_NOTE_CENTS = 500
"""The smallest note that one pays with."""


def draw_receipt(sampler: TextSampler, num_chars: int) -> Parts:
    """What was bought, what it cost."""
    body = [Block("title", (sampler.term("company", 12.0),)), Block("center", (sampler.term("place", 12.0),))]
    body += [Block("center", (sampler.phrase("receipt_heads"),)), Block("row", (sampler.date(), sampler.time()))]
    currency = sampler.pick(["", "", "$", "€", "£"] if sampler.language == "en" else ["", "", "¥", "￥"])
    currency = currency if sampler.fits(currency) else ""
    items = sampler.pick_some(sampler.phrases["receipt_items"], sampler.number(3, 16))
    cents, counted = 0, sampler.chance(0.5)
    for place, item in enumerate(items):
        count, price = sampler.pick([1, 1, 1, 2, 3]), 50 + int(4000 * float(sampler.rng.random()) ** 2)
        cents += count * price
        cells = (
            (item, f"{count} x {_money(price)}", _money(count * price))
            if counted
            else (item, _money(count * price, currency))
        )
        body.append(Block("row ruled" if place == 0 else "row", cells))
    body += [
        Block("row ruled strong" if is_total else "row", (name, _money(value, currency)))
        for name, value, is_total in _sums(sampler, cents)
    ]
    body += [
        Block("center", (sampler.fill(end),))
        for end in sampler.pick_some(sampler.phrases["receipt_ends"], sampler.number(0, 2))
    ]
    return (), tuple(body), ()


def _sums(sampler: TextSampler, cents: int) -> Iterator[tuple[str, int, bool]]:
    """Names and cents of what stands below the items, and which is the total: they add up."""
    if sampler.chance(0.5):
        yield sampler.phrase("receipt_subtotals"), cents, False
        owed = cents
        if sampler.chance(0.65):
            rate = sampler.number(5, 20)
            extra = cents * rate // 100
            owed += extra
            yield sampler.pick(sampler.phrases["receipt_extras"]).replace("{rate}", str(rate)), extra, False
        if sampler.chance(0.35):
            discount = cents * sampler.number(2, 30) // 100
            owed -= discount
            yield sampler.phrase("receipt_discounts"), -discount, False
        cents = owed
    yield sampler.phrase("receipt_totals"), cents, True
    if sampler.chance(0.35):
        paid = -(-cents // _NOTE_CENTS) * _NOTE_CENTS
        yield sampler.phrase("receipt_cash"), paid, False
        yield sampler.phrase("receipt_changes"), paid - cents, False
    elif sampler.chance(0.4):
        yield sampler.phrase("receipt_cards"), cents, False


def _money(cents: int, currency: str = "") -> str:
    return f"{'-' if cents < 0 else ''}{currency}{abs(cents) / 100:,.2f}"


def draw_form(sampler: TextSampler, num_chars: int) -> Parts:
    """Labels and what was filled in."""
    body = [Block("title", (sampler.phrase("form_titles"),))]
    for label in sampler.pick_some(sampler.phrases["form_labels"], sampler.number(5, 16)):
        kind = sampler.pick(["person", "place", "company", "date", "number", "word", "code"])
        body.append(Block("pair", (f"{label}{sampler.stop}", _entry(sampler, kind))))
    if sampler.chance(0.5):
        body += [
            Block("paragraph", (text,)) for text in sampler.paragraphs(160 if sampler.language == "en" else 60)[:1]
        ]
    return (), tuple(body), ()


def _entry(sampler: TextSampler, kind: str) -> str:
    if kind == "date":
        return sampler.date()
    if kind == "number":
        return str(sampler.number(100, 99_999_999))
    if kind == "code":
        return f"{sampler.pick('ABCDEFGHKLMNPRSTUVWXYZ')}{sampler.number(10, 99)}-{sampler.number(1000, 9999)}"
    return sampler.term(kind, 12.0)


def draw_settings(sampler: TextSampler, num_chars: int) -> Parts:
    """A screen of names and states."""
    head = (Block("bar", (sampler.time(), f"{sampler.number(5, 100)}%")),) if sampler.chance(0.7) else ()
    names = sampler.pick_some(sampler.phrases["settings"], sampler.number(6, 14))
    rows = [
        Block("setting", (name, sampler.phrase("setting_values")) if sampler.chance(0.6) else (name,))
        for name in names[1:]
    ]
    return head, (Block("title", (names[0],)), *rows), ()


def draw_chat(sampler: TextSampler, num_chars: int) -> Parts:
    """Messages of two, with times between."""
    head = (Block("bar", (sampler.term("person"), sampler.time())),)
    body: list[Block] = []
    said = 0
    while said < num_chars:
        if sampler.chance(0.2):
            body.append(Block("stamp", (sampler.time(),)))
        text = sampler.sentence(sampler.pick([24, 60, 140]) if sampler.language != "zh" else sampler.pick([12, 24, 50]))
        body.append(Block(sampler.pick(["bubble", "bubble own"]), (text,)))
        said += len(text) + 30
    return head, tuple(body), ()


def draw_notes(sampler: TextSampler, num_chars: int) -> Parts:
    """Six to eight lines anywhere on a blank page. Source: GOT paper, section 3.3.2, handwriting."""
    body = []
    for _ in range(sampler.number(6, 8)):
        text = sampler.sentence(48 if sampler.language not in ("zh", "ja") else 18)
        above, before = 0.3 + 2.2 * float(sampler.rng.random()), 5.0 * float(sampler.rng.random())
        body.append(Block("plain", (text,), margin=f"{above:.2f}em 0 0 {before:.2f}em"))
    return (), tuple(body), ()


def draw_line(sampler: TextSampler, num_chars: int) -> Parts:
    """One line, tightly cut."""
    return (
        (),
        (
            Block(
                "plain", (sampler.sentence(num_chars) if sampler.chance(0.5) else sampler.words(sampler.number(1, 9)),)
            ),
        ),
        (),
    )


def draw_paragraph(sampler: TextSampler, num_chars: int) -> Parts:
    """One paragraph, tightly cut."""
    return (), (Block("paragraph", (sampler.paragraphs(max(40, num_chars // 2))[0],)),), ()

"""Slips and screens: receipts, forms, settings, chats; and pieces: lines, paragraphs, pages of handwritten lines."""

from collections.abc import Iterator

from renderers.content.documents.document import Block
from renderers.content.documents.prints import Parts
from renderers.content.documents.voice import Voice

_NOTE_CENTS = 500
"""The smallest note that one pays with."""


def draw_receipt(voice: Voice, num_chars: int) -> Parts:
    """What was bought, what it cost."""
    body = [Block("title", (voice.term("company", 12.0),)), Block("center", (voice.term("place", 12.0),))]
    body += [Block("center", (voice.phrase("receipt_heads"),)), Block("row", (voice.date(), voice.time()))]
    currency = voice.pick(["", "", "$", "€", "£"] if voice.language == "en" else ["", "", "¥", "￥"])
    currency = currency if voice.fits(currency) else ""
    items = voice.pick_some(voice.phrases["receipt_items"], voice.number(3, 16))
    cents, counted = 0, voice.chance(0.5)
    for place, item in enumerate(items):
        count, price = voice.pick([1, 1, 1, 2, 3]), 50 + int(4000 * float(voice.rng.random()) ** 2)
        cents += count * price
        cells = (
            (item, f"{count} x {_money(price)}", _money(count * price))
            if counted
            else (item, _money(count * price, currency))
        )
        body.append(Block("row ruled" if place == 0 else "row", cells))
    body += [
        Block("row ruled strong" if is_total else "row", (name, _money(value, currency)))
        for name, value, is_total in _sums(voice, cents)
    ]
    body += [
        Block("center", (voice.fill(end),))
        for end in voice.pick_some(voice.phrases["receipt_ends"], voice.number(0, 2))
    ]
    return (), tuple(body), ()


def _sums(voice: Voice, cents: int) -> Iterator[tuple[str, int, bool]]:
    """Names and cents of what stands below the items, and which is the total: they add up."""
    if voice.chance(0.5):
        yield voice.phrase("receipt_subtotals"), cents, False
        owed = cents
        if voice.chance(0.65):
            rate = voice.number(5, 20)
            extra = cents * rate // 100
            owed += extra
            yield voice.pick(voice.phrases["receipt_extras"]).replace("{rate}", str(rate)), extra, False
        if voice.chance(0.35):
            discount = cents * voice.number(2, 30) // 100
            owed -= discount
            yield voice.phrase("receipt_discounts"), -discount, False
        cents = owed
    yield voice.phrase("receipt_totals"), cents, True
    if voice.chance(0.35):
        paid = -(-cents // _NOTE_CENTS) * _NOTE_CENTS
        yield voice.phrase("receipt_cash"), paid, False
        yield voice.phrase("receipt_changes"), paid - cents, False
    elif voice.chance(0.4):
        yield voice.phrase("receipt_cards"), cents, False


def _money(cents: int, currency: str = "") -> str:
    return f"{'-' if cents < 0 else ''}{currency}{abs(cents) / 100:,.2f}"


def draw_form(voice: Voice, num_chars: int) -> Parts:
    """Labels and what was filled in."""
    body = [Block("title", (voice.phrase("form_titles"),))]
    for label in voice.pick_some(voice.phrases["form_labels"], voice.number(5, 16)):
        kind = voice.pick(["person", "place", "company", "date", "number", "word", "code"])
        body.append(Block("pair", (f"{label}{voice.stop}", _entry(voice, kind))))
    if voice.chance(0.5):
        body += [Block("paragraph", (text,)) for text in voice.paragraphs(160 if voice.language == "en" else 60)[:1]]
    return (), tuple(body), ()


def _entry(voice: Voice, kind: str) -> str:
    if kind == "date":
        return voice.date()
    if kind == "number":
        return str(voice.number(100, 99_999_999))
    if kind == "code":
        return f"{voice.pick('ABCDEFGHKLMNPRSTUVWXYZ')}{voice.number(10, 99)}-{voice.number(1000, 9999)}"
    return voice.term(kind, 12.0)


def draw_settings(voice: Voice, num_chars: int) -> Parts:
    """A screen of names and states."""
    head = (Block("bar", (voice.time(), f"{voice.number(5, 100)}%")),) if voice.chance(0.7) else ()
    names = voice.pick_some(voice.phrases["settings"], voice.number(6, 14))
    rows = [
        Block("setting", (name, voice.phrase("setting_values")) if voice.chance(0.6) else (name,)) for name in names[1:]
    ]
    return head, (Block("title", (names[0],)), *rows), ()


def draw_chat(voice: Voice, num_chars: int) -> Parts:
    """Messages of two, with times between."""
    head = (Block("bar", (voice.term("person"), voice.time())),)
    body: list[Block] = []
    said = 0
    while said < num_chars:
        if voice.chance(0.2):
            body.append(Block("stamp", (voice.time(),)))
        text = voice.sentence(voice.pick([24, 60, 140]) if voice.language != "zh" else voice.pick([12, 24, 50]))
        body.append(Block(voice.pick(["bubble", "bubble own"]), (text,)))
        said += len(text) + 30
    return head, tuple(body), ()


def draw_notes(voice: Voice, num_chars: int) -> Parts:
    """Six to eight lines anywhere on a blank page. Source: GOT paper, section 3.3.2, handwriting."""
    body = []
    for _ in range(voice.number(6, 8)):
        text = voice.sentence(48 if voice.language not in ("zh", "ja") else 18)
        above, before = 0.3 + 2.2 * float(voice.rng.random()), 5.0 * float(voice.rng.random())
        body.append(Block("plain", (text,), margin=f"{above:.2f}em 0 0 {before:.2f}em"))
    return (), tuple(body), ()


def draw_line(voice: Voice, num_chars: int) -> Parts:
    """One line, tightly cut."""
    return (
        (),
        (Block("plain", (voice.sentence(num_chars) if voice.chance(0.5) else voice.words(voice.number(1, 9)),)),),
        (),
    )


def draw_paragraph(voice: Voice, num_chars: int) -> Parts:
    """One paragraph, tightly cut."""
    return (), (Block("paragraph", (voice.paragraphs(max(40, num_chars // 2))[0],)),), ()

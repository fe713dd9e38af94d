"""Receipts of shops; their sums add up."""

from collections.abc import Iterator
from decimal import Decimal

from renderers.content.documents.blocks import Sections
from renderers.content.documents.document import Block
from renderers.content.documents.document_sampler import DocumentSampler

_NOTE_CENTS = 500
"""The smallest bank note that one pays with, in cents."""
_MIN_YEAR = 2014
"""Since when one pays with all that is paid with here."""


def draw_receipt(sampler: DocumentSampler, num_chars: int) -> Sections:
    """A shop, the items bought with their prices, and sums that add up."""
    body = [Block("title", (sampler.term("company", 12.0),)), Block("center", (sampler.term("place", 12.0),))]
    body += [
        Block("center", (sampler.phrase("receipt_heads"),)),
        Block("row", (sampler.date(_MIN_YEAR), sampler.time())),
    ]
    region = sampler.region
    currency = (
        region.currency if sampler.chance(0.6) and sampler.fits(region.money(Decimal(0), region.currency)) else ""
    )

    def write(cents: int, currency: str = "") -> str:
        amount = Decimal(cents).scaleb(-2)
        return region.money(amount, currency) if currency else region.number(amount)

    items = sampler.pick_some(sampler.phrases["receipt_items"], sampler.number(3, 16))
    cents, counted = 0, sampler.chance(0.5)
    for index, item in enumerate(items):
        count, price = sampler.pick([1, 1, 1, 2, 3]), 50 + int(4000 * float(sampler.rng.random()) ** 2)
        cents += count * price
        cells = (
            (item, f"{count} x {write(price)}", write(count * price))
            if counted
            else (item, write(count * price, currency))
        )
        body.append(Block("row ruled" if index == 0 else "row", cells))
    body += [
        Block("row ruled strong" if is_total else "row", (name, write(value, currency)))
        for name, value, is_total in _sums(sampler, cents)
    ]
    body += [
        Block("center", (sampler.fill(end),))
        for end in sampler.pick_some(sampler.phrases["receipt_ends"], sampler.number(0, 2))
    ]
    return (), tuple(body), ()


def _sums(sampler: DocumentSampler, cents: int) -> Iterator[tuple[str, int, bool]]:
    """The rows below the items: name, cents, and whether it is the total; they add up."""
    if sampler.chance(0.5):
        yield sampler.phrase("receipt_subtotals"), cents, False
        total = cents
        if sampler.chance(0.65):
            rate = sampler.number(5, 20)
            extra = (cents * rate + 50) // 100
            total += extra
            yield sampler.pick(sampler.phrases["receipt_extras"]).replace("{rate}", str(rate)), extra, False
        if sampler.chance(0.35):
            discount = cents * sampler.number(2, 30) // 100
            total -= discount
            yield sampler.phrase("receipt_discounts"), -discount, False
        cents = total
    yield sampler.phrase("receipt_totals"), cents, True
    if sampler.chance(0.35):
        paid = -(-cents // _NOTE_CENTS) * _NOTE_CENTS
        yield sampler.phrase("receipt_cash"), paid, False
        yield sampler.phrase("receipt_changes"), paid - cents, False
    elif sampler.chance(0.4):
        yield sampler.phrase("receipt_cards"), cents, False

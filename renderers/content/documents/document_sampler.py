"""The texts of one document: besides running text set phrases, and what the language writes in its own way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from renderers.content.documents.numbers import draw_date, draw_time
from renderers.content.documents.text_sampler import TextSampler
from renderers.content.locales import Region


@dataclass(frozen=True, slots=True)
class DocumentSampler(TextSampler):
    """Draws the texts of a document.

    Attributes:
        region: how it writes dates, times, numbers and money.
        phrases: lists of set phrases of the language; empty where it has none.
        stop: mark that ends the label of a form: ":" or "：".
    """

    region: Region
    phrases: Mapping[str, Sequence[str]]
    stop: str

    def phrase(self, kind: str) -> str:
        """A set phrase, its slots filled."""
        return self.fill(self.pick(self.phrases[kind]))

    def date(self) -> str:
        """A date of 1950 to 2026, written as the region writes one."""
        return self.first(lambda: draw_date(self.region, self.rng.random))

    def time(self) -> str:
        """A time of day, hours and minutes, written as the region writes one."""
        return self.first(lambda: draw_time(self.region, self.rng.random))

    def filler(self, slot: str) -> str:
        """What a slot is filled with: as of any page, or a date."""
        return self.date() if slot == "date" else TextSampler.filler(self, slot)

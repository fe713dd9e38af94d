"""The texts of one document: besides running text set phrases, and what the language writes in its own way."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from renderers.content.documents.numbers import MIN_YEAR, draw_date
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

    def date(self, min_year: int = MIN_YEAR) -> str:
        """A date from a year to 2026, written as the region writes one."""
        return self.first(lambda: draw_date(self.region, self.rng.random, min_year))

    def time(self) -> str:
        """A time of day, hours and minutes, written as the region writes one."""
        return next(self.times(0))

    def times(self, max_step: int) -> Iterator[str]:
        """Times of one day, the later ones last.

        Args:
            max_step: minutes between two of them, at most; they end at midnight.
        """
        minutes = self.number(0, 24 * 60 - 1)
        while minutes < 24 * 60:
            yield self.region.time(datetime.time(*divmod(minutes, 60)))
            minutes += self.number(1, max(1, max_step))

    def filler(self, slot: str) -> str:
        """What a slot is filled with: as of any page, or a date."""
        return self.date() if slot == "date" else TextSampler.filler(self, slot)

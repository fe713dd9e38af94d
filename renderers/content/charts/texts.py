"""The words of one chart: each is taken once, is drawn by the chart's fonts, and fits its index."""

import datetime
from collections.abc import Callable
from typing import Any, Literal, TypeAlias

import numpy as np

import templates
from renderers.content import fonts
from renderers.content.lexicon import Lexicon
from renderers.content.locales import month_names, weekday_names, write_date
from renderers.core.choice import pick, pick_int

Family: TypeAlias = Literal["ordered", "unordered", "dates", "stages"]
Fits: TypeAlias = Callable[[int], float]

_ENTITIES = ("entity", "place", "person", "company", "word")
_TRIES = 5


class ChartTexts:
    """Draws the texts of one chart: no two are the same, all are drawn by its fonts.

    Attributes:
        title_language, name_language: of headings, and of categories and series; they differ in a mixed chart.
    """

    def __init__(self, rng: np.random.Generator, lexicon: Lexicon, language: str, families: tuple[str, ...]) -> None:
        self._rng = rng
        self._lexicon = lexicon
        self._families = families
        self._taken: set[str] = set()
        self.title_language = self.name_language = language
        if language == "mul":
            self.title_language, self.name_language = pick(
                (("mul", "zh"), ("zh", "en"), ("en", "zh"), ("mul", "en"), ("zh", "mul"), ("en", "mul")), rng.random()
            )

    def width_em(self, text: str) -> float:
        """Advance width in the chart's fonts."""
        return fonts.width_em(self._families, text)

    def draw_heading(self, kind: str, max_em: float) -> str:
        """A title, source or axis title, or "" where none fits. It fits in bold too."""
        for attempt in range(_TRIES):
            text = self._lexicon.text(self._rng, kind, self.title_language, max_em * (1 - 0.12 * attempt))
            widest_em = max(self.width_em(text), fonts.width_em(self._families, text, bold=True))
            if widest_em <= max_em and self._take([text]):
                return text
        return ""

    def draw_categories(self, min_num: int, max_num: int, fits: Fits, family: Family) -> list[str]:
        """Names of one family along an axis, around a circle or down a table.

        Args:
            min_num: fewest names; only where not even numbers fit are there fewer.
            max_num: names wanted; fewer where the family has no more or where they are too wide.
            fits: the widest name in em that fits when there are so many.
            family: ordered: years, months, ages; unordered: things; dates: consecutive ones; stages: of a process.
        """
        for _ in range(_TRIES):
            names = self._fitting(self._family(family, min_num, max_num, fits), min_num, max_num, fits)
            if names and self._take(names):
                return names
        for first in (pick_int(1950, 2009, self._rng.random()), 1):
            numbers = [str(first + index) for index in range(max_num)]
            names = self._fitting(numbers, 1, max_num, fits)
            if names and self._take(names):
                return names
        return numbers[:1]

    def draw_series(self, num: int, total_em: float) -> list[str]:
        """Names for a legend whose widths, with 3 em for each key, sum to no more than `total_em`."""
        max_em = min(12.0, total_em / num - 3.0)
        for _ in range(_TRIES):
            names = self._series(num, max_em)
            names = [name for name in dict.fromkeys(names) if self.width_em(name) <= max_em][:num]
            if len(names) == num and self._take(names):
                return names
        names = [letter for letter in "ABCDEFGHIJKLMNOP" if letter not in self._taken][:num]
        self._taken.update(names)
        return names

    def _fitting(self, names: list[str], min_num: int, max_num: int, fits: Fits) -> list[str]:
        """As many of the names, from the first, as fit together; none where that is fewer than `min_num`."""
        widest = fits(min_num)
        names = [name for name in dict.fromkeys(names) if self.width_em(name) <= widest]
        widths = [self.width_em(name) for name in names]
        num = min(max_num, len(names))
        while num >= min_num and max(widths[:num]) > fits(num):
            num -= 1
        return names[:num] if num >= min_num else []

    def _take(self, texts: list[str]) -> bool:
        """Whether all texts are new, clean and drawable, in bold too; then they are taken."""
        if len(set(texts)) != len(texts) or not self._taken.isdisjoint(texts):
            return False
        for text in texts:
            if not text or text != text.strip() or not text.isprintable():
                return False
            if fonts.missing_glyph(self._families, text) or fonts.missing_glyph(self._families, text, bold=True):
                return False
        self._taken.update(texts)
        return True

    def _name_language(self) -> str:
        """The language of one family of names: one of both in a chart that has both."""
        return pick(("en", "zh"), self._rng.random()) if self.name_language == "mul" else self.name_language

    def _ordered(self, num: int) -> list[str]:
        language, rng = self._name_language(), self._rng
        menu = _menu(language)
        how = rng.random()
        if how < 0.25:
            return self._years(num)
        if how < 0.42 and num <= 12:
            months = month_names(language, "wide" if rng.random() < 0.4 else "abbreviated")
            first = pick_int(0, 11, rng.random()) if rng.random() < 0.5 else 0
            return [months[(first + index) % 12] for index in range(num)]
        if how < 0.67:
            return self._dates(num)
        if how < 0.76:
            return self._counted(num)
        weekdays = (weekday_names(language, width) for width in menu["weekdays"])
        names = pick((*weekdays, *menu["ordered"]), rng.random())
        first = pick_int(0, max(0, len(names) - num), rng.random())
        return list(names[first : first + num])

    def _years(self, num: int) -> list[str]:
        rng = self._rng
        step = pick((1, 1, 1, 1, 1, 2, 5, 10), rng.random())
        last = 2026 - pick_int(0, 29, rng.random())
        years = [last - step * (num - 1 - index) for index in range(num)]
        form = pick(self._forms("years" if step == 1 else "decades" if step == 10 else "year_steps"), rng.random())
        return [form.format(year, (year + 1) % 100, year % 100, year // 10 * 10) for year in years]

    def _counted(self, num: int) -> list[str]:
        """Hours of a day, or things with running numbers."""
        rng = self._rng
        if rng.random() < 0.3:
            step = pick((1, 1, 2, 3), rng.random())
            first = pick_int(0, 23, rng.random())
            form = pick(self._forms("hours"), rng.random())
            return [form.format((first + step * index) % 24) for index in range(num)]
        step = pick((1, 1, 1, 1, 5, 10), rng.random())
        first = step if rng.random() < 0.7 else step * pick_int(0, 19, rng.random())
        form = pick(self._forms("counters"), rng.random())
        return [form.format(first + step * index) for index in range(num)]

    def _dates(self, num: int) -> list[str]:
        """Consecutive quarters, months, weeks or days."""
        rng = self._rng
        how = rng.random()
        year = pick_int(2000, 2026, rng.random())
        if how < 0.2:
            form = pick(self._forms("quarters"), rng.random())
            first = pick_int(0, 3, rng.random())
            quarters = [(year + (first + index) // 4, (first + index) % 4 + 1) for index in range(num)]
            return [form.format(year, quarter, year % 100) for year, quarter in quarters]
        if how < 0.45:
            language = self._name_language()
            pattern = pick(_menu(language)["forms"]["months_of_years"], rng.random())
            first = pick_int(0, 11, rng.random())
            months = [datetime.date(year + (first + index) // 12, (first + index) % 12 + 1, 1) for index in range(num)]
            return [write_date(month, pattern, language) for month in months]
        language = self._name_language()
        pattern = pick(_menu(language)["forms"]["days"], rng.random())
        days = pick((1, 1, 1, 1, 2, 7, 7, 10), rng.random())
        start = datetime.date(year, 1, 1) + datetime.timedelta(pick_int(0, 364, rng.random()))
        return [write_date(start + datetime.timedelta(days * index), pattern, language) for index in range(num)]

    def _forms(self, kind: str) -> list[str]:
        return _menu(self._name_language())["forms"][kind]  # type: ignore[no-any-return]

    def _family(self, family: Family, min_num: int, max_num: int, fits: Fits) -> list[str]:
        rng = self._rng
        if family == "ordered":
            return self._ordered(max_num)
        if family == "dates":
            return self._dates(max_num)
        if family == "stages" and rng.random() < 0.7:
            return list(pick(_menu(self._name_language())["stages"], rng.random()))
        if rng.random() < 0.4:
            names = pick(_menu(self._name_language())["topics"], rng.random())
            return [names[index] for index in rng.permutation(len(names))[:max_num]]
        kind = pick(_ENTITIES, rng.random())
        max_em = fits(pick_int(min_num, max_num, rng.random()))
        return [self._lexicon.text(rng, kind, self.name_language, max_em) for _ in range(max_num + 2)]

    def _series(self, num: int, max_em: float) -> list[str]:
        rng = self._rng
        how = rng.random()
        if how < 0.45:
            names = pick(_menu(self._name_language())["series"], rng.random())
            if len(names) >= num:
                return list(names[:num])
        if how < 0.65:
            names = pick(_menu(self._name_language())["topics"], rng.random())
            return [names[index] for index in rng.permutation(len(names))[:num]]
        if how < 0.75:
            last = 2026 - pick_int(0, 19, rng.random())
            return [str(year) for year in range(last - num + 1, last + 1)]
        kind = pick(_ENTITIES, rng.random())
        return [self._lexicon.text(rng, kind, self.name_language, max_em) for _ in range(num + 2)]


def _menu(language: str) -> dict[str, Any]:
    return templates.menu("charts", "categories.toml")[language]  # type: ignore[no-any-return]

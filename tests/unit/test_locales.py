"""Dates, times, numbers, units and money are written as each language writes them."""

import datetime
from collections.abc import Iterable
from decimal import Decimal

import numpy as np
import pytest
import regex

import templates
from renderers.content.documents.numbers import draw_date, draw_figures, draw_region, write_issue
from renderers.content.locales import Region, month_names, numberings, weekday_names, write_date
from renderers.core.corpora import Corpora
from renderers.core.rng import rng_at
from renderers.html_documents import HtmlDocuments
from renderers.html_lines import HtmlLines
from renderers.labels.text import canonical_chars, check

LANGUAGES = tuple(templates.menu("documents", "languages.toml"))
REGIONS = sorted({name for names in templates.menu("documents", "locales.toml")["regions"].values() for name in names})
DAY = datetime.date(2020, 2, 1)


@pytest.mark.parametrize(
    ("name", "pattern", "right"),
    [
        ("en_US", "long", "February 1, 2020"),
        ("en_GB", "long", "1 February 2020"),
        ("en_US", "short", "2/1/20"),
        ("zh_Hans_CN", "long", "2020年2月1日"),
        ("ja_JP", "long", "2020年2月1日"),
        ("ko_KR", "long", "2020년 2월 1일"),
        ("de_DE", "long", "1. Februar 2020"),
        ("de_AT", "long", "1. Februar 2020"),
        ("fr_FR", "long", "1 février 2020"),
        ("fr_FR", "full", "samedi 1 février 2020"),
        ("es_ES", "long", "1 de febrero de 2020"),
        ("ru_RU", "long", "1 февраля 2020 г."),
        ("el_GR", "long", "1 Φεβρουαρίου 2020"),
        ("vi_VN", "long", "1 tháng 2, 2020"),
        ("ar_EG", "long", "١ فبراير ٢٠٢٠"),
        ("ar_MA", "long", "1 فبراير 2020"),
        ("he_IL", "long", "1 בפברואר 2020"),
        ("hi_IN", "long", "1 फ़रवरी 2020"),
        ("th_TH", "medium", "1 ก.พ. 2020"),
        ("de_DE", "yyyy-MM-dd", "2020-02-01"),
    ],
)
def test_a_date_is_written_as_the_region_writes_it(name: str, pattern: str, right: str) -> None:
    assert Region(name, numberings(name)[0]).date(DAY, pattern) == canonical_chars(right)


@pytest.mark.parametrize(
    ("name", "number", "percent", "money"),
    [
        ("en_US", "1,234,567.50", "12.5%", "$1,234.50"),
        ("en_IN", "12,34,567.50", "12.5%", "₹1,234.50"),
        ("hi_IN", "12,34,567.50", "12.5%", "₹1,234.50"),
        ("de_DE", "1.234.567,50", "12,5 %", "1.234,50 €"),
        ("fr_FR", "1 234 567,50", "12,5 %", "1 234,50 €"),
        ("ru_RU", "1 234 567,50", "12,5 %", "1 234,50 ₽"),
        ("vi_VN", "1.234.567,50", "12,5%", "1.234 ₫"),
        ("ko_KR", "1,234,567.50", "12.5%", "₩1,234"),
        ("ar_EG", "١٬٢٣٤٬٥٦٧٫٥٠", "١٢٫٥%", "١٬٢٣٤٫٥٠ ج.م."),
        ("he_IL", "1,234,567.50", "12.5%", "1,234.50 ₪"),
        ("th_TH", "1,234,567.50", "12.5%", "฿1,234.50"),
    ],
)
def test_numbers_and_money_are_written_as_the_region_writes_them(
    name: str, number: str, percent: str, money: str
) -> None:
    region = Region(name, numberings(name)[0])
    assert region.number(Decimal("1234567.50")) == number
    assert region.money(Decimal("1234.50"), region.currency) == money
    assert region.percent(Decimal("12.5")) == percent


@pytest.mark.parametrize(
    ("name", "unit", "length", "right"),
    [
        ("en_GB", "length-kilometer", "long", "3.5 kilometres"),
        ("fr_FR", "length-kilometer", "long", "3,5 kilomètres"),
        ("fr_FR", "digital-gigabyte", "short", "3,5 Go"),
        ("ru_RU", "mass-kilogram", "short", "3,5 кг"),
        ("zh_Hans_CN", "length-kilometer", "long", "3.5公里"),
        ("he_IL", "length-kilometer", "long", "3.5 קילומטרים"),
    ],
)
def test_units_are_named_in_the_language(name: str, unit: str, length: str, right: str) -> None:
    region = Region(name, numberings(name)[0])
    assert region.quantity(Decimal("3.5"), unit, length) == right  # type: ignore[arg-type]


def test_a_number_keeps_its_decimals() -> None:
    region = Region("en_US", "latn")
    for text in ("0", "7", "7.0", "0.125", "1000", "1234.5600", "999999.9"):
        assert region.number(Decimal(text)).replace(",", "") == text
        assert region.percent(Decimal(text)).replace(",", "") == f"{text}%"


def test_names_of_months_and_days() -> None:
    assert month_names("en", "wide")[::11] == ("January", "December")
    assert month_names("zh", "abbreviated")[::11] == ("1月", "12月")
    assert weekday_names("en", "abbreviated") == ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    assert write_date(DAY, "MMM-yy", "en") == "Feb-20"
    assert write_date(DAY, "QQQ y", "en") == "Q1 2020"
    assert write_date(DAY, "y年M月", "zh") == "2020年2月"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_regions_and_texts_are_canonical(language: str) -> None:
    random = np.random.default_rng(7).random
    for _ in range(300):
        region = draw_region(language, random)
        assert region.name.startswith(language)
        text = draw_figures(region, random)
        assert text
        assert text == canonical_chars(text).strip()
        assert check(text) is None, text
    assert any(map(str.isdigit, write_issue(draw_region(language, random), language, 123)))


@pytest.mark.parametrize("name", REGIONS)
def test_months_are_named_in_the_language(name: str) -> None:
    # What was wrong: one way of writing a date in twelve of the languages.
    region = Region(name, numberings(name)[0])
    texts = {region.date(datetime.date(2020, month, 1), "long") for month in range(1, 13)}
    assert len(texts) == 12
    assert all(regex.search(r"\p{L}", text) for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_slices_and_posters_have_dates_of_their_language(language: str) -> None:
    def words(texts: Iterable[str]) -> set[str]:
        """Texts without their digits, of those that have words."""
        return {regex.sub(r"\p{N}+", "#", text) for text in texts if regex.search(r"\p{L}", text)}

    random = np.random.default_rng(12).random
    dates = words(draw_date(draw_region(language, random), random) for _ in range(3000))
    lines = HtmlLines(kinds={"number": 1.0}, languages={language: 1.0})
    nothing = Corpora(lines.corpora(), "train")
    assert len(dates & words(lines.draw(rng_at(4, "dates", index), nothing).text for index in range(400))) > 2
    documents = HtmlDocuments(kinds={"poster": 1.0}, languages={language: 1.0})
    corpora = Corpora(documents.corpora(), "train")
    posters = (documents.draw(rng_at(4, "dates", index), corpora).document for index in range(60))
    assert len(dates & words(cell for poster in posters for block in poster.body for cell in block.cells)) > 2

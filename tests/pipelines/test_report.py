"""The page of `glyphmill report` in a real Chromium with the network refused."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pipelines.report_charts import ASTRAL
from tests.pipelines.report_page import Visit, card_of, hover_box


def test_every_row_has_its_picture_and_target(page: Page) -> None:
    expect(page.locator(".card")).to_have_count(24)
    expect(page.locator("#status")).to_have_text("24 pictures")
    for number in range(24):
        page.locator(f"#row-{number}").scroll_into_view_if_needed()
        expect(page.locator(f"#row-{number} footer")).to_have_count(1)
    sizes = page.evaluate(
        "Promise.all([...document.images].map(async image => { await image.decode();"
        " return [image.naturalWidth, image.naturalHeight, image.width > 0] }))"
    )
    rows = page.evaluate("data.rows.map(row => [row.width, row.height, true])")
    assert sorted(sizes) == sorted(rows)


def test_pictures_out_of_sight_are_not_decoded(page: Page) -> None:
    assert 0 < page.locator(".card img").count() < 24


def test_boxes_lie_on_the_ink(page: Page) -> None:
    card = card_of(page, 3)
    image, overlay = card.locator("img").bounding_box(), card.locator(".overlay").bounding_box()
    assert overlay == pytest.approx(image)
    row = page.evaluate("data.rows.find(row => row.index === 3)")
    scale = min(image["width"] / row["width"], image["height"] / row["height"])
    left = image["x"] + (image["width"] - scale * row["width"]) / 2
    top = image["y"] + (image["height"] - scale * row["height"]) / 2
    for at, region in enumerate(row["regions"]):
        x0, y0, x1, y1 = region["box"]
        drawn = card.locator(f'.box[data-own="{at}"]').bounding_box()
        wanted = {
            "x": left + x0 * scale,
            "y": top + y0 * scale,
            "width": (x1 - x0) * scale,
            "height": (y1 - y0) * scale,
        }
        assert drawn == pytest.approx(wanted, abs=1.5)


@pytest.mark.parametrize("view", ["JSON", "Raw"])
def test_hovering_a_box_lights_its_text(page: Page, view: str) -> None:
    card = card_of(page, 3)
    card.get_by_role("button", name=view, exact=True).click()
    for at, region in enumerate(page.evaluate("data.rows.find(row => row.index === 3).regions")):
        hover_box(page, card, at)
        expect(card.locator(".seg.lit")).to_have_text([region["text"]])
        expect(card.locator(".box.lit")).to_have_attribute("data-own", str(at))
        expect(card.locator(".readout")).to_contain_text(region["text"])
    page.mouse.move(0, 0)
    expect(card.locator(".lit")).to_have_count(0)


@pytest.mark.parametrize("view", ["JSON", "Raw"])
def test_hovering_text_lights_its_box(page: Page, view: str) -> None:
    card = card_of(page, 3)
    card.get_by_role("button", name=view, exact=True).click()
    for at in range(len(page.evaluate("data.rows.find(row => row.index === 3).regions"))):
        card.locator(f'.seg[data-own="{at}"]').hover()
        expect(card.locator(".box.lit")).to_have_attribute("data-own", str(at))


def test_a_click_pins_and_escape_lets_go(page: Page) -> None:
    card = card_of(page, 3)
    card.locator('.seg[data-own="0"]').click()
    page.mouse.move(0, 0)
    expect(card.locator(".box.lit")).to_have_attribute("data-own", "0")
    page.keyboard.press("Escape")
    expect(card.locator(".lit")).to_have_count(0)


def test_keyboard_alone_walks_pictures_and_boxes(page: Page) -> None:
    page.keyboard.press("ArrowRight")
    expect(page.locator("#row-0")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#row-1")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#row-1 .box.lit")).to_have_attribute("data-own", "1")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#row-1 .box.lit")).to_have_attribute("data-own", "0")
    page.keyboard.press("Enter")
    expect(page.locator("#row-1")).to_have_class("card pinned lighting wide")
    page.keyboard.press("Escape")
    expect(page.locator("#row-1")).to_have_class("card")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#row-0")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()


def test_boxes_are_switched_on_and_off(page: Page) -> None:
    box = card_of(page, 3).locator(".box").first
    assert box.evaluate("box => getComputedStyle(box).stroke") == "none"
    page.keyboard.press("b")
    assert box.evaluate("box => getComputedStyle(box).stroke").startswith("rgb")
    expect(page.locator("#boxes")).to_have_attribute("aria-pressed", "true")
    page.locator("#boxes").click()
    assert box.evaluate("box => getComputedStyle(box).stroke") == "none"


def test_text_of_a_folded_object_lights_its_fold(page: Page) -> None:
    card = card_of(page, 3)
    fold = card.locator(".tree details details > summary")
    fold.click(position={"x": 3, "y": 5})
    hover_box(page, card, 1)
    expect(fold).to_have_class("line lit")


@pytest.mark.parametrize(
    ("field", "name", "test"),
    [
        ("part", "pyecharts_charts", "row => row.id.includes('/pyecharts_charts/')"),
        ("kind", "pie", "row => row.kind === 'pie'"),
        ("language", "zh", "row => row.language === 'zh'"),
        ("split", "validation", "row => row.id.includes('/validation/')"),
    ],
)
def test_a_category_filters(page: Page, field: str, name: str, test: str) -> None:
    bar = page.locator(f"#filter-{field}").get_by_role("button", name=name)
    bar.click()
    expect(bar).to_have_attribute("aria-pressed", "true")
    wanted = page.evaluate(f"data.rows.filter({test}).length")
    assert 0 < wanted < 24
    expect(page.locator(".card:visible")).to_have_count(wanted)
    assert page.evaluate(f"shownCards().every(card => ({test})(card.row))")
    page.locator("#chips button").click()
    expect(page.locator(".card:visible")).to_have_count(24)


def test_filters_meet_and_histograms_follow(page: Page) -> None:
    page.locator("#filter-kind").get_by_role("button", name="pie").click()
    page.locator("#filter-kind").get_by_role("button", name="bar").click()
    page.locator("#filter-language").get_by_role("button", name="zh").click()
    wanted = page.evaluate("data.rows.filter(row => row.kind !== 'line' && row.language === 'zh').length")
    expect(page.locator(".card:visible")).to_have_count(wanted)
    expect(page.locator("#measured")).to_contain_text(f"{wanted} of 24 rows")
    kinds = page.locator("#filter-kind .num")
    assert sum(int(text) for text in kinds.all_inner_texts()) == page.evaluate(
        "data.rows.filter(row => row.language === 'zh').length"
    )


def test_a_bar_of_a_histogram_filters(page: Page) -> None:
    page.locator(
        "#histogram-smallest_glyph_px button[title^='10 to 10.5:'], #histogram-smallest_glyph_px button[title^='10:']"
    ).click()
    wanted = page.evaluate("data.rows.filter(row => row.difficulty.smallest_glyph_px === 10).length")
    assert wanted > 0
    expect(page.locator(".card:visible")).to_have_count(wanted)


def test_bars_of_a_histogram_hold_all_rows(page: Page) -> None:
    for panel in page.locator(".panel[id^=histogram]").all():
        titles = [bar.get_attribute("title") for bar in panel.locator("button").all()]
        assert sum(int(title.rsplit(":", 1)[1].split()[0]) for title in titles if title) == 24


def test_search_finds_text_in_targets(page: Page) -> None:
    page.locator("#search").fill("harvest 2001")
    wanted = page.evaluate("data.rows.filter(row => row.markup.includes('Harvest 2001')).length")
    expect(page.locator(".card:visible")).to_have_count(wanted)
    page.locator("#search").fill("no such text")
    expect(page.locator("#empty")).to_be_visible()
    page.locator("#clear").click()
    expect(page.locator(".card:visible")).to_have_count(24)


def test_order_is_of_the_rows_shown(page: Page) -> None:
    page.locator("#order").select_option("lowest contrast")
    contrasts = page.evaluate("shownCards().map(card => card.row.difficulty.contrast)")
    assert contrasts == sorted(contrasts)


def test_hostile_texts_are_only_text(page: Page) -> None:
    card = card_of(page, 0)
    expect(card.locator('.seg[data-own="0"]')).to_contain_text("</script><script>window.owned=1</script>")
    card.get_by_role("button", name="Raw", exact=True).click()
    expect(card.locator(".raw")).to_contain_text("onerror=")
    card.get_by_role("button", name="HTML", exact=True).click()
    expect(card.locator(".html td").first).to_contain_text("R&D safe cell")
    assert (
        card.locator(".html").evaluate("node => [...node.querySelectorAll('*')].flatMap(n => [...n.attributes]).length")
        == 0
    )
    assert card.locator(".html img, .html script").count() == 0
    page.locator("#tab-rejects").click()
    expect(page.locator(".reject .detail").filter(has_text="<img src=")).to_be_visible()
    assert page.evaluate("window.owned") is None


def test_only_our_own_script_may_run(browser: Browser, report: Path, tmp_path: Path) -> None:
    forged = tmp_path / "forged.html"
    forged.write_text(report.read_text().replace("</body>", "<script>window.owned=1</script></body>"))
    visit = Visit(browser, forged)
    assert visit.page.evaluate("window.owned") is None
    assert any("Content Security Policy" in complaint for complaint in visit.complaints)
    visit.context.close()


def test_spans_count_characters_as_the_browser_does(page: Page) -> None:
    card = card_of(page, 2)
    hover_box(page, card, 1)
    expect(card.locator(".seg.lit")).to_have_text(["42"])
    hover_box(page, card, 0)
    expect(card.locator(".seg.lit")).to_have_text([ASTRAL])


def test_alternates_and_spec_are_views(page: Page) -> None:
    card = card_of(page, 3)
    card.get_by_role("button", name="HTML", exact=True).click()
    expect(card.locator(".html caption")).to_contain_text("2003")
    assert card.locator(".html td").count() == 10
    card.get_by_role("button", name="Spec", exact=True).click()
    expect(card.locator(".tree")).to_contain_text('"dpi": 100')


def test_rejects_are_grouped_by_reason(page: Page) -> None:
    page.locator("#tab-rejects").click()
    expect(page.locator("#gallery")).to_be_hidden()
    expect(page.locator(".reason h2")).to_have_text(["text overlap", "glyph missing"])
    expect(page.locator(".reason summary .num")).to_have_text(["2", "1"])
    expect(page.locator(".reject .detail").first).to_have_text("'North' and 'East' overlap by 4.2 px")
    expect(page.locator(".reject img")).to_have_count(2)
    assert page.locator(".reject img").first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    expect(page.locator(".reject").last).to_contain_text("no picture was drawn")


def test_provenance_says_how_to_draw_a_row_again(page: Page, visit: Visit, small: Path) -> None:
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card = card_of(page, 4)
    card.locator(".origin summary").click()
    expect(card.locator(".origin")).to_contain_text("seed 7 · index 4 · attempt 1")
    card.get_by_role("button", name="Copy the command").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"glyphmill show '{small}' charts/matplotlib_charts/train/000000004"
    page.locator("#tab-provenance").click()
    expect(page.locator("#versions")).to_contain_text("matplotlib")
    expect(page.locator("#provenance")).to_contain_text("cd" * 32)


def test_the_head_says_what_the_manifest_says(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("charts")
    figures = page.locator(".figures")
    for text in ("24", "11.1 %", "3 of 27 draws", "9.6/s"):
        expect(figures).to_contain_text(text)


def test_dark_where_the_system_is(browser: Browser, report: Path) -> None:
    shades = {}
    for scheme in ("light", "dark"):
        visit = Visit(browser, report, color_scheme=scheme)
        shades[scheme] = visit.page.evaluate(
            "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
        )
        visit.context.close()
    assert min(shades["light"]) > 200
    assert max(shades["dark"]) < 60


@pytest.mark.parametrize("width", [380, 700, 1100, 3840])
def test_no_width_scrolls_sideways(browser: Browser, report: Path, width: int) -> None:
    visit = Visit(browser, report, viewport={"width": width, "height": 900})
    for tab in ("gallery", "rejects", "provenance"):
        visit.page.locator(f"#tab-{tab}").click()
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    assert visit.complaints == []
    visit.context.close()


def test_narrow_cards_stack_picture_and_target(browser: Browser, report: Path) -> None:
    visit = Visit(browser, report, viewport={"width": 380, "height": 900})
    card = card_of(visit.page, 3)
    picture, target = card.locator("figure").bounding_box(), card.locator(".target").bounding_box()
    assert target["y"] >= picture["y"] + picture["height"] - 1
    visit.context.close()

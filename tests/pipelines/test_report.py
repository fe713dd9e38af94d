"""`glyphmill report` on a small data set of real charts, opened in a real Chromium with the network refused."""

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pipelines.report import write_report
from renderers.core.errors import ConfigError, ShardCorrupt
from renderers.core.sample import REJECT_SCHEMA, SCHEMA, row_id
from renderers.labels import charts

FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run"
)
HOSTILE = '</script><script>window.owned=1</script><img src="http://example.invalid/x.png" onerror="window.owned=2">'
UNCLOSED = '</textarea "><img src=x a" onerror=x()>'
ASTRAL = "𝒜 😀 利润"
"""Characters beyond the 16 bit plane: JavaScript counts each of them as two."""

COLORS = ("#2f6db5", "#d9822b", "#3f8f5b", "#a3467f")
WORDS = {
    "en": (("North", "South", "East", "West", "Centre"), "Harvest"),
    "zh": (("一月", "二月", "三月", "四月", "五月"), "销售报告"),
}


def draw_chart(kind: str, language: str, index: int, title: str = "") -> dict[str, Any]:
    """A chart with its target and the boxes of its texts and marks."""
    rng = np.random.default_rng(index)
    names, word = WORDS[language]
    title = title or f"{word} {2000 + index}"
    amounts = rng.integers(10, 99, len(names))
    figure = Figure(figsize=(rng.integers(5, 8), 4), dpi=100, facecolor=("white", "#f4f1ea", "#eef3f8")[index % 3])
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    heading = axes.set_title(title)
    target = {"title": title, "source": "None", "x_title": "None", "y_title": "None"}
    target["values"] = {name: str(amount) for name, amount in zip(names, amounts, strict=True)}
    text, spans = charts.write(target)
    found: list[tuple[Any, str, str, tuple[str, ...]]] = [(heading, title, "title", ("title",))]
    if kind == "pie":
        wedges, labels = axes.pie(amounts, labels=list(names), colors=COLORS)
        marks, ticks = list(wedges), list(labels)
    else:
        marks = list(axes.bar(names, amounts, color=COLORS[index % 4], width=0.35 + 0.1 * (index % 5)))
        ticks = axes.get_xticklabels()
        if kind == "line":
            marks = []
            axes.clear()
            axes.plot(names, amounts, marker="o", color=COLORS[index % 4])
            found[0] = (axes.set_title(title), title, "title", ("title",))
            ticks = axes.get_xticklabels()
    for name, amount, tick in zip(names, amounts, ticks, strict=True):
        found.append((tick, name, "category", ("values", name, "")))
        if marks:
            mark = marks[names.index(name)]
            found.append((mark, str(amount), "slice" if kind == "pie" else "bar", ("values", name)))
    canvas.draw()
    height = canvas.get_width_height()[1]
    regions = []
    for order, (artist, said, role, path) in enumerate(found):
        box = artist.get_window_extent(canvas.get_renderer())
        edges = [box.x0, height - box.y1, box.x1, height - box.y0]
        regions.append({"box": edges, "text": said, "kind": role, "span": spans[path], "order": order})
    stream = io.BytesIO()
    canvas.print_png(stream)
    width = canvas.get_width_height()[0]
    html = charts.to_html(target)
    return {
        "png": stream.getvalue(), "markup": text, "html": html, "regions": regions, "width": width, "height": height,
        "spec": json.dumps({"chart": {"kind": kind, "title": title}, "style": {"dpi": 100}}, ensure_ascii=False),
    }  # fmt: skip


def make_row(part: str, split: str, index: int, chart: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "id": row_id("charts", part, split, index), "image": {"bytes": chart["png"], "path": f"{index}.png"},
        "markup": chart["markup"], "format": "chart-json", "alternates": json.dumps({"html": chart["html"]}),
        "task": "format", "prompt": "OCR with format: ", "language": language, "regions": chart["regions"],
        "width": chart["width"], "height": chart["height"],
        "difficulty": {
            "tokens": len(chart["markup"]) // 3, "depth": 2, "smallest_glyph_px": 9.0 + index % 7,
            "contrast": 4.5 + index % 11, "degradation": 0.0,
        },
        "spec": chart["spec"], "seed": 7, "index": index, "attempt": int(index % 5 == 4), "recipe_digest": "ab" * 32,
        "renderer_version": "1+0123456789ab",
    }  # fmt: skip


def make_reject(part: str, index: int, reason: str, detail: str, png: bytes | None) -> dict[str, Any]:
    return {
        "id": row_id("charts", part, "train", index), "reason": reason, "detail": detail,
        "image": {"bytes": png, "path": f"{index}.png"} if png else None,
        "spec": json.dumps({"chart": {"kind": "pie"}}), "part": part, "split": "train", "index": index, "attempt": 0,
    }  # fmt: skip


def build_dataset(root: Path, num: int) -> Path:
    """`num` charts in two parts and three splits; the first two rows of the first part are the nasty ones."""
    matplotlib.rcParams["font.family"] = ["DejaVu Sans", "Noto Sans CJK SC", "Noto Sans CJK JP"]
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for index in range(num):
        part = ("matplotlib_charts", "pyecharts_charts")[index % 2]
        split = {10: "validation", 11: "test"}.get(index % 12, "train")
        language = ("en", "zh")[index // 2 % 2]
        chart = draw_chart(("bar", "line", "pie")[index % 3], language, index)
        if index == 0:
            chart |= hostile_target(HOSTILE) | {
                "html": f"<table><tr><td onclick='x()'>{HOSTILE}{UNCLOSED}R&amp;D safe cell</td></tr></table>"
            }
        if index == 2:
            chart |= hostile_target(ASTRAL)
        rows.setdefault((part, split), []).append(make_row(part, split, index, chart, language))
    files = []
    for (part, split), mine in rows.items():
        file = root / "data" / part / f"{split}-00000-of-00001.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(mine, schema=SCHEMA), file, row_group_size=5)
        files.append({"path": str(file.relative_to(root)), "part": part, "split": split, "rows": len(mine)})
    picture = draw_chart("pie", "en", 99)["png"]
    rejects = [
        make_reject("pyecharts_charts", 3, "text_overlap", "'North' and 'East' overlap by 4.2 px", picture),
        make_reject("pyecharts_charts", 5, "text_overlap", "'Harvest' lies on '42'", picture),
        make_reject("pyecharts_charts", 9, "glyph_missing", f"no glyph for {HOSTILE}", None),
    ]
    file = root / "rejected" / "pyecharts_charts" / "train-000000000-000001000.parquet"
    file.parent.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rejects, schema=REJECT_SCHEMA), file)
    manifest = {
        "recipe": "charts", "recipe_digest": "ab" * 32, "content_sha256": "cd" * 32, "asked": num, "requested": num + 3,
        "kept": num, "rejected": {"text_overlap": 2, "glyph_missing": 1}, "failed": 0, "files": files,
        "versions": {"matplotlib": "3.11.0", "python": "3.11.2"}, "fonts": {"DejaVuSans.ttf": "ef" * 32},
        "part_stats": {
            part: {
                "rows": num // 2, "requested": num // 2, "rejected": {"text_overlap": 2}, "failed": 0, "seconds": 1.25,
                "num_bytes": 9_000 * num, "peak_rss_bytes": 300_000_000,
            }
            for part in {key[0] for key in rows}
        },
        "seconds": 2.5, "seed": 7, "parts": [{"name": part, "renderer": part} for part in {key[0] for key in rows}],
    }  # fmt: skip
    (root / "manifest.json").write_text(json.dumps(manifest))
    return root


def hostile_target(title: str) -> dict[str, Any]:
    """A target with this title, and two regions at known places: the title, and one bar after it."""
    text, spans = charts.write(
        {"title": title, "source": "None", "x_title": "None", "y_title": "None", "values": {"North": "42"}}
    )
    regions = [
        {"box": [50.0, 5.0, 300.0, 30.0], "text": title, "kind": "title", "span": spans["title",], "order": 0},
        {"box": [60.0, 60.0, 90.0, 200.0], "text": "42", "kind": "bar", "span": spans["values", "North"], "order": 1},
    ]
    return {"markup": text, "regions": regions}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_dataset(tmp_path_factory.mktemp("charts set"), 24)


@pytest.fixture(scope="module")
def report(dataset: Path) -> Path:
    return write_report(dataset)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=FLAGS.split())
        yield chromium
        chromium.close()


class Visit:
    """A page, what it asked of the network, and what it complained of."""

    def __init__(self, browser: Browser, report: Path, **options: Any) -> None:
        self.context = browser.new_context(offline=True, **({"viewport": {"width": 1440, "height": 900}} | options))
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(report.as_uri())


@pytest.fixture
def visit(browser: Browser, report: Path) -> Iterator[Visit]:
    visit = Visit(browser, report)
    yield visit
    visit.context.close()
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith("data:")] == [report.as_uri()]


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit.page


def card_of(page: Page, index: int) -> Any:
    """The card of a row, scrolled to and built."""
    number = page.evaluate("index => data.rows.findIndex(row => row.index === index)", index)
    card = page.locator(f"#row-{number}")
    card.scroll_into_view_if_needed()
    expect(card.locator("footer")).to_have_count(1)
    return card


def hover_box(page: Page, card: Any, at: int) -> None:
    """Moves the mouse to the middle of the box of a region."""
    box = card.locator(f'.box[data-own="{at}"]').bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


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
    card.get_by_role("button", name="HTML table", exact=True).click()
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
    card.get_by_role("button", name="HTML table", exact=True).click()
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


def test_provenance_says_how_to_draw_a_row_again(page: Page, visit: Visit, dataset: Path) -> None:
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card = card_of(page, 4)
    card.locator(".origin summary").click()
    expect(card.locator(".origin")).to_contain_text("seed 7 · index 4 · attempt 1")
    card.get_by_role("button", name="Copy the command").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"glyphmill show '{dataset}' charts/matplotlib_charts/train/000000004"
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


def test_the_same_data_set_gives_the_same_report(dataset: Path, report: Path, tmp_path: Path) -> None:
    assert write_report(dataset, tmp_path / "again.html").read_bytes() == report.read_bytes()


def test_num_rows_are_spread_over_parts_splits_and_kinds(dataset: Path, tmp_path: Path, browser: Browser) -> None:
    visit = Visit(browser, write_report(dataset, tmp_path / "ten.html", num=10))
    rows = visit.page.evaluate("data.rows.map(row => [row.id.split('/')[1], row.id.split('/')[2], row.kind])")
    visit.context.close()
    assert len(rows) == 10
    assert {split for _, split, _ in rows} == {"train", "validation", "test"}
    assert len({(part, kind) for part, _, kind in rows}) == 6


def test_a_run_that_is_not_done_is_reported(dataset: Path, tmp_path: Path, browser: Browser) -> None:
    running = tmp_path / "running"
    shutil.copytree(dataset / "data", running / "data")
    visit = Visit(browser, write_report(running))
    expect(visit.page.locator(".badge")).to_contain_text("in progress")
    expect(visit.page.locator(".card")).to_have_count(24)
    visit.page.locator("#tab-rejects").click()
    expect(visit.page.locator("#rejects")).to_contain_text("Nothing was rejected")
    visit.context.close()
    assert visit.complaints == []


def test_only_rejects_so_far_is_a_report_too(dataset: Path, tmp_path: Path, browser: Browser) -> None:
    running = tmp_path / "running"
    shutil.copytree(dataset / "rejected", running / "rejected")
    visit = Visit(browser, write_report(running))
    expect(visit.page.locator("#tab-rejects .num")).to_have_text("3")
    visit.context.close()
    assert visit.complaints == []


def test_mistakes_are_told(dataset: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no data set"):
        write_report(tmp_path)
    with pytest.raises(ConfigError, match="1 or more"):
        write_report(dataset, num=0)
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        write_report(dataset, tmp_path / "file" / "index.html")


def test_a_damaged_shard_is_told(dataset: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(dataset, broken)
    victim = next(broken.glob("data/*/train*.parquet"))
    victim.write_bytes(victim.read_bytes()[:-200])
    with pytest.raises(ShardCorrupt, match=victim.name):
        write_report(broken)

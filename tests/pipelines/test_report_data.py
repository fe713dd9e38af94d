"""What `glyphmill report` shows of a data set: which rows, of runs that are not done, of damaged ones."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pipelines.report.page import write_report
from renderers.core.errors import ConfigError, ShardCorrupt
from tests.pipelines.report_page import Visit


def test_the_same_data_set_gives_the_same_report(small: Path, report: Path, tmp_path: Path) -> None:
    assert write_report(small, tmp_path / "again.html").read_bytes() == report.read_bytes()


def test_num_rows_are_spread_over_parts_splits_and_kinds(small: Path, tmp_path: Path, browser: Browser) -> None:
    visit = Visit(browser, write_report(small, tmp_path / "ten.html", num=10))
    rows = visit.page.evaluate("data.rows.map(row => [row.id.split('/')[1], row.id.split('/')[2], row.kind])")
    visit.context.close()
    assert len(rows) == 10
    assert {split for _, split, _ in rows} == {"train", "validation", "test"}
    assert len({(part, kind) for part, _, kind in rows}) == 6


def test_a_run_that_is_not_done_is_reported(small: Path, tmp_path: Path, browser: Browser) -> None:
    running = tmp_path / "running"
    shutil.copytree(small / "data", running / "data")
    visit = Visit(browser, write_report(running))
    expect(visit.page.locator(".badge")).to_contain_text("in progress")
    expect(visit.page.locator(".card")).to_have_count(24)
    visit.page.locator("#tab-rejects").click()
    expect(visit.page.locator("#rejects")).to_contain_text("Nothing was rejected")
    visit.context.close()
    assert visit.complaints == []


def test_only_rejects_so_far_is_a_report_too(small: Path, tmp_path: Path, browser: Browser) -> None:
    running = tmp_path / "running"
    shutil.copytree(small / "rejected", running / "rejected")
    visit = Visit(browser, write_report(running))
    expect(visit.page.locator("#tab-rejects .num")).to_have_text("3")
    visit.context.close()
    assert visit.complaints == []


def test_mistakes_are_told(small: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no data set"):
        write_report(tmp_path)
    with pytest.raises(ConfigError, match="1 or more"):
        write_report(small, num=0)
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        write_report(small, tmp_path / "file" / "index.html")


def test_a_damaged_shard_is_told(small: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(small, broken)
    victim = next(broken.glob("data/*/train*.parquet"))
    victim.write_bytes(victim.read_bytes()[:-200])
    with pytest.raises(ShardCorrupt, match=victim.name):
        write_report(broken)


def test_every_region_of_a_rendered_data_set_is_linked(dataset: Path, tmp_path: Path, browser: Browser) -> None:
    visit = Visit(browser, write_report(dataset, tmp_path / "real.html"))
    expect(visit.page.locator(".card")).to_have_count(96)
    linked, alone = visit.page.evaluate(
        """() => {
            const found = [0, []];
            for (const card of cards) {
                if (!card.querySelector("footer")) buildCard(card);
                card.row.regions.forEach((region, at) => {
                    if (region.span[0] < 0) return;
                    light(card, [at]);
                    const text = [...card.querySelectorAll(".seg.lit")].map((seg) => seg.textContent).join("");
                    const box = card.querySelector(".box.lit")?.dataset.own;
                    if (text === card.row.markup.slice(...region.span) && box === String(at)) found[0]++;
                    else found[1].push([card.row.id, region, text]);
                });
            }
            return found;
        }"""
    )
    assert alone == []
    assert linked > 96
    assert visit.complaints == []
    visit.context.close()

"""A report opened in a browser, and how tests point at its parts."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect


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

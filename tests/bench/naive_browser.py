"""What the browser scripts that users write have in common: one browser, a new page for each picture, a screenshot.

`make bench` compares us with such scripts: the same content at the same size in the same fonts, without boxes, proof or
draws. Libraries are read from the disk, not from the network, which is a gift to the script.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

import templates
from renderers.engines.chromium_program import find_chromium

READER = templates.installed("mathpix_formulas", "mathpix-markdown-it/es5/bundle.js")
"""The bundle of mathpix-markdown-it."""


class NaiveBrowser:
    """A browser that is opened once: a context manager."""

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="glyphmill-naive-")
        self._playwright: Playwright = sync_playwright().start()
        self._browser: Browser = self._playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._browser.close()
        self._playwright.stop()
        self._folder.cleanup()

    @contextmanager
    def page(self, html: str, **options: Any) -> Iterator[Page]:
        """A new page that shows an HTML file; options are Playwright's."""
        file = Path(self._folder.name, "page.html")
        file.write_text(html, encoding="utf-8")
        page = self._browser.new_page(**options)
        try:
            page.goto(file.as_uri())
            yield page
        finally:
            page.close()

"""The script a user writes: a new browser page, a document set in it, a screenshot.

What `make bench` compares us with: the same documents in the same styles, without boxes, proof or draws. Styles and the
script that sets a document are ours, which is a gift to the script.
"""

from types import TracebackType
from typing import Self

import msgspec
from playwright.sync_api import Browser, Playwright, sync_playwright

import templates
from renderers.document_drawing.sheet import make_sheet, scripts
from renderers.engines.chromium import find_chromium
from renderers.html_documents import DocumentSpec


class NaiveDocuments:
    """The script with its browser, which it opens once: a context manager."""

    def __enter__(self) -> Self:
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

    def render(self, spec: DocumentSpec) -> bytes:
        """PNG of a document."""
        sheet = msgspec.json.encode([make_sheet(spec.document, spec.style)]).decode()
        page = self._browser.new_page(device_scale_factor=spec.style.scale)
        try:
            page.set_content(templates.text("html_documents", "page.html"))
            for script in scripts():
                page.add_script_tag(content=script)
            page.evaluate("(sheets) => window.setAll(sheets)", sheet)
            return page.locator("section").first.screenshot()
        finally:
            page.close()

"""The scripts a user writes: a document, or a page of Mathpix-markdown, set in a new browser page, and a screenshot.

Styles and the scripts that set them are ours, which is a gift to the script.
"""

from typing import Any

import msgspec

import templates
from renderers.document_drawing import sheet as documents
from renderers.html_documents import DocumentSpec
from renderers.mathpix_pages import PageSpec
from renderers.mathpix_pages import scripts as page_scripts
from renderers.page_drawing import sheet as pages
from tests.bench.naive_browser import NaiveBrowser


def naive_document(browser: NaiveBrowser, spec: DocumentSpec) -> bytes:
    """PNG of a document."""
    sheet = documents.make_sheet(spec.document, spec.style)
    return _screenshot(browser, "html_documents", documents.scripts(), sheet, spec.style.scale)


def naive_page(browser: NaiveBrowser, spec: PageSpec) -> bytes:
    """PNG of a page of Mathpix-markdown."""
    sheet = pages.make_sheet(spec.page, spec.style)
    return _screenshot(browser, "mathpix_pages", page_scripts(), sheet, spec.style.scale)


def _screenshot(
    browser: NaiveBrowser, name: str, scripts: tuple[str, ...], sheet: dict[str, Any], scale: float
) -> bytes:
    with browser.page(templates.text(name, "page.html"), device_scale_factor=scale) as page:
        for script in scripts:
            page.add_script_tag(content=script)
        page.evaluate("(sheets) => window.setAll(sheets)", msgspec.json.encode([sheet]).decode())
        return page.locator("section").first.screenshot()

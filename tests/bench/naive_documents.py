"""The scripts a user writes: a document, a line or a page of markdown, set in a new browser page, and a screenshot.

Styles and the scripts that set them are ours, which is a gift to the script.
"""

from typing import Any

import msgspec

import templates
from renderers.drawing.documents import layout as documents
from renderers.drawing.documents.line_layout import make_layout_input
from renderers.drawing.documents.line_style import LineSpec
from renderers.drawing.pages import layout as pages
from renderers.html_documents import DocumentSpec
from renderers.mathpix_pages import PageSpec
from renderers.mathpix_pages import scripts as page_scripts
from tests.bench.naive_browser import NaiveBrowser

_PT_PER_PX = 0.75
"""Of CSS."""


def naive_document(browser: NaiveBrowser, spec: DocumentSpec) -> bytes:
    """PNG of a document."""
    layout_input = documents.make_layout_input(spec.document, spec.style)
    return _screenshot(browser, "html_documents", documents.scripts(), "setAll", layout_input, spec.style.scale)


def naive_line(browser: NaiveBrowser, spec: LineSpec) -> bytes:
    """PNG of a slice of text."""
    script = templates.text("html_lines", "set.js")
    return _screenshot(
        browser,
        "html_lines",
        (script,),
        "setLines",
        make_layout_input(spec),
        spec.style.scale * _PT_PER_PX,
        "section > p",
    )


def naive_page(browser: NaiveBrowser, spec: PageSpec) -> bytes:
    """PNG of a page of Mathpix-markdown."""
    layout_input = pages.make_layout_input(spec.page, spec.style)
    return _screenshot(browser, "mathpix_pages", page_scripts(), "setAll", layout_input, spec.style.scale)


def _screenshot(
    browser: NaiveBrowser,
    name: str,
    scripts: tuple[str, ...],
    setter: str,
    layout_input: dict[str, Any],
    scale: float,
    shown: str = "section",
) -> bytes:
    with browser.page(templates.text(name, "page.html"), device_scale_factor=scale) as page:
        for script in scripts:
            page.add_script_tag(content=script)
        page.evaluate(f"(inputs) => window.{setter}(inputs)", msgspec.json.encode([layout_input]).decode())
        return page.locator(shown).first.screenshot()

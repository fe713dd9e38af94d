"""The script a user writes: a new browser page, the reader's bundle loaded into it, a molecule set in it, a screenshot.

What `make bench` compares us with: the same molecules at the same size, without boxes, proof or draws. The bundle is
read from the disk, not from the network, which is a gift to the script.
"""

import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from playwright.sync_api import Browser, Playwright, sync_playwright

import templates
from renderers.engines.chromium import find_chromium
from renderers.mathpix_molecules import MoleculeSpec

_BUNDLE = templates.installed("mathpix_formulas", "mathpix-markdown-it/es5/bundle.js")

_PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><script src="bundle.js"></script><style>
#content {{ display: inline-block; padding: 8px; color: {ink}; background: {paper}; }}
</style></head><body><div id="content"></div></body></html>"""

_DRAW = """([smiles, fontSize]) => {
  document.getElementById('content').innerHTML =
    window.markdownToHTML(`<smiles>${smiles}</smiles>`, { width: 1000, smiles: { fontSize } });
}"""


class NaiveMolecules:
    """The script with its browser, which it opens once: a context manager."""

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="glyphmill-naive-")
        self._playwright: Playwright = sync_playwright().start()
        self._browser: Browser = self._playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        Path(self._folder.name, "bundle.js").write_bytes(_BUNDLE.read_bytes())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._browser.close()
        self._playwright.stop()
        self._folder.cleanup()

    def render(self, spec: MoleculeSpec) -> bytes:
        """PNG of a molecule."""
        html = _PAGE.format(ink=spec.style.colours["C"], paper=spec.style.paper)
        file = Path(self._folder.name, "molecule.html")
        file.write_text(html, encoding="utf-8")
        page = self._browser.new_page(device_scale_factor=spec.style.scale)
        try:
            page.goto(file.as_uri())
            page.evaluate(_DRAW, [spec.smiles, spec.style.size_px])
            return page.locator("#content").screenshot()
        finally:
            page.close()

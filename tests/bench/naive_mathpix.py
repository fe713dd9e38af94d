"""The scripts a user writes: a formula or a molecule set by mathpix-markdown-it in a new browser page, a screenshot."""

from renderers.content.formulas.formula import target
from renderers.labels.latex import grammar as latex
from renderers.mathpix_formulas import FormulaSpec
from renderers.mathpix_molecules import MoleculeSpec
from tests.bench.naive_browser import READER, NaiveBrowser

_PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><script src="{reader}"></script><style>
#content {{ display: inline-block; padding: 12px; font: {font}; color: {ink}; background: {paper}; }}
</style></head><body><div id="content"></div></body></html>"""

_SET_FORMULA = """(text) => {
  window.loadMathJax();
  document.getElementById('content').innerHTML = window.markdownToHTML(text, { width: 1000 });
}"""

_SET_MOLECULE = """([smiles, fontSize]) => {
  document.getElementById('content').innerHTML =
    window.markdownToHTML(`<smiles>${smiles}</smiles>`, { width: 1000, smiles: { fontSize } });
}"""


def naive_formula(browser: NaiveBrowser, spec: FormulaSpec) -> bytes:
    """PNG of a formula."""
    style = spec.style
    font = f"{style.size_px}px " + ", ".join(f"'{family}'" for family in style.families)
    html = _PAGE.format(reader=READER.as_uri(), font=font, ink=style.ink, paper=style.paper)
    with browser.page(html, device_scale_factor=style.scale) as page:
        page.evaluate(_SET_FORMULA, latex.normalize(target(spec.formula)))
        return page.locator("#content").screenshot()


def naive_molecule(browser: NaiveBrowser, spec: MoleculeSpec) -> bytes:
    """PNG of a molecule."""
    style = spec.style
    html = _PAGE.format(reader=READER.as_uri(), font="inherit", ink=style.colours["C"], paper=style.paper)
    with browser.page(html, device_scale_factor=style.scale) as page:
        page.evaluate(_SET_MOLECULE, [spec.smiles, style.size_px])
        return page.locator("#content").screenshot()

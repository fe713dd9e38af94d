"""A dense A4 page at 150 dpi: draw, print, boxes, proof and PNG, against raster and PNG of the same page alone.

The floor is what a script would do with the page's PDF: pypdfium2's picture of it, saved by Pillow as it comes.
"""

import io
import time
from statistics import median

import pypdfium2
from rich.table import Table

from pipelines.recipe import Part, Recipe
from pipelines.work import Session
from renderers.core.corpora import Corpora
from renderers.core.image import encode_png
from renderers.core.renderer import Rendered
from renderers.core.rng import rng_at
from renderers.drawing.documents.style import has_one_hue
from renderers.engines.pdf import open_pdf
from renderers.html_documents import DocumentSpec, HtmlDocuments, open_page, print_documents

_A4_CSS_PX = (794, 1123)
_SCALE = 150 / 96
_DENSE = {"en": 2500, "zh": 1200}
"""Language -> least characters that a dense page is given."""

_BLOCKS = 3


def add_rows(table: Table) -> dict[str, float]:
    """Seconds a page of ours, of the floor, and of our own raster and PNG."""
    renderer = HtmlDocuments(kinds={"essay": 1.0, "book": 1.0, "newspaper": 1.0}, languages={"en": 1.0, "zh": 1.0})
    ours_s, floor_s, lean_s = [], [], []
    with Session(Recipe("floor", (Part(renderer),), seed=1)) as session:
        specs, draw_s = _dense_specs(session, renderer, renderer.batch)
        for block in range(1 + _BLOCKS):
            started = time.perf_counter()
            kept = [outcome for outcome in session.render(renderer, specs) if isinstance(outcome, Rendered)]
            for outcome in kept:
                encode_png(outcome.image)
            took_s = time.perf_counter() - started
            if block == 0:
                data = session.pool(renderer).run(lambda engine: print_documents(open_page(engine), specs)[1], 1)
                continue
            ours_s.append(draw_s + took_s / len(kept))
            floor_s.append(_floor_s(data))
            lean_s.append(_lean_s(data, specs))
    ours, floor, lean = median(ours_s), median(floor_s), median(lean_s)
    table.add_row(
        "dense A4 page, 150 dpi, boxes and proof", f"{ours * 1e3:.1f} ms", f"{floor * 1e3:.1f} ms raster, PNG",
        f"{ours / floor:.2f} x", "<= 2.5 x",
    )  # fmt: skip
    table.add_row("the same, our own raster and PNG", "", f"{lean * 1e3:.1f} ms", f"{ours / lean:.2f} x", "")
    return {"ours_s": ours, "floor_s": floor, "lean_s": lean, "ratio": ours / floor}


def _dense_specs(session: Session, renderer: HtmlDocuments, num: int) -> tuple[list[DocumentSpec], float]:
    """Pages so large and so full, and the seconds that drawing one took."""
    specs: list[DocumentSpec] = []
    spent_s, at = 0.0, 0
    corpora = Corpora(renderer.corpora(), "train")
    while len(specs) < num:
        started = time.perf_counter()
        spec = renderer.draw(rng_at(4, renderer.name, at), corpora)
        took_s = time.perf_counter() - started
        style, at = spec.style, at + 1
        if (style.width_px, style.height_px) == _A4_CSS_PX and style.scale == _SCALE:
            given = sum(len(cell) for block in spec.document.blocks for cell in block.cells)
            if given >= _DENSE[spec.document.language]:
                specs.append(spec)
                spent_s += took_s
    return specs, spent_s / num


def _floor_s(data: bytes) -> float:
    started = time.perf_counter()
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            page.render(scale=150 / 72).to_pil().save(io.BytesIO(), "PNG")
        return (time.perf_counter() - started) / len(document)


def _lean_s(data: bytes, specs: list[DocumentSpec]) -> float:
    size_px = (round(_A4_CSS_PX[0] * _SCALE), round(_A4_CSS_PX[1] * _SCALE))
    started = time.perf_counter()
    with open_pdf(data) as pdf:
        for place, spec in enumerate(specs):
            with pdf.page(place, *size_px) as page:
                encode_png(page.pixels(grey=has_one_hue(spec.style)))
    return (time.perf_counter() - started) / len(specs)

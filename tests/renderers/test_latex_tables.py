"""Tables by LaTeX: what is drawn is kept, boxes lie on their cells, proofs fire, bytes stay."""

import collections
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
import pytest

from renderers.content.lexicon import LEXICON, Lexicon
from renderers.content.tables.grid import Column
from renderers.content.tables.table import TableContent, draw_table
from renderers.core.corpora import Corpora
from renderers.core.errors import ConfigError
from renderers.core.image import encode_png
from renderers.core.renderer import NO_SPAN, Outcome, Pixels, Rejected, Rendered
from renderers.core.rng import rng_at
from renderers.drawing.latex_tables.body import Writer
from renderers.drawing.latex_tables.proof import prove
from renderers.drawing.latex_tables.style import Style, draw_style
from renderers.engines.pdf import Glyphs
from renderers.engines.tex import Tex, TexPage
from renderers.labels.tables import grammar as tables
from renderers.labels.tables.html import from_html
from renderers.labels.tables.otsl import from_otsl
from renderers.labels.tables.tree import Cell, Table, place_cells
from renderers.latex_tables import LatexTables, TableSpec, preamble

NUM = 90
replace = msgspec.structs.replace


@pytest.fixture(scope="module")
def engine() -> Iterator[Tex]:
    with Tex() as engine:
        yield engine


@pytest.fixture(scope="module")
def samples(engine: Tex) -> list[tuple[TableSpec, Outcome]]:
    specs = [
        LatexTables(languages={language: 1.0}).draw(rng_at(3, language, index), Corpora([LEXICON], "train"))
        for language in ("en", "zh", "mul")
        for index in range(NUM // 3)
    ]
    return list(zip(specs, LatexTables().render(engine, specs), strict=True))


@pytest.fixture(scope="module")
def pictures(samples: list[tuple[TableSpec, Outcome]]) -> list[tuple[TableSpec, Rendered]]:
    return [(spec, outcome) for spec, outcome in samples if isinstance(outcome, Rendered)]


def test_nearly_all_that_is_drawn_is_kept(samples: list[tuple[TableSpec, Outcome]]) -> None:
    rejects = [(outcome.reason, outcome.detail) for _, outcome in samples if isinstance(outcome, Rejected)]
    assert len(rejects) <= 0.05 * NUM, rejects
    assert {spec.style.program for spec, _ in samples} == {"pdflatex", "xelatex"}


def test_a_picture_says_its_target_in_three_markups(pictures: list[tuple[TableSpec, Rendered]]) -> None:
    for spec, rendered in pictures:
        table = spec.content.table
        assert rendered.markup == LatexTables().content_key(spec)
        assert tables.check(rendered.markup) is None
        texts = [[cell.text for cell in row] for row in table.rows]
        for other in (from_html(rendered.alternates["html"]), from_otsl(rendered.alternates["otsl"])):
            assert [[cell.text for cell in row] for row in other.rows] == texts
        assert rendered.smallest_glyph_px >= 8
        assert rendered.contrast >= 3


def test_every_cell_has_one_box_in_reading_order(pictures: list[tuple[TableSpec, Rendered]]) -> None:
    num_empty = 0
    for spec, rendered in pictures:
        table = spec.content.table
        placed = place_cells(table.rows, len(table.aligns))
        cells = [region for region in rendered.regions if region.kind not in ("caption", "note")]
        assert len(cells) == len(placed)
        height, width = rendered.image.shape[:2]
        for region, (_, _, cell) in zip(cells, placed, strict=True):
            x0, y0, x1, y1 = region.box
            assert 0 <= x0 < x1 <= width
            assert 0 <= y0 < y1 <= height
            if cell.text:
                assert rendered.markup[slice(*region.span)] == region.text
            else:
                assert (region.span, region.text) == (NO_SPAN, "")
                num_empty += 1
        told = collections.Counter(region.kind for region in rendered.regions)
        assert told["caption"] == bool(table.caption)
        assert told["note"] == len(table.notes)
    assert num_empty > 50


def test_boxes_stand_in_rows_and_columns(pictures: list[tuple[TableSpec, Rendered]]) -> None:
    for spec, rendered in pictures:
        table = spec.content.table
        cells = [region for region in rendered.regions if region.kind not in ("caption", "note")]
        single = {
            (row, column): region.box
            for region, (row, column, cell) in zip(cells, place_cells(table.rows, len(table.aligns)), strict=True)
            if cell.rowspan == cell.colspan == 1
        }
        for (row, column), box in single.items():
            beside, below = single.get((row, column + 1)), single.get((row + 1, column))
            assert beside is None or box[2] <= beside[0] + 1, (row, column)
            assert below is None or box[3] <= below[1] + 1, (row, column)


def test_boxes_are_tight_around_their_ink(pictures: list[tuple[TableSpec, Rendered]]) -> None:
    num = 0
    for spec, rendered in pictures:
        if rendered.image.ndim == 3 or "\\(" in rendered.markup or any(spec.content.table.bars):
            continue
        for region in rendered.regions:
            if not region.text:
                continue
            x0, y0, x1, y1 = (int(edge) for edge in (*np.floor(region.box[:2]), *np.ceil(region.box[2:])))
            dark = rendered.image[y0:y1, max(0, x0 - 3) : x1 + 3] < 160
            columns = np.flatnonzero(dark.all(axis=0) | dark.any(axis=0))
            if dark.all(axis=1).any():  # a rule runs through this strip
                continue
            assert abs(columns[0] - 3) <= 2
            assert abs(columns[-1] + 1 - (x1 - x0 + 3)) <= 2
            num += 1
    assert num > 30


def test_a_spec_gives_the_same_bytes_in_any_batch(samples: list[tuple[TableSpec, Outcome]], engine: Tex) -> None:
    specs = [spec for spec, _ in samples[::9]]
    together = [outcome.image for _, outcome in samples[::9]]

    def pngs(outcomes: Sequence[Outcome]) -> list[bytes]:
        return [encode_png(outcome.image) if outcome.image is not None else b"" for outcome in outcomes]

    once = pngs(LatexTables().render(engine, specs))
    assert once == [encode_png(image) if image is not None else b"" for image in together]
    assert pngs(LatexTables().render(engine, specs[::-1]))[::-1] == once
    assert pngs(LatexTables().render(engine, specs[:1])) == once[:1]


def plain(**changes: Any) -> TableSpec:
    """Three rows of three columns in the plainest of looks; changes are of the style."""
    texts = (("Crop", "2019", "2020"), ("Rye", "12.5", ""), ("Oats", "7.25", "\\(1.2 \\pm 0.1\\)"))
    full = (((0, 2),),)
    table = Table(
        aligns=("l", "r", "r"),
        bars=(1, 1, 1, 1),
        rows=tuple(tuple(Cell(text) for text in row) for row in texts),
        rules=full * 4,
        num_head=1,
        caption="Table 1: Harvest",
    )
    content = TableContent(table, "en", ("head", "body", "body"), (Column(),) * 3, 1, rotated=False)
    style = replace(look(), **changes)
    return TableSpec(content, style, 150.0)


def look() -> Style:
    return replace(
        draw_style(rng_at(0, "look", 0), "en"), program="pdflatex", family="lmr", han="", math="normal", size_pt=10.0,
        note_pt=9.0, bold=(), head_align="", stretch=1.3, colsep_pt=6.0, rule_pt=0.6, booktabs=False, flush=False,
        stacked=False, ink="#000000", head_ink="#000000", rule_ink="#000000", head_ground="", stripe="",
        group_ground="", margins_pt=(5.0, 5.0, 5.0, 5.0),
    )  # fmt: skip


def with_table(spec: TableSpec, **changes: Any) -> TableSpec:
    return replace(spec, content=replace(spec.content, table=replace(spec.content.table, **changes)))


def test_the_plain_table_is_kept_and_its_grid_is_where_it_is_told(engine: Tex) -> None:
    (outcome,) = LatexTables().render(engine, [plain()])
    assert isinstance(outcome, Rendered), (outcome.reason, outcome.detail)
    assert outcome.markup.startswith(
        "\\begin{table}\n\\caption{Table 1: Harvest}\n\\begin{tabular}{|l|r|r|}\n\\hline\nCrop"
    )
    boxes = {region.text: region.box for region in outcome.regions}
    empty = next(region.box for region in outcome.regions if not region.text)
    assert boxes["Rye"][1] - 2 <= empty[1] < empty[3] <= boxes["Oats"][1]
    assert boxes["2020"][0] - 40 <= empty[0] < empty[2] <= boxes["2020"][2] + 2
    assert not (outcome.image[int(empty[1]) : int(empty[3]), int(empty[0]) : int(empty[2])] < 200).any()


@pytest.mark.parametrize(
    ("reason", "spec"),
    [
        pytest.param("text_small", lambda: plain(margins_pt=(5.0, 5.0, 5.0, 1500.0)), id="small"),
        pytest.param("contrast_low", lambda: plain(ink="#bbbbbb", head_ink="#bbbbbb"), id="contrast"),
        pytest.param("rule_missing", lambda: plain(rule_ink="#ffffff"), id="rule"),
        pytest.param("text_crossed", lambda: plain(stretch=0.2), id="crossed"),
        pytest.param("tex_error", lambda: han(plain()), id="glyph"),
        pytest.param("box_overfull", lambda: narrow(plain()), id="overfull"),
    ],
)
def test_a_defect_is_told(engine: Tex, reason: str, spec: Callable[[], TableSpec]) -> None:
    (outcome,) = LatexTables().render(engine, [spec()])
    assert isinstance(outcome, Rejected)
    accepted = {reason, "text_overlap"} if reason == "text_crossed" else {reason}
    assert outcome.reason in accepted, (outcome.reason, outcome.detail)
    assert outcome.detail


def look_at(engine: Tex, spec: TableSpec) -> tuple[Glyphs, Pixels]:
    bodies = [Writer(spec.content, spec.style, traced).body() for traced in (False, True)]
    with engine.typeset(preamble("pdflatex"), bodies) as (seen, traced):
        assert isinstance(seen, TexPage)
        assert isinstance(traced, TexPage)
        with seen.page(640, 320) as page:
            pixels = page.pixels()
        with traced.page(640, 320) as page:
            return page.glyphs(), pixels


def test_what_is_painted_over_or_moved_is_told(engine: Tex) -> None:
    spec = plain()
    glyphs, pixels = look_at(engine, spec)
    whole = prove(spec.content, spec.style, glyphs, pixels)
    assert isinstance(whole, Rendered)
    oats = next(region.box for region in whole.regions if region.text == "Oats")
    covered = pixels.copy()
    covered[int(oats[1]) - 1 : int(oats[3]) + 1, int(oats[0]) - 1 : int(0.6 * oats[0] + 0.4 * oats[2])] = 255
    struck = pixels.copy()
    struck[int((oats[1] + oats[3]) / 2), :] = 0
    other = with_table(spec, caption="Table 1: Harvests")
    for reason, outcome in (
        ("text_hidden", prove(spec.content, spec.style, glyphs, covered)),
        ("text_crossed", prove(spec.content, spec.style, glyphs, struck)),
        ("text_missing", prove(other.content, spec.style, glyphs, pixels)),
    ):
        assert isinstance(outcome, Rejected)
        assert outcome.reason == reason, (outcome.reason, outcome.detail)


def han(spec: TableSpec) -> TableSpec:
    return with_table(spec, caption="Table 1: 收成")


def narrow(spec: TableSpec) -> TableSpec:
    rows = (*spec.content.table.rows[:2], (Cell("Unbreakable-oats-of-the-north"), Cell("1"), Cell("2")))
    columns = (Column(wrap_em=3.0), Column(), Column())
    changed = with_table(spec, rows=rows)
    return replace(changed, content=replace(changed.content, columns=columns))


def test_a_bad_table_costs_only_itself(engine: Tex) -> None:
    good = plain()
    outcomes = LatexTables().render(engine, [good, han(good), good])
    assert [type(outcome) for outcome in outcomes] == [Rendered, Rejected, Rendered]


def test_drawing_is_fast_and_structures_are_many() -> None:
    renderer = LatexTables()
    corpora = Corpora(renderer.corpora(), "train")
    specs = [renderer.draw(rng_at(1, "many", index), corpora) for index in range(300)]
    shapes = collections.Counter(
        (len(spec.content.table.aligns), len(spec.content.table.rows), spec.content.table.bars) for spec in specs
    )
    assert shapes.most_common(1)[0][1] <= 9
    cells = [cell for spec in specs for row in spec.content.table.rows for cell in row]
    assert sum(cell.rowspan > 1 for cell in cells) > 100
    assert sum(cell.colspan > 1 for cell in cells) > 100
    assert len({spec.style.family for spec in specs}) > 25


def test_knobs_are_checked_and_hold() -> None:
    wrong: list[dict[str, Any]] = [
        {"languages": {"fr": 1.0}},
        {"languages": {}},
        {"most_columns": 0},
        {"most_rows": 31},
    ]
    for knobs in wrong:
        with pytest.raises(ConfigError):
            LatexTables(**knobs)
    small = LatexTables(most_columns=2, most_rows=3, languages={"en": 1.0})
    for index in range(60):
        corpora = Corpora(small.corpora(), "train")
        table = small.draw(rng_at(2, "small", index), corpora).content.table
        assert len(table.aligns) <= 2
        assert len(table.rows) <= 3 + 3 + 3  # heads, groups and totals come on top


def test_words_are_drawn_by_the_fonts_that_are_asked() -> None:
    content = draw_table(rng_at(0, "e", 1), Lexicon.default(), "en", lambda text: "e" not in text, 50.0)
    assert content.table.rows

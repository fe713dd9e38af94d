"""Charts by Matplotlib: every kind in every language, boxes against ink, proofs that fire, and bytes that stay."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import msgspec
import numpy as np
import pytest

import templates
from pipelines.verify import verify
from renderers.content import fonts
from renderers.content.charts.data import ALWAYS_PRINTED, KINDS, Chart, Kind, NumberFormat, Series, ValueAxis, target
from renderers.content.palettes import contrast
from renderers.core.boxes import Box, overlap_px
from renderers.core.colours import rgb
from renderers.core.corpora import Corpora
from renderers.core.errors import ConfigError
from renderers.core.jsonable import to_json
from renderers.core.renderer import ProofFailed, Region, Rejected, Rendered
from renderers.core.rng import rng_at
from renderers.drawing.matplotlib_charts.kinds import make_plan
from renderers.drawing.matplotlib_charts.paint import paint
from renderers.drawing.matplotlib_charts.style import draw_style
from renderers.engines.matplotlib_agg import MatplotlibAgg
from renderers.labels import charts
from renderers.matplotlib_charts import MatplotlibCharts, MatplotlibSpec

ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "zh", "mul")


@pytest.fixture(scope="module")
def engine() -> Iterator[MatplotlibAgg]:
    with MatplotlibAgg() as engine:
        yield engine


def drawn(kind: Kind, language: str, num: int, printed: float = 0.35) -> list[MatplotlibSpec]:
    renderer = MatplotlibCharts(kinds={kind: 1.0}, languages={language: 1.0}, printed_frac=printed)
    corpora = Corpora(renderer.corpora(), "train")
    return [renderer.draw(rng_at(3, f"{kind} {language}", index), corpora) for index in range(num)]


def rendered(engine: MatplotlibAgg, spec: MatplotlibSpec) -> Rendered:
    (outcome,) = MatplotlibCharts().render(engine, [spec])
    assert isinstance(outcome, Rendered), (outcome.reason, outcome.detail)
    return outcome


def bars(**changes: Any) -> MatplotlibSpec:
    """Grouped bars in the plainest of looks; changes are of the chart where it has the field, else of the style."""
    axis = ValueAxis(0.0, 100.0, (0.0, 50.0, 100.0), NumberFormat(suffix="%"))
    chart = Chart(
        kind="grouped_bar",
        language="en",
        title="Harvest of two farms",
        source="Source: own count",
        x_title="Year",
        y_title="Share",
        categories=("2019", "2020", "2021"),
        series=(Series("Oats", ((20.0,), (45.0,), (70.0,))), Series("Rye", ((35.0,), (60.0,), (15.0,)))),
        axes=(axis,),
        printed=True,
    )
    style = msgspec.structs.replace(
        draw_style(rng_at(0, "plain", 0), "grouped_bar", "en"),
        width_px=900, height_px=640, dpi=100, hinting="none", latin="DejaVu Sans", han="Noto Sans CJK SC", pad_px=20.0,
        title_px=20.0, source_px=13.0, label_px=15.0, tick_px=14.0, legend_px=14.0, value_px=13.0, title_bold=False,
        label_bold=False, value_bold=False, paper="#ffffff", panel="#ffffff", ink="#000000", soft="#333333",
        palette=("#3366cc", "#dc3912"), grid="", bands=False, legend="right", y_title_place="side", title_place="top",
        source_place="bottom", value_side="near", bar_frac=0.8, gap_frac=0.0, bar_round=False, edge="", edge_px=0.0,
        hatches=(), alpha=1.0, dashes=(), markers=(), value_place="end", decor="", tilt_deg=45.0,
    )  # fmt: skip
    for name, value in changes.items():
        if name in Chart.__struct_fields__:
            chart = msgspec.structs.replace(chart, **{name: value})
        else:
            style = msgspec.structs.replace(style, **{name: value})
    return MatplotlibSpec(chart, style)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_and_proven_in_every_language(engine: MatplotlibAgg, kind: Kind, language: str) -> None:
    specs = drawn(kind, language, 4, printed=0.5)
    outcomes = MatplotlibCharts().render(engine, specs)
    kept = [(spec, outcome) for spec, outcome in zip(specs, outcomes, strict=True) if isinstance(outcome, Rendered)]
    assert len(kept) >= 3, [(one.reason, one.detail) for one in outcomes if isinstance(one, Rejected)]
    for spec, outcome in kept:
        assert verify(outcome, "chart-json") is None
        assert outcome.markup == charts.write(target(spec.chart))[0] == MatplotlibCharts().content_key(spec)
        assert outcome.language == language
        assert outcome.image.shape == (spec.style.height_px, spec.style.width_px, 3)
        if kind in ALWAYS_PRINTED:
            assert any(region.kind == "value" for region in outcome.regions)


def test_hardly_a_draw_is_lost(engine: MatplotlibAgg) -> None:
    renderer = MatplotlibCharts()
    corpora = Corpora(renderer.corpora(), "train")
    specs = [renderer.draw(rng_at(5, "lost", index), corpora) for index in range(150)]
    lost = [one for one in renderer.render(engine, specs) if isinstance(one, Rejected)]
    assert len(lost) <= 4, [(one.reason, one.detail) for one in lost]


def test_looks_are_many() -> None:
    renderer = MatplotlibCharts()
    corpora = Corpora(renderer.corpora(), "train")
    styles = [renderer.draw(rng_at(6, "looks", index), corpora).style for index in range(150)]
    assert len({style.look for style in styles}) >= 18
    assert len({(style.look, style.paper, style.grid, style.spines, style.legend) for style in styles}) >= 100
    assert len({style.paper for style in styles}) >= 25
    assert len({style.latin or style.han for style in styles}) >= 20
    assert {style.legend for style in styles} >= {"right", "left", "top", "bottom", "inside"}


def test_menus_name_what_there_is() -> None:
    table = templates.menu("matplotlib_charts")
    groups = templates.menu("shared", "palettes.toml")
    for name, look in {"menu": table["menu"], **table["looks"]}.items():
        assert set(look) <= set(table["menu"]), name
        for script in ("latin", "han"):
            assert set(look.get(script, ())) <= set(fonts.families(script)), name
        assert set(look.get("palettes", ())) <= set(groups), name
        for paper, panel, ink, soft in look.get("papers", ()):
            for ground in (paper, panel):
                assert contrast(ink, ground) >= 4.5, (name, ink, ground)
                assert contrast(soft, ground) >= 4.5, (name, soft, ground)


@pytest.mark.parametrize("kind", KINDS)
def test_boxes_of_texts_are_their_ink(engine: MatplotlibAgg, kind: Kind) -> None:
    """The picture with and without its texts differs in the boxes of its texts, up to their sides, and nowhere else."""
    spec = drawn(kind, "en", 1)[0]
    with engine.settings():
        plan = make_plan(spec.chart, spec.style)
        whole = paint(engine, plan).pixels
        plan.texts = []
        bare = paint(engine, plan).pixels
    inked = (whole != bare).any(axis=2)
    outcome = rendered(engine, spec)
    assert np.array_equal(outcome.image, whole)
    outside = inked.copy()
    for region in outcome.regions:
        if region.kind in ("title", "source", "x_title", "y_title", "series", "category", "value", "tick"):
            x0, y0, x1, y1 = (round(side) for side in region.box)
            outside[max(y0 - 2, 0) : y1 + 2, max(x0 - 2, 0) : x1 + 2] = False
            found = inked[y0:y1, x0:x1]
            for side in (found[:3], found[-3:], found[:, :3], found[:, -3:]):
                assert side.any(), f"{region.kind} {region.text!r} has no ink at a side of {region.box}"
    assert not outside.any()


def fill_box(pixels: np.ndarray, colour: str, near: Box) -> tuple[int, int, int, int]:
    """Around all pixels of a colour in and close to a box."""
    x0, y0, x1, y1 = (round(side) for side in near)
    part = (pixels[max(y0 - 4, 0) : y1 + 4, max(x0 - 4, 0) : x1 + 4] == rgb(colour)).all(axis=2)
    columns, rows = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
    left, top = max(x0 - 4, 0), max(y0 - 4, 0)
    return (left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1)


@pytest.mark.parametrize("kind", ["grouped_bar", "stacked_bar", "barh", "bar"])
def test_boxes_of_bars_are_their_pixels(engine: MatplotlibAgg, kind: Kind) -> None:
    spec = bars(kind=kind, printed=False, bar_frac=0.6, gap_frac=0.2, legend="right")
    if kind in ("bar", "barh"):
        spec = msgspec.structs.replace(
            spec, chart=msgspec.structs.replace(spec.chart, series=(Series("", ((20.0,), (45.0,), (70.0,))),))
        )
    outcome = rendered(engine, spec)
    found = [region for region in outcome.regions if region.kind == "bar"]
    assert len(found) == sum(len(series.points) for series in spec.chart.series)
    for region in found:
        colour = spec.style.palette[
            0 if outcome.markup.find("Rye") < 0 else int(region.span[0] > outcome.markup.find("Rye"))
        ]
        assert np.abs(np.subtract(fill_box(outcome.image, colour, region.box), region.box)).max() <= 1, region


@pytest.mark.parametrize("kind", ["bar", "grouped_bar", "line", "step", "area", "box", "candlestick"])
def test_a_ruler_reads_the_values(engine: MatplotlibAgg, kind: Kind) -> None:
    """Laid from tick to tick, it finds every value within the grid that was promised: 1/200 of the axis."""
    for spec in drawn(kind, "en", 8, printed=0.0):
        (axis,) = spec.chart.axes
        outcome = rendered(engine, spec)
        if axis.log:
            continue
        middles = {one.text: (one.box[1] + one.box[3]) / 2 for one in outcome.regions if one.kind == "tick"}
        texts = axis.tick_texts()
        low, high = middles[texts[0]], middles[texts[-1]]
        for region in outcome.regions:
            value = charts.number(region.text)
            if region.kind in ("bar", "point", "box", "candlestick") and value is not None:
                number = float(value)
                _, top, _, bottom = region.box
                y = (top if number >= 0 else bottom) if region.kind == "bar" else (top + bottom) / 2
                read = axis.low + (axis.high - axis.low) * (low - y) / (low - high)
                assert read == pytest.approx(number, abs=0.006 * (axis.high - axis.low)), (region, texts)


def test_a_legend_hides_nothing(engine: MatplotlibAgg) -> None:
    seen = set()
    for kind in ("line", "step", "area", "grouped_bar", "stacked_bar", "stacked_area", "scatter"):
        for spec in drawn(kind, "en", 12):
            regions = rendered(engine, spec).regions
            names = [region.box for region in regions if region.kind == "series"]
            marks = [region for region in regions if region.kind in ("bar", "point", "layer")]
            seen |= {spec.style.legend} if names else set()
            for box in names:
                assert not [mark for mark in marks if overlap_px(mark.box, box) > 0], (kind, spec.style.legend)
    assert {"inside", "right", "top"} <= seen


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Milk and honey", ["Milk and", "honey"]),
        ("2021年3月20日", ["2021年3月", "20日"]),
        ("销售额（万元）", ["销售额", "（万元）"]),
        ("short", ["short"]),
    ],
)
def test_lines_break_where_a_reader_expects_it(text: str, lines: list[str]) -> None:
    spec = bars(title=text)
    plan = make_plan(spec.chart, spec.style)
    assert plan.wrap(text, 10.0, plan.widest_px(lines, 10.0) + 4) == lines


def test_spans_say_what_boxes_show(engine: MatplotlibAgg) -> None:
    for kind in KINDS:
        outcome = rendered(engine, drawn(kind, "zh", 1)[0])
        kinds = {region.kind for region in outcome.regions}
        assert kinds & {"bar", "point", "slice", "cell", "layer", "bubble", "box", "candlestick"}, kind
        assert [region.order for region in outcome.regions] == list(range(len(outcome.regions)))
        starts = [region.span[0] for region in outcome.regions if region.span[0] >= 0]
        assert starts == sorted(starts)


def rejection(engine: MatplotlibAgg, spec: MatplotlibSpec) -> str:
    (outcome,) = MatplotlibCharts().render(engine, [spec])
    assert isinstance(outcome, Rejected), "the picture was kept"
    assert outcome.detail
    assert outcome.image is not None or outcome.reason in ("glyph_missing", "string_repeated")
    return outcome.reason


def test_the_plain_chart_is_kept(engine: MatplotlibAgg) -> None:
    outcome = rendered(engine, bars())
    assert outcome.smallest_glyph_px >= 8
    assert outcome.contrast > 4
    assert outcome.alternates["html"].startswith("<table><caption>Harvest of two farms</caption>")


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("text_small", {"tick_px": 6.0}),
        ("text_small", {"value_px": 6.5}),
        ("colours_close", {"palette": ("#3366cc", "#3468cc")}),
        (
            "text_cut",
            {"x_title": "An axis title that does not end where the picture does " * 3},
        ),
        ("text_overlap", {"axes": (ValueAxis(0.0, 100.0, tuple(map(float, range(0, 101, 2))), NumberFormat()),)}),
        ("glyph_missing", {"title": "Harvest \u0e01\u0e02 of two farms"}),
        ("glyph_missing", {"categories": ("2019", "\U0001f33e", "2021")}),
        ("contrast_low", {"soft": "#f0f0f0"}),
        ("contrast_low", {"ink": "#dddddd"}),
        ("string_repeated", {"categories": ("2019", "2020", "2019")}),
    ],
)
def test_proofs_fire(engine: MatplotlibAgg, reason: str, changes: dict[str, Any]) -> None:
    assert rejection(engine, bars(**changes)) == reason


def test_hatches_and_dashes_tell_alike_colours_apart(engine: MatplotlibAgg) -> None:
    alike = ("#888888", "#8a8a8a")
    assert rejection(engine, bars(palette=alike, printed=False)) == "colours_close"
    rendered(engine, bars(palette=alike, hatches=("///", "..."), printed=False))
    assert rejection(engine, bars(kind="line", palette=alike, printed=False)) == "colours_close"
    rendered(engine, bars(kind="line", palette=alike, dashes=((), (4.0, 2.0)), printed=False))
    rendered(engine, bars(kind="line", palette=alike, markers=("o", "s"), printed=False))


def test_a_text_under_other_ink_is_found(engine: MatplotlibAgg) -> None:
    """Proof looks at pixels: ink that is wiped out after it was set is missed."""
    from renderers.drawing.matplotlib_charts.paint import Painted
    from renderers.drawing.matplotlib_charts.proof import check_plan, prove

    spec = bars()
    with engine.settings():
        plan = make_plan(spec.chart, spec.style)
        painted = paint(engine, plan)
        box = painted.texts[0].box
        assert box is not None
        x0, y0, x1, y1 = (round(side) for side in box)
        pixels = painted.pixels.copy()
        pixels[y0:y1, x0 : (x0 + x1) // 2] = 255
        prove(plan, painted)
        with pytest.raises(ProofFailed) as wiped:
            prove(plan, Painted(pixels, painted.texts))
        check_plan(engine, plan)
        plan.texts = [text for text in plan.texts if text.kind != "source"]
        with pytest.raises(ProofFailed) as unfinished:
            check_plan(engine, plan)
    assert wiped.value.reason == "text_without_ink"
    assert unfinished.value.reason == "string_missing"


def digest_of(regions: tuple[Region, ...], pixels: np.ndarray) -> str:
    return hashlib.sha256(to_json(regions).encode() + pixels.tobytes()).hexdigest()


def test_bytes_are_the_same_in_another_order_and_another_process(engine: MatplotlibAgg) -> None:
    specs = [drawn(kind, "mul", 1)[0] for kind in KINDS[::3]]
    first = [digest_of(one.regions, one.image) for one in (rendered(engine, spec) for spec in specs)]
    backwards = MatplotlibCharts().render(engine, specs[::-1])[::-1]
    assert first == [digest_of(one.regions, one.image) for one in backwards if isinstance(one, Rendered)]
    script = (
        "import sys, hashlib; from renderers.core.jsonable import from_json, to_json\n"
        "from renderers.matplotlib_charts import *\n"
        "for line in sys.stdin:\n"
        "    one, = MatplotlibCharts().render(MatplotlibAgg(), [from_json(line, MatplotlibSpec)])\n"
        "    print(hashlib.sha256(to_json(one.regions).encode() + one.image.tobytes()).hexdigest())\n"
    )
    lines = "\n".join(to_json(spec) for spec in specs)
    command = [sys.executable, "-c", script]
    other = subprocess.run(command, input=lines, cwd=ROOT, capture_output=True, text=True, check=True)
    assert other.stdout.split() == first


def test_settings_of_the_user_change_nothing(engine: MatplotlibAgg) -> None:
    specs = [bars(hatches=("///", "xx"), printed=False), *(drawn(kind, "en", 1)[0] for kind in ("line", "radar"))]
    before = [rendered(engine, spec).image for spec in specs]
    hostile: dict[Any, Any] = {  # keys of its own type
        "text.hinting": "none", "text.antialiased": False, "path.sketch": (3.0, 20.0, 5.0), "path.snap": False,
        "path.simplify_threshold": 1.0, "hatch.color": "red", "hatch.linewidth": 4.0, "font.size": 40.0,
        "font.family": ["cursive"], "lines.linewidth": 9.0, "savefig.dpi": 30.0, "markers.fillstyle": "none",
        "lines.scale_dashes": False, "font.enable_last_resort": False, "agg.path.chunksize": 5,
    }  # fmt: skip
    with mpl.rc_context(hostile):
        after = [rendered(engine, spec).image for spec in specs]
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


@pytest.mark.parametrize(
    "knobs",
    [
        {"kinds": {}},
        {"kinds": {"bar": 0.0}},
        {"kinds": {"bar": -1.0, "line": 2.0}},
        {"kinds": {"waterfall": 1.0}},
        {"languages": {"fr": 1.0}},
        {"printed_frac": 1.5},
    ],
)
def test_knobs_that_leave_nothing_are_refused(knobs: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        MatplotlibCharts(**knobs)


def test_engine_names_what_can_change_a_pixel() -> None:
    assert set(MatplotlibAgg.versions()) == {"matplotlib", "freetype", "numpy", "pillow"}
    engine = MatplotlibAgg()
    engine.kill()
    assert engine.rss_bytes() == 0

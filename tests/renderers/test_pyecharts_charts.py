"""Charts by pyecharts: every kind in every language, boxes against ink, proofs that fire, and bytes that stay."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
import pytest

import renderers.pyecharts_charts
from renderers.content.charts.data import (
    ALWAYS_PRINTED,
    KINDS,
    Chart,
    Kind,
    NumberFormat,
    Series,
    ValueAxis,
    target,
)
from renderers.core.corpora import Corpora
from renderers.core.errors import ConfigError, EngineStartError
from renderers.core.image import encode_png
from renderers.core.renderer import NO_SPAN, Outcome, Rejected, Rendered
from renderers.core.rng import rng_at
from renderers.drawing.pyecharts_charts.layout import lay_out, make_room
from renderers.drawing.pyecharts_charts.style import Style, draw_style
from renderers.engines.chromium import Chromium
from renderers.labels import charts
from renderers.pyecharts_charts import ChartSpec, PyechartsCharts

LANGUAGES = ("en", "zh", "mul")
replace = msgspec.structs.replace


@pytest.fixture(scope="module")
def engine() -> Iterator[Chromium]:
    with Chromium() as engine:
        yield engine


def drawn(kind: Kind, language: str, num: int, printed: float = 0.5) -> list[ChartSpec]:
    renderer = PyechartsCharts(kinds={kind: 1.0}, languages={language: 1.0}, printed_frac=printed)
    corpora = Corpora(renderer.corpora(), "train")
    return [renderer.draw(rng_at(3, f"{kind} {language}", index), corpora) for index in range(num)]


def render(engine: Chromium, specs: Sequence[ChartSpec]) -> list[Outcome]:
    return PyechartsCharts().render(engine, specs)


def kept(engine: Chromium, spec: ChartSpec) -> Rendered:
    (outcome,) = render(engine, [spec])
    assert isinstance(outcome, Rendered), (outcome.reason, outcome.detail)
    return outcome


@pytest.fixture(scope="module")
def samples(engine: Chromium) -> list[tuple[ChartSpec, Outcome]]:
    """Six of each kind: three languages, with and without printed values."""
    specs = [
        spec
        for kind in KINDS
        for language in LANGUAGES
        for printed in (0.0, 1.0)
        for spec in drawn(kind, language, 1, printed)
    ]
    return list(zip(specs, render(engine, specs), strict=True))


@pytest.fixture(scope="module")
def pictures(samples: list[tuple[ChartSpec, Outcome]]) -> list[tuple[ChartSpec, Rendered]]:
    return [(spec, outcome) for spec, outcome in samples if isinstance(outcome, Rendered)]


def test_every_kind_in_every_language_is_kept(samples: list[tuple[ChartSpec, Outcome]]) -> None:
    rejects = [(spec.chart.kind, outcome.reason) for spec, outcome in samples if isinstance(outcome, Rejected)]
    assert len(rejects) <= 0.03 * len(samples), rejects
    of_kind = {(spec.chart.kind, spec.chart.language) for spec, outcome in samples if isinstance(outcome, Rendered)}
    assert of_kind == {(kind, language) for kind in KINDS for language in LANGUAGES}


def test_a_picture_has_its_size_and_its_target(pictures: list[tuple[ChartSpec, Rendered]]) -> None:
    for spec, rendered in pictures:
        height, width = rendered.image.shape[:2]
        scale = spec.style.scale
        assert (width, height) == (round(spec.layout.width * scale), round(spec.layout.height * scale))
        assert 480 <= width <= 1500
        assert 0.55 <= width / height <= 2.3
        assert rendered.markup == PyechartsCharts().content_key(spec) == charts.write(target(spec.chart))[0]
        assert charts.check(rendered.markup) is None
        assert rendered.alternates["html"].startswith("<table>")
        assert rendered.smallest_glyph_px >= 8
        assert rendered.contrast >= 3


def test_every_string_of_the_target_has_its_boxes(pictures: list[tuple[ChartSpec, Rendered]]) -> None:
    for spec, rendered in pictures:
        chart = spec.chart
        assert [region.order for region in rendered.regions] == list(range(len(rendered.regions)))
        height, width = rendered.image.shape[:2]
        said: dict[tuple[int, int], set[str]] = {}
        for region in rendered.regions:
            x0, y0, x1, y1 = region.box
            assert 0 <= x0 <= x1 <= width
            assert 0 <= y0 <= y1 <= height
            if region.span == NO_SPAN:
                assert region.kind == "tick"
                continue
            said.setdefault(region.span, set()).add(region.kind)
            shown = rendered.markup[slice(*region.span)]
            assert shown == json.dumps(region.text, ensure_ascii=False)[1:-1]
        texts = {chart.title, chart.source, chart.x_title, chart.y_title, *chart.categories}
        texts |= {series.name for series in chart.series}
        inked = [region.text for region in rendered.regions if region.kind not in ("tick", "value", "bar", "point")]
        for text in texts - {""}:
            assert inked.count(text) == 1, (chart.kind, text)
        num_points = sum(point is not None for series in chart.series for point in series.points)
        marks = [region for region in rendered.regions if region.kind in MARKS]
        assert len(marks) == num_points * {"scatter": 2, "bubble": 3, "box": 5, "candlestick": 4}.get(chart.kind, 1)
        printed = [region for region in rendered.regions if region.kind == "value"]
        assert len(printed) == (num_points if chart.printed else 0)
        assert chart.printed or chart.kind not in ALWAYS_PRINTED


MARKS = ("bar", "point", "slice", "cell", "box", "candle")


def ink_box(pixels: np.ndarray, box: tuple[float, ...], border: int) -> tuple[int, int, int, int] | None:
    """The box of what differs from the colour around a text, looked for a little beyond its box."""
    left, top = max(0, int(box[0]) - border), max(0, int(box[1]) - border)
    patch = pixels[top : int(np.ceil(box[3])) + border, left : int(np.ceil(box[2])) + border].astype(int)
    patch = patch[..., None] if patch.ndim == 2 else patch
    ys, xs = np.nonzero(np.abs(patch - patch[0, 0]).sum(axis=2) > 90)
    return (left + xs.min(), top + ys.min(), left + xs.max() + 1, top + ys.max() + 1) if len(xs) else None


def test_boxes_of_texts_are_tight_around_their_ink(pictures: list[tuple[ChartSpec, Rendered]]) -> None:
    num = 0
    for spec, rendered in pictures:
        for region in rendered.regions:
            # Titles and sources stand alone on the paper; other texts have lines and marks near.
            if region.kind in ("title", "source") or (region.kind == "series" and spec.chart.kind == "heatmap"):
                found = ink_box(rendered.image, region.box, 4)
                assert found is not None, (spec.chart.kind, region)
                assert np.abs(np.array(found) - region.box).max() <= 2, (spec.chart.kind, region, found)
                num += 1
    assert num > 100


def test_boxes_of_bars_are_the_bars(engine: Chromium) -> None:
    spec = plain()
    rendered = kept(engine, spec)
    bars = [region for region in rendered.regions if region.kind == "bar"]
    assert len(bars) == 4
    colours = [np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) for colour in spec.style.colours]
    for region in bars:
        colour = colours[0] if region.text in ("12%", "40%") else colours[1]
        painted = np.abs(rendered.image.astype(int) - colour).max(axis=2) <= 3
        x0, y0, x1, y1 = (round(edge) for edge in region.box)
        assert painted[y0 + 2 : y1 - 2, x0 + 2 : x1 - 2].all()
        assert not painted[y0 + 2 : y1 - 2, x0 - 3].any()
        assert not painted[y0 - 3, x0:x1].any()
    top, height = spec.layout.plot[1], spec.layout.plot[3]
    for region, value in zip(sorted(bars, key=lambda bar: bar.box[0]), (12, 88, 40, 62), strict=True):
        assert region.text == f"{value}%"
        assert region.box[1] == pytest.approx(top + height * (1 - value / 100), abs=1.0)


def plain(**changes: Any) -> ChartSpec:
    """Grouped bars in the plainest of looks; changes are of the chart where it has the field, else of the style."""
    axis = ValueAxis(0.0, 100.0, (0.0, 50.0, 100.0), NumberFormat(suffix="%"))
    chart = Chart(
        kind="grouped_bar",
        language="en",
        title="Harvest of two farms",
        source="Source: the farmers",
        x_title="Year",
        y_title="Share",
        categories=("2019", "2020"),
        series=(Series("North", ((12.0,), (40.0,))), Series("South", ((88.0,), (62.0,)))),
        axes=(axis,),
        printed=False,
    )
    chart = replace(chart, **{key: value for key, value in changes.items() if key in Chart.__struct_fields__})
    style = look()
    style = replace(style, **{key: value for key, value in changes.items() if key in Style.__struct_fields__})
    room = make_room(style, chart.kind)
    return ChartSpec(chart, style, lay_out(chart, style, room))


def look() -> Style:
    style = draw_style(rng_at(0, "look", 0), "en")
    picks = replace(
        style.picks, title_place="left", title_side="top", source_place="bottom-left", legend_place="top-right",
        legend_icon="rect", name_place="middle", value_side="near", bar_gap="30%", bar_radius=0, bar_back=False,
        border_width=0.0, opacity=1.0, gradient="none", hatch="none", bold=False, colour_by="series", line_type="solid",
        symbol="circle", grid_show="none", split_area=False,
    )  # fmt: skip
    return replace(
        style, scale=1.0, target=(640.0, 420.0), families=("Lato",), bold_title=False, em_px=13.0, title_px=18.0,
        source_px=12.0, name_px=13.0, legend_px=13.0, value_px=12.0, background="#ffffff", panel="", ink="#222222",
        soft="#444444", line="#888888", grid="#dddddd", band="#f4f4f4", colours=("#1f77b4", "#ff7f0e"), pad_px=16.0,
        tilt=0, picks=picks,
    )  # fmt: skip


def test_the_plain_chart_is_kept(engine: Chromium) -> None:
    kept(engine, plain())


def title_at(x: float | None, y: float | None) -> Callable[[ChartSpec], ChartSpec]:
    def move(spec: ChartSpec) -> ChartSpec:
        at = (spec.layout.title[0] if x is None else x, spec.layout.title[1] if y is None else y)
        return replace(spec, layout=replace(spec.layout, title=at))

    return move


def on_source(spec: ChartSpec) -> ChartSpec:
    return replace(spec, layout=replace(spec.layout, title=(spec.layout.source[0], spec.layout.source[1] - 6)))


def on_bars(spec: ChartSpec) -> ChartSpec:
    """The title runs from the paper over pale bars, on all of which it can be read; their edges strike it out."""
    left, top, _, height = spec.layout.plot
    return replace(
        title_at(left + 4, top + 0.8 * height)(spec), style=replace(spec.style, colours=("#7fb2e5", "#f2a65a"))
    )


def beyond() -> ChartSpec:
    axis = ValueAxis(0.0, 10.0, (0.0, 5.0, 10.0), NumberFormat())
    return plain(
        kind="scatter",
        categories=(),
        series=(Series("", ((5.0, 5.0), (40.0, 5.0))),),
        axes=(axis, axis),
        colours=("#1f77b4",),
    )


@pytest.mark.parametrize(
    ("reasons", "spec"),
    [
        pytest.param({"font_fallback", "glyph_missing"}, lambda: plain(title="Harvest 收成"), id="font"),
        pytest.param({"font_fallback", "glyph_missing"}, lambda: plain(title="Harvest \ue123"), id="notdef"),
        pytest.param({"text_cut", "text_missing"}, lambda: title_at(600, None)(plain()), id="cut"),
        pytest.param({"text_missing"}, lambda: title_at(None, 5000)(plain()), id="gone"),
        pytest.param({"text_overlap"}, lambda: on_source(plain()), id="overlap"),
        pytest.param({"text_small"}, lambda: plain(source_px=3.0), id="small"),
        pytest.param({"contrast_low"}, lambda: plain(soft="#dddddd"), id="contrast"),
        pytest.param({"colours_close"}, lambda: plain(colours=("#1f77b4", "#2277b4")), id="colours"),
        pytest.param({"mark_cut", "text_cut"}, beyond, id="mark"),
        pytest.param({"text_crossed"}, lambda: on_bars(plain()), id="crossed"),
    ],
)
def test_a_defect_is_told(engine: Chromium, reasons: set[str], spec: Callable[[], ChartSpec]) -> None:
    (outcome,) = render(engine, [spec()])
    assert isinstance(outcome, Rejected)
    assert outcome.reason in reasons, (outcome.reason, outcome.detail)
    assert outcome.detail
    assert outcome.image is not None


def test_text_under_a_mark_is_told(engine: Chromium) -> None:
    # A symbol as large as the plot lies over the ticks.
    picks = replace(look().picks, symbol="rect", symbol_size=420.0)
    series = (Series("", ((50.0,), (50.0,))),)
    (outcome,) = render(engine, [plain(kind="line", series=series, colours=("#1f77b4",), picks=picks)])
    assert isinstance(outcome, Rejected)
    assert outcome.reason in {"text_covered", "contrast_low"}, (outcome.reason, outcome.detail)


def test_a_spec_gives_the_same_bytes_in_any_batch(engine: Chromium) -> None:
    specs = [spec for kind in KINDS[::3] for language in ("en", "zh") for spec in drawn(kind, language, 1)][:12]
    assert len(specs) == 12

    def pngs(outcomes: Sequence[Outcome]) -> list[bytes]:
        return [encode_png(outcome.image) for outcome in outcomes if outcome.image is not None]

    together = pngs(render(engine, specs))
    assert len(together) == 12
    for size in (1, 5):
        parts = [pngs(render(engine, specs[at : at + size])) for at in range(0, 12, size)]
        assert [png for part in parts for png in part] == together
    assert pngs(render(engine, specs[::-1]))[::-1] == together
    with Chromium() as fresh:
        assert pngs(render(fresh, specs)) == together
        assert pngs(render(fresh, specs[5:] + specs[:5])) == together[5:] + together[:5]


def test_missing_points_leave_no_mark_and_no_value(engine: Chromium) -> None:
    spec = plain(series=(Series("North", (None, (40.0,))), Series("South", ((88.0,), (62.0,)))), printed=True)
    rendered = kept(engine, spec)
    assert '"2019":"None"' in rendered.markup
    assert [region.text for region in rendered.regions if region.kind == "value"] == ["40%", "88%", "62%"]
    assert sum(region.kind == "bar" for region in rendered.regions) == 3


def test_a_logarithmic_axis_has_the_ticks_it_was_given(engine: Chromium) -> None:
    axis = ValueAxis(1.0, 10000.0, (1.0, 10.0, 100.0, 1000.0, 10000.0), NumberFormat(thousands=","), log=True)
    spec = plain(series=(Series("North", ((20.0,), (400.0,))), Series("South", ((3.0,), (9000.0,)))), axes=(axis,))
    rendered = kept(engine, spec)
    ticks = {region.text: (region.box[1] + region.box[3]) / 2 for region in rendered.regions if region.kind == "tick"}
    assert list(ticks) == ["10,000", "1,000", "100", "10", "1"]
    bars = {region.text: region.box[1] for region in rendered.regions if region.kind == "bar"}
    top, height = spec.layout.plot[1], spec.layout.plot[3]
    for text, value in (("20", 20), ("400", 400), ("3", 3), ("9,000", 9000)):
        assert bars[text] == pytest.approx(top + height * (1 - np.log10(value) / 4), abs=1.0)


def test_values_of_a_percent_chart_and_negative_ones_stand_where_the_axis_says(engine: Chromium) -> None:
    axis = ValueAxis(-100.0, 100.0, (-100.0, 0.0, 100.0), NumberFormat())
    spec = plain(
        kind="bar", series=(Series("", ((-50.0,), (75.0,))),), axes=(axis,), printed=True, colours=("#1f77b4",)
    )
    rendered = kept(engine, spec)
    below, above = (region for region in rendered.regions if region.kind == "bar")
    top, height = spec.layout.plot[1], spec.layout.plot[3]
    assert below.box[1:4:2] == pytest.approx((top + height * 0.5, top + height * 0.75), abs=1.0)
    assert above.box[1:4:2] == pytest.approx((top + height * 0.125, top + height * 0.5), abs=1.0)
    values = {region.text: region.box for region in rendered.regions if region.kind == "value"}
    assert values["-50"][1] > below.box[3]
    assert values["75"][3] < above.box[1]


def test_turned_labels_keep_doubled_letters(engine: Chromium) -> None:
    for tilt in (30, 45, 60, 90):
        rendered = kept(engine, plain(categories=("Illicit", "Hill 11"), tilt=tilt))
        assert [region.text for region in rendered.regions if region.kind == "category"] == ["Illicit", "Hill 11"]


def test_echarts_that_is_missing_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderers.pyecharts_charts, "_ECHARTS", "echarts/missing.js")
    with Chromium() as fresh, pytest.raises(EngineStartError, match=r"make -C \S+ setup-charts"):
        render(fresh, [plain()])


@pytest.mark.parametrize(
    "knobs",
    [
        {"kinds": {}},
        {"kinds": {"bars": 1.0}},
        {"kinds": {"bar": -1.0}},
        {"languages": {"fr": 1.0}},
        {"printed_frac": 2.0},
    ],
)
def test_knobs_that_leave_nothing_to_draw_are_refused(knobs: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        PyechartsCharts(**knobs)

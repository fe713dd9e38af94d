"""Whatever room a layout leaves: a drawn chart's words fit and can be drawn, and its numbers can be read off."""

import itertools
import math
from collections import Counter
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderers.content import fonts
from renderers.content.charts.data import ALWAYS_PRINTED, KINDS, PART_NAMES, Chart, Kind, Series, ValueAxis, target
from renderers.content.charts.draw import Room, draw_chart
from renderers.content.lexicon import Lexicon
from renderers.labels import charts

PROVE = settings(max_examples=150, deadline=None, derandomize=True)
LANGUAGES = ("en", "zh", "mul")
NO_AXES = ("pie", "donut", "rose", "radar", "funnel")
ACROSS = ("bar", "grouped_bar", "stacked_bar", "percent_bar", "line", "step", "area", "stacked_area", "combo", "box")
TWO_NUMBER_AXES = ("scatter", "bubble")


@st.composite
def rooms(draw: st.DrawFn) -> Room:
    em_px = draw(st.floats(8, 18))
    return Room(
        width_px=em_px * draw(st.floats(22, 90)),
        height_px=em_px * draw(st.floats(13, 60)),
        em_px=em_px,
        families=(draw(st.sampled_from(fonts.families("latin"))), draw(st.sampled_from(fonts.families("han")))),
        title_em=draw(st.floats(14, 50)),
        legend_em=draw(st.floats(20, 90)),
        tilted=draw(st.booleans()),
        max_series=draw(st.integers(2, 8)),
        category_em=draw(st.floats(6, 14)),
    )


@st.composite
def drawn(draw: st.DrawFn, *kinds: Kind) -> tuple[Chart, Room]:
    room = draw(rooms())
    kind, language = draw(st.sampled_from(kinds or KINDS)), draw(st.sampled_from(LANGUAGES))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    return draw_chart(rng, Lexicon.default(), kind, language, room, draw(st.booleans())), room


class Unruly(Lexicon):
    """Words that keep none of their promises."""

    def __init__(self) -> None:
        self.digest = "0" * 64

    def text(self, rng: np.random.Generator, kind: str, language: str, max_em: float) -> str:
        texts = ("", " x", "a\nb", "\U0010ffff", "wide " * 40, "same", "\u200b", "tab\there", "ok")
        return texts[int(rng.integers(len(texts)))]


def words(chart: Chart) -> list[str]:
    headings = [chart.title, chart.source, chart.x_title, chart.y_title]
    return [text for text in (*headings, *chart.categories, *(series.name for series in chart.series)) if text]


def value_axis_px(chart: Chart, room: Room, place: int = 0) -> float:
    if chart.kind == "radar":
        return min(room.width_px, room.height_px) / 2 * 0.72
    across = chart.kind == "barh" or (chart.kind in TWO_NUMBER_AXES and place == 0)
    return room.width_px if across else room.height_px


def frac(axis: ValueAxis, value: float) -> float:
    if axis.log:
        return math.log(value / axis.low) / math.log(axis.high / axis.low)
    return (value - axis.low) / (axis.high - axis.low)


def numbers_by_axis(chart: Chart) -> dict[int, list[float]]:
    """All numbers that are to be read off an axis, by its index."""
    numbers: dict[int, list[float]] = {}
    for series in chart.series:
        for point in series.points:
            for part, value in enumerate(point or ()):
                if chart.kind in TWO_NUMBER_AXES:
                    if part < 2:
                        numbers.setdefault(part, []).append(value)
                else:
                    numbers.setdefault(series.axis, []).append(value)
    return numbers


def single(series: Series) -> list[float | None]:
    return [None if point is None else point[0] for point in series.points]


@PROVE
@given(drawn())
def test_words_differ_are_clean_and_can_be_drawn(pair: tuple[Chart, Room]) -> None:
    chart, room = pair
    texts = words(chart)
    assert len(set(texts)) == len(texts)
    for text in texts:
        assert text == text.strip()
        assert text.isprintable()
        assert fonts.missing_glyph(room.families, text) is None
        assert fonts.missing_glyph(room.families, text, bold=True) is None
    for axis in chart.axes:
        for text in axis.tick_texts():
            assert fonts.missing_glyph(room.families, text) is None


@PROVE
@given(rooms(), st.sampled_from(KINDS), st.integers(0, 2**32), st.booleans())
def test_no_corpus_spoils_a_chart(room: Room, kind: Kind, seed: int, printed: bool) -> None:
    chart = draw_chart(np.random.default_rng(seed), Unruly(), kind, "en", room, printed)
    texts = words(chart)
    assert len(set(texts)) == len(texts)
    assert all(text.isprintable() and text == text.strip() for text in texts)
    assert all(fonts.missing_glyph(room.families, text) is None for text in texts)
    assert charts.check(charts.write(target(chart))[0]) is None


@PROVE
@given(drawn())
def test_words_fit_the_room(pair: tuple[Chart, Room]) -> None:
    chart, room = pair

    def width_em(text: str) -> float:
        return fonts.width_em(room.families, text)

    assert width_em(chart.title) <= room.title_em
    assert width_em(chart.source) <= room.title_em
    assert width_em(chart.x_title) * room.em_px <= room.width_px
    assert width_em(chart.y_title) * room.em_px <= 0.95 * room.height_px
    names = [series.name for series in chart.series if series.name]
    if chart.kind == "heatmap":
        assert len(names) * 1.6 * room.em_px <= room.height_px
        assert all(width_em(name) <= room.category_em for name in names)
    elif names:
        assert len(names) <= room.max_series
        assert sum(width_em(name) + 3 for name in names) <= room.legend_em
    widest, num = max(map(width_em, chart.categories), default=0.0), len(chart.categories)
    if chart.kind in (*ACROSS, "heatmap", "candlestick"):
        if room.tilted:
            assert num * 1.5 * room.em_px <= room.width_px
            assert widest <= room.category_em
        else:
            assert (widest + 1.0) * num * room.em_px <= room.width_px * (1 + 1e-9)
    elif chart.kind == "barh":
        assert num * 1.6 * room.em_px <= room.height_px
        assert widest <= room.category_em
    elif chart.kind in ("pie", "donut", "rose", "funnel"):
        assert sum(width_em(name) + 3 for name in chart.categories) <= room.legend_em + 1e-9
        assert widest <= 0.25 * room.width_px / room.em_px
    if chart.kind in NO_AXES:
        assert chart.x_title == chart.y_title == ""


@PROVE
@given(drawn())
def test_axes_are_nice_and_hold_their_values(pair: tuple[Chart, Room]) -> None:
    chart, room = pair
    held = numbers_by_axis(chart)
    for place, axis in enumerate(chart.axes):
        assert axis.low < axis.high
        assert all(axis.low <= value <= axis.high for value in held[place])
        if chart.kind in ("pie", "donut", "rose", "funnel"):
            continue
        assert axis.ticks[0] == axis.low
        assert axis.ticks[-1] == axis.high
        assert len(set(axis.tick_texts())) == len(axis.ticks)
        gap_px = value_axis_px(chart, room, place) / (len(axis.ticks) - 1)
        if chart.kind != "radar":
            across = chart.kind == "barh" or (chart.kind in TWO_NUMBER_AXES and place == 0)
            widest = max(fonts.width_em(room.families, text) for text in axis.tick_texts())
            assert gap_px >= room.em_px * ((widest + 1) if across else 1.5)
        if axis.log:
            assert all(b == 10 * a for a, b in itertools.pairwise(axis.ticks))
            continue
        assert 3 <= len(axis.ticks) <= 9
        steps = [Decimal(str(b)) - Decimal(str(a)) for a, b in itertools.pairwise(axis.ticks)]
        assert len(set(steps)) == 1
        assert "".join(map(str, steps[0].normalize().as_tuple().digits)) in ("1", "2", "25", "5")
        for tick, text in zip(axis.ticks, axis.tick_texts(), strict=True):
            assert Decimal(str(charts.number(bare(text, axis)))) == Decimal(str(tick)).normalize()
    if chart.kind in ("bar", "barh", "grouped_bar", "area", "stacked_bar", "stacked_area", "percent_bar"):
        assert chart.axes[0].log or chart.axes[0].low <= 0 <= chart.axes[0].high


def bare(text: str, axis: ValueAxis) -> str:
    return text.replace(axis.format.prefix, "", 1).removesuffix(axis.format.suffix)


@PROVE
@given(drawn())
def test_a_ruler_recovers_what_is_not_printed(pair: tuple[Chart, Room]) -> None:
    chart, room = pair
    for place, values in numbers_by_axis(chart).items():
        axis = chart.axes[place]
        for value in values:
            assert charts.number(bare(axis.format.text(value), axis)) == Decimal(str(value)).normalize()
        if chart.printed and chart.kind != "bubble":
            continue
        length_px = value_axis_px(chart, room, place)
        apart = max(1 / 200, 2 / length_px) * (1 - 1e-9)
        if axis.log:
            fracs = sorted({frac(axis, value) for value in values})
            assert all(b - a >= apart for a, b in itertools.pairwise(fracs))
        else:
            units = [round(value * 10**axis.format.decimals) for value in values]
            step = math.gcd(*units) * 10.0**-axis.format.decimals
            assert step >= apart * (axis.high - axis.low)


@PROVE
@given(drawn("bar", "barh", "grouped_bar", "combo"))
def test_bars_can_be_seen_and_their_labels_fit(pair: tuple[Chart, Room]) -> None:
    chart, room = pair
    axis, length_px = chart.axes[0], value_axis_px(chart, room)
    bars = [series for series in chart.series if not series.line]
    ends = [frac(axis, value) for series in bars for value in single(series) if value is not None]
    zero = 0.0 if axis.log else frac(axis, 0.0)
    assert all(abs(end - zero) * length_px >= 3 for end in ends)
    if chart.kind != "combo" or not chart.printed:
        assert max(ends) - min(zero, *ends) >= 0.4
    if chart.printed and chart.kind != "barh":
        slot_px = room.width_px / len(chart.categories) / len(bars) * (0.7 if len(bars) > 1 else 1.0)
        for series in bars:
            for value in single(series):
                if value is not None:
                    assert fonts.width_em(room.families, axis.format.text(value)) * room.em_px <= slot_px
        assert all(length_px * (1 - end) >= 1.3 * room.em_px for end in ends)


@PROVE
@given(drawn("line", "step", "area"))
def test_lines_do_not_hide_each_other(pair: tuple[Chart, Room]) -> None:
    chart, room = pair
    axis, length_px = chart.axes[0], value_axis_px(chart, room)
    least_px = 1.3 * room.em_px if chart.printed else 2.0
    for points in zip(*map(single, chart.series), strict=True):
        at = sorted(frac(axis, value) * length_px for value in points if value is not None)
        assert all(b - a >= least_px for a, b in itertools.pairwise(at))
    for series in chart.series:
        assert series.points[0] is not None
        assert series.points[-1] is not None
    if chart.printed:
        widest = max(fonts.width_em(room.families, axis.format.text(value)) for value in numbers_by_axis(chart)[0])
        assert widest * room.em_px <= room.width_px / len(chart.categories)


@PROVE
@given(drawn("stacked_bar", "percent_bar", "stacked_area"))
def test_segments_of_stacks_can_be_seen(pair: tuple[Chart, Room]) -> None:
    chart, room = pair
    axis = chart.axes[0]
    least_px = 1.3 * room.em_px if chart.printed else 4.0
    for place in range(len(chart.categories)):
        column = [series.points[place] for series in chart.series]
        values = [Decimal(str(point[0])) for point in column if point is not None]
        assert len(values) == len(chart.series) >= 2
        assert all(frac(axis, float(value)) * room.height_px >= least_px for value in values)
        assert sum(values) == 100 if chart.kind == "percent_bar" else sum(values) <= Decimal(str(axis.high))


@PROVE
@given(drawn("pie", "donut"))
def test_slices_are_large_enough_and_percentages_sum_to_100(pair: tuple[Chart, Room]) -> None:
    chart, _ = pair
    values = [Decimal(str(point[0])) for point in chart.series[0].points if point is not None]
    assert 2 <= len(values) <= 9
    assert min(values) / sum(values) >= Decimal("0.03")
    if chart.axes[0].format.suffix == "%":
        assert sum(values) == 100


@PROVE
@given(drawn("funnel"))
def test_funnels_fall(pair: tuple[Chart, Room]) -> None:
    values = [point[0] for point in pair[0].series[0].points if point is not None]
    assert all(a > b for a, b in itertools.pairwise(values))
    assert values[-1] > 0


@PROVE
@given(drawn("box"))
def test_the_lines_of_boxes_are_apart(pair: tuple[Chart, Room]) -> None:
    chart, room = pair
    for point in chart.series[0].points:
        assert point is not None
        at = [frac(chart.axes[0], value) * room.height_px for value in point]
        assert all(b - a >= 4 for a, b in itertools.pairwise(at))


@PROVE
@given(drawn("candlestick"))
def test_candles_have_bodies(pair: tuple[Chart, Room]) -> None:
    chart, room = pair
    for point in chart.series[0].points:
        assert point is not None
        opened, closed, low, high = (frac(chart.axes[0], value) * room.height_px for value in point)
        assert abs(opened - closed) >= 3
        assert low <= min(opened, closed)
        assert high >= max(opened, closed)


@PROVE
@given(drawn("scatter"))
def test_no_dot_hides_another(pair: tuple[Chart, Room]) -> None:
    chart, room = pair
    dots = [
        (frac(chart.axes[0], point[0]) * room.width_px, frac(chart.axes[1], point[1]) * room.height_px)
        for series in chart.series
        for point in series.points
        if point is not None
    ]
    assert all(math.dist(a, b) >= 6 for a, b in itertools.combinations(dots, 2))
    for series in chart.series:
        assert len(series.points) >= 2
        xs = [chart.axes[0].format.text(point[0]) for point in series.points if point is not None]
        assert len(set(xs)) == len(xs)


@PROVE
@given(drawn("bubble"))
def test_texts_of_bubbles_are_apart(pair: tuple[Chart, Room]) -> None:
    chart, room = pair
    assert chart.size_format is not None
    blocks = []
    for name, point in zip(chart.categories, chart.series[0].points, strict=True):
        assert point is not None
        texts = (name, chart.size_format.text(point[2]))
        half_px = max(fonts.width_em(room.families, text) for text in texts) / 2 * room.em_px
        x, y = frac(chart.axes[0], point[0]) * room.width_px, frac(chart.axes[1], point[1]) * room.height_px
        assert half_px <= x <= room.width_px - half_px
        blocks.append((x, y, half_px))
    assert len(blocks) >= 2
    for (ax, ay, a_half), (bx, by, b_half) in itertools.combinations(blocks, 2):
        assert abs(ax - bx) >= a_half + b_half or abs(ay - by) >= 2.6 * room.em_px


@PROVE
@given(drawn())
def test_a_target_can_be_written_and_read(pair: tuple[Chart, Room]) -> None:
    chart, _ = pair
    text, _ = charts.write(target(chart))
    assert charts.check(text) is None
    num_points = sum(len(series.points) for series in chart.series)
    num_parts = len(PART_NAMES.get(chart.kind, ("value",)))
    assert len(list(charts.leaves(charts.read(text)["values"]))) == num_points * num_parts
    assert chart.printed or chart.kind not in ALWAYS_PRINTED


@pytest.mark.parametrize("kind", KINDS)
def test_even_a_room_too_small_for_a_chart_gets_one(kind: Kind) -> None:
    for index in range(20):
        rng = np.random.default_rng(index)
        width_px, height_px = rng.uniform(40.0, 160.0, 2).tolist()
        room = Room(width_px, height_px, 14.0, ("Lato", "Noto Sans CJK SC"), legend_em=8.0, title_em=3.0, max_series=1)
        chart = draw_chart(rng, Lexicon.default(), kind, LANGUAGES[index % 3], room, index % 2 == 0)
        assert charts.check(charts.write(target(chart))[0]) is None


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_numbers_draw_the_same_chart(kind: Kind) -> None:
    room = Room(600.0, 400.0, 12.0, ("Lato", "Noto Sans CJK SC"))
    first, second = (draw_chart(np.random.default_rng(7), Lexicon.default(), kind, "mul", room, True) for _ in range(2))
    assert first == second


def test_charts_are_as_varied_as_promised() -> None:
    room = Room(640.0, 420.0, 12.0, ("Lato", "Noto Sans CJK SC"))
    counts: Counter[str] = Counter()
    kinds: tuple[Kind, ...] = ("bar", "line", "grouped_bar", "barh", "step")
    num = 1500
    for index in range(num):
        kind = kinds[index % 5]
        chart = draw_chart(np.random.default_rng(index), Lexicon.default(), kind, LANGUAGES[index % 3], room, False)
        counts["title"] += bool(chart.title)
        counts["source"] += bool(chart.source)
        counts["x_title"] += bool(chart.x_title)
        counts["log"] += chart.axes[0].log
        counts["signed"] += chart.axes[0].low < 0
        counts["missing"] += any(None in series.points for series in chart.series)
        counts["suffix"] += bool(chart.axes[0].format.suffix)
        counts[chart.axes[0].format.thousands or "plain"] += 1
    shares = {what: count / num for what, count in counts.items()}
    assert 0.90 <= shares["title"] <= 0.96
    assert 0.34 <= shares["source"] <= 0.46
    assert 0.64 <= shares["x_title"] <= 0.76
    assert 0.05 <= shares["log"] <= 0.12
    assert 0.08 <= shares["signed"] <= 0.16
    assert 0.02 <= shares["missing"] <= 0.09
    assert 0.1 <= shares["suffix"] <= 0.5
    assert min(shares[","], shares[" "], shares["'"]) > 0.01

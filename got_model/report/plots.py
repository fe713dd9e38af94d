"""Plots of a report as SVG that takes its colours from the page: a curve of training, a distribution of scores."""

import math
from collections.abc import Sequence

import msgspec
from markupsafe import Markup

_WIDTH, _HEIGHT = 560, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 12, 34
_NUM_BARS = 20


class Curve(msgspec.Struct, frozen=True):
    """Points (x, y) of one line, in the order of x.

    Attributes:
        name: what y is.
        x_name: what x is, such as `step`.
        points: (x, y) of each point: x in units of `x_name`, y in those of `name`.
    """

    name: str
    x_name: str
    points: tuple[tuple[float, float], ...]


def curve_svg(curve: Curve) -> Markup:
    """A line with its axes; points that are no numbers are gaps."""
    finite = [point for point in curve.points if all(map(math.isfinite, point))]
    if len(finite) < 2:
        return Markup()
    xs, ys = _ticks([x for x, _ in finite]), _ticks([*(y for _, y in finite), 0.0])
    to_x, to_y = _scale(xs, _LEFT, _WIDTH - _RIGHT), _scale(ys, _HEIGHT - _BOTTOM, _TOP)
    pieces = [_axes(xs, ys, curve.x_name)]
    line: list[str] = []
    for x, y in (*curve.points, (math.nan, math.nan)):
        if math.isfinite(x) and math.isfinite(y):
            line.append(f"{to_x(x):.1f},{to_y(y):.1f}")
        elif line:
            pieces.append(Markup('<polyline class="line" points="{}"/>').format(" ".join(line)))
            line = []
    last_x, last_y = finite[-1]
    pieces.append(Markup('<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="3"/>').format(to_x(last_x), to_y(last_y)))
    return _svg(pieces, f"{curve.name}: {last_y:.4g} at the end")


def distribution_svg(values: Sequence[float], name: str) -> Markup:
    """How many samples have which score, 0..1, in twenty steps."""
    counts = [0] * _NUM_BARS
    for value in values:
        counts[min(_NUM_BARS - 1, int(value * _NUM_BARS))] += 1
    xs, ys = [at / 5 for at in range(6)], _ticks([0.0, float(max(counts))])
    to_x, to_y = _scale(xs, _LEFT, _WIDTH - _RIGHT), _scale(ys, _HEIGHT - _BOTTOM, _TOP)
    pieces = [_axes(xs, ys, name)]
    bar = Markup('<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>')
    for at, count in enumerate(counts):
        if count:
            left, right = to_x(at / _NUM_BARS) + 1, to_x((at + 1) / _NUM_BARS) - 1
            # A single sample among thousands is still to be seen.
            top = min(to_y(count), to_y(0) - 1.5)
            label = f"{at / _NUM_BARS:.2f} to {(at + 1) / _NUM_BARS:.2f}: {count}"
            pieces.append(bar.format(left, top, right - left, to_y(0) - top, label))
    return _svg(pieces, f"Distribution of {name}")


def bar_svg(share: float) -> Markup:
    """A share, 0..1, as a short bar for a cell of a table."""
    bar = Markup(
        '<svg class="share" viewBox="0 0 60 8" aria-hidden="true"><rect class="rail" width="60" height="8" rx="2"/>'
        '<rect class="bar" width="{:.1f}" height="8" rx="2"/></svg>'
    )
    return bar.format(60 * share)


def _svg(pieces: Sequence[Markup], label: str) -> Markup:
    head = Markup('<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(_WIDTH, _HEIGHT, label)
    return head + Markup().join(pieces) + Markup("</svg>")


def _axes(xs: Sequence[float], ys: Sequence[float], x_name: str) -> Markup:
    to_x, to_y = _scale(xs, _LEFT, _WIDTH - _RIGHT), _scale(ys, _HEIGHT - _BOTTOM, _TOP)
    line = Markup('<path class="grid" d="M{} {:.1f}H{}"/>')
    text = Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>')
    pieces = [line.format(_LEFT, to_y(y), _WIDTH - _RIGHT) for y in ys]
    pieces += [text.format(_LEFT - 8, to_y(y) + 4, "end", _tick_text(y)) for y in ys]
    pieces += [text.format(to_x(x), _HEIGHT - 16, "middle", _tick_text(x)) for x in xs]
    return Markup().join([*pieces, text.format((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 1, "middle", x_name)])


def _scale(ticks: Sequence[float], low: float, high: float) -> "_Scale":
    return _Scale(ticks[0], ticks[-1], low, high)


class _Scale(msgspec.Struct, frozen=True):
    """Takes a value between the ends of an axis to its position in the plot, in px.

    Attributes:
        first, last: ends of the axis, in units of the values.
        low, high: where they lie in the picture, in px.
    """

    first: float
    last: float
    low: float
    high: float

    def __call__(self, value: float) -> float:
        return self.low + (value - self.first) / (self.last - self.first) * (self.high - self.low)


def _ticks(values: Sequence[float]) -> list[float]:
    """Round numbers, four to eight, from at most the smallest to at least the largest value."""
    low, high = min(values), max(values)
    rough = (high - low) / 5 or abs(high) / 5 or 0.2
    ten = 10 ** math.floor(math.log10(rough))
    step = next(factor * ten for factor in (1, 2, 5, 10) if factor * ten >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [at * step for at in range(first, max(last, first + 1) + 1)]


def _tick_text(value: float) -> str:
    for size, suffix in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if suffix == 'k' else size):.4g}{suffix}"
    return f"{value:.4g}"

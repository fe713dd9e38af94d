"""Placeholder figures as SVG. They have no text, since that would be on the page and not in the target."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import cos, pi, sin

from renderers.content.pages.page import Figure

_SIDE = 400.0
"""Width of the viewBox, SVG user units."""


def svg_of(figure: Figure) -> str:
    """The figure as an SVG element."""
    height = _SIDE * figure.aspect
    body = "".join(_DRAW[figure.kind](figure.numbers, figure.colours, height))
    size = f"width:{figure.width_frac * 100:g}%;aspect-ratio:{1 / figure.aspect:.4f}"
    return f'<svg class="figure" viewBox="0 0 {_SIDE:g} {height:.1f}" style="{size}">{body}</svg>'


def _axes(height: float) -> str:
    return f'<path d="M30 10V{height - 20:.1f}H{_SIDE - 8:g}" fill="none" stroke="#333" stroke-width="1.5"/>'


def _bars(numbers: Sequence[float], colours: Sequence[str], height: float) -> Iterator[str]:
    num = 3 + int(numbers[0] * 9)
    step = (_SIDE - 50) / num
    for at in range(num):
        tall = (height - 40) * (0.1 + 0.9 * numbers[at + 1])
        x, y = 36 + at * step, height - 20 - tall
        colour = colours[at % 2 if numbers[-1] < 0.4 else 0]
        yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{step * 0.7:.1f}" height="{tall:.1f}" fill="{colour}"/>'
    yield _axes(height)


def _curves(numbers: Sequence[float], colours: Sequence[str], height: float) -> Iterator[str]:
    for line in range(1 + int(numbers[0] * 3)):
        start, swing, turns, lean = numbers[1 + line * 4 : 5 + line * 4]
        points = []
        for at in range(41):
            share = at / 40
            value = 0.25 + 0.5 * (start * (1 - share) + lean * share) + 0.22 * swing * sin(2 * pi * turns * 3 * share)
            points.append(f"{34 + share * (_SIDE - 46):.1f},{(height - 24) * (1 - value) + 4:.1f}")
        dash = ' stroke-dasharray="7 4"' if line == 1 and numbers[-1] < 0.5 else ""
        yield f'<polyline points="{" ".join(points)}" fill="none" stroke="{colours[line]}" stroke-width="2"{dash}/>'
    yield _axes(height)


def _points(numbers: Sequence[float], colours: Sequence[str], height: float) -> Iterator[str]:
    for at in range(0, 22, 1):
        x = 40 + numbers[at] * (_SIDE - 60)
        y = 12 + numbers[(at * 7 + 3) % 24] * (height - 42)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3 + 3 * numbers[-1]:.1f}" fill="{colours[at % 2]}"/>'
    yield _axes(height)


def _pie(numbers: Sequence[float], colours: Sequence[str], height: float) -> Iterator[str]:
    num = 3 + int(numbers[0] * 2)
    shares = [0.2 + number for number in numbers[1 : 1 + num]]
    radius, angle = height / 2 - 8, 2 * pi * numbers[-1]
    for at, share in enumerate(shares):
        turn = 2 * pi * share / sum(shares)
        ends = [(_SIDE / 2 + radius * cos(a), height / 2 + radius * sin(a)) for a in (angle, angle + turn)]
        (x0, y0), (x1, y1) = ends
        arc = f"A{radius:.1f} {radius:.1f} 0 {int(turn > pi)} 1 {x1:.1f} {y1:.1f}"
        path = f"M{_SIDE / 2:g} {height / 2:.1f}L{x0:.1f} {y0:.1f}{arc}Z"
        yield f'<path d="{path}" fill="{colours[at % 4]}" stroke="#fff" stroke-width="1.5"/>'
        angle += turn


def _diagram(numbers: Sequence[float], colours: Sequence[str], height: float) -> Iterator[str]:
    num = 3 + int(numbers[0] * 3)
    across, down = _SIDE / num * 0.55, height * 0.3
    centres = [
        ((at + 0.5) * _SIDE / num, height * (0.2 + 0.6 * numbers[at + 1])) for at in range(num)
    ]  # fmt: skip
    for (x0, y0), (x1, y1) in pairwise(centres):
        yield f'<path d="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}" stroke="#444" stroke-width="1.5" fill="none"/>'
    for at, (x, y) in enumerate(centres):
        look = f'fill="{colours[at % 4]}" fill-opacity="0.35" stroke="#333" stroke-width="1.5"'
        if numbers[at + 8] < 0.5:
            corner = f'x="{x - across / 2:.1f}" y="{y - down / 2:.1f}" width="{across:.1f}" height="{down:.1f}"'
            yield f"<rect {corner} {look}/>"
        else:
            yield f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{across / 2:.1f}" ry="{down / 2:.1f}" {look}/>'


def _texture(numbers: Sequence[float], colours: Sequence[str], height: float) -> Iterator[str]:
    yield f'<rect width="{_SIDE:g}" height="{height:.1f}" fill="{colours[0]}"/>'
    for at in range(18):
        x, y = numbers[at] * _SIDE, numbers[(at * 5 + 2) % 24] * height
        radius = 12 + 70 * numbers[(at * 11 + 1) % 24]
        x, y = min(max(x, radius), _SIDE - radius), min(max(y, radius), max(radius, height - radius))
        radius = min(radius, height / 2)
        look = f'fill="{colours[at % 3 + 1]}" fill-opacity="{0.15 + 0.35 * numbers[(at + 7) % 24]:.2f}"'
        yield f'<circle cx="{x:.1f}" cy="{min(y, height - radius):.1f}" r="{radius:.1f}" {look}/>'


_DRAW = {
    "bars": _bars,
    "curves": _curves,
    "points": _points,
    "pie": _pie,
    "diagram": _diagram,
    "texture": _texture,
}

"""Geometry by TikZ: every kind, the quick ink against TikZ's own, boxes against ink, proofs that fire."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from renderers.content.geometry.draw import KINDS, Kind
from renderers.core.corpora import Corpora
from renderers.core.errors import ConfigError
from renderers.core.renderer import Outcome, Rejected, Rendered
from renderers.core.rng import rng_at
from renderers.drawing.tikz_geometry.ink import plainly, quickly
from renderers.engines.tex import Tex, TexPage
from renderers.labels.tikz import grammar as tikz
from renderers.tikz_geometry import FigureSpec, TikzGeometry, preamble

replace = msgspec.structs.replace
NUM = 8


@pytest.fixture(scope="module")
def engine() -> Iterator[Tex]:
    with Tex() as engine:
        yield engine


def drawn(kind: Kind, num: int, seed: int = 3) -> list[FigureSpec]:
    renderer = TikzGeometry(kinds={kind: 1.0})
    corpora = Corpora(renderer.corpora(), "train")
    return [renderer.draw(rng_at(seed, kind, index), corpora) for index in range(num)]


@pytest.fixture(scope="module")
def samples(engine: Tex) -> list[tuple[FigureSpec, Outcome]]:
    specs = [spec for kind in KINDS for spec in drawn(kind, NUM)]
    return list(zip(specs, TikzGeometry().render(engine, specs), strict=True))


@pytest.fixture(scope="module")
def pictures(samples: list[tuple[FigureSpec, Outcome]]) -> list[tuple[FigureSpec, Rendered]]:
    return [(spec, outcome) for spec, outcome in samples if isinstance(outcome, Rendered)]


def test_every_kind_is_kept(samples: list[tuple[FigureSpec, Outcome]]) -> None:
    rejects = [(spec.kind, one.reason, one.detail) for spec, one in samples if isinstance(one, Rejected)]
    assert len(rejects) <= 0.03 * len(samples), rejects
    assert {spec.kind for spec, one in samples if isinstance(one, Rendered)} == set(KINDS)


def test_the_quick_ink_is_what_tikz_draws(engine: Tex) -> None:
    specs = [spec for kind in KINDS for spec in drawn(kind, 4, seed=9)]
    bodies = []
    for spec in specs:
        placed = [(one, spec.markup[slice(*span)]) for one, span in tikz.read_placed(spec.markup)]
        bodies += [quickly(placed, spec.style, spec.box), plainly(spec.markup, spec.style, spec.box)]
    with engine.typeset(preamble(), bodies) as sheets:
        for spec, quick, plain in zip(specs, sheets[::2], sheets[1::2], strict=True):
            mine, theirs = (ink_of(sheet, spec.style.dpi) for sheet in (quick, plain))
            assert mine.shape == theirs.shape
            apart = np.abs(mine.astype(int) - theirs.astype(int))
            # A tenth of a px of difference in a line's place is a grey level or two along it.
            assert apart.mean() < 0.25, (spec.kind, apart.mean())
            assert (apart > 96).mean() < 0.0005, (spec.kind, (apart > 96).mean(), spec.markup)


def ink_of(sheet: object, dpi: int) -> np.ndarray:
    assert isinstance(sheet, TexPage), sheet
    width, height = (round(length * dpi / 72) for length in sheet.size_pt)
    with sheet.page(width, height) as page:
        return page.pixels()


def test_a_target_compiles_alone(pictures: list[tuple[FigureSpec, Rendered]], tmp_path: Path) -> None:
    """With stock LaTeX and nothing of ours; one of each kind."""
    one_each = {spec.kind: rendered.markup for spec, rendered in pictures}
    libraries = "".join(rf"\usetikzlibrary{{{library}}}" for library in tikz.LIBRARIES)
    pages = "\n\\clearpage\n".join(one_each.values())
    source = rf"\documentclass{{article}}\usepackage{{tikz}}{libraries}\begin{{document}}{pages}\end{{document}}"
    (tmp_path / "alone.tex").write_text(source, encoding="utf-8")
    call = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "alone.tex"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-800:]
    assert f"({len(KINDS)} pages" in done.stdout
    assert "Missing character" not in done.stdout


def test_a_box_lies_on_the_ink_of_what_it_names(pictures: list[tuple[FigureSpec, Rendered]]) -> None:
    num = 0
    for spec, rendered in pictures:
        assert tikz.check(rendered.markup) is None
        assert rendered.smallest_glyph_px >= 8
        paper = np.array(spec.style.paper)
        spans = [span for span, _ in tikz.inked_spans(rendered.markup)]
        assert [region.span for region in rendered.regions] == spans
        for region in rendered.regions:
            x0, y0, x1, y1 = (round(edge) for edge in region.box)
            patch = rendered.image[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)].astype(int)
            assert (np.abs(patch - paper).sum(axis=-1) > 20).any(), (spec.kind, region)
            if region.kind == "text":
                # Tight: the paper begins right outside.
                around = rendered.image[y0 - 2 : y1 + 2, x0 - 2 : x1 + 2].astype(int).sum(axis=2)
                ring = np.concatenate([around[0], around[-1], around[:, 0], around[:, -1]])
                assert ring.max() - ring.min() < 400, (spec.kind, region)
                num += 1
    assert num > 200


def plain(statements: str) -> FigureSpec:
    spec = drawn("triangle", 1)[0]
    style = replace(spec.style, font="normal", size_pt=10.0, unit_pt=20.0, line_pt=0.4, paper=(255, 255, 255), dpi=150)
    markup = tikz.normalize(f"\\begin{{tikzpicture}}\n{statements}\n\\end{{tikzpicture}}")
    return FigureSpec("triangle", markup, (-1.0, -1.0, 9.0, 6.0), style)


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        (r"\draw (0,0)--(8,0); \node at (4,0.1) {$A$};", "text_crossed"),
        (r"\draw (0,0)--(8,0); \node at (4,3) {$A$}; \node at (4.2,3.1) {$A$};", "text_overlap"),
        (r"\draw (0,0)--(8,0); \node at (4,3) {$A$}; \node at (4.39,3) {$B$};", "text_crossed"),
        (r"\draw (0,0)--(8,0); \node at (9.6,3) {$A$};", "text_cut"),
        (r"\draw (0,0)--(11,0);", "figure_cut"),
        (r"\draw[white] (0,0)--(8,0); \node at (4,3) {$A$};", "line_missing"),
        (r"\draw (3.9,3)--(4.1,3); \node[fill=white,inner sep=1.5pt] at (4,3) {$M$};", "line_hidden"),
        (r"\draw (0,0)--(8,0); \node at (4,3) {$\undefined$};", "tex_error"),
    ],
)
def test_proofs_fire(engine: Tex, statements: str, reason: str) -> None:
    good, bad = TikzGeometry().render(engine, [plain(r"\draw (0,0)--(8,0); \node at (4,1) {$A$};"), plain(statements)])
    assert isinstance(good, Rendered)
    assert isinstance(bad, Rejected), bad
    assert bad.reason == reason, bad.detail


def test_knobs_that_leave_nothing_are_refused() -> None:
    for kinds in ({}, {"triangle": 0.0}, {"triangle": -1.0}, {"teapot": 1.0}):
        with pytest.raises(ConfigError):
            TikzGeometry(kinds=kinds)  # type: ignore[arg-type]


def test_drawing_is_quick_and_plain_data() -> None:
    for kind in KINDS:
        spec = drawn(kind, 1)[0]
        assert msgspec.convert(json.loads(msgspec.json.encode(spec)), FigureSpec) == spec
        assert TikzGeometry().content_key(spec) == spec.markup

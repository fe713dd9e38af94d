"""`make bench`: the measured table. Ratios in one run on one machine; kept samples, everything included.

Ours: draw, render, proof, PNG, Parquet, by the worker of a real run. Naive: what a user's own script does for the same
charts, written to PNG files, without boxes, proof or draws. Blocks of both alternate, so that a slow minute of the
machine hits both.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from pipelines.plan import Shard
from pipelines.recipe import Part, Recipe
from pipelines.run import DEADLINE_S, Machine, render
from pipelines.work import Session
from pipelines.worker import Order, Worker
from renderers.core.corpora import Corpora
from renderers.core.image import encode_png, shrink_to_grey
from renderers.core.registry import make_renderer
from renderers.core.renderer import AnyRenderer, Outcome, Rendered
from renderers.core.rng import rng_at
from renderers.effects.mix import Effects
from tests.bench import encoder, floor, naive_documents, naive_mathpix, naive_matplotlib, naive_pyecharts, naive_tex
from tests.bench.naive_browser import NaiveBrowser

_Script = Callable[[NaiveBrowser, Any], bytes]

_BLOCKS = 3

_WARM_DRAWS = 3000
"""Before a draw is timed: caches of widths, contrasts and the like are full after a minute of a worker's life."""

_ROWS_OF_WORKERS = 8
"""Times `--rows`: the start of a worker's browser must not count for much."""

_WANTED = {
    "matplotlib_charts": 2.5,
    "pyecharts_charts": 25.0,
    "latex_formulas": 50.0,
    "mathpix_formulas": 25.0,
    "mathpix_molecules": 25.0,
    "mathpix_pages": 10.0,
    "html_documents": 10.0,
    "html_lines": 100.0,
    "latex_tables": 15.0,
    "tikz_geometry": 15.0,
}
"""Renderer -> least ratio to its naive script."""

_DEGRADED = ("mathpix_pages", "html_documents")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument(
        "--rows", type=int, default=300, help="rows of ours in each measurement, at least a batch of the renderer"
    )
    parser.add_argument("--naive", type=int, default=40, help="charts of the naive script in each measurement")
    parser.add_argument(
        "--memory", type=int, default=0, help="also render so many charts of each part, watching memory"
    )
    parser.add_argument(
        "--only", nargs="*", default=[*_WANTED], choices=[*_WANTED], help="measure these renderers alone"
    )
    parser.add_argument("--no-mill", action="store_true", help="leave out the mill's overhead and the workers")
    chosen = parser.parse_args()
    table = Table("what", "ours", "against", "ratio", "wanted")
    figures: dict[str, Any] = {}
    with (
        tempfile.TemporaryDirectory(prefix="glyphmill-bench-") as folder,
        _browser() as in_browser,
    ):
        naive: dict[str, Callable[[Any], bytes]] = {
            "matplotlib_charts": naive_matplotlib.render_naive,
            "pyecharts_charts": in_browser(naive_pyecharts.naive_chart),
            "latex_formulas": naive_tex.naive_formula,
            "mathpix_formulas": in_browser(naive_mathpix.naive_formula),
            "mathpix_molecules": in_browser(naive_mathpix.naive_molecule),
            "mathpix_pages": in_browser(naive_documents.naive_page),
            "html_documents": in_browser(naive_documents.naive_document),
            "html_lines": in_browser(naive_documents.naive_line),
            "latex_tables": naive_tex.naive_table,
            "tikz_geometry": naive_tex.naive_figure,
        }
        for name, least in _WANTED.items():
            if name in chosen.only:
                figures[name] = _against_naive(table, name, naive[name], least, chosen, Path(folder))
        for name in _DEGRADED:
            if name in chosen.only:
                figures[f"{name} degraded"] = _degraded(table, name, chosen.rows, Path(folder))
        if "html_documents" in chosen.only:
            figures["floor"] = floor.add_rows(table)
        if not chosen.no_mill:
            figures["mill"] = _mill(table, chosen.rows, Path(folder))
            figures["workers"] = _workers(table, chosen.rows, Path(folder))
            figures["encoder"] = encoder.add_rows(table)
        if chosen.memory:
            figures["memory"] = _memory(table, chosen.memory, Path(folder))
    Console(width=110).print(table)
    Console(soft_wrap=True).print_json(json.dumps(figures))


@contextmanager
def _browser() -> Iterator[Callable[[_Script], Callable[[Any], bytes]]]:
    """A browser for naive scripts, in a thread of its own: Playwright allows one driver a thread."""
    with ThreadPoolExecutor(1) as thread:
        browser = thread.submit(NaiveBrowser().__enter__).result()
        try:
            yield lambda script: partial(_in_thread, thread, script, browser)
        finally:
            thread.submit(browser.__exit__, None, None, None).result()


def _in_thread(thread: ThreadPoolExecutor, script: _Script, browser: NaiveBrowser, spec: Any) -> bytes:
    return thread.submit(script, browser, spec).result()


def _recipe(*names: str) -> Recipe:
    return Recipe("bench", tuple(Part(make_renderer(name, {})) for name in names), seed=1)


def _least_rows(renderer: AnyRenderer, rows: int) -> int:
    """A shard holds at least one batch; its rows are those indices that are in its split."""
    return max(rows, renderer.batch * 32 // 30)


def _against_naive(
    table: Table, name: str, naive: Callable[[Any], bytes], least: float, chosen: argparse.Namespace, folder: Path
) -> dict[str, float]:
    """Kept samples a second, ours and the naive script's, in alternating blocks; and the cores that each keeps busy."""
    renderer = make_renderer(name, {})
    rows = _least_rows(renderer, chosen.rows)
    ours_s, naive_s, draw_s = [], [], []
    cores: dict[str, list[float]] = {"ours": [], "naive": []}
    with Worker(Order(_recipe(name).plain(), str(folder / name), DEADLINE_S)) as worker:
        worker.make(Shard(name, "train", 0, 60), "warm")
        corpora = Corpora(renderer.corpora(), "train")
        for at in range(_WARM_DRAWS):
            renderer.draw(rng_at(3, name, at), corpora)
        for block in range(_BLOCKS):
            start = 1000 + block * rows
            started, busy_s = time.perf_counter(), _busy_s()
            receipt = worker.make(Shard(name, "train", start, start + rows), f"{block}")
            took_s = time.perf_counter() - started
            cores["ours"].append((_busy_s() - busy_s) / took_s)
            ours_s.append(took_s / receipt.rows)
            started = time.perf_counter()
            specs = [renderer.draw(rng_at(2, name, start + at), corpora) for at in range(300)]
            draw_s.append((time.perf_counter() - started) / len(specs))
            started, busy_s = time.perf_counter(), _busy_s()
            for at, spec in enumerate(specs[: chosen.naive]):
                (folder / f"naive-{at}.png").write_bytes(naive(spec))
            took_s = time.perf_counter() - started
            cores["naive"].append((_busy_s() - busy_s) / took_s)
            naive_s.append(took_s / chosen.naive)
    own_cores, their_cores = median(cores["ours"]), median(cores["naive"])
    ours, theirs, draw_ms = 1 / median(ours_s), 1 / median(naive_s), median(draw_s) * 1e3
    table.add_row(
        f"{name}: kept samples/s/process",
        f"{ours:.1f} ({own_cores:.1f} cores)",
        f"{theirs:.2f} naive ({their_cores:.1f})",
        f"{ours / theirs:.1f} x",
        f">= {least} x",
    )
    table.add_row(f"{name}: draw", f"{draw_ms:.2f} ms", "", "", "< 2 ms" if "charts" in name else "< 5 ms")
    return {
        "per_s": ours,
        "naive_per_s": theirs,
        "ratio": ours / theirs,
        "draw_ms": draw_ms,
        "cores": own_cores,
        "naive_cores": their_cores,
    }


def _degraded(table: Table, name: str, rows: int, folder: Path) -> dict[str, float]:
    """Kept samples a second with the default mix of effects against clean ones, in alternating blocks."""
    renderer = make_renderer(name, {})
    rows = _least_rows(renderer, rows)
    recipes = {
        kind: Recipe("bench", (Part(renderer, effects=effects),), seed=1)
        for kind, effects in (("clean", None), ("degraded", Effects()))
    }
    seconds: dict[str, list[float]] = {kind: [] for kind in recipes}
    for block in range(_BLOCKS):
        for kind, recipe in recipes.items():
            with Worker(Order(recipe.plain(), str(folder / f"{name}-{kind}-{block}"), DEADLINE_S)) as worker:
                worker.make(Shard(name, "train", 0, 60), "warm")
                started = time.perf_counter()
                receipt = worker.make(Shard(name, "train", 1000, 1000 + rows), "a")
                seconds[kind].append((time.perf_counter() - started) / receipt.rows)
    clean_s, degraded_s = median(seconds["clean"]), median(seconds["degraded"])
    table.add_row(
        f"{name}: with the default effects",
        f"{1 / degraded_s:.1f}",
        f"{1 / clean_s:.1f} clean",
        f"1 / {degraded_s / clean_s:.2f}",
        ">= 1 / 3",
    )
    return {"clean_per_s": 1 / clean_s, "degraded_per_s": 1 / degraded_s, "ratio": degraded_s / clean_s}


def _mill(table: Table, rows: int, folder: Path) -> dict[str, float]:
    """What the mill adds to draw, render and PNG, which are the renderer's own: splits, proof, Parquet, digests."""
    figures = {}
    for name in ("matplotlib_charts", "pyecharts_charts"):
        renderer = make_renderer(name, {})
        with Worker(Order(_recipe(name).plain(), str(folder / f"mill-{name}"), DEADLINE_S)) as worker:
            worker.make(Shard(name, "train", 0, rows), "warm")
            with Session(_recipe(name)) as session:
                _make_bare(session, renderer, rows)
                bare_s, whole_s = [], []
                for block in range(_BLOCKS):
                    started = time.perf_counter()
                    kept = _make_bare(session, renderer, rows)
                    bare_s.append((time.perf_counter() - started) / kept)
                    started = time.perf_counter()
                    receipt = worker.make(Shard(name, "train", 0, rows), f"again{block}")
                    whole_s.append((time.perf_counter() - started) / receipt.rows)
        share = median(whole_s) / median(bare_s) - 1
        figures[name] = share
        table.add_row(
            f"{name}: mill beyond draw, render, PNG",
            f"{median(whole_s) * 1e3:.1f} ms",
            f"{median(bare_s) * 1e3:.1f} ms",
            f"+{share:.1%}",
            "< 10 %",
        )
    return figures


def _render(renderer: AnyRenderer, specs: Sequence[Any], engine: Any) -> list[Outcome]:
    return renderer.render(engine, specs)


def _make_bare(session: Session, renderer: AnyRenderer, rows: int) -> int:
    specs = [session.draw(session.recipe.parts[0], "train", index, 0) for index in range(rows)]
    kept = 0
    for at in range(0, len(specs), renderer.batch):
        batch = specs[at : at + renderer.batch]
        outcomes = session.pool(renderer).run(partial(_render, renderer, batch), len(batch))
        for outcome in outcomes:
            if isinstance(outcome, Rendered):
                encode_png(shrink_to_grey(outcome.image))
                kept += 1
    return kept


def _workers(table: Table, rows: int, folder: Path) -> dict[str, float]:
    """Two workers on Ray against one: rows a second between the first and the last commit, start of Ray left out."""
    speed, cores = {}, {}
    for workers in (1, 2):
        out = folder / f"workers-{workers}"
        started, busy = time.perf_counter(), _busy_s()
        recipe = _recipe("matplotlib_charts", "pyecharts_charts")
        manifest, _ = render(recipe, rows * _ROWS_OF_WORKERS, str(out), Machine(workers))
        whole_s = time.perf_counter() - started
        cores[workers] = (_busy_s() - busy) / whole_s
        speed[workers] = manifest.kept / _working_s(out)
        said = f"{whole_s:.0f} s in all, {cores[workers]:.2f} cores busy"
        table.add_row(f"Ray, {workers} worker(s): kept samples/s", f"{speed[workers]:.1f}", said, "", "")
    ratio = speed[2] / speed[1]
    table.add_row("two workers against one", "", "", f"{ratio:.2f} x", ">= 1.8 x")
    return {"one": speed[1], "two": speed[2], "ratio": ratio, "cores_of_one": cores[1], "cores_of_two": cores[2]}


def _busy_s() -> float:
    """Seconds that the machine's cores have worked: a browser beside its worker uses what a second worker would."""
    times = psutil.cpu_times()
    return float(times.user + times.system + times.nice)


def _working_s(out: Path) -> float:
    """From the start of the first shard to the last commit."""
    receipts = list((out / ".glyphmill" / "receipts").rglob("*.json"))
    starts = [path.stat().st_mtime - float(json.loads(path.read_bytes())["seconds"]) for path in receipts]
    return max(path.stat().st_mtime for path in receipts) - min(starts)


def _memory(table: Table, num: int, folder: Path) -> dict[str, float]:
    """Peak memory of a worker and its programs after `num` charts against that after a tenth."""
    figures = {}
    for name in ("matplotlib_charts", "pyecharts_charts"):
        with Worker(Order(_recipe(name).plain(), str(folder / f"memory-{name}"), DEADLINE_S)) as worker:
            shards = [Shard(name, "train", start, start + 500) for start in range(0, num, 500)]
            peaks = [worker.make(shard, f"{shard.start}").peak_rss_bytes for shard in shards]
        early, late = max(peaks[: num // 10 // 500]), max(peaks)
        figures[name] = late / early
        table.add_row(
            f"{name}: peak memory after {num:,}",
            f"{late / 2**20:.0f} MiB",
            f"{early / 2**20:.0f} MiB after {num // 10:,}",
            f"+{late / early - 1:.1%}",
            "< 15 %",
        )
    return figures


main()
